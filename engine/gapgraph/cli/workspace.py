"""The commands around a workspace: `demo`, `init`, `import`, `explore`, `doctor`."""

from itertools import chain
from pathlib import Path

import click

from gapgraph.cli.options import debug_option, directory_argument
from gapgraph.cli.screen import progress

FAULT = 2
_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("demo")
@click.argument("directory", metavar="DIR", type=_FOLDER)
@click.option("--size", type=click.Choice(["tiny", "small", "mid", "large"]), default="small", show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another seed, another company.")
@click.option(
    "--defects",
    default="default",
    show_default=True,
    metavar="NAME,…|default|all|none",
    help="The defects to plant: those of docs/demo.md by name, the choice of the size, all that fit together, or none.",
)
@click.option("--force", is_flag=True, help="Overwrite a workspace that is there.")
@click.option(
    "--situation", metavar="NAME", help="One situation of docs/situations.md in a few rows, and nothing else."
)
@debug_option
def demo_command(directory: Path, size: str, seed: int, defects: str, force: bool, situation: str | None) -> None:
    """Write a workspace of a fictional company to try things on."""
    from gapgraph.demo import write_demo

    if situation:
        _write_situation(directory, situation)
        return
    names = tuple(name.strip() for name in defects.split(",") if name.strip())
    if not names:
        raise click.UsageError("--defects names no defect; write none for a company without any")
    chosen = {"default": None, "none": ()}.get(defects, names)
    click.echo(write_demo(directory, size=size, seed=seed, defects=chosen, force=force))
    click.echo(f"Next: gapgraph assess {click.format_filename(directory)}")


def _write_situation(directory: Path, name: str) -> None:
    from gapgraph.demo.situations import write_situation
    from gapgraph.output.wording import OUTCOME_WORDS

    one = write_situation(directory, name)
    operation, outcome = one.operation.replace("_", " "), OUTCOME_WORDS[one.outcome]
    click.echo(f"{one.title}. On {one.requirement} the control {one.control} is {operation}, so it is {outcome}.")
    click.echo(f"Next: gapgraph assess {click.format_filename(directory)}")


@click.command("init")
@click.argument("directory", metavar="DIR", type=_FOLDER)
@debug_option
def init_command(directory: Path) -> None:
    """Make a new workspace with register templates.

    Its gapgraph.toml has a comment for each setting."""
    from gapgraph.workspace import init

    for path in init(directory):
        click.echo(click.format_filename(path))
    click.echo(f"Next: fill the registers, then gapgraph assess {click.format_filename(directory)}")


@click.command("import")
@click.argument("kind")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=_EXISTING)
@click.option("-w", "--workspace", metavar="DIR", type=_FOLDER, default=Path(), help="The workspace. [default: .]")
@click.option("--dry-run", is_flag=True, help="Say what would be written and write nothing.")
@debug_option
def import_command(kind: str, files: tuple[Path, ...], workspace: Path, dry_run: bool) -> int:
    """Convert files of other tools into a workspace, all or nothing.

    What was not understood is listed row by row on stderr, and makes the exit code 2.
    """
    from gapgraph.importing import import_files
    from gapgraph.output.wording import count, place, plain

    report = import_files(kind, files, workspace, dry_run=dry_run)
    amounts = f"{count(report.rows, 'row')}, {count(report.statements, 'statement')}"
    for path in report.written:
        click.echo(f"{'would write' if dry_run else 'wrote'} {click.format_filename(path)}")
    click.echo(f"{report.kind}: {amounts} from {count(len(report.files), 'file')}")
    for item in report.not_understood:
        click.echo(f"{place(str(item.path), item.row)}: {plain(item.message)}", err=True)
    for note in report.unused:
        click.echo(note, err=True)
    return FAULT if report.not_understood else 0


@click.command("explore")
@directory_argument
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@debug_option
def explore_command(directory: Path, port: int, no_browser: bool) -> int:
    """Open the explorer of a workspace."""
    from gapgraph.explorer import launch

    return launch(directory, port=port, open_browser=not no_browser)


@click.command("doctor")
@directory_argument
@click.option(
    "--rules",
    is_flag=True,
    help="Also try rules and shapes on examples and their mutants (minutes).",
)
@debug_option
def doctor_command(directory: Path, rules: bool) -> int:
    """Check the package, the environment and a workspace.

    That is ontology, shapes, rules and profiles, and the faults in the data."""
    from gapgraph import doctor
    from gapgraph.finding import Level

    faulty = False
    with progress() as show:
        tried = doctor.rules(show or (lambda _: None)) if rules else ()
        for finding in chain(doctor.run(), doctor.workspace(directory), tried):
            click.echo(str(finding))
            faulty |= finding.level is Level.FAULT
    return FAULT if faulty else 0
