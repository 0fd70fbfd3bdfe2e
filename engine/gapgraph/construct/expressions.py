"""Expressions of rules, worked out for whole columns (SPARQL 1.1 §17).

A value is a column of terms, of texts that are not yet terms (so that steps on the way to an IRI need no number), or of
truth: 1, 0, or -1 where there was an error. An error or an unbound variable among terms is -1, among texts None.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from pyoxigraph import BlankNode, Literal, NamedNode

from gapgraph.construct.errors import RuleError
from gapgraph.construct.functions import (
    BOOLEAN,
    ERROR,
    NO,
    OF_TEXTS,
    STRING,
    XSD,
    YES,
    Texts,
    Truth,
    alike,
    as_integer,
    computed,
    effective,
    iri,
    named,
)
from gapgraph.construct.plan import Call, Exists, Expression, Pattern, Variable, mentioned
from gapgraph.construct.tables import UNBOUND, Table, codes
from gapgraph.shacl.terms import IRI, LITERAL, Ids, Mask, Terms
from gapgraph.shacl.values import Ranks

__all__ = ["Expressions"]

Value = Ids | Texts | Truth


class Expressions:
    """Works out expressions over tables; new terms get their number here. `exists` answers EXISTS for each row."""

    def __init__(self, terms: Terms, ranks: Ranks, exists: Callable[[Pattern, Table], Mask]) -> None:
        self._terms, self._ranks, self._exists = terms, ranks, exists

    def holds(self, condition: Expression, table: Table) -> Mask:
        """Whether a condition is true in each row; an error is not."""
        return np.equal(self._truth(self._value(condition, table)), YES)

    def terms(self, expression: Expression, table: Table) -> Ids:
        """The term that an expression gives in each row, -1 where it gives none; each distinct row is asked once."""
        if isinstance(expression, Variable):
            return table.column(expression.name)
        names = [name for name in sorted(mentioned(expression)) if name in table]
        if not names:
            one = self._ids(self._value(expression, Table(1, {})))
            return np.full(table.length, one[0], np.int64)
        if not table.length:
            return np.empty(0, np.int64)
        _, first, back = np.unique(codes([table.columns[n] for n in names]), return_index=True, return_inverse=True)
        return self._ids(self._value(expression, table.only(names).take(first)))[back]

    def _value(self, expression: Expression, table: Table) -> Value:
        match expression:
            case Variable(name):
                return table.column(name)
            case Call(name, arguments):
                return self._call(name, arguments, table)
            case Exists(pattern, negated):
                return (self._exists(pattern, table) ^ negated).astype(np.int8)
        if isinstance(expression, Literal) and expression.datatype == STRING:
            return [expression.value] * table.length
        return np.full(table.length, self._terms.id(expression), np.int64)

    def _call(self, name: str, arguments: Sequence[Expression], table: Table) -> Value:
        if name == "BOUND":
            return (self._ids(self._value(arguments[0], table)) >= 0).astype(np.int8)
        if name == "COALESCE":
            return self._coalesce(arguments, table)
        if name == "IF":
            return self._if(arguments, table)
        if name in {"&&", "||", "!"}:
            return _logic(name, [self._truth(self._value(a, table)) for a in arguments])
        values = [self._value(a, table) for a in arguments]
        if name in {"<", "<=", ">", ">="}:
            return self._ordered(name, *map(self._ids, values))
        if name in {"=", "!="}:
            same = self._equal(*map(self._ids, values))
            return same if name == "=" else _not(same)
        if name in {"IN", "NOT IN"}:
            first, *rest = map(self._ids, values)
            among = _logic("||", [self._equal(first, other) for other in rest])
            return among if name == "IN" else _not(among)
        if name in {"+", "-", "*"}:
            return self._arithmetic(name, *map(self._ids, values))
        if name == "IRI":
            return self._iri(values[0])
        if name in _OF_TERMS:
            return _OF_TERMS[name](self, *map(self._ids, values))
        if name not in OF_TEXTS:
            raise RuleError(f"rules have no function {name}")
        return OF_TEXTS[name](*map(self._texts, values))

    def _coalesce(self, arguments: Sequence[Expression], table: Table) -> Value:
        found = np.full(table.length, UNBOUND, np.int64)
        for argument in arguments:
            rows = np.flatnonzero(found < 0)
            if not len(rows):
                break
            found[rows] = self._ids(self._value(argument, table.take(rows)))
        return found

    def _if(self, arguments: Sequence[Expression], table: Table) -> Value:
        truth = self._truth(self._value(arguments[0], table))
        yes, no = np.flatnonzero(truth == YES), np.flatnonzero(truth == NO)
        values = [self._value(arguments[1], table.take(yes)), self._value(arguments[2], table.take(no))]
        if all(isinstance(v, list) for v in values):
            texts: Texts = [None] * table.length
            for rows, value in zip((yes, no), values, strict=True):
                for row, text in zip(rows.tolist(), self._texts(value), strict=True):
                    texts[row] = text
            return texts
        ids = np.full(table.length, UNBOUND, np.int64)
        for rows, value in zip((yes, no), values, strict=True):
            ids[rows] = self._ids(value)
        return ids

    def _ordered(self, name: str, one: Ids, other: Ids) -> Truth:
        order = self._pairs(one, other, self._ranks.order)
        match name:
            case "<":
                found = order < 0
            case "<=":
                found = order <= 0
            case ">":
                found = order > 0
            case _:
                found = order >= 0
        return np.where(order == _NO_ORDER, ERROR, found).astype(np.int8)

    def _equal(self, one: Ids, other: Ids) -> Truth:
        """By value (§17.4.1.7): terms that are not literals by themselves, literals by what they stand for."""
        found = np.where(one == other, YES, NO).astype(np.int8)
        found[(one < 0) | (other < 0)] = ERROR
        rows = np.flatnonzero(found == NO)
        kinds = self._terms.kinds
        rows = rows[(kinds(one[rows]) == LITERAL) & (kinds(other[rows]) == LITERAL)]
        if len(rows):
            order = self._ranks.order(one[rows], other[rows])
            unsaid = np.flatnonzero(order == _NO_ORDER)
            found[rows] = order == 0
            for row in unsaid.tolist():
                found[rows[row]] = alike(self._terms[int(one[rows[row]])], self._terms[int(other[rows[row]])])
        return found

    def _pairs(self, one: Ids, other: Ids, order: Callable[[Ids, Ids], Truth]) -> Truth:
        rows = np.flatnonzero((one >= 0) & (other >= 0))
        found = np.full(len(one), _NO_ORDER, np.int8)
        found[rows] = order(one[rows], other[rows])
        return found

    def _arithmetic(self, name: str, one: Ids, other: Ids) -> Ids:
        found = np.full(len(one), UNBOUND, np.int64)
        known: dict[tuple[int, int], int] = {}
        for row, pair in enumerate(zip(one.tolist(), other.tolist(), strict=True)):
            if min(pair) < 0:
                continue
            if pair not in known:
                result = computed(name, self._terms[pair[0]], self._terms[pair[1]])
                known[pair] = UNBOUND if result is None else self._terms.id(result)
            found[row] = known[pair]
        return found

    def _truth(self, value: Value) -> Truth:
        """The effective boolean value (§17.2.2)."""
        if isinstance(value, list):
            return np.array([ERROR if t is None else int(bool(t)) for t in value], np.int8)
        if value.dtype == np.int8:
            return value  # type: ignore[return-value]
        distinct, back = np.unique(value, return_inverse=True)
        truths = [ERROR if id < 0 else effective(self._terms[id]) for id in distinct.tolist()]
        return np.array(truths, np.int8)[back]

    def _ids(self, value: Value) -> Ids:
        """A value as terms."""
        if isinstance(value, list):
            known: dict[str | None, int] = {None: UNBOUND}
            for text in value:
                if text not in known:
                    known[text] = self._terms.id(Literal(text))  # type: ignore[arg-type] # None is known
            return np.fromiter((known[text] for text in value), np.int64, len(value))
        if value.dtype == np.int8:
            said = [self._terms.id(Literal(word, datatype=BOOLEAN)) for word in ("false", "true")]
            return np.array([*said, UNBOUND], np.int64)[value]
        return value  # type: ignore[return-value]

    def _texts(self, value: Value) -> Texts:
        """A value as texts: what is a string, with a language or without."""
        if isinstance(value, list):
            return value
        ids = self._ids(value)
        known: dict[int, str | None] = {UNBOUND: None}
        for id in set(ids.tolist()) - known.keys():
            term = self._terms[id]
            said = isinstance(term, Literal) and (term.language is not None or term.datatype == STRING)
            known[id] = term.value if said else None
        return [known[id] for id in ids.tolist()]

    def _str(self, ids: Ids) -> Texts:
        known: dict[int, str | None] = {UNBOUND: None}
        for id in set(ids.tolist()) - known.keys():
            term = self._terms[id]
            known[id] = None if isinstance(term, BlankNode) else term.value
        return [known[id] for id in ids.tolist()]

    def _datatype(self, ids: Ids) -> Ids:
        return self._each(ids, lambda t: t.datatype if isinstance(t, Literal) else None)

    def _integer(self, ids: Ids) -> Ids:
        return self._each(ids, as_integer)

    def _iri(self, value: Value) -> Ids:
        """The IRI that a text spells, or the IRI itself."""
        if isinstance(value, list):
            known = {text: self._named(text) for text in dict.fromkeys(value)}
            return np.fromiter((known[text] for text in value), np.int64, len(value))
        return self._each(self._ids(value), lambda t: t if isinstance(t, NamedNode) else named(t))

    def _named(self, text: str | None) -> int:
        found = None if text is None else iri(text)
        return UNBOUND if found is None else self._terms.id(found)

    def _is_literal(self, ids: Ids) -> Truth:
        return self._is(ids, LITERAL)

    def _is_iri(self, ids: Ids) -> Truth:
        return self._is(ids, IRI)

    def _is(self, ids: Ids, kind: int) -> Truth:
        found = np.full(len(ids), ERROR, np.int8)
        there = ids >= 0
        found[there] = self._terms.kinds(ids[there]) == kind
        return found

    def _each(self, ids: Ids, made: Callable[[object], object]) -> Ids:
        distinct, back = np.unique(ids, return_inverse=True)
        numbers = []
        for id in distinct.tolist():
            result = made(self._terms[id]) if id >= 0 else None
            numbers.append(UNBOUND if result is None else self._terms.id(result))  # type: ignore[arg-type]
        return np.array(numbers, np.int64)[back]


_NO_ORDER: Final = 2


def _not(value: Truth) -> Truth:
    return np.where(value == ERROR, ERROR, 1 - value).astype(np.int8)


def _logic(name: str, values: Sequence[Truth]) -> Truth:
    """Three-valued logic (§17.2)."""
    if name == "!":
        return _not(values[0])
    decides = NO if name == "&&" else YES
    stacked = np.stack(values)
    decided = (stacked == decides).any(axis=0)
    wrong = (stacked == ERROR).any(axis=0)
    return np.where(decided, decides, np.where(wrong, ERROR, 1 - decides)).astype(np.int8)


_OF_TERMS: Final[dict[str, Callable[..., Value]]] = {
    "STR": Expressions._str,
    "DATATYPE": Expressions._datatype,
    "ISLITERAL": Expressions._is_literal,
    "ISIRI": Expressions._is_iri,
    XSD + "integer": Expressions._integer,
}
