"""Training runs, model versions with their monitors, and annotation projects."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta

from gapgraph.demo.company import START, Company, as_day
from gapgraph.demo.landscape import System


def add_models(company: Company, systems: Sequence[System]) -> None:
    """Fills training_runs, models, model_breaches and annotation_projects."""
    pipelines = [s for s in systems if s.kind == "training-pipeline"]
    for i in range(company.size.training_runs):
        day = (
            company.day(date(2025, 9, 1), date(2025, 12, 12))
            if i % 5 == 0
            else company.day(START + timedelta(days=5), date(2026, 12, 18))
        )
        company.add(
            "training_runs",
            f"run-{i + 1:03d}",
            pipeline=pipelines[i % len(pipelines)].id,
            ran_on=day,
            operator="p09",
            approved_by="p07",
            approved_on=day,
            code_revision=_digest(company, "code", i)[:12],
            dataset_version=f"corpus {day.year}.{day.month}",
            parameters=f"learning rate 2e-5, {company.rng.randint(2, 6)} epochs",
        )
    _models(company, [s for s in systems if s.kind == "inference-endpoint"])
    for i, system in enumerate(s for s in systems if s.kind == "annotation-tool"):
        for n in range(2):
            company.add(
                "annotation_projects",
                f"labels-{2 * i + n + 1:02d}",
                name=("Answer quality", "Harmful content")[n] + (f" {i + 1}" if i else ""),
                system=system.id,
                started_on=company.day(date(2025, 6, 2), date(2026, 9, 30)),
                guideline_version=f"{n + 1}.{company.rng.randint(0, 6)}",
                annotators_trained=True,
                confidentiality_signed=True,
                least_privilege=True,
                second_review_percent=company.rng.randint(8, 15),
                agreement_percent=company.rng.randint(88, 96),
                agreement_threshold_percent=85,
            )


def _models(company: Company, endpoints: Sequence[System]) -> None:
    runs = sorted(company.rows("training_runs"), key=lambda row: row["ran_on"])
    for i in range(max(company.size.models, 2 * len(endpoints))):
        run = runs[(i * len(runs)) // max(company.size.models, 2 * len(endpoints))]
        approved = company.day(as_day(run["ran_on"]) + timedelta(days=1), as_day(run["ran_on"]) + timedelta(days=5))
        endpoint = endpoints[i % len(endpoints)]
        company.add(
            "models",
            f"model-{i + 1:02d}",
            name=f"{endpoint.id} model {i // len(endpoints) + 1}.0",
            endpoint=endpoint.id,
            hash="sha256:" + _digest(company, "model", i),
            lineage=run["id"],
            evaluation="passed the release suite",
            trained_by="p09",
            approved_by="p07",
            approved_on=approved,
            deployed_on=approved + timedelta(days=company.rng.randint(0, 4)),
            rollback_to="the version before",
            drift_monitor="weekly drift report",
            quality_monitor="graded samples",
            error_monitor="error rate alert",
        )
    for i, model in enumerate(list(company.rows("models"))[: 2 if company.size.scale == "small" else 8]):
        day = min(
            company.day(
                max(as_day(model["deployed_on"]), START), max(as_day(model["deployed_on"]), START) + timedelta(days=40)
            ),
            date(2026, 12, 20),
        )
        company.add(
            "model_breaches",
            f"breach-{i + 1:02d}",
            model=model["id"],
            occurred_on=day,
            triaged_on=day + timedelta(days=1),
            action="threshold checked; prompt template corrected",
        )


def _digest(company: Company, kind: str, number: int) -> str:
    return hashlib.sha256(f"{company.size.name} {company.seed} {kind} {number}".encode()).hexdigest()
