"""Facts that note what is looked up in them: an answer stays right until a change touches what it was made of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.facts import Facts
from gapgraph.live.tally import Change
from gapgraph.shacl.columns import among, unpack
from gapgraph.shacl.terms import Ids, Term, no_ids

__all__ = ["Looked", "Touched", "Watching"]


@dataclass(frozen=True, slots=True)
class Touched:
    """What a change touches: subjects (sorted), pairs of predicate and object, predicates."""

    subjects: Ids
    ends: frozenset[tuple[int, int]]
    predicates: frozenset[int]

    @classmethod
    def by(cls, change: Change, nodes: Ids) -> "Touched":
        """What came or went, and further nodes of which something is different."""
        subjects = [nodes]
        ends: set[tuple[int, int]] = set()
        for side in (change.added, change.removed):
            for predicate, pairs in side.items():
                first, second = unpack(pairs)
                subjects.append(first)
                ends.update((predicate, end) for end in np.unique(second).tolist())
        return cls(np.unique(np.concatenate(subjects)), frozenset(ends), frozenset(p for p, _ in ends))


@dataclass(slots=True)
class Looked:
    """What was looked up: all of some subjects, the subjects of a predicate and object, all of a predicate."""

    subjects: Ids = field(default_factory=no_ids)
    ends: set[tuple[int, int]] = field(default_factory=set)
    predicates: set[int] = field(default_factory=set)

    def meets(self, touched: Touched) -> bool:
        """Whether a change touches any of it."""
        if self.ends & touched.ends or self.predicates & touched.predicates:
            return True
        return bool(among(self.subjects, touched.subjects).any())


class Watching(Facts):
    """The same facts; `looked` tells what was looked up so far."""

    def __init__(self, facts: Facts) -> None:
        super().__init__(facts.columns, facts.ranks)
        self._objects, self._asked, self._glossary = facts._objects, facts._asked, facts._glossary
        self._known_days = facts._known_days
        self._subjects: list[int] = []
        self._many: list[Ids] = []
        self._met: set[tuple[int, int]] = set()
        self._whole: set[int] = set()

    def looked(self) -> Looked:
        """What was looked up."""
        subjects = np.unique(np.concatenate([np.array(self._subjects, np.int64), *self._many]))
        return Looked(subjects, self._met, self._whole)

    def note(self, nodes: Ids) -> None:
        """Notes that all of these nodes was looked up."""
        self._many.append(nodes)

    def _id(self, term: Term) -> int:
        """A number for a term in any case: there may be statements of it tomorrow."""
        return self.columns.terms.id(term)

    def _ends(self, subject: int, predicate: int) -> list[int]:
        self._subjects.append(subject)
        return super()._ends(subject, predicate)

    def __contains__(self, triple: Triple) -> bool:
        self._subjects.append(self._id(triple.subject))  # type: ignore[arg-type] # no quoted triples in facts
        return super().__contains__(triple)

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
        """As in all facts."""
        self._id(subject)
        return super().objects(subject, predicate)

    def each_end(self, nodes: Ids, predicate: NamedNode) -> Iterator[tuple[int, Term]]:
        """As in all facts."""
        self._many.append(nodes)
        return super().each_end(nodes, predicate)

    def meeting(self, predicate: NamedNode, value: Term) -> Ids:
        """As in all facts."""
        self._met.add((self._id(predicate), self._id(value)))
        return super().meeting(predicate, value)

    def having(self, predicate: NamedNode) -> Ids:
        """As in all facts."""
        self._whole.add(self._id(predicate))
        return super().having(predicate)

    def values(self, predicate: NamedNode) -> list[Term]:
        """As in all facts."""
        self._whole.add(self._id(predicate))
        return super().values(predicate)

    def subjects(self, predicate: NamedNode, value: NamedNode | Literal | None) -> list[NamedNode]:
        """As in all facts."""
        if value is None:
            self._whole.add(self._id(predicate))
        else:
            self._met.add((self._id(predicate), self._id(value)))
        return super().subjects(predicate, value)

    def pairs(self, predicate: NamedNode) -> Iterator[tuple[Term, Term]]:
        """As in all facts."""
        self._whole.add(self._id(predicate))
        return super().pairs(predicate)

    def about(self, subject: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
        """As in all facts."""
        self._subjects.append(self._id(subject))
        return super().about(subject)

    def copy(self) -> Facts:  # type: ignore[override] # what is added to a copy is no look-up
        """A copy that notes nothing."""
        made = Facts(self.columns.copy(), self.ranks)
        made._glossary, made._known_days = self._glossary, self._known_days
        return made

    def add(self, triples: object) -> None:
        """Watched facts do not change."""
        raise TypeError("facts that are watched do not change")

    def state(self, pairs: Mapping[int, Ids]) -> None:
        """Watched facts do not change."""
        raise TypeError("facts that are watched do not change")
