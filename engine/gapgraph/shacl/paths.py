"""Property paths: what they are, their inverse, and following one from many nodes at once.

Source: SHACL §2.3.1 (property paths), with the set semantics of SPARQL 1.1 §9.
"""

from dataclasses import dataclass

import numpy as np
from pyoxigraph import NamedNode

from gapgraph.shacl.columns import Columns, Pairs, expand, pack, sorted_unique, unpack
from gapgraph.shacl.terms import Ids, no_ids

__all__ = ["Alternative", "Inverse", "Path", "Predicate", "Repeat", "Sequence", "follow", "inverted"]

CHUNK = 20_000
"""Of how many nodes at a time closures are followed: bounds the pairs that stand in memory."""


@dataclass(frozen=True, slots=True)
class Predicate:
    """One step along a predicate."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """A path walked backwards."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class Sequence:
    """One path after another."""

    paths: tuple["Path", ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Any of several paths."""

    paths: tuple["Path", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A path walked at least `least` times (0 or 1), and once at most unless `many`."""

    path: "Path"
    least: int
    many: bool


Path = Predicate | Inverse | Sequence | Alternative | Repeat


def inverted(path: Path) -> Path:
    """The path walked backwards."""
    match path:
        case Predicate():
            return Inverse(path)
        case Inverse(inner):
            return inner
        case Sequence(paths):
            return Sequence(tuple(inverted(p) for p in reversed(paths)))
        case Alternative(paths):
            return Alternative(tuple(inverted(p) for p in paths))
        case Repeat(inner, least, many):
            return Repeat(inverted(inner), least, many)


def follow(graph: Columns, path: Path, nodes: Ids) -> Pairs:
    """Where a path leads from each of `nodes`: (place in `nodes`, node reached), sorted, each once."""
    match path:
        case Predicate(iri):
            return join(nodes, graph.forward(graph.terms.id(iri)))
        case Inverse(Predicate(iri)):
            return join(nodes, graph.backward(graph.terms.id(iri)))
        case Inverse(inner):
            return follow(graph, inverted(inner), nodes)
        case Sequence(paths):
            reached = Pairs(np.arange(len(nodes)), nodes)
            for step in paths:
                reached = _step(graph, step, reached)
            return reached
        case Alternative(paths):
            parts = [follow(graph, one, nodes) for one in paths]
            return sorted_unique(np.concatenate([p.first for p in parts]), np.concatenate([p.second for p in parts]))
        case Repeat(inner, _, many) if not many:
            rows, values = follow(graph, inner, nodes)
            return sorted_unique(np.r_[np.arange(len(nodes)), rows], np.r_[nodes, values])
        case Repeat(inner, least, _):
            return _closure(graph, inner, nodes, least)
    raise AssertionError(path)


def join(nodes: Ids, pairs: Pairs) -> Pairs:
    """For each of `nodes` the second column where the first equals it."""
    low = np.searchsorted(pairs.first, nodes, "left")
    high = np.searchsorted(pairs.first, nodes, "right")
    rows, places = expand(low, high)
    return Pairs(rows, pairs.second[places])


def _step(graph: Columns, path: Path, reached: Pairs) -> Pairs:
    """One step further, walked once for each distinct node that was reached."""
    distinct, back = np.unique(reached.second, return_inverse=True)
    onward = follow(graph, path, distinct)
    low = np.searchsorted(onward.first, back, "left")
    high = np.searchsorted(onward.first, back, "right")
    rows, places = expand(low, high)
    return sorted_unique(reached.first[rows], onward.second[places])


def _closure(graph: Columns, path: Path, nodes: Ids, least: int) -> Pairs:
    """The closure of a path from each node, semi-naive, some nodes at a time; cycles end where nothing new is met."""
    parts = []
    for start in range(0, len(nodes), CHUNK):
        some = nodes[start : start + CHUNK]
        here = Pairs(np.arange(len(some)), some)
        fresh = here if least == 0 else _step(graph, path, here)
        seen = pack(*fresh)
        while len(fresh.first):
            packed = pack(*_step(graph, path, fresh))
            packed = packed[~np.isin(packed, seen, assume_unique=True)]
            seen = np.sort(np.r_[seen, packed])
            fresh = unpack(packed)
        rows, values = unpack(seen)
        parts.append(Pairs(rows + start, values))
    if not parts:
        return Pairs(no_ids(), no_ids())
    return Pairs(np.concatenate([p.first for p in parts]), np.concatenate([p.second for p in parts]))
