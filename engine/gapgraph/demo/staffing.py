"""What is on record of people beside their training: checks, agreements, positions, evaluations, key roles."""

from datetime import date, timedelta

from gapgraph.demo.company import END, Company, Row, as_day

_COURSES = {
    "engineering": "Secure coding and operations",
    "ml": "Secure machine learning",
    "security": "Handling of incidents",
    "support": "Customer data in support",
}
_KEY_ROLES = (
    ("key-security", "Head of security", "p03", "p06"),
    ("key-platform", "Lead of the platform", "p06", "p02"),
    ("key-recovery", "Holder of recovery keys", "p02", "p06"),
)


def add_staffing(company: Company) -> None:
    """Fills background_checks, signed_agreements, job_descriptions, performance_evaluations, role_trainings."""
    company.set("people", "j002", kind="contractor")
    rng = company.chance("staffing")
    holders = {row["holder"] for row in company.rows("accounts") if row.get("holder")}
    for person in list(company.rows("people")):
        started = as_day(person["started_on"])
        odd = person["id"] != "p04" and rng.random() < 0.03
        company.add(
            "background_checks",
            f"check-{person['id']}",
            person=person["id"],
            completed_on=company.day(started - timedelta(days=35), started - timedelta(days=4), rng),
            result="findings" if odd else "clear",
            decided_by="p04" if odd else None,
        )
        company.add(
            "signed_agreements",
            f"terms-{person['id']}",
            person=person["id"],
            title="Contract with confidentiality terms",
            confidentiality_terms=True,
            signed_on=company.day(started - timedelta(days=20), started - timedelta(days=1), rng),
        )
        _evaluate(company, person)
        if person["id"] in holders:
            _train(company, person)
    roles = sorted({person["role"] for person in company.rows("people")})
    for i, role in enumerate(roles):
        day = company.day(date(2024, 2, 5), date(2025, 10, 31), rng)
        company.add("job_descriptions", f"job-{i + 1:02d}", role=role, approved_on=day)


def _evaluate(company: Company, person: Row) -> None:
    """A talk in the second half of 2025 and one within twelve months of it; who starts later has the first."""
    rng = company.chance(f"evaluation of {person['id']}")
    started = as_day(person["started_on"])
    ended = as_day(person["ended_on"]) if person.get("ended_on") else END
    days = [company.day(started + timedelta(days=300), started + timedelta(days=350), rng)]
    if started < date(2025, 7, 1):
        first = company.day(max(date(2025, 7, 1), started + timedelta(days=30)), date(2025, 11, 20), rng)
        days = [first, company.day(first + timedelta(days=330), first + timedelta(days=358), rng)]
    for day in days:
        if day <= ended:
            company.add(
                "performance_evaluations",
                f"talk-{person['id']}-{day.year}",
                person=person["id"],
                completed_on=day,
                evaluated_by=person["manager"] or "p11",
            )


def _train(company: Company, person: Row) -> None:
    """A course in 2025 and again within twelve months; who starts later has a year for the first."""
    rng = company.chance(f"role training of {person['id']}")
    started = as_day(person["started_on"])
    ended = as_day(person["ended_on"]) if person.get("ended_on") else END
    latest = max(date(2025, 11, 20), started + timedelta(days=60))
    first = company.day(max(date(2025, 2, 10), started + timedelta(days=5)), latest, rng)
    again = company.day(max(date(2026, 1, 5), first + timedelta(days=330)), first + timedelta(days=358), rng)
    for i, day in enumerate((first, again), start=1):
        if day <= ended:
            company.add(
                "role_trainings",
                f"course-{person['id']}-{i}",
                person=person["id"],
                course=_COURSES.get(person["department"], "Work with privileged access"),
                completed_on=day,
            )


def add_key_roles(company: Company) -> None:
    """Fills key_roles: positions that everybody would name, and systems with fewer than two administrators."""
    for id, title, holder, deputy in _KEY_ROLES:
        company.add("key_roles", id, title=title, holder=holder, deputy=deputy)
    for system in company.rows("systems", critical="yes"):
        privileged = company.rows("accounts", system=system["id"], privileged="yes", disabled_on="")
        if len({account["holder"] for account in privileged if account.get("holder")}) < 2:
            company.add(
                "key_roles",
                f"key-{system['id']}",
                title=f"Administrator of the {system['name'].lower()}",
                holder=system["owner"],
                deputy=system["review_delegate"],
                systems=[system["id"]],
            )
