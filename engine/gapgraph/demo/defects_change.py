"""Defects in changes, environments, penetration tests, scanning and patches."""

from datetime import date

from gapgraph.demo.change import add_deployment
from gapgraph.demo.company import Company, listed
from gapgraph.demo.defect import Defect, says, sizes
from gapgraph.demo.planting import last_capture


def _unapproved(company: Company) -> None:
    company.set("changes", "chg-0001", approver=None, approved_on=None, approved_at=None)


def _self_approved(company: Company) -> None:
    for id in ("chg-0011", "chg-0029", "chg-0047"):
        company.set("changes", id, reviewers=[company.row("changes", id)["author"]])
        company.set("changes", id, approver=company.row("changes", id)["author"])


def _untested(company: Company) -> None:
    company.set("changes", "chg-0002", tests_passed_on=None, tests_passed_at=None, test_run=None)


def _emergency_unapproved(company: Company) -> None:
    company.set("changes", "chg-e002", approver=None, approved_on=None)


def _rules_off(company: Company) -> None:
    last_capture(company, "code", "rules-for-administrators", value="bypassed")


def _production_copy(company: Company) -> None:
    company.add(
        "environments",
        "env-preview",
        name="Preview",
        systems=["app"],
        stage="test",
        account="preview",
        data="production",
        used_from=date(2026, 6, 8),
    )


def _right_unapproved(company: Company) -> None:
    company.add(
        "deploy_permissions",
        "deploy-app-p08",
        system="app",
        account="code-p08",
        can_bypass_review=False,
        reason="night duty",
        granted_on=date(2026, 4, 14),
    )


def _by_hand_without_ticket(company: Company) -> None:
    company.add(
        "console_changes",
        "hand-unticketed",
        action="Open a port to the office",
        system="cloud",
        made_by="p08",
        made_on=date(2026, 7, 15),
        made_at="18:20",
    )


def _unrecorded(company: Company) -> None:
    add_deployment(company, "dep-unrecorded", "app", date(2026, 9, 9), (), "17:55")


def _design_unreviewed(company: Company) -> None:
    company.set("changes", "chg-0005", design_reviewed_by=None, design_reviewed_on=None)


def _left_out_of_test(company: Company) -> None:
    row = company.row("penetration_tests", "pentest-2026")
    row["systems"] = ";".join(s for s in listed(row["systems"]) if s != "helpdesk")


def _secrets_unscanned(company: Company) -> None:
    last_capture(company, "code", "secret-scanning", value="off")


def _drift_untriaged(company: Company) -> None:
    company.set("scanning_alerts", "alert-s001", triaged_on=None, triaged_by=None, outcome=None)


def _without_baseline(company: Company) -> None:
    row = company.row("baselines", "baseline-stores")
    row["systems"] = ";".join(s for s in listed(row["systems"]) if s != "warehouse")


def _unpatched(company: Company) -> None:
    company.set("patch_reports", "patches-core-db-06", oldest_missing_patch_days=47)


_HAND = says("CHG-07 controls/C-CHI-1", ineffective="C-CHI-1", exceptions="CC5.2 CC8.1")
_DESIGN = says("CHG-09 controls/C-CHD-1", ineffective="C-CHD-1", exceptions="CC5.2 CC6.1 CC8.1")
_BRANCH = says("CHG-04 systems/code", ineffective="C-CHB-1", not_met="CC6.1 CC8.1")
_COPY = says("CHG-05 systems/app", ineffective="C-CHV-1", not_met="CC8.1")
_RIGHT = says("CHG-06 systems/app", ineffective="C-CHP-1", not_met="CC6.3 CC8.1")
_ONE_RIGHT = says("CHG-06 systems/app", excepted="C-CHP-1", exceptions="CC6.3 CC8.1")
_ALERT = says("VUL-05 systems/cloud", excepted="C-CFG-1", exceptions="CC5.2 CC7.1")

