"""The controls of a company and the monitors of the automated ones."""

import csv
from collections.abc import Sequence
from datetime import date

from gapgraph import assets
from gapgraph.demo.company import Company, Row
from gapgraph.demo.landscape import System
from gapgraph.demo.privacy import in_categories
from gapgraph.demo.processing import has_processing

AI_REVIEW = ("inference", "training", "registry", "vectors", "annotation")
"""The systems whose access the second review control covers."""


def add_controls(company: Company, systems: Sequence[System]) -> None:
    """Fills controls, monitors and monitor_failures.

    Larger companies have some controls once for each group of systems; `C-UAR-2` and up are such reviews as well.
    """
    text = assets.path("data", "demo", "controls.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if not in_categories(company, row["type"]) or not has_processing(company, row["type"]):
            continue
        by_group = row["per_group"] == "yes" and company.size.groups > 1
        if row["id"] == "C-UAR-1":
            _control(company, row, row["id"], [s.id for s in systems if s.group == 1 and s.id not in AI_REVIEW])
        elif row["id"] == "C-UAR-2":
            _control(company, row, row["id"], AI_REVIEW)
        else:
            _control(company, row, row["id"], [s.id for s in systems if s.group == 1] if by_group else ())
        if by_group:
            for group in range(2, company.size.groups + 1):
                number = group + 1 if row["id"] == "C-UAR-1" else group
                mine = [s.id for s in systems if s.group == group]
                _control(company, row, f"{row['id'][:-1]}{number}", mine, f", group {group}")
    for control in list(company.rows("controls", automated="yes")):
        company.add("monitors", f"mon-{control['id']}", control=control["id"], alerts=control["owner"])
    for i in range(company.size.incidents):
        monitor = company.rng.choice(list(company.tables["monitors"]))
        failed = company.day(date(2026, 1, 12), date(2026, 12, 11))
        company.add("monitor_failures", f"fail-{i + 1:02d}", monitor=monitor, failed_on=failed, responded_on=failed)


def _control(company: Company, row: Row, id: str, applies_to: Sequence[str], suffix: str = "") -> None:
    company.add(
        "controls",
        id,
        title=row["title"] + suffix,
        type=row["type"],
        description=row["description"],
        owner=row["owner"],
        performer=row["performer"],
        deputy=row["deputy"],
        cadence=row["cadence"],
        applies_to=applies_to,
        criteria=row["criteria"],
        policy=row["policy"],
        automated=row["automated"] == "yes",
        implemented_on=company.day(date(2023, 3, 1), date(2025, 9, 30)),
    )
