"""The assessment profile: requirements as their shapes state them, with the defaults of their parameters.

A requirement is one named node shape in `shapes/requirements/<topic>.ttl`; further parts of it (`gg:partOf`) have
populations of their own. Metadata stands on the requirement, what can fail stands on named property shapes.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, RDF, SH, SKOS, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from gapgraph import assets
from gapgraph.errors import ShapeError, UsageError
from gapgraph.model import Basis, GapKind, Reason, ReportType, RequirementInfo
from gapgraph.namespaces import GG, GGS, TSC

PROFILE_IRI = "https://w3id.org/gapgraph/shapes#profile-soc2"
PROFILE_NAME = "soc2"
PROFILE_VERSION = "0.1.0"

_BASIS = {
    GG.FromCriterion: Basis.CRITERION,
    GG.Customary: Basis.CUSTOMARY,
    GG.OwnCommitment: Basis.OWN_COMMITMENT,
    GG.EngagementBasis: Basis.ENGAGEMENT,
}
_KIND = {GG.PolicyGap: GapKind.POLICY, GG.ProcessGap: GapKind.PROCESS, GG.TechnicalGap: GapKind.TECHNICAL}
_REASON = {
    GG.Missing: Reason.MISSING,
    GG.Undocumented: Reason.UNDOCUMENTED,
    GG.Inconsistent: Reason.INCONSISTENT,
    GG.InsufficientEvidence: Reason.INSUFFICIENT_EVIDENCE,
}


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
class Profile:
    """A named, versioned set of requirements and the shapes graph that holds them."""

    name: str
    version: str
    iri: str
    requirements: Mapping[str, Requirement]
    coverage: Part
    design: Part
    shapes: Graph


def load_requirements() -> Mapping[str, RequirementInfo]:
    """All requirements of the shipped profile by id, sorted."""
    return {id: requirement.info for id, requirement in load_profile().requirements.items()}


def shapes_graph() -> Graph:
    """The shapes of the shipped profile: common and requirements, nothing of the ontology."""
    graph = Graph(bind_namespaces="none")
    graph.parse(assets.path("shapes", "common.ttl"), format="turtle")
    for file in sorted(assets.path("shapes", "requirements").glob("*.ttl")):
        graph.parse(file, format="turtle")
    return graph


@cache
def load_profile(name: str = PROFILE_NAME) -> Profile:
    """The shipped profile. Raises ShapeError where a requirement lacks what every requirement states.

    Raises UsageError for a name that is not the shipped profile's.
    """
    if name != PROFILE_NAME:
        raise UsageError(f"there is no profile '{name}'; the profile is {PROFILE_NAME}")
    graph = shapes_graph()
    found: dict[str, Requirement] = {}
    for node in sorted(graph.subjects(RDF.type, GG.Requirement), key=str):
        assert isinstance(node, URIRef)
        requirement = _requirement(graph, node)
        found[requirement.info.id] = requirement
    return Profile(
        name,
        PROFILE_VERSION,
        PROFILE_IRI,
        dict(sorted(found.items())),
        _part(graph, GGS.Coverage, GG.CoverageItem),
        _part(graph, GGS.ControlDesign, GG.ControlDesignItem),
        graph,
    )


def _text(graph: Graph, node: URIRef, predicate: URIRef) -> str:
    values = sorted(str(v) for v in graph.objects(node, predicate))
    if len(values) != 1:
        raise ShapeError(str(node), f"{len(values)} values of {predicate}, one is needed")
    return values[0]


def _requirement(graph: Graph, node: URIRef) -> Requirement:
    nodes = [node, *sorted((n for n in graph.subjects(GG.partOf, node) if isinstance(n, URIRef)), key=str)]
    parts = tuple(_part(graph, n, p) for n in nodes for p in sorted(graph.objects(n, SH.targetClass), key=str))
    if not parts:
        raise ShapeError(str(node), "it has no sh:targetClass")
    parameters = {}
    for parameter in graph.objects(node, GG.parameter):
        name, value = graph.value(parameter, GG.parameterName), graph.value(parameter, GG.defaultValue)
        if name is None or value is None:
            raise ShapeError(str(node), "a parameter lacks its name or default")
        parameters[str(name)] = str(value)
    subject_path = graph.value(node, GG.gapSubjectPath)
    basis, kind = graph.value(node, GG.basis), graph.value(node, GG.gapKind)
    if basis not in _BASIS or kind not in _KIND:
        raise ShapeError(str(node), "gg:basis or gg:gapKind is missing or unknown")
    applies = {
        ReportType.TYPE_I if t == GG.TypeI else ReportType.TYPE_II for t in graph.objects(node, GG.appliesToType)
    }
    info = RequirementInfo(
        id=_text(graph, node, DCTERMS.identifier),
        iri=str(node),
        title=_text(graph, node, SKOS.prefLabel),
        statement=_text(graph, node, SKOS.definition),
        criteria=tuple(str(c).removeprefix(str(TSC)) for c in _ordered(graph, node)),
        basis=_BASIS[URIRef(str(basis))],
        gap_kind=_KIND[URIRef(str(kind))],
        control_types=tuple(sorted(str(t) for t in graph.objects(node, GG.addressedByControlType))),
        subject_class=None,
        populations=tuple(p.population for p in parts),
        applies=frozenset(applies),
        subject_path=str(subject_path or GG.ofSubject),
        likelihood=int(_text(graph, node, GG.likelihood)),
        severity=int(_text(graph, node, GG.severity)),
        complexity=int(_text(graph, node, GG.complexity)),
        effort_days=float(_text(graph, node, GG.effortDays)),
        test_methods=tuple(sorted(str(m).removeprefix(str(GG)).lower() for m in graph.objects(node, GG.testMethod))),
        remediation=_text(graph, node, GG.remediation),
        closing_evidence=_text(graph, node, GG.closingEvidence),
        parameters=dict(sorted(parameters.items())),
    )
    return Requirement(info, parts)


def _ordered(graph: Graph, node: URIRef) -> list[str]:
    from gapgraph.frameworks import load_framework

    order = {c.id: i for i, c in enumerate(load_framework("tsc-2017").criteria)}
    found = {str(c).removeprefix(str(TSC)) for c in graph.objects(node, GG.assesses)}
    unknown = found - set(order)
    if unknown or not found:
        raise ShapeError(str(node), f"gg:assesses names no criterion of SOC 2: {', '.join(sorted(unknown)) or 'none'}")
    return sorted(found, key=lambda id: order[id])


def _part(graph: Graph, node: URIRef, population: object) -> Part:
    checks = {
        str(node): Check(
            str(node),
            str(graph.value(node, SH.name) or "the shape as a whole"),
            "",
            _message(graph, node),
            None,
        )
    }
    for shape in graph.objects(node, SH.property):
        if not isinstance(shape, URIRef):
            raise ShapeError(str(node), "one of its property shapes has no name")
        reason = graph.value(shape, GG.reason)
        checks[str(shape)] = Check(
            str(shape),
            str(graph.value(shape, SH.name) or ""),
            path_text(graph, graph.value(shape, SH.path)),
            expected(graph, shape),
            _REASON[URIRef(str(reason))] if reason else None,
        )
    empty = graph.value(node, GG.mayBeEmpty)
    return Part(str(node), str(population), checks, isinstance(empty, Literal) and bool(empty.toPython()))


def _message(graph: Graph, node: URIRef) -> str:
    return str(graph.value(node, SH.message) or "")


def path_text(graph: Graph, path: Node | None) -> str:
    """A property path in words: `candidate`, `subject / owner`, `^supports`."""
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return str(path).removeprefix(str(GG)).rpartition("#")[2]
    inverse = graph.value(path, SH.inversePath)
    if inverse is not None:
        return "^" + path_text(graph, inverse)
    if graph.value(path, SH.zeroOrOnePath) is not None:
        return "item"
    if graph.value(path, RDF.first) is not None:
        return " / ".join(path_text(graph, step) for step in Collection(graph, path))
    choice = graph.value(path, SH.alternativePath)
    if choice is not None:
        return " or ".join(path_text(graph, step) for step in Collection(graph, choice))
    return "path"


def expected(graph: Graph, shape: URIRef) -> str:
    """What a property shape asks for, in words, from its constraints."""
    words = {
        SH.minCount: "at least {}",
        SH.maxCount: "at most {}",
        SH.lessThan: "before {}",
        SH.lessThanOrEquals: "not after {}",
        SH.hasValue: "{}",
        SH.disjoint: "other than {}",
        SH.equals: "the same as {}",
        SH["class"]: "a {}",
        SH.pattern: "like {}",
    }
    parts = []
    for predicate, text in words.items():
        for value in sorted(graph.objects(shape, predicate), key=str):
            parts.append(text.format(str(value).rpartition("#")[2] if isinstance(value, URIRef) else str(value)))
    choice = graph.value(shape, SH["in"])
    if choice is not None:
        parts.append("one of " + ", ".join(str(v).rpartition("#")[2] for v in Collection(graph, choice)))
    return ", ".join(parts)


def shapes_of(profile: Profile, requirement: Requirement) -> Graph:
    """The part of the shapes graph that judges one requirement: its node shapes and all they refer to."""
    starts = [URIRef(part.iri) for part in requirement.parts]
    return described(profile.shapes, starts, lambda _, predicate, value: predicate != GG.partOf)


def described(graph: Graph, starts: Iterable[Node], follows: Callable[[Node, Node, Node], bool]) -> Graph:
    """The statements about some nodes and about what they lead to.

    `follows` says of subject, predicate and object whether the object is described too; literals never are.
    """
    found = Graph(bind_namespaces="none")
    queue = list(starts)
    seen: set[Node] = set()
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in graph.predicate_objects(node):
            found.add((node, predicate, value))
            if not isinstance(value, Literal) and follows(node, predicate, value):
                queue.append(value)
    return found
