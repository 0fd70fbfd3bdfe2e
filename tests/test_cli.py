"""The command line: exit codes, what goes where, and that it loads only what it needs."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import click
import pytest

from gapgraph.cli import cli, main, screen
from gapgraph.cli.options import Question
from gapgraph.errors import InputError, UsageError, ValidatorError
from gapgraph.model import Assessment, Period, ReportType
from gapgraph.output import to_csv, to_json, to_markdown
from tests.sample import assessment

Call = dict[str, Any]


def without_faults() -> Assessment:
    """The sample as if every row could be read."""
    whole = assessment()
    return replace(whole, meta=replace(whole.meta, faults=tuple(one for one in whole.meta.faults if one.notice)))


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Call]]:
    """Puts a function in place of one of the library, and lists the calls that it got."""

    def put(module: str, name: str, result: Any = None) -> list[Call]:
        calls: list[Call] = []

        def planted(*positional: Any, **named: Any) -> Any:
            calls.append({**{str(index): value for index, value in enumerate(positional)}, **named})
            if isinstance(result, BaseException):
                raise result
            return result

        stand_in = ModuleType(f"gapgraph.{module}")
        setattr(stand_in, name, planted)
        monkeypatch.setitem(sys.modules, f"gapgraph.{module}", stand_in)
        return calls

    return put


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"Usage: gapgraph {name}" in capsys.readouterr().out
    command = cli.commands[name]
    assert command.help
    unexplained = [
        one.name
        for one in command.params
        if isinstance(one, click.Option) and not one.help and not isinstance(one.type, click.Choice | click.IntRange)
    ]
    assert unexplained == []


def test_commands_are_those_of_the_design() -> None:
    known = "assess demo doctor explore import init profile readiness why"
    assert sorted(cli.commands) == known.split()


@pytest.mark.parametrize(
    ("arguments", "faulty", "code"),
    [
        (["assess"], False, 0),
        (["assess"], True, 2),
        (["assess", "--allow-partial"], True, 0),
        (["assess", "--fail-on", "critical"], False, 1),
        (["assess", "--fail-on", "info"], False, 1),
        (["assess", "--fail-on", "never"], False, 0),
        (["assess", "--fail-on", "critical"], True, 2),
        (["assess", "--fail-on", "critical", "--allow-partial"], True, 1),
    ],
)
def test_exit_codes(
    plant: Callable[..., list[Call]],
    arguments: list[str],
    faulty: bool,
    code: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant("run", "assess", assessment() if faulty else without_faults())
    assert main(arguments) == code
    assert "Lumen Speech" in capsys.readouterr().out, "the assessment is printed whatever the exit code"


def test_fail_on_below_every_gap_is_zero(plant: Callable[..., list[Call]]) -> None:
    whole = without_faults()
    plant("run", "assess", replace(whole, gaps=tuple(gap for gap in whole.gaps if gap.severity < 4)))
    assert main(["assess", "--fail-on", "high"]) == 0
    assert main(["assess", "--fail-on", "medium"]) == 1
    plant("run", "assess", replace(whole, gaps=tuple(gap for gap in whole.gaps if gap.status == "accepted")))
    assert main(["assess", "--fail-on", "info"]) == 0, "an accepted gap needs no work"


def test_faults_are_one_line_each_on_stderr(
    plant: Callable[..., list[Call]], capsys: pytest.CaptureFixture[str]
) -> None:
    plant("run", "assess", assessment())
    assert main(["assess", "--format", "json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == to_json(assessment()), "stdout holds nothing but the JSON"
    assert shown.err.splitlines() == [
        "findings/prowler.json: the file ends in the middle of an object; export it again",
        "registers/exercises.csv:4: held on '31.02.2026' is no date; write it as YYYY-MM-DD",
        "registers/vendor_reviews.csv:9: vendor 'Sproket' is in no register; add it or correct it",
    ]


def test_options_reach_the_assessment(plant: Callable[..., list[Call]], tmp_path: Path) -> None:
    calls = plant("run", "assess", without_faults())
    options = ["--as-of", "2026-12-31", "--type", "II", "--period", "2026-01-01..2026-12-31"]
    options += ["--framework", "tsc-2017", "--engagement", "soc2-2026"]
    options += ["--profile", "reference", "--validator", "pyshacl"]
    assert main(["assess", str(tmp_path), *options]) == 0
    assert calls == [
        {
            "0": tmp_path,
            "as_of": date(2026, 12, 31),
            "type": ReportType.TYPE_II,
            "period": Period(date(2026, 1, 1), date(2027, 1, 1)),
            "framework": "tsc-2017",
            "engagement": "soc2-2026",
            "profile": "reference",
            "validator": "pyshacl",
            "progress": None,
        }
    ]


def test_without_options_the_workspace_decides(plant: Callable[..., list[Call]]) -> None:
    calls = plant("run", "assess", without_faults())
    assert main(["assess"]) == 0
    assert calls[0]["0"] == Path()
    assert all(calls[0][name] is None for name in ("as_of", "type", "period", "framework", "engagement", "profile"))


@pytest.mark.parametrize("written", ["1", "type1", "I", "Type1"])
def test_report_type_may_be_written_in_several_ways(plant: Callable[..., list[Call]], written: str) -> None:
    calls = plant("run", "assess", without_faults())
    assert main(["assess", "--type", written]) == 0
    assert calls[0]["type"] is ReportType.TYPE_I


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["assess", "--as-of", "31.12.2026"], "'31.12.2026' is no date; write it as 2026-12-31"),
        (["assess", "--period", "2026"], "'2026' is no period; write it as 2026-01-01..2026-12-31"),
        (["assess", "--period", "2026-02-01..2026-01-01"], "ends before it starts"),
        (["assess", "--period", "2026-02-30..2026-03-01"], "'2026-02-30' is no date"),
        (["assess", "--type", "3"], "'3' is no report type; write 1 or 2"),
        (["assess", "--type", "1", "--period", "2026-01-01..2026-12-31"], "--period belongs to --type 2"),
        (["assess", "--fail-on", "serious"], "'serious' is not one of"),
        (["assess", "--nonsense"], "No such option"),
        (["nonsense"], "No such command 'nonsense'"),
        (["why"], "Missing argument 'GAP'"),
        (["import", "prowler", "no-such-file.json"], "does not exist"),
        (["demo", "--size", "huge", "x"], "'huge' is not one of"),
    ],
)
def test_usage_faults_are_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert line.startswith("gapgraph: ")
    assert said in line
    assert "--help'" in line


def test_no_command_shows_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("gapgraph ")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            InputError("no date: '31'", "registers/people.csv", 4, "Write it as 2026-12-31."),
            2,
            "people.csv:4: no date",
        ),
        (UsageError("no engagement 'x'; the workspace has soc2-2026"), 2, "gapgraph: no engagement 'x'"),
        (ValidatorError("the validator stopped"), 3, "gapgraph: the validator stopped"),
        (
            ZeroDivisionError("division\nby zero"),
            3,
            "internal error: ZeroDivisionError: division by zero; --debug",
        ),
        (KeyboardInterrupt(), 130, "gapgraph: stopped"),
    ],
)
def test_errors_are_one_line(
    plant: Callable[..., list[Call]],
    error: BaseException,
    code: int,
    line: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant("run", "assess", error)
    assert main(["assess"]) == code
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert line in said


@pytest.mark.parametrize("arguments", [["--debug", "assess"], ["assess", "--debug"]])
def test_debug_shows_the_trace(
    plant: Callable[..., list[Call]], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    plant("run", "assess", ZeroDivisionError("oh"))
    assert main(arguments) == 3
    shown = capsys.readouterr().err
    assert "Traceback" in shown
    assert shown.splitlines()[-1] == "gapgraph: internal error: ZeroDivisionError: oh"


@pytest.mark.parametrize(("form", "show"), [("json", to_json), ("csv", to_csv), ("md", to_markdown)])
def test_output_goes_to_a_file(
    plant: Callable[..., list[Call]],
    form: str,
    show: Callable[[Assessment], str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    plant("run", "assess", without_faults())
    file = tmp_path / "out"
    assert main(["assess", "--format", form, "-o", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == show(without_faults())
    assert capsys.readouterr().out == ""


def test_output_that_cannot_be_written(
    plant: Callable[..., list[Call]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant("run", "assess", without_faults())
    assert main(["assess", "-o", str(tmp_path / "none" / "out.txt")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_table_in_a_pipe_follows_columns(
    plant: Callable[..., list[Call]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plant("run", "assess", without_faults())
    for columns, widest in (("80", 80), ("140", 140), ("", 100), ("7", 100)):
        monkeypatch.setenv("COLUMNS", columns)
        assert main(["assess"]) == 0
        page = capsys.readouterr().out
        assert max(map(len, page.splitlines())) == widest
        assert "\x1b" not in page


def test_why_explains(plant: Callable[..., list[Call]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = plant("run", "assess", assessment())
    assert main(["why", "a0673", str(tmp_path), "--as-of", "2026-12-31"]) == 0, "faults do not hinder an explanation"
    assert "No access review of this system was completed" in capsys.readouterr().out
    assert calls[0]["as_of"] == date(2026, 12, 31)
    assert main(["why", "a0673", str(tmp_path), "--format", "json"]) == 0
    assert '"requirement"' in capsys.readouterr().out
    assert main(["why", "zzz", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "gapgraph: no gap has the id 'zzz'; 'gapgraph assess' shows the ids\n"


@pytest.mark.parametrize(
    ("given", "planted"),
    [
        ("default", None),
        ("all", ("all",)),
        ("none", ()),
        ("late-review, shared-account", ("late-review", "shared-account")),
    ],
)
def test_demo(
    plant: Callable[..., list[Call]],
    given: str,
    planted: tuple[str, ...] | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls = plant("demo", "write_demo", "Lumen Speech: 12 systems")
    assert main(["demo", str(tmp_path), "--size", "mid", "--seed", "7", "--defects", given]) == 0
    assert calls == [{"0": tmp_path, "size": "mid", "seed": 7, "defects": planted, "force": False}]
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["Lumen Speech: 12 systems", f"Next: gapgraph assess {tmp_path}"]


@pytest.mark.parametrize("given", ["", " , "])
def test_demo_with_an_empty_list_of_defects_is_refused(
    given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", str(tmp_path / "demo"), "--defects", given]) == 2
    assert "write none for a company without any" in capsys.readouterr().err
    assert not (tmp_path / "demo").exists()


def test_demo_plants_its_own_choice_unless_told(tmp_path: Path) -> None:
    assert main(["demo", str(tmp_path / "own")]) == 0
    assert main(["demo", str(tmp_path / "every"), "--defects", "all"]) == 0

    def planted(name: str) -> int:
        lines = (tmp_path / name / "gapgraph.toml").read_text(encoding="utf-8").splitlines()
        return next(line for line in lines if line.startswith("# Planted defects: ")).count(",") + 1

    assert planted("own") < planted("every")


def test_init(plant: Callable[..., list[Call]], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant("workspace", "init", [tmp_path / "gapgraph.toml"])
    assert main(["init", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == str(tmp_path / "gapgraph.toml")


@dataclass(frozen=True)
class Item:
    """A row that a conversion did not understand."""

    path: str
    row: int
    message: str


@dataclass(frozen=True)
class Report:
    """What a conversion reports."""

    kind: str
    files: tuple[Path, ...]
    written: tuple[Path, ...]
    rows: int
    statements: int
    not_understood: tuple[Item, ...]
    unused: tuple[str, ...] = ()


@pytest.mark.parametrize(("dry", "verb"), [(True, "would write"), (False, "wrote")])
def test_import(
    plant: Callable[..., list[Call]], dry: bool, verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "findings.json"
    file.write_text("{}", encoding="utf-8")
    item = Item("findings.json", 3, "status 'MAYBE' is not known; correct it")
    calls = plant("importing", "import_files", Report("prowler", (file,), (Path("x.csv"),), 1, 7, (item,)))
    assert main(["import", "prowler", str(file), "-w", str(tmp_path), *(["--dry-run"] if dry else [])]) == 2
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [f"{verb} x.csv", "prowler: 1 row, 7 statements from 1 file"]
    assert shown.err == "findings.json:3: status 'MAYBE' is not known; correct it\n"
    assert calls == [{"0": "prowler", "1": (file,), "2": tmp_path, "dry_run": dry}]


def test_import_that_understood_everything(plant: Callable[..., list[Call]], tmp_path: Path) -> None:
    file = tmp_path / "findings.json"
    file.write_text("{}", encoding="utf-8")
    plant("importing", "import_files", Report("prowler", (file,), (), 0, 0, ()))
    assert main(["import", "prowler", str(file)]) == 0


def test_explore(plant: Callable[..., list[Call]], tmp_path: Path) -> None:
    calls = plant("explorer", "launch", 0)
    assert main(["explore", str(tmp_path), "--port", "8600", "--no-browser"]) == 0
    assert calls == [{"0": tmp_path, "port": 8600, "open_browser": False}]


def test_doctor_looks_at_the_installation_and_at_a_workspace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["doctor", str(tmp_path)]) == 0
    assert "ok    workspace: " in capsys.readouterr().out
    (tmp_path / "registers" / "people.csv").write_text("id,name\na,Ana\n", encoding="utf-8")
    assert main(["doctor", str(tmp_path)]) == 2
    assert "fault workspace: column started_on is missing" in capsys.readouterr().out


def test_nothing_moves_in_a_pipe(plant: Callable[..., list[Call]], capsys: pytest.CaptureFixture[str]) -> None:
    plant("run", "assess", without_faults())
    assert main(["assess"]) == 0
    assert capsys.readouterr().err == ""
    with screen.progress() as show:
        assert show is None


def test_a_question_refuses_a_period_for_type_1() -> None:
    with pytest.raises(click.UsageError):
        Question(report_type=ReportType.TYPE_I, period=Period(date(2026, 1, 1), date(2027, 1, 1)))