CHANGE = (
    Defect(
        "change-unapproved",
        "A change went into production without approval",
        _unapproved,
        says("CHG-01 controls/C-CHA-1", excepted="C-CHA-1", exceptions="CC8.1"),
    ),
    Defect(
        "changes-self-approved",
        "Three changes were approved by their author",
        _self_approved,
        says("CHG-01 controls/C-CHA-1", ineffective="C-CHA-1", not_met="CC8.1"),
    ),
    Defect(
        "change-untested",
        "Nothing shows that a change passed tests",
        _untested,
        says("CHG-02 controls/C-CHT-1", excepted="C-CHT-1", exceptions="CC8.1"),
    ),
    Defect(
        "emergency-unapproved",
        "Nobody approved an emergency change",
        _emergency_unapproved,
        says("CHG-03 controls/C-CHE-1", ineffective="C-CHE-1", exceptions="CC8.1"),
        by_size=sizes("large", type2=says("CHG-03 controls/C-CHE-1", excepted="C-CHE-1", exceptions="CC8.1")),
    ),
    Defect(
        "branch-rules-bypassed",
        "Administrators can go round the rules of the release branch",
        _rules_off,
        _BRANCH,
        _BRANCH,
    ),
    Defect(
        "production-data-in-preview",
        "A preview environment of the application holds data from production",
        _production_copy,
        _COPY,
        _COPY,
    ),
    Defect(
        "deploy-right-unapproved",
        "Nobody approved the right of an engineer to deploy the application",
        _right_unapproved,
        _RIGHT,
        _RIGHT,
        by_size=sizes("large", type2=_ONE_RIGHT, type1=_ONE_RIGHT),
    ),
    Defect(
        "console-change-unticketed",
        "A port of the cloud platform was opened by hand without a ticket",
        _by_hand_without_ticket,
        _HAND,
        by_size=sizes("large", type2=says("CHG-07 controls/C-CHI-1", excepted="C-CHI-1", exceptions="CC5.2 CC8.1")),
    ),
    Defect(
        "deployment-unrecorded",
        "No change on record stands behind a deployment of the application",
        _unrecorded,
        says("CHG-08 controls/C-CHR-1", excepted="C-CHR-1", exceptions="CC8.1"),
    ),
    Defect(
        "design-unreviewed",
        "Nobody reviewed the design of a significant change",
        _design_unreviewed,
        says("CHG-09 controls/C-CHD-1", excepted="C-CHD-1", exceptions="CC5.2 CC6.1 CC8.1"),
        by_size=sizes("small", type2=_DESIGN),
    ),
    Defect(
        "penetration-test-short",
        "The penetration test left out the helpdesk",
        _left_out_of_test,
        says("VUL-03 systems/helpdesk", ineffective="C-PEN-1", not_met="CC4.1 CC7.1"),
    ),
    Defect(
        "secrets-unscanned",
        "The code repository is no longer scanned for secrets",
        _secrets_unscanned,
        says("VUL-04 systems/code", ineffective="C-CSC-1", exceptions="CC6.8 CC7.1 CC8.1"),
    ),
    Defect(
        "drift-untriaged",
        "Nobody triaged an alert on the configuration of the cloud platform",
        _drift_untriaged,
        _ALERT,
        by_size=sizes("small", type2=says("VUL-05 systems/cloud", ineffective="C-CFG-1", exceptions="CC5.2 CC7.1")),
    ),
    Defect(
        "baseline-missing",
        "No hardening baseline applies to the data warehouse",
        _without_baseline,
        says("VUL-05 systems/warehouse", ineffective="C-CFG-1", exceptions="CC5.2 CC7.1"),
    ),
    Defect(
        "patch-overdue",
        "The customer database lacked a patch for forty-seven days in June",
        _unpatched,
        says("VUL-06 systems/core-db", ineffective="C-PAT-1", exceptions="CC7.1 CC8.1"),
    ),
)
"""Defects in changes and in the hardening of systems."""
