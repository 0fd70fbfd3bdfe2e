"""Days of grace of controls: how many count, and which controls state more than their cadence has.

With more grace than a whole cadence an instance falls due when the one after it is over, and nothing is ever late.
"""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Store

from gapgraph.derive import calendar
from gapgraph.derive.facts import GG, TYPE, Reader, gg
from gapgraph.derive.limits import Parameters
from gapgraph.model import Source
from gapgraph.sources.loading import Problem

CADENCES = {
    GG + "Annual": "annual",
    GG + "SemiAnnual": "semi-annual",
    GG + "Quarterly": "quarterly",
    GG + "Monthly": "monthly",
    GG + "Weekly": "weekly",
    GG + "Daily": "daily",
}


def own_cadence(read: Reader, control: NamedNode) -> str | None:
    """The cadence that a control states, None where it states none or one without instances (continuous, per event)."""
    return CADENCES.get(read.text(control, gg("cadence")) or "")


def fixed_cadence(read: Reader, population: NamedNode) -> str | None:
    """The cadence of a population that no control may relax."""
    return CADENCES.get(read.text(population, gg("fixedCadence")) or "")


def days_of_grace(read: Reader, control: NamedNode, cadence: str | None) -> int:
    """The days that count after a due date of this cadence: as the control says, never more than the cadence has."""
    return min(_stated(read, control), calendar.LONGEST.get(cadence or "annual", 0))


def _stated(read: Reader, control: NamedNode) -> int:
    return int(read.text(control, gg("graceDays")) or 0)


def grace_problems(store: Store, parameters: Parameters, rows: Mapping[str, Sequence[Source]]) -> Iterator[Problem]:
    """The controls that state more days of grace than count, by the file and row of each."""
    read = Reader(store)
    stating = {q.subject for q in store.quads_for_pattern(None, gg("graceDays"), None)}
    for control in read.subjects(TYPE, gg("Control")):
        if control not in stating:
            continue
        said, notice = _too_many(read, control, parameters)
        if said:
            place = next(iter(rows.get(control.value, ())), Source("graphs", 0))
            kinds = tuple(t.value for t in read.objects(control, gg("controlType")))
            yield Problem(place.path, place.row, f"column grace_days: {said}", "controls", control.value, kinds, notice)


def _too_many(read: Reader, control: NamedNode, parameters: Parameters) -> tuple[str, bool]:
    """Why not all days of grace of a control count, and whether saying so is enough; '' where all do."""
    stated, own = _stated(read, control), own_cadence(read, control)
    owed = [p for kind in read.objects(control, gg("controlType")) for p in read.subjects(gg("producedBy"), kind)]
    free = {own} if own else {c[0] for p in owed if not fixed_cadence(read, p) and (c := parameters.cadence(p))}
    for cadences, notice in ((free, False), ({fixed_cadence(read, p) for p in owed}, True)):
        shortest = min((c for c in cadences if c in calendar.LONGEST), key=lambda c: calendar.LONGEST[c], default=None)
        if shortest and stated > (most := calendar.LONGEST[shortest]):
            what = f"the {shortest} cadence" + (" that some of it is fixed to" if notice else "")
            return f"{stated} days are longer than {what}; {most} are counted, state no more", notice
    return "", False
