"""The words of an assessment: frozen values that everything after `assess` reads and nothing changes.

The shapes of data follow the JSON of `docs/assessment.schema.json` one to one; a field that is shown to people
as a date is a plain date in the organisation's zone, and a period shown to people includes its last day.
Inside the engine periods are half-open; `Period` is the one place that converts between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from gapgraph.outcomes import (
    SEVERITY_WORDS,
    Basis,
    DesignOutcome,
    GapKind,
    GapStatus,
    OperationOutcome,
    Outcome,
    Quadrant,
    Reason,
    ReportType,
    ResultSeverity,
)
from gapgraph.readiness import Readiness

__all__ = [
    "SEVERITY_WORDS",
    "Adjustment",
    "Assessment",
    "Basis",
    "ControlRequirementResult",
    "ControlResult",
    "CriterionResult",
    "DesignOutcome",
    "Deviation",
    "EngagementResult",
    "FailedCheck",
    "Fault",
    "Gap",
    "GapKind",
    "GapStatus",
    "InputFile",
    "Meta",
    "OperationOutcome",
    "Outcome",
    "Period",
    "ProfileNote",
    "Quadrant",
    "Readiness",
    "Reason",
    "ReportType",
    "RequirementInfo",
    "RequirementResult",
    "ResultSeverity",
    "Source",
]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open period of plain dates: `start` belongs to it, `end` is the first day after it."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    @property
    def last_day(self) -> date:
        """The last day inside, as people write it."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a fact was read: the file relative to the workspace, and the row (1 = first line), 0 if it has none."""

    path: str
    row: int


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """Something in the input that could not be read as it stands, and the requirements it could touch.

    `notice` marks a message that loses nothing (a spelling that was folded, a column that is not used).
    """

    path: str
    row: int
    message: str
    touches: tuple[str, ...] = ()
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """One failing focus node: a fact of the period, which fixing never erases.

    `focus` is the IRI of the population item, `checks` the names of the property shapes that it failed with what
    was found. Both days are plain days as people write them, never the half-open day after: `on` is the last day on
    which it could have been right (the last day of a deadline or window, the last judged day of a state), for an event
    without a deadline its own day, None where nothing dates it; `until` is the last day on which it was still failing,
    None where nothing but `on` is known.
    """

    focus: str
    label: str
    severity: ResultSeverity
    checks: tuple["FailedCheck", ...]
    sources: tuple[Source, ...]
    on: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, order=True)
class FailedCheck:
    """One failing property shape on a focus node: its id, message, path and the value found ('' if none)."""

    shape: str
    name: str
    message: str
    path: str
    value: str
    expected: str
    component: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What a person can close: one requirement on one subject in one engagement, with its deviations."""

    id: str
    engagement: str
    requirement: str
    title: str
    criteria: tuple[str, ...]
    subject: str
    subject_label: str
    deviations: tuple[Deviation, ...]
    gap_kind: GapKind
    reason: Reason
    likelihood: int
    likelihood_basis: str
    severity: int
    complexity: int
    effort_days: float
    priority: float
    quadrant: Quadrant
    status: GapStatus
    remediation: str
    closing_evidence: str
    control: str | None = None
    provisional: bool = False
    owner: str | None = None
    due: date | None = None
    sample_exception_chance: float | None = None
    history: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlResult:
    """Design and operation of one control in one engagement, with what it was judged on."""

    engagement: str
    id: str
    title: str
    iri: str
    type: str
    owner: str | None
    design: DesignOutcome
    operation: OperationOutcome | None
    reasons: tuple[str, ...]
    requirements: tuple["ControlRequirementResult", ...]
    population: int
    passes: int
    deviations: int
    sample_exception_chance: float | None = None
    since: date | None = None
    """The day from which on it is in place, as the register says."""


@dataclass(frozen=True, slots=True)
class ControlRequirementResult:
    """How one control answers one requirement: the unit that operation is judged on."""

    requirement: str
    operation: OperationOutcome | None
    population: int
    passes: int
    deviations: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementResult:
    """The outcome of one requirement in one engagement and what it rests on.

    `controls` are ids of the controls that address it; `not_evaluated` counts items on which nothing could be
    concluded; `reasons` say in sentences why the outcome is what it is; `methods_available` are the test methods that
    the evidence at hand allows, the weakest first.
    """

    engagement: str
    id: str
    title: str
    basis: Basis
    votes: bool
    severity: int
    outcome: Outcome
    criteria: tuple[str, ...]
    controls: tuple[str, ...]
    population: int
    passes: int
    deviations: int
    not_evaluated: int
    reasons: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    methods_available: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """The outcome of one criterion in scope. `how` says by what it was decided."""

    engagement: str
    id: str
    framework: str
    title: str
    series: str
    category: str
    outcome: Outcome
    how: str
    reasons: tuple[str, ...]
    requirements: tuple[str, ...]
    gaps: tuple[str, ...]
    weight: int = 0


@dataclass(frozen=True, slots=True)
class EngagementResult:
    """One engagement with its readiness. `period` is None in Type I."""

    id: str
    label: str
    frameworks: tuple[str, ...]
    categories: tuple[str, ...]
    type: ReportType
    as_of: date
    period: Period | None
    readiness: Readiness
    profile: str = ""


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file that was read: path relative to the workspace, SHA-256 of its bytes, statements it gave."""

    path: str
    sha256: str
    triples: int


