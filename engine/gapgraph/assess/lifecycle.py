"""The life cycle of gaps as `registers/gaps.csv` records it, against what was found.

Detected, accepted (until a day, by somebody other than the owner), in remediation, fixed, verified (by somebody other
than who owns or fixed it), reopened. Accepting changes no outcome; closing is prospective: a deviation that comes after
the verification, or is still open on its day, reopens the gap; an earlier one stays a fact of the period.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, Moment, gg
from gapgraph.facts import Facts
from gapgraph.model import Deviation, GapStatus
from gapgraph.sources.cells import date_literal


@dataclass(frozen=True, slots=True)
class GapRecord:
    """One row of the register of gaps; people are IRIs, dates plain, `accepted_before` half-open."""

    iri: str
    requirement: str
    subject: str
    owner: str
    due: date | None
    accepted_by: str
    accepted_before: date | None
    started_on: date | None
    fixed_on: date | None
    fixed_by: str
    verified_on: date | None
    verified_by: str

    @property
    def key(self) -> tuple[str, str]:
        """Requirement and subject IRI, the gap that the record is about."""
        return self.requirement, self.subject


@dataclass(frozen=True, slots=True)
class Stay:
    """From which day on and until which day somebody worked here; without a first day nobody can say."""

    first: date | None
    last: date | None

    def holds(self, day: date) -> bool:
        """Whether that person worked here on a day."""
        return self.first is not None and self.first <= day and (self.last is None or day <= self.last)


def read_records(facts: Facts, moment: Moment) -> list[GapRecord]:
    """The records of the moment's engagement; a record without subject is about the organisation."""
    found = []
    for node in facts.subjects(TYPE, gg("GapRecord")):
        if facts.text(node, gg("gapOf")) != moment.iri.value:
            continue

        def text(name: str, node: NamedNode = node) -> str:
            return facts.text(node, gg(name)) or ""

        def day(name: str, node: NamedNode = node) -> date | None:
            value = facts.day(node, gg(name))
            return value if value is None or name in {"dueOn", "acceptedUntil"} or value < moment.known_before else None

        found.append(
            GapRecord(
                node.value,
                text("gapIn"),
                text("gapOn") or moment.organisation.value,
                text("owner"),
                day("dueOn"),
                text("acceptedBy"),
                day("acceptedUntil"),
                day("startedOn"),
                day("fixedOn"),
                text("fixedBy"),
                day("verifiedOn"),
                text("verifiedBy"),
            )
        )
    return found


def failing_days(deviations: Iterable[Deviation], known_before: date) -> list[date]:
    """The last day on which each deviation was still open; what nothing dates is open on the last known day."""
    return [d.until or d.on or known_before - DAY for d in deviations]


def status_of(
    record: GapRecord | None, deviations: Sequence[Deviation], known_before: date
) -> tuple[GapStatus, tuple[str, ...]]:
    """The status of a gap and its history in sentences."""
    if record is None:
        return GapStatus.OPEN, ()
    history: list[str] = []
    if record.started_on:
        history.append(f"{record.started_on}: remediation started")
    if record.fixed_on:
        history.append(f"{record.fixed_on}: fixed")
    if record.verified_on:
        independent = bool(record.verified_by) and record.verified_by not in {record.owner, record.fixed_by}
        early = record.fixed_on is not None and record.fixed_on > record.verified_on
        if independent and not early:
            history.append(f"{record.verified_on}: verified")
            again = [day for day in failing_days(deviations, known_before) if day >= record.verified_on]
            if again:
                history.append(f"{min(again)}: found again, reopened")
                return GapStatus.REOPENED, tuple(history)
            return GapStatus.VERIFIED, tuple(history)
        why = "it came before the fix" if independent else "it is not by somebody else"
        history.append(f"{record.verified_on}: verification does not count, {why}")
    if record.fixed_on and not any(day > record.fixed_on for day in failing_days(deviations, known_before)):
        return GapStatus.FIXED, tuple(history)
    if record.accepted_by and record.accepted_before:
        if record.accepted_by == record.owner:
            history.append("acceptance does not count, the owner cannot accept their own gap")
        elif record.accepted_before >= known_before:
            history.append(f"accepted until {record.accepted_before - DAY}")
            return GapStatus.ACCEPTED, tuple(history)
        else:
            history.append(f"acceptance ended on {record.accepted_before - DAY}")
    return (GapStatus.IN_REMEDIATION if record.started_on or record.fixed_on else GapStatus.OPEN), tuple(history)


def closed_gap_items(
    records: Iterable[GapRecord],
    found: Mapping[tuple[str, str], Sequence[Deviation]],
    moment: Moment,
    people: Mapping[str, Stay],
) -> list[Triple]:
    """One population item for each gap that was verified as closed, with the days on which it still failed or again.

    `people` are those of the roster; the items say of whom they name that they are among them, and who was not there
    on the day that they fixed or verified it.
    """
    triples = []
    for record in records:
        if record.verified_on is None:
            continue
        item = NamedNode(f"{moment.iri.value}/closed/{record.iri.rpartition('/')[2]}")
        triples += [
            Triple(item, TYPE, gg("ClosedGapState")),
            Triple(item, gg("population"), gg("ClosedGapState")),
            Triple(item, gg("inEngagement"), moment.iri),
            Triple(item, gg("coversSubject"), moment.organisation),
            Triple(item, gg("ofSubject"), NamedNode(record.subject)),
            Triple(item, gg("record"), NamedNode(record.iri)),
            Triple(item, gg("startsOn"), date_literal(record.verified_on)),
            Triple(item, gg("endsOn"), date_literal(max(moment.judged_before, record.verified_on + DAY))),
            Triple(item, gg("verifiedOn"), date_literal(record.verified_on)),
            Triple(
                item,
                LABEL,
                Literal(f"Gap {record.requirement.rpartition('#')[2]} closed on {record.verified_on}"),
            ),
        ]
        for name, value in (
            ("verifiedBy", record.verified_by),
            ("owner", record.owner),
            ("fixedBy", record.fixed_by),
        ):
            if value:
                triples.append(Triple(item, gg(name), NamedNode(value)))
            if value in people:
                triples.append(Triple(NamedNode(value), TYPE, gg("Person")))
        for person, day in ((record.fixed_by, record.fixed_on), (record.verified_by, record.verified_on)):
            if person in people and day is not None and not people[person].holds(day):
                triples.append(Triple(item, gg("absentPerson"), NamedNode(person)))
        if record.fixed_on is not None:
            triples.append(Triple(item, gg("fixedOn"), date_literal(record.fixed_on)))
        days = failing_days(found.get(record.key, ()), moment.known_before)
        again = {day for day in days if day >= record.verified_on}
        triples += [Triple(item, gg("failedAgainOn"), date_literal(day)) for day in sorted(again)]
    return triples
