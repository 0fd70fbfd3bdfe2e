"""Shows an assessment on a terminal: what was found, what to fix first, and what was never evaluated.

A sign never stands without its word on the same page and colour only repeats what a sign or word says, so the
page reads the same in a pipe, without colour and in a plain-ASCII terminal.
"""

import io
from collections.abc import Iterable, Sequence

from rich import box
from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gapgraph.model import SEVERITY_WORDS, Assessment, CriterionResult, Gap, GapKind, Outcome
from gapgraph.output.summary import Summary, Unjudged, faults, notices, summaries
from gapgraph.output.wording import (
    CRITERION_OUTCOMES,
    KIND_WORDS,
    NOT_AN_OPINION,
    OUTCOME_SIGNS,
    OUTCOME_WORDS,
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

PLAIN_WIDTH = 100
SHOWN_LINES = 15
OUTCOME_STYLES = {
    Outcome.MET: "green",
    Outcome.MET_WITH_EXCEPTIONS: "yellow",
    Outcome.NOT_MET: "bold red",
    Outcome.NO_CONCLUSION: "magenta",
    Outcome.NOT_OCCURRING: "dim",
    Outcome.NOT_APPLICABLE: "dim",
}
SEVERITY_STYLES = {5: "bold red", 4: "red", 3: "yellow", 2: "cyan", 1: "dim"}
RISK_STYLES = {"likely": "bold red", "possible": "yellow", "none indicated": "green"}
_SHORT_SUFFIX = 3


def to_table(assessment: Assessment, *, width: int = PLAIN_WIDTH) -> str:
    """The page as plain text without colour, as it is written to a file or a pipe."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    print_table(assessment, console)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def print_table(assessment: Assessment, console: Console) -> None:
    """Writes the page to a console, in its width and colours."""
    for summary in summaries(assessment):
        for part in (*head(assessment, summary), *body(summary)):
            console.print(part)
    for part in fault_parts(assessment):
        console.print(part)


def head(assessment: Assessment, summary: Summary) -> Iterable[RenderableType]:
    """Who was looked at, what was found, the readiness and the risk."""
    engagement, readiness = summary.engagement, summary.engagement.readiness
    name = f"{plain(assessment.meta.organisation)} · {plain(examination(engagement))}"
    yield Rule(Text(name, style="bold"), style="blue", align="left")
    when = f"period {period_words(engagement.period)} · " if engagement.period else ""
    yield Text(f"{when}as of {day(engagement.as_of)} · {profile_words(assessment.meta, engagement)}", style="dim")
    yield Text()
    yield Text(verdict(engagement, assessment.meta, len(summary.gaps)), style="bold")
    yield Text()
    facts = Table.grid(padding=(0, 2))
    facts.add_column(no_wrap=True)
    facts.add_column()
    score = "no score" if readiness.score is None else f"{readiness.score:.1f} of 100"
    why = "no criterion applies" if readiness.score is None else NOT_AN_OPINION
    facts.add_row("Readiness", Text.assemble((score, "bold"), (f"  {why}", "dim")))
    facts.add_row("", Text(readiness.formula, style="dim"))
    risk = plain(readiness.modification_risk)
    facts.add_row("Risk of a modified opinion", Text(risk, style=RISK_STYLES.get(risk, "bold")))
    for index, reason in enumerate(readiness.reasons):
        facts.add_row(Text("because" if index == 0 else "", style="dim", justify="right"), Text(plain(reason)))
    yield facts
    yield Text()
    note = profile_note(assessment.meta, engagement)
    if note and note.adjustments:
        lines = [Text(f"  {adjustment_words(one)}") for one in note.adjustments[:SHOWN_LINES]]
        more = len(note.adjustments) - SHOWN_LINES
        if more > 0:
            lines.append(Text(f"  and {more} more; --format md shows all", style="dim"))
        yield Group(title("Adjusted requirements"), *lines, Text())


def body(summary: Summary) -> Iterable[RenderableType]:
    """Criteria, what to fix first, totals, and what was never evaluated."""
    yield Group(title("Criteria"), legend(summary), criteria_table(summary.series), Text())
    yield Group(title("Beside controls"), *readiness_parts(summary), Text())
    if summary.gaps:
        hint = Text("  gapgraph why GAP explains one of them", style="dim")
        yield Group(title("Fix first"), fix_first_table(summary), hint, Text())
        yield Group(title("Gaps by kind and severity"), totals_table(summary), statuses(summary), Text())
    yield Group(title("What was never evaluated"), *never_evaluated(summary), *methods(summary), Text())


def readiness_parts(summary: Summary) -> Iterable[RenderableType]:
    """What else an examination takes, and how far it is to a report of each type."""
    readiness = summary.engagement.readiness
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(ratio=2, overflow="fold")
    table.add_column(ratio=3, style="dim", overflow="fold")
    for part in readiness.parts:
        sign = Text(OUTCOME_SIGNS[part.outcome], style=OUTCOME_STYLES[part.outcome])
        words = OUTCOME_WORDS[part.outcome]
        table.add_row(sign, plain(part.title), plain(f"{words}: {part.reasons[0]}" if part.reasons else words))
    yield Padding(table, (0, 0, 0, 2))
    yield from (Text(f"  {milestone_words(one)}") for one in readiness.milestones)


def title(words: str) -> Text:
    """The title of a part."""
    return Text(words, style="bold blue")


def legend(summary: Summary) -> RenderableType:
    """The counts of criteria by outcome, which also says what each sign means."""
    counts = summary.engagement.readiness.criteria
    words = [
        Text.assemble((OUTCOME_SIGNS[one], OUTCOME_STYLES[one]), f" {counts.get(one.value, 0)} {OUTCOME_WORDS[one]}")
        for one in CRITERION_OUTCOMES
    ]
    return Padding(Columns(words, padding=(0, 3)), (0, 0, 0, 2))


def criteria_table(series: Sequence[tuple[str, Sequence[CriterionResult]]]) -> RenderableType:
    """One line for each series: a sign and the number of each criterion, then the counts in words."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(ratio=3)
    table.add_column(ratio=2, style="dim")
    for name, members in series:
        table.add_row(plain(name), glyphs(name, members), outcome_counts(members))
    return Padding(table, (0, 0, 0, 2))


def glyphs(series: str, members: Sequence[CriterionResult]) -> Text:
    """The sign and the short number of each criterion of a series, as in `✓1 ✗2`."""
    words = []
    for one in members:
        short = plain(one.id.removeprefix(series).removeprefix("."))
        label = short if 0 < len(short) <= _SHORT_SUFFIX else ""
        words.append(Text.assemble((f"{OUTCOME_SIGNS[one.outcome]}{label}", OUTCOME_STYLES[one.outcome])))
    return Text(" ").join(words)


def outcome_counts(members: Sequence[CriterionResult]) -> str:
    """The counts of a series in words, the worst first."""
    worst_first = (
        Outcome.NOT_MET,
        Outcome.NO_CONCLUSION,
        Outcome.MET_WITH_EXCEPTIONS,
        Outcome.MET,
        Outcome.NOT_APPLICABLE,
    )
    counts = {outcome: sum(one.outcome is outcome for one in members) for outcome in worst_first}
    return ", ".join(f"{amount} {OUTCOME_WORDS[one]}" for one, amount in counts.items() if amount)


def fix_first_table(summary: Summary) -> RenderableType:
    """The gaps to begin with: quick wins first, then by priority."""
    if not summary.fix_first:
        return Text("  No gap needs work: each is accepted, fixed or verified.")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True, header_style="dim")
    table.add_column("gap", no_wrap=True)
    table.add_column("what", ratio=3, overflow="fold")
    table.add_column("criteria", ratio=1, min_width=12, overflow="fold")
    table.add_column("severity", no_wrap=True)
    table.add_column("effort", justify="right", no_wrap=True)
    for gap in summary.fix_first:
        table.add_row(
            Text(plain(gap.id), style="cyan"),
            what(gap, summary.also_in.get(gap.id, ())),
            Text(plain(", ".join(gap.criteria)), style="dim"),
            Text(severity_word(gap.severity), style=SEVERITY_STYLES[gap.severity]),
            f"{number(gap.effort_days)} d",
        )
    return Padding(table, (0, 0, 0, 2))


