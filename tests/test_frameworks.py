"""The shipped frameworks: what they hold, that they equal their tables, and how written ids are folded."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph

from gapgraph import assets
from gapgraph.errors import InputError, UsageError
from gapgraph.framework_tables import CATEGORIES, description_graph, listed, listed_graph, tsc_graph
from gapgraph.frameworks import (
    Criterion,
    fold_criterion_id,
    framework_ids,
    framework_of,
    load_framework,
    read_criterion_id,
)
from gapgraph.namespaces import GG
from gapgraph.turtle import canonical
from tests.shared_files import shared

FRAMEWORKS = assets.path("data", "frameworks")


MADE = [("tsc-2017", tsc_graph), ("description-criteria", description_graph)]
FACTS = {
    "iso-27001-2022": ("ids_iso27001_2022.csv", "id"),
    "iso-42001-2023": ("ids_iso42001_2023.csv", "id"),
    "hipaa-security-rule": ("ids_hipaa_security.csv", "citation"),
    "nist-csf-2.0": ("ids_nist_csf2.csv", "id"),
    "nist-800-53-r5": ("ids_nist_80053r5_base.csv", "id"),
    "nist-ai-rmf-1.0": ("ids_nist_ai_rmf.csv", "id"),
    "eu-ai-act": ("ids_eu_ai_act.csv", "article"),
    "gdpr": ("ids_gdpr_security.csv", "article"),
    "pci-dss-4.0": ("ids_pci_dss_4_0.csv", "id"),
}


@pytest.mark.parametrize(("name", "make"), [*MADE, *((name, listed_graph) for name in listed(FRAMEWORKS))])
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


def test_every_framework_is_made_from_a_table() -> None:
    assert set(framework_ids()) == {*(name for name, _ in MADE), *listed(FRAMEWORKS)}


@pytest.mark.parametrize("name", listed(FRAMEWORKS))
def test_a_framework_has_exactly_the_ids_of_the_facts(name: str) -> None:
    file, column = FACTS[name]
    with shared("facts", file).open(encoding="utf-8", newline="") as stream:
        facts = [row[column] for row in csv.DictReader(stream)]
    graph = Graph().parse(FRAMEWORKS / f"{name}.ttl", format="turtle")
    groups = set(graph.objects(None, SKOS.broader)) - {
        node for node in graph.subjects(GG.position, None) if str(graph.value(node, SKOS.notation)) in facts
    }
    notations = [str(graph.value(n, SKOS.notation)) for n in graph.subjects(RDF.type, SKOS.Concept) if n not in groups]
    assert sorted(notations) == sorted(facts)


def test_counts_of_other_frameworks() -> None:
    def counted(id: str, part: Callable[[Criterion], str]) -> dict[str, int]:
        return dict(Counter(part(c) for c in load_framework(id).criteria))

    annex = counted("iso-27001-2022", lambda c: c.series if c.id.startswith("A.") else "clauses")
    assert annex == {"clauses": 30, "A.5": 37, "A.6": 8, "A.7": 14, "A.8": 34}
    assert counted("iso-42001-2023", lambda c: "annex" if c.id.startswith("A.") else "clauses")["annex"] == 38
    functions = counted("nist-csf-2.0", lambda c: c.id[:2])
    assert functions == {"GV": 31, "ID": 21, "PR": 22, "DE": 11, "RS": 13, "RC": 8}
    assert counted("nist-ai-rmf-1.0", lambda c: c.series) == {"GOVERN": 19, "MAP": 18, "MEASURE": 22, "MANAGE": 13}
    assert len(load_framework("nist-800-53-r5").criteria) == 300
    assert len(load_framework("hipaa-security-rule").criteria) == 65
    assert len([c for c in load_framework("hipaa-security-rule").criteria if c.addressable]) == 22


def test_what_is_only_a_heading_or_withdrawn_is_no_criterion() -> None:
    pci = load_framework("pci-dss-4.0")
    assert pci.criterion("1.1") is None
    below = pci.criterion("1.1.1")
    assert below is not None
    assert below.series == "1.1"
    assert load_framework("nist-800-53-r5").criterion("AC-13") is None


def test_a_table_without_its_particulars_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lists.toml").write_text(
        '[known]\ntitle = "K"\nversion = "1"\nsource = "s"\ndefinition = "d"\ntext = "own"\n'
    )
    (tmp_path / "other.csv").write_text("id,title\n1,One\n")
    (tmp_path / "known.csv").write_text("id,series,title\n1,X,One\n")
    with pytest.raises(InputError, match="says nothing of other"):
        listed_graph(tmp_path / "other.csv")
    with pytest.raises(InputError, match="the series 'X' has no title"):
        listed_graph(tmp_path / "known.csv")


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
