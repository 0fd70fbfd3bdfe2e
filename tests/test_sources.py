"""Bad input: each fault one line with file and row, nothing dropped in silence, the rest read."""

import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from gapgraph.errors import InputError
from gapgraph.run import assess
from gapgraph.sources import Loaded, read_workspace
from gapgraph.sources.cells import Names, read
from gapgraph.sources.schema import Column, choices, registers
from gapgraph.workspace import init, load

NAMES = Names("https://example.org/x/", frozenset({"soc2"}), frozenset({"ACC-01"}))


def loaded(folder: Path, **files: str | bytes) -> Loaded:
    for name, content in files.items():
        file = folder / "registers" / f"{name}.csv"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_workspace(folder, NAMES)


def said(found: Loaded) -> list[tuple[int, str]]:
    return [(p.row, p.message) for p in found.problems if not p.notice]


LISTS = {"refs", "engagements", "criteria", "requirements", "parameters"}
PEOPLE = "id,name,started_on\n"


@pytest.mark.parametrize(
    ("text", "row", "words"),
    [
        ("id,name\na,Ana\n", 1, "column started_on is missing"),
        (PEOPLE + "a,Ana,2026-02-30\n", 2, "'2026-02-30' is not a day of the calendar"),
        (PEOPLE + "a,Ana,20260201\n", 2, "write it as 2026-01-31"),
        (PEOPLE + "a,Ana,2026-W27-2\n", 2, "is not a date"),
        (PEOPLE + "a,Ana,2026-01-01\na,Bob,2026-01-01\n", 3, "id 'a' is already used in row 2"),
        (PEOPLE + ",Ana,2026-01-01\n", 2, "column id is empty"),
        (PEOPLE + "a,,2026-01-01\n", 2, "column name is empty"),
        ("id,name,started_on,manager\na,Ana,2026-01-01,zoe\n", 2, "'zoe' is not in people"),
        (PEOPLE + 'a,"Ana,2026-01-01\nb,Ben,2026-01-01\n', 2, "a quote is opened and never closed"),
        (PEOPLE + "a,Ana,2026-01-01,more,still more\n", 2, "5 cells under 3 columns"),
        ("", 1, "the file is empty"),
        ("id,name,name,started_on\n", 1, "column name is there twice"),
    ],
)
def test_a_fault_in_a_register_is_one_line_with_its_row(tmp_path: Path, text: str, row: int, words: str) -> None:
    ((at, message),) = said(loaded(tmp_path, people=text))
    assert at == row
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (PEOPLE.encode("utf-16"), "UTF-16"),
        (PEOPLE.encode() + "a,Zoë,2026-01-01\n".encode("latin-1"), "not UTF-8"),
        (PEOPLE.encode() + b"a,A\x00na,2026-01-01\n", "NUL"),
    ],
)
def test_an_encoding_in_the_way_is_named(tmp_path: Path, data: bytes, words: str) -> None:
    ((_, message),) = said(loaded(tmp_path, people=data))
    assert words in message


@pytest.mark.parametrize(
    "text",
    [
        "﻿" + PEOPLE + "a,Ana,2026-01-01\n",
        PEOPLE.replace(",", ";") + "a;Ana;2026-01-01\n",
        PEOPLE.replace("\n", "\r\n") + "a,Ana,2026-01-01\r\n",
    ],
)
def test_marks_semicolons_and_line_ends_of_other_tools_are_read(tmp_path: Path, text: str) -> None:
    found = loaded(tmp_path, people=text)
    assert said(found) == []
    assert list(found.rows) == ["https://example.org/x/people/a"]


def test_a_good_row_beside_a_bad_one_is_read_and_every_list_part_named(tmp_path: Path) -> None:
    text = "id,title,type,criteria\nc,Review,access-review,CC6.1;cc_6_2;CC9.9;PP1.1\n"
    found = loaded(tmp_path, controls=text)
    assert [m for _, m in said(found)] == [
        "column criteria: 'CC9.9' is not a criterion of the Trust Services Criteria; ids run from CC1.1 to P8.1"
    ]
    stated = [t for t in found.triples if t.predicate.value.endswith("claimsCriterion")]
    claimed = {t.object.value.rpartition("/")[2] for t in stated if isinstance(t.object, NamedNode)}
    assert claimed == {"CC6.1", "CC6.2", "PI1.1"}
    assert any("PP1.1" in p.message for p in found.problems if p.notice)


def test_an_unknown_column_and_file_are_named(tmp_path: Path) -> None:
    found = loaded(tmp_path, people="id,name,started_on,shoe_size\na,Ana,2026-01-01,40\n", shoes="id\n1\n")
    assert any("shoe_size is not used" in p.message and p.notice for p in found.problems)
    assert found.unused == ("registers/people.csv: column shoe_size",)
    assert any("'shoes' is not a register" in m for _, m in said(found))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.ttl", "<urn:a> <urn:b> .\n", "not readable"),
        ("a.ttl", "", "no statements found"),
        ("a.jsonld", '{"@context": "https://example.org/context.jsonld", "@id": "urn:a"}', "not readable"),
        ("a.jsonld", "[" * 70 + "]" * 70, "nesting over 64"),
        ("a.ttl", "@prefix gg: <https://w3id.org/gapgraph/ontology#> . <urn:s> a gg:Slot .", "derived by gapgraph"),
    ],
)
def test_a_graph_that_cannot_be_read_is_one_fault(tmp_path: Path, name: str, text: str, words: str) -> None:
    (tmp_path / "graphs").mkdir()
    (tmp_path / "graphs" / name).write_text(text, encoding="utf-8")
    ((_, message),) = said(read_workspace(tmp_path, NAMES))
    assert words in message


