"""Test methods: what the evidence at hand allows for each requirement, and that inquiry alone never suffices."""

from datetime import date
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from gapgraph.assess.methods import INQUIRY_ALONE, METHODS, MethodsAtHand
from gapgraph.derive.facts import Moment, evidence_facts, gg
from gapgraph.examples import whole
from gapgraph.graph import background
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import PREFIXES
from gapgraph.output.markdown import to_markdown
from gapgraph.output.wording import method_words, methods_counted
from gapgraph.run import assess
from gapgraph.sources.schema import choices
from tests.small_workspace import registers, write

CONTROL, ACC_01, ACC_02 = (f"https://example.org/{name}" for name in ("control", "ACC-01", "ACC-02"))


def _at_hand(statements: str, type: ReportType = ReportType.TYPE_II) -> MethodsAtHand:
    """The methods at hand of one piece of evidence of a control, engaged for the year 2026."""
    facts = background(whole())
    head = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    text = f"{head} <{CONTROL}#e> a gg:Evidence ; gg:supports <{CONTROL}> ; {statements} ."
    facts.add(parse(text.encode(), format=RdfFormat.TURTLE))
    year = Period(date(2026, 1, 1), date(2027, 1, 1))
    moment = Moment(NamedNode(f"{CONTROL}#t"), NamedNode(f"{CONTROL}#o"), type, year, year.end)
    facts.add(list(evidence_facts(facts)))
    return MethodsAtHand.of(facts, moment)


def test_every_kind_of_evidence_allows_a_method() -> None:
    facts = background(whole())
    kinds = choices("evidence_kind").values()
    named = {kind: facts.objects(NamedNode(kind), gg("allowsMethod")) for kind in kinds}
    names = {kind: {m.value.rpartition("#")[2].lower() for m in methods} for kind, methods in named.items()}
    assert all(found and found <= set(METHODS) for found in names.values()), names
    inquiry = {kind.rpartition("#")[2] for kind, found in names.items() if found == {"inquiry"}}
    assert inquiry == {"AttestationEvidence", "InterviewEvidence"}


def test_evidence_that_names_a_requirement_speaks_for_no_other() -> None:
    taken = 'gg:evidenceKind gg:RecordEvidence ; gg:capturedOn "2026-03-11"^^xsd:date'
    assert _at_hand(taken).methods(ACC_01, [CONTROL], set()) == ("inspection",)
    assert _at_hand(taken).methods(ACC_01, ["https://example.org/other"], set()) == ()
    named = _at_hand(f"{taken} ; gg:evidencesRequirement <{ACC_02}>")
    assert named.methods(ACC_02, [], set()) == ("inspection",)
    assert named.methods(ACC_01, [CONTROL], set()) == ()


def test_what_items_rest_on_is_at_hand() -> None:
    taken = 'gg:evidenceKind gg:ObservationEvidence ; gg:capturedOn "2026-03-11"^^xsd:date'
    assert _at_hand(taken).methods(ACC_01, [], {f"{CONTROL}#e", CONTROL}) == ("observation",)


@pytest.mark.parametrize(
    ("dates", "type2", "type1"),
    [
        ({"eventOn": "2026-03-10", "capturedOn": "2026-03-11"}, True, True),
        ({"eventOn": "2025-12-31", "capturedOn": "2026-03-11"}, False, True),
        ({"coversFrom": "2025-01-01", "coversUntil": "2026-01-01", "capturedOn": "2026-03-11"}, False, True),
        ({"coversFrom": "2025-01-01", "coversUntil": "2026-01-02", "capturedOn": "2026-03-11"}, True, True),
        ({"capturedOn": "2025-03-11"}, True, True),
        ({"capturedOn": "2027-01-01"}, False, False),
        ({"eventOn": "2026-03-10"}, False, False),
    ],
)
def test_evidence_of_another_time_is_not_at_hand(dates: dict[str, str], type2: bool, type1: bool) -> None:
    stated = " ; ".join(f'gg:{name} "{day}"^^xsd:date' for name, day in dates.items())
    for type, expected in ((ReportType.TYPE_II, type2), (ReportType.TYPE_I, type1)):
        found = _at_hand(f"gg:evidenceKind gg:RecordEvidence ; {stated}", type).methods(ACC_01, [CONTROL], set())
        assert bool(found) is expected


def test_an_assessment_shows_what_is_at_hand_and_inquiry_alone_does_not_suffice(tmp_path: Path) -> None:
    head = "id,title,kind,control,requirements,event_date,covers_from,covers_until,captured_on,captured_by,source"
    rows = [
        "e1,Statement,attestation,uar,,2026-03-10,,,2026-03-11,ana,letter",
        "e2,Watched,observation,uar,ACC-02,2026-06-10,,,2026-06-10,ben,desk",
    ]
    found = assess(write(tmp_path, {**registers(1), "evidence": [head, *rows]}), engagement="t2")
    by_id = {r.id: r for r in found.requirements}
    assert by_id["ACC-01"].methods_available == ("inquiry",)
    assert INQUIRY_ALONE in by_id["ACC-01"].reasons
    assert by_id["ACC-02"].methods_available == ("inquiry", "observation")
    assert by_id["ACC-08"].methods_available == ()
    assert "inquiry alone" in to_markdown(found)


def test_the_line_says_what_suits_and_what_is_at_hand() -> None:
    assert method_words(("inspection",), ("inquiry", "inspection")) == "suited inspection; at hand inquiry, inspection"
    assert method_words(("inspection",), ()) == "suited inspection; at hand none"
    assert method_words(("reperformance",), ("inquiry",)) == "suited reperformance; at hand inquiry alone"


def test_the_methods_of_all_requirements_are_counted_and_inquiry_alone_is_named() -> None:
    given = [("ACC-01", ("inspection",)), ("ACC-02", ("inspection",)), ("ACC-03", ("inquiry",)), ("ACC-04", ())]
    assert methods_counted(given) == "inspection 2; inquiry alone 1 (ACC-03); none 1"
