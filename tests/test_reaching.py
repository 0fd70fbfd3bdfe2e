"""From what changed to the units of a rule: no unit whose solutions change is missed, by any rule on any graph."""

import random
import re

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapgraph.construct import Plan, Runner, followed, reaches, read, reads_of
from gapgraph.construct.plan import Statement, Variable
from gapgraph.derive.run import Rule, rules
from gapgraph.plans import plan_of
from gapgraph.shacl import Columns
from tests.construct_random import EX, VARIABLES, Case

UNBOUND = -1
ENOUGH = 1_000


def by_unit(graph: Columns, plan: Plan, unit: str) -> dict[int, set[tuple[int, int]]]:
    """What a rule states, by unit."""
    found: dict[int, set[tuple[int, int]]] = {}
    for predicate, (packed, units) in Runner(graph).by_unit(plan, unit).items():
        for pair, of in zip(packed.tolist(), units.tolist(), strict=True):
            found.setdefault(of, set()).add((predicate, pair))
    return found


def reached(before: Columns, now: Columns, plan: Plan, unit: str) -> set[int] | None:
    """The units that the difference of two graphs leads to; None for all."""
    found: set[int] = set()
    for graph, other in ((before, now), (now, before)):
        for predicate in list(graph.predicates()):
            pairs = graph.packed(predicate)[~other.holds(predicate, graph.packed(predicate))]
            for reach in reaches(plan, unit):
                slot = reach.statement.predicate
                if isinstance(slot, Variable) or slot == graph.terms[predicate]:
                    units = followed(graph, reach, predicate, pairs, ENOUGH) if len(pairs) else np.empty(0, np.int64)
                    if units is None:
                        return None
                    found.update(units.tolist())
    return found


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(seed=st.integers(0, 2**48))
def test_a_change_leads_to_every_unit_that_it_changes(seed: int) -> None:
    case = Case(random.Random(seed))
    triples, rule = case.graph(), case.rule()
    unit = case.rng.choice(VARIABLES)
    plan = read(rule)
    before = Columns.of(triples)
    now = before.copy()
    now.change(case.graph()[:4], case.rng.sample(triples, 4))
    old, new = by_unit(before, plan, unit[1:]), by_unit(now, plan, unit[1:])
    changed = {u for u in old.keys() | new.keys() if u != UNBOUND and old.get(u) != new.get(u)}
    led = reached(before, now, plan, unit[1:])
    assert led is None or changed <= led, f"{rule}\n{unit}"


def test_random_changes_change_something_and_do_not_lead_to_everything() -> None:
    narrow = changes = 0
    for seed in range(200):
        case = Case(random.Random(seed))
        triples, plan = case.graph(), read(case.rule())
        before = Columns.of(triples)
        now = before.copy()
        now.change((), case.rng.sample(triples, 4))
        led = reached(before, now, plan, "a")
        narrow += led is not None and len(led) < 5
        changes += by_unit(before, plan, "a") != by_unit(now, plan, "a")
    assert changes > 30
    assert narrow > 60


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_every_statement_of_every_rule_is_asked_about(rule: Rule) -> None:
    asked = {reach.statement.predicate for reach in reaches(plan_of(rule.name, rule.text), rule.unit[1:])}
    where = re.sub(
        r"\(gg:[^)]*\)", "", rule.text[rule.text.index("WHERE") :]
    )  # rows of VALUES name properties as values
    named = set(re.findall(r"(?:\{|\.|;|\?\w+|/)\s*gg:([a-z]\w*)\s+(?=\?|gg:|true|false|\")", where))
    for name in {slot.value.rpartition("#")[2] for slot in asked if isinstance(slot, ox.NamedNode)} - {"type"}:
        assert name in rule.text
    assert named <= {slot.value.rpartition("#")[2] for slot in asked if isinstance(slot, ox.NamedNode)}


def way(rule: str, unit: str, predicate: str) -> list[str]:
    """The way from a statement of a predicate, as predicates."""
    plan = read(f"PREFIX ex: <{EX}> CONSTRUCT {{ ?u ex:found ?v }} WHERE {{ {rule} }}")
    (found,) = [r for r in reaches(plan, unit) if r.statement.predicate == ox.NamedNode(EX + predicate)]
    assert found.through is not None
    return [s.predicate.value.removeprefix(EX) for s in found.through if isinstance(s, Statement)]  # type: ignore[union-attr]


def test_the_way_is_the_shortest() -> None:
    assert way("?u ex:a ?x . ?x ex:b ?y . ?y ex:c ?v . ?u ex:d ?y", "u", "c") == ["d"]
    assert way("?u ex:a ?x OPTIONAL { ?x ex:b ?y . ?y ex:c ?v }", "u", "c") == ["b", "a"]
    assert way("?u ex:a ?x MINUS { ?x ex:b ?y }", "u", "b") == ["a"]
    assert way("?u ex:a ?x FILTER NOT EXISTS { ?x ex:b ?y }", "u", "b") == ["a"]
    assert way("?u ex:a ?x { SELECT ?x (MAX(?z) AS ?v) WHERE { ?y ex:b ?x ; ex:c ?z } GROUP BY ?x }", "u", "c") == [
        "b",
        "a",
    ]


def test_what_a_sub_select_keeps_to_itself_leads_nowhere() -> None:
    plan = read(
        f"PREFIX ex: <{EX}> CONSTRUCT {{ ?u ex:v ?v }} "
        "WHERE { ?u ex:a ?x { SELECT (MAX(?x) AS ?v) WHERE { ?y ex:b ?x } } }"
    )
    assert [r.through for r in reaches(plan, "u") if r.statement.predicate == ox.NamedNode(EX + "b")] == [None]


@pytest.mark.parametrize(
    ("first", "second", "reads"),
    [
        ("?u ex:made ?v", "?u ex:made ?v", True),
        ("?u ex:other ?v", "?u ex:made ?v", False),
        ("?u a ex:A ; ex:x ?v", "?u a ex:B", False),
        ("?u a ex:A ; ex:x ?v", "?u a ex:A", True),
        ("?u a ?c . ?c ex:x ?v", "?u a ex:B", True),
        ("VALUES ?c { ex:A } ?u a ?c ; ex:x ?v", "?u a ex:B", False),
        ("{ BIND(ex:A AS ?c) } UNION { ?u ex:y ?c } ?u a ?c ; ex:x ?v", "?u a ex:B", True),
        ("?u ex:x ?v { SELECT ?u WHERE { VALUES ?c { ex:A } ?u a ?c } }", "?u a ex:B", True),
    ],
)
def test_whether_one_rule_can_read_what_another_states(first: str, second: str, reads: bool) -> None:
    one = read(f"PREFIX ex: <{EX}> CONSTRUCT {{ ?u ex:found ?v }} WHERE {{ {first} }}")
    other = read(f"PREFIX ex: <{EX}> CONSTRUCT {{ {second} }} WHERE {{ ?u ex:from ?v }}")
    assert reads_of(one, other) is reads
