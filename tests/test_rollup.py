"""Roll-up and judgement of operation: the rules by name, and algebra on random outcomes."""

import json
from datetime import date
from math import comb
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapgraph import assets
from gapgraph.assess.operation import (
    AD_HOC_SIZES,
    Instance,
    judge,
    likelihood_of,
    sample_exception_chance,
    sample_size,
)
from gapgraph.assess.rollup import Vote, answer, best, criterion_outcome, modification_risk, readiness_score, worst
from gapgraph.model import DesignOutcome, OperationOutcome, Outcome, ResultSeverity
from gapgraph.profile import Thresholds

V, E, N = ResultSeverity.VIOLATION, ResultSeverity.EXCEPTION, ResultSeverity.NO_CONCLUSION
OUTCOMES = st.sampled_from(list(Outcome))
VOTES = st.lists(st.builds(Vote, st.text("AB", min_size=1, max_size=3), OUTCOMES, st.integers(1, 5)), max_size=6)


def instances(*severities: ResultSeverity | None, cause: str = "", system: str = "") -> list[Instance]:
    return [Instance(str(i), s, system if s else "", cause=cause if s else "") for i, s in enumerate(severities)]


def test_a_criterion_without_a_voting_requirement_gives_no_conclusion() -> None:
    assert criterion_outcome([], 4)[0] is Outcome.NO_CONCLUSION


def test_a_criterion_of_which_nothing_is_met_is_not_met_whatever_the_severity() -> None:
    low = [Vote("A", Outcome.NOT_MET, 2), Vote("B", Outcome.NOT_APPLICABLE, 5), Vote("C", Outcome.NOT_OCCURRING, 5)]
    assert criterion_outcome(low, 4)[0] is Outcome.NOT_MET
    assert criterion_outcome([*low, Vote("D", Outcome.MET, 1)], 4)[0] is Outcome.MET_WITH_EXCEPTIONS
    assert criterion_outcome([*low, Vote("D", Outcome.NO_CONCLUSION, 1)], 4)[0] is Outcome.NO_CONCLUSION


def test_a_criterion_that_rests_only_on_non_occurring_controls_gives_no_conclusion() -> None:
    assert criterion_outcome([Vote("A", Outcome.NOT_OCCURRING, 4)], 4)[0] is Outcome.NO_CONCLUSION


def test_a_criterion_of_which_nothing_applies_is_not_applicable() -> None:
    assert criterion_outcome([Vote("A", Outcome.NOT_APPLICABLE, 4)], 4)[0] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("severity", "expected"), [(5, Outcome.NOT_MET), (4, Outcome.NOT_MET), (3, Outcome.MET_WITH_EXCEPTIONS)]
)
def test_severity_decides_what_a_failed_requirement_does(severity: int, expected: Outcome) -> None:
    assert criterion_outcome([Vote("A", Outcome.NOT_MET, severity), Vote("B", Outcome.MET, 5)], 4)[0] is expected


def test_no_conclusion_outranks_exceptions_and_not_met_outranks_no_conclusion() -> None:
    open_ = Vote("A", Outcome.NO_CONCLUSION, 2)
    assert criterion_outcome([open_, Vote("B", Outcome.MET_WITH_EXCEPTIONS, 5)], 4)[0] is Outcome.NO_CONCLUSION
    assert criterion_outcome([open_, Vote("B", Outcome.NOT_MET, 5)], 4)[0] is Outcome.NOT_MET


@given(VOTES)
def test_a_criterion_is_met_only_if_every_vote_that_counts_is_met(votes: list[Vote]) -> None:
    aside = {Outcome.NOT_OCCURRING, Outcome.NOT_APPLICABLE}
    counted = [v.outcome for v in votes if v.outcome not in aside]
    met = criterion_outcome(votes, 4)[0] is Outcome.MET
    assert met == (bool(counted) and set(counted) == {Outcome.MET})


