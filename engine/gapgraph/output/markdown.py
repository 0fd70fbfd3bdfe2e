"""Writes an assessment as one Markdown page: what the table says, for a wiki or a merge request."""

from collections.abc import Iterable, Sequence

from gapgraph.model import SEVERITY_WORDS, Assessment, CriterionResult, Gap, GapKind
from gapgraph.output.summary import Summary, Unjudged, faults, notices, summaries
from gapgraph.output.wording import (
    CRITERION_OUTCOMES,
    KIND_WORDS,
    NOT_AN_OPINION,
    OUTCOME_SIGNS,
    OUTCOME_WORDS,
    QUADRANT_WORDS,
    REASON_WORDS,
    STATUS_WORDS,
    adjustment_words,
    count,
    day,
    examination,
    milestone_words,
    number,
    period_words,
    place,
    plain,
    profile_note,
    profile_words,
    severity_word,
    verdict,
)
from gapgraph.readiness import ReadinessPart

_SPECIAL = str.maketrans({sign: f"\\{sign}" for sign in "\\|<>[]`*#"})


def to_markdown(assessment: Assessment) -> str:
    """The assessment as GitHub-flavoured Markdown that ends with a newline."""
    blocks = [f"# Gap analysis: {text(assessment.meta.organisation)}"]
    for summary in summaries(assessment):
        blocks.extend(engagement_blocks(assessment, summary))
    blocks.extend(fault_blocks(assessment))
    return "\n\n".join(blocks) + "\n"


def text(value: object) -> str:
    """The text on one line, with the signs that Markdown would read escaped.

    >>> text("a|b <i>")
    'a\\\\|b \\\\<i\\\\>'
    """
    return plain(value).translate(_SPECIAL)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells must be escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def part_cells(part: ReadinessPart) -> tuple[str, str, str]:
    """What a part or checklist line is, its outcome, and its first reason."""
    sign = f"{OUTCOME_SIGNS[part.outcome]} {OUTCOME_WORDS[part.outcome]}"
    return text(part.title), sign, text("; ".join(part.reasons[:2]))


def bullets(lines: Iterable[str]) -> str:
    """A list; the lines must be escaped."""
    return "\n".join(f"- {line}" for line in lines)


def engagement_blocks(assessment: Assessment, summary: Summary) -> list[str]:
    """The blocks of one engagement."""
    engagement, readiness = summary.engagement, summary.engagement.readiness
    when = f"Period {period_words(engagement.period)}, " if engagement.period else ""
    score = "no score, no criterion applies"
    if readiness.score is not None:
        score = f"{readiness.score:.1f} of 100, {NOT_AN_OPINION}"
    profile = text(profile_words(assessment.meta, engagement))
    blocks = [
        f"## {text(engagement.label)}: {text(examination(engagement))}",
        f"{when}{'as' if when else 'As'} of {day(engagement.as_of)}, {profile}",
        f"**{text(verdict(engagement, assessment.meta, len(summary.gaps)))}**",
        f"Readiness: {score} ({text(readiness.formula)}).",
        f"Risk of a modified opinion: {text(readiness.modification_risk)}.",
    ]
    if readiness.reasons:
        blocks.append(bullets(text(reason) for reason in readiness.reasons))
    note = profile_note(assessment.meta, engagement)
    if note and note.adjustments:
        blocks += [
            "### Adjusted requirements",
            bullets(text(adjustment_words(adjustment)) for adjustment in note.adjustments),
        ]
    blocks += ["### Criteria", criteria_table(summary)]
    blocks += [
        "### Beside controls",
        table(("what", "outcome", "why"), [part_cells(part) for part in readiness.parts]),
        bullets(text(milestone_words(one)) for one in readiness.milestones),
        "### Checklist",
        table(("what", "outcome", "why"), [part_cells(part) for part in readiness.checklist]),
    ]
    if summary.gaps:
        blocks += [
            "### Fix first",
            fix_first_table(summary),
            "### Gaps by kind and severity",
            totals_table(summary),
        ]
        blocks.append("Status: " + ", ".join(f"{n} {STATUS_WORDS[s]}" for s, n in sorted(summary.statuses.items())))
    blocks += ["### What was never evaluated", never_evaluated(summary)]
    if summary.methods:
        blocks.append("Test methods at hand: " + text(summary.methods))
    if summary.gaps:
        blocks += ["### All gaps", *(gap_block(gap, summary.tests.get(gap.requirement, "")) for gap in summary.gaps)]
    return blocks


def criteria_table(summary: Summary) -> str:
    """The criteria by series, with the counts of outcomes in the head of the columns."""
    counts = summary.engagement.readiness.criteria
    head = [f"{OUTCOME_WORDS[one]} ({counts.get(one.value, 0)})" for one in CRITERION_OUTCOMES]
    return table(["series", *head], (series_cells(name, members) for name, members in summary.series))


