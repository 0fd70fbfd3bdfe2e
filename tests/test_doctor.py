"""The doctor: each check finds its fault, and finds none in what is shipped."""

from pathlib import Path

import pytest
from rdflib import Graph

from gapgraph import assets, doctor, reason
from gapgraph.doctor import Finding, Level
from gapgraph.namespaces import GG, PREFIXES
from tests.small_workspace import registers, write


def _faults(findings: list[Finding]) -> list[str]:
    return [f"{finding.message} ({finding.where})" for finding in findings if finding.level is Level.FAULT]


def _shapes(folder: Path, text: str) -> list[Finding]:
    file = folder / "shapes.ttl"
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    file.write_text(prefixes + text, encoding="utf-8")
    return list(doctor.shapes([file]))


def test_what_is_shipped_has_no_fault() -> None:
    findings = doctor.run(with_reasoner=False)
    assert _faults(findings) == []
    assert {finding.area for finding in findings} == {"environment", "ontology", "profile", "shapes"}


def test_the_reasoner_is_asked_or_its_absence_said() -> None:
    findings = list(doctor.reasoner())
    if reason.unavailable():
        assert [finding.level for finding in findings] == [Level.NOTE]
    else:
        assert [finding.level for finding in findings] == [Level.OK]


def test_a_reasoner_that_is_missing_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reason, "unavailable", lambda: "Java is not on the path")
    [finding] = doctor.reasoner()
    assert finding.level is Level.NOTE
    assert "Java is not on the path" in finding.message


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (reason.Reasoning(available=True, consistent=False), "the ontology contradicts itself"),
        (
            reason.Reasoning(available=True, consistent=True, unsatisfiable=(str(GG.Odd),)),
            "the class can have no member",
        ),
    ],
)
def test_what_the_reasoner_finds_is_a_fault(
    result: reason.Reasoning, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reason, "check", lambda: result)
    [finding] = doctor.reasoner()
    assert (finding.level, finding.message) == (Level.FAULT, message)


def test_a_missing_package_is_a_fault_if_needed_and_a_note_if_optional(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "_version", lambda package: "")
    levels = {finding.message.split()[0]: finding.level for finding in doctor.environment()}
    assert levels["rdflib"] is Level.FAULT
    assert levels["owlready2"] is Level.NOTE


def test_missing_java_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    [*_, last] = doctor.environment()
    assert (last.level, last.message) == (
        Level.NOTE,
        "Java is not on the path; the reasoner is not available",
    )


def test_java_that_does_not_start_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: str(tmp_path / "no-java"))
    [*_, last] = doctor.environment()
    assert last.level is Level.NOTE


def test_a_fault_in_an_ontology_is_found_by_its_query() -> None:
    example = assets.path("ontology", "qc", "examples", "subclass-cycle.ttl")
    found = list(doctor.ontology_quality([example]))
    assert "A class that is a subclass of itself through others (gg:A)" in _faults(found)
    assert any(finding.remedy == "See ontology/qc/subclass-cycle-violation.rq." for finding in found)


def test_a_property_of_two_kinds_is_outside_the_profile() -> None:
    graph = Graph().parse(assets.path("ontology", "qc", "examples", "term-of-two-kinds.ttl"))
    findings = list(doctor.dl_profile(graph))
    if findings[0].level is not Level.NOTE:
        assert "outside OWL 2 DL: punning (gg:has)" in _faults(findings)


def test_a_missing_profile_checker_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> None:
        raise ImportError

    monkeypatch.setattr(doctor, "_detector", absent)
    [finding] = doctor.dl_profile()
    assert finding.level is Level.NOTE


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ggs:a a sh:PropertyShape ; sh:path gg:owner ; sh:mincount 1 .", "sh:mincount is no term of SHACL"),
        (
            "ggs:a a sh:PropertyShape ; sh:path gg:owner ; sh:severity gg:Critical .",
            "ggs:a has the severity gg:Critical, which nobody counts",
        ),
        (
            "ggs:n a sh:NodeShape ; sh:property [ a sh:PropertyShape ; sh:path gg:owner ] .",
            "a property shape of ggs:n has no name",
        ),
        ("ggs:a a sh:PropertyShape ; sh:minCount 1 .", "ggs:a has no sh:path"),
        ("ggs:n a sh:NodeShape ; sh:property ggs:lost .", "sh:property leads to ggs:lost, which is no shape"),
        (
            "ggs:n a sh:NodeShape ; sh:property ggs:a . ggs:a a sh:PropertyShape ; sh:path gg:owner ; sh:minCount 1 .",
            "ggs:a has no gg:reason",
        ),
        (
            "ggs:n a sh:NodeShape ; sh:name 'one of two' ; sh:or ( [ sh:class gg:Person ] [ sh:class gg:Vendor ] ) .",
            "ggs:n has no gg:reason",
        ),
        (
            "ggs:n a sh:NodeShape ; sh:targetClass gg:CapacityReviewOccurence .",
            "ggs:n targets gg:CapacityReviewOccurence, which nothing produces",
        ),
        ("ggs:n a sh:NodeShape , gg:Requirement .", "ggs:n is a requirement without criteria"),
    ],
)
def test_a_fault_in_a_shape_is_found(text: str, fault: str, tmp_path: Path) -> None:
    found = _faults(_shapes(tmp_path, text))
    assert found == [f"{fault} ({tmp_path.name}/shapes.ttl)"]


def test_sound_shapes_have_no_fault(tmp_path: Path) -> None:
    text = """ggs:n a sh:NodeShape ; sh:targetClass gg:ControlDesignItem ; sh:property ggs:a .
    ggs:a a sh:PropertyShape ; sh:path gg:owner ; sh:minCount 1 ; sh:severity gg:Exception ;
        sh:or ( [ sh:class gg:Person ] [ sh:in ( gg:Keep ) ] ) ; gg:reason gg:Missing .
    ggs:m a sh:NodeShape ; sh:targetClass gg:MfaState ; sh:not [ sh:class gg:Person ] ; gg:reason gg:Missing ."""
    [finding] = _shapes(tmp_path, text)
    assert finding.level is Level.OK


def test_grace_that_outlasts_its_cadence_is_a_fault_of_the_workspace(tmp_path: Path) -> None:
    tables = registers(1)
    tables["controls"] = [
        f"{line},{cell}" for line, cell in zip(tables["controls"], ("grace_days", "400"), strict=True)
    ]
    [found] = [f for f in doctor.workspace(write(tmp_path, tables)) if "grace_days" in f.message]
    assert (found.level, found.where) == (Level.FAULT, "registers/controls.csv:2")