def what(gap: Gap, also: Sequence[str]) -> Text:
    """The title of a gap, and below it the subject and how much deviates."""
    failed = f" · {count(len(gap.deviations), 'deviation')}" if gap.deviations else ""
    shared = f" · also in {plain(', '.join(also))}" if also else ""
    state = f" · {STATUS_WORDS[gap.status]}" if gap.status != "open" else ""
    return Text.assemble(
        (f"{plain(gap.requirement)} {plain(gap.title)}", "bold"),
        (f"\n{plain(gap.subject_label)}{failed}{state}{shared}", "dim"),
    )


def totals_table(summary: Summary) -> RenderableType:
    """How many gaps there are of each kind and severity."""
    severities = sorted(SEVERITY_WORDS, reverse=True)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="dim")
    table.add_column("kind", no_wrap=True)
    for severity in severities:
        table.add_column(Text(SEVERITY_WORDS[severity], style=SEVERITY_STYLES[severity]), justify="right")
    table.add_column("all", justify="right")
    for kind in GapKind:
        amounts = [summary.totals.get((kind, severity), 0) for severity in severities]
        table.add_row(KIND_WORDS[kind], *(str(amount or "·") for amount in amounts), str(sum(amounts)))
    sums = [sum(summary.totals.get((kind, severity), 0) for kind in GapKind) for severity in severities]
    table.add_row("all", *(str(amount or "·") for amount in sums), str(sum(sums)), style="bold")
    return Padding(table, (0, 0, 0, 2))


