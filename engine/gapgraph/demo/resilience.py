"""Backup jobs, restores, availability and failure zones; keys, isolation and outbound paths of confidential data."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.company import END, QUARTERS, Company, workday
from gapgraph.demo.landscape import INFRASTRUCTURE, System, add_capture, is_confidential

_MONTHS = (3, 6, 9, 12)


def add_resilience(company: Company, systems: Sequence[System]) -> None:
    """Fills backup_reports, backup_failures, restore_tests, availability_reports, keys, isolation_tests, captures."""
    rng = company.chance("resilience")
    for system in systems:
        if system.critical and system.holds:
            _backups(company, system, rng)
            _restores(company, system, rng)
        _settings(company, system, rng)
        if is_confidential(system):
            _key(company, system, rng)
    for service in company.rows("services"):
        _availability(company, service["id"])
        service |= {"multi_tenant": "yes", "isolation_design": "design note on tenants, version 4"}
        first = company.day(date(2025, 3, 3), date(2025, 10, 30), rng)
        for year, day in ((2025, first), (2026, workday(first + timedelta(days=345)))):
            company.add(
                "isolation_tests",
                f"isolation-{service['id']}-{year}",
                service=service["id"],
                completed_on=day,
                performed_by="p03",
                method="two test tenants ask for records of each other through every interface",
                attempts=rng.randint(60, 240),
                foreign_reads=0,
            )


def _backups(company: Company, system: System, rng: Random) -> None:
    """The job history of each quarter, with one failed job in it that was run again the same day."""
    for i, first in enumerate(QUARTERS):
        last = QUARTERS[i + 1] - timedelta(days=1) if i < 3 else END
        jobs = 2 * ((last - first).days + 1)
        company.add(
            "backup_reports",
            f"jobs-{system.id}-q{i + 1}",
            system=system.id,
            covers_from=first,
            covers_until=last,
            captured_on=last,
            jobs_scheduled=jobs,
            jobs_succeeded=jobs - 1,
            longest_gap_hours=20,
            source="history of the backup tool",
        )
        failed = company.day(first + timedelta(days=3), last - timedelta(days=3), rng)
        company.add(
            "backup_failures",
            f"job-{system.id}-q{i + 1}",
            system=system.id,
            failed_on=failed,
            alerted_on=failed,
            next_success_on=failed,
            hours_without_backup=20,
        )


def _restores(company: Company, system: System, rng: Random) -> None:
    first = company.day(date(2025, 2, 10), date(2025, 11, 20), rng)
    for year, day in ((2025, first), (2026, workday(first + timedelta(days=345)))):
        company.add(
            "restore_tests",
            f"restore-{system.id}-{year}",
            system=system.id,
            completed_on=day,
            performed_by="p08",
            succeeded=True,
            hours_taken=rng.choice((1.5, 2, 2.5, 3)),
            integrity_check="row counts and checksums of all tables equal",
        )


def _settings(company: Company, system: System, rng: Random) -> None:
    found: dict[str, str | int | float] = {}
    if system.critical:
        found["failure-zones"] = 3
    if system.kind in INFRASTRUCTURE:
        found["malware-protection"] = "on"
    if is_confidential(system):
        found |= {"public-access": "authenticated" if system.internet else "blocked", "egress": "limited"}
    for setting, value in found.items():
        for month in _MONTHS:
            day = company.day(date(2026, month, 8), date(2026, month, 18), rng)
            add_capture(company, f"cap-{system.id}-{setting}-{month:02d}", system.id, setting, value, day)


def _key(company: Company, system: System, rng: Random) -> None:
    company.add(
        "keys",
        f"key-{system.id}",
        name=f"key of the {system.name.lower()}",
        systems=[system.id],
        owner="p06",
        administrators=["p06" if system.owner == "p03" else "p03"],
        users=[f"{system.id}-svc"],
        created_on=company.day(date(2023, 3, 1), date(2024, 11, 29), rng),
        rotated_on=company.day(date(2026, 2, 2), date(2026, 11, 27), rng),
    )


def _availability(company: Company, service: str) -> None:
    """What was measured each month; one month of the year fell below the target."""
    for month in range(1, 13):
        first = date(2026, month, 1)
        last = date(2026, month + 1, 1) - timedelta(days=1) if month < 12 else END
        low = month == 5
        company.add(
            "availability_reports",
            f"uptime-{service}-{month:02d}",
            service=service,
            window=f"2026-{month:02d}",
            covers_from=first,
            covers_until=last,
            captured_on=last if month == 12 else workday(last + timedelta(days=1)),
            measured_percent=99.81 if low else 99.97,
            explanation="a change of the network that was taken back after 80 minutes" if low else None,
            notice_owed=True if low else None,
            notified_on=date(2026, 5, 13) if low else None,
            source="synthetic probes",
        )
