"""What the ontology and the registers say about terms that a workspace may use in graphs of its own.

A workspace states what the registers state. Everything else of the vocabulary is derived from that, or belongs to
the profile, and is refused; a term that nobody defines is refused too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode, RdfFormat, parse

from gapgraph import assets
from gapgraph.namespaces import PREFIXES
from gapgraph.sources import schema
from gapgraph.sources.schema import Column, Register

GG = PREFIXES["gg"]
RDF_TYPE = PREFIXES["rdf"] + "type"
SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_OWL_CLASS = PREFIXES["owl"] + "Class"
_TOPICS = "topics"
_DERIVED = ("derived", "defined", _TOPICS)
"""Files of the ontology whose terms only rules and the reasoner give to things."""

_OF_WORKSPACES = ("records", "ai")
"""Files of the ontology whose other terms describe what a workspace holds."""

FINDING = GG + "ScannerFinding"
_STATUS = {word: GG + word for word in ("Passed", "Failed", "Manual", "Suppressed")}
_FINDING_COLUMNS = {
    "checkId": ("text", True),
    "findingStatus": ("finding_status", True),
    "resourceId": ("text", False),
    "resourceName": ("text", False),
    "capturedOn": ("date", True),
    "source": ("text", False),
    "setting": ("choice", False),
    "settingValue": ("text", False),
}


@dataclass(frozen=True, slots=True)
class Ontology:
    """Classes and properties of the ontology with the file that defines each, and the classes right above a class."""

    classes: Mapping[str, str]
    properties: Mapping[str, str]
    above: Mapping[str, frozenset[str]]


@cache
def ontology() -> Ontology:
    """What `ontology/*.ttl` defines in gapgraph's namespace."""
    classes: dict[str, str] = {}
    properties: dict[str, str] = {}
    above: dict[str, set[str]] = {}
    for file in assets.ontology():
        home = _TOPICS if file.parent.name == _TOPICS else file.stem
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            term, value = quad.subject, quad.object
            if not isinstance(term, NamedNode) or not isinstance(value, NamedNode) or not term.value.startswith(GG):
                continue
            if quad.predicate.value == SUBCLASS:
                above.setdefault(term.value, set()).add(value.value)
            elif quad.predicate.value == RDF_TYPE and value.value == _OWL_CLASS:
                classes[term.value] = home
            elif quad.predicate.value == RDF_TYPE and value.value.endswith("Property"):
                properties[term.value] = home
    return Ontology(classes, properties, {c: frozenset(up) for c, up in above.items()})


@cache
def records() -> Mapping[str, Register]:
    """The registers by name, and `findings`, which only scanners and graphs state."""
    columns = {
        name: Column(name, kind, "setting" if kind == "choice" else "", GG + name, required)
        for name, (kind, required) in _FINDING_COLUMNS.items()
    }
    return {**schema.registers(), "findings": Register("findings", FINDING, "Findings of scanners.", columns)}


@cache
def columns_of(property: str) -> Mapping[str, Column]:
    """The columns that state a property, by register; none for a property that a workspace does not state."""
    return {r.name: c for r in records().values() for c in r.columns.values() if c.property == property}


def table_of(column: Column) -> Mapping[str, str]:
    """The words of a choice and their IRIs; none for other kinds of columns."""
    if column.kind == "finding_status":
        return _STATUS
    return schema.choices(column.detail) if column.kind in {"choice", "class"} else {}


@cache
def _registers_by_class() -> Mapping[str, str]:
    """Every class that a row has, and the register of such rows."""
    found: dict[str, str] = {}
    for register in records().values():
        kinds = {iri for c in register.columns.values() if c.kind == "class" for iri in table_of(c).values()}
        found |= dict.fromkeys(sorted(kinds), register.name)
    return found | {r.cls: r.name for r in records().values()}


def rows_of(cls: str, own: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """The registers whose rows a class is of, the nearest above it, each with the classes passed on the way there.

    `own` are the classes that a workspace puts above its own.
    """
    found: dict[str, frozenset[str]] = {}
    level = {cls: frozenset[str]()}
    seen = {cls}
    while level and not found:
        higher: dict[str, frozenset[str]] = {}
        for here, passed in level.items():
            register = _registers_by_class().get(here)
            if register:
                found[register] = passed | {here, records()[register].cls}
            for up in sorted((ontology().above.get(here, frozenset()) | own.get(here, frozenset())) - seen):
                seen.add(up)
                higher[up] = passed | ({here} if here in _registers_by_class() else frozenset())
        level = higher
    return found


def why_not_property(iri: str) -> str:
    """Why a workspace cannot state a property of gapgraph's namespace, or ''."""
    if columns_of(iri):
        return ""
    file = ontology().properties.get(iri)
    return _refusal(file) if file else "is no property of gapgraph; correct its name"


def why_not_class(iri: str) -> str:
    """Why a workspace cannot give things a class of gapgraph's namespace, or ''."""
    if iri in _registers_by_class():
        return ""
    file = ontology().classes.get(iri)
    if file is None:
        return "is no class of gapgraph; correct its name"
    if file == _TOPICS:
        return "" if iri in _stated() else _refusal(file)
    if file in _OF_WORKSPACES or (file not in _DERIVED and iri in _near_rows()):
        return ""
    return _refusal(file)


def _refusal(file: str) -> str:
    who = "is derived by gapgraph and cannot be stated" if file in _DERIVED else "is not for a workspace to state"
    return f"{who}; remove the statement"


@cache
def _stated() -> frozenset[str]:
    """The classes that a column gives its rows, with those above: of what a topic defines, rules derive all others."""
    kinds = {c.detail for r in schema.registers().values() for c in r.columns.values() if c.kind == "class"}
    found = {iri for kind in kinds for iri in schema.choices(kind).values()} | set(_registers_by_class())
    return frozenset(found | {up for c in found for up in _over(c)})


@cache
def _near_rows() -> frozenset[str]:
    """The classes of rows, with those above and below."""
    found = set(_registers_by_class())
    found |= {c for c in ontology().classes if any(up in _registers_by_class() for up in _over(c))}
    return frozenset(found | {up for c in _registers_by_class() for up in _over(c)})


def _over(cls: str) -> Iterator[str]:
    for up in ontology().above.get(cls, ()):
        yield up
        yield from _over(up)
