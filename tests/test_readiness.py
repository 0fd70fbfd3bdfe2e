"""Readiness beyond the gaps: parts, checklist, milestones and the sum behind the score."""

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from gapgraph import assets
from gapgraph.assess.readiness import milestones
from gapgraph.cli.main import main
from gapgraph.demo import write_demo
from gapgraph.model import Assessment, Outcome, ReportType
from gapgraph.profile import shipped_requirements
from gapgraph.readiness import Readiness, ReadinessPart
from gapgraph.run import assess
from tests.small_workspace import CONFIG, registers, write


def readiness(found: Assessment, engagement: str = "t2") -> Readiness:
    """The readiness of an engagement."""
    return next(e.readiness for e in found.engagements if e.id == engagement)


def part(found: Readiness, group: str) -> ReadinessPart:
    """The part of that id."""
    return next(p for p in found.parts if p.group == group)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The clean small company."""
    folder = tmp_path_factory.mktemp("readiness") / "demo"
    write_demo(folder, defects=[])
    return assess(folder)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    """The small company with its usual defects."""
    folder = tmp_path_factory.mktemp("readiness") / "demo"
    write_demo(folder)
    return assess(folder)


def test_the_checklist_has_sixteen_lines_and_asks_for_requirements_that_exist() -> None:
    text = assets.path("data", "readiness.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert sum(row["view"] == "checklist" for row in rows) == 16
    assert [row["group"] for row in rows if row["view"] == "part"] == [
        "scope",
        "description",
        "assertion",
        "evidence",
        "people",
        "period",
    ]
    asked = {id for row in rows for id in row["requirements"].split(";")}
    assert asked <= set(shipped_requirements())


def test_a_clean_company_has_every_line_of_the_checklist(clean: Assessment) -> None:
    for engagement in clean.engagements:
        assert {p.outcome for p in engagement.readiness.checklist} == {Outcome.MET}
        assert not any(p.gaps for p in engagement.readiness.checklist)
        assert [m.gaps for m in engagement.readiness.milestones] == [(), ()]


def test_a_line_is_as_good_as_the_worst_that_it_names_and_lists_its_gaps(planted: Assessment) -> None:
    one = readiness(planted, "soc2-type2")
    outcomes = {r.id: r.outcome for r in planted.requirements if r.engagement == "soc2-type2"}
    order = [Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET_WITH_EXCEPTIONS, Outcome.MET]
    seen = set()
    for line in one.checklist:
        worst = min((outcomes[id] for id in line.requirements), key=order.index)
        assert line.outcome is worst
        seen.add(worst)
        mine = {g.id for g in planted.gaps if g.engagement == "soc2-type2" and g.requirement in line.requirements}
        assert set(line.gaps) <= mine
        assert bool(line.reasons) == (worst is not Outcome.MET)
    assert Outcome.NOT_MET in seen


def test_the_sum_behind_the_score_gives_the_score(planted: Assessment) -> None:
    for engagement in planted.engagements:
        earned, possible = (float(engagement.readiness.formula.split()[i]) for i in (2, 4))
        assert round(100 * earned / possible, 1) == engagement.readiness.score


def test_type_one_needs_less_than_type_two(planted: Assessment) -> None:
    first, second = readiness(planted, "soc2-type2").milestones
    assert (first.type, second.type) == (ReportType.TYPE_I, ReportType.TYPE_II)
    assert set(first.gaps) < set(second.gaps)


def test_a_period_starts_no_earlier_than_the_last_control(clean: Assessment) -> None:
    _, second = readiness(clean, "soc2-type2").milestones
    dates = [c.since for c in clean.controls if c.engagement == "soc2-type2" and c.requirements]
    assert second.earliest is not None
    assert second.earliest >= max(d for d in dates if d is not None)
    assert second.earliest <= date(2026, 1, 1), "the clean company could start when its period does"


def test_a_control_that_came_late_moves_the_start(clean: Assessment) -> None:
    mine = [c for c in clean.controls if c.engagement == "soc2-type2"]
    asked = [r for r in clean.requirements if r.engagement == "soc2-type2"]
    late = next(c for c in mine if c.id == "C-UAR-1")

    def start(since: date | None) -> tuple[date | None, str]:
        controls = [replace(c, since=since) if c is late else c for c in mine]
        found = milestones(asked, controls, [], clean.catalogue, {})[1]
        return found.earliest, " ".join(found.reasons)

    assert start(date(2026, 7, 1))[0] == date(2026, 7, 1)
    assert start(None) == (None, "nothing says since when there is C-UAR-1")


def test_without_a_control_no_period_can_start(tmp_path: Path) -> None:
    found = readiness(assess(write(tmp_path, registers())))
    _, second = found.milestones
    assert second.earliest is None
    assert "no control yet for" in second.reasons[0]


def test_people_who_left_cannot_be_asked(tmp_path: Path) -> None:
    tables = registers()
    tables["people"] = [
        "id,name,kind,started_on,ended_on",
        "ana,Ana,employee,2020-01-01,2026-06-30",
        "ben,Ben,employee,2020-01-01,2026-07-31",
    ]
    people = part(readiness(assess(write(tmp_path, tables))), "people")
    assert people.outcome is Outcome.NOT_MET
    assert any("Access review" in reason for reason in people.reasons)


def test_a_part_that_the_profile_leaves_out_says_so(tmp_path: Path) -> None:
    tables = '[adjust.SCP-03]\noff = true\nreason = "written by the auditor"\n'
    found = readiness(assess(write(tmp_path, registers(), CONFIG + tables)))
    description = part(found, "description")
    assert any("does not look at SCP-03" in reason for reason in description.reasons)


def test_the_command_shows_it_in_every_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write(tmp_path, registers())
    for form in ("table", "md", "csv", "json"):
        assert main(["readiness", str(folder), "--format", form]) == 0
        assert "SCP-01" in capsys.readouterr().out
    assert main(["readiness", str(folder), "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["checklist"]) == 2 * 16
    assert {row["milestone"] for row in found["milestones"]} == {"Type I", "Type II"}
