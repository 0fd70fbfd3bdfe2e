"""Profiles as data: what ships, what a workspace adjusts, what reports say of it."""

import json
from pathlib import Path

import pytest

from gapgraph import workspace
from gapgraph.cli.main import main
from gapgraph.errors import InputError, UsageError
from gapgraph.model import Outcome, ReportType
from gapgraph.output import to_json, to_markdown
from gapgraph.output.table import to_table
from gapgraph.profile import Thresholds, load_profile, shipped_profiles, shipped_requirements
from gapgraph.profile.adjusting import Change, Own, Threshold, adjusted
from gapgraph.profile.comparing import differences
from gapgraph.run import assess
from tests.small_workspace import CONFIG, registers, write


def adjusting(folder: Path, tables: str) -> Path:
    """The small company with tables appended to its configuration."""
    return write(folder, registers(), CONFIG + tables)


def test_every_shipped_requirement_is_in_a_shipped_profile() -> None:
    profiles = [load_profile(name) for name in shipped_profiles()]
    assert set(shipped_requirements()) == {id for p in profiles for id in p.requirements}
    assert all(p.adjustments == () or p.lineage for p in profiles), "only a profile that extends another adjusts"


def test_every_threshold_of_a_shipped_profile_has_a_source() -> None:
    for name in shipped_profiles():
        profile = load_profile(name)
        assert set(profile.threshold_sources) == set(Thresholds.names())
        assert all(profile.threshold_sources.values())


