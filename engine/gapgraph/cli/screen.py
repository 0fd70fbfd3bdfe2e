"""What a terminal can show: its width, its signs, and the progress of long work."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

PLAIN_WIDTH, NARROWEST = 100, 40


def is_terminal(stream: TextIO) -> bool:
    """Whether a person reads the stream."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def is_rich(file: Path | None) -> bool:
    """Whether a page goes to a terminal that shows all our signs, so that it may be coloured."""
    return file is None and is_terminal(sys.stdout) and has_signs(sys.stdout)


def width(file: Path | None) -> int:
    """The width of a page: that of the terminal; in a pipe or file `COLUMNS` where it is set, else 100."""
    if file is None and is_terminal(sys.stdout):
        return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() and int(columns) >= NARROWEST else PLAIN_WIDTH


def has_signs(stream: TextIO) -> bool:
    """Whether the encoding of the stream has the signs of the table."""
    try:
        "✓◐✗–·─".encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


@contextmanager
def progress() -> Iterator[Callable[[str], None] | None]:
    """Gives a function that shows the present stage on a terminal's stderr, None where nobody reads it."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(stage: str) -> None:
            bar.update(task, description=stage)

        yield show
