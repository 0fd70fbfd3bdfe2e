"""Limits that controls state for themselves: what is read, and that nothing unreadable stops or bends a run."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapgraph import workspace
from gapgraph.derive.calendar import Allowance
from gapgraph.model import Assessment, Outcome
from gapgraph.run import assess
from gapgraph.sources.parameters import ParameterError, read_parameter
from tests.small_workspace import registers, write

DEFAULTS = {
    "revoke_days": "7d",
    "leaver_sla": "1bd",
    "min_length": "12",
    "silence_hours": "24",
    "qa_rate": "5",
    "spacing": "1.5",
    "kept_days": "180",
    "cadence": "annual",
}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("revoke_days=7", "7d"),
        ("revoke_days = 07", "7d"),
        ("revoke_days=7d", "7d"),
        ("revoke_days=5 bd", "5bd"),
        ("revoke_days=2m", "2m"),
        ("leaver_sla=24h", "24h"),
        ("min_length=14", "14"),
        ("silence_hours=12h", "12"),
        ("silence_hours=12", "12"),
        ("qa_rate=2.5%", "2.5"),
        ("spacing=1.25", "1.25"),
        ("kept_days=30d", "30"),
        ("kept_days=30", "30"),
    ],
)
def test_a_parameter_is_read_as_what_its_default_is(text: str, value: str) -> None:
    assert read_parameter(text, DEFAULTS) == (text.partition("=")[0].strip(), value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("leaver_sla=1", "'leaver_sla=1' has no unit; write leaver_sla=1d for days"),
        ("revoke_days=7.5", "'revoke_days=7.5' is no length of time"),
        ("revoke_days=7%", "'revoke_days=7%' is no length of time"),
        ("revoke_days=99999d", "longer than a hundred years"),
        ("revoke_days=999999999y", "longer than a hundred years"),
        ("min_length=12m", "'min_length=12m' is no plain number; write min_length=12"),
        ("spacing=1.5d", "'spacing=1.5d' is no plain number"),
        ("kept_days=3m", "'kept_days=3m' is no plain number; write kept_days=12 or kept_days=12d"),
        ("cadence=12", "the column cadence holds it"),
        ("revoke_days=soon", "is no parameter"),
        ("revoke_days=-7", "is no parameter"),
        ("revoke_days", "is no parameter"),
        ("revoke_dayz=7d", "no requirement reads the parameter 'revoke_dayz'; known are kept_days, leaver_sla"),
    ],
)
def test_a_parameter_that_cannot_be_read_says_what_would_be_right(text: str, words: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read_parameter(text, DEFAULTS)
    assert words in str(caught.value)


@given(st.sampled_from(sorted(DEFAULTS)), st.from_regex(r"[0-9]{1,10}(\.[0-9])? ?(%|bd|d|h|m|y|)", fullmatch=True))
def test_what_is_read_can_be_used(name: str, value: str) -> None:
    try:
        _, found = read_parameter(f"{name}={value}", DEFAULTS)
    except ParameterError:
        return
    if name in {"revoke_days", "leaver_sla"}:
        assert str(Allowance.parse(found))
    else:
        float(found)


def test_every_parameter_of_the_shipped_profiles_can_be_stated_by_a_control(tmp_path: Path) -> None:
    names = workspace.names_of(workspace.load(write(tmp_path, registers())))
    assert names.parameters["revoke_days"] == "7d"
    for name, default in names.parameters.items():
        if name != "cadence":
            assert read_parameter(f"{name}={default}", names.parameters) == (name, default)


def stated(folder: Path, parameters: str, decided: str = "2026-03-02", removed: str = "2026-03-09") -> Assessment:
    """A small company whose control states parameters and whose first review took away an account."""
    tables = registers()
    tables["controls"] = [f"{tables['controls'][0]},parameters", f"{tables['controls'][1]},{parameters}"]
    header, first, *rest = tables["review_decisions"]
    gone = first.replace("keep", "revoke").replace("2026-03-10", decided)
    tables["review_decisions"] = [
        f"{header},removed_on",
        f"{gone},{removed}",
        *(f"{row}," for row in rest if ",s1-a," not in row),
    ]
    reviews = tables["access_reviews"]
    reviews[1] = reviews[1].replace("2026-03-10", "2026-03-01", 1)
    account = tables["accounts"]
    tables["accounts"] = [f"{account[0]},disabled_on", f"{account[1]},{removed}", *(f"{row}," for row in account[2:])]
    return assess(write(folder, tables))


def outcome(found: Assessment, id: str) -> Outcome:
    return next(r.outcome for r in found.requirements if (r.engagement, r.id) == ("t2", id))


@pytest.mark.parametrize(("parameters", "expected"), [("revoke_days=5", True), ("revoke_days=8", False)])
def test_days_without_a_unit_are_days(tmp_path: Path, parameters: str, expected: bool) -> None:
    found = stated(tmp_path, parameters)
    assert [f for f in found.meta.faults if not f.notice] == []
    assert any(g.requirement == "ACC-04" for g in found.gaps if g.engagement == "t2") is expected


def test_a_limit_without_a_unit_is_a_fault_of_its_row_and_the_rest_is_judged(tmp_path: Path) -> None:
    plain = stated(tmp_path / "plain", "")
    found = stated(tmp_path / "bad", "revoke_days=7;leaver_sla=1")
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert (fault.path, fault.row) == ("registers/controls.csv", 2)
    assert "column parameters: 'leaver_sla=1' has no unit" in fault.message
    assert "ACC-04" in fault.touches
    assert outcome(found, "ACC-04") is Outcome.NO_CONCLUSION
    spared = {r.id for r in plain.requirements} - set(fault.touches)
    assert spared
    kept = [[(r.id, r.outcome) for r in a.requirements if r.id in spared] for a in (plain, found)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("text", ["spacing=1.5d", "min_length=12m", "revoke_days=999999999", "grace", "cadence=7d"])
def test_no_parameter_stops_a_run(tmp_path: Path, text: str) -> None:
    (fault,) = [f for f in stated(tmp_path, text).meta.faults if not f.notice]
    assert (fault.path, fault.row) == ("registers/controls.csv", 2)


def test_a_parameter_that_is_stated_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = [f for f in stated(tmp_path, "revoke_days=7;revoke_days=90d").meta.faults if not f.notice]
    assert "the parameter 'revoke_days' is stated twice; keep one" in fault.message


def test_days_of_grace_have_an_end(tmp_path: Path) -> None:
    tables = registers()
    tables["controls"] = [f"{tables['controls'][0]},grace_days", f"{tables['controls'][1]},999999999"]
    (fault,) = [f for f in assess(write(tmp_path, tables)).meta.faults if not f.notice]
    assert "column grace_days: '999999999' is no number of days" in fault.message


def test_the_zone_of_the_workspace_reaches_the_readers(tmp_path: Path) -> None:
    space = workspace.load(write(tmp_path, registers()))
    assert workspace.names_of(replace(space, zone="Europe/Berlin")).zone == "Europe/Berlin"
