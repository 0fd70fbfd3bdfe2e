"""What is lost, late, left or retired must not leave a requirement looking better than the facts allow."""

from datetime import date
from pathlib import Path

import pytest

from gapgraph.assess.lifecycle import GapRecord, status_of
from gapgraph.assess.rollup import best
from gapgraph.facts import Facts
from gapgraph.model import Assessment, Deviation, Fault, GapStatus, Outcome, ResultSeverity
from gapgraph.profile import Profile, load_profile
from gapgraph.run import assess
from gapgraph.sources.loading import Problem
from gapgraph.sources.schema import choices
from gapgraph.touch import reads, touched
from tests.small_workspace import CONFIG, registers, write

PROFILE: Profile = load_profile("soc2-ai")
READS = reads(PROFILE)


def outcome(found: Assessment, id: str, engagement: str = "t2") -> Outcome:
    return next(r.outcome for r in found.requirements if (r.engagement, r.id) == (engagement, id))


def fault(found: Assessment, text: str) -> Fault:
    return next(f for f in found.meta.faults if text in f.message and not f.notice)


def touches(register: str, *narrowing: str) -> set[str]:
    problem = Problem(f"registers/{register}.csv", 2, "bad", register, narrowing=narrowing)
    return set(touched(problem, PROFILE, READS, Facts()))


def row_with(line: str, header: str, **cells: str) -> str:
    values = dict(zip(header.split(","), line.split(","), strict=True)) | cells
    return ",".join(values.values())


CADENCE = choices("cadence")["quarterly"]
ALL_ACCOUNTS = choices("review_scope")["all"]
OTHER_POLICY = choices("policy_kind")["acceptable-use"]
CONTINUITY = choices("policy_kind")["continuity"]
CAPACITY_REVIEW = choices("activity_kind")["capacity-review"]


@pytest.mark.parametrize(
    ("register", "narrowing", "reached"),
    [
        ("accounts", (), {"ACC-01", "ACC-05", "ACC-09", "EVD-07"}),
        ("access_reviews", (ALL_ACCOUNTS,), {"ACC-01", "ACC-02", "ACC-03", "ACC-04", "ACC-05"}),
        ("review_decisions", (), {"ACC-01", "ACC-02", "ACC-04", "ACC-05"}),
        ("policies", (OTHER_POLICY,), {"POL-20"}),
        ("data_classes", (), {"CNF-02"}),
        ("resources", (), {"ACC-06", "CNF-02"}),
        ("incidents", (), {"EVD-07"}),
        ("systems", (), {"EVD-01", "EVD-07"}),
        ("people", (), {"ACC-06", "ACC-07", "VUL-02", "EVD-09"}),
        ("exceptions", (), {"ACC-06", "ACC-07", "VUL-02"}),
        ("gaps", (), {"EVD-09"}),
        ("models", (), {"EVD-09", "EVD-17"}),
    ],
)
def test_a_bad_row_touches_what_its_loss_could_turn(
    register: str, narrowing: tuple[str, ...], reached: set[str]
) -> None:
    assert reached <= touches(register, *narrowing)


def test_a_row_touches_only_its_kind_where_requirements_ask_for_kinds() -> None:
    assert "POL-07" in touches("policies", CONTINUITY)
    assert "POL-07" not in touches("policies", OTHER_POLICY)
    assert "INC-01" not in touches("activities", CAPACITY_REVIEW)
    assert "INC-01" in touches("activities")


def test_a_control_of_unknown_type_could_be_any_control() -> None:
    assert touches("controls", CADENCE) == set(PROFILE.requirements)


def test_a_fault_in_a_control_touches_what_the_control_says_it_answers(tmp_path: Path) -> None:
    tables = registers()
    tables["controls"] = [
        "id,title,type,requirements,cadence,applies_to,implemented_on",
        "uar,Access review,access-review,POL-01,quarterly,nowhere,2024-01-01",
    ]
    assert {"ACC-01", "POL-01"} <= set(fault(assess(write(tmp_path, tables)), "nowhere").touches)


