"""A graph as columns: for each predicate one sorted array of packed (subject, object) pairs, and its inverse on demand.

A pair is `subject << 32 | object`, so a graph can hold 2^31 terms. Everything that is asked of a graph here is a merge
of sorted arrays, for all nodes at once.
"""

from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple, Self

import numpy as np
from pyoxigraph import Quad, RdfFormat, Triple, parse

from gapgraph.shacl.terms import Ids, Term, Terms, no_ids

__all__ = ["Columns", "Pairs", "expand", "pack", "sorted_unique", "unpack"]

_LOW = np.int64(0xFFFFFFFF)


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
        self._forward: dict[int, Pairs] = {}
        self._backward: dict[int, Pairs] = {}

    @classmethod
    def of(cls, triples: Iterable[Triple | Quad], terms: Terms | None = None) -> Self:
        """The graph that holds these statements (of quads: whatever their graph)."""
        made = cls(terms)
        subjects, predicates, objects = made._encode(triples)
        order = np.argsort(predicates, kind="stable")
        subjects, predicates, objects = subjects[order], predicates[order], objects[order]
        starts = np.flatnonzero(np.r_[True, predicates[1:] != predicates[:-1]]) if len(predicates) else no_ids()
        for start, end in zip(starts, [*starts[1:], len(predicates)], strict=True):
            made._packed[int(predicates[start])] = np.unique(pack(subjects[start:end], objects[start:end]))
        return made

    @classmethod
    def parsed(cls, content: bytes, format: RdfFormat, *, base: str | None = None, terms: Terms | None = None) -> Self:
        """The graph of a document in any RDF syntax, lexical forms kept. Raises SyntaxError with line and column."""
        return cls.of(parse(content, format=format, base_iri=base), terms)

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

    def predicates(self) -> Collection[int]:
        """The numbers of all predicates that statements have."""
        return self._packed.keys()

    def forward(self, predicate: int) -> Pairs:
        """(subjects, objects), sorted by subject."""
        found = self._forward.get(predicate)
        if found is None:
            found = self._forward[predicate] = unpack(self._packed.get(predicate, no_ids()))
        return found

    def backward(self, predicate: int) -> Pairs:
        """(objects, subjects), sorted by object."""
        found = self._backward.get(predicate)
        if found is None:
            subjects, objects = self.forward(predicate)
            found = self._backward[predicate] = unpack(np.sort(pack(objects, subjects)))
        return found

    def change(self, added: Iterable[Triple | Quad], removed: Iterable[Triple | Quad]) -> None:
        """Takes statements out, then puts statements in; what is there already, or not there, is passed over."""
        for sign, triples in ((-1, removed), (1, added)):
            subjects, predicates, objects = self._encode(triples)
            for predicate in np.unique(predicates):
                here = predicates == predicate
                keys = np.unique(pack(subjects[here], objects[here]))
                self._patch(int(predicate), keys, sign)

    def _patch(self, predicate: int, keys: Ids, sign: int) -> None:
        packed = self._packed.get(predicate, no_ids())
        places = np.searchsorted(packed, keys)
        there = np.zeros(len(keys), bool)
        inside = places < len(packed)
        there[inside] = packed[places[inside]] == keys[inside]
        if sign < 0:
            packed = np.delete(packed, places[there])
        else:
            packed = np.insert(packed, places[~there], keys[~there])
        if len(packed):
            self._packed[predicate] = packed
        else:
            self._packed.pop(predicate, None)
        self._forward.pop(predicate, None)
        self._backward.pop(predicate, None)

    def triples(self) -> Iterator[tuple[Term, Term, Term]]:
        """All statements as terms, by predicate."""
        for predicate in self._packed:
            name = self.terms[predicate]
            subjects, objects = self.forward(predicate)
            for subject, object in zip(subjects.tolist(), objects.tolist(), strict=True):
                yield self.terms[subject], name, self.terms[object]
