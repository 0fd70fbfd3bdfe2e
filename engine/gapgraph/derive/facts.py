"""One engagement as the derivation sees it, and its dates and those of evidence as facts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.facts import Facts
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import DECIMAL, date_literal

GG = PREFIXES["gg"]
TYPE = NamedNode(PREFIXES["rdf"] + "type")
LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")


@cache
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


def evidence_facts(facts: Facts, only: Iterable[NamedNode] | None = None) -> Iterator[Triple]:
    """How far each captured record speaks: to the end of what it covers, and never beyond the day of its capture.

    `only` are the records and letters wanted, where not all are.
    """
    letter = gg("OwnBridgeLetter")
    for evidence in facts.subjects(gg("coversUntil"), None) if only is None else only:
        yield from _claimed(facts, evidence, gg("capturedOn"))
    for one in facts.subjects(TYPE, letter) if only is None else only:
        if Triple(one, TYPE, letter) in facts:
            yield from _claimed(facts, one, gg("issuedOn"))


def _claimed(facts: Facts, record: NamedNode, made: NamedNode) -> Iterator[Triple]:
    ends, day = facts.day(record, gg("coversUntil")), facts.day(record, made)
    if ends is not None and day is not None:
        yield Triple(record, gg("claimedUntil"), date_literal(min(ends, day + calendar.DAY)))
