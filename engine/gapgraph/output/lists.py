"""Lists that commands print: one or more tables with a heading each, as a table, JSON, CSV or Markdown.

The cells of a list are plain values; each format escapes for itself what it must.
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

from gapgraph.output.csv_format import neutral
from gapgraph.output.markdown import bullets, table, text
from gapgraph.output.wording import plain

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A table of a page: name (the key in JSON), heading, sentences above it, columns and rows."""

    name: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def to_json(listings: Sequence[Listing]) -> str:
    """An object with one list of objects for each table."""
    data = {one.name: [dict(zip(one.columns, row, strict=True)) for row in one.rows] for one in listings}
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def to_csv(listings: Sequence[Listing]) -> str:
    """The last table of the page, which is its subject, with a header."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(listings[-1].columns)
    for row in listings[-1].rows:
        writer.writerow([neutral(plain(_shown(cell))) for cell in row])
    return buffer.getvalue()


def to_markdown(listings: Sequence[Listing]) -> str:
    """A heading, sentences and a table for each."""
    blocks = []
    for one in listings:
        blocks.append(f"## {text(one.heading)}")
        if one.notes:
            blocks.append(bullets(text(note) for note in one.notes))
        if one.rows:
            blocks.append(table(one.columns, [[text(_shown(cell)) for cell in row] for row in one.rows]))
    return "\n\n".join(blocks) + "\n"


def to_table(listings: Sequence[Listing], width: int) -> str:
    """The page as plain text in a width, without colour."""
    from rich.console import Console

    buffer = io.StringIO()
    print_listings(
        listings, Console(file=buffer, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    )
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())


def print_listings(listings: Sequence[Listing], console: object) -> None:
    """Writes the page to a rich console."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    assert isinstance(console, Console)
    for one in listings:
        console.print(Text(one.heading, style="bold"))
        for note in one.notes:
            console.print(Text(plain(note), style="dim"))
        if one.rows:
            shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
            for index, name in enumerate(one.columns):
                numbers = all(isinstance(row[index], int | float) for row in one.rows)
                shown.add_column(name.replace("_", " "), justify="right" if numbers else "left", overflow="fold")
            for row in one.rows:
                shown.add_row(*(Text(plain(_shown(cell))) for cell in row))
            console.print(shown)
        else:
            console.print()


def _shown(cell: Cell) -> str:
    return "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)
