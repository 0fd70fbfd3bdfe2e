"""Defects in privacy: notices, the record of processing, consent, requests, recipients, breaches, quality of data."""

from datetime import timedelta

from gapgraph.demo.company import Company, as_day
from gapgraph.demo.defect import Defect, says, sizes

_WITH_PRIVACY = frozenset({"mid", "large"})


def _untold(company: Company) -> None:
    company.set("processing_activities", "newsletter", notice=None)


def _notice_unreviewed(company: Company) -> None:
    company.drop("activities", "review-notice-users")


def _not_stopped(company: Company) -> None:
    company.set("consents", "consent-0001", processing_stopped_on=None)


def _no_retention(company: Company) -> None:
    company.set("processing_activities", "support", retention=None)


def _answered_late(company: Company) -> None:
    received = as_day(company.row("subject_requests", "dsr-001")["received_on"])
    company.set("subject_requests", "dsr-001", answered_on=received + timedelta(days=40))


def _unlisted(company: Company) -> None:
    company.drop("subprocessor_entries", "list-v-mail")


def _assessed_late(company: Company) -> None:
    found = as_day(company.row("privacy_breaches", "pbreach-01")["detected_on"])
    company.set("privacy_breaches", "pbreach-01", assessed_on=found + timedelta(days=6))


def _no_review(company: Company) -> None:
    company.drop("activities", "privacy-review-2026")


def _unchecked(company: Company) -> None:
    company.drop("activities", "quality-helpdesk-2026")


_UNTOLD = says("PRV-01 processing_activities/newsletter", ineffective="C-PNO-1", not_met="P1.1")
_NOTICE = says("PRV-01 privacy_notices/notice-users", ineffective="C-PNO-1", not_met="P1.1")
_RECORD = says("PRV-03 processing_activities/support", ineffective="C-ROP-1", exceptions="P3.1 P4.1", not_met="P6.7")
_LIST = says("PRV-05 vendors/v-mail", ineffective="C-SPL-1", exceptions="CC9.2 P6.1 P6.4")

PRIVACY = (
    Defect(
        "notice-silent",
        "No published notice tells of the newsletter",
        _untold,
        _UNTOLD,
        _UNTOLD,
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "notice-unreviewed",
        "Nobody reviewed the privacy notice for users within the year",
        _notice_unreviewed,
        _NOTICE,
        _NOTICE,
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "consent-withdrawal-ignored",
        "A reader withdrew consent to the newsletter, and nothing shows that it stopped",
        _not_stopped,
        says("PRV-02 processing_activities/newsletter", ineffective="C-CNS-1", not_met="P2.1 P3.2"),
        by_size=sizes(
            "large", type2=says("PRV-02 processing_activities/newsletter", excepted="C-CNS-1", exceptions="P2.1 P3.2")
        ),
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "processing-record-incomplete",
        "The record of processing does not say how long data of support is kept",
        _no_retention,
        _RECORD,
        _RECORD,
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "subject-request-late",
        "A request for access was answered after forty days",
        _answered_late,
        says("PRV-04 controls/C-DSR-1", ineffective="C-DSR-1", not_met="P4.3 P5.1 P5.2"),
        by_size=sizes("large", type2=says("PRV-04 controls/C-DSR-1", excepted="C-DSR-1", exceptions="P4.3 P5.1 P5.2")),
        sizes=_WITH_PRIVACY,
    ),
    Defect("subprocessor-unlisted", "The mail vendor is on no published list", _unlisted, _LIST, _LIST),
    Defect(
        "breach-assessed-late",
        "A breach of personal data was assessed after six days",
        _assessed_late,
        says("PRV-06 controls/C-BRG-1", excepted="C-BRG-1", exceptions="P6.2 P6.3 P6.6"),
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "privacy-review-missing",
        "Compliance with privacy duties was not reviewed this year",
        _no_review,
        says("PRV-07 controls/C-PMN-1", ineffective="C-PMN-1", exceptions="P8.1"),
        sizes=_WITH_PRIVACY,
    ),
    Defect(
        "personal-data-unchecked",
        "Nobody checked the personal data in the helpdesk this year",
        _unchecked,
        says("PRV-08 systems/helpdesk", ineffective="C-DQY-1", not_met="P7.1"),
        sizes=_WITH_PRIVACY,
    ),
)
