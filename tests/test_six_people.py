"""A company of six people that does well gets no gap, and what is not asked of it says why."""

from collections import Counter
from pathlib import Path

import pytest

from gapgraph.demo import write_demo
from gapgraph.demo.build import clean_company
from gapgraph.model import Outcome
from gapgraph.run import assess


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_company_of_six_gets_no_nonsense_gap(seed: int, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", size="tiny", seed=seed)
    found = assess(tmp_path / "demo")
    assert found.meta.profile == "startup"
    assert [f"{g.engagement} {g.requirement} {g.subject_label}" for g in found.gaps] == []
    assert {r.outcome for r in found.requirements} == {Outcome.MET, Outcome.NOT_OCCURRING, Outcome.NOT_APPLICABLE}
    not_asked = [r for r in found.requirements if r.outcome is Outcome.NOT_APPLICABLE]
    assert all(r.reasons for r in not_asked)
    by_headcount = {r.id for r in not_asked if "the roster has 6" in r.reasons[0]}
    assert by_headcount == {"GOV-06", "HR-06", "POL-21", "POL-24"}


def test_six_people_hold_every_role_and_sign_for_each_other() -> None:
    company = clean_company("tiny", 1)
    people = {row["id"] for row in company.rows("people")}
    assert len(people) == 6
    for change in company.rows("changes"):
        assert change["author"] in people
        assert change["author"] != change["approver"]
    for decision in company.rows("review_decisions"):
        assert company.row("accounts", decision["account"]).get("holder") != decision["reviewer"]
    each = Counter((a["holder"], a["system"]) for a in company.rows("accounts") if a.get("holder"))
    assert max(each.values()) == 1


def test_without_the_second_founder_nobody_is_left_to_sign(tmp_path: Path) -> None:
    """The company is no pass by itself: where somebody signs for their own work there is a gap."""
    write_demo(tmp_path / "demo", size="tiny")
    file = tmp_path / "demo" / "registers" / "changes.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    author, approver = header.split(",").index("author"), header.split(",").index("approver")
    own = [row.split(",") for row in rows]
    for cells in own:
        cells[approver] = cells[author]
    file.write_text("\n".join([header, *(",".join(cells) for cells in own)]) + "\n", encoding="utf-8")
    assert "CHG-01" in {gap.requirement for gap in assess(tmp_path / "demo").gaps}
