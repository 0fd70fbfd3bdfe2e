"""`gapgraph profile show|diff`: what an assessment profile asks for, and in what two differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gapgraph.cli.options import debug_option, list_options, write_list
from gapgraph.errors import UsageError

if TYPE_CHECKING:
    from gapgraph.output.lists import Listing
    from gapgraph.profile import Profile


@click.group("profile")
def profile_command() -> None:
    """Show what an assessment profile asks for, or compare two.

    PROFILE is the name of a shipped profile, or a workspace folder for the profile as that workspace adjusts it;
    FOLDER:ENGAGEMENT names one of several engagements.
    """


@profile_command.command("list")
@list_options
@debug_option
def list_command(form: str, file: Path | None) -> None:
    """List the profiles that gapgraph ships."""
    from gapgraph.output.lists import Listing
    from gapgraph.profile import load_profile, shipped_profiles

    rows = [
        (p.name, p.version, len(p.requirements), p.description)
        for p in (load_profile(name) for name in shipped_profiles())
    ]
    _show(
        [Listing("profiles", "Profiles", ("name", "version", "requirements", "description"), tuple(rows))], form, file
    )


@profile_command.command("show")
@click.argument("profile", default="soc2-type2")
@list_options
@debug_option
def show_command(profile: str, form: str, file: Path | None) -> None:
    """Show the requirements, defaults, thresholds and adjustments of a profile (soc2-type2 unless named)."""
    from gapgraph.output.profiles import overview

    _show(overview(_profile(profile)), form, file)


@profile_command.command("diff")
@click.argument("first")
@click.argument("second")
@list_options
@debug_option
def diff_command(first: str, second: str, form: str, file: Path | None) -> None:
    """Show what changes on the way from one profile to another, with the reason of each adjustment."""
    from gapgraph.output.profiles import comparison

    _show(comparison(_profile(first), _profile(second)), form, file)


def _show(listings: "Sequence[Listing]", form: str, file: Path | None) -> None:
    write_list(listings, form, file)


def _profile(name: str) -> "Profile":
    from gapgraph import workspace
    from gapgraph.profile import load_profile, shipped_profiles

    if name in shipped_profiles():
        return load_profile(name)
    folder, _, engagement = name.partition(":")
    if not (Path(folder) / workspace.CONFIG).is_file():
        raise UsageError(
            f"'{name}' is no profile and no workspace folder; the profiles are {', '.join(shipped_profiles())}"
        )
    found = workspace.profiles_of(workspace.adjusted(workspace.load(Path(folder)), engagement=engagement or None))
    if len({p.name for p in found.values()}) > 1:
        raise UsageError(f"the engagements of {folder} use several profiles; name one as {folder}:{min(found)}")
    return next(iter(found.values()))
