"""Vendors with assessments, reports, contracts, duties, incidents and announcements."""

from datetime import date, timedelta

from gapgraph.demo.company import END, Company, workday
from gapgraph.demo.names import Names

_SUBSERVICE = (
    ("v-cloud", "Cumulon Cloud", "cloud platform", ("customer-content", "account-data")),
    ("v-idp", "Keyharbour Identity", "single sign-on", ("staff-data",)),
    ("v-model", "Parlance Models", "language model API", ("customer-content",)),
    ("v-logs", "Watchfire Logging", "log store and alerts", ("usage-data",)),
)
_CORE = (
    ("v-annot", "Labelgrove", "annotation staff", "high", True, True, ("training-data",)),
    ("v-crm", "Contactory", "customer relationship management", "medium", True, True, ("account-data",)),
    ("v-mail", "Postlark", "mail delivery", "medium", True, True, ("account-data",)),
    ("v-pay", "Coinwell Payments", "payments", "high", True, True, ("billing-records",)),
    ("v-hr", "Rosterly", "payroll", "medium", True, True, ("staff-data",)),
)
_SERVICES = (
    "office supplies",
    "travel booking",
    "design work",
    "training platform",
    "event space",
    "translation",
    "market research",
    "furniture",
)


def add_vendors(company: Company, names: Names) -> None:
    """Fills every register about vendors. Those that matter are assessed each year; one that is new, before use."""
    size = company.size
    for id, name, service, holds in _SUBSERVICE:
        _vendor(company, id, name, service, "subservice", "critical", holds)
    for i in range(len(_SUBSERVICE), size.subservice):
        _vendor(
            company,
            f"v-sub-{i + 1:02d}",
            " ".join(next(names.vendors)),
            "hosting of a component",
            "subservice",
            "high",
            ("usage-data",),
        )
    for id, name, service, tier, _, _, holds in _CORE:
        _vendor(company, id, name, service, "vendor", tier, holds)
    _new_vendor(company)
    left = size.vendors - len(company.tables["vendors"])
    for i in range(left):
        sensitive = size.scale != "small" and i % 4 == 0
        _vendor(
            company,
            f"v-{i + 1:03d}",
            " ".join(next(names.vendors)),
            _SERVICES[i % len(_SERVICES)],
            "vendor",
            "medium" if sensitive else "low",
            ("usage-data",) if sensitive else (),
        )
    for i, row in enumerate(list(company.rows("vendors"))):
        company.add(
            "vendor_sightings",
            f"seen-{i + 1:03d}",
            name=row["name"],
            source=("spend export", "sign-on log", "data flow map")[i % 3],
            vendor=row["id"],
            seen_on=company.day(date(2026, 9, 1), date(2026, 11, 27)),
        )
    _events(company)


def _vendor(company: Company, id: str, name: str, service: str, kind: str, tier: str, holds: tuple[str, ...]) -> None:
    personal = bool({"customer-content", "account-data", "staff-data", "billing-records"} & set(holds))
    engaged = company.day(date(2022, 2, 1), date(2024, 9, 30))
    company.add(
        "vendors",
        id,
        name=name,
        kind=kind,
        method="carve-out" if kind == "subservice" else None,
        service=service,
        tier=tier,
        owner=("p06", "p03", "p07", "p05", "p10")[len(company.tables.get("vendors", {})) % 5],
        handles_data=bool(holds),
        personal_data=personal,
        data_classes=holds,
        contract=f"contract {2000 + len(company.tables.get('vendors', {}))}",
        next_review_on=date(2027, 3, 31),
        engaged_on=engaged,
        went_live_on=engaged + timedelta(days=14),
    )
    if holds or tier in ("critical", "high"):
        _contract(company, id, engaged - timedelta(days=7), personal)
        company.add(
            "vendor_assessments",
            f"va-{id}-first",
            vendor=id,
            kind="initial",
            completed_on=engaged - timedelta(days=10),
            outcome="suitable",
            approver="p03",
        )
        first = company.day(date(2025, 3, 3), date(2025, 11, 14))
        for year, day in ((2025, first), (2026, company.day(first + timedelta(days=320), first + timedelta(days=355)))):
            company.add(
                "vendor_assessments",
                f"va-{id}-{year}",
                vendor=id,
                kind="reassessment",
                completed_on=day,
                outcome="suitable, no change of tier",
                approver="p03",
            )
    if kind == "subservice":
        _reports(company, id)


def _contract(company: Company, vendor: str, signed: date, personal: bool) -> None:
    company.add(
        "vendor_contracts",
        f"vc-{vendor}",
        vendor=vendor,
        title="Services agreement with data protection addendum",
        signed_on=signed,
        in_force_from=signed,
        security_terms=True,
        confidentiality_terms=True,
        incident_terms=True,
        processing_terms=True if personal else None,
    )


