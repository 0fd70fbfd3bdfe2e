"""Rows for registers: checked against the schema and the workspace, then added to the register's CSV file.

Rows are merged by id. A row that is there and says the same is left alone; one that says something else is a
fault that names both places. Columns that a file does not have, and cells that are empty in it, say nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gapgraph.importing.common import Incoming, Plan, Space
from gapgraph.importing.writing import Output, current
from gapgraph.sources import schema, tables
from gapgraph.sources.loading import Batch, Problem
from gapgraph.sources.tables import TableError, csv_rows, decode, delimiter_of
from gapgraph.sources.workbooks import WorkbookError, read_workbook


@dataclass(frozen=True, slots=True)
class Row:
    """One row to come: where it stood, its cells that are not empty, and what a new row gets besides."""

    number: int
    cells: Mapping[str, str]
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one register that a file (`path`, as messages show it) brings."""

    register: schema.Register
    path: str
    rows: tuple[Row, ...]


def from_csv(files: Sequence[Incoming], space: Space) -> Plan:
    """Registers as CSV, each under its own name."""
    plan = Plan()
    found = []
    for file in files:
        name = PurePosixPath(file.name).stem
        register = schema.registers().get(name)
        if register is None:
            known = ", ".join(schema.registers())
            plan.problems.append(Problem(file.name, 0, f"'{name}' is not a register; the registers are {known}"))
            continue
        try:
            rows = list(csv_rows(decode(file.data)))
        except TableError as error:
            plan.problems.append(Problem(file.name, error.row, str(error), name))
            continue
        table = _own(plan, register, file.name, rows, space)
        if table is not None:
            found.append(table)
    return merged(plan, found, space)


def from_xlsx(files: Sequence[Incoming], space: Space) -> Plan:
    """Workbooks with one sheet for each register."""
    plan = Plan()
    found = []
    for file in files:
        try:
            sheets = list(read_workbook(file.data))
        except WorkbookError as error:
            plan.problems.append(Problem(file.name, 0, str(error)))
            continue
        known = [sheet for sheet in sheets if sheet.title in schema.registers()]
        plan.take(tables.no_register(file.name, sheet) for sheet in sheets if sheet not in known)
        if not known:
            plan.problems.append(Problem(file.name, 0, "no sheet has the name of a register"))
        for sheet in known:
            path = f"{file.name}#{sheet.title}"
            plan.problems += [Problem(path, row, message, sheet.title) for row, message in sheet.problems]
            table = _own(plan, schema.registers()[sheet.title], path, sheet.rows, space)
            if table is not None:
                found.append(table)
    return merged(plan, found, space)


def _own(
    plan: Plan, register: schema.Register, path: str, rows: Sequence[tuple[int, list[str]]], space: Space
) -> Table | None:
    """A table in the register's own columns; None where it cannot be read on."""
    batch = Batch(path)
    try:
        tables.fill(batch, register, iter(rows), space.names)
    except TableError as error:
        plan.problems.append(Problem(path, error.row, str(error), register.name))
        return None
    finally:
        plan.take(p for p in batch.problems if p.notice)
    header = [cell.lower() for cell in rows[0][1]]
    found = []
    for number, cells in rows[1:]:
        if len(cells) > len(header) and any(cells[len(header) :]):
            plan.problems += [p for p in batch.problems if p.row == number and not p.notice]
            continue
        known = {n: c for n, c in zip(header, cells, strict=False) if c and n in register.columns}
        found.append(Row(number, known))
    return Table(register, path, tuple(found))


def merged(plan: Plan, found: Sequence[Table], space: Space) -> Plan:
    """Checks tables against schema and workspace and adds the files to write to the plan."""
    batches = [_checked(table, space) for table in found]
    for batch in batches:
        plan.take(batch.problems)
        plan.statements += len(batch.triples) + len(batch.references)
    fresh = {subject for batch in batches for subject in batch.rows}
    plan.take(space.unresolved((r for batch in batches for r in batch.references), fresh))
    by_register: dict[str, list[Table]] = {}
    for table in found:
        plan.rows += len(table.rows)
        by_register.setdefault(table.register.name, []).append(table)
    for parts in by_register.values():
        _merge(plan, parts, space)
    return plan


