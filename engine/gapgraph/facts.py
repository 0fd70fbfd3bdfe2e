"""What is known of one engagement: statements as columns, with look-ups of single nodes.

A copy costs as many references as there are predicates: what an engagement derives is added to a copy, never taken out
of a shared graph again.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Self

import numpy as np
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from gapgraph.namespaces import PREFIXES
from gapgraph.shacl import Columns
from gapgraph.shacl.columns import expand
from gapgraph.shacl.terms import Ids, Mask, Term
from gapgraph.shacl.values import Ranks
from gapgraph.sources.cells import DATE

_OURS = (PREFIXES["gg"], PREFIXES["ggs"], PREFIXES["tsc"])
_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_POPULATION = NamedNode(PREFIXES["gg"] + "population")
_SUBCLASS = NamedNode(PREFIXES["rdfs"] + "subClassOf")
_FEW = 64
"""A predicate is indexed once more than one in so many of its statements was looked up."""


def first_day(terms: Iterable[Term]) -> date | None:
    """The first of these terms that is a date, or None."""
    for term in terms:
        if isinstance(term, Literal) and term.datatype == DATE:
            try:
                return date.fromisoformat(term.value)
            except ValueError:
                continue
    return None


class Facts:
    """Statements, and typed look-ups of what they say."""

    def __init__(self, columns: Columns | None = None, ranks: Ranks | None = None) -> None:
        self.columns = Columns() if columns is None else columns
        self.ranks = Ranks(self.columns.terms) if ranks is None else ranks
        self._objects: dict[int, dict[int, list[int]]] = {}
        self._asked: dict[int, int] = {}
        self._glossary = bytearray()
        self._known_days: dict[Term, date | None] = {}

    @classmethod
    def of(cls, triples: Iterable[Triple | Quad]) -> Self:
        """These statements."""
        return cls(Columns.of(triples))

    def copy(self) -> Self:
        """The same statements, to which others can be added; terms keep their numbers."""
        made = type(self)(self.columns.copy(), self.ranks)
        made._objects, made._asked = self._objects.copy(), self._asked.copy()
        made._glossary, made._known_days = self._glossary, self._known_days
        return made

    def __len__(self) -> int:
        return len(self.columns)

    def __iter__(self) -> Iterator[Triple]:
        for subject, predicate, object in self.columns.triples():
            if not isinstance(subject, Literal) and isinstance(predicate, NamedNode):
                yield Triple(subject, predicate, object)

    def __contains__(self, triple: Triple) -> bool:
        ids = self.columns.terms.ids
        subject, predicate, object = (
            ids.get(term, -1)  # type: ignore[arg-type] # no quoted triples in facts
            for term in (triple.subject, triple.predicate, triple.object)
        )
        return min(subject, predicate, object) >= 0 and (subject, predicate, object) in self.columns

    def add(self, triples: Iterable[Triple | Quad]) -> None:
        """Adds statements; what is there already stays once."""
        self._forget(self.columns.change(triples, ()))

    def change(self, added: Iterable[Triple | Quad], removed: Iterable[Triple | Quad]) -> None:
        """Takes statements out, then puts statements in."""
        self._forget(self.columns.change(added, removed))

    def state(self, pairs: Mapping[int, Ids]) -> None:
        """Adds statements as packed pairs of numbers by predicate, sorted."""
        for predicate, packed in pairs.items():
            self.columns.insert(predicate, packed)
        self._forget(pairs)

    def withdraw(self, pairs: Mapping[int, Ids]) -> None:
        """Takes out statements as packed pairs of numbers by predicate, sorted."""
        for predicate, packed in pairs.items():
            self.columns.delete(predicate, packed)
        self._forget(pairs)

    def share(self, predicate: int, other: "Facts") -> None:
        """Has the statements of a predicate that others have, in the same column."""
        self.columns.share(predicate, other.columns)
        self._forget((predicate,))

    def _forget(self, predicates: Iterable[int]) -> None:
        for predicate in predicates:
            self._objects.pop(predicate, None)
            self._asked.pop(predicate, None)

    def _ends(self, subject: int, predicate: int) -> list[int]:
        """The numbers of the objects of a subject and predicate."""
        index = self._objects.get(predicate)
        if index is not None:
            return index.get(subject, [])
        asked = self._asked[predicate] = self._asked.get(predicate, 0) + 1
        if asked * _FEW > self.columns.size(predicate):
            made: dict[int, list[int]] = {}
            subjects, objects = self.columns.forward(predicate)
            for one, other in zip(subjects.tolist(), objects.tolist(), strict=True):
                made.setdefault(one, []).append(other)
            self._objects[predicate] = made
            return made.get(subject, [])
        return self.columns.objects(subject, predicate)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
        """The objects of a subject and predicate, sorted by text."""
        terms = self.columns.terms
        numbers = self._ends(terms.ids.get(subject, -1), terms.ids.get(predicate, -1))
        found = [term for n in numbers if not isinstance(term := terms[n], BlankNode)]
        return sorted(found, key=lambda o: o.value) if len(found) > 1 else found

    def each_end(self, nodes: Ids, predicate: NamedNode) -> Iterator[tuple[int, Term]]:
        """The place of a subject among `nodes` and an object, for each object of many subjects."""
        terms = self.columns.terms
        pairs = self.columns.forward(terms.ids.get(predicate, -1))
        rows, places = expand(pairs.first.searchsorted(nodes, "left"), pairs.first.searchsorted(nodes, "right"))
        return zip(rows.tolist(), terms.of(pairs.second[places].tolist()), strict=True)

    def firsts(self, nodes: Ids, predicate: NamedNode) -> list[Term | None]:
        """For each of many subjects the first object by text, or None."""
        found: list[Term | None] = [None] * len(nodes)
        for place, term in self.each_end(nodes, predicate):
            known = found[place]
            if known is None or term.value < known.value:
                found[place] = term
        return found

    def days(self, nodes: Ids, predicate: NamedNode) -> list[date | None]:
        """For each of many subjects the first day by text, or None."""
        found: list[date | None] = [None] * len(nodes)
        for place, term in self.each_end(nodes, predicate):
            day = self._day(term)
            known = found[place]
            if day is not None and (known is None or day < known):
                found[place] = day
        return found

    def _day(self, term: Term) -> date | None:
        if term not in self._known_days:
            self._known_days[term] = first_day((term,))
        return self._known_days[term]

    def meeting(self, predicate: NamedNode, value: Term) -> Ids:
        """The numbers of the subjects of a predicate and object, sorted."""
        ids = self.columns.terms.ids
        return self.columns.subjects(ids.get(predicate, -1), ids.get(value, -1))

    def instances(self, cls: NamedNode) -> Ids:
        """The numbers of the nodes that are stated to be of a class, sorted."""
        return self.meeting(_TYPE, cls)

    def among(self, population: Term, only: Ids | None = None) -> Ids:
        """The numbers of the items of a population, or of those of them that are among these (sorted), sorted."""
        found = self.meeting(_POPULATION, population)
        return found if only is None else np.intersect1d(found, only, assume_unique=True)

    def having(self, predicate: NamedNode) -> Ids:
        """The numbers of the subjects of a predicate, sorted; one with several objects stands several times."""
        return self.columns.forward(self.columns.terms.ids.get(predicate, -1)).first

    def values(self, predicate: NamedNode) -> list[Term]:
        """The objects of a predicate, once each, sorted by text."""
        terms = self.columns.terms
        numbers = np.unique(self.columns.backward(terms.ids.get(predicate, -1)).first)
        return sorted(terms.of(numbers.tolist()), key=lambda term: term.value)

    def node(self, number: int) -> NamedNode:
        """The node of a number that `meeting` or `instances` gave."""
        term = self.columns.terms[number]
        assert isinstance(term, NamedNode), term
        return term

    def named(self, numbers: Ids) -> list[NamedNode]:
        """The nodes of these numbers that have an IRI, sorted."""
        found = self.columns.terms.of(numbers.tolist())
        return sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value)

    def one(self, subject: NamedNode, predicate: NamedNode) -> NamedNode | Literal | None:
        """The first object, or None."""
        found = self.objects(subject, predicate)
        return found[0] if found else None

    def text(self, subject: NamedNode, predicate: NamedNode) -> str | None:
        """The text of the first object, or None."""
        found = self.one(subject, predicate)
        return found.value if found is not None else None

    def day(self, subject: NamedNode, predicate: NamedNode) -> date | None:
        """The first date, or None where there is none that can be read."""
        return first_day(self.objects(subject, predicate))

    def subjects(self, predicate: NamedNode, value: NamedNode | Literal | None) -> list[NamedNode]:
        """The subjects of a predicate and object (None: any), sorted and once each."""
        terms = self.columns.terms
        number = terms.ids.get(predicate, -1)
        if value is None:
            ids = np.unique(self.columns.forward(number).first)
        else:
            ids = self.columns.subjects(number, terms.ids.get(value, -1))
        return self.named(ids)

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Term, Term]]:
        """The subjects and objects of a predicate."""
        terms = self.columns.terms
        subjects, objects = self.columns.forward(terms.ids.get(predicate, -1))
        for subject, object in zip(subjects.tolist(), objects.tolist(), strict=True):
            yield terms[subject], terms[object]

    def about(self, subject: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
        """The predicates and objects of a subject."""
        terms = self.columns.terms
        number = terms.ids.get(subject, -1)
        for predicate in list(self.columns.predicates()):
            for end in self.columns.objects(number, predicate):
                name = terms[predicate]
                if isinstance(name, NamedNode):
                    yield name, terms[end]

    def judged(self) -> Columns:
        """What shapes see: every statement but the glossary (labels, definitions) of the ontology itself."""
        return self.columns.where(self.is_judged)

    def is_judged(self, predicate: int, subjects: Ids) -> Mask:
        """Whether shapes see the statements of a predicate, by their subjects."""
        if predicate == self.columns.terms.ids.get(_SUBCLASS, -1):
            return np.ones(len(subjects), bool)
        return ~self._ours()[subjects]

    def _ours(self) -> Mask:
        """Whether each term is one of our own vocabulary; copies, which share the terms, share the answer."""
        terms, known = self.columns.terms, self._glossary
        known.extend(term.value.startswith(_OURS) for term in terms.of(range(len(known), len(terms))))
        return np.array(known, bool)