def test_blank_nodes_of_two_files_stay_apart_and_graph_names_are_the_inputs_own(tmp_path: Path) -> None:
    (tmp_path / "graphs").mkdir()
    for name in ("a.ttl", "b.trig"):
        text = "_:x <urn:p> 1 ." if name.endswith("ttl") else "GRAPH <urn:audit-log> { _:x <urn:p> 1 }"
        (tmp_path / "graphs" / name).write_text(text, encoding="utf-8")
    found = read_workspace(tmp_path, NAMES)
    assert len(found.rows) == 2
    assert [name for name, _ in found.graphs] == ["urn:gapgraph:input:graphs/a.ttl", "urn:gapgraph:input:graphs/b.trig"]


def test_a_workbook_gives_the_same_as_csv(tmp_path: Path) -> None:
    rows = [["id", "name", "started_on"], ["a", "Ana", "2026-01-01"]]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "people"
    for row in rows:
        sheet.append(row)
    book.create_sheet("notes")
    stream = io.BytesIO()
    book.save(stream)
    (tmp_path / "registers").mkdir()
    (tmp_path / "registers" / "book.xlsx").write_bytes(stream.getvalue())
    found = read_workspace(tmp_path, NAMES)
    assert said(found) == []
    assert any("sheet 'notes'" in p.message for p in found.problems)
    (tmp_path / "csv").mkdir()
    other = loaded(tmp_path / "csv", people=PEOPLE + "a,Ana,2026-01-01\n")
    assert set(found.triples) == set(other.triples)


@settings(max_examples=200)
@given(st.text(max_size=40))
def test_reading_a_cell_gives_terms_or_a_sentence_and_never_raises(text: str) -> None:
    for register in registers().values():
        for column in register.columns.values():
            if column.kind == "id":
                continue
            cell = read(text, column, NAMES)
            assert (
                cell.terms
                or cell.errors
                or column.kind in {"refs", "engagements", "criteria", "requirements", "parameters"}
            )
            assert all("\n" not in e or "\n" in text for e in cell.errors)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("agreement_percent", "100", ""),
        ("agreement_percent", "100.1", "'100.1' is no share in percent from 0 to 100"),
        ("agreement_percent", "-1", "'-1' is no share in percent from 0 to 100"),
        ("availability_target", "999", "'999' is no share in percent from 0 to 100"),
        ("restore_hours", "-0.5", "'-0.5' is no number of hours from 0 to 876000"),
        ("kept_days", "36501", "'36501' is no number of days from 0 to 36500"),
        ("drift_score", "-2.5", ""),
    ],
)
def test_a_number_off_its_scale_is_a_fault(name: str, text: str, words: str) -> None:
    cell = read(text, Column(name, "number", "", f"gg:{name}", required=False), NAMES)
    assert cell.errors == ((words,) if words else ())


@pytest.mark.parametrize(
    ("register", "text", "row"),
    [
        ("privacy_complaints", "id,received_on,settled_on\nc,2026-05-02,2026-05-01\nd,2026-05-02,2026-05-02\n", 2),
        (
            "subject_requests",
            "id,kind,received_on,extension_told_on,answered_on\n"
            "r,access,2026-05-02,,2026-05-02\ns,access,2026-05-02,2026-05-01,2026-06-02\n",
            3,
        ),
    ],
)
def test_what_is_said_to_end_before_it_began_is_a_fault(tmp_path: Path, register: str, text: str, row: int) -> None:
    ((at, message),) = said(loaded(tmp_path, **{register: text}))
    assert at == row
    assert "2026-05-01 is before 2026-05-02" in message


def test_the_last_day_is_stored_as_the_day_after() -> None:
    column = Column("until", "last_day", "", "https://example.org/p", False)
    (term,) = read("2026-12-31", column, NAMES).terms
    assert term.value == "2027-01-01"


def test_every_choice_and_register_of_the_schema_can_be_read() -> None:
    for register in registers().values():
        assert "id" in register.columns
        for column in register.columns.values():
            if column.kind in {"choice", "class"}:
                assert choices(column.detail)
            assert set(column.targets) <= set(registers())


def test_init_writes_a_workspace_that_assesses_to_no_conclusion_and_never_to_green(tmp_path: Path) -> None:
    init(tmp_path / "w")
    found = assess(tmp_path / "w")
    assert found.meta.faults == ()
    assert not any(c.outcome.value.startswith("met") for c in found.criteria)
    with pytest.raises(InputError, match="already here"):
        init(tmp_path / "w")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('type = "type2"', 'type = "type3"', "type is 'type3'"),
        ('framework = "tsc-2017"', 'framework = "soc-9"', "soc-9"),
        ('categories = ["security"]', 'categories = ["safety"]', "categories are not understood"),
        ("period_end = ", "period_finish = ", "'period_finish' is not a setting"),
        ('zone = "UTC"', 'zone = "Mars/North"', "is not a time zone"),
    ],
)
def test_a_fault_in_the_configuration_is_one_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    init(tmp_path)
    file = tmp_path / "gapgraph.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(tmp_path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
