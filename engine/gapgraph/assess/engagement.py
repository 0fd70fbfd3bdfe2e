"""One engagement: every requirement in scope judged, gaps built, controls and criteria rolled up, readiness."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pyoxigraph import NamedNode, Triple

from gapgraph.assess import gaps as gap_builder
from gapgraph.assess.afterwards import judge_closed, judge_rest, stop_unreconciled, waits
from gapgraph.assess.compensation import compensate
from gapgraph.assess.controls import control_results, fault_reason, withhold
from gapgraph.assess.evidence import Collect, Evidence, Tables
from gapgraph.assess.judged import Judged
from gapgraph.assess.lifecycle import GapRecord, by_gap, read_records
from gapgraph.assess.methods import MethodsAtHand, note_methods
from gapgraph.assess.readiness import readiness
from gapgraph.assess.requirement import judge_requirement
from gapgraph.assess.rollup import Vote, criterion_outcome
from gapgraph.derive.facts import LABEL, Moment
from gapgraph.facts import Facts
from gapgraph.frameworks import Criterion, load_framework
from gapgraph.model import (
    ControlResult,
    CriterionResult,
    EngagementResult,
    Gap,
    Outcome,
    RequirementResult,
    Source,
)
from gapgraph.profile import Profile, Requirement
from gapgraph.validate import Result
from gapgraph.workspace import EngagementConfig


@dataclass(frozen=True, slots=True)
class EngagementAssessment:
    """What one engagement gives to the assessment."""

    engagement: EngagementResult
    criteria: tuple[CriterionResult, ...]
    requirements: tuple[RequirementResult, ...]
    controls: tuple[ControlResult, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What may be known already: the tables that requirements share, methods at hand, items, and how to judge one."""

    tables: Tables | None = None
    methods: MethodsAtHand | None = None
    items: Collect | None = None
    judge: Callable[[Requirement, Evidence], Judged] = judge_requirement


def assess_engagement(
    config: EngagementConfig,
    profile: Profile,
    facts: Facts,
    moment: Moment,
    results: Mapping[str, Sequence[Result]],
    rows: Mapping[str, tuple[Source, ...]],
    touched: Mapping[str, tuple[str, ...]],
    organisation: str,
    validate: Callable[[Sequence[Triple]], Sequence[Result]],
    known: Known | None = None,
) -> EngagementAssessment:
    """Puts one engagement together.

    `results` are those of each focus node, sorted; `touched` maps requirement ids to the faults that could touch them;
    `validate` checks further items (gaps that were verified as closed, rates, claims: what needs the first results);
    `known` gives what need not be worked out again.
    """
    criteria = load_framework(config.framework).in_categories(config.categories)
    scope = [c.id for c in criteria]
    known = known or Known()
    evidence = Evidence(
        facts, moment, profile, {k: list(v) for k, v in results.items()}, rows, known.tables, known.items
    )
    chosen = [r for r in profile.requirements.values() if set(r.info.criteria) & set(scope)]
    judged = {r.info.id: known.judge(r, evidence) for r in chosen if not waits(r)}
    records = read_records(facts, moment)
    judge_closed(chosen, judged, records, evidence, validate)
    stop_unreconciled(judged, evidence)
    withhold(judged, touched)
    compensate(evidence, judged)
    judge_rest(chosen, judged, records, touched, evidence, validate)
    note_methods(judged.values(), known.methods or MethodsAtHand.of(facts, moment))
    name_of, id_of = _naming(facts, organisation, moment), _identifying(rows)
    gaps = _gaps(judged, config, evidence, name_of, scope, by_gap(records), id_of, touched)
    requirements = tuple(
        _requirement(judged[id], config.id, scope, id_of, gaps, touched.get(id, ())) for id in sorted(judged)
    )
    outcome = {r.id: r.outcome for r in requirements}
    results_c = tuple(_criterion(c, config, judged, outcome, gaps, profile) for c in criteria)
    controls = control_results(evidence, judged, config, id_of)
    engagement = EngagementResult(
        config.id,
        config.label,
        (config.framework,),
        config.categories,
        config.type,
        config.as_of,
        config.period,
        readiness(results_c, requirements, controls, gaps, evidence),
        profile.name,
    )
    return EngagementAssessment(engagement, results_c, requirements, controls, gaps)


