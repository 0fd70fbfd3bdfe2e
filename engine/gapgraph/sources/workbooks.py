"""Reads the sheets of an XLSX workbook: every cell that holds a value, and what a cell hides.

A formula whose value was never worked out reads as nothing, and so do all but the first of merged cells: both are
problems of the sheet, named by cell.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 256
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


class WorkbookError(ValueError):
    """The workbook as a whole cannot be read."""


@dataclass(slots=True)
class Sheet:
    """One sheet: its title, the rows that hold anything with their numbers, and row and sentence of each problem."""

    title: str
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def read_workbook(data: bytes) -> Iterator[Sheet]:
    """The sheets of a workbook in order. Raises WorkbookError where it cannot be read."""
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > 1000 or sum(i.file_size for i in infos) > MAX_UNPACKED:
                raise WorkbookError("the workbook unpacks to more than 200 MB; split it")
            parts = {i.filename: archive.read(i) for i in infos if i.filename.startswith("xl/worksheets/")}
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = None
        if any(_FORMULA.search(part) for part in parts.values()):
            formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
        for sheet in book.worksheets:
            found = Sheet(sheet.title, list(_rows(sheet)))
            found.problems += _merged(parts.get(sheet._worksheet_path.lstrip("/"), b""))
            if formulas is not None:
                found.problems += _not_worked_out(sheet, formulas[sheet.title])
            yield found
    except WorkbookError:
        raise
    except Exception as error:
        raise WorkbookError(
            f"not a readable XLSX workbook ({type(error).__name__}); save it again or use CSV"
        ) from None


def _rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
        if values.count(None) == len(values):
            continue
        cells = [text_of(value) for value in values]
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise WorkbookError(f"sheet '{sheet.title}' has more than {MAX_ROWS} rows; split it")
        yield number, cells


def text_of(value: object) -> str:
    """A cell's value as a register in CSV would write it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _merged(part: bytes) -> list[tuple[int, str]]:
    found = [tuple(piece.decode() for piece in match.groups()) for match in _MERGED.finditer(part)]
    if not found:
        return []
    first = min(found, key=lambda m: int(m[1]))
    shown = f"{first[0]}{first[1]}:{first[2]}{first[3]}"
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    message = f"cells {shown}{more} are merged and only the first holds the value; unmerge and fill them"
    return [(int(first[1]), message)]


def _not_worked_out(values: Any, formulas: Any) -> Iterator[tuple[int, str]]:
    both = zip(values.iter_rows(max_col=MAX_COLUMNS), formulas.iter_rows(max_col=MAX_COLUMNS), strict=False)
    for number, (shown, stated) in enumerate(both, start=1):
        for value, cell in zip(shown, stated, strict=False):
            if cell.data_type == "f" and value.value is None:
                message = f"cell {cell.coordinate} is a formula without a stored value; open the workbook and save it"
                yield number, message
