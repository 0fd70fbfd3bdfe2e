"""From validation results to outcomes: deviations, gaps, controls, requirements, criteria, readiness.

`operation` and `rollup` are pure and hold the rules of judgement; `engagement` puts one engagement together.
"""

from gapgraph.assess.engagement import EngagementAssessment, assess_engagement

__all__ = ["EngagementAssessment", "assess_engagement"]
