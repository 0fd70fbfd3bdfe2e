"""What a register is: its class, its columns and what a cell of each column means (`registers.toml`)."""

import builtins
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from gapgraph import assets
from gapgraph.namespaces import PREFIXES

GG = PREFIXES["gg"]


def expand(name: str) -> str:
    """The IRI of a prefixed name such as `gg:Person`."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its kind (see `registers.toml`), what the kind refers to, the property it states."""

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
def _document() -> dict[str, dict[str, object]]:
    return tomllib.loads(files("gapgraph.sources").joinpath("registers.toml").read_text(encoding="utf-8"))


@cache
def registers() -> Mapping[str, Register]:
    """All registers by name, in the order of the file."""
    found: dict[str, Register] = {}
    for name, table in _document().items():
        if name == "choices":
            continue
        columns = table["columns"]
        assert isinstance(columns, dict)
        parsed = {key: _column(key, str(value)) for key, value in columns.items()}
        found[name] = Register(name, expand(str(table["class"])), str(table["describes"]), parsed)
    return found


@cache
def choices(name: str) -> Mapping[str, str]:
    """The words a choice column takes and the IRI of each; control types come from the ontology."""
    if name == "control_type":
        return control_types()
    table = _document()["choices"][name]
    assert isinstance(table, dict)
    return {word: expand(iri) for word, iri in table.items()}


@cache
def control_types() -> Mapping[str, str]:
    """Notation to IRI of every control type in `ontology/control-types.ttl`."""
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    data = assets.path("ontology", "control-types.ttl").read_bytes()
    notation = PREFIXES["skos"] + "notation"
    found = {}
    for quad in parse(data, format=RdfFormat.TURTLE):
        if (
            quad.predicate.value == notation
            and isinstance(quad.object, Literal)
            and isinstance(quad.subject, NamedNode)
        ):
            found[quad.object.value] = quad.subject.value
    return dict(sorted(found.items()))
