"""The covers that the project ships: of which requirements each criterion of a framework is made.

A cover is a row of `data/crosswalks/<framework>.covers.csv`. It names requirements by their ids whether or not the rule
set has them yet: what is not there yet is missing from the cover, and said so.
"""

import csv
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from gapgraph import assets
from gapgraph.errors import InputError, UsageError
from gapgraph.frameworks import load_framework
from gapgraph.mapping.network import Cover

__all__ = ["CriterionCover", "covered_frameworks", "load_covers"]

_SUFFIX = ".covers.csv"
_COLUMNS = (
    "id",
    "slices",
    "beyond",
    "complete",
    "missing",
    "gate",
    "applies_if",
    "alternative",
    "excluded_by",
    "contradicted_by",
    "system",
    "note",
)
_NEVER = "never"


@dataclass(frozen=True, slots=True)
class CriterionCover:
    """The requirements that make up a criterion.

    `slices` are ids of requirements, `beyond` those among them that ask for more than the criterion does: failing one
    of them alone is a candidate, not a verdict. `complete` is whether they are all there is to the criterion, `missing`
    names what is not among them. `gate` and `applies_if` are requirements that decide whether the criterion applies at
    all; `alternative` one that may stand for the slices (a documented decision on an addressable specification).
    `excluded_by` is the requirement under which a criterion may be excluded, empty where it may not be, and
    `contradicted_by` says what speaks against excluding it. `system` is the management system that the slices are
    evaluated for.
    """

    framework: str
    id: str
    slices: tuple[str, ...]
    beyond: frozenset[str]
    complete: bool
    missing: str
    gate: str
    applies_if: str
    alternative: str
    excluded_by: str
    contradicted_by: str
    system: str
    note: str

    @property
    def excludable(self) -> bool:
        """Whether the criterion may be excluded."""
        return bool(self.excluded_by)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The requirements that decide whether the slices are asked for at all."""
        named = (self.gate, self.applies_if, self.alternative, self.excluded_by)
        return tuple(dict.fromkeys(filter(None, named)))

    def absent(self, requirements: Collection[str]) -> tuple[str, ...]:
        """The slices and conditions that are not among these requirements."""
        named = dict.fromkeys((*self.slices, *self.conditions))
        return tuple(one for one in named if one not in requirements)

    def within(self, requirements: Collection[str]) -> Cover:
        """The cover by these requirements alone.

        It is complete only where the whole cover is and nothing is absent. Without its conditions it has no slices: a
        failed one could be one that nobody asks for.
        """
        absent = self.absent(requirements)
        known = not set(self.conditions).intersection(absent)
        there = tuple(one for one in self.slices if known and one not in absent)
        complete = self.complete and not absent
        return Cover(f"{self.framework}:{self.id}", there, complete, self.beyond.intersection(there), self.framework)


def covered_frameworks() -> tuple[str, ...]:
    """The ids of the frameworks whose covers the project ships, sorted."""
    folder = assets.path("data", "crosswalks")
    return tuple(sorted(file.name.removesuffix(_SUFFIX) for file in folder.glob(f"*{_SUFFIX}")))


@cache
def load_covers(framework: str) -> tuple[CriterionCover, ...]:
    """The covers of a framework, one for each of its criteria, in its order.

    Raises
    ------
    UsageError
        If the project ships no covers of that framework.
    InputError
        If a row is not understood, names no criterion of the framework or one that another row names, or a criterion
        has none.
    """
    if framework not in covered_frameworks():
        raise UsageError(f"there are no covers of {framework!r}; there are of {', '.join(covered_frameworks())}")
    file = assets.path("data", "crosswalks", framework + _SUFFIX)
    found: dict[str, CriterionCover] = {}
    order = [criterion.id for criterion in load_framework(framework).criteria]
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise InputError(f"the columns are not {', '.join(_COLUMNS)}", file, 1)
        for row in reader:
            try:
                cover = _cover(framework, row)
                if cover.id not in order:
                    raise ValueError(f"{framework} has no criterion {cover.id!r}")
                if cover.id in found:
                    raise ValueError(f"a second cover of {cover.id}")
            except ValueError as error:
                raise InputError(str(error), file, reader.line_num) from None
            found[cover.id] = cover
    without = [id for id in order if id not in found]
    if without:
        raise InputError(f"{without[0]} has no cover", file, remedy="Give it a row, if only to say what is missing.")
    return tuple(found[id] for id in order)


def _cover(framework: str, row: dict[str, str]) -> CriterionCover:
    slices, beyond = (tuple(filter(None, row[column].split(";"))) for column in ("slices", "beyond"))
    if len(set(slices)) < len(slices) or not set(beyond) <= set(slices):
        raise ValueError(f"{row['id']}: each slice stands once, and those beyond are among them")
    if row["complete"] not in {"yes", "no"}:
        raise ValueError(f"{row['id']}: complete is yes or no, not {row['complete']!r}")
    complete = row["complete"] == "yes"
    if complete == bool(row["missing"]) or (complete and not slices):
        raise ValueError(f"{row['id']}: a cover is complete, or says what is missing")
    return CriterionCover(
        framework=framework,
        id=row["id"],
        slices=slices,
        beyond=frozenset(beyond),
        complete=complete,
        missing=row["missing"],
        gate=row["gate"],
        applies_if=row["applies_if"],
        alternative=row["alternative"],
        excluded_by="" if row["excluded_by"] == _NEVER else row["excluded_by"],
        contradicted_by=row["contradicted_by"],
        system=row["system"],
        note=row["note"],
    )
