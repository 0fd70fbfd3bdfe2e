"""What an assessment of a company with chosen defects must show, and where it differs."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from gapgraph.demo.defect import Defect, Expected
from gapgraph.model import Assessment, ControlResult, DesignOutcome, OperationOutcome, Outcome, ReportType

_T = TypeVar("_T")

_UNTESTED = ""
UNTESTED = frozenset(_UNTESTED.split())
"""Criteria that no voting requirement looks at: never a conclusion, in a clean company either."""

ANSWERS_NOTHING = "C-OTH-"
"""How ids of controls of no listed type start: suitable, but there is nothing to conclude on."""

_CRITERIA = (Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET_WITH_EXCEPTIONS, Outcome.MET)
_DESIGNS = (DesignOutcome.DEFICIENT, DesignOutcome.NOT_EVIDENCED, DesignOutcome.SUITABLE)
_OPERATIONS = (
    OperationOutcome.NOT_EFFECTIVE,
    OperationOutcome.NO_CONCLUSION,
    OperationOutcome.EFFECTIVE_WITH_EXCEPTION,
)
_GOOD = frozenset({OperationOutcome.EFFECTIVE, OperationOutcome.NOT_OCCURRING})


def expect(defects: Iterable[Defect], size: str, type: ReportType) -> Expected:
    """The union of the gaps, and the worst outcome of each control and criterion."""
    planted = list(defects)
    parts = [defect.expected(size, type) for defect in planted]
    if type is ReportType.TYPE_II:
        names = {defect.name for defect in planted}
        parts += [d.among_few[size] for d in planted if size in d.among_few and not d.joined_by & names]
    gaps: frozenset[tuple[str, str]] = frozenset().union(*(p.gaps for p in parts))
    return Expected(
        gaps,
        _worst([p.designs for p in parts], _DESIGNS),
        _worst([p.operations for p in parts], _OPERATIONS),
        _worst([p.criteria for p in parts], _CRITERIA),
    )


def _worst(parts: Sequence[Mapping[str, _T]], order: Sequence[_T]) -> Mapping[str, _T]:
    found: dict[str, _T] = {}
    for part in parts:
        for id, outcome in part.items():
            found[id] = min(found.get(id, outcome), outcome, key=order.index)
    return MappingProxyType(found)


def differences(expected: Expected, assessment: Assessment, engagement: str, base: str) -> list[str]:
    """Every difference between what an engagement must show and what it shows, in sentences."""
    found = [f"fault: {f.path}:{f.row} {f.message}" for f in assessment.meta.faults]
    seen = {(g.requirement, g.subject.removeprefix(base)) for g in assessment.gaps if g.engagement == engagement}
    found += [f"gap missing: {requirement} {subject}" for requirement, subject in sorted(expected.gaps - seen)]
    found += [f"gap not expected: {requirement} {subject}" for requirement, subject in sorted(seen - expected.gaps)]
    for criterion in assessment.criteria:
        if criterion.engagement == engagement:
            clean = Outcome.NO_CONCLUSION if criterion.id in UNTESTED else Outcome.MET
            wanted = expected.criteria.get(criterion.id, clean)
            if criterion.outcome is not wanted:
                found.append(f"{criterion.id}: {criterion.outcome}, expected {wanted}")
    for control in assessment.controls:
        if control.engagement == engagement:
            found += _control(control, expected)
    return found


def _control(control: ControlResult, expected: Expected) -> list[str]:
    found = []
    design = expected.designs.get(control.id, DesignOutcome.SUITABLE)
    if control.design is not design:
        found.append(f"{control.id}: design {control.design}, expected {design}")
    if control.operation is None:
        return found
    default = {OperationOutcome.NO_CONCLUSION} if control.id.startswith(ANSWERS_NOTHING) else _GOOD
    wanted = {expected.operations[control.id]} if control.id in expected.operations else default
    if control.operation not in wanted:
        found.append(f"{control.id}: {control.operation}, expected {' or '.join(sorted(wanted))}")
    return found
