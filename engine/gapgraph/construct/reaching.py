"""To which units of a rule a changed statement can lead, worked out from the plan alone.

A rule works per unit (a variable). For each statement that its pattern asks about, `reaches` gives a way from the
variables of that statement to the unit: statements that hold in every solution beside it. Following the way from what
changed finds every unit whose solutions can have changed, and perhaps some more:

- a solution that is there on one side of a change only, is so for a statement that one side has and the other has not;
- what surrounds that statement in the solution (here: some of it) holds on the side on which the statement is there.
  Where it does not, another changed statement is to blame, and is followed itself. So what was taken out is followed
  before the change, what came in after it.

Filters, the right of MINUS and what is optional are left out of the way: that only adds units.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, product

import numpy as np

from gapgraph.construct.basic import extended
from gapgraph.construct.plan import (
    Basic,
    Call,
    Exists,
    Expression,
    Extend,
    Filter,
    Group,
    Join,
    Minus,
    Optional,
    Pattern,
    Plan,
    Project,
    Slot,
    Statement,
    Union,
    Values,
    Variable,
    certain,
    possible,
)
from gapgraph.construct.tables import Table, join, rows_of
from gapgraph.shacl.columns import Columns, unpack
from gapgraph.shacl.terms import Ids, no_ids

__all__ = ["Reach", "followed", "reaches"]

_MANY = 16
"""So many alternatives of what surrounds a statement are told apart; where there are more, nothing is known of it."""
_HUB, _ANY = 100, 20
"""What it costs to go through a node that everything hangs together by, and one with any predicate; others 1."""


Step = Statement | Values
"""What holds beside a statement: another one, or rows that stand in the rule itself."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A statement that a rule asks about and the way from it to the unit; without a way every unit is reached."""

    statement: Statement
    through: tuple[Step, ...] | None
    unit: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A statement with what holds beside it."""

    statement: Statement
    beside: tuple[Step, ...]


_Alternatives = Sequence[tuple[Step, ...]]


def reaches(plan: Plan, unit: str, hubs: frozenset[Slot] = frozenset()) -> tuple[Reach, ...]:
    """Every statement that a plan asks about, with the ways from it to the unit.

    `hubs` are classes of which there is one instance that much hangs on: a way around it is better.
    """
    found: dict[Reach, None] = {}
    for place in _Walk(unit).places(plan.pattern):
        found[Reach(place.statement, _way(place, unit, hubs), unit)] = None
    return tuple(found)


class _Walk:
    """Goes through a pattern; variables that a sub-select keeps to itself get names of their own."""

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._numbers = count(1)

    def places(self, pattern: Pattern) -> list[_Place]:
        """Each statement of a pattern with what holds beside it within the pattern."""
        match pattern:
            case Basic(statements):
                return [_Place(s, tuple(o for o in statements if o is not s)) for s in statements]
            case Values():
                return []
            case Join(left, right):
                return [*self._beside(left, right), *self._beside(right, left)]
            case Union(left, right):
                return [*self.places(left), *self.places(right)]
            case Minus(left, right):
                return [*self.places(left), *self._beside(right, left)]
            case Optional(left, right, condition):
                inner = [] if condition is None else self._within(condition, pattern)
                return [*self.places(left), *self._beside(right, left), *inner]
            case Filter(condition, over):
                return [*self.places(over), *self._within(condition, over)]
            case Extend(over, name, value):
                found = [*self.places(over), *self._within(value, over)]
                return [_aliased(place, name, value) for place in found]
            case Project(over, names, _):
                return self._apart(over, frozenset(names))
            case Group(over, keys, aggregates):
                inner = [p for a in aggregates for p in self._within(a.argument, over)]
                return [*self._apart(over, frozenset(keys)), *self._hidden(inner, possible(over) - frozenset(keys))]
        raise AssertionError(pattern)

    def _beside(self, inner: Pattern, outer: Pattern) -> list[_Place]:
        """The statements of one part, each with what the other part holds beside it."""
        around = self._alternatives(outer)
        return [_Place(p.statement, (*p.beside, *more)) for p in self.places(inner) for more in around]

    def _within(self, expression: Expression, outer: Pattern) -> list[_Place]:
        """The statements that a condition asks about."""
        match expression:
            case Call(_, arguments):
                return [place for a in arguments for place in self._within(a, outer)]
            case Exists(pattern, _):
                return self._beside(pattern, outer)
        return []

    def _apart(self, over: Pattern, kept: frozenset[str]) -> list[_Place]:
        return self._hidden(self.places(over), possible(over) - kept)

    def _hidden(self, places: list[_Place], names: frozenset[str]) -> list[_Place]:
        number = next(self._numbers)
        to = {name: f"{name}'{number}" for name in names}
        return [_Place(_statement(p.statement, to), tuple(_renamed(s, to) for s in p.beside)) for p in places]

    def _alternatives(self, pattern: Pattern) -> _Alternatives:
        """What holds in every solution of a pattern; told apart where the unit is bound in one way or another."""
        found = self._told(pattern)
        return found if len(found) <= _MANY else [()]

    def _told(self, pattern: Pattern) -> _Alternatives:
        match pattern:
            case Basic(statements):
                return [statements]
            case Values(names, _) if certain(pattern) == frozenset(names):
                return [(pattern,)]
            case Join(left, right):
                return _both(self._told(left), self._told(right))
            case Union(left, right):
                return [*self._told(left), *self._told(right)] if self._unit in possible(pattern) else [()]
            case Optional(left, right, _) if self._unit in possible(right) and self._unit not in certain(left):
                return [*self._told(left), *_both(self._told(left), self._told(right))]
            case Optional(left, _, _) | Minus(left, _):
                return self._told(left)
            case Filter(_, over):
                return self._told(over)
            case Extend(over, name, value):
                more = (_alias(name, value),) if isinstance(value, Variable) else ()
                return [(*one, *more) for one in self._told(over)]
            case Project(over, names, _):
                return self._outside(over, frozenset(names))
            case Group(over, keys, _):
                return self._outside(over, frozenset(keys))
        return [()]

    def _outside(self, over: Pattern, kept: frozenset[str]) -> _Alternatives:
        number = next(self._numbers)
        to = {name: f"{name}'{number}" for name in possible(over) - kept}
        return [tuple(_renamed(s, to) for s in one) for one in self._told(over)]


_SAME = Variable("=")
"""Stands in place of the predicate of a statement that says that two variables are the same."""


def _alias(name: str, value: Variable) -> Statement:
    return Statement(value, _SAME, Variable(name))


def _aliased(place: _Place, name: str, value: Expression) -> _Place:
    return _Place(place.statement, (*place.beside, _alias(name, value))) if isinstance(value, Variable) else place


def _both(left: _Alternatives, right: _Alternatives) -> _Alternatives:
    if len(left) * len(right) > _MANY:
        return [()]
    return [(*a, *b) for a, b in product(left, right)]


def _renamed(step: Step, to: dict[str, str]) -> Step:
    if isinstance(step, Values):
        return Values(tuple(to.get(name, name) for name in step.names), step.rows)
    return _statement(step, to)


def _statement(statement: Statement, to: dict[str, str]) -> Statement:
    def named(slot: Slot) -> Slot:
        return Variable(to.get(slot.name, slot.name)) if isinstance(slot, Variable) else slot

    return Statement(*(named(s) for s in (statement.subject, statement.predicate, statement.object)))


def _way(place: _Place, unit: str, hubs: frozenset[Slot]) -> tuple[Step, ...] | None:
    """The cheapest way from a statement to the unit, in the order in which it is followed."""
    hubby = {
        s.subject.name
        for s in (place.statement, *place.beside)
        if isinstance(s, Statement) and isinstance(s.subject, Variable) and s.object in hubs
    }
    start = place.statement.variables()
    costs = dict.fromkeys(start, 0)
    before: dict[str, tuple[str, Step]] = {}
    waiting = [(0, name) for name in start]
    while waiting:
        cost, name = heapq.heappop(waiting)
        if name == unit:
            break
        if cost > costs[name]:
            continue
        for statement in place.beside:
            names = _ends(statement)
            if name not in names:
                continue
            further = cost + _cost(statement) + (_HUB if name in hubby else 0)
            for other in names:
                if further < costs.get(other, further + 1):
                    costs[other], before[other] = further, (name, statement)
                    heapq.heappush(waiting, (further, other))
    if unit not in costs:
        return None
    way: list[Step] = []
    at = unit
    while at in before:
        at, statement = before[at]
        way.append(statement)
    return (*_telling(place), *reversed(way))


def _cost(step: Step) -> int:
    if isinstance(step, Values):
        return 1
    if step.predicate is _SAME:
        return 0
    return _ANY if isinstance(step.predicate, Variable) else 1


def _telling(place: _Place) -> tuple[Step, ...]:
    """Where a statement may have any predicate: what says which ones, to be looked at first."""
    predicate = place.statement.predicate
    if not isinstance(predicate, Variable):
        return ()
    said = [s for s in place.beside if predicate.name in _ends(s) and _cost(s) < _ANY]
    return tuple(said[:1])


def _ends(step: Step) -> tuple[str, ...]:
    if isinstance(step, Values):
        return step.names
    return tuple(s.name for s in (step.subject, step.object) if isinstance(s, Variable))


def followed(graph: Columns, reach: Reach, predicate: int, pairs: Ids, most: int) -> Ids | None:
    """The units that changed statements of one predicate lead to, sorted; None where that is every unit or too many.

    `pairs` are packed; `most` is how many solutions are worth following.
    """
    table = _matching(graph, reach.statement, predicate, pairs)
    if table is None or not table.length:
        return no_ids()
    if reach.through is None:
        return None
    for step in reach.through:
        if isinstance(step, Values):
            table = join(table, rows_of(graph.terms, step))
        elif step.predicate is _SAME:
            table = _same(table, step)
        else:
            table = extended(graph, table, Basic((step,)))
        if not table.length:
            return no_ids()
        if table.length > most:
            return None
    return np.unique(table.column(reach.unit))


def _same(table: Table, statement: Statement) -> Table:
    one, other = _ends(statement)
    known, new = (one, other) if one in table else (other, one)
    if new in table:
        return table.take(table.column(known) == table.column(new))
    return table.having(new, table.column(known))


def _matching(graph: Columns, statement: Statement, predicate: int, pairs: Ids) -> Table | None:
    """The variables of a statement as these pairs bind them; None where they cannot."""
    subjects, objects = unpack(pairs)
    columns: dict[str, Ids] = {}
    keep = np.ones(len(pairs), bool)
    for slot, ids in (
        (statement.subject, subjects),
        (statement.predicate, np.full(len(pairs), predicate, np.int64)),
        (statement.object, objects),
    ):
        if not isinstance(slot, Variable):
            keep &= ids == graph.terms.ids.get(slot, -1)
        elif slot.name in columns:
            keep &= ids == columns[slot.name]
        else:
            columns[slot.name] = ids
    return Table(len(pairs), columns).take(keep) if keep.any() else None
