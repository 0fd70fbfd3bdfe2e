"""The outcomes and kinds that an assessment speaks of, each a closed list of words."""

from collections.abc import Mapping
from enum import StrEnum


class DesignOutcome(StrEnum):
    """What the design of a control is worth at the date it is judged."""

    SUITABLE = "suitable"
    DEFICIENT = "deficient"
    NOT_EVIDENCED = "not_evidenced"


class OperationOutcome(StrEnum):
    """The six results of testing how a control operated over a period (never two)."""

    EFFECTIVE = "effective"
    EFFECTIVE_WITH_EXCEPTION = "effective_with_exception"
    NOT_EFFECTIVE = "not_effective"
    NOT_OCCURRING = "not_occurring"
    NO_CONCLUSION = "no_conclusion"
    NOT_APPLICABLE = "not_applicable"


class Outcome(StrEnum):
    """The outcome of a requirement or a criterion. Only a requirement can be not occurring."""

    MET = "met"
    MET_WITH_EXCEPTIONS = "met_with_exceptions"
    NOT_MET = "not_met"
    NO_CONCLUSION = "no_conclusion"
    NOT_OCCURRING = "not_occurring"
    NOT_APPLICABLE = "not_applicable"


class ReportType(StrEnum):
    """SOC 2 Type I looks at design on a date; Type II also at operation over a period."""

    TYPE_I = "type1"
    TYPE_II = "type2"

    @property
    def label(self) -> str:
        """`Type I` or `Type II`."""
        return "Type I" if self is ReportType.TYPE_I else "Type II"


class Basis(StrEnum):
    """On what a requirement rests (column `basis` of the requirement table)."""

    CRITERION = "criterion"
    CUSTOMARY = "customary"
    OWN_COMMITMENT = "own_commitment"
    ENGAGEMENT = "engagement"


class ResultSeverity(StrEnum):
    """How a failing check counts: a violation, an exception (late), or evidence that allows no conclusion."""

    VIOLATION = "violation"
    EXCEPTION = "exception"
    NO_CONCLUSION = "no_conclusion"


class GapKind(StrEnum):
    """What kind of fix a gap needs."""

    POLICY = "policy"
    PROCESS = "process"
    TECHNICAL = "technical"


class Reason(StrEnum):
    """Why there is a gap, decided from facts."""

    MISSING = "missing"
    UNDOCUMENTED = "undocumented"
    INCONSISTENT = "inconsistent"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


class GapStatus(StrEnum):
    """Where a gap stands in its life cycle."""

    OPEN = "open"
    ACCEPTED = "accepted"
    IN_REMEDIATION = "in_remediation"
    FIXED = "fixed"
    VERIFIED = "verified"
    REOPENED = "reopened"


class Quadrant(StrEnum):
    """Likelihood of audit failure against complexity of the fix."""

    QUICK_WIN = "quick_win"
    MAJOR_PROJECT = "major_project"
    FILL_IN = "fill_in"
    DEFER = "defer"


SEVERITY_WORDS: Mapping[int, str] = {5: "critical", 4: "high", 3: "medium", 2: "low", 1: "info"}
