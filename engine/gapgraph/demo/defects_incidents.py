"""Defects about incidents and what follows from them, alerts, logs, networks."""

from datetime import date, timedelta

from gapgraph.demo.company import Company, as_day
from gapgraph.demo.defect import NOTHING, Defect, says, sizes
from gapgraph.demo.planting import every_capture, last_capture


def _bare_incident(company: Company) -> None:
    company.set("incidents", "inc-03", root_cause=None, lessons=None)


def _undecided(company: Company) -> None:
    company.set("incidents", "inc-01", notice_decided_on=None, no_notice_reason=None)


def _told_late(company: Company) -> None:
    aware = as_day(company.row("incidents", "inc-01")["detected_on"])
    company.add(
        "incident_notices",
        "notice-late",
        incident="inc-01",
        duty="contract",
        recipient="one customer",
        aware_on=aware,
        contract_due_by=aware + timedelta(days=5),
        sent_on=aware + timedelta(days=6),
        copy="message to the contact of the customer",
    )


def _unpublished(company: Company) -> None:
    company.set("reporting_channels", "security-page", published_at=None)


def _action_open(company: Company) -> None:
    company.set(
        "corrective_actions",
        "act-incident-exercise-2026",
        extended_to=None,
        extended_on=None,
        extended_by=None,
        closed_on=None,
    )


def _extended_by_owner(company: Company) -> None:
    company.set("corrective_actions", "act-incident-exercise-2026", extended_by="p06", closed_on=date(2026, 12, 4))


def _undisclosed(company: Company) -> None:
    company.set("incidents", "inc-01", control_failure=True)


def _unwatched(company: Company) -> None:
    company.drop("alert_rules", "rule-egress")


def _untriaged(company: Company) -> None:
    company.set("alerts", "alert-002", triaged_on=None, triaged_by=None, outcome=None)


def _alterable(company: Company) -> None:
    last_capture(company, "helpdesk", "log-protection", value="none")


def _log_too_short(company: Company) -> None:
    every_capture(company, "registry", "log-retention-days", number=90)


def _undetected(company: Company) -> None:
    every_capture(company, "cloud", "threat-detection", value="off")


def _rule_open(company: Company) -> None:
    last_capture(company, "cloud", "any-source-admin-rules", number=1)


def _not_reviewed(company: Company) -> None:
    company.drop("activities", "boundary-cloud-2026")


_CHANNEL = says("INC-04 organisation", ineffective="C-RCH-1", exceptions="CC2.2 CC2.3")
_ALTERABLE = says("LOG-03 systems/helpdesk", ineffective="C-LRT-1", exceptions="CC7.2 CC7.3")
_SHORT = says("LOG-03 systems/registry", ineffective="C-LRT-1", exceptions="CC7.2 CC7.3")
_OFF = says("LOG-04 systems/cloud", ineffective="C-THD-1", exceptions="CC6.6 CC7.2")

INCIDENTS = (
    Defect(
        "incident-unexplained",
        "A serious incident has neither root cause nor lessons on record",
        _bare_incident,
        says("INC-02 controls/C-IRP-1", ineffective="C-IRP-1", not_met="CC7.3 CC7.4 CC7.5"),
        by_size=sizes(
            "large", type2=says("INC-02 controls/C-IRP-1", excepted="C-IRP-1", exceptions="CC7.3 CC7.4 CC7.5")
        ),
    ),
    Defect(
        "notice-undecided",
        "Nobody decided whom to tell of an incident",
        _undecided,
        says("INC-03 controls/C-INN-1", ineffective="C-INN-1", not_met="CC2.3 CC7.4 P6.6"),
        by_size=sizes(
            "large", type2=says("INC-03 controls/C-INN-1", excepted="C-INN-1", exceptions="CC2.3 CC7.4 P6.6")
        ),
    ),
    Defect(
        "notice-late",
        "A customer was told of an incident a day after the contract's last day",
        _told_late,
        says("INC-03 controls/C-INN-1", excepted="C-INN-1", exceptions="CC2.3 CC7.4 P6.6"),
        sizes=frozenset({"small", "mid"}),
        excludes=frozenset({"notice-undecided"}),
    ),
    Defect(
        "channel-unpublished", "The form for security reports is published nowhere", _unpublished, _CHANNEL, _CHANNEL
    ),
    Defect(
        "action-open",
        "The action of the incident exercise is open beyond its date",
        _action_open,
        says("INC-05 controls/C-CRA-1", ineffective="C-CRA-1", exceptions="CC4.2 CC7.5"),
        by_size=sizes("large", type2=says("INC-05 controls/C-CRA-1", excepted="C-CRA-1", exceptions="CC4.2 CC7.5")),
    ),
    Defect(
        "action-extended-by-owner",
        "The owner of the action of the exercise granted more time to themselves",
        _extended_by_owner,
        says("INC-05 controls/C-CRA-1", excepted="C-CRA-1", exceptions="CC4.2 CC7.5"),
        sizes=frozenset({"small", "large"}),
        excludes=frozenset({"action-open"}),
    ),
    Defect(
        "incident-undisclosed",
        "The system description does not tell of an incident that came from a failed control",
        _undisclosed,
        says("INC-06 incidents/inc-01", not_met="CC2.3"),
    ),
    Defect(
        "threat-unwatched",
        "No alert rule watches for data that leaves",
        _unwatched,
        says("LOG-02 controls/C-ALR-1", ineffective="C-ALR-1", not_met="CC7.2 CC7.3"),
    ),
    Defect(
        "alert-untriaged",
        "Nobody looked into a severe alert",
        _untriaged,
        says("LOG-02 controls/C-ALR-1", excepted="C-ALR-1", exceptions="CC7.2 CC7.3"),
        by_size=sizes("small", type2=says("LOG-02 controls/C-ALR-1", ineffective="C-ALR-1", not_met="CC7.2 CC7.3")),
    ),
    Defect(
        "log-alterable",
        "Since the last capture, administrators can alter the helpdesk's log",
        _alterable,
        _ALTERABLE,
        _ALTERABLE,
    ),
    Defect("log-too-short", "The log of the model registry is kept for ninety days", _log_too_short, _SHORT, _SHORT),
    Defect("detection-off", "No threat detection watches the cloud platform", _undetected, _OFF, _OFF),
    Defect(
        "boundary-rule-open",
        "A boundary rule of the cloud platform lets any source reach administration",
        _rule_open,
        says("LOG-05 systems/cloud", ineffective="C-BND-1", exceptions="CC6.6"),
        NOTHING,
    ),
    Defect(
        "boundary-unreviewed",
        "Nobody reviewed the boundary rules of the cloud platform this year",
        _not_reviewed,
        says("LOG-05 systems/cloud", ineffective="C-BND-1", exceptions="CC6.6"),
    ),
)
