"""What one requirement is judged on: the facts of an engagement with its validation results, by control and item."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Triple

from gapgraph.assess.items import Item, collect, failures, severity_of
from gapgraph.derive.facts import TYPE, Moment, gg
from gapgraph.facts import Facts
from gapgraph.model import DesignOutcome, Deviation, ResultSeverity, Source
from gapgraph.namespaces import GG, PREFIXES
from gapgraph.profile import Part, Profile
from gapgraph.validate import Result

SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
DERIVED_FROM = NamedNode(PREFIXES["prov"] + "wasDerivedFrom")


@dataclass(frozen=True, slots=True)
class Series:
    """One control, one subject, one population; whether an empty population is shown by a zero-row query."""

    control: str
    covers: str
    population: str
    nil: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """What requirements share, by what they ask for it: series by population, coverage by requirement, designs by
    control, causes by requirement and record."""

    series: Mapping[str, Sequence[Series]]
    coverage: Mapping[str, Sequence[Item]]
    design: Mapping[str, Item]
    causes: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, facts: Facts, moment: Moment) -> "Tables":
        """Reads all of them."""
        return cls(series_by_population(facts), coverage(facts, moment), designs(facts, moment), causes(facts, moment))


def series_by_population(facts: Facts) -> dict[str, list[Series]]:
    """Every series, by its population."""
    table: dict[str, list[Series]] = defaultdict(list)
    for node in facts.subjects(TYPE, gg("Series")):
        control, covers, population = (
            facts.text(node, gg(n)) or "" for n in ("ofControl", "coversSubject", "population")
        )
        table[population].append(Series(control, covers, population, facts.one(node, gg("nilShownBy")) is not None))
    return dict(table)


def coverage(facts: Facts, moment: Moment) -> dict[str, list[Item]]:
    """The items that ask whether a requirement has a control, by requirement."""
    table: dict[str, list[Item]] = defaultdict(list)
    for item in collect(facts, str(GG.CoverageItem), moment.known_before):
        table[item.requirement].append(item)
    return dict(table)


def designs(facts: Facts, moment: Moment) -> dict[str, Item]:
    """The item of each control's design."""
    return {item.control: item for item in collect(facts, str(GG.ControlDesignItem), moment.known_before)}


def causes(facts: Facts, moment: Moment) -> dict[tuple[str, str], str]:
    """The causes that were recorded by the as-of date."""
    table = {}
    for node in facts.subjects(TYPE, gg("RecordedCause")):
        cause, record = facts.text(node, gg("statedCause")), facts.text(node, gg("causeOf"))
        recorded = facts.day(node, gg("recordedOn"))
        if recorded is not None and recorded >= moment.known_before:
            continue
        for requirement in facts.objects(node, gg("causeIn")):
            if cause and record:
                table[(requirement.value, record)] = cause
    return table


Collect = Callable[[Facts, str, str], Sequence[Item]]
"""Gives the items of a population by its IRI, with what a property of theirs names as the subject of a gap."""


