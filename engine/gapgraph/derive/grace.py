"""Days of grace of controls: how many count, and which controls state more than their cadence has.

With more grace than a whole cadence an instance falls due when the one after it is over, and nothing is ever late.
"""

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from gapgraph.derive import calendar
from gapgraph.derive.facts import GG, TYPE, gg
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
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


def own_cadence(facts: Facts, control: NamedNode) -> str | None:
    """The cadence that a control states, None where it states none or one without instances (continuous, per event)."""
    return CADENCES.get(facts.text(control, gg("cadence")) or "")


def fixed_cadence(facts: Facts, population: NamedNode) -> str | None:
    """The cadence of a population that no control may relax."""
    return CADENCES.get(facts.text(population, gg("fixedCadence")) or "")


def days_of_grace(facts: Facts, control: NamedNode, cadence: str | None) -> int:
    """The days that count after a due date of this cadence: as the control says, never more than the cadence has."""
    return min(_stated(facts, control), calendar.LONGEST.get(cadence or "annual", 0))


def _stated(facts: Facts, control: NamedNode) -> int:
    return int(facts.text(control, gg("graceDays")) or 0)


def grace_problems(facts: Facts, parameters: Parameters, rows: Mapping[str, Sequence[Source]]) -> Iterator[Problem]:
    """The controls that state more days of grace than count, by the file and row of each."""
    stating = {control for control, _ in facts.pairs(gg("graceDays"))}
    for control in facts.subjects(TYPE, gg("Control")):
        if control not in stating:
            continue
        said, notice = _too_many(facts, control, parameters)
        if said:
            place = next(iter(rows.get(control.value, ())), Source("graphs", 0))
            kinds = tuple(t.value for t in facts.objects(control, gg("controlType")))
            yield Problem(place.path, place.row, f"column grace_days: {said}", "controls", control.value, kinds, notice)


def _too_many(facts: Facts, control: NamedNode, parameters: Parameters) -> tuple[str, bool]:
    """Why not all days of grace of a control count, and whether saying so is enough; '' where all do."""
    stated, own = _stated(facts, control), own_cadence(facts, control)
    owed = [p for kind in facts.objects(control, gg("controlType")) for p in facts.subjects(gg("producedBy"), kind)]
    free = {own} if own else {c[0] for p in owed if not fixed_cadence(facts, p) and (c := parameters.cadence(p))}
    for cadences, notice in ((free, False), ({fixed_cadence(facts, p) for p in owed}, True)):
        shortest = min((c for c in cadences if c in calendar.LONGEST), key=lambda c: calendar.LONGEST[c], default=None)
        if shortest and stated > (most := calendar.LONGEST[shortest]):
            what = f"the {shortest} cadence" + (" that some of it is fixed to" if notice else "")
            return f"{stated} days are longer than {what}; {most} are counted, state no more", notice
    return "", False
