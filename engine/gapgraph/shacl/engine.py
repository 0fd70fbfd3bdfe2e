"""The whole: evaluates what is compiled, and asks pySHACL about the shapes that are beyond SHACL Core, these alone."""

from collections.abc import Iterable

from rdflib import RDF, SH, Graph

from gapgraph.shacl.columns import Columns
from gapgraph.shacl.errors import ShapesError
from gapgraph.shacl.evaluation import Evaluator
from gapgraph.shacl.model import ShapeRef, Shapes, TargetKind
from gapgraph.shacl.rdf import rdf_graph, rdf_node
from gapgraph.shacl.reference import by_pyshacl
from gapgraph.shacl.report import Report

__all__ = ["validate"]


def validate(graph: Columns, shapes: Shapes, shapes_graph: Graph | None = None) -> Report:
    """Judges a graph by compiled shapes.

    `shapes_graph` is the same shapes graph for pySHACL, and is needed where `shapes.left` names shapes; without it
    such shapes raise ShapesError: what was not checked must never look clean.
    """
    report = Evaluator(graph, shapes).run()
    if shapes.left:
        if shapes_graph is None:
            reasons = "; ".join(dict.fromkeys(shapes.left.values()))
            raise ShapesError(f"these shapes need pySHACL, and it has no graph of them: {reasons}")
        report.extra = by_pyshacl(rdf_graph(graph.triples()), _without_targets(shapes_graph, shapes.roots))
    return report


def _without_targets(shapes_graph: Graph, roots: Iterable[ShapeRef]) -> Graph:
    """A copy of a shapes graph in which these shapes are judged only where others refer to them."""
    copy = Graph(bind_namespaces="none")
    copy += shapes_graph
    for root in map(rdf_node, roots):
        for kind in TargetKind:
            copy.remove((root, SH[kind.value], None))
        for type in list(copy.objects(root, RDF.type)):
            if type not in {SH.NodeShape, SH.PropertyShape}:  # a class that is a shape is its own target
                copy.remove((root, RDF.type, type))
    return copy