def series_cells(name: str, members: Sequence[CriterionResult]) -> list[str]:
    """The ids of one series under their outcomes, each with its sign."""
    cells = [text(name)]
    for outcome in CRITERION_OUTCOMES:
        ids = [one.id for one in members if one.outcome is outcome]
        cells.append(f"{OUTCOME_SIGNS[outcome]} {text(', '.join(ids))}" if ids else "")
    return cells


def fix_first_table(summary: Summary) -> str:
    """The gaps to begin with."""
    head = ["gap", "what", "subject", "criteria", "severity", "effort", "quadrant"]
    rows = []
    for gap in summary.fix_first:
        also = "".join(f" (also in {text(label)})" for label in summary.also_in[gap.id])
        rows.append(
            [
                text(gap.id),
                f"{text(gap.requirement)} {text(gap.title)}",
                text(gap.subject_label) + also,
                text(", ".join(gap.criteria)),
                severity_word(gap.severity),
                f"{number(gap.effort_days)} d",
                QUADRANT_WORDS[gap.quadrant],
            ]
        )
    return table(head, rows) if rows else "No gap needs work."


def totals_table(summary: Summary) -> str:
    """How many gaps there are of each kind and severity."""
    severities = sorted(SEVERITY_WORDS, reverse=True)
    rows = []
    for kind in GapKind:
        numbers = [summary.totals.get((kind, severity), 0) for severity in severities]
        rows.append([KIND_WORDS[kind], *map(str, numbers), str(sum(numbers))])
    sums = [sum(summary.totals.get((kind, severity), 0) for kind in GapKind) for severity in severities]
    rows.append(["all", *map(str, sums), str(sum(sums))])
    return table(["kind", *(SEVERITY_WORDS[severity] for severity in severities), "all"], rows)


def never_evaluated(summary: Summary) -> str:
    """What has no conclusion and why, and the items on which nothing could be concluded."""
    lines = [unjudged_line("criteria", one) for one in summary.unjudged_criteria]
    lines += [unjudged_line("requirements", one) for one in summary.unjudged_requirements]
    for result in summary.items:
        whole = max(result.population, result.not_evaluated)
        lines.append(f"{text(result.id)}: {result.not_evaluated} of {count(whole, 'item')} not evaluated")
    return bullets(lines) if lines else "Nothing: every criterion and requirement has a conclusion."


def unjudged_line(what: str, unjudged: Unjudged) -> str:
    """The ids that share one reason."""
    return f"{what} {text(', '.join(unjudged.ids))}: {text(unjudged.reason) or 'no reason was recorded'}"


def gap_block(gap: Gap, tests: str = "") -> str:
    """One gap with its deviations, its remedy and what closes it; `tests` says how its requirement can be tested."""
    facts = [
        f"subject: {text(gap.subject_label)}",
        f"criteria: {text(', '.join(gap.criteria)) or 'none'}",
        f"{KIND_WORDS[gap.gap_kind]}, {REASON_WORDS[gap.reason]}; severity {severity_word(gap.severity)}; "
        f"likelihood {gap.likelihood} of 5 ({text(gap.likelihood_basis)}); "
        f"complexity {gap.complexity} of 5; {number(gap.effort_days)} days; {QUADRANT_WORDS[gap.quadrant]}",
        f"status: {STATUS_WORDS[gap.status]}{' (provisional)' if gap.provisional else ''}"
        + (f", owner {text(gap.owner)}" if gap.owner else "")
        + (f", due {day(gap.due)}" if gap.due else ""),
        f"remedy: {text(gap.remediation)}",
        f"closes with: {text(gap.closing_evidence)}",
        *([f"test methods: {text(tests)}"] if tests else []),
    ]
    lines = [
        f"**{text(gap.id)}** {text(gap.requirement)} {text(gap.title)}",
        "",
        *(f"- {fact}" for fact in facts),
    ]
    for deviation in gap.deviations:
        found = "; ".join(plain(check.message) for check in deviation.checks)
        files = ", ".join(dict.fromkeys(place(source.path, source.row) for source in deviation.sources))
        lines.append(f"  - {text(deviation.label)}: {text(found)}" + (f" ({text(files)})" if files else ""))
    if gap.deviations:
        lines.insert(len(facts) + 2, f"- {count(len(gap.deviations), 'deviation')}:")
    return "\n".join(lines)


def fault_blocks(assessment: Assessment) -> list[str]:
    """The faults in the input, the notices and what nothing used."""
    found, remarks, unused = faults(assessment), notices(assessment), sorted(assessment.meta.unused)
    blocks = []
    if found:
        rows = ([text(place(f.path, f.row)), text(f.message), text(", ".join(f.touches))] for f in found)
        blocks += ["## Faults in the input", table(["where", "what", "requirements it could touch"], rows)]
    if remarks:
        blocks += ["## Notices", bullets(f"{text(place(n.path, n.row))}: {text(n.message)}" for n in remarks)]
    if unused:
        blocks += ["## Columns, checks and files that nothing used", bullets(text(path) for path in unused)]
    return blocks
