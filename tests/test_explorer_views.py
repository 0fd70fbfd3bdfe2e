"""The explorer's pure part: words and tables from an assessment, charts, diagrams, colours and headers."""

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from gapgraph import assets
from gapgraph.errors import UsageError
from gapgraph.explorer import charts, detail, launch, listing, server, state, views
from gapgraph.explorer.palette import DARK, LIGHT, Palette, contrast, palette, theme_options
from gapgraph.explorer.text import few, markdown
from gapgraph.model import Assessment, Gap, GapStatus, Outcome
from gapgraph.output.summary import NEEDS_WORK
from gapgraph.why import Explanation, explain
from tests.sample import ISO, SOC2, assessment

HOSTILE = '"];\n evil [URL="http://x.example/"] \\ ![i](http://x.example/i.png) <img src=x> :red[r] :smile: `c`'


@pytest.fixture(name="found", scope="module")
def found_() -> Assessment:
    return assessment()


def one_gap(found: Assessment, requirement: str, engagement: str = SOC2) -> Gap:
    return next(gap for gap in found.gaps if (gap.requirement, gap.engagement) == (requirement, engagement))


def explained(found: Assessment, requirement: str, folder: Path = Path()) -> Explanation:
    return explain(folder, found, one_gap(found, requirement).id)


def test_headline_says_type_period_categories_day_and_profile(found: Assessment) -> None:
    line = views.headline(found, SOC2)
    assert line.startswith("SOC 2 Type II · 2026-01-01 to 2026-12-31 · Security, availability")
    assert line.endswith("as of 2026-12-31 · profile reference v1.0")


def test_headline_of_an_engagement_without_period_or_categories(found: Assessment) -> None:
    assert views.headline(found, ISO).startswith("ISO/IEC 27001:2022, design · as of 2026-11-30")


def test_kpis_are_the_numbers_of_the_assessment(found: Assessment) -> None:
    criteria, waiting, critical, unconcluded, faults = views.kpis(found, SOC2)
    counts = views.engagement(found, SOC2).readiness.criteria
    mine = [gap for gap in found.gaps if gap.engagement == SOC2]
    assert criteria.value == f"{counts[Outcome.MET]} / {sum(counts.values()) - counts[Outcome.NOT_APPLICABLE]}"
    assert waiting.value == str(sum(gap.status in NEEDS_WORK for gap in mine))
    assert critical.value == str(sum(gap.severity == 5 and gap.status in NEEDS_WORK for gap in mine))
    assert unconcluded.value == str(counts[Outcome.NO_CONCLUSION])
    assert faults.value == "3"
    assert faults.note == "2 requirements held back"


def test_kpis_without_faults_hold_nothing_back(found: Assessment) -> None:
    clean = replace(found, meta=replace(found.meta, faults=()))
    assert views.kpis(clean, SOC2)[-1].note == "nothing held back"


def test_unknown_engagement_is_an_error(found: Assessment) -> None:
    with pytest.raises(KeyError):
        views.engagement(found, "nowhere")


def test_engagement_labels_are_unique(found: Assessment) -> None:
    same = replace(found, engagements=tuple(replace(one, label="Audit") for one in found.engagements))
    assert set(views.engagement_labels(same).values()) == {SOC2, ISO}
    assert list(views.engagement_labels(found)) == ["ISO 27001 design", "SOC 2 2026"]


def test_the_first_engagement_is_one_with_a_period(found: Assessment) -> None:
    assert found.engagements[views.first_engagement(found)].id == SOC2
    assert views.first_engagement(replace(found, engagements=found.engagements[:1])) == 0


@pytest.mark.parametrize(
    ("word", "shown", "tone"),
    [
        ("likely", "Likely", "red"),
        ("possible", "Possible", "orange"),
        ("none_indicated", "None indicated", "green"),
    ],
)
def test_risk_is_shown_in_word_and_colour(found: Assessment, word: str, shown: str, tone: str) -> None:
    one = views.engagement(found, SOC2)
    risk = views.risk(replace(one, readiness=replace(one.readiness, modification_risk=word)))
    assert (risk.word, risk.tone) == (shown, tone)


