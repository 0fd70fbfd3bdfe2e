"""Defects about assets and sites: inventory, devices, disposal, protection against malware, badges."""

from datetime import date

from gapgraph.demo.company import Company
from gapgraph.demo.defect import Defect, says, sizes
from gapgraph.demo.planting import last_capture


def _unlisted(company: Company) -> None:
    company.add(
        "asset_sightings",
        "asset-forgotten",
        name="test-vm-forgotten",
        source="inventory of the cloud account",
        seen_on=date(2026, 11, 24),
    )


def _diagram_incomplete(company: Company) -> None:
    row = company.row("diagrams", "flows-assistant-2026")
    row["systems"] = ";".join(s for s in row["systems"].split(";") if s != "vectors")


def _unencrypted_laptop(company: Company) -> None:
    company.set("device_reports", "dev-p10-2026-09", disk_encrypted=False)


def _not_wiped(company: Company) -> None:
    company.set("devices", "dev-old-01", sanitised_on=None, sanitisation_record=None)


def _no_protection(company: Company) -> None:
    last_capture(company, "warehouse", "malware-protection", value="none")


def _protection_excepted(company: Company) -> None:
    for row in company.rows("captures", system="core-db", setting="malware-protection"):
        row["value"] = "none"
    company.add(
        "exceptions",
        "ex-malware-core-db",
        kind="malware-protection",
        subject="core-db",
        reason="nothing can be installed on the managed service",
        requested_by="p08",
        approved_by="p03",
        approved_on=date(2026, 1, 1),
        expires_on=date(2026, 12, 31),
        compensating_control="C-LOG-1",
        risk_rating="medium",
    )


def _visitors_unlogged(company: Company) -> None:
    company.drop("visitor_logs", "visitors-site-office-q3")


def _badge_late(company: Company) -> None:
    left = date.fromisoformat(company.row("people", "l001")["ended_on"])
    company.set("badges", "badge-l001", deactivated_on=left.replace(day=30))
    for row in company.rows("badge_reviews", facility="site-office"):
        drawn = date.fromisoformat(row["list_drawn_on"])
        if left <= drawn < left.replace(day=30):
            row["badges_listed"] = str(int(row["badges_listed"]) + 1)


_SIGHTING = says("AST-01 organisation", excepted="C-AST-1", exceptions="CC2.1 CC6.1")
_DIAGRAM = says("AST-02 services/assistant", ineffective="C-DFD-1", exceptions="CC2.1 CC6.1")

ASSETS = (
    Defect(
        "asset-unlisted",
        "The cloud account shows a machine that the inventory does not hold",
        _unlisted,
        _SIGHTING,
        _SIGHTING,
    ),
    Defect(
        "diagram-incomplete",
        "The diagram of the assistant leaves out the vector store",
        _diagram_incomplete,
        _DIAGRAM,
        _DIAGRAM,
    ),
    Defect(
        "laptop-unencrypted",
        "One laptop reported in September that its disk was not encrypted",
        _unencrypted_laptop,
        says("AST-03 devices/dev-p10", excepted="C-DEV-1", exceptions="CC6.1 CC6.7 CC6.8"),
    ),
    Defect(
        "laptop-not-wiped",
        "An old laptop was sold without being wiped",
        _not_wiped,
        says("AST-04 controls/C-DSP-1", ineffective="C-DSP-1", exceptions="C1.2 CC6.5"),
        by_size=sizes("large", type2=says("AST-04 controls/C-DSP-1", excepted="C-DSP-1", exceptions="C1.2 CC6.5")),
    ),
    Defect(
        "host-unprotected",
        "The data warehouse lost its protection against malware",
        _no_protection,
        says("AST-05 systems/warehouse", ineffective="C-MAL-1", not_met="CC6.8"),
    ),
    Defect(
        "host-protection-excepted",
        "The customer database runs no protection under an approved exception: no gap",
        _protection_excepted,
        says(),
    ),
    Defect(
        "visitors-unlogged",
        "The office has no visitor log of the third quarter",
        _visitors_unlogged,
        says("PHY-01 facilities/site-office", ineffective="C-PHY-1", exceptions="CC6.4"),
    ),
    Defect(
        "badge-late",
        "The badge of somebody who left in April was switched off days later",
        _badge_late,
        says("PHY-01 facilities/site-office", excepted="C-PHY-1", exceptions="CC6.4"),
        sizes=frozenset({"small"}),
    ),
)
