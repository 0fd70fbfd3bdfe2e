"""A scanner's file in a workspace, end to end: from a finding over the resource to the gap of a system."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gapgraph import workspace
from gapgraph.model import Assessment, Gap, Outcome, Source
from gapgraph.run import assess
from gapgraph.sources import read_workspace
from gapgraph.why import explain
from tests.small_workspace import CONFIG, registers, write
from tests.test_findings import record

STORE = "arn:aws:rds:eu-central-1:000000000000:db:example-main"
CHECK = "rds_instance_storage_encrypted"


def finding(day: datetime, **changes: Any) -> dict[str, Any]:
    """What the scanner wrote of the store's encryption; all names are invented."""
    return record(
        metadata__event_code=CHECK,
        resources=[{"uid": STORE, "name": "example-main", "region": "eu-central-1", "type": "AwsRdsDbInstance"}],
        finding_info__uid=f"prowler-aws-{CHECK}-000000000000-eu-central-1-example-main",
        time=int(day.timestamp()),
        **changes,
    )


MARCH = finding(datetime(2026, 3, 1, 12, tzinfo=UTC))
JUNE = finding(datetime(2026, 6, 1, 12, tzinfo=UTC), status_code="FAIL")


def scanned(folder: Path, *records: dict[str, Any], config: str = CONFIG) -> Path:
    """A company with two systems, one of them the store that the scan is about."""
    tables = registers(2)
    tables["systems"] = [
        "id,name,kind,owner,stores_data",
        "s1,System s1,application,ana,no",
        "s2,Main store,database,ana,yes",
    ]
    control = "enc,Encryption at rest,encryption-at-rest,Encrypts stores,ana,ana,ben,continuous,,2024-01-01"
    tables["controls"].append(control)
    tables["resources"] = ["id,system,resource", "web,s1,arn:aws:s3:::example-web", f"main,s2,{STORE}"]
    tables["change_records"] = [
        "id,systems,covers_from,covers_until,source,query,extracted_on",
        "log,s1;s2,2026-01-01,2026-12-31,audit trail,all changes,2026-12-31",
    ]
    write(folder, tables, config)
    (folder / "findings").mkdir()
    (folder / "findings" / "scan.ocsf.json").write_text(json.dumps(records, indent=2), encoding="utf-8")
    return folder


def gaps(found: Assessment, requirement: str) -> list[Gap]:
    return [g for g in found.gaps if (g.engagement, g.requirement) == ("t2", requirement)]


def outcome(found: Assessment, id: str) -> Outcome:
    return next(r.outcome for r in found.requirements if (r.engagement, r.id) == ("t2", id))


def test_a_failed_check_on_a_resource_of_a_system_is_a_gap_that_cites_the_record(tmp_path: Path) -> None:
    folder = scanned(tmp_path, MARCH, JUNE)
    found = assess(folder)
    assert [f for f in found.meta.faults if not f.notice] == []
    (gap,) = gaps(found, "CNF-02")
    assert (gap.subject, gap.subject_label) == ("https://example.org/test/systems/s2", "Main store")
    space = workspace.load(folder)
    loaded = read_workspace(folder, workspace.names_of(space))
    assert loaded.rows[gap.subject] == (Source("registers/systems.csv", 3),)

    (deviation,) = gap.deviations
    assert deviation.sources == (Source("findings/scan.ocsf.json", 2), Source("registers/resources.csv", 3))
    record, resource = explain(folder, found, gap.id).rows
    cells = dict(record.cells)
    assert (record.note, cells["metadata.event_code"], cells["status_code"]) == ("", CHECK, "FAIL")
    assert cells["resources.uid"] == STORE
    assert dict(resource.cells) == {"id": "main", "system": "s2", "resource": STORE}


def test_a_passed_check_over_the_whole_period_is_no_gap(tmp_path: Path) -> None:
    found = assess(scanned(tmp_path, MARCH))
    assert gaps(found, "CNF-02") == []
    assert outcome(found, "CNF-02") is Outcome.MET


@pytest.mark.parametrize(("zone", "known"), [("UTC", True), ("America/Los_Angeles", True), ("Europe/Berlin", False)])
def test_the_zone_decides_whether_a_finding_was_known(tmp_path: Path, zone: str, known: bool) -> None:
    late = finding(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), status_code="FAIL")
    config = CONFIG.replace('zone = "UTC"', f'zone = "{zone}"')
    found = assess(scanned(tmp_path, MARCH, late, config=config))
    assert bool(gaps(found, "CNF-02")) is known


@pytest.mark.parametrize(
    "name", ["scan.csv", "scan.html", "scan.txt", "scan.jsonl", "scan.sarif", "scan", "scan.json.gz"]
)
def test_findings_that_are_not_read_are_a_fault(tmp_path: Path, name: str) -> None:
    folder = scanned(tmp_path, MARCH)
    (folder / "findings" / name).write_text("CHECK_ID;STATUS\nx;FAIL\n", encoding="utf-8")
    found = assess(folder)
    (fault,) = [f for f in found.meta.faults if not f.notice]
    assert (fault.path, fault.row) == (f"findings/{name}", 0)
    assert "findings are read from OCSF JSON with the ending .json" in fault.message
    assert "CNF-02" in fault.touches
    assert "POL-01" not in fault.touches
    assert outcome(found, "CNF-02") is Outcome.NO_CONCLUSION


@pytest.mark.parametrize("name", ["README.md", "README", "readme.txt", "notes.md", ".gitkeep"])
def test_a_page_about_the_folder_is_no_fault(tmp_path: Path, name: str) -> None:
    folder = scanned(tmp_path, MARCH)
    for place in ("registers", "graphs", "findings"):
        (folder / place).mkdir(exist_ok=True)
        (folder / place / name).write_text("What this is.\n", encoding="utf-8")
    assert [f for f in assess(folder).meta.faults if not f.notice] == []


def test_a_repeated_scan_of_one_day_shows_its_worst(tmp_path: Path) -> None:
    again = finding(datetime(2026, 3, 1, 18, tzinfo=UTC), status_code="FAIL")
    (gap,) = gaps(assess(scanned(tmp_path, MARCH, again)), "CNF-02")
    assert Source("findings/scan.ocsf.json", 2) in gap.deviations[0].sources
