"""Policies beside those of `governance`, who wrote and acknowledged them, and the runbooks behind controls."""

from collections.abc import Sequence
from datetime import date, timedelta

from gapgraph.demo.company import END, START, Company, Row, as_day

FURTHER = (
    ("pol-conduct", "Code of conduct", "code-of-conduct", "p04"),
    ("pol-physical", "Physical security policy", "physical-security", "p05"),
    ("pol-development", "Secure development policy", "secure-development", "p02"),
    ("pol-privacy", "Privacy policy and notice", "privacy", "p11"),
    ("pol-sanctions", "Procedure for breaches of policies", "sanctions", "p04"),
)
"""Policies that every company has beside those of `governance`."""

EVERYBODY = ("pol-security", "pol-use", "pol-conduct")
"""The policies that everybody acknowledges."""


def add_documents(company: Company) -> None:
    """Adds the further policies with a review of each, and says who wrote each policy."""
    rng = company.chance("policies")
    for id, title, kind, owner in FURTHER:
        approved = company.day(date(2025, 2, 10), date(2025, 11, 14), rng)
        company.add(
            "policies",
            id,
            title=title,
            kind=kind,
            version=f"{rng.randint(1, 4)}.0",
            owner=owner,
            approver="p01",
            approved_on=approved,
            effective_on=approved + timedelta(days=rng.randint(0, 14)),
        )
        company.add(
            "activities",
            f"review-{id}",
            kind="policy-review",
            title=f"Review of the {title.lower()}",
            about=id,
            completed_on=company.day(
                max(date(2026, 1, 6), approved + timedelta(days=330)), approved + timedelta(days=357), rng
            ),
            performed_by=owner,
            results="confirmed with small changes",
            approver="p01",
        )
    for policy in company.rows("policies"):
        company.set("policies", policy["id"], author=policy["owner"])


def add_acknowledgements(company: Company) -> None:
    """Fills policy_acknowledgements: when person and policy are both there, and again within the year."""
    rng = company.chance("acknowledgements")
    for person in company.rows("people"):
        ended = as_day(person["ended_on"]) if person.get("ended_on") else END
        for policy in EVERYBODY:
            both = max(as_day(person["started_on"]), as_day(company.row("policies", policy)["effective_on"]))
            first = company.day(both, both + timedelta(days=24), rng)
            if first >= ended and person.get("ended_on"):
                continue
            _acknowledged(company, person, policy, first)
            if first < START:
                again = company.day(
                    max(date(2026, 1, 5), first + timedelta(days=330)), first + timedelta(days=355), rng
                )
                if again < ended:
                    _acknowledged(company, person, policy, again)


def _acknowledged(company: Company, person: Row, policy: str, day: date) -> None:
    company.add(
        "policy_acknowledgements",
        f"ack-{policy.removeprefix('pol-')}-{person['id']}-{day.year}",
        policy=policy,
        version=company.row("policies", policy)["version"],
        person=person["id"],
        acknowledged_on=day,
    )


def add_procedures(company: Company) -> None:
    """Fills procedures: for each policy the runbook of the manual controls that rest on it."""
    rng = company.chance("procedures")
    by_policy: dict[str, list[str]] = {}
    for control in company.rows("controls"):
        if control["automated"] != "yes":
            by_policy.setdefault(control["policy"], []).append(control["id"])
    for policy, controls in by_policy.items():
        _procedure(company, policy, controls, company.day(date(2025, 1, 13), date(2025, 11, 28), rng))


def _procedure(company: Company, policy: str, controls: Sequence[str], day: date) -> None:
    title = company.row("policies", policy)["title"]
    company.add(
        "procedures",
        f"run-{policy.removeprefix('pol-')}",
        title=f"Runbook to: {title}",
        controls=controls,
        steps=f"wiki page 'Runbooks', chapter '{title}'",
        performed_by_role="performer named at the control, else the deputy",
        record_produced="ticket with date, performer and result",
        effective_on=day,
    )
