"""Writes an assessment as JSON, as `assessment.schema.json` in this folder describes it.

Field names follow the schema one to one; dates are ISO dates, a period carries its last day, and everything
is in the order of `gapgraph.output.summary`. Two runs on the same inputs give the same bytes, `meta.seconds`
aside.
"""

import json
from datetime import date
from typing import Any

from gapgraph.model import (
    Assessment,
    ControlResult,
    CriterionResult,
    Deviation,
    EngagementResult,
    Fault,
    Gap,
    Meta,
    Period,
    ProfileNote,
    RequirementResult,
    Source,
)
from gapgraph.output.summary import in_order
from gapgraph.output.wording import severity_word
from gapgraph.readiness import Milestone, ReadinessPart

Json = dict[str, Any]


def to_json(assessment: Assessment) -> str:
    """The assessment as JSON text that ends with a newline."""
    return json.dumps(to_data(assessment), ensure_ascii=False, indent=2) + "\n"


def to_data(assessment: Assessment) -> Json:
    """The assessment as plain dictionaries, lists, strings and numbers."""
    ordered = in_order(assessment)
    return {
        "meta": meta_data(ordered.meta),
        "engagements": [engagement_data(one) for one in ordered.engagements],
        "criteria": [criterion_data(one) for one in ordered.criteria],
        "requirements": [requirement_data(one) for one in ordered.requirements],
        "controls": [control_data(one) for one in ordered.controls],
        "gaps": [gap_data(one) for one in ordered.gaps],
    }


def meta_data(meta: Meta) -> Json:
    """With what the assessment was made."""
    inputs = sorted(meta.inputs, key=lambda file: file.path)
    return {
        "gapgraph": meta.gapgraph,
        "profile": meta.profile,
        "profile_version": meta.profile_version,
        "profiles": [profile_data(note) for note in meta.profiles],
        "validator": meta.validator,
        "organisation": meta.organisation,
        "inputs": [{"path": file.path, "sha256": file.sha256, "triples": file.triples} for file in inputs],
        "triples": meta.triples,
        "faults": [fault_data(fault) for fault in sorted(meta.faults)],
        "unused": sorted(meta.unused),
        "seconds": {name: round(seconds, 3) for name, seconds in meta.seconds.items()},
    }


def part_data(part: ReadinessPart) -> Json:
    """One part of readiness, or one line of the checklist."""
    return {
        "group": part.group,
        "title": part.title,
        "outcome": part.outcome.value,
        "reasons": list(part.reasons),
        "requirements": list(part.requirements),
        "gaps": list(part.gaps),
    }


def milestone_data(milestone: Milestone) -> Json:
    """What stands in the way of a report of one type; `earliest` is the first day a period could start."""
    return {
        "type": milestone.type.value,
        "gaps": list(milestone.gaps),
        "earliest": milestone.earliest.isoformat() if milestone.earliest else None,
        "reasons": list(milestone.reasons),
    }


def profile_data(note: ProfileNote) -> Json:
    """One profile that judged, with each adjustment and its reason."""
    return {
        "name": note.name,
        "version": note.version,
        "adjustments": [
            {
                "requirement": a.requirement,
                "field": a.field,
                "before": a.before,
                "after": a.after,
                "reason": a.rationale,
                "by": a.by,
            }
            for a in note.adjustments
        ],
    }


def fault_data(fault: Fault) -> Json:
    """One fault in the input; `row` is 0 where it concerns the whole file."""
    return {
        "path": fault.path,
        "row": fault.row,
        "message": fault.message,
        "touches": list(fault.touches),
        "notice": fault.notice,
    }


def engagement_data(engagement: EngagementResult) -> Json:
    """One engagement and its readiness."""
    readiness = engagement.readiness
    return {
        "id": engagement.id,
        "label": engagement.label,
        "frameworks": list(engagement.frameworks),
        "categories": list(engagement.categories),
        "type": engagement.type.value,
        "as_of": engagement.as_of.isoformat(),
        "period": period_data(engagement.period),
        "profile": engagement.profile,
        "readiness": {
            "score": rounded(readiness.score, 1),
            "modification_risk": readiness.modification_risk,
            "reasons": list(readiness.reasons),
            "criteria": dict(readiness.criteria),
            "formula": readiness.formula,
            "parts": [part_data(one) for one in readiness.parts],
            "checklist": [part_data(one) for one in readiness.checklist],
            "milestones": [milestone_data(one) for one in readiness.milestones],
        },
    }


