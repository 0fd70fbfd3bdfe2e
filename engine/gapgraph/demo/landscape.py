"""Services, systems, what they hold, their roles and their settings."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from gapgraph import assets
from gapgraph.demo.company import END, QUARTERS, Company, listed, workday

AI_KINDS = ("training-pipeline", "inference-endpoint", "annotation-tool")
INFRASTRUCTURE = ("infrastructure", "database")


@dataclass(frozen=True, slots=True)
class System:
    """One system as the company sees it; `admins` says whether it has privileged accounts of people."""

    id: str
    name: str
    kind: str
    owner: str
    delegate: str
    critical: bool
    production: bool
    holds: tuple[str, ...]
    internet: bool
    sign_on: bool
    admins: bool
    everybody: bool
    departments: tuple[str, ...]
    group: int = 1
    service: str = "assistant"
    scope_from: date | None = None


@cache
def _table() -> tuple[System, ...]:
    """The systems that every company has, which the catalogue speaks of; those without id are models of more."""
    text = assets.path("data", "demo", "systems.csv").read_text(encoding="utf-8")
    return tuple(
        System(
            row["id"],
            row["name"],
            row["kind"],
            row["owner"],
            row["delegate"],
            critical=row["critical"] == "yes",
            production=row["production"] == "yes",
            holds=tuple(listed(row["holds"])),
            internet=row["internet"] == "yes",
            sign_on=row["sign_on"] == "yes",
            admins=row["admins"] == "yes",
            everybody=row["everybody"] == "yes",
            departments=tuple(listed(row["departments"])),
        )
        for row in csv.DictReader(text.splitlines())
    )


DATA_CLASSES = (
    ("customer-content", "Content of customers", True, True, 730),
    ("account-data", "Account data of customers", True, True, 1095),
    ("staff-data", "Data of staff", True, True, 2555),
    ("source-code", "Source code", True, False, 3650),
    ("training-data", "Training data", True, False, 1095),
    ("model-artefacts", "Model artefacts", True, False, 1460),
    ("support-tickets", "Support tickets", True, True, 730),
    ("usage-data", "Usage data without content", False, False, 540),
    ("billing-records", "Billing records", True, True, 3650),
)

_SERVICES = (
    ("assistant", "Assistant"),
    ("search", "Search"),
    ("insights", "Insights"),
    ("voice", "Voice"),
    ("vision", "Vision"),
    ("agents", "Agents"),
    ("translate", "Translate"),
    ("guard", "Guard"),
    ("tables", "Tables"),
)


def systems_of(company: Company) -> list[System]:
    """All systems of a company: the core and, by size, more of each kind in groups of eleven."""
    found = [system for system in _table() if system.id]
    models = [system for system in _table() if not system.id]
    services = [id for id, _ in _SERVICES[: company.size.services]]
    for i in range(company.size.systems - len(found)):
        block, place = divmod(i, len(models))
        model = models[place]
        first = next(n for n, other in enumerate(models) if other.kind == model.kind) == place
        found.append(
            replace(
                model,
                id=f"{model.kind}-{block + 1:02d}{'' if first else 'b'}",
                name=f"{model.name} {block + 1}",
                group=2 + block % (company.size.groups - 1),
                service=services[(block + 1) % len(services)],
            )
        )
    return found


def add_landscape(company: Company) -> list[System]:
    """Fills services, data classes, systems with roles and settings, and the change records; returns the systems."""
    for id, name in _SERVICES[: company.size.services]:
        company.add(
            "services",
            id,
            name=name,
            owner="p02",
            availability_target="99.9",
            availability_measured_by="synthetic probes each minute",
            availability_alert_at="99.95",
        )
    for id, name, confidential, personal, days in DATA_CLASSES:
        company.add("data_classes", id, name=name, confidential=confidential, personal=personal, retention_days=days)
    systems = systems_of(company)
    for system in systems:
        add_system(company, system)
    company.add(
        "role_conflicts",
        "author-approver",
        name="Write and approve the same change",
        role_a="code-author",
        role_b="code-approver",
    )
    company.add(
        "role_conflicts",
        "deploy-log",
        name="Deploy and switch off logging",
        role_a="cloud-deploy",
        role_b="cloud-log-admin",
    )
    for i, first in enumerate(QUARTERS):
        last = QUARTERS[i + 1] - timedelta(days=1) if i < 3 else END
        drawn = last if i == 3 else workday(last + timedelta(days=2))
        company.add(
            "change_records",
            f"changes-q{i + 1}",
            covers_from=first,
            covers_until=last,
            source="audit log of the cloud platform and the identity provider",
            query="all configuration events of systems in scope",
            extracted_on=drawn,
        )
    return systems


def is_confidential(system: System) -> bool:
    """Whether a system holds data that was designated confidential."""
    return bool({id for id, _, secret, _, _ in DATA_CLASSES if secret} & set(system.holds))


def add_system(company: Company, system: System) -> None:
    """Adds one system with its role catalogue and the captures of its settings."""
    confidential = {id for id, _, secret, _, _ in DATA_CLASSES if secret}
    company.add(
        "systems",
        system.id,
        name=system.name,
        kind=system.kind,
        owner=system.owner,
        review_delegate=system.delegate,
        service=system.service,
        critical=system.critical,
        production=system.production,
        stores_data=bool(system.holds),
        internet_facing=system.internet,
        single_sign_on=system.sign_on,
        ai_feature=system.kind == "inference-endpoint",
        sessions_logged=True,
        classification=("confidential" if confidential & set(system.holds) else "internal") if system.holds else None,
        data_classes=system.holds,
        recovery_point_hours=24 if system.critical and system.holds else None,
        capacity_threshold="75 % of provisioned capacity" if system.critical else None,
        capacity_alert="pages the engineer on call" if system.critical else None,
        content_retention_limit_days=30 if system.kind == "inference-endpoint" else None,
        high_risk_ai=False if system.kind == "inference-endpoint" else None,
        ai_scope_decision="in" if system.kind in AI_KINDS else None,
        ai_scope_reason="part of the service that customers buy" if system.kind in AI_KINDS else None,
        in_scope_from=system.scope_from,
        hosted_at="site-cloud",
        recovery_time_hours=4 if system.critical and system.holds else None,
    )
    for role, permissions, entitled, privileged in roles_of(system):
        company.add(
            "roles",
            f"{system.id}-{role}",
            system=system.id,
            name=role,
            permissions=permissions,
            entitled_job_roles=entitled,
            privileged=privileged,
        )
    for setting, value in settings_of(system).items():
        for i, day in enumerate(_capture_days(company, system)):
            add_capture(company, f"cap-{system.id}-{setting}-{i + 1}", system.id, setting, value, day)
    for setting, value in watched_of(system).items():
        for i, day in enumerate(_capture_days(company, system, company.chance(f"{setting} {system.id}"))):
            add_capture(company, f"cap-{system.id}-{setting}-{i + 1}", system.id, setting, value, day)


def roles_of(system: System) -> Sequence[tuple[str, str, str, bool]]:
    """The roles of a system: name, permissions, entitled positions, whether privileged."""
    if system.id == "code":
        return (
            ("author", "propose changes", "engineers", False),
            ("approver", "approve changes of others", "leads", False),
            ("admin", "manage repositories", "platform lead", True),
        )
    if system.id == "cloud":
        return (
            ("reader", "read settings and logs", "engineers, security", False),
            ("deploy", "deploy to production", "engineers", True),
            ("log-admin", "manage logging", "security", True),
            ("admin", "manage the platform", "platform lead", True),
        )
    user = ("user", "work with the system", ", ".join(system.departments) or "all staff", False)
    return (
        (user, ("admin", "manage the system and its users", "owner and delegate", True)) if system.admins else (user,)
    )


def settings_of(system: System) -> dict[str, str | int | float]:
    """The settings that requirements look at on a system, with good values."""
    found: dict[str, str | int | float] = {
        "mfa": "through-idp" if system.sign_on else "enforced",
        "central-logging": "on",
        "log-silence-hours": 2,
    }
    if not system.sign_on:
        found |= {"password-min-length": 14, "lockout": "on", "idle-timeout": "on"}
    if system.kind in INFRASTRUCTURE:
        found |= {"management-ports": "closed", "admin-path": "brokered"}
    if system.critical and system.holds:
        found |= {
            "backup": "covered",
            "backup-interval-hours": 12,
            "backup-encryption": "on",
            "backup-copy": "separate",
        }
    if system.holds:
        found |= {"oldest-record-days": 400}
        if system.holds != ("usage-data",):
            found["encryption-at-rest"] = "on"
    if system.internet:
        found |= {"tls-min-version": 1.2, "certificate": "valid", "plaintext-ports": "closed"}
    if system.kind == "inference-endpoint":
        found |= {
            "endpoint-authentication": "required",
            "tenant-authorisation": "enforced",
            "rate-limit": "on",
            "plaintext-ports": "closed",
            "request-logging": "on",
            "content-masking": "on",
            "content-access": "restricted",
            "content-retention-days": 30,
            "metadata-retention-days": 365,
        }
    return found


def watched_of(system: System) -> dict[str, str | int | float]:
    """The settings of logs and networks that requirements look at on a system, with good values."""
    found: dict[str, str | int | float] = {"log-retention-days": 400, "log-protection": "separate-account"}
    if system.kind == "infrastructure":
        found |= {"threat-detection": "on", "any-source-admin-rules": 0}
    return found


def _capture_days(company: Company, system: System, rng: Random | None = None) -> list[date]:
    months = (3, 6, 9, 12) if company.size.captures_a_year == 4 else (5, 11)
    days = [company.day(date(2026, month, 8), date(2026, month, 18), rng) for month in months]
    return [day for day in days if system.scope_from is None or day >= system.scope_from]


def add_capture(company: Company, id: str, system: str, setting: str, value: str | int | float, day: date) -> None:
    """Adds what a setting of a system was on a day."""
    number = value if isinstance(value, int | float) else None
    company.add(
        "captures",
        id,
        system=system,
        setting=setting,
        value=None if number is not None else value,
        number=number,
        captured_on=day,
        captured_by="configuration export",
        source="settings API of the system",
    )
