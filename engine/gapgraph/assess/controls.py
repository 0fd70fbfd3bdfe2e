"""Every control of an engagement: its design and operation over all requirements that it answers, and why."""

from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import NamedNode

from gapgraph.assess import gaps as gap_builder
from gapgraph.assess.evidence import Evidence
from gapgraph.assess.judged import ControlShare, Judged
from gapgraph.assess.operation import overall
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.facts import Facts
from gapgraph.model import ControlRequirementResult, ControlResult, OperationOutcome, Outcome, ReportType
from gapgraph.workspace import EngagementConfig


def fault_reason(faults: Sequence[str]) -> str:
    """The sentence that says which faults of the input could touch something."""
    more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
    return f"input faults could touch it: {'; '.join(faults[:3])}{more}"


def withhold(judged: Mapping[str, Judged], touched: Mapping[str, Sequence[str]]) -> None:
    """Leaves controls without a conclusion on the requirements that a fault of the input could touch."""
    for id, one in judged.items():
        if not touched.get(id):
            continue
        for share in one.by_control.values():
            if share.operation is not None:
                share.operation = OperationOutcome.NO_CONCLUSION
                share.reasons.insert(0, fault_reason(touched[id]))


def operation_of(control: str, judged: Mapping[str, Judged]) -> OperationOutcome | None:
    """How a control operated over all requirements: the worst; None where nothing of its operation was tested."""
    return overall(j.by_control[control].operation for j in judged.values() if control in j.by_control)


def control_results(
    evidence: Evidence, judged: Mapping[str, Judged], config: EngagementConfig, id_of: Callable[[str], str]
) -> tuple[ControlResult, ...]:
    """The result of each control that was not retired before the judged time, by id."""
    answered: dict[str, list[tuple[str, Judged]]] = {}
    for id, one in sorted(judged.items()):
        for control in one.controls:
            answered.setdefault(control, []).append((id, one))
    found = []
    for node in evidence.facts.subjects(TYPE, gg("Control")):
        retired = evidence.facts.day(node, gg("retiredOn"))
        if retired is None or retired > evidence.moment.judged.start:
            found.append(_result(node, evidence, judged, answered.get(node.value, ()), config, id_of))
    return tuple(sorted(found, key=lambda c: c.id))


def _result(
    node: NamedNode,
    evidence: Evidence,
    judged: Mapping[str, Judged],
    mine: Sequence[tuple[str, Judged]],
    config: EngagementConfig,
    id_of: Callable[[str], str],
) -> ControlResult:
    facts = evidence.facts
    design, results = evidence.design_of(node.value)
    shares = [(id, j.by_control[node.value]) for id, j in mine if node.value in j.by_control]
    reasons = [r.message for r in results]
    reasons += [f"{id}: {r}" for id, share in shares for r in dict.fromkeys(share.reasons)]
    operation = overall(share.operation for _, share in shares) or OperationOutcome.NO_CONCLUSION
    if not mine:
        operation, why = _without_requirement(node, facts, judged)
        reasons.append(why)
    chances = [c for _, s in shares if (c := gap_builder.chance_of(s)) is not None]
    owner = facts.text(node, gg("owner"))
    tested = config.type is ReportType.TYPE_II
    return ControlResult(
        engagement=config.id,
        id=id_of(node.value),
        title=facts.text(node, LABEL) or node.value,
        iri=node.value,
        type=(facts.text(node, gg("controlType")) or "").rpartition("#")[2],
        owner=id_of(owner) if owner else None,
        design=design,
        operation=operation if tested else None,
        reasons=tuple(reasons),
        requirements=tuple(_answer(id, share, tested=tested) for id, share in shares),
        population=sum(s.population for _, s in shares),
        passes=sum(s.passes for _, s in shares),
        deviations=sum(s.deviations for _, s in shares),
        sample_exception_chance=max(chances, default=None),
        since=facts.day(node, gg("implementedOn")),
    )


def _answer(id: str, share: ControlShare, *, tested: bool) -> ControlRequirementResult:
    return ControlRequirementResult(
        id,
        share.operation if tested else None,
        share.population,
        share.passes,
        share.deviations,
        tuple(dict.fromkeys(share.reasons)),
    )


def _without_requirement(node: NamedNode, facts: Facts, judged: Mapping[str, Judged]) -> tuple[OperationOutcome, str]:
    """The operation of a control that covers nothing in scope, and why: not applicable where no requirement applies."""
    types = {o.value for o in facts.objects(node, gg("controlType"))}
    said = {o.value for o in facts.objects(node, gg("addresses"))}
    asked = [j for j in judged.values() if types & set(j.info.control_types) or j.info.iri in said]
    if asked and all(j.outcome is Outcome.NOT_APPLICABLE for j in asked):
        ids = ", ".join(sorted(j.info.id for j in asked))
        return OperationOutcome.NOT_APPLICABLE, f"none of the requirements that it answers applies: {ids}"
    return OperationOutcome.NO_CONCLUSION, "it answers no requirement of the profile in this scope"