def period_data(period: Period | None) -> Json | None:
    """A period with its last day included."""
    return None if period is None else {"from": day(period.start), "until": day(period.last_day)}


def criterion_data(criterion: CriterionResult) -> Json:
    """The outcome of one criterion."""
    return {
        "engagement": criterion.engagement,
        "id": criterion.id,
        "framework": criterion.framework,
        "title": criterion.title,
        "series": criterion.series,
        "category": criterion.category,
        "outcome": criterion.outcome.value,
        "how": criterion.how,
        "reasons": list(criterion.reasons),
        "requirements": list(criterion.requirements),
        "gaps": list(criterion.gaps),
        "weight": criterion.weight,
    }


def requirement_data(requirement: RequirementResult) -> Json:
    """The outcome of one requirement."""
    return {
        "engagement": requirement.engagement,
        "id": requirement.id,
        "title": requirement.title,
        "basis": requirement.basis.value,
        "votes": requirement.votes,
        "severity": requirement.severity,
        "outcome": requirement.outcome.value,
        "criteria": list(requirement.criteria),
        "controls": list(requirement.controls),
        "population": requirement.population,
        "passes": requirement.passes,
        "deviations": requirement.deviations,
        "not_evaluated": requirement.not_evaluated,
        "reasons": list(requirement.reasons),
        "gaps": list(requirement.gaps),
        "methods_available": list(requirement.methods_available),
    }


def control_data(control: ControlResult) -> Json:
    """Design and operation of one control; `answers` has the operation by requirement."""
    return {
        "engagement": control.engagement,
        "id": control.id,
        "title": control.title,
        "iri": control.iri,
        "type": control.type,
        "owner": control.owner,
        "design": control.design.value,
        "operation": control.operation.value if control.operation else None,
        "reasons": list(control.reasons),
        "requirements": [answer.requirement for answer in control.requirements],
        "answers": [
            {
                "requirement": answer.requirement,
                "operation": answer.operation.value if answer.operation else None,
                "population": answer.population,
                "passes": answer.passes,
                "deviations": answer.deviations,
                "reasons": list(answer.reasons),
            }
            for answer in control.requirements
        ],
        "population": control.population,
        "passes": control.passes,
        "deviations": control.deviations,
        "since": control.since.isoformat() if control.since else None,
        "sample_exception_chance": rounded(control.sample_exception_chance, 4),
    }


def gap_data(gap: Gap) -> Json:
    """One gap with its deviations."""
    return {
        "id": gap.id,
        "engagement": gap.engagement,
        "requirement": gap.requirement,
        "title": gap.title,
        "criteria": list(gap.criteria),
        "subject": gap.subject,
        "subject_label": gap.subject_label,
        "control": gap.control,
        "deviations": [deviation_data(deviation) for deviation in gap.deviations],
        "gap_kind": gap.gap_kind.value,
        "reason": gap.reason.value,
        "likelihood": gap.likelihood,
        "likelihood_basis": gap.likelihood_basis,
        "sample_exception_chance": rounded(gap.sample_exception_chance, 4),
        "severity": gap.severity,
        "severity_word": severity_word(gap.severity),
        "complexity": gap.complexity,
        "effort_days": rounded(gap.effort_days, 2),
        "priority": rounded(gap.priority, 2),
        "quadrant": gap.quadrant.value,
        "status": gap.status.value,
        "provisional": gap.provisional,
        "owner": gap.owner,
        "due": day(gap.due),
        "remediation": gap.remediation,
        "closing_evidence": gap.closing_evidence,
        "history": list(gap.history),
    }


def deviation_data(deviation: Deviation) -> Json:
    """One failing focus node with its failing checks and the rows that its facts came from."""
    return {
        "focus": deviation.focus,
        "label": deviation.label,
        "severity": deviation.severity.value,
        "on": day(deviation.on),
        "until": day(deviation.until),
        "checks": [
            {
                "shape": check.shape,
                "name": check.name,
                "message": check.message,
                "path": check.path,
                "value": check.value,
                "expected": check.expected,
                "component": check.component,
            }
            for check in deviation.checks
        ],
        "sources": [source_data(source) for source in deviation.sources],
    }


def source_data(source: Source) -> Json:
    """A file, and the row in it (0 if it has none)."""
    return {"path": source.path, "row": source.row}


def rounded(value: float | None, digits: int) -> float | None:
    """The number with so many digits after the point; None stays None."""
    return None if value is None else round(float(value), digits)


def day(value: date | None) -> str | None:
    """An ISO date, or None."""
    return None if value is None else value.isoformat()
