"""A hand-made assessment of a fictional company: what tests of output and of the explorer read.

It is written, not computed: two engagements (SOC 2 Type II over 2026, ISO 27001 design as of a date), every
value of every enum, three faults and one notice. The tables stand in `sample_data/`. `assessment()` builds it
new each time; equal calls give equal values.
"""

import csv
from datetime import date
from hashlib import sha256
from pathlib import Path

from gapgraph.model import (
    Assessment,
    Basis,
    ControlRequirementResult,
    ControlResult,
    CriterionResult,
    DesignOutcome,
    Deviation,
    EngagementResult,
    FailedCheck,
    Fault,
    Gap,
    GapKind,
    GapStatus,
    InputFile,
    Meta,
    OperationOutcome,
    Outcome,
    Period,
    Quadrant,
    Readiness,
    Reason,
    ReportType,
    RequirementInfo,
    RequirementResult,
    ResultSeverity,
    Source,
)
from gapgraph.readiness import Milestone, ReadinessPart

BASE = "https://lumen.example/compliance/"
SHAPES = "https://w3id.org/gapgraph/shapes#"
ONTOLOGY = "https://w3id.org/gapgraph/ontology#"
SOC2, ISO = "soc2-2026", "iso27001-2026"
FRAMEWORKS = {SOC2: "tsc-2017", ISO: "iso-27001-2022"}
CATEGORIES = {"CC": "security", "A1": "availability", "C1": "confidentiality", "PI": "processing integrity"}
REGISTERS = {
    "ACC": "reviews",
    "AI-": "datasets",
    "AVL": "restore_tests",
    "CHG": "changes",
    "POL": "policies",
    "VND": "vendor_reviews",
}
INTERVALS = ("AVL-03", "INC-01", "RSK-01")
SHARED_SUBJECTS = ("Access control policy", "Annotation console")
METHODS = {"INC-01": ("inquiry",), "ACC-06": ("inquiry", "inspection")}
HISTORIES = {
    "reopened": ("2026-03-01 open", "2026-06-30 fixed", "2026-09-02 reopened"),
    "verified": ("2026-04-02 open", "2026-05-20 verified"),
}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one table in `sample_data/`."""
    with (Path(__file__).parent / "sample_data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def gap_id(engagement: str, requirement: str, subject: str) -> str:
    """A short hash of what identifies a gap."""
    return sha256(f"{engagement} {requirement} {subject}".encode()).hexdigest()[:10]


def subject_iri(label: str) -> str:
    """The IRI of a subject by its label."""
    return BASE + label.lower().replace(" ", "-")


def in_framework(engagement: str, criteria: tuple[str, ...]) -> tuple[str, ...]:
    """The criteria that belong to the framework of the engagement."""
    return tuple(id for id in criteria if id.startswith("A.") is (engagement == ISO))


def catalogue() -> dict[str, RequirementInfo]:
    """The requirements of the sample, with both frameworks' criteria."""
    closings = {row["requirement"]: row for row in rows("gaps")}
    default = {
        "likelihood": "3",
        "complexity": "2",
        "days": "3",
        "remediation": "Run the control for the missing cases.",
        "closing_evidence": "A record of the next cycle.",
    }
    found = {}
    for row in rows("requirements"):
        closing = closings.get(row["id"], default)
        found[row["id"]] = RequirementInfo(
            id=row["id"],
            iri=SHAPES + row["id"],
            title=row["title"],
            statement=row["statement"],
            criteria=tuple(row["criteria"].split()),
            basis=Basis(row["basis"]),
            gap_kind=GapKind(row["kind"]),
            control_types=tuple(ONTOLOGY + name for name in row["control_types"].split()),
            subject_class=ONTOLOGY + "System",
            populations=(ONTOLOGY + "Occurrence",),
            applies=frozenset(ReportType),
            subject_path="gg:ofSubject",
            likelihood=int(closing["likelihood"]),
            severity=int(row["severity"]),
            complexity=int(closing["complexity"]),
            effort_days=float(closing["days"]),
            test_methods=("inspection", "re-performance"),
            remediation=closing["remediation"],
            closing_evidence=closing["closing_evidence"],
            parameters={"interval": "365d"} if row["id"] in INTERVALS else {},
        )
    return found


