"""The reasoner: what it finds, how it fails politely, and why it never decides a gap."""

import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, Graph, Namespace, URIRef

from gapgraph import reason
from gapgraph.namespaces import GG, TSC

EX = Namespace("https://example.org/")
XSD_IRI = "http://www.w3.org/2001/XMLSchema#"
DECISION = Path(__file__).resolve().parents[1] / "docs" / "decisions" / "0003-open-world.md"

needs_reasoner = pytest.mark.skipif(bool(reason.unavailable()), reason=reason.unavailable() or "available")


def _example() -> tuple[Graph, Graph]:
    """The data and the shapes of the decision, exactly as they stand there."""
    blocks = re.findall(r"```turtle\n(.*?)```", DECISION.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    data, shapes = (Graph().parse(data=block, format="turtle") for block in blocks)
    return data, shapes


def _data(text: str) -> Graph:
    prefixes = f"@prefix gg: <{GG}> . @prefix ex: <{EX}> . @prefix tsc: <{TSC}> . @prefix xsd: <{XSD_IRI}> ."
    return Graph().parse(data=f"{prefixes}\n{text}", format="turtle")


@needs_reasoner
def test_open_world_takes_an_obligation_for_an_assurance() -> None:
    data, _ = _example()
    result = reason.reason(data, (EX.Evidenced, EX.Unevidenced))
    assert result.consistent is True
    assert (EX.mfa, RDF.type, EX.Evidenced) in result.inferred
    assert (EX.mfa, RDF.type, EX.Unevidenced) not in result.inferred


@needs_reasoner
def test_open_world_knows_nothing_of_what_is_not_stated() -> None:
    data, _ = _example()
    data.remove((GG.Control, RDFS.subClassOf, None))
    result = reason.reason(data, (EX.Evidenced, EX.Unevidenced))
    members = set(result.inferred.subject_objects(RDF.type))
    assert members == {(EX.backup, EX.Evidenced)}


@needs_reasoner
def test_open_world_counts_only_what_is_declared_different(monkeypatch: pytest.MonkeyPatch) -> None:
    data, _ = _example()
    data += Graph().parse(
        data=f"""@prefix gg: <{GG}> . @prefix ex: <{EX}> . @prefix owl: <{OWL}> .
        @prefix xsd: <{XSD_IRI}> .
        ex:Twice a owl:Class ; owl:equivalentClass [ a owl:Restriction ; owl:onProperty gg:evidencedBy ;
            owl:minCardinality "2"^^xsd:nonNegativeInteger ] .""",
        format="turtle",
    )
    told = reason.reason(data, (EX.Twice,))
    assert set(told.inferred.subjects()) == {EX.backup}
    monkeypatch.setattr(reason, "_declare_different", lambda graph: None)
    untold = reason.reason(data, (EX.Twice,))
    assert set(untold.inferred.subjects()) == set()


def test_closed_world_reports_the_gap() -> None:
    data, shapes = _example()
    conforms, report, _ = validate(data, shacl_graph=shapes)
    assert not conforms
    assert isinstance(report, Graph)
    assert list(report.objects(None, SH.focusNode)) == [EX.mfa]


@needs_reasoner
def test_ontology_is_consistent_and_every_class_can_have_members() -> None:
    result = reason.check()
    assert (result.available, result.consistent, result.unsatisfiable) == (True, True, ())


@needs_reasoner
def test_a_class_under_two_disjoint_classes_is_unsatisfiable() -> None:
    text = f"""@prefix gg: <{GG}> . @prefix ex: <{EX}> . @prefix owl: <{OWL}> . @prefix rdfs: <{RDFS}> .
    ex:Odd a owl:Class ; rdfs:subClassOf gg:Control, gg:Evidence .
    gg:Control a owl:Class ; owl:disjointWith gg:Evidence . gg:Evidence a owl:Class ."""
    result = reason.reason(Graph().parse(data=text, format="turtle"), ())
    assert result.unsatisfiable == (str(EX.Odd),)


@needs_reasoner
def test_the_part_that_contradicts_the_ontology_is_named() -> None:
    good = _data("ex:mfa a gg:Control .")
    bad = _data("ex:export a gg:Control, gg:Evidence .")
    result = reason.check({"controls": good, "evidence": bad})
    assert (result.consistent, result.contradicting) == (False, ("evidence",))


@needs_reasoner
def test_parts_can_contradict_only_together() -> None:
    result = reason.check({"a": _data("ex:x a gg:Control ."), "b": _data("ex:x a gg:Evidence .")})
    assert (result.consistent, result.contradicting) == (False, ())


@needs_reasoner
def test_things_are_sorted_into_defined_classes() -> None:
    data = _data(
        """
        ex:r1 a gg:Requirement ; gg:assesses tsc:CC6.1, tsc:CC6.3 ; gg:addressedByControlType ex:Type .
        ex:r2 a gg:Requirement ; gg:assesses tsc:CC6.2 .
        ex:shared a gg:Control ; gg:controlType ex:Type .
        ex:single a gg:Control ; gg:addresses ex:r2 .
        ex:hosted a gg:Control ; gg:automated true ; gg:appliesTo ex:cloud .
        ex:manual a gg:Control ; gg:automated false ; gg:appliesTo ex:cloud .
        ex:cloud a gg:System ; gg:operatedBy ex:vendor . ex:vendor a gg:Vendor .
        ex:host a gg:InfrastructureSystem . ex:crm a gg:Application .
        ex:model a gg:ModelVersion ; gg:servedBy ex:host ;
            gg:deployedOn "2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date> .
        """
    )
    result = reason.classify(data + reason.addressed_criteria(data))
    assert result.inferred.identifier == reason.CLASSIFIED
    assert set(result.inferred.subject_objects(RDF.type)) == {
        (EX.shared, GG.SharedControl),
        (EX.hosted, GG.VendorOperatedControl),
        (EX.host, GG.AiSystem),
    }


def test_criteria_are_reached_by_type_and_by_own_word() -> None:
    data = _data(
        """
        ex:r1 gg:assesses tsc:CC6.1 ; gg:addressedByControlType ex:Type . ex:r2 gg:assesses tsc:CC6.2 .
        ex:c gg:controlType ex:Type ; gg:addresses ex:r2 .
        """
    )
    found = reason.addressed_criteria(data)
    assert set(found.objects(URIRef(EX.c), GG.addressesCriterion)) == {TSC["CC6.1"], TSC["CC6.2"]}


@pytest.mark.parametrize("missing", ["java", "owlready2"])
def test_what_is_missing_is_a_result(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if missing == "java":
        monkeypatch.setattr("shutil.which", lambda name: None)
    else:
        monkeypatch.setattr(reason, "_owlready", lambda: None)
    for result in (reason.check(), reason.classify(Graph()), reason.reason(Graph(), ())):
        assert not result.available
        assert result.consistent is None
        if missing == "owlready2" or not reason.unavailable().startswith("owlready2"):
            assert missing in result.problem.lower()


@needs_reasoner
def test_a_reasoner_that_does_not_start_is_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    import owlready2

    def fails(*args: object, **kwargs: object) -> None:
        raise owlready2.OwlReadyJavaError("no memory\nat line 7")

    monkeypatch.setattr(owlready2, "sync_reasoner_hermit", fails)
    result = reason.reason(Graph(), ())
    assert (result.available, result.problem) == (False, "the reasoner did not finish: no memory")
