"""What judging one requirement gives: findings, counts, and how each control did. Gaps are made from it later."""

from dataclasses import dataclass, field

from gapgraph.model import Deviation, OperationOutcome, Outcome, RequirementInfo
from gapgraph.profile import Check


@dataclass(frozen=True, slots=True)
class Finding:
    """A deviation with what its gap needs: the subject it belongs to, control, reasons that checks point to.

    `event` says that it is of an event, of which an auditor draws samples.
    """

    deviation: Deviation
    subject: str
    control: str
    checks: tuple[Check, ...]
    missing_control: bool = False
    event: bool = False


@dataclass(slots=True)
class Judged:
    """Everything known of one requirement before gaps are made. Counts are of items."""

    info: RequirementInfo
    outcome: Outcome = Outcome.NO_CONCLUSION
    reasons: list[str] = field(default_factory=list)
    controls: tuple[str, ...] = ()
    population: int = 0
    passes: int = 0
    deviating: int = 0
    open: int = 0
    findings: list[Finding] = field(default_factory=list)
    passing_subjects: set[str] = field(default_factory=set)
    by_control: dict[str, "ControlShare"] = field(default_factory=dict)
    asks_for_cause: bool = False
    records: set[str] = field(default_factory=set)
    methods: tuple[str, ...] = ()


@dataclass(slots=True)
class ControlShare:
    """How one control did on one requirement; `event_population` is 0 where odds are not used.

    `deviations` are of all its items, `event_deviations` of the events among them.
    """

    operation: OperationOutcome | None = None
    population: int = 0
    passes: int = 0
    deviations: int = 0
    event_population: int = 0
    event_deviations: int = 0
    reasons: list[str] = field(default_factory=list)
