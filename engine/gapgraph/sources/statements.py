"""Checks statements of graphs one by one: terms that exist and may be stated, values that fit the column they fill.

What passes is stated as a register would state it: a `xsd:dateTime` becomes its day, a day loses its offset. What
does not pass is dropped with a fault that names subject and property; a graph has no rows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.frameworks import read_criterion_id
from gapgraph.namespaces import PREFIXES, curie
from gapgraph.sources import terms
from gapgraph.sources.cells import (
    BOOLEAN,
    DATE,
    DECIMAL,
    INTEGER,
    CellError,
    Names,
    Term,
    date_literal,
    read,
    read_date,
)
from gapgraph.sources.loading import Problem
from gapgraph.sources.schema import Column
from gapgraph.sources.terms import GG, RDF_TYPE, SUBCLASS

_XSD = PREFIXES["xsd"]
_DATETIME = NamedNode(_XSD + "dateTime")
_WHOLE = frozenset(_XSD + name for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger"))
_NUMBERS = _WHOLE | {_XSD + name for name in ("decimal", "double", "float")}
_HOME = "w3id.org/gapgraph/"
_OURS = (GG, PREFIXES["ggs"], PREFIXES["tsc"])


@dataclass(slots=True)
class Known:
    """What is known of subjects: their classes, the classes a workspace makes itself, and kinds that narrow a fault."""

    base: str
    types: dict[str, set[str]] = field(default_factory=dict)
    own: dict[str, frozenset[str]] = field(default_factory=dict)
    kinds: dict[str, set[str]] = field(default_factory=dict)
    by_class: dict[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    @classmethod
    def of(cls, triples: Iterable[Triple], base: str) -> "Known":
        """Collects types, classes above classes and chosen words."""
        known = cls(base)
        for triple in triples:
            if not isinstance(triple.subject, NamedNode) or not isinstance(triple.object, NamedNode):
                continue
            subject, value = triple.subject.value, triple.object.value
            if triple.predicate.value == RDF_TYPE:
                known.types.setdefault(subject, set()).add(value)
            elif triple.predicate.value == SUBCLASS:
                known.own[subject] = known.own.get(subject, frozenset()) | {value}
            elif value.startswith(GG):
                known.kinds.setdefault(subject, set()).add(value)
        return known

    def rows(self, subject: str) -> Mapping[str, frozenset[str]]:
        """The registers that the subject is a row of by its classes, and the classes that such a row has."""
        found: dict[str, frozenset[str]] = {}
        for cls in sorted(self.types.get(subject, ())):
            if cls not in self.by_class:
                self.by_class[cls] = terms.rows_of(cls, self.own)
            for register, classes in self.by_class[cls].items():
                found[register] = found.get(register, frozenset()) | classes
        return found

    def registers(self, subject: str) -> frozenset[str]:
        """The registers of the subject by its classes, else by its IRI."""
        found = frozenset(self.rows(subject))
        start, _, _ = subject.removeprefix(self.base).partition("/")
        named = {start} & set(terms.records()) if subject.startswith(self.base) else set()
        return found or frozenset(named)

    def fault(self, path: str, subject: str, property: str, message: str) -> Problem:
        """A fault about one statement; what it could touch follows from the subject, else from the property."""
        registers = self.registers(subject) or frozenset(terms.columns_of(property))
        register = next(iter(registers)) if len(registers) == 1 else "*"
        narrowing = sorted(self.types.get(subject, set()) | self.kinds.get(subject, set()))
        if register == "findings":
            register = "captures"
        return Problem(path, 0, f"{shown(subject, self.base)}: {message}", register, subject, tuple(narrowing))


def shown(iri: str, base: str) -> str:
    """An IRI as messages show it: without the workspace's base, or with its prefix."""
    if iri.startswith(f"{base}.well-known/genid/"):
        return "a node without a name"
    return iri.removeprefix(base) if iri.startswith(base) else curie(iri)


def checked(
    triples: Iterable[Triple], path: str, names: Names
) -> tuple[list[Triple], list[Problem], set[tuple[str, str]]]:
    """The statements that can be used, the faults of the others, and which subjects and properties these are about."""
    triples = list(triples)
    known = Known.of(triples, names.base)
    good: list[Triple] = []
    faults: dict[tuple[str, str, str], Problem] = {}
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        subject, property = triple.subject.value, triple.predicate.value
        try:
            good.append(_statement(triple, subject, property, known, names))
        except CellError as error:
            faults.setdefault((subject, property, str(error)), known.fault(path, subject, property, str(error)))
    return good, list(faults.values()), {(subject, property) for subject, property, _ in faults}


