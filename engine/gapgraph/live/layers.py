"""Rules and calendar facts as layers: what each asks about, and what it states for some of its units.

The order is that of `gapgraph.derive`. Layers of which none can read what one before it states make a stage: they
see what the stages before it ended with, as they would one by one.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from pyoxigraph import NamedNode, Triple

from gapgraph.construct import Reach, Runner, Table, reaches, reads_of
from gapgraph.construct.plan import Plan, Slot, Statement, Variable
from gapgraph.derive.facts import LABEL, TYPE, Moment, evidence_facts, gg
from gapgraph.derive.instances import instance_facts
from gapgraph.derive.limits import Parameters, coverage_facts, limit_facts
from gapgraph.derive.run import Rule, rules
from gapgraph.derive.series import series_facts
from gapgraph.derive.statements import agreement_facts
from gapgraph.facts import Facts
from gapgraph.plans import plan_of
from gapgraph.shacl.columns import Pairs, each_once
from gapgraph.shacl.terms import Ids

__all__ = ["CalendarLayer", "Layer", "RuleLayer", "Stage", "stages"]

_ONE = frozenset({gg("CurrentEngagement")})
"""Classes with one instance that nearly everything hangs on."""

ByUnit = dict[int, Pairs]
"""What is stated for each unit: (packed pair, unit) by predicate."""


@dataclass(frozen=True, slots=True)
class RuleLayer:
    """A rule of `ontology/rules`."""

    name: str
    plan: Plan
    unit: str
    reaches: tuple[Reach, ...]

    def derive(self, facts: Facts, units: Ids | None) -> ByUnit:
        """What the rule states for these units (sorted), or for all."""
        only = None if units is None else Table.of(self.unit, units)
        return dict(Runner(facts.columns, facts.ranks).by_unit(self.plan, self.unit, only))


@dataclass(frozen=True, slots=True)
class CalendarLayer:
    """Facts that are worked out in Python."""

    name: str
    reaches: tuple[Reach, ...]
    stated: Callable[[Facts, Ids | None], Iterable[tuple[NamedNode, Triple]]]

    def derive(self, facts: Facts, units: Ids | None) -> ByUnit:
        """What is stated for these units (sorted), or for all."""
        return _encoded(facts, self.stated(facts, units))


Layer = RuleLayer | CalendarLayer


@dataclass(frozen=True, slots=True)
class Stage:
    """Layers that see what the stages before it ended with."""

    name: str
    layers: tuple[Layer, ...]


def _encoded(facts: Facts, stated: Iterable[tuple[NamedNode, Triple]]) -> ByUnit:
    id = facts.columns.terms.id
    by: dict[int, list[tuple[int, int]]] = {}
    for unit, t in stated:
        pair = (id(t.subject) << 32) | id(t.object)  # type: ignore[arg-type] # no quoted triples in facts
        by.setdefault(id(t.predicate), []).append((pair, id(unit)))
    return {p: each_once(*np.array(rows, np.int64).T) for p, rows in by.items()}


@cache
def _rule_layer(rule: Rule) -> RuleLayer:
    plan, unit = plan_of(rule.name, rule.text), rule.unit.removeprefix("?")
    return RuleLayer(rule.name, plan, unit, reaches(plan, unit, _ONE))


@cache
def _rule_stages(low: int, high: int) -> tuple[Stage, ...]:
    """The rules with these numbers, as few stages as their order allows."""
    groups: list[list[RuleLayer]] = []
    for rule in rules():
        if low <= rule.number < high:
            layer = _rule_layer(rule)
            if not groups or any(reads_of(layer.plan, other.plan) for other in groups[-1]):
                groups.append([])
            groups[-1].append(layer)
    return tuple(Stage(group[0].name, tuple(group)) for group in groups)


def _reach(unit: str, *statements: tuple[str, NamedNode | None, str | NamedNode]) -> Reach:
    """A way to a unit: variables are names, None is any predicate; the first statement is what changed."""

    def slot(value: str | NamedNode | None, number: int) -> Slot:
        return Variable(f"any{number}") if value is None else Variable(value) if isinstance(value, str) else value

    made = [Statement(Variable(s), slot(p, i), slot(o, i)) for i, (s, p, o) in enumerate(statements)]
    return Reach(made[0], tuple(made[1:]), unit)


def _own(facts: Facts, only: Ids | None) -> list[NamedNode] | None:
    return None if only is None else facts.named(only)


def _by_subject(triples: Iterable[Triple]) -> Iterator[tuple[NamedNode, Triple]]:
    for t in triples:
        assert isinstance(t.subject, NamedNode), t
        yield t.subject, t


_EVIDENCE = (
    *(_reach("e", ("e", gg(name), "v")) for name in ("coversUntil", "capturedOn", "issuedOn")),
    _reach("e", ("e", TYPE, gg("OwnBridgeLetter"))),
)
_AGREEMENT = (
    _reach("n", ("n", TYPE, gg("PolicyStatement"))),
    _reach("n", ("n", None, "v"), ("n", TYPE, gg("PolicyStatement"))),
    _reach("n", ("p", None, "v"), ("n", gg("statedIn"), "p")),
    *(_reach("s", ("c", name, "v"), ("s", gg("ofControl"), "c")) for name in (gg("cadence"), gg("parameter"), LABEL)),
    *(_reach("s", ("s", gg(name), "x")) for name in ("ofControl", "population")),
    _reach("s", ("s", TYPE, gg("Series"))),
)
_SERIES = (
    _reach("s", ("s", TYPE, gg("Series"))),
    *(_reach("s", ("s", gg(name), "x")) for name in ("ofControl", "coversSubject", "population")),
    *(_reach("s", ("x", None, "v"), ("s", gg(name), "x")) for name in ("ofControl", "coversSubject", "population")),
    _reach(
        "s",
        ("r", None, "v"),
        ("r", TYPE, "c"),
        ("p", gg("recordClass"), "c"),
        ("s", gg("population"), "p"),
    ),
    _reach("s", ("r", TYPE, "c"), ("p", gg("recordClass"), "c"), ("s", gg("population"), "p")),
    _reach("s", ("c", gg("capturesSystem"), "x"), ("s", gg("coversSubject"), "x")),
    _reach("s", ("c", None, "v"), ("c", gg("capturesSystem"), "x"), ("s", gg("coversSubject"), "x")),
    _reach("s", ("c", TYPE, gg("ChangeRecord")), ("s", TYPE, gg("Series"))),
    _reach("s", ("c", None, "v"), ("c", TYPE, gg("ChangeRecord")), ("s", TYPE, gg("Series"))),
)
_INSTANCES = (
    _reach("i", ("i", None, "v"), ("i", gg("population"), gg("ExpectedInstancesState"))),
    _reach("i", ("i", None, "v"), ("i", gg("population"), gg("SampleTestState"))),
    _reach("i", ("i", gg("population"), gg("ExpectedInstancesState"))),
    _reach("i", ("i", gg("population"), gg("SampleTestState"))),
    _reach(
        "i",
        ("c", None, "v"),
        ("i", gg("ofSubject"), "c"),
        ("i", gg("population"), gg("ExpectedInstancesState")),
    ),
    _reach("i", ("c", gg("parameter"), "v"), ("i", gg("ofSubject"), "c")),
    *(_reach("i", ("e", gg(name), "v"), ("i", gg("operatedOver"), "e")) for name in ("coversFrom", "claimedUntil")),
)
_COVERAGE = (
    *(_reach("i", ("i", gg(n), "v")) for n in ("coverPiece", "startsOn", "endsOn", "population", "ofControl")),
    *(_reach("i", ("p", gg(n), "v"), ("i", gg("coverPiece"), "p")) for n in ("pieceFrom", "pieceUntil")),
    _reach("i", ("p", TYPE, "v"), ("i", gg("coverPiece"), "p")),
    _reach("i", ("c", gg("parameter"), "v"), ("i", gg("ofControl"), "c")),
)
_LIMITS = (
    *(
        _reach("i", ("i", gg(n), "v"))
        for n in (
            "population",
            "inEngagement",
            "countsFrom",
            "ofControl",
            "limitParameter",
            "numberParameter",
            "dueOn",
            "limitNumber",
        )
    ),
    *(
        _reach("i", ("p", gg(n), "v"), ("i", gg("population"), "p"))
        for n in ("limitParameter", "numberParameter", "noticeParameter")
    ),
    _reach("i", ("c", gg("parameter"), "v"), ("i", gg("ofControl"), "c")),
)


def stages(moment: Moment, limits: Callable[[], Parameters]) -> Sequence[Stage]:
    """The stages of the derivation; `limits` gives the limits that hold, what policies say included."""

    def agreements(facts: Facts, _: Ids | None) -> Iterator[tuple[NamedNode, Triple]]:
        return ((moment.iri, t) for t in agreement_facts(facts, moment, limits()))

    def calendar(
        name: str, found: tuple[Reach, ...], stated: Callable[[Facts, Ids | None], Iterable[tuple[NamedNode, Triple]]]
    ) -> Stage:
        return Stage(name, (CalendarLayer(name, found, stated),))

    return (
        calendar("evidence", _EVIDENCE, lambda f, only: _by_subject(evidence_facts(f, _own(f, only)))),
        *_rule_stages(0, 20),
        calendar("agreements", _AGREEMENT, agreements),
        calendar("series", _SERIES, lambda f, only: series_facts(f, moment, limits(), _own(f, only))),
        *_rule_stages(20, 60),
        calendar("instances", _INSTANCES, lambda f, only: _by_subject(instance_facts(f, moment, limits(), only))),
        calendar("coverage", _COVERAGE, lambda f, only: _by_subject(coverage_facts(f, moment, limits(), only))),
        calendar("limits", _LIMITS, lambda f, only: _by_subject(limit_facts(f, limits(), only))),
        *_rule_stages(60, 100),
    )
