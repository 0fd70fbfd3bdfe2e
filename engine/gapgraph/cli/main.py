"""The entry of the command line: which commands there are, and how every ending becomes an exit code.

Exit codes: 0 done; 1 gaps at or above `--fail-on`; 2 usage or input fault; 3 internal error; 130
stopped by the user; 141 the reader of a pipe has gone. An error is one line on stderr; `--debug` adds the
trace.
"""

import os
import sys
import traceback
from collections.abc import Sequence

import click

from gapgraph import __version__
from gapgraph.cli.assess import assess_command, readiness_command, why_command
from gapgraph.cli.options import State, debug_option
from gapgraph.cli.profile import profile_command
from gapgraph.cli.workspace import demo_command, doctor_command, explore_command, import_command, init_command
from gapgraph.errors import GapgraphError, one_line

DONE, GAPS, FAULT, INTERNAL, STOPPED, READER_GONE = 0, 1, 2, 3, 130, 141


@click.group(name="gapgraph", context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
@debug_option
def cli() -> None:
    """Find SOC 2 gaps: criteria, controls and evidence as one graph, judged by shapes.

    Start with 'gapgraph demo DIR' and 'gapgraph assess DIR'.

    \b
    Exit codes: 0 done, 1 gaps at or above --fail-on, 2 usage or input fault, 3 internal error.
    """


for command in (
    demo_command,
    init_command,
    import_command,
    assess_command,
    readiness_command,
    why_command,
    explore_command,
    profile_command,
    doctor_command,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    state = State()
    _replace_what_cannot_be_encoded()
    try:
        code = cli.main(arguments, prog_name="gapgraph", standalone_mode=False, obj=state)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return FAULT
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "gapgraph"
        return _fail(state, error, f"{error.format_message().rstrip('.')}; see '{where} --help'", FAULT)
    except click.ClickException as error:
        return _fail(state, error, error.format_message(), FAULT)
    except (click.Abort, KeyboardInterrupt) as error:
        return _fail(state, error, "stopped", STOPPED)
    except (BrokenPipeError, SystemExit):
        # The reader has gone, as in `gapgraph assess | head`: click exits, and nothing more can be written.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except GapgraphError as error:
        return _fail(state, error, str(error), error.exit_code)
    except Exception as error:
        what = f"internal error: {type(error).__name__}: {one_line(error)}"
        return _fail(state, error, what if state.debug else f"{what}; --debug shows the trace", INTERNAL)
    return code if isinstance(code, int) else DONE


def _fail(state: State, error: BaseException, message: str, code: int) -> int:
    """Says what went wrong in one line, after the trace where it was asked for."""
    if state.debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    click.echo(f"gapgraph: {one_line(message)}", err=True)
    return code


def _replace_what_cannot_be_encoded() -> None:
    """Makes stdout and stderr write `?` for a sign that their encoding lacks, rather than stop."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
