"""The life cycle of gaps as `registers/gaps.csv` records it, against what was found.

Detected, accepted (until a day, by somebody other than the owner), in remediation, fixed, verified (by somebody other
than who owns or fixed it, on evidence from between the fix and the verification), reopened. Accepting changes no
outcome; closing is prospective: a deviation that comes after the verification, or is still open on its day, reopens the
gap; an earlier one stays a fact of the period.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.assess.methods import allowed_by
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, Moment, gg
from gapgraph.facts import Facts
from gapgraph.model import Deviation, GapStatus
from gapgraph.sources.cells import date_literal


@dataclass(frozen=True, slots=True)
class GapRecord:
    """One row of the register of gaps; people are IRIs, dates plain, `accepted_before` half-open.

    `shown_on` are the days of the evidence that the row names: of the event where one is given, else of the capture.
    Evidence by inquiry alone is none.
    """

    iri: str
    requirement: str
    subject: str
    owner: str = ""
    detected_on: date | None = None
    due: date | None = None
    accepted_by: str = ""
    accepted_before: date | None = None
    started_on: date | None = None
    fixed_on: date | None = None
    fixed_by: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    shown_on: tuple[date, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Requirement and subject IRI, the gap that the record is about."""
        return self.requirement, self.subject

    @property
    def days(self) -> tuple[date, ...]:
        """The days of what happened to the gap, in order of time."""
        return tuple(sorted(d for d in (self.detected_on, self.started_on, self.fixed_on, self.verified_on) if d))

    @property
    def evidence_on(self) -> date | None:
        """The day of the newest evidence that the verification can rest on; else of the first that came later."""
        before = [day for day in self.shown_on if self.verified_on is not None and day <= self.verified_on]
        return max(before) if before else min(self.shown_on, default=None)

    @property
    def unverified_because(self) -> str:
        """Why the verification does not count; '' where it does."""
        if self.verified_on is None:
            return "it has no date"
        if not self.verified_by or self.verified_by in {self.owner, self.fixed_by}:
            return "it is not by somebody else"
        if self.fixed_on is None:
            return "no day of the fix is recorded"
        if self.fixed_on > self.verified_on:
            return "it came before the fix"
        if self.evidence_on is None or not self.fixed_on <= self.evidence_on <= self.verified_on:
            return "no evidence from between the fix and the verification is named"
        return ""


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
                owner=text("owner"),
                detected_on=day("detectedOn"),
                due=day("dueOn"),
                accepted_by=text("acceptedBy"),
                accepted_before=day("acceptedUntil"),
                started_on=day("startedOn"),
                fixed_on=day("fixedOn"),
                fixed_by=text("fixedBy"),
                verified_on=day("verifiedOn"),
                verified_by=text("verifiedBy"),
                shown_on=_shown_on(facts, node, moment.known_before),
            )
        )
    return found


def _shown_on(facts: Facts, record: NamedNode, known_before: date) -> tuple[date, ...]:
    """The days of the evidence that a record names, as far as it was known."""
    named = [node for node in facts.objects(record, gg("evidencedBy")) if isinstance(node, NamedNode)]
    days = []
    for node in named:
        captured = facts.day(node, gg("capturedOn"))
        if captured is not None and captured < known_before and allowed_by(facts, node) - {"inquiry"}:
            days.append(facts.day(node, gg("eventOn")) or captured)
    return tuple(sorted(days))


def failing_days(deviations: Iterable[Deviation], known_before: date) -> list[date]:
    """The last day on which each deviation was still open; what nothing dates is open on the last known day."""
    return [d.until or d.on or known_before - DAY for d in deviations]


def by_gap(records: Iterable[GapRecord]) -> dict[tuple[str, str], tuple[GapRecord, ...]]:
    """The records of each gap in the order of their days: a gap that came back may have a row for each time."""
    found: dict[tuple[str, str], list[GapRecord]] = {}
    for record in records:
        found.setdefault(record.key, []).append(record)
    return {key: tuple(sorted(of, key=lambda r: (r.days, r.iri))) for key, of in found.items()}


def status_of(
    records: Sequence[GapRecord], deviations: Sequence[Deviation], known_before: date
) -> tuple[GapStatus, tuple[str, ...]]:
    """The status of a gap by the newest of its records, and its history in sentences, the oldest record first."""
    history: list[str] = []
    status = GapStatus.OPEN
    failing = failing_days(deviations, known_before)
    for record in records:
        status = _status_by(record, failing, known_before, history)
    return status, tuple(history)


def _status_by(record: GapRecord, failing: Sequence[date], known_before: date, history: list[str]) -> GapStatus:
    """The status of a gap by one of its records, whose sentences are added to the history."""
    for day, what in (
        (record.detected_on, "detected"),
        (record.started_on, "remediation started"),
        (record.fixed_on, "fixed"),
    ):
        if day:
            history.append(f"{day}: {what}")
    if record.verified_on:
        refused = record.unverified_because
        if not refused:
            history.append(f"{record.verified_on}: verified")
            again = [day for day in failing if day >= record.verified_on]
            if again:
                history.append(f"{min(again)}: found again, reopened")
                return GapStatus.REOPENED
            return GapStatus.VERIFIED
        history.append(f"{record.verified_on}: verification does not count, {refused}")
    if record.fixed_on and not any(day > record.fixed_on for day in failing):
        return GapStatus.FIXED
    if record.accepted_by and record.accepted_before:
        if not record.owner:
            history.append("acceptance does not count, nobody is named who owns the gap")
        elif record.accepted_by == record.owner:
            history.append("acceptance does not count, the owner cannot accept their own gap")
        elif record.accepted_before >= known_before:
            history.append(f"accepted until {record.accepted_before - DAY}")
            return GapStatus.ACCEPTED
        else:
            history.append(f"acceptance ended on {record.accepted_before - DAY}")
    return GapStatus.IN_REMEDIATION if record.started_on or record.fixed_on else GapStatus.OPEN


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
        for name, on in (("fixedOn", record.fixed_on), ("evidenceOn", record.evidence_on)):
            if on is not None:
                triples.append(Triple(item, gg(name), date_literal(on)))
        days = failing_days(found.get(record.key, ()), moment.known_before)
        again = {day for day in days if day >= record.verified_on}
        triples += [Triple(item, gg("failedAgainOn"), date_literal(day)) for day in sorted(again)]
    return triples