def test_reasons_are_sentences_and_many_of_them_are_long(found: Assessment) -> None:
    one = views.engagement(found, SOC2)
    listed = replace(one, readiness=replace(one.readiness, reasons=("not met: CC1.1",)))
    assert views.reasons(listed) == ("Not met: CC1.1",)
    assert not views.is_long(views.reasons(listed))
    assert views.is_long(("x" * 300,))


def test_series_table_counts_each_criterion_once(found: Assessment) -> None:
    criteria = [one for one in found.criteria if one.engagement == SOC2]
    table = views.series_table(criteria)
    assert sum(int(str(cell)) for cell in table["criteria"]) == len(criteria)
    assert table["series"][0] == "CC1 Control environment"


def test_series_of_an_unknown_framework_is_shown_by_its_id(found: Assessment) -> None:
    assert views.series_label(replace(found.criteria[0], framework="in-house", series="S1")) == "S1"


def test_score_table_leaves_out_what_does_not_apply(found: Assessment) -> None:
    table = views.score_table(one for one in found.criteria if one.engagement == SOC2)
    assert "Not applicable" not in table["Outcome"]
    weights = [int(str(cell)) for cell in table["Weight"]]
    assert weights == sorted(weights, reverse=True)


def test_fix_first_begins_with_quick_wins_that_need_work(found: Assessment) -> None:
    first = views.fix_first(found, SOC2, limit=3)
    assert len(first) == 3
    assert {gap.quadrant.value for gap in first} == {"quick_win"}
    assert all(gap.status in NEEDS_WORK for gap in views.fix_first(found, SOC2, limit=100))


def test_not_concluded_lists_no_conclusion_and_open_items(found: Assessment) -> None:
    assert views.not_concluded(found, SOC2)["Requirement"] == ["INC-01", "VND-04"]


def test_faults_stand_with_file_and_row_and_notices_apart(found: Assessment) -> None:
    assert views.faults(found)["Where"] == [
        "findings/prowler.json",
        "registers/exercises.csv:4",
        "registers/vendor_reviews.csv:9",
    ]
    assert views.faults(found, notices=True)["Where"] == ["registers/accounts.csv:1"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (listing.Filters(), 14),
        (listing.Filters(kinds=("Policy",)), 1),
        (listing.Filters(severities=("Critical",)), 2),
        (listing.Filters(statuses=("Accepted", "Fixed")), 2),
        (listing.Filters(criteria=("CC8.1",)), 1),
        (listing.Filters(text="LEAVER checklist"), 1),
        (listing.Filters(text="user access review"), 3),
        (listing.Filters(text="nothing like this"), 0),
        (listing.Filters(kinds=("Policy",), severities=("Critical",)), 0),
    ],
)
def test_filters_narrow_the_list(found: Assessment, filters: listing.Filters, expected: int) -> None:
    assert len(listing.gaps(found, SOC2, filters)) == expected


def test_every_filter_choice_is_a_word_that_filters(found: Assessment) -> None:
    for field, options in listing.choices(found).items():
        narrowed: list[dict[str, Any]] = [{field: (word,)} for word in options]
        chosen = [listing.Filters(**one) for one in narrowed]
        total = sum(len(listing.gaps(found, None, filters)) for filters in chosen)
        assert total >= len(found.gaps), field


def test_the_list_of_all_engagements_has_what_needs_work_first(found: Assessment) -> None:
    settled = [gap.status not in NEEDS_WORK for gap in listing.gaps(found, None, listing.Filters())]
    assert len(settled) == len(found.gaps)
    assert settled == sorted(settled)


def test_gap_table_has_its_columns_even_when_empty(found: Assessment) -> None:
    assert tuple(listing.gap_table((), {})) == listing.GAP_COLUMNS
    row = {title: cells[0] for title, cells in listing.gap_table(found.gaps, {ISO: "ISO"}).items()}
    assert row["Engagement"] == "ISO"


