"""Functions of single terms and of columns of texts, as SPARQL 1.1 §17.4 has them."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from hashlib import md5
from typing import Final

import numpy as np
import numpy.typing as npt
from pyoxigraph import Literal, NamedNode

from gapgraph.construct.errors import RuleError

__all__ = [
    "BOOLEAN",
    "ERROR",
    "NO",
    "OF_TEXTS",
    "STRING",
    "XSD",
    "YES",
    "Texts",
    "Truth",
    "alike",
    "as_integer",
    "computed",
    "effective",
    "iri",
    "named",
]

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
STRING, BOOLEAN, _INTEGER, _DECIMAL, _DATE = (
    NamedNode(XSD + name) for name in ("string", "boolean", "integer", "decimal", "date")
)
_DURATION, _MONTHS = (NamedNode(XSD + name) for name in ("dayTimeDuration", "yearMonthDuration"))
YES, NO, ERROR = 1, 0, -1
"""Truth: an error is neither."""
_LENGTH = re.compile(r"(-?)P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)D)?")

Texts = list[str | None]
Truth = npt.NDArray[np.int8]


def effective(term: object) -> int:
    if not isinstance(term, Literal):
        return ERROR
    if term.datatype == BOOLEAN:
        return {"true": YES, "1": YES, "false": NO, "0": NO}.get(term.value, NO)
    if term.datatype == STRING:
        return int(bool(term.value))
    if term.datatype in {_INTEGER, _DECIMAL}:
        found = _number(term)
        return NO if found is None else int(bool(found))
    return ERROR


def alike(one: object, other: object) -> int:
    """Equality of two literals that are not the same term and have no order."""
    if isinstance(one, Literal) and isinstance(other, Literal):
        plain = {STRING, BOOLEAN, _INTEGER, _DECIMAL, _DATE}
        if one.language or other.language or (one.datatype in plain and other.datatype in plain):
            return NO
    return ERROR


def _number(term: object) -> Decimal | None:
    if isinstance(term, Literal) and term.datatype in {_INTEGER, _DECIMAL}:
        try:
            return Decimal(term.value)
        except ArithmeticError:
            return None
    return None


def computed(name: str, one: object, other: object) -> Literal | None:
    """Numbers with numbers, and dates with whole days or months."""
    if isinstance(one, Literal) and one.datatype == _DATE:
        if name == "-" and isinstance(other, Literal) and other.datatype == _DATE:
            return _between(one.value, other.value)
        return _moved(one.value, other, -1 if name == "-" else 1) if name != "*" else None
    a, b = _number(one), _number(other)
    if a is None or b is None:
        return None
    result = a + b if name == "+" else a - b if name == "-" else a * b
    whole = isinstance(one, Literal) and isinstance(other, Literal) and one.datatype == other.datatype == _INTEGER
    if whole:
        return Literal(str(int(result)), datatype=_INTEGER)
    text = f"{result:f}"
    return Literal(text.rstrip("0").rstrip(".") if "." in text else text, datatype=_DECIMAL)


def _between(one: str, other: str) -> Literal | None:
    """The days from one date to another."""
    try:
        days = (date.fromisoformat(one) - date.fromisoformat(other)).days
    except ValueError:
        return None
    sign = "-" if days < 0 else ""
    return Literal(f"{sign}P{abs(days)}D" if days else "PT0S", datatype=_DURATION)


def _moved(day: str, length: object, sign: int) -> Literal | None:
    """A date before or after (XML Schema 1.1 part 2, appendix E.3.3: a day that a month has not is its last)."""
    if not isinstance(length, Literal) or length.datatype not in {_DURATION, _MONTHS}:
        return None
    found = _LENGTH.fullmatch(length.value)
    if found is None:
        raise RuleError(f"rules move dates by whole days, months or years, not by {length}")
    sign *= -1 if found[1] else 1
    years, months, days = (sign * int(n or 0) for n in found.groups()[1:])
    try:
        start = date.fromisoformat(day)
        month = start.month - 1 + months + 12 * years
        first = start.replace(start.year + month // 12, month % 12 + 1, 1)
        last = monthrange(first.year, first.month)[1]
        moved = first.replace(day=min(start.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return Literal(moved.isoformat(), datatype=_DATE)


def as_integer(term: object) -> Literal | None:
    """The cast of §17.5, of what is a number or spells a whole one."""
    if not isinstance(term, Literal):
        return None
    found = _number(term)
    if found is None and term.datatype == STRING and re.fullmatch(r"[+-]?[0-9]+", term.value):
        found = Decimal(term.value)
    return None if found is None else Literal(str(int(found)), datatype=_INTEGER)


def iri(text: str) -> NamedNode | None:
    try:
        return NamedNode(text)
    except ValueError:
        return None


def named(term: object) -> NamedNode | None:
    return iri(term.value) if isinstance(term, Literal) and term.datatype == STRING else None


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise RuleError(f"the pattern {pattern!r} cannot be read: {error}") from None


def _concat(*parts: Texts) -> Texts:
    return [None if None in row else "".join(row) for row in zip(*parts, strict=True)]


def _replace(texts: Texts, patterns: Texts, others: Texts) -> Texts:
    return [
        None if t is None or p is None or o is None else _regex(p).sub(re.sub(r"\$(\d)", r"\\\1", o), t)
        for t, p, o in zip(texts, patterns, others, strict=True)
    ]


def _matches(texts: Texts, patterns: Texts) -> Truth:
    return np.array(
        [
            ERROR if t is None or p is None else int(_regex(p).search(t) is not None)
            for t, p in zip(texts, patterns, strict=True)
        ],
        np.int8,
    )


def _md5(texts: Texts) -> Texts:
    return [None if t is None else md5(t.encode(), usedforsecurity=False).hexdigest() for t in texts]


def _lower(texts: Texts) -> Texts:
    return [None if t is None else t.lower() for t in texts]


def _upper(texts: Texts) -> Texts:
    return [None if t is None else t.upper() for t in texts]


OF_TEXTS: Final[dict[str, Callable[..., Texts | Truth]]] = {
    "CONCAT": _concat,
    "REPLACE": _replace,
    "REGEX": _matches,
    "MD5": _md5,
    "LCASE": _lower,
    "UCASE": _upper,
}
