"""Rules over columns: another engine's SPARQL derives the same, and some units give what the whole says of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, Store, Triple

from gapgraph import assets, workspace
from gapgraph.demo import write_demo
from gapgraph.derive import derive
from gapgraph.derive.limits import Parameters
from gapgraph.derive.run import Rule, construct, rules
from gapgraph.facts import Facts
from gapgraph.plans import written
from gapgraph.run import facts_of, moment_of
from gapgraph.sources import read_workspace


@dataclass(frozen=True)
class Seen:
    """What a rule met when its turn came, what another engine derives of it, and the values of its unit."""

    facts: Facts
    full: frozenset[Triple]
    units: tuple[NamedNode, ...]


def derived(facts: Facts, rule: Rule, units: Iterable[NamedNode] | None = None) -> frozenset[Triple]:
    """What a rule derives here."""
    return frozenset(construct(facts, rule, units))


def by_oxigraph(facts: Facts, rule: Rule) -> Seen:
    """What Oxigraph's SPARQL derives, and the units over all solutions; a solution without one fails."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in facts)
    full = store.query(rule.text)
    assert isinstance(full, QueryTriples)
    head, where = rule.text[: rule.text.index("CONSTRUCT")], rule.text[rule.text.index("WHERE {") :]
    found = store.query(f"{head} SELECT DISTINCT {rule.unit} {where}")
    assert isinstance(found, QuerySolutions)
    units = [solution[rule.unit.removeprefix("?")] for solution in found]
    assert all(isinstance(u, NamedNode) for u in units), f"{rule.name} has a solution without its unit"
    named = sorted((u for u in units if isinstance(u, NamedNode)), key=str)
    return Seen(facts.copy(), frozenset(full), tuple(named))


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Seen]]:
    """Every rule in turn over the planted small company, in both of its engagements."""
    folder = tmp_path_factory.mktemp("units") / "demo"
    write_demo(folder)
    space = workspace.load(folder)
    profiles = workspace.profiles_of(space)
    found: dict[str, list[Seen]] = {rule.name: [] for rule in rules()}
    for config in space.engagements:
        profile = profiles[config.id]
        facts = facts_of(profile, read_workspace(folder, workspace.names_of(space)))
        parameters = Parameters.of(profile.iri, [r.info for r in profile.requirements.values()], 90)

        def watch(rule: Rule, facts: Facts) -> None:
            found[rule.name].append(by_oxigraph(facts, rule))

        derive(facts, moment_of(space, config), parameters, watch=watch)
    return found


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
def test_a_rule_derives_what_another_engine_derives(rule: Rule, met: dict[str, list[Seen]]) -> None:
    assert len(met[rule.name]) == 2
    for one in met[rule.name]:
        assert derived(one.facts, rule) == one.full


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_a_subset_of_units_gives_the_full_result_restricted_to_it(
    rule: Rule, data: st.DataObject, met: dict[str, list[Seen]]
) -> None:
    seen = met[rule.name][-1]
    chosen = data.draw(st.sets(st.sampled_from(seen.units))) if seen.units else set()
    rest = set(seen.units) - chosen
    assert derived(seen.facts, rule, chosen) | derived(seen.facts, rule, rest) == seen.full


@pytest.mark.parametrize("rule", rules(), ids=lambda r: r.name)
def test_each_unit_alone_gives_its_part(rule: Rule, met: dict[str, list[Seen]]) -> None:
    seen = met[rule.name][-1]
    parts = [derived(seen.facts, rule, [unit]) for unit in seen.units[:12]]
    assert derived(seen.facts, rule, seen.units[:12]) == frozenset().union(*parts)
    assert all(part <= seen.full for part in parts)
    assert derived(seen.facts, rule, [NamedNode("urn:nobody")]) == frozenset()


def test_every_rule_says_what_it_works_per() -> None:
    for rule in rules():
        assert re.fullmatch(r"\?\w+", rule.unit)
        assert rule.text.count("WHERE {") >= 1
        assert f"{rule.unit} " in rule.text[rule.text.index("WHERE {") :]


def test_the_kept_plans_are_those_of_the_rules() -> None:
    """`python -m gapgraph.plans` writes them anew."""
    kept = assets.path("ontology", "plans.json").read_text(encoding="utf-8")
    assert kept == written({rule.name: rule.text for rule in rules()})
