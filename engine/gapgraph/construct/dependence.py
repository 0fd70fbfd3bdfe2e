"""Whether one rule can read what another states, worked out from the two plans.

Statements are told apart by predicate and, where a rule names it (or binds it to terms that stand in the rule), by
object; that is coarse, and errs on the side of yes.
"""

from collections.abc import Iterable, Iterator
from functools import cache

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
    possible,
)
from gapgraph.shacl.terms import Term

__all__ = ["reads_of"]

_Kind = tuple[Term | None, Term | None]
"""Predicate and object of statements; None is any."""


def reads_of(plan: Plan, other: Plan) -> bool:
    """Whether a plan can read what another one states."""
    return any(_meet(mine, theirs) for mine in _asked(plan) for theirs in _said(other))


def _meet(one: _Kind, other: _Kind) -> bool:
    return all(a is None or b is None or a == b for a, b in zip(one, other, strict=True))


_Bound = dict[str, frozenset[Term] | None]
"""What a variable can be bound to: terms that stand in the rule, or None for anything."""


@cache
def _asked(plan: Plan) -> frozenset[_Kind]:
    bound = _bound(plan.pattern)
    found = _statements(plan.pattern, apart=False)
    return frozenset(kind for s, apart in found for kind in _kinds(s, {} if apart else bound))


@cache
def _said(plan: Plan) -> frozenset[_Kind]:
    bound = _bound(plan.pattern)
    return frozenset(kind for statement in plan.template for kind in _kinds(statement, bound))


def _kinds(statement: Statement, bound: _Bound) -> Iterator[_Kind]:
    for predicate in _terms(statement.predicate, bound):
        for object in _terms(statement.object, bound):
            yield predicate, object


def _terms(slot: Slot, bound: _Bound) -> frozenset[Term | None]:
    terms = bound.get(slot.name) if isinstance(slot, Variable) else frozenset((slot,))
    return frozenset((None,)) if terms is None else terms


def _statements(pattern: Pattern | Expression, *, apart: bool) -> Iterator[tuple[Statement, bool]]:
    """The statements that a pattern or an expression asks about, and whether a sub-select does so."""
    if isinstance(pattern, Basic):
        yield from ((statement, apart) for statement in pattern.statements)
    for part in _parts(pattern):
        yield from _statements(part, apart=apart or isinstance(pattern, Project | Group))


def _parts(pattern: Pattern | Expression) -> tuple[Pattern | Expression, ...]:
    match pattern:
        case Join(left, right) | Union(left, right) | Minus(left, right):
            return left, right
        case Optional(left, right, condition):
            return (left, right) if condition is None else (left, right, condition)
        case Filter(condition, over):
            return over, condition
        case Extend(over, _, value):
            return over, value
        case Project(over, _, _):
            return (over,)
        case Group(over, _, aggregates):
            return (over, *(a.argument for a in aggregates))
        case Call(_, arguments):
            return arguments
        case Exists(inner, _):
            return (inner,)
    return ()


def _bound(pattern: Pattern) -> _Bound:
    """What the variables of a pattern can be bound to."""
    match pattern:
        case Values(names, rows):
            return {name: _named(row[i] for row in rows) for i, name in enumerate(names)}
        case Extend(over, name, value):
            term = None if isinstance(value, Variable | Call | Exists) else frozenset((value,))
            return {**_bound(over), name: term}
        case Join(left, right):
            one, other = _bound(left), _bound(right)
            return one | other | {n: _both(one[n], other[n]) for n in one.keys() & other.keys()}
        case Union(left, right) | Optional(left, right, _):
            one, other = _bound(left), _bound(right)
            return one | other | {n: _either(one[n], other[n]) for n in one.keys() & other.keys()}
        case Minus(over, _) | Filter(_, over):
            return _bound(over)
        case Project(over, names, _):
            inner = _bound(over)
            return {name: inner.get(name) for name in names}
    return dict.fromkeys(possible(pattern))


def _named(terms: Iterable[Term | None]) -> frozenset[Term] | None:
    found = list(terms)
    return None if None in found else frozenset(t for t in found if t is not None)


def _both(one: frozenset[Term] | None, other: frozenset[Term] | None) -> frozenset[Term] | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def _either(one: frozenset[Term] | None, other: frozenset[Term] | None) -> frozenset[Term] | None:
    return None if one is None or other is None else one | other
