"""The whole: evaluates what is compiled, and asks pySHACL about the shapes that are beyond SHACL Core, these alone."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from gapgraph.shacl.columns import Columns
from gapgraph.shacl.errors import ShapesError
from gapgraph.shacl.evaluation import Evaluator
from gapgraph.shacl.model import ShapeRef, Shapes
from gapgraph.shacl.report import Report, Result, rdf_node
from gapgraph.shacl.terms import Term

__all__ = ["by_pyshacl", "results_of", "validate"]


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
        report.extra = by_pyshacl(graph, shapes_graph, shapes.left)
    return report


def by_pyshacl(graph: Columns, shapes_graph: Graph, roots: Iterable[ShapeRef]) -> list[Result]:
    """What pySHACL reports for these root shapes."""
    import pyshacl

    data = Graph(bind_namespaces="none")
    for subject, predicate, object in graph.triples():
        data.add((rdf_node(subject), rdf_node(predicate), rdf_node(object)))
    _, report, text = pyshacl.validate(
        data,
        shacl_graph=shapes_graph,
        inference="none",
        inplace=True,
        advanced=False,
        meta_shacl=False,
        use_shapes=[str(root.value) for root in roots],
    )
    if not isinstance(report, Graph):
        raise ShapesError(f"pySHACL did not finish: {text}")
    return results_of(report)


def results_of(report: Graph) -> list[Result]:
    """The results of a report in RDF, without those that others give as their details."""
    reports = report.subjects(RDF.type, SH.ValidationReport)
    return [_result(report, node) for root in reports for node in report.objects(root, SH.result)]


def _result(report: Graph, node: Node) -> Result:
    def one(predicate: URIRef) -> Term | None:
        found = report.value(node, predicate)
        return None if found is None else term_of(found)

    focus, name, shape = one(SH.focusNode), one(SH.sourceConstraintComponent), one(SH.sourceShape)
    severity = one(SH.resultSeverity)
    assert focus is not None
    assert severity is not None
    assert isinstance(name, NamedNode)
    assert isinstance(shape, NamedNode | BlankNode)
    said = sorted((term_of(message) for message in report.objects(node, SH.resultMessage)), key=str)
    messages = tuple(term for term in said if isinstance(term, Literal))
    return Result(focus, one(SH.resultPath), one(SH.value), name, shape, severity, messages)


def term_of(node: Node) -> Term:
    """A node of rdflib as a term, its lexical form kept."""
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    language, datatype = getattr(node, "language", None), getattr(node, "datatype", None)
    if language:
        return Literal(str(node), language=language)
    return Literal(str(node), datatype=NamedNode(str(datatype))) if datatype else Literal(str(node))
