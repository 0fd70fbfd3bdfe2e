"""The five relations between sets of obligations, and sets of them where it is not known which one holds.

The relations are those of NIST IR 8477; as an algebra they are RCC-5. What two relations in a row leave possible stands
in `data/crosswalks/composition.csv`, which a test works out again over all sets.
"""

import csv
from enum import Flag
from functools import cache
from typing import Self

from gapgraph import assets

__all__ = ["ANY", "OVERLAP", "WITHIN", "Relation", "compose", "inverse"]


class Relation(Flag):
    """The relations that a focal element may have to a reference element: one alone is certain, none contradicts."""

    EQUAL = 1
    SUBSET = 2
    """All obligations of the focal element are among those of the reference element, which has more."""
    SUPERSET = 4
    INTERSECTS = 8
    """They share obligations, and each has some of its own."""
    NONE = 16
    """They share no obligation."""

    @classmethod
    def named(cls, name: str) -> Self:
        """The relation of this name in IR 8477. Raises KeyError for any other name."""
        return cls(_NAMES[name])

    @property
    def names(self) -> tuple[str, ...]:
        """The names in IR 8477 of the relations that are possible."""
        return tuple(name for name, value in _NAMES.items() if value & self.value)

    def __str__(self) -> str:
        return " or ".join(self.names) or "contradiction"


_NAMES = {"equal": 1, "subset-of": 2, "superset-of": 4, "intersects-with": 8, "no-relationship": 16}

ANY = Relation(31)
"""Nothing is known."""
WITHIN = Relation.EQUAL | Relation.SUBSET
"""Every obligation of the focal element is one of the reference element."""
OVERLAP = ANY & ~Relation.NONE
"""They share obligations."""


def inverse(relation: Relation) -> Relation:
    """The relation of the reference element to the focal element."""
    value = relation.value
    return Relation((value & 0b11001) | (value & 2) << 1 | (value & 4) >> 1)


def compose(first: Relation, second: Relation) -> Relation:
    """What is possible between A and C where `first` holds between A and B, and `second` between B and C."""
    return _table()[first.value][second.value]


@cache
def _table() -> tuple[tuple[Relation, ...], ...]:
    """What is possible for each pair of sets of relations: the union over their members."""
    with assets.path("data", "crosswalks", "composition.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    single = {
        (_NAMES[row["a_to_b"]], _NAMES[row["b_to_c"]]): sum(_NAMES[n] for n in row["possible_a_to_c"].split(";"))
        for row in rows
    }
    bits = tuple(_NAMES.values())

    def union(first: int, second: int) -> int:
        found = 0
        for one in bits:
            for other in bits:
                if one & first and other & second:
                    found |= single[one, other]
        return found

    return tuple(tuple(Relation(union(first, second)) for second in range(32)) for first in range(32))
