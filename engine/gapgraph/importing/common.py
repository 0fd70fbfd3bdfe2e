"""What all kinds of import share: incoming files, the workspace as it stands, the plan."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from gapgraph import workspace as workspaces
from gapgraph.importing.writing import Output
from gapgraph.namespaces import PREFIXES
from gapgraph.sources import Loaded, Problem, read_workspace
from gapgraph.sources.cells import Names
from gapgraph.sources.loading import Reference

_LABEL = PREFIXES["skos"] + "prefLabel"
_EMAIL = PREFIXES["gg"] + "email"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to import: its bare name, which is what messages show, and its bytes."""

    name: str
    data: bytes


@dataclass(slots=True)
class Plan:
    """What an import comes to: files to write, what was not understood, what has no place."""

    outputs: list[Output] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    rows: int = 0
    statements: int = 0

    def take(self, problems: Iterable[Problem]) -> None:
        """Adds what a reader reported; a notice becomes a line of `unused`, unless it is there already."""
        for problem in problems:
            if not problem.notice:
                self.problems.append(problem)
                continue
            self.note(problem.path, problem.row, problem.message)

    def note(self, path: str, row: int, message: str) -> None:
        """Adds one line to `unused`, once."""
        line = f"{path}:{row}: {message}" if row else f"{path}: {message}"
        if line not in self.unused:
            self.unused.append(line)


class Space:
    """A workspace as it stands before the import; its inputs are read when they are first asked for."""

    def __init__(self, folder: Path, names: Names) -> None:
        self.folder = folder
        self.names = names

    @classmethod
    def open(cls, folder: Path) -> "Space":
        """Raises InputError where the folder is no workspace."""
        space = workspaces.load(folder)
        return cls(folder, workspaces.names_of(space))

    @cached_property
    def loaded(self) -> Loaded:
        """Everything that the workspace holds."""
        return read_workspace(self.folder, self.names)

    def unresolved(self, references: Iterable[Reference], fresh: Iterable[str]) -> list[Problem]:
        """A problem for each reference to a row that neither the workspace nor the import has."""
        known = set(self.loaded.rows) | set(fresh) | {self.names.engagement(e).value for e in self.names.engagements}
        return [
            Problem(
                r.path,
                r.row,
                f"column {r.column}: '{r.text}' is not in {r.targets}; import or add the row it names first",
                r.owner,
                r.subject,
            )
            for r in references
            if known.isdisjoint(r.candidates)
        ]

    @cached_property
    def people(self) -> Mapping[str, frozenset[str]]:
        """Ids of people by id, name and e-mail address, in lower case."""
        start = f"{self.names.base}people/"
        found: dict[str, set[str]] = {}
        for iri in self.loaded.rows:
            if iri.startswith(start):
                id = unquote(iri.removeprefix(start))
                found.setdefault(id.lower(), set()).add(id)
        for triple in self.loaded.triples:
            subject, value = triple.subject, triple.object
            if not isinstance(subject, NamedNode) or not subject.value.startswith(start):
                continue
            if triple.predicate.value in {_LABEL, _EMAIL} and isinstance(value, Literal):
                found.setdefault(value.value.lower(), set()).add(unquote(subject.value.removeprefix(start)))
        return {name: frozenset(ids) for name, ids in found.items()}
