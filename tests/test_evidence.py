"""Evidence: limits of rates, instances by window, hashes of files, what is judged on the results of all else."""

import csv
import json
from datetime import date, timedelta
from itertools import permutations
from math import comb
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph import assets
from gapgraph.demo import write_demo
from gapgraph.derive.calendar import DAY, Slot
from gapgraph.derive.facts import gg
from gapgraph.derive.instances import expected_windows, unfilled
from gapgraph.model import Assessment, OperationOutcome, Outcome, Period
from gapgraph.profile import shipped_requirements
from gapgraph.run import assess
from gapgraph.sampling import at_most, rate_limit, upper_limit
from gapgraph.sources.hashes import hashes_of

PUBLISHED = json.loads(assets.path("data", "sample-sizes.json").read_text(encoding="utf-8"))["upper_limits"]
START = date(2026, 1, 1)
DAYS = st.integers(0, 200).map(lambda n: START + timedelta(days=n))


@pytest.mark.parametrize(("sample", "confidence", "limits"), PUBLISHED["percent_by_sample_and_confidence"])
def test_upper_limits_are_those_that_are_published(sample: int, confidence: int, limits: list[float]) -> None:
    for deviations, percent in enumerate(limits):
        if deviations <= sample:
            assert round(100 * upper_limit(sample, deviations, confidence / 100), 1) == percent


@pytest.mark.parametrize(("confidence", "tolerable", "sizes"), PUBLISHED["smallest_samples"])
def test_the_smallest_sample_that_rules_out_a_rate_is_the_published_one(
    confidence: float, tolerable: float, sizes: list[int]
) -> None:
    for deviations, size in enumerate(sizes):
        assert upper_limit(size, deviations, confidence) <= tolerable + 1e-6
        assert upper_limit(size - 1, deviations, confidence) > tolerable


@given(sample=st.integers(1, 120), confidence=st.floats(0.5, 0.999), data=st.data())
def test_an_upper_limit_lies_above_the_rate_found_and_grows_with_deviations(
    sample: int, confidence: float, data: st.DataObject
) -> None:
    bad = data.draw(st.integers(0, sample - 1))
    limit = upper_limit(sample, bad, confidence)
    assert bad / sample < limit <= upper_limit(sample, bad + 1, confidence)
    assert at_most(bad, sample, limit) <= 1 - confidence + 1e-5
    assert limit == pytest.approx(1 - (1 - confidence) ** (1 / sample), abs=2e-6) or bad


@given(rate=st.floats(0.01, 0.99), sample=st.integers(1, 40), data=st.data())
def test_the_chance_of_at_most_so_many_is_that_of_the_binomial(rate: float, sample: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, sample))
    more = sum(comb(sample, i) * rate**i * (1 - rate) ** (sample - i) for i in range(bad + 1, sample + 1))
    assert at_most(bad, sample, rate) + more == pytest.approx(1)


def test_a_population_that_was_tested_whole_has_no_sampling_error() -> None:
    assert rate_limit(40, 40, 4, 0.9) == 0.1
    assert rate_limit(400, 40, 4, 0.9) > 0.1


@pytest.mark.parametrize(("sample", "bad", "confidence"), [(0, 0, 0.9), (5, 6, 0.9), (5, -1, 0.9), (5, 1, 1.0)])
def test_counts_that_do_not_fit_have_no_limit(sample: int, bad: int, confidence: float) -> None:
    with pytest.raises(ValueError, match="deviations lie between"):
        upper_limit(sample, bad, confidence)


@st.composite
def slots(draw: st.DrawFn) -> list[Slot]:
    """Windows one after the other, each due some days of grace after its end."""
    length, grace = draw(st.integers(5, 40)), draw(st.integers(0, 40))
    count = draw(st.integers(1, 4))
    ends = [START + timedelta(days=length * (i + 1)) for i in range(count)]
    return [
        Slot(e - timedelta(days=length), e, e + timedelta(days=min(grace, length)), f"{i}", True)
        for i, e in enumerate(ends)
    ]


@given(windows=slots(), days=st.lists(DAYS, max_size=5))
def test_no_other_choice_of_days_fills_more_windows(windows: list[Slot], days: list[date]) -> None:
    found = len(windows) - len(unfilled(windows, days))
    size = min(len(days), len(windows))
    best = max(
        (
            sum(w.start <= d < w.due for w, d in zip(chosen, order, strict=False))
            for chosen in permutations(windows, size)
            for order in permutations(days, size)
        ),
        default=0,
    )
    assert found == best


