"""Model providers and the use of AI: flows, captures, fallbacks, oversight, disclosure, incident classes, training."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.ai_models import REGION, add_setting, yearly
from gapgraph.demo.company import END, Company, as_day
from gapgraph.demo.landscape import System

PROVIDER = "v-model"
_AI_KINDS = ("training-pipeline", "inference-endpoint", "vector-store", "model-registry", "annotation-tool")
_CLASSES = (
    ("ic-harm", "Harmful output", "harmful-output"),
    ("ic-leak", "Leakage through prompts", "prompt-leakage"),
    ("ic-model", "Tampered model", "model-compromise"),
    ("ic-provider", "Incident of a model provider", "model-provider"),
    ("ic-phishing", "Phishing", "other"),
)


def add_ai_use(company: Company, systems: Sequence[System]) -> None:
    """Fills every register about model providers and the use of AI."""
    rng = company.chance("ai use")
    endpoints = [s for s in systems if s.kind == "inference-endpoint"]
    _provider(company, endpoints, rng)
    for system in endpoints:
        if system.critical:
            _fallback(company, system, rng)
    _oversight(company, endpoints, rng)
    _incident_classes(company, rng)
    _trainings(company, [s.id for s in systems if s.kind in _AI_KINDS], rng)


def _provider(company: Company, endpoints: Sequence[System], rng: Random) -> None:
    for vendor in company.rows("vendors"):
        company.set("vendors", vendor["id"], provides_models=vendor["id"] == PROVIDER)
    company.set(
        "vendor_contracts",
        f"vc-{PROVIDER}",
        trains_on_inputs=False,
        input_retention_days=30,
        processing_region=REGION,
        subprocessor_terms=True,
    )
    company.add(
        "provider_data_rules",
        "rule-model",
        provider=PROVIDER,
        data_classes=["customer-content", "usage-data"],
        region=REGION,
        approved_by="p11",
        approved_on=company.day(date(2025, 2, 3), date(2025, 4, 30), rng),
    )
    for system in endpoints:
        company.add(
            "model_flows",
            f"flow-{system.id}",
            name="questions with passages found for them",
            system=system.id,
            provider=PROVIDER,
            data_classes=["customer-content"],
            region=REGION,
            started_on=company.day(date(2025, 5, 4), date(2025, 9, 30), rng),
        )
        add_setting(company, system.id, "egress-filter", "blocking", rng)
    for i, month in enumerate((2, 5, 8, 11), start=1):
        company.add(
            "provider_captures",
            f"terms-{PROVIDER}-q{i}",
            provider=PROVIDER,
            captured_on=company.day(date(2026, month, 3), date(2026, month, 24), rng),
            captured_by="p03",
            source="data controls page of the account",
            trains_on_inputs=False,
            retention_days=30,
        )
    company.add(
        "provider_claims",
        "claim-models",
        place="trust page",
        published_on=company.day(date(2025, 3, 3), date(2025, 6, 30), rng),
        trains_on_inputs=False,
        retention_days=30,
    )


def _fallback(company: Company, system: System, rng: Random) -> None:
    for day in yearly(company, rng, 8):
        company.add(
            "activities",
            f"fallback-{system.id}-{day.year}",
            kind="fallback-test",
            title=f"Switch of {system.name} to its fallback",
            about=system.id,
            completed_on=day,
            performed_by="p07",
            scenario="the provider answers with errors",
            results="switched after two minutes; answers shorter",
        )


def _oversight(company: Company, endpoints: Sequence[System], rng: Random) -> None:
    for system in endpoints:
        company.add(
            "ai_uses",
            f"use-{system.id}",
            name="Answers to questions of customers' staff",
            system=system.id,
            affects_people=True,
            reviewer_role="support specialist on duty",
            override_means="answer withdrawn and replaced by hand",
            stop_means="switch of the feature in the console",
            override_log="ticket queue for corrected answers",
            owner="p02",
            confirmed_on=company.day(date(2026, 3, 2), date(2026, 5, 29), rng),
        )
    company.add(
        "ai_disclosures",
        "page-ai",
        title="How we use AI",
        systems=[system.id for system in endpoints],
        place="help centre",
        where_used="answers and summaries are generated",
        limits="answers can be wrong or out of date",
        data_use="content is not used for training and kept thirty days",
        contact="privacy mailbox",
        marking="a label stands above generated text",
        owner="p11",
        published_on=company.day(date(2025, 4, 1), date(2025, 8, 29), rng),
        confirmed_on=company.day(date(2026, 4, 1), date(2026, 8, 28), rng),
    )


def _incident_classes(company: Company, rng: Random) -> None:
    adopted = company.day(date(2025, 3, 3), date(2025, 6, 30), rng)
    for i, (id, name, kind) in enumerate(_CLASSES, start=1):
        company.add(
            "incident_classes",
            id,
            name=name,
            kind=kind,
            plan_section=f"section 6.{i}",
            owner="p03",
            adopted_on=adopted,
        )
    for year, rehearsed in ((2025, "ic-leak"), (2026, "ic-provider")):
        company.set("activities", f"incident-exercise-{year}", incident_classes=[rehearsed])


def _trainings(company: Company, systems: Sequence[str], rng: Random) -> None:
    """Everybody with an account on an AI system is trained within the month and again within each twelve months."""
    since: dict[str, date] = {}
    for account in company.rows("accounts", kind="human"):
        if account["system"] in systems and account["holder"]:
            made = as_day(account["created_on"])
            since[account["holder"]] = min(since.get(account["holder"], made), made)
    for person, made in since.items():
        left = company.row("people", person).get("ended_on", "")
        day = company.day(date(2025, 9, 8), date(2025, 10, 24), rng)
        if made > day - timedelta(days=20):
            day = made + timedelta(days=rng.randint(3, 25))
        number = 1
        while day <= min(END, as_day(left)) if left else day <= END:
            company.add(
                "ai_trainings",
                f"ai-{person}-{number}",
                person=person,
                course="Working with language models",
                completed_on=day,
            )
            day += timedelta(days=rng.randint(320, 355))
            number += 1
