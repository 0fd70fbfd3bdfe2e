"""Paths and constraints of shapes in words."""

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from gapgraph.namespaces import GG


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
