"""Published lists of vendors with personal data; where privacy is in scope, notices, records and cases of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.company import END, Company, as_day, listed
from gapgraph.demo.landscape import System, add_capture

CATEGORY_TYPES = {
    "breach-register": "privacy",
    "consent": "privacy",
    "data-quality": "privacy",
    "disclosure-register": "privacy",
    "privacy-monitoring": "privacy",
    "privacy-notice": "privacy",
    "processing-record": "privacy",
    "subject-requests": "privacy",
    "training-data-quality": "processing_integrity",
}
"""Types of controls that only companies with this category in their scope have."""

_PLACES = ("Ireland", "Germany", "United States, standard clauses", "Netherlands")
_ACTIVITIES = (
    ("accounts", "User accounts", "give users access to the service", "account-data", "contract", "users of customers"),
    (
        "answers",
        "Answers over documents",
        "answer questions over the documents of a customer",
        "customer-content",
        "customer-instruction",
        "people whom documents of customers mention",
    ),
    ("support", "Support", "settle requests for support", "support-tickets", "contract", "users of customers"),
    ("staff", "Staff administration", "employ and pay staff", "staff-data", "contract", "staff and applicants"),
    ("billing", "Billing", "bill customers and keep books", "billing-records", "legal-obligation", "buyers"),
    ("newsletter", "Newsletter", "send news to those who asked for it", "account-data", "consent", "readers"),
    ("research", "User research", "interview users about the product", "account-data", "consent", "users of customers"),
)
_KINDS = ("access", "erasure", "correction", "objection", "portability")


def add_privacy(company: Company, systems: Sequence[System]) -> None:
    """Fills subprocessor_entries, and where privacy is in scope every other register about it."""
    rng = company.chance("privacy")
    for vendor in company.rows("vendors"):
        if vendor["personal_data"] == "yes":
            _entry(company, rng, vendor["id"], vendor["service"])
    if "privacy" not in company.size.categories:
        return
    _notices(company, rng)
    _record(company)
    _consents(company, rng)
    _requests(company, rng)
    _cases(company, rng)
    _reviews(company, rng, systems)


def add_breaches(company: Company) -> None:
    """Enters incidents with personal data in the register of breaches, where privacy is in scope."""
    if "privacy" not in company.size.categories:
        return
    for incident in company.rows("incidents", personal_data="yes"):
        found = as_day(incident["detected_on"])
        company.add(
            "privacy_breaches",
            f"pbreach-{incident['id']}",
            title=incident["title"],
            detected_on=found,
            incident=incident["id"],
            data="names and addresses in files on one disk",
            assessed_on=found + timedelta(days=1),
            action="device locked; the disk was encrypted and the key is safe",
            notification="nobody: the data cannot be read, so there is no risk to people",
        )


def in_categories(company: Company, control_type: str) -> bool:
    """Whether a company has a control of this type: some come with a category alone."""
    return CATEGORY_TYPES.get(control_type, "security") in company.size.categories


def _entry(company: Company, rng: Random, vendor: str, purpose: str) -> None:
    told = next((row["notified_on"] for row in company.rows("subprocessor_changes", vendor=vendor)), "")
    company.add(
        "subprocessor_entries",
        f"list-{vendor}",
        vendor=vendor,
        list="trust page",
        purpose=purpose,
        place=rng.choice(_PLACES),
        listed_on=as_day(told) if told else company.day(date(2025, 1, 7), date(2025, 12, 12), rng),
    )


def _notices(company: Company, rng: Random) -> None:
    for id, title in (("notice-users", "Privacy notice for users"), ("notice-staff", "Privacy notice for staff")):
        approved = company.day(date(2025, 2, 10), date(2025, 11, 14), rng)
        company.add(
            "privacy_notices",
            id,
            title=title,
            address=f"{company.base}privacy/{id.removeprefix('notice-')}",
            version=f"{rng.randint(2, 5)}.0",
            owner="p11",
            approver="p01",
            approved_on=approved,
            published_on=approved + timedelta(days=rng.randint(0, 9)),
            purposes_section="1 What we use data for",
            sharing_section="2 Who else gets it",
            retention_section="3 How long we keep it",
            rights_section="4 What you can ask for",
            contact_section="5 Whom to write to",
            complaints_section="6 How to complain",
        )
        reviewed = company.day(
            max(date(2026, 1, 6), approved + timedelta(days=330)), approved + timedelta(days=357), rng
        )
        _review(company, f"review-{id}", "privacy-notice-review", f"Review of the {title.lower()}", reviewed, about=id)


def _review(company: Company, id: str, kind: str, title: str, day: date, *, by: str = "p11", about: str = "") -> None:
    company.add(
        "activities",
        id,
        kind=kind,
        title=title,
        about=about,
        completed_on=day,
        performed_by=by,
        results="confirmed with small changes",
        actions="changes entered the same week",
        approver="p01",
    )


def _record(company: Company) -> None:
    for id, name, purpose, data, basis, subjects in _ACTIVITIES:
        stores = [row["id"] for row in company.rows("systems") if data in listed(row["data_classes"])]
        company.add(
            "processing_activities",
            id,
            name=name,
            purpose=purpose,
            data_classes=[data],
            data_subjects=subjects,
            recipients="those on the lists of sub-processors and recipients",
            retention="as the retention time of its data says",
            legal_basis=basis,
            owner={"staff": "p04", "billing": "p05", "support": "p10"}.get(id, "p02"),
            systems=stores,
            notice=["notice-staff" if id == "staff" else "notice-users"],
            withdrawal_route="link in each message, or the settings of the account" if basis == "consent" else None,
            started_on=date(2026, 4, 13) if id == "research" else date(2023, 5, 2),
        )


def _consents(company: Company, rng: Random) -> None:
    for i in range(24 if company.size.scale == "mid" else 120):
        given = company.day(date(2025, 7, 1), date(2026, 10, 30), rng)
        activity = ("newsletter", "newsletter", "research")[i % 3]
        if activity == "research":
            given = company.day(date(2026, 4, 13), date(2026, 11, 27), rng)
        withdrawn = max(given, date(2026, 1, 5)) + timedelta(days=rng.randint(3, 20)) if i % 4 == 0 else None
        company.add(
            "consents",
            f"consent-{i + 1:04d}",
            activity=activity,
            person=f"user-{rng.randint(10_000, 99_999)}",
            given_on=given,
            wording=f"{activity} {1 + (given >= date(2026, 1, 1))}.0",
            state="withdrawn" if withdrawn else "given",
            withdrawn_on=withdrawn,
            processing_stopped_on=withdrawn + timedelta(days=rng.randint(0, 4)) if withdrawn else None,
        )


def _requests(company: Company, rng: Random) -> None:
    for i in range(14 if company.size.scale == "mid" else 60):
        received = company.day(date(2026, 1, 8), date(2026, 11, 20), rng)
        extended = i == 3
        kind = _KINDS[i % len(_KINDS)]
        refused = i % 9 == 8
        company.add(
            "subject_requests",
            f"dsr-{i + 1:03d}",
            kind=kind,
            received_on=received,
            identity_checked_on=received + timedelta(days=rng.randint(0, 3)),
            extension_told_on=received + timedelta(days=20) if extended else None,
            answered_on=received + timedelta(days=38 if extended else rng.randint(4, 27)),
            outcome="refused" if refused else "fulfilled",
            outcome_reason="the law asks us to keep the data" if refused else None,
            deletion_record=f"deletion job {3000 + i}" if kind == "erasure" and not refused else None,
        )


def _cases(company: Company, rng: Random) -> None:
    many = company.size.scale == "large"
    for i in range(5 if many else 2):
        day = company.day(date(2026, 1, 19), date(2026, 11, 30), rng)
        company.add(
            "disclosures",
            f"disclosure-{i + 1:02d}",
            title="Order of a court",
            recipient=("District court", "Tax office")[i % 2],
            ground=f"order {100 + i}, checked by counsel",
            data="name and address of one buyer",
            authorised_by="p11",
            authorised_on=day - timedelta(days=rng.randint(0, 3)),
            disclosed_by="p05",
            disclosed_on=day,
        )
    for i in range(4 if many else 2):
        day = company.day(date(2026, 1, 19), date(2026, 11, 30), rng)
        company.add(
            "privacy_breaches",
            f"pbreach-{i + 1:02d}",
            title=("Letter to a wrong address", "Ticket shown to another customer")[i % 2],
            detected_on=day,
            data=f"names of {rng.randint(1, 9)} people",
            assessed_on=day + timedelta(days=rng.randint(0, 2)),
            action="recipient confirmed deletion; address check added",
            notification="people concerned told; no risk to them, so no authority",
        )
    for i in range(12 if many else 3):
        day = company.day(date(2026, 1, 19), date(2026, 11, 20), rng)
        company.add(
            "privacy_complaints",
            f"complaint-{i + 1:02d}",
            channel="privacy mailbox",
            received_on=day,
            settled_on=day + timedelta(days=rng.randint(2, 25)),
            resolution="explained and, where right, put in order",
        )


def _reviews(company: Company, rng: Random, systems: Sequence[System]) -> None:
    for year, month in ((2025, 10), (2026, 9)):
        first = date(year, month, 5)
        day = company.day(first, first.replace(day=20), rng)
        _review(
            company,
            f"ropa-review-{year}",
            "processing-record-review",
            f"Review of the record of processing {year}",
            day,
        )
        day = company.day(first, first.replace(day=20), rng)
        _review(
            company,
            f"privacy-review-{year}",
            "privacy-compliance-review",
            f"Privacy compliance review {year}",
            day,
            by="p03",
        )
    personal = {row["id"] for row in company.rows("data_classes", personal="yes")}
    for system in systems:
        if not personal & set(system.holds):
            continue
        if system.kind == "database":
            shown = sorted(
                {row["captured_on"] for row in company.rows("captures", system=system.id, setting="central-logging")}
            )
            for i, seen in enumerate(shown):
                add_capture(
                    company,
                    f"cap-{system.id}-self-correction-{i + 1}",
                    system.id,
                    "self-correction",
                    "on",
                    as_day(seen),
                )
            continue
        for year, month in ((2025, 11), (2026, 10)):
            first = date(year, month, 5)
            day = min(company.day(first, first.replace(day=20), rng), END)
            title = f"Check of personal data in the {system.name.lower()} {year}"
            _review(
                company,
                f"quality-{system.id}-{year}",
                "data-quality-check",
                title,
                day,
                by=system.owner,
                about=system.id,
            )
