"""One requirement in one engagement: its items, what failed, what each control answers, and the outcome."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from pyoxigraph import NamedNode

from gapgraph.assess.evidence import Evidence, Series
from gapgraph.assess.items import Item
from gapgraph.assess.judged import ControlShare, Finding, Judged
from gapgraph.assess.operation import Instance, Judgement, judge, overall
from gapgraph.assess.rollup import answer, best, worst
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.model import (
    DesignOutcome,
    Deviation,
    OperationOutcome,
    Outcome,
    ReportType,
    ResultSeverity,
)
from gapgraph.namespaces import GG
from gapgraph.profile import Check, Part, Requirement, Thresholds

OCCURRENCE, EVENT = str(GG.Occurrence), str(GG.EventItem)


def judge_requirement(requirement: Requirement, evidence: Evidence) -> Judged:
    """Judges one requirement: coverage and design first, then operation per part, control and subject."""
    info = requirement.info
    judged = Judged(info)
    if _too_small(info.applies_from_headcount, evidence, judged):
        return judged
    if not info.control_types:
        _without_controls(requirement, evidence, judged)
        return judged
    series = [s for part in requirement.parts for s in evidence.series.get(part.population, ())]
    judged.controls = tuple(sorted({s.control for s in series}))
    coverage = evidence.coverage.get(info.iri, [])
    if not coverage:
        _nothing_in_scope(evidence, judged)
        return judged
    uncovered = _coverage(coverage, evidence, judged)
    _design(evidence, judged)
    design_only = evidence.moment.type is ReportType.TYPE_I and ReportType.TYPE_I not in info.applies
    outcomes = [Outcome.NOT_MET] * len(uncovered)
    for part in requirement.parts:
        outcomes += _part(part, evidence, judged, design_only=design_only)
    judged.outcome = worst(outcomes)
    if design_only:
        judged.reasons.append("Type I: judged on the design of its controls, operation is not tested")
    return judged


def _too_small(least: int, evidence: Evidence, judged: Judged) -> bool:
    """Whether the organisation is smaller than the profile asks for; a roster without anybody says nothing."""
    people = len(list(evidence.facts.subjects(TYPE, gg("ActivePerson")))) if least else 0
    if not 0 < people < least:
        return False
    judged.outcome = Outcome.NOT_APPLICABLE
    judged.reasons.append(f"applies from {least} people on; the roster has {people} at the end of the judged time")
    return True


def _nothing_in_scope(evidence: Evidence, judged: Judged) -> None:
    if evidence.scope_is_approved():
        judged.outcome = Outcome.NOT_APPLICABLE
        judged.reasons.append("the approved scope holds nothing that it applies to")
    else:
        judged.reasons.append("nothing in scope that it applies to, and no approved scope statement that shows it")


def _coverage(coverage: Sequence[Item], evidence: Evidence, judged: Judged) -> list[str]:
    part = evidence.profile.coverage
    bare: dict[str, Deviation] = {}
    for item in coverage:
        found = evidence.deviation(item, part)
        if found is not None:
            bare.setdefault(item.covers, found)
    if bare and not judged.controls:
        judged.reasons.append("no control of the organisation answers it")
        organisation = evidence.moment.organisation.value
        for deviation in bare.values():
            judged.findings.append(
                Finding(deviation, organisation, "", tuple(part.checks.values()), missing_control=True)
            )
    elif bare:
        judged.reasons.append(f"{len(bare)} in scope without a control")
        for covers, deviation in sorted(bare.items()):
            judged.findings.append(Finding(deviation, covers, "", tuple(part.checks.values()), missing_control=True))
    return sorted(bare)


def _design(evidence: Evidence, judged: Judged) -> None:
    for control in judged.controls:
        item = evidence.design.get(control)
        if item is None:
            continue
        found = evidence.deviation(item, evidence.profile.design)
        if found is not None:
            checks = _failing(evidence, item, evidence.profile.design)
            judged.findings.append(Finding(found, control, control, checks))
            judged.reasons.append(f"design of a control: {found.checks[0].message}")


def _failing(evidence: Evidence, item: Item, part: Part) -> tuple[Check, ...]:
    return tuple(part.checks[r.shape] for r in evidence.results.get(item.iri, ()) if r.shape in part.checks)


def _part(part: Part, evidence: Evidence, judged: Judged, *, design_only: bool) -> list[Outcome]:
    """The outcome per subject of one part: OR over the controls that cover it."""
    answers: dict[str, list[Outcome]] = defaultdict(list)
    items: dict[str, list[Item]] = defaultdict(list)
    if not design_only:
        for item in _items(part, evidence, judged):
            items[item.control].append(item)
    by_control: dict[str, list[Series]] = defaultdict(list)
    for s in evidence.series.get(part.population, ()):
        by_control[s.control].append(s)
    for control, own in sorted(by_control.items()):
        design, _ = evidence.design_of(control)
        share = judged.by_control.setdefault(control, ControlShare())
        late = evidence.placed_late(control)
        if design_only:
            for s in own:
                answers[s.covers].append(_softened(answer(design, None), late))
            continue
        operations = _operate(part, control, own, items.get(control, []), evidence, judged, share)
        for s in own:
            answers[s.covers].append(_softened(answer(design, operations[s.covers]), late))
        share.operation = overall([share.operation, *operations.values()])
    return [best(a) for _, a in sorted(answers.items())]


def _items(part: Part, evidence: Evidence, judged: Judged) -> Sequence[Item]:
    return evidence.items(part.population, judged.info.subject_path)


def _softened(outcome: Outcome, late: bool) -> Outcome:
    return Outcome.MET_WITH_EXCEPTIONS if late and outcome is Outcome.MET else outcome


def _operate(
    part: Part,
    control: str,
    own: Sequence[Series],
    items: Sequence[Item],
    evidence: Evidence,
    judged: Judged,
    share: ControlShare,
) -> dict[str, OperationOutcome]:
    kind = evidence.kind(part.population)
    if not items:
        return _empty(part, control, own, kind, evidence, judged, share)
    event = kind == EVENT
    rates = event or evidence.has_members(part.population)
    instances: dict[str, list[Instance]] = defaultdict(list)
    noted = [(item, _note(item, part, evidence, judged, share, event=event)) for item in items]
    failed = any(severity is not None for _, severity in noted)
    for item, severity in noted:
        known = _instance(item, severity, evidence, judged, event=event) if failed else Instance(item.iri, severity)
        instances[item.covers].append(known)
    if rates:
        return _by_rates(own, instances, evidence.profile.thresholds, judged, share)
    found = {}
    for s in own:
        mine = instances.get(s.covers)
        if not mine:
            found[s.covers] = OperationOutcome.NOT_OCCURRING
            continue
        verdict = judge(mine, evidence.profile.thresholds, rates=False)
        _say(verdict, judged, share)
        found[s.covers] = verdict.outcome
    return found


def _instance(
    item: Item, severity: ResultSeverity | None, evidence: Evidence, judged: Judged, *, event: bool
) -> Instance:
    """An item with what its deviation could share with others; states share their last judged day, no week.

    Where nothing failed nothing is shared, and nobody asks.
    """
    facts, node = evidence.facts, NamedNode(item.iri)
    system = item.covers
    if system == evidence.moment.organisation.value:
        system = next((s for r in item.records if (s := facts.text(NamedNode(r), gg("onSystem")))), "")
    performer = facts.text(node, gg("approver")) or facts.text(node, gg("reviewer")) or ""
    cause = next((c for r in item.records if (c := evidence.causes.get((judged.info.iri, r)))), "")
    return Instance(item.iri, severity, system, performer, item.on if event else None, cause)


def _by_rates(
    own: Sequence[Series],
    instances: Mapping[str, list[Instance]],
    thresholds: Thresholds,
    judged: Judged,
    share: ControlShare,
) -> dict[str, OperationOutcome]:
    """One verdict over all subjects; unless the failure is systematic, a subject without a finding is effective."""
    verdict = judge([i for some in instances.values() for i in some], thresholds, rates=True)
    _say(verdict, judged, share)
    judged.asks_for_cause |= verdict.isolated_without_cause
    found = {}
    for s in own:
        mine = instances.get(s.covers)
        if not mine:
            found[s.covers] = OperationOutcome.NOT_OCCURRING
        elif verdict.systematic or any(i.severity is not None for i in mine):
            found[s.covers] = verdict.outcome
        else:
            found[s.covers] = OperationOutcome.EFFECTIVE
    return found


def _say(verdict: Judgement, judged: Judged, share: ControlShare) -> None:
    if verdict.outcome is not OperationOutcome.EFFECTIVE:
        judged.reasons += verdict.reasons
        share.reasons += verdict.reasons


def _note(
    item: Item, part: Part, evidence: Evidence, judged: Judged, share: ControlShare, *, event: bool = False
) -> ResultSeverity | None:
    """Counts an item and keeps what failed on it for the subject of its gap; the severity, None where it passes."""
    deviation = evidence.deviation(item, part)
    severity = deviation.severity if deviation else None
    _count(judged, share, severity, event=event)
    judged.records.update(item.records)
    subject = item.gap_subject or item.subject
    if deviation is None:
        judged.passing_subjects.add(subject)
    else:
        judged.findings.append(Finding(deviation, subject, item.control, _failing(evidence, item, part), event=event))
    return severity


def _count(judged: Judged, share: ControlShare, severity: ResultSeverity | None, *, event: bool) -> None:
    judged.population += 1
    share.population += 1
    share.event_population += event
    if severity is None:
        judged.passes += 1
        share.passes += 1
    elif severity is ResultSeverity.NO_CONCLUSION:
        judged.open += 1
    else:
        judged.deviating += 1
        share.deviations += 1
        share.event_deviations += event


def _empty(
    part: Part,
    control: str,
    own: Sequence[Series],
    kind: str,
    evidence: Evidence,
    judged: Judged,
    share: ControlShare,
) -> dict[str, OperationOutcome]:
    if part.may_be_empty:
        return {s.covers: OperationOutcome.NOT_OCCURRING for s in own}
    if kind == OCCURRENCE:
        days = [evidence.last_instance(part.population, s.covers) for s in own]
        known = [day for day in days if day is not None]
        since = f"; the last instance is of {min(known)}" if len(known) == len(days) else ""
        judged.reasons.append(f"nothing fell due in the period{since}")
        return {s.covers: OperationOutcome.NOT_OCCURRING for s in own}
    if any(s.nil for s in own):
        judged.reasons.append("nothing of the kind in the period, shown by a zero-row query")
        return {s.covers: OperationOutcome.NOT_OCCURRING for s in own}
    said = "nothing to judge was found, and no zero-row query shows that there was nothing"
    judged.reasons.append(said)
    share.reasons.append(said)
    label = evidence.facts.text(NamedNode(part.population), LABEL) or "Population"
    deviation = Deviation(
        f"{control}#empty",
        f"{label}: none found, none shown to be absent",
        ResultSeverity.NO_CONCLUSION,
        (),
        evidence.sources(control),
        evidence.moment.judged_before - DAY,
    )
    judged.findings.append(Finding(deviation, control, control, ()))
    judged.open += 1
    return {s.covers: OperationOutcome.NO_CONCLUSION for s in own}


def _without_controls(requirement: Requirement, evidence: Evidence, judged: Judged) -> None:
    """Requirements on the engagement itself stand on their items alone."""
    outcomes = []
    share, verdicts = ControlShare(), dict[ResultSeverity | None, Outcome]()
    if evidence.moment.type is ReportType.TYPE_I and ReportType.TYPE_I not in requirement.info.applies:
        judged.outcome = Outcome.NOT_APPLICABLE
        judged.reasons.append("asked in Type II only")
        return
    for part in requirement.parts:
        for item in _items(part, evidence, judged):
            severity = _note(item, part, evidence, judged, share)
            if severity not in verdicts:
                verdict = judge([Instance(item.iri, severity)], evidence.profile.thresholds, rates=False)
                verdicts[severity] = answer(DesignOutcome.SUITABLE, verdict.outcome)
            outcomes.append(verdicts[severity])
    if outcomes:
        judged.outcome = worst(outcomes)
        if judged.deviating or judged.open:
            judged.reasons.append(f"{judged.deviating + judged.open} of {judged.population} failed")
    elif all(p.may_be_empty for p in requirement.parts):
        judged.outcome = Outcome.NOT_OCCURRING
        judged.reasons.append("nothing of the kind happened")
    else:
        judged.reasons.append("nothing to judge was found")
