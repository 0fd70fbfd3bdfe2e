"""What goes with models and AI features: verifications, evaluations, removals, prompts, tests, context, agents."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.company import END, Company, Row, as_day
from gapgraph.demo.landscape import System, add_capture

REGION = "EU"
REMAINS = ("artefacts", "caches", "vectors", "keys")


def add_ai_models(company: Company, systems: Sequence[System]) -> None:
    """Fills every register about models and AI features beside models itself, and the settings of these features."""
    rng = company.chance("ai models")
    endpoints = [s for s in systems if s.kind == "inference-endpoint"]
    _models(company, rng)
    _retired(company, rng)
    for i, system in enumerate(endpoints):
        company.set(
            "systems", system.id, customer_facing=True, keeps_context=i == 0, calls_tools=i == 0, ai_fallback=_FALLBACK
        )
        _prompts(company, system, rng)
        _tests(company, system, rng)
    for system in [*endpoints[:1], *(s for s in systems if s.kind == "vector-store")]:
        _context(company, system, rng)
    _agent(company, endpoints[0], rng)


_FALLBACK = "shorter answers of a smaller model that runs with us"


def days_of(company: Company, rng: Random) -> list[date]:
    """The days of the year on which settings are captured."""
    months = (3, 6, 9, 12) if company.size.captures_a_year == 4 else (5, 11)
    return [company.day(date(2026, month, 8), date(2026, month, 18), rng) for month in months]


def add_setting(company: Company, system: str, setting: str, value: str, rng: Random) -> None:
    """A setting that stays as it is over the year."""
    for day in days_of(company, rng):
        add_capture(company, f"{system}-{setting}-{day:%Y-%m}", system, setting, value, day)


def yearly(company: Company, rng: Random, month: int) -> tuple[date, date]:
    """A day of 2025 and one of 2026 within twelve months of it."""
    first = company.day(date(2025, month, 10), date(2025, month, 24), rng)
    return first, company.day(first + timedelta(days=335), first + timedelta(days=355), rng)


def _models(company: Company, rng: Random) -> None:
    seen: set[str] = set()
    for model in list(company.rows("models")):
        id, endpoint = model["id"], model["endpoint"]
        deployed, approved = as_day(model["deployed_on"]), as_day(model["approved_on"])
        company.set("models", id, affects_people=True, third_party_weights=False, major_change=endpoint not in seen)
        seen.add(endpoint)
        company.add(
            "artefact_checks",
            f"check-{id}",
            model=id,
            checked_on=deployed,
            hash_read=model["hash"],
            signed_by="release key of the model registry",
            format="safetensors",
        )
        company.add(
            "model_evaluations",
            f"eval-{id}",
            model=id,
            completed_on=approved,
            evaluation_set=f"held-out questions {deployed.year}",
            signed_off_by="p07",
            signed_off_on=approved,
        )
        metrics = (
            ("quality", "graded answers in percent", rng.randint(91, 97), 90, None),
            ("safety", "harmful answers in percent", rng.randint(0, 9) / 10, None, 1),
            ("bias", "difference between groups in points", rng.randint(0, 25) / 10, None, 3),
        )
        for kind, name, value, least, most in metrics:
            company.add(
                "evaluation_metrics",
                f"{kind}-{id}",
                evaluation=f"eval-{id}",
                name=name,
                kind=kind,
                value=value,
                at_least=least,
                at_most=most,
            )


def _retired(company: Company, rng: Random) -> None:
    """The first model is retired in autumn; somebody asks for data to be taken out of training."""
    gone = company.day(date(2026, 10, 5), date(2026, 10, 30), rng)
    company.set("models", "model-01", retired_on=gone)
    for kind in REMAINS:
        company.add(
            "removal_steps",
            f"gone-model-01-{kind}",
            asset="model-01",
            kind=kind,
            removed_on=None if kind == "vectors" else gone + timedelta(days=rng.randint(1, 20)),
            nothing_held_reason="its index is used by the next version" if kind == "vectors" else None,
        )
    asked = company.day(date(2026, 4, 6), date(2026, 8, 28), rng)
    company.add(
        "training_deletion_requests",
        "forget-1",
        title="Conversations of a former customer",
        received_on=asked,
        decided_on=asked + timedelta(days=rng.randint(3, 20)),
        decided_by="p11",
        decision="left out of the corpus from the next run on",
    )


def _prompts(company: Company, system: System, rng: Random) -> None:
    for i, month in enumerate((2, 5, 8, 11)):
        day = company.day(date(2026, month, 9), date(2026, month, 24), rng)
        company.add(
            "prompt_changes",
            f"prompt-{system.id}-{i + 1}",
            title=("System prompt", "Output filter", "Tool definitions", "Retrieval settings")[i],
            system=system.id,
            version=f"{system.id} {4 + i}.{rng.randint(0, 9)}",
            author="p09",
            reviewer="p07",
            reviewed_on=day - timedelta(days=1),
            tested_on=day - timedelta(days=rng.randint(1, 3)),
            test_results="regression suite passed",
            released_on=day,
        )


def _tests(company: Company, system: System, rng: Random) -> None:
    """A yearly test, one after each major change, and a finding that was resolved."""
    first, second = yearly(company, rng, 6)
    tests = [(f"red-{system.id}-2025", first, ""), (f"red-{system.id}-2026", second, "")]
    for model in company.rows("models", endpoint=system.id, major_change="yes"):
        day = as_day(model["deployed_on"]) + timedelta(days=rng.randint(3, 20))
        if day <= END:
            tests.append((f"red-{model['id']}", day, model["id"]))
    for id, day, model_id in tests:
        company.add(
            "adversarial_tests",
            id,
            system=system.id,
            model=model_id or None,
            completed_on=day,
            tester="security team",
            attacks="injected instructions, extraction of prompts, abuse",
            results="report filed",
        )
    company.add(
        "adversarial_findings",
        f"finding-{system.id}",
        test=f"red-{system.id}-2026",
        title="Hidden text in a page was obeyed",
        found_on=second,
        owner="p07",
        ticket=f"ML-{rng.randint(100, 999)}",
        resolved_on=second + timedelta(days=rng.randint(5, 60)),
    )


def _context(company: Company, system: System, rng: Random) -> None:
    if system.kind == "inference-endpoint":
        company.set("systems", system.id, keeps_context=True)
    add_setting(company, system.id, "context-tenant-filter", "enforced", rng)
    for day in yearly(company, rng, 9):
        company.add(
            "cross_tenant_tests",
            f"cross-{system.id}-{day.year}",
            system=system.id,
            completed_on=day,
            queries=rng.randint(40, 400),
            foreign_results=0,
        )


def _agent(company: Company, system: System, rng: Random) -> None:
    """The feature that calls tools acts under the service account of its endpoint."""
    account: Row = next(company.rows("accounts", system=system.id, kind="service"))
    for setting, value in (
        ("tool-allow-list", "enforced"),
        ("irreversible-actions", "approval"),
        ("agent-action-log", "on"),
    ):
        add_setting(company, system.id, setting, value, rng)
    company.add(
        "agents",
        f"agent-{system.id}",
        system=system.id,
        account=account["id"],
        scopes="read indexed documents, draft replies",
        tools="search, calculator, draft",
        approved_by="p03",
        approved_on=company.day(date(2025, 9, 1), date(2025, 11, 28), rng),
    )
