"""Tests of value nodes by themselves: each distinct term is tested once, for all focus nodes and all shapes that ask.

Source: SHACL §4.1 (value type), §4.3 (value range), §4.4 (string based) and §4.8.3 (sh:in).
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
from pyoxigraph import Literal, NamedNode

from gapgraph.shacl import literals
from gapgraph.shacl.columns import among
from gapgraph.shacl.errors import ShapesError
from gapgraph.shacl.model import TermTest
from gapgraph.shacl.terms import BLANK, IRI, LITERAL, Ids, Mask, Term, Terms

__all__ = ["Ranks", "TermTests"]

_SH: Final = "http://www.w3.org/ns/shacl#"
_NODE_KINDS: Final = {
    "IRI": {IRI},
    "BlankNode": {BLANK},
    "Literal": {LITERAL},
    "BlankNodeOrIRI": {BLANK, IRI},
    "BlankNodeOrLiteral": {BLANK, LITERAL},
    "IRIOrLiteral": {IRI, LITERAL},
}


class TermTests:
    """Answers term tests over one dictionary, and remembers the answer for each term."""

    def __init__(self, terms: Terms, instances: Callable[[Term], Ids]) -> None:
        self._terms = terms
        self._instances = instances
        self._known: dict[TermTest, dict[int, bool]] = {}
        self._checks: dict[TermTest, Callable[[Term], bool]] = {}

    def passes(self, test: TermTest, ids: Ids) -> Mask:
        """Whether each term passes. `ids` may hold a term several times."""
        match test.name:
            case "class":
                return among(self._instances(test.parameters[0]), ids)
            case "in":
                return np.isin(ids, self._terms.several(test.parameters))
            case "nodeKind":
                return np.isin(self._terms.kinds(ids), list(_node_kinds(test.parameters[0])))
        distinct, back = np.unique(ids, return_inverse=True)
        return self._each(test, distinct)[back]

    def _each(self, test: TermTest, distinct: Ids) -> Mask:
        known = self._known.setdefault(test, {})
        check = self._checks.get(test)
        if check is None:
            check = self._checks[test] = _check(test)
        numbers = distinct.tolist()
        for id in numbers:
            if id not in known:
                known[id] = check(self._terms[id])
        return np.fromiter((known[id] for id in numbers), bool, len(numbers))


def _node_kinds(kind: Term) -> set[int]:
    name = kind.value.removeprefix(_SH) if isinstance(kind, NamedNode) else ""
    if name not in _NODE_KINDS:
        raise ShapesError(f"{kind} is no kind of node")
    return _NODE_KINDS[name]


def _check(test: TermTest) -> Callable[[Term], bool]:
    """The test of one term."""
    match test.name:
        case "languageIn":
            return partial(_has_language, [p.value.lower() for p in test.parameters if isinstance(p, Literal)])
        case "pattern":
            return partial(_matches, _pattern(test))
    (parameter,) = test.parameters
    match test.name:
        case "datatype" if isinstance(parameter, NamedNode):
            return partial(_has_datatype, parameter.value)
        case "minLength" if isinstance(parameter, Literal):
            return partial(_is_long, int(parameter.value))
        case "maxLength" if isinstance(parameter, Literal):
            return partial(_is_short, int(parameter.value))
    if isinstance(parameter, Literal) and test.name in _RANGES:
        return partial(_RANGES[test.name], parameter)
    raise ShapesError(f"sh:{test.name} has the parameter {parameter}, which it cannot have")


def _pattern(test: TermTest) -> re.Pattern[str]:
    pattern, *rest = test.parameters
    flags = 0
    for letter in rest[0].value.lower() if rest and isinstance(rest[0], Literal) else "":
        flags |= {"i": re.IGNORECASE, "m": re.MULTILINE}.get(letter, 0)
    if not isinstance(pattern, Literal):
        raise ShapesError(f"sh:pattern is {pattern}, which is no text")
    try:
        return re.compile(pattern.value, flags)
    except re.error as error:
        raise ShapesError(f"sh:pattern {pattern.value!r} cannot be read: {error}") from None


def _has_datatype(datatype: str, term: Term) -> bool:
    return literals.has_datatype(term, datatype)


def _matches(pattern: re.Pattern[str], term: Term) -> bool:
    text = literals.text(term)
    return text is not None and pattern.search(text) is not None


def _is_long(least: int, term: Term) -> bool:
    text = literals.text(term)
    return least == 0 or (text is not None and len(text) >= least)


def _is_short(most: int, term: Term) -> bool:
    text = literals.text(term)
    return text is not None and len(text) <= most


def _has_language(ranges: list[str], term: Term) -> bool:
    """Basic filtering of RFC 4647, as SPARQL's langMatches."""
    tag = (term.language or "").lower() if isinstance(term, Literal) else ""
    return bool(tag) and any(r in ("*", tag) or tag.startswith(f"{r}-") for r in ranges)


