"""What a person reads first: the parts of an assessment, chosen and put in order. Nothing is judged here.

The orders that every format keeps:

- engagements by id; criteria by engagement and in the order of their framework (`criterion_order`);
- requirements and controls by engagement, then id with numbers counted as numbers;
- gaps by engagement, then quick wins, major projects, fill-ins, deferred; in each by falling priority,
  effort, id.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gapgraph.model import (
    Assessment,
    CriterionResult,
    EngagementResult,
    Fault,
    Gap,
    GapKind,
    GapStatus,
    Outcome,
    Quadrant,
    RequirementResult,
)
from gapgraph.output.wording import method_words, methods_counted

NEEDS_WORK = frozenset({GapStatus.OPEN, GapStatus.IN_REMEDIATION, GapStatus.REOPENED})
FIX_FIRST = 10
_SERIES_ORDER: Mapping[str, tuple[str, ...]] = {
    "tsc": ("CC", "A", "C", "PI", "P"),
    "nist-csf": ("GV", "ID", "PR", "DE", "RS", "RC"),
    "nist-ai-rmf": ("GOVERN", "MAP", "MEASURE", "MANAGE"),
}

NaturalKey = tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Unjudged:
    """What has no conclusion for one and the same reason: the ids, and the reason as a sentence."""

    ids: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One engagement as people read it.

    `series` are the criteria by series, in order; `fix_first` the gaps to begin with; `also_in` the other
    engagements that have a gap with the same requirement and subject, by gap id; `totals` the gaps by
    kind and severity; `items` the requirements of which some items were not evaluated; `methods` says for how many
    requirements which test methods are at hand, `tests` the same for one requirement by id, beside those that suit it.
    """

    engagement: EngagementResult
    criteria: tuple[CriterionResult, ...]
    series: tuple[tuple[str, tuple[CriterionResult, ...]], ...]
    gaps: tuple[Gap, ...]
    fix_first: tuple[Gap, ...]
    also_in: Mapping[str, tuple[str, ...]]
    totals: Mapping[tuple[GapKind, int], int]
    statuses: Mapping[GapStatus, int]
    unjudged_criteria: tuple[Unjudged, ...]
    unjudged_requirements: tuple[Unjudged, ...]
    items: tuple[RequirementResult, ...]
    methods: str
    tests: Mapping[str, str]


def natural(id: str) -> NaturalKey:
    """A sort key that counts numbers as numbers, so that A.5.9 stands before A.5.15.

    >>> sorted(["A.5.15", "A.5.9", "4.1"], key=natural)
    ['4.1', 'A.5.9', 'A.5.15']
    """
    parts = re.findall(r"\d+|\D+", id)
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in parts)


def criterion_order(criterion: CriterionResult) -> tuple[str, str, int, NaturalKey]:
    """The place of a criterion: by engagement, framework, and the framework's own order of series.

    That is the order of the publishers' tables: common criteria, availability, confidentiality, processing
    integrity, privacy; in NIST's frameworks the order of the functions. Other frameworks count upwards.
    """
    order: tuple[str, ...] = next(
        (names for prefix, names in _SERIES_ORDER.items() if criterion.framework.startswith(prefix)), ()
    )
    letters = re.match(r"[A-Za-z]*", criterion.id)
    name = letters.group() if letters else ""
    rank = order.index(name) if name in order else len(order)
    return (criterion.engagement, criterion.framework, rank, natural(criterion.id))


def gap_order(gap: Gap) -> tuple[str, int, float, float, str]:
    """The place of a gap: what to fix first stands first."""
    return (gap.engagement, tuple(Quadrant).index(gap.quadrant), -gap.priority, gap.effort_days, gap.id)


