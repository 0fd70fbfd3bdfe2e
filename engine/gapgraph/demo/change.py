"""Changes of the year with their deployments, changes by hand, environments, rights to deploy, release branches."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from types import MappingProxyType

from gapgraph.demo.company import Company, workday
from gapgraph.demo.landscape import INFRASTRUCTURE, System, add_capture

COUNTS: Mapping[str, tuple[int, int, int]] = MappingProxyType(
    {"small": (84, 12, 4), "mid": (260, 14, 14), "large": (900, 30, 40)}
)
"""By size: planned changes, emergency changes, changes by hand."""

_TITLES = (
    "Show usage by team",
    "Retry failed exports",
    "Cache answers for an hour",
    "Raise the limit of attachments",
    "Drop an unused index",
    "New wording of error messages",
    "Update the base image",
    "Paginate the list of documents",
    "Rotate the signing key each quarter",
    "Measure latency of each model",
)
_SIGNIFICANT = (
    "Keys of each tenant in a store of their own",
    "Sign-in through the identity provider of the customer",
    "Documents shared between teams",
)
_URGENT = ("Sign-in failed for one region", "Queue of jobs stood still", "Search returned nothing", "Disk nearly full")
_BY_HAND = ("Resize a volume", "Open a port for the partner line", "Replace a broken node", "Raise a quota")
BRANCH: Mapping[str, str | int] = MappingProxyType(
    {"required-reviews": 1, "status-checks": "required", "rules-for-administrators": "enforced"}
)
"""The settings of a release branch, with good values."""


def add_change(company: Company, systems: Sequence[System]) -> None:
    """Fills changes, deployments, console_changes, environments and deploy_permissions; captures release branches."""
    rng = company.chance("change")
    for system in systems:
        company.set("systems", system.id, deployed_by_us=system.kind != "identity-provider")
    deployed = [s for s in systems if s.production and s.kind != "identity-provider"]
    planned, urgent, by_hand = COUNTS[company.size.scale]
    for i in range(planned):
        _planned(company, f"chg-{i + 1:04d}", deployed[i % len(deployed)].id, i, rng)
    company.add("changes", "chg-idp", **_bought(company, rng))
    for i in range(urgent):
        _urgent(company, f"chg-e{i + 1:03d}", deployed[i % len(deployed)].id, i, rng)
    machines = [s for s in deployed if s.kind in INFRASTRUCTURE]
    for i in range(by_hand):
        _by_hand(company, i, machines[i % len(machines)].id, rng)
    _environments(company, [s.id for s in deployed], rng)
    for system in deployed:
        add_deploy_permission(company, f"deploy-{system.id}", system.id, rng)
    for system in systems:
        if system.kind == "code-repository":
            for setting, value in BRANCH.items():
                capture_through_the_year(company, system.id, setting, value, rng)


def capture_through_the_year(company: Company, system: str, setting: str, value: str | int, rng: Random) -> None:
    """Captures of a setting that stays as it is."""
    for i, month in enumerate((3, 6, 9, 12)):
        day = company.day(date(2026, month, 7), date(2026, month, 18), rng)
        add_capture(company, f"cap-{system}-{setting}-{i + 1}", system, setting, value, day)


def add_change_row(company: Company, id: str, system: str, released: date, *, title: str = "Rename a field") -> None:
    """A planned change in order: reviewed, tested and approved in the morning, deployed after noon."""
    company.add(
        "changes",
        id,
        title=title,
        system=system,
        kind="normal",
        author="p08",
        reviewers=["p06"],
        approver="p06",
        approved_on=released,
        approved_at="11:20",
        request=f"ticket {id.removeprefix('chg-')}",
        tests_passed_on=released,
        tests_passed_at="10:45",
        test_run=f"pipeline run of {released.isoformat()}",
        deployed_on=released,
        deployed_at="13:05",
        significant=False,
    )


def add_deployment(company: Company, id: str, system: str, day: date, changes: Sequence[str], at: str) -> None:
    """A deployment as the pipeline lists it."""
    company.add("deployments", id, system=system, deployed_on=day, deployed_at=at, changes=changes)


def add_deploy_permission(company: Company, id: str, system: str, rng: Random) -> None:
    """The right of the pipeline's own identity to deploy to a system."""
    approved = company.day(date(2025, 1, 8), date(2025, 8, 20), rng)
    company.add(
        "deploy_permissions",
        id,
        system=system,
        account="code-svc",
        can_bypass_review=False,
        reason="the pipeline deploys what was merged",
        approved_by="p02",
        approved_on=approved,
        granted_on=approved + timedelta(days=rng.randint(0, 3)),
    )


