"""Errors are one line each and know their exit code."""

from pathlib import Path

import pytest

from gapgraph.errors import AssetError, GapgraphError, InputError, ShapeError, UsageError, ValidatorError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            InputError("is unreadable", Path("a/b.csv"), 7, "Save it again."),
            "a/b.csv:7: is unreadable. Save it again.",
        ),
        (InputError("is empty.", "a.csv", remedy="Fill it."), "a.csv: is empty. Fill it."),
        (InputError("two\nlines", row=3), "row 3: two lines"),
        (InputError("nothing given"), "nothing given"),
        (ShapeError("urn:x", "no\n path"), "shape urn:x cannot be checked: no path"),
        (UsageError("no such\tgap"), "no such gap"),
    ],
)
def test_error_is_one_line(error: GapgraphError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError("x"), 2),
        (UsageError("x"), 2),
        (AssetError("x"), 3),
        (ShapeError("x", "y"), 3),
        (ValidatorError("x"), 3),
        (GapgraphError("x"), 3),
    ],
)
def test_error_knows_its_exit_code(error: GapgraphError, code: int) -> None:
    assert error.exit_code == code


def test_input_error_keeps_its_parts() -> None:
    error = InputError("is unreadable", "a.csv", 7, "Save it again.")
    assert (error.what, error.where, error.row, error.remedy) == (
        "is unreadable",
        "a.csv",
        7,
        "Save it again.",
    )
