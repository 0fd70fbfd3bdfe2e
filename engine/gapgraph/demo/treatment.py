"""What is done about risks: kinds and assessment of each, plans, acceptances, changes, insurance, impact analyses."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, Row, as_day

APPETITE = 9
_KINDS = {
    "Credential theft": "security",
    "Prompt injection": "ai",
    "Leak of training data": "ai",
    "Outage of the cloud region": "availability",
    "Loss of a key vendor": "vendor",
    "Model gives harmful advice": "ai",
    "Insider misuse": "misuse",
    "Unpatched component": "security",
    "Poisoned dataset": "ai",
}
_CHANGES = (
    ("sc-search", "Managed search index from a new vendor", "critical-vendor", "small mid large"),
    ("sc-agents", "Agents that act in systems of customers", "new-product", "small mid large"),
    ("sc-region", "Service in a second region", "new-region", "mid large"),
    ("sc-law", "New duties for providers of AI", "new-law", "mid large"),
    ("sc-teams", "Platform and support under one lead", "reorganisation", "mid large"),
)


def add_treatment(company: Company) -> None:
    """Fills the registers of risk beside the risk register itself, and says of each risk where it was assessed."""
    _risks(company)
    _changes(company)
    _insurance(company)
    _impact(company)


def _risks(company: Company) -> None:
    rng = company.chance("risk treatment")
    for row in list(company.rows("risks")):
        name = row["title"].rstrip("0123456789 ")
        company.set("risks", row["id"], kind=_KINDS.get(name, "other"), assessment="risk-assessment-2026")
        if int(row["residual"]) <= APPETITE:
            continue
        if row["treatment"] in ("accept", "transfer"):
            company.set(
                "risks",
                row["id"],
                accepted_by="p01",
                accepted_on=company.day(date(2026, 10, 26), date(2026, 11, 20), rng),
            )
            company.set("risks", row["id"], accepted_until=date(2027, 10, 29))
        else:
            _plan(company, row, date(2026, 11, 2), date(2027, 3, 31), None)
    for row in list(company.rows("risks"))[:4]:
        if f"plan-{row['id']}" not in company.tables.get("risk_treatments", {}):
            opened = company.day(date(2026, 1, 12), date(2026, 6, 30), rng)
            due = opened + timedelta(days=90)
            _plan(company, row, opened, due, company.day(opened + timedelta(days=30), due, rng))


def _plan(company: Company, risk: Row, opened: date, due: date, done: date | None) -> None:
    company.add(
        "risk_treatments",
        f"plan-{risk['id']}",
        title=f"Lower the risk: {risk['title']}",
        risk=risk["id"],
        owner=risk["owner"],
        opened_on=opened,
        due_on=due,
        completed_on=done,
    )


def _changes(company: Company) -> None:
    rng = company.chance("significant changes")
    for id, title, kind, sizes in _CHANGES:
        if company.size.scale not in sizes.split():
            continue
        known = company.day(date(2026, 2, 2), date(2026, 8, 28), rng)
        if id == "sc-search":
            known = as_day(company.row("vendors", "v-search")["engaged_on"]) - timedelta(days=20)
        effective = known + timedelta(days=45)
        review = company.add(
            "activities",
            f"risks-of-{id}",
            kind="change-risk-review",
            title=f"Risks of: {title.lower()}",
            completed_on=company.day(known + timedelta(days=5), known + timedelta(days=30), rng),
            performed_by="p03",
            participants="owner of the change, platform, counsel",
            results="risks added to the register or confirmed",
        )
        company.add(
            "significant_changes",
            id,
            title=title,
            kind=kind,
            identified_on=known,
            effective_on=effective,
            risk_review=review,
        )
        if kind == "reorganisation":
            company.add(
                "organisation_documents",
                "organisation-chart-teams",
                title="Organisation chart with the new teams",
                kind="organisation-chart",
                version_on=company.day(effective, effective + timedelta(days=20), rng),
                approved_by="p01",
            )


def _insurance(company: Company) -> None:
    for year in (2025, 2026):
        company.add(
            "cyber_insurance",
            f"cyber-{year}",
            kind="policy",
            insurer="Harbour Mutual",
            policy_number=f"CY-{year}-{1000 + company.seed}",
            in_force_from=date(year, 4, 1),
            in_force_until=date(year + 1, 3, 31),
        )


def _impact(company: Company) -> None:
    rng = company.chance("impact analyses")
    for system in list(company.rows("systems", critical="yes")):
        for year in (2025, 2026):
            first = date(year, 2029 - year, 3)
            company.add(
                "impact_analyses",
                f"bia-{system['id']}-{year}",
                system=system["id"],
                recovery_time_hours=4 if system["production"] == "yes" else 24,
                recovery_point_hours=system["recovery_point_hours"] or 24,
                approved_by="p02",
                approved_on=company.day(first, first.replace(day=18), rng),
            )
