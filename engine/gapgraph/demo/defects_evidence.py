"""Defects in evidence: dates, sources, hashes, age, instances, tests, reports, claims, second sources, nil."""

from datetime import date, timedelta

from gapgraph.demo.company import END, START, Company
from gapgraph.demo.defect import NOTHING, Defect, says
from gapgraph.demo.evidence import add_nil
from gapgraph.demo.governance import TYPE_2


def _undated(company: Company) -> None:
    company.set("evidence", "ev-C-SRR-1-4", event_date=None)


def _taken_before(company: Company) -> None:
    company.set("evidence", "ev-C-RFT-1-4", captured_on=date(2026, 1, 5))


def _sourceless(company: Company) -> None:
    company.set("evidence", "ev-C-ENC-1-now", source=None, query=None)


def _rows_lost(company: Company) -> None:
    company.set("evidence", "ev-C-LOG-1-4", row_count=1, source_count=3)


def _altered(company: Company) -> None:
    company.set(
        "evidence", "ev-C-MFA-1-2", sha256="0" * 64, hashed_on=company.row("evidence", "ev-C-MFA-1-2")["captured_on"]
    )


def _file_gone(company: Company) -> None:
    taken = company.row("evidence", "ev-C-SEC-1-3")["captured_on"]
    company.set("evidence", "ev-C-SEC-1-3", file="evidence/secrets.csv", sha256="a" * 64, hashed_on=taken)


def _stale(company: Company) -> None:
    late = [row["id"] for row in company.rows("evidence", control="C-MFX-1") if row["captured_on"] >= "2026-11-25"]
    company.drop("evidence", *late)


def _too_few(company: Company) -> None:
    company.set("controls", "C-PWD-1", cadence="weekly")


def _sample_fails(company: Company) -> None:
    company.set("control_tests", "test-C-PRV-1", deviations=3)


def _own_test(company: Company) -> None:
    company.set("control_tests", "test-C-VRM-1", tester="p08")


def _compensation_bare(company: Company) -> None:
    company.add(
        "compensations",
        "comp-bare",
        control="C-MON-1",
        requirement=["VUL-01"],
        covers_from=date(2026, 9, 1),
        covers_until=date(2026, 9, 30),
        evidence=["ev-C-MON-1-2"],
        reason="monitors compare the versions of all components with the list of known flaws each day",
    )


def _report_gap(company: Company) -> None:
    company.set("own_reports", "report-2025", covers_until=date(2025, 11, 30))


def _report_bridged(company: Company) -> None:
    _report_gap(company)
    company.add(
        "own_bridge_letters",
        "letter-2025",
        covers_from=date(2025, 12, 1),
        covers_until=date(2025, 12, 31),
        issued_on=date(2026, 1, 5),
        signed_by="p01",
    )


def _report_gap_owned(company: Company) -> None:
    _report_gap(company)
    company.add("gaps", "gap-003", engagement=TYPE_2, requirement="EVD-13", owner="p03", detected_on=date(2026, 1, 12))


def _claim_unowned(company: Company) -> None:
    company.set("claims", "claim-evidence", owner=None)


def _claim_vague(company: Company) -> None:
    company.set("claims", "claim-reports", requirements=None)


def _roster_differs(company: Company) -> None:
    key = company.row("people", "p11")["email"]
    company.add("second_list_entries", "idp-x", list="idp-leavers", key=key, happened_on=date(2026, 8, 3))


def _difference_explained(company: Company) -> None:
    _roster_differs(company)
    company.add(
        "list_differences",
        "diff-1",
        list="idp-leavers",
        key=company.row("people", "p11")["email"],
        explanation="the user was locked during parental leave and opened again",
        explained_by="p04",
        explained_on=date(2026, 8, 10),
    )


def _one_source(company: Company) -> None:
    company.drop("second_lists", "idp-leavers")


def _nil_contradicted(company: Company) -> None:
    add_nil(company, "C-MVR-1", "ACC-10")


_QUIET = (
    ("C-UAR-2", "ACC-04"),
    ("C-DEL-1", "CNF-06"),
    ("C-SCR-1", "RSK-06"),
    ("C-VDD-1", "VND-02"),
    ("C-SRR-1", "VND-07"),
    ("C-SPN-1", "VND-11"),
)
"""Controls that had nothing to act on in the last quarter, and the requirement on it."""


def _short_period(company: Company) -> None:
    first = date(2026, 10, 4)
    company.period = (first, END)
    company.set("own_reports", "report-2025", covers_until=first - timedelta(days=1), issued_on=date(2026, 11, 16))
    for control, requirement in _QUIET:
        add_nil(company, control, requirement, first)
    company.set("alerts", "alert-002", raised_on=date(2026, 11, 9), triaged_on=date(2026, 11, 9))


def _after_the_period(company: Company) -> None:
    company.period = (START, date(2026, 12, 24))
    company.add(
        "incidents",
        "inc-after",
        title="The sign-in page was down for an hour",
        severity="low",
        owner="p06",
        detected_on=date(2026, 12, 28),
        contained_on=date(2026, 12, 28),
        resolved_on=date(2026, 12, 28),
        lessons="nothing follows",
        personal_data=False,
        notice_decided_on=date(2026, 12, 28),
        no_notice_reason="no personal data and no commitment was touched",
        control_failure=False,
        commitment_missed=False,
    )


