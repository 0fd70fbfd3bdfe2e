"""Processing functions, their settings, failed jobs, rejected inputs, reconciliations and recipients."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from gapgraph.demo.company import Company, listed
from gapgraph.demo.landscape import System, add_capture

_TYPES = (
    "processing-specification",
    "input-validation",
    "job-monitoring",
    "output-reconciliation",
    "record-protection",
)
_KINDS = ("application", "database", "inference-endpoint")
_FUNCTIONS = (
    (
        "requests",
        "Answering of requests",
        "requests of users with their context",
        "each request is answered once, from data of its own tenant only",
        "answers with their sources",
        "within ten seconds",
        "one request in a thousand may be refused and is repeated",
        730,
    ),
    (
        "usage",
        "Metering of usage",
        "usage events of the service",
        "events are summed for each customer and day by the price list",
        "usage reports and invoices",
        "daily by six; invoices on the second working day of a month",
        "no difference without an explanation",
        365,
    ),
)
SETTINGS: Mapping[str, str | int] = {
    "input-type-check": "on",
    "input-range-check": "on",
    "input-completeness-check": "on",
    "input-authorisation-check": "on",
    "reject-log": "on",
    "record-integrity": "on",
    "record-timestamps": "on",
    "record-retention-days": 730,
}
"""The settings that requirements look at on systems that process, with good values."""


def has_processing(company: Company, control_type: str) -> bool:
    """Whether a company has controls of a type: those on processing only where it promises processing integrity."""
    return control_type not in _TYPES or "processing_integrity" in company.size.categories


def add_processing(company: Company, systems: Sequence[System]) -> None:
    """Fills processing_functions, rejected_inputs, job_failures, reconciliations, output_recipients; adds captures."""
    if "processing_integrity" not in company.size.categories:
        return
    rng = company.chance("processing")
    for service in list(company.tables["services"]):
        runs_on = [s.id for s in systems if s.service == service and s.production and s.kind in _KINDS][:3]
        for key, name, inputs, rules, outputs, timing, tolerances, days in _FUNCTIONS:
            company.add(
                "processing_functions",
                f"{service}-{key}",
                name=f"{name}, {service}",
                service=service,
                owner="p02",
                systems=runs_on,
                inputs=inputs,
                rules=rules,
                outputs=outputs,
                timing=timing,
                tolerances=tolerances,
                record_retention_days=days,
                approved_by="p01",
                approved_on=company.day(date(2025, 3, 3), date(2025, 11, 28), rng),
            )
            _outputs(company, f"{service}-{key}", key)
    functions = list(company.tables["processing_functions"])
    named = dict.fromkeys(s for row in company.rows("processing_functions") for s in listed(row["systems"]))
    months = (3, 6, 9, 12) if company.size.captures_a_year == 4 else (5, 11)
    for system in named:
        for setting, value in SETTINGS.items():
            for i, month in enumerate(months):
                day = company.day(date(2026, month, 8), date(2026, month, 18), rng)
                add_capture(company, f"cap-{system}-{setting}-{i + 1}", system, setting, value, day)
    for i in range(2 * company.size.incidents):
        failed = company.day(date(2026, 1, 12), date(2026, 12, 11), rng)
        company.add(
            "job_failures",
            f"job-{i + 1:03d}",
            job=("Nightly export", "Usage roll-up", "Index refresh")[i % 3],
            function=functions[rng.randrange(len(functions))],
            failed_on=failed,
            alerted_on=failed,
            resolved_on=failed + timedelta(days=rng.randint(0, 4)),
            resolution="run again after the store was back",
        )
        turned_away = company.day(date(2026, 1, 12), date(2026, 12, 11), rng)
        company.add(
            "rejected_inputs",
            f"reject-{i + 1:03d}",
            title=f"Batch {4000 + 7 * i} with missing fields",
            system=list(named)[rng.randrange(len(named))],
            rejected_on=turned_away,
            resolved_on=turned_away + timedelta(days=rng.randint(0, 4)),
            resolution="completed by the sender and taken in",
        )


def _outputs(company: Company, function: str, key: str) -> None:
    """Twelve comparisons of a function and the two recipients of its outputs."""
    rng = company.chance(f"processing {function}")
    for month in range(1, 13):
        taken = rng.randint(20_000, 90_000)
        lost = rng.choice((0, 0, 3))
        company.add(
            "reconciliations",
            f"rec-{function}-{month:02d}",
            function=function,
            window=f"2026-{month:02d}",
            completed_on=company.day(date(2026, month, 19), date(2026, month, 27), rng),
            performed_by="p08",
            records_in=taken,
            records_out=taken - lost,
            difference_explained=f"{lost} test records taken out" if lost else None,
        )
    for id, who in (("users", "users of the customer, through the application"), ("finance", "finance team")):
        approved = company.day(date(2024, 2, 5), date(2025, 3, 28), rng)
        company.add(
            "output_recipients",
            f"out-{function}-{id}",
            recipient=who if key == "usage" or id == "users" else "support team",
            function=function,
            first_delivered_on=approved + timedelta(days=rng.randint(0, 9)),
            approved_by="p02",
            approved_on=approved,
        )
