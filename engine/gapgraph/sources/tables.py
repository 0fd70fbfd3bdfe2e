"""Registers as CSV or as sheets of one XLSX file.

A row becomes a resource BASE/REGISTER/ID of the register's class; its cells become statements. CSV is read strictly
(an unclosed quote is an error at its line, never a swallowed rest), as UTF-8 with or without a mark; a semicolon
separates where the header has no comma. Rows are counted as in a text editor: the header is row 1.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from pyoxigraph import NamedNode, Triple

from gapgraph.sources import schema
from gapgraph.sources.cells import Cell, Names, read, split
from gapgraph.sources.loading import RDF_TYPE, Batch, Problem, Reference, register_meant
from gapgraph.sources.workbooks import Sheet, WorkbookError, read_workbook

ORDERED = {
    "people": ("started_on", "ended_on"),
    "systems": ("in_scope_from", "in_scope_until"),
    "accounts": ("created_on", "disabled_on"),
    "access_reviews": ("population_on", "completed_on"),
    "secrets": ("created_on", "retired_on"),
    "third_party_apps": ("created_on", "removed_on"),
    "models": ("deployed_on", "retired_on"),
    "vulnerabilities": ("found_on", "closed_on"),
    "vendors": ("engaged_on", "ended_on"),
    "controls": ("implemented_on", "retired_on"),
    "model_breaches": ("occurred_on", "triaged_on"),
    "annotation_projects": ("started_on", "ended_on"),
    "ai_inventory": ("live_from", "retired_on"),
    "ai_uses": ("in_use_from", "in_use_until"),
    "privacy_notices": ("published_on", "retired_on"),
    "processing_activities": ("started_on", "ended_on"),
    "consents": ("given_on", "withdrawn_on", "processing_stopped_on"),
    "subject_requests": ("received_on", "extension_told_on", "answered_on"),
    "subprocessor_entries": ("listed_on", "removed_on"),
    "privacy_breaches": ("detected_on", "assessed_on"),
    "privacy_complaints": ("received_on", "settled_on"),
}
"""What cannot end before it began: such a row would drop out of what is looked at, or count as done in time.

The first column is the one before which none of the others can be.
"""

MAX_BYTES = 64 * 1024 * 1024
_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")


class TableError(ValueError):
    """The table as a whole cannot be read on; `row` is where."""

    def __init__(self, message: str, row: int) -> None:
        super().__init__(message)
        self.row = row


def decode(data: bytes) -> str:
    """The text of a CSV file; TableError names the encoding that is in the way."""
    if len(data) > MAX_BYTES:
        raise TableError("the file is larger than 64 MiB; split it", 0)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError("the file is UTF-16; save it as UTF-8", 1)
    if b"\x00" in data:
        raise TableError("the file holds NUL bytes; save it as CSV in UTF-8", 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise TableError("the file is not UTF-8; save it as CSV in UTF-8", row) from None


def delimiter_of(text: str) -> str:
    """What separates cells: a semicolon where the header, the first line that is not blank, has no comma."""
    header = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    return ";" if ";" in header and "," not in header else ","


def csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of each row that is not blank; TableError where quoting breaks."""
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter_of(text))
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = "a quote is opened and never closed" if "unexpected end" in str(error) else str(error)
            raise TableError(f"{why}; nothing from here on was read", start) from None
        if any(cell.strip() for cell in cells):
            yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def read_csv(data: bytes, path: str, names: Names) -> Batch:
    """One register from a CSV file named after it."""
    batch = Batch(path)
    name = PurePosixPath(path).stem
    register = schema.registers().get(name)
    if register is None:
        known = ", ".join(schema.registers())
        batch.problems.append(
            Problem(path, 0, f"'{name}' is not a register; the registers are {known}", notice=False, register="*")
        )
        return batch
    try:
        text = decode(data)
        fill(batch, register, csv_rows(text), names)
    except TableError as error:
        batch.problems.append(Problem(path, error.row, str(error), name))
    return batch


