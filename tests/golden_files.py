"""Compares a text with its file in `golden/`; `GAPGRAPH_UPDATE_GOLDEN=1` writes the file instead."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def assert_golden(name: str, text: str) -> None:
    """Fails where the text differs from the file."""
    file = FOLDER / name
    if os.environ.get("GAPGRAPH_UPDATE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    expected = file.read_text(encoding="utf-8")
    assert text == expected, f"{name} differs; GAPGRAPH_UPDATE_GOLDEN=1 writes it anew once the change is meant"
