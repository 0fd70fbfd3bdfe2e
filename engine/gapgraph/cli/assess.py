"""`gapgraph assess`, `readiness` and `why`: the main job, what else an examination takes, and one gap explained."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gapgraph.cli.options import (
    SEVERITIES,
    Question,
    debug_option,
    directory_argument,
    list_options,
    output_option,
    question_options,
    write,
    write_list,
)
from gapgraph.cli.screen import is_rich, progress, width

if TYPE_CHECKING:
    from gapgraph.model import Assessment

GAPS, FAULT = 1, 2


@click.command("assess")
@directory_argument
@question_options
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="never",
    show_default=True,
    help="Exit with 1 if a gap that still needs work (open, in remediation, reopened) is at least so severe.",
)
@click.option("--allow-partial", is_flag=True, help="Exit as if no row of the input were at fault.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "md"]),
    default="table",
    show_default=True,
    help="A page to read, or everything as JSON, the gaps as CSV, a page as Markdown.",
)
@output_option
@debug_option
def assess_command(
    directory: Path, fail_on: str, allow_partial: bool, form: str, file: Path | None, **asked: Any
) -> int:
    """Assess a workspace: gaps, controls, criteria and readiness.

    Rows at fault are listed on stderr and never stop the rest; what they could touch gets no conclusion, and
    the exit code is 2 unless --allow-partial is given.
    """
    from gapgraph.output.summary import at_or_above, faults
    from gapgraph.output.wording import place, plain

    assessment = run_assessment(directory, Question(**asked))
    show_assessment(assessment, form, file)
    found = faults(assessment)
    for fault in found:
        click.echo(f"{place(fault.path, fault.row)}: {plain(fault.message)}", err=True)
    if found and not allow_partial:
        return FAULT
    return GAPS if fail_on != "never" and at_or_above(assessment.gaps, SEVERITIES[fail_on]) else 0


@click.command("readiness")
@directory_argument
@question_options
@list_options
@debug_option
def readiness_command(directory: Path, form: str, file: Path | None, **asked: Any) -> None:
    """Show how ready an engagement is, beyond its gaps.

    That is the score with its sum, what an examination takes beside controls (scope, description, assertion,
    evidence, people, period), what is missing for a Type I and for a Type II, and the checklist.
    """
    from gapgraph.output.readiness_lists import readiness_lists

    write_list(readiness_lists(run_assessment(directory, Question(**asked))), form, file)


@click.command("why")
@click.argument("gap")
@directory_argument
@question_options
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@output_option
@debug_option
def why_command(gap: str, directory: Path, form: str, file: Path | None, **asked: Any) -> None:
    """Explain one gap, down to the rows behind it.

    It says on what the gap rests, what was found where, what would satisfy the requirement and what to do.

    GAP is the id that 'gapgraph assess' shows, or its beginning. The options that change the assessment must
    be the same as there.
    """
    from gapgraph.output import explanation as page
    from gapgraph.why import explain

    explanation = explain(directory, run_assessment(directory, Question(**asked)), gap)
    if form == "json":
        write(page.to_json(explanation), file)
    elif is_rich(file):
        from rich.console import Console

        page.print_explanation(explanation, Console())
    else:
        write(page.to_text(explanation, width=width(file)), file)


def run_assessment(directory: Path, question: Question) -> "Assessment":
    """Assesses the workspace and shows the stages on a terminal."""
    with progress() as show:
        from gapgraph.run import assess

        return assess(
            directory,
            as_of=question.as_of,
            type=question.report_type,
            period=question.period,
            framework=question.framework,
            profile=question.profile,
            engagement=question.engagement,
            validator="verify" if question.verify else question.validator,
            progress=show,
        )


def show_assessment(assessment: "Assessment", form: str, file: Path | None) -> None:
    """Writes the assessment in the format to the file, or to the terminal in its width and colours."""
    from gapgraph.output import to_csv, to_json, to_markdown

    if form != "table":
        write({"json": to_json, "csv": to_csv, "md": to_markdown}[form](assessment), file)
        return
    from gapgraph.output.table import print_table, to_table

    if is_rich(file):
        from rich.console import Console

        print_table(assessment, Console())
    else:
        write(to_table(assessment, width=width(file)), file)
