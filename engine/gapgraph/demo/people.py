"""People, their trainings and changes of role."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, as_day, workday
from gapgraph.demo.names import Names

CORE = (
    ("p01", "Chief executive", "leadership", ""),
    ("p02", "Chief technology officer", "engineering", "p01"),
    ("p03", "Head of security", "security", "p01"),
    ("p04", "Head of people", "people", "p01"),
    ("p05", "Head of finance", "finance", "p01"),
    ("p06", "Platform lead", "engineering", "p02"),
    ("p07", "Machine learning lead", "ml", "p02"),
    ("p08", "Backend engineer", "engineering", "p06"),
    ("p09", "Machine learning engineer", "ml", "p07"),
    ("p10", "Customer success lead", "support", "p01"),
    ("p11", "Counsel", "legal", "p01"),
    ("p12", "Compliance analyst", "security", "p03"),
)
"""Those who own and perform things; they stay. `p12` performs the controls whose performer a defect lets leave."""

_STAFF = (
    ("Software engineer", "engineering", "p06"),
    ("Machine learning engineer", "ml", "p07"),
    ("Support specialist", "support", "p10"),
    ("Software engineer", "engineering", "p06"),
    ("Data engineer", "ml", "p07"),
    ("Account executive", "support", "p10"),
    ("Site reliability engineer", "engineering", "p06"),
    ("Product designer", "engineering", "p02"),
    ("Finance analyst", "finance", "p05"),
    ("Recruiter", "people", "p04"),
    ("Security engineer", "security", "p03"),
)
_LEAVING_MONTHS = (4, 12, 7, 10, 3, 6, 9)
"""Months in which people leave: never the weeks in which access reviews are under way."""


def add_people(company: Company, names: Names) -> None:
    """Fills people, trainings and role_changes: those who stay, joiners (`j…`) and leavers (`l…`)."""
    size = company.size
    for id, role, department, manager in CORE:
        _person(company, names, id, role, department, manager, company.day(date(2021, 2, 1), date(2024, 11, 30)))
    for i in range(size.people - size.joiners - len(CORE)):
        role, department, manager = _STAFF[i % len(_STAFF)]
        _person(
            company,
            names,
            f"e{i + 1:03d}",
            role,
            department,
            manager,
            company.day(date(2022, 1, 3), date(2025, 10, 31)),
        )
    for i in range(size.joiners):
        role, department, manager = _STAFF[i % len(_STAFF)]
        _person(
            company,
            names,
            f"j{i + 1:03d}",
            role,
            department,
            manager,
            company.day(date(2026, 1, 12), date(2026, 11, 20)),
        )
    for i in range(size.leavers):
        role, department, manager = _STAFF[i % len(_STAFF)]
        month = _LEAVING_MONTHS[i % len(_LEAVING_MONTHS)]
        left = company.day(date(2026, month, 2), date(2026, month, 11 if month == 12 else 24))
        id = _person(
            company,
            names,
            f"l{i + 1:03d}",
            role,
            department,
            manager,
            company.day(date(2022, 1, 3), date(2025, 6, 30)),
        )
        company.set(
            "people",
            id,
            ended_on=left,
            devices_settled_on=workday(left + timedelta(days=company.rng.randint(0, 1))),
        )
    for person in company.rows("people"):
        _train(company, person["id"])
    for i in range(size.movers):
        mover = "p11" if not i else f"e{3 * i:03d}"
        changed = company.day(date(2026, 2, 2), date(2026, 10, 30))
        company.add(
            "role_changes",
            f"mv{i + 1:03d}",
            person=mover,
            changed_on=changed,
            access_reviewed_on=workday(changed + timedelta(days=company.rng.randint(3, 24))),
            old_roles_removed=True,
        )


def _person(company: Company, names: Names, id: str, role: str, department: str, manager: str, started: date) -> str:
    given, family = next(names.people)
    domain = company.base.split("/")[2]
    contractor = id[0] in "ej" and company.rng.random() < 0.1
    return company.add(
        "people",
        id,
        name=f"{given} {family}",
        email=f"{given}.{family}@{domain}".lower(),
        kind="contractor" if contractor else "employee",
        role=role,
        department=department,
        manager=manager,
        started_on=started,
        has_devices=True,
    )


def _train(company: Company, id: str) -> None:
    """A training soon after the first day, and one each year: always within twelve months of the one before."""
    person = company.row("people", id)
    started = as_day(person["started_on"])
    ended = as_day(person["ended_on"]) if person.get("ended_on") else date(2027, 1, 1)
    if started >= date(2025, 2, 1):
        _completion(
            company,
            id,
            "Security awareness, onboarding",
            company.day(started + timedelta(days=2), started + timedelta(days=21)),
        )
    else:
        _completion(company, id, "Security awareness", company.day(date(2025, 2, 10), date(2025, 11, 20)))
    first = as_day(next(company.rows("trainings", person=id))["completed_on"])
    if first < date(2026, 1, 1):
        again = company.day(max(date(2026, 1, 5), first + timedelta(days=330)), first + timedelta(days=358))
        if again <= ended:
            _completion(company, id, "Security awareness", again)


def _completion(company: Company, person: str, course: str, day: date) -> None:
    company.add("trainings", f"t-{person}-{day.year}", person=person, course=course, completed_on=day)
