"""The life of incidents, notices of them, channels to report on, and the actions that follow."""

from datetime import date, timedelta

from gapgraph.demo.company import END, Company, as_day

_SEVERITIES = ("low", "medium", "high")
_CAUSES = (
    "a message with a false sender passed the filter",
    "a bag was left in a train",
    "a change of configuration was not tested under load",
)
_REASONS = (
    "nobody entered anything, nothing was opened",
    "the disk was encrypted and the key is safe",
    "no personal data and no commitment was touched",
)
_DISCLOSED_BEFORE = date(2026, 11, 1)
"""The description's last version is newer than that."""


def add_incidents(company: Company) -> None:
    """Completes incidents, and fills incident_notices, reporting_channels and corrective_actions."""
    rng = company.chance("incidents")
    for i, row in enumerate(list(company.rows("incidents"))):
        found, kind = as_day(row["detected_on"]), i % 3
        missed = kind == 2 and found < _DISCLOSED_BEFORE
        company.set(
            "incidents",
            row["id"],
            severity=_SEVERITIES[kind],
            owner=("p03", "p06")[i % 2],
            contained_on=found,
            root_cause=_CAUSES[kind] if kind else None,
            lessons="nothing follows" if kind == 0 else "the cause is in the talk of the month",
            personal_data=kind == 1,
            notice_decided_on=found + timedelta(days=rng.randint(0, 2)),
            no_notice_reason=None if missed else _REASONS[kind],
            control_failure=missed,
            commitment_missed=missed,
            disclosed_in=["dc4-type2"] if missed else None,
        )
        if missed:
            company.add(
                "incident_notices",
                f"notice-{row['id']}",
                incident=row["id"],
                duty="contract",
                recipient="customers of the service",
                aware_on=found,
                contract_due_by=found + timedelta(days=5),
                sent_on=found + timedelta(days=rng.randint(0, 3)),
                copy=f"status page, post {100 + i}",
            )
        if kind:
            _follow_up(company, row["id"], as_day(row["resolved_on"]), rng.randint(5, 50))
    for year in (2025, 2026):
        exercise = f"incident-exercise-{year}"
        _follow_up(company, exercise, as_day(company.row("activities", exercise)["completed_on"]), rng.randint(5, 50))
    _extended(company)
    for id, name, audience, page in (
        ("mail-security", "Security mailbox", "internal", "intranet, page on security"),
        ("security-page", "Form for security reports", "external", "security page and its contact file"),
    ):
        company.add(
            "reporting_channels",
            id,
            name=name,
            audience=audience,
            published_at=page,
            monitored_by="p03",
            opened_on=company.day(date(2024, 12, 2), date(2025, 6, 27), rng),
        )


def _follow_up(company: Company, source: str, since: date, days: int) -> None:
    """An action that follows from an incident or exercise and is done before its date."""
    raised = since + timedelta(days=1)
    closed = raised + timedelta(days=days)
    company.add(
        "corrective_actions",
        f"act-{source}",
        title=f"Follow-up of {source}",
        arises_from=source,
        owner="p06",
        raised_on=raised,
        due_by=raised + timedelta(days=60),
        closed_on=closed if closed <= END else None,
    )


def _extended(company: Company) -> None:
    """The chief technology officer gave the action of the exercise more time before its date was over."""
    action = "act-incident-exercise-2026"
    due = as_day(company.row("corrective_actions", action)["due_by"])
    company.set(
        "corrective_actions",
        action,
        extended_to=due + timedelta(days=30),
        extended_on=due - timedelta(days=4),
        extended_by="p02",
        closed_on=due + timedelta(days=12),
    )
