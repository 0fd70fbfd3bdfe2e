"""How a control operated for one requirement: deviations, rates, isolated or systematic.

Sources: DESIGN §1.3 and §1.9; the deviation rule follows the published method of a CPA firm (CC BY 4.0, see
`data/NOTICE.md`): under ten instances there are no rates; above the tolerance, recurring or clustered is systematic.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import comb

from gapgraph.model import OperationOutcome, ResultSeverity
from gapgraph.profile import Thresholds


@dataclass(frozen=True, slots=True)
class Instance:
    """One judged item: its worst result, and by what deviations can cluster ('' or None where unknown)."""

    item: str
    severity: ResultSeverity | None
    system: str = ""
    performer: str = ""
    on: date | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The outcome of operation with a sentence for each thing that decided it.

    A systematic failure is one of the control itself, whatever instances it shows in.
    """

    outcome: OperationOutcome
    reasons: tuple[str, ...]
    isolated_without_cause: bool = False
    systematic: bool = False


_PRECEDENCE = (
    OperationOutcome.NOT_EFFECTIVE,
    OperationOutcome.NO_CONCLUSION,
    OperationOutcome.EFFECTIVE_WITH_EXCEPTION,
    OperationOutcome.EFFECTIVE,
    OperationOutcome.NOT_OCCURRING,
    OperationOutcome.NOT_APPLICABLE,
)


def overall(outcomes: Iterable[OperationOutcome | None]) -> OperationOutcome | None:
    """The outcome of a control over several subjects, parts or requirements: the worst; None where there is none."""
    found = set(outcomes)
    return next((o for o in _PRECEDENCE if o in found), None)


def judge(instances: Sequence[Instance], thresholds: Thresholds, *, rates: bool) -> Judgement:
    """The outcome of a non-empty population; `rates` says whether tolerance and clusters apply (events, members)."""
    failed = [i for i in instances if i.severity in (ResultSeverity.VIOLATION, ResultSeverity.EXCEPTION)]
    open_ = [i for i in instances if i.severity is ResultSeverity.NO_CONCLUSION]
    total, bad = len(instances), len(failed)
    if rates and total >= thresholds.small_population:
        judgement = _by_rate(failed, instances, thresholds)
    else:
        judgement = _by_kind(failed, total)
    if judgement.outcome is OperationOutcome.NOT_EFFECTIVE or not open_:
        return judgement
    said = f"{len(open_)} of {total} could not be concluded on"
    return Judgement(OperationOutcome.NO_CONCLUSION, (said, *(judgement.reasons if bad else ())))


def _by_kind(failed: Sequence[Instance], total: int) -> Judgement:
    missing = [i for i in failed if i.severity is ResultSeverity.VIOLATION]
    if missing:
        return Judgement(OperationOutcome.NOT_EFFECTIVE, (f"{len(missing)} of {total} failed",))
    if failed:
        return Judgement(OperationOutcome.EFFECTIVE_WITH_EXCEPTION, (f"{len(failed)} of {total} late",))
    return Judgement(OperationOutcome.EFFECTIVE, (f"{total} of {total} passed",))


def _by_rate(failed: Sequence[Instance], instances: Sequence[Instance], thresholds: Thresholds) -> Judgement:
    bad, total, tolerance = len(failed), len(instances), thresholds.tolerance
    if not bad:
        return Judgement(OperationOutcome.EFFECTIVE, (f"{total} of {total} passed",))
    why = _systematic(failed, instances, thresholds.cluster)
    share = bad / total
    if share > tolerance:
        why = [f"{bad} of {total} deviate ({share:.1%}), more than the tolerance of {tolerance:.0%}", *why]
    if why:
        return Judgement(OperationOutcome.NOT_EFFECTIVE, tuple(why), systematic=True)
    bare = any(not i.cause for i in failed)
    said = f"{bad} of {total} deviate ({share:.1%}), within the tolerance of {tolerance:.0%}"
    note = (
        ("no cause is recorded for a deviation; record it, or it cannot be called isolated",)
        if bare
        else ("the cause is recorded and isolated",)
    )
    return Judgement(OperationOutcome.EFFECTIVE_WITH_EXCEPTION, (said, *note), bare)


def _systematic(failed: Sequence[Instance], instances: Sequence[Instance], cluster: int) -> list[str]:
    """Why deviations are not isolated. What all instances share, a sole performer or system, gathers nothing."""
    found = []
    causes = Counter(i.cause for i in failed if i.cause)
    for cause, times in sorted(causes.items()):
        if times > 1:
            found.append(f"the cause '{cause}' recurs {times} times")
    for name, key in (("performer", "performer"), ("system", "system")):
        if len({getattr(i, key) for i in instances}) < 2:
            continue
        most = Counter(getattr(i, key) for i in failed if getattr(i, key)).most_common(1)
        if most and most[0][1] >= cluster:
            found.append(f"{most[0][1]} deviations of one {name}")
    weeks = Counter(i.on.isocalendar()[:2] for i in failed if i.on).most_common(1)
    if weeks and weeks[0][1] >= cluster:
        found.append(f"{weeks[0][1]} deviations in one week")
    return found


def sample_size(population: int, sizes: Sequence[tuple[int | None, int | None]]) -> int:
    """How many items a sample of an event population holds; (upper bound, size) with None for no bound and for all."""
    for bound, size in sizes:
        if bound is None or population <= bound:
            return population if size is None else min(size, population)
    return population


AD_HOC_SIZES: tuple[tuple[int | None, int | None], ...] = ((10, None), (50, 8), (250, 15), (None, 25))
"""Sample sizes for event populations: all up to 10, 8 up to 50, 15 up to 250, else 25 (`data/sample-sizes.json`)."""


def sample_exception_chance(population: int, deviations: int, sample: int) -> float:
    """The chance that a random sample holds at least one deviation: 1 - C(N-D, n) / C(N, n).

    Raises ValueError for counts that do not fit together.
    """
    if not 0 <= deviations <= population or not 0 <= sample <= population:
        raise ValueError("deviations and sample lie between 0 and the population")
    return 1 - comb(population - deviations, sample) / comb(population, sample)


def likelihood_of(chance: float) -> int:
    """The 1-5 likelihood of a chance: bands below .05, .20, .50, .80 (`data/scoring.csv`)."""
    return 1 + sum(chance >= bound for bound in (0.05, 0.20, 0.50, 0.80))
