"""Slots of series that produce records, spells of series that observe settings: one pass over the series."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import md5

import numpy as np
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.derive.facts import LABEL, TYPE, Moment, gg
from gapgraph.derive.grace import CADENCES, days_of_grace, fixed_cadence, own_cadence
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import PREFIXES
from gapgraph.shacl.terms import Ids
from gapgraph.sources.cells import INTEGER, date_literal

_SYSTEM = gg("capturesSystem")
SUBCLASS, EVENT = NamedNode(PREFIXES["rdfs"] + "subClassOf"), gg("EventItem").value


def _iri(moment: Moment, kind: str, *parts: str) -> NamedNode:
    return NamedNode(f"{moment.iri.value}/{kind}/{md5(' '.join(parts).encode()).hexdigest()}")


@dataclass(frozen=True, slots=True)
class _Population:
    iri: NamedNode
    record_classes: tuple[NamedNode, ...]
    record_date: NamedNode | None
    window_date: NamedNode | None
    record_subject: NamedNode | None
    since: NamedNode | None
    cadence: str | None
    event_limit: str | None
    settings: tuple[NamedNode, ...]


def _population(facts: Facts, iri: NamedNode) -> _Population:
    def node(name: str) -> NamedNode | None:
        found = facts.one(iri, gg(name))
        return found if isinstance(found, NamedNode) else None

    def nodes(name: str) -> tuple[NamedNode, ...]:
        return tuple(o for o in facts.objects(iri, gg(name)) if isinstance(o, NamedNode))

    return _Population(
        iri,
        nodes("recordClass"),
        node("recordDate"),
        node("windowDate"),
        node("recordSubject"),
        node("dutySince"),
        fixed_cadence(facts, iri),
        facts.text(iri, gg("limitParameter")) if facts.text(iri, SUBCLASS) == EVENT else None,
        nodes("observesSetting"),
    )


def series_facts(
    facts: Facts, moment: Moment, parameters: "Parameters", only: Iterable[NamedNode] | None = None
) -> Iterator[tuple[NamedNode, Triple]]:
    """Slots of every series that produces records, spells of every series that observes settings, by series.

    `only` are the series wanted, where not all are.
    """
    populations: dict[str, _Population] = {}
    times: dict[str, Period] = {}
    records = _Records(facts, moment)
    captures = _Captures(facts, moment)
    numbers = facts.instances(gg("Series"))
    if only is not None:
        numbers = np.intersect1d(numbers, facts.columns.terms.several(only))
    ends = (facts.firsts(numbers, gg(n)) for n in ("ofControl", "coversSubject", "population"))
    of = dict(zip(numbers.tolist(), zip(*ends, strict=True), strict=True))
    for series in facts.named(numbers):
        control, subject, population = of[facts.columns.terms.ids[series]]
        if not (
            isinstance(control, NamedNode) and isinstance(subject, NamedNode) and isinstance(population, NamedNode)
        ):
            continue
        if population.value not in populations:
            populations[population.value] = _population(facts, population)
        shape = populations[population.value]
        if subject.value not in times:
            times[subject.value] = _clipped(facts, subject, moment)
        judged = times[subject.value]
        if judged.end <= judged.start:
            continue
        if shape.record_classes:
            found = _slots(facts, series, control, subject, shape, judged, moment, records, parameters)
            yield from ((series, triple) for triple in found)
        if shape.event_limit:
            found = _events_from(facts, series, control, shape, moment, parameters)
            yield from ((series, triple) for triple in found)
        for setting in shape.settings:
            found = _spells(series, subject, setting, judged, moment, captures, parameters.fresh_days)
            yield from ((series, triple) for triple in found)


def _events_from(
    facts: Facts,
    series: NamedNode,
    control: NamedNode,
    shape: _Population,
    moment: Moment,
    parameters: "Parameters",
) -> Iterator[Triple]:
    """How far back events reach that fall due in the period: what nobody could judge before it."""
    found = parameters.allowance(facts, control, shape.iri.value, shape.event_limit or "")
    if found:
        yield Triple(series, gg("eventsFrom"), date_literal(calendar.earliest_open(moment.period.start, found[0])))


def _clipped(facts: Facts, subject: NamedNode, moment: Moment) -> Period:
    start, end = moment.judged.start, moment.judged.end
    said_from, said_until = facts.day(subject, gg("scopeFrom")), facts.day(subject, gg("scopeUntil"))
    return Period(max(start, said_from) if said_from else start, min(end, said_until) if said_until else end)


_Dated = tuple[date, date, NamedNode, str | None]
"""When a record was done, the date that decides its window, the record, and the window that it names."""


class _Records:
    """Dated records by class and subject, read once for each."""

    def __init__(self, facts: Facts, moment: Moment) -> None:
        self._facts = facts
        self._known = moment.known_before
        self._cache: dict[tuple[str, ...], list[_Dated]] = {}

    def of(self, shape: _Population, subject: NamedNode) -> list[_Dated]:
        """The records that were known at the as-of date, by date."""
        found: list[_Dated] = []
        for cls in shape.record_classes:
            found += self._class(cls, shape, subject)
        return sorted(found, key=lambda r: (r[0], r[2].value))

    def _class(self, cls: NamedNode, shape: _Population, subject: NamedNode) -> list[_Dated]:
        done_at, window_at, about = shape.record_date, shape.window_date, shape.record_subject
        assert done_at is not None
        assert window_at is not None
        key = (cls.value, done_at.value, window_at.value, *((about.value, subject.value) if about else ()))
        if key not in self._cache:
            numbers = self._facts.instances(cls)
            if about:
                numbers = np.intersect1d(numbers, self._facts.meeting(about, subject), assume_unique=True)
            self._cache[key] = [
                (done, at, record, self._facts.text(record, gg("namesWindow")))
                for record in self._facts.named(numbers)
                if (done := self._facts.day(record, done_at)) is not None
                and (at := self._facts.day(record, window_at)) is not None
                and done < self._known
            ]
        return self._cache[key]


def _slots(
    facts: Facts,
    series: NamedNode,
    control: NamedNode,
    subject: NamedNode,
    shape: _Population,
    judged: Period,
    moment: Moment,
    records: _Records,
    parameters: "Parameters",
) -> Iterator[Triple]:
    own = own_cadence(facts, control)
    fallback = parameters.cadence(shape.iri)
    cadence = shape.cadence or own or (fallback[0] if fallback else None)
    grace = days_of_grace(facts, control, cadence)
    limit = parameters.profile
    if not shape.cadence:
        limit = control if own else fallback[1] if fallback else limit
    found = records.of(shape, subject)
    spacing = parameters.limit(facts, control, shape.iri.value, "spacing")
    by_name = shape.window_date == shape.record_date
    months = calendar.DUE_BY.get(cadence or "")
    if moment.type is ReportType.TYPE_I:
        spans = {"quarterly": 3, "monthly": 1}
        if cadence in {"weekly", "daily"}:
            end = moment.known_before
            first = end - timedelta(days=(7 if cadence == "weekly" else 1) + grace)
            slots = [calendar.Slot(first, end, end, f"{cadence} as of {end - calendar.DAY}", False)]
        else:
            slots = [
                calendar.current_slot(months or spans.get(cadence or "", 12), grace, moment.known_before, cadence or "")
            ]
    elif months:
        since = facts.day(subject, shape.since) if shape.since else None
        slots = calendar.due_slots(months, grace, judged, [r[0] for r in found], since)
    elif cadence:
        slots = calendar.windows(cadence, Period(judged.start, _window_end(facts, subject, moment)), grace)
    else:
        return
    for slot in slots:
        node = _iri(moment, "slot", series.value, slot.start.isoformat(), slot.label)
        yield Triple(node, TYPE, gg("Slot"))
        if slot.window:
            yield Triple(node, TYPE, gg("WindowSlot"))
            yield Triple(node, gg("cadence"), NamedNode(next(iri for iri, word in CADENCES.items() if word == cadence)))
        yield Triple(node, gg("ofSeries"), series)
        yield Triple(node, gg("start"), date_literal(slot.start))
        yield Triple(node, gg("end"), date_literal(slot.end))
        yield Triple(node, gg("dueOn"), date_literal(slot.due))
        yield Triple(node, gg("limitFrom"), limit)
        yield Triple(node, LABEL, Literal(slot.label))
        mine = [
            r
            for r in found
            if r[0] >= slot.start
            and (
                (r[3] == slot.label)
                if r[3] and by_name and slot.window
                else slot.start <= (r[1] if slot.window else r[0]) < slot.end
            )
        ]
        for done, _, record, _ in mine:
            yield Triple(node, gg("slotRecord"), record)
            yield Triple(record, gg("slotDate"), date_literal(done))
        earlier = [r[0] for r in found if mine and r[0] < mine[0][0]]
        if spacing and slot.window and cadence and earlier:
            yield Triple(
                node,
                gg("spacedBy"),
                date_literal(calendar.spaced_by(cadence, max(earlier), float(spacing[0]))),
            )


def _window_end(facts: Facts, subject: NamedNode, moment: Moment) -> date:
    said = facts.day(subject, gg("scopeUntil"))
    return min(moment.period.end, said) if said else moment.period.end


class _Captures:
    """Captures of settings, and the stretches for which changes are recorded, by system, read once for each."""

    def __init__(self, facts: Facts, moment: Moment) -> None:
        self._facts, self._known = facts, moment.known_before
        self._of: dict[str, dict[str, list[tuple[date, str, NamedNode]]]] = {}
        self._changes: dict[str, list[Period]] = {}
        records = facts.instances(gg("ChangeRecord"))
        self._everywhere = self._stretches(np.setdiff1d(records, facts.having(gg("recordsChangesOf"))))

    def of(self, system: NamedNode, setting: NamedNode) -> list[tuple[date, str, NamedNode]]:
        """Day, value and capture of each that was known at the as-of date, by day."""
        if system.value not in self._of:
            self._of[system.value] = self._captures(system)
        return self._of[system.value].get(setting.value, [])

    def _captures(self, system: NamedNode) -> dict[str, list[tuple[date, str, NamedNode]]]:
        table: dict[str, list[tuple[date, str, NamedNode]]] = {}
        facts = self._facts
        for capture in self._about(gg("ConfigurationCapture"), gg("capturesSystem"), system):
            setting, day = facts.one(capture, gg("setting")), facts.day(capture, gg("capturedOn"))
            if setting is None or day is None or day >= self._known or facts.one(capture, _SYSTEM) != system:
                continue
            value = f"{facts.text(capture, gg('settingValue'))}|{facts.text(capture, gg('settingNumber'))}"
            table.setdefault(setting.value, []).append((day, value, capture))
        for entries in table.values():
            entries.sort(key=lambda e: (e[0], e[2].value))
        return table

    def changes(self, system: NamedNode) -> list[Period]:
        """The stretches for which complete records of changes speak."""
        if system.value not in self._changes:
            numbers = self._facts.meeting(gg("recordsChangesOf"), system)
            self._changes[system.value] = self._stretches(
                np.intersect1d(numbers, self._facts.instances(gg("ChangeRecord")), assume_unique=True)
            )
        return [*self._everywhere, *self._changes[system.value]]

    def _stretches(self, numbers: Ids) -> list[Period]:
        facts, found = self._facts, []
        for record in facts.named(numbers):
            start, end, drawn = (facts.day(record, gg(n)) for n in ("coversFrom", "coversUntil", "extractedOn"))
            if start is None or end is None or drawn is None or facts.one(record, gg("source")) is None:
                continue
            if drawn < self._known:
                found.append(Period(start, max(start, min(end, drawn + calendar.DAY))))
        return found

    def _about(self, cls: NamedNode, predicate: NamedNode, node: NamedNode) -> list[NamedNode]:
        facts = self._facts
        return facts.named(np.intersect1d(facts.instances(cls), facts.meeting(predicate, node), assume_unique=True))


def _spells(
    series: NamedNode,
    subject: NamedNode,
    setting: NamedNode,
    judged: Period,
    moment: Moment,
    captures: _Captures,
    fresh_days: int,
) -> Iterator[Triple]:
    own = captures.of(subject, setting)
    if moment.type is ReportType.TYPE_I:
        last = len(own) - 1 if own else None
        age = (moment.known_before - own[-1][0]).days if own else 0
        old = max(0, age - fresh_days) if own else 1
        found = [calendar.Spell(judged.start, judged.end, last, old)]
    else:
        found = calendar.spells([(day, value) for day, value, _ in own], judged, captures.changes(subject))
    for spell in found:
        node = _iri(moment, "spell", series.value, setting.value, spell.start.isoformat())
        last_day = spell.end - calendar.DAY
        label = f"{spell.start} to {last_day}" if last_day > spell.start else str(spell.start)
        yield Triple(node, TYPE, gg("Spell"))
        yield Triple(node, gg("ofSeries"), series)
        yield Triple(node, gg("setting"), setting)
        yield Triple(node, gg("start"), date_literal(spell.start))
        yield Triple(node, gg("end"), date_literal(spell.end))
        yield Triple(node, gg("unsupportedDays"), Literal(str(spell.unsupported), datatype=INTEGER))
        yield Triple(node, LABEL, Literal(label))
        if spell.capture is not None:
            yield Triple(node, gg("capture"), own[spell.capture][2])
