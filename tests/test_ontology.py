"""The ontology: quality queries, vocabulary, OWL 2 DL, and that it says what the engine's own words say."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from gapgraph import assets, doctor, vocabulary
from gapgraph.model import (
    Basis,
    DesignOutcome,
    GapKind,
    GapStatus,
    OperationOutcome,
    Outcome,
    Quadrant,
    Reason,
    ReportType,
    ResultSeverity,
)
from gapgraph.namespaces import GG
from gapgraph.turtle import canonical

QUERIES = doctor.qc_queries()


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return vocabulary.ontology_graph()


@pytest.fixture(scope="module")
def shipped() -> ox.Store:
    store = ox.Store()
    frameworks = assets.path("data", "frameworks").glob("*.ttl")
    for file in (*vocabulary.ontology_files(), *frameworks):
        store.load(path=str(file), format=ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize("query", QUERIES, ids=lambda file: file.stem)
def test_quality_query_finds_nothing_in_what_is_shipped(query: Path, shipped: ox.Store) -> None:
    rows = shipped.query(query.read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    assert [str(row[0]) for row in rows] == [], f"{query.name} finds faults"


@pytest.mark.parametrize("query", QUERIES, ids=lambda file: file.stem)
def test_quality_query_finds_the_fault_of_its_example(query: Path) -> None:
    example = query.parent / "examples" / f"{query.name.removesuffix('-violation.rq')}.ttl"
    store = ox.Store()
    store.load(path=str(example), format=ox.RdfFormat.TURTLE)
    rows = store.query(query.read_text(encoding="utf-8"))
    assert isinstance(rows, ox.QuerySolutions)
    assert list(rows), f"{query.name} does not find the fault in its own example"


def test_each_example_belongs_to_a_quality_query() -> None:
    examples = {file.stem for file in assets.path("ontology", "qc", "examples").glob("*.ttl")}
    assert examples == {query.name.removesuffix("-violation.rq") for query in QUERIES}


@pytest.mark.parametrize("query", QUERIES, ids=lambda file: file.stem)
def test_quality_query_says_what_it_finds_and_why(query: Path) -> None:
    head = query.read_text(encoding="utf-8").splitlines()[:2]
    assert head[0].startswith("# title: ")
    assert head[1].startswith("# why: ")


def test_every_term_is_defined_once_and_well() -> None:
    assert [f"{issue.term} {issue.problem} {issue.places[:2]}" for issue in vocabulary.issues()] == []


@pytest.mark.parametrize("file", vocabulary.ontology_files(), ids=lambda file: f"{file.parent.name}-{file.name}")
def test_file_is_in_canonical_form(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text == canonical(text, where=file)


def test_ontology_has_one_header_with_its_version(ontology: Graph) -> None:
    headers = list(ontology.subjects(RDF.type, OWL.Ontology))
    assert headers == [URIRef("https://w3id.org/gapgraph/ontology")]
    version = ontology.value(headers[0], OWL.versionInfo)
    assert ontology.value(headers[0], OWL.versionIRI) == URIRef(f"{headers[0]}/{version}")
    assert list(ontology.objects(headers[0], OWL.imports)) == []


def test_definitions_do_not_repeat_the_label(ontology: Graph) -> None:
    for term, label in ontology.subject_objects(SKOS.prefLabel):
        definition = str(ontology.value(term, SKOS.definition) or "")
        assert definition.lower().rstrip(".") not in {str(label).lower(), f"a {str(label).lower()}"}, term


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (DesignOutcome, "DesignOutcomes"),
        (OperationOutcome, "OperationOutcomes"),
        (Outcome, "Outcomes"),
        (Basis, "Bases"),
        (GapKind, "GapKinds"),
        (Reason, "Reasons"),
        (GapStatus, "GapStatuses"),
        (Quadrant, "Quadrants"),
        (ReportType, "ReportTypes"),
    ],
)
def test_scheme_has_the_words_of_the_model(words: type[StrEnum], scheme: str, ontology: Graph) -> None:
    concepts = ontology.subjects(SKOS.inScheme, GG[scheme])
    assert {str(ontology.value(concept, SKOS.notation)) for concept in concepts} == set(words)


def test_own_severities_are_the_words_of_the_model_beside_the_violation(ontology: Graph) -> None:
    concepts = ontology.subjects(SKOS.inScheme, GG.ResultSeverities)
    notations = {str(ontology.value(concept, SKOS.notation)) for concept in concepts}
    assert notations | {"violation"} == set(ResultSeverity)


def test_core_stays_small() -> None:
    core = Graph().parse(assets.path("ontology", "core.ttl"))
    assert 30 <= len(set(core.subjects(RDF.type, OWL.Class)) - set(core.subjects(OWL.members, None))) <= 45


def test_populations_are_items_of_one_of_three_kinds(ontology: Graph) -> None:
    kinds = {GG.StateItem, GG.EventItem, GG.Occurrence}
    for population in ontology.subjects(GG.perSubject, None):
        assert len(kinds & set(ontology.objects(population, RDFS.subClassOf))) == 1, population


@pytest.fixture
def _terms_afresh() -> Iterator[None]:
    """What a test makes of the places of terms is read for it alone, and forgotten after it."""
    vocabulary.terms_used.cache_clear()
    yield
    vocabulary.terms_used.cache_clear()


@pytest.mark.usefixtures("_terms_afresh")
def test_a_misspelt_term_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = tmp_path / "10-rule.rq"
    rule.write_text("CONSTRUCT { ?x a gg:Contrl } WHERE { ?x a gg:Control }", encoding="utf-8")
    monkeypatch.setattr(vocabulary, "_texts", lambda: iter([rule]))
    monkeypatch.setattr(vocabulary, "_shown", lambda file: file.name)
    found = vocabulary.issues()
    assert vocabulary.VocabularyIssue("gg:Contrl", "is used and not defined", ("10-rule.rq:1",)) in found
    assert not any(issue.term == "gg:Control" for issue in found)


@pytest.mark.usefixtures("_terms_afresh")
def test_a_term_defined_twice_or_badly_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a.ttl", tmp_path / "b.ttl"
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in (("gg", GG), ("owl", OWL), ("skos", SKOS)))
    first.write_text(f'{prefixes} gg:Thing a owl:Class ; skos:prefLabel "Thing"@en .', encoding="utf-8")
    second.write_text(f'{prefixes} gg:Thing a owl:Class ; skos:definition "A thing"@en .', encoding="utf-8")
    monkeypatch.setattr(vocabulary, "ontology_files", lambda: (first, second))
    monkeypatch.setattr(vocabulary, "_shown", lambda file: file.name)
    problems = {issue.problem for issue in vocabulary.issues() if issue.term == "gg:Thing"}
    assert "is defined in more than one file" in problems
    assert "has a definition that does not end with a full stop" in problems
