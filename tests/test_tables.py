"""Registers as other programs save them: read in full, or a fault that names what is in the way."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gapgraph.model import Source
from gapgraph.sources import Loaded, read_workspace
from gapgraph.sources.cells import Names
from gapgraph.sources.tables import csv_rows
from gapgraph.sources.workbooks import WorkbookError, read_workbook

NAMES = Names("https://example.org/x/", frozenset({"soc2"}), frozenset({"ACC-01"}))
HEAD = "id,name,started_on,ended_on\n"
ROW = "a,Ana,2026-01-01,\n"


def read(folder: Path, data: str | bytes, name: str = "people.csv") -> Loaded:
    (folder / "registers").mkdir(exist_ok=True)
    file = folder / "registers" / name
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_workspace(folder, NAMES)


def said(found: Loaded) -> list[tuple[int, str]]:
    return [(p.row, p.message) for p in found.problems if not p.notice]


def ids(found: Loaded) -> list[str]:
    return [iri.rpartition("/")[2] for iri in found.rows]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace(",", ";"),
        "\n \n" + (HEAD + ROW).replace(",", ";"),
        (HEAD + ROW).replace("\n", "\r"),
        (HEAD + ROW).replace("\n", "\r\r\n"),
        HEAD.replace("name", " Name ").replace("started_on", "started_on\u00a0") + ROW,
        HEAD + "a,Ana,2026-01-01,,,,\n",
        HEAD + '"a","Ana","2026-01-01",""\n',
    ],
)
def test_what_is_odd_and_clear_is_read(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert said(found) == []
    assert ids(found) == ["a"]
    assert {t.object.value for t in found.triples if t.predicate.value.endswith("startedOn")} == {"2026-01-01"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ((HEAD + ROW).encode("utf-16"), 1, "UTF-16"),
        ((HEAD + ROW).encode("utf-16-le"), 1, "NUL bytes"),
        ((HEAD + ROW).replace(",", "\t"), 1, "separate cells by commas"),
        ("\ufeff\ufeff" + HEAD + ROW, 1, "is nearly id"),
        (HEAD.replace("started_on", "Started on") + ROW, 1, "'started on' is nearly started_on"),
        (HEAD.replace("ended_on", "Ended on") + ROW, 1, "column ended on is not used; name it ended_on"),
        (HEAD.replace("ended_on", "ended-on") + ROW, 1, "column ended-on is not used; name it ended_on"),
        (HEAD.replace("ended_on", "ended_on\u200b") + ROW, 1, "is not used; name it ended_on"),
        (HEAD.replace("ended_on", "") + ROW.replace(",\n", ",2026-05-01\n"), 2, "column 4 has no name in the header"),
        (HEAD + "a,Ana,2026-01-01,,more\n", 2, "5 cells under 4 columns"),
        (HEAD + "a,Ana,2026-01-01\n", 2, "3 cells under 4 columns"),
        (HEAD + "a,#N/A,2026-01-01,\n", 2, "column name: '#N/A' is what a spreadsheet shows"),
        (HEAD + "a,Ana,2026-01-01,#REF!\n", 2, "column ended_on: '#REF!' is what a spreadsheet shows"),
        (HEAD + "<<<<<<< HEAD\n" + ROW, 2, "1 cells under 4 columns"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, text: str | bytes, row: int, words: str) -> None:
    found = said(read(tmp_path, text))
    assert [r for r, m in found if words in m] == [row], found
    assert all("\n" not in message for _, message in found)


def test_a_header_that_is_nearly_right_costs_its_column_only(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD.replace("ended_on", "ended on") + ROW)
    assert ids(found) == ["a"]
    (problem,) = found.problems
    assert (problem.register, problem.notice) == ("people", False)


def test_a_very_long_cell_costs_itself_and_nothing_after_it(tmp_path: Path) -> None:
    long = "x" * 200_000
    found = read(tmp_path, f"{HEAD}a,{long},2026-01-01,\nb,{'y' * 2_000_000},2026-01-01,\nc,Cy,2026-01-01,\n")
    assert ids(found) == ["a", "b", "c"]
    ((row, message),) = said(found)
    assert (row, message.partition(";")[0]) == (3, "column name: the cell is longer than 1 MiB")


def test_rows_are_counted_in_files_with_blank_lines() -> None:
    assert [row for row, _ in csv_rows("\n\nid;name\n\n1;2\n")] == [3, 5]


def book(folder: Path, fill: Callable[[Any], object], title: str = "people") -> Loaded:
    (folder / "registers").mkdir(exist_ok=True)
    made = openpyxl.Workbook()
    made.active.title = title
    fill(made.active)
    made.save(folder / "registers" / "all.xlsx")
    return read_workspace(folder, NAMES)


HEADER = ["id", "name", "started_on", "ended_on", "manager"]
ANA = ["a", "Ana", date(2026, 1, 1), None]


def rows(*lines: list[Any], merged: str = "") -> Callable[[Any], object]:
    def fill(sheet: Any) -> None:
        for line in lines:
            sheet.append(line)
        if merged:
            sheet.merge_cells(merged)

    return fill


def test_cells_of_a_workbook_are_read_as_a_register_has_them(tmp_path: Path) -> None:
    found = book(tmp_path, rows([], HEADER, [7.0, "Ana", datetime(2026, 1, 1), None]))
    assert said(found) == []
    assert ids(found) == ["7"]
    assert list(found.rows.values()) == [(Source("registers/all.xlsx#people", 3),)]


def test_a_row_far_below_the_others_is_read(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        rows(HEADER, ANA)(sheet)
        for column, value in enumerate(["z", "Zoe", date(2026, 1, 1)], start=1):
            sheet.cell(5000, column, value)

    assert ids(book(tmp_path, fill)) == ["a", "z"]


@pytest.mark.parametrize(
    ("fill", "row", "words"),
    [
        (rows(HEADER, [*ANA[:3], "=TODAY()"]), 2, "cell D2 is a formula without a stored value"),
        (rows(HEADER, ANA, ["b", "Ben", date(2026, 1, 1), None], merged="D2:D3"), 2, "cells D2:D3 are merged"),
        (rows(["id", "name", None, "started_on"], ["a", "A", "B", date(2026, 1, 1)], merged="B1:C1"), 1, "B1:C1"),
        (rows(["id", "name", None, "started_on"], ["a", "A", "B", date(2026, 1, 1)]), 2, "column 3 has no name"),
        (rows(HEADER, ["a", "#N/A", date(2026, 1, 1), None]), 2, "'#N/A' is what a spreadsheet shows"),
        (rows(HEADER, ["a", "Ana", date(2026, 1, 1), 46000]), 2, "'46000' is not a date"),
        (rows(HEADER, ["a", "Ana", datetime(2026, 1, 1, 9, 30), None]), 2, "is not a date"),
        (rows(["id", "name", "started on"], ["a", "Ana", date(2026, 1, 1)]), 1, "'started on' is nearly started_on"),
        (rows(), 1, "the file is empty"),
    ],
)
def test_what_a_workbook_hides_is_named(tmp_path: Path, fill: Callable[[Any], object], row: int, words: str) -> None:
    found = book(tmp_path, fill)
    assert [r for r, m in said(found) if words in m] == [row], said(found)
    assert {p.path for p in found.problems} == {"registers/all.xlsx#people"}


def test_a_formula_with_a_stored_value_is_its_value(tmp_path: Path) -> None:
    book(tmp_path, rows(HEADER, ["a", "=1", date(2026, 1, 1), None]))
    file = tmp_path / "registers" / "all.xlsx"
    stored = with_part(file, lambda part: part.replace(b"<v></v>", b"<v>12</v>").replace(b"<v />", b"<v>12</v>"))
    assert stored
    found = read_workspace(tmp_path, NAMES)
    assert said(found) == []
    assert "12" in {getattr(t.object, "value", "") for t in found.triples}


def with_part(file: Path, change: Callable[[bytes], bytes]) -> bool:
    """Rewrites the first sheet of a workbook; says whether that changed anything."""
    import zipfile

    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    before, parts[name] = parts[name], change(parts[name])
    with zipfile.ZipFile(file, "w") as archive:
        for path, data in parts.items():
            archive.writestr(path, data)
    return before != parts[name]


@pytest.mark.parametrize(
    ("title", "header", "register"),
    [
        ("Sheet1", HEADER, "people"),
        ("Tabelle2", ["id", "name", "colour"], "*"),
        ("People", HEADER, "people"),
    ],
)
def test_a_sheet_that_could_be_a_register_is_a_fault(
    tmp_path: Path, title: str, header: list[str], register: str
) -> None:
    found = book(tmp_path, rows(header), title)
    (problem,) = found.problems
    assert (problem.notice, problem.register) == (False, register)
    assert f"sheet '{title}' is not a register and is not used" in problem.message


def test_a_sheet_of_notes_is_a_notice(tmp_path: Path) -> None:
    found = book(tmp_path, rows(["What", "Why"], ["x", "y"]), "Notes")
    assert [p.notice for p in found.problems] == [True]


def test_a_workbook_that_is_none_is_refused() -> None:
    with pytest.raises(WorkbookError, match="not a readable XLSX workbook"):
        list(read_workbook(b"PK\x03\x04 no workbook"))


@pytest.mark.parametrize(
    ("name", "register"),
    [
        ("accounts.ods", "accounts"),
        ("Accounts.csv.bak", "accounts"),
        ("accounts.tsv", "accounts"),
        ("export.ods", "*"),
        ("everything.xls", "*"),
    ],
)
def test_a_file_that_could_hold_rows_and_is_not_read_is_a_fault(tmp_path: Path, name: str, register: str) -> None:
    (problem,) = read(tmp_path, b"anything", name).problems
    assert (problem.path, problem.register, problem.notice) == (f"registers/{name}", register, False)


@pytest.mark.parametrize(("name", "place"), [("Registers", "registers"), ("graph", "graphs"), ("FINDING", "findings")])
def test_a_folder_that_is_nearly_named_right_is_a_fault(tmp_path: Path, name: str, place: str) -> None:
    (tmp_path / name).mkdir()
    (problem,) = read_workspace(tmp_path, NAMES).problems
    assert (problem.path, problem.message) == (f"{name}/", f"the folder is not read; name it {place}")
