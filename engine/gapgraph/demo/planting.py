"""What several defects do to a company."""

from datetime import date

from gapgraph.demo.company import Company, Row, as_day, listed

LEAVES = date(2026, 12, 11)
"""The day on which the compliance analyst leaves where a defect says so."""


def captures(company: Company, system: str, setting: str) -> list[Row]:
    """The captures of a setting of a system, by day."""
    return sorted(company.rows("captures", system=system, setting=setting), key=lambda row: row["captured_on"])


def last_capture(company: Company, system: str, setting: str, *, value: str = "", number: int | None = None) -> None:
    """The setting is something else from its last capture on."""
    company.set("captures", captures(company, system, setting)[-1]["id"], value=value, number=number)


def every_capture(company: Company, system: str, setting: str, *, value: str = "", number: int | None = None) -> None:
    """The setting is something else all year."""
    for row in captures(company, system, setting):
        company.set("captures", row["id"], value=value, number=number)


def scan_of(company: Company, system: str, window: str) -> Row:
    """The scan that covers a system in a month."""
    return next(row for row in company.rows("scans", window=window) if system in listed(row["systems"]))


def not_scanned(company: Company, system: str, window: str) -> None:
    """The scan of a month leaves a system out."""
    row = scan_of(company, system, window)
    row["systems"] = ";".join(s for s in listed(row["systems"]) if s != system)


def without_operation(company: Company, control: str) -> None:
    """Takes out the evidence of operation of a control; policy and set-up stay."""
    kept = {f"ev-{control}-1", f"ev-{control}-2"}
    company.drop("evidence", *(row["id"] for row in company.rows("evidence", control=control) if row["id"] not in kept))


def analyst_leaves(company: Company) -> None:
    """The compliance analyst leaves in December; everything about the exit itself is in order."""
    if company.row("people", "p12").get("ended_on"):
        return
    company.set("people", "p12", ended_on=LEAVES, devices_settled_on=LEAVES)
    for account in company.rows("accounts", holder="p12"):
        if not account["disabled_on"]:
            account["disabled_on"] = LEAVES.isoformat()
    for badge in company.rows("badges", holder="p12"):
        badge["deactivated_on"] = LEAVES.isoformat()


def stays_open(company: Company, account: str) -> None:
    """An account is never disabled."""
    company.set("accounts", account, disabled_on=None)


def finding(
    company: Company, id: str, title: str, system: str, severity: str, found: date, closed: date | None
) -> None:
    """A finding on a system."""
    company.add("vulnerabilities", id, title=title, system=system, severity=severity, found_on=found, closed_on=closed)


def listed_in_reviews(company: Company, account: str) -> None:
    """Adds a decision to keep an account to every review of its system that had to list it."""
    row = company.row("accounts", account)
    for review in list(company.rows("access_reviews", system=row["system"])):
        if as_day(row["created_on"]) <= as_day(review["population_on"]):
            company.add(
                "review_decisions",
                f"{review['id']}-{account}",
                review=review["id"],
                account=account,
                reviewer=review["reviewer"],
                decision="keep",
                decided_on=review["completed_on"],
            )
            review["population_count"] = str(int(review["population_count"]) + 1)
