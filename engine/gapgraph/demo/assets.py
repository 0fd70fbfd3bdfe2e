"""Devices and what they report, what tools see, what was taken out of use, diagrams of data flows."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from gapgraph.demo.company import START, Company, Row, as_day, workday
from gapgraph.demo.landscape import System

_EXPORTS = (date(2025, 12, 15), date(2026, 3, 16), date(2026, 6, 15), date(2026, 9, 14), date(2026, 12, 14))
_MODELS = (("laptop", "workstation system 14"), ("laptop", "desktop system 24.04"), ("phone", "phone system 18"))


def add_assets(company: Company, systems: Sequence[System]) -> None:
    """Fills devices, device_reports, retired_media, asset_sightings and diagrams."""
    rng = company.chance("assets")
    for person in company.rows("people"):
        if person["has_devices"] == "yes":
            add_device(company, person, rng)
    _old_laptops(company, rng)
    for i, system in enumerate(systems):
        company.add(
            "asset_sightings",
            f"asset-{i + 1:03d}",
            name=f"{system.id}-primary",
            source="inventory of the cloud account",
            seen_on=company.day(date(2026, 11, 9), date(2026, 12, 11), rng),
            entry=system.id,
        )
    for device in company.rows("devices", returned_on=""):
        company.add(
            "asset_sightings",
            f"asset-{device['id']}",
            name=device["name"],
            source="list of the device manager",
            seen_on=date(2026, 12, 14),
            entry=device["id"],
        )
    _diagrams(company, systems, rng)


def add_device(company: Company, person: Row, rng: Random) -> str:
    """The laptop of a person, and what it reported in each export of its time."""
    started = as_day(person["started_on"])
    left = as_day(person["ended_on"]) if person.get("ended_on") else None
    id = f"dev-{person['id']}"
    back = person.get("devices_settled_on", "") or None
    _, system = _MODELS[rng.randrange(2)]
    company.add(
        "devices",
        id,
        name=f"laptop {person['id']}",
        holder=person["id"],
        issued_on=started,
        enrolled_on=started,
        returned_on=back,
    )
    for export in _EXPORTS:
        if export < started or (left is not None and export >= left):
            continue
        seen = export - timedelta(days=rng.randint(0, 9)) if export > started + timedelta(days=10) else export
        company.add(
            "device_reports",
            f"{id}-{export:%Y-%m}",
            device=id,
            captured_on=export,
            last_check_in_on=seen,
            disk_encrypted=True,
            screen_lock=True,
            os_version=system,
            os_supported_until=date(2028, 4, 30),
            protection_on=True,
            protection_updated_on=seen - timedelta(days=rng.randint(0, 5)),
            removable_media="blocked",
            source="export of the device manager",
        )
    return id


def _old_laptops(company: Company, rng: Random) -> None:
    """Laptops that came back before the year and were wiped and sold in it, and disks of the cloud accounts."""
    for i in range(max(2, company.size.people // 15)):
        gone = company.day(date(2026, 2, 2), date(2026, 11, 20), rng)
        company.add(
            "devices",
            f"dev-old-{i + 1:02d}",
            name=f"old laptop {i + 1}",
            issued_on=company.day(date(2021, 3, 1), date(2022, 9, 30), rng),
            enrolled_on=date(2022, 10, 3),
            returned_on=date(2025, 11, 28),
            retired_on=gone,
            sanitised_on=max(START, gone - timedelta(days=rng.randint(0, 14))),
            sanitisation_record=f"certificate {7000 + i} of the disposer",
        )
    for i in range(max(1, company.size.systems // 8)):
        gone = company.day(date(2026, 3, 2), date(2026, 10, 30), rng)
        company.add(
            "retired_media",
            f"medium-{i + 1:02d}",
            name=f"volume of a test database {i + 1}",
            system="core-db",
            retired_on=gone,
            sanitised_on=gone,
            sanitisation_record="deletion event in the log of the cloud account",
        )


def _diagrams(company: Company, systems: Sequence[System], rng: Random) -> None:
    """A diagram for each service and year; vendors that receive data stand on one of them.

    A vendor that was engaged after the diagram of its service was drawn stands on each one that is drawn later.
    """
    services = [row["id"] for row in company.rows("services")]
    firsts = [company.day(date(2025, 5, 5), date(2025, 6, 20), rng) for _ in services]
    vendors = [(row["id"], as_day(row["engaged_on"])) for row in company.rows("vendors", handles_data="yes")]
    for number, service in enumerate(services):
        for year, after in ((2025, 0), (2026, 350)):
            days = [workday(first + timedelta(days=after)) if after else first for first in firsts]
            drawn = days[number]
            receiving = [
                vendor
                for i, (vendor, engaged) in enumerate(vendors)
                if engaged <= drawn and (i % len(services) == number or engaged > days[i % len(services)])
            ]
            company.add(
                "diagrams",
                f"flows-{service}-{year}",
                title=f"Data flows of {service}, {year}",
                service=service,
                drawn_on=drawn,
                systems=[s.id for s in systems if s.service == service],
                vendors=receiving,
            )
