"""What must hold between outcomes: what stands in for a failure, what a fault reaches, what a gap is closed by."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from gapgraph.assess.evidence import Series
from gapgraph.assess.gaps import chance_of
from gapgraph.assess.judged import ControlShare, Judged
from gapgraph.assess.lifecycle import GapRecord, status_of
from gapgraph.assess.operation import Instance
from gapgraph.assess.requirement import _by_rates
from gapgraph.derive.facts import gg
from gapgraph.facts import Facts
from gapgraph.graph import background
from gapgraph.model import (
    Assessment,
    ControlResult,
    DesignOutcome,
    Deviation,
    GapStatus,
    OperationOutcome,
    Outcome,
    ResultSeverity,
)
from gapgraph.profile import Profile, load_profile
from gapgraph.run import assess
from gapgraph.sources.loading import Problem
from gapgraph.touch import reads, touched
from tests.small_workspace import closed_gap, registers, write

PROFILE: Profile = load_profile("soc2-ai")
SCANS = {"Q1": "2026-03-01", "Q2": "2026-06-01", "Q3": "2026-09-01", "Q4": "2026-12-01"}


def outcome(found: Assessment, id: str, engagement: str = "t2") -> Outcome:
    return next(r.outcome for r in found.requirements if (r.engagement, r.id) == (engagement, id))


def reasons(found: Assessment, id: str, engagement: str = "t2") -> str:
    return "\n".join(next(r.reasons for r in found.requirements if (r.engagement, r.id) == (engagement, id)))


def control(found: Assessment, id: str, engagement: str = "t2") -> ControlResult:
    return next(c for c in found.controls if (c.engagement, c.id) == (engagement, id))


def without(tables: dict[str, list[str]], start: str) -> None:
    for name in ("access_reviews", "review_decisions"):
        tables[name] = [r for r in tables[name] if not r.startswith(start)]


def compensated() -> dict[str, list[str]]:
    """One review of the second quarter is missing, and scans that somebody else runs stand in for it."""
    tables = registers()
    without(tables, "s1-q2")
    tables["controls"].append("scan,Scans,vulnerability-scanning,Scans all,ben,ben,ana,quarterly,,2024-01-01")
    tables["scans"] = [
        "id,systems,window,completed_on,tool,result",
        *(f"{q},s1;s2,2026-{q},{day},scanner,filed" for q, day in SCANS.items()),
    ]
    tables["evidence"] = ["id,title,kind,control,event_date,captured_on", "ev,Scan,record,scan,2026-06-01,2026-06-02"]
    tables["compensations"] = [
        "id,control,requirement,covers_from,covers_until,evidence,reason",
        "comp,scan,ACC-01,2026-04-01,2026-06-30,ev,it lists who has access",
    ]
    return tables


def test_a_failure_is_excused_by_a_control_that_operated_over_the_same_window(tmp_path: Path) -> None:
    found = assess(write(tmp_path, compensated()))
    assert outcome(found, "ACC-01") is Outcome.MET_WITH_EXCEPTIONS
    assert "compensated by Scans" in reasons(found, "ACC-01")
    assert control(found, "uar").operation is OperationOutcome.NOT_EFFECTIVE


@pytest.mark.parametrize(
    ("register", "old", "new", "why"),
    [
        ("scans", "Q2,s1;s2,2026-Q2", "Q2,s1;s2,2026-Q1", "its own operation is not effective"),
        ("scans", "2026-09-01", "someday", "its own operation is no conclusion"),
        ("controls", "vulnerability-scanning", "other", "its own operation is no conclusion"),
        ("controls", "Scans all", "", "its own design is not evidenced"),
        ("controls", "ben,ben,ana", "ana,ana,ben", "run by somebody whose duty failed"),
        ("controls", "2024-01-01,", "2026-05-01,", "does not cover every failure"),
        ("controls", "quarterly,,", "quarterly,s2,", "does not cover every failure"),
        ("evidence", "2026-06-01,2026-06-02", "2027-06-01,2027-06-02", "no dated evidence"),
        ("compensations", "2026-04-01", "2026-06-30", "does not cover every failure"),
        ("compensations", "2026-06-30", "2026-06-29", "does not cover every failure"),
    ],
)
def test_what_compensates_nothing(tmp_path: Path, register: str, old: str, new: str, why: str) -> None:
    tables = compensated()
    tables["controls"] = [tables["controls"][0] + ",retired_on", *(f"{row}," for row in tables["controls"][1:])]
    before = [r for r in tables[register] if not r.startswith("uar,")]
    tables[register] = [r if r.startswith("uar,") else r.replace(old, new) for r in tables[register]]
    assert tables[register] != before
    found = assess(write(tmp_path, tables))
    assert outcome(found, "ACC-01") is Outcome.NOT_MET
    assert why in reasons(found, "ACC-01")


def test_a_control_that_had_nothing_to_do_compensates_nothing(tmp_path: Path) -> None:
    tables = compensated()
    tables["controls"][-1] = "scan,Movers,mover-access,Reviews movers,ben,ben,ana,per-event,,2024-01-01"
    tables["evidence"] = [
        "id,title,kind,control,covers_from,covers_until,captured_on,source,query,row_count",
        "ev,No mover,nil,scan,2026-01-01,2026-12-31,2026-12-31,HR system,role changes,0",
    ]
    found = assess(write(tmp_path, tables))
    assert control(found, "scan").operation is OperationOutcome.NOT_OCCURRING
    assert outcome(found, "ACC-01") is Outcome.NOT_MET


def test_two_uses_may_cover_two_failures_between_them(tmp_path: Path) -> None:
    tables = compensated()
    without(tables, "s2-q3")
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is Outcome.NOT_MET
    tables["compensations"].append("comp2,scan,ACC-01,2026-07-01,2026-09-30,ev,it lists who has access")
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is Outcome.MET_WITH_EXCEPTIONS


def test_a_design_that_failed_takes_a_stand_in_for_the_whole_time(tmp_path: Path) -> None:
    tables = compensated()
    tables["people"].append("gone,Gone,employee,2020-01-01,2026-05-01")
    tables["controls"][1] = tables["controls"][1].replace("ana,ana,ben", "ana,gone,")
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is Outcome.NOT_MET
    tables["compensations"][1] = tables["compensations"][1].replace("2026-04-01,2026-06-30", "2026-01-01,2026-12-31")
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is Outcome.MET_WITH_EXCEPTIONS


def test_a_control_that_a_fault_could_touch_is_not_called_effective(tmp_path: Path) -> None:
    tables = registers()
    tables["access_reviews"][1] = tables["access_reviews"][1].replace("2026-03-10", "10.3.2026", 1)
    found = assess(write(tmp_path, tables))
    one = control(found, "uar")
    assert outcome(found, "ACC-03") is Outcome.NO_CONCLUSION
    assert one.operation is OperationOutcome.NO_CONCLUSION
    assert {a.operation for a in one.requirements} == {OperationOutcome.NO_CONCLUSION}
    assert any("ACC-03: input faults could touch it: registers/access_reviews.csv:2" in r for r in one.reasons)
    assert control(found, "uar", "t1").operation is None


def test_a_control_that_no_fault_touches_keeps_its_conclusion(tmp_path: Path) -> None:
    tables = registers()
    tables["risks"] = ["id,title,impact", "r,Risk,much"]
    found = assess(write(tmp_path, tables))
    assert [f for f in found.meta.faults if not f.notice]
    assert outcome(found, "ACC-03") is Outcome.MET
    assert {a.operation for a in control(found, "uar").requirements if a.requirement == "ACC-03"} == {
        OperationOutcome.EFFECTIVE
    }


def test_every_part_of_a_requirement_asks_for_a_control_of_its_subjects() -> None:
    """Coverage is derived from `sh:targetClass` on the requirement, and a requirement bears those of all its parts."""
    facts = background(PROFILE)
    for requirement in PROFILE.requirements.values():
        node = NamedNode(requirement.info.iri)
        target = NamedNode("http://www.w3.org/ns/shacl#targetClass")
        assert {o.value for o in facts.objects(node, target)} == {p.population for p in requirement.parts}
        for part in requirement.parts if requirement.info.control_types else ():
            population = NamedNode(part.population)
            assert facts.objects(population, gg("perSubject")), f"{part.population}: coverage finds no subject"
            types = {o.value for o in facts.objects(population, gg("producedBy"))}
            assert types, f"{part.population}: coverage finds no control"
            assert types <= set(requirement.info.control_types), part.population


def test_the_second_population_of_a_requirement_counts_where_the_first_has_no_subject(tmp_path: Path) -> None:
    tables = registers(1) | {
        "scope_statements": ["id,engagement,approver,approved_on", "sc,t2,ben,2025-12-01"],
        "vendor_sightings": ["id,name,source,seen_on", "x,Scribble Notes,spend,2026-05-01"],
    }
    assert outcome(assess(write(tmp_path, tables)), "VND-01") is Outcome.NOT_MET, "no register of vendors at all"


def test_a_control_that_says_what_it_answers_answers_all_its_parts(tmp_path: Path) -> None:
    tables = registers(1) | {
        "vendors": ["id,name,kind,tier,handles_data,owner,service", "v,Vendor,vendor,low,no,ana,hosting"],
        "vendor_sightings": ["id,name,source,seen_on", "x,Scribble Notes,spend,2026-05-01"],
    }
    tables["controls"] = [
        f"{tables['controls'][0]},requirements",
        "own,Our register,other,Lists vendors,ana,ana,ben,,,2024-01-01,VND-01",
    ]
    found = assess(write(tmp_path, tables))
    labels = {d.label for g in found.gaps if g.requirement == "VND-01" for d in g.deviations}
    assert labels == {"Register entry of a vendor: Vendor", "Vendor seen in other records: Scribble Notes"}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("ben,2025-12-01", Outcome.NOT_APPLICABLE),
        ("ben,2027-01-15", Outcome.NO_CONCLUSION),
        (",2025-12-01", Outcome.NO_CONCLUSION),
        ("ben,", Outcome.NO_CONCLUSION),
    ],
)
def test_only_a_scope_that_somebody_had_approved_shows_that_nothing_applies(
    tmp_path: Path, cells: str, expected: Outcome
) -> None:
    tables = registers(1) | {"scope_statements": ["id,engagement,approver,approved_on", f"sc,t2,{cells}"]}
    tables["controls"].append("dpa,Contracts,vendor-contracts,Terms,ana,ana,ben,per-event,,2024-01-01")
    found = assess(write(tmp_path, tables))
    assert outcome(found, "VND-08") is expected
    operation = control(found, "dpa").operation
    applies = expected is not Outcome.NOT_APPLICABLE
    assert operation is (OperationOutcome.NO_CONCLUSION if applies else OperationOutcome.NOT_APPLICABLE)


def test_the_design_of_a_control_that_answers_nothing_is_looked_at(tmp_path: Path) -> None:
    tables = registers(1)
    tables["controls"].append("odd,Something else,other,Other,,,,,,2024-01-01")
    found = assess(write(tmp_path, tables))
    assert control(found, "odd").design is DesignOutcome.DEFICIENT


def test_a_systematic_failure_is_one_of_the_control_whatever_subject_shows_it() -> None:
    own = [Series("c", s, "p", False) for s in ("s1", "s2", "s3")]
    instances = {
        "s1": [Instance(f"a{i}", ResultSeverity.VIOLATION if i < 3 else None, "s1") for i in range(6)],
        "s2": [Instance(f"b{i}", None, "s2") for i in range(6)],
    }
    judged, share = Judged(PROFILE.requirements["ACC-08"].info), ControlShare()
    assert _by_rates(own, instances, PROFILE.thresholds, judged, share) == {
        "s1": OperationOutcome.NOT_EFFECTIVE,
        "s2": OperationOutcome.NOT_EFFECTIVE,
        "s3": OperationOutcome.NOT_OCCURRING,
    }
    few = {s: some[:4] for s, some in instances.items()}
    assert _by_rates(own, few, PROFILE.thresholds, judged, share)["s2"] is OperationOutcome.EFFECTIVE, (
        "under ten there are no rates"
    )


def leavers(number: int) -> dict[str, list[str]]:
    """People who left, each with an account on one of two systems; of every forty one keeps theirs for a week."""
    tables = registers(2)
    tables["people"] = [f"{r},{'no' if i else 'has_devices'}" for i, r in enumerate(tables["people"])]
    tables["accounts"] = [f"{r},{'' if i else 'disabled_on'}" for i, r in enumerate(tables["accounts"])]
    for i in range(number):
        left, off = date(2026, 1, 5) + timedelta(days=2 * i), 0 if i % 40 else 7
        tables["people"].append(f"x{i},X{i},employee,2020-01-01,{left},no")
        tables["accounts"].append(f"a{i},s{1 + i % 2},x{i},human,x{i},2024-01-01,{left + timedelta(days=off)}")
    tables["controls"].append("lvr,Leavers,leaver-access,Leavers,ana,ana,ben,per-event,,2024-01-01")
    return tables


def test_deviations_of_one_system_cluster_also_where_the_control_covers_the_organisation(tmp_path: Path) -> None:
    found = assess(write(tmp_path, leavers(100)))
    assert outcome(found, "ACC-09") is Outcome.NOT_MET
    assert "3 deviations of one system" in reasons(found, "ACC-09")


@pytest.mark.parametrize(("recorded", "asked"), [("2026-06-01", False), ("2027-06-01", True)])
def test_a_cause_that_was_recorded_after_the_as_of_date_is_not_known_yet(
    tmp_path: Path, recorded: str, asked: bool
) -> None:
    tables = leavers(40)
    tables["deviation_causes"] = [
        "id,requirement,record,cause,recorded_by,recorded_on",
        f"c,ACC-09,a0,the agency told us late,ana,{recorded}",
    ]
    found = assess(write(tmp_path, tables))
    assert outcome(found, "ACC-09") is Outcome.MET_WITH_EXCEPTIONS
    assert ("no cause is recorded" in reasons(found, "ACC-09")) is asked


def test_the_odds_are_those_of_deviating_events_alone() -> None:
    assert chance_of(ControlShare(population=21, deviations=1, event_population=20)) is None
    assert chance_of(ControlShare(population=21, deviations=2, event_population=20, event_deviations=1)) == 0.4


def verified(day: date) -> GapRecord:
    return GapRecord(
        "r", "q", "s", "ana", fixed_on=day, fixed_by="ana", verified_on=day, verified_by="ben", shown_on=(day,)
    )


@pytest.mark.parametrize(
    ("on", "until", "expected"),
    [
        (date(2026, 3, 31), None, GapStatus.VERIFIED),
        (date(2026, 3, 31), date(2026, 12, 31), GapStatus.REOPENED),
        (date(2026, 4, 1), None, GapStatus.REOPENED),
        (None, None, GapStatus.REOPENED),
    ],
)
def test_a_gap_is_closed_by_what_no_longer_fails(on: date | None, until: date | None, expected: GapStatus) -> None:
    deviation = Deviation("item", "Account of Eve", ResultSeverity.VIOLATION, (), (), on, until)
    assert status_of([verified(date(2026, 4, 1))], [deviation], date(2027, 1, 1))[0] is expected


@pytest.mark.parametrize(("disabled", "expected"), [("", GapStatus.REOPENED), ("2026-05-20", GapStatus.VERIFIED)])
def test_an_account_that_is_still_enabled_is_not_closed_by_a_verification(
    tmp_path: Path, disabled: str, expected: GapStatus
) -> None:
    tables = registers(1)
    tables["people"].append("eve,Eve,employee,2020-01-01,2026-04-30")
    tables["controls"].append("lvr,Leavers,leaver-access,Leavers,ana,ana,ben,per-event,,2024-01-01")
    tables["accounts"] = [f"{r}," for r in tables["accounts"]]
    tables["accounts"][0] += "disabled_on"
    tables["accounts"].append(f"s1-e,s1,eve on s1,human,eve,2024-01-01,{disabled}")
    tables |= closed_gap("ACC-09", "lvr", "2026-06-01", "2026-06-05")
    tables["people"] = [f"{r},{'no' if i else 'has_devices'}" for i, r in enumerate(tables["people"])]
    found = assess(write(tmp_path, tables))
    (gap,) = [g for g in found.gaps if (g.engagement, g.requirement) == ("t2", "ACC-09")]
    assert gap.status is expected


@pytest.mark.parametrize(
    ("register", "reached"),
    [
        ("deviation_causes", {"ACC-02", "ACC-08", "ACC-09", "ACC-11", "VUL-02"}),
        ("compensations", {"ACC-01", "ACC-06", "POL-01", "VUL-01"}),
    ],
)
def test_a_bad_row_on_deviations_touches_what_it_could_speak_of(register: str, reached: set[str]) -> None:
    problem = Problem(f"registers/{register}.csv", 2, "bad", register)
    assert reached <= set(touched(problem, PROFILE, reads(PROFILE), Facts()))


def test_a_bad_compensation_touches_what_it_names(tmp_path: Path) -> None:
    tables = compensated()
    tables["compensations"][1] = tables["compensations"][1].replace("2026-06-30", "end of June")
    found = assess(write(tmp_path, tables))
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert fault.touches == ("ACC-01",)
    assert outcome(found, "ACC-01") is Outcome.NO_CONCLUSION
