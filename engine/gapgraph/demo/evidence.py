"""Evidence of each control: its policy, how it is implemented, that it operated, or that nothing happened."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from gapgraph.demo.company import END, START, Company, Row, as_day, listed

Subjects = Callable[[Company], Iterable[str]]


def _in_year(text: str) -> bool:
    return bool(text) and START <= as_day(text) <= END


def _column(register: str, when: str, subject: str = "") -> Subjects:
    """The subjects of the rows of a register that fall into the year ("" where they concern the organisation)."""
    return lambda company: [row.get(subject, "") for row in company.rows(register) if _in_year(row.get(when, ""))]


def _grants(company: Company) -> Iterable[str]:
    return [company.row("accounts", row["account"])["system"] for row in company.rows("access_grants")]


def _revocations(company: Company) -> Iterable[str]:
    found = [row for row in company.rows("review_decisions") if row["decision"] != "keep"]
    return [company.row("access_reviews", row["review"])["system"] for row in found]


def _findings(company: Company) -> Iterable[str]:
    return [
        row["system"]
        for row in company.rows("vulnerabilities")
        if not row.get("closed_on") or as_day(row["closed_on"]) >= START
    ]


def _privileged(company: Company) -> Iterable[str]:
    found = company.rows("accounts", privileged="yes", disabled_on="")
    return [row["system"] for row in found if company.row("systems", row["system"])["production"] == "yes"]


def _any(register: str, subject: str = "") -> Subjects:
    return lambda company: [row.get(subject, "") for row in company.rows(register)]


EVENTS: Mapping[str, tuple[str, Subjects]] = {
    "access-provisioning": ("ACC-08", _grants),
    "access-review": ("ACC-04", _revocations),
    "asset-disposal": ("AST-04", _column("devices", "retired_on")),
    "annotation": ("AI-10", _any("annotation_projects", "system")),
    "customer-deletion": ("CNF-06", _column("customer_contracts", "ended_on")),
    "leaver-access": ("ACC-09", _column("people", "ended_on")),
    "model-release": ("AI-14", _any("models", "endpoint")),
    "mover-access": ("ACC-10", _column("role_changes", "changed_on")),
    "onboarding-training": ("HR-02", _column("people", "started_on")),
    "production-access": ("ACC-15", _privileged),
    "report-review": ("VND-07", _column("report_exceptions", "found_on")),
    "secret-rotation": ("ACC-17", _any("secrets", "system")),
    "subprocessor-notice": ("VND-11", _column("subprocessor_changes", "first_used_on")),
    "training-change": ("AI-12", _column("training_runs", "ran_on", "pipeline")),
    "vendor-due-diligence": ("VND-02", _column("vendors", "engaged_on")),
    "vendor-exit": ("VND-09", _column("vendors", "ended_on")),
    "vendor-incidents": ("VND-10", _column("vendor_incidents", "received_on")),
    "vulnerability-remediation": ("VUL-02", _findings),
}
"""By control type: the requirement on its events or members, and where they are. A query shows that there are none."""

_ONLY_EVENTS = ("access-review", "report-review", "secret-rotation", "production-access", "vulnerability-remediation")
"""Types that also do things without such an event, and so have operating evidence beside the query."""


def add_evidence(company: Company) -> None:
    """Fills evidence: policy, implementation and operation of each control, and queries that found nothing."""
    for control in list(company.rows("controls")):
        id = control["id"]
        company.add(
            "evidence",
            f"ev-{id}-1",
            title=f"Policy behind: {control['title']}",
            kind="policy",
            control=id,
            captured_on=company.day(date(2026, 1, 5), date(2026, 2, 20)),
            captured_by="p03",
            source=f"policy {control['policy']}",
        )
        automated = control["automated"] == "yes"
        company.add(
            "evidence",
            f"ev-{id}-2",
            title=f"Set-up of: {control['title']}",
            kind="config" if automated else "screenshot",
            control=id,
            captured_on=company.day(date(2026, 1, 5), date(2026, 3, 20)),
            captured_by="p06" if automated else control["performer"],
            source="settings export" if automated else "workflow in the ticket system",
            file="evidence/sign-on-policy.json" if id == "C-MFA-1" else None,
        )
        bare = _without_events(company, control)
        if bare:
            add_nil(company, id, bare)
        if not bare or control["type"] in _ONLY_EVENTS:
            _operation(company, control, automated)


def _without_events(company: Company, control: Row) -> str:
    """The requirement on whose events the control acts, where it had none in the year; else ""."""
    if control["type"] not in EVENTS:
        return ""
    requirement, subjects = EVENTS[control["type"]]
    mine = set(listed(control["applies_to"]))
    return "" if any(not mine or subject in mine or not subject for subject in subjects(company)) else requirement


def add_nil(company: Company, control: str, requirement: str, first: date = START) -> None:
    """A zero-row query from a day to the end of the year, the whole year unless said: nothing of the kind happened."""
    when = "in the year" if first == START else f"since {first}"
    company.add(
        "evidence",
        f"ev-{control}-nil",
        title=f"No case {when}: {company.row('controls', control)['title']}",
        kind="nil",
        control=control,
        requirements=[requirement],
        covers_from=first,
        covers_until=END,
        captured_on=END,
        captured_by="p03",
        source="ticket system and HR system",
        query=f"all cases of the kind from {first} to 2026-12-31",
        row_count=0,
    )


def _operation(company: Company, control: Row, automated: bool) -> None:
    """Dated evidence through the year; at least one in each month for a monthly control."""
    count = company.size.evidence_a_year
    if control["cadence"] == "monthly":
        count = max(12, count)
    step = 365 / count
    for i in range(count):
        middle = START + timedelta(days=int(step * (i + 0.5)))
        reach = min(12, int(step / 4))
        day = company.day(middle - timedelta(days=reach), middle + timedelta(days=reach))
        company.add(
            "evidence",
            f"ev-{control['id']}-{i + 3}",
            title=f"{control['title']}, {day:%B %Y}",
            kind="log" if automated else "record",
            control=control["id"],
            event_date=day,
            captured_on=day,
            captured_by="p06" if automated else control["performer"],
            source="log store" if automated else "ticket system",
            file="evidence/accounts-idp.csv" if control["id"] == "C-UAR-1" and i == 0 else None,
        )
