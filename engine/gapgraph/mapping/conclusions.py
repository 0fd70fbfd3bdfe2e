"""From outcomes that are known to outcomes that follow from them over a network of mappings and covers.

Met flows from an element to what lies within it, failed from an element to what it lies within; a complete cover is met
when all its slices are, and where it failed and all slices but one are met, that one failed. Where one element failed
and another is met, the first does not lie within the second, which may make another relation certain.
"""

import copy
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass

from gapgraph.mapping.network import Cover, Mapping, Network, Step
from gapgraph.mapping.relations import WITHIN, inverse

__all__ = ["Conclusion", "Conflict", "Outcomes", "conclude"]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """An outcome that follows: from the outcomes of `because`, by the statements of `steps` or by a cover."""

    met: bool
    because: tuple[str, ...]
    steps: tuple[Step, ...]
    cover: Cover | None = None

    @property
    def weakest(self) -> int | None:
        """The least strength of the mappings in the chain; a hint for the eye, never a probability."""
        stated = (step.stated for step in self.steps)
        strengths = (one.strength for one in stated if isinstance(one, Mapping) and one.strength is not None)
        return min(strengths, default=None)


@dataclass(frozen=True, slots=True)
class Conflict:
    """An element whose outcome is known or follows, and of which the opposite follows too: some statement is wrong."""

    element: str
    found: bool
    against: Conclusion


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What follows beyond what was known, by element, and where that contradicts itself.

    Where there is a conflict or the network holds a contradiction nothing follows from any of it: `conclusions` is
    empty then.
    """

    conclusions: Map[str, Conclusion]
    conflicts: tuple[Conflict, ...]


def conclude(network: Network, known: Map[str, bool]) -> Outcomes:
    """What follows from the elements that are met (True) or failed (False); the network itself is left as it is."""
    if network.contradictions:
        return Outcomes({}, ())
    network = copy.deepcopy(network)
    outcomes = dict(known)
    found: dict[str, Conclusion] = {}
    while True:
        fresh = [(e, c) for e, c in _following(network, outcomes) if outcomes.get(e) != c.met]
        conflicts = tuple(Conflict(e, outcomes[e], c) for e, c in fresh if e in outcomes)
        if conflicts:
            return Outcomes({}, conflicts)
        for element, conclusion in fresh:
            found.setdefault(element, conclusion)
            outcomes.setdefault(element, conclusion.met)
        if not _told_apart(network, outcomes) and not fresh:
            return Outcomes({} if network.contradictions else found, ())


def _following(network: Network, outcomes: Map[str, bool]) -> Iterator[tuple[str, Conclusion]]:
    for element, met in outcomes.items():
        for other, relation in network.related(element):
            if (inverse(relation) if met else relation) in WITHIN:
                yield other, Conclusion(met, (element,), network.steps(element, other))
    for cover in network.covers:
        if not cover.complete:
            continue
        open_slices = [part for part in cover.slices if outcomes.get(part) is not True]
        others = tuple(part for part in cover.slices if part not in open_slices)
        if not open_slices:
            yield cover.element, Conclusion(True, cover.slices, (), cover)
        elif len(open_slices) == 1 and outcomes.get(cover.element) is False:
            yield open_slices[0], Conclusion(False, (cover.element, *others), (), cover)


def _told_apart(network: Network, outcomes: Map[str, bool]) -> bool:
    """Takes from the network the relations that the outcomes exclude; whether there were any."""
    changed = False
    for element, met in outcomes.items():
        if met:
            continue
        for other, relation in list(network.related(element)):
            if outcomes.get(other) is True and relation & WITHIN:
                network.tell_apart(element, other)
                changed = True
    return changed