def _naming(facts: Facts, organisation: str, moment: Moment) -> Callable[[str], str]:
    """Gives the label of an IRI, or the end of one that has none."""

    def name_of(iri: str) -> str:
        if iri == moment.organisation.value:
            return organisation
        found = facts.text(NamedNode(iri), LABEL)
        return iri.rpartition("/")[2] if found is None else found

    return name_of


def _identifying(rows: Container[str]) -> Callable[[str], str]:
    """Gives the id of a row of a register by its IRI; any other IRI stands for itself."""
    return lambda iri: unquote(iri.rpartition("/")[2]) if iri in rows else iri


def _gaps(
    judged: Mapping[str, Judged],
    config: EngagementConfig,
    evidence: Evidence,
    name_of: Callable[[str], str],
    scope: Sequence[str],
    records: Mapping[tuple[str, str], Sequence[GapRecord]],
    id_of: Callable[[str], str],
    touched: Mapping[str, tuple[str, ...]],
) -> tuple[Gap, ...]:
    found: list[Gap] = []
    for id, one in sorted(judged.items()):
        found += gap_builder.build(one, config.id, evidence, name_of, scope, records, id_of, provisional=id in touched)
    return tuple(found)


def _requirement(
    one: Judged,
    engagement: str,
    scope: Sequence[str],
    id_of: Callable[[str], str],
    gaps: Sequence[Gap],
    faults: Sequence[str],
) -> RequirementResult:
    outcome, reasons = one.outcome, list(dict.fromkeys(one.reasons))
    if faults:
        outcome = Outcome.NO_CONCLUSION
        reasons.insert(0, fault_reason(faults))
    info = one.info
    return RequirementResult(
        engagement=engagement,
        id=info.id,
        title=info.title,
        basis=info.basis,
        votes=info.votes,
        severity=info.severity,
        outcome=outcome,
        criteria=tuple(c for c in info.criteria if c in scope),
        controls=tuple(map(id_of, one.controls)),
        population=one.population,
        passes=one.passes,
        deviations=one.deviating,
        not_evaluated=one.open,
        reasons=tuple(reasons),
        gaps=tuple(g.id for g in gaps if g.requirement == info.id),
        methods_available=one.methods,
    )


def _criterion(
    criterion: Criterion,
    config: EngagementConfig,
    judged: Mapping[str, Judged],
    outcome: Mapping[str, Outcome],
    gaps: Sequence[Gap],
    profile: Profile,
) -> CriterionResult:
    mine = [j.info for id, j in sorted(judged.items()) if criterion.id in j.info.criteria]
    voting = [i for i in mine if i.votes]
    result, reasons = criterion_outcome(
        [Vote(i.id, outcome[i.id], i.severity) for i in voting], profile.thresholds.decisive_severity
    )
    omitted = [
        a for a in profile.adjustments if a.field == "off" and criterion.id in profile.omitted[a.requirement].criteria
    ]
    reasons += tuple(f"{a.requirement} is switched off by {a.by}: {a.rationale}" for a in omitted)
    return CriterionResult(
        engagement=config.id,
        id=criterion.id,
        framework=config.framework,
        title=criterion.title,
        series=criterion.series,
        category=criterion.category or "",
        outcome=result,
        how="by own requirements" if voting else "nothing looked at",
        reasons=reasons,
        requirements=tuple(i.id for i in mine),
        gaps=tuple(g.id for g in gaps if criterion.id in g.criteria),
        weight=max((i.severity for i in voting), default=0),
    )
