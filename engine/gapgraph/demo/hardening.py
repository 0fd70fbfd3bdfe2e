"""Penetration tests, scanning of code, baselines of infrastructure, alerts and patches of the year."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from gapgraph.demo.change import capture_through_the_year
from gapgraph.demo.company import Company
from gapgraph.demo.landscape import INFRASTRUCTURE, System

ALERTS: Mapping[str, tuple[int, int]] = MappingProxyType({"small": (24, 14), "mid": (90, 40), "large": (320, 160)})
"""By size: alerts on code, alerts on configurations."""

TESTER = "v-008"
"""The vendor that tests for penetration."""

_CODE = ("Dependency with a published flaw", "Library without maintainer", "Key in a test file", "Outdated parser")
_CONFIGURATION = ("Logging of a bucket switched off", "Port open inside the network", "Image without signature")
_OUTCOMES = ("fixed the same week", "not reachable from our code; closed", "finding filed", "key replaced")


def add_hardening(company: Company, systems: Sequence[System]) -> None:
    """Fills penetration_tests, scanning_alerts, baselines and patch_reports; captures scanning and drift monitoring."""
    rng = company.chance("hardening")
    _penetration_tests(company, [s.id for s in systems if s.internet], rng)
    repositories = [s.id for s in systems if s.kind == "code-repository"]
    machines = [s for s in systems if s.kind in INFRASTRUCTURE]
    for repository in repositories:
        for setting in ("dependency-scanning", "secret-scanning"):
            capture_through_the_year(company, repository, setting, "on", rng)
    on_code, on_machines = ALERTS[company.size.scale]
    for i in range(on_code):
        kind = "secret" if i % 4 == 2 else "dependency"
        add_alert(company, f"alert-c{i + 1:03d}", kind, repositories[i % len(repositories)], _CODE[i % 4], rng)
    for i in range(on_machines):
        title = _CONFIGURATION[i % len(_CONFIGURATION)]
        add_alert(company, f"alert-s{i + 1:03d}", "configuration", machines[i % len(machines)].id, title, rng)
    for id, name, kind in (("hosts", "Hosts and containers", "infrastructure"), ("stores", "Databases", "database")):
        company.add(
            "baselines",
            f"baseline-{id}",
            name=name,
            systems=[s.id for s in machines if s.kind == kind],
            source="hardening guide of the maker, with our deviations",
            version=f"{rng.randint(2, 5)}.{rng.randint(0, 4)}",
            approved_by="p03",
            approved_on=company.day(date(2025, 3, 3), date(2025, 11, 20), rng),
        )
    for system in machines:
        capture_through_the_year(company, system.id, "drift-monitoring", "on", rng)
        for month in range(1, 13):
            first = date(2026, month, 1)
            company.add(
                "patch_reports",
                f"patches-{system.id}-{month:02d}",
                system=system.id,
                window=f"{first:%Y-%m}",
                completed_on=company.day(first.replace(day=6), first.replace(day=24), rng),
                tool="patch inventory",
                oldest_missing_patch_days=rng.randint(0, 24),
                support_until=date(2028, 4, 30),
            )


def add_alert(company: Company, id: str, kind: str, system: str, title: str, rng: Random) -> None:
    """An alert that was triaged in time."""
    raised = company.day(date(2026, 1, 5), date(2026, 12, 4), rng)
    company.add(
        "scanning_alerts",
        id,
        kind=kind,
        title=f"{title}, {id.rpartition('-')[2]}",
        system=system,
        raised_on=raised,
        triaged_on=raised + timedelta(days=rng.randint(0, 9)),
        triaged_by="p08" if kind == "configuration" else "p06",
        outcome=rng.choice(_OUTCOMES),
    )


def _penetration_tests(company: Company, exposed: Sequence[str], rng: Random) -> None:
    company.set("vendors", TESTER, service="penetration tests")
    company.set("services", "assistant", penetration_test_promised=True)
    for year, month in ((2025, 10), (2026, 9)):
        company.add(
            "penetration_tests",
            f"pentest-{year}",
            title=f"Penetration test {year}",
            systems=exposed,
            tester=TESTER,
            reported_on=company.day(date(year, month, 5), date(year, month, 24), rng),
            results="no critical finding; report in the evidence folder",
        )
    reported = date.fromisoformat(company.row("penetration_tests", "pentest-2026")["reported_on"])
    for i, system in enumerate(("app", "inference")):
        fixed = reported + timedelta(days=rng.randint(4, 20))
        company.add(
            "vulnerabilities",
            f"vul-pentest-{i + 1}",
            title=("Access check missing on one endpoint", "Tenant name in an error message")[i],
            system=system,
            severity="high",
            found_on=reported,
            closed_on=fixed,
            found_in_test="pentest-2026",
            retested_on=fixed + timedelta(days=rng.randint(2, 12)),
        )
