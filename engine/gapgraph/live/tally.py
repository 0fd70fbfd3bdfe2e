"""How often each statement is derived: it goes when nothing derives it any more.

A statement counts once for each unit of each layer that derives it. A change is the difference between what the touched
units derived before and what they derive now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from gapgraph.shacl.columns import Pairs, among
from gapgraph.shacl.terms import Ids, Mask, no_ids

__all__ = ["Change", "Tally"]


@dataclass(frozen=True, slots=True)
class Change:
    """Statements that came and went, as packed pairs by predicate, sorted and once each."""

    added: Mapping[int, Ids]
    removed: Mapping[int, Ids]


class Tally:
    """The statements of one stage of the derivation with how often each is derived."""

    def __init__(self) -> None:
        self._packed: dict[int, Ids] = {}
        self._counts: dict[int, Ids] = {}

    def size(self, predicate: int) -> int:
        """How many statements of a predicate are derived here."""
        return len(self._packed.get(predicate, no_ids()))

    def holds(self, predicate: int, pairs: Ids) -> Mask:
        """Whether each packed pair is derived here."""
        return among(self._packed.get(predicate, no_ids()), pairs)

    def change(self, before: Mapping[int, Pairs], now: Mapping[int, Pairs]) -> Change:
        """Counts what the touched units derive now instead of before; returns what came and went by that."""
        added, removed = {}, {}
        for predicate in dict.fromkeys((*before, *now)):
            came, went = self._change(predicate, before.get(predicate), now.get(predicate))
            if len(came):
                added[predicate] = came
            if len(went):
                removed[predicate] = went
        return Change(added, removed)

    def _change(self, predicate: int, before: Pairs | None, now: Pairs | None) -> tuple[Ids, Ids]:
        pairs, steps = _net(before, now)
        if not len(pairs):
            return no_ids(), no_ids()
        packed = self._packed.get(predicate, no_ids())
        counts = self._counts.get(predicate, no_ids())
        known = self.holds(predicate, pairs)
        places = np.searchsorted(packed, pairs[known])
        counts = counts.copy()
        counts[places] += steps[known]
        gone = places[counts[places] <= 0]
        went = packed[gone]
        packed, counts = np.delete(packed, gone), np.delete(counts, gone)
        came, often = pairs[~known], steps[~known]
        at = np.searchsorted(packed, came)
        self._packed[predicate], self._counts[predicate] = np.insert(packed, at, came), np.insert(counts, at, often)
        return came, went


def _net(before: Pairs | None, now: Pairs | None) -> tuple[Ids, Ids]:
    """By how much the count of each pair changes, for those of which it does."""
    parts: Iterable[tuple[Pairs, int]] = [(p, s) for p, s in ((before, -1), (now, 1)) if p is not None]
    packed = np.concatenate([p.first for p, _ in parts])
    steps = np.concatenate([np.full(len(p.first), s, np.int64) for p, s in parts])
    pairs, back = np.unique(packed, return_inverse=True)
    net = np.bincount(back, steps, minlength=len(pairs)).astype(np.int64)
    return pairs[net != 0], net[net != 0]
