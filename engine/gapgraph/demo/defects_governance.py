"""Defects in governance and in AI: policies, risks, scope, controls, evidence, models."""

from datetime import date

from gapgraph.demo.company import Company, listed
from gapgraph.demo.defect import NOTHING, Defect, says, sizes
from gapgraph.demo.governance import TYPE_2
from gapgraph.demo.planting import analyst_leaves, last_capture, not_scanned, without_operation


def _policy_late(company: Company) -> None:
    company.set("policies", "pol-vendor", approved_on=date(2026, 4, 10), effective_on=date(2026, 4, 15))
    company.drop("activities", "review-pol-vendor")


def _policy_undated(company: Company) -> None:
    company.set("policies", "pol-classification", effective_on=None)


def _policy_unreviewed(company: Company) -> None:
    company.drop("activities", "review-pol-incident")


def _risk_untreated(company: Company) -> None:
    company.set("risks", "risk-004", treatment=None)


def _risk_review_missing(company: Company) -> None:
    company.drop("activities", "risk-review-q2")


def _assessment_unapproved(company: Company) -> None:
    company.set("activities", "risk-assessment-2026", approver=None)


def _exercise_late(company: Company) -> None:
    company.set("activities", "incident-exercise-2026", completed_on=date(2026, 10, 22))


def _scope_late(company: Company) -> None:
    company.set("scope_statements", "scope-type2", approved_on=date(2026, 2, 10))


def _section_missing(company: Company) -> None:
    company.drop("description_sections", "dc9-type2")


def _control_missing(company: Company) -> None:
    company.drop("controls", "C-IRX-1")
    company.drop("evidence", *(row["id"] for row in company.rows("evidence", control="C-IRX-1")))
    for risk in company.rows("risks"):
        if "C-IRX-1" in listed(risk["controls"]):
            risk["controls"] = "C-RSA-1"


def _performer_left(company: Company) -> None:
    analyst_leaves(company)
    company.set("controls", "C-DIN-1", deputy=None)


def _owner_left(company: Company) -> None:
    analyst_leaves(company)
    company.set("controls", "C-RCT-1", owner="p12")


def _no_policy(company: Company) -> None:
    company.set("controls", "C-SLO-1", policy=None)
    company.drop("evidence", "ev-C-SLO-1-1")


def _no_operation_shown(company: Company) -> None:
    without_operation(company, "C-RSA-1")


def _reopened(company: Company) -> None:
    company.add(
        "gaps",
        "gap-002",
        engagement=TYPE_2,
        requirement="VUL-01",
        subject="inference",
        owner="p06",
        detected_on=date(2026, 2, 4),
        fixed_on=date(2026, 2, 20),
        fixed_by="p08",
        verified_on=date(2026, 4, 1),
        verified_by="p03",
        evidence=["ev-C-VSC-1-5"],
        note="the endpoint had been missing in the targets of the scanner",
    )
    not_scanned(company, "inference", "2026-08")


def _closed_unshown(company: Company) -> None:
    company.set("gaps", "gap-001", evidence=None)


def _self_approved(company: Company) -> None:
    company.set("models", "model-02", approved_by="p09")


def _run_unapproved(company: Company) -> None:
    company.set("training_runs", "run-002", approved_by=None)


def _unmonitored(company: Company) -> None:
    company.set("models", "model-02", drift_monitor=None)


def _breach_left(company: Company) -> None:
    company.set("model_breaches", "breach-01", triaged_on=None, action=None)


def _disagreement(company: Company) -> None:
    company.set("annotation_projects", "labels-01", agreement_percent=80)


def _endpoint_open(company: Company) -> None:
    last_capture(company, "inference", "rate-limit", value="off")


def _prompts_kept(company: Company) -> None:
    last_capture(company, "inference", "content-retention-days", number=90)


def _undecided(company: Company) -> None:
    company.set("systems", "annotation", ai_scope_decision=None, ai_scope_reason=None)


