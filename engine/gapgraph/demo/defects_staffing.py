"""Defects in checks, agreements, evaluations, role training, key roles and contractors."""

from datetime import timedelta

from gapgraph.demo.company import Company, as_day
from gapgraph.demo.defect import Defect, says


def _checked_late(company: Company) -> None:
    first = min(as_day(row["created_on"]) for row in company.rows("accounts", holder="j001"))
    company.set("background_checks", "check-j001", completed_on=first + timedelta(days=20), result="clear")


def _unbound(company: Company) -> None:
    company.drop("signed_agreements", "terms-p10")


def _no_talk(company: Company) -> None:
    company.drop("performance_evaluations", "talk-p10-2026")


def _no_course(company: Company) -> None:
    company.drop("role_trainings", "course-p08-2")


def _no_sanctions(company: Company) -> None:
    company.set("policies", "pol-sanctions", effective_on=None)


def _no_deputy(company: Company) -> None:
    company.set("key_roles", "key-security", deputy=None)


def _contractor_unchecked(company: Company) -> None:
    company.set("people", "p09", kind="contractor")
    company.drop("background_checks", "check-p09")


_UNBOUND = says("HR-05 controls/C-NDA-1", excepted="C-NDA-1", exceptions="C1.1 CC1.1 CC2.3")
_SANCTIONS = says("HR-08 organisation", ineffective="C-POL-1", exceptions="CC1.1 CC1.5")
_DEPUTY = says("HR-09 key_roles/key-security", ineffective="C-COV-1", exceptions="CC1.4")

STAFFING = (
    Defect(
        "check-after-access",
        "The background check of a new engineer was settled weeks after the first access",
        _checked_late,
        says("HR-01 controls/C-BGC-1", excepted="C-BGC-1", exceptions="CC1.4"),
    ),
    Defect(
        "terms-unsigned",
        "The customer success lead signed no confidentiality terms",
        _unbound,
        _UNBOUND,
        _UNBOUND,
    ),
    Defect(
        "talk-missing",
        "Nobody evaluated the customer success lead this year",
        _no_talk,
        says("HR-06 controls/C-EVL-1", ineffective="C-EVL-1", exceptions="CC1.4 CC1.5"),
    ),
    Defect(
        "course-missing",
        "A backend engineer did not repeat the training on secure coding",
        _no_course,
        says("HR-07 controls/C-RTR-1", ineffective="C-RTR-1", exceptions="CC1.4"),
    ),
    Defect(
        "sanctions-undated",
        "The procedure for breaches of policies has no effective date",
        _no_sanctions,
        _SANCTIONS,
        _SANCTIONS,
    ),
    Defect(
        "deputy-missing",
        "The head of security has no deputy, and nothing says how access would be recovered",
        _no_deputy,
        _DEPUTY,
        _DEPUTY,
    ),
    Defect(
        "contractor-unchecked",
        "A contractor of several years with access to production was never checked",
        _contractor_unchecked,
        says("HR-10 people/p09", ineffective="C-CTR-1", exceptions="CC1.1 CC1.5"),
    ),
)
"""Defects of this topic."""
