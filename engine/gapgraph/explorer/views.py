"""What the overview and the list of gaps show: pure functions from an assessment to words and tables.

A `Table` is a mapping from column title to the cells of that column, all of one length: it goes into a table
or a chart as it is, and an empty one keeps its columns. Nothing here judges; outcomes and numbers are read,
counted or sorted, in the words of `gapgraph.output.wording` and the order of `gapgraph.output.summary`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gapgraph.errors import GapgraphError
from gapgraph.explorer.text import capital
from gapgraph.frameworks import load_framework
from gapgraph.model import (
    Assessment,
    CriterionResult,
    EngagementResult,
    Gap,
    Outcome,
    Quadrant,
    RequirementResult,
)
from gapgraph.output.summary import NEEDS_WORK, gap_order
from gapgraph.output.wording import (
    CRITERION_OUTCOMES,
    OUTCOME_WORDS,
    count,
    examination,
    milestone_words,
    period_words,
    place,
    plain,
    profile_words,
)
from gapgraph.readiness import ReadinessPart

__all__ = [
    "FORMULA",
    "NO_OPINION",
    "ROW_HEIGHT",
    "Kpi",
    "Risk",
    "Table",
    "data_note",
    "engagement",
    "engagement_labels",
    "faults",
    "first_engagement",
    "fix_first",
    "headline",
    "is_long",
    "kpis",
    "not_concluded",
    "reasons",
    "risk",
    "score_table",
    "series_label",
    "series_table",
    "table",
    "table_height",
]

Table = dict[str, list[object]]

ROW_HEIGHT = 31
"""The height of a table's row in pixels."""

FORMULA = (
    "Score = 100 × Σ weight × credit ÷ Σ weight, over the criteria that apply. Weight is the highest severity"
    " among the requirements that vote on a criterion. Credit is 1 for met, 0.75 for met with exceptions,"
    " otherwise 0. While a criterion has no control, the score is capped at 50."
)

NO_OPINION = "A measure for ordering work. It is not an auditor's opinion and does not predict one."


@dataclass(frozen=True, slots=True)
class Kpi:
    """One number at the top of a page: what it counts, the number as text, a remark, and what it means."""

    label: str
    value: str
    note: str
    help: str


@dataclass(frozen=True, slots=True)
class Risk:
    """The risk that an opinion would be modified: its word, its colour and its sign."""

    word: str
    tone: Literal["red", "orange", "green"]
    icon: str


def engagement_labels(assessment: Assessment) -> Mapping[str, str]:
    """Returns label to id, in the order of the assessment; a label that occurs twice gets its id."""
    labels = [plain(one.label or one.id) for one in assessment.engagements]
    return {
        label if labels.count(label) == 1 else f"{label} ({one.id})": one.id
        for label, one in zip(labels, assessment.engagements, strict=True)
    }


def first_engagement(assessment: Assessment) -> int:
    """Returns the position of the engagement to show first: the first one with a period, else the first."""
    return next((index for index, one in enumerate(assessment.engagements) if one.period), 0)


def engagement(assessment: Assessment, id: str) -> EngagementResult:
    """Returns the engagement with this id.

    Raises
    ------
    KeyError
        If there is none.
    """
    for one in assessment.engagements:
        if one.id == id:
            return one
    raise KeyError(id)


def headline(assessment: Assessment, id: str) -> str:
    """Returns the line under the title: framework and type, period, categories, day, profile."""
    one = engagement(assessment, id)
    parts = [
        examination(one),
        period_words(one.period) if one.period else "",
        capital(", ".join(one.categories)),
        f"as of {one.as_of.isoformat()}",
        profile_words(assessment.meta, one),
    ]
    return " · ".join(part for part in parts if part)


def kpis(assessment: Assessment, id: str) -> tuple[Kpi, ...]:
    """Returns the five numbers: criteria met, open gaps, critical gaps, no conclusion, input faults."""
    counts = engagement(assessment, id).readiness.criteria
    applicable = sum(counts.values()) - counts.get(Outcome.NOT_APPLICABLE, 0)
    excepted = counts.get(Outcome.MET_WITH_EXCEPTIONS, 0)
    mine = [gap for gap in assessment.gaps if gap.engagement == id]
    waiting = [gap for gap in mine if gap.status in NEEDS_WORK]
    wins = sum(gap.quadrant is Quadrant.QUICK_WIN for gap in waiting)
    lost = [fault for fault in assessment.meta.faults if not fault.notice]
    touched = {requirement for fault in lost for requirement in fault.touches}
    unjudged = sum(_unjudged(one) for one in assessment.requirements if one.engagement == id)
    return (
        Kpi(
            "Criteria met",
            f"{counts.get(Outcome.MET, 0)} / {applicable}",
            f"{excepted} with exceptions · {counts.get(Outcome.NOT_MET, 0)} not met",
            "Of the criteria that apply. A criterion is met when each requirement that votes on it is"
            " answered by an effective control.",
        ),
        Kpi(
            "Open gaps",
            str(len(waiting)),
            f"{count(wins, 'quick win')} · {len(mine) - len(waiting)} settled",
            "Open, in remediation or reopened. Accepted, fixed and verified gaps are settled; none of that"
            " changes an outcome.",
        ),
        Kpi(
            "Critical gaps",
            str(sum(gap.severity == 5 for gap in waiting)),
            f"{sum(gap.severity == 4 for gap in waiting)} high",
            "Open gaps of severity 5.",
        ),
        Kpi(
            "No conclusion",
            str(counts.get(Outcome.NO_CONCLUSION, 0)),
            f"criteria · {count(unjudged, 'requirement')}",
            "Criteria on which nothing could be concluded. That is neither a pass nor a gap.",
        ),
        Kpi(
            "Input faults",
            str(len(lost)),
            f"{count(len(touched), 'requirement')} held back" if touched else "nothing held back",
            "Rows and files that could not be read as they stand. What they could touch gets no conclusion.",
        ),
    )


