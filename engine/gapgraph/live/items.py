"""Population items, read once and read again only where a change touches them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pyoxigraph import NamedNode

from gapgraph.assess.items import Item, collect, in_order
from gapgraph.derive.facts import TYPE, Moment, gg
from gapgraph.facts import Facts
from gapgraph.live.watching import Touched, Watching
from gapgraph.shacl.terms import Ids

__all__ = ["Items"]


@dataclass(slots=True)
class _Population:
    nodes: Ids
    items: dict[str, Item]
    ordered: list[Item]


class Items:
    """The items of populations of one engagement, in order."""

    def __init__(self, moment: Moment) -> None:
        self._known_before = moment.known_before
        self._known: dict[tuple[str, str], _Population] = {}

    def of(self, facts: Facts, population: str, gap_subject: str) -> Sequence[Item]:
        """The items of a population; facts that are watched note that they were looked up."""
        key = population, gap_subject
        nodes = facts.instances(NamedNode(population))
        if isinstance(facts, Watching):
            facts.note(nodes)
        found = self._known.get(key)
        if found is None:
            ordered = collect(facts, population, self._known_before, gap_subject)
            found = self._known[key] = _Population(nodes, {item.iri: item for item in ordered}, ordered)
        return found.ordered

    def update(self, facts: Facts, touched: Touched) -> None:
        """Reads again what a change touches."""
        if (facts.columns.terms.id(TYPE), facts.columns.terms.id(gg("WindowSlot"))) in touched.ends:
            self._known.clear()  # what a slot is decides the days of its item
        terms = facts.columns.terms
        for (population, gap_subject), known in self._known.items():
            nodes = facts.instances(NamedNode(population))
            gone = np.setdiff1d(known.nodes, nodes, assume_unique=True)
            came = np.setdiff1d(nodes, known.nodes, assume_unique=True)
            other = np.union1d(came, np.intersect1d(nodes, touched.subjects, assume_unique=True))
            if not len(gone) and not len(other):
                continue
            for node in gone.tolist():
                del known.items[terms[node].value]
            some = collect(facts, population, self._known_before, gap_subject, other)
            known.items.update((item.iri, item) for item in some)
            known.nodes, known.ordered = nodes, in_order(known.items.values())
