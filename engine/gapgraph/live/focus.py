"""Which focus nodes of which shapes a changed statement can reach.

A shape reads statements at the end of paths from its focus nodes. Walking such a path backwards from a changed
statement finds the focus nodes whose results it can change: before the change for what went, after it for what came.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from pyoxigraph import NamedNode

from gapgraph.shacl.columns import Columns, unpack
from gapgraph.shacl.model import (
    Closed,
    Constraint,
    Pair,
    Qualified,
    Shape,
    ShapeRef,
    Shapes,
    ShapeTest,
    TargetKind,
    TermTest,
)
from gapgraph.shacl.paths import Alternative, Inverse, Path, Predicate, Repeat, Sequence, follow, inverted
from gapgraph.shacl.terms import Ids

__all__ = ["Reads"]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True, slots=True)
class _Read:
    """Statements of a predicate (None: of any) are read where a path from the focus nodes ends.

    `backwards` says that the path ends at their object.
    """

    path: tuple[Path, ...]
    predicate: NamedNode | None
    backwards: bool = False


class Reads:
    """What the root shapes of a shapes graph read."""

    def __init__(self, shapes: Shapes) -> None:
        self._roots: dict[NamedNode | None, dict[_Read, list[ShapeRef]]] = defaultdict(lambda: defaultdict(list))
        self.whole = frozenset(root for root in shapes.roots if _nested(shapes, root))
        """Roots with results on nodes other than their focus nodes: they are judged whole."""
        for root in shapes.roots:
            found = dict.fromkeys(_reads(shapes, shapes.by_node[root], ()))
            found |= dict.fromkeys(_targets(shapes.by_node[root]))
            for read in found:
                self._roots[read.predicate][read].append(root)

    def reached(self, graph: Columns, pairs: Mapping[int, Ids]) -> dict[ShapeRef, list[Ids]]:
        """The nodes, by root shape, from which changed statements are read; some may be no focus nodes of it."""
        found: dict[ShapeRef, list[Ids]] = defaultdict(list)
        for predicate, packed in pairs.items():
            subjects, objects = unpack(packed)
            name = graph.terms[predicate]
            assert isinstance(name, NamedNode), name
            for reads in (self._roots.get(name, {}), self._roots.get(None, {})):
                for read, roots in reads.items():
                    nodes = _back(graph, read, np.unique(objects if read.backwards else subjects))
                    for root in roots if len(nodes) else ():
                        found[root].append(nodes)
        return found


def _back(graph: Columns, read: _Read, nodes: Ids) -> Ids:
    if not read.path:
        return nodes
    return np.unique(follow(graph, inverted(Sequence(read.path)), nodes).second)


def _nested(shapes: Shapes, root: ShapeRef) -> bool:
    waiting = list(shapes.by_node[root].properties)
    while waiting:
        shape = shapes.by_node[waiting.pop()]
        if shape.path is not None and shape.properties:
            return True
        waiting += shape.properties
    return False


def _targets(shape: Shape) -> Iterator[_Read]:
    for target in shape.targets:
        match target.kind:
            case TargetKind.CLASS:
                yield _Read((), _TYPE)
            case TargetKind.SUBJECTS_OF:
                assert isinstance(target.node, NamedNode), target
                yield _Read((), target.node)
            case TargetKind.OBJECTS_OF:
                assert isinstance(target.node, NamedNode), target
                yield _Read((), target.node, backwards=True)


def _reads(shapes: Shapes, shape: Shape, path: tuple[Path, ...]) -> Iterator[_Read]:
    """What a shape reads whose focus nodes are at the end of a path from those of the root."""
    ends = path
    if shape.path is not None:
        yield from _along(shape.path, path)
        ends = (*path, shape.path)
    for constraint in shape.constraints:
        yield from _constraint(shapes, constraint, path, ends)
    for node in shape.properties:
        yield from _reads(shapes, shapes.by_node[node], ends)


def _constraint(
    shapes: Shapes, constraint: Constraint, path: tuple[Path, ...], ends: tuple[Path, ...]
) -> Iterator[_Read]:
    match constraint:
        case TermTest("class", _):
            yield _Read(ends, _TYPE)
        case Pair(_, predicate):
            yield _Read(path, predicate)
        case Closed():
            yield _Read(ends, None)
        case ShapeTest(_, inner):
            for node in inner:
                yield from _reads(shapes, shapes.by_node[node], ends)
        case Qualified(_, _, inner, siblings):
            for node in (inner, *siblings):
                yield from _reads(shapes, shapes.by_node[node], ends)


def _along(path: Path, before: tuple[Path, ...]) -> Iterator[_Read]:
    """What following a path reads."""
    match path:
        case Predicate(iri):
            yield _Read(before, iri)
        case Inverse(Predicate(iri)):
            yield _Read(before, iri, backwards=True)
        case Inverse(inner):
            yield from _along(inverted(inner), before)
        case Sequence(paths):
            for place, step in enumerate(paths):
                yield from _along(step, (*before, *paths[:place]))
        case Alternative(paths):
            for one in paths:
                yield from _along(one, before)
        case Repeat(inner, _, many):
            yield from _along(inner, (*before, Repeat(inner, 0, many=True)) if many else before)