_UNDATED = says("POL-08 organisation", ineffective="C-POL-1", not_met="C1.1 CC2.1 CC6.1")
_UNREVIEWED = says("POL-20 policies/pol-incident", ineffective="C-POL-1", exceptions="CC5.3")
_RISK = says("RSK-02 risks/risk-004", ineffective="C-RSR-1", not_met="CC3.2")
_RISK_RARE = says("RSK-02 risks/risk-004", excepted="C-RSR-1", exceptions="CC3.2")
_ASSESSMENT = says("RSK-01 organisation", ineffective="C-RSA-1", not_met="CC3.1 CC3.2")
_NO_CONTROL = says("INC-01 organisation", not_met="CC7.4 CC7.5")
_PERFORMER = says("CNF-01 controls/C-DIN-1", deficient="C-DIN-1", not_met="C1.1 CC2.1 CC6.1")
_OWNER = says("AVL-04 controls/C-RCT-1", "SCP-05 controls/C-RCT-1", deficient="C-RCT-1", not_met="A1.3 CC7.5 CC9.1")
_NO_POLICY = says("EVD-01 controls/C-SLO-1")
_MODEL = says("AI-14 models/model-02", ineffective="C-MLR-1", not_met="CC8.1")
_MODEL_RARE = says("AI-14 models/model-02", excepted="C-MLR-1", exceptions="CC8.1")
_ENDPOINT = says("AI-18 systems/inference", ineffective="C-API-1", not_met="A1.1 CC6.1 CC6.6")
_PROMPTS = says("AI-19 systems/inference", ineffective="C-PRL-1", not_met="C1.1 CC7.2 P4.2")
_UNDECIDED = says("AI-32 systems/annotation", ineffective="C-AIS-1", not_met="CC2.2 CC3.1")
_UNDECIDED_RARE = says("AI-32 systems/annotation", excepted="C-AIS-1", exceptions="CC2.2 CC3.1")

