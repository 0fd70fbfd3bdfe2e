"""The algebra of mappings, held to sets themselves: nothing false follows, and whatever follows is found."""

import csv
import itertools
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gapgraph import assets
from gapgraph.mapping import ANY, Cover, Mapping, Network, Relation, compose, conclude, inverse
from tests.shared_files import shared

BASE = tuple(Relation)


def between(a: frozenset[int], b: frozenset[int]) -> Relation:
    """The relation of two sets."""
    if a == b:
        return Relation.EQUAL
    if a < b:
        return Relation.SUBSET
    if a > b:
        return Relation.SUPERSET
    return Relation.INTERSECTS if a & b else Relation.NONE


def subsets(size: int) -> list[frozenset[int]]:
    """Every non-empty set of obligations out of so many."""
    return [frozenset(c) for n in range(1, size + 1) for c in itertools.combinations(range(size), n)]


def test_the_composition_is_that_of_sets() -> None:
    seen: dict[tuple[Relation, Relation], Relation] = {}
    universe = subsets(6)
    relations = {(a, b): between(a, b) for a in universe for b in universe}
    canonical = {frozenset(range(n)) for n in range(1, 7)}  # renaming obligations changes no relation
    for b in canonical:
        for a in universe:
            for c in universe:
                key = relations[a, b], relations[b, c]
                seen[key] = seen.get(key, Relation(0)) | relations[a, c]
    assert {key: compose(*key) for key in itertools.product(BASE, BASE)} == seen


def test_the_composition_is_the_published_one() -> None:
    def rows(path: Path) -> dict[tuple[str, str], str]:
        with path.open(encoding="utf-8", newline="") as file:
            return {(r["a_to_b"], r["b_to_c"]): r["possible_a_to_c"] for r in csv.DictReader(file)}

    ours = rows(assets.path("data", "crosswalks", "composition.csv"))
    assert len(ours) == 25
    assert ours == rows(shared("facts", "mapping_composition.csv"))


@given(st.integers(0, 31).map(Relation), st.integers(0, 31).map(Relation))
def test_composing_backwards_is_composing_inverses(one: Relation, other: Relation) -> None:
    assert inverse(inverse(one)) == one
    assert inverse(compose(one, other)) == compose(inverse(other), inverse(one))
    union = Relation(0)
    for a, b in itertools.product(one, other):
        union |= compose(a, b)
    assert compose(one, other) == union


def test_the_commonest_mistake_of_crosswalks_gives_nothing() -> None:
    network = Network()
    network.add(Mapping("x", Relation.SUBSET, "hub"))
    network.add(Mapping("y", Relation.SUBSET, "hub"))
    network.add(Mapping("p", Relation.INTERSECTS, "q"))
    network.add(Mapping("q", Relation.INTERSECTS, "r"))
    assert network.possible("x", "y") == ANY
    assert network.possible("p", "r") == ANY
    assert set(conclude(network, {"x": True, "p": True, "q": False}).conclusions) == set()


def test_a_chain_keeps_its_mappings_and_its_weakest_link() -> None:
    first = Mapping("c", Relation.SUBSET, "b", 8, "one.tsv:3")
    second = Mapping("a", Relation.SUPERSET, "b", 5, "two.tsv:7")
    network = Network()
    network.add(second)
    network.add(first)
    conclusion = conclude(network, {"a": True}).conclusions["c"]
    assert conclusion.met
    assert conclusion.because == ("a",)
    assert [(s.focal, s.relation, s.reference, s.stated) for s in conclusion.steps] == [
        ("a", Relation.SUPERSET, "b", second),
        ("b", Relation.SUPERSET, "c", first),
    ]
    assert conclusion.weakest == 5


def test_a_contradiction_names_its_mappings_and_nothing_follows_from_it() -> None:
    stated = [
        Mapping("a", Relation.SUBSET, "b"),
        Mapping("b", Relation.SUBSET, "c"),
        Mapping("c", Relation.NONE, "a"),
    ]
    network = Network()
    for one in stated:
        network.add(one)
    (contradiction,) = network.contradictions
    assert {step.stated for step in contradiction.steps} == set(stated)
    assert conclude(network, {"c": True}).conclusions == {}


