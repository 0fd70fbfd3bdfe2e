"""Runs plans: what a rule states, as packed pairs of numbers by predicate."""

from collections.abc import Iterator, Mapping

import numpy as np

from gapgraph.construct.plan import Plan, Slot, Variable
from gapgraph.construct.solving import Solver
from gapgraph.construct.tables import Table, unit
from gapgraph.shacl.columns import Columns, Pairs, each_once, pack
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
        pairs: dict[int, list[Ids]] = {}
        for predicate, packed, _ in self._stated(plan, "", only):
            pairs.setdefault(predicate, []).append(packed)
        return {predicate: np.unique(np.concatenate(parts)) for predicate, parts in pairs.items()}

    def by_unit(self, plan: Plan, name: str, only: Table | None = None) -> Mapping[int, Pairs]:
        """The same with the value of the variable `name` by which each is stated: (packed, unit), each once, sorted."""
        pairs: dict[int, list[tuple[Ids, Ids]]] = {}
        for predicate, packed, units in self._stated(plan, name, only):
            pairs.setdefault(predicate, []).append((packed, units))
        return {
            predicate: each_once(*map(np.concatenate, zip(*parts, strict=True))) for predicate, parts in pairs.items()
        }

    def _stated(self, plan: Plan, name: str, only: Table | None) -> Iterator[tuple[int, Ids, Ids]]:
        """Predicate, packed pairs and what a variable is bound to, for each statement of the template."""
        found = self._solver.solved(plan.pattern, unit() if only is None else only)
        for statement in plan.template if found.length else ():
            subjects, predicates, objects = (
                self._column(found, slot) for slot in (statement.subject, statement.predicate, statement.object)
            )
            there = (subjects >= 0) & (predicates >= 0) & (objects >= 0)
            there[there] = self._graph.terms.kinds(subjects[there]) != LITERAL
            packed, predicates = pack(subjects[there], objects[there]), predicates[there]
            units = found.column(name)[there] if name else packed
            for predicate in np.unique(predicates).tolist():
                here = predicates == predicate
                yield predicate, packed[here], units[here]

    def _column(self, found: Table, slot: Slot) -> Ids:
        if isinstance(slot, Variable):
            return found.column(slot.name)
        return np.full(found.length, self._graph.terms.id(slot), np.int64)
