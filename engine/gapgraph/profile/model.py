"""The words of a profile: checks, parts, requirements, adjustments, thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from rdflib import Graph, URIRef

from gapgraph.model import Adjustment, Reason, ReportType, RequirementInfo
from gapgraph.namespaces import GG
from gapgraph.profile.described import described


@dataclass(frozen=True, slots=True)
class Check:
    """A property shape (or the node shape itself) that can fail: name, path in words, limit, reason it points to."""

    iri: str
    name: str
    path: str
    expected: str
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Part:
    """The shape that judges one population of a requirement; an optional part may find its population empty."""

    iri: str
    population: str
    checks: Mapping[str, Check]
    may_be_empty: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement with the parts that judge it."""

    info: RequirementInfo
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The numbers that turn outcomes, each with a default; `shapes/profiles/` states value and source of each."""

    tolerance: float = 0.05
    """Share of deviating instances above which a control is not effective."""
    small_population: int = 10
    """Below this many instances rates are not used."""
    cluster: int = 3
    """So many deviations of one performer, one system or one week make a cluster."""
    decisive_severity: int = 4
    """A voting requirement of at least this severity that fails makes its criterion not met."""
    score_cap: float = 50.0
    """The highest score while a criterion has no control."""
    fresh_days: int = 90
    """How old a capture may be at the as-of date of a Type I engagement, in days."""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of all thresholds, in order."""
        return tuple(f.name for f in fields(cls))


@dataclass(frozen=True, slots=True)
class Profile:
    """A named, versioned set of requirements with thresholds and adjustments, and the shapes graph that judges.

    `known` holds all shapes that the profile could choose from. `judges` is the type of report that it is made for,
    None where it serves both. `lineage` lists the profiles that it extends, nearest first; `omitted` holds the
    requirements that an adjustment switched off.
    """

    name: str
    title: str
    description: str
    version: str
    iri: str
    lineage: tuple[str, ...]
    judges: ReportType | None
    requirements: Mapping[str, Requirement]
    omitted: Mapping[str, RequirementInfo]
    thresholds: Thresholds
    threshold_sources: Mapping[str, str]
    adjustments: tuple[Adjustment, ...]
    coverage: Part
    design: Part
    known: Graph

    @property
    def shapes(self) -> Graph:
        """The common shapes and those of the requirements in the profile, nothing else. Never changed."""
        chosen = (part.iri for requirement in self.requirements.values() for part in requirement.parts)
        return _judging(self.known, frozenset((self.coverage.iri, self.design.iri, *chosen)))


@lru_cache(maxsize=32)
def _judging(known: Graph, nodes: frozenset[str]) -> Graph:
    starts = [URIRef(iri) for iri in sorted(nodes)]
    return described(known, starts, lambda _, predicate, __: predicate != GG.partOf)
