"""An assessment that follows changes says what a full run says; what no change reaches is not worked out again."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph import workspace
from gapgraph.demo import write_demo
from gapgraph.derive import derive
from gapgraph.derive.facts import gg
from gapgraph.facts import Facts
from gapgraph.live import Live
from gapgraph.live.derivation import Derivation
from gapgraph.live.judging import Judging
from gapgraph.live.tally import Change, Tally
from gapgraph.live.watching import Touched, Watching
from gapgraph.model import Assessment, GapStatus
from gapgraph.run import Read, assess_read, limits_of, moment_of
from gapgraph.shacl import Columns, compile_shapes
from gapgraph.shacl.columns import Pairs
from gapgraph.validate import validator
from tests.shacl_random import Case
from tests.small_workspace import registers, write

DATE = "http://www.w3.org/2001/XMLSchema#date"


class Whole:
    """The full run that the other is held to, on the same statements."""

    def __init__(self, folder: Path) -> None:
        self.read, self.check = Read.of(workspace.load(folder)), validator("columnar")

    def change(self, added: list[Triple], removed: list[Triple]) -> Assessment:
        """The assessment once these statements went and those came."""
        for facts in self.read.known.values():
            facts.change(added, removed)
        return assess_read(self.read, self.check)


@dataclass
class Edits:
    """Random changes of what a workspace states, one after another."""

    rng: random.Random
    stated: list[Triple]

    def __post_init__(self) -> None:
        self._gone: list[Triple] = []
        self._dates = [t for t in self.stated if isinstance(t.object, Literal) and t.object.datatype.value == DATE]
        self._ends: dict[NamedNode, list[Triple]] = {}
        for t in self.stated:
            self._ends.setdefault(t.predicate, []).append(t)

    def next(self) -> tuple[list[Triple], list[Triple]]:
        """What comes and what goes: a statement or a whole node, another day, another value, something taken back."""
        rng = self.rng
        one = rng.choice(self.stated)
        match rng.choice(["statement", "statement", "back", "day", "day", "value", "node"]):
            case "statement":
                return [], self._take([one])
            case "node":
                return [], self._take([t for t in self.stated if t.subject == one.subject])
            case "back" if self._gone:
                return [self._gone.pop()], []
            case "day":
                t = rng.choice(self._dates)
                assert isinstance(t.object, Literal)
                day = date.fromisoformat(t.object.value) + timedelta(days=rng.choice([-400, -40, -3, 1, 2, 30, 200]))
                return [Triple(t.subject, t.predicate, Literal(day.isoformat(), datatype=NamedNode(DATE)))], [t]
        other = rng.choice(self._ends[one.predicate])
        return [Triple(one.subject, one.predicate, other.object)], [one]

    def _take(self, triples: list[Triple]) -> list[Triple]:
        self._gone += triples
        return triples


def alike(one: Assessment, other: Assessment) -> Iterator[str]:
    """What differs between two assessments, beside what was read and how long it took."""
    assert one.meta.faults == other.meta.faults
    for part in ("engagements", "criteria", "requirements", "controls", "gaps"):
        mine, theirs = (
            {(getattr(x, "engagement", ""), x.id): x for x in getattr(found, part)} for found in (one, other)
        )
        yield from (f"{part} {key}" for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key))


def follow(folder: Path, seed: int, steps: int) -> None:
    """Makes random changes one after another; after each, both ways say the same."""
    live, whole = Live(workspace.load(folder)), Whole(folder)
    assert not list(alike(live.assessment, whole.change([], [])))
    stated = sorted({Triple(q.subject, q.predicate, q.object) for q in whole.read.loaded.triples}, key=str)
    edits = Edits(random.Random(seed), stated)
    for step in range(steps):
        added, removed = edits.next()
        differing = sorted(alike(live.update(added, removed), whole.change(added, removed)))
        assert not differing, f"seed {seed}, step {step}: -{list(map(str, removed))} +{list(map(str, added))}"


@pytest.mark.parametrize("seed", [1, 2])
def test_random_changes_of_the_planted_company(tmp_path: Path, seed: int) -> None:
    write_demo(tmp_path / "demo", seed=seed)
    follow(tmp_path / "demo", seed, 6)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "seed", "steps"), [("small", 3, 60), ("small", 4, 60), ("mid", 5, 20)])
def test_many_random_changes(tmp_path: Path, size: str, seed: int, steps: int) -> None:
    write_demo(tmp_path / "demo", size=size, seed=seed)
    follow(tmp_path / "demo", seed, steps)


@pytest.mark.parametrize("seed", range(4))
def test_random_changes_of_a_small_workspace(tmp_path: Path, seed: int) -> None:
    follow(write(tmp_path, registers(2)), seed, 8)


def node(kind: str, id: str) -> NamedNode:
    return NamedNode(f"https://example.org/test/{kind}/{id}")


def test_a_change_is_worked_out_where_it_reaches(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo")
    live = Live(workspace.load(tmp_path / "demo"))
    stated = [Triple(q.subject, q.predicate, q.object) for q in live.read.loaded.triples]
    captured = next(t for t in stated if t.predicate == gg("capturedOn") and "/evidence/" in str(t.subject))
    later = Triple(captured.subject, captured.predicate, Literal("2026-12-30", datatype=NamedNode(DATE)))
    before = live.assessment
    live.update([later], [captured])
    for done in live.progress:
        assert 0 < len(done.units) < 40
        assert sum(units for units in done.units.values() if units > 0) < 100
    assert max(live.judged_again) < 20
    live.update([captured], [later])
    assert not list(alike(before, live.assessment))


def test_another_graph_is_worked_out_whole(tmp_path: Path) -> None:
    folder = write(tmp_path, registers(2))
    live, whole = Live(workspace.load(folder)), Whole(folder)
    gone = [Triple(q.subject, q.predicate, q.object) for q in whole.read.loaded.triples]
    assert not list(alike(live.update([], gone), whole.change([], gone)))
    assert not list(alike(live.update(gone, []), whole.change(gone, [])))


def test_what_a_policy_says_of_a_limit_reaches_every_control(tmp_path: Path) -> None:
    tables = registers(1)
    tables["policies"] = [
        "id,title,kind,owner,approver,approved_on,effective_on",
        "pol,Access policy,access-control,ana,ben,2024-01-02,2024-01-02",
    ]
    tables["policy_statements"] = ["id,policy,requirements,cadence", "st,pol,ACC-01,monthly"]
    tables["controls"] = [row.replace(",quarterly,", ",,") for row in tables["controls"]]
    folder = write(tmp_path, tables)
    live, whole = Live(workspace.load(folder)), Whole(folder)
    statement = [q for q in whole.read.loaded.triples if q.subject == node("policy_statements", "st")]
    assert statement
    gone = [Triple(q.subject, q.predicate, q.object) for q in statement]
    was = live.assessment
    assert not list(alike(live.update([], gone), whole.change([], gone)))
    assert list(alike(was, live.assessment))


def test_a_gap_closes_when_what_was_missing_comes(tmp_path: Path) -> None:
    tables = registers(1)
    rows = {name: tables[name] for name in ("access_reviews", "review_decisions")}
    for name, lines in rows.items():
        tables[name] = [line for line in lines if not line.startswith("s1-q2")]
    (tmp_path / "whole").mkdir()
    (tmp_path / "bare").mkdir()
    complete = Read.of(workspace.load(write(tmp_path / "whole", tables | rows)))
    live = Live(workspace.load(write(tmp_path / "bare", tables)))
    open_ = {g.requirement for g in live.assessment.gaps if g.status is GapStatus.OPEN}
    assert "ACC-01" in open_
    missing = [
        Triple(q.subject, q.predicate, q.object)
        for q in complete.loaded.triples
        if str(q.subject).rpartition("/")[2].startswith("s1-q2")
    ]
    found = live.update(missing, [])
    assert "ACC-01" not in {g.requirement for g in found.gaps}


# ---- the parts


PAIRS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), unique=True, max_size=12)


@given(st.lists(PAIRS, min_size=1, max_size=6))
def test_a_statement_goes_when_its_last_unit_no_longer_derives_it(history: list[list[tuple[int, int]]]) -> None:
    tally, shown = Tally(), set[int]()
    before: list[tuple[int, int]] = []
    for now in history:
        change = tally.change(derived(before), derived(now))
        went, came = (set(side[7].tolist()) if 7 in side else set() for side in (change.removed, change.added))
        shown = (shown - went) | came
        assert shown == set(Counter(pair for pair, _ in now))
        assert tally.size(7) == len(shown)
        before = now


def derived(pairs: list[tuple[int, int]]) -> dict[int, Pairs]:
    first, second = (np.array([p[i] for p in sorted(pairs)], np.int64) for i in (0, 1))
    return {7: Pairs(first, second)} if pairs else {}


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(seed=st.integers(0, 2**48))
def test_results_follow_changes_of_the_data(seed: int) -> None:
    case, rng = Case.of(seed), random.Random(seed)
    shapes = compile_shapes(case.shapes)
    added = [t for t in case.data if rng.random() < 0.1]
    start = [t for t in case.data if t not in added]
    graph = Columns.of(start)
    judging = Judging(graph, shapes)
    for _ in range(2):
        removed = [t for t in start if rng.random() < 0.1]
        before, now = graph.copy(), graph.copy()
        now.change(added, removed)
        judging.update(before, now, difference(before, now))
        graph = now
        assert judging.by_focus == Judging(graph.copy(), shapes).by_focus
        added, start = removed, [t for t in start if t not in removed] + added


def difference(before: Columns, now: Columns) -> Change:
    sides = []
    for one, other in ((now, before), (before, now)):
        differing = {p: one.packed(p)[~other.holds(p, one.packed(p))] for p in list(one.predicates())}
        sides.append({p: pairs for p, pairs in differing.items() if len(pairs)})
    return Change(*sides)


def test_what_was_looked_up_is_touched_by_what_could_change_it() -> None:
    a, b, p, q = (NamedNode(f"https://example.org/{x}") for x in "abpq")
    facts = Facts.of([Triple(a, p, b), Triple(b, q, a)])

    def touched(triple: Triple) -> Touched:
        now = facts.copy()
        now.add([triple])
        return Touched.by(difference(facts.columns, now.columns), np.empty(0, np.int64))

    new = NamedNode("https://example.org/new")
    for look, by, not_by in (
        (lambda f: f.objects(a, p), Triple(a, q, new), Triple(b, p, new)),
        (lambda f: f.objects(new, p), Triple(new, p, a), Triple(b, p, new)),
        (lambda f: f.subjects(p, b), Triple(new, p, b), Triple(new, p, a)),
        (lambda f: f.subjects(p, None), Triple(new, p, new), Triple(new, q, new)),
        (lambda f: list(f.pairs(q)), Triple(new, q, new), Triple(new, p, new)),
        (lambda f: Triple(a, p, b) in f, Triple(a, p, new), Triple(new, p, b)),
    ):
        watching = Watching(facts)
        look(watching)
        assert watching.looked().meets(touched(by))
        assert not watching.looked().meets(touched(not_by))


def test_facts_that_are_watched_do_not_change() -> None:
    watching = Watching(Facts())
    with pytest.raises(TypeError):
        watching.add([])
    with pytest.raises(TypeError):
        watching.state({})


def test_every_layer_sees_what_it_saw_in_its_turn(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo")
    read = Read.of(workspace.load(tmp_path / "demo"))
    for config in read.space.engagements:
        profile, moment = read.profiles[config.id], moment_of(read.space, config)
        known = read.known[profile.iri]
        whole = set(derive(known, moment, limits_of(profile)))
        assert set(Derivation(known, moment, limits_of(profile)).facts) == whole
