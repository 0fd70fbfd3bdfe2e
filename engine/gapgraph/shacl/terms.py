"""The dictionary: each RDF term of data and shapes has one number; it is looked at once, however often it stands.

Lexical forms are kept: `"01"^^xsd:integer` and `"1"^^xsd:integer` are two terms.
"""

from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from pyoxigraph import BlankNode, Literal, NamedNode

__all__ = ["BLANK", "IRI", "LITERAL", "Ids", "Mask", "Term", "Terms", "no_ids"]

Term = NamedNode | BlankNode | Literal
Ids = npt.NDArray[np.int64]
"""Numbers of terms, one dimension."""
Mask = npt.NDArray[np.bool_]

IRI, BLANK, LITERAL = 0, 1, 2


def no_ids() -> Ids:
    """An empty array of numbers."""
    return np.empty(0, np.int64)


def _kind(term: Term) -> int:
    return IRI if isinstance(term, NamedNode) else LITERAL if isinstance(term, Literal) else BLANK


class Terms:
    """Numbers for terms, given in the order in which they are met; a number is never given again."""

    __slots__ = ("_kinds", "_terms", "ids")

    def __init__(self) -> None:
        self.ids: dict[Term, int] = {}
        self._terms: list[Term] = []
        self._kinds = bytearray()

    @classmethod
    def of_these(cls, terms: Sequence[Term]) -> Self:
        """The dictionary in which these terms, all different, have their places as numbers."""
        made = cls()
        made._terms = list(terms)
        made.ids = {term: id for id, term in enumerate(terms)}
        made._kinds = bytearray(map(_kind, terms))
        return made

    def __len__(self) -> int:
        return len(self._terms)

    def __getitem__(self, id: int) -> Term:
        return self._terms[id]

    def id(self, term: Term) -> int:
        """The number of a term, given to it now where it had none."""
        found = self.ids.get(term)
        return self.new(term) if found is None else found

    def new(self, term: Term) -> int:
        """Gives a number to a term that has none."""
        id = self.ids[term] = len(self._terms)
        self._terms.append(term)
        self._kinds.append(_kind(term))
        return id

    def several(self, terms: Iterable[Term]) -> Ids:
        """The numbers of terms, in their order."""
        return np.fromiter((self.id(term) for term in terms), np.int64)

    def of(self, ids: Iterable[int]) -> list[Term]:
        """The terms of these numbers."""
        return [self._terms[id] for id in ids]

    def kinds(self, ids: Ids) -> npt.NDArray[np.uint8]:
        """IRI, BLANK or LITERAL of each number."""
        return np.frombuffer(self._kinds, np.uint8)[ids]
