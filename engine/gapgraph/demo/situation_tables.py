"""The rows of the situations: one small company, and what each situation puts into its registers."""

from collections.abc import Mapping
from datetime import date, timedelta

from gapgraph.demo.company import Cell

ENGAGEMENT = "type2"
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
QUARTER = (date(2026, 1, 1), date(2026, 3, 31))
Tables = dict[str, list[dict[str, Cell]]]

_SYSTEMS = ("shop", "billing", "search", "portal")
_APPROVERS = ("ada", "bo", "cem", "dee")


def _company() -> Tables:
    people = ("ada", "bo", "cem", "dee", "eve", "finn")
    return {
        "people": [
            {"id": p, "name": p.title(), "kind": "employee", "email": f"{p}@shop.example", "started_on": "2020-01-01"}
            for p in people
        ],
        "systems": [
            {"id": s, "name": s.title(), "kind": "application", "owner": "ada", "in_scope_of": ENGAGEMENT}
            for s in _SYSTEMS
        ],
        "policies": [
            {
                "id": "handbook",
                "title": "Security handbook",
                "kind": "information-security",
                "version": "3",
                "owner": "ada",
                "approver": "bo",
                "approved_on": "2024-11-04",
                "effective_on": "2024-12-01",
            }
        ],
        "controls": [],
    }


def _control(tables: Tables, id: str, type: str, title: str, **cells: Cell) -> None:
    tables["controls"].append(
        {
            "id": id,
            "title": title,
            "type": type,
            "description": title,
            "owner": "ada",
            "performer": "bo",
            "deputy": "cem",
            "policy": "handbook",
            "implemented_on": "2024-06-03",
            **cells,
        }
    )


