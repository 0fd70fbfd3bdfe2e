"""Scope, governance and risk: criteria in scope, lists of the demo without what is gone, what a fault touches."""

from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode

from gapgraph import workspace
from gapgraph.demo import write_demo
from gapgraph.demo.build import clean_company
from gapgraph.demo.company import listed
from gapgraph.derive.facts import Moment, engagement_facts, gg
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import TSC
from gapgraph.profile import load_profile
from gapgraph.run import moment_of
from gapgraph.touch import reads

OWN = {
    "commitments": {"GOV-03", "SCP-06"},
    "control_findings": {"GOV-05"},
    "cyber_insurance": {"RSK-07"},
    "impact_analyses": {"RSK-08"},
    "internal_evaluations": {"GOV-04"},
    "management_assertions": {"SCP-07"},
    "metrics_reports": {"GOV-06"},
    "organisation_documents": {"GOV-02"},
    "oversight_meetings": {"GOV-01"},
    "oversight_members": {"GOV-01", "GOV-06"},
    "risk_treatments": {"RSK-05"},
    "scope_exclusions": {"SCP-06", "SCP-09"},
    "significant_changes": {"GOV-02", "RSK-06"},
    "subservice_controls": {"SCP-08"},
    "user_entity_controls": {"SCP-09"},
}


def test_an_engagement_states_its_criteria_and_each_category_once() -> None:
    a, b = (str(TSC["A1.1"]), str(TSC.availability)), (str(TSC["A1.2"]), str(TSC.availability))
    day = date(2026, 6, 30)
    moment = Moment(
        NamedNode("urn:e"), NamedNode("urn:o"), ReportType.TYPE_I, Period(day, date(2026, 7, 1)), day, (a, b)
    )
    facts = engagement_facts(moment)
    assert [t.subject for t in facts if t.object == gg("InScopeCriterion")] == [NamedNode(a[0]), NamedNode(b[0])]
    assert [t.object for t in facts if t.predicate == gg("includesCategory")] == [NamedNode(a[1])]


def test_the_criteria_of_an_engagement_are_those_of_its_categories(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", defects=[])
    space = workspace.load(tmp_path / "demo")
    moment = moment_of(space, space.engagements[0])
    assert {category.rpartition("/")[2] for _, category in moment.criteria} == set(space.engagements[0].categories)
    assert len(moment.criteria) == 38


def test_a_list_loses_what_is_dropped_and_a_single_reference_stays() -> None:
    company = clean_company("small")
    tested = listed(company.row("internal_evaluations", "evaluation-2026")["controls_tested"])
    single = next(row for row in company.rows("risks") if row["controls"] and ";" not in row["controls"])
    gone = single["controls"]
    company.drop("controls", gone)
    left = listed(company.row("internal_evaluations", "evaluation-2026")["controls_tested"])
    assert left == [id for id in tested if id != gone]
    assert single["controls"] == gone


def test_a_fault_in_a_register_touches_the_requirements_that_rest_on_it() -> None:
    table = reads(load_profile("soc2-ai"))
    for register, wanted in OWN.items():
        assert wanted <= {id for id, (names, _) in table.items() if register in names}, register
