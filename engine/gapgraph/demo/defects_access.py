"""Defects in access: reviews, grants, leavers, accounts, second factors, secrets."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, as_day, listed
from gapgraph.demo.defect import NOTHING, Defect, says, sizes
from gapgraph.demo.planting import (
    analyst_leaves,
    every_capture,
    last_capture,
    listed_in_reviews,
    stays_open,
)


def _review_late(company: Company) -> None:
    decided = date(2026, 10, 6)
    for row in company.rows("review_decisions", review="uar-annotation-q3"):
        row["decided_on"] = decided.isoformat()
    company.set("access_reviews", "uar-annotation-q3", completed_on=decided, approved_on=decided + timedelta(days=1))


def _quarter_missing(company: Company) -> None:
    company.drop("review_decisions", *(r["id"] for r in company.rows("review_decisions", review="uar-warehouse-q2")))
    company.drop("access_reviews", "uar-warehouse-q2")


def _account_left_out(company: Company) -> None:
    company.drop("review_decisions", "uar-code-q1-code-p08")


def _own_access(company: Company) -> None:
    company.set("review_decisions", "uar-idp-q1-idp-p03", reviewer="p03")


def _approval_missing(company: Company) -> None:
    company.set("access_reviews", "uar-app-q3", approver=None, approved_on=None)


def _revocation(company: Company, system: str) -> dict[str, str]:
    reviews = {r["id"] for r in company.rows("access_reviews", system=system)}
    return next(r for r in company.rows("review_decisions", decision="revoke") if r["review"] in reviews)


def _revocation_late(company: Company) -> None:
    row = _revocation(company, "vectors")
    removed = as_day(row["decided_on"]) + timedelta(days=20)
    row["removed_on"] = removed.isoformat()
    company.set("accounts", row["account"], disabled_on=removed)


def _revocation_open(company: Company) -> None:
    row = _revocation(company, "warehouse")
    row["removed_on"] = ""
    stays_open(company, row["account"])


def _grant_unapproved(company: Company) -> None:
    company.set("access_grants", "g-code-j001", approved_by=None, approved_on=None)


_FEW_LEAVERS = {"small": says("EVD-08 controls/C-LVR-1", "EVD-08 controls/C-LVR-2")}
"""Two events of so few leavers are a larger share than is tolerable."""
_MORE_LEAVERS = frozenset({"second-check-unperformed", "performer-left-deputy", "performer-left", "owner-left"})
"""Defects in which somebody else leaves in good order."""


def _leaver_open(company: Company) -> None:
    stays_open(company, "code-l002")
    company.set("people", "l002", devices_settled_on=None)


def _leaver_late(company: Company) -> None:
    left = as_day(company.row("people", "l001")["ended_on"])
    for account in ("code-l001", "app-l001"):
        company.set("accounts", account, disabled_on=left + timedelta(days=6))


def _check_unperformed(company: Company) -> None:
    analyst_leaves(company)
    company.set("controls", "C-LVR-2", deputy=None)


def _mover_forgotten(company: Company) -> None:
    company.set("role_changes", "mv001", access_reviewed_on=None, old_roles_removed=False)


def _orphan(company: Company) -> None:
    company.set("accounts", "core-db-svc", owner="l001")


def _shared(company: Company) -> None:
    company.add(
        "accounts",
        "helpdesk-shared",
        system="helpdesk",
        name="frontdesk",
        kind="shared",
        owner="p10",
        roles=["helpdesk-user"],
        privileged=False,
        mfa=True,
        created_on=date(2024, 5, 6),
    )
    listed_in_reviews(company, "helpdesk-shared")


def _exception(company: Company, id: str, account: str, approved: date, expires: date) -> None:
    company.set("accounts", account, mfa=False)
    company.add(
        "exceptions",
        id,
        kind="mfa",
        subject=account,
        reason="hardware key on order; access from the office network only",
        requested_by="p06",
        approved_by="p03",
        approved_on=approved,
        expires_on=expires,
        compensating_control="C-LOG-1",
        risk_rating="medium",
    )


def _factor_excepted(company: Company) -> None:
    _exception(company, "ex-mfa-valid", "warehouse-p05", date(2025, 12, 31), date(2026, 12, 31))


def _factor_expired(company: Company) -> None:
    _exception(company, "ex-mfa-expired", "code-p09", date(2025, 12, 1), date(2026, 9, 30))


def _factor_off(company: Company) -> None:
    last_capture(company, "helpdesk", "mfa", value="off")


def _factor_uncovered(company: Company) -> None:
    named = listed(company.row("controls", "C-MFA-1")["applies_to"]) or list(company.tables["systems"])
    company.set("controls", "C-MFA-1", applies_to=[s for s in named if s not in ("registry", "vectors")])


def _catalogue_bare(company: Company) -> None:
    company.set("roles", "annotation-user", permissions=None)


def _conflict(company: Company) -> None:
    company.set("accounts", "code-p08", roles=["code-author", "code-approver"])


def _unjustified(company: Company) -> None:
    company.set("accounts", "cloud-p08", justification=None)


def _short_password(company: Company) -> None:
    every_capture(company, "core-db", "password-min-length", number=8)


def _stale_secret(company: Company) -> None:
    company.set("secrets", "secret-001", created_on=date(2024, 9, 16), rotated_on=date(2025, 9, 15))


def _port_open(company: Company) -> None:
    last_capture(company, "core-db", "management-ports", value="open")


def _app_unapproved(company: Company) -> None:
    company.set("third_party_apps", "app-02", approved_by=None)


_OPEN_GAPS = ("ACC-09 controls/C-LVR-1", "ACC-09 controls/C-LVR-2", "ACC-11 accounts/code-l002")
_FACTOR = says("ACC-06 systems/helpdesk", ineffective="C-MFA-1", not_met="CC6.1 CC6.6")
_UNCOVERED = says("ACC-06 systems/registry", "ACC-06 systems/vectors", not_met="CC6.1 CC6.6")
_EXPIRED = says("ACC-07 accounts/code-p09", excepted="C-MFX-1", exceptions="CC6.1 CC5.3")
_SHARED = says("ACC-12 accounts/helpdesk-shared", excepted="C-NAM-1", exceptions="CC6.1")
_BARE_ROLE = says("ACC-13 systems/annotation", ineffective="C-RBA-1", exceptions="CC6.1 CC6.3")
_CONFLICT = says("ACC-14 controls/C-SOD-1", ineffective="C-SOD-1", not_met="CC1.3 CC5.1 CC6.3 CC8.1")
_CONFLICT_RARE = says("ACC-14 controls/C-SOD-1", excepted="C-SOD-1", exceptions="CC1.3 CC5.1 CC6.3 CC8.1")
_REASON = says("ACC-15 systems/cloud", ineffective="C-PRD-1", not_met="CC6.1 CC6.3")
_PASSWORD = says("ACC-16 systems/core-db", ineffective="C-PWD-1", exceptions="CC6.1")
_PORT = says("ACC-18 systems/core-db", ineffective="C-RMT-1", not_met="CC6.6 CC6.7")
_SECOND_CHECK = says("ACC-09 controls/C-LVR-2", deficient="C-LVR-2")

ACCESS = (
    Defect(
        "review-late",
        "The third-quarter review of the annotation tool was done in October",
        _review_late,
        says("ACC-01 systems/annotation", excepted="C-UAR-2", exceptions="CC6.1 CC6.2 CC6.3"),
    ),
    Defect(
        "review-quarter-missing",
        "Nobody reviewed access to the data warehouse in the second quarter",
        _quarter_missing,
        says(
            "ACC-01 systems/warehouse",
            "ACC-05 systems/warehouse",
            ineffective="C-UAR-1 C-PAR-1",
            not_met="CC6.1 CC6.2 CC6.3",
        ),
    ),
    Defect(
        "review-account-left-out",
        "A review of the code repository decided nothing on one ordinary account",
        _account_left_out,
        says("ACC-01 systems/code", ineffective="C-UAR-1", not_met="CC6.1 CC6.2 CC6.3"),
    ),
    Defect(
        "review-of-own-access",
        "The owner of the identity provider confirmed their own account",
        _own_access,
        says("ACC-02 controls/C-UAR-1", excepted="C-UAR-1", exceptions="CC1.3 CC6.3"),
    ),
    Defect(
        "review-unapproved",
        "Nobody approved a finished review of the application",
        _approval_missing,
        says("ACC-03 controls/C-UAR-1", excepted="C-UAR-1", exceptions="CC6.3"),
    ),
    Defect(
        "revocation-late",
        "Access to the vector store that a review revoked was removed after twenty days",
        _revocation_late,
        says("ACC-04 controls/C-UAR-2", excepted="C-UAR-2", exceptions="CC6.2 CC6.3"),
    ),
    Defect(
        "revocation-open",
        "Access to the data warehouse that a review revoked was never removed",
        _revocation_open,
        says("ACC-04 controls/C-UAR-1", ineffective="C-UAR-1", not_met="CC6.2 CC6.3"),
    ),
    Defect(
        "grant-unapproved",
        "An account on the code repository was made without approval",
        _grant_unapproved,
        says("ACC-08 controls/C-PRV-1", excepted="C-PRV-1", exceptions="CC6.2 CC6.3"),
    ),
    Defect(
        "leaver-not-settled",
        "Somebody who left in December still has an account and a laptop",
        _leaver_open,
        says(
            *_OPEN_GAPS,
            excepted="C-LVR-1 C-LVR-2 C-ACR-1",
            exceptions="CC6.1 CC6.2 CC6.3 CC6.5",
        ),
        by_size=sizes(
            "small",
            "mid",
            type2=says(
                *_OPEN_GAPS,
                ineffective="C-LVR-1 C-LVR-2",
                excepted="C-ACR-1",
                not_met="CC6.2 CC6.3 CC6.5",
                exceptions="CC6.1",
            ),
        ),
        excludes=frozenset({"leaver-accounts-late"}),
        among_few=_FEW_LEAVERS,
        joined_by=_MORE_LEAVERS,
    ),
    Defect(
        "leaver-accounts-late",
        "Two accounts of somebody who left in April were disabled six days later",
        _leaver_late,
        says(
            "ACC-09 controls/C-LVR-1",
            "ACC-09 controls/C-LVR-2",
            excepted="C-LVR-1 C-LVR-2",
            exceptions="CC6.2 CC6.3 CC6.5",
        ),
        by_size=sizes(
            "small",
            type2=says(
                "ACC-09 controls/C-LVR-1",
                "ACC-09 controls/C-LVR-2",
                ineffective="C-LVR-1 C-LVR-2",
                not_met="CC6.2 CC6.3 CC6.5",
            ),
        ),
        among_few=_FEW_LEAVERS,
        joined_by=_MORE_LEAVERS,
    ),
    Defect(
        "second-check-unperformed",
        "The analyst who checked leavers left without a deputy; the first control for leavers still stands",
        _check_unperformed,
        _SECOND_CHECK,
        _SECOND_CHECK,
    ),
    Defect(
        "mover-forgotten",
        "Nobody looked at the access of somebody who changed role",
        _mover_forgotten,
        says("ACC-10 controls/C-MVR-1", ineffective="C-MVR-1", exceptions="CC6.3"),
        by_size=sizes("large", type2=says("ACC-10 controls/C-MVR-1", excepted="C-MVR-1", exceptions="CC6.3")),
    ),
    Defect(
        "orphan-service-account",
        "The owner of a service account on the customer database has left",
        _orphan,
        says("ACC-11 accounts/core-db-svc", excepted="C-ACR-1", exceptions="CC6.1 CC6.2 CC6.3"),
    ),
    Defect("shared-account", "Several people use one helpdesk account without an exception", _shared, _SHARED, _SHARED),
    Defect(
        "mfa-exception-valid",
        "An account without second factor has an approved exception for the whole year: no gap",
        _factor_excepted,
        NOTHING,
    ),
    Defect(
        "mfa-exception-expired",
        "The exception of an account without second factor ran out in September",
        _factor_expired,
        _EXPIRED,
        _EXPIRED,
    ),
    Defect("mfa-off", "The helpdesk stopped asking for a second factor", _factor_off, _FACTOR, _FACTOR),
    Defect(
        "mfa-not-everywhere",
        "The control for second factors covers all but two systems",
        _factor_uncovered,
        _UNCOVERED,
        _UNCOVERED,
    ),
    Defect(
        "role-without-permissions",
        "The role catalogue of the annotation tool is not filled in",
        _catalogue_bare,
        _BARE_ROLE,
        _BARE_ROLE,
    ),
    Defect(
        "roles-in-conflict",
        "One engineer may write and approve the same change",
        _conflict,
        _CONFLICT_RARE,
        _CONFLICT_RARE,
        by_size=sizes("small", type2=_CONFLICT, type1=_CONFLICT),
    ),
    Defect(
        "privilege-unjustified",
        "Nothing says why an engineer has privileged access to the cloud",
        _unjustified,
        _REASON,
        _REASON,
    ),
    Defect(
        "password-short",
        "The customer database accepts passwords of eight characters",
        _short_password,
        _PASSWORD,
        _PASSWORD,
    ),
    Defect(
        "secret-stale",
        "A secret of the customer database was last rotated in September of the year before",
        _stale_secret,
        says("ACC-17 secrets/secret-001", ineffective="C-SEC-1", exceptions="CC6.1"),
    ),
    Defect("port-open", "A management port of the customer database is open to the internet", _port_open, _PORT, _PORT),
    Defect(
        "app-unapproved",
        "Nobody approved a third-party application on the code repository",
        _app_unapproved,
        says("ACC-19 third_party_apps/app-02", ineffective="C-APP-1", not_met="CC6.1 CC6.6"),
        by_size=sizes(
            "large", type2=says("ACC-19 third_party_apps/app-02", excepted="C-APP-1", exceptions="CC6.1 CC6.6")
        ),
    ),
)
