"""JSON, CSV, Markdown and the table of an assessment."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gapgraph.output
from gapgraph.model import (
    Assessment,
    Basis,
    DesignOutcome,
    Fault,
    Gap,
    GapKind,
    GapStatus,
    OperationOutcome,
    Outcome,
    Quadrant,
    Reason,
    ReportType,
    ResultSeverity,
)
from gapgraph.output import to_csv, to_json, to_markdown
from gapgraph.output.csv_format import COLUMNS
from gapgraph.output.summary import at_or_above, criterion_order, natural, summaries
from gapgraph.output.table import to_table
from gapgraph.output.wording import ASCII, NOT_AN_OPINION, OUTCOME_SIGNS, OUTCOME_WORDS, plain
from tests.golden_files import assert_golden
from tests.sample import ISO, SOC2, assessment

SCHEMA_FILE = Path(gapgraph.output.__file__).parent / "assessment.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
ANNOTATIONS = {"$schema", "$id", "$defs", "title", "description"}
STRUCK_WORDS = re.compile(r"certified|certification|compliant|audit[- ]ready", re.IGNORECASE)


def problems(value: Any, schema: dict[str, Any], where: str = "$") -> list[str]:
    """What violates the schema; every keyword that the schema uses is known here."""
    found: list[str] = []
    for keyword, wanted in schema.items():
        match keyword:
            case "$ref":
                found += problems(value, SCHEMA["$defs"][wanted.removeprefix("#/$defs/")], where)
            case "anyOf":
                if all(problems(value, option, where) for option in wanted):
                    found.append(f"{where}: {value!r} fits no option")
            case "enum":
                if value not in wanted:
                    found.append(f"{where}: {value!r} is not one of {wanted}")
            case "type":
                names = [wanted] if isinstance(wanted, str) else wanted
                kinds = tuple(kind for name in names for kind in TYPES[name])
                if not isinstance(value, kinds) or (isinstance(value, bool) and "boolean" not in names):
                    found.append(f"{where}: {value!r} is not {wanted}")
            case "required":
                found += [f"{where}: no {name}" for name in wanted if isinstance(value, dict) and name not in value]
            case "properties":
                inner = value if isinstance(value, dict) else {}
                for name in wanted.keys() & inner.keys():
                    found += problems(inner[name], wanted[name], f"{where}.{name}")
            case "additionalProperties":
                for name in value.keys() - schema.get("properties", {}).keys():
                    found += problems(value[name], wanted, f"{where}.{name}")
            case "items":
                for index, item in enumerate(value):
                    found += problems(item, wanted, f"{where}[{index}]")
            case "minimum":
                if isinstance(value, (int, float)) and value < wanted:
                    found.append(f"{where}: {value} is below {wanted}")
            case "maximum":
                if isinstance(value, (int, float)) and value > wanted:
                    found.append(f"{where}: {value} is above {wanted}")
            case "pattern":
                if isinstance(value, str) and not re.search(wanted, value):
                    found.append(f"{where}: {value!r} does not match {wanted}")
            case _:
                assert keyword in ANNOTATIONS, f"the check does not know {keyword}"
    return found


def without_gaps() -> Assessment:
    """The sample with no gap, no fault and a conclusion on everything."""
    whole = assessment()
    return replace(
        whole,
        meta=replace(whole.meta, faults=(), unused=()),
        engagements=tuple(one for one in whole.engagements if one.id == SOC2),
        criteria=tuple(replace(one, outcome=Outcome.MET, gaps=()) for one in whole.criteria if one.engagement == SOC2),
        requirements=tuple(
            replace(one, outcome=Outcome.MET, not_evaluated=0, gaps=())
            for one in whole.requirements
            if one.engagement == SOC2
        ),
        gaps=(),
    )


def with_label(label: str) -> Assessment:
    """The sample with this text wherever text comes from files."""
    whole = assessment()
    gaps = tuple(
        replace(
            gap,
            subject_label=label,
            title=label,
            remediation=label,
            owner=label or None,
            deviations=tuple(replace(one, label=label) for one in gap.deviations),
        )
        for gap in whole.gaps
    )
    meta = replace(whole.meta, organisation=label, faults=(Fault(label, 3, label),), unused=(label,))
    return replace(whole, meta=meta, gaps=gaps)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@st.composite
def shuffled(draw: st.DrawFn) -> Assessment:
    """The sample with its parts in any order."""
    whole = assessment()
    return replace(
        whole,
        engagements=tuple(draw(st.permutations(whole.engagements))),
        criteria=tuple(draw(st.permutations(whole.criteria))),
        requirements=tuple(draw(st.permutations(whole.requirements))),
        controls=tuple(draw(st.permutations(whole.controls))),
        gaps=tuple(draw(st.permutations(whole.gaps))),
    )


def test_json_follows_the_schema() -> None:
    assert problems(json.loads(to_json(assessment())), SCHEMA) == []
    assert problems(json.loads(to_json(without_gaps())), SCHEMA) == []


@pytest.mark.parametrize("name", sorted(SCHEMA["$defs"]["gap"]["required"]))
def test_the_check_notices_a_missing_field(name: str) -> None:
    data = json.loads(to_json(assessment()))
    del data["gaps"][0][name]
    assert problems(data, SCHEMA) == [f"$.gaps[0]: no {name}"]


def test_the_schema_is_a_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(to_json(assessment())))


def test_docs_have_the_same_schema() -> None:
    copy = Path(__file__).parents[1] / "docs" / "assessment.schema.json"
    assert copy.read_bytes() == SCHEMA_FILE.read_bytes()


def test_the_schema_knows_every_word() -> None:
    defs = SCHEMA["$defs"]
    gap = defs["gap"]["properties"]
    criterion = defs["criterion"]["properties"]["outcome"]["enum"]
    for found, words in (
        (defs["outcome"]["enum"], Outcome),
        (defs["design"]["enum"], DesignOutcome),
        ([one for one in defs["operation"]["enum"] if one], OperationOutcome),
        (defs["engagement"]["properties"]["type"]["enum"], ReportType),
        (defs["requirement"]["properties"]["basis"]["enum"], Basis),
        (defs["deviation"]["properties"]["severity"]["enum"], ResultSeverity),
        (gap["gap_kind"]["enum"], GapKind),
        (gap["reason"]["enum"], Reason),
        (gap["quadrant"]["enum"], Quadrant),
        (gap["status"]["enum"], GapStatus),
        ([*criterion, Outcome.NOT_OCCURRING], Outcome),
    ):
        assert sorted(found) == sorted(words)


def test_the_sample_has_every_word() -> None:
    whole = assessment()
    assert whole == assessment()
    assert {gap.status for gap in whole.gaps} == set(GapStatus)
    assert {gap.reason for gap in whole.gaps} == set(Reason)
    assert {gap.gap_kind for gap in whole.gaps} == set(GapKind)
    assert {gap.quadrant for gap in whole.gaps} == set(Quadrant)
    assert {gap.severity for gap in whole.gaps} == {1, 2, 3, 4, 5}
    assert {one.severity for gap in whole.gaps for one in gap.deviations} == set(ResultSeverity)
    assert {one.outcome for one in whole.requirements} == set(Outcome)
    assert {one.basis for one in whole.requirements} == set(Basis)
    assert {one.design for one in whole.controls} == set(DesignOutcome)
    assert {one.operation for one in whole.controls} == {*OperationOutcome, None}


def test_period_shows_its_last_day() -> None:
    by_id = {one["id"]: one for one in json.loads(to_json(assessment()))["engagements"]}
    assert by_id[SOC2]["period"] == {"from": "2026-01-01", "until": "2026-12-31"}
    assert by_id[ISO]["period"] is None


@settings(max_examples=15, deadline=None)
@given(shuffled())
def test_order_of_the_parts_does_not_matter(other: Assessment) -> None:
    first = assessment()
    for show in (to_json, to_csv, to_markdown, to_table):
        assert show(other) == show(first), show.__name__


def test_only_seconds_differ() -> None:
    first = assessment()
    second = replace(first, meta=replace(first.meta, seconds={"load": 9.0}))
    one, two = json.loads(to_json(first)), json.loads(to_json(second))
    assert one != two
    assert one["meta"].pop("seconds") != two["meta"].pop("seconds")
    assert one == two
    for show in (to_csv, to_markdown, to_table):
        assert show(first) == show(second), f"{show.__name__} shows seconds"


@settings(max_examples=60, deadline=None)
@given(texts)
def test_json_keeps_any_text(label: str) -> None:
    data = json.loads(to_json(with_label(label)))
    assert problems(data, SCHEMA) == []
    assert data["gaps"][0]["subject_label"] == label


@settings(max_examples=60, deadline=None)
@given(texts | st.sampled_from(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]))
def test_no_cell_begins_like_a_formula(label: str) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(with_label(label)), newline="")))
    assert len(rows) == len(assessment().gaps)
    for row in rows:
        assert set(row) == set(COLUMNS)
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
        assert row["subject_label"] in (plain(label), f"'{plain(label)}")


@settings(max_examples=60, deadline=None)
@given(texts | st.sampled_from(["\x1b[2Jgone", "[bold]x[/bold]", "a|b", "<script>", "# x", "\u202eevil"]))
def test_pages_show_no_control_characters(label: str) -> None:
    for page in (to_table(with_label(label)), to_markdown(with_label(label))):
        odd = {sign for sign in page if unicodedata.category(sign) in ("Cc", "Cs") and sign != "\n"}
        assert not odd, f"control characters {odd!r}"
        assert "\u202e" not in page


def test_markup_in_labels_stays_text() -> None:
    assert "[bold]x[/bold]" in to_table(with_label("[bold]x[/bold]"))
    page = to_markdown(with_label("<b>|`x`"))
    assert "\\<b\\>\\|\\`x\\`" in page
    assert "<b>" not in page


@pytest.mark.parametrize("width", [80, 100, 140])
def test_table_keeps_to_its_width(width: int) -> None:
    page = to_table(assessment(), width=width)
    assert max(map(len, page.splitlines())) <= width
    assert_golden(f"assessment-{width}.txt", page)


def test_every_sign_has_its_word_on_the_page() -> None:
    page = to_table(assessment())
    for outcome, sign in OUTCOME_SIGNS.items():
        if sign in page and outcome is not Outcome.NOT_OCCURRING:
            assert re.search(rf"{re.escape(sign)} \d+ {OUTCOME_WORDS[outcome]}", page), outcome
    assert NOT_AN_OPINION in page
    assert "Risk of a modified opinion" in page


def test_table_in_ascii_keeps_signs_apart() -> None:
    signs = [sign.translate(ASCII) for sign in OUTCOME_SIGNS.values()]
    assert len(set(signs)) == len(signs)
    assert to_table(assessment()).translate(ASCII).isascii()


@pytest.mark.parametrize("name", ["json", "csv", "md"])
def test_formats_are_as_before(name: str) -> None:
    show = {"json": to_json, "csv": to_csv, "md": to_markdown}[name]
    assert_golden(f"assessment.{name}", show(assessment()))


@pytest.mark.parametrize("show", [to_table, to_markdown])
def test_no_gap_is_said_in_one_sentence(show: Any) -> None:
    page = " ".join(show(without_gaps(), **({"width": 200} if show is to_table else {})).split())
    scope = "SOC 2 2026 (security, availability, confidentiality, processing integrity, privacy)"
    assert f"No gaps found by profile reference v1.0 over scope {scope} as of 2026-12-31." in page
    assert "Fix first" not in page
    assert "Nothing: every criterion and requirement has a conclusion." in page


@pytest.mark.parametrize("show", [to_table, to_markdown, to_json, to_csv])
def test_no_word_that_an_auditor_would_strike(show: Any) -> None:
    for whole in (assessment(), without_gaps()):
        assert not STRUCK_WORDS.search(show(whole))


def test_no_score_is_not_zero() -> None:
    whole = assessment()
    engagements = tuple(replace(one, readiness=replace(one.readiness, score=None)) for one in whole.engagements)
    none = replace(whole, engagements=engagements)
    assert json.loads(to_json(none))["engagements"][0]["readiness"]["score"] is None
    assert "no criterion applies" in to_table(none)
    assert "no criterion applies" in to_markdown(none)


def test_fix_first_begins_with_quick_wins_that_need_work() -> None:
    first = {one.engagement.id: one for one in summaries(assessment())}[SOC2].fix_first
    assert len(first) == 10
    assert first[0].requirement == "VND-04"
    ranks = [list(Quadrant).index(gap.quadrant) for gap in first]
    assert ranks == sorted(ranks)
    assert {gap.status for gap in first} <= {GapStatus.OPEN, GapStatus.REOPENED, GapStatus.IN_REMEDIATION}


def test_gaps_shared_by_engagements_name_each_other() -> None:
    by_id = {one.engagement.id: one for one in summaries(assessment())}
    shared = [gap for gap in by_id[ISO].gaps if by_id[ISO].also_in[gap.id]]
    assert [gap.subject_label for gap in shared] == ["Annotation console", "Access control policy"]
    assert by_id[ISO].also_in[shared[0].id] == ("SOC 2 2026",)


def test_what_has_no_conclusion_is_named_with_its_reason() -> None:
    summary = {one.engagement.id: one for one in summaries(assessment())}[SOC2]
    named = {id for one in summary.unjudged_criteria for id in one.ids}
    assert named == {one.id for one in summary.criteria if one.outcome is Outcome.NO_CONCLUSION}
    assert [one.ids for one in summary.unjudged_requirements] == [("INC-01",), ("VND-04",)]
    assert [one.id for one in summary.items] == ["INC-01", "VND-04"]


def test_criteria_stand_in_the_order_of_the_framework() -> None:
    found = [one.id for one in sorted(assessment().criteria, key=criterion_order) if one.engagement == SOC2]
    assert found[0] == "CC1.1"
    assert found[32:36] == ["CC9.2", "A1.1", "A1.2", "A1.3"]
    assert found[36:39] == ["C1.1", "C1.2", "PI1.1"]
    assert found[-1] == "P8.1"


def test_numbers_in_ids_count_as_numbers() -> None:
    assert sorted(["A.5.15", "A.5.9", "10.1", "4.1"], key=natural) == ["4.1", "10.1", "A.5.9", "A.5.15"]


@pytest.mark.parametrize("severity", [1, 3, 5])
def test_what_is_accepted_fixed_or_verified_does_not_count(severity: int) -> None:
    done = {GapStatus.ACCEPTED, GapStatus.FIXED, GapStatus.VERIFIED}
    gaps = assessment().gaps
    counted = at_or_above(gaps, severity)
    expected: tuple[Gap, ...] = tuple(gap for gap in gaps if gap.severity >= severity and gap.status not in done)
    assert counted == expected
    assert counted


def test_plain_is_one_line() -> None:
    assert plain(" a\n\x00b\x7f ") == "a \N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"
