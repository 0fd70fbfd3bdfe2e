"""Takes files of other tools into a workspace, all or nothing.

`import_files` reads everything first. One thing that is not understood, and nothing is written: it stands in
`not_understood` with file and row. What was understood and has no place (a column, an owner who is not in
people) stands in `unused` and stops nothing. Writing is atomic, and no file or row that is there is ever
changed: a different one is a fault that names both.

Kinds and where they go: `prowler` to findings/; `turtle`, `trig`, `jsonld` to graphs/; `csv`, `xlsx`,
`controls-csv` and `assessments-csv` to registers/ (see `docs/importing.md`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapgraph.errors import InputError, UsageError
from gapgraph.importing import copies, foreign, registers
from gapgraph.importing.common import Incoming, Plan, Space
from gapgraph.importing.writing import write_all
from gapgraph.sources.loading import Problem

__all__ = ["KINDS", "ImportReport", "import_files"]

MAX_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do.

    `written` are the files written or to be written, `rows` the rows, records or subjects that were read and
    `statements` what they state. `not_understood` is empty, or nothing was written. `unused` are sentences,
    each with its file: columns, cells and checks that were read and have no place.
    """

    kind: str
    files: tuple[Path, ...]
    written: tuple[Path, ...]
    rows: int
    statements: int
    not_understood: tuple[Problem, ...]
    unused: tuple[str, ...]


_Reader = Callable[[Sequence[Incoming], Space], Plan]
_READERS: dict[str, _Reader] = {
    "prowler": copies.prowler,
    "turtle": copies.turtle,
    "trig": copies.trig,
    "jsonld": copies.jsonld,
    "csv": registers.from_csv,
    "xlsx": registers.from_xlsx,
    "controls-csv": foreign.controls,
    "assessments-csv": foreign.assessments,
}
KINDS = tuple(_READERS)


def import_files(kind: str, files: Sequence[Path], workspace: Path, *, dry_run: bool = False) -> ImportReport:
    """Imports files of one kind; with `dry_run` everything but the writing is done.

    Raises UsageError for an unknown kind, InputError where a file or the workspace cannot be read, where a
    target changed while it was read, or where writing fails (nothing is changed then).
    """
    if kind not in _READERS:
        raise UsageError(f"'{kind}' is no kind of import; the kinds are {', '.join(KINDS)}")
    if not files:
        raise UsageError("no file to import; name one")
    incoming = [Incoming(file.name, _bytes(file)) for file in files]
    plan = _READERS[kind](incoming, Space.open(workspace))
    problems = tuple(sorted(plan.problems))
    outputs = () if problems else tuple(plan.outputs)
    if outputs and not dry_run:
        write_all(outputs)
    return ImportReport(
        kind=kind,
        files=tuple(files),
        written=tuple(output.path for output in outputs),
        rows=plan.rows,
        statements=plan.statements,
        not_understood=problems,
        unused=tuple(plan.unused),
    )


def _bytes(file: Path) -> bytes:
    try:
        if file.is_dir():
            raise InputError("is a folder", file.name, remedy="Name the files in it.")
        if file.stat().st_size > MAX_BYTES:
            raise InputError("is larger than 64 MiB", file.name, remedy="Split it.")
        return file.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise InputError(reason, file.name, remedy="Check its name and permissions.") from None
