"""Writes one row per gap as CSV, for spreadsheets and trackers.

A spreadsheet runs a cell that begins like a formula. Labels come from files of others, so such a cell gets a
leading apostrophe (OWASP, "CSV injection"). Every cell is one line without control characters.
"""

import csv
import io

from gapgraph.model import Assessment, Gap
from gapgraph.output.summary import in_order
from gapgraph.output.wording import day, number, place, plain, severity_word

COLUMNS = (
    "engagement",
    "id",
    "requirement",
    "title",
    "criteria",
    "subject_label",
    "subject",
    "control",
    "gap_kind",
    "reason",
    "severity",
    "severity_word",
    "likelihood",
    "likelihood_basis",
    "sample_exception_chance",
    "complexity",
    "effort_days",
    "priority",
    "quadrant",
    "status",
    "provisional",
    "owner",
    "due",
    "deviations",
    "deviation_labels",
    "sources",
    "remediation",
    "closing_evidence",
)


def to_csv(assessment: Assessment) -> str:
    """The gaps of an assessment, with a header; lists in a cell are separated by `; `."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for gap in in_order(assessment).gaps:
        cells = gap_cells(gap)
        writer.writerow([neutral(plain(cells[column])) for column in COLUMNS])
    return buffer.getvalue()


def neutral(cell: str) -> str:
    """The cell with a leading apostrophe where a spreadsheet would take it for a formula.

    >>> neutral("=1+1"), neutral("CRM")
    ("'=1+1", 'CRM')
    """
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def gap_cells(gap: Gap) -> dict[str, str]:
    """The cells of one gap by column."""
    sources = dict.fromkeys(place(s.path, s.row) for deviation in gap.deviations for s in deviation.sources)
    return {
        "engagement": gap.engagement,
        "id": gap.id,
        "requirement": gap.requirement,
        "title": gap.title,
        "criteria": "; ".join(gap.criteria),
        "subject_label": gap.subject_label,
        "subject": gap.subject,
        "control": gap.control or "",
        "gap_kind": gap.gap_kind.value,
        "reason": gap.reason.value,
        "severity": str(gap.severity),
        "severity_word": severity_word(gap.severity),
        "likelihood": str(gap.likelihood),
        "likelihood_basis": gap.likelihood_basis,
        "sample_exception_chance": "" if gap.sample_exception_chance is None else f"{gap.sample_exception_chance:.4f}",
        "complexity": str(gap.complexity),
        "effort_days": number(gap.effort_days),
        "priority": number(gap.priority),
        "quadrant": gap.quadrant.value,
        "status": gap.status.value,
        "provisional": "yes" if gap.provisional else "no",
        "owner": gap.owner or "",
        "due": day(gap.due),
        "deviations": str(len(gap.deviations)),
        "deviation_labels": "; ".join(deviation.label for deviation in gap.deviations),
        "sources": "; ".join(sources),
        "remediation": gap.remediation,
        "closing_evidence": gap.closing_evidence,
    }
