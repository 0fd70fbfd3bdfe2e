"""A whole assessment that follows changes: what a change cannot reach is not worked out again.

tally       how often each statement is derived
layers      rules and calendar facts as layers that are asked for some of their units
derivation  what is stated and derived, brought up to date
focus       which focus nodes of which shapes a change can reach
judging     validation results, brought up to date
"""