def test_a_control_that_had_nothing_to_do_does_not_make_good_for_one_that_failed() -> None:
    assert best([Outcome.NOT_MET, Outcome.NOT_OCCURRING]) is Outcome.NOT_MET
    assert best([Outcome.NO_CONCLUSION, Outcome.NOT_OCCURRING]) is Outcome.NOT_OCCURRING


def retired(day: str, successor: str = "") -> dict[str, list[str]]:
    tables = registers()
    header, line = tables["controls"]
    lines = [header + ",retired_on", f"{line},{day}"]
    if successor:
        lines.append(f"{row_with(line, header, id='next', implemented_on=successor)},")
    tables["controls"] = lines
    return tables


def test_a_control_retired_before_the_end_leaves_its_subjects_without_one(tmp_path: Path) -> None:
    found = assess(write(tmp_path, retired("2026-11-30")))
    assert outcome(found, "ACC-01") is Outcome.NOT_MET


def test_a_successor_takes_over_from_a_retired_control(tmp_path: Path) -> None:
    found = assess(write(tmp_path, retired("2026-11-30", successor="2025-06-01")))
    assert outcome(found, "ACC-01") is Outcome.MET


def test_a_control_retired_after_the_end_is_there_all_the_time(tmp_path: Path) -> None:
    assert outcome(assess(write(tmp_path, retired("2027-02-01"))), "ACC-01") is Outcome.MET


def test_a_review_completed_before_its_population_was_drawn_is_a_fault(tmp_path: Path) -> None:
    tables = registers()
    reviews = tables["access_reviews"]
    tables["access_reviews"] = [r.replace("2026-06-10,2026-06-10", "2026-06-10,2025-06-10") for r in reviews]
    found = assess(write(tmp_path, tables))
    assert {"ACC-01", "ACC-03"} <= set(fault(found, "2025-06-10 is before").touches)
    assert outcome(found, "ACC-01") is Outcome.NO_CONCLUSION


def test_a_scan_that_names_a_window_it_was_not_done_in_is_none(tmp_path: Path) -> None:
    tables = registers(1)
    tables["controls"].append("scan,Scans,vulnerability-scanning,Scans all,ana,ana,ben,quarterly,,2024-01-01")
    days = {"Q1": "2026-03-01", "Q2": "2026-06-01", "Q3": "2026-09-01", "Q4": "2026-12-01"}
    tables["scans"] = [
        "id,systems,window,completed_on,tool,result",
        *(f"{q},s1,2026-{q},{day},scanner,filed" for q, day in days.items()),
    ]
    assert outcome(assess(write(tmp_path, tables)), "VUL-01") is Outcome.MET
    tables["scans"][2] = tables["scans"][2].replace("2026-06-01", "2025-06-01")
    assert outcome(assess(write(tmp_path, tables)), "VUL-01") is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("captured", "expected"),
    [
        ("2026-12-31", Outcome.NOT_OCCURRING),
        ("2026-02-01", Outcome.NO_CONCLUSION),
        ("2027-02-01", Outcome.NO_CONCLUSION),
    ],
)
def test_a_zero_row_query_counts_when_drawn_after_the_time_and_known(
    tmp_path: Path, captured: str, expected: Outcome
) -> None:
    tables = registers(1)
    tables["controls"].append("mov,Movers,mover-access,Reviews movers,ana,ana,ben,per-event,,2024-01-01")
    tables["evidence"] = [
        "id,title,kind,control,covers_from,covers_until,captured_on,source,query,row_count",
        f"nil,No mover,nil,mov,2026-01-01,2026-12-31,{captured},HR system,role changes,0",
    ]
    assert outcome(assess(write(tmp_path, tables)), "ACC-10") is expected


def test_who_left_decides_on_no_access(tmp_path: Path) -> None:
    tables = registers(1)
    assert outcome(assess(write(tmp_path, tables)), "ACC-02") is Outcome.MET
    tables["people"][1] = "ana,Ana,employee,2020-01-01,2026-05-31"
    tables["people"].append("eve,Eve,employee,2020-01-01,")
    tables["controls"][1] = tables["controls"][1].replace("ana,ana,ben", "eve,eve,ben")
    assert outcome(assess(write(tmp_path, tables)), "ACC-02") is Outcome.NOT_MET


