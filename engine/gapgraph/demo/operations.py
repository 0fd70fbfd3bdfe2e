"""Scans, findings, exercises and reviews of the year, ended customers, incidents."""

from collections.abc import Sequence
from datetime import date, timedelta

from gapgraph.demo.company import END, QUARTERS, Company, workday
from gapgraph.demo.landscape import System
from gapgraph.demo.names import customers

DEADLINES = {"critical": 15, "high": 30, "medium": 90, "low": 180}
_SHARES = (("critical", 4), ("high", 22), ("medium", 48), ("low", 26))
_FINDINGS = (
    "Outdated library",
    "Missing security header",
    "Verbose error page",
    "Weak cipher offered",
    "Unpatched base image",
    "Overly broad network rule",
    "Dependency with known flaw",
    "Default page reachable",
    "Stale container image",
    "Token in build log",
)


def add_operations(company: Company, systems: Sequence[System]) -> None:
    """Fills scans, vulnerabilities with an exception, activities, customer_contracts and incidents."""
    _scans(company, systems)
    _vulnerabilities(company, systems)
    _activities(company, systems)
    _contracts(company)
    for i in range(company.size.incidents):
        found = company.day(date(2026, 1, 12), date(2026, 11, 30))
        company.add(
            "incidents",
            f"inc-{i + 1:02d}",
            title=("Phishing reported", "Laptop lost, disk encrypted", "Service degraded")[i % 3],
            detected_on=found,
            resolved_on=found + timedelta(days=company.rng.randint(0, 9)),
        )


def _scans(company: Company, systems: Sequence[System]) -> None:
    groups = sorted({s.group for s in systems})
    for month in range(13):
        first = date(2025, 12, 1) if not month else date(2026, month, 1)
        for group in groups:
            done = company.day(first.replace(day=8), first.replace(day=18))
            company.add(
                "scans",
                f"scan-{first:%Y-%m}" + (f"-g{group}" if len(groups) > 1 else ""),
                systems=[s.id for s in systems if s.group == group],
                window=f"{first:%Y-%m}",
                completed_on=done,
                tool="authenticated scanner",
                result="findings filed in the register of vulnerabilities",
            )


def _vulnerabilities(company: Company, systems: Sequence[System]) -> None:
    severities = [word for word, share in _SHARES for _ in range(share)]
    for i in range(company.size.vulnerabilities):
        severity = severities[(i * 37) % 100]
        found = company.day(date(2025, 11, 17), date(2026, 12, 29))
        deadline = DEADLINES[severity]
        closed = found + timedelta(days=company.rng.randint(1, deadline - 1))
        if closed < date(2026, 1, 1):
            closed = date(2026, 1, 5) if found + timedelta(days=deadline - 1) > date(2026, 1, 5) else closed
        company.add(
            "vulnerabilities",
            f"vul-{i + 1:05d}",
            title=f"{company.rng.choice(_FINDINGS)} {i + 1}",
            system=systems[i % len(systems)].id,
            severity=severity,
            found_on=found,
            closed_on=closed if closed <= END else None,
        )
    company.add(
        "vulnerabilities",
        "vul-accepted",
        title="Legacy protocol needed by one customer",
        system="app",
        severity="medium",
        found_on=date(2026, 3, 10),
    )
    company.add(
        "exceptions",
        "ex-vul-accepted",
        kind="vulnerability",
        subject="vul-accepted",
        reason="the customer migrates in spring; traffic is filtered",
        requested_by="p06",
        approved_by="p03",
        approved_on=date(2026, 4, 2),
        expires_on=date(2027, 3, 31),
        risk_rating="medium",
    )


def _activities(company: Company, systems: Sequence[System]) -> None:
    def yearly(key: str, kind: str, title: str, month: int, by: str, **cells: str) -> None:
        for year in (2025, 2026):
            # the later one is a month earlier in its year, so within twelve months of the one before
            first = date(year, month - (year - 2025), 5)
            company.add(
                "activities",
                f"{key}-{year}",
                kind=kind,
                title=f"{title} {year}",
                completed_on=company.day(first, first.replace(day=20)),
                performed_by=by,
                **cells,
            )

    yearly(
        "risk-assessment",
        "risk-assessment",
        "Risk assessment",
        11,
        "p03",
        participants="owners of all services, finance, legal",
        method="likelihood and impact, 1 to 5, on threats to the commitments",
        results="register updated",
        approver="p01",
    )
    yearly(
        "incident-exercise",
        "incident-exercise",
        "Tabletop exercise",
        9,
        "p03",
        participants="engineering, support, legal",
        scenario="leaked credentials of a service account",
        results="detected in 22 minutes; roles clear",
        actions="extend the on-call guide",
        approver="p02",
    )
    yearly(
        "recovery-test",
        "recovery-test",
        "Recovery test",
        10,
        "p06",
        participants="platform team",
        scenario="loss of the primary zone",
        results="restored in 2 h 40 min of 4 h allowed",
        actions="automate the last manual step",
        approver="p02",
    )
    for quarter, first in enumerate(QUARTERS, start=1):
        month = date(2026, first.month + 1, 1)
        company.add(
            "activities",
            f"risk-review-q{quarter}",
            kind="risk-register-review",
            title=f"Review of the risk register, quarter {quarter}",
            window=f"2026-Q{quarter}",
            completed_on=company.day(month.replace(day=10), month.replace(day=26)),
            performed_by="p03",
            participants="risk owners",
            results="ratings confirmed or changed",
            approver="p01",
        )
        for system in systems:
            if system.critical:
                add_capacity_review(company, system, quarter)


def add_capacity_review(company: Company, system: System, quarter: int) -> None:
    """The capacity review of a system in a quarter."""
    month = date(2026, 3 * quarter - 1, 1)
    company.add(
        "activities",
        f"capacity-{system.id}-q{quarter}",
        kind="capacity-review",
        title=f"Capacity of the {system.name.lower()}, quarter {quarter}",
        about=system.id,
        window=f"2026-Q{quarter}",
        completed_on=company.day(month.replace(day=8), month.replace(day=25)),
        performed_by="p06",
        results="headroom for two quarters",
    )


def _contracts(company: Company) -> None:
    names = customers()
    for i in range(company.size.contracts_ended):
        ended = company.day(date(2026, 1, 15), date(2026, 11, 20))
        company.add(
            "customer_contracts",
            f"cust-{i + 1:03d}",
            customer=names[i % len(names)] + ("" if i < len(names) else f" {i // len(names) + 1}"),
            ended_on=ended,
            deleted_on=workday(ended + timedelta(days=company.rng.randint(5, 26))),
            deletion_record=f"deletion job {1000 + i}, confirmed to the customer",
        )
