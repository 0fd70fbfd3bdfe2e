"""Sites with their badges, visitor logs and maintenance, and which site each system runs in."""

from datetime import date, timedelta

from gapgraph.demo.company import END, QUARTERS, Company, as_day, workday

_PROTECTION = ("fire", "power", "cooling", "water")


def add_sites(company: Company) -> None:
    """Fills the registers of sites; reviews of the cloud vendor's reports note what protects its site."""
    rng = company.chance("sites")
    company.add("facilities", "site-cloud", name="Region of the cloud platform", kind="data-centre", vendor="v-cloud")
    company.add("facilities", "site-office", name="Office", kind="office")
    own = ["site-office"]
    if company.size.scale != "small":
        company.add("facilities", "site-lab", name="Machine room for experiments", kind="server-room")
        own.append("site-lab")
        for kind in _PROTECTION:
            first = company.day(date(2025, 2, 3), date(2025, 11, 28), rng)
            for year, day in ((2025, first), (2026, workday(first + timedelta(days=340)))):
                company.add(
                    "maintenance_records",
                    f"care-{kind}-{year}",
                    facility="site-lab",
                    kind=kind,
                    completed_on=day,
                    result="in order",
                )
    for row in company.rows("report_reviews"):
        if "-v-cloud-" in row["id"]:
            row["environmental_controls_noted"] = "fire, power, cooling and water tested without exception"
    people = list(company.rows("people"))
    for person in people:
        company.add(
            "badges",
            f"badge-{person['id']}",
            name=f"badge {person['id']}",
            facilities=own if person["department"] == "engineering" else ["site-office"],
            holder=person["id"],
            issued_on=person["started_on"],
            deactivated_on=person.get("ended_on") or None,
        )
    for site in own:
        for i, first in enumerate(QUARTERS):
            month = date(2026, first.month + 1, 1)
            drawn = company.day(month.replace(day=2), month.replace(day=6), rng)
            company.add(
                "badge_reviews",
                f"badges-{site}-q{i + 1}",
                facility=site,
                window=f"2026-Q{i + 1}",
                list_drawn_on=drawn,
                badges_listed=_on(company, site, drawn),
                reviewer="p05",
                completed_on=workday(drawn + timedelta(days=rng.randint(2, 9))),
            )
            last = QUARTERS[i + 1] - timedelta(days=1) if i < 3 else END
            company.add(
                "visitor_logs",
                f"visitors-{site}-q{i + 1}",
                facility=site,
                covers_from=first,
                covers_until=last,
                captured_on=last,
                source="register of the reception desk",
            )


def _on(company: Company, site: str, day: date) -> int:
    """How many badges open a site on a day."""
    found = 0
    for badge in company.rows("badges"):
        off = as_day(badge["deactivated_on"]) if badge["deactivated_on"] else END + timedelta(days=1)
        found += site in badge["facilities"].split(";") and as_day(badge["issued_on"]) <= day < off
    return found
