"""The scope beside its statement, and governance: commitments, oversight, evaluations, findings, reports."""

from collections.abc import Sequence
from datetime import date, timedelta

from gapgraph.demo.company import END, Company
from gapgraph.demo.governance import TYPE_1, TYPE_2

_ADVISOR, _CHAIR, _CEO = "om-advisor", "om-chair", "om-ceo"
_COMMITMENTS = (
    (
        "availability",
        "The service is available 99.9 % of each month",
        "service level agreement, section 2",
        "A1.1;A1.2",
    ),
    ("confidentiality", "Content of customers is confidential", "master agreement, section 5", "C1.1"),
    ("confidentiality", "Content is deleted within 30 days after the end", "master agreement, section 9", "C1.2"),
    ("security", "Access of staff to content needs a second factor", "security page", "CC6.1"),
    ("security", "Customers hear of an incident within three days", "master agreement, section 7", "CC7.4"),
    ("privacy", "Personal data is processed as instructed", "data processing agreement", "P4.1"),
)
_KEPT_BY = {1: "C-SLO-1;C-CAP-1", 3: "C-DEL-1;C-RET-1", 4: "C-MFA-1;C-MFX-1"}
_USER_DUTIES = (
    ("Remove people who leave from the workspace", "CC6.2", "C-PRV-1;C-ACR-1"),
    ("Require a second factor for own people", "CC6.1", "C-MFA-1;C-MFX-1"),
    ("Decide which content is uploaded", "C1.1", "C-PRL-1;C-RET-1"),
    ("Report suspected incidents to support", "CC7.3", "C-LOG-1;C-MON-1"),
)
_EXPECTED = (
    ("Guards its premises and data centres", "CC6.4"),
    ("Manages access of its own people to the platform", "CC6.1;CC6.3"),
    ("Keeps its platform available and restores it", "A1.2"),
)
_FINDINGS = (
    "Ticket lacks the approver",
    "Runbook out of date",
    "Export without its row count",
    "Two alerts without an owner",
    "Review filed under the wrong quarter",
    "Checklist not signed",
)


def add_oversight(company: Company) -> None:
    """Fills the registers of scope and governance; the controls and systems are there already."""
    _scope(company)
    _commitments(company)
    _bodies(company)
    _documents(company)
    _evaluations(company)
    _findings(company)


def _scope(company: Company) -> None:
    company.set("systems", "cloud", vendor="v-cloud")
    company.set("systems", "idp", vendor="v-idp")
    for engagement, name in ((TYPE_2, "type2"), (TYPE_1, "type1")):
        company.add(
            "management_assertions",
            f"assertion-{name}",
            engagement=engagement,
            names_system=True,
            names_period=True,
            names_description_criteria=True,
            names_trust_services_criteria=True,
            signed_by="p01",
            signed_on=END,
        )
    for row in list(company.rows("vendors", kind="subservice")):
        for i, (title, criteria) in enumerate(_EXPECTED, start=1):
            company.add(
                "subservice_controls", f"csoc-{row['id']}-{i}", vendor=row["id"], title=title, criteria=criteria
            )
    for i, (title, criteria, controls) in enumerate(_USER_DUTIES, start=1):
        company.add(
            "user_entity_controls",
            f"uec-{i}",
            title=title,
            criteria=criteria,
            controls=controls,
            communicated_in="administrator guide, chapter on shared responsibility",
            communicated_on=date(2025, 10, 6),
        )


def _commitments(company: Company) -> None:
    rng = company.chance("commitments")
    for i, (category, title, place, criteria) in enumerate(_COMMITMENTS, start=1):
        company.add(
            "commitments",
            f"cmt-{i}",
            title=title,
            category=category,
            published_in=place,
            criteria=criteria,
            controls=_KEPT_BY.get(i),
            owner="p11",
            in_force_from=date(2024, 3, 1),
        )
    if "privacy" not in company.size.categories:
        for engagement, name in ((TYPE_2, "type2"), (TYPE_1, "type1")):
            company.add(
                "scope_exclusions",
                f"excl-privacy-{name}",
                engagement=engagement,
                kind="category-left-out",
                category="privacy",
                reason="customers decide on the data; their agreement with us is kept under confidentiality",
                approved_by="p01",
                approved_on=company.day(date(2025, 12, 1), date(2025, 12, 19), rng),
            )
    for year in (2025, 2026):
        company.add(
            "activities",
            f"commitment-review-{year}",
            kind="commitment-review",
            title=f"Review of the commitments {year}",
            completed_on=company.day(date(year, 2031 - year, 5), date(year, 2031 - year, 20), rng),
            performed_by="p11",
            results="wording matched with the current agreements",
        )