def _min_inclusive(bound: Literal, term: Term) -> bool:
    return literals.at_least(term, bound) is True


def _min_exclusive(bound: Literal, term: Term) -> bool:
    return literals.more_than(term, bound) is True


def _max_inclusive(bound: Literal, term: Term) -> bool:
    return literals.more_than(term, bound) is False


def _max_exclusive(bound: Literal, term: Term) -> bool:
    return literals.at_least(term, bound) is False


_RANGES: Final[dict[str, Callable[[Literal, Term], bool]]] = {
    "minInclusive": _min_inclusive,
    "minExclusive": _min_exclusive,
    "maxInclusive": _max_inclusive,
    "maxExclusive": _max_exclusive,
}


class Ranks:
    """The places of values on their axes, worked out once for each term, and comparisons of whole columns."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._kinds = np.zeros(0, np.int8)
        self._places = np.zeros(0, np.float64)

    def less(self, one: Ids, other: Ids, *, or_equal: bool) -> Mask:
        """Whether each term is less than the one beside it (or equal); False where they cannot be compared."""
        found, unsure = self._compared(one, other)
        answer = found <= 0 if or_equal else found < 0
        if len(unsure):
            compare = literals.less_or_equal if or_equal else literals.less
            answer[unsure] = self._pairwise(compare, one[unsure], other[unsure])
        return answer

    def order(self, one: Ids, other: Ids) -> npt.NDArray[np.int8]:
        """-1, 0 or 1 as each term is less than, equal to or more than the one beside it; 2 where nothing says."""
        found, unsure = self._compared(one, other)
        if len(unsure):
            found[unsure] = self._pairwise(literals.order, one[unsure], other[unsure])
        return found

    def places(self, values: Ids) -> npt.NDArray[np.float64]:
        """Numbers in the order of these terms: of their values where all are of one kind, else of their texts."""
        self._know(values)
        kinds = np.unique(self._kinds[values])
        if len(kinds) == 1 and kinds[0] != literals.NO_RANK:
            return self._places[values]
        distinct, back = np.unique(values, return_inverse=True)
        ordered = sorted(range(len(distinct)), key=lambda i: literals.sort_key(self._terms[int(distinct[i])]))
        places = np.empty(len(distinct))
        places[ordered] = np.arange(len(distinct))
        return places[back]

    def _compared(self, one: Ids, other: Ids) -> tuple[npt.NDArray[np.int8], Ids]:
        """The order as far as places on an axis decide it, and the rows where they do not."""
        self._know(one)
        self._know(other)
        kinds, places = self._kinds, self._places
        a, b = places[one], places[other]
        near = np.abs(a - b) <= literals.NEARLY * np.maximum(np.abs(a), np.abs(b))
        exact = (kinds[one] == literals.DAY) | ~near
        unsure = np.flatnonzero((kinds[one] == literals.NO_RANK) | (kinds[one] != kinds[other]) | ~exact)
        return np.sign(a - b).astype(np.int8), unsure

    def _pairwise(self, answer: Callable[[Term, Term], int], one: Ids, other: Ids) -> npt.NDArray[np.int8]:
        """The answer of a slow comparison, asked once for each pair of terms."""
        distinct, back = np.unique(np.stack([one, other]), axis=1, return_inverse=True)
        answers = [answer(self._terms[x], self._terms[y]) for x, y in distinct.T.tolist()]
        return np.array(answers, np.int8)[back.ravel()]

    def _know(self, ids: Ids) -> None:
        missing = len(self._terms) - len(self._kinds)
        if missing > 0:
            self._kinds = np.r_[self._kinds, np.full(missing, -1, np.int8)]
            self._places = np.r_[self._places, np.zeros(missing)]
        fresh: npt.NDArray[np.int64] = np.unique(ids[self._kinds[ids] < 0])
        for id in fresh.tolist():
            self._kinds[id], self._places[id] = literals.rank(self._terms[id])
