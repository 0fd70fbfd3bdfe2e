"""Rules over columns: the algebra of SPARQL, held to another engine on random rules; the rest is refused."""

import random

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapgraph.construct import RuleError, Runner, read
from gapgraph.construct.keeping import as_json, plan_from_json
from gapgraph.shacl import Columns
from tests.construct_random import Case


def derived(rule: str, triples: list[ox.Triple]) -> set[tuple[object, object, object]]:
    """What a rule derives, from its plan as it is kept."""
    graph = Columns.of(triples)
    terms = graph.terms
    plan = plan_from_json(as_json(read(rule)))
    return {
        (terms[pair >> 32], terms[predicate], terms[pair & 0xFFFFFFFF])
        for predicate, pairs in Runner(graph).run(plan).items()
        for pair in pairs.tolist()
    }


def judge(rule: str, triples: list[ox.Triple]) -> set[tuple[object, object, object]]:
    """What Oxigraph derives."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    found = store.query(rule)
    assert isinstance(found, ox.QueryTriples)
    return {(t.subject, t.predicate, t.object) for t in found}


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(seed=st.integers(0, 2**48))
def test_random_rules_on_random_graphs(seed: int) -> None:
    case = Case(random.Random(seed))
    triples, rule = case.graph(), case.rule()
    assert derived(rule, triples) == judge(rule, triples), rule


def test_random_rules_derive_something() -> None:
    cases = [Case(random.Random(seed)) for seed in range(100)]
    assert sum(len(judge(case.rule(), case.graph())) > 10 for case in cases) > 20


PREFIX = "PREFIX ex: <https://example.org/> CONSTRUCT { ?a ex:found ?b } WHERE "


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("SELECT * WHERE { ?a ?b ?c }", "a rule is a CONSTRUCT"),
        (PREFIX + "{ ?a ex:p+ ?b }", "no path like"),
        (PREFIX + "{ GRAPH ex:g { ?a ex:p ?b } }", "no Graph"),
        (PREFIX + "{ SERVICE ex:s { ?a ex:p ?b } }", "no ServiceGraphPattern"),
        (PREFIX + "{ ?a ex:p ?b BIND(RAND() AS ?c) }", "no RAND"),
        (PREFIX + '{ ?a ex:p ?b FILTER(REGEX(?b, "x", "i")) }', "no flags"),
        (PREFIX + "{ { SELECT ?a (SUM(?x) AS ?b) WHERE { ?a ex:p ?x } GROUP BY ?a } }", "no SUM"),
        (PREFIX + "{ { SELECT ?a (MAX(?x) AS ?b) WHERE { ?a ex:p ?x } GROUP BY ?a HAVING(MAX(?x) > 1) } }", "HAVING"),
        (PREFIX + "{ ?a ex:p ?b", "line 1"),
    ],
)
def test_what_rules_cannot_do_is_refused_by_name(rule: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        read(rule)


def test_a_date_is_moved_to_the_last_day_of_a_shorter_month() -> None:
    day = ox.Literal("2024-03-31", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    triples = [ox.Triple(ox.NamedNode("https://example.org/n"), ox.NamedNode("https://example.org/p"), day)]
    moved = 'BIND(?x - "P1Y1M"^^<http://www.w3.org/2001/XMLSchema#yearMonthDuration> AS ?b)'
    ((_, _, found),) = derived(f"{PREFIX} {{ ?a ex:p ?x {moved} }}", triples)
    assert found == ox.Literal("2023-02-28", datatype=day.datatype)
