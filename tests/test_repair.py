"""Repairs: a small edit takes the result of every fail example away, and raises no other."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from gapgraph import repair
from gapgraph.edits import Edit, edits, statement
from gapgraph.errors import AssetError
from gapgraph.examples import files, known, whole
from gapgraph.mutation import Bench
from gapgraph.namespaces import curie

LATE, PASS = "ACC-04_fail-a-day-late", "ACC-04_pass"


@pytest.fixture(scope="module")
def late() -> Bench:
    """An access that was taken away a day late."""
    return _bench(LATE)


def _bench(example: str) -> Bench:
    (file,) = [f for f in files(example.partition("_")[0]) if f.stem == example]
    return Bench(file, whole().requirements[example.partition("_")[0]], known())


def _date(bench: Bench, subject: str, predicate: str) -> Triple:
    (found,) = [t for t in bench.facts if str(t.subject).endswith(f"{subject}>") and predicate in t.predicate.value]
    return found


def test_a_statement_is_written_as_in_turtle() -> None:
    found = statement('ex:d1 gg:removedOn "2026-03-20"^^xsd:date')
    assert found.subject == NamedNode("https://example.org/d1")
    assert found.predicate.value.endswith("#removedOn")


def test_a_statement_that_cannot_be_read_is_a_fault() -> None:
    with pytest.raises(AssetError, match="d1 gg:removedOn"):
        statement("d1 gg:removedOn")


def test_edits_that_follow_from_a_pass_example_come_first(late: Bench) -> None:
    first = next(edits(late.facts, [_bench(PASS).facts], late.moment.iri))
    assert {t.predicate.value.rpartition("#")[2] for t in (*first.remove, *first.add)} <= {"removedOn", "disabledOn"}


def test_an_edit_is_made_once_and_never_touches_what_the_engagement_asks(late: Bench) -> None:
    made = list(edits(late.facts, [], late.moment.iri))
    assert len({(e.remove, e.add) for e in made}) == len(made)
    assert not [t for e in made for t in (*e.remove, *e.add) if t.subject == late.moment.iri]


def test_the_earlier_day_repairs_what_was_late(late: Bench) -> None:
    (result,) = late.verdict()[0]
    before = _date(late, "/d1", "removedOn")
    gone = Edit((before,), ())
    assert not repair.repairs(late.verdict(), late.judge(gone.on(late.facts)), result, gone)
    on_time = statement('ex:d1 gg:removedOn "2026-03-20"^^xsd:date')
    account = statement('ex:ana-crm gg:disabledOn "2026-03-20"^^xsd:date')
    edit = Edit((before, _date(late, "/ana-crm", "disabledOn")), (on_time, account))
    assert repair.repairs(late.verdict(), late.judge(edit.on(late.facts)), result, edit)


def test_what_is_no_longer_judged_is_not_repaired(late: Bench) -> None:
    (result,) = late.verdict()[0]
    (revoked,) = [t for t in late.facts if t.predicate.value.endswith("#decision")]
    gone = Edit((revoked,), ())
    assert not repair.repairs(late.verdict(), late.judge(gone.on(late.facts)), result, gone)


def test_a_written_repair_names_statements_of_its_example(tmp_path: Path) -> None:
    file = tmp_path / "repairs.toml"
    file.write_text(f"[[repair]]\nexample = '{LATE}'\nremove = ['ex:d1 gg:removedOn ex:ana']\n")
    (written,) = repair.read(file)
    with pytest.raises(AssetError, match="states no"):
        repair.check(written, _bench(LATE).facts)


def test_written_repairs_are_of_fail_examples_that_exist() -> None:
    names = {f.stem for f in files() if "_fail" in f.stem}
    assert set(repair.written()) | set(repair.beyond()) <= names
    assert all(len(reason) > 10 for reason in repair.beyond().values())


def test_what_nothing_repairs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "edits", lambda *_: iter(()))
    monkeypatch.setattr(repair, "written", dict)
    found = repair.mend(_bench(LATE), LATE, [])
    results = sorted(_bench(LATE).verdict()[0])
    assert found.left == tuple(f"{LATE}: nothing repairs {curie(shape)} on {focus}" for shape, focus in results)
    assert results


@pytest.mark.slow
@pytest.mark.parametrize("id", list(whole().requirements))
def test_every_fail_example_is_repaired(id: str) -> None:
    found = repair.mend_requirement(id)
    assert [left for one in found for left in one.left] == []
    assert {one.example for one in found} == {f.stem for f in files(id) if "_fail" in f.stem}
