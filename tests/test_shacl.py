"""Our SHACL validator: the W3C suite, paths against SPARQL, and what the suite leaves open."""

import random

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import SH, Graph

from gapgraph.errors import ValidatorError
from gapgraph.namespaces import PREFIXES
from gapgraph.shacl import Columns, Evaluator, Report, Shapes, ShapesError, compile_shapes, validate
from gapgraph.shacl.paths import Alternative, Inverse, Predicate, Repeat, Sequence, follow
from gapgraph.shacl.paths import Path as PropertyPath
from gapgraph.shacl.report import passes
from gapgraph.validate import VALIDATORS, Columnar, PyShacl, Verified
from tests.shacl_suite import CORE, Case, canonical, cases, statements
from tests.shared_files import shared

HEAD = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "@prefix ex: <https://example.org/> .\n"
)


def turtle(text: str) -> list[ox.Quad]:
    return list(ox.parse(HEAD + text, format=ox.RdfFormat.TURTLE))


def judged(data: str, shapes: str) -> Report:
    return validate(Columns.of(turtle(data)), compile_shapes(turtle(shapes)))


def found(report: Report) -> list[tuple[str, str]]:
    return sorted((str(r.focus), str(r.value)) for r in report.results())


# ---- the suite

SUITE = list(cases()) if CORE.is_dir() else []


def test_the_suite_is_whole() -> None:
    shared("w3c-shacl", "tests", "core")
    assert len(SUITE) == 98


@pytest.mark.parametrize("case", SUITE, ids=lambda case: case.name)
def test_w3c_core(case: Case) -> None:
    """Every test of the suite, none of them left to pySHACL."""
    shapes = compile_shapes(statements(case.shapes))
    assert not shapes.left
    report = validate(Columns.of(statements(case.data)), shapes)
    assert canonical(list(report.results())) == canonical(case.expected)
    assert report.conforms is case.conforms


# ---- paths


def _random_path(rng: random.Random, depth: int = 0) -> PropertyPath:
    kind = "one" if depth > 2 else rng.choice(["one", "one", "inverse", "seq", "alt", "*", "+", "?"])
    match kind:
        case "one":
            return Predicate(ox.NamedNode(f"https://example.org/{rng.choice('pq')}"))
        case "inverse":
            return Inverse(_random_path(rng, depth + 1))
        case "seq":
            return Sequence((_random_path(rng, depth + 1), _random_path(rng, depth + 1)))
        case "alt":
            return Alternative((_random_path(rng, depth + 1), _random_path(rng, depth + 1)))
    return Repeat(_random_path(rng, depth + 1), int(kind == "+"), kind != "?")


def _sparql(path: PropertyPath) -> str:
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(inner):
            return f"^({_sparql(inner)})"
        case Sequence(parts):
            return "/".join(f"({_sparql(p)})" for p in parts)
        case Alternative(parts):
            return "|".join(f"({_sparql(p)})" for p in parts)
        case Repeat(inner, least, many):
            return f"({_sparql(inner)}){'?' if not many else '+' if least else '*'}"


@settings(max_examples=300, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_path_leads_where_sparql_says(seed: int) -> None:
    """Cycles, inverses of sequences and closures of closures included; the judge is another engine's SPARQL."""
    rng = random.Random(seed)
    nodes = [ox.NamedNode(f"https://example.org/{name}") for name in "abcdef"]
    triples = [
        ox.Triple(rng.choice(nodes), ox.NamedNode(f"https://example.org/{rng.choice('pq')}"), rng.choice(nodes))
        for _ in range(rng.randint(0, 12))
    ]
    triples += [ox.Triple(node, ox.NamedNode("https://example.org/in"), ox.Literal("graph")) for node in nodes]
    path = _random_path(rng)
    graph = Columns.of(triples)
    starts = graph.terms.several(nodes)
    rows, values = follow(graph, path, starts)
    mine = {(nodes[row], graph.terms[value]) for row, value in zip(rows.tolist(), values.tolist(), strict=True)}
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    theirs = set()
    for node in nodes:
        rows_of = store.query(f"SELECT DISTINCT ?to WHERE {{ {node} {_sparql(path)} ?to }}")
        assert isinstance(rows_of, ox.QuerySolutions)
        theirs |= {(node, row["to"]) for row in rows_of}
    assert mine == theirs
    assert len(mine) == len(rows)


def test_a_long_chain_and_a_cycle_end() -> None:
    chain = "".join(f"ex:n{i} ex:p ex:n{i + 1} . " for i in range(500)) + "ex:n500 ex:p ex:n0 ."
    shapes = "ex:S sh:targetNode ex:n0 ; sh:property [ sh:path [ sh:oneOrMorePath ex:p ] ; sh:maxCount 500 ] ."
    assert found(judged(chain, shapes)) == [("<https://example.org/n0>", "None")]


# ---- what is refused


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 'many' ] .", "not a whole number"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount -1 ] .", "not a whole number"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:nodeKind sh:IRI ] .", "has no sh:path"),
        ("ex:S sh:targetClass ex:C ; sh:minCount 1 .", "needs a property shape"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path ( ex:p ) ] .", "fewer than two"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path [ ex:p ex:q ] ] .", "not well formed"),
        ("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p, ex:q ] .", "2 values of sh:path"),
        ("ex:S sh:targetClass ex:C ; sh:and ex:T .", "not a well-formed list"),
        ("ex:S sh:targetClass ex:C ; sh:node ex:S .", "circle"),
        ("ex:S sh:targetClass ex:C ; sh:node ex:T . ex:T sh:property [ sh:path ex:p ; sh:node ex:S ] .", "circle"),
        ("ex:S sh:targetClass ex:C ; sh:not 'no shape' .", "no shape"),
        ("ex:S sh:targetClass ex:C ; sh:closed 'maybe' .", "not true or false"),
        (
            "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:D ] ] .",
            "no qualified count",
        ),
    ],
)
def test_an_ill_formed_or_recursive_shape_is_refused(shapes: str, message: str) -> None:
    with pytest.raises(ShapesError, match=message):
        compile_shapes(turtle(shapes))


