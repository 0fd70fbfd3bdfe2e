"""A graph as columns: for each predicate one sorted array of packed (subject, object) pairs, and its inverse on demand.

A pair is `subject << 32 | object`, so a graph can hold 2^31 terms. Everything that is asked of a graph here is a merge
of sorted arrays, for all nodes at once.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
from pyoxigraph import Quad, RdfFormat, Triple, parse

from gapgraph.shacl.terms import Ids, Mask, Term, Terms, no_ids

__all__ = ["Columns", "Pairs", "among", "each_once", "expand", "pack", "sorted_unique", "unpack"]

_LOW = np.int64(0xFFFFFFFF)
_NONE = no_ids()


class Pairs(NamedTuple):
    """Two columns of one predicate, sorted by the first and then the second."""

    first: Ids
    second: Ids


def pack(first: Ids, second: Ids) -> Ids:
    """One number for each pair; sorting it sorts by first, then second."""
    return (first << np.int64(32)) | second


def unpack(packed: Ids) -> Pairs:
    """The pairs again."""
    return Pairs(packed >> np.int64(32), packed & _LOW)


def sorted_unique(first: Ids, second: Ids) -> Pairs:
    """The distinct pairs, sorted."""
    return unpack(np.unique(pack(first, second)))


def among(known: Ids, wanted: Ids) -> Mask:
    """Which of these numbers are among others, which are sorted."""
    if not len(known):
        return np.zeros(len(wanted), bool)
    places = np.searchsorted(known, wanted)
    places[places == len(known)] = 0
    return np.asarray(known[places] == wanted)


def each_once(first: Ids, second: Ids) -> Pairs:
    """The distinct pairs, sorted, of numbers of any size."""
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    fresh = np.ones(len(first), bool)
    fresh[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
    return Pairs(first[fresh], second[fresh])


def expand(low: Ids, high: Ids) -> tuple[Ids, Ids]:
    """The ranges `low[i]:high[i]` one after another, as (i of each place, place)."""
    lengths = high - low
    rows = np.repeat(np.arange(len(low)), lengths)
    starts = np.cumsum(lengths) - lengths
    return rows, np.arange(len(rows)) - np.repeat(starts - low, lengths)


class Columns:
    """A graph of statements; `terms` may be shared with other graphs."""

    def __init__(self, terms: Terms | None = None) -> None:
        self.terms = Terms() if terms is None else terms
        self._packed: dict[int, Ids] = {}
        self._inverse: dict[int, Ids] = {}
        self._forward: dict[int, Pairs] = {}
        self._backward: dict[int, Pairs] = {}

    @classmethod
    def of(cls, triples: Iterable[Triple | Quad], terms: Terms | None = None) -> Self:
        """The graph that holds these statements (of quads: whatever their graph)."""
        made = cls(terms)
        made.change(triples, ())
        return made

    @classmethod
    def parsed(cls, content: bytes, format: RdfFormat, *, base: str | None = None, terms: Terms | None = None) -> Self:
        """The graph of a document in any RDF syntax, lexical forms kept. Raises SyntaxError with line and column."""
        return cls.of(parse(content, format=format, base_iri=base), terms)

    def _by_predicate(self, triples: Iterable[Triple | Quad]) -> Iterator[tuple[int, Ids]]:
        """Packed pairs of statements, sorted and once each, by predicate."""
        subjects, predicates, objects = self._encode(triples)
        order = np.argsort(predicates, kind="stable")
        packed, predicates = pack(subjects[order], objects[order]), predicates[order]
        starts = np.flatnonzero(np.r_[True, predicates[1:] != predicates[:-1]][: len(predicates)])
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(predicates)][: len(starts)], strict=True):
            yield int(predicates[start]), np.unique(packed[start:end])

    def _encode(self, triples: Iterable[Triple | Quad]) -> tuple[Ids, Ids, Ids]:
        numbers = array("q")
        push, get, new = numbers.append, self.terms.ids.get, self.terms.new
        term: Term
        for t in triples:
            for term in (t.subject, t.predicate, t.object):  # type: ignore[assignment] # no quoted triples in data
                id = get(term)
                push(new(term) if id is None else id)
        table = np.frombuffer(numbers, np.int64).reshape(-1, 3) if numbers else np.empty((0, 3), np.int64)
        return table[:, 0], table[:, 1], table[:, 2]

    def __len__(self) -> int:
        return sum(len(packed) for packed in self._packed.values())

    def __contains__(self, triple: tuple[int, int, int]) -> bool:
        subject, predicate, object = triple
        packed = self._packed.get(predicate)
        if packed is None:
            return False
        wanted = (subject << 32) | object
        place = int(np.searchsorted(packed, wanted))
        return place < len(packed) and int(packed[place]) == wanted

    def size(self, predicate: int) -> int:
        """How many statements have this predicate."""
        packed = self._packed.get(predicate)
        return 0 if packed is None else len(packed)

    def holds(self, predicate: int, pairs: Ids) -> Mask:
        """Whether there is a statement of each packed pair."""
        return among(self.packed(predicate), pairs)

    def predicates(self) -> Collection[int]:
        """The numbers of all predicates that statements have."""
        return self._packed.keys()

    def packed(self, predicate: int) -> Ids:
        """Packed (subject, object) pairs, sorted."""
        return self._packed.get(predicate, _NONE)

    def inverse(self, predicate: int) -> Ids:
        """Packed (object, subject) pairs, sorted."""
        found = self._inverse.get(predicate)
        if found is None:
            found = self._inverse[predicate] = np.sort(_turned(self.packed(predicate)))
        return found

    def forward(self, predicate: int) -> Pairs:
        """(subjects, objects), sorted by subject."""
        found = self._forward.get(predicate)
        if found is None:
            found = self._forward[predicate] = unpack(self.packed(predicate))
        return found

    def backward(self, predicate: int) -> Pairs:
        """(objects, subjects), sorted by object."""
        found = self._backward.get(predicate)
        if found is None:
            found = self._backward[predicate] = unpack(self.inverse(predicate))
        return found

    def objects(self, subject: int, predicate: int) -> list[int]:
        """The objects of one subject and predicate."""
        packed = self._packed.get(predicate)
        if packed is None:
            return []
        low, high = packed.searchsorted((subject << 32, (subject + 1) << 32)).tolist()
        return (packed[low:high] & _LOW).tolist()  # type: ignore[no-any-return]

    def subjects(self, predicate: int, object: int) -> Ids:
        """The subjects of one predicate and object, sorted."""
        objects, subjects = self.backward(predicate)
        low, high = np.searchsorted(objects, (object, object + 1))
        return subjects[low:high]

    def share(self, predicate: int, other: "Columns") -> None:
        """Has the statements of a predicate that another graph over the same terms has, in the same column."""
        for mine, theirs in ((self._packed, other._packed), (self._inverse, other._inverse)):
            if predicate in theirs:
                mine[predicate] = theirs[predicate]
            else:
                mine.pop(predicate, None)
        self._forward.pop(predicate, None)
        self._backward.pop(predicate, None)

    def copy(self) -> Self:
        """The same statements in a graph of its own that shares the terms; columns are shared until one changes."""
        made = type(self)(self.terms)
        made._packed, made._inverse = self._packed.copy(), self._inverse.copy()
        made._forward, made._backward = self._forward.copy(), self._backward.copy()
        return made

    def where(self, kept: Callable[[int, Ids], Mask | None]) -> Self:
        """The statements that are kept, by predicate and subjects; None keeps all of a predicate."""
        made = self.copy()
        for predicate, packed in self._packed.items():
            mask = kept(predicate, packed >> np.int64(32))
            if mask is not None and not mask.all():
                made.delete(predicate, packed[~mask])
        return made

    def change(self, added: Iterable[Triple | Quad], removed: Iterable[Triple | Quad]) -> set[int]:
        """Takes statements out, then puts statements in; what is there already, or not there, is passed over.

        Returns the predicates of both.
        """
        touched = set()
        for put, triples in ((self.delete, removed), (self.insert, added)):
            for predicate, pairs in self._by_predicate(triples):
                put(predicate, pairs)
                touched.add(predicate)
        return touched

    def insert(self, predicate: int, pairs: Ids) -> Ids:
        """Puts in packed pairs, sorted and once each; returns those that were not there."""
        fresh = pairs[~self.holds(predicate, pairs)]
        if len(fresh):
            self._set(predicate, fresh, _merged)
        return fresh

    def delete(self, predicate: int, pairs: Ids) -> Ids:
        """Takes out packed pairs, sorted and once each; returns those that were there."""
        gone = pairs[self.holds(predicate, pairs)]
        if len(gone):
            self._set(predicate, gone, _without)
        return gone

    def _set(self, predicate: int, pairs: Ids, how: Callable[[Ids, Ids], Ids]) -> None:
        packed = how(self._packed.get(predicate, no_ids()), pairs)
        inverse = self._inverse.pop(predicate, None)
        self._forward.pop(predicate, None)
        self._backward.pop(predicate, None)
        if not len(packed):
            self._packed.pop(predicate, None)
            return
        self._packed[predicate] = packed
        if inverse is not None:
            self._inverse[predicate] = how(inverse, np.sort(_turned(pairs)))

    def triples(self) -> Iterator[tuple[Term, Term, Term]]:
        """All statements as terms, by predicate."""
        for predicate in self._packed:
            name = self.terms[predicate]
            subjects, objects = self.forward(predicate)
            for subject, object in zip(subjects.tolist(), objects.tolist(), strict=True):
                yield self.terms[subject], name, self.terms[object]


def _merged(packed: Ids, pairs: Ids) -> Ids:
    return np.insert(packed, np.searchsorted(packed, pairs), pairs) if len(packed) else pairs


def _without(packed: Ids, pairs: Ids) -> Ids:
    return np.delete(packed, np.searchsorted(packed, pairs))


def _turned(packed: Ids) -> Ids:
    first, second = unpack(packed)
    return pack(second, first)
