"""Requirements as their shapes state them, with the defaults of their parameters.

A requirement is one named node shape in `shapes/requirements/<topic>.ttl`; further parts of it (`gg:partOf`) have
populations of their own. Metadata stands on the requirement, what can fail stands on named property shapes.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, RDF, SH, SKOS, Graph, Literal, URIRef

from gapgraph import assets
from gapgraph.errors import ShapeError
from gapgraph.model import Basis, GapKind, Reason, ReportType, RequirementInfo
from gapgraph.namespaces import GG, GGS, TSC
from gapgraph.profile.model import Check, Part, Requirement
from gapgraph.profile.words import expected, path_text
from gapgraph.shacl.rdf import rdf_graph

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


@cache
def shipped_shapes() -> Graph:
    """The shapes that the package ships: common and requirements, nothing of the ontology. Never changed."""
    files = (assets.path("shapes", "common.ttl"), *requirement_files())
    quads = (q for f in files for q in parse(f.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True))
    return rdf_graph((q.subject, q.predicate, q.object) for q in quads)


def requirement_files() -> tuple[Path, ...]:
    """The files of requirements, one for each topic, sorted."""
    return tuple(sorted(assets.path("shapes", "requirements").glob("*.ttl")))


def read_requirements(graph: Graph) -> Mapping[str, Requirement]:
    """The requirements of a shapes graph by id, sorted.

    Raises ShapeError where a requirement lacks what every requirement states, or two have one id.
    """
    found: dict[str, Requirement] = {}
    for node in sorted(graph.subjects(RDF.type, GG.Requirement), key=str):
        if not isinstance(node, URIRef):
            raise ShapeError(str(node), "a requirement has no name of its own")
        requirement = _requirement(graph, node)
        if requirement.info.id in found:
            raise ShapeError(str(node), f"its id {requirement.info.id} is taken")
        found[requirement.info.id] = requirement
    return dict(sorted(found.items()))


@cache
def shipped_requirements() -> Mapping[str, Requirement]:
    """All requirements that the package ships, by id."""
    return read_requirements(shipped_shapes())


def coverage_part(graph: Graph) -> Part:
    """The shape that judges whether a control covers each subject."""
    return _part(graph, GGS.Coverage, GG.CoverageItem)


def design_part(graph: Graph) -> Part:
    """The shape that judges the design of a control."""
    return _part(graph, GGS.ControlDesign, GG.ControlDesignItem)


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
    larger = set()
    for parameter in graph.objects(node, GG.parameter):
        name, value = graph.value(parameter, GG.parameterName), graph.value(parameter, GG.defaultValue)
        if name is None or value is None:
            raise ShapeError(str(node), "a parameter lacks its name or default")
        parameters[str(name)] = str(value)
        if str(graph.value(parameter, GG.largerIsStricter) or "false") == "true":
            larger.add(str(name))
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
        larger_is_stricter=frozenset(larger),
        applies_from_headcount=int(str(graph.value(node, GG.appliesFromHeadcount) or 0)),
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
            _reason(graph, node),
        )
    }
    for shape in graph.objects(node, SH.property):
        if not isinstance(shape, URIRef):
            raise ShapeError(str(node), "one of its property shapes has no name")
        checks[str(shape)] = Check(
            str(shape),
            str(graph.value(shape, SH.name) or ""),
            path_text(graph, graph.value(shape, SH.path)),
            expected(graph, shape),
            _reason(graph, shape),
        )
    empty = graph.value(node, GG.mayBeEmpty)
    return Part(str(node), str(population), checks, isinstance(empty, Literal) and bool(empty.toPython()))


def _reason(graph: Graph, shape: URIRef) -> Reason | None:
    found = graph.value(shape, GG.reason)
    return _REASON[URIRef(str(found))] if found else None


def _message(graph: Graph, node: URIRef) -> str:
    return str(graph.value(node, SH.message) or "")
