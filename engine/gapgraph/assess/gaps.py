"""Findings become gaps: what a person can close, with reason, likelihood, priority and life cycle."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from hashlib import sha256

from gapgraph.assess.evidence import Evidence
from gapgraph.assess.judged import ControlShare, Finding, Judged
from gapgraph.assess.lifecycle import GapRecord, status_of
from gapgraph.assess.operation import AD_HOC_SIZES, likelihood_of, sample_exception_chance, sample_size
from gapgraph.model import Gap, Quadrant, Reason, ResultSeverity

ODDS_FROM = 11
"""Event populations of at least this size get the odds of a sample; smaller ones are tested whole."""


def gap_id(engagement: str, requirement: str, subject: str) -> str:
    """The stable id of a gap: a short hash of its three IRIs."""
    return sha256("\n".join((engagement, requirement, subject)).encode()).hexdigest()[:10]


def quadrant_of(likelihood: int, complexity: int) -> Quadrant:
    """The quadrant of a likelihood of audit failure and a complexity of the fix, both 1 to 5 (`data/scoring.csv`)."""
    if likelihood >= 4:
        return Quadrant.QUICK_WIN if complexity <= 2 else Quadrant.MAJOR_PROJECT
    return Quadrant.FILL_IN if complexity <= 2 else Quadrant.DEFER


def chance_of(share: ControlShare) -> float | None:
    """The chance that an auditor's sample of the event population holds a deviation; None where odds are not used."""
    if share.event_population < ODDS_FROM or not share.event_deviations:
        return None
    size = sample_size(share.event_population, AD_HOC_SIZES)
    return round(sample_exception_chance(share.event_population, share.event_deviations, size), 4)


def build(
    judged: Judged,
    engagement: str,
    evidence: Evidence,
    name_of: Callable[[str], str],
    scope: Sequence[str],
    records: Mapping[tuple[str, str], Sequence[GapRecord]],
    id_of: Callable[[str], str],
    *,
    provisional: bool,
) -> list[Gap]:
    """The gaps of one requirement, one for each subject with a finding, by subject.

    `name_of` gives the label of an IRI, `scope` the criteria in scope, `id_of` the id of a person or control.
    """
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in judged.findings:
        groups[finding.subject].append(finding)
    return [
        _gap(judged, engagement, subject, found, evidence, name_of, scope, records, id_of, provisional=provisional)
        for subject, found in sorted(groups.items())
    ]


def _gap(
    judged: Judged,
    engagement: str,
    subject: str,
    found: Sequence[Finding],
    evidence: Evidence,
    name_of: Callable[[str], str],
    scope: Sequence[str],
    records: Mapping[tuple[str, str], Sequence[GapRecord]],
    id_of: Callable[[str], str],
    *,
    provisional: bool,
) -> Gap:
    info = judged.info
    deviations = tuple(
        sorted(
            {f.deviation.focus: f.deviation for f in found}.values(),
            key=lambda d: (d.on or date.max, d.label, d.focus),
        )
    )
    controls = sorted({f.control for f in found if f.control})
    control = controls[0] if len(controls) == 1 else None
    share = judged.by_control.get(control, ControlShare()) if control else ControlShare()
    chance = chance_of(share) if any(f.event for f in found) else None
    likelihood = likelihood_of(chance) if chance is not None else info.likelihood
    size = sample_size(share.event_population, AD_HOC_SIZES)
    basis = (
        f"chance that a sample of {size} of {share.event_population} shows an exception: {chance:.0%}"
        if chance is not None
        else "the profile's estimate"
    )
    mine = records.get((info.iri, subject), ())
    record = mine[-1] if mine else None
    status, history = status_of(mine, deviations, evidence.moment.known_before)
    remediation = info.remediation
    if judged.asks_for_cause and any(d.severity is not ResultSeverity.NO_CONCLUSION for d in deviations):
        remediation += " Record the cause of each deviation; without one it does not count as isolated."
    return Gap(
        id=gap_id(evidence.moment.iri.value, info.iri, subject),
        engagement=engagement,
        requirement=info.id,
        title=info.title,
        criteria=tuple(c for c in info.criteria if c in scope),
        subject=subject,
        subject_label=name_of(subject),
        deviations=deviations,
        gap_kind=info.gap_kind,
        reason=reason_of(found, passing=subject in judged.passing_subjects),
        likelihood=likelihood,
        likelihood_basis=basis,
        severity=info.severity,
        complexity=info.complexity,
        effort_days=info.effort_days,
        priority=round(likelihood * info.severity / info.complexity, 2),
        quadrant=quadrant_of(likelihood, info.complexity),
        status=status,
        remediation=remediation,
        closing_evidence=info.closing_evidence,
        control=id_of(control) if control else None,
        provisional=provisional,
        owner=id_of(record.owner) or None if record else None,
        due=record.due if record else None,
        sample_exception_chance=chance,
        history=history,
    )


def reason_of(found: Sequence[Finding], *, passing: bool) -> Reason:
    """Why there is a gap, from facts: no control or no instance, nothing written, some fail, or nothing that shows it.

    A check may point to its reason; `passing` says that other instances of the same subject passed.
    """
    if any(f.missing_control for f in found):
        return Reason.MISSING
    hard = [f for f in found if f.deviation.severity is not ResultSeverity.NO_CONCLUSION]
    said = [c.reason for f in (hard or found) for c in f.checks if c.reason is not None]
    if not hard:
        return Reason.UNDOCUMENTED if Reason.UNDOCUMENTED in said else Reason.INSUFFICIENT_EVIDENCE
    first = next(
        (
            r
            for r in (Reason.MISSING, Reason.UNDOCUMENTED, Reason.INSUFFICIENT_EVIDENCE, Reason.INCONSISTENT)
            if r in said
        ),
        None,
    )
    if first is None:
        return (
            Reason.INCONSISTENT
            if passing or any(f.deviation.severity is ResultSeverity.EXCEPTION for f in hard)
            else Reason.MISSING
        )
    return Reason.INCONSISTENT if first is Reason.MISSING and passing else first
