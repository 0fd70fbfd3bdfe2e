"""What is stated and derived for one engagement, brought up to date at the cost of what a change reaches.

For each layer in its order: the changes so far that it asks about lead to units; what these units derived before is
worked out again on what was there before, what they derive now on what is there now, and the difference is a change for
the layers after it. What was there before is a copy that costs references alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from pyoxigraph import Triple

from gapgraph.construct import Reach, followed
from gapgraph.construct.plan import Variable
from gapgraph.derive.facts import Moment, engagement_facts
from gapgraph.derive.limits import Parameters
from gapgraph.derive.statements import with_policies
from gapgraph.facts import Facts
from gapgraph.live.layers import Layer, Stage, stages
from gapgraph.live.tally import Change, Tally
from gapgraph.shacl.columns import Columns
from gapgraph.shacl.terms import Ids, Mask, no_ids

__all__ = ["Derivation", "Progress"]

MOST = 50_000
"""A layer whose changes lead to more than so many solutions is worked out whole."""
HUB = 0.1
"""A change of more than this share of all statements is no change but another graph: everything is worked out again."""


class _Pending:
    """What came and went in one graph during an update; what went and came again is no change."""

    def __init__(self) -> None:
        self.added: dict[int, Ids] = {}
        self.removed: dict[int, Ids] = {}

    def note(self, predicate: int, came: Ids, went: Ids) -> None:
        """Adds what came and what went (sorted, once each)."""
        for pairs, side, other in ((went, self.removed, self.added), (came, self.added, self.removed)):
            if len(pairs):
                back = other.get(predicate, no_ids())
                again = np.intersect1d(pairs, back, assume_unique=True)
                if len(again):
                    other[predicate] = np.setdiff1d(back, again, assume_unique=True)
                    pairs = np.setdiff1d(pairs, again, assume_unique=True)
                side[predicate] = np.union1d(side.get(predicate, no_ids()), pairs)

    def change(self) -> Change:
        """All of it."""
        return Change(*({p: pairs for p, pairs in side.items() if len(pairs)} for side in (self.added, self.removed)))


@dataclass(slots=True)
class _Level:
    """What is known when a stage is over."""

    stage: Stage
    tally: Tally
    facts: Facts


@dataclass(slots=True)
class Progress:
    """What an update did: units worked out again by layer (-1: all of them)."""

    units: dict[str, int]


class Derivation:
    """The facts of one engagement; `facts` is what they are now."""

    def __init__(self, known: Facts, moment: Moment, parameters: Parameters) -> None:
        self._moment, self._parameters = moment, parameters
        self._stated = known.copy()
        self._stated.add(engagement_facts(moment))
        self._levels: list[_Level] = []
        self.progress = Progress({})
        self._build()

    @property
    def facts(self) -> Facts:
        """Everything that is stated and derived."""
        return self._levels[-1].facts

    # ---- the first time

    def _build(self) -> None:
        self._levels = []
        facts = self._stated
        self._limits = self._parameters
        for stage in stages(self._moment, lambda: self._limits):
            if stage.name == "agreements":
                self._limits = with_policies(facts, self._moment, self._parameters)
            tally, facts = Tally(), facts.copy()
            for layer in stage.layers:
                change = tally.change({}, layer.derive(facts, None))
                facts.state(change.added)
            self._levels.append(_Level(stage, tally, facts))
        self._asking = _Asking([layer for level in self._levels for layer in level.stage.layers])

    # ---- from then on

    def update(self, added: Iterable[Triple], removed: Iterable[Triple]) -> Change | None:
        """Takes statements out, then puts statements in; returns what came and went by that, stated or derived.

        None says that everything was worked out again, because the change reaches too much.
        """
        self.progress = Progress({})
        before = [self._stated.copy(), *(level.facts.copy() for level in self._levels)]
        came, went = self._state(added, removed)
        if sum(map(len, (*came.values(), *went.values()))) > HUB * len(self._stated):
            self._build()
            return None
        pending = [_Pending() for _ in before]
        self._spread(-1, Change(came, went), pending)
        for place, level in enumerate(self._levels):
            if level.stage.name == "agreements" and self._other_limits(place):
                self._build()
                return None
            facts = self._before(place)
            for layer in level.stage.layers:
                units = self._touched(layer, before[place], facts, pending[place])
                if units is None or len(units):
                    self.progress.units[layer.name] = -1 if units is None else len(units)
                    change = level.tally.change(layer.derive(before[place], units), layer.derive(facts, units))
                    self._spread(place, change, pending)
        return pending[-1].change()

    def _state(self, added: Iterable[Triple], removed: Iterable[Triple]) -> tuple[dict[int, Ids], dict[int, Ids]]:
        """What came and went of what is stated."""
        columns = self._stated.columns
        came: dict[int, Ids] = {}
        went: dict[int, Ids] = {}
        for triples, put, side in ((removed, self._stated.withdraw, went), (added, self._stated.state, came)):
            pairs = Columns.of(triples, columns.terms)
            for predicate in pairs.predicates():
                there = columns.holds(predicate, pairs.packed(predicate))
                packed = pairs.packed(predicate)[there if side is went else ~there]
                if len(packed):
                    side[predicate] = packed
            put(side)
        for predicate in came.keys() & went.keys():
            both = np.intersect1d(came[predicate], went[predicate])
            came[predicate], went[predicate] = (np.setdiff1d(s[predicate], both) for s in (came, went))
        return came, went

    def _other_limits(self, place: int) -> bool:
        """Whether policies say other things of limits than before."""
        return with_policies(self._before(place), self._moment, self._parameters) != self._limits

    def _before(self, place: int) -> Facts:
        return self._levels[place - 1].facts if place else self._stated

    def _spread(self, place: int, change: Change, pending: list[_Pending]) -> None:
        """Brings a change of what one stage derives (-1: of what is stated) to all graphs that show it.

        Stages that derive nothing of a predicate share its column with the stage before.
        """
        for predicate in dict.fromkeys((*change.removed, *change.added)):
            came, went = (side.get(predicate, no_ids()) for side in (change.added, change.removed))
            if place < 0:
                pending[0].note(predicate, came, went)
            shared: Ids | None = None
            for at in range(max(place, 0), len(self._levels)):
                level = self._levels[at]
                columns = level.facts.columns
                if shared is not None and columns.packed(predicate) is shared and not level.tally.size(predicate):
                    level.facts.share(predicate, self._levels[at - 1].facts)
                else:
                    shared = columns.packed(predicate)
                    shown = came[~columns.holds(predicate, came)]
                    gone = went[columns.holds(predicate, went)]
                    gone = gone[~self._derived(predicate, gone, at)]
                    level.facts.withdraw({predicate: gone})
                    level.facts.state({predicate: shown})
                pending[at + 1].note(predicate, shown, gone)

    def _derived(self, predicate: int, pairs: Ids, until: int) -> Mask:
        """Which pairs are stated, or derived by a stage up to this one."""
        found = self._stated.columns.holds(predicate, pairs)
        for level in self._levels[: until + 1] if len(pairs) else ():
            found |= level.tally.holds(predicate, pairs)
        return found

    def _touched(self, layer: Layer, before: Facts, now: Facts, pending: _Pending) -> Ids | None:
        """The units of a layer that changes lead to; None for all."""
        found = [no_ids()]
        for side, facts in ((pending.removed, before), (pending.added, now)):
            for predicate, pairs in side.items():
                for reach in self._asking.about(layer, predicate, facts) if len(pairs) else ():
                    units = followed(facts.columns, reach, predicate, pairs, MOST)
                    if units is None:
                        return None
                    found.append(units)
        return np.unique(np.concatenate(found))


class _Asking:
    """Which of the statements that layers ask about have which predicate."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self._named: dict[tuple[str, str], list[Reach]] = {}
        self._any: dict[str, list[Reach]] = {}
        for layer in layers:
            for reach in layer.reaches:
                slot = reach.statement.predicate
                if isinstance(slot, Variable):
                    self._any.setdefault(layer.name, []).append(reach)
                else:
                    self._named.setdefault((layer.name, slot.value), []).append(reach)

    def about(self, layer: Layer, predicate: int, facts: Facts) -> Iterable[Reach]:
        """The ways that start at statements of a predicate."""
        name = facts.columns.terms[predicate].value
        yield from self._named.get((layer.name, name), ())
        yield from self._any.get(layer.name, ())
