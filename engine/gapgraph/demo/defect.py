"""What a defect is: something wrong that is planted, and what it must cause, said by hand and never computed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from gapgraph.demo.company import SIZES, Company
from gapgraph.model import DesignOutcome, OperationOutcome, Outcome, ReportType

_EVERY = frozenset(SIZES) - {"tiny"}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Expected:
    """What an assessment must show: gaps as (requirement, subject), controls and criteria unlike a clean company.

    A subject is `REGISTER/ID` or `organisation`.
    """

    gaps: frozenset[tuple[str, str]] = frozenset()
    designs: Mapping[str, DesignOutcome] = field(default_factory=lambda: MappingProxyType({}))
    operations: Mapping[str, OperationOutcome] = field(default_factory=lambda: MappingProxyType({}))
    criteria: Mapping[str, Outcome] = field(default_factory=lambda: MappingProxyType({}))


NOTHING = Expected()
"""No gap, and every outcome as in a clean company."""


def says(
    *gaps: str,
    ineffective: str = "",
    excepted: str = "",
    unconcluded: str = "",
    deficient: str = "",
    not_met: str = "",
    exceptions: str = "",
    no_conclusion: str = "",
) -> Expected:
    """An expectation in words: gaps as `ACC-01 systems/crm`, then ids of controls and of criteria by outcome."""
    operations = {
        OperationOutcome.NOT_EFFECTIVE: ineffective,
        OperationOutcome.EFFECTIVE_WITH_EXCEPTION: excepted,
        OperationOutcome.NO_CONCLUSION: unconcluded,
    }
    criteria = {
        Outcome.NOT_MET: not_met,
        Outcome.MET_WITH_EXCEPTIONS: exceptions,
        Outcome.NO_CONCLUSION: no_conclusion,
    }
    pairs = [gap.split() for gap in gaps]
    return Expected(
        frozenset((requirement, subject) for requirement, subject in pairs),
        MappingProxyType(dict.fromkeys(deficient.split(), DesignOutcome.DEFICIENT)),
        MappingProxyType(_by_id(operations)),
        MappingProxyType(_by_id(criteria)),
    )


def _by_id(words: Mapping[_T, str]) -> dict[str, _T]:
    return {id: outcome for outcome, ids in words.items() for id in ids.split()}


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong with a company.

    `plant` changes the rows; `type2` and `type1` are what a Type II and a Type I engagement must show, `by_size` says
    so where a population of another size decides otherwise. `excludes` names defects that cannot be planted with it;
    one that changes what an engagement asks moves every expectation, so it is planted `alone`. `among_few` is what a
    Type II engagement shows beside that in a company of that size where none of `joined_by`, which add to the same
    population, is planted too.
    """

    name: str
    title: str
    plant: Callable[[Company], None]
    type2: Expected
    type1: Expected = NOTHING
    by_size: Mapping[str, tuple[Expected, Expected]] = field(default_factory=lambda: MappingProxyType({}))
    sizes: frozenset[str] = _EVERY
    excludes: frozenset[str] = frozenset()
    alone: bool = False
    among_few: Mapping[str, Expected] = field(default_factory=lambda: MappingProxyType({}))
    joined_by: frozenset[str] = frozenset()

    def expected(self, size: str, type: ReportType) -> Expected:
        """What the defect causes in a company of that size."""
        type2, type1 = self.by_size.get(size, (self.type2, self.type1))
        return type2 if type is ReportType.TYPE_II else type1


def sizes(*names: str, type2: Expected, type1: Expected = NOTHING) -> dict[str, tuple[Expected, Expected]]:
    """The same expectation for several sizes."""
    return dict.fromkeys(names, (type2, type1))


def clashes(a: Defect, b: Defect) -> bool:
    """Whether two defects cannot be planted together."""
    return a.alone or b.alone or b.name in a.excludes or a.name in b.excludes


def named(defects: Iterable[Defect]) -> dict[str, Defect]:
    """Defects by name. Raises ValueError for a name that comes twice."""
    found: dict[str, Defect] = {}
    for defect in defects:
        if defect.name in found:
            raise ValueError(f"the defect {defect.name} is there twice")
        found[defect.name] = defect
    return found
