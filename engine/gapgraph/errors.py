"""Everything that gapgraph raises on purpose.

    GapgraphError          3
    ├── InputError         2  a file, a row or a resource of the user is at fault
    ├── UsageError         2  the command or call asked for something that does not exist or fit
    ├── AssetError         3  a file of the package itself is missing
    ├── ShapeError         3  a shape cannot be checked
    └── ValidatorError     3  a validator did not finish, or its report cannot be read

The number is the exit code of the command line: 2 is a usage or input fault, 3 an internal one. `str()` of
each is one line that says what is wrong, where, and what to do; a `where` is a path, with its row if there is
one, or an IRI. Faults that do not stop an assessment are values (`faults` of its result), not exceptions.
"""

from pathlib import Path
from typing import ClassVar

__all__ = [
    "AssetError",
    "GapgraphError",
    "InputError",
    "ShapeError",
    "UsageError",
    "ValidatorError",
    "one_line",
]


def one_line(text: object) -> str:
    """Returns the text with every run of white space, line ends included, as one space.

    Texts of other libraries often have several lines, and file names may hold anything.

    >>> one_line("expected '.'\\n  at line 3")
    "expected '.' at line 3"
    """
    return " ".join(str(text).split())


class GapgraphError(Exception):
    """The root of the tree; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 3

    def __str__(self) -> str:
        return one_line(super().__str__())


class InputError(GapgraphError):
    """A fault in what the user gave: what it is, where it stands and what to do about it.

    `row` counts as a person does in a spreadsheet: the header is row 1. For a text file it is the line.

    >>> str(InputError("no date: '31/31/2026'", "registers/people.csv", 4, "Write it as 2026-12-31."))
    "registers/people.csv:4: no date: '31/31/2026'. Write it as 2026-12-31."
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, where: Path | str | None = None, row: int | None = None, remedy: str = "") -> None:
        super().__init__(what, where, row, remedy)
        self.what = what
        self.where = where
        self.row = row
        self.remedy = remedy

    def __str__(self) -> str:
        place = "" if self.where is None else f"{self.where}"
        if self.row is not None:
            place = f"{place}:{self.row}" if place else f"row {self.row}"
        sentence = f"{place}: {self.what}" if place else self.what
        if self.remedy:
            sentence = f"{sentence.rstrip().removesuffix('.')}. {self.remedy}"
        return one_line(sentence)


class UsageError(GapgraphError):
    """The command or the call asked for something that does not exist or does not fit together."""

    exit_code: ClassVar[int] = 2


class AssetError(GapgraphError):
    """A file that belongs to the package is not there; the installation is damaged."""


class ShapeError(GapgraphError):
    """A shape cannot be checked: it is ill-formed, or uses what the chosen validator does not know.

    >>> str(ShapeError("https://w3id.org/gapgraph/shapes#ACC-01", "sh:path is missing"))
    'shape https://w3id.org/gapgraph/shapes#ACC-01 cannot be checked: sh:path is missing'
    """

    def __init__(self, shape: str, reason: str) -> None:
        super().__init__(shape, reason)
        self.shape = shape
        self.reason = reason

    def __str__(self) -> str:
        return one_line(f"shape {self.shape} cannot be checked: {self.reason}")


class ValidatorError(GapgraphError):
    """A validator stopped before its end, or gave a report that cannot be read."""