def failed_check(requirement: str) -> FailedCheck:
    """The check that fails in the sample for this requirement."""
    found = {row["requirement"]: row for row in rows("checks")}
    row = found.get(requirement, found["*"])
    return FailedCheck(
        shape=f"{SHAPES}{requirement}-{row['shape']}",
        name=row["name"],
        message=row["message"],
        path=ONTOLOGY + row["path"],
        value=row["value"],
        expected=row["expected"],
        component=f"{row['component']}ConstraintComponent",
    )


def deviations(engagement: str, requirement: str, subject: str, count: int) -> tuple[Deviation, ...]:
    """`count` deviations with different severities, dates and sources."""
    register = f"registers/{REGISTERS.get(requirement[:3], 'accounts')}.csv"
    made = []
    for index in range(count):
        late = requirement in ("ACC-09", "HR-02", "CNF-05") or subject == "Model registry"
        severity = ResultSeverity.EXCEPTION if late else ResultSeverity.VIOLATION
        if requirement in ("VND-04", "EVD-02"):
            severity = ResultSeverity.NO_CONCLUSION
        on = None if requirement in ("ACC-06", "ACC-12", "AI-05") else date(2026, 1 + (index * 5 + 3) % 12, 14)
        made.append(
            Deviation(
                focus=f"{BASE}{engagement}/occurrence/{gap_id(engagement, requirement, subject)}-{index + 1}",
                label=f"{subject}, {on:%Y-%m}" if on else f"{subject}, item {index + 1}",
                severity=severity,
                checks=(failed_check(requirement),),
                sources=(Source(register, index + 2),),
                on=on,
            )
        )
    return tuple(made)


def gaps() -> tuple[Gap, ...]:
    """14 gaps of the SOC 2 engagement and two of the ISO engagement that share requirement and subject."""
    info = catalogue()
    failed = {row["requirement"]: int(row["deviations"]) for row in rows("results") if row["engagement"] == SOC2}
    made = []
    for row in rows("gaps"):
        one = info[row["requirement"]]
        made.append(make_gap(SOC2, row, one, 1 if one.id == "ACC-01" else failed[one.id]))
        if row["subject"] in SHARED_SUBJECTS:
            made.append(make_gap(ISO, row, one, 1))
    return tuple(sorted(made, key=lambda gap: (gap.engagement, -gap.priority, gap.id)))


def make_gap(engagement: str, row: dict[str, str], info: RequirementInfo, count: int) -> Gap:
    """One gap from a row of the table."""
    chance = 0.877 if info.id == "CHG-01" else None
    likelihood, severity, complexity = int(row["likelihood"]), int(row["severity"]), int(row["complexity"])
    status = GapStatus(row["status"])
    return Gap(
        id=gap_id(engagement, info.id, row["subject"]),
        engagement=engagement,
        requirement=info.id,
        title=info.title,
        criteria=in_framework(engagement, info.criteria),
        subject=subject_iri(row["subject"]),
        subject_label=row["subject"],
        deviations=deviations(engagement, info.id, row["subject"], count),
        gap_kind=GapKind(row["kind"]),
        reason=Reason(row["reason"]),
        likelihood=likelihood,
        likelihood_basis="chance that a sample of 15 shows an exception" if chance else "profile default",
        severity=severity,
        complexity=complexity,
        effort_days=float(row["days"]),
        priority=round(likelihood * severity / complexity, 2),
        quadrant=Quadrant(row["quadrant"]),
        status=status,
        remediation=row["remediation"],
        closing_evidence=row["closing_evidence"],
        control=row["control"] or None,
        provisional=info.id == "VND-04",
        owner="Ana Ruiz" if status is not GapStatus.OPEN else None,
        due=date(2027, 3, 31) if status in (GapStatus.ACCEPTED, GapStatus.IN_REMEDIATION) else None,
        sample_exception_chance=chance,
        history=HISTORIES.get(status, ()),
    )


