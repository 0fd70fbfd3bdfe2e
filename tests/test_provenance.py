"""Every place that a gap cites holds the record that it is cited for, whatever the file looks like."""

from pathlib import Path

import openpyxl
import pytest

from gapgraph.demo import write_demo
from gapgraph.demo.catalogue import DEFAULTS
from gapgraph.run import assess
from gapgraph.why import read_rows
from tests.provenance import unfounded
from tests.small_workspace import registers, write
from tests.test_scans import JUNE, MARCH, scanned


def test_every_place_that_a_gap_of_the_demo_cites_holds_its_record(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write_demo(folder, size="small", seed=3, defects=DEFAULTS["small"])
    found = assess(folder)
    assert len({gap.requirement for gap in found.gaps}) >= 10
    assert unfounded(folder, found) == []
    sources = {s for gap in found.gaps for d in gap.deviations for s in d.sources if s.row}
    assert len(sources) >= 20
    assert [row.source for row in read_rows(folder, sources) if row.note or not row.cells] == []


def test_every_place_that_a_gap_from_a_scan_cites_holds_its_record(tmp_path: Path) -> None:
    folder = scanned(tmp_path, MARCH, JUNE)
    found = assess(folder)
    assert any(s.path.startswith("findings/") for g in found.gaps for d in g.deviations for s in d.sources)
    assert unfounded(folder, found) == []


def rewritten(folder: Path, form: str) -> None:
    """The registers of the workspace as other tools would have saved them."""
    book = openpyxl.Workbook()
    for file in sorted((folder / "registers").glob("*.csv")):
        lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
        place = next((lines[0].index(c) for c in ("name", "title", "population_query") if c in lines[0]), None)
        if form == "several lines" and place is not None:
            lines = [lines[0], *([*r[:place], f'"{r[place]}\nmore"', *r[place + 1 :]] for r in lines[1:])]
        if form == "workbook":
            sheet = book.create_sheet(file.stem)
            sheet.append([])
            for row in lines:
                sheet.append(row)
            file.unlink()
            continue
        sign = ";" if form == "semicolons" else ","
        lines = [[f'"{cell}"' if ";" in cell else cell for cell in row] for row in lines]
        text = ("\r\n\r\n" if form == "blank lines" else "\n").join(sign.join(row) for row in lines)
        file.write_text(text, encoding="utf-8-sig" if form == "marked" else "utf-8", newline="")
    if form == "workbook":
        del book["Sheet"]
        book.save(folder / "registers" / "all.xlsx")


@pytest.mark.parametrize("form", ["plain", "semicolons", "marked", "blank lines", "several lines", "workbook"])
def test_rows_are_counted_as_the_file_shows_them(tmp_path: Path, form: str) -> None:
    tables = registers(systems=9, covered=7)
    for name in ("access_reviews", "review_decisions"):
        tables[name] = [row for row in tables[name] if not row.startswith("s3-q2")]
    folder = write(tmp_path, tables)
    rewritten(folder, form)
    found = assess(folder, engagement="t2")
    assert [f for f in found.meta.faults if not f.notice] == []
    gaps = [g for g in found.gaps if g.requirement == "ACC-01"]
    assert {g.subject.rpartition("/")[2] for g in gaps} == {"s3", "s8", "s9"}
    assert unfounded(folder, found) == []
    sources = {s for gap in found.gaps for d in gap.deviations for s in d.sources if s.row}
    assert sources
    assert [row.source for row in read_rows(folder, sources) if row.note or not row.cells] == []
