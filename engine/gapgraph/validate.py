"""Validators behind one small protocol. pySHACL is the reference and the only module that imports it is this one.

A validator gets statements and shapes and returns every result; it says nothing of gaps. A shape that cannot be
checked ends the run: never "no results".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from gapgraph.errors import ShapeError, UsageError, ValidatorError


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result: IRIs of focus, shape, component and severity; path and value as text ('' if none)."""

    focus: str
    shape: str
    severity: str
    component: str
    path: str
    value: str
    message: str


class Validator(Protocol):
    """What stands behind `--validator`."""

    name: str

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """All results of the shapes on the data, sorted and once each."""
        ...


def to_rdflib(triples: Iterable[Triple]) -> Graph:
    """The statements as an rdflib graph with lexical forms kept."""
    graph = Graph(bind_namespaces="none")
    for nodes in rdflib_triples(triples):
        graph.add(nodes)
    return graph


def rdflib_triples(triples: Iterable[Triple]) -> Iterator[tuple[Node, Node, Node]]:
    """The statements in rdflib's terms, lexical forms kept."""
    cache: dict[str, Node] = {}
    for t in triples:
        yield _node(t.subject, cache), _node(t.predicate, cache), _node(t.object, cache)


def _node(term: object, cache: dict[str, Node]) -> Node:
    if isinstance(term, NamedNode):
        found = cache.get(term.value)
        if found is None:
            found = cache[term.value] = URIRef(term.value)
        return found
    if isinstance(term, Literal):
        if term.language:
            return RdfLiteral(term.value, lang=term.language)
        if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
            return RdfLiteral(term.value)
        return RdfLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    assert isinstance(term, BlankNode)
    return BNode(term.value)


class PyShacl:
    """The reference validator."""

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = f"pyshacl {version('pyshacl')}"

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """Runs pySHACL without inference and reads its report."""
        return self.validate_graph(to_rdflib(data), shapes)

    def validate_graph(self, graph: Graph, shapes: Graph) -> list[Result]:
        """The same on a graph that stands ready, which is left as it was."""
        import pyshacl
        from pyshacl.errors import ConstraintLoadError, ShapeLoadError

        try:
            _, report, text = pyshacl.validate(
                graph, shacl_graph=shapes, inference="none", inplace=True, advanced=False, meta_shacl=False
            )
        except (ShapeLoadError, ConstraintLoadError) as error:
            raise ShapeError("of the profile", str(error)) from None
        if not isinstance(report, Graph):
            raise ValidatorError(f"pySHACL did not finish: {text}")
        return sorted(set(_results(report)))


def _results(report: Graph) -> Iterable[Result]:
    for node in report.subjects(RDF.type, SH.ValidationResult):

        def one(predicate: URIRef, node: Node = node) -> str:
            found = report.value(node, predicate)
            return "" if found is None else str(found)

        path = report.value(node, SH.resultPath)
        yield Result(
            one(SH.focusNode),
            one(SH.sourceShape),
            one(SH.resultSeverity),
            one(SH.sourceConstraintComponent),
            str(path) if isinstance(path, URIRef) else "",
            one(SH.value),
            one(SH.resultMessage),
        )


def validator(name: str) -> Validator:
    """The validator of that name. Raises UsageError for one that is not there."""
    if name in {"pyshacl", "default"}:
        return PyShacl()
    raise UsageError(f"there is no validator '{name}'; use pyshacl")