def requirement_results(engagement: str) -> list[RequirementResult]:
    """The requirement outcomes of one engagement."""
    info, found, controls = catalogue(), gaps(), rows("controls")
    made = []
    for row in rows("results"):
        if row["engagement"] != engagement:
            continue
        one = info[row["requirement"]]
        made.append(
            RequirementResult(
                engagement=engagement,
                id=one.id,
                title=one.title,
                basis=one.basis,
                votes=one.votes,
                severity=one.severity,
                outcome=Outcome(row["outcome"]),
                criteria=in_framework(engagement, one.criteria),
                controls=tuple(control["id"] for control in controls if one.id in control["answers"]),
                population=int(row["population"]),
                passes=int(row["passes"]),
                deviations=int(row["deviations"]),
                not_evaluated=int(row["not_evaluated"]),
                reasons=(row["reason"],),
                gaps=tuple(gap.id for gap in found if (gap.engagement, gap.requirement) == (engagement, one.id)),
                methods_available=METHODS.get(one.id, ("inspection",) if int(row["passes"]) else ()),
            )
        )
    return made


def criterion_results(engagement: str, results: list[RequirementResult]) -> list[CriterionResult]:
    """The criterion outcomes of one engagement; the table has those that no requirement votes on."""
    order = (Outcome.NOT_MET, Outcome.NO_CONCLUSION, Outcome.MET_WITH_EXCEPTIONS, Outcome.MET)
    made = []
    for row in rows("criteria"):
        if row["engagement"] != engagement:
            continue
        id = row["id"]
        voting = [result for result in results if id in result.criteria and result.votes]
        found = {result.outcome for result in voting}
        outcome = next((one for one in order if one in found), Outcome(row["outcome"] or "no_conclusion"))
        deciding = [result for result in voting if result.outcome is outcome]
        nothing = "no requirement of the profile votes on it" if outcome is Outcome.NO_CONCLUSION else "scope"
        made.append(
            CriterionResult(
                engagement=engagement,
                id=id,
                framework=FRAMEWORKS[engagement],
                title=row["title"],
                series=id.split(".")[0] if engagement == SOC2 else id.rsplit(".", 1)[0],
                category=CATEGORIES.get(id[:2], "privacy") if engagement == SOC2 else "information security",
                outcome=outcome,
                how="decided by " + ", ".join(result.id for result in deciding) if deciding else nothing,
                reasons=tuple(reason for result in deciding for reason in result.reasons),
                requirements=tuple(result.id for result in results if id in result.criteria),
                gaps=tuple(gap for result in results if id in result.criteria for gap in result.gaps),
                weight=max((result.severity for result in voting), default=0),
            )
        )
    return made


def control_results(engagement: str) -> list[ControlResult]:
    """The controls of one engagement; without operation where only design is judged."""
    made = []
    for row in rows("controls"):
        operation = OperationOutcome(row["operation"]) if engagement == SOC2 else None
        cells = [answer.split() for answer in row["answers"].split(",") if answer]
        parts = [ControlRequirementResult(c[0], operation, int(c[1]), int(c[2]), int(c[3])) for c in cells]
        made.append(
            ControlResult(
                engagement=engagement,
                id=row["id"],
                title=row["title"],
                iri=f"{BASE}control/{row['id']}",
                type=ONTOLOGY + row["type"],
                owner=row["owner"] or None,
                design=DesignOutcome(row["design"]),
                operation=operation,
                reasons=() if row["owner"] else ("It has no owner.",),
                requirements=tuple(parts),
                population=sum(part.population for part in parts),
                passes=sum(part.passes for part in parts),
                deviations=sum(part.deviations for part in parts),
                sample_exception_chance=0.877 if row["id"] == "CHG-C1" and operation else None,
            )
        )
    return made


