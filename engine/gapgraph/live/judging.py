"""Validation results of one engagement, brought up to date: only focus nodes that a change reaches are judged again."""

from collections.abc import Iterable, Mapping

import numpy as np

from gapgraph.assess.evidence import SUBCLASS
from gapgraph.live.focus import Reads
from gapgraph.live.tally import Change
from gapgraph.shacl import Columns, Evaluator, Report, Shapes
from gapgraph.shacl.model import ShapeRef
from gapgraph.shacl.terms import Ids, no_ids
from gapgraph.validate import Result, result_of

__all__ = ["Judging"]


class Judging:
    """The results of all shapes on a graph that changes; `by_focus` are those of each focus node, sorted."""

    def __init__(self, graph: Columns, shapes: Shapes) -> None:
        self._shapes, self._reads = shapes, Reads(shapes)
        self.by_focus: dict[str, list[Result]] = {}
        self._found: dict[ShapeRef, dict[int, list[Result]]] = {}
        self._places: dict[str, set[tuple[ShapeRef, int]]] = {}
        """Where results are found by the text of their focus node, which two literals may share."""
        self._graph = graph
        self._evaluator = Evaluator(graph, shapes)
        self._merge(self._judge({root: self._evaluator.focus_nodes(root) for root in shapes.roots}))

    def update(self, before: Columns, now: Columns, change: Change) -> frozenset[str]:
        """Judges again what a change reaches; returns the focus nodes that had results and those that have some."""
        if now is not self._graph:
            self._graph, self._evaluator = now, Evaluator(now, self._shapes)
        self._evaluator.forget()
        if self._of_classes(change):
            self._found, self._places = {}, {}
            old = set(self.by_focus)
            touched = old | self._judge({root: self._evaluator.focus_nodes(root) for root in self._shapes.roots})
            self._merge(touched)
            return frozenset(touched)
        reached: dict[ShapeRef, list[Ids]] = {}
        for graph, pairs in ((before, change.removed), (now, change.added)):
            for root, some in self._reads.reached(graph, pairs).items():
                reached.setdefault(root, []).extend(some)
        asked: dict[ShapeRef, Ids] = {}
        gone: dict[ShapeRef, Ids] = {}
        for root, parts in reached.items():
            focus = self._evaluator.focus_nodes(root)
            if root in self._reads.whole:
                asked[root] = focus
                continue
            nodes = np.unique(np.concatenate(parts))
            asked[root] = np.intersect1d(nodes, focus, assume_unique=True)
            gone[root] = np.setdiff1d(nodes, focus, assume_unique=True)
        touched = self._drop(asked, gone) | self._judge(asked)
        self._merge(touched)
        return frozenset(touched)

    def _of_classes(self, change: Change) -> bool:
        """Whether a change says of classes which are below which: that can reach every node."""
        return any(self._graph.terms[p] == SUBCLASS for side in (change.added, change.removed) for p in side)

    def _drop(self, asked: Mapping[ShapeRef, Ids], gone: Mapping[ShapeRef, Ids]) -> set[str]:
        """Takes out the results of what is judged again or no more."""
        terms, touched = self._graph.terms, set[str]()
        for root, nodes in asked.items():
            found = self._found.get(root, {})
            whole = root in self._reads.whole
            for node in list(found) if whole else np.r_[nodes, gone.get(root, no_ids())].tolist():
                if found.pop(node, None):
                    touched.add(terms[node].value)
        return touched

    def _judge(self, asked: Mapping[ShapeRef, Ids]) -> set[str]:
        """Judges roots on focus nodes; returns the nodes on which there are results now."""
        touched: set[str] = set()
        for root, nodes in asked.items():
            if not len(nodes):
                continue
            found = self._found.setdefault(root, {})
            report: Report = self._evaluator.run({root: nodes})
            for node, result in {(self._graph.terms.id(one.focus), result_of(one)) for one in report.results()}:
                found.setdefault(node, []).append(result)
                self._places.setdefault(result.focus, set()).add((root, node))
                touched.add(result.focus)
        return touched

    def _merge(self, names: Iterable[str]) -> None:
        """Puts together what the roots say of these nodes."""
        for name in names:
            places = self._places.get(name, ())
            results = {r for root, node in places for r in self._found.get(root, {}).get(node, ())}
            if results:
                self.by_focus[name] = sorted(results)
            else:
                self.by_focus.pop(name, None)
