"""The files that belong to the project, as opposed to what builds and tests leave behind."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

_LEFTOVERS = {"build", "demo", "dist", "htmlcov", "node_modules", "__pycache__"}


def project_files(*folders: str, suffix: str = "") -> list[Path]:
    """Returns the absolute paths of files that git tracks or would track, sorted.

    With folders, only what is below these top-level ones. Where git does not answer (an unpacked source
    archive), every file outside hidden and build folders counts.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],  # noqa: S607 - git is wherever PATH says
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    names = os.fsdecode(listed.stdout).split("\0") if listed.returncode == 0 else _walk()
    paths = {ROOT / name for name in names if name}
    return sorted(
        path
        for path in paths
        if path.is_file() and path.name.endswith(suffix) and (not folders or path.relative_to(ROOT).parts[0] in folders)
    )


def _walk() -> list[str]:
    """Returns file names relative to the root, found without git."""
    names: list[str] = []
    for folder, folders, files in os.walk(ROOT):
        here = Path(folder)
        top = here == ROOT
        folders[:] = [
            name
            for name in folders
            if name in {".ci", ".github"}
            or not (name.startswith(".") or name == "__pycache__" or (top and name in _LEFTOVERS))
        ]
        names += [str((here / name).relative_to(ROOT)) for name in files]
    return names