def test_a_profile_judges_with_the_shapes_of_its_own_requirements_alone() -> None:
    small = adjusted(
        load_profile("soc2-ai"),
        Own(tuple(Change(i, "why", "here", off=True) for i in shipped_requirements() if i != "ACC-01")),
        "test",
    )
    assert list(small.requirements) == ["ACC-01"]
    assert "ACC-01-done" not in {str(s) for s in small.shapes.subjects()}
    assert len(small.shapes) < 200
    assert set(small.omitted) == set(shipped_requirements()) - {"ACC-01"}


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ('[adjust.ACC-99]\noff = true\nreason = "x"', "ACC-99"),
        ("[adjust.ACC-01]\noff = true", "without a reason"),
        ('[adjust.ACC-01]\nreason = "x"', "nothing is changed"),
        ('[adjust.ACC-01]\nseverity = 9\nreason = "x"', "severity 9"),
        ('[adjust.ACC-01]\nseverity = "high"\nreason = "x"', "whole number"),
        ('[adjust.ACC-01]\noff = "yes"\nreason = "x"', "off = true"),
        ('[adjust.ACC-01]\nwaived = true\nreason = "x"', "'waived' is not a setting"),
        ('[adjust.ACC-04]\nparameters = { revoke_time = "14d" }\nreason = "x"', "revoke_time"),
        ('[adjust.ACC-04]\nparameters = { revoke_days = "soon" }\nreason = "x"', "revoke_days"),
        ('[thresholds.leniency]\nvalue = 1\nreason = "x"', "no threshold"),
        ("[thresholds.tolerance]\nvalue = 0.1", "reason"),
        ('[thresholds.tolerance]\nvalue = 0.9\nreason = "x"', "between 0 and 0.5"),
        ('[thresholds.cluster]\nvalue = "few"\nreason = "x"', "Write a number"),
        ("adjust = 3", "'adjust' is no table"),
    ],
)
def test_a_wish_that_cannot_be_met_is_one_line_that_says_what_and_where(
    tables: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = CONFIG + tables if tables.startswith("[") else f"{tables}\n{CONFIG}"
    folder = write(tmp_path, registers(), config)
    assert main(["assess", str(folder)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "gapgraph.toml" in error
    assert said in error


def test_a_workspace_moves_a_limit_and_every_report_says_why(tmp_path: Path) -> None:
    tables = '[adjust.ACC-04]\nparameters = { revoke_days = "30d" }\nseverity = 2\nreason = "tickets run monthly"\n'
    found = assess(adjusting(tmp_path, tables), engagement="t2")
    assert found.catalogue["ACC-04"].parameters["revoke_days"] == "30d"
    for page in (to_table(found), to_markdown(found)):
        assert "tickets run monthly" in page.replace("\n", " ")
        assert "30d instead of 7d" in page
    (profile,) = json.loads(to_json(found))["meta"]["profiles"]
    assert {a["field"]: (a["before"], a["after"]) for a in profile["adjustments"]} == {
        "revoke_days": ("7d", "30d"),
        "severity": ("4", "2"),
    }
    assert all(a["reason"] == "tickets run monthly" and a["by"] == "gapgraph.toml" for a in profile["adjustments"])


def test_what_is_switched_off_has_no_vote_and_its_criteria_say_so(tmp_path: Path) -> None:
    whole = assess(write(tmp_path / "whole", registers()), engagement="t2")
    tables = '[adjust.LOG-06]\noff = true\nreason = "no automated control yet"\n'
    less = assess(adjusting(tmp_path / "less", tables), engagement="t2")
    assert not [r for r in less.requirements if r.id == "LOG-06"]
    touched = [c for c in less.criteria if c.id in whole.catalogue["LOG-06"].criteria]
    assert touched
    for criterion in touched:
        assert any("LOG-06" in r and "no automated control yet" in r for r in criterion.reasons)


def test_a_criterion_without_any_requirement_left_has_no_conclusion(tmp_path: Path) -> None:
    criterion = "CC6.5"
    ids = [i for i, r in load_profile("soc2-ai").requirements.items() if criterion in r.info.criteria]
    tables = "".join(f'[adjust.{i}]\noff = true\nreason = "not ours"\n' for i in ids)
    found = assess(adjusting(tmp_path, tables), engagement="t2")
    (result,) = [c for c in found.criteria if c.id == criterion]
    assert result.outcome is Outcome.NO_CONCLUSION
    assert len(result.reasons) > len(ids)


def test_the_profile_goes_by_type_where_none_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, registers(), CONFIG.replace('profile = "soc2-ai"\n', ""))
    found = workspace.profiles_of(workspace.load(folder))
    assert {id: p.name for id, p in found.items()} == {"t1": "soc2-type1", "t2": "soc2-type2"}


def test_an_engagement_may_have_a_profile_of_its_own(tmp_path: Path) -> None:
    config = CONFIG.replace("[engagements.t1]", '[engagements.t1]\nprofile = "soc2-type1"')
    found = assess(write(tmp_path, registers(), config))
    assert {e.id: e.profile for e in found.engagements} == {"t1": "soc2-type1", "t2": "soc2-ai"}
    assert {"AI-14"} <= {r.id for r in found.requirements if r.engagement == "t2"}
    assert not {r.id for r in found.requirements if r.engagement == "t1" and r.id.startswith("AI-")}


@pytest.mark.parametrize("framework", ["iso-27001-2022", "description-criteria"])
def test_a_framework_of_which_a_profile_says_nothing_is_refused(tmp_path: Path, framework: str) -> None:
    folder = write(tmp_path, registers(), CONFIG.replace('"tsc-2017"', f'"{framework}"', 1))
    with pytest.raises(UsageError, match=f"t2: profile soc2-ai has no requirement that speaks to {framework}"):
        assess(folder)


def test_a_profile_for_type_one_refuses_a_type_two(tmp_path: Path) -> None:
    folder = write(tmp_path, registers(), CONFIG.replace('"soc2-ai"', '"soc2-type1"'))
    with pytest.raises(UsageError, match="t2: profile soc2-type1 is made for Type I alone"):
        assess(folder)


OWN_PROFILE = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX gg: <https://w3id.org/gapgraph/ontology#>
PREFIX ggs: <https://w3id.org/gapgraph/shapes#>
PREFIX our: <https://example.org/test/shapes#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tsc: <https://w3id.org/gapgraph/framework/tsc-2017/>

our:profile a gg:Profile ; dcterms:identifier "ours" ; skos:prefLabel "Ours" ; skos:definition "With one of our own." ;
    owl:versionInfo "1" ; gg:extends ggs:profile-soc2-ai ; gg:includes our:OUR-01 ;
    gg:adjusts [ gg:adjustedRequirement ggs:ACC-01 ; gg:severity 5 ; gg:rationale "our customers ask first" ] ;
    gg:threshold [ gg:thresholdName "tolerance" ; gg:thresholdValue 0.02 ; gg:rationale "our contract" ] .

our:OUR-01 a gg:Requirement , sh:NodeShape ; dcterms:identifier "OUR-01" ; skos:prefLabel "Accounts have a purpose" ;
    skos:definition "Every account says what it is for." ; gg:assesses tsc:CC6.1 ; gg:basis gg:OwnCommitment ;
    gg:gapKind gg:ProcessGap ; gg:appliesToType gg:TypeI , gg:TypeII ; gg:likelihood 3 ; gg:severity 4 ;
    gg:complexity 1 ; gg:effortDays 1.0 ; gg:testMethod gg:Inspection ; gg:remediation "State it." ;
    gg:closingEvidence "The list." ; gg:addressedByControlType gg:AccountOwnershipControl ;
    sh:targetClass gg:AccountOwnershipState ; sh:property our:OUR-01-purpose .

our:OUR-01-purpose a sh:PropertyShape ; sh:name "a purpose" ; sh:message "Nothing says what it is for." ;
    sh:path ( gg:ofSubject gg:justification ) ; sh:minCount 1 ; gg:reason gg:Undocumented .
"""


def test_a_profile_of_the_workspace_adds_a_requirement_that_is_judged_like_ours(tmp_path: Path) -> None:
    tables = registers()
    tables["controls"].append("own,Owners,account-ownership,Who owns which account,ana,ana,ben,,,2024-01-01")
    folder = write(tmp_path, tables, CONFIG.replace('"soc2-ai"', '"profiles/ours.ttl"'))
    (folder / "profiles").mkdir()
    (folder / "profiles" / "ours.ttl").write_text(OWN_PROFILE, encoding="utf-8")
    found = assess(folder, engagement="t2")
    mine = [g for g in found.gaps if g.requirement == "OUR-01"]
    assert {g.subject_label for g in mine} == {"ben on s1", "ben on s2"}
    assert mine[0].deviations[0].checks[0].message == "Nothing says what it is for."
    assert found.catalogue["ACC-01"].severity == 5
    profile = workspace.profiles_of(workspace.load(folder))["t2"]
    assert profile.thresholds.tolerance == 0.02
    assert profile.threshold_sources["tolerance"] == "our contract"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("our:OUR-01-purpose .", "our:OUR-01-purpose ", "not readable as Turtle"),
        ("gg:includes our:OUR-01", "gg:includes our:OUR-02", "OUR-02"),
        ('"OUR-01"', '"ACC-01"', "a requirement that gapgraph ships"),
        ("profile-soc2-ai", "profile-soc3", "soc3"),
        ('owl:versionInfo "1" ;', "", "versionInfo"),
        ("a gg:Profile ;", "", "0 profiles"),
        ('gg:rationale "our customers ask first"', "", "without a reason"),
        ("tsc:CC6.1", "tsc:CC66.1", "CC66.1"),
        ("gg:includes our:OUR-01 ;", "", "OUR-01"),
    ],
)
def test_a_profile_of_the_workspace_that_cannot_be_used_says_why(
    before: str, after: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(tmp_path, registers(), CONFIG.replace('"soc2-ai"', '"profiles/ours.ttl"'))
    (folder / "profiles").mkdir()
    assert before in OWN_PROFILE
    (folder / "profiles" / "ours.ttl").write_text(OWN_PROFILE.replace(before, after, 1), encoding="utf-8")
    assert main(["assess", str(folder)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error


def test_a_profile_outside_of_the_workspace_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.ttl").write_text(OWN_PROFILE, encoding="utf-8")
    folder = write(tmp_path / "w", registers(), CONFIG.replace('"soc2-ai"', '"../ours.ttl"'))
    with pytest.raises(InputError, match="no such profile in the workspace"):
        assess(folder)


def test_differences_are_those_that_adjustments_make() -> None:
    base = load_profile("soc2-ai")
    changed = adjusted(
        base,
        Own(
            (
                Change("ACC-04", "slow tickets", "here", parameters={"revoke_days": "9d"}),
                Change("HR-02", "nobody joins", "here", off=True),
            ),
            (Threshold("tolerance", "0.1", "few changes", "here"),),
        ),
        "test",
    )
    assert [(d.about, d.field, d.first, d.second, d.why) for d in differences(base, changed)] == [
        ("tolerance", "value", "0.05", "0.1", "few changes"),
        ("ACC-04", "revoke_days", "7d", "9d", "slow tickets"),
        ("HR-02", "in the profile", "yes", "no", "nobody joins"),
    ]
    assert differences(base, base) == ()


@pytest.mark.parametrize("form", ["table", "json", "csv", "md"])
def test_profiles_are_shown_and_compared_in_each_format(
    form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = adjusting(tmp_path, '[adjust.ACC-04]\nseverity = 2\nreason = "=tickets|run"\n')
    assert main(["profile", "show", f"{folder}:t2", "--format", form]) == 0
    shown = capsys.readouterr().out
    assert "ACC-04" in shown
    assert main(["profile", "diff", "soc2-ai", f"{folder}:t2", "--format", form]) == 0
    compared = capsys.readouterr().out
    assert "ACC-04" in compared
    assert "severity" in compared
    assert "tickets" in compared
    if form == "csv":
        assert "'=tickets|run" in compared
    if form == "json":
        (difference,) = json.loads(compared)["differences"]
        assert difference["first"] == "4"
        assert difference["second"] == "2"


def test_a_profile_that_does_not_exist_is_named_with_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "show", "soc3"]) == 2
    error = capsys.readouterr().err
    assert "soc3" in error
    assert "soc2-type2" in error
    assert main(["profile", "list"]) == 0
    listed = capsys.readouterr().out
    assert all(name in listed for name in shipped_profiles())


def test_type_of_report_decides_which_shipped_profile_is_the_default() -> None:
    assert load_profile("soc2-type1").judges is ReportType.TYPE_I
    assert load_profile("soc2-type2").judges is None


@pytest.mark.parametrize(
    ("people", "outcome"), [(2, Outcome.NOT_APPLICABLE), (3, Outcome.MET), (0, Outcome.NO_CONCLUSION)]
)
def test_a_requirement_may_apply_from_a_headcount_on(people: int, outcome: Outcome, tmp_path: Path) -> None:
    tables = registers()
    tables["people"] += [f"x{n},X {n},employee,2020-01-01," for n in range(people - 2)]
    tables["people"][1:] = tables["people"][1 : 1 + people]
    folder = write(
        tmp_path, tables, CONFIG + '[adjust.ACC-01]\napplies_from_headcount = 3\nreason = "two of us see all"\n'
    )
    (result,) = [r for r in assess(folder, engagement="t2").requirements if r.id == "ACC-01"]
    assert result.outcome is outcome
    assert any("applies from 3 people" in r for r in result.reasons) == (people == 2)