def in_order(assessment: Assessment) -> Assessment:
    """The same assessment with every part in the documented order."""
    return Assessment(
        meta=assessment.meta,
        engagements=tuple(sorted(assessment.engagements, key=lambda one: one.id)),
        criteria=tuple(sorted(assessment.criteria, key=criterion_order)),
        requirements=tuple(sorted(assessment.requirements, key=lambda one: (one.engagement, natural(one.id)))),
        controls=tuple(sorted(assessment.controls, key=lambda one: (one.engagement, natural(one.id)))),
        gaps=tuple(sorted(assessment.gaps, key=gap_order)),
        catalogue=assessment.catalogue,
    )


def summaries(assessment: Assessment) -> tuple[Summary, ...]:
    """A summary of each engagement, in order."""
    ordered = in_order(assessment)
    return tuple(_summary(ordered, engagement) for engagement in ordered.engagements)


def at_or_above(gaps: Iterable[Gap], severity: int) -> tuple[Gap, ...]:
    """The gaps that still need work (open, in remediation, reopened) and are at least so severe."""
    return tuple(gap for gap in gaps if gap.status in NEEDS_WORK and gap.severity >= severity)


def faults(assessment: Assessment) -> tuple[Fault, ...]:
    """The faults that lost something, by file and row; notices are left out."""
    return tuple(sorted(fault for fault in assessment.meta.faults if not fault.notice))


def notices(assessment: Assessment) -> tuple[Fault, ...]:
    """The messages that lost nothing, by file and row."""
    return tuple(sorted(fault for fault in assessment.meta.faults if fault.notice))


def _summary(ordered: Assessment, engagement: EngagementResult) -> Summary:
    criteria = tuple(one for one in ordered.criteria if one.engagement == engagement.id)
    requirements = tuple(one for one in ordered.requirements if one.engagement == engagement.id)
    gaps = tuple(gap for gap in ordered.gaps if gap.engagement == engagement.id)
    open_gaps = tuple(gap for gap in gaps if gap.status in NEEDS_WORK)
    undecided = [one for one in requirements if one.outcome is Outcome.NO_CONCLUSION]
    return Summary(
        engagement=engagement,
        criteria=criteria,
        series=_by_series(criteria),
        gaps=gaps,
        fix_first=open_gaps[:FIX_FIRST],
        also_in=_also_in(ordered, gaps),
        totals=Counter((gap.gap_kind, gap.severity) for gap in gaps),
        statuses=Counter(gap.status for gap in gaps),
        unjudged_criteria=_by_reason(
            (one.id, one.reasons or (one.how,)) for one in criteria if one.outcome is Outcome.NO_CONCLUSION
        ),
        unjudged_requirements=_by_reason((one.id, one.reasons) for one in undecided),
        items=tuple(one for one in requirements if one.not_evaluated),
        methods=methods_counted((one.id, one.methods_available) for one in requirements),
        tests={
            one.id: method_words(ordered.catalogue[one.id].test_methods, one.methods_available)
            for one in requirements
            if one.id in ordered.catalogue
        },
    )


def _by_series(criteria: Sequence[CriterionResult]) -> tuple[tuple[str, tuple[CriterionResult, ...]], ...]:
    found: dict[str, list[CriterionResult]] = {}
    for criterion in criteria:
        found.setdefault(criterion.series, []).append(criterion)
    return tuple((series, tuple(members)) for series, members in found.items())


def _by_reason(unjudged: Iterable[tuple[str, Sequence[str]]]) -> tuple[Unjudged, ...]:
    found: dict[str, list[str]] = {}
    for id, reasons in unjudged:
        found.setdefault(" ".join(reasons), []).append(id)
    return tuple(Unjudged(tuple(ids), reason) for reason, ids in found.items())


def _also_in(ordered: Assessment, gaps: Sequence[Gap]) -> Mapping[str, tuple[str, ...]]:
    labels = {engagement.id: engagement.label for engagement in ordered.engagements}
    shared: dict[tuple[str, str], list[str]] = {}
    for gap in ordered.gaps:
        shared.setdefault((gap.requirement, gap.subject), []).append(gap.engagement)
    return {
        gap.id: tuple(labels.get(id, id) for id in shared[gap.requirement, gap.subject] if id != gap.engagement)
        for gap in gaps
    }
