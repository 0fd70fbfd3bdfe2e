"""Reads one cell: text in, terms out, or a message that says what is wrong and what would be right.

Dates are strict (`2026-01-31`), numbers are plain, words of a choice are listed in the message. Ids are folded only
where the field knows several spellings (criteria). Nothing is guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from gapgraph.frameworks import read_criterion_id
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.parameters import ParameterError, read_parameter
from gapgraph.sources.schema import Column, choices

MAX_DAYS = 36_500
SCALES = {
    "_days": ("number of days", MAX_DAYS),
    "_hours": ("number of hours", 24 * MAX_DAYS),
    "_percent": ("share in percent", 100),
    "availability_target": ("share in percent", 100),
    "availability_alert_at": ("share in percent", 100),
}
"""How the names of columns with a scale end, what such a number is and the most that it can be."""
XSD = PREFIXES["xsd"]
DATE = NamedNode(XSD + "date")
BOOLEAN = NamedNode(XSD + "boolean")
INTEGER = NamedNode(XSD + "integer")
DECIMAL = NamedNode(XSD + "decimal")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INTEGER = re.compile(r"[+-]?\d{1,18}")
_NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d{1,9})?")
_IRI = re.compile(r"(https?|urn):[^\s<>\"{}|\\^`]+")
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
"""What spreadsheets show where a formula has no value."""

MAX_TEXT = 1024 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

Term = NamedNode | Literal


class CellError(ValueError):
    """What is wrong with a cell and what would be right, without file and row."""


@dataclass(frozen=True, slots=True)
class Names:
    """How ids become IRIs: the workspace's base IRI, the known engagements and requirements; whose days count."""

    base: str
    engagements: frozenset[str]
    requirements: frozenset[str]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """The parameters that some requirement reads, each with its default; with none given they are not checked."""
    zone: str = "UTC"
    """The time zone in which instants become days."""

    def iri(self, register: str, id: str) -> NamedNode:
        """The IRI of a row: BASE/REGISTER/ID with the id percent-encoded."""
        return NamedNode(f"{self.base}{register}/{quote(id, safe='')}")

    def engagement(self, id: str) -> NamedNode:
        """The IRI of an engagement."""
        return NamedNode(f"{self.base}engagement/{quote(id, safe='')}")


def read_date(text: str) -> date:
    """The day that `text` names; CellError for anything but a real day written as 2026-01-31."""
    if not _DATE.fullmatch(text):
        raise CellError(f"'{text}' is not a date; write it as 2026-01-31")
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise CellError(f"'{text}' is not a day of the calendar; write a date such as 2026-01-31") from None
    if not 1900 <= value.year <= 2999:
        raise CellError(f"'{text}' is outside 1900 to 2999; check the year")
    return value


def date_literal(value: date) -> Literal:
    """The `xsd:date` literal of a plain date."""
    return Literal(value.isoformat(), datatype=DATE)


def split(text: str) -> list[str]:
    """The parts of a list cell, which are separated by semicolons."""
    return [part.strip() for part in text.split(";") if part.strip()]


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell states, what is wrong with it, and what was understood although it is spelled otherwise."""

    terms: tuple[Term, ...] = ()
    errors: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()


def read(text: str, column: Column, names: Names) -> Cell:
    """Reads a cell; of a list every good part is kept and every bad one named."""
    parts = split(text) if column.kind in _LISTS else [text]
    terms: list[Term] = []
    errors: list[str] = []
    notices: list[str] = []
    for part in parts:
        try:
            term, notice = _read_one(part, column, names)
        except CellError as error:
            errors.append(str(error))
            continue
        if column.kind == "parameters" and _name(term) in map(_name, terms):
            errors.append(f"the parameter '{_name(term)}' is stated twice; keep one")
            continue
        terms.append(term)
        if notice:
            notices.append(notice)
    return Cell(tuple(terms), tuple(errors), tuple(notices))


_LISTS = frozenset({"refs", "engagements", "criteria", "requirements", "parameters"})


def _read_one(text: str, column: Column, names: Names) -> tuple[Term, str]:
    if _CONTROLS.search(text):
        raise CellError("the cell holds a control character; remove it")
    if text in _ERRORS:
        raise CellError(f"'{text}' is what a spreadsheet shows for a formula that failed; correct or clear the cell")
    if len(text) > MAX_TEXT:
        raise CellError("the cell is longer than 1 MiB; keep the text in a file and name that")
    match column.kind:
        case "text":
            return Literal(text), ""
        case "parameters":
            return _parameter(text, names), ""
        case "date":
            return date_literal(read_date(text)), ""
        case "last_day":
            return date_literal(read_date(text) + timedelta(days=1)), ""
        case "yesno":
            return _yes_no(text), ""
        case "integer" | "number":
            return _number(text, column), ""
        case "choice" | "class":
            table = choices(column.detail)
            if text not in table:
                raise CellError(f"'{text}' is not one of: {', '.join(table)}")
            return NamedNode(table[text]), ""
        case "ref" | "refs":
            if _IRI.fullmatch(text):
                return NamedNode(text), ""
            return names.iri(column.targets[0], text), ""
        case "engagements":
            return _engagement(text, names), ""
        case "criteria":
            return _criterion(text)
        case "requirements":
            if text not in names.requirements:
                raise CellError(f"'{text}' is not a requirement of this profile; docs/requirements.md lists the ids")
            return NamedNode(PREFIXES["ggs"] + text), ""
        case _:
            raise CellError(f"column kind {column.kind} is unknown")


def _parameter(text: str, names: Names) -> Literal:
    try:
        return Literal("=".join(read_parameter(text, names.parameters)))
    except ParameterError as error:
        raise CellError(str(error)) from None


def _name(parameter: Term) -> str:
    return parameter.value.partition("=")[0]


def _yes_no(text: str) -> Literal:
    word = text.lower()
    if word not in {"yes", "no", "true", "false"}:
        raise CellError(f"'{text}' is neither yes nor no")
    return Literal("true" if word in {"yes", "true"} else "false", datatype=BOOLEAN)


def _number(text: str, column: Column) -> Literal:
    whole = column.kind == "integer"
    if whole and not _INTEGER.fullmatch(text):
        raise CellError(f"'{text}' is not a whole number")
    if not whole and not _NUMBER.fullmatch(text):
        raise CellError(f"'{text}' is not a number; write it as 12 or 99.9")
    for ending, (what, most) in SCALES.items():
        if column.name.endswith(ending) and not 0 <= Decimal(text) <= most:
            raise CellError(f"'{text}' is no {what} from 0 to {most}")
    return Literal(str(int(text)), datatype=INTEGER) if whole else Literal(str(Decimal(text)), datatype=DECIMAL)


def _engagement(text: str, names: Names) -> Term:
    if text.lower() == "none":
        return NamedNode(PREFIXES["gg"] + "NoEngagement")
    if text not in names.engagements:
        raise CellError(f"'{text}' is not an engagement of gapgraph.toml ({', '.join(sorted(names.engagements))})")
    return names.engagement(text)


def _criterion(text: str) -> tuple[Term, str]:
    found = read_criterion_id(text)
    if found is None:
        raise CellError(f"'{text}' is not a criterion of the Trust Services Criteria; ids run from CC1.1 to P8.1")
    return NamedNode(PREFIXES["tsc"] + found.id), found.notice or ""
