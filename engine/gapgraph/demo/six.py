"""Six people hold the roles of a company of a dozen: who approves, reviews or tests is somebody else all the same.

A company of this size has no second manager for each duty and no board secretary; it has two founders who sign for each
other. What the larger companies of the demo keep apart by role is kept apart here by person.
"""

from collections.abc import Mapping

from gapgraph.demo.company import Company, Row, listed
from gapgraph.demo.evidence import add_nil
from gapgraph.sources.schema import registers

TEAM: Mapping[str, str] = {"p05": "p04", "p08": "p06", "p09": "p07", "p10": "p04", "p11": "p01", "p12": "p03"}
"""Whose work each of those does who are not there: finance and support go to operations, counsel to a founder."""
_ROLES: Mapping[str, tuple[str, str, str]] = {
    "p01": ("Founder and chief executive", "leadership", ""),
    "p02": ("Founder and chief technology officer", "leadership", "p01"),
    "p03": ("Security and platform engineer", "security", "p02"),
    "p04": ("Head of operations", "people", "p01"),
    "p06": ("Software engineer", "engineering", "p02"),
    "p07": ("Machine learning engineer", "ml", "p02"),
}
"""Role, department and manager of each."""
_ENGINEERS = ("p06", "p07")
_OTHER = ("p02", "p01", "p03", "p04")
"""Who signs where the one who should would sign for their own work: a founder first."""
_SIGNS = frozenset(
    {
        *("approved_by", "approver", "reviewer", "reviewers", "signed_off_by", "tester", "verified_by", "decided_by"),
        *("accepted_by", "results_accepted_by", "release_approver", "deputy", "out_of_scope_approved_by"),
        *("data_approved_by", "extension_approved_by", "evaluator", "authorised_by", "design_reviewed_by", "users"),
    }
)
"""Columns of those who look at what somebody else did."""
_NOTHING_TO_DO = {
    "background-check": "HR-01",
    "onboarding-training": "HR-02",
    "leaver-access": "ACC-09",
    "access-provisioning": "ACC-08",
}
"""Types of control that had nobody to act on in a year in which nobody came or went, and the requirement of each."""


def gather(company: Company) -> None:
    """Gives every role to one of six people, and what they must not sign for themselves to another."""
    others = [row["id"] for row in company.rows("people") if row["id"] not in _ROLES and row["id"] not in TEAM]
    team = {**TEAM, **{id: _ENGINEERS[place % len(_ENGINEERS)] for place, id in enumerate(others)}}
    _forget(company, set(others))
    _share(company)
    for name, table in company.tables.items():
        columns = [c.name for c in registers()[name].columns.values() if "people" in c.targets]
        for row in table.values():
            _hand_over(row, columns, team)
    company.drop("people", *team)
    _count_again(company)
    _sign_for_each_other(company)
    for control in list(company.rows("controls")):
        if control["type"] in _NOTHING_TO_DO:
            add_nil(company, control["id"], _NOTHING_TO_DO[control["type"]])
    for id, (role, department, manager) in _ROLES.items():
        company.set("people", id, role=role, department=department, manager=manager)


def _share(company: Company) -> None:
    """One account on each system and one badge for each of the six: the second of two is taken out."""
    for name, place in (("accounts", "system"), ("badges", "facilities")):
        held = {(row.get("holder"), row[place]) for row in company.rows(name) if row.get("holder") in _ROLES}
        for row in list(company.rows(name)):
            mine = (TEAM.get(row.get("holder", ""), ""), row[place])
            if mine in held:
                _forget(company, {row["id"]}, name)
            elif mine[0]:
                held.add(mine)


def _count_again(company: Company) -> None:
    """Reviews held what there is now."""
    for review in company.rows("access_reviews"):
        decided = sum(1 for _ in company.rows("review_decisions", review=review["id"]))
        company.set("access_reviews", review["id"], population_count=decided)
    for review in company.rows("badge_reviews"):
        drawn = review["list_drawn_on"]
        listed_then = [
            badge
            for badge in company.rows("badges")
            if review["facility"] in listed(badge["facilities"])
            and badge["issued_on"] <= drawn
            and not ("" < badge["deactivated_on"] <= drawn)
        ]
        company.set("badge_reviews", review["id"], badges_listed=len(listed_then))


def _sign_for_each_other(company: Company) -> None:
    """Nobody decides on their own account, signs off the model that they trained or tests the control that they run."""
    for decision in company.rows("review_decisions"):
        holder = company.row("accounts", decision["account"]).get("holder", "")
        _by_another(company, "review_decisions", decision, "reviewer", {holder})
    for evaluation in company.rows("model_evaluations"):
        trainer = company.row("models", evaluation["model"])["trained_by"]
        _by_another(company, "model_evaluations", evaluation, "signed_off_by", {trainer})
    for test in company.rows("control_tests"):
        control = company.row("controls", test["control"])
        _by_another(company, "control_tests", test, "tester", {control["owner"], control["performer"]})


def _by_another(company: Company, register: str, row: Row, column: str, own: set[str]) -> None:
    if row.get(column) in own:
        company.set(register, row["id"], **{column: next(other for other in _OTHER if other not in own)})


def _forget(company: Company, ids: set[str], register: str = "people") -> None:
    """Takes out what hangs on rows: accounts, devices, trainings of people who never were there, decisions on them."""
    asked = {(register, id) for id in ids}
    gone = set(asked)
    while True:
        found = [
            (name, row["id"])
            for name, table in company.tables.items()
            for row in table.values()
            if (name, row["id"]) not in gone and _hangs_on(name, row, gone)
        ]
        if not found:
            break
        gone.update(found)
    for name, id in gone - asked if register == "people" else gone:
        company.drop(name, id)


def _hangs_on(name: str, row: Row, gone: set[tuple[str, str]]) -> bool:
    for column in registers()[name].columns.values():
        owned = column.name in {"person", "holder"} or (column.kind == "ref" and "people" not in column.targets)
        if owned and any((target, row.get(column.name, "")) in gone for target in column.targets):
            return True
    return False


def _hand_over(row: Row, columns: list[str], team: Mapping[str, str]) -> None:
    before = {column: listed(row.get(column, "")) for column in columns}
    after = {column: [team.get(person, person) for person in people] for column, people in before.items()}
    for column, people in after.items():
        if column not in _SIGNS:
            continue
        own = {p for other, theirs in after.items() if other not in _SIGNS for p in theirs}
        apart = {p for other, theirs in before.items() if other not in _SIGNS for p in theirs}
        for place, person in enumerate(people):
            if person in own and before[column][place] not in apart:
                people[place] = next(other for other in _OTHER if other not in own)
    for column, people in after.items():
        if row.get(column):
            row[column] = ";".join(dict.fromkeys(people))