def read_xlsx(data: bytes, path: str, names: Names) -> Batch:
    """All registers of a workbook, one sheet each; sheets of other names are listed as not used."""
    batch = Batch(path)
    try:
        found = list(read_workbook(data))
    except WorkbookError as error:
        batch.problems.append(Problem(path, 0, str(error), "*"))
        return batch
    for sheet in found:
        register = schema.registers().get(sheet.title)
        if register is None:
            batch.problems.append(no_register(path, sheet))
            continue
        part = Batch(f"{path}#{sheet.title}")
        part.problems += [Problem(part.path, row, message, register.name) for row, message in sheet.problems]
        try:
            fill(part, register, iter(sheet.rows), names)
        except TableError as error:
            part.problems.append(Problem(part.path, error.row, str(error), register.name))
        batch.triples += part.triples
        batch.references += part.references
        batch.problems += part.problems
        batch.unused += part.unused
        batch.rows |= part.rows
        batch.sheets |= dict.fromkeys(part.rows, sheet.title)
    return batch


def no_register(path: str, sheet: Sheet) -> Problem:
    """A sheet that is not used: a fault where its name is nearly that of a register, or it has the columns of one."""
    said = f"sheet '{sheet.title}' is not a register and is not used"
    meant = register_meant(sheet.title)
    if meant:
        return Problem(path, 0, f"{said}; name it {meant}", meant)
    header = {name.lower() for name in sheet.rows[0][1]} if sheet.rows else set()
    alike = {r.name: len(header & set(r.columns)) for r in schema.registers().values() if set(r.required) <= header}
    if not alike:
        return Problem(path, 0, said, notice=True)
    best = [name for name, shared in alike.items() if shared == max(alike.values())]
    columns = f"the columns of {' or '.join(best[:3])}; name it after the register"
    return Problem(path, 0, f"{said}, but has {columns}", best[0] if len(best) == 1 else "*")


def fill(batch: Batch, register: schema.Register, rows: Iterator[tuple[int, list[str]]], names: Names) -> None:
    """Adds the rows of one register to `batch`; TableError where the whole cannot be read."""
    first = next(rows, None)
    if first is None:
        raise TableError("the file is empty; it needs a header row with the columns of its template", 1)
    number, header = first
    header = [cell.lower() for cell in header]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise TableError(f"column {', '.join(twice)} is there twice; keep one", number)
    near = {_column_meant(name, register): name for name in header if name not in register.columns}
    missing = [name for name in register.required if name not in header]
    if missing:
        also = next((f"; '{near[name]}' is nearly {name}" for name in missing if name in near), "")
        also = also or ("; separate cells by commas" if len(header) == 1 and re.search(r"[\t|]", header[0]) else "")
        columns = f"column {', '.join(missing)} is missing"
        raise TableError(f"{columns}; the register {register.name} needs it{also}", number)
    for name in header:
        if name and name not in register.columns:
            _not_used(batch, register, number, name)
    filling = _Filling(batch, register, names)
    nameless: dict[int, tuple[int, str]] = {}
    for row, cells in rows:
        if len(cells) > len(header) and any(cells[len(header) :]):
            message = f"{len(cells)} cells under {len(header)} columns; quote a cell that holds a comma"
            batch.problems.append(_problem(batch, register, row, message))
            continue
        if len(cells) < len(header):
            message = f"{len(cells)} cells under {len(header)} columns; the row may be shifted, fill it up"
            batch.problems.append(_problem(batch, register, row, message))
            continue
        values = {name: cell for name, cell in zip(header, cells, strict=False) if name in register.columns and cell}
        if "" in header:
            for place, (name, cell) in enumerate(zip(header, cells, strict=False), start=1):
                if cell and not name:
                    nameless.setdefault(place, (row, cell))
        filling.row(row, values)
    for place, (row, cell) in nameless.items():
        message = f"column {place} has no name in the header and is not used ('{cell[:40]}'); name it or clear it"
        batch.problems.append(_problem(batch, register, row, message))


def _column_meant(name: str, register: schema.Register) -> str:
    """The column that a header is meant to be: spaces, hyphens and unseen characters do not count; '' for none."""
    plain = re.sub(r"[\s\-_]+", "_", _UNSEEN.sub("", name).strip())
    return plain if plain in register.columns else ""


def _not_used(batch: Batch, register: schema.Register, row: int, name: str) -> None:
    """A column that is not used: a fault where its name is nearly one of the register's."""
    meant = _column_meant(name, register)
    message = f"column {name} is not used"
    if meant:
        batch.problems.append(_problem(batch, register, row, f"{message}; name it {meant}"))
        return
    batch.problems.append(Problem(batch.path, row, message, register.name, notice=True))
    batch.unused.append(f"{batch.path}: column {name}")


def _problem(
    batch: Batch,
    register: schema.Register,
    row: int,
    message: str,
    subject: str = "",
    narrowing: Sequence[str] = (),
) -> Problem:
    return Problem(batch.path, row, message, register.name, subject, tuple(narrowing))