def test_the_list_over_all_engagements_says_whose_gap_it_is() -> None:
    assert "Engagement" in listing.columns(everywhere=True)
    assert "Owner" not in listing.columns(everywhere=True)
    assert "Engagement" not in listing.columns()
    assert "Due" not in listing.columns(without=("Due",))


def test_csv_holds_the_rows_of_the_list(found: Assessment) -> None:
    shown = listing.gaps(found, SOC2, listing.Filters(severities=("Critical",)))
    shown = (replace(shown[0], subject_label="=1+1"), *shown[1:])
    lines = listing.gaps_csv(found, shown).splitlines()
    assert len(lines) == 1 + len(shown)
    assert "'=1+1" in lines[1] + lines[2]


def test_a_gap_is_found_by_id_or_by_the_beginning_of_it(found: Assessment) -> None:
    id = found.gaps[3].id
    assert listing.position(found.gaps, id) == 3
    assert listing.position(found.gaps, id[:8]) == 3
    assert listing.position(found.gaps, "") == -1
    assert listing.position(found.gaps, "zz") == -1
    twins = (replace(found.gaps[0], id="aa1"), replace(found.gaps[0], id="aa2"))
    assert listing.position(twins, "aa") == -1


def test_missing_note_tells_a_wrong_link_from_a_filter(found: Assessment) -> None:
    assert "has no gap" in listing.missing_note(found, "nope")
    assert "hides it" in listing.missing_note(found, found.gaps[0].id)


def test_trace_goes_from_criterion_to_failing_check(found: Assessment) -> None:
    steps = detail.trace(explained(found, "ACC-01"))
    assert [step.kind for step in steps] == ["criterion", "requirement", "control", "focus", "check"]
    assert steps[1].name == "ACC-01"
    assert steps[2].name == "UAR-01"
    assert "Owner: Ana Ruiz" in steps[2].sentence
    assert "registers/reviews.csv:2" in steps[3].sentence
    assert "Found: nothing. What would satisfy it: at least 1." in steps[4].sentence


def test_trace_of_a_missing_control_ends_at_the_subject(found: Assessment) -> None:
    whole = explained(found, "ACC-12")
    bare = replace(whole, gap=replace(whole.gap, deviations=()), criteria=(), result=None)
    steps = detail.trace(bare)
    assert [step.kind for step in steps] == ["criterion", "requirement", "control", "focus"]
    assert steps[0].sentence == "It counts towards no criterion in scope."
    assert "No control" in steps[2].sentence
    assert "nothing answers" in detail.summary(bare)


def test_trace_names_the_controls_that_do_not_cover_the_subject(found: Assessment) -> None:
    whole = explained(found, "ACC-01")
    assert "UAR-01 answer it elsewhere" in detail.trace(replace(whole, control=None))[2].sentence


def test_summary_counts_deviations_in_the_population(found: Assessment) -> None:
    assert detail.summary(explained(found, "CHG-01")) == (
        "inference-api: 19 deviations; 19 of 212 items failed in the engagement."
    )


def test_badges_name_state_owner_and_due(found: Assessment) -> None:
    gap = replace(one_gap(found, "ACC-06"), provisional=True, due=found.engagements[0].as_of)
    words = [badge.text for badge in detail.badges(gap)]
    assert words == [
        "Critical",
        "Reopened",
        "Technical gap",
        "Missing",
        "Provisional",
        "Ana Ruiz",
        "due 2026-11-30",
    ]
    assert gap.status is GapStatus.REOPENED


def test_likelihood_is_a_chance_only_where_it_was_computed(found: Assessment) -> None:
    assert detail.fix_table(one_gap(found, "CHG-01"))["Value"][1] == "88%"
    assert detail.fix_table(one_gap(found, "VND-04"))["Value"][1] == "5 of 5"


def test_gaps_of_other_engagements_on_the_same_thing_are_named(found: Assessment) -> None:
    assert [one.engagement for one in detail.siblings(found, one_gap(found, "POL-02"))] == [ISO]
    assert detail.siblings(found, one_gap(found, "CHG-01")) == ()