GOVERNANCE = (
    Defect(
        "policy-late",
        "The vendor risk management policy is in force only since April",
        _policy_late,
        says("POL-05 organisation", excepted="C-POL-1", exceptions="CC5.3 CC9.2"),
    ),
    Defect(
        "policy-undated",
        "The data classification policy has no effective date",
        _policy_undated,
        _UNDATED,
        _UNDATED,
    ),
    Defect(
        "policy-unreviewed",
        "Nobody reviewed the incident response plan within the year",
        _policy_unreviewed,
        _UNREVIEWED,
        _UNREVIEWED,
    ),
    Defect(
        "risk-untreated",
        "A risk has no treatment",
        _risk_untreated,
        _RISK_RARE,
        _RISK_RARE,
        by_size=sizes("small", type2=_RISK, type1=_RISK),
    ),
    Defect(
        "risk-review-missing",
        "Nobody reviewed the risk register in the second quarter",
        _risk_review_missing,
        says("RSK-03 organisation", ineffective="C-RSR-1", exceptions="CC3.2 CC3.4"),
    ),
    Defect(
        "risk-assessment-unapproved",
        "Management did not approve the risk assessment",
        _assessment_unapproved,
        _ASSESSMENT,
        _ASSESSMENT,
    ),
    Defect(
        "exercise-late",
        "The incident exercise was held a month late",
        _exercise_late,
        says("INC-01 organisation", "AI-28 organisation", excepted="C-IRX-1 C-AIN-1", exceptions="CC7.3 CC7.4 CC7.5"),
        excludes=frozenset({"control-missing"}),
    ),
    Defect(
        "scope-approved-late",
        "The scope was approved after the period had started",
        _scope_late,
        says("SCP-01 organisation"),
    ),
    Defect(
        "description-section-missing",
        "The system description says nothing of changes in the period",
        _section_missing,
        says("SCP-03 organisation"),
    ),
    Defect(
        "control-missing",
        "There is no control for exercising the incident response plan",
        _control_missing,
        _NO_CONTROL,
        _NO_CONTROL,
    ),
    Defect(
        "performer-left-deputy",
        "The analyst who performs two controls left; a deputy performs them: no gap",
        analyst_leaves,
        NOTHING,
    ),
    Defect(
        "performer-left",
        "The analyst who keeps the data inventory left, and there is no deputy",
        _performer_left,
        _PERFORMER,
        _PERFORMER,
    ),
    Defect("owner-left", "The owner of the recovery test has left", _owner_left, _OWNER, _OWNER),
    Defect(
        "control-without-policy",
        "No policy stands behind the control for availability targets",
        _no_policy,
        _NO_POLICY,
        _NO_POLICY,
    ),
    Defect(
        "operation-not-shown",
        "Nothing but the assessment itself shows that the control for risk assessments operated",
        _no_operation_shown,
        says("EVD-01 controls/C-RSA-1"),
    ),
    Defect(
        "gap-reopened",
        "A gap in scans of the inference endpoint was verified as closed in April and found again in August",
        _reopened,
        says("VUL-01 systems/inference", "EVD-09 systems/inference", ineffective="C-VSC-1", not_met="CC7.1"),
    ),
    Defect(
        "gap-closed-unshown",
        "No evidence from after the fix is named for a gap that was verified as closed",
        _closed_unshown,
        says("EVD-09 policies/pol-use"),
    ),
    Defect(
        "model-self-approved",
        "The engineer who trained a model version approved it",
        _self_approved,
        _MODEL,
        _MODEL,
        by_size=sizes("large", type2=_MODEL_RARE, type1=_MODEL_RARE),
    ),
    Defect(
        "training-run-unapproved",
        "Nobody approved a training run",
        _run_unapproved,
        says("AI-12 controls/C-MLT-1", excepted="C-MLT-1", exceptions="CC5.2 CC8.1"),
        by_size=sizes("small", type2=says("AI-12 controls/C-MLT-1", ineffective="C-MLT-1", not_met="CC5.2 CC8.1")),
    ),
    Defect(
        "model-unmonitored",
        "No monitor watches a model version for drift",
        _unmonitored,
        says("AI-17 models/model-02", ineffective="C-MLM-1", exceptions="CC7.2 PI1.3 PI1.4"),
        by_size=sizes("large", type2=says("AI-17 models/model-02", excepted="C-MLM-1", exceptions="CC7.2 PI1.3 PI1.4")),
    ),
    Defect(
        "breach-left",
        "Nobody looked at a breach of a model monitor",
        _breach_left,
        says("AI-17 systems/inference", ineffective="C-MLM-1", exceptions="CC7.2 PI1.3 PI1.4"),
    ),
    Defect(
        "annotators-disagree",
        "Annotators of a project agree less often than its threshold asks for",
        _disagreement,
        says("AI-10 annotation_projects/labels-01", ineffective="C-ANN-1", exceptions="C1.1 CC6.3 PI1.2"),
        by_size=sizes(
            "large",
            type2=says("AI-10 annotation_projects/labels-01", excepted="C-ANN-1", exceptions="C1.1 CC6.3 PI1.2"),
        ),
    ),
    Defect(
        "endpoint-unlimited", "The inference endpoint stopped limiting requests", _endpoint_open, _ENDPOINT, _ENDPOINT
    ),
    Defect(
        "prompts-kept-too-long",
        "Prompts and responses are kept for ninety days instead of thirty",
        _prompts_kept,
        _PROMPTS,
        _PROMPTS,
    ),
    Defect(
        "ai-asset-undecided",
        "Nobody decided whether the annotation tool is in scope",
        _undecided,
        _UNDECIDED,
        _UNDECIDED,
        by_size=sizes("large", type2=_UNDECIDED_RARE, type1=_UNDECIDED_RARE),
    ),
)
