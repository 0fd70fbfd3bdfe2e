"""Defects about models, AI features, model providers and the use of AI."""

from gapgraph.demo.company import Company
from gapgraph.demo.defect import Defect, says, sizes
from gapgraph.demo.planting import last_capture


def _swapped(company: Company) -> None:
    company.set("artefact_checks", "check-model-02", hash_read="sha256:0000")


def _below_threshold(company: Company) -> None:
    company.set("evaluation_metrics", "quality-model-03", value=84)


def _prompt_unreviewed(company: Company) -> None:
    company.set("prompt_changes", "prompt-inference-2", reviewer=None, reviewed_on=None)


def _not_attacked(company: Company) -> None:
    company.drop("adversarial_findings", "finding-inference")
    company.drop("adversarial_tests", "red-inference-2026")


def _unfiltered(company: Company) -> None:
    last_capture(company, "vectors", "context-tenant-filter", value="off")


def _may_train(company: Company) -> None:
    company.set("vendor_contracts", "vc-v-model", trains_on_inputs=None)


def _class_unallowed(company: Company) -> None:
    company.set("model_flows", "flow-inference", data_classes=["customer-content", "account-data"])


def _fallback_untested(company: Company) -> None:
    company.drop("activities", "fallback-inference-2026")


def _cannot_be_stopped(company: Company) -> None:
    company.set("ai_uses", "use-inference", stop_means=None)


def _limits_not_told(company: Company) -> None:
    company.set("ai_disclosures", "page-ai", limits=None)


def _not_rehearsed(company: Company) -> None:
    company.set("activities", "incident-exercise-2026", incident_classes=["ic-phishing"])


def _untrained(company: Company) -> None:
    company.drop("ai_trainings", *(row["id"] for row in company.rows("ai_trainings", person="p09")))


def _keys_left(company: Company) -> None:
    company.set("removal_steps", "gone-model-01-keys", removed_on=None)


def _unlimited_tools(company: Company) -> None:
    last_capture(company, "inference", "tool-allow-list", value="off")


def _not_captured(company: Company) -> None:
    company.drop("provider_captures", "terms-v-model-q3")


_HASH = says("AI-15 models/model-02", ineffective="C-ART-1", not_met="CC6.8 CC8.1")
_HASH_RARE = says("AI-15 models/model-02", excepted="C-ART-1", exceptions="CC6.8 CC8.1")
_METRIC = says("AI-16 models/model-03", ineffective="C-MEV-1", not_met="CC8.1 PI1.3")
_METRIC_RARE = says("AI-16 models/model-03", excepted="C-MEV-1", exceptions="CC8.1 PI1.3")
_PROMPT = says("AI-20 controls/C-PCH-1", excepted="C-PCH-1", exceptions="CC8.1")
_CONTEXT = says("AI-22 systems/vectors", ineffective="C-CTX-1", not_met="C1.1 CC6.1")
_TERMS = says("AI-23 vendors/v-model", ineffective="C-MPV-1", not_met="C1.1 CC9.2 P6.1 P6.4")
_FLOW = says("AI-24 systems/inference", ineffective="C-MFL-1", not_met="C1.1 CC6.7 P4.1")
_FLOW_RARE = says("AI-24 systems/inference", excepted="C-MFL-1", exceptions="C1.1 CC6.7 P4.1")
_STOP = says("AI-26 systems/inference", ineffective="C-HOV-1", not_met="CC2.3 PI1.4")
_STOP_RARE = says("AI-26 systems/inference", excepted="C-HOV-1", exceptions="CC2.3 PI1.4")
_PAGE = says("AI-27 systems/inference", ineffective="C-DCL-1", exceptions="CC2.3 P1.1")
_REHEARSAL = says("AI-28 organisation", ineffective="C-AIN-1", not_met="CC7.3 CC7.4")
_TOOLS = says("AI-31 systems/inference", ineffective="C-AGT-1", not_met="CC6.1 CC6.3 CC8.1")

AI = (
    Defect(
        "model-file-swapped",
        "The files of a model that serves are not those that the registry holds",
        _swapped,
        _HASH,
        _HASH,
        by_size=sizes("large", type2=_HASH_RARE, type1=_HASH_RARE),
    ),
    Defect(
        "model-below-threshold",
        "A model was released although its quality was below the threshold",
        _below_threshold,
        _METRIC,
        _METRIC,
        by_size=sizes("large", type2=_METRIC_RARE, type1=_METRIC_RARE),
    ),
    Defect(
        "prompt-unreviewed",
        "Nobody reviewed a change of an output filter",
        _prompt_unreviewed,
        _PROMPT,
        by_size=sizes("small", type2=says("AI-20 controls/C-PCH-1", ineffective="C-PCH-1", exceptions="CC8.1")),
    ),
    Defect(
        "feature-not-attacked",
        "The inference endpoint was not tested with hostile input in the year",
        _not_attacked,
        says("AI-21 systems/inference", ineffective="C-ADV-1", not_met="CC4.1 CC6.8 CC7.1"),
    ),
    Defect("context-unfiltered", "The vector store no longer filters by tenant", _unfiltered, _CONTEXT, _CONTEXT),
    Defect(
        "provider-may-train",
        "The contract of the language model vendor does not rule out training on inputs",
        _may_train,
        _TERMS,
        _TERMS,
    ),
    Defect(
        "flow-unallowed",
        "Account data goes to the language model vendor without a rule that allows it",
        _class_unallowed,
        _FLOW,
        _FLOW,
        by_size=sizes("large", type2=_FLOW_RARE, type1=_FLOW_RARE),
    ),
    Defect(
        "fallback-untested",
        "The switch of the inference endpoint to its fallback was not tested",
        _fallback_untested,
        says("AI-25 systems/inference", ineffective="C-FBK-1", exceptions="A1.2 CC9.1"),
        says("AI-25 systems/inference", ineffective="C-FBK-1", exceptions="A1.2 CC9.1"),
    ),
    Defect(
        "oversight-without-stop",
        "Nothing says how a use of AI that affects people is stopped",
        _cannot_be_stopped,
        _STOP,
        _STOP,
        by_size=sizes("large", type2=_STOP_RARE, type1=_STOP_RARE),
    ),
    Defect(
        "limits-not-disclosed",
        "The page on the use of AI states no limits",
        _limits_not_told,
        _PAGE,
        _PAGE,
        sizes=frozenset({"small"}),
    ),
    Defect(
        "ai-incident-not-rehearsed",
        "The exercise of the year rehearsed no AI incident",
        _not_rehearsed,
        _REHEARSAL,
        _REHEARSAL,
    ),
    Defect(
        "ai-untrained",
        "The machine learning engineer was never trained on AI",
        _untrained,
        says("AI-29 controls/C-AIT-1", ineffective="C-AIT-1", exceptions="CC1.4"),
    ),
    Defect(
        "model-keys-left",
        "The endpoint keys of a retired model were not revoked",
        _keys_left,
        says("AI-30 controls/C-AIR-1", ineffective="C-AIR-1", exceptions="C1.2 CC6.5 P4.3"),
    ),
    Defect(
        "agent-unlimited",
        "The inference endpoint can call tools that nobody listed",
        _unlimited_tools,
        _TOOLS,
        _TOOLS,
    ),
    Defect(
        "provider-capture-missing",
        "Nobody captured the settings of the language model vendor in the third quarter",
        _not_captured,
        says("AI-33 vendors/v-model", ineffective="C-PVS-1", not_met="C1.1 CC9.2"),
    ),
)
"""Defects of AI-15, AI-16, AI-20 to AI-31 and AI-33."""
