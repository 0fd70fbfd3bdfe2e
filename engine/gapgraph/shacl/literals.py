"""Values of literals, their order and their datatypes: in plain Python for the common forms, by rdflib for the rest.

Where a form is common and plain (a date, a whole number, a decimal, a boolean) its value is read here, hundreds of
times faster; every other form is read by rdflib, so that a verdict never depends on which of the two read it.
`rank` puts comparable values of the same kind on one axis, on which columns are compared at once.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from pyoxigraph import BlankNode, Literal

from gapgraph.shacl.rdf import rdf_literal
from gapgraph.shacl.terms import Term

__all__ = ["at_least", "has_datatype", "less", "less_or_equal", "more_than", "order", "rank", "sort_key", "text"]

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_LANG_STRING: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")

NO_RANK, DAY, NUMBER = 0, 1, 2
"""Kinds of values that have a place on an axis: days, and numbers that a double holds exactly or nearly."""
NEARLY: Final = 1e-9
"""Numbers closer than this, relative to their size, are compared exactly."""


def _day(lexical: str) -> date | None:
    if not _DATE.fullmatch(lexical):
        return None
    try:
        return date.fromisoformat(lexical)
    except ValueError:
        return None


def rank(term: Term) -> tuple[int, float]:
    """The kind of value and its place on the axis of that kind: days since 1 January of year 1, or the number."""
    if isinstance(term, Literal):
        datatype = term.datatype.value
        if datatype == _XSD + "date":
            day = _day(term.value)
            if day is not None:
                return DAY, float(day.toordinal())
        elif (datatype == _XSD + "integer" and _WHOLE.fullmatch(term.value)) or (
            datatype == _XSD + "decimal" and _DECIMAL.fullmatch(term.value)
        ):
            return NUMBER, float(term.value)
    return NO_RANK, 0.0


_rdf = lru_cache(maxsize=100_000)(rdf_literal)


def text(term: Term) -> str | None:
    """What SPARQL's `str` gives: the lexical form or the IRI; None for a blank node."""
    return None if isinstance(term, BlankNode) else term.value


_CLASSES: Final[dict[str, type | tuple[type, ...]]] = {
    "string": (str, bytes),
    "integer": int,
    "float": float,
    "decimal": Decimal,
    "boolean": bool,
    "date": date,
    "time": time,
    "dateTime": datetime,
}


def has_datatype(term: Term, datatype: str) -> bool:
    """Whether a term is a literal of this datatype with a lexical form that fits (SHACL §4.1.2)."""
    if not isinstance(term, Literal):
        return False
    own = term.datatype.value
    if own != datatype:
        return datatype in {_RDFS + "Literal", _RDFS + "Datatype"}
    if datatype in {_XSD + "string", _LANG_STRING}:
        return True
    if datatype == _XSD + "date" and _day(term.value) is not None:
        return True
    if datatype == _XSD + "integer" and _WHOLE.fullmatch(term.value):
        return True
    value = _rdf(term)
    if value.ill_typed:
        return False
    expected = _CLASSES.get(datatype.removeprefix(_XSD))
    return expected is None or isinstance(value.value, expected)


def _compare(one: Literal, other: Literal) -> int | None:
    """-1, 0 or 1 by SPARQL's operators; None where they do not say."""
    a, b = _rdf(one), _rdf(other)
    if isinstance(a.value, str) != isinstance(b.value, str):
        return None
    try:
        if a.eq(b):
            return 0
        if isinstance(a.value, datetime | time):
            return 0 if a.value == b.value else 1 if a.value > b.value else -1
        return 1 if a > b else -1
    except (TypeError, NotImplementedError):
        return None


def at_least(term: Term, bound: Term) -> bool | None:
    """Whether a value is the bound or more; None where the two cannot be compared."""
    found = _compare(term, bound) if isinstance(term, Literal) and isinstance(bound, Literal) else None
    return None if found is None else found >= 0


def more_than(term: Term, bound: Term) -> bool | None:
    """Whether a value is more than the bound; None where the two cannot be compared."""
    found = _compare(term, bound) if isinstance(term, Literal) and isinstance(bound, Literal) else None
    return None if found is None else found > 0


def less(one: Term, other: Term) -> bool:
    """Whether a value is less than another; False where SPARQL's `<` cannot compare them (SHACL §4.5.3)."""
    return _order(one, other) == -1


def less_or_equal(one: Term, other: Term) -> bool:
    """Whether a value is less than another or equal; False where SPARQL cannot compare them (SHACL §4.5.4)."""
    return _order(one, other) in {-1, 0}


def order(one: Term, other: Term) -> int:
    """-1, 0 or 1 by SPARQL's `<`, `=` and `>`; 2 where these operators do not know the two (SPARQL 1.1 §17.3)."""
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return 2
    family = _family(one)
    if family is None or family != _family(other):
        return 2
    if family == "string":
        return (one.value > other.value) - (one.value < other.value)
    found = _compare(one, other)
    return 2 if found is None else found


_NUMBERS: Final = frozenset(
    _XSD + name
    for name in (
        *("integer", "decimal", "float", "double", "nonPositiveInteger", "negativeInteger", "long", "int", "short"),
        *("byte", "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
        "positiveInteger",
    )
)


def _family(term: Literal) -> str | None:
    """The kind of value within which SPARQL's operators compare; None where there is none, or the form is none."""
    datatype = term.datatype.value
    if term.language is not None:
        return None
    if datatype == _XSD + "string":
        return "string"
    name = "number" if datatype in _NUMBERS else datatype.removeprefix(_XSD)
    if name not in {"number", "boolean", "date", "dateTime", "time"} or _rdf(term).ill_typed:
        return None
    return name


def sort_key(term: Term) -> tuple[int, int, float, str]:
    """An order of all terms: IRIs, then literals by kind of value, value and text."""
    kind, place = rank(term)
    return (int(isinstance(term, Literal)), kind, place, term.value)


def _order(one: Term, other: Term) -> int | None:
    """As `_compare`, for what SPARQL's operators know: neither IRIs nor texts with a language have an order."""
    if not isinstance(one, Literal) or not isinstance(other, Literal) or one.language or other.language:
        return None
    return _compare(one, other)