def statuses(summary: Summary) -> RenderableType:
    """How many gaps stand where in their life cycle."""
    words = [f"{amount} {STATUS_WORDS[status]}" for status, amount in sorted(summary.statuses.items())]
    return Padding(Text("status: " + ", ".join(words), style="dim"), (0, 0, 0, 2))


def never_evaluated(summary: Summary) -> Iterable[RenderableType]:
    """What has no conclusion and why, and the items on which nothing could be concluded."""
    rows = [("criteria", *unjudged_cells(one)) for one in summary.unjudged_criteria]
    rows += [("requirements", *unjudged_cells(one)) for one in summary.unjudged_requirements]
    for result in summary.items:
        whole = max(result.population, result.not_evaluated)
        words = f"{result.not_evaluated} of {count(whole, 'item')} not evaluated"
        rows.append(("items", plain(result.id), words))
    if not rows:
        yield Text("  Nothing: every criterion and requirement has a conclusion.")
        return
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(ratio=2, overflow="fold")
    table.add_column(ratio=3, style="dim")
    before = ""
    for group, ids, reason in rows[:SHOWN_LINES]:
        table.add_row("" if group == before else group, ids, reason)
        before = group
    yield Padding(table, (0, 0, 0, 2))
    if len(rows) > SHOWN_LINES:
        yield Text(f"  and {len(rows) - SHOWN_LINES} more lines; --format md shows all", style="dim")


def methods(summary: Summary) -> Iterable[RenderableType]:
    """For how many requirements the evidence at hand allows which test methods."""
    if summary.methods:
        yield Padding(Text(f"test methods at hand: {plain(summary.methods)}", style="dim"), (0, 0, 0, 2))


def unjudged_cells(unjudged: Unjudged) -> tuple[str, str]:
    """The ids that share one reason, and the reason."""
    return plain(", ".join(unjudged.ids)), plain(unjudged.reason) or "no reason was recorded"


def fault_parts(assessment: Assessment) -> Iterable[RenderableType]:
    """The faults in the input, and in one line the notices and what nothing used."""
    found, remarks, unused = faults(assessment), notices(assessment), assessment.meta.unused
    if not (found or remarks or unused):
        return
    yield Rule(Text("Input", style="bold"), style="blue", align="left")
    if found:
        yield title(count(len(found), "fault"))
        table = Table.grid(padding=(0, 2))
        table.add_column(overflow="fold")
        table.add_column(ratio=2)
        for fault in found[:SHOWN_LINES]:
            touched = f" (touches {plain(', '.join(fault.touches))})" if fault.touches else ""
            table.add_row(place(fault.path, fault.row), Text(plain(fault.message) + touched))
        yield Padding(table, (0, 0, 0, 2))
    if len(found) > SHOWN_LINES:
        yield Text(f"  and {len(found) - SHOWN_LINES} more; --format md shows all", style="dim")
    rest = [count(len(remarks), "notice")] if remarks else []
    rest += [f"{count(len(unused), 'item')} that nothing used"] if unused else []
    if rest:
        yield Text(f"  {' and '.join(rest)}; --format md shows them", style="dim")
