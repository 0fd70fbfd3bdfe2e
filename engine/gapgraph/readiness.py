"""The words of readiness: score and formula, risk, what else an engagement takes, the way to a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from gapgraph.outcomes import Outcome, ReportType


@dataclass(frozen=True, slots=True)
class ReadinessPart:
    """One thing that an engagement takes beside its controls, or one line of the checklist.

    `group` is the id of a part (scope, description, assertion, evidence, people, period) or the heading of checklist
    lines; `requirements` are those it is computed from, `gaps` the ids of gaps that stand in its way.
    """

    group: str
    title: str
    outcome: Outcome
    reasons: tuple[str, ...]
    requirements: tuple[str, ...]
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """What stands between the organisation and a report of one type.

    `gaps` are ids; `earliest` is the first day on which a period could start (Type II) as far as controls and policies
    are in place, None where something is missing altogether; `reasons` say what decides.
    """

    type: ReportType
    gaps: tuple[str, ...]
    earliest: date | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """The score (0-100, None when no criterion applies), the risk that an opinion would be modified, and why.

    `formula` is the score's sum as it was computed.
    """

    score: float | None
    modification_risk: str
    reasons: tuple[str, ...]
    criteria: Mapping[str, int]
    formula: str = ""
    parts: tuple[ReadinessPart, ...] = ()
    checklist: tuple[ReadinessPart, ...] = ()
    milestones: tuple[Milestone, ...] = ()
