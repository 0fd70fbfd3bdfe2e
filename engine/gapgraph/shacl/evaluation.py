"""Evaluates compiled shapes over columns: each constraint once, for all focus nodes at a time.

Nested shapes are masks: `conforms` answers for an array of nodes, and remembers. Everything is arrays of numbers. A
focus node that is reached twice (a value shared by two owners under sh:property) has its results twice, as SHACL §4.7.2
has it.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from pyoxigraph import Literal, NamedNode

from gapgraph.shacl.columns import Columns, Pairs, among, pack, unpack
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
)
from gapgraph.shacl.paths import Inverse, Predicate, Repeat, follow, join
from gapgraph.shacl.report import Chunk, Judged, Report
from gapgraph.shacl.terms import Ids, Mask, Term, no_ids
from gapgraph.shacl.values import Ranks, TermTests

__all__ = ["Evaluator"]

_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_RESOURCE = NamedNode("http://www.w3.org/2000/01/rdf-schema#Resource")
_SUBCLASS = Predicate(NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf"))
_BELOW = Repeat(Inverse(_SUBCLASS), 0, many=True)

Counts = npt.NDArray[np.int64]
"""How often each focus node stands for itself."""


class _Found(NamedTuple):
    """What a constraint finds: the place of the focus node, the value and the predicate of each result."""

    rows: Ids
    values: Ids | None = None
    predicates: Ids | None = None


class Evaluator:
    """Judges a graph by shapes. It may be asked again after the graph changed, through `forget`."""

    def __init__(self, graph: Columns, shapes: Shapes) -> None:
        self.graph = graph
        self.shapes = shapes
        self._instances: dict[Term, Ids] = {}
        self._typed: AbstractSet[int] | None = None
        self._tests = TermTests(graph.terms, self.instances)
        self._ranks = Ranks(graph.terms)
        self._conforming: dict[ShapeRef, tuple[Ids, Mask]] = {}

    def forget(self) -> None:
        """Drops what was remembered of the statements; what is known of terms stays."""
        self._instances.clear()
        self._typed = None
        self._conforming.clear()

    def run(self, only: Mapping[ShapeRef, Ids] | None = None) -> Report:
        """Judges all root shapes on all their focus nodes, or some shapes on the given focus nodes (sorted)."""
        report = Report(self.graph.terms, others=self.shapes.left)
        for root in self.shapes.roots:
            if only is not None and root not in only:
                continue
            focus = self.focus_nodes(root) if only is None else only[root]
            bad = self._check(self.shapes.by_node[root], focus, None, report.chunks)
            report.judged[root] = Judged(root, focus, ~bad)
        return report

    # ---- focus nodes

    def focus_nodes(self, root: ShapeRef) -> Ids:
        """The numbers of all focus nodes of a shape's targets, sorted."""
        targets = self.shapes.by_node[root].targets
        if len(targets) == 1 and targets[0].kind is TargetKind.CLASS:
            return self.instances(targets[0].node)
        found = [self._targeted(target) for target in targets]
        return np.unique(np.concatenate(found)) if found else no_ids()

    def _targeted(self, target: Target) -> Ids:
        match target.kind:
            case TargetKind.NODE:
                return np.array([self.graph.terms.id(target.node)])
            case TargetKind.CLASS:
                return self.instances(target.node)
            case TargetKind.SUBJECTS_OF:
                return self.graph.forward(self.graph.terms.id(target.node)).first
            case TargetKind.OBJECTS_OF:
                return self.graph.backward(self.graph.terms.id(target.node)).first

    def instances(self, cls: Term) -> Ids:
        """The numbers of all instances of a class and of the classes below it, sorted."""
        found = self._instances.get(cls)
        if found is None:
            number = self.graph.terms.id(cls)
            if self.graph.size(self.graph.terms.id(_SUBCLASS.iri)):
                classes = follow(self.graph, _BELOW, np.array([number])).second
                found = np.unique(join(classes, self.graph.backward(self.graph.terms.id(_TYPE))).second)
            elif number in self._classes():
                found = self.graph.subjects(self.graph.terms.id(_TYPE), number)
            else:
                found = no_ids()
            self._instances[cls] = found
        return found

    def _classes(self) -> AbstractSet[int]:
        """The numbers of all classes that something is stated to be of."""
        if self._typed is None:
            classes = self.graph.backward(self.graph.terms.id(_TYPE)).first
            self._typed = set(classes[np.flatnonzero(np.diff(classes, prepend=-1))].tolist())
        return self._typed

    # ---- shapes

    def _check(self, shape: Shape, focus: Ids, counts: Counts | None, chunks: list[Chunk]) -> Mask:
        """Adds the results of a shape to `chunks`; returns which focus nodes (sorted, distinct) do not conform."""
        bad = np.zeros(len(focus), bool)
        if shape.deactivated or not len(focus):
            return bad
        reached = self._value_nodes(shape, focus)
        for constraint in shape.constraints:
            found = self._violations(constraint, focus, reached)
            if len(found.rows):
                bad[found.rows] = True
                chunks.append(_chunk(shape, constraint, focus, found, counts))
        for node in shape.properties:
            inner = self.shapes.by_node[node]
            if shape.path is None:
                bad |= self._check(inner, focus, counts, chunks)
                continue
            weights = None if counts is None else counts[reached.first]
            distinct, back = np.unique(reached.second, return_inverse=True)
            often = np.bincount(back, weights, minlength=len(distinct)).astype(np.int64)
            fails = self._check(inner, distinct, None if (often == 1).all() else often, chunks)
            bad[reached.first[fails[back]]] = True
        return bad

    def conforms(self, node: ShapeRef, ids: Ids) -> Mask:
        """Whether each node conforms to a shape. `ids` may hold a node several times."""
        distinct, back = np.unique(ids, return_inverse=True)
        known, answers = self._conforming.get(node, (no_ids(), np.zeros(0, bool)))
        fresh = distinct[~among(known, distinct)]
        if len(fresh):
            judged = self._judge(self.shapes.by_node[node], fresh)
            places = np.searchsorted(known, fresh)
            known, answers = np.insert(known, places, fresh), np.insert(answers, places, judged)
            self._conforming[node] = known, answers
        return answers[np.searchsorted(known, distinct)][back]

    def _judge(self, shape: Shape, focus: Ids) -> Mask:
        """As `_check`, for those who only ask which focus nodes conform; each constraint sees what still does."""
        good = np.ones(len(focus), bool)
        if shape.deactivated:
            return good
        reached = self._value_nodes(shape, focus)
        for constraint in shape.constraints:
            good[self._violations(constraint, focus, reached).rows] = False
        for node in shape.properties:
            if shape.path is None:
                good &= self.conforms(node, focus)
            else:
                good[reached.first[~self.conforms(node, reached.second)]] = False
        return good

    def _value_nodes(self, shape: Shape, focus: Ids) -> Pairs:
        if shape.path is None:
            return Pairs(np.arange(len(focus)), focus)
        return follow(self.graph, shape.path, focus)

    # ---- constraints

    def _violations(self, constraint: Constraint, focus: Ids, reached: Pairs) -> _Found:
        rows, values = reached
        match constraint:
            case TermTest():
                return _where(~self._tests.passes(constraint, values), reached)
            case ShapeTest():
                return _where(self._fails(constraint, values), reached)
            case Count(name, number):
                held = np.bincount(rows, minlength=len(focus))
                return _Found(np.flatnonzero(held < number if name == "minCount" else held > number))
            case Qualified(name, number, shape, siblings):
                good = self.conforms(shape, values)
                for sibling in siblings:
                    good &= ~self.conforms(sibling, values)
                held = np.bincount(rows[good], minlength=len(focus))
                return _Found(np.flatnonzero(held < number if name == "qualifiedMinCount" else held > number))
            case Has(value):
                held = np.bincount(rows[values == self.graph.terms.id(value)], minlength=len(focus))
                return _Found(np.flatnonzero(held == 0))
            case UniqueLang():
                return self._languages(reached)
            case Pair():
                return self._compared(constraint, focus, reached)
            case Closed():
                return self._closed(constraint, reached)

    def _fails(self, test: ShapeTest, values: Ids) -> Mask:
        """Which values fail a test by other shapes."""
        answers = [self.conforms(shape, values) for shape in test.shapes]
        match test.name:
            case "node":
                return ~answers[0]
            case "not":
                return answers[0]
        together = np.sum(answers, axis=0) if answers else np.zeros(len(values), np.int64)
        match test.name:
            case "and":
                return np.asarray(together != len(answers))
            case "or":
                return np.asarray(together == 0)
        return np.asarray(together != 1)

    def _languages(self, reached: Pairs) -> _Found:
        """One result for each language that two values of a focus node share."""
        tags: dict[str, int] = {}
        rows, numbers = [], []
        for row, value in zip(reached.first.tolist(), reached.second.tolist(), strict=True):
            term = self.graph.terms[value]
            if isinstance(term, Literal) and term.language:
                rows.append(row)
                numbers.append(tags.setdefault(term.language.lower(), len(tags)))
        packed, often = np.unique(pack(np.array(rows, np.int64), np.array(numbers, np.int64)), return_counts=True)
        return _Found(unpack(packed[often > 1]).first)

    def _compared(self, pair: Pair, focus: Ids, reached: Pairs) -> _Found:
        others = self.graph.forward(self.graph.terms.id(pair.predicate))
        if pair.name in {"lessThan", "lessThanOrEquals"}:
            places, other = join(focus[reached.first], others)
            values = reached.second[places]
            wrong = ~self._ranks.less(values, other, or_equal=pair.name == "lessThanOrEquals")
            return _Found(reached.first[places][wrong], values[wrong])
        mine, theirs = pack(*reached), pack(*join(focus, others))
        together = np.intersect1d if pair.name == "disjoint" else np.setxor1d
        return _Found(*unpack(together(mine, theirs, assume_unique=True)))

    def _closed(self, closed: Closed, reached: Pairs) -> _Found:
        terms = self.graph.terms
        allowed = {terms.id(p) for p in closed.allowed}
        rows, values, predicates = [no_ids()], [no_ids()], [no_ids()]
        for predicate in sorted(self.graph.predicates()):
            if predicate in allowed:
                continue
            places, objects = join(reached.second, self.graph.forward(predicate))
            if predicate == terms.id(_TYPE):
                keep = objects != terms.id(_RESOURCE)  # which RDFS says of everything
                places, objects = places[keep], objects[keep]
            rows.append(reached.first[places])
            values.append(objects)
            predicates.append(np.full(len(places), predicate))
        return _Found(np.concatenate(rows), np.concatenate(values), np.concatenate(predicates))


def _where(wrong: Mask, reached: Pairs) -> _Found:
    return _Found(reached.first[wrong], reached.second[wrong])


def _chunk(shape: Shape, constraint: Constraint, focus: Ids, found: _Found, counts: Counts | None) -> Chunk:
    rows, values, predicates = found
    if counts is not None:
        again = np.repeat(np.arange(len(rows)), counts[rows])
        rows = rows[again]
        values = None if values is None else values[again]
        predicates = None if predicates is None else predicates[again]
    return Chunk(shape, constraint, focus[rows], values, predicates)
