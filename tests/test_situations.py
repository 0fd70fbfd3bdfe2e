"""Situations that every auditor has met: the assessment says what the auditor says."""

from pathlib import Path

import pytest

from gapgraph.cli.main import main
from gapgraph.demo.situation_tables import ENGAGEMENT
from gapgraph.demo.situations import SITUATIONS, write_situation
from gapgraph.run import assess

DOCUMENT = Path(__file__).parents[1] / "docs" / "situations.md"


@pytest.mark.parametrize("name", SITUATIONS)
def test_the_outcome_is_the_one_an_auditor_gives(name: str, tmp_path: Path) -> None:
    one = write_situation(tmp_path / "w", name)
    found = assess(tmp_path / "w")
    assert [f for f in found.meta.faults if not f.notice] == []
    control = next(c for c in found.controls if c.id == one.control)
    answer = next(r for r in control.requirements if r.requirement == one.requirement)
    requirement = next(r for r in found.requirements if r.id == one.requirement)
    assert (answer.operation, requirement.outcome) == (one.operation, one.outcome), requirement.reasons
    assert one.says in " ".join((*requirement.reasons, *answer.reasons))


def test_a_compensated_failure_stays_a_deviation_of_its_control(tmp_path: Path) -> None:
    write_situation(tmp_path / "w", "compensated-quarter")
    found = assess(tmp_path / "w")
    gap = next(g for g in found.gaps if g.requirement == "ACC-01")
    assert len(gap.deviations) == 1
    assert any(
        "owner-check" in r or "owner" in r for r in next(x for x in found.requirements if x.id == "ACC-01").reasons
    )


def test_the_command_writes_a_situation_and_says_what_to_expect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", str(tmp_path / "w"), "--situation", "late-review"]) == 0
    said = capsys.readouterr().out
    assert "A quarterly review that was completed after its quarter" in said
    assert "effective with exception" in said
    assert main(["assess", str(tmp_path / "w"), "--engagement", ENGAGEMENT]) == 0
    assert main(["demo", str(tmp_path / "w"), "--situation", "late-review"]) == 2
    assert "not empty" in capsys.readouterr().err
    assert main(["demo", str(tmp_path / "v"), "--situation", "earthquake"]) == 2
    assert "there is no situation 'earthquake'" in capsys.readouterr().err
    assert not (tmp_path / "v").exists()


def test_the_documentation_lists_them() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [
        "| {} |".format(" | ".join((f"`{s.name}`", s.title, s.requirement, s.operation, s.outcome))).replace("_", " ")
        for s in SITUATIONS.values()
    ]
