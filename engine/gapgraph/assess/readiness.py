"""Readiness of an engagement, from its results: score, risk, parts, checklist, and the way from Type I to Type II.

A gap analysis says where controls fall short; readiness says besides whether scope, description, assertion, evidence,
people and period are such that an examination could begin. It is no opinion. Parts and checklist lines are rows of
`data/readiness.csv`: each is as good as the worst of the requirements it names.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from pyoxigraph import NamedNode

from gapgraph import assets
from gapgraph.assess.evidence import Evidence
from gapgraph.assess.rollup import credits, modification_risk, readiness_score, worst
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.model import (
    ControlResult,
    CriterionResult,
    DesignOutcome,
    Gap,
    GapStatus,
    Outcome,
    ReportType,
    RequirementInfo,
    RequirementResult,
)
from gapgraph.namespaces import GGS
from gapgraph.readiness import Milestone, Readiness, ReadinessPart

_PEOPLE = "people"
_DESIGN = (str(GGS.Coverage), str(GGS.ControlDesign))
_SETTLED = frozenset({GapStatus.VERIFIED})


def readiness(
    criteria: Sequence[CriterionResult],
    requirements: Sequence[RequirementResult],
    controls: Sequence[ControlResult],
    gaps: Sequence[Gap],
    evidence: Evidence,
) -> Readiness:
    """Everything that is said of readiness in one engagement."""
    controlled = _claimed(evidence) | {c for r in requirements if r.votes and r.controls for c in r.criteria}
    bare = [c.id for c in criteria if c.id not in controlled and c.outcome is not Outcome.NOT_APPLICABLE]
    cap = evidence.profile.thresholds.score_cap
    score = readiness_score([(c.outcome, c.weight) for c in criteria], bare=bool(bare), cap=cap)
    risk, reasons = modification_risk([(c.id, c.outcome) for c in criteria])
    if bare:
        reasons = (*reasons, f"no control answers {', '.join(bare)}; the score is held to {cap:g}")
    counts = {o.value: sum(c.outcome is o for c in criteria) for o in Outcome if o is not Outcome.NOT_OCCURRING}
    by_id = {r.id: r for r in requirements}
    infos = {id: r.info for id, r in evidence.profile.requirements.items()}
    return Readiness(
        score,
        risk,
        reasons,
        counts,
        _formula(criteria, score, bare=bool(bare)),
        tuple(_part(row, by_id, gaps, evidence) for row in _rows("part")),
        tuple(_part(row, by_id, gaps, evidence) for row in _rows("checklist")),
        milestones(requirements, controls, gaps, infos, _policies_from(evidence)),
    )


@cache
def _rows(view: str) -> tuple[Mapping[str, str], ...]:
    text = assets.path("data", "readiness.csv").read_text(encoding="utf-8")
    return tuple(row for row in csv.DictReader(text.splitlines()) if row["view"] == view)


def _claimed(evidence: Evidence) -> frozenset[str]:
    """The criteria that the organisation's own control register names: they have a control, tested or not."""
    named = (criterion for _, criterion in evidence.facts.pairs(gg("claimsCriterion")))
    return frozenset(c.value.rpartition("/")[2] for c in named if isinstance(c, NamedNode))


def _formula(criteria: Sequence[CriterionResult], score: float | None, *, bare: bool) -> str:
    if score is None:
        return "no criterion applies"
    earned, possible = credits([(c.outcome, c.weight) for c in criteria])
    plain = round(100 * earned / possible, 1)
    held = f", held to {score:g}" if bare and plain > score else ""
    return f"100 x {earned:g} / {possible:g} = {plain:g}, credits of criteria weighted by severity{held}"


