"""Defects in policies, their acknowledgement, exceptions and runbooks."""

from collections.abc import Callable
from datetime import date

from gapgraph.demo.company import Cell, Company, listed
from gapgraph.demo.defect import NOTHING, Defect, says


def _with(policy: str, **cells: Cell) -> Callable[[Company], None]:
    """Changes cells of a policy; one that is approved anew has no review of its own any more."""

    def plant(company: Company) -> None:
        company.set("policies", policy, **cells)
        if cells.get("approved_on"):
            company.drop("activities", f"review-{policy}")

    return plant


def _broken(name: str, title: str, plant: Callable[[Company], None], requirement: str, criteria: str) -> Defect:
    """A policy that is not in force: its criteria are not met, in both types."""
    said = says(f"{requirement} organisation", ineffective="C-POL-1", not_met=criteria)
    return Defect(name, title, plant, said, said)


def _late(name: str, title: str, plant: Callable[[Company], None], requirement: str, criteria: str) -> Defect:
    """A policy that is in force only since after the period started."""
    said = says(f"{requirement} organisation", excepted="C-POL-1", exceptions=criteria)
    return Defect(name, title, plant, said, NOTHING)


def _unsigned(company: Company) -> None:
    company.drop(
        "policy_acknowledgements",
        *(row["id"] for row in company.rows("policy_acknowledgements", person="p10", policy="pol-conduct")),
    )


def _unrated(company: Company) -> None:
    company.set("exceptions", "ex-vul-accepted", risk_rating=None)


def _no_runbook(company: Company) -> None:
    others = [id for id in listed(company.row("procedures", "run-incident")["controls"]) if id != "C-IRX-1"]
    company.set("procedures", "run-incident", controls=others)


_PRIVACY = says("POL-17 organisation", ineffective="C-POL-1", not_met="P1.1 P8.1")
_SELF = says("POL-21 policies/pol-continuity", ineffective="C-POL-1", exceptions="CC1.3 CC5.3")
_UNRATED = says("POL-23 exceptions/ex-vul-accepted", ineffective="C-EXC-1", exceptions="CC3.2 CC5.3")
_RUNBOOK = says("POL-24 controls/C-IRX-1", excepted="C-PRC-1", exceptions="CC5.3")

DOCUMENTS = (
    _late(
        "access-policy-late",
        "The access control policy is in force only since February",
        _with("pol-access", approved_on=date(2026, 1, 20), effective_on=date(2026, 2, 2)),
        "POL-02",
        "CC5.3 CC6.1 CC6.2 CC6.3",
    ),
    _broken(
        "change-policy-unapproved",
        "Nothing says when the change management policy was approved",
        _with("pol-change", approved_on=None),
        "POL-03",
        "CC5.3 CC8.1",
    ),
    _broken(
        "risk-policy-withdrawn",
        "The risk management policy was withdrawn in October",
        _with("pol-risk", retired_on=date(2026, 10, 31)),
        "POL-06",
        "CC3.1 CC3.2 CC5.3",
    ),
    _broken(
        "encryption-procedure-only",
        "There is a procedure on encryption, but no policy",
        _with("pol-crypto", kind="procedure"),
        "POL-10",
        "CC6.1 CC6.7",
    ),
    _broken(
        "use-policy-undated",
        "The acceptable use policy has no effective date",
        _with("pol-use", effective_on=None),
        "POL-11",
        "CC1.1 CC6.7 CC6.8",
    ),
    _broken(
        "conduct-unapproved",
        "Nothing says when the code of conduct was approved",
        _with("pol-conduct", approved_on=None),
        "POL-12",
        "CC1.1 CC1.5",
    ),
    _late(
        "patch-policy-late",
        "The vulnerability and patch management policy is in force only since March",
        _with("pol-vulnerability", approved_on=date(2026, 2, 20), effective_on=date(2026, 3, 2)),
        "POL-13",
        "CC5.3 CC7.1",
    ),
    _broken(
        "logging-policy-ownerless",
        "Nobody owns the logging and monitoring policy",
        _with("pol-logging", owner=None),
        "POL-14",
        "CC5.3 CC7.2",
    ),
    _broken(
        "physical-policy-approved-late",
        "The physical security policy was approved after it had taken effect",
        _with("pol-physical", approved_on=date(2026, 2, 2)),
        "POL-15",
        "CC5.3 CC6.4",
    ),
    _late(
        "development-policy-late",
        "The secure development policy is in force only since February",
        _with("pol-development", approved_on=date(2026, 1, 20), effective_on=date(2026, 2, 2)),
        "POL-16",
        "CC5.2 CC8.1",
    ),
    Defect(
        "privacy-policy-withdrawn",
        "The privacy policy and notice was withdrawn in June",
        _with("pol-privacy", retired_on=date(2026, 6, 30)),
        _PRIVACY,
        _PRIVACY,
        sizes=frozenset({"mid", "large"}),
    ),
    Defect(
        "policy-self-approved",
        "The chief executive wrote the continuity plan and approved it",
        _with("pol-continuity", author="p01"),
        _SELF,
        _SELF,
    ),
    Defect(
        "conduct-unsigned",
        "The customer success lead never signed the code of conduct",
        _unsigned,
        says("POL-22 controls/C-ACK-1", excepted="C-ACK-1", exceptions="CC1.1 CC1.5 CC2.2 CC5.3"),
    ),
    Defect(
        "exception-unrated",
        "Nobody rated the risk of the exception for a legacy protocol",
        _unrated,
        _UNRATED,
        _UNRATED,
    ),
    Defect(
        "runbook-missing",
        "No runbook describes the yearly incident exercise",
        _no_runbook,
        _RUNBOOK,
        _RUNBOOK,
        excludes=frozenset({"control-missing"}),
    ),
)
"""Defects of this topic."""
