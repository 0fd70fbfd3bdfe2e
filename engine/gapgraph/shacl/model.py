"""What a compiled shapes graph is: shapes, their targets, and constraints in six families that are evaluated alike.

The parameters are terms, not numbers: one compiled shapes graph serves any data.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pyoxigraph import BlankNode, Literal, NamedNode

from gapgraph.shacl.paths import Path
from gapgraph.shacl.terms import Term

__all__ = [
    "Closed",
    "Constraint",
    "Count",
    "Has",
    "Pair",
    "Qualified",
    "Shape",
    "ShapeRef",
    "ShapeTest",
    "Shapes",
    "Target",
    "TargetKind",
    "TermTest",
    "UniqueLang",
    "references",
]

ShapeRef = NamedNode | BlankNode
"""The node of a shape, by which other shapes refer to it."""


class TargetKind(Enum):
    """The four ways to name focus nodes; an implicit class target is a class target."""

    NODE = "targetNode"
    CLASS = "targetClass"
    SUBJECTS_OF = "targetSubjectsOf"
    OBJECTS_OF = "targetObjectsOf"


@dataclass(frozen=True, slots=True)
class Target:
    """One target declaration."""

    kind: TargetKind
    node: Term


@dataclass(frozen=True, slots=True)
class TermTest:
    """A test of each value node by itself: class, datatype, nodeKind, in, ranges, lengths, pattern, languageIn.

    `parameters` are the value, the members of the list, or the pattern followed by its flags.
    """

    name: str
    parameters: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class ShapeTest:
    """A test of each value node by other shapes: node, not, and, or, xone."""

    name: str
    shapes: tuple[ShapeRef, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """minCount or maxCount."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class Qualified:
    """qualifiedMinCount or qualifiedMaxCount of value nodes that conform to a shape and to none of its siblings."""

    name: str
    number: int
    shape: ShapeRef
    siblings: tuple[ShapeRef, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """hasValue."""

    value: Term
    name: str = "hasValue"


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """uniqueLang."""

    name: str = "uniqueLang"


@dataclass(frozen=True, slots=True)
class Pair:
    """A comparison with the values of another property of the focus node: equals, disjoint, lessThan(OrEquals)."""

    name: str
    predicate: NamedNode


@dataclass(frozen=True, slots=True)
class Closed:
    """closed: value nodes have no other predicates than these."""

    allowed: frozenset[NamedNode]
    name: str = "closed"


Constraint = TermTest | ShapeTest | Count | Qualified | Has | UniqueLang | Pair | Closed


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (without path) or property shape (with one)."""

    node: ShapeRef
    path: Path | None
    path_node: Term | None
    severity: Term
    messages: tuple[Literal, ...]
    deactivated: bool
    targets: tuple[Target, ...]
    constraints: tuple[Constraint, ...]
    properties: tuple[ShapeRef, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """A compiled shapes graph.

    `roots` are the active shapes that have targets and can be evaluated here, in a fixed order; `left` are the roots
    that cannot, with the reason: they need another validator.
    """

    by_node: Mapping[ShapeRef, Shape]
    roots: tuple[ShapeRef, ...]
    left: Mapping[ShapeRef, str] = field(default_factory=dict)

    def reachable(self, root: ShapeRef) -> list[Shape]:
        """A shape and all that it refers to, each once, nearest first."""
        found = [root]
        for node in found:
            for other in references(self.by_node[node]):
                if other not in found:
                    found.append(other)
        return [self.by_node[node] for node in found]


def references(shape: Shape) -> tuple[ShapeRef, ...]:
    """The shapes that a shape refers to, siblings included."""
    found: list[ShapeRef] = list(shape.properties)
    for constraint in shape.constraints:
        if isinstance(constraint, ShapeTest):
            found += constraint.shapes
        elif isinstance(constraint, Qualified):
            found += (constraint.shape, *constraint.siblings)
    return tuple(dict.fromkeys(found))
