"""Slots of series that produce records, spells of series that observe settings: one pass over the series."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import md5

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.derive.facts import LABEL, TYPE, Moment, gg
from gapgraph.derive.grace import CADENCES, days_of_grace, fixed_cadence, own_cadence
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import INTEGER, date_literal

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


def series_facts(facts: Facts, moment: Moment, parameters: "Parameters") -> Iterator[Triple]:
    """Slots of every series that produces records, spells of every series that observes settings."""
    populations: dict[str, _Population] = {}
    records = _Records(facts, moment)
    captures = _captures(facts, moment)
    changes = _changes(facts, moment)
    for series in facts.subjects(TYPE, gg("Series")):
        control, subject, population = (facts.one(series, gg(n)) for n in ("ofControl", "coversSubject", "population"))
        if not (
            isinstance(control, NamedNode) and isinstance(subject, NamedNode) and isinstance(population, NamedNode)
        ):
            continue
        if population.value not in populations:
            populations[population.value] = _population(facts, population)
        shape = populations[population.value]
        judged = _clipped(facts, subject, moment)
        if judged.end <= judged.start:
            continue
        if shape.record_classes:
            yield from _slots(facts, series, control, subject, shape, judged, moment, records, parameters)
        if shape.event_limit:
            yield from _events_from(facts, series, control, shape, moment, parameters)
        for setting in shape.settings:
            yield from _spells(
                facts, series, subject, setting, judged, moment, captures, changes, parameters.fresh_days
            )


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


class _Records:
    """Dated records by class and subject, read once for each class."""

    def __init__(self, facts: Facts, moment: Moment) -> None:
        self._facts = facts
        self._known = moment.known_before
        self._cache: dict[tuple[str, str, str, str], dict[str, list[tuple[date, date, NamedNode, str | None]]]] = {}

    def of(self, shape: _Population, subject: NamedNode) -> list[tuple[date, date, NamedNode, str | None]]:
        """(done, date that decides the window, record, named window) known at the as-of date, by date."""
        found: list[tuple[date, date, NamedNode, str | None]] = []
        for cls in shape.record_classes:
            found += self._class(cls, shape).get(subject.value if shape.record_subject else "", [])
        return sorted(found, key=lambda r: (r[0], r[2].value))

    def _class(self, cls: NamedNode, shape: _Population) -> dict[str, list[tuple[date, date, NamedNode, str | None]]]:
        done_at, window_at, about = shape.record_date, shape.window_date, shape.record_subject
        assert done_at is not None
        assert window_at is not None
        key = (cls.value, done_at.value, window_at.value, about.value if about else "")
        if key in self._cache:
            return self._cache[key]
        table: dict[str, list[tuple[date, date, NamedNode, str | None]]] = {}
        for record in self._facts.subjects(TYPE, cls):
            done, at = self._facts.day(record, done_at), self._facts.day(record, window_at)
            if done is None or at is None or done >= self._known:
                continue
            entry = (done, at, record, self._facts.text(record, gg("namesWindow")))
            for subject in self._facts.objects(record, about) if about else [NamedNode("urn:all")]:
                table.setdefault(subject.value if about else "", []).append(entry)
        self._cache[key] = table
        return table


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


def _captures(facts: Facts, moment: Moment) -> dict[tuple[str, str], list[tuple[date, str, NamedNode]]]:
    table: dict[tuple[str, str], list[tuple[date, str, NamedNode]]] = {}
    for capture in facts.subjects(TYPE, gg("ConfigurationCapture")):
        system, setting = facts.one(capture, gg("capturesSystem")), facts.one(capture, gg("setting"))
        day = facts.day(capture, gg("capturedOn"))
        if system is None or setting is None or day is None or day >= moment.known_before:
            continue
        value = f"{facts.text(capture, gg('settingValue'))}|{facts.text(capture, gg('settingNumber'))}"
        table.setdefault((system.value, setting.value), []).append((day, value, capture))
    for entries in table.values():
        entries.sort(key=lambda e: (e[0], e[2].value))
    return table


def _changes(facts: Facts, moment: Moment) -> dict[str, list[Period]]:
    table: dict[str, list[Period]] = {}
    for record in facts.subjects(TYPE, gg("ChangeRecord")):
        start, end, drawn = (facts.day(record, gg(n)) for n in ("coversFrom", "coversUntil", "extractedOn"))
        if start is None or end is None or drawn is None or facts.one(record, gg("source")) is None:
            continue
        end = min(end, drawn + calendar.DAY)
        if drawn >= moment.known_before:
            continue
        systems = [s.value for s in facts.objects(record, gg("recordsChangesOf"))] or ["*"]
        for system in systems:
            table.setdefault(system, []).append(Period(start, max(start, end)))
    return table


def _spells(
    facts: Facts,
    series: NamedNode,
    subject: NamedNode,
    setting: NamedNode,
    judged: Period,
    moment: Moment,
    captures: Mapping[tuple[str, str], list[tuple[date, str, NamedNode]]],
    changes: Mapping[str, list[Period]],
    fresh_days: int,
) -> Iterator[Triple]:
    own = captures.get((subject.value, setting.value), [])
    if moment.type is ReportType.TYPE_I:
        last = len(own) - 1 if own else None
        age = (moment.known_before - own[-1][0]).days if own else 0
        old = max(0, age - fresh_days) if own else 1
        found = [calendar.Spell(judged.start, judged.end, last, old)]
    else:
        recorded = [*changes.get("*", []), *changes.get(subject.value, [])]
        found = calendar.spells([(day, value) for day, value, _ in own], judged, recorded)
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
