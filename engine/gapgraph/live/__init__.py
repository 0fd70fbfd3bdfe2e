"""A whole assessment that follows changes: what a change cannot reach is not worked out again.

tally       how often each statement is derived
layers      rules and calendar facts as layers that are asked for some of their units
derivation  what is stated and derived, brought up to date
focus       which focus nodes of which shapes a change can reach
judging     validation results, brought up to date
watching    facts that note what is looked up in them
items       population items, read again where a change touches them
memory      what requirements were judged, kept until a change touches what it rests on
session     all of it together: statements in and out, an assessment back
"""

from gapgraph.live.session import Live

__all__ = ["Live"]
