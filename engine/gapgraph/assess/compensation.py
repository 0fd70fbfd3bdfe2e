"""When a failed requirement is excused: OP-3 of `data/opinion-rules.csv`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from gapgraph.assess.controls import operation_of
from gapgraph.assess.evidence import Evidence
from gapgraph.assess.judged import Finding, Judged
from gapgraph.assess.methods import allowed_by
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.model import DesignOutcome, OperationOutcome, Outcome, Period, ReportType, ResultSeverity

_OPERATED = frozenset({OperationOutcome.EFFECTIVE, OperationOutcome.EFFECTIVE_WITH_EXCEPTION})


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a control in place of requirements, over the time that its row states."""

    control: NamedNode
    title: str
    requirements: frozenset[str]
    time: Period
    evidenced: bool


@dataclass(frozen=True, slots=True)
class _Failure:
    """What has to be covered: subjects beside the organisation, and the days on which it failed."""

    subjects: frozenset[str]
    time: Period


def compensate(evidence: Evidence, judged: Mapping[str, Judged]) -> None:
    """Excuses failed requirements: by controls that stand in for the same requirement, subject and time.

    Such a control is run by others, evidenced, and was itself judged to operate, so all controls are judged before.
    """
    uses = _uses(evidence)
    for one in judged.values():
        mine = [u for u in uses if one.info.iri in u.requirements]
        if one.outcome is not Outcome.NOT_MET or not mine:
            continue
        refused = {u: said for u in mine if (said := _refusal(u, one, evidence, judged))}
        accepted = [u for u in mine if u not in refused]
        failures = _failures(one, evidence)
        open_ = [f for f in failures if not any(_covers(u, f, evidence) for u in accepted)]
        if accepted and failures and not open_:
            used = [u.title for u in accepted if any(_covers(u, f, evidence) for f in failures)]
            one.outcome = Outcome.MET_WITH_EXCEPTIONS
            one.reasons.append(f"compensated by {', '.join(dict.fromkeys(used))}")
            continue
        one.reasons += [f"{u.title} does not compensate: {said}" for u, said in refused.items()]
        why = "it does not cover every failure, with its subject and time"
        one.reasons += [f"{u.title} does not compensate: {why}" for u in accepted]


def _uses(evidence: Evidence) -> list[_Use]:
    facts = evidence.facts
    found = []
    for node in facts.subjects(TYPE, gg("CompensatingControl")):
        control = facts.one(node, gg("compensatingControl"))
        start, end = facts.day(node, gg("coversFrom")), facts.day(node, gg("coversUntil"))
        if not isinstance(control, NamedNode) or start is None or end is None:
            continue
        requirements = frozenset(o.value for o in facts.objects(node, gg("compensates")))
        title = facts.text(control, LABEL) or control.value
        found.append(_Use(control, title, requirements, Period(start, end), _evidenced(node, evidence)))
    return found


def _evidenced(use: NamedNode, evidence: Evidence) -> bool:
    """Whether a dated piece of evidence that was known at the as-of date shows it; inquiry alone does not."""
    facts, known = evidence.facts, evidence.moment.known_before
    named = [o for o in facts.objects(use, gg("evidencedBy")) if isinstance(o, NamedNode)]
    items = [item for item in named if allowed_by(facts, item) - {"inquiry"}]
    days = [facts.day(item, gg(name)) for item in items for name in ("capturedOn", "eventOn")]
    return any(day is not None and day < known for day in days)


def _refusal(use: _Use, one: Judged, evidence: Evidence, judged: Mapping[str, Judged]) -> str:
    """Why a control cannot stand in for a requirement at any time; '' where it can."""
    if use.control.value in one.controls:
        return "it is itself a control of the requirement"
    runner = _runner(use.control, evidence)
    if not runner:
        return "nobody is named who runs it"
    if runner in {_runner(NamedNode(c), evidence) for c in one.controls}:
        return "it is run by somebody whose duty failed"
    if not use.evidenced:
        return "no dated evidence known at the as-of date shows it"
    design = evidence.design_of(use.control.value)[0]
    if design is not DesignOutcome.SUITABLE:
        return f"its own design is {design.value.replace('_', ' ')}"
    operation = operation_of(use.control.value, judged)
    untested = operation is None and evidence.moment.type is ReportType.TYPE_I
    if operation not in _OPERATED and not untested:
        return f"its own operation is {(operation or OperationOutcome.NO_CONCLUSION).value.replace('_', ' ')}"
    return ""


def _runner(control: NamedNode, evidence: Evidence) -> str | None:
    return evidence.facts.text(control, gg("performer")) or evidence.facts.text(control, gg("owner"))


def _failures(one: Judged, evidence: Evidence) -> Sequence[_Failure]:
    """What failed outright; where nothing did, what was late."""
    hard = [f for f in one.findings if f.deviation.severity is not ResultSeverity.EXCEPTION]
    return [_failure(f, one, evidence) for f in hard or one.findings]


def _failure(finding: Finding, one: Judged, evidence: Evidence) -> _Failure:
    """The days of a deviation: a window or a state whole, a deadline from its last day until it was done.

    What no day tells (no control, a design) failed all the time; a design for every subject of the control.
    """
    facts, judged = evidence.facts, evidence.moment.judged
    item, on = NamedNode(finding.deviation.focus), finding.deviation.on
    covers = facts.text(item, gg("coversSubject"))
    own = (s for p in one.info.populations for s in evidence.series.get(p, ()) if s.control == finding.control)
    subjects = frozenset({covers} if covers else {s.covers for s in own}) - {evidence.moment.organisation.value}
    begun = facts.day(item, gg("startsOn"))
    if finding.missing_control or on is None or begun is None:
        return _Failure(subjects, judged)
    slot = facts.one(item, gg("inSlot"))
    window = isinstance(slot, NamedNode) and gg("WindowSlot") in facts.objects(slot, TYPE)
    whole = window or evidence.is_state(facts.text(item, gg("population")) or "")
    last = on if window else max(on, finding.deviation.until or on)
    return _Failure(subjects, _time(begun if whole else on, last, judged))


def _time(first: date, last: date, judged: Period) -> Period:
    """The days from first to last, those before the judged time left out where others remain."""
    start = max(first, judged.start) if last >= judged.start else first
    return Period(start, last + DAY)


def _covers(use: _Use, failure: _Failure, evidence: Evidence) -> bool:
    """Whether the row speaks for the days, and the control was in place then and applies to the subjects."""
    facts = evidence.facts
    made, retired = facts.day(use.control, gg("implementedOn")), facts.day(use.control, gg("retiredOn"))
    named = {o.value for o in facts.objects(use.control, gg("appliesTo"))}
    return (
        use.time.start <= failure.time.start
        and use.time.end >= failure.time.end
        and (made is None or made <= failure.time.start)
        and (retired is None or retired >= failure.time.end)
        and (not named or failure.subjects <= named)
    )
