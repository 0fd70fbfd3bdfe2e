"""A report as columns: which check failed on which focus node with which value. Terms and rdflib only on demand."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, SH, BNode, Graph
from rdflib import Literal as RdfLiteral

from gapgraph.shacl.model import Constraint, Count, Has, Pair, Qualified, Shape, ShapeRef, TermTest
from gapgraph.shacl.rdf import rdf_node
from gapgraph.shacl.terms import Ids, Mask, Term, Terms

__all__ = ["Chunk", "Judged", "Report", "Result", "component", "passes"]

_SH = "http://www.w3.org/ns/shacl#"


class Result(NamedTuple):
    """One validation result in terms."""

    focus: Term
    path: Term | None
    value: Term | None
    component: NamedNode
    shape: ShapeRef
    severity: Term
    messages: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """The results of one constraint of one shape: numbers of focus nodes, of values (None: no value) and of predicates.

    A focus node stands as often as it has results.
    """

    shape: Shape
    constraint: Constraint
    focus: Ids
    value: Ids | None = None
    predicate: Ids | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """A root shape, the focus nodes that it was held to, sorted, and which of them conform."""

    shape: ShapeRef
    focus: Ids
    conforms: Mask


@dataclass(slots=True)
class Report:
    """All results of a run, in columns; `judged` are populations and passes by root shape."""

    terms: Terms
    chunks: list[Chunk] = field(default_factory=list)
    judged: dict[ShapeRef, Judged] = field(default_factory=dict)
    extra: list[Result] = field(default_factory=list)
    """Results of shapes that another validator was asked about."""
    others: Mapping[ShapeRef, str] = field(default_factory=dict)
    """The shapes that another validator was asked about, with the reason."""

    @property
    def conforms(self) -> bool:
        """Whether there is no result at all."""
        return not len(self)

    def __len__(self) -> int:
        return sum(len(chunk.focus) for chunk in self.chunks) + len(self.extra)

    def results(self) -> Iterator[Result]:
        """Every result as terms, in the order of shapes, constraints and focus nodes."""
        terms = self.terms
        for chunk in self.chunks:
            shape, name = chunk.shape, component(chunk.constraint)
            messages = shape.messages or (Literal(default_message(chunk.constraint)),)
            values: Iterable[int | None] = [None] * len(chunk.focus) if chunk.value is None else chunk.value.tolist()
            paths: Iterable[Term | None] = [shape.path_node] * len(chunk.focus)
            if chunk.predicate is not None:
                paths = terms.of(chunk.predicate.tolist())
            for focus, value, path in zip(chunk.focus.tolist(), values, paths, strict=True):
                found = None if value is None else terms[value]
                yield Result(terms[focus], path, found, name, shape.node, shape.severity, messages)
        yield from self.extra

    def graph(self) -> Graph:
        """The report in RDF (SHACL §3.6), for those who want it so. Complex paths are named by their node alone."""
        graph = Graph(bind_namespaces="none")
        report = BNode()
        graph.add((report, RDF.type, SH.ValidationReport))
        graph.add((report, SH.conforms, RdfLiteral(self.conforms)))
        for result in self.results():
            node = BNode()
            graph.add((report, SH.result, node))
            graph.add((node, RDF.type, SH.ValidationResult))
            graph.add((node, SH.focusNode, rdf_node(result.focus)))
            graph.add((node, SH.sourceConstraintComponent, rdf_node(result.component)))
            graph.add((node, SH.sourceShape, rdf_node(result.shape)))
            graph.add((node, SH.resultSeverity, rdf_node(result.severity)))
            for message in result.messages:
                graph.add((node, SH.resultMessage, rdf_node(message)))
            if result.path is not None:
                graph.add((node, SH.resultPath, rdf_node(result.path)))
            if result.value is not None:
                graph.add((node, SH.value, rdf_node(result.value)))
        return graph


def component(constraint: Constraint) -> NamedNode:
    """The constraint component that a constraint belongs to."""
    name = constraint.name
    return NamedNode(f"{_SH}{name[0].upper()}{name[1:]}ConstraintComponent")


def default_message(constraint: Constraint) -> str:
    """What a result says where its shape has no sh:message."""
    match constraint:
        case Count(name, number) | Qualified(name, number, _, _):
            return f"sh:{name} {number} is not met"
        case TermTest(name, (one,)) if not isinstance(one, BlankNode):
            return f"The value does not fit sh:{name} {one.value}"
        case Has(value) if not isinstance(value, BlankNode):
            return f"The value {value.value} is missing"
        case Pair(name, predicate):
            return f"sh:{name} {predicate.value} is not met"
    return f"sh:{constraint.name} is not met"


def passes(judged: Judged) -> Ids:
    """The focus nodes that conform."""
    return judged.focus[np.flatnonzero(judged.conforms)]
