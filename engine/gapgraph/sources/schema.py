"""What a register is: its class, its columns and what a cell of each column means (`registers/*.toml`)."""

import builtins
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gapgraph import assets
from gapgraph.errors import GapgraphError
from gapgraph.namespaces import PREFIXES

GG = PREFIXES["gg"]


def expand(name: str) -> str:
    """The IRI of a prefixed name such as `gg:Person`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind (see `registers/core.toml`), what the kind refers to, the property it states."""

    name: str
    kind: str
    detail: str
    property: str
    required: bool

    @builtins.property
    def targets(self) -> tuple[str, ...]:
        """The registers that a reference may point into."""
        return tuple(self.detail.split("|")) if self.kind in {"ref", "refs"} else ()


@dataclass(frozen=True, slots=True)
class Register:
    """One register: file name without ending, class of its rows, what it describes, its columns in order."""

    name: str
    cls: str
    describes: str
    columns: Mapping[str, Column]

    @property
    def required(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return tuple(c.name for c in self.columns.values() if c.required)


def _column(name: str, text: str) -> Column:
    if text == "id":
        return Column(name, "id", "", "", True)
    first, *rest = text.split()
    kind, _, detail = first.partition(":")
    prop = next((word for word in rest if word != "required"), "")
    return Column(name, kind, detail, expand(prop) if prop else "", "required" in rest)


@cache
def _document() -> tuple[Mapping[str, Mapping[str, object]], Mapping[str, Mapping[str, str]]]:
    """Tables of registers and of choices over all files, `core.toml` first, then by topic.

    A file may add words to a list of choices and columns to a register of another; neither may be there already.
    """
    found: dict[str, dict[str, object]] = {}
    words: dict[str, dict[str, str]] = {}
    for name, text in texts():
        for key, table in tomllib.loads(text).items():
            if key == "choices":
                for choice, entries in table.items():
                    _added(words.setdefault(choice, {}), entries, f"{name}: choices.{choice}")
            elif "class" in table:
                if "class" in found.setdefault(key, {}):
                    raise GapgraphError(f"{name}: register {key} is described twice")
                columns = found[key].get("columns", {})
                assert isinstance(columns, dict)
                found[key] = {**table, "columns": {**table["columns"], **columns}}
            else:
                own = found.setdefault(key, {}).setdefault("columns", {})
                assert isinstance(own, dict)
                _added(own, table["columns"], f"{name}: {key}")
    return found, words


def _added(table: dict[str, str], entries: Mapping[str, str], where: str) -> None:
    twice = sorted(set(table) & set(entries))
    if twice:
        raise GapgraphError(f"{where}: '{twice[0]}' is there twice")
    table.update(entries)


def texts() -> tuple[tuple[str, str], ...]:
    """The files that describe registers, by name, `core.toml` first."""
    folder = files("gapgraph.sources").joinpath("registers")
    names = sorted((f.name for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda n: (n != "core.toml", n))
    return tuple((name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names)


@cache
def registers() -> Mapping[str, Register]:
    """All registers by name, those that all topics share first."""
    found: dict[str, Register] = {}
    for name, table in _document()[0].items():
        columns = table["columns"]
        assert isinstance(columns, dict)
        parsed = {key: _column(key, str(value)) for key, value in columns.items()}
        found[name] = Register(name, expand(str(table["class"])), str(table["describes"]), parsed)
    return found


@cache
def choices(name: str) -> Mapping[str, str]:
    """The words a choice column takes and the IRI of each; control types and settings come from the ontology."""
    kind = _FROM_ONTOLOGY.get(name)
    if kind is not None:
        return _notations(kind)
    return {word: expand(iri) for word, iri in _document()[1][name].items()}


_FROM_ONTOLOGY = {"control_type": "gg:ControlType", "setting": "gg:Setting"}
"""Choices whose words are the notations of all individuals of a class."""


@cache
def _notations(kind: str) -> Mapping[str, str]:
    from pyoxigraph import NamedNode, Quad, RdfFormat, parse

    statements: list[Quad] = []
    for file in assets.ontology():
        statements += parse(file.read_bytes(), format=RdfFormat.TURTLE)
    a, notation = PREFIXES["rdf"] + "type", PREFIXES["skos"] + "notation"
    wanted = {q.subject for q in statements if q.predicate.value == a and q.object == NamedNode(expand(kind))}
    return dict(
        sorted(
            (str(getattr(q.object, "value", "")), str(getattr(q.subject, "value", "")))
            for q in statements
            if q.predicate.value == notation and q.subject in wanted
        )
    )
