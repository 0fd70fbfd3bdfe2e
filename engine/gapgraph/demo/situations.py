"""Situations that every auditor has met, each as a workspace of a few rows with the outcome that an auditor gives.

They are the shortest way to see how outcomes of operation come about, and the tests hold the assessment to them
(`docs/situations.md`). People and systems are invented.
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gapgraph.demo import situation_tables as tables
from gapgraph.demo.company import Cell, cell
from gapgraph.demo.situation_tables import ENGAGEMENT, QUARTER, YEAR, Tables
from gapgraph.errors import InputError, UsageError
from gapgraph.model import OperationOutcome, Outcome
from gapgraph.workspace import CONFIG


@dataclass(frozen=True, slots=True)
class Situation:
    """A workspace in a few rows: the requirement it is about, the control that answers it, and the outcomes.

    `operation` is what an auditor says of the control on this requirement, `outcome` what follows for the requirement;
    `says` are words that a reason must hold, '' for none.
    """

    name: str
    title: str
    requirement: str
    control: str
    operation: OperationOutcome
    outcome: Outcome
    rows: Callable[[], Tables]
    period: tuple[date, date] = YEAR
    says: str = ""


SITUATIONS: Mapping[str, Situation] = {
    one.name: one
    for one in (
        Situation(
            "scattered-deviations",
            "3 scattered deviations of 214 changes, each with a cause of its own",
            "CHG-01",
            "change-approval",
            OperationOutcome.EFFECTIVE_WITH_EXCEPTION,
            Outcome.MET_WITH_EXCEPTIONS,
            tables.scattered,
            says="3 of 214",
        ),
        Situation(
            "many-deviations",
            "40 of 214 changes approved after they went live",
            "CHG-01",
            "change-approval",
            OperationOutcome.NOT_EFFECTIVE,
            Outcome.NOT_MET,
            tables.many,
            says="40 of 214",
        ),
        Situation(
            "gathered-deviations",
            "9 of 214 changes, all by one approver in one week",
            "CHG-01",
            "change-approval",
            OperationOutcome.NOT_EFFECTIVE,
            Outcome.NOT_MET,
            tables.gathered,
            says="9 deviations of one performer",
        ),
        Situation(
            "late-review",
            "A quarterly review that was completed after its quarter",
            "ACC-01",
            "access-review",
            OperationOutcome.EFFECTIVE_WITH_EXCEPTION,
            Outcome.MET_WITH_EXCEPTIONS,
            tables.late_review,
            says="1 of 4 late",
        ),
        Situation(
            "missing-quarter",
            "A quarter without a review",
            "ACC-01",
            "access-review",
            OperationOutcome.NOT_EFFECTIVE,
            Outcome.NOT_MET,
            tables.missing_quarter,
            says="1 of 4 failed",
        ),
        Situation(
            "compensated-quarter",
            "A quarter without a review, for which another control made good",
            "ACC-01",
            "access-review",
            OperationOutcome.NOT_EFFECTIVE,
            Outcome.MET_WITH_EXCEPTIONS,
            tables.compensated_quarter,
        ),
        Situation(
            "nil-shown",
            "No emergency change in the year, shown by a query without rows",
            "CHG-03",
            "emergency",
            OperationOutcome.NOT_OCCURRING,
            Outcome.NOT_OCCURRING,
            lambda: tables.no_emergency(shown=True),
        ),
        Situation(
            "nil-not-shown",
            "No emergency change on record, and nothing that shows that there was none",
            "CHG-03",
            "emergency",
            OperationOutcome.NO_CONCLUSION,
            Outcome.NO_CONCLUSION,
            lambda: tables.no_emergency(shown=False),
        ),
        Situation(
            "rosters-differ",
            "Staff list and identity provider know different leavers",
            "ACC-09",
            "leavers",
            OperationOutcome.NO_CONCLUSION,
            Outcome.NO_CONCLUSION,
            tables.rosters,
        ),
        Situation(
            "annual-missed",
            "An annual exercise, last held seven months before the period, due inside it and missed",
            "INC-01",
            "exercise",
            OperationOutcome.NOT_EFFECTIVE,
            Outcome.NOT_MET,
            tables.exercise,
        ),
        Situation(
            "annual-not-yet-due",
            "The same exercise where it falls due after a period of three months",
            "INC-01",
            "exercise",
            OperationOutcome.NOT_OCCURRING,
            Outcome.NOT_OCCURRING,
            tables.exercise,
            period=QUARTER,
            says="2025-06-03",
        ),
    )
}


def write_situation(folder: Path, name: str) -> Situation:
    """Writes the workspace of a situation into an empty or new folder.

    Raises UsageError for a name that is not there, InputError for a folder that holds something.
    """
    if name not in SITUATIONS:
        raise UsageError(f"there is no situation '{name}'; there are {', '.join(SITUATIONS)}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError("the folder is not empty", folder.name, remedy="Choose another folder.")
    one = SITUATIONS[name]
    (folder / "registers").mkdir(parents=True)
    (folder / CONFIG).write_text(_config(one), encoding="utf-8")
    for register, rows in one.rows().items():
        if rows:
            (folder / "registers" / f"{register}.csv").write_text(_csv(rows), encoding="utf-8")
    return one


def _config(one: Situation) -> str:
    start, end = one.period
    return f"""# {one.title}.
organisation = "Corner Shop Software"
base = "https://shop.example/"
zone = "UTC"
profile = "soc2-type2"

[engagements.{ENGAGEMENT}]
label = "SOC 2 Type II"
framework = "tsc-2017"
type = "type2"
as_of = {end}
period_start = {start}
period_end = {end}
categories = ["security"]
"""


def _csv(rows: list[dict[str, Cell]]) -> str:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows([{name: cell(value) for name, value in row.items()} for row in rows])
    return text.getvalue()