def test_a_system_without_a_known_account_still_owes_a_privileged_review(tmp_path: Path) -> None:
    tables = registers(1)
    del tables["accounts"], tables["review_decisions"], tables["access_reviews"]
    tables["scope_statements"] = [
        "id,engagement,approver,approved_on",
        "sc,t2,ben,2025-12-01",
    ]
    assert outcome(assess(write(tmp_path, tables)), "ACC-05") is Outcome.NOT_MET


def test_an_id_of_two_register_files_is_a_fault(tmp_path: Path) -> None:
    tables = registers(1)
    folder = write(tmp_path, tables)
    (folder / "registers" / "old").mkdir()
    (folder / "registers" / "old" / "accounts.csv").write_text("\n".join(tables["accounts"]) + "\n", encoding="utf-8")
    found = fault(assess(folder), "already used in registers/accounts.csv:2")
    assert (found.path, found.row) == ("registers/old/accounts.csv", 2)
    assert {"ACC-01", "ACC-09"} <= set(found.touches)


@pytest.mark.parametrize(
    "name", ["registers/vulnerabilities.ods", "registers/Vulnerabilities.tsv", "vulnerabilities.csv"]
)
def test_a_register_that_is_not_read_is_a_fault(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, registers(1))
    (folder / name).write_text("id,title\n", encoding="utf-8")
    assert "VUL-02" in fault(assess(folder), "vulnerabilities").touches


def test_a_sheet_that_is_nearly_a_register_is_a_fault(tmp_path: Path) -> None:
    import openpyxl

    folder = write(tmp_path, registers(1))
    book = openpyxl.Workbook()
    book.active.title = "Role Changes"
    book.create_sheet("Notes").append(["nothing"])
    book.save(folder / "registers" / "rest.xlsx")
    found = assess(folder)
    assert "ACC-10" in fault(found, "name it role_changes").touches
    assert [f.notice for f in found.meta.faults if "'Notes'" in f.message] == [True]


def test_a_gap_that_is_still_there_is_not_verified() -> None:
    record = GapRecord(
        "r",
        "q",
        "s",
        "ana",
        fixed_on=date(2026, 3, 1),
        fixed_by="ana",
        verified_on=date(2026, 4, 1),
        verified_by="ben",
        shown_on=(date(2026, 3, 9),),
    )
    undated = Deviation("item", "No control", ResultSeverity.VIOLATION, (), (), None)
    assert status_of([record], [undated], date(2027, 1, 1))[0] is GapStatus.REOPENED
    assert status_of([record], [], date(2027, 1, 1))[0] is GapStatus.VERIFIED


@pytest.mark.parametrize(
    ("register", "header", "row", "id"),
    [
        (
            "vulnerabilities",
            "id,title,system,severity,found_on,closed_on",
            "v,Flaw,s1,low,2026-05-01,2020-05-01",
            "VUL-02",
        ),
        ("secrets", "id,name,system,created_on,retired_on", "k,Key,s1,2025-05-01,2020-05-01", "ACC-17"),
    ],
)
def test_what_ended_before_it_began_does_not_drop_out(
    tmp_path: Path, register: str, header: str, row: str, id: str
) -> None:
    found = assess(write(tmp_path, registers(1) | {register: [header, row]}))
    assert id in fault(found, "2020-05-01 is before").touches
    assert outcome(found, id) is Outcome.NO_CONCLUSION


def test_decisions_of_after_the_as_of_date_are_not_known_yet(tmp_path: Path) -> None:
    tables = registers(1)
    lines = tables["review_decisions"]
    tables["review_decisions"] = [r.replace("keep,2026-12-10", "keep,2027-01-10") for r in lines]
    assert tables["review_decisions"] != lines
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is Outcome.NOT_MET


@pytest.mark.parametrize(("reason", "expected"), [("", Outcome.NOT_MET), ("not sold", Outcome.MET)])
def test_a_system_is_out_of_scope_with_a_reason_only(tmp_path: Path, reason: str, expected: Outcome) -> None:
    tables = registers(1)
    tables["systems"] = [
        "id,name,kind,owner,in_scope_of,out_of_scope_reason",
        "s1,System s1,application,ana,,",
        f"s9,System s9,application,ana,none,{reason}",
    ]
    assert outcome(assess(write(tmp_path, tables)), "ACC-01") is expected