@dataclass(frozen=True, slots=True)
class Meta:
    """With what an assessment was made. `seconds` is the only part that differs between two equal runs."""

    gapgraph: str
    profile: str
    profile_version: str
    validator: str
    organisation: str
    inputs: tuple[InputFile, ...]
    triples: int
    faults: tuple[Fault, ...]
    unused: tuple[str, ...]
    seconds: Mapping[str, float]
    profiles: tuple["ProfileNote", ...] = ()


@dataclass(frozen=True, slots=True)
class RequirementInfo:
    """One requirement as its shape states it: what the assessment looks for, on what it rests, how to close it."""

    id: str
    iri: str
    title: str
    statement: str
    criteria: tuple[str, ...]
    basis: Basis
    gap_kind: GapKind
    control_types: tuple[str, ...]
    subject_class: str | None
    populations: tuple[str, ...]
    applies: frozenset[ReportType]
    subject_path: str
    likelihood: int
    severity: int
    complexity: int
    effort_days: float
    test_methods: tuple[str, ...]
    remediation: str
    closing_evidence: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    applies_from_headcount: int = 0
    larger_is_stricter: frozenset[str] = frozenset()
    """The parameters of which more asks for more (a retention time); of the others less does (a deadline)."""

    @property
    def votes(self) -> bool:
        """Whether it votes on its criteria: all bases but `engagement` do."""
        return self.basis is not Basis.ENGAGEMENT


@dataclass(frozen=True, slots=True, order=True)
class Adjustment:
    """What a profile changes in a requirement of another profile, and why: `field` from `before` to `after`.

    `field` is `off`, `severity`, `applies_from_headcount` or the name of a parameter; `by` names the profile.
    """

    requirement: str
    field: str
    before: str
    after: str
    rationale: str
    by: str


@dataclass(frozen=True, slots=True)
class ProfileNote:
    """A profile as every report names it: name, version, and what it was told to do differently."""

    name: str
    version: str
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The one object in the middle: everything that the command line, the explorer and exports show."""

    meta: Meta
    engagements: tuple[EngagementResult, ...]
    criteria: tuple[CriterionResult, ...]
    requirements: tuple[RequirementResult, ...]
    controls: tuple[ControlResult, ...]
    gaps: tuple[Gap, ...]
    catalogue: Mapping[str, RequirementInfo] = field(default_factory=dict)

    def gap(self, id: str) -> Gap | None:
        """The gap with this id, or the only one whose id starts so; None where there is none or more than one."""
        found = [gap for gap in self.gaps if gap.id.startswith(id)]
        exact = [gap for gap in found if gap.id == id]
        return exact[0] if exact else found[0] if len(found) == 1 else None