def _checked(table: Table, space: Space) -> Batch:
    batch = Batch(table.path)
    columns = list(table.register.columns)

    def lines() -> Iterator[tuple[int, list[str]]]:
        yield 1, columns
        for row in table.rows:
            cells = {**row.defaults, **row.cells}
            yield row.number, [cells.get(column, "") for column in columns]

    tables.fill(batch, table.register, lines(), space.names)
    return batch


@dataclass(frozen=True, slots=True)
class _Existing:
    """A register file as it stands: raw lines of cells, the header in lower case, rows by id."""

    data: bytes | None
    lines: Sequence[tuple[int, list[str]]]
    header: Sequence[str]
    rows: Mapping[str, tuple[int, Mapping[str, str]]]


def _existing(data: bytes | None) -> _Existing:
    if data is None or not data.strip():
        return _Existing(data, (), (), {})
    lines = list(csv_rows(decode(data)))
    header = [cell.lower() for cell in lines[0][1]]
    rows: dict[str, tuple[int, Mapping[str, str]]] = {}
    for number, cells in lines[1:]:
        known = dict(zip(header, cells, strict=False))
        rows.setdefault(known.get("id", ""), (number, known))
    return _Existing(data, lines, header, rows)


def _merge(plan: Plan, parts: Sequence[Table], space: Space) -> None:
    register = parts[0].register
    where = f"registers/{register.name}.csv"
    target = space.folder / "registers" / f"{register.name}.csv"
    try:
        existing = _existing(current(target))
    except TableError as error:
        plan.problems.append(Problem(where, error.row, f"{error}; mend it before the import", register.name))
        return
    fresh: dict[str, tuple[Table, Row]] = {}
    same = 0
    for table in parts:
        for row in table.rows:
            id = row.cells.get("id", "")
            there, before = existing.rows.get(id), fresh.get(id)
            if not id or (before and before[0] is table):
                continue
            if there:
                place, differs = f"{where}:{there[0]}", _difference(row.cells, there[1])
                same += not differs
            elif before:
                first = f"{before[0].path}:{before[1].number}"
                place, differs = first, _difference(row.cells, before[1].cells)
            else:
                place, differs = "", ""
                _elsewhere(plan, table, row, where, space)
                fresh[id] = (table, row)
            if differs:
                message = f"id '{id}' differs from {place} in {differs}; make them alike or rename one"
                plan.problems.append(Problem(table.path, row.number, message, register.name))
    if same:
        plan.note(where, 0, f"{same} of the rows are there already and say the same")
    if fresh:
        cells = [{**row.defaults, **row.cells} for _, row in fresh.values()]
        plan.outputs.append(Output(target, _text(register, existing, cells), existing.data))


def _elsewhere(plan: Plan, table: Table, row: Row, where: str, space: Space) -> None:
    """A fault where another file of the workspace already has the row."""
    iri = space.names.iri(table.register.name, row.cells.get("id", "")).value
    for source in space.loaded.rows.get(iri, ()):
        if source.path != where:
            message = f"id '{row.cells.get('id', '')}' is already in {source.path}:{source.row}; remove one"
            plan.problems.append(Problem(table.path, row.number, message, table.register.name))


def _difference(new: Mapping[str, str], old: Mapping[str, str]) -> str:
    return ", ".join(
        f"column {column} ('{_short(cell)}', there '{_short(old.get(column, ''))}')"
        for column, cell in new.items()
        if cell != old.get(column, "")
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _text(register: schema.Register, existing: _Existing, rows: Sequence[Mapping[str, str]]) -> bytes:
    """The register with the new rows at its end; what is there keeps its bytes unless it lacks a column."""
    used = [c for c in register.columns if c in register.required or any(c in row for row in rows)]
    header = [*existing.header, *(c for c in used if c not in existing.header)]
    kept = existing.data or b""
    delimiter = delimiter_of(decode(kept))
    end = "\r\n" if kept.partition(b"\n")[0].endswith(b"\r") else "\n"
    lines: list[str] = []
    if header != list(existing.header):
        lines.append(_line(header, delimiter))
        lines += [_line([*c, *[""] * (len(header) - len(c))], delimiter) for _, c in existing.lines[1:]]
        kept = b""
    elif not kept.endswith(b"\n"):
        lines.append("")
    lines += [_line([row.get(column, "") for column in header], delimiter) for row in rows]
    return kept + "".join(line + end for line in lines).encode()


def _line(cells: Sequence[str], delimiter: str) -> str:
    """One line of CSV without its end; a lone carriage return is quoted only where the line end has one."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")
