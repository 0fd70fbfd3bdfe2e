"""Requirements and their examples: one shape, one pass example, at least one fail example, and nothing else raised."""

from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SH, URIRef

from gapgraph.examples import expectation, files, run
from gapgraph.namespaces import GG, GGS
from gapgraph.profile import Requirement, load_profile
from gapgraph.validate import VALIDATORS

PROFILE = load_profile("soc2-ai")
REQUIREMENTS = PROFILE.requirements
EXAMPLES = [(id, file) for id in REQUIREMENTS for file in files(id)]
COUNTS = {
    "ACC": 19,
    "AI": 33,
    "AST": 5,
    "AVL": 9,
    "CHG": 9,
    "CNF": 9,
    "EVD": 17,
    "GOV": 6,
    "HR": 10,
    "INC": 6,
    "LOG": 6,
    "PHY": 1,
    "PIN": 5,
    "POL": 23,
    "PRV": 8,
    "RSK": 8,
    "SCP": 9,
    "VND": 11,
    "VUL": 6,
}


def test_there_are_as_many_requirements_in_each_group_as_the_table_has() -> None:
    assert Counter(id.partition("-")[0] for id in PROFILE.requirements) == COUNTS
    assert sum(COUNTS.values()) == 200


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=list(REQUIREMENTS))
def test_each_requirement_has_a_pass_and_a_fail_example(requirement: Requirement) -> None:
    names = [f.stem for f in files(requirement.info.id)]
    assert any("_pass" in n for n in names)
    assert any("_fail" in n for n in names)


@pytest.mark.parametrize(("id", "file"), EXAMPLES, ids=[f.stem for _, f in EXAMPLES])
def test_an_example_raises_exactly_what_its_note_says(id: str, file: Path) -> None:
    found = run(file, REQUIREMENTS[id])
    assert found.population, "the example has no item of the requirement's population"
    assert found.raised == found.expected
    assert bool(found.expected) == ("_fail" in file.stem)


def test_every_check_of_every_requirement_is_raised_by_some_example() -> None:
    raised = {
        shape for _, file in EXAMPLES for shape, _ in expectation(file.read_text(encoding="utf-8").replace('\\"', '"'))
    }
    bare = {
        shape.removeprefix(str(GGS))
        for r in REQUIREMENTS.values()
        for part in r.parts
        for shape in part.checks
        if (URIRef(shape), RDF.type, SH.PropertyShape) in PROFILE.shapes and shape.startswith(f"{r.info.iri}-")
    }
    guards = {shape for shape in bare if shape.endswith("-limit")}
    assert bare - raised - guards == set(), "only a guard against a profile without a default may go unraised"


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=list(REQUIREMENTS))
def test_control_types_are_those_that_produce_its_populations(requirement: Requirement) -> None:
    from pyoxigraph import NamedNode

    from gapgraph.derive.facts import gg
    from gapgraph.graph import background

    facts = background(PROFILE)
    produced = {t.value for p in requirement.info.populations for t in facts.objects(NamedNode(p), gg("producedBy"))}
    assert produced == set(requirement.info.control_types)


def test_a_part_names_a_requirement() -> None:
    for part, whole in PROFILE.shapes.subject_objects(GG.partOf):
        assert (whole, RDF.type, GG.Requirement) in PROFILE.shapes, part


def test_no_requirement_uses_sparql_and_no_threshold_stands_in_a_shape() -> None:
    assert list(PROFILE.shapes.subjects(SH.sparql, None)) == []
    for predicate in (SH.minInclusive, SH.maxInclusive, SH.minExclusive, SH.maxExclusive):
        assert [v for v in PROFILE.shapes.objects(None, predicate) if str(v) != "0"] == [], predicate


@pytest.mark.parametrize("name", VALIDATORS)
def test_a_validator_says_that_a_broken_shape_cannot_be_checked(name: str) -> None:
    from rdflib import Graph

    from gapgraph.errors import GapgraphError
    from gapgraph.shacl import Columns

    broken = Graph().parse(
        data="@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetNode <urn:x> ; "
        "sh:property [ sh:path <urn:p> ; sh:minCount 'many' ] .",
        format="turtle",
    )
    with pytest.raises(GapgraphError):
        VALIDATORS[name]().validate(Columns.of([]), broken)


def test_titles_are_not_empty_and_ids_unique() -> None:
    titles = [r.info.title for r in REQUIREMENTS.values()]
    assert len(set(titles)) == len(titles)
