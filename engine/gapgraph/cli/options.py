"""What the commands share: the types of their options, the `--debug` flag, and where output goes."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gapgraph.cli.screen import has_signs, is_rich, width
from gapgraph.errors import InputError
from gapgraph.model import SEVERITY_WORDS, Period, ReportType

if TYPE_CHECKING:
    from gapgraph.output.lists import Listing

Command = TypeVar("Command", bound=Callable[..., Any])
SEVERITIES = {word: severity for severity, word in SEVERITY_WORDS.items()}
_TYPES = {"1": ReportType.TYPE_I, "i": ReportType.TYPE_I, "2": ReportType.TYPE_II, "ii": ReportType.TYPE_II}


@dataclass(slots=True)
class State:
    """What a run of the command line knows of itself."""

    debug: bool = False


def _set_debug(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    state = context.find_object(State)
    if value and state is not None:
        state.debug = True


def debug_option(command: Command) -> Command:
    """Adds `--debug`, which is allowed before and after the name of the command."""
    option = click.option(
        "--debug", is_flag=True, expose_value=False, callback=_set_debug, help="Show the trace of an error."
    )
    return option(command)


class DateType(click.ParamType[date]):
    """A day as 2026-12-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date; write it as 2026-12-31", param, ctx)


class PeriodType(click.ParamType[Period]):
    """A period as 2026-01-01..2026-12-31; the last day belongs to it."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:
        """The half-open period, or a usage error."""
        if isinstance(value, Period):
            return value
        first, dots, last = str(value).partition("..")
        if not dots:
            self.fail(f"'{value}' is no period; write it as 2026-01-01..2026-12-31", param, ctx)
        start, until = DateType().convert(first, param, ctx), DateType().convert(last, param, ctx)
        if until < start or until == date.max:
            self.fail(f"'{value}' ends before it starts", param, ctx)
        return Period(start, until + timedelta(days=1))


class ReportTypeType(click.ParamType[ReportType]):
    """1 or 2, also written type1, I, II."""

    name = "type"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> ReportType:
        """The report type, or a usage error."""
        if isinstance(value, ReportType):
            return value
        found = _TYPES.get(str(value).lower().removeprefix("type").strip())
        if found is None:
            self.fail(f"'{value}' is no report type; write 1 or 2", param, ctx)
        return found


def directory_argument(command: Command) -> Command:
    """Adds the workspace folder, the current one unless given."""
    argument = click.argument(
        "directory", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path()
    )
    return argument(command)


def question_options(command: Command) -> Command:
    """Adds the options that change what is asked of a workspace; `question` gathers them."""
    options = (
        click.option("--as-of", type=DateType(), metavar="DATE", help="The day on which the facts are judged."),
        click.option(
            "--type",
            "report_type",
            type=ReportTypeType(),
            metavar="1|2",
            help="1 looks at design on a day, 2 also at operation over a period.",
        ),
        click.option(
            "--period",
            type=PeriodType(),
            metavar="FROM..UNTIL",
            help="The period of a Type II; the last day belongs to it.",
        ),
        click.option("--framework", metavar="ID", help="Only the engagements with this framework."),
        click.option("--engagement", metavar="ID", help="Only this engagement of the workspace."),
        click.option("--profile", metavar="NAME", help="The assessment profile."),
        click.option(
            "--validator",
            metavar="NAME",
            default="columnar",
            show_default=True,
            help="What checks the shapes: columnar, which is fast, or pyshacl, the reference.",
        ),
        click.option("--verify", is_flag=True, help="Check with both validators, and stop where they differ."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a workspace, beyond what its `gapgraph.toml` says."""

    as_of: date | None = None
    report_type: ReportType | None = None
    period: Period | None = None
    framework: str | None = None
    engagement: str | None = None
    profile: str | None = None
    validator: str = "columnar"
    verify: bool = False

    def __post_init__(self) -> None:
        """Refuses a period for a Type I, which looks at a day."""
        if self.period and self.report_type is ReportType.TYPE_I:
            raise click.UsageError("--period belongs to --type 2; a Type I looks at the day of --as-of")


output_option = click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to this file instead of the terminal.",
)


def list_options(command: Command) -> Command:
    """Adds `--format` and `-o`, which every list takes."""
    form = click.option(
        "--format",
        "form",
        type=click.Choice(["table", "json", "csv", "md"]),
        default="table",
        show_default=True,
        help="A page to read, or data as JSON, CSV or Markdown.",
    )
    return form(output_option(command))


def write_list(listings: "Sequence[Listing]", form: str, file: Path | None) -> None:
    """Writes the tables of a list in a format to the file, or to the terminal in its width and colours."""
    from gapgraph.output import lists

    if form == "table" and is_rich(file):
        from rich.console import Console

        lists.print_listings(listings, Console())
    elif form == "table":
        write(lists.to_table(listings, width(file)), file)
    else:
        write({"json": lists.to_json, "csv": lists.to_csv, "md": lists.to_markdown}[form](listings), file)


def write(text: str, file: Path | None) -> None:
    """Writes the text to the file, or to stdout where there is none or it is `-`.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    if file is None or str(file) == "-":
        from gapgraph.output.wording import ASCII

        click.echo(text if has_signs(sys.stdout) else text.translate(ASCII), nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", file, None, "Name a file in a folder that exists."
        ) from error
