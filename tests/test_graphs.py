"""Statements of graphs: what a register would refuse, a graph does not get past either."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from gapgraph.model import Assessment, Outcome
from gapgraph.run import assess
from gapgraph.sources import Loaded, read_workspace, terms
from gapgraph.sources.cells import Names
from gapgraph.sources.rdf import read_rdf
from gapgraph.sources.schema import registers
from tests import small_workspace

BASE = "https://example.org/x/"
NAMES = Names(BASE, frozenset({"soc2"}), frozenset({"ACC-01"}), {"revoke_days": "7d"}, "Europe/Berlin")
HEAD = f"""PREFIX gg: <https://w3id.org/gapgraph/ontology#>
PREFIX ggs: <https://w3id.org/gapgraph/shapes#>
PREFIX tsc: <https://w3id.org/gapgraph/framework/tsc-2017/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ex: <urn:ex:>
BASE <{BASE}>
"""
SYSTEM = '<systems/s1> a gg:System ; skos:prefLabel "S1" .\n'
ACCOUNT = """<accounts/a1> a gg:HumanAccount ; skos:prefLabel "a1" ; gg:onSystem <systems/s1> ;
  gg:createdOn "2024-01-01"^^xsd:date .
"""


def loaded(folder: Path, *texts: str, **tables: str) -> Loaded:
    (folder / "graphs").mkdir(exist_ok=True)
    (folder / "registers").mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / "graphs" / f"g{number}.ttl").write_text(HEAD + text, encoding="utf-8")
    for name, table in tables.items():
        (folder / "registers" / f"{name}.csv").write_text(table, encoding="utf-8")
    return read_workspace(folder, NAMES)


def said(found: Loaded) -> list[str]:
    assert all(p.path.startswith("graphs/") and p.row == 0 for p in found.problems)
    return [p.message for p in found.problems if not p.notice]


def values(found: Loaded, name: str) -> list[str]:
    return [
        t.object.value
        for t in found.triples
        if t.predicate.value == terms.GG + name and isinstance(t.object, NamedNode | Literal)
    ]


def test_a_good_graph_states_what_registers_would(tmp_path: Path) -> None:
    found = loaded(tmp_path, SYSTEM + ACCOUNT)
    assert said(found) == []
    (tmp_path / "csv").mkdir()
    other = loaded(
        tmp_path / "csv",
        systems="id,name\ns1,S1\n",
        accounts="id,system,name,kind,created_on\na1,s1,a1,human,2024-01-01\n",
    )
    assert set(found.triples) == set(other.triples)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<systems/s1> gg:ownr <people/ana> .", "systems/s1: gg:ownr is no property of gapgraph"),
        ("<systems/s1> a gg:Sistem .", "systems/s1: gg:Sistem is no class of gapgraph"),
        ("<systems/s1> <http://w3id.org/gapgraph/ontology#owner> <p> .", "ontology#owner is no property of gapgraph"),
        ("<systems/s1> gg:population gg:MfaState .", "gg:population is derived by gapgraph"),
        ("<i> a gg:MfaState .", "i: gg:MfaState is derived by gapgraph"),
        ("<systems/s1> a gg:InScopeSystem .", "gg:InScopeSystem is derived by gapgraph"),
        ("ex:Mine rdfs:subClassOf gg:MfaState .", "gg:MfaState is derived by gapgraph"),
        ("<r> a gg:Requirement .", "gg:Requirement is not for a workspace to state"),
        ("<systems/s1> gg:severity 5 .", "gg:severity is not for a workspace to state"),
        ("gg:MfaState gg:describedAs 'mine' .", "gg:MfaState: is a term of gapgraph"),
        ("ggs:ACC-01 rdfs:label 'mine' .", "ggs:ACC-01: is a term of gapgraph"),
        ('<accounts/a1> gg:disabledOn "2026-05-01" .', "gg:disabledOn: '2026-05-01' is no xsd:date"),
        ('<accounts/a1> gg:disabledOn "2026-02-30"^^xsd:date .', "gg:disabledOn: '2026-02-30' is not a day"),
        ('<accounts/a1> gg:disabledOn "01/05/2026"^^xsd:date .', "'01/05/2026' is not a date"),
        ('<accounts/a1> gg:disabledOn "yesterday"^^xsd:dateTime .', "'yesterday' is no xsd:dateTime"),
        ("<accounts/a1> gg:disabledOn <urn:x> .", "gg:disabledOn: takes a literal"),
        ("<accounts/a1> gg:privileged 'no' .", "gg:privileged: 'no' is no xsd:boolean"),
        ("<systems/s1> gg:recoveryPointHours 'four' .", "gg:recoveryPointHours: 'four' is no xsd:integer"),
        ("<systems/s1> gg:inScopeOf <engagement/soc9> .", "engagement/soc9 is not an engagement of gapgraph.toml"),
        ("<systems/s1> gg:inScopeOf 'none' .", "gg:inScopeOf: 'none' is a literal"),
        ("<systems/s1> gg:owner 'ana' .", "gg:owner: 'ana' is a literal"),
        ("<systems/s1> gg:owner <people/zoe> .", "gg:owner leads to people/zoe, which is not in people"),
        ("<systems/s1> gg:owner <systems/s1> .", "gg:owner leads to systems/s1, which is not in people"),
        ("<systems/s1> gg:scopeDecision gg:Perhaps .", "gg:Perhaps is not one of: gg:InScope, gg:OutOfScope"),
        ("<systems/s1> gg:disabledOn '2026-01-01'^^xsd:date .", "systems/s1: gg:disabledOn is not used of systems"),
        ("<accounts/a1> gg:disabledOn '2020-01-01'^^xsd:date .", "gg:disabledOn 2020-01-01 is before gg:createdOn"),
        ("<accounts/a1> gg:createdOn '2024-02-01'^^xsd:date .", "gg:createdOn is '2024-01-01' and '2024-02-01'"),
        ("<accounts/a1> a gg:ServiceAccount .", "is gg:HumanAccount and gg:ServiceAccount; keep one"),
        ("<x> gg:onSystem <systems/s1> .", "x: says nothing of what it is"),
        ("<accounts/a2> a gg:Account .", "accounts/a2: is none of gg:HumanAccount"),
        (
            "<accounts/a2> a gg:HumanAccount ; gg:onSystem <systems/s1> ; skos:prefLabel 'a' .",
            "accounts/a2: gg:createdOn is missing; a row of accounts needs it",
        ),
        (
            "<controls/c> a gg:Control ; skos:prefLabel 'c' ; gg:controlType gg:Nothing .",
            "controls/c: gg:controlType: gg:Nothing is not one of",
        ),
        ("ex:e gg:claimsCriterion tsc:CC99.1 .", "tsc:CC99.1 is not a criterion"),
        ("ex:e gg:addresses ggs:ZZZ-01 .", "ggs:ZZZ-01 is not a requirement"),
        ("ex:e gg:parameter 'leaver=1d' .", "no requirement reads the parameter 'leaver'"),
        ("ex:e gg:parameter 'revoke_days=7d; revoke_days=8d' .", "is stated twice"),
        ("ex:e gg:parameter ' ; ' .", "is not one parameter"),
        ("<controls/c> a gg:Control ; gg:parameter 'revoke_days=7', 'revoke_days=8d' .", "'revoke_days=7d' and 'revo"),
        ("ex:e gg:describedAs 'a\\u0007b' .", "control character"),
    ],
)
def test_a_statement_that_cannot_be_used_is_a_fault_and_the_rest_is_read(tmp_path: Path, text: str, words: str) -> None:
    found = loaded(tmp_path, SYSTEM + ACCOUNT + text)
    assert any(words in message for message in said(found)), said(found)
    assert all("\n" not in message for message in said(found))
    assert f"{BASE}systems/s1" in values(found, "onSystem")


def test_one_slip_is_one_fault(tmp_path: Path) -> None:
    text = ACCOUNT.replace('"2024-01-01"^^xsd:date', '"2024-01-01"')
    assert len(said(loaded(tmp_path, SYSTEM + text))) == 1


@pytest.mark.parametrize(
    ("literal", "day"),
    [
        ('"2026-05-01"^^xsd:date', "2026-05-01"),
        ('"2026-05-01Z"^^xsd:date', "2026-05-01"),
        ('"2026-05-01+02:00"^^xsd:date', "2026-05-01"),
        ('"2026-05-01T23:30:00Z"^^xsd:dateTime', "2026-05-02"),
        ('"2026-05-01T23:30:00"^^xsd:dateTime', "2026-05-01"),
        ('"2026-05-01T23:30:00.5+02:00"^^xsd:dateTime', "2026-05-01"),
    ],
)
def test_days_and_instants_are_stated_as_days_of_the_workspace(tmp_path: Path, literal: str, day: str) -> None:
    found = loaded(tmp_path, SYSTEM + ACCOUNT + f"<accounts/a1> gg:disabledOn {literal} .")
    assert said(found) == []
    assert values(found, "disabledOn") == [day]


def test_numbers_and_truth_are_stated_as_registers_do(tmp_path: Path) -> None:
    text = "<systems/s1> gg:critical '1'^^xsd:boolean ; gg:recoveryPointHours 04 ."
    project = (
        "<annotation_projects/p> a gg:AnnotationProject ; skos:prefLabel 'p' ; gg:onSystem <systems/s1> ; "
        "gg:secondReviewPercent 5.0e0 ; gg:agreementPercent 7 ."
    )
    found = loaded(tmp_path, SYSTEM + text + project)
    assert said(found) == []
    assert values(found, "critical") == ["true"]
    assert values(found, "recoveryPointHours") == ["4"]
    assert values(found, "secondReviewPercent") in (["5"], ["5.0"])
    assert values(found, "agreementPercent") == ["7"]


def test_a_limit_in_a_graph_is_read_as_one_in_a_register(tmp_path: Path) -> None:
    control = "<controls/c> a gg:Control ; skos:prefLabel 'c' ; gg:controlType gg:AccessReviewControl ; "
    assert values(loaded(tmp_path, control + "gg:parameter 'revoke_days=7' ."), "parameter") == ["revoke_days=7d"]


@pytest.mark.parametrize(
    "text",
    [
        "<systems/s2> a gg:InferenceEndpoint ; skos:prefLabel 'S2' .",
        "<systems/s2> a gg:AiAgent ; skos:prefLabel 'S2' .",
        "<systems/s2> a ex:Box ; skos:prefLabel 'S2' . ex:Box rdfs:subClassOf ex:Machine . "
        "ex:Machine rdfs:subClassOf gg:InfrastructureSystem .",
    ],
)
def test_a_narrower_class_is_a_row_of_its_register_too(tmp_path: Path, text: str) -> None:
    found = loaded(tmp_path, text)
    assert said(found) == []
    types = {t.object.value for t in found.triples if t.subject == NamedNode(f"{BASE}systems/s2")}  # type: ignore[union-attr]
    assert terms.GG + "System" in types


def test_a_record_may_be_spread_over_files(tmp_path: Path) -> None:
    first = "<accounts/a1> a gg:HumanAccount ; skos:prefLabel 'a1' ."
    second = "<accounts/a1> gg:onSystem <systems/s1> ; gg:createdOn '2024-01-01'^^xsd:date ."
    assert said(loaded(tmp_path, first, second, systems="id,name\ns1,S1\n")) == []


def test_a_graph_that_contradicts_a_register_is_a_fault(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        "<accounts/a1> gg:disabledOn '2026-05-01'^^xsd:date ; gg:owner <people/ana> .",
        people="id,name,started_on\nana,Ana,2020-01-01\nben,Ben,2020-01-01\n",
        systems="id,name\ns1,S1\n",
        accounts="id,system,name,kind,owner,created_on,disabled_on\na1,s1,a1,human,ben,2024-01-01,2026-12-01\n",
    )
    owner, disabled = sorted(said(found), reverse=True)
    assert "gg:disabledOn is '2026-05-01' and '2026-12-01' (graphs/g0.ttl, registers/accounts.csv)" in disabled
    assert "gg:owner is" in owner


def test_findings_may_be_stated_in_a_graph(tmp_path: Path) -> None:
    text = """<findings/1> a gg:ScannerFinding ; gg:checkId "x" ; gg:findingStatus gg:Failed ; gg:resourceId "r" ;
      gg:capturedOn "2026-05-01"^^xsd:date ; gg:source "a scan" ; gg:setting gg:BackupSetting ;
      gg:settingValue "none" ."""
    assert said(loaded(tmp_path, text)) == []
    bad = loaded(tmp_path, text.replace("gg:Failed", "gg:Broken"))
    (fault,) = [p for p in bad.problems if not p.notice]
    assert "gg:Broken is not one of: gg:Passed" in fault.message
    assert fault.register == "captures"
    assert terms.GG + "BackupSetting" in fault.narrowing


def test_every_property_that_a_register_states_can_be_stated_and_no_derived_one() -> None:
    for register in registers().values():
        assert not terms.why_not_class(register.cls)
        for column in register.columns.values():
            if column.property.startswith(terms.GG):
                assert not terms.why_not_property(column.property)
    ontology = terms.ontology()
    for iri, file in (*ontology.properties.items(), *ontology.classes.items()):
        if file in {"derived", "populations"}:
            assert terms.why_not_property(iri)
            assert terms.why_not_class(iri)
    inside = [iri for iri in ontology.classes if iri.removeprefix(terms.GG).startswith("InScope")]
    assert len(inside) > 20
    assert all("is derived by gapgraph" in terms.why_not_class(iri) for iri in inside)


@settings(max_examples=200)
@given(st.text(max_size=30), st.sampled_from(["date", "dateTime", "integer", "decimal", "double", "boolean", "string"]))
def test_any_literal_gives_a_value_or_a_sentence(text: str, datatype: str) -> None:
    literal = Literal(text, datatype=NamedNode(f"http://www.w3.org/2001/XMLSchema#{datatype}"))
    for register in terms.records().values():
        for column in register.columns.values():
            if column.property.startswith(terms.GG):
                batch = read_rdf(f"<urn:s> <{column.property}> {literal} .".encode(), "graphs/a.nt", NAMES)
                assert len(batch.triples) + len(batch.problems) == 1


def outcome(found: Assessment, id: str) -> Outcome:
    return next(r.outcome for r in found.requirements if (r.engagement, r.id) == ("t2", id))


@pytest.mark.parametrize(
    ("text", "reached", "spared"),
    [
        ("<accounts/s1-a> gg:disabledAt '2026-05-01'^^xsd:date .", {"ACC-01", "ACC-09"}, {"POL-01", "VND-01"}),
        ("<accounts/s1-a> gg:disabledOn 'May' .", {"ACC-01", "ACC-09"}, {"POL-01", "VND-01"}),
        ("<systems/s1> a gg:InScopeSystem .", {"ACC-01", "EVD-01"}, {"POL-01"}),
        ("<i/1> gg:population gg:MfaState .", {"ACC-01", "POL-01", "VND-01"}, set()),
    ],
)
def test_what_a_bad_statement_could_touch_gets_no_conclusion(
    tmp_path: Path, text: str, reached: set[str], spared: set[str]
) -> None:
    folder = small_workspace.write(tmp_path, small_workspace.registers(1))
    assert outcome(assess(folder), "ACC-01") is Outcome.MET
    (folder / "graphs").mkdir()
    head = HEAD.replace(BASE, "https://example.org/test/")
    (folder / "graphs" / "more.ttl").write_text(head + text, encoding="utf-8")
    found = assess(folder)
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert fault.path == "graphs/more.ttl"
    assert reached <= set(fault.touches)
    assert not spared & set(fault.touches)
    assert outcome(found, "ACC-01") is Outcome.NO_CONCLUSION


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('{"@id": "urn:a", "urn:b": 1, "name": "A"}', ["name"]),
        ('{"@context": {"gg": "https://w3id.org/gapgraph/ontology#"}, "@id": "urn:a", "gg:x": 1, "gx:y": 1}', ["gx:y"]),
        ('{"@context": {"name": "urn:name"}, "@graph": [{"@id": "urn:a", "name": "A", "nam": "B"}]}', ["nam"]),
        ('{"@context": {"note": null, "b": "urn:b"}, "@id": "urn:a", "note": "ours", "b": {"@value": 1}}', []),
        ('{"@context": {"@vocab": "urn:v:"}, "@id": "urn:a", "anything": 1}', []),
        ('{"@context": {"l": {"@id": "urn:l", "@container": "@language"}}, "@id": "urn:a", "l": {"en": "x"}}', []),
        ('{"@context": {"j": {"@id": "urn:j", "@type": "@json"}}, "@id": "urn:a", "j": {"any": {"thing": 1}}}', []),
        ('{"@id": "urn:a", "urn:b": {"@type": "@json", "@value": {"any": 1}}}', []),
        ('[{"@context": [{"b": "urn:b"}], "@id": "urn:a", "b": {"@id": "urn:c", "d": 1}}]', ["d"]),
    ],
)
def test_keys_of_json_without_a_meaning_are_faults(tmp_path: Path, text: str, keys: list[str]) -> None:
    (tmp_path / "graphs").mkdir()
    (tmp_path / "graphs" / "a.jsonld").write_text(text, encoding="utf-8")
    found = read_workspace(tmp_path, NAMES)
    named = [p.message.split("'")[1] for p in found.problems if "has no meaning in @context" in p.message]
    assert named == keys


def test_a_slip_in_json_is_a_fault_as_one_in_turtle_is(tmp_path: Path) -> None:
    (tmp_path / "graphs").mkdir()
    text = """{"@context": {"gg": "https://w3id.org/gapgraph/ontology#"}, "@id": "systems/s1", "@type": "gg:System",
      "http://www.w3.org/2004/02/skos/core#prefLabel": "S1", "gg:critical": "yes", "gg:ownr": "ana"}"""
    (tmp_path / "graphs" / "a.jsonld").write_text(text, encoding="utf-8")
    critical, owner = sorted(said(read_workspace(tmp_path, NAMES)))
    assert "gg:critical: 'yes' is no xsd:boolean" in critical
    assert "gg:ownr is no property of gapgraph" in owner
