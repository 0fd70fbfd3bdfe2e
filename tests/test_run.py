"""The whole run on a small company: roll-up by name, time, provenance, faults, determinism."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from gapgraph.errors import UsageError
from gapgraph.model import Assessment, DesignOutcome, Gap, OperationOutcome, Outcome, Reason, Source
from gapgraph.run import assess
from tests.small_workspace import CONFIG, registers, write

BASE = "https://example.org/test/"


def outcome(found: Assessment, id: str, engagement: str = "t2") -> Outcome:
    return next(r.outcome for r in found.requirements if r.id == id and r.engagement == engagement)


def gaps(found: Assessment, id: str, engagement: str = "t2") -> list[Gap]:
    return [g for g in found.gaps if g.requirement == id and g.engagement == engagement]


def criterion(found: Assessment, id: str, engagement: str = "t2") -> Outcome:
    return next(c.outcome for c in found.criteria if c.id == id and c.engagement == engagement)


def test_four_reviews_in_time_meet_the_requirement(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers()))
    assert outcome(found, "ACC-01") is Outcome.MET
    assert gaps(found, "ACC-01") == []
    result = next(r for r in found.requirements if r.id == "ACC-01" and r.engagement == "t2")
    assert (result.population, result.passes, result.deviations, result.not_evaluated) == (8, 8, 0, 0)


def test_one_control_answering_one_requirement_of_cc6_1_does_not_make_it_met(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers()))
    assert outcome(found, "ACC-01") is Outcome.MET
    assert criterion(found, "CC6.1") is Outcome.NOT_MET


def test_one_of_two_controls_over_the_same_subjects_failing_does_not_make_it_not_met(tmp_path: Path) -> None:
    tables = registers()
    tables["controls"].append("uar2,Weekly access review,access-review,Reviews,ana,ana,ben,weekly,,2024-01-01")
    found = assess(write(tmp_path, tables))
    control = next(c for c in found.controls if c.id == "uar2" and c.engagement == "t2")
    assert control.operation is OperationOutcome.NOT_EFFECTIVE
    assert outcome(found, "ACC-01") is Outcome.MET
    assert gaps(found, "ACC-01"), "the deviations of the second control stay a gap that can be closed"


def test_a_control_that_covers_seven_of_nine_systems_leaves_two_design_deficiencies(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers(systems=9, covered=7)))
    bare = gaps(found, "ACC-01")
    assert {g.subject for g in bare} == {f"{BASE}systems/s8", f"{BASE}systems/s9"}
    assert {g.reason for g in bare} == {Reason.MISSING}
    assert outcome(found, "ACC-01") is Outcome.NOT_MET
    assert outcome(found, "ACC-01", "t1") is Outcome.NOT_MET, "design is judged in Type I too"


def test_a_control_missing_altogether_is_one_gap_on_the_organisation(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers()))
    (gap,) = gaps(found, "POL-01")
    assert gap.subject == f"{BASE}organisation"
    assert gap.reason is Reason.MISSING


def test_an_empty_register_and_a_control_that_answers_nothing_are_never_met(tmp_path: Path) -> None:
    tables = registers() | {"risks": ["id,title"]}
    tables["controls"] += [
        "reg,Risk register,risk-register,A register,ana,ana,ben,quarterly,,2024-01-01",
        "odd,Something else,other,Other,ana,ana,ben,,,2024-01-01",
    ]
    found = assess(write(tmp_path, tables))
    assert outcome(found, "RSK-02") is Outcome.NO_CONCLUSION
    assert [g.reason for g in gaps(found, "RSK-02")] == [Reason.INSUFFICIENT_EVIDENCE]
    odd = next(c for c in found.controls if c.id == "odd" and c.engagement == "t2")
    assert odd.operation is OperationOutcome.NO_CONCLUSION


def test_a_policy_without_a_date_satisfies_nothing(tmp_path: Path) -> None:
    tables = registers() | {
        "policies": [
            "id,title,kind,version,owner,approver,approved_on,effective_on",
            "isp,Information security policy,information-security,1,ana,ben,,2025-01-01",
        ]
    }
    tables["controls"].append("pol,Policies,policy-management,Policies,ana,ana,ben,annual,,2024-01-01")
    found = assess(write(tmp_path, tables))
    assert outcome(found, "POL-01") in {Outcome.NOT_MET, Outcome.NO_CONCLUSION}
    assert gaps(found, "POL-01")


def test_what_falls_due_after_as_of_is_not_yet_due(tmp_path: Path) -> None:
    tables = registers()
    tables["access_reviews"] = [r for r in tables["access_reviews"] if "q4" not in r]
    tables["review_decisions"] = [r for r in tables["review_decisions"] if "q4" not in r]
    folder = write(tmp_path, tables)
    assert gaps(assess(folder, as_of=date(2026, 12, 30)), "ACC-01") == []
    late = gaps(assess(folder, as_of=date(2026, 12, 31)), "ACC-01")
    assert {g.subject for g in late} == {f"{BASE}systems/s1", f"{BASE}systems/s2"}


def test_a_record_of_after_as_of_does_not_exist_yet(tmp_path: Path) -> None:
    folder = write(tmp_path, registers())
    found = assess(folder, as_of=date(2026, 6, 30))
    result = next(r for r in found.requirements if r.id == "ACC-01" and r.engagement == "t2")
    assert (result.population, result.passes) == (4, 4), "two quarters of two systems"


def test_a_system_that_entered_scope_in_mid_period_is_judged_from_then_on(tmp_path: Path) -> None:
    tables = registers()
    tables["systems"] = [
        "id,name,kind,owner,in_scope_from,in_scope_until",
        "s1,System s1,application,ana,2026-07-01,",
        "s2,System s2,application,ana,,2026-06-30",
    ]
    early = ("s1-q1", "s1-q2", "s2-q3", "s2-q4")
    tables["access_reviews"] = [r for r in tables["access_reviews"] if not r.startswith(early)]
    tables["review_decisions"] = [r for r in tables["review_decisions"] if not r.startswith(early)]
    found = assess(write(tmp_path, tables))
    result = next(r for r in found.requirements if r.id == "ACC-01" and r.engagement == "t2")
    assert (result.population, result.passes) == (4, 4), "what left is not forgotten"


def test_a_gap_names_file_and_row_of_the_facts_it_rests_on(tmp_path: Path) -> None:
    tables = registers()
    row = tables["access_reviews"][2]
    tables["access_reviews"][2] = row.replace(",2026-06-10,2026-06-10,", ",2026-06-10,2026-07-09,")
    found = assess(write(tmp_path, tables))
    (gap,) = gaps(found, "ACC-01")
    (deviation,) = gap.deviations
    assert Source("registers/access_reviews.csv", 3) in deviation.sources
    assert deviation.severity.value == "exception"
    assert outcome(found, "ACC-01") is Outcome.MET_WITH_EXCEPTIONS


def test_a_deviation_is_dated_with_last_days_as_people_write_them(tmp_path: Path) -> None:
    tables = registers() | {"vulnerabilities": ["id,title,system,severity,found_on,closed_on"]}
    for name in ("access_reviews", "review_decisions"):
        tables[name] = [r for r in tables[name] if not r.startswith("s1-q2")]
    tables["access_reviews"] = [
        r.replace(",2026-09-10,2026-09-10,", ",2026-09-10,2026-10-04,") if r.startswith("s2") else r
        for r in tables["access_reviews"]
    ]
    tables["controls"] += [
        "vrm,Remediation,vulnerability-remediation,Fixes,ana,ana,ben,per-event,,2024-01-01",
        "mov,Movers,mover-access,Reviews movers,ana,ana,ben,per-event,,2024-01-01",
        "mfa,Second factor,mfa,Enforces it,ana,,,continuous,,2024-01-01",
    ]
    tables["vulnerabilities"] += ["v1,Flaw,s1,high,2026-05-01,2026-07-10", "v2,Hole,s1,high,2026-05-01,"]
    tables["people"][1] = "ana,Ana,employee,2020-01-01,2026-11-30"
    found = assess(write(tmp_path, tables))
    days = {d.label: (d.on, d.until) for g in found.gaps if g.engagement == "t2" for d in g.deviations}
    end = date(2026, 12, 31)
    assert days["Access review of System s1, 2026-Q2"] == (date(2026, 6, 30), date(2026, 6, 30))
    assert days["Access review of System s2, 2026-Q3"] == (date(2026, 9, 30), date(2026, 10, 3))
    assert days["high finding Flaw on System s1"] == (date(2026, 5, 31), date(2026, 7, 9))
    assert days["high finding Hole on System s1"] == (date(2026, 5, 31), end)
    assert days["Design of Second factor"] == (end, end)
    assert days["Multi-factor authentication of System s1, 2026-01-01 to 2026-12-31"] == (end, end)
    assert days["Role change: none found, none shown to be absent"] == (end, None)
    late = next(d for g in gaps(found, "ACC-01") for d in g.deviations if "s2, 2026-Q3" in d.label)
    assert [c.expected for c in late.checks] == ["not after 2026-09-30 (dueOn), a limit of the control Access review"]


def test_a_day_after_the_as_of_date_dates_nothing(tmp_path: Path) -> None:
    tables = registers()
    tables["access_reviews"] = [r.replace(",1,ana,", ",1,,") for r in tables["access_reviews"]]
    found = assess(write(tmp_path, tables), as_of=date(2026, 12, 15))
    days = [d.on for g in found.gaps if g.engagement == "t2" for d in g.deviations if d.on]
    assert days
    assert max(days) == date(2026, 12, 15)


def test_states_of_one_day_are_no_cluster_of_a_week(tmp_path: Path) -> None:
    tables = registers(systems=4)
    tables["accounts"] += [
        f"{s}-{n},s{s},bot {n} on s{s},service,ben,2024-01-01" for s in range(1, 5) for n in range(20)
    ]
    tables["accounts"] = [
        f"{r},{'owner' if i == 0 else '' if r.startswith(('1-0,', '2-0,', '3-0,')) else 'ben'}"
        for i, r in enumerate(tables["accounts"])
    ]
    tables["controls"].append("own,Owners,account-ownership,Names owners,ana,ana,ben,continuous,,2024-01-01")
    found = assess(write(tmp_path, tables))
    result = next(r for r in found.requirements if r.id == "ACC-11" and r.engagement == "t2")
    assert (result.population, result.deviations) == (84, 3)
    assert outcome(found, "ACC-11") is Outcome.MET_WITH_EXCEPTIONS


def test_the_performer_who_left_without_a_deputy_makes_the_design_deficient(tmp_path: Path) -> None:
    tables = registers()
    tables["people"].append("gone,Gone,employee,2020-01-01,2026-05-01")
    tables["controls"][1] = tables["controls"][1].replace("ana,ana,ben", "ana,gone,")
    found = assess(write(tmp_path, tables))
    control = next(c for c in found.controls if c.id == "uar" and c.engagement == "t2")
    assert control.design is DesignOutcome.DEFICIENT
    assert [g.subject for g in gaps(found, "ACC-01")] == [f"{BASE}controls/uar"]
    tables["controls"][1] = tables["controls"][1].replace("ana,gone,", "ana,gone,ben")
    assert gaps(assess(write(tmp_path, tables)), "ACC-01") == []


def test_a_bad_row_makes_what_it_touches_no_conclusion_and_leaves_the_rest(tmp_path: Path) -> None:
    tables = registers()
    tables["access_reviews"][1] = tables["access_reviews"][1].replace("2026-03-10", "10.3.2026", 1)
    found = assess(write(tmp_path, tables))
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert (fault.path, fault.row) == ("registers/access_reviews.csv", 2)
    assert "ACC-01" in fault.touches
    assert "POL-01" not in fault.touches
    assert outcome(found, "ACC-01") is Outcome.NO_CONCLUSION
    assert outcome(found, "POL-01") is Outcome.NOT_MET


def test_an_accepted_gap_changes_no_outcome(tmp_path: Path) -> None:
    tables = registers()
    tables["access_reviews"] = [r for r in tables["access_reviews"] if not r.startswith("s1-q2")]
    tables["review_decisions"] = [r for r in tables["review_decisions"] if not r.startswith("s1-q2")]
    before = assess(write(tmp_path, tables))
    tables["gaps"] = [
        "id,engagement,requirement,subject,owner,accepted_by,accepted_until",
        "g1,t2,ACC-01,s1,ana,ben,2027-06-30",
    ]
    after = assess(write(tmp_path, tables))
    assert [g.status.value for g in gaps(before, "ACC-01")] == ["open"]
    assert [g.status.value for g in gaps(after, "ACC-01")] == ["accepted"]
    assert [g.id for g in gaps(before, "ACC-01")] == [g.id for g in gaps(after, "ACC-01")]
    assert outcome(before, "ACC-01") is outcome(after, "ACC-01") is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("environment", "other"),
    [({"TZ": "Pacific/Kiritimati"}, {"TZ": "America/New_York"}), ({"PYTHONHASHSEED": "0"}, {"PYTHONHASHSEED": "42"})],
)
def test_two_runs_give_the_same_bytes(tmp_path: Path, environment: dict[str, str], other: dict[str, str]) -> None:
    folder = write(tmp_path, registers(systems=3, covered=2))
    texts = []
    for extra in (environment, other):
        command = [sys.executable, "-m", "gapgraph", "assess", str(folder), "--format", "json"]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | extra, check=True)
        found = json.loads(done.stdout)
        found["meta"].pop("seconds")
        texts.append(json.dumps(found))
        assert found["gaps"]
    assert texts[0] == texts[1]


def test_type_one_needs_no_period_and_judges_design(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers()), engagement="t1")
    assert {e.id for e in found.engagements} == {"t1"}
    assert outcome(found, "ACC-01", "t1") is Outcome.MET
    assert all(c.operation is None for c in found.controls)


def test_categories_decide_which_criteria_are_in_scope(tmp_path: Path) -> None:
    folder = write(tmp_path, registers(), CONFIG.replace('["security"]', '["security", "availability"]'))
    found = assess(folder, engagement="t2")
    assert {c.id[:2] for c in found.criteria} >= {"CC", "A1"}
    assert not any(c.id.startswith(("P", "C1")) for c in found.criteria)


def test_a_profile_and_a_validator_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, registers())
    with pytest.raises(UsageError, match="no profile 'strict'"):
        assess(folder, profile="strict")
    with pytest.raises(UsageError, match="no validator 'magic'"):
        assess(folder, validator="magic")


def test_every_fact_that_a_gap_cites_has_a_file_and_a_row_that_exists(tmp_path: Path) -> None:
    found = assess(write(tmp_path, registers(systems=9, covered=7)))
    assert found.gaps
    for gap in found.gaps:
        for deviation in gap.deviations:
            assert deviation.sources
            for source in deviation.sources:
                lines = (tmp_path / source.path).read_text(encoding="utf-8").splitlines()
                assert source.row <= len(lines)
                if source.path == "registers/systems.csv" and "/systems/" in gap.subject:
                    assert lines[source.row - 1].startswith(gap.subject.rpartition("/")[2])


def test_a_claim_of_a_control_register_never_makes_a_criterion_met(tmp_path: Path) -> None:
    tables = registers()
    tables["controls"] = [
        f"{tables['controls'][0]},criteria",
        f"{tables['controls'][1]},CC1.2",
        "claim,A badge,other,Claims all,ana,ana,ben,,,2024-01-01,CC1.2;CC6.1",
    ]
    found = assess(write(tmp_path, tables))
    assert criterion(found, "CC1.2") is Outcome.NOT_MET
    assert criterion(found, "CC6.1") is Outcome.NOT_MET
    (reasons,) = [e.readiness.reasons for e in found.engagements if e.id == "t2"]
    bare = next(r for r in reasons if "no control answers" in r)
    assert "CC1.2" not in bare
    assert "CC1.5" in bare


@pytest.mark.parametrize("stated", ["revoke_days=soon", "revoke_dayz=7d", "revoke_days"])
def test_a_parameter_that_cannot_be_read_or_that_nothing_reads_is_a_fault(stated: str, tmp_path: Path) -> None:
    tables = registers()
    tables["controls"] = [f"{tables['controls'][0]},parameters", f"{tables['controls'][1]},{stated}"]
    found = assess(write(tmp_path, tables))
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert (fault.path, fault.row) == ("registers/controls.csv", 2)
    assert "ACC-04" in fault.touches
