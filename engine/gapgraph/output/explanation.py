"""Shows the explanation of one gap in the order in which a person asks.

What is looked for and why, what was found where, what would satisfy it, what to do, and from which rows the
facts came.
"""

import io
import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from gapgraph.model import ControlResult, Deviation, FailedCheck
from gapgraph.output.json_format import control_data, criterion_data, gap_data, requirement_data, source_data
from gapgraph.output.table import OUTCOME_STYLES, PLAIN_WIDTH, SEVERITY_STYLES, title
from gapgraph.output.wording import (
    BASIS_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    QUADRANT_WORDS,
    REASON_WORDS,
    RESULT_WORDS,
    STATUS_WORDS,
    count,
    day,
    examination,
    method_words,
    number,
    period_words,
    place,
    plain,
    severity_word,
)
from gapgraph.why import Explanation, SourceRow

SHOWN_DEVIATIONS = 10
DIM = "dim"


def to_text(explanation: Explanation, *, width: int = PLAIN_WIDTH) -> str:
    """The page as plain text without colour."""
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    print_explanation(explanation, console)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def to_json(explanation: Explanation) -> str:
    """The explanation as JSON text that ends with a newline."""
    return json.dumps(to_data(explanation), ensure_ascii=False, indent=2) + "\n"


def to_data(explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain values; gap, criteria, result and control are as in the assessment."""
    info, example = explanation.requirement, explanation.example
    return {
        "gap": gap_data(explanation.gap),
        "requirement": {
            "id": info.id,
            "iri": info.iri,
            "title": info.title,
            "statement": info.statement,
            "basis": info.basis.value,
            "basis_words": BASIS_WORDS[info.basis],
            "parameters": dict(sorted(info.parameters.items())),
            "test_methods": list(info.test_methods),
        },
        "result": requirement_data(explanation.result) if explanation.result else None,
        "criteria": [criterion_data(one) for one in explanation.criteria],
        "control": control_data(explanation.control) if explanation.control else None,
        "example": {"name": example.name, "turtle": example.turtle} if example else None,
        "rows": [
            {**source_data(row.source), "cells": dict(row.cells), "note": row.note or None} for row in explanation.rows
        ],
    }


def print_explanation(explanation: Explanation, console: Console) -> None:
    """Writes the explanation to a console, in its width and colours."""
    for part in parts(explanation):
        console.print(part)


def parts(explanation: Explanation) -> Iterable[RenderableType]:
    """The parts of the page in order."""
    gap, engagement, info = explanation.gap, explanation.engagement, explanation.requirement
    yield Rule(Text(f"Gap {plain(gap.id)} · {plain(gap.title)}", style="bold"), style="blue", align="left")
    when = f"period {period_words(engagement.period)} · " if engagement.period else ""
    profile = f"profile {plain(explanation.profile)} v{plain(explanation.profile_version)}"
    who = f"{plain(explanation.organisation)} · {plain(engagement.label)} · {examination(engagement)}"
    yield Text(f"{who}\n{when}as of {day(engagement.as_of)} · {profile}", style=DIM)
    yield Text()
    yield title("What is looked for")
    yield indented(Text.assemble((plain(info.id), "cyan"), f"  {plain(info.statement)}"))
    yield from rests_on(explanation)
    yield Text()
    yield title("What it is about")
    yield about(explanation)
    yield Text()
    yield title(f"What was found: {count(len(gap.deviations), 'deviation')}")
    yield from found(explanation)
    yield Text()
    yield title("What would satisfy it")
    yield from satisfied(explanation)
    yield Text()
    yield title("What to do")
    yield what_to_do(explanation)
    yield Text()
    yield title("Where the facts come from")
    yield from source_rows(explanation.rows, explanation.gap.deviations[:SHOWN_DEVIATIONS])


def indented(part: RenderableType, by: int = 2) -> RenderableType:
    """The part with space to its left."""
    return Padding(part, (0, 0, 0, by))


def facts() -> Table:
    """A table of names and values."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=DIM, no_wrap=True)
    table.add_column(overflow="fold")
    return table


def rests_on(explanation: Explanation) -> Iterable[RenderableType]:
    """On what the requirement rests: its basis in words, and its criteria with titles and outcomes."""
    yield Text()
    yield title("On what it rests")
    basis = explanation.requirement.basis
    yield indented(Text.assemble((basis.replace("_", " "), "bold"), f": {BASIS_WORDS[basis]}"))
    table = Table.grid(padding=(0, 2))
    for one in explanation.criteria:
        outcome = Text(OUTCOME_WORDS[one.outcome], style=OUTCOME_STYLES[one.outcome])
        table.add_row(Text(plain(one.id), style="cyan"), plain(one.title), outcome)
    if explanation.criteria:
        yield indented(table)


def about(explanation: Explanation) -> RenderableType:
    """The subject, the control and how the gap was rated."""
    gap, table = explanation.gap, facts()
    table.add_row("subject", Text.assemble(plain(gap.subject_label), (f"\n{plain(gap.subject)}", DIM)))
    table.add_row("control", control_words(explanation.control))
    table.add_row("kind", f"{KIND_WORDS[gap.gap_kind]}, {REASON_WORDS[gap.reason]}")
    table.add_row("severity", Text(severity_word(gap.severity), style=SEVERITY_STYLES[gap.severity]))
    table.add_row("likelihood", f"{gap.likelihood} of 5, {plain(gap.likelihood_basis)}")
    if gap.sample_exception_chance is not None:
        chance = f"{gap.sample_exception_chance:.0%} that an auditor's sample shows an exception"
        table.add_row("chance", chance)
    result = explanation.result
    if result is not None:
        open_items = f", {result.not_evaluated} not evaluated" if result.not_evaluated else ""
        words = f"{result.passes} of {count(result.population, 'item')} pass{open_items}"
        table.add_row("requirement", f"{OUTCOME_WORDS[result.outcome]}: {words}")
        for reason in result.reasons:
            table.add_row("", plain(reason))
        table.add_row("test methods", method_words(explanation.requirement.test_methods, result.methods_available))
    return indented(table)


def control_words(control: ControlResult | None) -> Text:
    """The control with its owner, design and operation."""
    if control is None:
        return Text("none addresses this requirement for the subject")
    owner = f"owner {plain(control.owner)}" if control.owner else "no owner"
    operation = f", operation {control.operation.replace('_', ' ')}" if control.operation else ""
    lines = [f"{owner}; design {control.design.replace('_', ' ')}{operation}"]
    lines += [plain(reason) for reason in control.reasons]
    return Text.assemble(f"{plain(control.id)} {plain(control.title)}", ("\n" + "\n".join(lines), DIM))


def found(explanation: Explanation) -> Iterable[RenderableType]:
    """Each deviation with its failing checks, what was found and the limit."""
    deviations = explanation.gap.deviations
    if not deviations:
        yield indented(Text("No record fails: nothing that answers the requirement was found."))
    for deviation in deviations[:SHOWN_DEVIATIONS]:
        when = f" · {day(deviation.on)}" if deviation.on else ""
        yield indented(
            Text.assemble((plain(deviation.label), "bold"), (f"{when} · {RESULT_WORDS[deviation.severity]}", DIM))
        )
        for check in deviation.checks:
            yield indented(check_table(check), 4)
        files = dict.fromkeys(place(source.path, source.row) for source in deviation.sources)
        if files:
            yield indented(Text("from " + ", ".join(files), style=DIM), 4)
    rest = len(deviations) - SHOWN_DEVIATIONS
    if rest > 0:
        yield indented(Text(f"and {rest} more; --format json has all", style=DIM))
    if explanation.requirement.parameters:
        limits = ", ".join(f"{name} = {value}" for name, value in sorted(explanation.requirement.parameters.items()))
        yield indented(Text(f"Where the control sets no limit, the profile's holds: {plain(limits)}", style=DIM))


def check_table(check: FailedCheck) -> RenderableType:
    """One failing check: its name, its message, what was found and the limit it was held to."""
    table = facts()
    table.add_row("failed", plain(check.name))
    table.add_row("", plain(check.message))
    local = plain(check.path.rsplit("#", 1)[-1].rsplit("/", 1)[-1])
    table.add_row("found", f"{local}: {plain(check.value)}" if check.value else f"{local}: nothing")
    table.add_row("limit", plain(check.expected) or "none")
    return table


def satisfied(explanation: Explanation) -> Iterable[RenderableType]:
    """The example that passes, without its prefixes."""
    example = explanation.example
    if example is None:
        yield indented(Text(plain(explanation.requirement.statement)))
        return
    yield indented(Text(f"{plain(example.name)} is an example that passes:", style=DIM))
    lines = [plain_line(line) for line in example.turtle.splitlines() if not line.startswith("PREFIX ")]
    yield indented(Text("\n".join(lines).strip("\n")), 4)


def plain_line(line: str) -> str:
    """The line with its indent and without control characters."""
    body = line.lstrip(" ")
    return " " * (len(line) - len(body)) + plain(body)


def what_to_do(explanation: Explanation) -> RenderableType:
    """Remedy, closing evidence, effort, status and history."""
    gap, table = explanation.gap, facts()
    table.add_row("remedy", plain(gap.remediation))
    table.add_row("closes with", plain(gap.closing_evidence))
    effort = f"{number(gap.effort_days)} days, complexity {gap.complexity} of 5"
    table.add_row("effort", f"{effort}: {QUADRANT_WORDS[gap.quadrant]}, priority {number(gap.priority)}")
    status = STATUS_WORDS[gap.status] + (", provisional" if gap.provisional else "")
    status += f", owner {plain(gap.owner)}" if gap.owner else ""
    table.add_row("status", status + (f", due {day(gap.due)}" if gap.due else ""))
    for index, line in enumerate(gap.history):
        table.add_row("history" if index == 0 else "", plain(line))
    return indented(table)


def source_rows(rows: Iterable[SourceRow], deviations: Iterable[Deviation]) -> Iterable[RenderableType]:
    """The rows of the shown deviations as they stand in the files now; empty cells are left out."""
    wanted = {source for deviation in deviations for source in deviation.sources}
    shown = [row for row in rows if row.source in wanted]
    if not shown:
        yield indented(Text("No row: what is missing has no record."))
    for row in shown:
        note = Text(f"  {plain(row.note)}", style=DIM) if row.note else Text()
        yield indented(Text.assemble((place(row.source.path, row.source.row), "cyan"), note))
        table = facts()
        for column, value in row.cells:
            if value.strip():
                table.add_row(plain(column), plain(value))
        if row.cells:
            yield indented(table, 4)
