"""The lint of the shapes: what SHACL itself passes over in silence, and a verdict must not rest on.

A misspelt `sh:minCount` or severity switches a check off. A target that nothing produces has no focus nodes, and a
requirement without criteria votes on nothing: both look clean. Each is a fault here.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import RDF, RDFS, SH, Graph, Literal, Node, URIRef

from gapgraph import assets, vocabulary
from gapgraph.finding import Finding, Level
from gapgraph.namespaces import GG, GGS, curie

_SEVERITIES = frozenset({SH.Violation, SH.Warning, SH.Info, GG.Exception, GG.NoConclusion})
_SH_WORDS = frozenset(f"{SH}{word}" for word in (*SH.__annotations__, *SH._extras))


def shapes(files: Iterable[Path] | None = None) -> Iterator[Finding]:
    """All files under `shapes/` but the examples, or the files given.

    Each term of SHACL must exist, each severity be known, each property shape of a named shape have a name and a path,
    each check say why its failure makes a gap, each shape referred to exist, each target be something that rules
    produce, each requirement have criteria.
    """
    if files is None:
        root = assets.path("shapes")
        files = sorted(file for file in root.rglob("*.ttl") if "examples" not in file.parts)
    graphs = {file: Graph(bind_namespaces="none").parse(file, format="turtle") for file in files}
    union = Graph(bind_namespaces="none")
    for graph in graphs.values():
        union += graph
    found = [
        finding
        for file, graph in graphs.items()
        for lint in (_unknown_terms, _severities, _property_shapes, _reasons, _references, _criteria)
        for finding in lint(graph, union, f"{file.parent.name}/{file.name}")
    ]
    produced = _produced()
    for file, graph in graphs.items():
        found += _targets(graph, produced, f"{file.parent.name}/{file.name}")
    yield from found
    if not found:
        count = len(set(union.subjects(RDF.type, SH.PropertyShape)))
        yield Finding("shapes", Level.OK, f"{count} property shapes in {len(graphs)} files are well formed")


def _fault(message: str, where: str, remedy: str = "") -> Finding:
    return Finding("shapes", Level.FAULT, message, where, remedy)


def _unknown_terms(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    words = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    for word in sorted(words):
        if word.startswith(str(SH)) and str(word) not in _SH_WORDS:
            yield _fault(f"{curie(word)} is no term of SHACL", file)


def _severities(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    for shape, severity in sorted(graph.subject_objects(SH.severity), key=str):
        if severity not in _SEVERITIES:
            yield _fault(f"{_name(shape)} has the severity {_name(severity)}, which nobody counts", file)


def _property_shapes(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    declared = set(graph.subjects(RDF.type, SH.PropertyShape)) | set(graph.objects(None, SH.property))
    for shape in sorted(declared, key=str):
        if not isinstance(shape, URIRef):
            owners = [owner for owner in graph.subjects(SH.property, shape) if isinstance(owner, URIRef)]
            for owner in owners:
                message = f"a property shape of {_name(owner)} has no name"
                yield _fault(message, file, "Name it, so that results can cite it.")
        elif (shape, RDF.type, SH.PropertyShape) in graph and (shape, SH.path, None) not in graph:
            yield _fault(f"{_name(shape)} has no sh:path", file)


_NO_CONSTRAINTS = frozenset(
    {SH.property, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.deactivated, SH.severity}
    | {SH.message, SH.name, SH.description, SH.order, SH.group, SH.defaultValue}
)


def _reasons(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    """A check is a property shape of a named node shape, or what the node shape itself constrains."""
    for shape in sorted(set(graph.subjects(RDF.type, SH.NodeShape)), key=str):
        if not isinstance(shape, URIRef):
            continue
        said = {p for p in graph.predicates(shape, None) if str(p).startswith(str(SH)) and p not in _NO_CONSTRAINTS}
        checks = [shape] if said else []
        checks += sorted(c for c in graph.objects(shape, SH.property) if isinstance(c, URIRef))
        for check in checks:
            if (check, None, None) in union and (check, GG.reason, None) not in union:
                yield _fault(f"{_name(check)} has no gg:reason", file, "Say why its failure makes a gap.")


def _references(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    for predicate in (SH.property, SH.node, SH.qualifiedValueShape):
        for shape in sorted(set(graph.objects(None, predicate)), key=str):
            if isinstance(shape, URIRef) and (shape, None, None) not in union:
                yield _fault(f"{curie(str(predicate))} leads to {_name(shape)}, which is no shape", file)


def _targets(graph: Graph, produced: frozenset[URIRef], file: str) -> Iterator[Finding]:
    for shape, target in sorted(graph.subject_objects(SH.targetClass), key=str):
        if isinstance(target, URIRef) and target.startswith(str(GG)) and target not in produced:
            yield _fault(f"{_name(shape)} targets {_name(target)}, which nothing produces", file, "Name a population.")


def _produced() -> frozenset[URIRef]:
    """The classes of items: populations that a series or an engagement has, and what rules or the engine name."""
    ontology = vocabulary.ontology_graph()
    kinds = {GG.Occurrence, GG.EventItem, GG.StateItem, GG.PopulationItem}
    items = {s for kind in kinds for s in ontology.transitive_subjects(RDFS.subClassOf, kind)} - kinds
    drawn = {p for p in items if (p, GG.perSubject, None) in ontology and (p, GG.producedBy, None) in ontology}
    places = ("ontology/rules/", "gapgraph/")
    named = {term for term, where in vocabulary.terms_used().items() if any(w.startswith(places) for w in where)}
    return frozenset(
        p for p in items if isinstance(p, URIRef) and (p in drawn or str(p).removeprefix(str(GG)) in named)
    )


def _criteria(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    for shape in sorted(graph.subjects(RDF.type, GG.Requirement), key=str):
        if (shape, GG.assesses, None) not in union:
            yield _fault(f"{_name(shape)} is a requirement without criteria", file, "Say what it assesses.")


def _name(node: Node | None) -> str:
    if isinstance(node, URIRef):
        return curie(node) if str(node).startswith((GG, GGS, str(SH))) else str(node)
    return str(node) if isinstance(node, Literal) else "an unnamed shape"
