"""The AI inventory with its assessments, dataset versions behind training runs, data checks, and who labels."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.company import QUARTERS, Company, Row, as_day
from gapgraph.demo.landscape import System, add_capture

_KINDS = {
    "inference-endpoint": "endpoint",
    "training-pipeline": "pipeline",
    "vector-store": "vector store",
    "model-registry": "registry",
    "annotation-tool": "annotation tool",
}
_TRAINING = {
    "training-data-access": "named-roles",
    "training-data-access-log": "on",
    "training-separation": "separate",
    "inbound-internet": "blocked",
    "training-credentials": "scoped",
}


def add_ai(company: Company, systems: Sequence[System]) -> None:
    """Fills the AI inventory, assessments and dataset versions; completes runs, projects and the AI policy."""
    rng = company.chance("ai")
    entries = _inventory(company, [s for s in systems if s.kind in _KINDS], rng)
    _assessments(company, entries, rng)
    _datasets(company, rng)
    _settings(company, [s for s in systems if s.kind == "training-pipeline"])
    for i, project in enumerate(company.rows("annotation_projects")):
        own = i % 2 == 1
        project["labelled_by"] = "own-staff" if own else "vendor"
        project["vendor"] = "" if own else "v-annot"
    for policy in company.rows("policies", kind="ai-use"):
        policy["ai_tools_section"] = "2 Tools that may be used"
        policy["ai_barred_data_section"] = "3 Data that stays out"
        policy["ai_human_review_section"] = "4 What people review"


def _inventory(company: Company, systems: Sequence[System], rng: Random) -> list[Row]:
    for system in systems:
        endpoint = system.kind == "inference-endpoint"
        models = [row["id"] for row in company.rows("models", endpoint=system.id)] if endpoint else []
        company.add(
            "ai_inventory",
            f"ai-{system.id}",
            name=system.name,
            kind=_KINDS[system.kind],
            systems=[system.id],
            models=models,
            purpose="answer questions of users" if endpoint else f"{_KINDS[system.kind]} behind the models",
            version=f"{rng.randint(1, 6)}.{rng.randint(0, 9)}",
            data_classes=list(system.holds) or ["customer-content"],
            provider="in-house, on a base model of Parlance Models" if endpoint else "in-house",
            risk_tier="medium" if endpoint else "low",
            owner=system.owner,
            model_owner="p07",
            data_owner="p06",
            release_approver="p02",
            live_from=company.day(date(2024, 2, 5), date(2025, 9, 30), rng),
        )
    found = list(company.rows("ai_inventory"))
    for i, row in enumerate(found):
        company.add(
            "ai_sightings",
            f"ai-seen-{i + 1:02d}",
            name=row["name"],
            source=("code search", "spend export", "egress log")[i % 3],
            entry=row["id"],
            seen_on=company.day(date(2026, 9, 1), date(2026, 11, 27), rng),
        )
    for quarter, first in enumerate(QUARTERS, start=1):
        month = date(2026, first.month + 1, 1)
        company.add(
            "activities",
            f"ai-inventory-q{quarter}",
            kind="ai-inventory-reconciliation",
            title=f"Reconciliation of the AI inventory, quarter {quarter}",
            window=f"2026-Q{quarter}",
            completed_on=company.day(month.replace(day=6), month.replace(day=24), rng),
            performed_by="p07",
            method="search of the code, spend export, egress log",
            results="all found in the inventory",
        )
    return found


def _assessments(company: Company, entries: Sequence[Row], rng: Random) -> None:
    for entry in entries:
        if entry["risk_tier"] == "low":
            continue
        first = company.day(date(2025, 3, 3), date(2025, 11, 14), rng)
        again = company.day(first + timedelta(days=320), first + timedelta(days=355), rng)
        for name, day in (("first", as_day(entry["live_from"]) - timedelta(days=9)), ("2025", first), ("2026", again)):
            company.add(
                "ai_assessments",
                f"aia-{entry['id'].removeprefix('ai-')}-{name}",
                entry=entry["id"],
                completed_on=day,
                assessor="p07",
                misuse="jailbreaks; filters hold in nine of ten tries",
                bias="no difference between groups of test questions",
                privacy="names from documents appear in answers of the same customer only",
                security="prompt injection through documents",
                third_parties="base model of a vendor with a report of its own",
                treatment="filter rules tightened; rest accepted",
                approver="p03",
            )


def _datasets(company: Company, rng: Random) -> None:
    runs = sorted(company.rows("training_runs"), key=lambda row: row["ran_on"])
    first = {row["pipeline"]: row["id"] for row in reversed(runs)}
    for run in runs:
        ran = as_day(run["ran_on"])
        run["datasets"] = _dataset(company, run, ran, rng)
        run["data_checked_on"] = (ran - timedelta(days=rng.randint(0, 2))).isoformat()
        run["completeness_percent"], run["completeness_minimum_percent"] = f"{rng.uniform(98, 99.9):.1f}", "97"
        run["duplicates_percent"], run["duplicates_maximum_percent"] = f"{rng.uniform(0.1, 0.9):.1f}", "1"
        run["uses_labels"] = "yes"
        run["label_errors_percent"], run["label_errors_maximum_percent"] = f"{rng.uniform(0.4, 2.4):.1f}", "3"
        if first[run["pipeline"]] != run["id"]:
            run["drift_score"], run["drift_maximum"] = f"{rng.uniform(0.01, 0.12):.2f}", "0.2"


def _dataset(company: Company, run: Row, ran: date, rng: Random) -> str:
    """The dataset version that a run froze; three of four hold data of customers who may be trained on."""
    number = int(run["id"].removeprefix("run-"))
    id = f"data-{number:03d}"
    ready = ran - timedelta(days=rng.randint(3, 9))
    customers = number % 4 != 3
    return company.add(
        "dataset_versions",
        id,
        name=f"{run['dataset_version']}, version {number}",
        source="help centre and documents of customers who agreed" if customers else "help centre and public manuals",
        licence_or_consent="customer terms, clause 7" if customers else "own work; open licences listed in the card",
        collected_on=ready - timedelta(days=10),
        transformations="deduplicated, split, personal data masked",
        owner="p07",
        hash="sha256:" + hashlib.sha256(f"{company.size.name} {company.seed} {id}".encode()).hexdigest(),
        store=run["pipeline"],
        contains_personal_data=False,
        contains_customer_data=customers,
        training_permission="customer terms, clause 7" if customers else None,
        permitted_from=date(2025, 1, 1) if customers else None,
        opt_outs_applied_on=ready if customers else None,
        opt_out_record=f"filter job of {ready}" if customers else None,
        screened_on=ready,
        screening_tool="recogniser of names, addresses and numbers; sample of a thousand records",
        residual_findings_percent=0,
    )


def _settings(company: Company, pipelines: Sequence[System]) -> None:
    for system in pipelines:
        shown = sorted(
            row["captured_on"] for row in company.rows("captures", system=system.id, setting="central-logging")
        )
        for setting, value in _TRAINING.items():
            for i, day in enumerate(shown):
                add_capture(company, f"cap-{system.id}-{setting}-{i + 1}", system.id, setting, value, as_day(day))
