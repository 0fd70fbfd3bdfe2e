"""When a failed requirement is excused: OP-3 of `data/opinion-rules.csv`."""

from pyoxigraph import NamedNode

from gapgraph.assess.evidence import Evidence
from gapgraph.assess.judged import Judged
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.model import DesignOutcome, Outcome, ResultSeverity


def compensate(evidence: Evidence, judged: Judged) -> None:
    """A failed requirement is excused by a control for the same requirement and time, evidenced, run by others."""
    if judged.outcome is not Outcome.NOT_MET:
        return
    read, moment = evidence.read, evidence.moment
    duty = {read.text(NamedNode(c), gg("performer")) or read.text(NamedNode(c), gg("owner")) for c in judged.controls}
    failed = [f.deviation for f in judged.findings if f.deviation.severity is not ResultSeverity.EXCEPTION]
    days = [d.on for d in failed or [f.deviation for f in judged.findings]]
    for node in read.subjects(TYPE, gg("CompensatingControl")):
        if judged.info.iri not in {o.value for o in read.objects(node, gg("compensates"))} or not read.objects(
            node, gg("evidencedBy")
        ):
            continue
        control = read.text(node, gg("compensatingControl"))
        start, end = read.day(node, gg("coversFrom")), read.day(node, gg("coversUntil"))
        if control is None or start is None or end is None or control in judged.controls:
            continue
        runner = read.text(NamedNode(control), gg("performer")) or read.text(NamedNode(control), gg("owner"))
        whole = start <= moment.judged.start and end >= moment.judged.end
        inside = bool(days) and all(day is not None and start <= day <= end for day in days)
        if (
            runner
            and runner not in duty
            and (whole or inside)
            and evidence.design_of(control)[0] is not DesignOutcome.DEFICIENT
        ):
            title = read.text(NamedNode(control), LABEL) or control
            judged.outcome = Outcome.MET_WITH_EXCEPTIONS
            judged.reasons.append(f"compensated by {title}")
            return
