"""Own commitments first: a control's own text, its policy, the profile; a contradiction is a gap of its own."""

from pathlib import Path

import pytest

from gapgraph.model import Assessment, Outcome
from gapgraph.run import assess
from tests.small_workspace import registers, write

POLICY = "access,Access policy,access-control,1,ana,ben,{approved},{effective},"


def company(
    own: str, policy: str, *, quarters: int = 4, effective: str = "2025-12-01", parameters: str = ""
) -> dict[str, list[str]]:
    """The small company with one system, a policy that states a cadence, and reviews in the first quarters only."""
    tables = registers(systems=1)
    tables["controls"][1] = tables["controls"][1].replace("quarterly", own)
    tables["access_reviews"] = tables["access_reviews"][: 1 + quarters]
    tables["review_decisions"] = tables["review_decisions"][: 1 + quarters]
    tables["policies"] = [
        "id,title,kind,version,owner,approver,approved_on,effective_on,retired_on",
        POLICY.format(approved=effective, effective=effective),
    ]
    tables["policy_statements"] = [
        "id,policy,requirements,cadence,parameters",
        f"reviews,access,ACC-01,{policy},{parameters}",
    ]
    return tables


def outcome(found: Assessment, id: str) -> Outcome:
    """The outcome of a requirement in the Type II engagement."""
    return next(r.outcome for r in found.requirements if r.id == id and r.engagement == "t2")


def gaps(found: Assessment, id: str) -> list[str]:
    """The deviations of the gaps of a requirement in the Type II engagement."""
    mine = [g for g in found.gaps if g.requirement == id and g.engagement == "t2"]
    return [d.label for g in mine for d in g.deviations]


def test_policy_says_quarterly_control_says_annual_and_evidence_shows_one(tmp_path: Path) -> None:
    found = assess(write(tmp_path, company("annual", "quarterly", quarters=1)))
    assert gaps(found, "POL-25") == ["cadence of Access review: annual, Access policy says quarterly"]
    assert outcome(found, "POL-25") is Outcome.NOT_MET
    (gap,) = [g for g in found.gaps if g.requirement == "POL-25" and g.engagement == "t2"]
    assert (gap.subject_label, gap.reason) == ("Access review", "inconsistent")
    assert {s.path for d in gap.deviations for s in d.sources} >= {"registers/policy_statements.csv"}


def test_where_the_control_is_silent_the_policy_holds(tmp_path: Path) -> None:
    monthly = assess(write(tmp_path / "monthly", company("", "monthly")))
    quarterly = assess(write(tmp_path / "quarterly", company("", "quarterly")))
    assert outcome(quarterly, "ACC-01") is Outcome.MET
    assert outcome(monthly, "ACC-01") is Outcome.NOT_MET
    missing = next(r for r in monthly.requirements if r.id == "ACC-01" and r.engagement == "t2")
    assert (missing.population, missing.passes) == (12, 4)
    assert outcome(quarterly, "POL-25") is Outcome.NOT_OCCURRING, "the control states nothing that could clash"


def test_a_policy_that_is_not_in_force_states_nothing(tmp_path: Path) -> None:
    found = assess(write(tmp_path, company("annual", "quarterly", effective="2027-01-01")))
    assert gaps(found, "POL-25") == []
    assert outcome(found, "POL-25") is Outcome.NOT_OCCURRING


def test_of_two_policies_the_stricter_holds(tmp_path: Path) -> None:
    tables = company("", "quarterly")
    tables["policy_statements"].append("more,access,ACC-01,monthly,")
    found = assess(write(tmp_path, tables))
    assert next(r.population for r in found.requirements if r.id == "ACC-01" and r.engagement == "t2") == 12


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("reviews,nowhere,ACC-01,quarterly,", "nowhere"),
        ("reviews,access,ACC-99,quarterly,", "ACC-99"),
        ("reviews,access,ACC-01,sometimes,", "sometimes"),
        ("reviews,access,ACC-04,,revoke_days=soon", "revoke_days=soon"),
    ],
)
def test_a_statement_that_cannot_be_read_is_a_fault_and_leaves_what_it_speaks_of_open(
    row: str, said: str, tmp_path: Path
) -> None:
    tables = company("quarterly", "quarterly")
    tables["policy_statements"] = ["id,policy,requirements,cadence,parameters", row]
    found = assess(write(tmp_path, tables))
    faults = [f for f in found.meta.faults if f.path == "registers/policy_statements.csv"]
    assert len(faults) == 1
    assert said in faults[0].message
    assert "POL-25" in faults[0].touches
    assert {"ACC-01", "ACC-04"} & set(faults[0].touches)
    assert outcome(found, "POL-25") is Outcome.NO_CONCLUSION
