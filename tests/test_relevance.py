"""The rules that bear on a requirement give the same verdict as all rules."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from gapgraph.derive import derive
from gapgraph.derive.facts import TYPE, Reader
from gapgraph.derive.run import Rule, remove, rules
from gapgraph.examples import files, limits, moment_of, rules_for, whole
from gapgraph.graph import background
from gapgraph.profile import Requirement

FIRST = [r for i, r in enumerate(whole().requirements.values()) if i % 6 == 0]
REST = [r for r in whole().requirements.values() if r not in FIRST]


@pytest.fixture(scope="module")
def store() -> Store:
    """The background, as it is before each example and after it."""
    return background(whole())


def items(store: Store, requirement: Requirement, file: Path, chosen: tuple[Rule, ...]) -> set[tuple[str, str, str]]:
    """All that is said of the items of a requirement."""
    facts = [Quad(q.subject, q.predicate, q.object) for q in parse(file.read_bytes(), format=RdfFormat.TURTLE)]
    store.extend(facts)
    moment, _ = moment_of(store)
    derived = derive(store, moment, limits(), chosen)
    read = Reader(store)
    nodes = [i for p in requirement.parts for i in read.subjects(TYPE, NamedNode(p.population))]
    said = {
        (q.subject.value, q.predicate.value, str(q.object))
        for node in nodes
        for q in store.quads_for_pattern(node, None, None)
        if isinstance(q.subject, NamedNode)
    }
    remove(store, derived)
    for quad in facts:
        store.remove(quad)
    return said


def same(store: Store, requirement: Requirement) -> None:
    """Fails where leaving rules out changes what an item of some example says."""
    chosen = rules_for(requirement.info.id)
    assert len(chosen) < len(rules())
    for file in files(requirement.info.id):
        assert items(store, requirement, file, chosen) == items(store, requirement, file, rules()), file.name


@pytest.mark.parametrize("requirement", FIRST, ids=lambda r: r.info.id)
def test_leaving_out_other_rules_changes_no_item(requirement: Requirement, store: Store) -> None:
    same(store, requirement)


@pytest.mark.slow
@pytest.mark.parametrize("requirement", REST, ids=lambda r: r.info.id)
def test_leaving_out_other_rules_changes_no_item_of_any(requirement: Requirement, store: Store) -> None:
    same(store, requirement)
