"""The page about the demo names every defect of the catalogue with its gaps, and no other."""

import re
from pathlib import Path

from gapgraph.demo import DEFECTS
from gapgraph.demo.catalogue import DEFAULTS

PAGE = (Path(__file__).parents[1] / "docs" / "demo.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", PAGE, re.M))


def test_the_page_has_a_row_for_each_defect() -> None:
    assert set(ROWS) == set(DEFECTS)


def test_each_row_has_title_gaps_and_the_sizes_that_plant_it() -> None:
    for name, row in ROWS.items():
        defect = DEFECTS[name]
        title, type2, type1, planted = (cell.strip() for cell in row.split(" | "))
        assert title == defect.title
        type1 = type2 if type1 == "the same" else type1
        for cell, expected in ((type2, defect.type2), (type1, defect.type1)):
            found = set(re.findall(r"[A-Z]{2,4}-\d{2}", cell))
            assert found == {requirement for requirement, _ in expected.gaps}, name
        sizes = [size for size, names in DEFAULTS.items() if name in names]
        every = [size for size, names in DEFAULTS.items() if names]
        assert planted == ("all" if sizes == every else ", ".join(sizes)), name
