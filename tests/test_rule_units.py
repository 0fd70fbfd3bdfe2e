"""Rules work per unit: evaluating some units gives exactly what the full result says of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, Store, Triple

from gapgraph import workspace
from gapgraph.demo import write_demo
from gapgraph.derive import run as derivation
from gapgraph.derive.limits import Parameters
from gapgraph.derive.run import Rule, rules
from gapgraph.graph import background
from gapgraph.run import moment_of
from gapgraph.sources import read_workspace


@dataclass(frozen=True)
class Seen:
    """What a rule met when its turn came: a copy of the store, its full result, its units."""

    store: Store
    full: frozenset[Triple]
    units: tuple[NamedNode, ...]


def construct(store: Store, rule: Rule, units: Iterable[NamedNode]) -> list[Triple]:
    """What a rule derives for some values of its unit."""
    values = " ".join(str(unit) for unit in units)
    found = store.query(rule.text.replace("WHERE {", f"WHERE {{ VALUES {rule.unit} {{ {values} }}", 1))
    assert isinstance(found, QueryTriples)
    return list(found)


def units_of(store: Store, rule: Rule) -> tuple[NamedNode, ...]:
    """The values of the unit over all solutions of a rule; a solution without one fails."""
    head, where = rule.text[: rule.text.index("CONSTRUCT")], rule.text[rule.text.index("WHERE {") :]
    found = store.query(f"{head} SELECT DISTINCT {rule.unit} {where}")
    assert isinstance(found, QuerySolutions)
    units = [solution[rule.unit.removeprefix("?")] for solution in found]
    assert all(isinstance(u, NamedNode) for u in units), f"{rule.name} has a solution without its unit"
    return tuple(sorted((u for u in units if isinstance(u, NamedNode)), key=str))


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Seen]:
    """Every rule in turn over the planted small company."""
    folder = tmp_path_factory.mktemp("units") / "demo"
    write_demo(folder)
    space = workspace.load(folder)
    config = next(e for e in space.engagements if e.period)
    profile = workspace.profiles_of(space)[config.id]
    store = background(profile)
    store.extend(
        Quad(t.subject, t.predicate, t.object) for t in read_workspace(folder, workspace.names_of(space)).triples
    )
    found: dict[str, Seen] = {}
    whole = derivation.construct

    def watch(store: Store, rule: Rule) -> list[Triple]:
        copy = Store()
        copy.extend(store)
        full = whole(store, rule)
        found[rule.name] = Seen(copy, frozenset(full), units_of(copy, rule))
        return full

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(derivation, "construct", watch)
        parameters = Parameters.of(profile.iri, [r.info for r in profile.requirements.values()], 90)
        derivation.derive(store, moment_of(space, config), parameters)
    return found


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_subset_of_units_gives_the_full_result_restricted_to_it(
    rule: Rule, data: st.DataObject, seen: dict[str, Seen]
) -> None:
    one = seen[rule.name]
    chosen = data.draw(st.sets(st.sampled_from(one.units))) if one.units else set()
    rest = set(one.units) - chosen
    assert set(construct(one.store, rule, chosen)) | set(construct(one.store, rule, rest)) == one.full


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
def test_each_unit_alone_gives_its_part(rule: Rule, seen: dict[str, Seen]) -> None:
    one = seen[rule.name]
    parts = [set(construct(one.store, rule, [unit])) for unit in one.units[:12]]
    assert set(construct(one.store, rule, one.units[:12])) == set().union(*parts)
    assert all(part <= one.full for part in parts)
    assert construct(one.store, rule, [NamedNode("urn:nobody")]) == []


def test_every_rule_says_what_it_works_per() -> None:
    for rule in rules():
        assert re.fullmatch(r"\?\w+", rule.unit)
        assert rule.text.count("WHERE {") >= 1
        assert f"{rule.unit} " in rule.text[rule.text.index("WHERE {") :]
