"""Between our terms and rdflib's, lexical forms kept."""

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from gapgraph.shacl.terms import Term

__all__ = ["rdf_graph", "rdf_literal", "rdf_node", "term_of"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def rdf_literal(term: Literal) -> RdfLiteral:
    """A literal as rdflib has it; one of xsd:string has no datatype there."""
    if term.language:
        return RdfLiteral(term.value, lang=term.language)
    if term.datatype.value == _STRING:
        return RdfLiteral(term.value)
    return RdfLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def rdf_node(term: Term) -> Node:
    """A term as rdflib has it."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    return BNode(term.value) if isinstance(term, BlankNode) else rdf_literal(term)


def rdf_graph(statements: Iterable[tuple[Term, Term, Term]]) -> Graph:
    """Statements as an rdflib graph; each IRI is made once."""
    graph = Graph(bind_namespaces="none")
    names: dict[str, Node] = {}

    def node(term: Term) -> Node:
        if not isinstance(term, NamedNode):
            return rdf_node(term)
        found = names.get(term.value)
        if found is None:
            found = names[term.value] = rdf_node(term)
        return found

    for subject, predicate, object in statements:
        graph.add((node(subject), node(predicate), node(object)))
    return graph


def term_of(node: Node) -> Term:
    """A node of rdflib as a term."""
    if isinstance(node, URIRef):
        return NamedNode(str(node))
    if isinstance(node, BNode):
        return BlankNode(str(node))
    language, datatype = getattr(node, "language", None), getattr(node, "datatype", None)
    if language:
        return Literal(str(node), language=language)
    return Literal(str(node), datatype=NamedNode(str(datatype))) if datatype else Literal(str(node))
