"""Defects in the AI inventory, in assessments of AI systems, in training data and in who labels it."""

from gapgraph.demo.company import Cell, Company
from gapgraph.demo.defect import Defect, says, sizes
from gapgraph.demo.planting import last_capture


def _unregistered(company: Company) -> None:
    company.drop("ai_sightings", *(row["id"] for row in company.rows("ai_sightings", entry="ai-vectors")))
    company.drop("ai_inventory", "ai-vectors")


def _not_assessed(company: Company) -> None:
    company.drop("ai_assessments", "aia-inference-2026")


def _policy_silent(company: Company) -> None:
    company.set("policies", "pol-ai", ai_barred_data_section=None)


def _no_data_owner(company: Company) -> None:
    company.set("ai_inventory", "ai-inference", data_owner=None)


def _store_open(company: Company) -> None:
    last_capture(company, "training", "training-data-access", value="everybody")


def _second_dataset(company: Company, **cells: Cell) -> None:
    """The run behind the second model used another dataset version, like its own but for some cells."""
    run = company.row("training_runs", company.row("models", "model-02")["lineage"])
    own = company.row("dataset_versions", run["datasets"])
    company.add("dataset_versions", "data-second", **{k: v for k, v in own.items() if k != "id"} | cells)
    run["datasets"] += ";data-second"


def _no_source(company: Company) -> None:
    _second_dataset(company, source=None)


def _not_permitted(company: Company) -> None:
    _second_dataset(company, contains_customer_data=True, training_permission=None, permitted_from=None)


def _names_left(company: Company) -> None:
    _second_dataset(company, residual_findings_percent="2.5")


def _data_unchecked(company: Company) -> None:
    company.set("training_runs", "run-002", data_checked_on=None)


def _labellers_unknown(company: Company) -> None:
    company.set("annotation_projects", "labels-01", labelled_by=None, vendor=None)


def _reachable(company: Company) -> None:
    last_capture(company, "training", "inbound-internet", value="open")


_UNREGISTERED = says("AI-01 systems/vectors", ineffective="C-AIV-1", not_met="CC2.1 CC3.2 CC6.1")
_NOT_ASSESSED = says("AI-02 ai_inventory/ai-inference", ineffective="C-AIA-1", not_met="CC3.2 CC3.4")
_SILENT = says("AI-03 organisation", ineffective="C-POL-1", exceptions="CC1.1 CC2.2 CC5.3")
_VACANT = says("AI-04 ai_inventory/ai-inference", ineffective="C-AIO-1", exceptions="CC1.3 CC1.5")
_VACANT_RARE = says("AI-04 ai_inventory/ai-inference", excepted="C-AIO-1", exceptions="CC1.3 CC1.5")
_SOURCE = says("AI-06 dataset_versions/data-second", ineffective="C-DPV-1", not_met="CC2.1 P3.1 PI1.1")
_SOURCE_RARE = says("AI-06 dataset_versions/data-second", excepted="C-DPV-1", exceptions="CC2.1 P3.1 PI1.1")
_PERMIT = says("AI-07 dataset_versions/data-second", ineffective="C-TPM-1", not_met="C1.1 CC2.3 P2.1 P4.1")
_PERMIT_RARE = says("AI-07 dataset_versions/data-second", excepted="C-TPM-1", exceptions="C1.1 CC2.3 P2.1 P4.1")
_NAMES = says("AI-08 dataset_versions/data-second", ineffective="C-PSC-1", not_met="C1.1 P3.1 P4.1")
_NAMES_RARE = says("AI-08 dataset_versions/data-second", excepted="C-PSC-1", exceptions="C1.1 P3.1 P4.1")
_REACHABLE = says("AI-13 systems/training", ineffective="C-TIS-1", exceptions="CC6.1 CC6.6 CC8.1")
_LABELLERS = "AI-11 annotation_projects/labels-01"

AI_RECORDS = (
    Defect(
        "ai-unregistered",
        "The AI inventory does not hold the vector store",
        _unregistered,
        _UNREGISTERED,
        _UNREGISTERED,
    ),
    Defect(
        "ai-not-assessed",
        "The AI of the inference endpoint was not assessed again",
        _not_assessed,
        _NOT_ASSESSED,
        _NOT_ASSESSED,
    ),
    Defect(
        "ai-policy-silent",
        "The policy on the use of AI does not say which data may not be entered",
        _policy_silent,
        _SILENT,
        _SILENT,
    ),
    Defect(
        "ai-role-vacant",
        "Nobody answers for the data behind the inference endpoint",
        _no_data_owner,
        _VACANT,
        _VACANT,
        by_size=sizes("large", type2=_VACANT_RARE, type1=_VACANT_RARE),
    ),
    Defect(
        "training-data-open",
        "Everybody could read training data since December",
        _store_open,
        says("AI-05 systems/training", ineffective="C-TDA-1", not_met="C1.1 CC6.1 CC6.3"),
    ),
    Defect(
        "dataset-without-source",
        "Nothing says where a dataset behind a model in production came from",
        _no_source,
        _SOURCE,
        _SOURCE,
        by_size={
            **sizes("mid", type2=_SOURCE_RARE, type1=_SOURCE),
            **sizes("large", type2=_SOURCE_RARE, type1=_SOURCE_RARE),
        },
        excludes=frozenset({"training-unpermitted", "dataset-with-names"}),
    ),
    Defect(
        "training-unpermitted",
        "A model in production was trained on data of customers without permission",
        _not_permitted,
        _PERMIT,
        _PERMIT,
        by_size={
            **sizes("mid", type2=_PERMIT_RARE, type1=_PERMIT),
            **sizes("large", type2=_PERMIT_RARE, type1=_PERMIT_RARE),
        },
        excludes=frozenset({"dataset-with-names"}),
    ),
    Defect(
        "dataset-with-names",
        "Screening left too much personal data in a dataset behind a model in production",
        _names_left,
        _NAMES,
        _NAMES,
        by_size={
            **sizes("mid", type2=_NAMES_RARE, type1=_NAMES),
            **sizes("large", type2=_NAMES_RARE, type1=_NAMES_RARE),
        },
    ),
    Defect(
        "training-data-unchecked",
        "The data of a training run was not checked",
        _data_unchecked,
        says("AI-09 controls/C-TDQ-1", excepted="C-TDQ-1", exceptions="PI1.1 PI1.2"),
        sizes=frozenset({"mid", "large"}),
    ),
    Defect(
        "labellers-unknown",
        "Nothing says whose people label in a project",
        _labellers_unknown,
        says(_LABELLERS, ineffective="C-VDD-1", not_met="CC9.2 P6.4"),
        by_size=sizes("large", type2=says(_LABELLERS, excepted="C-VDD-1", exceptions="CC9.2 P6.4")),
    ),
    Defect(
        "training-reachable",
        "The training pipeline takes connections from the internet",
        _reachable,
        _REACHABLE,
        _REACHABLE,
    ),
)