def test_evidence_has_a_row_for_each_failing_check(found: Assessment) -> None:
    gap = one_gap(found, "CHG-01")
    table = detail.evidence_table(gap)
    assert len(table["Item"]) == 19
    assert table["Row"][0] == 2
    bare = replace(gap, deviations=(replace(gap.deviations[0], checks=(), sources=()),))
    assert detail.evidence_table(bare)["File"] == [""]


def test_files_name_rows_in_short_with_the_hash(found: Assessment) -> None:
    table = detail.files(found, one_gap(found, "CHG-01"))
    assert table["Rows"] == ["2-20"]
    assert len(str(table["SHA-256"][0])) == 64
    unknown = replace(found, meta=replace(found.meta, inputs=()))
    assert detail.files(unknown, one_gap(found, "CHG-01"))["SHA-256"] == [""]


def test_rows_are_those_of_the_file(found: Assessment, tmp_path: Path) -> None:
    register = tmp_path / "registers" / "reviews.csv"
    register.parent.mkdir()
    register.write_text("system,quarter\nCRM,2026-Q2\n", encoding="utf-8")
    table = detail.rows_table(explained(found, "ACC-01", tmp_path))
    assert table["Value"][:2] == ["CRM", "2026-Q2"]


def test_identifiers_are_short_names_of_the_graph(found: Assessment) -> None:
    names = detail.identifiers(explained(found, "ACC-01"))
    assert "ggs:ACC-01-done" in names
    assert "gg:candidate" in names
    assert "shape" not in detail.identifiers(
        replace(explained(found, "ACC-01"), gap=replace(one_gap(found, "ACC-01"), deviations=()))
    )