@pytest.mark.parametrize(
    "shapes",
    [
        "ex:S sh:targetNode ex:a ; sh:pattern '(' .",
        "ex:S sh:targetNode ex:a ; sh:nodeKind sh:Iri .",
        "ex:S sh:targetNode ex:a ; sh:minInclusive ex:b .",
    ],
)
def test_a_parameter_that_cannot_be_used_is_refused(shapes: str) -> None:
    with pytest.raises(ShapesError):
        judged("ex:a ex:p 1 .", shapes)


# ---- what the suite leaves open


def test_what_cannot_be_compared_is_a_result() -> None:
    """SHACL 4.5.3: a result too where the two values cannot be compared. pySHACL orders them by datatype."""
    data = """ex:a ex:from 2024 ; ex:until "2025-01-01"^^xsd:date . ex:b ex:from ex:x ; ex:until ex:y .
    ex:c ex:from "a"@en ; ex:until "b"@en . ex:d ex:from "2024-01-01"^^xsd:date ; ex:until "2025-01-01"^^xsd:date ."""
    shapes = "ex:S sh:targetSubjectsOf ex:from ; sh:property [ sh:path ex:from ; sh:lessThan ex:until ] ."
    assert [focus for focus, _ in found(judged(data, shapes))] == [f"<https://example.org/{n}>" for n in "abc"]


def test_numbers_that_a_double_cannot_tell_apart_are_compared_exactly() -> None:
    data = """ex:a ex:from 9007199254740993 ; ex:until 9007199254740992 .
    ex:b ex:from 0.30000000000000001 ; ex:until 0.3 . ex:c ex:from 0.3 ; ex:until 0.30 ."""
    shapes = "ex:S sh:targetSubjectsOf ex:from ; sh:property [ sh:path ex:from ; sh:lessThanOrEquals ex:until ] ."
    assert [focus for focus, _ in found(judged(data, shapes))] == ["<https://example.org/a>", "<https://example.org/b>"]


def test_a_value_shared_by_two_owners_has_its_results_twice() -> None:
    data = "ex:a ex:p ex:v . ex:b ex:p ex:v ."
    shapes = (
        "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:minCount 1 ] ] ."
    )
    assert len(judged(data, shapes)) == 2


def test_lexical_forms_are_kept() -> None:
    report = judged("ex:a ex:p 007 .", "ex:S sh:targetSubjectsOf ex:p ; sh:property [ sh:path ex:p ; sh:in ( 7 ) ] .")
    (result,) = report.results()
    assert isinstance(result.value, ox.Literal)
    assert result.value.value == "007"


def test_populations_and_passes_stand_in_the_report() -> None:
    data = "ex:a a ex:C ; ex:p 1 . ex:b a ex:C . ex:c a ex:D ; ex:p 2 . ex:D rdfs:subClassOf ex:C ."
    report = judged(data, "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .")
    one = report.judged[ox.NamedNode("https://example.org/S")]
    assert [str(t) for t in report.terms.of(one.focus.tolist())].count("<https://example.org/b>") == 1
    assert sorted(str(t) for t in report.terms.of(passes(one).tolist())) == [
        "<https://example.org/a>",
        "<https://example.org/c>",
    ]


def test_a_shape_without_focus_nodes_has_an_empty_population() -> None:
    report = judged("ex:a ex:p 1 .", "ex:S sh:targetClass ex:Nothing ; sh:property [ sh:path ex:p ; sh:minCount 1 ] .")
    assert len(report.judged[ox.NamedNode("https://example.org/S")].focus) == 0
    assert report.conforms


def test_a_message_says_what_was_asked_where_the_shape_is_silent() -> None:
    report = judged("ex:a a ex:C .", "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 2 ] .")
    assert [m.value for r in report.results() for m in r.messages] == ["sh:minCount 2 is not met"]


def test_a_report_can_be_had_in_rdf() -> None:
    report = judged("ex:a a ex:C .", "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 2 ] .")
    graph = report.graph()
    assert len(list(graph.objects(None, SH.result))) == 1
    assert [str(o) for o in graph.objects(None, SH.conforms)] == ["false"]


