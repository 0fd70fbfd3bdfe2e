"""Defects in keeping data available and apart: backups, restores, availability, zones, keys, isolation, egress."""

from datetime import date

from gapgraph.demo.company import Company
from gapgraph.demo.defect import Defect, says, sizes
from gapgraph.demo.planting import every_capture, last_capture


def _silent_backup(company: Company) -> None:
    company.set("backup_reports", "jobs-core-db-q3", covers_until=date(2026, 8, 31))
    for row in company.rows("backup_failures", system="core-db"):
        if row["id"] == "job-core-db-q3":
            row |= {"failed_on": "2026-08-05", "alerted_on": "2026-08-05", "next_success_on": "2026-08-05"}


def _unalerted(company: Company) -> None:
    company.set("backup_failures", "job-vectors-q2", alerted_on=None)


def _restore_missing(company: Company) -> None:
    company.drop("restore_tests", "restore-core-db-2026")


def _restore_slow(company: Company) -> None:
    company.set("restore_tests", "restore-vectors-2026", hours_taken=9)


def _availability_unexplained(company: Company) -> None:
    company.set("availability_reports", "uptime-assistant-05", explanation=None, notified_on=None)


def _one_zone(company: Company) -> None:
    last_capture(company, "inference", "failure-zones", number=1)


def _recovery_path(company: Company) -> None:
    every_capture(company, "idp", "failure-zones", number=1)
    company.set(
        "systems",
        "idp",
        recovery_path="runbook on the loss of sign-on, version 3",
        recovery_path_hours=3,
        recovery_path_approved_on=date(2025, 10, 6),
    )


def _site_unread(company: Company) -> None:
    for row in company.rows("report_reviews"):
        row["environmental_controls_noted"] = ""


def _key_stale(company: Company) -> None:
    company.set("keys", "key-registry", rotated_on=date(2025, 9, 1))


def _key_unseparated(company: Company) -> None:
    company.set("keys", "key-vectors", administrators=["p07"])


def _store_open(company: Company) -> None:
    last_capture(company, "training", "public-access", value="open")


def _isolation_broken(company: Company) -> None:
    company.set("isolation_tests", "isolation-assistant-2026", foreign_reads=2)


def _paths_open(company: Company) -> None:
    last_capture(company, "helpdesk", "egress", value="open")


_ZONE = says("AVL-08 systems/inference", ineffective="C-RED-1", not_met="A1.2 CC9.1")
_OPEN = says("CNF-07 systems/training", ineffective="C-PUB-1", not_met="CC6.1 CC6.6")
_TENANT = says("CNF-08 services/assistant", ineffective="C-TEN-1", not_met="C1.1 CC6.1")
_PATHS = says("CNF-09 systems/helpdesk", ineffective="C-EGR-1", exceptions="CC6.7")

RESILIENCE = (
    Defect(
        "backup-silent",
        "The backup tool has no history of the customer database in September",
        _silent_backup,
        says("AVL-02 systems/core-db", unconcluded="C-BKM-1", no_conclusion="A1.2"),
    ),
    Defect(
        "backup-unalerted",
        "Nobody was alerted to a failed backup of the vector store",
        _unalerted,
        says("AVL-02 systems/vectors", ineffective="C-BKM-1", not_met="A1.2"),
        by_size=sizes("mid", "large", type2=says("AVL-02 systems/vectors", excepted="C-BKM-1", exceptions="A1.2")),
    ),
    Defect(
        "restore-missing",
        "The customer database was not restored as a test this year",
        _restore_missing,
        says("AVL-03 systems/core-db", ineffective="C-RST-1", not_met="A1.2 A1.3"),
    ),
    Defect(
        "restore-slow",
        "The restore of the vector store took nine hours of four allowed, and nothing was done",
        _restore_slow,
        says("AVL-03 systems/vectors", ineffective="C-RST-1", not_met="A1.2 A1.3"),
    ),
    Defect(
        "availability-unexplained",
        "A month below the target was neither explained nor announced",
        _availability_unexplained,
        says("AVL-07 services/assistant", ineffective="C-AVM-1", exceptions="A1.1"),
    ),
    Defect("zone-single", "The inference endpoint runs in one failure zone since December", _one_zone, _ZONE, _ZONE),
    Defect(
        "zone-single-recoverable",
        "The identity provider runs in one zone and has an approved recovery path: no gap",
        _recovery_path,
        says(),
    ),
    Defect(
        "site-unread",
        "No review of a report looked at the protection of the vendor's site",
        _site_unread,
        says("AVL-09 facilities/site-cloud", ineffective="C-ENV-1", exceptions="A1.2 CC6.4"),
    ),
    Defect(
        "key-stale",
        "The key of the model registry was last rotated in September of the year before",
        _key_stale,
        says("CNF-04 keys/key-registry", ineffective="C-KEY-1", exceptions="CC6.1"),
        by_size=sizes("mid", "large", type2=says("CNF-04 keys/key-registry", excepted="C-KEY-1", exceptions="CC6.1")),
    ),
    Defect(
        "key-unseparated",
        "The owner of the vector store's service account administers its key",
        _key_unseparated,
        says("CNF-04 keys/key-vectors", ineffective="C-KEY-1", exceptions="CC6.1"),
        by_size=sizes("mid", "large", type2=says("CNF-04 keys/key-vectors", excepted="C-KEY-1", exceptions="CC6.1")),
        excludes=frozenset({"key-stale"}),
    ),
    Defect(
        "store-open", "The training pipeline's store is open to the internet since December", _store_open, _OPEN, _OPEN
    ),
    Defect(
        "tenant-broken",
        "The isolation test reached data of another customer twice",
        _isolation_broken,
        _TENANT,
        _TENANT,
    ),
    Defect("paths-open", "Nothing limits outbound paths of the helpdesk since December", _paths_open, _PATHS, _PATHS),
)
