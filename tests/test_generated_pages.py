"""Everything generated in the documentation is what the program says now."""

from pathlib import Path

from gapgraph.docs import refresh


def test_no_generated_page_is_stale() -> None:
    assert refresh(Path(__file__).parents[1], check=True) == [], "run `make docs`"
