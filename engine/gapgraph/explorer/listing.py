"""The list of gaps: what narrows it, its rows, its order, its CSV. Pure functions; nothing here judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gapgraph.explorer.text import capital, few, markdown
from gapgraph.explorer.views import Table, table
from gapgraph.model import SEVERITY_WORDS, Assessment, Gap
from gapgraph.output.csv_format import to_csv
from gapgraph.output.summary import NEEDS_WORK, gap_order, natural
from gapgraph.output.wording import (
    KIND_WORDS,
    QUADRANT_WORDS,
    REASON_WORDS,
    STATUS_WORDS,
    count,
    number,
    severity_word,
)

__all__ = [
    "GAP_COLUMNS",
    "Filters",
    "choices",
    "columns",
    "control_title",
    "gap_table",
    "gaps",
    "gaps_csv",
    "list_note",
    "missing_note",
    "position",
]

GAP_COLUMNS = (
    *("Severity", "Gap", "Subject", "Criteria", "Priority", "Quadrant"),
    *("Days", "Status", "Owner", "Due", "Engagement"),
)
"""The columns of `gap_table`, in order."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the list of gaps; an empty member narrows nothing.

    The words are those that are shown and stand in a link: `Critical`, `Process`, `In remediation`, `CC6.1`.
    """

    text: str = ""
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


def gaps(assessment: Assessment, id: str | None, filters: Filters) -> tuple[Gap, ...]:
    """Returns the gaps of one engagement, or of all, that pass the filters, in the order of work."""
    found = (gap for gap in assessment.gaps if id in (None, gap.engagement) and _passes(assessment, gap, filters))
    return tuple(sorted(found, key=lambda gap: (gap.status not in NEEDS_WORK, gap_order(gap)[1:], gap.engagement)))


def _passes(assessment: Assessment, gap: Gap, filters: Filters) -> bool:
    chosen = (
        (filters.kinds, {capital(KIND_WORDS[gap.gap_kind])}),
        (filters.severities, {capital(severity_word(gap.severity))}),
        (filters.statuses, {capital(STATUS_WORDS[gap.status])}),
        (filters.criteria, set(gap.criteria)),
    )
    if any(wanted and not has & set(wanted) for wanted, has in chosen):
        return False
    parts = (
        gap.id,
        gap.title,
        gap.requirement,
        gap.subject_label,
        gap.control or "",
        control_title(assessment, gap),
        gap.owner or "",
        REASON_WORDS[gap.reason],
        QUADRANT_WORDS[gap.quadrant],
        *gap.criteria,
    )
    haystack = " ".join(parts).casefold()
    return all(word in haystack for word in filters.text.casefold().split())


def choices(assessment: Assessment) -> Mapping[str, list[str]]:
    """Returns what each filter can be set to: all kinds, severities, states, and the criteria that have gaps.

    The words are the same for every workspace, so a link with a filter always means something.
    """
    return {
        "kinds": [capital(word) for word in KIND_WORDS.values()],
        "severities": [capital(word) for word in SEVERITY_WORDS.values()],
        "statuses": [capital(word) for word in STATUS_WORDS.values()],
        "criteria": sorted({id for gap in assessment.gaps for id in gap.criteria}, key=natural),
    }


def gap_table(found: Sequence[Gap], labels: Mapping[str, str]) -> Table:
    """Returns one row for each gap; `labels` (engagement id to label) name whose gap it is."""
    return table(
        GAP_COLUMNS,
        [
            (
                capital(severity_word(gap.severity)),
                gap.title,
                gap.subject_label,
                few(gap.criteria),
                gap.priority,
                capital(QUADRANT_WORDS[gap.quadrant]),
                gap.effort_days,
                capital(STATUS_WORDS[gap.status]),
                gap.owner or "",
                gap.due,
                labels.get(gap.engagement, gap.engagement),
            )
            for gap in found
        ],
    )


def columns(*, everywhere: bool = False, without: tuple[str, ...] = ()) -> list[str]:
    """Returns the columns to show; over all engagements whose gap it is, not by whom and when to close it."""
    hidden = {"Owner", "Due"} if everywhere else {"Engagement"}
    return [column for column in GAP_COLUMNS if column not in hidden | set(without)]


def gaps_csv(assessment: Assessment, found: Sequence[Gap]) -> str:
    """Returns these gaps as the CSV that the command line writes, formulas neutralised."""
    return to_csv(replace(assessment, gaps=tuple(found)))


def position(found: Sequence[Gap], id: str | None) -> int:
    """Returns where the gap with this id, or the only one whose id begins so, stands; -1 if it does not."""
    if not id:
        return -1
    hits = [index for index, gap in enumerate(found) if gap.id.startswith(id)]
    exact = [index for index in hits if found[index].id == id]
    return exact[0] if exact else hits[0] if len(hits) == 1 else -1


def list_note(assessment: Assessment, found: Sequence[Gap]) -> str:
    """Returns the size of the list: `14 gaps of 16 · 11 need work · 44 days of effort`."""
    waiting = [gap for gap in found if gap.status in NEEDS_WORK]
    shown = f"{count(len(found), 'gap')} of {len(assessment.gaps)}"
    days = number(sum(gap.effort_days for gap in waiting))
    return f"{shown} · {len(waiting)} need work · {days} days of effort"


def missing_note(assessment: Assessment, id: str) -> str:
    """Returns why a gap that a link names is not in the list, as escaped Markdown."""
    if assessment.gap(id) is None:
        return f"This assessment has no gap {markdown(id)}. It may have closed, or the link is cut short."
    return f"Gap {markdown(id)} is not among these; a filter or the engagement hides it."


def control_title(assessment: Assessment, gap: Gap) -> str:
    """Returns the title of the gap's control; empty where it has none."""
    return next(
        (one.title for one in assessment.controls if (one.engagement, one.id) == (gap.engagement, gap.control)),
        "",
    )
