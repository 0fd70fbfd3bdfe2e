"""Accounts, grants, access reviews with their decisions, secrets, third-party applications."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from gapgraph.demo.company import END, QUARTERS, START, Company, Row, as_day, workday
from gapgraph.demo.landscape import System
from gapgraph.demo.people import CORE

_ALWAYS = frozenset({*(id for id, *_ in CORE), "j001", "l001", "l002"})


def add_access(company: Company, systems: Sequence[System]) -> None:
    """Fills accounts, access_grants, access_reviews, review_decisions, secrets and third_party_apps."""
    people = list(company.rows("people"))
    for system in systems:
        add_accounts(company, system, people)
    revoked = _to_revoke(company, systems)
    for system in systems:
        review_system(company, system, revoked=revoked)
    _secrets(company, systems)
    _apps(company, systems)


def add_accounts(company: Company, system: System, people: Sequence[Row]) -> None:
    """Accounts of a system: owner and delegate, those who work with it, and a service account."""
    first = company.day(date(2023, 2, 1), date(2024, 12, 20)) if system.scope_from is None else system.scope_from
    holders = _holders(company, system, people)
    for person in holders:
        started = as_day(person["started_on"])
        created = max(started, first)
        if system.scope_from is None and started < START:
            created = company.day(created, max(created, min(created + timedelta(days=200), date(2025, 12, 19))))
        elif started >= START:
            created = company.day(created, created + timedelta(days=5))
        _account(company, system, person, created)
    company.add(
        "accounts",
        f"{system.id}-svc",
        system=system.id,
        name=f"svc-{system.id}",
        kind="service",
        owner=system.owner,
        roles=[f"{system.id}-{_service_role(system)}"],
        privileged=False,
        justification="runs scheduled jobs",
        mfa=False,
        rotated_credentials=True,
        created_on=first,
    )
    if system.id == "cloud":
        company.add(
            "accounts",
            "cloud-breakglass",
            system="cloud",
            name="break-glass",
            kind="break-glass",
            owner="p03",
            roles=["cloud-admin"],
            privileged=True,
            justification="access when sign-on fails; sealed credentials",
            mfa=False,
            use_alerted=True,
            created_on=first,
        )
    for row in list(company.rows("accounts", system=system.id)):
        if as_day(row["created_on"]) >= START:
            _grant(company, system, row)


def _service_role(system: System) -> str:
    return {"code": "author", "cloud": "reader"}.get(system.id, "user")


def _holders(company: Company, system: System, people: Sequence[Row]) -> list[Row]:
    """Owner, delegate and others of the departments; people of the catalogue are in the first group only."""
    named = [p for p in people if p["id"] in (system.owner, system.delegate)]
    others = [p for p in people if p not in named and (system.everybody or p["department"] in system.departments)]
    if system.everybody:
        return named + others
    always = [p for p in others if p["id"] in _ALWAYS]
    rest = [p for p in others if p["id"] not in _ALWAYS]
    wanted = max(0, company.size.accounts_per_system - len(always))
    chosen = company.rng.sample(rest, min(len(rest), wanted))
    return named + sorted((always if system.group == 1 else []) + chosen, key=lambda p: p["id"])


def _account(company: Company, system: System, person: Row, created: date) -> None:
    role = role_of(system, person["id"])
    left = as_day(person["ended_on"]) if person.get("ended_on") else None
    company.add(
        "accounts",
        f"{system.id}-{person['id']}",
        system=system.id,
        name=person["email"].split("@")[0],
        kind="human",
        holder=person["id"],
        roles=[f"{system.id}-{role}"],
        privileged=_privileged(system, role),
        justification=_reason(system, role),
        mfa=True,
        created_on=created,
        disabled_on=None if left is None else workday(left + timedelta(days=company.rng.randint(0, 1))),
    )


def role_of(system: System, person: str) -> str:
    """The role of a person on a system; nobody gets roles in conflict."""
    chief = person in (system.owner, system.delegate)
    if system.id == "code":
        return "admin" if person == "p02" else "approver" if person in ("p06", "p07") else "author"
    if system.id == "cloud":
        return "admin" if chief else "log-admin" if person == "p03" else "deploy" if person == "p08" else "reader"
    return "admin" if chief and system.admins else "user"


def _privileged(system: System, role: str) -> bool:
    return role in ("admin", "log-admin") or (system.id == "cloud" and role == "deploy")


def _reason(system: System, role: str) -> str | None:
    return f"{role} of the {system.name.lower()}; listed in the role catalogue" if _privileged(system, role) else None


def _grant(company: Company, system: System, account: Row) -> None:
    granted = as_day(account["created_on"])
    holder = account.get("holder", "")
    manager = company.row("people", holder)["manager"] if holder else system.delegate
    approver = next(p for p in (system.owner, system.delegate, "p01", "p03") if p not in (manager, holder))
    company.add(
        "access_grants",
        f"g-{account['id']}",
        account=account["id"],
        role=account["roles"],
        approved_role=account["roles"],
        requested_by=manager,
        approved_by=approver,
        approved_on=granted - timedelta(days=company.rng.randint(0, 3)),
        granted_on=granted,
    )


def _to_revoke(company: Company, systems: Sequence[System]) -> dict[str, int]:
    """Accounts that a review will revoke and the quarter: ordinary ones of people who stay and do not need them."""
    found: dict[str, int] = {}
    for i, system in enumerate(systems):
        if system.everybody or (i % 3 != 2 and len(systems) <= 12):
            continue
        ordinary = [
            row["id"]
            for row in company.rows("accounts", system=system.id, kind="human", privileged="no", disabled_on="")
            if row["holder"] not in (system.owner, system.delegate, "p08", "p09", "p12")
            and as_day(row["created_on"]) < START
        ]
        if ordinary:
            found[company.rng.choice(ordinary)] = 1 + i % 4
    return found


def review_day(quarter: int) -> tuple[date, date]:
    """The first and last day on which the population of a quarter's review is drawn."""
    first = QUARTERS[quarter - 1]
    return date(first.year, first.month + 1, 2), date(first.year, first.month + 1, 6)


