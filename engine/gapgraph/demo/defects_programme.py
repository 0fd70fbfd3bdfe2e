"""Defects in the scope, in governance and in what is done about risks."""

from datetime import date

from gapgraph.demo.company import Company
from gapgraph.demo.defect import NOTHING, Defect, Expected, says, sizes
from gapgraph.demo.planting import LEAVES


def _unmapped(company: Company) -> None:
    for row in company.rows("systems", service="assistant"):
        row["service"] = ""


def _no_assessment_control(company: Company) -> None:
    company.set("controls", "C-RSA-1", retired_on=date(2026, 12, 31))


def _no_owner(company: Company) -> None:
    company.set("controls", "C-OTH-2", owner=None)


def _no_category(company: Company) -> None:
    company.set("commitments", "cmt-2", category=None)


def _nobody_approved(company: Company) -> None:
    for row in company.rows("scope_exclusions"):
        row["approved_by"] = ""


def _assertion(company: Company) -> None:
    company.set("management_assertions", "assertion-type2", names_trust_services_criteria=False)


def _nothing_expected(company: Company) -> None:
    company.drop("subservice_controls", *(row["id"] for row in company.rows("subservice_controls", vendor="v-logs")))


def _untold(company: Company) -> None:
    company.set("user_entity_controls", "uec-1", communicated_in=None, communicated_on=None)


def _management_alone(company: Company) -> None:
    company.set("oversight_meetings", "oversight-q3", attendees=["om-ceo"])


def _no_lead(company: Company) -> None:
    company.set("organisation_documents", "role-description-2026", security_lead=None)


def _unlinked(company: Company) -> None:
    company.set("commitments", "cmt-6", criteria=None)


def _own_tests(company: Company) -> None:
    company.set("internal_evaluations", "evaluation-2026", firm=None, evaluator="p03")


def _firm_of_last_year(company: Company) -> None:
    company.set("internal_evaluations", "evaluation-2025", firm=None, evaluator="p03")


def _self_verified(company: Company) -> None:
    company.set("control_findings", "cf-02", verified_by="p02")


def _not_extended(company: Company) -> None:
    company.set("control_findings", "cf-open", extension_approved_on=date(2026, 12, 12))


def _no_metrics(company: Company) -> None:
    company.drop("metrics_reports", "metrics-q2")


def _no_fraud(company: Company) -> None:
    for row in company.rows("risks", kind="misuse"):
        row["kind"] = "security"


def _plan_overdue(company: Company) -> None:
    company.set(
        "risk_treatments", "plan-risk-001", opened_on=date(2026, 3, 2), due_on=date(2026, 9, 30), completed_on=None
    )


def _acceptance_over(company: Company) -> None:
    company.set(
        "risks", "risk-009", impact=5, likelihood=4, inherent=20, residual=16, treatment="accept", controls=None
    )
    company.set("risks", "risk-009", accepted_by="p01", accepted_on=date(2025, 12, 1), accepted_until=LEAVES)
    company.drop("risk_treatments", *(row["id"] for row in company.rows("risk_treatments", risk="risk-009")))


def _change_unseen(company: Company) -> None:
    company.set("significant_changes", "sc-agents", risk_review=None)


def _lapsed(company: Company) -> None:
    company.set("cyber_insurance", "cyber-2026", in_force_until=date(2026, 12, 30))


def _no_analysis(company: Company) -> None:
    company.drop("impact_analyses", "bia-app-2026")


_UNMAPPED = says("SCP-02 services/assistant")


def _unmapped_among(*services: str) -> Expected:
    """Systems of no stated service may be of each other: the diagrams of those lack them."""
    drawn = (f"AST-02 services/{service}" for service in services)
    return says("SCP-02 services/assistant", *drawn, ineffective="C-DFD-1", exceptions="CC2.1 CC6.1")


_UNMAPPED_MID = _unmapped_among("search", "insights")
_UNMAPPED_LARGE = _unmapped_among("search", "insights", "voice", "vision", "agents", "translate", "guard", "tables")
_ASSESSMENT = says(
    "RSK-01 organisation",
    "RSK-04 organisation",
    "SCP-04 organisation",
    not_met="CC3.1 CC3.2 CC3.3",
)
_OWNERLESS = says("SCP-05 controls/C-OTH-2", deficient="C-OTH-2")
_CATEGORY = says("SCP-06 commitments/cmt-2", ineffective="C-CMT-1", exceptions="CC2.3 CC3.1")
_EXCLUSION = says("SCP-06 commitments/cmt-6", ineffective="C-CMT-1", exceptions="CC2.3 CC3.1")
_EXPECTATION = says("SCP-08 vendors/v-logs")
_UNTOLD = says("SCP-09 user_entity_controls/uec-1")
_LEAD = says("GOV-02 organisation", ineffective="C-ORG-1", exceptions="CC1.2 CC1.3")
_UNLINKED = says("GOV-03 commitments/cmt-6", ineffective="C-CMT-1", exceptions="CC2.3 CC3.1")
_FRAUD = says("RSK-04 organisation", ineffective="C-RSA-1", not_met="CC3.3")
_ACCEPTANCE = says("RSK-05 risks/risk-009", ineffective="C-RTP-1", exceptions="CC3.2 CC4.2 CC9.1")
_ACCEPTANCE_RARE = says("RSK-05 risks/risk-009", excepted="C-RTP-1", exceptions="CC3.2 CC4.2 CC9.1")
_INSURANCE = says("RSK-07 organisation", ineffective="C-INS-1", exceptions="CC9.1")
_ANALYSIS = says("RSK-08 systems/app", ineffective="C-BIA-1", exceptions="A1.2 CC9.1")