class Evidence:
    """The facts of one engagement with its results: what `judge_requirement` reads."""

    def __init__(
        self,
        facts: Facts,
        moment: Moment,
        profile: Profile,
        results: dict[str, list[Result]],
        rows: Mapping[str, tuple[Source, ...]],
        tables: Tables | None = None,
        items: Collect | None = None,
    ) -> None:
        self.facts, self.moment, self.profile, self.results, self.rows = facts, moment, profile, results, rows
        known = tables or Tables.of(facts, moment)
        self.series, self.coverage = known.series, known.coverage
        self.design, self.causes = known.design, known.causes
        self._collect = items or self._read

    def items(self, population: str, gap_subject: str) -> Sequence[Item]:
        """The items of a population, in order, with the subjects of their gaps."""
        return self._collect(self.facts, population, gap_subject)

    def _read(self, facts: Facts, population: str, gap_subject: str) -> Sequence[Item]:
        return collect(facts, population, self.moment.known_before, gap_subject)

    def on(self, facts: Facts) -> "Evidence":
        """The same, read through these facts."""
        made = copy(self)
        made.facts = facts
        return made

    def having(self, triples: Iterable[Triple]) -> "Evidence":
        """The same with further statements; results are shared."""
        made = self.on(self.facts.copy())
        made.facts.add(triples)
        made._collect = made._read
        return made

    def kind(self, population: str) -> str:
        """The IRI of the kind of a population: state item, event item or occurrence."""
        return self.facts.text(NamedNode(population), SUBCLASS) or ""

    def is_state(self, population: str) -> bool:
        """Whether a population consists of things in a state."""
        return self.kind(population) == str(GG.StateItem)

    def has_members(self, population: str) -> bool:
        """Whether a population consists of members of a subject."""
        return self.facts.one(NamedNode(population), gg("memberClass")) is not None

    def scope_is_approved(self) -> bool:
        """Whether somebody had approved a scope statement of the engagement by the as-of date."""
        for node in self.facts.subjects(TYPE, gg("ScopeStatement")):
            approved = self.facts.day(node, gg("approvedOn"))
            known = approved is not None and approved < self.moment.known_before
            of = {o.value for o in self.facts.objects(node, gg("scopeOf"))}
            if known and self.moment.iri.value in of and self.facts.one(node, gg("approver")) is not None:
                return True
        return False

    def last_instance(self, population: str, subject: str) -> date | None:
        """The day of the last record of an occurrence's kind for a subject that was known at the as-of date."""
        node, facts = NamedNode(population), self.facts
        about, at = facts.one(node, gg("recordSubject")), facts.one(node, gg("recordDate"))
        classes = [c for c in facts.objects(node, gg("recordClass")) if isinstance(c, NamedNode)]
        days = (
            facts.day(record, at)
            for cls in classes
            for record in facts.subjects(TYPE, cls)
            if isinstance(at, NamedNode)
            and (not isinstance(about, NamedNode) or subject in {o.value for o in facts.objects(record, about)})
        )
        return max((d for d in days if d is not None and d < self.moment.known_before), default=None)

    def sources(self, *iris: str) -> tuple[Source, ...]:
        """Where these resources were facts, sorted and once each; the configuration where nothing else is known."""
        origins = [o.value for iri in iris for o in self.facts.objects(NamedNode(iri), DERIVED_FROM)]
        found = sorted({s for iri in (*iris, *origins) for s in self.rows.get(iri, ())})
        return tuple(found) or (Source("gapgraph.toml", 0),)

    def design_of(self, control: str) -> tuple[DesignOutcome, tuple[Result, ...]]:
        """The design of a control from the results on its design item."""
        item = self.design.get(control)
        if item is None:
            return DesignOutcome.SUITABLE, ()
        results = tuple(r for r in self.results.get(item.iri, ()) if r.shape in self.profile.design.checks)
        severity = severity_of(results, self.profile.design.checks)
        if severity is ResultSeverity.VIOLATION:
            return DesignOutcome.DEFICIENT, results
        if severity is ResultSeverity.NO_CONCLUSION:
            return DesignOutcome.NOT_EVIDENCED, results
        return DesignOutcome.SUITABLE, results

    def placed_late(self, control: str) -> bool:
        """Whether the design of a control is suitable with an exception: it was put in place in mid-period."""
        _, results = self.design_of(control)
        return severity_of(results, self.profile.design.checks) is ResultSeverity.EXCEPTION

    def deviation(self, item: Item, part: Part, *more: str) -> Deviation | None:
        """The deviation of an item under a part's checks, or None where it passes."""
        results = self.results.get(item.iri, [])
        severity = severity_of(results, part.checks)
        if severity is None:
            return None
        places = item.records or tuple(i for i in (item.subject, item.control) if i)
        return Deviation(
            item.iri,
            item.label,
            severity,
            failures(item, results, part.checks, self.facts),
            self.sources(*places, *more),
            item.on,
            item.until,
        )
