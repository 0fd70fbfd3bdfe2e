"""Solves patterns over columns: a table goes in, its rows come out with every way in which the pattern holds for them.

`solved(pattern, table)` is the join of the table with the solutions of the pattern (SPARQL 1.1 §18.5). It is worked out
by carrying the table through the pattern, so that nothing is looked for that no row asks for. In SPARQL a pattern is
judged by itself: a condition inside it sees only what it binds. So a variable of the table that a part would see and
does not bind for certain is taken out of the table before and joined again after (`_hidden`). Inside EXISTS what is
bound outside is seen everywhere (§18.6, substitution).
"""

from collections.abc import Set as AbstractSet

import numpy as np
from pyoxigraph import Literal, NamedNode

from gapgraph.construct.basic import extended
from gapgraph.construct.expressions import Expressions
from gapgraph.construct.plan import (
    Aggregate,
    Basic,
    Extend,
    Filter,
    Group,
    Join,
    Minus,
    Optional,
    Pattern,
    Project,
    Union,
    Values,
    certain,
    mentioned,
    possible,
    seen,
)
from gapgraph.construct.tables import ROW, UNBOUND, Table, codes, join, rows_of, stacked, unit
from gapgraph.shacl.columns import Columns
from gapgraph.shacl.terms import Ids, Mask, no_ids
from gapgraph.shacl.values import Ranks

__all__ = ["Solver"]

_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


