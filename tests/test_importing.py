"""Imports: all or nothing, nothing overwritten, everything that has no place is said."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapgraph.errors import InputError, UsageError
from gapgraph.importing import KINDS, ImportReport, import_files
from gapgraph.importing.foreign import first_sentence
from gapgraph.importing.writing import Output, write_all
from gapgraph.namespaces import PREFIXES
from gapgraph.run import assess
from gapgraph.sources import read_workspace
from gapgraph.sources.cells import Names
from gapgraph.sources.schema import choices
from gapgraph.workspace import init
from tests.provenance import unfounded
from tests.shared_files import shared
from tests.test_findings import record

BASE = "https://example.org/example/"
PEOPLE = "id,name,started_on\nann,Ann Lee,2020-01-31\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    init(folder)
    return folder


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as opened:
        return [{k: v for k, v in row.items() if v} for row in csv.DictReader(opened)]


def refused(report: ImportReport) -> list[tuple[str, int, str]]:
    """What was not understood; the report says that nothing was written."""
    assert report.not_understood
    assert report.written == ()
    return [(p.path, p.row, p.message) for p in report.not_understood]


def one_fault(kind: str, path: Path, workspace: Path) -> tuple[str, int, str]:
    before = contents(workspace)
    (fault,) = refused(import_files(kind, [path], workspace, dry_run=False))
    assert contents(workspace) == before
    return fault


def test_unknown_kind_and_no_file(workspace: Path) -> None:
    with pytest.raises(UsageError, match="'pdf' is no kind of import; the kinds are prowler, turtle"):
        import_files("pdf", [workspace], workspace)
    with pytest.raises(UsageError, match="no file"):
        import_files("csv", [], workspace)


def test_files_that_cannot_be_read(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"^gone\.csv: cannot be read \(No such file"):
        import_files("csv", [tmp_path / "gone.csv"], workspace)
    with pytest.raises(InputError, match=r"^workspace: is a folder"):
        import_files("csv", [workspace], workspace)
    with pytest.raises(InputError, match=r"no gapgraph\.toml"):
        import_files("csv", [file(tmp_path, "people.csv", PEOPLE)], tmp_path)
    monkeypatch.setattr("gapgraph.importing.MAX_BYTES", 3)
    with pytest.raises(InputError, match=r"is larger than 64 MiB\. Split it"):
        import_files("csv", [file(tmp_path, "people.csv", PEOPLE)], workspace)


def test_prowler_is_copied_as_it_came(workspace: Path, tmp_path: Path) -> None:
    data = json.dumps([record()], indent=3).encode()
    path = file(tmp_path, "scan.json", data)
    dry = import_files("prowler", [path], workspace, dry_run=True)
    target = workspace / "findings" / "scan.json"
    assert not target.exists()
    report = import_files("prowler", [path], workspace)
    assert report == dry
    assert report.written == (target,)
    assert target.read_bytes() == data
    assert (report.rows, report.not_understood, report.unused) == (1, (), ())
    again = import_files("prowler", [path], workspace)
    assert again.written == ()
    assert again.unused == ("scan.json: findings/scan.json is there already and is the same",)


def test_lines_keep_their_bytes_and_get_an_ending_that_is_read(workspace: Path, tmp_path: Path) -> None:
    path = file(tmp_path, "scan.jsonl", "\n".join(json.dumps(record(finding_info__uid=i)) for i in "ab"))
    report = import_files("prowler", [path], workspace)
    assert [p.name for p in report.written] == ["scan.jsonl.json"]
    assert report.rows == 2


def test_one_bad_record_of_many_stops_the_import(workspace: Path, tmp_path: Path) -> None:
    records = [record(finding_info__uid=str(n)) for n in range(10_000)]
    records[6_999]["status_code"] = "PERHAPS"
    path = file(tmp_path, "scan.json", json.dumps(records))
    where, row, message = one_fault("prowler", path, workspace)
    assert (where, row) == ("scan.json", 7000)
    assert "status_code is 'PERHAPS'" in message


def test_other_file_of_that_name_is_not_overwritten(workspace: Path, tmp_path: Path) -> None:
    file(workspace / "findings", "scan.json", "[]")
    path = file(tmp_path, "scan.json", json.dumps([record()]))
    assert one_fault("prowler", path, workspace)[2].startswith("findings/scan.json is there and holds something else")


def test_names_that_do_not_fit_are_refused(workspace: Path, tmp_path: Path) -> None:
    odd = file(tmp_path, "a b.json", json.dumps([record()]))
    assert "rename it" in one_fault("prowler", odd, workspace)[2]
    (tmp_path / "other").mkdir()
    twins = [file(tmp_path, "s.json", "[]"), file(tmp_path / "other", "S.json", "[]")]
    assert "would become findings/S.json" in refused(import_files("prowler", twins, workspace))[0][2]


@pytest.mark.parametrize(
    ("kind", "name", "text", "target"),
    [
        ("turtle", "facts.ttl", "<urn:a> <urn:b> 1 .", "facts.ttl"),
        ("turtle", "facts", "<urn:a> <urn:b> 1 .", "facts.ttl"),
        ("trig", "facts.trig", "<urn:g> { <urn:a> <urn:b> 1 }", "facts.trig"),
        ("jsonld", "facts.json", '{"@id": "urn:a", "urn:b": 1}', "facts.json.jsonld"),
    ],
)
def test_graphs(workspace: Path, tmp_path: Path, kind: str, name: str, text: str, target: str) -> None:
    report = import_files(kind, [file(tmp_path, name, text)], workspace)
    assert report.written == (workspace / "graphs" / target,)
    assert (report.rows, report.statements) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "name", "text", "row", "message"),
    [
        ("turtle", "facts.ttl", "<urn:a> <urn:b>\n1", 2, "not readable"),
        ("turtle", "facts.ttl", "", 0, "no statements found"),
        ("turtle", "facts.ttl", "<urn:a> <https://w3id.org/gapgraph/ontology#b> 1 .", 0, "gg:b is no property"),
        ("trig", "facts.trig", "<html>", 1, "not readable"),
        ("jsonld", "facts.jsonld", '{"@context": "https://example.org/c"}', 0, "not readable"),
        ("jsonld", "facts.jsonld", "[" * 5000, 0, "nesting over 64"),
    ],
)
def test_broken_graphs(
    workspace: Path, tmp_path: Path, kind: str, name: str, text: str, row: int, message: str
) -> None:
    fault = one_fault(kind, file(tmp_path, name, text), workspace)
    assert fault[:2] == (name, row)
    assert message in fault[2]


def test_register_is_added_to_what_is_there(workspace: Path, tmp_path: Path) -> None:
    target = file(workspace / "registers", "people.csv", "id,name,started_on,shoe size\nbob,Bob,2021-01-01,44")
    report = import_files("csv", [file(tmp_path, "people.csv", PEOPLE)], workspace)
    assert (report.written, report.rows, report.statements) == ((target,), 1, 3)
    assert target.read_text() == "id,name,started_on,shoe size\nbob,Bob,2021-01-01,44\nann,Ann Lee,2020-01-31,\n"


def test_missing_columns_are_added(workspace: Path, tmp_path: Path) -> None:
    target = file(workspace / "registers", "people.csv", "id;name;started_on\r\nbob;Bob;2021-01-01\r\n")
    text = PEOPLE.replace("started_on", "started_on,manager").replace("-31\n", "-31,bob\n")
    import_files("csv", [file(tmp_path, "people.csv", text)], workspace)
    assert target.read_bytes() == (
        b"id;name;started_on;manager\r\nbob;Bob;2021-01-01;\r\nann;Ann Lee;2020-01-31;bob\r\n"
    )


def test_same_row_stays_and_other_row_is_a_fault(workspace: Path, tmp_path: Path) -> None:
    path = file(tmp_path, "people.csv", PEOPLE)
    import_files("csv", [path], workspace)
    before = contents(workspace)
    again = import_files("csv", [path], workspace)
    assert again.written == ()
    assert again.unused == ("registers/people.csv: 1 of the rows are there already and say the same",)
    assert contents(workspace) == before
    changed = file(tmp_path, "people.csv", PEOPLE.replace("2020", "2021"))
    assert one_fault("csv", changed, workspace) == (
        "people.csv",
        2,
        "id 'ann' differs from registers/people.csv:2 in column started_on "
        "('2021-01-31', there '2020-01-31'); make them alike or rename one",
    )


def test_row_in_another_file_of_the_workspace_is_a_fault(workspace: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "people"
    for line in csv.reader(io.StringIO(PEOPLE)):
        book.active.append(line)
    book.save(workspace / "registers" / "book.xlsx")
    path = file(tmp_path, "people.csv", PEOPLE)
    assert "id 'ann' is already in registers/book.xlsx" in one_fault("csv", path, workspace)[2]


def test_two_files_that_bring_one_row(workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    files = [file(tmp_path, "people.csv", PEOPLE), file(tmp_path / "b", "people.csv", PEOPLE)]
    file(tmp_path / "b", "people.csv", PEOPLE.replace("Lee", "Li"))
    assert "id 'ann' differs from people.csv:2 in column name" in refused(import_files("csv", files, workspace))[0][2]
    file(tmp_path / "b", "people.csv", PEOPLE)
    report = import_files("csv", files, workspace)
    assert report.rows == 2
    assert len(rows_of(workspace / "registers" / "people.csv")) == 1


@pytest.mark.parametrize(
    ("name", "text", "row", "message"),
    [
        ("cats.csv", PEOPLE, 0, "'cats' is not a register"),
        ("people.csv", "", 1, "the file is empty"),
        ("people.csv", "id,name\nann,Ann\n", 1, "column started_on is missing"),
        ("people.csv", "id,name,name,started_on\n", 1, "column name is there twice"),
        ("people.csv", PEOPLE + 'bob,"Bob,2020-01-01\n', 3, "a quote is opened and never closed"),
        ("people.csv", PEOPLE + "bob,Bob,01/02/2020\n", 3, "'01/02/2020' is not a date"),
        ("people.csv", PEOPLE + "bob,Lee, Bob,2020-01-01\n", 3, "4 cells under 3 columns"),
        ("people.csv", PEOPLE + ",Bob,2020-01-01\n", 3, "column id is empty"),
        ("people.csv", PEOPLE + "ann,Bob,2020-01-01\n", 3, "id 'ann' is already used in row 2"),
        ("people.csv", PEOPLE.encode("utf-16"), 1, "UTF-16"),
        ("people.csv", PEOPLE + "b\x07,Bob,2020-01-01\n", 3, "control character"),
        ("services.csv", "id,name,owner\nx,X,zoe\n", 2, "column owner: 'zoe' is not in people"),
    ],
)
def test_broken_registers(
    workspace: Path, tmp_path: Path, name: str, text: str | bytes, row: int, message: str
) -> None:
    if "control" in message:
        text = PEOPLE + "bob,B\x07ob,2020-01-01\n"
    fault = one_fault("csv", file(tmp_path, name, text), workspace)
    assert fault[:2] == (name, row)
    assert message in fault[2]


def test_register_that_is_broken_is_not_added_to(workspace: Path, tmp_path: Path) -> None:
    file(workspace / "registers", "people.csv", 'id,name,started_on\nbob,"Bob\n')
    fault = one_fault("csv", file(tmp_path, "people.csv", PEOPLE), workspace)
    assert fault[:2] == ("registers/people.csv", 2)
    assert "mend it before the import" in fault[2]


def test_rows_of_one_import_may_point_at_each_other(workspace: Path, tmp_path: Path) -> None:
    files = [
        file(tmp_path, "services.csv", "id,name,owner,colour\nx,X,ann,red\n"),
        file(tmp_path, "people.csv", PEOPLE),
    ]
    report = import_files("csv", files, workspace)
    assert {p.name for p in report.written} == {"services.csv", "people.csv"}
    assert report.unused == ("services.csv:1: column colour is not used",)


def test_workbook_becomes_registers(workspace: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "people"
    for line in [["id", "name", "started_on"], ["ann", "Ann", "2020-01-31"]]:
        book.active.append(line)
    book.create_sheet("Notes").append(["x"])
    book.save(tmp_path / "book.xlsx")
    report = import_files("xlsx", [tmp_path / "book.xlsx"], workspace)
    assert report.written == (workspace / "registers" / "people.csv",)
    assert rows_of(report.written[0]) == [{"id": "ann", "name": "Ann", "started_on": "2020-01-31"}]
    assert report.unused == ("book.xlsx: sheet 'Notes' is not a register and is not used",)
    book.active.append(["bob", "Bob", "soon"])
    book.save(tmp_path / "book.xlsx")
    fault = one_fault("xlsx", tmp_path / "book.xlsx", workspace)
    assert fault[:2] == ("book.xlsx#people", 3)


def test_broken_workbooks(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fault = one_fault("xlsx", file(tmp_path, "a.xlsx", "no workbook"), workspace)
    assert "not a readable XLSX workbook" in fault[2]
    book = openpyxl.Workbook()
    book.active.append(["x"])
    book.save(tmp_path / "b.xlsx")
    assert "no sheet has the name of a register" in one_fault("xlsx", tmp_path / "b.xlsx", workspace)[2]
    book.active.title = "people"
    book.save(tmp_path / "b.xlsx")
    assert "name, started_on is missing" in one_fault("xlsx", tmp_path / "b.xlsx", workspace)[2]
    book.active.append(["y"])
    book.save(tmp_path / "b.xlsx")
    monkeypatch.setattr("gapgraph.sources.workbooks.MAX_ROWS", 1)
    assert "more than 1 rows" in one_fault("xlsx", tmp_path / "b.xlsx", workspace)[2]


CONTROLS = """Control ID,Control Implementation Description,Control Owner,Frequency,Linked Requirements,Extra
AC 1,"Accounts are reviewed each quarter. They are signed, always.",Ann Lee,Annually,"CC6.1; cc6.2; AC-2",x
AC 2,,Zoe,now and then,,
"""


def test_control_register_of_another_tool(workspace: Path, tmp_path: Path) -> None:
    file(workspace / "registers", "people.csv", PEOPLE)
    report = import_files("controls-csv", [file(tmp_path, "grc.csv", CONTROLS)], workspace)
    assert report.not_understood == ()
    assert report.unused == (
        "grc.csv: column Extra is not used",
        "grc.csv:2: 'AC-2' is not a criterion of the Trust Services Criteria and is not used",
        "grc.csv:3: owner 'Zoe' is not in people; the name is kept at the end of the description",
        "grc.csv:3: frequency 'now and then' is not understood and is not used",
    )
    assert rows_of(report.written[0]) == [
        {
            "id": "AC 1",
            "title": "Accounts are reviewed each quarter",
            "type": "other",
            "description": "Accounts are reviewed each quarter. They are signed, always.",
            "owner": "ann",
            "cadence": "annual",
            "criteria": "CC6.1;CC6.2",
        },
        {"id": "AC 2", "title": "AC 2", "type": "other", "description": "Owner: Zoe."},
    ]


def test_what_people_refined_is_no_difference(workspace: Path, tmp_path: Path) -> None:
    path = file(tmp_path, "grc.csv", CONTROLS)
    (target,) = import_files("controls-csv", [path], workspace).written
    file(
        target.parent,
        target.name,
        target.read_text().replace("AC 2,AC 2,other", "AC 2,A better title,access-review"),
    )
    assert import_files("controls-csv", [path], workspace).not_understood == ()


def test_owner_of_two_people(workspace: Path, tmp_path: Path) -> None:
    file(workspace / "registers", "people.csv", PEOPLE + "ann2,Ann Lee,2020-01-31\n")
    report = import_files("controls-csv", [file(tmp_path, "grc.csv", CONTROLS)], workspace)
    assert any("owner 'Ann Lee' is the name of several people" in line for line in report.unused)


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ("", 1, "the file is empty"),
        ("Name,Owner\nx,y\n", 1, "no column says which control a row is about; call one 'control id'"),
        ("Control ID,control-id\nx,y\n", 1, "column Control ID, control-id is there twice"),
        ("Control ID,Title\nx\n", 2, "1 cells under 2 columns: a cell is missing"),
        ("Control ID,Title\nx,a, b\n", 2, "3 cells under 2 columns: a cell with a comma lacks its quotes"),
        ("Control ID,Title\n,a\n", 2, "column id is empty"),
        ("Control ID,Title\nx,a\nx,b\n", 3, "id 'x' is already used in row 2"),
        ('Control ID,Title\nx,"a\n', 2, "a quote is opened and never closed"),
    ],
)
@pytest.mark.parametrize("kind", ["controls-csv"])
def test_broken_control_registers(
    workspace: Path, tmp_path: Path, kind: str, text: str, row: int, message: str
) -> None:
    fault = one_fault(kind, file(tmp_path, "grc.csv", text), workspace)
    assert fault[:2] == ("grc.csv", row)
    assert message in fault[2]


ROUND = "Observation Date,{0} Observations,{0} Testing Status,{0} Examine,{0} Interview,{0} Test"
ASSESSMENTS = f"""ID,Assessment,Auditor,Score,Q1 {ROUND.format("Q1")},Q2 {ROUND.format("Q2")}
AC 1,2026 review,Kim,3,2026-01-10,"All seen. More.",Complete,Yes,Yes,No,2026-04-01,,In Progress,No,No,No
AC 2,2026 review,Kim,3,2026-01-11T00:00:00.000Z,,Complete,No,No,No,,,,,,
"""


@pytest.fixture
def with_controls(workspace: Path, tmp_path: Path) -> Path:
    import_files("controls-csv", [file(tmp_path, "grc.csv", CONTROLS)], workspace)
    return workspace


def test_assessment_register_of_another_tool(with_controls: Path, tmp_path: Path) -> None:
    report = import_files("assessments-csv", [file(tmp_path, "tests.csv", ASSESSMENTS)], with_controls)
    assert report.not_understood == ()
    assert report.unused == (
        "tests.csv: column Score is not used",
        "tests.csv:2: no evidence from what is not complete: Q2 In Progress",
    )
    common = {"captured_by": "Kim", "source": "2026 review"}
    assert rows_of(report.written[0]) == [
        {"id": "AC 1 2026-01-10", "title": "Q1: All seen", "kind": "record", "control": "AC 1"}
        | {"event_date": "2026-01-10", "captured_on": "2026-01-10"}
        | common,
        {"id": "AC 2 2026-01-11", "title": "Q1: assessment of AC 2", "kind": "report", "control": "AC 2"}
        | {"event_date": "2026-01-11", "captured_on": "2026-01-11"}
        | common,
    ]


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ("Assessment,Observation Date\nx,2026-01-01\n", 1, "no column says which control"),
        ("ID,Date\nAC 1,2026-01-01\n", 1, "no column is called 'Observation Date'"),
        ("ID,Observation Date\nAC 9,2026-01-01\n", 2, "column control: 'AC 9' is not in controls"),
        (
            "ID,Observation Date\nAC 1,In Progress\n",
            2,
            "column Observation Date: 'In Progress' is not a date",
        ),
        ("ID,Observation Date,Testing Status\nAC 1,,Complete\n", 2, "column Observation Date is empty"),
        ("ID,Observation Date\nAC 1\n", 2, "1 cells under 2 columns"),
        ("\n", 1, "the file is empty"),
    ],
)
def test_broken_assessment_registers(with_controls: Path, tmp_path: Path, text: str, row: int, message: str) -> None:
    fault = one_fault("assessments-csv", file(tmp_path, "tests.csv", text), with_controls)
    assert fault[:2] == ("tests.csv", row)
    assert message in fault[2]


def test_first_sentence() -> None:
    assert first_sentence("One\n thing. Two.") == "One thing"
    assert first_sentence("word " * 60).endswith("word…")
    assert first_sentence("x" * 200) == "x" * 200
    assert first_sentence("") == ""


def test_writing_is_undone_where_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"old")
    before = contents(tmp_path)
    outputs = [Output(one, b"new", b"old"), Output(two, b"new", None), Output(tmp_path / "three", b"", None)]
    real = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if target.name == "three":
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(InputError, match=r"^three: cannot be written \(No space left on device\); nothing was"):
        write_all(outputs)
    assert contents(tmp_path) == before


def test_target_that_changed_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = file(tmp_path, "people.csv", "new")
    with pytest.raises(InputError, match=r"was changed during the import\. Import again"):
        write_all([Output(target, b"mine", b"old")])
    assert target.read_bytes() == b"new"


def test_permissions_of_a_register_stay(workspace: Path, tmp_path: Path) -> None:
    target = workspace / "registers" / "people.csv"
    target.chmod(0o640)
    import_files("csv", [file(tmp_path, "people.csv", PEOPLE)], workspace)
    assert target.stat().st_mode & 0o777 == 0o640
    assert not [path for path in target.parent.iterdir() if path.name.startswith(".")]


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)]),
    min_size=1,
).filter(lambda text: text.strip())


@given(title=TEXT, id=TEXT)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_title_survives(tmp_path_factory: pytest.TempPathFactory, title: str, id: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    init(folder)
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([["Control ID", "Title"], [id, title]])
    report = import_files("controls-csv", [file(folder, "grc.csv", buffer.getvalue())], folder)
    assert report.not_understood == ()
    loaded = read_workspace(folder, Names(BASE, frozenset(), frozenset()))
    assert loaded.problems == ()
    label = PREFIXES["skos"] + "prefLabel"
    assert [getattr(t.object, "value", "") for t in loaded.triples if t.predicate.value == label] == [title.strip()]
    assert list(loaded.rows) == [Names(BASE, frozenset(), frozenset()).iri("controls", id.strip()).value]


def test_documentation_names_every_kind_and_column() -> None:
    from gapgraph.importing.foreign import CONTROL_COLUMNS
    from tests.project_files import ROOT

    text = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    for word in [*KINDS, *CONTROL_COLUMNS, *(name for names in CONTROL_COLUMNS.values() for name in names)]:
        assert f"`{word}`" in text, word


def test_files_of_others_can_be_assessed(workspace: Path, tmp_path: Path) -> None:
    scans = [shared("real", "prowler", f"example_output_{name}.ocsf.json") for name in ("aws", "kubernetes")]
    controls, tests = (shared("real", "csv", f"alma-{name}.csv") for name in ("controls", "assessments"))
    file(workspace / "registers", "systems.csv", "id,name,kind\ncloud,Cloud,infrastructure\n")
    assert import_files("prowler", scans, workspace).rows == 11
    report = import_files("controls-csv", [controls], workspace)
    assert report.rows == 38
    assert {u for u in report.unused if ": column " in u} == {
        f"alma-controls.csv: column {name} is not used" for name in ("Stakeholder(s)", "Created Date", "Last Modified")
    }
    assert sum("is not in people" in line for line in report.unused) == 38

    # The last row of this file lacks a cell; the import names it and takes nothing until it is mended.
    where, row, message = one_fault("assessments-csv", tests, workspace)
    assert (where, row) == ("alma-assessments.csv", 154)
    assert "40 cells under 41 columns" in message
    text = tests.read_text(encoding="utf-8")
    mended = file(tmp_path, tests.name, text[: text.rindex("\nPR.DS-10") + 1])
    assert import_files("assessments-csv", [mended], workspace).rows == 74

    result = assess(workspace)
    assert [f for f in result.meta.faults if not f.notice] == []
    codes = {entry["metadata"]["event_code"] for scan in scans for entry in json.loads(scan.read_text("utf-8"))}
    for code in codes:
        assert any(f"check {code} is not used by any requirement" in line for line in result.meta.unused)
    assert unfounded(workspace, result) == []

    # Only controls with a type answer requirements; give them some, and gaps cite the rows of the registers of others.
    target = workspace / "registers" / "controls.csv"
    entries = rows_of(target)
    with target.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(entries[0]), restval="", lineterminator="\n")
        writer.writeheader()
        types = sorted(choices("control_type"))
        writer.writerows(entry | {"type": types[n % len(types)]} for n, entry in enumerate(entries))
    result = assess(workspace)
    cited = {s.path for gap in result.gaps for d in gap.deviations for s in d.sources if s.row}
    assert cited >= {"registers/controls.csv", "registers/systems.csv"}
    assert unfounded(workspace, result) == []

    loaded = read_workspace(workspace, Names(BASE, frozenset(), frozenset()))
    for register in ("controls", "evidence"):
        lines = (workspace / "registers" / f"{register}.csv").read_text(encoding="utf-8").split("\n")
        names = Names(BASE, frozenset(), frozenset())
        for entry in rows_of(workspace / "registers" / f"{register}.csv"):
            (source,) = loaded.rows[names.iri(register, entry["id"]).value]
            assert source.path == f"registers/{register}.csv"
            assert lines[source.row - 1].startswith(f"{entry['id']},")
