"""Dates: windows, due dates, deadlines, stretches of time, on examples worked by hand and on random ones."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapgraph.derive import calendar
from gapgraph.derive.calendar import (
    DAY,
    Allowance,
    coverage,
    deadline,
    due_slots,
    earliest_open,
    overlap,
    spells,
    union,
    window_at,
    windows,
)
from gapgraph.model import Period

YEAR = Period(date(2026, 1, 1), date(2027, 1, 1))
DATES = st.dates(date(2019, 1, 1), date(2032, 12, 31))
PERIODS = st.tuples(DATES, st.integers(1, 500)).map(lambda p: Period(p[0], p[0] + timedelta(days=p[1])))
CADENCES = st.sampled_from(calendar.WINDOWED)


def test_a_year_has_four_quarters_named_as_people_do() -> None:
    assert [s.label for s in windows("quarterly", YEAR)] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]


@pytest.mark.parametrize(("start", "counted"), [(date(2026, 2, 15), True), (date(2026, 2, 16), False)])
def test_a_partial_quarter_counts_when_twice_the_overlap_reaches_its_length(start: date, counted: bool) -> None:
    labels = [s.label for s in windows("quarterly", Period(start, date(2026, 7, 1)))]
    assert ("2026-Q1" in labels) is counted, "the quarter has 90 days, 45 of them are the border"


@pytest.mark.parametrize(("months", "quarters"), [(3, 1), (6, 2), (9, 3), (12, 4)])
def test_usual_periods_have_their_quarters(months: int, quarters: int) -> None:
    period = Period(date(2026, 1, 1), calendar.add_months(date(2026, 1, 1), months))
    assert len(windows("quarterly", period)) == quarters


def test_grace_moves_the_due_date_and_not_the_window() -> None:
    first = windows("quarterly", YEAR, 10)[0]
    assert (first.end, first.due) == (date(2026, 4, 1), date(2026, 4, 11))


@given(CADENCES, DATES)
def test_windows_tile_the_calendar(cadence: str, day: date) -> None:
    window = window_at(cadence, day)
    assert window.start <= day < window.end
    assert window_at(cadence, window.end).start == window.end, "the next window starts where this one ends"


@given(CADENCES, PERIODS)
def test_counted_windows_are_those_that_overlap_by_half(cadence: str, period: Period) -> None:
    found = windows(cadence, period)
    assert all(2 * overlap(Period(s.start, s.end), period) >= (s.end - s.start).days for s in found)
    assert len({s.label for s in found}) == len(found)


@pytest.mark.parametrize(
    ("start", "allowance", "first_too_late"),
    [
        (date(2026, 3, 6), "1bd", date(2026, 3, 10)),
        (date(2026, 3, 7), "1bd", date(2026, 3, 10)),
        (date(2026, 3, 1), "7d", date(2026, 3, 9)),
        (date(2026, 3, 1), "24h", date(2026, 3, 3)),
        (date(2026, 3, 1), "25h", date(2026, 3, 4)),
        (date(2024, 2, 29), "1y", date(2025, 3, 1)),
        (date(2026, 1, 31), "1m", date(2026, 3, 1)),
    ],
)
def test_deadlines(start: date, allowance: str, first_too_late: date) -> None:
    assert deadline(start, Allowance.parse(allowance)) == first_too_late


@pytest.mark.parametrize("text", ["", "7", "d7", "seven days", "7 weeks", "-1d"])
def test_a_length_of_time_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write 7d"):
        Allowance.parse(text)


@given(DATES, st.integers(0, 40), st.sampled_from(["d", "bd", "m"]))
def test_more_time_is_never_due_earlier(start: date, amount: int, unit: str) -> None:
    assert deadline(start, Allowance(amount, unit)) <= deadline(start, Allowance(amount + 1, unit))


def test_an_annual_duty_never_done_is_due_by_the_end_of_what_is_judged() -> None:
    (slot,) = due_slots(12, 0, YEAR, [])
    assert slot.due == YEAR.end


def test_an_annual_duty_that_is_not_yet_due_gives_no_slot() -> None:
    assert due_slots(12, 0, Period(date(2026, 1, 1), date(2026, 7, 1)), [date(2025, 9, 1)]) == []


def test_a_due_date_missed_inside_the_period_is_a_slot_without_an_instance() -> None:
    (slot,) = due_slots(12, 0, YEAR, [date(2025, 3, 1)])
    assert slot.due == date(2026, 3, 2), "done on 1 March 2026 would still be in time"


def test_an_instance_resets_the_clock() -> None:
    first, second = due_slots(6, 0, YEAR, [date(2025, 10, 1), date(2026, 2, 1)])
    assert (first.due, second.due) == (date(2026, 4, 2), date(2026, 8, 2))


@given(PERIODS, st.lists(DATES, max_size=6), st.sampled_from([6, 12]))
def test_every_instance_of_the_period_falls_into_exactly_one_slot(
    judged: Period, instances: list[date], months: int
) -> None:
    slots = due_slots(months, 0, judged, instances)
    for day in {d for d in instances if judged.start <= d < judged.end}:
        assert sum(s.start <= day < s.end for s in slots) == 1, day


def test_a_setting_changed_in_the_period_gives_two_stretches() -> None:
    found = spells([(date(2026, 2, 1), "on"), (date(2026, 6, 1), "off")], YEAR, [YEAR])
    assert [(s.start, s.end, s.capture, s.unsupported) for s in found] == [
        (date(2026, 1, 1), date(2026, 6, 1), 0, 0),
        (date(2026, 6, 1), date(2027, 1, 1), 1, 0),
    ]


def test_a_capture_without_a_change_record_supports_no_stretch() -> None:
    (spell,) = spells([(date(2026, 12, 31), "on")], YEAR, [])
    assert spell.unsupported == YEAR.days


def test_a_capture_before_the_period_alone_supports_nothing() -> None:
    (spell,) = spells([(date(2025, 12, 1), "on")], YEAR, [YEAR])
    assert spell.unsupported == YEAR.days


@given(PERIODS, st.lists(st.tuples(DATES, st.sampled_from(["on", "off"])), max_size=6))
def test_stretches_tile_the_judged_time(judged: Period, captures: list[tuple[date, str]]) -> None:
    found = spells(sorted(captures), judged, [judged])
    assert found[0].start == judged.start
    assert found[-1].end == judged.end
    assert all(a.end == b.start for a, b in pairwise(found))


@given(st.lists(PERIODS, max_size=6), PERIODS)
def test_coverage_counts_the_days_that_no_piece_holds(pieces: list[Period], judged: Period) -> None:
    days = {judged.start + timedelta(days=i) for i in range(judged.days)}
    covered = {d for d in days if any(p.start <= d < p.end for p in pieces)}
    found = coverage(pieces, judged)
    assert found.bare_days == len(days - covered)
    assert (found.covered_until is not None) == (judged.start in covered)
    assert (found.covered_from is not None) == (judged.end - DAY in covered)
    assert found.first_bare == min(days - covered, default=None)


@given(st.lists(PERIODS, max_size=8))
def test_a_union_is_disjoint_and_in_order(pieces: list[Period]) -> None:
    found = union(pieces)
    assert all(a.end < b.start for a, b in pairwise(found))


def test_a_letter_that_ends_a_day_early_leaves_one_day_bare() -> None:
    report = Period(date(2025, 10, 1), date(2026, 10, 1))
    letter = Period(date(2026, 10, 1), date(2026, 12, 31))
    assert coverage([report, letter], YEAR).bare_days == 1


ALLOWANCES = st.builds(Allowance, st.integers(0, 60), st.sampled_from(["d", "bd", "h", "m"]))


@given(DATES, ALLOWANCES)
def test_what_falls_due_after_a_day_began_no_earlier_than_it_says(day: date, allowance: Allowance) -> None:
    first = earliest_open(day, allowance)
    assert deadline(first, allowance) > day
    assert deadline(first - DAY, allowance) <= day


@pytest.mark.parametrize("text", ["36500d", "36500bd", "876000h", "1200m", "100y"])
def test_the_longest_allowances_reach_back_too(text: str) -> None:
    assert deadline(earliest_open(date(2026, 1, 1), Allowance.parse(text)), Allowance.parse(text)) > date(2026, 1, 1)
