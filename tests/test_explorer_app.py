"""The pages of the explorer, run without a browser over the hand-made assessment."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from gapgraph import assets
from gapgraph.errors import InputError
from gapgraph.explorer import state
from gapgraph.model import Assessment
from gapgraph.output.summary import NEEDS_WORK
from tests.sample import SOC2, assessment

GAPS = "app_pages/gaps.py"


@pytest.fixture(name="workspace", autouse=True)
def workspace_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder to show, with the sample in the place of its assessment."""
    (tmp_path / "gapgraph.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv(state.WORKSPACE, str(tmp_path))
    show(monkeypatch, assessment())
    yield tmp_path
    state.assessed.clear()


def show(monkeypatch: pytest.MonkeyPatch, found: Assessment) -> None:
    state.assessed.clear()
    monkeypatch.setattr(state, "load_assessment", lambda folder: found)


def start(page: str = "", **query: str) -> AppTest:
    app = AppTest.from_file(str(assets.path("app", "main.py")), default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page:
        app.switch_page(page).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    """Everything that is written on the page, with Markdown's escapes taken away."""
    kinds = ("title", "markdown", "caption", "text", "error", "info", "warning", "code")
    shown = "\n".join(str(getattr(one, "value", "")) for kind in kinds for one in app.get(kind))
    return shown.replace("\\", "").replace("\N{WORD JOINER}", "")


def metric(app: AppTest, label: str) -> str:
    return next(str(one.value) for one in app.metric if one.label == label)


def gap_of(requirement: str) -> str:
    mine = (gap for gap in assessment().gaps if gap.engagement == SOC2 and gap.requirement == requirement)
    return min(mine, key=lambda gap: gap.subject_label).id


def test_overview_shows_the_numbers_of_the_first_engagement_with_a_period() -> None:
    app = start()
    waiting = [gap for gap in assessment().gaps if gap.engagement == SOC2 and gap.status in NEEDS_WORK]
    assert metric(app, "Open gaps") == str(len(waiting))
    assert metric(app, "Input faults") == "3"
    page = words(app)
    assert "SOC 2 Type II" in page
    assert "not an auditor's opinion" in page
    assert "Score = 100" in page


def test_overview_names_faults_and_what_was_never_evaluated() -> None:
    tables = [one.value for one in start().dataframe]
    assert any("registers/exercises.csv:4" in set(table.get("Where", [])) for table in tables)
    assert any("INC-01" in set(table.get("Requirement", [])) for table in tables)


def test_another_engagement_is_chosen_by_the_selector_and_by_the_link() -> None:
    app = start()
    app.selectbox(key="engagement").select("ISO 27001 design").run()
    assert metric(app, "Open gaps") == "2"
    assert metric(start(engagement="ISO 27001 design"), "Open gaps") == "2"


def test_overview_of_a_workspace_without_faults_or_gaps(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = assessment()
    meta = replace(whole.meta, faults=(), unused=())
    clean = tuple(replace(one, not_evaluated=0) for one in whole.requirements if one.outcome == "met")
    show(monkeypatch, replace(whole, meta=meta, gaps=(), requirements=clean))
    page = words(start())
    assert "No gap needs work." in page
    assert "Every row and file could be read." in page
    assert "Every requirement was judged" in page


def test_a_gap_opens_by_its_link() -> None:
    page = words(start(GAPS, gap=gap_of("ACC-01")))
    assert "Quarterly access review completed for each system · CRM" in page
    assert "Requirement · ACC-01" in page
    assert "Control · UAR-01" in page
    assert "registers/reviews.csv:2" in page
    assert "ggs:ACC-01-done" in page


def test_a_link_to_an_unknown_gap_says_so() -> None:
    app = start(GAPS, gap="nosuchgap")
    assert "has no gap nosuchgap" in words(app)


def test_filters_come_from_the_link() -> None:
    app = start(GAPS, kind="Policy")
    assert "1 gap of 16" in words(app)
    app.text_input(key="q").set_value("nothing like this").run()
    assert "No gap passes these filters." in words(app)


def test_a_filter_that_hides_the_gap_of_the_link_says_so() -> None:
    assert "hides it" in words(start(GAPS, gap=gap_of("ACC-01"), kind="Policy"))


def test_all_engagements_are_listed_together() -> None:
    assert "16 gaps of 16" in words(start(GAPS, all="true"))


def test_next_and_previous_walk_through_the_list() -> None:
    app = start(GAPS)
    assert "1 of 14" in words(app)
    app.button(key="next").click().run()
    assert "2 of 14" in words(app)
    assert app.query_params["gap"]
    app.button(key="previous").click().run()
    assert "1 of 14" in words(app)


def test_each_deviation_can_be_looked_at() -> None:
    app = start(GAPS, gap=gap_of("CHG-01"))
    chooser = next(one for one in app.selectbox if one.label == "Deviation")
    chooser.select(chooser.options[1]).run()
    assert not app.exception
    assert "registers/changes.csv:3" in words(app)


def test_labels_from_files_are_shown_and_never_formatted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = assessment()
    evil = "![x](http://x.example/i.png) <img src=x> :material/bug_report:"
    gap = next(one for one in whole.gaps if one.id == gap_of("ACC-01"))
    gaps = tuple(replace(one, subject_label=evil, remediation=evil, owner=evil) for one in (gap,))
    meta = replace(whole.meta, organisation=evil)
    show(monkeypatch, replace(whole, gaps=gaps, meta=meta))
    app = start(GAPS)
    shown = [one for kind in ("markdown", "caption") for one in app.get(kind)]
    raw = "\n".join(str(getattr(one, "value", "")) for one in shown)
    assert not re.search(r"(?<!\\)[!<]", raw), "no sign that opens an image or a tag stands without its escape"
    assert ":material/bug" not in raw


def test_a_workspace_that_cannot_be_assessed_says_why_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> Assessment:
        raise InputError("the period ends before it begins", "gapgraph.toml", 7, "Swap the dates.")

    monkeypatch.setattr(state, "load_assessment", fail)
    app = start()
    assert "This workspace cannot be shown" in words(app)
    assert "gapgraph.toml:7: the period ends before it begins. Swap the dates." in words(app)


def test_a_folder_that_is_not_there_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(state.WORKSPACE, str(tmp_path / "nowhere"))
    assert "there is no such folder" in words(start())


def test_a_workspace_without_engagements_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    show(monkeypatch, replace(assessment(), engagements=(), gaps=(), criteria=(), requirements=()))
    assert "Add an engagement to gapgraph.toml" in words(start())


def test_reload_reads_the_workspace_again(monkeypatch: pytest.MonkeyPatch, workspace: Path) -> None:
    whole, loads = assessment(), []

    def load(folder: Path) -> Assessment:
        loads.append(folder)
        return replace(whole, meta=replace(whole.meta, organisation=f"Load {len(loads)}"))

    monkeypatch.setattr(state, "load_assessment", load)
    app = start()
    app.run()
    assert len(loads) == 1
    app.button(key="reload").click().run()
    assert len(loads) == 1, "nothing changed, so the assessment at hand stays"
    (workspace / "gapgraph.toml").write_text("# changed", encoding="utf-8")
    app.run()
    assert len(loads) == 1, "a page is a snapshot until it is reloaded"
    app.button(key="reload").click().run()
    assert len(loads) == 2
    assert "Load 2" in words(app)
