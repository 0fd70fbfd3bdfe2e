"""What makes evidence reliable: where it came from, hashes, second sources, tests, reports, claims."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

from gapgraph.demo.company import END, START, Company, Row, as_day

LISTED = ("log", "population", "nil")
"""Kinds of evidence whose rows can be counted."""
_QUERIES = {
    "config": "settings page of the control, all values",
    "screenshot": "workflow of the control, as it is set up",
    "log": "event = control run, one day",
    "population": "all items of the year",
    "report": "report of the year",
}
_TESTS = (("C-PRV-1", 64, 30), ("C-VRM-1", 140, 40), ("C-RBA-1", 25, 25))
LISTS = {"leavers": ("ended_on", "users deactivated"), "joiners": ("started_on", "users created")}
"""By population: the column of people that dates it, and what the identity provider calls it."""


def add_reliability(company: Company) -> None:
    """Fills own_reports, claims, control_tests, second_lists; takes the set-up of controls again in December."""
    rng = company.chance("evidence")
    for row in list(company.rows("controls")):
        automated = row["automated"] == "yes"
        company.add(
            "evidence",
            f"ev-{row['id']}-now",
            title=f"Set-up at the end of the year of: {row['title']}",
            kind="config" if automated else "screenshot",
            control=row["id"],
            captured_on=company.day(date(2026, 12, 7), date(2026, 12, 30), rng),
            captured_by="p06" if automated else row["performer"],
            source="settings export" if automated else "workflow in the ticket system",
        )
        if row["cadence"] in ("weekly", "daily"):
            _whole_year(company, row["id"], row["title"])
    company.add(
        "own_reports",
        "report-2025",
        type="type2",
        covers_from=date(2025, 1, 1),
        covers_until=date(2025, 12, 31),
        issued_on=company.day(date(2026, 2, 2), date(2026, 3, 13), rng),
        auditor="Harrow & Pike, an invented firm",
    )
    _claims(company)
    for control, population, sample in _TESTS:
        company.add(
            "control_tests",
            f"test-{control}",
            control=control,
            tester="p12",
            tested_on=company.day(date(2026, 9, 7), date(2026, 10, 30), rng),
            population_size=population,
            sample_size=sample,
            deviations=0,
            drawn_by="random numbers",
        )
    for name, (_, what) in LISTS.items():
        company.add(
            "second_lists",
            f"idp-{name}",
            population=name,
            source="identity provider",
            query=f"{what} from 2026-01-01 to 2026-12-31",
            covers_from=START,
            covers_until=END,
            extracted_on=END,
            extracted_by="p06",
        )


def _whole_year(company: Company, control: str, title: str) -> None:
    """A log over the year for a control that runs too often for single records."""
    company.add(
        "evidence",
        f"ev-{control}-log",
        title=f"Runs of the year: {title}",
        kind="log",
        control=control,
        covers_from=START,
        covers_until=END,
        captured_on=END,
        captured_by="p06",
        source="log store",
        query="all runs from 2026-01-01 to 2026-12-31",
        row_count=52,
    )


_CLAIMS = (
    ("claim-reports", "Our reports cover whole years", "published", "trust page", ("EVD-12", "EVD-13")),
    ("claim-evidence", "Files of evidence are kept unaltered", "policy", "security policy", ("EVD-05",)),
)


def _claims(company: Company) -> None:
    for id, text, kind, where, requirements in _CLAIMS:
        company.add(
            "claims",
            id,
            text=text,
            kind=kind,
            published_on=date(2025, 3, 3),
            location=where,
            owner="p03",
            requirements=requirements,
        )


def settle(company: Company) -> None:
    """Adds what follows from rows that are there: the data about each piece of evidence, the rows of second lists.

    What a row says already, be it nothing, stays as it is.
    """
    for row in company.rows("evidence"):
        _describe(row)
    for name, (column, _) in LISTS.items():
        if f"idp-{name}" not in company.tables.get("second_lists", {}):
            continue
        known = {entry["key"] for entry in company.rows("second_list_entries", list=f"idp-{name}")}
        for person in company.rows("people"):
            person.setdefault("email", f"{person['id']}@{company.base.split('/')[2]}")
            day = person.get(column)
            if day and START <= as_day(day) <= END and person["email"] not in known:
                company.add(
                    "second_list_entries",
                    f"idp-{name}-{person['id']}",
                    list=f"idp-{name}",
                    key=person["email"],
                    happened_on=min(as_day(day) + timedelta(days=name == "leavers"), END),
                )
        count = len(list(company.rows("second_list_entries", list=f"idp-{name}")))
        company.set("second_lists", f"idp-{name}", row_count=count)


def _describe(row: Row) -> None:
    kind = row["kind"]
    if kind in _QUERIES:
        row.setdefault("query", _QUERIES[kind])
    if kind in LISTED:
        row.setdefault("row_count", "1")
        row.setdefault("source_count", row["row_count"])


def hash_files(company: Company, files: Mapping[str, str]) -> None:
    """Records the hash of each file of evidence, on the day on which it was taken."""
    for row in company.rows("evidence"):
        text = files.get(row.get("file", ""))
        if text is not None:
            row.setdefault("sha256", hashlib.sha256(text.encode("utf-8")).hexdigest())
            row.setdefault("hashed_on", row["captured_on"])
