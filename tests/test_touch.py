"""A cell that cannot be read turns no verdict but those that it is said to touch, and these are withheld."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from gapgraph import run
from gapgraph.assess import engagement
from gapgraph.demo import write_demo
from gapgraph.model import Assessment, Outcome
from gapgraph.sources.schema import registers
from gapgraph.validate import Columnar

EVERY = 12
"""Of all columns of all registers that the small company fills, each so-manieth is damaged."""

Seen = Mapping[str, tuple[Outcome, frozenset[tuple[str, str]]]]
"""By requirement its outcome, and how each control operates in it."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean small company."""
    folder = tmp_path_factory.mktemp("touch") / "demo"
    write_demo(folder, defects=())
    return folder


@pytest.fixture(scope="module", autouse=True)
def unwithheld() -> Iterator[None]:
    """Verdicts as they are before input faults take them away; shapes compiled once."""
    check = Columnar()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engagement, "withhold", lambda *_: None)
        patch.setattr(run, "_validator", lambda _: check)
        yield


def seen(folder: Path) -> tuple[Seen, Assessment]:
    found = run.assess(folder, engagement="soc2-type2")
    controls: dict[str, set[tuple[str, str]]] = {}
    for control in found.controls:
        for one in control.requirements:
            controls.setdefault(one.requirement, set()).add((control.id, str(one.operation)))
    return {r.id: (r.outcome, frozenset(controls.get(r.id, ()))) for r in found.requirements}, found


def damaged(text: str, column: str) -> str:
    """The register with one cell of a column that nobody can read, in the middle of those that are filled."""
    header, *rows = csv.reader(io.StringIO(text))
    place = header.index(column)
    filled = [row for row in rows if row[place]]
    filled[len(filled) // 2][place] = "zz-none"
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def columns(folder: Path) -> Iterator[tuple[Path, str]]:
    """Registers and their columns in which a cell can be unreadable."""
    for name, register in registers().items():
        file = folder / "registers" / f"{name}.csv"
        if file.is_file():
            rows = list(csv.DictReader(file.open(encoding="utf-8", newline="")))
            for column, kind in ((c, register.columns[c].kind) for c in rows[0] if c in register.columns):
                if kind not in {"id", "text"} and any(row[column] for row in rows):
                    yield file, column


@pytest.mark.slow
def test_no_verdict_turns_that_a_fault_does_not_touch(folder: Path) -> None:
    before, _ = seen(folder)
    chosen = list(columns(folder))[::EVERY]
    assert len(chosen) > 40
    missed = []
    for file, column in chosen:
        whole = file.read_text(encoding="utf-8")
        file.write_text(damaged(whole, column), encoding="utf-8", newline="")
        after, found = seen(folder)
        file.write_text(whole, encoding="utf-8", newline="")
        faults = [f for f in found.meta.faults if not f.notice]
        assert faults, f"{file.name}: nobody minds what stands in {column}"
        touched = {id for fault in faults for id in fault.touches}
        missed += [
            f"{file.name} {column}: {id} {before[id][0].value} {outcome.value}"
            for id, (outcome, controls) in after.items()
            if id not in touched and (outcome, controls) != before[id] and outcome is not Outcome.NO_CONCLUSION
        ]
    assert missed == []
