"""Defects in operations: availability, confidentiality, logging, findings, training of people."""

from datetime import date

from gapgraph.demo.access import add_accounts, review_system
from gapgraph.demo.company import Company, listed
from gapgraph.demo.defect import NOTHING, Defect, says, sizes
from gapgraph.demo.documents import EVERYBODY
from gapgraph.demo.evidence import add_nil
from gapgraph.demo.landscape import System, add_system
from gapgraph.demo.planting import (
    captures,
    every_capture,
    finding,
    last_capture,
    not_scanned,
    scan_of,
    without_operation,
)


def _no_backup(company: Company) -> None:
    every_capture(company, "vectors", "backup", value="none")


def _bare_test(company: Company) -> None:
    company.set("activities", "recovery-test-2026", scenario=None, results=None, actions=None)


def _no_capacity_review(company: Company) -> None:
    company.drop("activities", "capacity-app-q3")


def _loose_alert(company: Company) -> None:
    company.set("services", "assistant", availability_alert_at="99.5")


def _late_control(company: Company) -> None:
    company.set("controls", "C-SLO-1", implemented_on=date(2026, 3, 2))


def _unclassified(company: Company) -> None:
    company.set("systems", "helpdesk", classification=None)


def _unencrypted(company: Company) -> None:
    row = captures(company, "registry", "encryption-at-rest")[
        -1 - len(captures(company, "registry", "encryption-at-rest")) // 2
    ]
    row["value"] = "off"


def _certificate(company: Company) -> None:
    last_capture(company, "app", "certificate", value="expired")


def _kept_too_long(company: Company) -> None:
    last_capture(company, "warehouse", "oldest-record-days", number=700)


def _deleted_late(company: Company) -> None:
    company.set("customer_contracts", "cust-001", ended_on=date(2026, 3, 10), deleted_on=date(2026, 5, 20))


def _no_contract_ended(company: Company) -> None:
    company.drop("customer_contracts", *list(company.tables["customer_contracts"]))
    without_operation(company, "C-DEL-1")
    add_nil(company, "C-DEL-1", "CNF-06")


def _silent_source(company: Company) -> None:
    last_capture(company, "training", "log-silence-hours", number=72)


def _no_monitor(company: Company) -> None:
    company.drop("monitor_failures", *(r["id"] for r in company.rows("monitor_failures", monitor="mon-C-TLS-1")))
    company.drop("monitors", "mon-C-TLS-1")


def _scan_missing(company: Company) -> None:
    not_scanned(company, "core-db", "2026-05")


def _scan_late(company: Company) -> None:
    result = scan_of(company, "app", "2026-08")["result"]
    not_scanned(company, "app", "2026-08")
    company.add(
        "scans",
        "scan-2026-08-app",
        systems=["app"],
        window="2026-08",
        completed_on=date(2026, 9, 2),
        tool="authenticated scanner",
        result=result,
    )


def _scan_compensated(company: Company) -> None:
    not_scanned(company, "cloud", "2026-06")
    company.add(
        "evidence",
        "ev-C-MON-1-june",
        title="Versions compared with known flaws, June 2026",
        kind="log",
        control="C-MON-1",
        event_date=date(2026, 6, 15),
        captured_on=date(2026, 6, 15),
        captured_by="p06",
        source="log store",
    )
    company.add(
        "compensations",
        "comp-1",
        control="C-MON-1",
        requirement=["VUL-01"],
        covers_from=date(2026, 6, 1),
        covers_until=date(2026, 6, 30),
        evidence=["ev-C-MON-1-june"],
        reason="monitors compared the versions of all components with the list of known flaws each day of June",
    )


def _overdue(company: Company) -> None:
    finding(company, "vul-overdue", "Outdated library on the helpdesk", "helpdesk", "high", date(2026, 8, 3), None)


def _overdue_explained(company: Company) -> None:
    finding(company, "vul-explained", "Flaw in the login page", "app", "critical", date(2026, 5, 11), date(2026, 6, 10))
    company.add(
        "deviation_causes",
        "cause-1",
        requirement=["VUL-02"],
        record="vul-explained",
        cause="the fix of the supplier came three weeks late",
        recorded_by="p06",
        recorded_on=date(2026, 6, 12),
    )


def _overdue_cluster(company: Company) -> None:
    for i, found in enumerate((date(2026, 6, 1), date(2026, 6, 15), date(2026, 7, 6)), start=1):
        finding(company, f"vul-cluster-{i}", f"Unpatched image {i}", "warehouse", "medium", found, None)