# ---- shapes beyond Core

SPARQL = """ex:S sh:targetClass ex:C ; sh:message "twice" ; sh:sparql [ sh:select '''SELECT $this WHERE {
    $this <https://example.org/p> ?x . $this <https://example.org/p> ?y . FILTER (?x < ?y) }''' ] .
ex:T sh:targetClass ex:C ; sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:message "q" ] ."""


def test_a_shape_beyond_core_is_judged_by_pyshacl_and_said_so() -> None:
    data = Columns.of(turtle("ex:a a ex:C ; ex:p 1, 2 . ex:b a ex:C ; ex:q 1 ."))
    shapes = Graph().parse(data=HEAD + SPARQL, format="turtle")
    fast, judge = Columnar(), PyShacl()
    assert fast.validate(data, shapes) == judge.validate(data, shapes)
    assert fast.name.endswith(f"1 shapes by {judge.name}")


@pytest.mark.parametrize("root", ["[]", "ex:S", "ex:C"])
def test_a_root_beyond_core_may_have_any_name_and_compiled_shapes_are_judged_once(root: str) -> None:
    """A blank node, a name, or a class that is its own target; the other root is compiled and referred to."""
    text = f"""{root} a sh:NodeShape, rdfs:Class ; sh:targetClass ex:C ; sh:message "much" ; sh:node ex:T ;
        sh:sparql [ sh:select '''SELECT $this WHERE {{ $this <https://example.org/p> ?x . FILTER (?x > 1) }}''' ] .
    ex:T a sh:NodeShape, rdfs:Class ; sh:targetClass ex:C ; sh:message "t" ;
        sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:message "q" ] ."""
    shapes = Graph().parse(data=HEAD + text, format="turtle")
    data = Columns.of(turtle("ex:a a ex:C ; ex:p 2 . ex:b a ex:T ."))
    found = Columnar().validate(data, shapes)
    assert found == PyShacl().validate(data, shapes)
    assert sorted(result.message for result in found) == ["much", "much", "q", "q"]


def test_a_shape_beyond_core_is_never_passed_over() -> None:
    with pytest.raises(ShapesError, match="sh:sparql"):
        validate(Columns.of(turtle("ex:a a ex:C .")), compile_shapes(turtle(SPARQL)))


def test_only_what_is_needed_is_left_to_pyshacl() -> None:
    shapes: Shapes = compile_shapes(turtle(SPARQL))
    assert [str(s) for s in shapes.left] == ["<https://example.org/S>"]
    assert [str(s) for s in shapes.roots] == ["<https://example.org/T>"]


# ---- changes


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_a_changed_graph_is_the_graph_that_was_built_so(seed: int) -> None:
    rng = random.Random(seed)
    nodes = [ox.NamedNode(f"https://example.org/{name}") for name in "abcd"]

    def some(count: int) -> list[ox.Triple]:
        return [
            ox.Triple(rng.choice(nodes), ox.NamedNode(f"https://example.org/{rng.choice('pq')}"), rng.choice(nodes))
            for _ in range(count)
        ]

    before, added, removed = some(8), some(4), some(4)
    graph = Columns.of(before)
    for predicate in graph.predicates():
        graph.backward(predicate)
    graph.change(added, removed)
    after = (set(before) - set(removed)) | set(added)
    assert {ox.Triple(*t) for t in graph.triples()} == after  # type: ignore[arg-type]
    assert len(graph) == len(after)
    for t in [*before, *added, *removed]:
        numbers = (graph.terms.id(t.subject), graph.terms.id(t.predicate), graph.terms.id(t.object))  # type: ignore[arg-type]
        assert (numbers in graph) is (t in after)
    for predicate in graph.predicates():
        first, second = graph.backward(predicate)
        assert np.array_equal(np.lexsort((second, first)), np.arange(len(first)))


def test_some_focus_nodes_are_judged_as_in_the_whole() -> None:
    graph = Columns.of(turtle("ex:a a ex:C ; ex:p 1 . ex:b a ex:C . ex:c a ex:C ."))
    shapes = compile_shapes(turtle("ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."))
    (root,) = shapes.roots
    evaluator = Evaluator(graph, shapes)
    some = graph.terms.several([ox.NamedNode("https://example.org/b")])
    assert found(evaluator.run({root: some})) == [("<https://example.org/b>", "None")]
    assert len(evaluator.run()) == 2


# ---- both at once


def test_verify_gives_what_both_give_and_stops_where_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    data = Columns.of(turtle("ex:a a ex:C ."))
    shapes = Graph().parse(
        data=HEAD + "ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:message 'p' ] .",
        format="turtle",
    )
    both = Verified()
    assert both.validate(data, shapes) == PyShacl().validate(data, shapes) != []
    assert "verified by pyshacl" in both.name
    monkeypatch.setattr(Columnar, "validate", lambda *_: [])
    with pytest.raises(ValidatorError, match="differ in 1 results; the first is of pyshacl"):
        Verified().validate(data, shapes)


def test_the_first_validator_is_the_fast_one() -> None:
    assert [*VALIDATORS] == ["columnar", "pyshacl", "verify"]