@pytest.mark.parametrize(("asked", "expected"), [("ana", Outcome.MET), ("", Outcome.NOT_MET), ("ben", Outcome.NOT_MET)])
def test_an_exception_names_who_asked_beside_who_approved(tmp_path: Path, asked: str, expected: Outcome) -> None:
    tables = registers(1)
    tables["controls"].append("vul,Remediation,vulnerability-remediation,Fixes,ana,ana,ben,per-event,,2024-01-01")
    tables["vulnerabilities"] = ["id,title,system,severity,found_on,closed_on", "v,Flaw,s1,critical,2026-02-01,"]
    tables["exceptions"] = [
        "id,kind,subject,reason,requested_by,approved_by,approved_on,expires_on",
        f"x,vulnerability,v,filtered,{asked},ben,2026-02-03,2027-03-31",
    ]
    assert outcome(assess(write(tmp_path, tables)), "VUL-02") is expected


def graced(cadence: str, days: str) -> dict[str, list[str]]:
    """One system whose access reviews of 2026 stop after the first quarter, by a control with days of grace."""
    tables = registers(1)
    header, line = tables["controls"]
    tables["controls"] = [header + ",grace_days", f"{row_with(line, header, cadence=cadence)},{days}"]
    for name in ("access_reviews", "review_decisions"):
        tables[name] = [row for row in tables[name] if not row.startswith(("s1-q2", "s1-q3", "s1-q4"))]
    return tables


@pytest.mark.parametrize(("cadence", "days"), [("quarterly", "400"), ("", "93"), ("per-event", "36500")])
def test_more_grace_than_a_cadence_has_is_a_fault_of_its_row(tmp_path: Path, cadence: str, days: str) -> None:
    found = assess(write(tmp_path, graced(cadence, days)))
    said = fault(found, f"column grace_days: {days} days are longer than the quarterly cadence; 92 are counted")
    assert (said.path, said.row) == ("registers/controls.csv", 2)
    assert {"ACC-01", "ACC-05"} <= set(said.touches)
    assert outcome(found, "ACC-01") is Outcome.NO_CONCLUSION
    assert "ACC-01" in {gap.requirement for gap in found.gaps}


def test_grace_as_long_as_the_cadence_is_none(tmp_path: Path) -> None:
    found = assess(write(tmp_path, graced("quarterly", "92")))
    assert [f for f in found.meta.faults if not f.notice] == []
    assert outcome(found, "ACC-01") is Outcome.NOT_MET


def test_a_cadence_that_is_fixed_caps_the_grace_and_says_so(tmp_path: Path) -> None:
    found = assess(write(tmp_path, graced("annual", "200")))
    [said] = [f.message for f in found.meta.faults if "grace_days" in f.message]
    assert "longer than the quarterly cadence that some of it is fixed to; 92 are counted" in said
    assert not any(f.touches for f in found.meta.faults)


@pytest.mark.parametrize(
    ("cadence", "whose"),
    [("quarterly", "a limit of the control Access review"), ("per-event", "a default of the profile")],
)
def test_the_profile_is_named_where_its_cadence_applies(tmp_path: Path, cadence: str, whose: str) -> None:
    tables = registers(1)
    header, line = tables["controls"]
    tables["controls"][1] = row_with(line, header, cadence=cadence)
    tables["access_reviews"] = [
        r.replace("06-10,2026-06-10,idp", "06-10,2026-07-10,idp") for r in tables["access_reviews"]
    ]
    found = assess(write(tmp_path, tables), engagement="t2")
    [late] = [d for g in found.gaps if g.requirement == "ACC-01" for d in g.deviations]
    assert late.checks[0].expected.endswith(whose)


def judged(found: Assessment, id: str, engagement: str) -> tuple[Outcome, int]:
    """The outcome of a requirement and how many items it was judged on."""
    one = next(r for r in found.requirements if (r.engagement, r.id) == (engagement, id))
    return one.outcome, one.population


YEAR_BEFORE = """
[engagements.before]
label = "SOC 2 Type II"
framework = "tsc-2017"
type = "type2"
as_of = 2025-12-31
period_start = 2025-01-01
period_end = 2025-12-31
categories = ["security"]
"""