def test_outcomes_that_contradict_a_mapping_are_told() -> None:
    network = Network()
    network.add(Mapping("a", Relation.SUBSET, "b"))
    found = conclude(network, {"b": True, "a": False})
    assert found.conclusions == {}
    assert {(c.element, c.found) for c in found.conflicts} == {("a", False), ("b", True)}


def test_a_bounded_search_says_that_it_is_bounded() -> None:
    network = Network(depth=2)
    for one, two in itertools.pairwise("abcd"):
        network.add(Mapping(one, Relation.SUBSET, two))
    assert network.possible("a", "c") == Relation.SUBSET
    assert network.possible("a", "d") == ANY
    assert network.bounded


# Whether something follows depends only on which regions of a Venn diagram hold no obligation, only obligations that
# hold, or one that does not. Over three elements these are 3^7 worlds: all of them can be looked at.
NAMES = ("a", "b", "c")
REGIONS = [frozenset(c) for n in (1, 2, 3) for c in itertools.combinations(NAMES, n)]
World = tuple[int, ...]


def extent(world: World, name: str) -> frozenset[int]:
    return frozenset(i for i, region in enumerate(REGIONS) if name in region and world[i])


def met(world: World, name: str) -> bool:
    return all(world[i] != 2 for i, region in enumerate(REGIONS) if name in region)


WORLDS = [
    (w, {n: extent(w, n) for n in NAMES}, {n: met(w, n) for n in NAMES})
    for w in itertools.product(range(3), repeat=len(REGIONS))
    if all(extent(w, n) for n in NAMES)
]


def fits(extents: dict[str, frozenset[int]], mappings: Sequence[Mapping], covers: Sequence[Cover]) -> bool:
    for m in mappings:
        if between(extents[m.focal], extents[m.reference]) not in m.relation:
            return False
    for cover in covers:
        whole, parts = extents[cover.element], [extents[s] for s in cover.slices]
        if any(not part <= whole for s, part in zip(cover.slices, parts, strict=True) if s not in cover.beyond):
            return False
        if any(not part & whole for part in parts) or (cover.complete and not whole <= frozenset().union(*parts)):
            return False
    return True


def case_covers() -> st.SearchStrategy[list[Cover]]:
    slices = st.sampled_from([("a",), ("b",), ("a", "b")])
    beyond = st.sets(st.sampled_from(["a", "b"])).map(frozenset)
    return st.lists(st.builds(Cover, st.just("c"), slices, st.booleans(), beyond), max_size=1)


PAIRS = st.sampled_from(list(itertools.permutations(NAMES, 2)))


def stated(relations: st.SearchStrategy[Relation]) -> st.SearchStrategy[list[Mapping]]:
    return st.lists(st.builds(lambda pair, one: Mapping(pair[0], one, pair[1]), PAIRS, relations), max_size=4)


CERTAIN = st.tuples(stated(st.sampled_from(BASE)), case_covers())
NO_COVERS: list[Cover] = []
VAGUE = st.tuples(stated(st.integers(1, 31).map(Relation)), st.just(NO_COVERS))
"""Covers go with certain relations alone: following each of several possible ones through a cover is not attempted."""


@settings(max_examples=400)
@given(CERTAIN | VAGUE, st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=2))
def test_what_follows_over_three_elements_is_what_holds_in_every_world(
    case: tuple[list[Mapping], list[Cover]], known: dict[str, bool]
) -> None:
    mappings, covers = case
    network = Network()
    for cover in covers:
        network.cover(cover)
    for mapping in mappings:
        network.add(mapping)
    worlds = [w for w in WORLDS if fits(w[1], mappings, covers)]
    assert bool(network.contradictions) == (not worlds)
    if not worlds:
        return
    for one, other in itertools.permutations(NAMES, 2):
        truth = Relation(0)
        for _, extents, _ in worlds:
            truth |= between(extents[one], extents[other])
        assert network.possible(one, other) == truth
    left = [outcomes for _, _, outcomes in worlds if all(outcomes[n] == known[n] for n in known)]
    found = conclude(network, known)
    if not left:
        assert found.conclusions == {}
        return
    certain = {n: left[0][n] for n in NAMES if n not in known and len({o[n] for o in left}) == 1}
    assert {n: c.met for n, c in found.conclusions.items()} == certain
    assert found.conflicts == ()


