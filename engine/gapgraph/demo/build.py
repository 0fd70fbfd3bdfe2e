"""Puts a clean company together: whatever the size and seed, nothing about it is a gap."""

from random import Random

from gapgraph.demo.access import add_access
from gapgraph.demo.company import SIZES, Company
from gapgraph.demo.controls import add_controls
from gapgraph.demo.evidence import add_evidence
from gapgraph.demo.governance import add_closed_gap, add_governance, add_risks
from gapgraph.demo.landscape import add_landscape
from gapgraph.demo.models import add_models
from gapgraph.demo.names import Names, company_name
from gapgraph.demo.operations import add_operations
from gapgraph.demo.people import add_people
from gapgraph.demo.vendors import add_vendors


def clean_company(size: str = "small", seed: int = 1) -> Company:
    """The company of that size and seed, without any defect."""
    rng = Random(f"{size} {seed}")  # noqa: S311 - names and dates of a demo, nothing secret
    organisation = company_name(size, rng)
    slug = "".join(c if c.isalnum() else "-" for c in organisation.lower())
    company = Company(SIZES[size], seed, organisation, f"https://{slug}.example/", rng)
    names = Names.drawn(rng)
    add_people(company, names)
    systems = add_landscape(company)
    add_vendors(company, names)
    add_access(company, systems)
    add_models(company, systems)
    add_operations(company, systems)
    add_governance(company)
    add_controls(company, systems)
    add_risks(company)
    add_evidence(company)
    add_closed_gap(company)
    return company