def _untrained(company: Company) -> None:
    company.add(
        "people",
        "j-front",
        name="Juno Amberfield",
        email=f"juno.amberfield@{company.base.split('/')[2]}",
        kind="contractor",
        role="Receptionist",
        department="people",
        manager="p04",
        started_on=date(2026, 3, 2),
        has_devices=False,
    )
    company.add("job_descriptions", "job-front", role="Receptionist", approved_on=date(2025, 10, 6))
    company.add(
        "signed_agreements",
        "terms-j-front",
        person="j-front",
        title="Contract with confidentiality terms",
        confidentiality_terms=True,
        signed_on=date(2026, 2, 20),
    )
    for policy in EVERYBODY:
        company.add(
            "policy_acknowledgements",
            f"ack-{policy.removeprefix('pol-')}-j-front",
            policy=policy,
            version=company.row("policies", policy)["version"],
            person="j-front",
            acknowledged_on=date(2026, 3, 9),
        )


def _access_without_training(company: Company) -> None:
    company.drop("trainings", *(r["id"] for r in company.rows("trainings", person="j001")))


def _not_repeated(company: Company) -> None:
    company.drop("trainings", "t-p10-2026")


def _entered_scope(company: Company) -> None:
    system = System(
        "notebooks",
        "Notebook service",
        "application",
        "p07",
        "p02",
        critical=False,
        production=False,
        holds=(),
        internet=False,
        sign_on=True,
        admins=True,
        everybody=False,
        departments=("ml",),
        scope_from=date(2026, 8, 20),
    )
    add_system(company, system)
    add_accounts(company, system, [p for p in company.rows("people") if not p.get("ended_on")])
    review_system(company, system, [4])
    for month in range(9, 13):
        row = scan_of(company, "app", f"2026-{month:02d}")
        row["systems"] += ";notebooks"
    for control in company.rows("controls"):
        named = listed(control["applies_to"])
        if "app" in named:
            control["applies_to"] += ";notebooks"


_BACKUP = says("AVL-01 systems/vectors", ineffective="C-BKP-1 C-BKX-1", not_met="A1.2 CC7.5")
_ALERT = says("AVL-06 services/assistant", ineffective="C-SLO-1", exceptions="A1.1 A1.2 CC2.3")
_LABEL = says("CNF-01 systems/helpdesk", ineffective="C-DIN-1", not_met="C1.1 CC2.1 CC6.1")
_CERTIFICATE = says("CNF-03 systems/app", ineffective="C-TLS-1", not_met="C1.1 CC6.7")
_SILENT = says("LOG-01 systems/training", ineffective="C-LOG-1", not_met="CC6.1 CC7.2")
_GATE = tuple(
    f"HR-04 accounts/{system}-j001"
    for system in ("idp", "code", "cloud", "core-db", "app", "inference", "vectors", "helpdesk", "warehouse")
)