def _new_vendor(company: Company) -> None:
    """A vendor of the year that handles personal data: assessed before use, customers told in advance."""
    engaged = company.day(date(2026, 4, 6), date(2026, 8, 28))
    live = workday(engaged + timedelta(days=45))
    company.add(
        "vendors",
        "v-search",
        name="Needlefind Search",
        kind="vendor",
        service="managed search index",
        tier="high",
        owner="p06",
        handles_data=True,
        personal_data=True,
        data_classes=["customer-content"],
        contract="contract 2500",
        next_review_on=date(2027, 3, 31),
        engaged_on=engaged,
        went_live_on=live,
    )
    _contract(company, "v-search", engaged, True)
    company.add(
        "vendor_assessments",
        "va-v-search-first",
        vendor="v-search",
        kind="initial",
        completed_on=engaged - timedelta(days=5),
        outcome="suitable",
        approver="p03",
    )
    company.add(
        "subprocessor_changes",
        "sub-search",
        vendor="v-search",
        first_used_on=live,
        notified_on=live - timedelta(days=38),
    )


def _reports(company: Company, vendor: str) -> None:
    """Two reports of a year each that end in September or October, a letter for the rest, reviews and duties."""
    month = company.rng.choice((9, 10))
    ends = {year: date(year, month, 30 if month == 9 else 31) for year in (2024, 2025, 2026)}
    for year in (2025, 2026):
        report = f"soc-{vendor}-{year}"
        starts = ends[year - 1] + timedelta(days=1)
        received = company.day(date(year, 11, 9), date(year, 11, 20))
        company.add(
            "soc_reports",
            report,
            vendor=vendor,
            kind="report",
            type="type2",
            covers_from=starts,
            covers_until=ends[year],
            opinion="unqualified",
            signed_by="service auditor",
            received_on=received,
        )
        company.add(
            "report_reviews",
            f"review-{report}",
            report=report,
            reviewer="p03",
            reviewed_on=company.day(received + timedelta(days=3), received + timedelta(days=20)),
            opinion_noted="unqualified",
            period_noted=f"{starts} to {ends[year]}",
            exceptions_considered="those on controls that we rely on",
            carve_outs_noted="data centres of its own provider",
            conclusion="can be relied on",
        )
    company.add(
        "soc_reports",
        f"bridge-{vendor}",
        vendor=vendor,
        kind="bridge-letter",
        report=f"soc-{vendor}-2026",
        covers_from=ends[2026] + timedelta(days=1),
        covers_until=END,
        signed_by="chief information security officer of the vendor",
        received_on=END,
    )
    duties = (
        ("Manage users and their access", "C-UAR-1"),
        ("Require a second factor", "C-MFA-1"),
        ("Protect keys and tokens", "C-SEC-1"),
        ("Configure backups", "C-BKP-1"),
    )
    for i, (title, control) in enumerate(duties, start=1):
        company.add("vendor_duties", f"duty-{vendor}-{i}", report=f"soc-{vendor}-2026", title=title, control=control)
    company.add(
        "vendor_duties",
        f"duty-{vendor}-5",
        report=f"soc-{vendor}-2026",
        title="Control physical access to own premises",
        not_applicable_reason="no equipment of ours holds customer data",
    )


def _events(company: Company) -> None:
    day = company.day(date(2026, 2, 2), date(2026, 4, 30))
    company.add(
        "report_exceptions",
        "rex-1",
        report="soc-v-cloud-2025",
        title="Two of 25 leavers kept access for a week",
        found_on=day,
        impact_assessed_on=day + timedelta(days=6),
        action="own access of the vendor's staff reviewed; none found",
    )
    if company.size.scale == "small":
        return
    for i in range(company.size.incidents // 4):
        day = company.day(date(2026, 1, 19), date(2026, 11, 30))
        company.add(
            "vendor_incidents",
            f"vinc-{i + 1:02d}",
            vendor=("v-mail", "v-crm", "v-logs")[i % 3],
            title="Notice of a disruption",
            received_on=day,
            taken_in_on=day,
            impact_assessed_on=day + timedelta(days=4),
        )
    ended = company.day(date(2026, 3, 2), date(2026, 9, 30))
    company.set(
        "vendors", "v-002", ended_on=ended, access_revoked_on=ended, data_returned_on=ended + timedelta(days=12)
    )
    for row in company.rows("vendor_sightings", vendor="v-002"):
        company.set("vendor_sightings", row["id"], seen_on=ended - timedelta(days=9))
    day = company.day(date(2026, 5, 4), date(2026, 6, 30))
    company.add("vendor_triggers", "trig-1", vendor="v-crm", kind="change of ownership", occurred_on=day)
    company.add(
        "vendor_assessments",
        "va-v-crm-trigger",
        vendor="v-crm",
        kind="reassessment",
        completed_on=day + timedelta(days=30),
        outcome="suitable under the new owner",
        approver="p03",
    )