class Solver:
    """Solves patterns over one graph, which may grow between two calls."""

    def __init__(self, graph: Columns, ranks: Ranks | None = None) -> None:
        self.graph = graph
        self._ranks = Ranks(graph.terms) if ranks is None else ranks
        self._expressions = Expressions(graph.terms, self._ranks, self._exists)

    def solved(self, pattern: Pattern, table: Table, *, within: bool = False) -> Table:
        """The rows of a table joined with the solutions of a pattern; `within` an EXISTS nothing is hidden."""
        if not table.length:
            return Table(0, {})
        if isinstance(pattern, Project | Group):
            apart = bool(table.columns)
            asked = table.only(_passed_in(pattern))
        else:
            hidden = _hidden(pattern, table, within)
            apart = bool(hidden)
            asked = table.only(seen(pattern)).without(hidden) if apart else table
        if not apart:
            return self._solved(pattern, table, within)
        return join(table, self._solved(pattern, asked.always_bound().distinct(), within))

    def _solved(self, pattern: Pattern, table: Table, within: bool) -> Table:
        match pattern:
            case Basic():
                return extended(self.graph, table, pattern)
            case Values():
                return join(table, rows_of(self.graph.terms, pattern))
            case Join(left, right):
                return self.solved(right, self.solved(left, table, within=within), within=within)
            case Union(left, right):
                return stacked([self.solved(part, table, within=within) for part in (left, right)])
            case Filter(condition, over):
                found = self.solved(over, table, within=within)
                return found.take(self._expressions.holds(condition, found)) if found.length else found
            case Extend(over, name, value):
                found = self.solved(over, table, within=within)
                return found.having(name, self._expressions.terms(value, found)) if found.length else found
            case Optional():
                return self._optional(pattern, self.solved(pattern.left, table, within=within), within)
            case Minus():
                return self._minus(pattern, self.solved(pattern.left, table, within=within))
            case Project(over, names, distinct):
                found = self.solved(over, table, within=within).only(names)
                return found.distinct() if distinct else found
            case Group():
                return self._group(pattern, self.solved(pattern.over, table, within=within))

    def _optional(self, pattern: Optional, left: Table, within: bool) -> Table:
        if not left.length:
            return left
        kept = left.columns.get(ROW)
        numbered = left.numbered()
        found = self.solved(pattern.right, numbered, within=within)
        if pattern.condition is not None and found.length:
            found = found.take(self._expressions.holds(pattern.condition, found))
        rows = found.columns.pop(ROW, no_ids())
        if kept is not None:
            found.columns[ROW] = kept[rows]
        alone = np.ones(left.length, bool)
        alone[rows] = False
        return stacked([found, left.take(alone)])

    def _minus(self, pattern: Minus, left: Table) -> Table:
        """Rows that share no variable with the right stay (§18.5, Minus)."""
        shared = possible(pattern.right) & left.columns.keys()
        if not shared or not left.length:
            return left
        gone = np.zeros(left.length, bool)
        asked = left.only(shared).numbered()
        for part, missing in asked.bound_alike(sorted(shared)):
            if len(missing) == len(shared):
                continue
            ours = part.without(missing)
            names = ours.columns.keys() - {ROW}
            found = self.solved(pattern.right, ours.only(names).distinct())
            overlapping = certain(pattern.right) & names
            if not overlapping and found.length:
                gone[self._overlapping(pattern, ours, sorted(names))] = True
                continue
            if found.length:
                matched = join(ours, found.only(names).distinct())
                gone[matched.column(ROW)] = True
        return left.take(~gone)

    def _overlapping(self, pattern: Minus, ours: Table, names: list[str]) -> Ids:
        """The rows that a solution of the right is compatible with and shares a bound variable with."""
        right = self.solved(pattern.right, unit()).only(names).distinct()
        found = [no_ids()]
        for part, missing in right.bound_alike(names):
            if len(missing) < len(right.columns):
                found.append(join(ours, part.without(missing)).column(ROW))
        return np.unique(np.concatenate(found))

    def _exists(self, pattern: Pattern, table: Table) -> Mask:
        found = np.zeros(table.length, bool)
        if table.length:
            asked = table.only(seen(pattern)).numbered()
            rows = self.solved(pattern, asked, within=True)
            if rows.length:
                found[rows.column(ROW)] = True
        return found

    def _group(self, pattern: Group, found: Table) -> Table:
        if not found.length and pattern.keys:
            return Table(0, {})
        if pattern.keys:
            keys = [found.column(k) for k in pattern.keys]
            _, first, back = np.unique(codes(keys), return_index=True, return_inverse=True)
            columns = {name: column[first] for name, column in zip(pattern.keys, keys, strict=True)}
        else:
            first, back, columns = np.zeros(1, np.int64), np.zeros(found.length, np.int64), {}
        for aggregate in pattern.aggregates:
            columns[aggregate.name] = self._aggregated(aggregate, found, back, len(first))
        return Table(len(first), columns)

    def _aggregated(self, aggregate: Aggregate, found: Table, groups: Ids, number: int) -> Ids:
        values = self._expressions.terms(aggregate.argument, found) if found.length else no_ids()
        there = values >= 0
        groups, values = groups[there], values[there]
        if aggregate.function == "COUNT":
            if aggregate.distinct and len(values):
                _, first = np.unique(codes([groups, values]), return_index=True)
                groups = groups[first]
            counts = np.bincount(groups, minlength=number)
            numbers = {n: self.graph.terms.id(Literal(str(n), datatype=_INTEGER)) for n in np.unique(counts).tolist()}
            return np.fromiter((numbers[n] for n in counts.tolist()), np.int64, number)
        best = np.full(number, UNBOUND, np.int64)
        if not len(values):
            return best
        places = self._ranks.places(values)
        if aggregate.function == "MAX":
            places = -places
        order = np.lexsort((places, groups))
        _, first = np.unique(groups[order], return_index=True)
        chosen = order[first]
        best[groups[chosen]] = values[chosen]
        return best


def _hidden(pattern: Pattern, table: Table, within: bool) -> AbstractSet[str]:
    """The variables of the table that a part of this pattern would see though SPARQL judges it by itself."""
    if not table.columns:
        return frozenset()
    names = table.columns.keys() - {ROW}
    match pattern:
        case Filter(condition, over):
            return frozenset() if within else (names & mentioned(condition)) - certain(over)
        case Extend(over, name, value):
            looked = frozenset() if within else (names & mentioned(value)) - certain(over)
            return looked | (names & {name})
        case Optional(left, right, condition):
            if within:
                return frozenset()
            asked = seen(right) | (mentioned(condition) if condition is not None else frozenset())
            return (names & asked) - certain(left)
        case Minus(left, right):
            return (names & seen(right)) - certain(left)
    return frozenset()


def _passed_in(pattern: Project | Group) -> frozenset[str]:
    """The variables by whose bindings a sub-select may be narrowed: it counts its solutions by itself."""
    return certain(pattern.over) & frozenset(pattern.names if isinstance(pattern, Project) else pattern.keys)
