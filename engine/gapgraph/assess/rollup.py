"""AND over requirements, OR over controls, per subject: from operation and design to requirement and criterion.

Everything here is a function of plain values. The order of precedence is: not met, no conclusion, met with exceptions,
met; what is set aside (not applicable, not occurring) does not count.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gapgraph.model import DesignOutcome, OperationOutcome, Outcome

_WORST = (Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET_WITH_EXCEPTIONS, Outcome.MET)
_BEST = (
    Outcome.MET,
    Outcome.MET_WITH_EXCEPTIONS,
    Outcome.NOT_OCCURRING,
    Outcome.NO_CONCLUSION,
    Outcome.NOT_MET,
)
_OF_OPERATION = {
    OperationOutcome.EFFECTIVE: Outcome.MET,
    OperationOutcome.EFFECTIVE_WITH_EXCEPTION: Outcome.MET_WITH_EXCEPTIONS,
    OperationOutcome.NOT_EFFECTIVE: Outcome.NOT_MET,
    OperationOutcome.NOT_OCCURRING: Outcome.NOT_OCCURRING,
    OperationOutcome.NO_CONCLUSION: Outcome.NO_CONCLUSION,
    OperationOutcome.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
}


def answer(design: DesignOutcome, operation: OperationOutcome | None) -> Outcome:
    """What one control answers for one subject; `operation` is None where only design is judged."""
    if design is DesignOutcome.DEFICIENT:
        return Outcome.NOT_MET
    if design is DesignOutcome.NOT_EVIDENCED:
        return Outcome.NO_CONCLUSION
    return Outcome.MET if operation is None else _OF_OPERATION[operation]


def best(answers: Iterable[Outcome]) -> Outcome:
    """OR over the controls of one subject: one effective control is enough; none at all is not met.

    A control that had nothing to do does not make good for one that failed.
    """
    found = set(answers) - {Outcome.NOT_APPLICABLE}
    if Outcome.NOT_MET in found:
        found.discard(Outcome.NOT_OCCURRING)
    return next((o for o in _BEST if o in found), Outcome.NOT_MET)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """AND over subjects: the worst that counts; all set aside gives not occurring or not applicable."""
    found = set(outcomes)
    counted = next((o for o in _WORST if o in found), None)
    if counted is not None:
        return counted
    if Outcome.NOT_OCCURRING in found:
        return Outcome.NOT_OCCURRING
    return Outcome.NOT_APPLICABLE if found else Outcome.NO_CONCLUSION


@dataclass(frozen=True, slots=True)
class Vote:
    """A requirement as a criterion counts it."""

    id: str
    outcome: Outcome
    severity: int


def criterion_outcome(votes: Sequence[Vote], decisive_severity: int) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome of a criterion from its voting requirements, and the sentences that say why.

    A voting requirement of at least the decisive severity that fails makes the criterion not met; so do lesser ones
    where nothing else is met: exceptions are exceptions to something.

    Without any voting requirement there is no conclusion; with all of them not occurring as well.
    """
    if not votes:
        return Outcome.NO_CONCLUSION, ("no requirement of the profile looks at this criterion",)
    failed = [v for v in votes if v.outcome is Outcome.NOT_MET]
    hard = [v for v in failed if v.severity >= decisive_severity]
    open_ = [v for v in votes if v.outcome is Outcome.NO_CONCLUSION]
    soft = [v for v in failed if v.severity < decisive_severity] + [
        v for v in votes if v.outcome is Outcome.MET_WITH_EXCEPTIONS
    ]
    kept = [v for v in votes if v.outcome in {Outcome.MET, Outcome.MET_WITH_EXCEPTIONS}]
    if hard or (failed and not kept and not open_):
        return Outcome.NOT_MET, (f"not met: {_ids(hard or failed)}",)
    if open_:
        return Outcome.NO_CONCLUSION, (f"no conclusion on {_ids(open_)}",)
    if soft:
        return Outcome.MET_WITH_EXCEPTIONS, (f"exceptions: {_ids(soft)}",)
    if any(v.outcome is Outcome.MET for v in votes):
        met = [v for v in votes if v.outcome is Outcome.MET]
        return Outcome.MET, (f"met: {_ids(met)}",)
    if all(v.outcome is Outcome.NOT_APPLICABLE for v in votes):
        return Outcome.NOT_APPLICABLE, (f"nothing applies: {_ids(votes)}",)
    return Outcome.NO_CONCLUSION, ("it rests only on controls whose events did not occur",)


def _ids(votes: Iterable[Vote]) -> str:
    return ", ".join(sorted(v.id for v in votes))


def readiness_score(criteria: Iterable[tuple[Outcome, int]], *, bare: bool, cap: float) -> float | None:
    """100 x sum(weight x credit) / sum(weight) over applicable criteria; at most `cap` while one has no control.

    Weight is the highest severity among a criterion's voting requirements, 1 where it has none; credit is 1 for met,
    0.75 for met with exceptions, else 0. None where nothing applies.
    """
    earned, possible = credits(criteria)
    if not possible:
        return None
    score = 100 * earned / possible
    return round(min(score, cap) if bare else score, 1)


def credits(criteria: Iterable[tuple[Outcome, int]]) -> tuple[float, int]:
    """The credit earned and the credit possible over criteria that apply, each by its weight."""
    credit = {Outcome.MET: 1.0, Outcome.MET_WITH_EXCEPTIONS: 0.75}
    counted = [(o, max(1, w)) for o, w in criteria if o is not Outcome.NOT_APPLICABLE]
    return sum(w * credit.get(o, 0.0) for o, w in counted), sum(w for _, w in counted)


def modification_risk(criteria: Sequence[tuple[str, Outcome]]) -> tuple[str, tuple[str, ...]]:
    """The risk that an opinion would be modified, and the criteria behind it (`data/opinion-rules.csv`)."""
    unmet = [id for id, o in criteria if o is Outcome.NOT_MET]
    open_ = [id for id, o in criteria if o is Outcome.NO_CONCLUSION]
    if unmet:
        return "likely", (f"not met: {', '.join(unmet)}",)
    if open_:
        return "possible", (f"no conclusion: {', '.join(open_)}",)
    return "none indicated", ()