def _part(
    row: Mapping[str, str], requirements: Mapping[str, RequirementResult], gaps: Iterable[Gap], evidence: Evidence
) -> ReadinessPart:
    ids = tuple(row["requirements"].split(";"))
    mine = [requirements[id] for id in ids if id in requirements]
    outcome = worst(r.outcome for r in mine)
    reasons = [f"{r.id}: {reason}" for r in mine if r.outcome is not Outcome.MET for reason in r.reasons]
    missing = [id for id in ids if id not in requirements]
    if missing:
        reasons.append(f"the profile does not look at {', '.join(missing)} in this scope")
    if row["group"] == _PEOPLE:
        absent, said = _absent(evidence)
        reasons += said
        outcome = worst([outcome, Outcome.NOT_MET]) if absent else outcome
    open_ = tuple(g.id for g in gaps if g.requirement in ids and g.status not in _SETTLED)
    return ReadinessPart(row["group"], row["title"], outcome, tuple(reasons), ids, open_)


def _absent(evidence: Evidence) -> tuple[int, list[str]]:
    """How many controls have nobody who could be asked about them, and sentences that say which."""
    facts = evidence.facts
    items = facts.subjects(TYPE, gg("ControlDesignItem"))
    bare = [
        i for i in items if facts.one(i, gg("activeOwner")) is None or facts.one(i, gg("availablePerformer")) is None
    ]
    names = sorted(
        facts.text(control, LABEL) or control.value
        for item in bare
        if isinstance(control := facts.one(item, gg("ofControl")), NamedNode)
    )
    shown = "; ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    if names:
        return len(names), [f"nobody who is there owns and performs: {shown}"]
    return 0, [f"each of {len(items)} controls has an owner and a performer who are there"] if items else []


def _policies_from(evidence: Evidence) -> Mapping[str, date]:
    """By label the day from which on each policy that is asked for is in force without a break."""
    facts = evidence.facts
    found = {}
    populations = {population for population, _ in evidence.facts.pairs(gg("policyKind"))}
    for population in sorted((p for p in populations if isinstance(p, NamedNode)), key=str):
        for item in facts.subjects(TYPE, population):
            day = facts.day(item, gg("coveredFrom"))
            if day is not None:
                found[facts.text(item, LABEL) or item.value] = day
    return found


def milestones(
    requirements: Sequence[RequirementResult],
    controls: Sequence[ControlResult],
    gaps: Sequence[Gap],
    infos: Mapping[str, RequirementInfo],
    policies: Mapping[str, date],
) -> tuple[Milestone, ...]:
    """Type I first: what is missing for it, and for a Type II after it, and from when on a period could start.

    For a Type I what counts is design: gaps of requirements that Type I tests, controls that are missing or deficient.
    """
    open_ = [g for g in gaps if g.status not in _SETTLED]
    design = [g for g in open_ if ReportType.TYPE_I in infos[g.requirement].applies or _of_design(g)]
    asked = [r for r in requirements if r.votes and r.outcome is not Outcome.NOT_APPLICABLE]
    bare = sorted(r.id for r in asked if not r.controls and infos[r.id].control_types)
    since = {c.id: c.since for c in controls}
    dates: dict[str, date] = {f"policy in force: {label}": day for label, day in policies.items()}
    undated = set()
    for id in {c for r in asked for c in r.controls}:
        day = since.get(id)
        if day is None:
            undated.add(id)
        else:
            dates[f"control in place: {id}"] = day
    reasons = []
    if bare:
        reasons.append(f"no control yet for {', '.join(bare)}")
    if undated:
        reasons.append(f"nothing says since when there is {', '.join(sorted(undated))}")
    earliest = None
    if dates and not bare and not undated:
        last = max(sorted(dates), key=lambda name: dates[name])
        earliest = dates[last]
        reasons.append(f"the last to be there decides, {last} on {earliest}")
    deficient = sorted(c.id for c in controls if c.design is DesignOutcome.DEFICIENT)
    return (
        Milestone(
            ReportType.TYPE_I,
            tuple(g.id for g in design),
            None,
            (f"deficient design: {', '.join(deficient)}",) if deficient else (),
        ),
        Milestone(ReportType.TYPE_II, tuple(g.id for g in open_), earliest, tuple(reasons)),
    )


def _of_design(gap: Gap) -> bool:
    return any(check.shape.startswith(_DESIGN) for deviation in gap.deviations for check in deviation.checks)
