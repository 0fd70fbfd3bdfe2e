"""Mutants: the operators make what they say, equivalents are narrow, and no mutant of a pass example survives."""

from collections import Counter

import pytest
from pyoxigraph import NamedNode

from gapgraph import mutation
from gapgraph.examples import known, whole
from gapgraph.mutation import Bench, Equivalent, Mutant, equivalents, examine, mutants, pass_examples
from gapgraph.namespaces import PREFIXES

GG = PREFIXES["gg"]


@pytest.fixture(scope="module")
def bench() -> Bench:
    """The pass example of a requirement with dates, references, numbers and enumerated values."""
    ((requirement, file),) = pass_examples(("POL-25",))
    return Bench(file, requirement, known())


def test_each_statement_is_left_out_once(bench: Bench) -> None:
    made = list(mutants(bench, "POL-25", "POL-25_pass", bench.verdict()))
    asked = [t for t in bench.facts if t.subject != bench.moment.iri]
    deleted = Counter(m.statement for m in made if m.operator == "delete")
    assert deleted == Counter(asked)


def test_operators_change_what_they_name(bench: Bench) -> None:
    made = list(mutants(bench, "POL-25", "POL-25_pass", bench.verdict()))
    assert {m.operator for m in made} == {"delete", "shift", "swap", "change"}
    for mutant in made:
        if mutant.replacement is None:
            assert mutant.operator == "delete"
            continue
        before, after = mutant.statement, mutant.replacement
        assert (before.subject, before.predicate) == (after.subject, after.predicate)
        assert before.object != after.object


def test_a_verdict_leaves_what_is_known_as_it_was(bench: Bench) -> None:
    size = len(known())
    bench.verdict(bench.facts[0])
    assert len(known()) == size


def test_a_mutant_that_nobody_lists_survives(monkeypatch: pytest.MonkeyPatch) -> None:
    ((requirement, file),) = pass_examples(("POL-25",))
    assert examine(file, requirement, known()).survivors == ()
    monkeypatch.setattr(mutation.Bench, "verdict", lambda *_: (frozenset(), frozenset()))
    blind = examine(file, requirement, known())
    assert blind.killed == 0
    assert blind.survivors


def test_an_equivalent_fits_what_it_names_and_nothing_else(bench: Bench) -> None:
    one = next(m for m in mutants(bench, "POL-25", "x", bench.verdict()) if m.operator == "swap")
    term = str(one.statement.predicate.value).replace(GG, "gg:")
    classes = frozenset({"gg:PolicyStatement"})
    assert Equivalent("why", operators=("swap",), predicates=(term,)).fits(one, classes)
    assert not Equivalent("why", operators=("delete",), predicates=(term,)).fits(one, classes)
    assert not Equivalent("why", predicates=("gg:owner",)).fits(one, classes)
    assert not Equivalent("why", subjects=("gg:Control",)).fits(one, classes)
    assert not Equivalent("why", requirements=("ACC-01",)).fits(one, classes)
    assert isinstance(one, Mutant)
    assert isinstance(one.statement.object, NamedNode)


def test_every_equivalent_has_a_reason_and_names_something() -> None:
    for one in equivalents():
        assert len(one.reason) > 10
        assert one.predicates or one.objects or one.requirements, one.reason


@pytest.mark.slow
@pytest.mark.parametrize("id", list(whole().requirements))
def test_no_mutant_survives(id: str) -> None:
    found = mutation.examine_requirement(id)
    assert [str(m) for m in found.survivors] == []
    assert found.killed, "no pass example, or none of its statements bears on the verdict"