def review_system(
    company: Company,
    system: System,
    quarters: Sequence[int] = (1, 2, 3, 4),
    revoked: Mapping[str, int] = MappingProxyType({}),
) -> None:
    """The reviews of a system, each with a decision on every account that was enabled when it was drawn."""
    accounts = list(company.rows("accounts", system=system.id))
    for quarter in quarters:
        drawn = company.day(*review_day(quarter))
        listed = [row for row in accounts if as_day(row["created_on"]) <= drawn and not _gone(row, drawn)]
        review = f"uar-{system.id}-q{quarter}"
        decided = {row["id"]: workday(drawn + timedelta(days=company.rng.randint(1, 8))) for row in listed}
        last = max(decided.values(), default=drawn)
        company.add(
            "access_reviews",
            review,
            system=system.id,
            scope="all",
            window=f"2026-Q{quarter}",
            population_on=drawn,
            population_source=f"user export of {system.name}",
            population_query="all enabled users, service accounts included",
            population_count=len(listed),
            reviewer=system.owner,
            completed_on=last,
            approver="p02" if system.owner == "p03" else "p03",
            approved_on=workday(last + timedelta(days=company.rng.randint(0, 2))),
        )
        for row in listed:
            revoke = revoked.get(row["id"]) == quarter
            removed = decided[row["id"]] + timedelta(days=company.rng.randint(0, 5)) if revoke else None
            company.add(
                "review_decisions",
                f"{review}-{row['id']}",
                review=review,
                account=row["id"],
                reviewer=system.delegate if row.get("holder") == system.owner else system.owner,
                decision="revoke" if revoke else "keep",
                decided_on=decided[row["id"]],
                removed_on=removed,
            )
            if removed:
                row["disabled_on"] = removed.isoformat()


def _gone(row: Row, drawn: date) -> bool:
    disabled = row.get("disabled_on", "")
    return bool(disabled) and as_day(disabled) <= drawn


def _secrets(company: Company, systems: Sequence[System]) -> None:
    kinds = ("signing key", "database password", "API key", "webhook secret", "encryption key", "deploy key")
    for i in range(company.size.secrets):
        system = systems[(i * 5 + 3) % len(systems)]
        made = company.day(date(2024, 2, 1), date(2025, 9, 30))
        company.add(
            "secrets",
            f"secret-{i + 1:03d}",
            name=f"{kinds[i % len(kinds)]} of the {system.name.lower()}",
            system=system.id,
            owner=system.owner,
            created_on=made,
            rotated_on=company.day(date(2026, 1, 12), date(2026, 11, 27)),
        )


def _apps(company: Company, systems: Sequence[System]) -> None:
    names = (
        "Calendar sync",
        "Chat notifier",
        "Code review helper",
        "Spreadsheet connector",
        "Status page",
        "Survey collector",
    )
    for i in range(max(4, len(systems) // 3)):
        system = systems[(0, 1, 10, 11)[i % 4]]
        company.add(
            "third_party_apps",
            f"app-{i + 1:02d}",
            name=f"{names[i % len(names)]} {i + 1}",
            system=system.id,
            owner=system.owner,
            scopes="read",
            approved_by="p03",
            created_on=company.day(date(2024, 3, 1), date(2025, 11, 28)),
        )
    for quarter, first in enumerate(QUARTERS, start=1):
        done = company.day(date(2026, first.month + 2, 3), date(2026, first.month + 2, 20))
        company.add(
            "activities",
            f"apps-q{quarter}",
            kind="app-grant-review",
            title=f"Review of third-party applications, quarter {quarter}",
            window=f"2026-Q{quarter}",
            completed_on=min(done, END),
            performed_by="p03",
            results="all confirmed; unused consents withdrawn",
            approver="p02",
        )
