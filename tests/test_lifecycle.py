"""The life of a gap: what counts as accepted, fixed, verified and reopened, and what its history says."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapgraph.assess.lifecycle import GapRecord, by_gap, status_of
from gapgraph.model import Assessment, Deviation, Gap, GapStatus, ResultSeverity
from gapgraph.run import assess
from tests.small_workspace import closed_gap, registers, write

BASE = "https://example.org/test/"
KNOWN = date(2027, 1, 1)
CLOSED = GapRecord(
    "r1",
    "q",
    "s",
    "ana",
    detected_on=date(2026, 2, 1),
    started_on=date(2026, 2, 3),
    fixed_on=date(2026, 3, 1),
    fixed_by="ana",
    verified_on=date(2026, 4, 1),
    verified_by="ben",
    shown_on=(date(2026, 3, 9),),
)
DAYS = st.dates(date(2025, 12, 1), date(2026, 12, 31))


def failing(on: date) -> Deviation:
    return Deviation("item", "Account of Eve", ResultSeverity.VIOLATION, (), (), on)


def test_the_history_tells_each_day_in_order() -> None:
    status, history = status_of([CLOSED], [], KNOWN)
    assert status is GapStatus.VERIFIED
    assert history == (
        "2026-02-01: detected",
        "2026-02-03: remediation started",
        "2026-03-01: fixed",
        "2026-04-01: verified",
    )


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"shown_on": ()}, "no evidence from between"),
        ({"shown_on": (date(2026, 2, 28),)}, "no evidence from between"),
        ({"shown_on": (date(2026, 4, 2),)}, "no evidence from between"),
        ({"verified_by": "ana"}, "not by somebody else"),
        ({"verified_by": ""}, "not by somebody else"),
        ({"owner": "ben"}, "not by somebody else"),
        ({"fixed_by": "ben"}, "not by somebody else"),
        ({"fixed_on": None}, "no day of the fix"),
        ({"fixed_on": date(2026, 4, 2)}, "came before the fix"),
    ],
)
def test_a_verification_that_does_not_count_says_why(change: dict[str, object], why: str) -> None:
    status, history = status_of([replace(CLOSED, **change)], [], KNOWN)  # type: ignore[arg-type]
    assert status is not GapStatus.VERIFIED
    assert [line for line in history if f"does not count, {why}" in line or (why in line and "count" in line)]


@pytest.mark.parametrize("shown", [date(2026, 3, 1), date(2026, 4, 1)])
def test_evidence_of_the_first_and_of_the_last_day_counts(shown: date) -> None:
    assert status_of([replace(CLOSED, shown_on=(shown,))], [], KNOWN)[0] is GapStatus.VERIFIED


@given(fixed=DAYS, verified=DAYS, shown=st.lists(DAYS, max_size=3), failed=st.lists(DAYS, max_size=3))
def test_verified_needs_a_fix_then_evidence_then_a_look_and_nothing_since(
    fixed: date, verified: date, shown: list[date], failed: list[date]
) -> None:
    record = replace(CLOSED, fixed_on=fixed, verified_on=verified, shown_on=tuple(sorted(shown)))
    status = status_of([record], [failing(day) for day in failed], KNOWN)[0]
    counts = any(fixed <= day <= verified for day in shown)
    again = any(day >= verified for day in failed)
    assert (status is GapStatus.VERIFIED) == (counts and not again)
    assert (status is GapStatus.REOPENED) == (counts and again)
    if not counts:
        assert (status is GapStatus.FIXED) == (not any(day > fixed for day in failed))


def test_a_gap_that_came_back_has_one_history() -> None:
    later = replace(
        CLOSED,
        iri="r0",
        detected_on=date(2026, 6, 1),
        started_on=None,
        fixed_on=date(2026, 6, 9),
        verified_on=date(2026, 7, 1),
        shown_on=(date(2026, 6, 20),),
    )
    found = by_gap([later, CLOSED])
    assert found == {("q", "s"): (CLOSED, later)}
    status, history = status_of(found["q", "s"], [failing(date(2026, 6, 1))], KNOWN)
    assert status is GapStatus.VERIFIED
    assert history[3:] == (
        "2026-04-01: verified",
        "2026-06-01: found again, reopened",
        "2026-06-01: detected",
        "2026-06-09: fixed",
        "2026-07-01: verified",
    )


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({}, GapStatus.ACCEPTED, "accepted until 2026-12-31"),
        ({"accepted_before": date(2026, 12, 31)}, GapStatus.OPEN, "acceptance ended on 2026-12-30"),
        ({"accepted_by": "ana"}, GapStatus.OPEN, "cannot accept their own gap"),
        ({"owner": ""}, GapStatus.OPEN, "nobody is named who owns the gap"),
    ],
)
def test_somebody_other_than_the_owner_accepts_until_a_day(
    change: dict[str, object], status: GapStatus, said: str
) -> None:
    record = GapRecord("r", "q", "s", "ana", accepted_by="ben", accepted_before=KNOWN)
    found, history = status_of([replace(record, **change)], [failing(date(2026, 6, 1))], KNOWN)  # type: ignore[arg-type]
    assert found is status
    assert said in history[-1]


def gaps(found: Assessment, requirement: str) -> list[Gap]:
    return [g for g in found.gaps if (g.engagement, g.requirement) == ("t2", requirement)]


def without(*windows: str) -> dict[str, list[str]]:
    """The workspace without these reviews of its first system."""
    tables = registers()
    for name in ("access_reviews", "review_decisions"):
        tables[name] = [row for row in tables[name] if not row.startswith(windows)]
    return tables


def test_a_gap_verified_before_its_fix_is_not_closed(tmp_path: Path) -> None:
    (gap,) = gaps(
        assess(write(tmp_path, without("s1-q1") | closed_gap("ACC-01", "s1", "2026-06-25", "2026-06-20"))), "ACC-01"
    )
    assert gap.status is not GapStatus.VERIFIED
    assert any("it came before the fix" in line for line in gap.history)


def test_a_gap_verified_and_failing_again_is_reopened(tmp_path: Path) -> None:
    found = assess(write(tmp_path, without("s1-q1", "s1-q4") | closed_gap("ACC-01", "s1", "2026-06-15", "2026-06-20")))
    (gap,) = gaps(found, "ACC-01")
    assert gap.status is GapStatus.REOPENED
    assert [g.subject for g in gaps(found, "EVD-09")] == [f"{BASE}systems/s1"]
    assert any("2026-06-20: verified" in line for line in gap.history)
    ((check,),) = [d.checks for g in gaps(found, "EVD-09") for d in g.deviations]
    assert check.value == "2026-12-31", "the day on which it was found again is named"


@pytest.mark.parametrize(
    ("kind", "event", "captured", "counts"),
    [
        ("log", "", "2026-06-15", True),
        ("log", "2026-06-16", "2026-06-25", True),
        ("log", "2026-06-14", "2026-06-16", False),
        ("log", "", "2026-06-21", False),
        ("log", "", "", False),
        ("attestation", "", "2026-06-15", False),
    ],
)
def test_what_a_verification_rests_on_is_read_from_the_register(
    tmp_path: Path, kind: str, event: str, captured: str, counts: bool
) -> None:
    tables = without("s1-q1") | closed_gap("ACC-01", "s1", "2026-06-15", "2026-06-20")
    tables["evidence"] = [
        "id,title,kind,control,event_date,captured_on,captured_by",
        f"retest,Test after the fix,{kind},uar,{event},{captured},ben",
    ]
    found = assess(write(tmp_path, tables))
    (gap,) = gaps(found, "ACC-01")
    assert (gap.status is GapStatus.VERIFIED) == counts
    assert bool(gaps(found, "EVD-09")) != counts


def test_the_days_of_a_record_after_the_as_of_date_are_not_known(tmp_path: Path) -> None:
    known = KNOWN - timedelta(days=1)
    tables = without("s1-q1") | closed_gap("ACC-01", "s1", "2026-06-15", f"{known.year + 1}-02-01")
    (gap,) = gaps(assess(write(tmp_path, tables)), "ACC-01")
    assert gap.status is GapStatus.FIXED
