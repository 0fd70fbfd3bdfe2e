"""Collects all inputs of a workspace and checks what only the whole can tell: references and ids used twice."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from gapgraph.model import InputFile, Source
from gapgraph.sources.cells import Names
from gapgraph.sources.hashes import hashes_of

EVIDENCE_FILES = "urn:gapgraph:evidence"
"""The graph that holds the hashes of files of evidence."""
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that could not be read as it stands.

    `register` and `narrowing` (IRIs of classes, settings, control types read from the same row) let the profile say
    which requirements it could touch; `subject` is the IRI of the row where it has one. A `notice` loses nothing.
    """

    path: str
    row: int
    message: str
    register: str = ""
    subject: str = ""
    narrowing: tuple[str, ...] = ()
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a cell, to be checked once everything is read."""

    path: str
    row: int
    owner: str
    targets: str
    column: str
    text: str
    subject: str
    candidates: tuple[str, ...]
    predicate: str
    narrowing: tuple[str, ...] = ()


@dataclass(slots=True)
class Batch:
    """What one input gives: statements, rows by subject, problems, references and what it did not use.

    `sheets` names the sheet of each subject that was read from one; `refused` are subjects and properties of a graph
    about which a fault speaks already.
    """

    path: str
    triples: list[Triple] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    sheets: dict[str, str] = field(default_factory=dict)
    refused: set[tuple[str, str]] = field(default_factory=set)

    def place(self, subject: str) -> Source:
        """Where the row of a subject stands; a sheet follows the path after `#`."""
        sheet = self.sheets.get(subject)
        return Source(f"{self.path}#{sheet}" if sheet else self.path, self.rows[subject])


@dataclass(frozen=True, slots=True)
class Loaded:
    """All inputs: (graph IRI, statements) per file, the side table of rows, inputs with hashes, problems, notes.

    `rows` maps the IRI of a subject to the places it was read from, sorted.
    """

    graphs: tuple[tuple[str, tuple[Triple, ...]], ...]
    rows: Mapping[str, tuple[Source, ...]]
    inputs: tuple[InputFile, ...]
    problems: tuple[Problem, ...]
    unused: tuple[str, ...]

    @property
    def triples(self) -> Iterable[Triple]:
        """Every statement of every input."""
        for _, batch in self.graphs:
            yield from batch


def _reader(place: str, name: str) -> Callable[[bytes, str, Names], Batch] | None:
    """The reader of a file by folder and ending; imported when first needed."""
    ending = name.lower().rpartition(".")[2]
    if place == "registers" and ending in {"csv", "xlsx"}:
        from gapgraph.sources import tables

        return tables.read_csv if ending == "csv" else tables.read_xlsx
    if place == "graphs" and ending in {"ttl", "trig", "nt", "nq", "jsonld"}:
        from gapgraph.sources.rdf import read_rdf

        return read_rdf
    if place == "findings" and ending == "json":
        from gapgraph.sources.findings import read_findings

        return read_findings
    return None


def _files(folder: Path) -> list[Path]:
    return (
        sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".", "~$")))
        if folder.is_dir()
        else []
    )


def register_meant(name: str) -> str:
    """The register that a file or sheet is meant to be: case, spaces and hyphens do not count; '' for none."""
    from gapgraph.sources.schema import registers

    plain = name.strip().lower().replace(" ", "_").replace("-", "_")
    return plain if plain in registers() else ""


_READ_FROM = {
    "registers": "registers are read from .csv and .xlsx; save it as one of these",
    "graphs": "graphs are read from .ttl, .trig, .nt, .nq and .jsonld; save it as one of these",
    "findings": "findings are read from OCSF JSON with the ending .json; let the scanner write that",
}
_PLACES = tuple(_READ_FROM)
_UNREAD = {"registers": "*", "graphs": "*", "findings": "captures"}
"""What a file that is not read could have held."""


def _not_read(place: str, path: str, file: Path) -> Problem:
    """A file of a kind that is not read: what it holds would be missing. A page about the folder is harmless."""
    name = register_meant(file.name.partition(".")[0]) if place == "registers" else ""
    if name:
        return Problem(path, 0, f"the register {name} is read from .csv or .xlsx; save it as one of these", name)
    if file.suffix.lower() == ".md" or file.stem.lower() == "readme":
        return Problem(path, 0, f"files of this kind are not read from {place}/", notice=True)
    return Problem(path, 0, f"{_READ_FROM[place]}, or move it out of {place}/", _UNREAD[place])


def _strays(folder: Path) -> list[Problem]:
    """Registers that lie beside `registers/` instead of in it, and folders whose name is nearly one that is read."""
    found = []
    for entry in sorted(folder.iterdir()):
        if entry.is_dir():
            place = f"{entry.name.lower().removesuffix('s')}s"
            right = folder / place
            if place in _PLACES and entry.name != place and not (right.exists() and right.samefile(entry)):
                message = f"the folder is not read; name it {place}"
                found.append(Problem(f"{entry.name}/", 0, message, _UNREAD[place]))
        elif entry.suffix.lower() in {".csv", ".xlsx"} and (name := register_meant(entry.stem)):
            message = f"the register {name} is not read from here; move it to registers/"
            found.append(Problem(entry.name, 0, message, name))
    return found


def read_workspace(folder: Path, names: Names) -> Loaded:
    """Reads `registers/`, `graphs/` and `findings/` below `folder`; never raises for what a file holds."""
    batches: list[Batch] = []
    inputs: list[InputFile] = []
    problems: list[Problem] = _strays(folder)
    for place in _PLACES:
        for file in _files(folder / place):
            path = file.relative_to(folder).as_posix()
            reader = _reader(place, file.name)
            if reader is None:
                problems.append(_not_read(place, path, file))
                continue
            try:
                data = file.read_bytes()
            except OSError as error:
                problems.append(
                    Problem(path, 0, f"cannot be read ({error.strerror}); check its permissions", file.stem)
                )
                continue
            batch = reader(data, path, names)
            batches.append(batch)
            inputs.append(InputFile(path, hashlib.sha256(data).hexdigest(), len(batch.triples)))
    hashes = hashes_of(folder, (t for batch in batches for t in batch.triples))
    return _joined(batches, inputs, problems, names, hashes)


def _used_twice(rows: Mapping[str, Sequence[Source]], batches: Iterable[Batch]) -> list[Problem]:
    """Ids that rows of several register files use: their cells would run together, an old copy with the current one."""
    registers = {b.path for b in batches if b.path.startswith("registers/")}
    found = []
    for subject, places in rows.items():
        first, *more = sorted(p for p in places if p.path.partition("#")[0] in registers) or [Source("", 0)]
        for place in more:
            name = subject.rpartition("/")[0].rpartition("/")[2]
            message = (
                f"id '{unquote(subject.rpartition('/')[2])}' is already used in {first.path}:{first.row}; keep one"
            )
            found.append(Problem(place.path, place.row, message, name, subject))
    return found


def _joined(
    batches: list[Batch], inputs: list[InputFile], problems: list[Problem], names: Names, hashes: Sequence[Triple] = ()
) -> Loaded:
    rows: dict[str, list[Source]] = {}
    for batch in batches:
        problems.extend(batch.problems)
        for subject in batch.rows:
            rows.setdefault(subject, []).append(batch.place(subject))
    problems.extend(_used_twice(rows, batches))
    nodes = cache(NamedNode)
    known = set(rows) | {names.engagement(e).value for e in names.engagements}
    for batch in batches:
        for reference in batch.references:
            target = next((c for c in reference.candidates if c in known), None)
            if target is None:
                problems.append(
                    Problem(
                        reference.path,
                        reference.row,
                        f"column {reference.column}: '{reference.text}' is not in {reference.targets}; "
                        "add the row it names or correct the id",
                        reference.owner,
                        reference.subject,
                        reference.narrowing,
                    )
                )
                continue
            batch.triples.append(Triple(*map(nodes, (reference.subject, reference.predicate, target))))
    if any(batch.path.startswith("graphs/") for batch in batches):
        from gapgraph.sources.records import complete

        problems.extend(complete(batches, names))
    files = ((EVIDENCE_FILES, tuple(hashes)),) if hashes else ()
    return Loaded(
        (*((f"urn:gapgraph:input:{batch.path}", tuple(batch.triples)) for batch in batches), *files),
        {subject: tuple(sorted(places)) for subject, places in rows.items()},
        tuple(inputs),
        tuple(sorted(problems)),
        tuple(note for batch in batches for note in batch.unused),
    )
