"""The shipped frameworks: what they hold, that they equal their tables, and how written ids are folded."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import Graph

from gapgraph import assets
from gapgraph.errors import InputError, UsageError
from gapgraph.framework_tables import CATEGORIES, description_graph, tsc_graph
from gapgraph.frameworks import (
    fold_criterion_id,
    framework_ids,
    framework_of,
    load_framework,
    read_criterion_id,
)
from gapgraph.turtle import canonical

FRAMEWORKS = assets.path("data", "frameworks")


@pytest.mark.parametrize(("name", "make"), [("tsc-2017", tsc_graph), ("description-criteria", description_graph)])
def test_turtle_is_what_the_table_gives(name: str, make: Callable[[Path], Graph]) -> None:
    made = canonical(make(FRAMEWORKS / f"{name}.csv").serialize(format="turtle"))
    assert made == (FRAMEWORKS / f"{name}.ttl").read_text(encoding="utf-8")


def test_there_are_61_criteria_in_five_categories() -> None:
    framework = load_framework("tsc-2017")
    counts = Counter(criterion.category for criterion in framework.criteria)
    assert len(framework.criteria) == 61
    assert counts == {
        "security": 33,
        "availability": 3,
        "confidentiality": 2,
        "processing_integrity": 5,
        "privacy": 18,
    }
    assert framework.categories == tuple(CATEGORIES)
    assert sum(criterion.points_of_focus for criterion in framework.criteria) == 329


def test_each_coso_principle_is_carried_over_once() -> None:
    principles = [criterion.coso for criterion in load_framework("tsc-2017").criteria if criterion.coso]
    assert sorted(principles) == list(range(1, 18))


def test_criteria_stand_in_the_order_of_the_table() -> None:
    with (FRAMEWORKS / "tsc-2017.csv").open(encoding="utf-8", newline="") as stream:
        ids = [row["id"] for row in csv.DictReader(stream)]
    assert [criterion.id for criterion in load_framework("tsc-2017").criteria] == ids


def test_a_criterion_has_its_series_and_its_own_words() -> None:
    criterion = load_framework("tsc-2017").criterion("CC6.1")
    assert criterion is not None
    assert (criterion.series, criterion.series_title) == ("CC6", "Logical and physical access")
    assert criterion.iri == "https://w3id.org/gapgraph/framework/tsc-2017/CC6.1"
    assert criterion.title
    assert criterion.note
    assert criterion.types == ("type1", "type2")


def test_criteria_of_some_categories() -> None:
    framework = load_framework("tsc-2017")
    found = framework.in_categories(["security", "availability"])
    assert [criterion.id for criterion in found[-3:]] == ["A1.1", "A1.2", "A1.3"]
    assert len(found) == 36
    with pytest.raises(UsageError, match="has no category 'speed'; it has security"):
        framework.in_categories(["speed"])


def test_only_the_ninth_description_criterion_is_for_type_ii_alone() -> None:
    criteria = load_framework("description-criteria").criteria
    assert [criterion.id for criterion in criteria] == [f"DC{number}" for number in range(1, 10)]
    assert [criterion.id for criterion in criteria if criterion.types == ("type2",)] == ["DC9"]


def test_every_shipped_framework_can_be_read() -> None:
    for id in framework_ids():
        framework = load_framework(id)
        assert framework.id == id
        assert framework.title
        ids = [criterion.id for criterion in framework.criteria]
        assert ids, f"{id} has no criteria"
        assert len(ids) == len(set(ids)), f"{id} names a criterion twice"


def test_an_unknown_framework_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UsageError, match=r"no framework 'soc-9'; known are .*tsc-2017"):
        load_framework("soc-9")


@pytest.mark.parametrize(
    ("written", "id"),
    [
        ("CC6.1", "CC6.1"),
        ("cc_6_1", "CC6.1"),
        ("CC 6.1", "CC6.1"),
        ("cc6.1", "CC6.1"),
        ("CC-6.1", "CC6.1"),
        ("cc_a_1_1", "A1.1"),
        ("cc_c_1_1", "C1.1"),
        ("cc_p_6_7", "P6.7"),
        ("pi_1_2", "PI1.2"),
        ("soc_2_cc_6_1", "CC6.1"),
        ("SOC2-CC6.1", "CC6.1"),
        ("SOC 2: CC6.1", "CC6.1"),
        ("TSC 2017 CC6.1", "CC6.1"),
        ("C1.1 ", "C1.1"),
        ("\tP1.1\n", "P1.1"),
        ("https://w3id.org/gapgraph/framework/tsc-2017/PI1.5", "PI1.5"),
    ],
)
def test_spellings_are_folded_in_silence(written: str, id: str) -> None:
    read = read_criterion_id(written)
    assert read is not None
    assert (read.id, read.notice) == (id, "")


@pytest.mark.parametrize(
    ("written", "id", "lost"),
    [
        ("PP1.1", "PI1.1", "no series PP"),
        ("CC6.1.1", "CC6.1", "point of focus"),
        ("cc1.1.a", "CC1.1", "point of focus"),
        ("CC6.1-POF3", "CC6.1", "point of focus"),
        ("PP1.1.2", "PI1.1", "no series PP; a point of focus"),
    ],
)
def test_what_is_lost_in_folding_is_said(written: str, id: str, lost: str) -> None:
    read = read_criterion_id(written)
    assert read is not None
    assert read.id == id
    assert lost in read.notice
    assert fold_criterion_id(written) == id


@pytest.mark.parametrize(
    "written",
    ["CC9.9", "P1.2", "CC8.2", "CC9.3", "P1.0", "CC6.10", "CC6", "", "1.1", "A.5.18", "PR.AC-1", "XCC6.1", "CC6.1x!"],
)
def test_what_is_no_criterion_is_not_folded(written: str) -> None:
    assert fold_criterion_id(written) is None


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("id,series\nCC1.1,CC1\n", encoding="utf-8")
    with pytest.raises(InputError, match="column 'category' is missing"):
        tsc_graph(table)


def test_a_table_with_an_unknown_category_is_refused(tmp_path: Path) -> None:
    text = (FRAMEWORKS / "tsc-2017.csv").read_text(encoding="utf-8").replace(",security,", ",safety,", 1)
    table = tmp_path / "table.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"table\.csv:2: there is no category 'safety'"):
        tsc_graph(table)


def test_a_graph_without_a_framework_is_refused() -> None:
    with pytest.raises(InputError, match="one gg:Framework is expected in the graph, 0 found"):
        framework_of(Graph())


def test_a_criterion_without_notation_is_refused() -> None:
    graph = tsc_graph(FRAMEWORKS / "tsc-2017.csv")
    graph.parse(data="<https://example.org/X1> a <https://w3id.org/gapgraph/ontology#Criterion> .", format="turtle")
    with pytest.raises(InputError, match=r"example.org/X1: the criterion has no skos:notation"):
        framework_of(graph)