PROGRAMME = (
    Defect(
        "service-unmapped",
        "The register of systems no longer says which ones support the assistant",
        _unmapped,
        _UNMAPPED,
        _UNMAPPED,
        by_size={
            "mid": (_UNMAPPED_MID, _UNMAPPED_MID),
            "large": (_UNMAPPED_LARGE, _UNMAPPED_LARGE),
        },
    ),
    Defect(
        "criterion-without-control",
        "The control for risk assessments was retired on the last day, and none replaced it: CC3.3 has no other",
        _no_assessment_control,
        _ASSESSMENT,
        _ASSESSMENT,
    ),
    Defect("control-without-owner", "Nobody owns the weekly operations meeting", _no_owner, _OWNERLESS, _OWNERLESS),
    Defect(
        "commitment-uncategorised",
        "Nobody says to which category a commitment on confidential content belongs",
        _no_category,
        _CATEGORY,
        _CATEGORY,
    ),
    Defect(
        "privacy-left-out",
        "Privacy was left out of the report, and nobody approved that",
        _nobody_approved,
        _EXCLUSION,
        _EXCLUSION,
        sizes=frozenset({"small"}),
    ),
    Defect(
        "assertion-incomplete",
        "The assertion of management does not name the criteria",
        _assertion,
        says("SCP-07 organisation"),
    ),
    Defect(
        "subservice-expectations-missing",
        "Nothing says which controls are expected of the log store, which is carved out",
        _nothing_expected,
        _EXPECTATION,
        _EXPECTATION,
    ),
    Defect("user-duty-untold", "Customers are not told to remove people who leave", _untold, _UNTOLD, _UNTOLD),
    Defect(
        "oversight-alone",
        "Management met without its advisor in the third quarter",
        _management_alone,
        says("GOV-01 organisation", ineffective="C-OVS-1", exceptions="CC1.2 CC2.2 CC4.2"),
        excludes=frozenset({"security-lead-missing"}),
    ),
    Defect("security-lead-missing", "The new description of roles names no lead for security", _no_lead, _LEAD, _LEAD),
    Defect(
        "commitment-unlinked",
        "A commitment on personal data is tied to no criterion and no control",
        _unlinked,
        _UNLINKED,
        _UNLINKED,
    ),
    Defect(
        "evaluation-by-operator",
        "The head of security, who owns most controls, evaluated them",
        _own_tests,
        says("GOV-04 organisation", ineffective="C-IEV-1", exceptions="CC4.1"),
    ),
    Defect(
        "evaluation-independent-since",
        "The evaluation of the year before was made by the head of security; this year's is independent: no gap",
        _firm_of_last_year,
        NOTHING,
    ),
    Defect(
        "finding-self-verified",
        "Whoever fixed a finding on a control verified it",
        _self_verified,
        says("GOV-05 control_findings/cf-02", ineffective="C-FND-1", not_met="CC4.2"),
    ),
    Defect(
        "finding-extended-late",
        "The extension of an open finding was approved a day after its date",
        _not_extended,
        says("GOV-05 control_findings/cf-open", ineffective="C-FND-1", not_met="CC4.2"),
    ),
    Defect(
        "metrics-missing",
        "No security metrics were reported in the second quarter",
        _no_metrics,
        says("GOV-06 organisation", ineffective="C-MTR-1", exceptions="CC2.1 CC4.2"),
    ),
    Defect("fraud-not-considered", "No risk of fraud or misuse was assessed", _no_fraud, _FRAUD, _FRAUD),
    Defect(
        "treatment-overdue",
        "A plan to treat a risk is three months beyond its date",
        _plan_overdue,
        says("RSK-05 risk_treatments/plan-risk-001", ineffective="C-RTP-1", exceptions="CC3.2 CC4.2 CC9.1"),
    ),
    Defect(
        "acceptance-expired",
        "The acceptance of a risk above the appetite ran out in December",
        _acceptance_over,
        _ACCEPTANCE_RARE,
        by_size=sizes("small", type2=_ACCEPTANCE),
    ),
    Defect(
        "change-unreviewed",
        "Nobody looked at the risks of a new product",
        _change_unseen,
        says("RSK-06 controls/C-SCR-1", ineffective="C-SCR-1", exceptions="CC3.4"),
    ),
    Defect("insurance-lapsed", "The cyber insurance ended a day before the year did", _lapsed, _INSURANCE, _INSURANCE),
    Defect(
        "impact-analysis-missing",
        "The business impact analysis of the application was not renewed",
        _no_analysis,
        _ANALYSIS,
        _ANALYSIS,
    ),
)