def _planned(company: Company, id: str, system: str, number: int, rng: Random) -> None:
    released = company.day(date(2026, 1, 7), date(2026, 12, 17), rng)
    author, other = (("p08", "p06"), ("p09", "p07"), ("p06", "p02"), ("p08", "p02"))[number % 4]
    add_change_row(company, id, system, released, title=f"{_TITLES[number % len(_TITLES)]}, part {number // 10 + 1}")
    company.set("changes", id, author=author, reviewers=[other], approver=other)
    if number % 3 == 0:
        earlier = released - timedelta(days=rng.randint(1, 4))
        company.set("changes", id, approved_on=earlier, approved_at=None, tests_passed_on=earlier, tests_passed_at=None)
    if number % 9 == 4:
        company.set(
            "changes",
            id,
            title=f"{_SIGNIFICANT[number % len(_SIGNIFICANT)]}, part {number // 9 + 1}",
            significant=True,
            design_reviewed_by="p03",
            design_reviewed_on=released - timedelta(days=rng.randint(9, 30)),
        )
    add_deployment(company, f"dep-{id.removeprefix('chg-')}", system, released, [id], "13:05")
    if number % 7 == 0:
        add_deployment(company, f"dep-{id.removeprefix('chg-')}b", system, released + timedelta(days=4), [id], "09:30")


def _bought(company: Company, rng: Random) -> Mapping[str, str | Sequence[str] | date | bool]:
    day = company.day(date(2026, 2, 3), date(2026, 10, 20), rng)
    return {
        "title": "Shorter sessions at the identity provider",
        "system": "idp",
        "kind": "normal",
        "author": "p06",
        "reviewers": ["p03"],
        "approver": "p03",
        "approved_on": day - timedelta(days=2),
        "request": "ticket idp",
        "tests_passed_on": day - timedelta(days=1),
        "test_run": "checked with two accounts, noted in the ticket",
        "deployed_on": day,
        "deployed_at": "08:15",
        "significant": False,
    }


def _urgent(company: Company, id: str, system: str, number: int, rng: Random) -> None:
    released = company.day(date(2026, 1, 12), date(2026, 12, 10), rng)
    company.add(
        "changes",
        id,
        title=f"{_URGENT[number % len(_URGENT)]}, {number + 1}",
        system=system,
        kind="emergency",
        author="p08",
        reviewers=["p06"],
        approver="p06",
        approved_on=workday(released + timedelta(days=1)),
        request=f"incident call {number + 1}",
        reason="customers were affected and could not wait",
        deployed_on=released,
        deployed_at="21:40",
    )
    add_deployment(company, f"dep-{id.removeprefix('chg-')}", system, released, [id], "21:40")


def _by_hand(company: Company, number: int, system: str, rng: Random) -> None:
    id = f"chg-h{number + 1:03d}"
    done = company.day(date(2026, 1, 14), date(2026, 12, 14), rng)
    add_change_row(company, id, system, done, title=f"{_BY_HAND[number % len(_BY_HAND)]}, {number + 1}")
    company.add(
        "console_changes",
        f"hand-{number + 1:03d}",
        action=_BY_HAND[number % len(_BY_HAND)],
        system=system,
        made_by="p08",
        made_on=done,
        made_at="13:05",
        changes=[id],
    )


def _environments(company: Company, systems: Sequence[str], rng: Random) -> None:
    company.add(
        "environments", "env-production", name="Production", systems=systems, stage="production", account="prod"
    )
    company.add(
        "environments",
        "env-development",
        name="Development",
        systems=systems,
        stage="development",
        account="dev",
        data="synthetic",
    )
    loaded = company.day(date(2026, 2, 9), date(2026, 9, 30), rng)
    company.add(
        "environments",
        "env-test",
        name="Test",
        systems=systems,
        stage="test",
        account="test",
        data="masked",
        data_loaded_on=loaded,
        data_approved_by="p03",
        data_approved_on=loaded - timedelta(days=rng.randint(0, 6)),
    )