def closed(elements: Sequence[str], mappings: Sequence[Mapping]) -> dict[tuple[str, str], Relation]:
    """Closure by trying all triples until nothing changes."""
    known: dict[tuple[str, str], Relation] = dict.fromkeys(itertools.product(elements, elements), ANY)
    for e in elements:
        known[e, e] = Relation.EQUAL
    for m in mappings:
        known[m.focal, m.reference] &= m.relation
        known[m.reference, m.focal] &= inverse(m.relation)
    while True:
        before = dict(known)
        for j in elements:
            for i, k in before:
                known[i, k] &= compose(known[i, j], known[j, k])
        if known == before:
            return known


Universe = tuple[dict[str, frozenset[int]], list[Mapping | Cover], set[int], set[str]]


@st.composite
def universes(draw: st.DrawFn) -> Universe:
    """Sets of obligations, mappings and covers that are true of them, those that do not hold, what was looked at."""
    size = draw(st.integers(2, 7))
    sets = {
        f"e{n}": draw(st.sets(st.integers(0, size - 1), min_size=1).map(frozenset))
        for n in range(draw(st.integers(3, 8)))
    }
    names = sorted(sets)
    mappings = []
    for one, other in draw(st.lists(st.sampled_from(list(itertools.permutations(names, 2))), max_size=10)):
        mappings.append(
            Mapping(one, between(sets[one], sets[other]) | draw(st.sampled_from([Relation(0), *BASE])), other)
        )
    covers = []
    for n in range(draw(st.integers(0, 3))):
        parts = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
        whole = frozenset().union(*(sets[p] for p in parts))
        more = draw(st.sets(st.integers(0, size - 1)).map(frozenset))
        less = draw(st.sets(st.sampled_from(sorted(whole)), min_size=1).map(frozenset))
        extent = draw(st.sampled_from([whole, whole | more, less]))
        parts = [p for p in parts if sets[p] & extent]
        union = frozenset().union(*(sets[p] for p in parts))
        sets[f"cover{n}"] = extent
        beyond = frozenset(p for p in parts if not sets[p] <= extent)
        covers.append(Cover(f"cover{n}", tuple(parts), extent <= union, beyond))
    failing = draw(st.sets(st.integers(0, size - 1)))
    looked_at = draw(st.sets(st.sampled_from(sorted(sets))))
    return sets, draw(st.permutations([*mappings, *covers])), failing, looked_at


@settings(max_examples=400)
@given(universes())
def test_nothing_false_follows_in_random_universes(case: Universe) -> None:
    sets, statements, failing, looked_at = case
    network = Network()
    for one in statements:
        if isinstance(one, Cover):
            network.cover(one)
        else:
            network.add(one)
    assert network.contradictions == []
    pairs = [(a, b) for a in sets for b in sets if a != b]
    for a, b in pairs:
        assert between(sets[a], sets[b]) in network.possible(a, b)
        for step in network.steps(a, b):
            assert between(sets[step.focal], sets[step.reference]) in step.relation
    mappings = [one for one in statements if isinstance(one, Mapping)]
    if len(mappings) == len(statements):
        full = closed(sorted(sets), mappings)
        assert {(a, b): network.possible(a, b) for a, b in full} == full
    truth = {name: not held & failing for name, held in sets.items()}
    found = conclude(network, {name: truth[name] for name in looked_at})
    assert found.conflicts == ()
    for name, conclusion in found.conclusions.items():
        assert conclusion.met == truth[name]
        assert name not in looked_at