def _bodies(company: Company) -> None:
    rng = company.chance("oversight")
    small = company.size.scale == "small"
    chief = company.row("people", "p01")
    company.add("oversight_members", _CEO, name=chief["name"], relation="management", person="p01")
    company.set("oversight_members", _CEO, appointed_on=date(2023, 1, 9))
    company.add(
        "oversight_members",
        _ADVISOR,
        name="Solveig Thornquist",
        relation="advisor",
        appointed_on=date(2024, 2, 1),
        term_until=date(2027, 1, 31),
    )
    if not small:
        company.add(
            "oversight_members",
            _CHAIR,
            name="Auberon Kestrelle",
            relation="non-executive",
            appointed_on=date(2023, 6, 1),
        )
    present = [_CEO, _ADVISOR] if small else [_CEO, _ADVISOR, _CHAIR]
    for quarter in range(1, 5):
        first = date(2026, 3 * quarter - 1, 10)
        held = company.day(first, first.replace(day=20), rng)
        reported = company.day(held - timedelta(days=8), held - timedelta(days=5), rng)
        company.add(
            "oversight_meetings",
            f"oversight-q{quarter}",
            title=f"{'Meeting with the advisor' if small else 'Board meeting'}, quarter {quarter}",
            window=f"2026-Q{quarter}",
            held_on=held,
            attendees=present,
            security_items="metrics of the quarter, risks above the appetite, open findings",
            minutes=f"minutes/2026-q{quarter}",
        )
        company.add(
            "metrics_reports",
            f"metrics-q{quarter}",
            title=f"Security metrics, quarter {quarter}",
            window=f"2026-Q{quarter}",
            reported_on=reported,
            prepared_by="p03",
            recipients=["p01", _ADVISOR],
            metrics="open findings by age, access reviews done, phishing reports, time to close incidents",
        )


def _documents(company: Company) -> None:
    rng = company.chance("organisation documents")
    for kind, title in (
        ("organisation-chart", "Organisation chart"),
        ("role-description", "Roles and duties in security"),
    ):
        for year in (2025, 2026):
            first = date(year, 2031 - year, 4)
            company.add(
                "organisation_documents",
                f"{kind}-{year}",
                title=f"{title} {year}",
                kind=kind,
                version_on=company.day(first, first.replace(day=18), rng),
                approved_by="p01",
                security_lead="p03" if kind == "role-description" else None,
            )


def _evaluations(company: Company) -> None:
    rng = company.chance("internal evaluation")
    for year in (2025, 2026):
        first = date(year, 2034 - year, 7)
        company.add(
            "internal_evaluations",
            f"evaluation-{year}",
            title=f"Internal evaluation of controls {year}",
            completed_on=company.day(first, first.replace(day=22), rng),
            firm="Harrowgate Assurance",
            controls_tested=list(company.tables["controls"]),
            results="findings filed in the tracker",
        )


def _findings(company: Company) -> None:
    rng = company.chance("control findings")
    owners: Sequence[str] = ("p06", "p02", "p07", "p04", "p11")
    for i in range({"small": 6, "mid": 12}.get(company.size.scale, 18)):
        found = company.day(date(2026, 1, 12), date(2026, 9, 30), rng)
        fixed = found + timedelta(days=rng.randint(10, 40))
        verified = fixed + timedelta(days=rng.randint(1, 6))
        company.add(
            "control_findings",
            f"cf-{i + 1:02d}",
            title=f"{_FINDINGS[i % len(_FINDINGS)]} {i + 1}",
            source="internal evaluation" if i % 2 else "reported by the control owner",
            found_on=found,
            owner=owners[i % 5],
            severity=("medium", "low", "high")[i % 3],
            due_on=found + timedelta(days=60),
            fixed_on=fixed,
            fixed_by=owners[i % 5],
            verified_on=verified,
            verified_by="p03",
            closed_on=verified + timedelta(days=1),
        )
    company.add(
        "control_findings",
        "cf-open",
        title="Inventory of scripts incomplete",
        source="internal evaluation",
        found_on=date(2026, 10, 12),
        owner="p06",
        severity="low",
        due_on=date(2026, 12, 11),
        extended_until=date(2027, 2, 26),
        extension_reason="the new repository is set up first",
        extension_approved_by="p02",
        extension_approved_on=date(2026, 12, 4),
    )
