"""The explanation of one gap, down to the rows in the files."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gapgraph.errors import UsageError
from gapgraph.model import Assessment, Source
from gapgraph.output.explanation import to_json, to_text
from gapgraph.output.wording import BASIS_WORDS
from gapgraph.why import Example, explain, find_gap, read_rows
from tests.golden_files import assert_golden
from tests.sample import SOC2, assessment

REVIEWS = "id,system,window,reviewer,completed_on,note\nR1,CRM,2026-Q1,Ana Ruiz,2026-04-09,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the register that the access review gap names."""
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "reviews.csv").write_text(REVIEWS, encoding="utf-8")
    return tmp_path


def gap_of(whole: Assessment, requirement: str, subject: str = "") -> str:
    """The id of the SOC 2 gap of a requirement."""
    found = [gap for gap in whole.gaps if (gap.engagement, gap.requirement) == (SOC2, requirement)]
    return next(gap.id for gap in found if subject in gap.subject_label)


def test_explains_down_to_the_row(folder: Path) -> None:
    whole = assessment()
    found = explain(folder, whole, gap_of(whole, "ACC-01", "CRM"))
    assert found.requirement is whole.catalogue["ACC-01"]
    assert [one.id for one in found.criteria] == ["CC6.1", "CC6.2", "CC6.3"]
    assert found.control is not None
    assert found.control.id == "UAR-01"
    assert [row.source for row in found.rows] == [Source("registers/reviews.csv", 2)]
    assert dict(found.rows[0].cells)["reviewer"] == "Ana Ruiz"


def test_the_page_says_everything_in_order(folder: Path) -> None:
    whole = assessment()
    found = explain(folder, whole, gap_of(whole, "ACC-01", "CRM"))
    found = replace(
        found, example=Example("shapes/examples/access/ACC-01_pass.ttl", "ex:q1 a gg:Window ;\n    gg:x 1 .")
    )
    page = to_text(found, width=100)
    words = [
        "Gap a067351cec",
        found.requirement.statement[:40],
        BASIS_WORDS[found.requirement.basis],
        "Role-based access and review",
        "CRM",
        "UAR-01 User access review",
        "a completed review",
        "candidate: nothing",
        "at least 1",
        "ex:q1 a gg:Window ;\n        gg:x 1 .",
        "closes with",
        "registers/reviews.csv:2",
        "Ana Ruiz",
    ]
    position = -1
    for word in words:
        position = page.find(word, position + 1)
        assert position >= 0, f"{word!r} is missing or out of order"
    assert max(map(len, page.splitlines())) <= 100
    assert_golden("why.txt", page)


@pytest.mark.parametrize("gap", assessment().gaps, ids=lambda gap: f"{gap.engagement}-{gap.id}")
def test_every_gap_has_a_page(gap: object, tmp_path: Path) -> None:
    whole = assessment()
    id = getattr(gap, "id", "")
    found = explain(tmp_path, whole, id)
    for width in (80, 140):
        assert max(map(len, to_text(found, width=width).splitlines())) <= width
    data = json.loads(to_json(found))
    assert data["gap"]["id"] == id
    assert len(data["rows"]) == len({(row.source.path, row.source.row) for row in found.rows})
    assert all(row["note"] for row in data["rows"]), "without files every row says why it is not shown"


def test_long_lists_are_cut_but_json_has_all(tmp_path: Path) -> None:
    whole = assessment()
    found = explain(tmp_path, whole, gap_of(whole, "CHG-01"))
    assert "and 9 more; --format json has all" in to_text(found)
    assert len(json.loads(to_json(found))["gap"]["deviations"]) == 19


def test_the_beginning_of_an_id_is_enough_if_it_is_the_only_one() -> None:
    whole = assessment()
    assert find_gap(whole, "a0673").subject_label == "CRM"
    shared = next(one.id[0] for one in whole.gaps if sum(other.id[0] == one.id[0] for other in whole.gaps) > 1)
    with pytest.raises(UsageError, match="several gaps"):
        find_gap(whole, shared)


@pytest.mark.parametrize("id", ["", "zzz"])
def test_no_such_gap(id: str) -> None:
    with pytest.raises(UsageError, match="'gapgraph assess' shows the ids"):
        find_gap(assessment(), id)


def test_a_gap_without_its_requirement_is_refused(tmp_path: Path) -> None:
    whole = replace(assessment(), catalogue={})
    with pytest.raises(UsageError, match="requirement VND-04"):
        explain(tmp_path, whole, gap_of(whole, "VND-04"))


@pytest.mark.parametrize(
    ("source", "note"),
    [
        (Source("registers/reviews.csv", 9), "the file now has no such row"),
        (Source("registers/reviews.csv", 0), "the facts came from the file as a whole"),
        (Source("registers/gone.csv", 2), "the file cannot be shown: no such file or directory"),
        (Source("../secret.csv", 2), "the file is outside the workspace"),
        (Source("registers/broken.xlsx", 2), "the file cannot be shown"),
    ],
)
def test_a_row_that_cannot_be_shown_says_why(folder: Path, source: Source, note: str) -> None:
    (folder / "registers" / "broken.xlsx").write_bytes(b"PK no workbook")
    (row,) = read_rows(folder, [source])
    assert row.cells == ()
    assert row.note.startswith(note)


def test_rows_of_a_workbook(folder: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet("people")
    sheet.append(["id", "name", "left on"])
    sheet.append(["p1", "Mei", None])
    book.save(folder / "registers" / "all.xlsx")
    (row,) = read_rows(folder, [Source("registers/all.xlsx#people", 2)])
    assert row.cells == (("id", "p1"), ("name", "Mei"), ("left on", ""))
    (missing,) = read_rows(folder, [Source("registers/all.xlsx#vendors", 2)])
    assert missing.note


def test_lines_of_other_files(folder: Path) -> None:
    (folder / "facts.ttl").write_text("ex:a a ex:B .\nex:c a ex:D .\n", encoding="utf-8")
    (row,) = read_rows(folder, [Source("facts.ttl", 2)])
    assert row.cells == (("line", "ex:c a ex:D ."),)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12).map(str.strip)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(cells, cells).filter(any), min_size=1, max_size=6), st.sampled_from(",;"))
def test_rows_are_what_the_register_holds(rows: list[tuple[str, str]], delimiter: str) -> None:
    with TemporaryDirectory() as name:
        file = Path(name) / "register.csv"
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines, delimiter=delimiter)
            writer.writerows([("id", "name"), *rows])
        found = read_rows(Path(name), [Source("register.csv", index) for index in range(2, len(rows) + 2)])
    assert [tuple(value for _, value in row.cells) for row in found] == rows
    assert all([column for column, _ in row.cells] == ["id", "name"] for row in found)


def test_a_cell_of_several_lines_moves_the_rows_below(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text('id,note\na,"one\ntwo"\nb,three\n', encoding="utf-8")
    first, second = read_rows(tmp_path, [Source("register.csv", 2), Source("register.csv", 4)])
    assert (first.cells[1][1], second.cells) == ("one\ntwo", (("id", "b"), ("note", "three")))
