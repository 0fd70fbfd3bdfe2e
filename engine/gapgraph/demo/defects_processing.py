"""Defects about processing, for companies that promise processing integrity."""

from datetime import date

from gapgraph.demo.company import Company
from gapgraph.demo.defect import Defect, says
from gapgraph.demo.planting import every_capture, last_capture

_SIZES = frozenset({"mid", "large"})


def _no_tolerances(company: Company) -> None:
    company.set("processing_functions", "assistant-usage", tolerances=None)


def _range_unchecked(company: Company) -> None:
    every_capture(company, "app", "input-range-check", value="off")


def _unsettled(company: Company) -> None:
    company.set("rejected_inputs", "reject-001", system="app", resolved_on=None, resolution=None)


def _unresolved(company: Company) -> None:
    company.set("job_failures", "job-001", resolved_on=None, resolution=None)


def _not_reconciled(company: Company) -> None:
    company.drop("reconciliations", "rec-assistant-requests-05")


def _unapproved(company: Company) -> None:
    company.add(
        "output_recipients",
        "out-unapproved",
        recipient="analytics partner",
        function="assistant-usage",
        first_delivered_on=date(2026, 5, 4),
    )


def _alterable(company: Company) -> None:
    last_capture(company, "core-db", "record-integrity", value="off")


_BARE = says("PIN-01 processing_functions/assistant-usage", ineffective="C-PSP-1", exceptions="PI1.1")

PROCESSING = (
    Defect("specification-bare", "No tolerances are stated for metering", _no_tolerances, _BARE, _BARE, sizes=_SIZES),
    Defect(
        "range-unchecked",
        "The application does not check the range of inputs",
        _range_unchecked,
        says("PIN-02 systems/app", ineffective="C-INV-1", exceptions="PI1.2"),
        sizes=_SIZES,
    ),
    Defect(
        "reject-unsettled",
        "An input that the application turned away was never settled",
        _unsettled,
        says("PIN-02 systems/app", excepted="C-INV-1", exceptions="PI1.2"),
        sizes=_SIZES,
    ),
    Defect(
        "job-unresolved",
        "A failed job was never looked into",
        _unresolved,
        says("PIN-03 controls/C-JBM-1", excepted="C-JBM-1", exceptions="PI1.3"),
        sizes=_SIZES,
    ),
    Defect(
        "reconciliation-missing",
        "Answered requests were not compared with requests in May",
        _not_reconciled,
        says("PIN-04 processing_functions/assistant-requests", ineffective="C-REC-1", exceptions="PI1.4"),
        sizes=_SIZES,
    ),
    Defect(
        "recipient-unapproved",
        "Usage reports go to a partner that nobody approved",
        _unapproved,
        says("PIN-04 processing_functions/assistant-usage", ineffective="C-REC-1", exceptions="PI1.4"),
        sizes=_SIZES,
    ),
    Defect(
        "records-alterable",
        "Since the last capture, processing records in the customer database can be changed unnoticed",
        _alterable,
        says("PIN-05 systems/core-db", ineffective="C-RPR-1", not_met="PI1.5"),
        sizes=_SIZES,
    ),
)
