"""What one requirement is judged on: the facts of an engagement with its validation results, by control and item."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
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


class Evidence:
    """The facts of one engagement with its results: what `judge_requirement` reads."""

    def __init__(
        self,
        facts: Facts,
        moment: Moment,
        profile: Profile,
        results: dict[str, list[Result]],
        rows: Mapping[str, tuple[Source, ...]],
    ) -> None:
        self.facts, self.moment, self.profile, self.results, self.rows = facts, moment, profile, results, rows
        self.series = self._series()
        self.coverage: dict[str, list[Item]] = defaultdict(list)
        for item in collect(facts, str(GG.CoverageItem), moment.known_before):
            self.coverage[item.requirement].append(item)
        designs = collect(facts, str(GG.ControlDesignItem), moment.known_before)
        self.design = {item.control: item for item in designs}
        self.causes = self._causes()

    def having(self, triples: Iterable[Triple]) -> "Evidence":
        """The same with further statements; results are shared."""
        made = copy(self)
        made.facts = self.facts.copy()
        made.facts.add(triples)
        return made

    def _series(self) -> dict[str, list[Series]]:
        table: dict[str, list[Series]] = defaultdict(list)
        for node in self.facts.subjects(TYPE, gg("Series")):
            control, covers, population = (
                self.facts.text(node, gg(n)) or "" for n in ("ofControl", "coversSubject", "population")
            )
            table[population].append(
                Series(control, covers, population, self.facts.one(node, gg("nilShownBy")) is not None)
            )
        return table

    def _causes(self) -> dict[tuple[str, str], str]:
        table = {}
        for node in self.facts.subjects(TYPE, gg("RecordedCause")):
            cause, record = self.facts.text(node, gg("statedCause")), self.facts.text(node, gg("causeOf"))
            recorded = self.facts.day(node, gg("recordedOn"))
            if recorded is not None and recorded >= self.moment.known_before:
                continue
            for requirement in self.facts.objects(node, gg("causeIn")):
                if cause and record:
                    table[(requirement.value, record)] = cause
        return table

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
