"""Runs plans: what a rule states, as packed pairs of numbers by predicate."""

from collections.abc import Mapping

import numpy as np

from gapgraph.construct.plan import Plan, Slot, Variable
from gapgraph.construct.solving import Solver
from gapgraph.construct.tables import Table, unit
from gapgraph.shacl.columns import Columns, pack
from gapgraph.shacl.terms import LITERAL, Ids
from gapgraph.shacl.values import Ranks

__all__ = ["Runner"]


class Runner:
    """Runs plans over one graph, which may grow between two runs."""

    def __init__(self, graph: Columns, ranks: Ranks | None = None) -> None:
        self._graph = graph
        self._solver = Solver(graph, ranks)

    def run(self, plan: Plan, only: Table | None = None) -> Mapping[int, Ids]:
        """The statements of a plan by predicate, each once, sorted. `only` narrows the solutions to these bindings.

        As CONSTRUCT says (SPARQL 1.1 §16.2), what has an unbound variable, or a literal as its subject, states nothing.
        """
        found = self._solver.solved(plan.pattern, unit() if only is None else only)
        pairs: dict[int, list[Ids]] = {}
        for statement in plan.template if found.length else ():
            subjects, predicates, objects = (
                self._column(found, slot) for slot in (statement.subject, statement.predicate, statement.object)
            )
            there = (subjects >= 0) & (predicates >= 0) & (objects >= 0)
            there[there] = self._graph.terms.kinds(subjects[there]) != LITERAL
            packed, predicates = pack(subjects[there], objects[there]), predicates[there]
            for predicate in np.unique(predicates).tolist():
                pairs.setdefault(predicate, []).append(packed[predicates == predicate])
        return {predicate: np.unique(np.concatenate(parts)) for predicate, parts in pairs.items()}

    def _column(self, found: Table, slot: Slot) -> Ids:
        if isinstance(slot, Variable):
            return found.column(slot.name)
        return np.full(found.length, self._graph.terms.id(slot), np.int64)
