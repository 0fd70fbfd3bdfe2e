"""What is judged on the results of everything else: closed gaps, rates of deviation, claims, second sources.

Such items cannot be derived beforehand. They are made from what was found, validated like all others, and judged by the
shapes of their requirements; a population whose two sources differ takes the conclusion from what rests on it.
"""

from collections.abc import Callable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.assess.evidence import Evidence
from gapgraph.assess.items import by_focus
from gapgraph.assess.judged import Judged
from gapgraph.assess.lifecycle import GapRecord, Stay, closed_gap_items
from gapgraph.assess.requirement import judge_requirement
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.derive.limits import Parameters
from gapgraph.model import Deviation, OperationOutcome, Outcome, ReportType
from gapgraph.namespaces import GG
from gapgraph.profile import Requirement
from gapgraph.sources.cells import DECIMAL, date_literal
from gapgraph.validate import Result

Validate = Callable[[Sequence[Triple]], Sequence[Result]]

CLOSED, RATES, CLAIMS = str(GG.ClosedGapState), str(GG.DeviationRateState), str(GG.ClaimState)
_LATER = frozenset({CLOSED, RATES, CLAIMS})
_RECONCILED = str(GG.ReconciliationState)
_FINAL = frozenset({Outcome.NOT_MET, Outcome.NOT_APPLICABLE, Outcome.NO_CONCLUSION})
_RELIED_ON = frozenset({OperationOutcome.EFFECTIVE, OperationOutcome.EFFECTIVE_WITH_EXCEPTION})


def waits(requirement: Requirement) -> bool:
    """Whether a requirement can only be judged when others are."""
    return bool(_LATER & set(requirement.info.populations))


def judge_closed(
    chosen: Sequence[Requirement],
    judged: dict[str, Judged],
    records: Sequence[GapRecord],
    evidence: Evidence,
    validate: Validate,
) -> None:
    """Judges the gaps that were verified as closed, on what was found since."""
    mine = [r for r in chosen if CLOSED in r.info.populations]
    if not mine:
        return
    found: dict[tuple[str, str], list[Deviation]] = {}
    for one in judged.values():
        for finding in one.findings:
            found.setdefault((one.info.iri, finding.subject), []).append(finding.deviation)
    facts = evidence.facts
    people = {
        person.value: Stay(facts.day(person, gg("startedOn")), facts.day(person, gg("endedOn")))
        for person in facts.subjects(TYPE, gg("Person"))
    }
    items = closed_gap_items(records, found, evidence.moment, people)
    for result in _judge(mine, items, evidence, validate):
        if not items and result.outcome is not Outcome.NOT_APPLICABLE:
            result.outcome = Outcome.NOT_OCCURRING
            result.reasons[:] = ["no gap was verified as closed"]
        judged[result.info.id] = result


def judge_rest(
    chosen: Sequence[Requirement],
    judged: dict[str, Judged],
    records: Sequence[GapRecord],
    touched: Mapping[str, Sequence[str]],
    evidence: Evidence,
    validate: Validate,
) -> None:
    """Judges rates of deviation, then claims, which may promise that rates are low."""
    for requirement in (r for r in chosen if RATES in r.info.populations):
        items = _rates(requirement, judged, evidence)
        (judged[requirement.info.id],) = _judge([requirement], items, evidence, validate)
    for requirement in (r for r in chosen if CLAIMS in r.info.populations):
        items = _claims(judged, records, touched, evidence)
        (judged[requirement.info.id],) = _judge([requirement], items, evidence, validate)


def _judge(
    requirements: Sequence[Requirement], items: Sequence[Triple], evidence: Evidence, validate: Validate
) -> list[Judged]:
    judged_on = evidence.having(items)
    for focus, results in by_focus(validate(items)).items():
        evidence.results.setdefault(focus, []).extend(results)
    return [judge_requirement(r, judged_on) for r in requirements]


def _item(
    evidence: Evidence, population: str, key: str, subject: NamedNode, label: str
) -> tuple[NamedNode, list[Triple]]:
    moment = evidence.moment
    item = NamedNode(f"{moment.iri.value}/{key}/{subject.value.rpartition('/')[2]}")
    return item, [
        Triple(item, TYPE, NamedNode(population)),
        Triple(item, gg("population"), NamedNode(population)),
        Triple(item, gg("inEngagement"), moment.iri),
        Triple(item, gg("coversSubject"), moment.organisation),
        Triple(item, gg("ofSubject"), subject),
        Triple(item, gg("record"), subject),
        Triple(item, gg("startsOn"), date_literal(moment.judged.start)),
        Triple(item, gg("endsOn"), date_literal(moment.judged_before)),
        Triple(item, LABEL, Literal(label)),
    ]


