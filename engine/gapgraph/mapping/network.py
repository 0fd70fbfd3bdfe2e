"""Mappings and covers as one network: what is possible between any two elements, brought down as far as it goes.

Every pair starts with all five relations. A mapping takes some away, two pairs in a row take some away from the pair
that they span, and a complete cover passes on what all its slices share. This is repeated until nothing changes, which
is algebraic closure (path consistency). Each step keeps what it rests on, so that a conclusion shows its mappings.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from gapgraph.mapping.relations import ANY, OVERLAP, WITHIN, Relation, compose, inverse

__all__ = ["Contradiction", "Cover", "Mapping", "Network", "Step"]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A stated relation of a focal element to a reference element.

    `strength` is the author's, 1 to 10, or None; it is shown and never calculated with. `source` says where it stands.
    """

    focal: str
    relation: Relation
    reference: str
    strength: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The slices that make up an element.

    Where `complete`, every obligation of the element is in one of the slices. A slice is part of the element, unless it
    is in `beyond`: such a slice asks for something of the element and for more.
    """

    element: str
    slices: tuple[str, ...]
    complete: bool = True
    beyond: frozenset[str] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of a chain, read in the direction in which it was used."""

    focal: str
    relation: Relation
    reference: str
    stated: Mapping | Cover | None
    """What states it; None for a pair of outcomes that tells the two apart."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two elements between which the stated mappings leave no relation possible, and the steps that do so."""

    focal: str
    reference: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class _Reason:
    """What brought a pair down: a step, or pairs as they were after so many reasons of their own."""

    step: Step | None
    pairs: tuple[tuple[str, str, int], ...]
    length: int


@dataclass(slots=True)
class Network:
    """Elements and what is known between them; `depth` bounds the number of statements in a chain, None does not.

    A statement that contradicts those before it is listed and passed over.
    """

    depth: int | None = None
    covers: list[Cover] = field(default_factory=list)
    contradictions: list[Contradiction] = field(default_factory=list)
    bounded: bool = False
    """Whether `depth` kept something from being looked at."""
    _known: defaultdict[str, dict[str, Relation]] = field(default_factory=lambda: defaultdict(dict))
    _reasons: defaultdict[tuple[str, str], list[_Reason]] = field(default_factory=lambda: defaultdict(list))
    _covered: defaultdict[str, list[Cover]] = field(default_factory=lambda: defaultdict(list))
    _pending: deque[tuple[str, str]] = field(default_factory=deque)

    def add(self, mapping: Mapping) -> None:
        """Takes a mapping in and works out what follows."""
        self._state(mapping.focal, mapping.relation, mapping.reference, mapping)
        self._close()

    def cover(self, cover: Cover) -> None:
        """Takes a cover in and works out what follows; nothing follows from one without slices."""
        if not cover.slices:
            return
        self.covers.append(cover)
        for part in cover.slices:
            self._covered[part].append(cover)
            relation = OVERLAP if part in cover.beyond else WITHIN
            if cover.complete and cover.slices == (part,):
                relation &= Relation.EQUAL | Relation.SUPERSET
            self._state(part, relation, cover.element, cover)
        self._covered[cover.element].append(cover)
        for other in sorted({o for part in (*cover.slices, cover.element) for o in (part, *self._known[part])}):
            self._through(cover, other)
        self._close()

    def tell_apart(self, failed: str, met: str) -> None:
        """One element failed and another is met: the first is not within the second."""
        self._state(failed, ANY & ~WITHIN, met, None)
        self._close()

    def possible(self, focal: str, reference: str) -> Relation:
        """The relations that are possible between two elements."""
        return Relation.EQUAL if focal == reference else self._known.get(focal, {}).get(reference, ANY)

    def related(self, focal: str) -> Iterator[tuple[str, Relation]]:
        """The elements about which something is known beside this one, and what."""
        yield from self._known.get(focal, {}).items()

    def steps(self, focal: str, reference: str) -> tuple[Step, ...]:
        """The statements on which the relation of two elements rests, each once, from the focal element on."""
        count = len(self._reasons.get(_key(focal, reference), ()))
        return tuple(dict.fromkeys(self._steps(focal, reference, count)))

    def _steps(self, focal: str, reference: str, count: int) -> Iterator[Step]:
        key = _key(focal, reference)
        for reason in self._reasons[key][:count]:
            found = [reason.step] if reason.step else [s for a, b, n in reason.pairs for s in self._steps(a, b, n)]
            if key == (focal, reference):
                yield from found
            else:
                yield from (_turned(step) for step in reversed(found))

    def _state(self, focal: str, relation: Relation, reference: str, stated: Mapping | Cover | None) -> None:
        self._narrow(focal, reference, relation, Step(focal, relation, reference, stated), ())

    def _narrow(
        self, focal: str, reference: str, relation: Relation, step: Step | None, pairs: tuple[tuple[str, str], ...]
    ) -> None:
        before = self.possible(focal, reference)
        after = before & relation
        if after == before:
            return
        counted = tuple((a, b, len(self._reasons.get(_key(a, b), ()))) for a, b in pairs)
        length = 1 if step else sum(self._length(a, b) for a, b in pairs)
        if self.depth is not None and length > self.depth:
            self.bounded = True
            return
        if not after:
            new = (step,) if step else tuple(s for a, b, n in counted for s in self._steps(a, b, n))
            known = self.steps(focal, reference) if focal != reference else ()
            self.contradictions.append(Contradiction(focal, reference, tuple(dict.fromkeys((*known, *new)))))
            return
        key = _key(focal, reference)
        if key != (focal, reference):
            step, counted = _turned(step) if step else None, tuple((b, a, n) for a, b, n in reversed(counted))
        self._reasons[key].append(_Reason(step, counted, length))
        self._known[focal][reference] = after
        self._known[reference][focal] = inverse(after)
        self._pending.append((focal, reference))

    def _length(self, focal: str, reference: str) -> int:
        return max((r.length for r in self._reasons.get(_key(focal, reference), ())), default=0)

    def _close(self) -> None:
        while self._pending:
            focal, reference = self._pending.popleft()
            for one, two in ((focal, reference), (reference, focal)):
                relation = self.possible(one, two)
                for other, beyond in list(self._known[two].items()):
                    if other != one:
                        self._narrow(one, other, compose(relation, beyond), None, ((one, two), (two, other)))
                for cover in self._covered.get(one, ()):
                    self._through(cover, two)

    def _through(self, cover: Cover, other: str) -> None:
        """What all slices of a complete cover have in common towards another element, the whole has.

        And backwards: where the whole has not, and all slices but one have, that one has not.
        """
        if not cover.complete or cover.element == other:
            return
        relations = {part: self.possible(part, other) for part in cover.slices}
        known = tuple((part, other) for part in cover.slices if part != other)
        parts = tuple((cover.element, part) for part in cover.slices)
        for shared in (WITHIN, Relation.NONE):
            missing = [part for part, relation in relations.items() if relation not in shared]
            if not missing:
                self._narrow(cover.element, other, shared, None, (*parts, *known))
            elif len(missing) == 1 and missing[0] != other and not self.possible(cover.element, other) & shared:
                rest = tuple(pair for pair in known if pair[0] != missing[0])
                whole = (*reversed(parts), (cover.element, other), *rest)
                self._narrow(missing[0], other, ANY & ~shared, None, whole)


def _key(focal: str, reference: str) -> tuple[str, str]:
    return (focal, reference) if focal <= reference else (reference, focal)


def _turned(step: Step) -> Step:
    return Step(step.reference, inverse(step.relation), step.focal, step.stated)
