"""Policies with their reviews, risks, scope statements, the system description, a gap that was closed."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, as_day
from gapgraph.demo.documents import FURTHER

TYPE_2, TYPE_1 = "soc2-type2", "soc2-type1"

_POLICIES = (
    ("pol-security", "Information security policy", "information-security", "p03"),
    ("pol-incident", "Incident response plan", "incident-response", "p03"),
    ("pol-vendor", "Vendor risk management policy", "vendor-risk", "p03"),
    ("pol-continuity", "Business continuity and disaster recovery plan", "continuity", "p06"),
    ("pol-classification", "Data classification policy", "data-classification", "p11"),
    ("pol-retention", "Data retention and disposal policy", "retention", "p11"),
    ("pol-access", "Access control policy", "access-control", "p03"),
    ("pol-change", "Change management policy", "change-management", "p02"),
    ("pol-use", "Acceptable use policy", "acceptable-use", "p04"),
    ("pol-ai", "Policy on the use of AI", "ai-use", "p07"),
    ("pol-logging", "Logging and monitoring policy", "logging", "p06"),
    ("pol-crypto", "Encryption and key management policy", "encryption", "p06"),
    ("pol-vulnerability", "Vulnerability and patch management policy", "vulnerability", "p06"),
    ("pol-people", "Joiner, mover, leaver procedure", "procedure", "p04"),
    ("pol-models", "Model release procedure", "procedure", "p07"),
    ("pol-risk", "Risk management policy", "risk-management", "p03"),
    ("pol-availability", "Capacity and availability procedure", "procedure", "p06"),
)
_RISKS = (
    "Credential theft",
    "Prompt injection",
    "Leak of training data",
    "Outage of the cloud region",
    "Loss of a key vendor",
    "Model gives harmful advice",
    "Insider misuse",
    "Unpatched component",
    "Loss of key staff",
    "Wrong deletion of customer data",
    "Budget overrun",
    "Poisoned dataset",
)
_SECTIONS = (
    "Services provided",
    "Principal commitments and requirements",
    "Components of the system",
    "Incidents of note",
    "Criteria and controls",
    "Complementary user entity controls",
    "Subservice organisations",
    "Criteria that do not apply",
    "Changes in the period",
)


def add_governance(company: Company) -> None:
    """Fills policies, their reviews, scope_statements, description_sections."""
    for i in range(company.size.policies - len(FURTHER)):
        id, title, kind, owner = (
            _POLICIES[i]
            if i < len(_POLICIES)
            else (f"pol-x{i + 1:02d}", f"Work instruction {i + 1}", "procedure", ("p02", "p06", "p10", "p05")[i % 4])
        )
        _policy(company, id, title, kind, owner)
    for engagement, name in ((TYPE_2, "type2"), (TYPE_1, "type1")):
        company.add(
            "scope_statements",
            f"scope-{name}",
            engagement=engagement,
            states_type=True,
            states_period=True,
            states_categories=True,
            states_services=True,
            states_systems=True,
            states_people=True,
            states_locations=True,
            states_subservice_organisations=True,
            approver="p01",
            approved_on=company.day(date(2025, 12, 1), date(2025, 12, 19)),
        )
        for i, title in enumerate(_SECTIONS[: 9 if engagement == TYPE_2 else 8], start=1):
            company.add(
                "description_sections",
                f"dc{i}-{name}",
                engagement=engagement,
                criterion=f"DC{i}",
                text=f"{title} of {company.organisation}.",
                owner="p02",
                version_on=company.day(date(2026, 11, 2), date(2026, 12, 18)),
            )


def _policy(company: Company, id: str, title: str, kind: str, owner: str) -> None:
    approved = company.day(date(2025, 2, 10), date(2025, 11, 14))
    company.add(
        "policies",
        id,
        title=title,
        kind=kind,
        version=f"{company.rng.randint(1, 4)}.0",
        owner=owner,
        approver="p01",
        approved_on=approved,
        effective_on=approved + timedelta(days=company.rng.randint(0, 14)),
    )
    reviewed = company.day(max(date(2026, 1, 6), approved + timedelta(days=330)), approved + timedelta(days=357))
    company.add(
        "activities",
        f"review-{id}",
        kind="policy-review",
        title=f"Review of the {title.lower()}",
        about=id,
        completed_on=reviewed,
        performed_by=owner,
        results="confirmed with small changes",
        approver="p01",
    )


def add_risks(company: Company) -> None:
    """Fills the risk register; risks to be mitigated name controls."""
    controls = list(company.tables["controls"])
    for i in range(company.size.risks):
        likelihood, impact = company.rng.randint(1, 5), company.rng.randint(2, 5)
        treatment = ("mitigate", "mitigate", "mitigate", "accept", "transfer")[i % 5]
        company.add(
            "risks",
            f"risk-{i + 1:03d}",
            title=_RISKS[i % len(_RISKS)] + ("" if i < len(_RISKS) else f" {i // len(_RISKS) + 1}"),
            owner=("p02", "p03", "p06", "p07", "p11")[i % 5],
            likelihood=likelihood,
            impact=impact,
            inherent=likelihood * impact,
            residual=max(1, likelihood * impact // 2),
            treatment=treatment,
            controls=[controls[(7 * i) % len(controls)]] if treatment == "mitigate" else None,
        )


def add_closed_gap(company: Company) -> None:
    """A gap that was found early in the year, fixed, and verified by somebody else on evidence: it stays closed."""
    fixed = as_day(company.row("activities", "review-pol-use")["completed_on"])
    shown = min(
        (as_day(row["captured_on"]), str(row["id"]))
        for row in company.rows("evidence", control="C-POL-1", kind="record")
        if as_day(row["captured_on"]) >= fixed
    )
    company.add(
        "gaps",
        "gap-001",
        engagement=TYPE_2,
        requirement="POL-20",
        subject="pol-use",
        owner="p04",
        detected_on=date(2025, 11, 17),
        started_on=date(2025, 11, 24),
        fixed_on=fixed,
        fixed_by="p04",
        verified_on=shown[0] + timedelta(days=5),
        verified_by="p03",
        evidence=[shown[1]],
        note="the review of the year before had been forgotten",
    )