def _statement(triple: Triple, subject: str, property: str, known: Known, names: Names) -> Triple:
    if subject.startswith(_OURS):
        raise CellError("is a term of gapgraph and not described in a workspace; remove the statement")
    if property in {RDF_TYPE, SUBCLASS}:
        cls = triple.object.value if isinstance(triple.object, NamedNode) else ""
        why = terms.why_not_class(cls) if _of_gapgraph(cls) else ""
        if why:
            raise CellError(f"{curie(cls)} {why}")
        return triple
    if not _of_gapgraph(property):
        return triple
    why = terms.why_not_property(property)
    if why:
        raise CellError(f"{curie(property)} {why}")
    columns = terms.columns_of(property)
    fitting = [columns[r] for r in sorted(known.registers(subject) & set(columns))] or list(columns.values())
    errors = []
    for column in fitting:
        try:
            return Triple(triple.subject, triple.predicate, _value(triple.object, column, names))
        except CellError as error:
            errors.append(error)
    raise CellError(f"{curie(property)}: {errors[0]}")


def _of_gapgraph(iri: str) -> bool:
    """Whether an IRI is meant to be gapgraph's; http for https, or another ending, is a slip of the pen."""
    return iri.partition("://")[2].startswith(_HOME) and not iri.startswith(PREFIXES["tsc"])


def _value(term: object, column: Column, names: Names) -> Term:
    if column.kind in {"ref", "refs", "engagements", "criteria", "requirements", "choice", "finding_status"}:
        return _thing(term, column, names)
    if not isinstance(term, Literal):
        raise CellError("takes a literal, not an IRI")
    match column.kind:
        case "date" | "last_day":
            return _day(term, names)
        case "yesno":
            if term.datatype != BOOLEAN or term.value not in {"true", "false", "1", "0"}:
                raise CellError(f"'{term.value}' is no xsd:boolean; write true or false without quotes")
            return Literal("true" if term.value in {"true", "1"} else "false", datatype=BOOLEAN)
        case "integer" | "number":
            return _number(term, column, names)
    (cell,) = [read(term.value, column, names)]
    if cell.errors:
        raise CellError(cell.errors[0])
    if column.kind == "parameters" and len(cell.terms) != 1:
        raise CellError(f"'{term.value}' is not one parameter; state each on its own")
    return cell.terms[0] if column.kind == "parameters" else term


def _day(term: Literal, names: Names) -> Literal:
    if term.datatype == DATE:
        text = term.value
        if text.endswith("Z") or (len(text) > 10 and text[-6:-5] in {"+", "-"}):
            text = text.removesuffix("Z") if text.endswith("Z") else text[:-6]
        return date_literal(read_date(text))
    if term.datatype == _DATETIME:
        try:
            moment = datetime.fromisoformat(term.value)
            local = moment if moment.tzinfo is None else moment.astimezone(ZoneInfo(names.zone))
        except (ValueError, OverflowError):
            raise CellError(f"'{term.value}' is no xsd:dateTime; write it as 2026-01-31T09:30:00Z") from None
        return date_literal(read_date(local.date().isoformat()))
    raise CellError(f"'{term.value}' is no xsd:date; write it as \"2026-01-31\"^^xsd:date")


def _number(term: Literal, column: Column, names: Names) -> Literal:
    datatype = term.datatype.value
    if datatype not in (_WHOLE if column.kind == "integer" else _NUMBERS):
        kind = "xsd:integer" if column.kind == "integer" else "xsd:decimal"
        raise CellError(f"'{term.value}' is no {kind}; write it without quotes, such as 12")
    text = term.value
    if datatype in {_XSD + "double", _XSD + "float"}:
        try:
            text = f"{Decimal(text):f}"
        except ArithmeticError:
            raise CellError(f"'{text}' is no number that can be compared") from None
    cell = read(text, column, names)
    if cell.errors:
        raise CellError(cell.errors[0])
    assert isinstance(cell.terms[0], Literal)
    return Literal(cell.terms[0].value, datatype=INTEGER if column.kind == "integer" else DECIMAL)


def _thing(term: object, column: Column, names: Names) -> NamedNode:
    if not isinstance(term, NamedNode):
        said = term.value if isinstance(term, Literal) else ""
        raise CellError(f"'{said}' is a literal; write the IRI of what is meant")
    table = terms.table_of(column)
    if table and term.value not in table.values():
        raise CellError(f"{curie(term.value)} is not one of: {', '.join(map(curie, table.values()))}")
    said = shown(term.value, names.base)
    if column.kind == "engagements":
        engagements = {names.engagement(e).value for e in names.engagements} | {GG + "NoEngagement"}
        if term.value not in engagements:
            raise CellError(f"{said} is not an engagement of gapgraph.toml ({', '.join(sorted(names.engagements))})")
    if column.kind == "criteria":
        id = term.value.removeprefix(PREFIXES["tsc"])
        found = read_criterion_id(id) if term.value.startswith(PREFIXES["tsc"]) else None
        if found is None or found.id != id:
            raise CellError(f"{said} is not a criterion of the Trust Services Criteria; ids run from CC1.1 to P8.1")
    if column.kind == "requirements" and term.value.removeprefix(PREFIXES["ggs"]) not in names.requirements:
        raise CellError(f"{said} is not a requirement of this profile; docs/requirements.md lists the ids")
    return term
