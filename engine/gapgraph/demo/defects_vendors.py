"""Defects about vendors: register, assessments, reports, contracts, events."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, as_day
from gapgraph.demo.defect import Defect, says
from gapgraph.demo.planting import without_operation


def _unregistered(company: Company) -> None:
    company.add(
        "vendor_sightings",
        "seen-unknown",
        name="Scribbletide Notes",
        source="spend export",
        seen_on=date(2026, 10, 8),
    )


def _still_paid(company: Company) -> None:
    company.add(
        "vendors",
        "v-fax",
        name="Quillfax Gateway",
        kind="vendor",
        service="fax to mail",
        owner="p03",
        tier="low",
        handles_data=False,
        engaged_on=date(2021, 5, 3),
        ended_on=date(2025, 6, 30),
        access_revoked_on=date(2025, 6, 30),
    )
    company.add(
        "vendor_sightings",
        "seen-fax",
        name="Quillfax Gateway",
        source="spend export",
        vendor="v-fax",
        seen_on=date(2026, 4, 14),
    )


def _assessed_late(company: Company) -> None:
    live = as_day(company.row("vendors", "v-search")["went_live_on"])
    company.set("vendor_assessments", "va-v-search-first", completed_on=live + timedelta(days=20))


def _not_reassessed(company: Company) -> None:
    company.drop("vendor_assessments", "va-v-pay-2026")


def _report_unreviewed(company: Company) -> None:
    company.drop("report_reviews", "review-soc-v-logs-2026")


def _bridge_short(company: Company) -> None:
    company.set("soc_reports", "bridge-v-logs", covers_until=date(2026, 11, 30))


def _bridge_unsigned(company: Company) -> None:
    company.set("soc_reports", "bridge-v-idp", signed_by=None)


def _duty_unmapped(company: Company) -> None:
    company.set("vendor_duties", "duty-v-idp-3", control=None)


def _exception_ignored(company: Company) -> None:
    company.set("report_exceptions", "rex-1", impact_assessed_on=None, action=None)


def _terms_missing(company: Company) -> None:
    company.set("vendor_contracts", "vc-v-mail", processing_terms=False)


def _exit_unshown(company: Company) -> None:
    for row in company.rows("vendors"):
        if row.get("ended_on", "") >= "2026":
            row.update(ended_on="", access_revoked_on="", data_returned_on="")
    without_operation(company, "C-VEX-1")


def _unannounced(company: Company) -> None:
    used = as_day(company.row("subprocessor_changes", "sub-search")["first_used_on"])
    company.set("subprocessor_changes", "sub-search", notified_on=used - timedelta(days=5))


def _incident_left(company: Company) -> None:
    company.drop("evidence", *(row["id"] for row in company.rows("evidence", control="C-VIN-1", kind="nil")))
    company.add(
        "vendor_incidents",
        "vinc-left",
        vendor="v-mail",
        title="Notice of unauthorised access to a mailbox",
        received_on=date(2026, 7, 14),
    )


_UNREGISTERED = says("VND-01 organisation", excepted="C-VRG-1", exceptions="CC3.2 CC9.2")
_TERMS = says("VND-08 vendors/v-mail", ineffective="C-VCT-1", not_met="C1.1 CC9.2 P6.4 P6.5")

VENDORS = (
    Defect(
        "vendor-unregistered",
        "The spend export shows a vendor that the register does not hold",
        _unregistered,
        _UNREGISTERED,
        _UNREGISTERED,
    ),
    Defect(
        "vendor-still-paid",
        "The spend export shows a vendor nine months after its end",
        _still_paid,
        _UNREGISTERED,
        _UNREGISTERED,
        excludes=frozenset({"vendor-unregistered"}),
    ),
    Defect(
        "vendor-assessed-late",
        "The new search vendor was assessed only after it had gone live",
        _assessed_late,
        says("VND-02 vendors/v-search", excepted="C-VDD-1", exceptions="CC9.2"),
    ),
    Defect(
        "vendor-not-reassessed",
        "The payment vendor was not assessed again",
        _not_reassessed,
        says("VND-03 vendors/v-pay", ineffective="C-VRA-1", not_met="CC3.4 CC9.2"),
    ),
    Defect(
        "report-unreviewed",
        "Nobody reviewed the latest report of the logging vendor",
        _report_unreviewed,
        says("VND-04 vendors/v-logs", ineffective="C-SRR-1", not_met="CC4.1 CC9.2"),
    ),
    Defect(
        "bridge-letter-short",
        "The bridge letter of the logging vendor ends a month before the year does",
        _bridge_short,
        says("VND-05 vendors/v-logs", ineffective="C-SRR-1", exceptions="CC9.2"),
    ),
    Defect(
        "bridge-letter-unsigned",
        "Nobody signed the bridge letter of the sign-on vendor",
        _bridge_unsigned,
        says("VND-05 vendors/v-idp", ineffective="C-SRR-1", exceptions="CC9.2"),
    ),
    Defect(
        "duty-unmapped",
        "A duty from the report of the sign-on vendor is mapped to no control",
        _duty_unmapped,
        says("VND-06 vendors/v-idp", excepted="C-VDT-1", exceptions="CC5.1 CC9.2"),
    ),
    Defect(
        "report-exception-ignored",
        "Nobody assessed an exception in the report of the cloud vendor",
        _exception_ignored,
        says("VND-07 vendors/v-cloud", ineffective="C-SRR-1", not_met="CC4.2 CC9.2"),
    ),
    Defect(
        "contract-without-terms",
        "The contract of the mail vendor holds no terms on personal data",
        _terms_missing,
        _TERMS,
        _TERMS,
    ),
    Defect(
        "nil-unproven",
        "No vendor ended, and nothing shows it",
        _exit_unshown,
        says(
            "VND-09 controls/C-VEX-1",
            "EVD-01 controls/C-VEX-1",
            "EVD-07 controls/C-VEX-1",
            "EVD-17 controls/C-VEX-1",
            unconcluded="C-VEX-1",
            no_conclusion="C1.2 CC6.5 CC9.2",
        ),
    ),
    Defect(
        "vendor-incident-left",
        "A notice of the mail vendor was never taken in",
        _incident_left,
        says(
            "VND-10 controls/C-VIN-1",
            "EVD-01 controls/C-VIN-1",
            "EVD-07 controls/C-VIN-1",
            ineffective="C-VIN-1",
            exceptions="CC7.3 CC9.2 P6.5",
        ),
        sizes=frozenset({"small"}),
    ),
    Defect(
        "subprocessor-unannounced",
        "Customers heard of the new search vendor five days before its first use",
        _unannounced,
        says("VND-11 controls/C-SPN-1", excepted="C-SPN-1", exceptions="CC2.3 CC9.2 P6.1"),
    ),
)
