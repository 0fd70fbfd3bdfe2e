"""One engagement: every requirement in scope judged, gaps built, controls and criteria rolled up, readiness."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    names = _Names(facts, organisation, moment)
    ids = _Ids(rows)
    gaps = _gaps(judged, config, evidence, names, scope, by_gap(records), ids, touched)
    requirements = tuple(
        _requirement(judged[id], config.id, scope, ids, gaps, touched.get(id, ())) for id in sorted(judged)
    )
    outcome = {r.id: r.outcome for r in requirements}
    results_c = tuple(_criterion(c, config, judged, outcome, gaps, profile) for c in criteria)
    controls = control_results(evidence, judged, config, ids)
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


class _Names(Mapping[str, str]):
    """Labels by IRI, looked up when they are asked for."""

    def __init__(self, facts: Facts, organisation: str, moment: Moment) -> None:
        self._facts, self._own = facts, {moment.organisation.value: organisation}

    def __getitem__(self, iri: str) -> str:
        found = self._own.get(iri) or self._facts.text(NamedNode(iri), LABEL)
        if found is None:
            raise KeyError(iri)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._own, *(node.value for node in self._facts.subjects(LABEL, None)))))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Ids(Mapping[str, str]):
    """The ids of the rows of registers by IRI."""

    def __init__(self, rows: Mapping[str, object]) -> None:
        self._rows = rows

    def __getitem__(self, iri: str) -> str:
        if iri not in self._rows:
            raise KeyError(iri)
        return unquote(iri.rpartition("/")[2])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _gaps(
    judged: Mapping[str, Judged],
    config: EngagementConfig,
    evidence: Evidence,
    names: Mapping[str, str],
    scope: Sequence[str],
    records: Mapping[tuple[str, str], Sequence[GapRecord]],
    ids: Mapping[str, str],
    touched: Mapping[str, tuple[str, ...]],
) -> tuple[Gap, ...]:
    found: list[Gap] = []
    for id, one in sorted(judged.items()):
        found += gap_builder.build(one, config.id, evidence, names, scope, records, ids, provisional=id in touched)
    return tuple(found)


def _requirement(
    one: Judged,
    engagement: str,
    scope: Sequence[str],
    ids: Mapping[str, str],
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
        controls=tuple(ids.get(c, c) for c in one.controls),
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
