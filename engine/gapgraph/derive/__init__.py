"""From statements to population items, per engagement: calendar facts by Python, joins by `ontology/rules/`.

The order is fixed: facts of the engagement → rules below 20 (scope, series, coverage) → slots and spells → rules 20 to
59 (items and their values) → deadlines and coverage of time → rules from 60 (what is due). Nothing here judges.
"""

from gapgraph.derive.run import derive

__all__ = ["derive"]