@given(windows=slots(), days=st.lists(DAYS, max_size=5))
def test_a_day_more_never_leaves_more_windows_bare(windows: list[Slot], days: list[date]) -> None:
    assert len(unfilled(windows, [*days, windows[0].start])) <= len(unfilled(windows, days))


def test_a_stretch_fills_the_windows_that_it_covers_whole() -> None:
    quarters = expected_windows("quarterly", Period(START, date(2027, 1, 1)))
    assert [s.label for s in unfilled(quarters, [], [Period(date(2026, 4, 1), date(2026, 9, 30))])] == [
        "2026-Q1",
        "2026-Q3",
        "2026-Q4",
    ]


@pytest.mark.parametrize(
    ("cadence", "end", "count"),
    [
        ("annual", date(2027, 1, 1), 1),
        ("annual", date(2026, 12, 31), 0),
        ("semi-annual", date(2027, 1, 1), 2),
        ("semi-annual", date(2026, 7, 1), 1),
        ("quarterly", date(2026, 7, 1), 2),
        ("monthly", date(2026, 7, 1), 6),
        ("weekly", date(2027, 1, 1), 53),
        ("daily", date(2026, 1, 13), 8),
    ],
)
def test_expected_windows_by_cadence_and_length_of_the_period(cadence: str, end: date, count: int) -> None:
    assert len(expected_windows(cadence, Period(START, end))) == count


def test_frequencies_are_those_that_requirements_and_windows_hold_to() -> None:
    rows = list(csv.DictReader(assets.path("data", "frequencies.csv").read_text(encoding="utf-8").splitlines()))
    stated = shipped_requirements()["EVD-06"].info.parameters
    assert {row["parameter"]: f"{row['freshness_days']}d" for row in rows} == stated
    for row in rows:
        if row["expected_in_12_months"]:
            found = expected_windows(row["frequency"], Period(START, date(2027, 1, 1)))
            assert len(found) == int(row["expected_in_12_months"])


def named(path: str) -> list[Triple]:
    """A piece of evidence with a file of that name."""
    return [Triple(NamedNode("urn:e"), gg("file"), Literal(path))]


def test_a_file_inside_the_workspace_has_a_hash_and_no_other_has(tmp_path: Path) -> None:
    space = tmp_path / "space"
    (space / "evidence").mkdir(parents=True)
    (space / "evidence" / "a.csv").write_bytes(b"test")
    (tmp_path / "outside.csv").write_bytes(b"test")
    (space / "evidence" / "link.csv").symlink_to(tmp_path / "outside.csv")
    (found,) = hashes_of(space, named("evidence/a.csv"))
    assert found.object == Literal("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    for path in (
        "evidence/b.csv",
        "evidence",
        "../outside.csv",
        str(tmp_path / "outside.csv"),
        "evidence/link.csv",
        "\0",
    ):
        assert hashes_of(space, named(path)) == [], path


def outcomes(found: Assessment, *ids: str) -> list[Outcome]:
    """The outcomes of requirements in the only engagement."""
    return [next(r.outcome for r in found.requirements if r.id == id) for id in ids]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean small company."""
    folder = tmp_path_factory.mktemp("evidence") / "demo"
    write_demo(folder, defects=())
    return folder


def test_the_time_after_the_period_is_looked_at_until_the_report(clean: Path) -> None:
    soon = assess(clean, engagement="soc2-type2", as_of=date(2027, 1, 20))
    assert outcomes(soon, "EVD-14") == [Outcome.MET]
    late = assess(clean, engagement="soc2-type2", as_of=date(2027, 1, 31))
    assert outcomes(late, "EVD-14") == [Outcome.NOT_MET]
    now = assess(clean, engagement="soc2-type2")
    assert outcomes(now, "EVD-14") == [Outcome.NOT_OCCURRING]


def test_a_period_of_two_months_needs_a_reason(clean: Path) -> None:
    short = Period(date(2026, 11, 1), date(2026, 12, 31) + DAY)
    assert outcomes(assess(clean, engagement="soc2-type2", period=short), "EVD-12") == [Outcome.NOT_MET]


def test_a_roster_that_differs_leaves_leavers_without_a_conclusion(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", defects=["roster-differs"])
    found = assess(tmp_path / "demo", engagement="soc2-type2")
    assert outcomes(found, "EVD-16", "ACC-09", "HR-02") == [Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET]
    leavers = next(r for r in found.requirements if r.id == "ACC-09")
    assert leavers.reasons[0].startswith("EVD-16: Second source for leavers shows differences")
    control = next(c for c in found.controls if c.id == "C-LVR-1")
    assert control.operation is OperationOutcome.NO_CONCLUSION
