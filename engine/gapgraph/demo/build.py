"""Puts a clean company together: whatever the size and seed, nothing about it is a gap."""

from dataclasses import replace
from random import Random

from gapgraph.demo.access import add_access
from gapgraph.demo.ai_models import add_ai_models
from gapgraph.demo.ai_records import add_ai
from gapgraph.demo.ai_use import add_ai_use
from gapgraph.demo.assets import add_assets
from gapgraph.demo.change import add_change
from gapgraph.demo.company import SIZES, Company
from gapgraph.demo.controls import add_controls
from gapgraph.demo.documents import add_acknowledgements, add_documents, add_procedures
from gapgraph.demo.evidence import add_evidence
from gapgraph.demo.governance import add_closed_gap, add_governance, add_risks
from gapgraph.demo.hardening import add_hardening
from gapgraph.demo.incidents import add_incidents
from gapgraph.demo.landscape import add_landscape
from gapgraph.demo.models import add_models
from gapgraph.demo.names import Names, company_name
from gapgraph.demo.operations import add_operations
from gapgraph.demo.oversight import add_oversight
from gapgraph.demo.people import add_people
from gapgraph.demo.privacy import add_breaches, add_privacy
from gapgraph.demo.processing import add_processing
from gapgraph.demo.reliability import add_reliability
from gapgraph.demo.resilience import add_resilience
from gapgraph.demo.sites import add_sites
from gapgraph.demo.six import gather
from gapgraph.demo.staffing import add_key_roles, add_staffing
from gapgraph.demo.treatment import add_treatment
from gapgraph.demo.vendors import add_vendors
from gapgraph.demo.watching import add_watching


def clean_company(size: str = "small", seed: int = 1) -> Company:
    """The company of that size and seed, without any defect."""
    rng = Random(f"{size} {seed}")  # noqa: S311 - names and dates of a demo, nothing secret
    organisation = company_name(size, rng)
    slug = "".join(c if c.isalnum() else "-" for c in organisation.lower())
    wanted = SIZES[size]
    company = Company(replace(SIZES[wanted.scale], name=size), seed, organisation, f"https://{slug}.example/", rng)
    names = Names.drawn(rng)
    add_people(company, names)
    systems = add_landscape(company)
    add_vendors(company, names)
    add_access(company, systems)
    add_models(company, systems)
    add_operations(company, systems)
    add_change(company, systems)
    add_hardening(company, systems)
    add_governance(company)
    add_documents(company)
    add_acknowledgements(company)
    add_staffing(company)
    add_key_roles(company)
    add_privacy(company, systems)
    add_incidents(company)
    add_breaches(company)
    add_watching(company, systems)
    add_processing(company, systems)
    add_sites(company)
    add_resilience(company, systems)
    add_assets(company, systems)
    add_ai_models(company, systems)
    add_ai_use(company, systems)
    add_ai(company, systems)
    add_controls(company, systems)
    add_procedures(company)
    add_risks(company)
    add_treatment(company)
    add_oversight(company)
    add_evidence(company)
    add_closed_gap(company)
    add_reliability(company)
    if size == "tiny":
        gather(company)
    company.size = wanted
    return company
