"""Readiness as lists: score, what an engagement takes beside controls, milestones, the checklist with its gaps."""

from collections.abc import Iterator

from gapgraph.model import Assessment, EngagementResult
from gapgraph.output.lists import Listing
from gapgraph.output.wording import NOT_AN_OPINION, OUTCOME_SIGNS, OUTCOME_WORDS, day
from gapgraph.readiness import ReadinessPart


def readiness_lists(assessment: Assessment) -> tuple[Listing, ...]:
    """The tables of all engagements, the checklist last."""
    one, many = assessment.engagements[0], len(assessment.engagements) > 1
    notes: list[str] = []
    for engagement in assessment.engagements:
        readiness = engagement.readiness
        score = "no score" if readiness.score is None else f"{readiness.score:.1f} of 100, {NOT_AN_OPINION}"
        notes.append(f"{engagement.label}: {score}. {readiness.formula}.")
        notes.append(f"Risk of a modified opinion: {readiness.modification_risk}. {'. '.join(readiness.reasons)}")
    heading = "Readiness" if many else f"Readiness: {one.label}"
    columns = ("engagement", "group", "what", "outcome", "requirements", "gaps", "reasons")
    return (
        Listing("summary", heading, ("note",), (), tuple(notes)),
        Listing(
            "milestones",
            "Milestones",
            ("engagement", "milestone", "gaps", "period_from", "reasons"),
            tuple(
                (e.id, m.type.label, len(m.gaps), day(m.earliest) if m.earliest else None, "; ".join(m.reasons))
                for e in assessment.engagements
                for m in e.readiness.milestones
            ),
        ),
        Listing(
            "parts",
            "Beside controls",
            columns,
            tuple(row for e in assessment.engagements for row in _rows(e, e.readiness.parts)),
        ),
        Listing(
            "checklist",
            "Checklist",
            columns,
            tuple(row for e in assessment.engagements for row in _rows(e, e.readiness.checklist)),
        ),
    )


def _rows(engagement: EngagementResult, parts: tuple[ReadinessPart, ...]) -> Iterator[tuple[str | int, ...]]:
    for part in parts:
        outcome = f"{OUTCOME_SIGNS[part.outcome]} {OUTCOME_WORDS[part.outcome]}"
        yield (
            engagement.id,
            part.group,
            part.title,
            outcome,
            " ".join(part.requirements),
            " ".join(part.gaps),
            "; ".join(part.reasons),
        )
