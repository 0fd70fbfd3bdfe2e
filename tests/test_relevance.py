"""The rules that bear on a requirement give the same verdict as all rules."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from gapgraph.derive import derive
from gapgraph.derive.facts import TYPE
from gapgraph.derive.run import Rule, rules
from gapgraph.examples import files, known, limits, moment_of, rules_for, whole
from gapgraph.profile import Requirement

FIRST = [r for i, r in enumerate(whole().requirements.values()) if i % 6 == 0]
REST = [r for r in whole().requirements.values() if r not in FIRST]


def items(requirement: Requirement, file: Path, chosen: tuple[Rule, ...]) -> set[tuple[str, str, str]]:
    """All that is said of the items of a requirement."""
    stated = known().copy()
    stated.add(parse(file.read_bytes(), format=RdfFormat.TURTLE))
    moment, _ = moment_of(stated)
    facts = derive(stated, moment, limits(), chosen)
    nodes = [i for p in requirement.parts for i in facts.subjects(TYPE, NamedNode(p.population))]
    return {(node.value, predicate.value, str(value)) for node in nodes for predicate, value in facts.about(node)}


def same(requirement: Requirement) -> None:
    """Fails where leaving rules out changes what an item of some example says."""
    chosen = rules_for(requirement.info.id)
    assert len(chosen) < len(rules())
    for file in files(requirement.info.id):
        assert items(requirement, file, chosen) == items(requirement, file, rules()), file.name


@pytest.mark.parametrize("requirement", FIRST, ids=lambda r: r.info.id)
def test_leaving_out_other_rules_changes_no_item(requirement: Requirement) -> None:
    same(requirement)


@pytest.mark.slow
@pytest.mark.parametrize("requirement", REST, ids=lambda r: r.info.id)
def test_leaving_out_other_rules_changes_no_item_of_any(requirement: Requirement) -> None:
    same(requirement)