def risk(one: EngagementResult) -> Risk:
    """Returns the risk of a modified opinion as the readiness states it."""
    word = one.readiness.modification_risk
    if word == "likely":
        return Risk("Likely", "red", ":material/error:")
    if word == "possible":
        return Risk("Possible", "orange", ":material/warning:")
    return Risk(capital(word.replace("_", " ")), "green", ":material/check_circle:")


def reasons(one: EngagementResult) -> tuple[str, ...]:
    """Returns why the risk and the score are what they are, each as a sentence of its own."""
    return tuple(capital(reason) for reason in one.readiness.reasons)


def is_long(sentences: Sequence[str], signs: int = 220) -> bool:
    """Whether sentences would fill a card; a page then keeps them one click away."""
    return sum(map(len, sentences)) > signs


def series_table(criteria: Iterable[CriterionResult]) -> Table:
    """Returns one row for each series and outcome: series, outcome, order, criteria (count), ids.

    Series keep the order in which they first occur.
    """
    groups: dict[str, dict[Outcome, list[str]]] = {}
    for one in criteria:
        groups.setdefault(series_label(one), {}).setdefault(one.outcome, []).append(one.id)
    return table(
        ("series", "outcome", "order", "criteria", "ids"),
        [
            (series, capital(OUTCOME_WORDS[outcome]), order, len(found[outcome]), ", ".join(found[outcome]))
            for series, found in groups.items()
            for order, outcome in enumerate(CRITERION_OUTCOMES)
            if outcome in found
        ],
    )


def series_label(criterion: CriterionResult) -> str:
    """Returns a criterion's series with its title where the framework is shipped: `CC8 Change management`."""
    try:
        known = load_framework(criterion.framework).criterion(criterion.id)
    except GapgraphError:
        known = None
    return f"{criterion.series} {known.series_title}" if known and known.series_title else criterion.series


def score_table(criteria: Iterable[CriterionResult]) -> Table:
    """Returns what went into the score, heaviest first; criteria that do not apply are left out."""
    used = [one for one in criteria if one.outcome is not Outcome.NOT_APPLICABLE]
    return table(
        ("Criterion", "Title", "Outcome", "Weight"),
        [
            (one.id, one.title, capital(OUTCOME_WORDS[one.outcome]), one.weight)
            for one in sorted(used, key=lambda one: -one.weight)
        ],
    )


def readiness_table(parts: Iterable[ReadinessPart]) -> Table:
    """Returns what an engagement takes beside controls, or the checklist: group, what, outcome, open gaps, why."""
    return table(
        ("Group", "What", "Outcome", "Gaps", "Why"),
        [
            (one.group, one.title, capital(OUTCOME_WORDS[one.outcome]), len(one.gaps), "; ".join(one.reasons))
            for one in parts
        ],
    )


def milestones(one: EngagementResult) -> tuple[str, ...]:
    """Returns how far it is to a report of each type, a sentence each."""
    return tuple(milestone_words(milestone) for milestone in one.readiness.milestones)


def fix_first(assessment: Assessment, id: str, limit: int = 8) -> tuple[Gap, ...]:
    """Returns the gaps to begin with: those that need work, quick wins first, then by priority."""
    waiting = (gap for gap in assessment.gaps if gap.engagement == id and gap.status in NEEDS_WORK)
    return tuple(sorted(waiting, key=gap_order)[:limit])


def not_concluded(assessment: Assessment, id: str) -> Table:
    """Returns the requirements that were not judged, wholly or in part, with the items left open and why."""
    return table(
        ("Requirement", "Title", "Outcome", "Items", "Why"),
        [
            (one.id, one.title, capital(OUTCOME_WORDS[one.outcome]), one.not_evaluated, " ".join(one.reasons))
            for one in assessment.requirements
            if one.engagement == id and _unjudged(one)
        ],
    )


def _unjudged(one: RequirementResult) -> bool:
    return one.outcome is Outcome.NO_CONCLUSION or one.not_evaluated > 0


def faults(assessment: Assessment, *, notices: bool = False) -> Table:
    """Returns the input faults, or the notices that lost nothing: `file:row`, what, what it touches."""
    return table(
        ("Where", "What is wrong", "Touches"),
        [
            (place(one.path, one.row), one.message, ", ".join(one.touches))
            for one in sorted(assessment.meta.faults)
            if one.notice is notices
        ],
    )


def data_note(assessment: Assessment) -> str:
    """Returns what the assessment was made from: `12,840 statements from 8 files`."""
    return f"{assessment.meta.triples:,} statements from {count(len(assessment.meta.inputs), 'file')}"


def table(titles: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
    """Returns rows as a table; text in it is on one line and free of control characters."""
    return {
        title: [plain(row[index]) if isinstance(row[index], str) else row[index] for row in rows]
        for index, title in enumerate(titles)
    }


def table_height(rows: int, most: int = 8) -> int:
    """Returns the height in pixels of a table with so many rows, at most `most` of them in view."""
    return (min(max(rows, 1), most) + 1) * ROW_HEIGHT + 2
