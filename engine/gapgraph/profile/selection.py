"""Parts of a shapes graph: the statements about some nodes and about what they lead to."""

from collections.abc import Callable, Iterable

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from gapgraph.namespaces import GG
from gapgraph.profile.model import Profile, Requirement


def shapes_of(profile: Profile, requirement: Requirement) -> Graph:
    """The part of the shapes graph that judges one requirement: its node shapes and all they refer to."""
    starts = [URIRef(part.iri) for part in requirement.parts]
    return described(profile.shapes, starts, lambda _, predicate, value: predicate != GG.partOf)


def described(graph: Graph, starts: Iterable[Node], follows: Callable[[Node, Node, Node], bool]) -> Graph:
    """The statements about some nodes and about what they lead to.

    `follows` says of subject, predicate and object whether the object is described too; literals never are.
    """
    found = Graph(bind_namespaces="none")
    queue = list(starts)
    seen: set[Node] = set()
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in graph.predicate_objects(node):
            found.add((node, predicate, value))
            if not isinstance(value, Literal) and follows(node, predicate, value):
                queue.append(value)
    return found