def test_turtle_of_a_shape_holds_its_property_shapes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "access.ttl").write_text(
        """PREFIX ggs: <https://w3id.org/gapgraph/shapes#>
PREFIX sh: <http://www.w3.org/ns/shacl#>

ggs:ZZZ-1
    a sh:NodeShape ;
    sh:property ggs:ZZZ-1-done ;
    sh:or ( [ sh:minCount 1 ] ) ;
.

ggs:ZZZ-1-done
    sh:minCount 3 ;
.

ggs:ZZZ-10
    sh:minCount 7 ;
.
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(assets, "path", lambda *parts: tmp_path)
    detail.requirement_turtle.cache_clear()
    text = detail.requirement_turtle("ZZZ-1")
    detail.requirement_turtle.cache_clear()
    assert "sh:minCount 3" in text
    assert "sh:minCount 1" in text
    assert "sh:minCount 7" not in text
    assert len(Graph().parse(data=text, format="turtle")) == 7


def test_turtle_of_an_unknown_requirement_is_empty() -> None:
    assert detail.requirement_turtle("NOPE-99") == ""


def test_dot_keeps_hostile_text_inside_its_string(found: Assessment) -> None:
    whole = explained(found, "ACC-01")
    check = replace(whole.gap.deviations[0].checks[0], value=HOSTILE, name=HOSTILE)
    gap = replace(whole.gap, deviations=(replace(whole.gap.deviations[0], label=HOSTILE, checks=(check,)),))
    dot = charts.trace_dot(detail.trace(replace(whole, gap=gap)), LIGHT)
    assert unquoted(dot).count("evil") == 0
    assert unquoted(dot).count("URL") == 0
    assert unquoted(dot).count("->") == 4


def unquoted(dot: str) -> str:
    """What of a Graphviz text stands outside its strings."""
    kept, inside, skip = [], False, False
    for sign in dot:
        if skip:
            skip = False
        elif inside and sign == "\\":
            skip = True
        elif sign == '"':
            inside = not inside
        elif not inside:
            kept.append(sign)
    assert not inside
    return "".join(kept)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_bars_carry_every_part_and_its_criteria(found: Assessment, colours: Palette) -> None:
    table = views.series_table(one for one in found.criteria if one.engagement == SOC2)
    spec: dict[str, Any] = charts.series_bars(table, colours).to_dict()
    values = next(iter(spec["datasets"].values())) if "datasets" in spec else spec["layer"][0]["data"]["values"]
    assert len(values) == len(table["ids"])
    domain = spec["layer"][0]["encoding"]["color"]["scale"]["domain"]
    assert set(domain) == set(table["outcome"])


@pytest.mark.parametrize(("score", "label"), [(None, "–"), (0.0, "0"), (41.3, "41"), (100.0, "100")])
def test_ring_shows_the_score(score: float | None, label: str) -> None:
    spec: dict[str, Any] = charts.score_ring(score, LIGHT).to_dict()
    assert [layer["mark"]["text"] for layer in spec["layer"] if "text" in layer["mark"]] == [label, "of 100"]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_stands_out(colours: Palette) -> None:
    for ground in (colours.background, colours.surface, colours.sidebar, colours.raised):
        for ink in (colours.text, colours.muted, colours.link):
            assert contrast(ink, ground) >= 4.5, (ink, ground)
    for name, tone in colours.tones.items():
        assert contrast(tone.text, tone.fill) >= 4.5, name
        assert contrast(tone.line, colours.background) >= 3, name
    assert contrast(colours.on_primary, colours.primary) >= 4.5
    for outcome, fill in colours.outcomes.items():
        if outcome is not Outcome.NOT_APPLICABLE:  # set aside on purpose; its count and word are text
            assert contrast(fill, colours.background) >= 3, outcome
        assert max(contrast(ink, fill) for ink in charts.INKS) >= 4.5, outcome
    assert contrast(colours.accent, colours.track) >= 3


def test_palette_follows_the_mode() -> None:
    assert palette("dark") is DARK
    assert palette(None) is LIGHT


def test_contrast_of_known_colours() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert contrast("#030303", "#030303") == pytest.approx(1)


def test_all_colours_stand_in_the_tables_of_a_mode() -> None:
    assert all(name.startswith("theme.dark.") for name in theme_options(DARK))
    plain = [name for name in server.options(1) if name.startswith("theme.") and "Color" in name]
    assert all(name.startswith(("theme.light.", "theme.dark.")) for name in plain)


def test_options_are_known_to_streamlit_and_keep_the_server_at_home() -> None:
    from streamlit import config

    options = server.options(8501)
    assert options["server.address"] == "127.0.0.1"
    assert options["browser.gatherUsageStats"] is False
    assert set(options) <= set(config._config_options_template)


def test_policy_allows_no_other_host() -> None:
    policy = server.HEADERS["Content-Security-Policy"]
    assert "http" not in policy
    assert "*" not in policy
    assert "default-src 'self'" in policy


@given(st.text())
def test_markdown_escapes_every_sign(value: str) -> None:
    escaped = markdown(value)
    assert "\n" not in escaped
    bare = escaped.replace("\\\\", "")
    for sign in "![]()<>`*_:#$~|&":
        assert f"\\{sign}" in bare or sign not in bare.replace(f"\\{sign}", "")


def test_markdown_shows_the_same_characters() -> None:
    from markdown_it import MarkdownIt

    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown(HOSTILE))
    assert "<img" not in html
    assert "<a" not in html
    assert "<code" not in html


def test_few_says_how_many_more() -> None:
    assert few(("A", "B", "C")) == "A, B +1"
    assert few(("A",)) == "A"


def test_content_hash_follows_names_and_bytes_only(tmp_path: Path) -> None:
    (tmp_path / "gapgraph.toml").write_text("a", encoding="utf-8")
    before = state.content_hash(tmp_path)
    (tmp_path / ".gapgraph").mkdir()
    (tmp_path / ".gapgraph" / "cache").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert state.content_hash(tmp_path) == before
    (tmp_path / "gapgraph.toml").write_text("b", encoding="utf-8")
    changed = state.content_hash(tmp_path)
    assert changed != before
    (tmp_path / "gapgraph.toml").rename(tmp_path / "other.toml")
    assert state.content_hash(tmp_path) != changed


def test_launch_refuses_a_port_in_use(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} on 127.0.0.1 is in use; choose another one with --port"):
            launch(tmp_path, port=port)


def test_launch_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no such folder"):
        launch(tmp_path / "nowhere")


def test_launch_refuses_an_impossible_port(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="port 99999"):
        launch(tmp_path, port=99999)
