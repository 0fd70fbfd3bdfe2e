"""Reads a shapes graph into its compiled form, and says clearly what is ill-formed, recursive or beyond SHACL Core.

Source: SHACL §2 (shapes, targets, paths) and §4 (Core constraint components). What is ill-formed ends the reading:
a shape that is read half would pass what it should not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gapgraph.shacl import paths
from gapgraph.shacl.errors import ShapesError
from gapgraph.shacl.model import (
    Closed,
    Constraint,
    Count,
    Has,
    Pair,
    Qualified,
    Shape,
    ShapeRef,
    Shapes,
    ShapeTest,
    Target,
    TargetKind,
    TermTest,
    UniqueLang,
    references,
)
from gapgraph.shacl.terms import Term

__all__ = ["compile_shapes"]

SHACL: Final = "http://www.w3.org/ns/shacl#"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + word) for word in ("type", "first", "rest", "nil"))
_CLASS, _SUBCLASS = NamedNode(_RDFS + "Class"), NamedNode(_RDFS + "subClassOf")


@cache
def sh(word: str) -> NamedNode:
    """A term of SHACL."""
    return NamedNode(SHACL + word)


_TESTS = ("class", "datatype", "nodeKind", "minExclusive", "minInclusive", "maxExclusive", "maxInclusive")
_LENGTHS = ("minLength", "maxLength")
_PAIRS = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
_ONE_ONLY = frozenset({"datatype", "nodeKind", "minLength", "maxLength", "minCount", "maxCount", "in", "languageIn"})
_PROPERTY_ONLY = frozenset({"minCount", "maxCount", "lessThan", "lessThanOrEquals", "uniqueLang"})
_BEYOND = ("sparql", "target", "rule", "js", "expression", "values")


def compile_shapes(triples: Iterable[Triple | Quad]) -> Shapes:
    """The compiled form of a shapes graph.

    Raises ShapesError where a shape is ill-formed or refers to itself, directly or through others.
    """
    return _Reading(triples).shapes()


class _Reading:
    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self._graph: dict[Term, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._parents: dict[Term, list[Term]] = defaultdict(list)
        for t in triples:
            objects = self._graph[t.subject][t.predicate]  # type: ignore[index] # no quoted triples in shapes
            if t.object not in objects:
                objects.append(t.object)  # type: ignore[arg-type]
            if t.predicate == sh("property"):
                self._parents[t.object].append(t.subject)  # type: ignore[index, arg-type]
        self._shapes: dict[ShapeRef, Shape] = {}
        self._beyond: dict[ShapeRef, str] = {}
        self._custom = self._components()

    def shapes(self) -> Shapes:
        """All shapes with targets, and what they refer to."""
        roots = [node for node in self._graph if not isinstance(node, Literal) and self._targets(node)]
        for root in sorted(roots, key=str):
            self._read(root)
            self._refuse_recursion(root)
        compiled = Shapes(self._shapes, ())
        active = [root for root in sorted(roots, key=str) if not self._shapes[root].deactivated]
        left = {}
        for root in active:
            found = [self._beyond[s.node] for s in compiled.reachable(root) if s.node in self._beyond]
            if found:
                left[root] = found[0]
        return Shapes(self._shapes, tuple(root for root in active if root not in left), left)

    # ---- the graph of shapes

    def _at(self, node: Term, predicate: NamedNode) -> list[Term]:
        said = self._graph.get(node)
        return said.get(predicate, []) if said else []

    def _all(self, node: Term, word: str) -> list[Term]:
        return self._at(node, sh(word))

    def _one(self, node: Term, word: str) -> Term | None:
        found = self._all(node, word)
        if len(found) > 1:
            raise ShapesError(f"{_name(node)} has {len(found)} values of sh:{word}, and may have one")
        return found[0] if found else None

    def _flag(self, node: Term, word: str) -> bool:
        value = self._one(node, word)
        if value is None:
            return False
        if not isinstance(value, Literal) or value.value not in {"true", "false", "1", "0"}:
            raise ShapesError(f"sh:{word} of {_name(node)} is not true or false")
        return value.value in {"true", "1"}

    def _number(self, node: Term, word: str, value: Term) -> int:
        if (
            isinstance(value, Literal)
            and value.datatype.value == _XSD + "integer"
            and value.value.lstrip("+").isdigit()
        ):
            return int(value.value)
        raise ShapesError(f"sh:{word} of {_name(node)} is not a whole number from 0")

    def _list(self, node: Term, word: str) -> tuple[Term, ...]:
        members: list[Term] = []
        seen = set()
        while node != _NIL:
            first, rest = self._at(node, _FIRST), self._at(node, _REST)
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise ShapesError(f"a value of sh:{word} is not a well-formed list")
            seen.add(node)
            members += first
            node = rest[0]
        return tuple(members)

    def _path(self, node: Term, owner: Term) -> paths.Path:
        if isinstance(node, NamedNode) and node != _NIL:
            return paths.Predicate(node)
        if isinstance(node, BlankNode) and self._at(node, _FIRST):
            return paths.Sequence(tuple(self._path(n, owner) for n in self._members_of_path(node, owner)))
        found = [w for w in _PATHS if self._all(node, w)] if isinstance(node, BlankNode) else []
        if len(found) != 1:
            raise ShapesError(f"the path of {_name(owner)} is not well formed")
        inner = self._one(node, found[0])
        assert inner is not None
        if found[0] == "alternativePath":
            return paths.Alternative(tuple(self._path(n, owner) for n in self._members_of_path(inner, owner)))
        return _PATHS[found[0]](self._path(inner, owner))

    def _members_of_path(self, node: Term, owner: Term) -> tuple[Term, ...]:
        members = self._list(node, "path")
        if len(members) < 2:
            raise ShapesError(f"a list in the path of {_name(owner)} has fewer than two members")
        return members

    # ---- shapes

    def _targets(self, node: Term) -> tuple[Target, ...]:
        found = [Target(kind, value) for kind in TargetKind for value in self._all(node, kind.value)]
        types = self._at(node, _TYPE)
        if self._is_shape(node) and any(t == _CLASS or _CLASS in self._at(t, _SUBCLASS) for t in types):
            found.append(Target(TargetKind.CLASS, node))
        return tuple(dict.fromkeys(found))

    def _is_shape(self, node: Term) -> bool:
        types = self._at(node, _TYPE)
        return sh("NodeShape") in types or sh("PropertyShape") in types

    def _read(self, node: Term) -> ShapeRef:
        """Reads a shape and all that it refers to."""
        if isinstance(node, Literal):
            raise ShapesError(f"{node} stands where a shape is expected")
        if node in self._shapes:
            return node
        path_node = self._one(node, "path")
        shape = Shape(
            node,
            None if path_node is None else self._path(path_node, node),
            path_node,
            self._one(node, "severity") or sh("Violation"),
            tuple(sorted((m for m in self._all(node, "message") if isinstance(m, Literal)), key=str)),
            self._flag(node, "deactivated"),
            self._targets(node),
            tuple(self._constraints(node, property=path_node is not None)),
            tuple(p for p in self._all(node, "property") if not isinstance(p, Literal)),
        )
        self._shapes[node] = shape
        reason = self._why_beyond(node)
        if reason:
            self._beyond[node] = reason
        for other in references(shape):
            self._read(other)
            if other in shape.properties and self._shapes[other].path is None:
                raise ShapesError(f"{_name(other)} is a value of sh:property and has no sh:path")
        return node

    def _constraints(self, node: ShapeRef, *, property: bool) -> Iterator[Constraint]:
        for word in _ONE_ONLY:
            self._one(node, word)
        for word in _PROPERTY_ONLY:
            if not property and self._all(node, word) and self._all(node, word) != [_FALSE]:
                raise ShapesError(f"sh:{word} of {_name(node)} needs a property shape")
        yield from self._term_tests(node)
        for word in ("node", "not"):
            yield from (ShapeTest(word, (self._shape_node(other, node),)) for other in self._all(node, word))
        for word in ("and", "or", "xone"):
            for members in self._all(node, word):
                yield ShapeTest(word, tuple(self._shape_node(m, node) for m in self._list(members, word)))
        for word in ("minCount", "maxCount"):
            for value in self._all(node, word):
                yield Count(word, self._number(node, word, value))
        yield from (Has(value) for value in self._all(node, "hasValue"))
        if self._one(node, "uniqueLang") == _TRUE:  # "1" does not count (SHACL §4.4.5)
            yield UniqueLang()
        for word in _PAIRS:
            for other in self._all(node, word):
                if not isinstance(other, NamedNode):
                    raise ShapesError(f"sh:{word} of {_name(node)} is not a property")
                yield Pair(word, other)
        yield from self._closed(node)
        if property:
            yield from self._qualified(node)

    def _shape_node(self, other: Term, owner: Term) -> ShapeRef:
        if isinstance(other, Literal):
            raise ShapesError(f"{_name(owner)} refers to {other}, which is no shape")
        return other

    def _term_tests(self, node: ShapeRef) -> Iterator[TermTest]:
        for word in _TESTS:
            yield from (TermTest(word, (value,)) for value in self._all(node, word))
        for word in _LENGTHS:
            for value in self._all(node, word):
                self._number(node, word, value)
                yield TermTest(word, (value,))
        for word in ("in", "languageIn"):
            yield from (TermTest(word, self._list(value, word)) for value in self._all(node, word))
        flags = tuple(self._all(node, "flags")[:1])
        yield from (TermTest("pattern", (value, *flags)) for value in self._all(node, "pattern"))

    def _closed(self, node: ShapeRef) -> Iterator[Closed]:
        if not self._flag(node, "closed"):
            return
        allowed = {p for shape in self._all(node, "property") for p in self._all(shape, "path")}
        for members in self._all(node, "ignoredProperties"):
            allowed |= set(self._list(members, "ignoredProperties"))
        yield Closed(frozenset(p for p in allowed if isinstance(p, NamedNode)))

    def _qualified(self, node: ShapeRef) -> Iterator[Qualified]:
        shapes = self._all(node, "qualifiedValueShape")
        counts = [(w, v) for w in ("qualifiedMinCount", "qualifiedMaxCount") for v in self._all(node, w)]
        if shapes and not counts:
            raise ShapesError(f"{_name(node)} has sh:qualifiedValueShape and no qualified count")
        for shape in shapes:
            siblings: list[Term] = []
            if self._flag(node, "qualifiedValueShapesDisjoint"):
                beside = [other for parent in self._parents[node] for other in self._all(parent, "property")]
                siblings = [s for other in beside for s in self._all(other, "qualifiedValueShape") if s != shape]
            refs = tuple(self._shape_node(s, node) for s in dict.fromkeys(siblings))
            for word in ("qualifiedMinCount", "qualifiedMaxCount"):
                value = self._one(node, word)
                if value is not None:
                    yield Qualified(word, self._number(node, word, value), self._shape_node(shape, node), refs)

    # ---- what cannot be evaluated here

    def _components(self) -> dict[NamedNode, Term]:
        """By parameter the constraint component that the shapes graph declares itself."""
        found: dict[NamedNode, Term] = {}
        for component, said in self._graph.items():
            for parameter in said.get(sh("parameter"), []):
                found |= {p: component for p in self._at(parameter, sh("path")) if isinstance(p, NamedNode)}
        return found

    def _why_beyond(self, node: ShapeRef) -> str:
        """Why a shape is beyond SHACL Core; empty where it is not."""
        said = self._graph.get(node, {})
        for word in _BEYOND:
            if said.get(sh(word)):
                return f"{_name(node)} has sh:{word}"
        own = [p for p in said if p in self._custom]
        return f"{_name(node)} uses the constraint component {_name(self._custom[own[0]])}" if own else ""

    def _refuse_recursion(self, root: ShapeRef) -> None:
        """Raises where a shape is reached again from itself; SHACL leaves its meaning open."""
        done: set[ShapeRef] = set()
        trail: dict[ShapeRef, None] = {}

        def visit(node: ShapeRef) -> None:
            if node in trail:
                names = [*trail]
                circle = [*names[names.index(node) :], node]
                raise ShapesError("shapes refer to each other in a circle: " + " → ".join(map(_name, circle)))
            if node in done:
                return
            trail[node] = None
            for other in references(self._shapes[node]):
                visit(other)
            del trail[node]
            done.add(node)

        visit(root)


_PATHS: Final[dict[str, Callable[[paths.Path], paths.Path]]] = {
    "inversePath": paths.Inverse,
    "alternativePath": lambda path: path,
    "zeroOrMorePath": lambda path: paths.Repeat(path, 0, True),
    "oneOrMorePath": lambda path: paths.Repeat(path, 1, True),
    "zeroOrOnePath": lambda path: paths.Repeat(path, 0, False),
}
_TRUE = Literal("true", datatype=NamedNode(_XSD + "boolean"))
_FALSE = Literal("false", datatype=NamedNode(_XSD + "boolean"))


def _name(node: Term) -> str:
    if isinstance(node, NamedNode):
        return f"<{node.value}>"
    return "a shape without a name" if isinstance(node, BlankNode) else str(node)