def _rates(requirement: Requirement, judged: Mapping[str, Judged], evidence: Evidence) -> list[Triple]:
    """One item for each control that acted on enough events to speak of rates: share of deviations and limit."""
    facts, profile = evidence.facts, evidence.profile
    parameters = Parameters.of(profile.iri, [requirement.info], profile.thresholds.fresh_days)
    counts: dict[str, tuple[int, int]] = {}
    for one in judged.values():
        for control, share in one.by_control.items():
            total, bad = counts.get(control, (0, 0))
            counts[control] = (total + share.event_population, bad + share.event_deviations)
    triples: list[Triple] = []
    for control, (total, bad) in sorted(counts.items()):
        if total < profile.thresholds.small_population:
            continue
        node = NamedNode(control)
        title = facts.text(node, LABEL) or control
        item, made = _item(evidence, RATES, "rate", node, f"{bad} of {total} events of {title}")
        triples += made
        triples.append(Triple(item, gg("observedNumber"), Literal(f"{bad / total:.6f}", datatype=DECIMAL)))
        stated = parameters.limit(facts, node, RATES, "tolerable")
        if stated is not None:
            triples.append(Triple(item, gg("limitNumber"), Literal(stated[0], datatype=DECIMAL)))
            triples.append(Triple(item, gg("limitFrom"), stated[1]))
    return triples


def _claims(
    judged: Mapping[str, Judged],
    records: Sequence[GapRecord],
    touched: Mapping[str, Sequence[str]],
    evidence: Evidence,
) -> list[Triple]:
    """One item for each claim that was made in the judged time, with the promises that the findings do not bear out."""
    facts, moment = evidence.facts, evidence.moment
    by_iri = {one.info.iri: one for one in judged.values()}
    owned = {record.requirement for record in records if record.owner}
    triples: list[Triple] = []
    for claim in facts.subjects(TYPE, gg("Claim")):
        made, gone = facts.day(claim, gg("publishedOn")), facts.day(claim, gg("withdrawnOn"))
        if (made is not None and made >= moment.judged_before) or (gone is not None and gone <= moment.judged.start):
            continue
        item, own = _item(evidence, CLAIMS, "claim", claim, f"Claim: {facts.text(claim, LABEL) or claim.value}")
        triples += own
        for owner in facts.objects(claim, gg("owner")):
            triples.append(Triple(item, gg("owner"), owner))
            if isinstance(owner, NamedNode) and Triple(owner, TYPE, gg("ActivePerson")) in facts:
                triples.append(Triple(owner, TYPE, gg("ActivePerson")))
        for promise in facts.objects(claim, gg("promises")):
            triples.append(Triple(item, gg("promises"), promise))
            one = by_iri.get(promise.value)
            outcome = one.outcome if one and not touched.get(one.info.id) else Outcome.NO_CONCLUSION
            if outcome is Outcome.NOT_MET and promise.value not in owned:
                triples.append(Triple(item, gg("unreconciledRequirement"), promise))
            elif outcome is Outcome.NO_CONCLUSION:
                triples.append(Triple(item, gg("unconcludedPromise"), promise))
    return triples


def stop_unreconciled(judged: Mapping[str, Judged], evidence: Evidence) -> None:
    """Takes the conclusion from requirements on populations of which two sources say different things.

    A requirement that failed stays so: what its population lacks can only add to it.
    """
    if evidence.moment.type is ReportType.TYPE_I:
        return
    differing: dict[str, str] = {}
    facts = evidence.facts
    for one in judged.values():
        if _RECONCILED not in one.info.populations:
            continue
        for finding in one.findings:
            item = NamedNode(finding.deviation.focus)
            kind = facts.one(item, gg("ofPopulation"))
            if not isinstance(kind, NamedNode) or facts.one(item, gg("unexplainedDifference")) is None:
                continue
            said = f"{one.info.id}: {finding.deviation.label} shows differences that nobody explained"
            differing |= {population.value: said for population in facts.objects(kind, gg("reconciles"))}
    for one in judged.values():
        why = next((differing[p] for p in one.info.populations if p in differing), "")
        if not why or one.outcome in _FINAL:
            continue
        one.outcome = Outcome.NO_CONCLUSION
        one.reasons.insert(0, why)
        for share in one.by_control.values():
            if share.operation in _RELIED_ON or share.operation is OperationOutcome.NOT_OCCURRING:
                share.operation = OperationOutcome.NO_CONCLUSION
                share.reasons.insert(0, why)