def _changes(deviating: Mapping[int, str], *, causes: bool, approver: str = "", day: date | None = None) -> Tables:
    """A year of 214 changes, evenly spread; the deviating ones were approved after they went live.

    The causes are recorded one by one, or not at all; `approver` and `day` gather the deviating ones.
    """
    tables = _company()
    _control(tables, "change-approval", "change-approval", "Changes are approved before they go live")
    rows: list[dict[str, Cell]] = []
    for n in range(214):
        live = YEAR[0] + timedelta(days=4 + n * 360 // 214)
        late = n in deviating
        if late and day:
            live = day
        rows.append(
            {
                "id": f"ch-{n + 1:03d}",
                "title": f"Change {n + 1}",
                "system": _SYSTEMS[n % 4],
                "kind": "normal",
                "author": "eve",
                "reviewers": "finn",
                "approver": approver if late and approver else _APPROVERS[n % 4],
                "approved_on": live + timedelta(days=2) if late else live - timedelta(days=1),
                "request": f"T-{n + 1}",
                "tests_passed_on": live - timedelta(days=1),
                "deployed_on": live,
            }
        )
    tables["changes"] = rows
    if causes:
        tables["deviation_causes"] = [
            {
                "id": f"cause-{n + 1:03d}",
                "requirement": "CHG-01",
                "record": f"ch-{n + 1:03d}",
                "cause": why,
                "recorded_by": "ada",
                "recorded_on": "2026-12-18",
            }
            for n, why in deviating.items()
        ]
    return tables


def scattered() -> Tables:
    """Three deviations, each of another approver, system and week."""
    whys = {20: "approver was on leave", 101: "ticket closed by mistake", 180: "release button pressed too early"}
    return _changes(whys, causes=True)


def many() -> Tables:
    """Forty deviations."""
    return _changes({n * 5: f"cause {n}" for n in range(40)}, causes=True)


def gathered() -> Tables:
    """Nine deviations of one approver on one day."""
    late = {100 + n: f"cause {n}" for n in range(9)}
    return _changes(late, causes=True, approver="dee", day=date(2026, 6, 17))


def _reviews(done: Mapping[str, date]) -> Tables:
    """One system whose access is reviewed each quarter; `done` gives the day of completion by quarter."""
    tables = _company()
    tables["systems"] = tables["systems"][:1]
    tables["accounts"] = [
        {
            "id": "shop-eve",
            "system": "shop",
            "name": "eve",
            "kind": "human",
            "holder": "eve",
            "created_on": "2023-05-02",
        }
    ]
    _control(tables, "access-review", "access-review", "Access is reviewed each quarter", cadence="quarterly")
    tables["access_reviews"] = []
    tables["review_decisions"] = []
    for quarter, day in done.items():
        first = date(2026, 3 * int(quarter) - 2, 1)
        listed = first + timedelta(days=50)
        tables["access_reviews"].append(
            {
                "id": f"review-q{quarter}",
                "system": "shop",
                "scope": "all",
                "window": f"2026-Q{quarter}",
                "population_on": listed,
                "population_source": "shop, list of accounts",
                "population_query": "all accounts",
                "population_count": 1,
                "reviewer": "ada",
                "completed_on": day,
                "approver": "bo",
                "approved_on": day,
            }
        )
        tables["review_decisions"].append(
            {
                "id": f"decision-q{quarter}",
                "review": f"review-q{quarter}",
                "account": "shop-eve",
                "reviewer": "ada",
                "decision": "keep",
                "decided_on": day,
            }
        )
    return tables


_IN_TIME = {"1": date(2026, 3, 20), "2": date(2026, 6, 19), "3": date(2026, 9, 18), "4": date(2026, 12, 18)}


def late_review() -> Tables:
    """The review of the third quarter came two weeks late."""
    return _reviews({**_IN_TIME, "3": date(2026, 10, 14)})


def missing_quarter() -> Tables:
    """The review of the third quarter is missing."""
    return _reviews({quarter: day for quarter, day in _IN_TIME.items() if quarter != "3"})


def compensated_quarter() -> Tables:
    """Another control made good for the missing quarter."""
    tables = missing_quarter()
    tables["controls"].append(
        {
            "id": "owner-check",
            "title": "Every enabled account has an owner",
            "type": "account-ownership",
            "description": "Each account is held against the people who work here, each month.",
            "owner": "dee",
            "performer": "dee",
            "deputy": "cem",
            "policy": "handbook",
            "implemented_on": "2024-06-03",
        }
    )
    tables["evidence"] = [
        {
            "id": "owner-check-q3",
            "title": "Accounts held against the roster, third quarter",
            "kind": "record",
            "control": "owner-check",
            "event_date": "2026-09-30",
            "covers_from": "2026-07-01",
            "covers_until": "2026-09-30",
            "captured_on": "2026-10-01",
            "captured_by": "dee",
            "source": "shop, list of accounts",
        }
    ]
    tables["compensations"] = [
        {
            "id": "instead",
            "control": "owner-check",
            "requirement": "ACC-01",
            "covers_from": "2026-07-01",
            "covers_until": "2026-09-30",
            "evidence": "owner-check-q3",
            "reason": "each account was held against the roster in the quarter without a review",
        }
    ]
    return tables


def no_emergency(*, shown: bool) -> Tables:
    """No emergency change, shown by a query or not."""
    tables = _company()
    _control(tables, "emergency", "emergency-changes", "Emergency changes are approved afterwards")
    tables["changes"] = []
    if shown:
        tables["evidence"] = [
            {
                "id": "no-emergency-2026",
                "title": "Emergency changes of the year: none",
                "kind": "nil",
                "control": "emergency",
                "requirements": "CHG-03",
                "covers_from": "2026-01-01",
                "covers_until": "2026-12-31",
                "captured_on": "2026-12-31",
                "captured_by": "bo",
                "source": "tracker",
                "query": "kind = emergency and deployed in 2026",
                "row_count": 0,
            }
        ]
    return tables


def rosters() -> Tables:
    """The staff list knows one leaver, the identity provider two; nobody explains the difference."""
    tables = _company()
    tables["people"][4]["ended_on"] = "2026-05-29"
    tables["people"][4]["has_devices"] = "no"
    tables["accounts"] = [
        {
            "id": f"shop-{p}",
            "system": "shop",
            "name": p,
            "kind": "human",
            "holder": p,
            "created_on": "2023-05-02",
            "disabled_on": "2026-05-29" if p == "eve" else None,
        }
        for p in ("ada", "eve", "finn")
    ]
    _control(tables, "leavers", "leaver-access", "Access of leavers is removed within a working day")
    tables["second_lists"] = [
        {
            "id": "idp-leavers",
            "population": "leavers",
            "source": "identity provider",
            "query": "people deactivated in 2026",
            "covers_from": "2026-01-01",
            "covers_until": "2026-12-31",
            "extracted_on": "2026-12-31",
            "extracted_by": "bo",
            "row_count": 2,
        }
    ]
    tables["second_list_entries"] = [
        {"id": "idp-eve", "list": "idp-leavers", "key": "eve@shop.example", "happened_on": "2026-05-29"},
        {"id": "idp-gus", "list": "idp-leavers", "key": "gus@shop.example", "happened_on": "2026-08-14"},
    ]
    return tables


def exercise() -> Tables:
    """An annual exercise that was last held seven months before the period."""
    tables = _company()
    _control(tables, "exercise", "incident-exercise", "The incident plan is exercised each year", cadence="annual")
    tables["activities"] = [
        {
            "id": "exercise-2025",
            "kind": "incident-exercise",
            "title": "Exercise of the incident plan",
            "completed_on": "2025-06-03",
            "performed_by": "ada",
            "participants": "bo;cem;dee",
            "scenario": "a stolen token",
            "results": "contained in two hours",
            "actions": "shorter life of tokens",
            "approver": "bo",
        }
    ]
    return tables