@given(VOTES, st.integers(1, 5))
def test_a_further_failure_never_improves_a_criterion(votes: list[Vote], severity: int) -> None:
    order = [Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET_WITH_EXCEPTIONS, Outcome.MET]
    before = criterion_outcome(votes, 4)[0]
    after = criterion_outcome([*votes, Vote("X", Outcome.NOT_MET, severity)], 4)[0]
    if before in order and votes and any(v.outcome in order for v in votes):
        assert order.index(after) <= order.index(before)


@given(st.lists(OUTCOMES, min_size=1))
def test_one_effective_control_is_enough(answers: list[Outcome]) -> None:
    assert best([*answers, Outcome.MET]) is Outcome.MET


def test_no_control_at_all_is_not_met() -> None:
    assert best([]) is Outcome.NOT_MET


@given(st.lists(OUTCOMES, min_size=1))
def test_every_subject_must_hold(outcomes: list[Outcome]) -> None:
    assert worst([*outcomes, Outcome.NOT_MET]) is Outcome.NOT_MET


def test_a_deficient_design_is_not_saved_by_its_operation() -> None:
    assert answer(DesignOutcome.DEFICIENT, OperationOutcome.EFFECTIVE) is Outcome.NOT_MET
    assert answer(DesignOutcome.NOT_EVIDENCED, OperationOutcome.EFFECTIVE) is Outcome.NO_CONCLUSION


def test_under_ten_instances_late_is_an_exception_and_missing_is_not_effective() -> None:
    assert (
        judge(instances(None, None, None, E), Thresholds(), rates=True).outcome
        is OperationOutcome.EFFECTIVE_WITH_EXCEPTION
    )
    assert judge(instances(None, None, None, V), Thresholds(), rates=True).outcome is OperationOutcome.NOT_EFFECTIVE


def test_a_missing_quarter_is_not_a_rate() -> None:
    assert judge(instances(*[None] * 99, V), Thresholds(), rates=False).outcome is OperationOutcome.NOT_EFFECTIVE


@pytest.mark.parametrize(("bad", "effective"), [(1, True), (2, True), (3, False)])
def test_the_tolerance_is_five_per_cent(bad: int, effective: bool) -> None:
    found = judge(instances(*[V] * bad, *[None] * (40 - bad)), Thresholds(), rates=True).outcome
    assert found is (OperationOutcome.EFFECTIVE_WITH_EXCEPTION if effective else OperationOutcome.NOT_EFFECTIVE)


@pytest.mark.parametrize("shared", ["system", "performer"])
def test_what_all_instances_share_gathers_nothing(shared: str) -> None:
    def one(n: int, who: str) -> Instance:
        system, performer = (who, "") if shared == "system" else ("", who)
        return Instance(str(n), V if n < 3 else None, system=system, performer=performer, cause=f"c{n}")

    mine = [one(n, "only") for n in range(300)]
    assert judge(mine, Thresholds(), rates=True).outcome is OperationOutcome.EFFECTIVE_WITH_EXCEPTION
    assert judge([*mine, one(300, "another")], Thresholds(), rates=True).outcome is OperationOutcome.NOT_EFFECTIVE


def test_three_deviations_of_one_system_are_a_cluster_whatever_the_rate() -> None:
    rest = instances(*[None] * 500, system="shop")
    found = judge([*instances(V, V, V, system="CRM"), *rest], Thresholds(), rates=True)
    assert found.outcome is OperationOutcome.NOT_EFFECTIVE
    assert "one system" in found.reasons[0]


def test_three_deviations_of_one_week_are_a_cluster_where_they_have_days_of_their_own() -> None:
    days = [date(2026, 6, 1), date(2026, 6, 3), date(2026, 6, 7)]
    rest = instances(*[None] * 100)
    assert (
        judge([*(Instance("x", V, on=d) for d in days), *rest], Thresholds(), rates=True).outcome
        is OperationOutcome.NOT_EFFECTIVE
    )
    later = [*days[:2], date(2026, 6, 8)]
    apart = judge([*(Instance("x", V, on=d) for d in later), *rest], Thresholds(), rates=True).outcome
    assert apart is OperationOutcome.EFFECTIVE_WITH_EXCEPTION
    undated = judge([*(Instance("x", V) for _ in days), *rest], Thresholds(), rates=True).outcome
    assert undated is OperationOutcome.EFFECTIVE_WITH_EXCEPTION