_Parts = tuple[tuple[str, tuple[str, ...]], ...]
"""What a cell of references names: each part with the IRIs that it can be."""


class _Filling:
    """The rows of one register on their way into a batch; what cells of a column say is read once for each text."""

    def __init__(self, batch: Batch, register: schema.Register, names: Names) -> None:
        self._batch, self._register, self._names = batch, register, names
        self._class = NamedNode(register.cls)
        self._properties = {n: NamedNode(c.property) for n, c in register.columns.items() if c.property}
        self._read: dict[str, dict[str, Cell]] = {name: {} for name in register.columns}
        self._parts: dict[str, dict[str, _Parts]] = {name: {} for name in register.columns}
        self._rows: dict[str, int] = {}

    def row(self, row: int, values: Mapping[str, str]) -> None:
        """Adds what a row states, and what is wrong with it."""
        batch, register = self._batch, self._register
        id = values.get("id", "")
        if not id:
            batch.problems.append(_problem(batch, register, row, "column id is empty; give the row an id"))
            return
        if id in self._rows:
            message = f"id '{id}' is already used in row {self._rows[id]}; give each row its own"
            batch.problems.append(_problem(batch, register, row, message, self._names.iri(register.name, id).value))
            return
        self._rows[id] = row
        subject = self._names.iri(register.name, id)
        iri = subject.value
        batch.rows[iri] = row
        batch.triples.append(Triple(subject, RDF_TYPE, self._class))
        columns = register.columns
        cells = {name: self._cell(columns[name], text) for name, text in values.items() if name != "id"}
        narrowing = [
            t.value for n in columns if n in cells and columns[n].kind in {"choice", "class"} for t in cells[n].terms
        ]
        turned = _ends_before_it_begins(register, values, cells)
        if turned:
            batch.problems.append(_problem(batch, register, row, turned, iri, narrowing))
        for name, column in columns.items():
            cell = cells.get(name)
            if cell is None:
                if column.required and column.kind != "id":
                    message = f"column {name} is empty; it is required"
                    batch.problems.append(_problem(batch, register, row, message, iri, narrowing))
                continue
            for error in cell.errors:
                batch.problems.append(_problem(batch, register, row, f"column {name}: {error}", iri, narrowing))
            for notice in cell.notices:
                batch.problems.append(Problem(batch.path, row, f"column {name}: {notice}", register.name, notice=True))
            if column.kind in {"ref", "refs"}:
                self._refer(row, column, values[name], iri, tuple(narrowing))
            elif column.kind == "class":
                batch.triples += [Triple(subject, RDF_TYPE, term) for term in cell.terms]
            else:
                property = self._properties[name]
                batch.triples += [Triple(subject, property, term) for term in cell.terms]

    def _cell(self, column: schema.Column, text: str) -> Cell:
        if column.kind == "text":  # which is hardly ever said twice
            return read(text, column, self._names)
        known = self._read[column.name]
        if text not in known:
            known[text] = read(text, column, self._names)
        return known[text]

    def _refer(self, row: int, column: schema.Column, text: str, subject: str, narrowing: tuple[str, ...]) -> None:
        known = self._parts[column.name]
        if text not in known:
            parts = split(text) if column.kind == "refs" else [text]
            known[text] = tuple((part, self._candidates(column, part)) for part in parts)
        targets = " or ".join(column.targets)
        for part, candidates in known[text]:
            self._batch.references.append(
                Reference(
                    self._batch.path,
                    row,
                    self._register.name,
                    targets,
                    column.name,
                    part,
                    subject,
                    candidates,
                    column.property,
                    narrowing,
                )
            )

    def _candidates(self, column: schema.Column, part: str) -> tuple[str, ...]:
        whole = part.startswith(("http://", "https://", "urn:"))
        return (part,) if whole else tuple(self._names.iri(r, part).value for r in column.targets)


def _ends_before_it_begins(register: schema.Register, values: Mapping[str, str], cells: Mapping[str, Cell]) -> str:
    """What is wrong with the two dates between which a row counts, or ''."""
    first, *others = ORDERED.get(register.name, ("",))
    for last in others:
        read_well = all(name in cells and not cells[name].errors for name in (first, last))
        if read_well and values[last] < values[first]:
            return f"column {last}: {values[last]} is before {values[first]} in column {first}; correct one of them"
    return ""
