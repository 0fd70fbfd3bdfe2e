"""Writes several files as one step: all are on disk beside their targets before the first is replaced."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gapgraph.errors import InputError


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write; `before` is what it held when the import read it, None if it was not there."""

    path: Path
    data: bytes
    before: bytes | None


def write_all(outputs: Sequence[Output]) -> None:
    """Writes all outputs or changes nothing.

    Raises InputError where a target is no longer what it was, or where the disk refuses; what was replaced by
    then is put back.
    """
    for output in outputs:
        if current(output.path) != output.before:
            raise InputError("was changed during the import", output.path.name, remedy="Import again.")
    staged: list[tuple[Output, Path]] = []
    done: list[Output] = []
    try:
        for output in outputs:
            output.path.parent.mkdir(parents=True, exist_ok=True)
            staged.append((output, _stage(output)))
        for output, temporary in staged:
            temporary.replace(output.path)
            done.append(output)
    except OSError as error:
        for output in done:
            _put_back(output)
        reason = f"cannot be written ({error.strerror}); nothing was imported"
        remedy = "Check permissions and free space, then import again."
        raise InputError(reason, outputs[len(done)].path.name, remedy=remedy) from None
    finally:
        for _, temporary in staged:
            temporary.unlink(missing_ok=True)


def current(path: Path) -> bytes | None:
    """What a file holds, or None where there is none. Raises InputError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = f"cannot be read ({error.strerror})"
        raise InputError(reason, path.name, remedy="Check its permissions.") from None


def _stage(output: Output) -> Path:
    temporary = output.path.with_name(f".{output.path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("xb") as file:
            file.write(output.data)
            file.flush()
            os.fsync(file.fileno())
        if output.before is not None:
            temporary.chmod(output.path.stat().st_mode & 0o777)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _put_back(output: Output) -> None:
    with suppress(OSError):
        if output.before is None:
            output.path.unlink(missing_ok=True)
        else:
            output.path.write_bytes(output.before)
