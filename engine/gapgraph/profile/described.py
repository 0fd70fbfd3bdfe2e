"""Parts of a graph: the statements about some nodes and about what they lead to."""

from collections.abc import Callable, Iterable

from rdflib import Graph, Literal
from rdflib.term import Node


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
