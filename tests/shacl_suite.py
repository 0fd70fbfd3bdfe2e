"""The W3C test suite of SHACL Core, read from where it lies beside the project; the suite is not part of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from gapgraph.shacl.rdf import rdf_node
from gapgraph.shacl.reference import results_of
from gapgraph.shacl.report import Result
from tests.shared_files import SHARED

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
CORE = SHARED / "w3c-shacl" / "tests" / "core"

Canonical = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Case:
    """One test: data and shapes files, and the report that is expected."""

    name: str
    data: Path
    shapes: Path
    conforms: bool
    expected: tuple[Result, ...]


def cases() -> Iterator[Case]:
    """All tests of the core part, by name."""
    for manifest in sorted(CORE.glob("*/*.ttl")):
        graph = Graph(bind_namespaces="none")
        for q in statements(manifest):
            graph.add((term(q.subject), term(q.predicate), term(q.object)))
        for entries in graph.objects(None, MF.entries):
            for entry in Collection(graph, entries):
                yield _case(graph, entry, manifest)


def term(node: ox.Quad | ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """A term as rdflib has it; its parser would change lexical forms."""
    assert isinstance(node, ox.NamedNode | ox.BlankNode | ox.Literal)
    return rdf_node(node)


def _case(graph: Graph, entry: Node, manifest: Path) -> Case:
    action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
    assert action is not None
    assert result is not None

    def file(word: URIRef) -> Path:
        return Path(str(graph.value(action, word)).removeprefix("file://"))

    return Case(
        f"{manifest.parent.name}/{manifest.stem}",
        file(SHT.dataGraph),
        file(SHT.shapesGraph),
        str(graph.value(result, SH.conforms)) == "true",
        tuple(_expected(graph, result)),
    )


def _expected(graph: Graph, result: Node) -> Iterator[Result]:
    part = Graph()
    for triple in graph:
        part.add(triple)
    for node in list(part.subjects(RDF.type, SH.ValidationReport)):
        if node != result:
            part.remove((node, RDF.type, None))
    yield from results_of(part)


def statements(file: Path) -> list[ox.Quad]:
    """The statements of a file."""
    return list(ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, base_iri=file.as_uri()))


def canonical(results: Iterator[Result] | tuple[Result, ...] | list[Result], *, messages: bool = False) -> Canonical:
    """How often each result stands, blank nodes without their names."""
    return Counter(tuple(map(_plain, r[:6])) + (tuple(map(str, r.messages)) if messages else ()) for r in results)


def _plain(term: object) -> str:
    return "_:" if isinstance(term, ox.BlankNode) else str(term)
