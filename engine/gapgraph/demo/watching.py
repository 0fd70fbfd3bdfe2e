"""Alert rules, alerts and their triage, reviews of boundary rules."""

from collections.abc import Sequence
from datetime import date, timedelta

from gapgraph.demo.company import Company
from gapgraph.demo.landscape import System

_RULES = (
    ("rule-privilege", "Change of a privileged role", "privileged-change"),
    ("rule-logins", "Many failed logins", "failed-logins"),
    ("rule-public", "Store or port open to the internet", "public-exposure"),
    ("rule-egress", "Unusual amount of data leaves", "data-exfiltration"),
    ("rule-control", "Automated control stopped", "control-failure"),
    ("rule-cost", "Sudden rise of cost", "other"),
)
_OUTCOMES = ("expected, a planned change", "a script with an old password", "closed at once, nothing was read")


def add_watching(company: Company, systems: Sequence[System]) -> None:
    """Fills alert_rules and alerts, and adds reviews of boundary rules to activities."""
    rng = company.chance("watching")
    for id, name, threat in _RULES:
        company.add(
            "alert_rules",
            id,
            name=name,
            threat=threat,
            enabled_on=company.day(date(2024, 12, 2), date(2025, 9, 30), rng),
            notifies="p06" if threat == "other" else "p03",
        )
    for i in range(4 * company.size.incidents):
        raised = company.day(date(2026, 1, 12), date(2026, 12, 11), rng)
        company.add(
            "alerts",
            f"alert-{i + 1:03d}",
            title=_RULES[i % len(_RULES)][1],
            system=systems[rng.randrange(len(systems))].id,
            severity=("medium", "high", "low", "high")[i % 4],
            raised_on=raised,
            triaged_on=raised + timedelta(days=rng.randint(0, 1)),
            triaged_by=("p03", "p06", "p08")[i % 3],
            outcome=_OUTCOMES[i % 3],
        )
    for system in systems:
        if system.kind == "infrastructure":
            for year, month in ((2025, 7), (2026, 6)):
                company.add(
                    "activities",
                    f"boundary-{system.id}-{year}",
                    kind="boundary-review",
                    title=f"Boundary rules of the {system.name.lower()} {year}",
                    about=system.id,
                    completed_on=company.day(date(year, month, 3), date(year, month, 25), rng),
                    performed_by="p06",
                    results="rules without traffic taken out",
                )