def engagement_result(id: str, criteria: list[CriterionResult]) -> EngagementResult:
    """An engagement with the counts of its criteria."""
    soc2 = id == SOC2
    kinds = [one for one in Outcome if one is not Outcome.NOT_OCCURRING]
    not_met = ", ".join(one.id for one in criteria if one.outcome is Outcome.NOT_MET)
    capped = "The score is capped at 50: PI1.1 has no control."
    return EngagementResult(
        id=id,
        label="SOC 2 2026" if soc2 else "ISO 27001 design",
        frameworks=(FRAMEWORKS[id],),
        categories=("security", *list(CATEGORIES.values())[1:], "privacy") if soc2 else (),
        type=ReportType.TYPE_II if soc2 else ReportType.TYPE_I,
        as_of=date(2026, 12, 31) if soc2 else date(2026, 11, 30),
        period=Period(date(2026, 1, 1), date(2027, 1, 1)) if soc2 else None,
        readiness=Readiness(
            score=41.3 if soc2 else 38.5,
            modification_risk="likely" if soc2 else "possible",
            reasons=(f"Not met: {not_met}.", capped if soc2 else "One criterion has no conclusion."),
            criteria={kind.value: sum(one.outcome is kind for one in criteria) for kind in kinds},
            formula="100 x 62 / 150 = 41.3, credits of criteria weighted by severity"
            if soc2
            else "100 x 5 / 13 = 38.5",
            parts=PARTS if soc2 else PARTS[:1],
            checklist=CHECKLIST if soc2 else (),
            milestones=MILESTONES if soc2 else MILESTONES[:1],
        ),
    )


PARTS = (
    ReadinessPart("scope", "Scope defined and approved", Outcome.MET, (), ("SCP-01",)),
    ReadinessPart(
        "people",
        "People ready for inquiry",
        Outcome.NOT_MET,
        ("nobody who is there owns and performs: Access review | quarterly",),
        ("SCP-05",),
    ),
)
CHECKLIST = (
    ReadinessPart("Access and identity", "Quarterly access reviews documented", Outcome.NOT_MET, (), ("ACC-01",)),
    ReadinessPart("Data protection", "Encryption enforced at rest", Outcome.MET, (), ("CNF-02",)),
)
MILESTONES = (
    Milestone(ReportType.TYPE_I, (), None, ()),
    Milestone(ReportType.TYPE_II, ("0a1b2c",), date(2026, 4, 15), ("the last to be there decides, C-7 on 2026-04-15",)),
)


def meta() -> Meta:
    """With what the sample was made."""
    names = (
        "accounts",
        "changes",
        "datasets",
        "exercises",
        "policies",
        "restore_tests",
        "reviews",
        "vendor_reviews",
    )
    date_fault = "held on '31.02.2026' is no date; write it as YYYY-MM-DD"
    vendor_fault = "vendor 'Sproket' is in no register; add it or correct it"
    file_fault = "the file ends in the middle of an object; export it again"
    return Meta(
        gapgraph="0.1.0",
        profile="reference",
        profile_version="1.0",
        validator="pyshacl",
        organisation="Lumen Speech",
        inputs=tuple(
            InputFile(f"registers/{name}.csv", sha256(name.encode()).hexdigest(), 100 + len(name)) for name in names
        ),
        triples=12840,
        faults=(
            Fault("findings/prowler.json", 0, file_fault),
            Fault("registers/accounts.csv", 1, "column 'nickname' is not used", notice=True),
            Fault("registers/exercises.csv", 4, date_fault, ("INC-01",)),
            Fault("registers/vendor_reviews.csv", 9, vendor_fault, ("VND-04",)),
        ),
        unused=("evidence/old-export.csv",),
        seconds={"load": 0.41, "derive": 0.33, "validate": 1.9, "assess": 0.02},
    )


def assessment() -> Assessment:
    """The whole sample."""
    results = {id: requirement_results(id) for id in (ISO, SOC2)}
    criteria = {id: criterion_results(id, results[id]) for id in (ISO, SOC2)}
    return Assessment(
        meta=meta(),
        engagements=tuple(engagement_result(id, criteria[id]) for id in (ISO, SOC2)),
        criteria=tuple(criteria[ISO] + criteria[SOC2]),
        requirements=tuple(results[ISO] + results[SOC2]),
        controls=tuple(control_results(ISO) + control_results(SOC2)),
        gaps=gaps(),
        catalogue=catalogue(),
    )