_SOURCE = says("EVD-04 controls/C-ENC-1")
_ROWS = says("EVD-04 controls/C-LOG-1")
_ALTERED = says("EVD-05 controls/C-MFA-1", "EVD-15 claims/claim-evidence")
_GONE = says("EVD-05 controls/C-SEC-1", "EVD-15 claims/claim-evidence")
_STALE = says("EVD-06 controls/C-MFX-1")
_UNOWNED = says("EVD-15 claims/claim-evidence")
_VAGUE = says("EVD-15 claims/claim-reports")

EVIDENCE = (
    Defect(
        "evidence-undated",
        "A record of the review of reports does not say which day it is of",
        _undated,
        says("EVD-02 controls/C-SRR-1"),
    ),
    Defect(
        "evidence-before-event",
        "A record of yearly training was taken before the training it shows",
        _taken_before,
        says("EVD-02 controls/C-RFT-1"),
    ),
    Defect(
        "evidence-without-source",
        "Nothing says where the settings of encryption were exported from",
        _sourceless,
        _SOURCE,
        _SOURCE,
    ),
    Defect(
        "evidence-rows-lost",
        "An export from the log store has fewer rows than the store counts",
        _rows_lost,
        _ROWS,
        _ROWS,
    ),
    Defect(
        "evidence-altered",
        "A file of evidence is not the one whose hash was recorded, though a policy claims that none is altered",
        _altered,
        _ALTERED,
        _ALTERED,
    ),
    Defect(
        "evidence-file-missing",
        "A file of evidence is not there, though a policy claims that all are kept",
        _file_gone,
        _GONE,
        _GONE,
    ),
    Defect(
        "evidence-stale",
        "The newest evidence of the review of exceptions is more than a month old",
        _stale,
        _STALE,
        _STALE,
    ),
    Defect(
        "instances-too-few",
        "The control for passwords says that it runs each week, and is shown about a dozen times",
        _too_few,
        says("EVD-03 controls/C-PWD-1"),
        sizes=frozenset({"small", "mid"}),
    ),
    Defect(
        "sample-deviates",
        "Three of thirty grants that internal audit drew had no approval",
        _sample_fails,
        says("EVD-08 controls/C-PRV-1"),
    ),
    Defect(
        "tested-by-performer",
        "The engineer who closes findings tested a sample of them",
        _own_test,
        says("EVD-08 controls/C-VRM-1"),
    ),
    Defect(
        "compensation-unevidenced",
        "A control stands in for scans of September, and nothing shows it in that month",
        _compensation_bare,
        says("EVD-10 controls/C-MON-1"),
    ),
    Defect(
        "report-gap",
        "The last report ends a month before the period without a letter, though the trust page claims whole years",
        _report_gap,
        says("EVD-13 organisation", "EVD-15 claims/claim-reports"),
        excludes=frozenset({"report-bridged", "report-gap-owned"}),
    ),
    Defect(
        "report-bridged",
        "The last report ends a month before the period, and a signed letter bridges it: no gap",
        _report_bridged,
        NOTHING,
        excludes=frozenset({"report-gap-owned"}),
    ),
    Defect(
        "report-gap-owned",
        "The last report ends a month before the period; a recorded gap owns up to it beside the claim",
        _report_gap_owned,
        says("EVD-13 organisation"),
    ),
    Defect(
        "claim-unowned",
        "Nobody answers for what a policy claims about evidence",
        _claim_unowned,
        _UNOWNED,
        _UNOWNED,
    ),
    Defect(
        "claim-vague",
        "Nothing says which requirements a claim of the trust page promises",
        _claim_vague,
        _VAGUE,
        _VAGUE,
    ),
    Defect(
        "roster-differs",
        "The identity provider deactivated somebody of whom the list of people knows no exit",
        _roster_differs,
        says("EVD-16 organisation", unconcluded="C-LVR-1 C-LVR-2", no_conclusion="CC6.2 CC6.3 CC6.5"),
        excludes=frozenset({"roster-difference-explained", "second-source-missing"}),
    ),
    Defect(
        "roster-difference-explained",
        "The identity provider deactivated somebody who stayed, and the difference is explained: no gap",
        _difference_explained,
        NOTHING,
        excludes=frozenset({"second-source-missing"}),
    ),
    Defect(
        "second-source-missing",
        "The list of leavers was held against no second source",
        _one_source,
        says("EVD-16 organisation"),
    ),
    Defect(
        "nil-contradicted",
        "A query says that nobody changed role, and the register holds one who did",
        _nil_contradicted,
        says("EVD-17 controls/C-MVR-1"),
    ),
    Defect(
        "period-too-short",
        "The period of the Type II engagement is 89 days, nothing says why, and the trust page claims whole years",
        _short_period,
        says("EVD-12 organisation", "EVD-15 claims/claim-reports"),
        sizes=frozenset({"small"}),
        alone=True,
    ),
    Defect(
        "event-after-period",
        "The period ended a week ago, and on an incident since then nobody decided whether the auditor is told",
        _after_the_period,
        says("EVD-14 organisation"),
        alone=True,
    ),
)