OPERATIONS = (
    Defect("backup-missing", "No backup plan covers the vector store", _no_backup, _BACKUP, _BACKUP),
    Defect(
        "recovery-test-bare",
        "The record of the recovery test holds nothing but its date",
        _bare_test,
        says("AVL-04 organisation", ineffective="C-RCT-1", not_met="A1.3 CC7.5 CC9.1"),
    ),
    Defect(
        "capacity-review-missing",
        "Nobody reviewed the capacity of the application in the third quarter",
        _no_capacity_review,
        says("AVL-05 systems/app", ineffective="C-CAP-1", exceptions="A1.1"),
    ),
    Defect("alert-loose", "The availability alert comes only after the target is missed", _loose_alert, _ALERT, _ALERT),
    Defect(
        "control-late-start",
        "Availability targets were introduced in March",
        _late_control,
        says("AVL-06 controls/C-SLO-1", "EVD-11 controls/C-SLO-1", exceptions="A1.1 A1.2 CC2.3"),
    ),
    Defect("store-unclassified", "The helpdesk has no classification", _unclassified, _LABEL, _LABEL),
    Defect(
        "store-unencrypted",
        "The model registry was not encrypted for part of the year",
        _unencrypted,
        says("CNF-02 systems/registry", ineffective="C-ENC-1", not_met="C1.1 CC6.1"),
    ),
    Defect(
        "certificate-expired",
        "The certificate of the application has run out",
        _certificate,
        _CERTIFICATE,
        _CERTIFICATE,
    ),
    Defect(
        "records-kept-too-long",
        "The data warehouse keeps records beyond their retention time",
        _kept_too_long,
        says("CNF-05 systems/warehouse", ineffective="C-RET-1", exceptions="C1.1 P4.2"),
    ),
    Defect(
        "deletion-late",
        "Data of an ended customer was deleted after seventy days",
        _deleted_late,
        says("CNF-06 controls/C-DEL-1", excepted="C-DEL-1", exceptions="C1.2 CC6.5 P4.3"),
        by_size=sizes("mid", type2=says("CNF-06 controls/C-DEL-1", ineffective="C-DEL-1", not_met="C1.2 CC6.5 P4.3")),
    ),
    Defect(
        "nil-shown",
        "No customer contract ended, and a zero-row query shows it: no gap",
        _no_contract_ended,
        NOTHING,
        excludes=frozenset({"deletion-late"}),
    ),
    Defect(
        "log-source-silent",
        "The training pipeline was silent in the log store for three days",
        _silent_source,
        _SILENT,
        _SILENT,
    ),
    Defect(
        "monitor-missing",
        "No monitor watches the automated control for encryption of traffic",
        _no_monitor,
        says("LOG-06 controls/C-TLS-1", excepted="C-MON-1", exceptions="CC4.1 CC7.2"),
        by_size=sizes("small", type2=says("LOG-06 controls/C-TLS-1", ineffective="C-MON-1", exceptions="CC4.1 CC7.2")),
    ),
    Defect(
        "scan-missing",
        "The scan of May left out the customer database",
        _scan_missing,
        says("VUL-01 systems/core-db", ineffective="C-VSC-1", not_met="CC7.1"),
    ),
    Defect(
        "scan-late",
        "The application was scanned two days after the end of August",
        _scan_late,
        says("VUL-01 systems/app", excepted="C-VSC-1", exceptions="CC7.1"),
    ),
    Defect(
        "scan-compensated",
        "The scan of June left out the cloud platform, and another control stood in for it",
        _scan_compensated,
        says("VUL-01 systems/cloud", ineffective="C-VSC-1", exceptions="CC7.1"),
    ),
    Defect(
        "finding-overdue",
        "A finding of high severity on the helpdesk is open beyond its deadline",
        _overdue,
        says("VUL-02 controls/C-VRM-1", excepted="C-VRM-1", exceptions="CC7.1 CC7.4"),
    ),
    Defect(
        "finding-explained",
        "A critical finding was closed late, and the cause is recorded",
        _overdue_explained,
        says("VUL-02 controls/C-VRM-1", excepted="C-VRM-1", exceptions="CC7.1 CC7.4"),
    ),
    Defect(
        "findings-clustered",
        "Three findings on the data warehouse are open beyond their deadlines",
        _overdue_cluster,
        says("VUL-02 controls/C-VRM-1", ineffective="C-VRM-1", not_met="CC7.1 CC7.4"),
    ),
    Defect(
        "joiner-untrained",
        "A new receptionist without accounts finished no training",
        _untrained,
        says("HR-02 controls/C-OBT-1", excepted="C-OBT-1", exceptions="CC1.4 CC2.2"),
        by_size=sizes("small", type2=says("HR-02 controls/C-OBT-1", ineffective="C-OBT-1", exceptions="CC1.4 CC2.2")),
    ),
    Defect(
        "access-without-training",
        "A new engineer has nine accounts and finished no training",
        _access_without_training,
        says(
            "HR-02 controls/C-OBT-1",
            *_GATE,
            excepted="C-OBT-1",
            ineffective="C-TGT-1",
            not_met="CC1.4 CC6.2 CC6.3",
            exceptions="CC2.2",
        ),
        by_size=sizes(
            "small",
            type2=says(
                "HR-02 controls/C-OBT-1",
                *_GATE,
                ineffective="C-OBT-1 C-TGT-1",
                not_met="CC1.4 CC6.2 CC6.3",
                exceptions="CC2.2",
            ),
        ),
        excludes=frozenset({"joiner-untrained"}),
    ),
    Defect(
        "training-not-repeated",
        "The customer success lead did not repeat security training",
        _not_repeated,
        says("HR-03 controls/C-RFT-1", ineffective="C-RFT-1", exceptions="CC1.4 CC2.2"),
    ),
    Defect(
        "system-entered-scope",
        "A system came into scope in August and is looked at from then on: no gap",
        _entered_scope,
        NOTHING,
    ),
)
