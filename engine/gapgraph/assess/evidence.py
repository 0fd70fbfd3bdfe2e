"""What one requirement is judged on: the store of an engagement with its validation results, by control and item."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from gapgraph.assess.items import Item, collect, failures, severity_of
from gapgraph.derive.facts import TYPE, Moment, Reader, gg
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
    """The store of one engagement with its results: what `judge_requirement` reads."""

    def __init__(
        self,
        store: Store,
        moment: Moment,
        profile: Profile,
        results: dict[str, list[Result]],
        rows: Mapping[str, tuple[Source, ...]],
    ) -> None:
        self.store, self.moment, self.profile, self.results, self.rows = store, moment, profile, results, rows
        self.read = Reader(store)
        self.series = self._series()
        self.coverage: dict[str, list[Item]] = defaultdict(list)
        for item in collect(store, str(GG.CoverageItem)):
            self.coverage[item.requirement].append(item)
        self.design = {item.control: item for item in collect(store, str(GG.ControlDesignItem))}
        self.causes = self._causes()

    def _series(self) -> dict[str, list[Series]]:
        table: dict[str, list[Series]] = defaultdict(list)
        for node in self.read.subjects(TYPE, gg("Series")):
            control, covers, population = (
                self.read.text(node, gg(n)) or "" for n in ("ofControl", "coversSubject", "population")
            )
            table[population].append(
                Series(control, covers, population, self.read.one(node, gg("nilShownBy")) is not None)
            )
        return table

    def _causes(self) -> dict[tuple[str, str], str]:
        table = {}
        for node in self.read.subjects(TYPE, gg("RecordedCause")):
            cause, record = self.read.text(node, gg("statedCause")), self.read.text(node, gg("causeOf"))
            for requirement in self.read.objects(node, gg("causeIn")):
                if cause and record:
                    table[(requirement.value, record)] = cause
        return table

    def kind(self, population: str) -> str:
        """The IRI of the kind of a population: state item, event item or occurrence."""
        return self.read.text(NamedNode(population), SUBCLASS) or ""

    def has_members(self, population: str) -> bool:
        """Whether a population consists of members of a subject."""
        return self.read.one(NamedNode(population), gg("memberClass")) is not None

    def sources(self, *iris: str) -> tuple[Source, ...]:
        """Where these resources were read, sorted and once each; the configuration where nothing else is known."""
        origins = [o.value for iri in iris for o in self.read.objects(NamedNode(iri), DERIVED_FROM)]
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
            failures(item, results, part.checks, self.store),
            self.sources(*places, *more),
            item.on,
        )
