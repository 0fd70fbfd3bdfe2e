"""Validation results of one engagement, brought up to date: only focus nodes that a change reaches are judged again."""

from collections.abc import Iterable, Mapping

import numpy as np

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
        self._found: dict[ShapeRef, dict[str, list[Result]]] = {}
        self._roots: dict[str, set[ShapeRef]] = {}
        self._graph = graph
        self._evaluator = Evaluator(graph, shapes)
        self._merge(self._judge({root: self._evaluator.focus_nodes(root) for root in shapes.roots}))

    def update(self, before: Columns, now: Columns, change: Change) -> frozenset[str]:
        """Judges again what a change reaches; returns the focus nodes that had results and those that have some."""
        if now is not self._graph:
            self._graph, self._evaluator = now, Evaluator(now, self._shapes)
        self._evaluator.forget()
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

    def _drop(self, asked: Mapping[ShapeRef, Ids], gone: Mapping[ShapeRef, Ids]) -> set[str]:
        """Takes out the results of what is judged again or no more."""
        terms, touched = self._graph.terms, set()
        for root, nodes in asked.items():
            found = self._found.get(root, {})
            numbers = np.r_[nodes, gone.get(root, no_ids())].tolist()
            names = list(found) if root in self._reads.whole else [terms[n].value for n in numbers]
            for name in names:
                if found.pop(name, None):
                    touched.add(name)
        return touched

    def _judge(self, asked: Mapping[ShapeRef, Ids]) -> set[str]:
        """Judges roots on focus nodes; returns the nodes on which there are results now."""
        touched: set[str] = set()
        for root, nodes in asked.items():
            if not len(nodes):
                continue
            found = self._found.setdefault(root, {})
            report: Report = self._evaluator.run({root: nodes})
            for result in {result_of(one) for one in report.results()}:
                found.setdefault(result.focus, []).append(result)
                self._roots.setdefault(result.focus, set()).add(root)
                touched.add(result.focus)
        return touched

    def _merge(self, names: Iterable[str]) -> None:
        """Puts together what the roots say of these nodes."""
        for name in names:
            results = {r for root in self._roots.get(name, ()) for r in self._found[root].get(name, ())}
            if results:
                self.by_focus[name] = sorted(results)
            else:
                self.by_focus.pop(name, None)
