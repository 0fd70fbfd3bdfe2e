"""pySHACL, the reference validator: the only module that runs it, and reads its report."""

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from gapgraph.shacl.errors import ShapesError, UnfinishedError
from gapgraph.shacl.rdf import term_of
from gapgraph.shacl.report import Result
from gapgraph.shacl.terms import Term

__all__ = ["by_pyshacl", "results_of"]


def by_pyshacl(data: Graph, shapes: Graph) -> list[Result]:
    """What pySHACL reports, without inference. `data` is left as it was.

    Raises ShapesError for shapes that it cannot load, UnfinishedError where it stops before its end.
    """
    import pyshacl
    from pyshacl.errors import ConstraintLoadError, ShapeLoadError

    try:
        _, report, text = pyshacl.validate(
            data, shacl_graph=shapes, inference="none", inplace=True, advanced=False, meta_shacl=False
        )
    except (ShapeLoadError, ConstraintLoadError) as error:
        raise ShapesError(str(error)) from None
    if not isinstance(report, Graph):
        raise UnfinishedError(f"pySHACL did not finish: {text}")
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
