"""How many windows of a control with a cadence have an instance, and what tests on samples say of all instances."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.derive.facts import Moment, gg
from gapgraph.derive.grace import days_of_grace, own_cadence
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
from gapgraph.model import Period
from gapgraph.sampling import rate_limit
from gapgraph.shacl.terms import Ids
from gapgraph.sources.cells import DECIMAL, INTEGER


def expected_windows(cadence: str, judged: Period, grace: int = 0) -> list[calendar.Slot]:
    """The windows in which a control of this cadence should operate within a stretch of time.

    Quarters, months, weeks and working days are those of the calendar; half-years and years run from the start, as far
    as they are whole: a shorter time may hold no instance of them.
    """
    months = calendar.DUE_BY.get(cadence)
    if not months:
        found = calendar.windows(cadence, judged, grace)
        return [slot for slot in found if cadence != "daily" or slot.start.weekday() < 5]
    found = []
    start = judged.start
    while (end := calendar.add_months(judged.start, months * (len(found) + 1))) <= judged.end:
        due = calendar.deadline(end - calendar.DAY, calendar.Allowance(grace, "d"))
        found.append(calendar.Slot(start, end, due, f"{start} to {end - calendar.DAY}", True))
        start = end
    return found


def unfilled(
    slots: Sequence[calendar.Slot], days: Iterable[date], stretches: Iterable[Period] = ()
) -> list[calendar.Slot]:
    """The windows without an instance. A day fills one window only; a stretch fills each that it covers whole.

    A window takes the earliest day that is left between its start and its due date: grace counts no day twice.
    """
    whole = list(stretches)
    left = sorted(days)
    bare = []
    for slot in sorted(slots):
        if any(p.start <= slot.start and p.end >= slot.end for p in whole):
            continue
        day = next((d for d in left if slot.start <= d < slot.due), None)
        if day is None:
            bare.append(slot)
        else:
            left.remove(day)
    return bare


def instance_facts(facts: Facts, moment: Moment, parameters: Parameters, only: Ids | None = None) -> Iterator[Triple]:
    """Windows without an instance for controls with a cadence; the rate that a test on a sample stands for.

    `only` are the numbers of the items wanted, sorted, where not all are.
    """
    for item in facts.named(facts.among(gg("ExpectedInstancesState"), only)):
        yield from _windows(facts, item, moment)
    for item in facts.named(facts.among(gg("SampleTestState"), only)):
        yield from _sample(facts, item, parameters)


def _windows(facts: Facts, item: NamedNode, moment: Moment) -> Iterator[Triple]:
    control = facts.one(item, gg("ofSubject"))
    start, end = facts.day(item, gg("startsOn")), facts.day(item, gg("endsOn"))
    if not isinstance(control, NamedNode) or start is None or end is None:
        return
    cadence = own_cadence(facts, control)
    if cadence is None:
        return
    slots = expected_windows(cadence, Period(start, end), days_of_grace(facts, control, cadence))
    due = [slot for slot in slots if slot.due <= moment.known_before]
    days = {date.fromisoformat(day.value) for day in facts.objects(item, gg("operatedOn"))}
    stretches = [
        Period(first, last)
        for evidence in facts.objects(item, gg("operatedOver"))
        if isinstance(evidence, NamedNode)
        and (first := facts.day(evidence, gg("coversFrom"))) is not None
        and (last := facts.day(evidence, gg("claimedUntil"))) is not None
    ]
    bare = unfilled([_clipped(slot, start, end) for slot in due], days, stretches)
    yield Triple(item, gg("expectedInstances"), Literal(str(len(due)), datatype=INTEGER))
    yield Triple(item, gg("foundInstances"), Literal(str(len(due) - len(bare)), datatype=INTEGER))
    for slot in bare:
        yield Triple(item, gg("windowWithoutInstance"), Literal(slot.label))


def _clipped(slot: calendar.Slot, start: date, end: date) -> calendar.Slot:
    """A window as far as it lies in the time that is judged: more of it no evidence need speak for."""
    return replace(slot, start=max(slot.start, start), end=min(slot.end, end))


def _sample(facts: Facts, item: NamedNode, parameters: Parameters) -> Iterator[Triple]:
    population, sample, bad = (
        _count(facts.text(item, gg(n))) for n in ("populationSize", "sampleSize", "deviationCount")
    )
    control = facts.one(item, gg("ofSubject"))
    own = control if isinstance(control, NamedNode) else None
    stated = parameters.limit(facts, own, gg("SampleTestState").value, "confidence")
    if population is None or sample is None or bad is None or stated is None or not 0 <= bad <= sample <= population:
        return
    confidence = float(stated[0])
    if sample and 0 < confidence < 1:
        rate = rate_limit(population, sample, bad, confidence)
        yield Triple(item, gg("observedNumber"), Literal(f"{rate:.6f}", datatype=DECIMAL))


def _count(text: str | None) -> int | None:
    return int(text) if text is not None and text.lstrip("-").isdigit() else None