def test_a_cause_that_recurs_is_systematic() -> None:
    assert (
        judge(instances(V, V, *[None] * 100, cause="no ticket"), Thresholds(), rates=True).outcome
        is OperationOutcome.NOT_EFFECTIVE
    )


def test_isolated_needs_a_recorded_cause() -> None:
    assert judge(instances(V, *[None] * 50), Thresholds(), rates=True).isolated_without_cause
    assert not judge(instances(V, *[None] * 50, cause="typing error"), Thresholds(), rates=True).isolated_without_cause


def test_what_cannot_be_concluded_on_hides_neither_failure_nor_itself() -> None:
    assert judge(instances(None, N), Thresholds(), rates=False).outcome is OperationOutcome.NO_CONCLUSION
    assert judge(instances(V, N), Thresholds(), rates=False).outcome is OperationOutcome.NOT_EFFECTIVE


def test_published_odds() -> None:
    facts = json.loads(assets.path("data", "sample-sizes.json").read_text(encoding="utf-8"))
    examples = facts["chance_that_a_sample_shows_an_exception"]["examples"]
    assert examples
    for e in examples:
        assert sample_exception_chance(e["N"], e["D"], e["n"]) == pytest.approx(e["p"], abs=0.0006)


@given(st.integers(1, 60), st.data())
def test_odds_are_those_of_drawing(population: int, data: st.DataObject) -> None:
    deviations = data.draw(st.integers(0, population))
    sample = data.draw(st.integers(0, population))
    found = sample_exception_chance(population, deviations, sample)
    clean = comb(population - deviations, sample)
    assert found == pytest.approx(1 - clean / comb(population, sample))
    assert (found == 0) == (deviations == 0 or sample == 0)


def test_odds_by_simulation() -> None:
    rng = Random(7)
    hits = sum(any(i < 5 for i in rng.sample(range(200), 25)) for _ in range(20_000))
    assert hits / 20_000 == pytest.approx(sample_exception_chance(200, 5, 25), abs=0.012)


@pytest.mark.parametrize(("population", "size"), [(1, 1), (10, 10), (11, 8), (50, 8), (51, 15), (250, 15), (251, 25)])
def test_sample_sizes(population: int, size: int) -> None:
    assert sample_size(population, AD_HOC_SIZES) == size


@pytest.mark.parametrize(("chance", "likelihood"), [(0.0, 1), (0.05, 2), (0.2, 3), (0.5, 4), (0.8, 5), (1.0, 5)])
def test_likelihood_bands(chance: float, likelihood: int) -> None:
    assert likelihood_of(chance) == likelihood


def test_the_score_by_hand() -> None:
    criteria = [(Outcome.MET, 5), (Outcome.MET_WITH_EXCEPTIONS, 4), (Outcome.NOT_MET, 1), (Outcome.NOT_APPLICABLE, 5)]
    assert readiness_score(criteria, bare=False, cap=50) == 80.0
    assert readiness_score(criteria, bare=True, cap=50) == 50.0
    assert readiness_score([(Outcome.NOT_APPLICABLE, 3)], bare=False, cap=50) is None


def test_modification_risk_names_its_criteria() -> None:
    assert modification_risk([("CC1.1", Outcome.MET)]) == ("none indicated", ())
    assert modification_risk([("CC1.1", Outcome.NO_CONCLUSION)])[0] == "possible"
    assert modification_risk([("CC1.1", Outcome.NOT_MET)]) == ("likely", ("not met: CC1.1",))
