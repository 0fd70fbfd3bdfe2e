"""Basic patterns: a table of solutions is extended statement by statement, the one that grows it least first.

How much a statement grows the table is measured on a sample of its rows: the data decides the order, not a statistic.
"""

from dataclasses import dataclass

import numpy as np

from gapgraph.construct.plan import Basic, Slot, Statement, Variable, possible
from gapgraph.construct.tables import ROW, Table, join, stacked, unit
from gapgraph.shacl.columns import Columns, Pairs, expand, pack
from gapgraph.shacl.terms import Ids, no_ids

__all__ = ["extended"]

_SAMPLE = 64
_MANY, _FOLD = 20_000, 50
"""A table that would grow to more rows than that, so many times what it has, is joined with what holds by itself."""
_LEAST = 0.5
"""What a sample that found nothing says: little, but not that there is nothing."""
_NEXT = np.int64(1 << 32)


def extended(graph: Columns, table: Table, basic: Basic) -> Table:
    """The rows of a table with each way in which the statements hold for them."""
    if not basic.statements:
        return table
    names = possible(basic)
    parts = []
    for part, missing in table.bound_alike([n for n in table.columns if n in names]):
        others = part.without(names)
        if not others.columns:
            parts.append(_all(graph, part.without(missing), basic))
        else:
            found = _all(graph, part.without(missing).only(names).numbered(), basic)
            rows = found.columns.pop(ROW, no_ids())
            found.columns.update({name: column[rows] for name, column in others.columns.items()})
            parts.append(found)
    return parts[0] if len(parts) == 1 else stacked(parts)


def _all(graph: Columns, table: Table, basic: Basic) -> Table:
    waiting = list(basic.statements)
    while waiting:
        if len(waiting) == 1:
            chosen = 0
        else:
            growths = []
            for statement in waiting:
                growths.append(_growth(graph, table, statement))
                if not growths[-1]:
                    return Table(0, {})
            least = min(growths)
            if least > _MANY:
                apart = min(_growth(graph, unit(), statement) for statement in waiting)
                if _FOLD * (table.length + apart) < least:
                    return join(table, _all(graph, unit(), Basic(tuple(waiting))))
            chosen = growths.index(least)
        table = _one(graph, table, waiting.pop(chosen))
        if not table.length:
            return Table(0, {})
    return table


@dataclass(frozen=True, slots=True)
class _Bound:
    """What is known of one place of a statement: the number in each row, one number for all, or nothing."""

    name: str
    ids: Ids | int | None

    def column(self, length: int) -> Ids:
        """The number in each row."""
        return np.full(length, self.ids, np.int64) if isinstance(self.ids, int) else self.ids  # type: ignore[return-value]


def _bound(graph: Columns, table: Table, slot: Slot) -> _Bound:
    if isinstance(slot, Variable):
        return _Bound(slot.name, table.columns.get(slot.name))
    return _Bound("", graph.terms.ids.get(slot, -1))


def _growth(graph: Columns, table: Table, statement: Statement) -> float:
    """About how many rows the table has after this statement; none only where there can be none."""
    subject = _bound(graph, table, statement.subject).ids
    object = _bound(graph, table, statement.object).ids
    predicate = _bound(graph, table, statement.predicate).ids
    if predicate is None:
        return float(table.length) * len(graph)
    if isinstance(predicate, int):
        return _growth_of(graph, predicate, table.length, subject, object)
    seen = slice(None, None, table.length // _SAMPLE + 1)
    some = predicate[seen]
    grown = 0.0
    for one in np.unique(some).tolist():
        here = some == one
        ends = (end[seen][here] if isinstance(end, np.ndarray) else end for end in (subject, object))
        grown += _growth_of(graph, one, int(np.count_nonzero(here)), *ends)
    return max(table.length * grown / len(some), _LEAST)


def _growth_of(
    graph: Columns, predicate: int, length: int, subject: Ids | int | None, object: Ids | int | None
) -> float:
    """The same of one predicate, for so many rows."""
    size = graph.size(predicate)
    if not size:
        return 0.0
    if subject is None and object is None:
        return float(length) * size
    if subject is not None and object is not None:
        return length / 2
    given, packed = (subject, graph.packed(predicate)) if object is None else (object, graph.inverse(predicate))
    if isinstance(given, int):
        low, high = packed.searchsorted((given << 32, (given + 1) << 32)).tolist()
        return float(length * (high - low))
    assert given is not None
    seen = given[:: len(given) // _SAMPLE + 1] << np.int64(32)
    grown = int((packed.searchsorted(seen + _NEXT) - packed.searchsorted(seen)).sum())
    return max(length * grown / len(seen), _LEAST)


def _one(graph: Columns, table: Table, statement: Statement) -> Table:
    """The table with each way in which one statement holds."""
    predicate = _bound(graph, table, statement.predicate)
    if isinstance(predicate.ids, int):
        return _with(graph, table, statement, predicate.ids)
    parts = []
    if predicate.ids is not None:
        for id in np.unique(predicate.ids).tolist():
            parts.append(_with(graph, table.take(predicate.ids == id), statement, id))
    else:
        for id in list(graph.predicates()):
            here = table.having(predicate.name, np.full(table.length, id, np.int64))
            parts.append(_with(graph, here, statement, id))
    return stacked(parts)


def _with(graph: Columns, table: Table, statement: Statement, predicate: int) -> Table:
    if not graph.size(predicate):
        return Table(0, {})
    subject = _bound(graph, table, statement.subject)
    object = _bound(graph, table, statement.object)
    if subject.ids is None and object.ids is None:
        return _crossed(table, graph.forward(predicate), subject.name, object.name)
    if subject.ids is None:
        return _followed(table, graph.backward(predicate), object, subject.name)
    if object.ids is None:
        return _followed(table, graph.forward(predicate), subject, object.name)
    wanted = pack(subject.column(table.length), object.column(table.length))
    return table.take(graph.holds(predicate, wanted))


def _crossed(table: Table, pairs: Pairs, subject: str, object: str) -> Table:
    first, second = pairs
    if subject == object:
        first = second = first[first == second]
    rows = np.repeat(np.arange(table.length), len(first))
    found = table.take(rows)
    found.columns[subject] = np.tile(first, table.length)
    found.columns[object] = np.tile(second, table.length)
    return found


def _followed(table: Table, pairs: Pairs, given: _Bound, name: str) -> Table:
    """Each row with the other ends of what starts at its number."""
    if isinstance(given.ids, int):
        low, high = np.searchsorted(pairs.first, [given.ids, given.ids + 1])
        ends = pairs.second[low:high]
        if table.length == 1 and not table.columns:
            return Table(len(ends), {name: ends})
        rows, places = np.repeat(np.arange(table.length), len(ends)), np.tile(ends, table.length)
        found = table.take(rows)
        found.columns[name] = places
        return found
    assert given.ids is not None
    rows, places = expand(
        np.searchsorted(pairs.first, given.ids, "left"), np.searchsorted(pairs.first, given.ids, "right")
    )
    found = table.take(rows)
    found.columns[name] = pairs.second[places]
    return found
