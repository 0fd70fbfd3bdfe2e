"""One engagement as the derivation sees it, typed look-ups on the store, dates of it and of evidence as facts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pyoxigraph import Literal, NamedNode, Store, Triple

from gapgraph.derive import calendar
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import DATE, DECIMAL, date_literal

GG = PREFIXES["gg"]
TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


def gg(name: str) -> NamedNode:
    """A term of the ontology."""
    return NamedNode(GG + name)


@dataclass(frozen=True, slots=True)
class Moment:
    """One engagement as the derivation sees it. Dates are half-open: known and judged *before* a day.

    `criteria` are (IRI of a criterion in scope, IRI of its category or ""), in order.
    """

    iri: NamedNode
    organisation: NamedNode
    type: ReportType
    period: Period
    known_before: date
    criteria: tuple[tuple[str, str], ...] = ()

    @property
    def judged_before(self) -> date:
        """The end of what is judged: the period's end or the day after the as-of date, whichever is first."""
        return min(self.period.end, self.known_before)

    @property
    def judged(self) -> Period:
        """The part of the period that is judged."""
        return Period(self.period.start, max(self.period.start, self.judged_before))


class Reader:
    """Typed look-ups on a store whose statements all stand in its default graph."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
        """The objects of a subject and predicate, sorted by text."""
        found = [q.object for q in self.store.quads_for_pattern(subject, predicate, None)]
        return sorted((o for o in found if isinstance(o, NamedNode | Literal)), key=lambda o: o.value)

    def one(self, subject: NamedNode, predicate: NamedNode) -> NamedNode | Literal | None:
        """The first object, or None."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def text(self, subject: NamedNode, predicate: NamedNode) -> str | None:
        """The text of the first object, or None."""
        found = self.one(subject, predicate)
        return found.value if found is not None else None

    def day(self, subject: NamedNode, predicate: NamedNode) -> date | None:
        """The first date, or None where there is none that can be read."""
        for found in self.objects(subject, predicate):
            if isinstance(found, Literal) and found.datatype == DATE:
                try:
                    return date.fromisoformat(found.value)
                except ValueError:
                    continue
        return None

    def subjects(self, predicate: NamedNode, value: NamedNode | Literal | None) -> list[NamedNode]:
        """The subjects of a predicate and object, sorted and once each."""
        found = {
            q.subject.value
            for q in self.store.quads_for_pattern(None, predicate, value)
            if isinstance(q.subject, NamedNode)
        }
        return [NamedNode(v) for v in sorted(found)]


def engagement_facts(moment: Moment) -> list[Triple]:
    """The engagement's dates, the criteria that it has in scope and their categories."""
    s = moment.iri
    scope = [Triple(NamedNode(criterion), TYPE, gg("InScopeCriterion")) for criterion, _ in moment.criteria]
    named = dict.fromkeys(category for _, category in moment.criteria if category)
    scope += [Triple(s, gg("includesCategory"), NamedNode(category)) for category in named]
    kind = "TypeI" if moment.type is ReportType.TYPE_I else "TypeII"
    return [
        Triple(s, TYPE, gg("CurrentEngagement")),
        Triple(s, gg("reportType"), gg(kind)),
        Triple(s, gg("organisation"), moment.organisation),
        Triple(s, gg("start"), date_literal(moment.period.start)),
        Triple(s, gg("end"), date_literal(moment.period.end)),
        Triple(s, gg("periodDays"), Literal(str(moment.period.days), datatype=DECIMAL)),
        Triple(s, gg("knownBefore"), date_literal(moment.known_before)),
        Triple(s, gg("judgedBefore"), date_literal(moment.judged_before)),
        Triple(s, gg("lastDay"), date_literal(moment.judged_before - calendar.DAY)),
        *scope,
    ]


def evidence_facts(read: Reader) -> Iterator[Triple]:
    """How far each captured record speaks: to the end of what it covers, and never beyond the day of its capture."""
    for evidence in read.subjects(gg("coversUntil"), None):
        ends, captured = read.day(evidence, gg("coversUntil")), read.day(evidence, gg("capturedOn"))
        if ends is not None and captured is not None:
            yield Triple(evidence, gg("claimedUntil"), date_literal(min(ends, captured + calendar.DAY)))
    for letter in read.subjects(TYPE, gg("OwnBridgeLetter")):
        ends, issued = read.day(letter, gg("coversUntil")), read.day(letter, gg("issuedOn"))
        if ends is not None and issued is not None:
            yield Triple(letter, gg("claimedUntil"), date_literal(min(ends, issued + calendar.DAY)))