@pytest.mark.parametrize(
    ("changed", "reviewed", "before", "after"),
    [
        ("2025-12-01", "", (Outcome.NOT_MET, 1), (Outcome.NO_CONCLUSION, 0)),
        ("2025-12-02", "", (Outcome.NO_CONCLUSION, 0), (Outcome.NOT_MET, 1)),
        ("2025-12-02", "2025-12-31", (Outcome.MET, 1), (Outcome.NO_CONCLUSION, 0)),
        ("2025-12-02", "2026-01-01", (Outcome.NO_CONCLUSION, 0), (Outcome.MET, 1)),
        ("2025-12-02", "2026-01-02", (Outcome.NO_CONCLUSION, 0), (Outcome.MET_WITH_EXCEPTIONS, 1)),
    ],
)
def test_an_event_is_judged_in_one_of_two_periods_that_meet(
    tmp_path: Path, changed: str, reviewed: str, before: tuple[Outcome, int], after: tuple[Outcome, int]
) -> None:
    tables = registers(1)
    tables["controls"].append("mov,Movers,mover-access,Reviews movers,ana,ana,ben,per-event,,2024-01-01")
    tables["role_changes"] = [
        "id,person,changed_on,access_reviewed_on,old_roles_removed",
        f"m,ben,{changed},{reviewed},yes",
    ]
    found = assess(write(tmp_path, tables, CONFIG + YEAR_BEFORE))
    assert judged(found, "ACC-10", "before") == before
    assert judged(found, "ACC-10", "t2") == after


def test_devices_do_not_stand_in_for_accounts_that_nobody_listed(tmp_path: Path) -> None:
    tables = registers(1)
    tables["controls"].append("lvr,Leavers,leaver-access,Withdraws,ana,ana,ben,per-event,,2024-01-01")
    header = "id,name,kind,started_on,ended_on,devices_settled_on"
    tables["people"] = [header, *(f"{row}," for row in tables["people"][1:])]
    tables["people"].append("eve,Eve,employee,2020-01-01,2026-05-04,2026-05-04")
    found = assess(write(tmp_path, tables))
    assert judged(found, "ACC-09", "t2") == (Outcome.NO_CONCLUSION, 1)
    tables["accounts"].append("s1-e,s1,eve on s1,human,eve,2024-01-01")
    tables["accounts"] = [f"{row}," for row in tables["accounts"]]
    tables["accounts"][0] += "disabled_on"
    tables["accounts"][-1] += "2026-05-04"
    assert judged(assess(write(tmp_path, tables)), "ACC-09", "t2") == (Outcome.MET, 2)


@pytest.mark.parametrize(
    ("control", "approved", "expected"),
    [
        (False, None, Outcome.NOT_MET),
        (True, None, Outcome.NO_CONCLUSION),
        (True, "", Outcome.NO_CONCLUSION),
        (True, "2026-12-20", Outcome.MET),
        (True, "2023-12-20", Outcome.NOT_MET),
    ],
)
def test_reviews_of_policies_are_never_not_applicable(
    tmp_path: Path, control: bool, approved: str | None, expected: Outcome
) -> None:
    tables = registers(1) | {"scope_statements": ["id,engagement,approver,approved_on", "sc,t2,ben,2025-12-01"]}
    if control:
        tables["controls"].append("pol,Policies,policy-management,Reviews them,ana,ana,ben,annual,,2024-01-01")
    if approved is not None:
        header = "id,title,kind,version,owner,approver,approved_on,effective_on"
        tables["policies"] = [header, f"p,Acceptable use,acceptable-use,1.0,ana,ben,{approved},2024-01-01"]
    assert outcome(assess(write(tmp_path, tables)), "POL-20") is expected


def test_each_check_says_why_its_failure_makes_a_gap() -> None:
    parts = [part for r in PROFILE.requirements.values() for part in r.parts] + [PROFILE.coverage, PROFILE.design]
    checks = [check for part in parts for check in part.checks.values() if check.expected]
    assert {"EVD-07", "VND-08"} <= {check.iri.rpartition("#")[2] for check in checks}
    assert [check.iri for check in checks if check.reason is None] == []
