"""Reads population items out of the facts, and attaches the validation results to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode

from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.facts import Facts, first_day
from gapgraph.model import FailedCheck, ResultSeverity
from gapgraph.namespaces import GG
from gapgraph.profile import Check
from gapgraph.shacl.terms import Ids
from gapgraph.validate import Result

_SEVERITY = {str(GG.Exception): ResultSeverity.EXCEPTION, str(GG.NoConclusion): ResultSeverity.NO_CONCLUSION}
_FIRST_TOO_LATE = ("dueOn", "windowEnd", "spacedBy")
"""Half-open limits of an item: its first day that is too late."""
_OWN = ("ofControl", "coversSubject", "ofSubject", "limitFrom", "ofRequirement", "inSlot")
_DAYS = ("dueOn", "endsOn", "completedOn", "startsOn")
_RECORDS = ("record", "candidate", "exception", "latestReport", "reportReview", "assessment", "contract")
_ORDER = (ResultSeverity.VIOLATION, ResultSeverity.NO_CONCLUSION, ResultSeverity.EXCEPTION)


@dataclass(frozen=True, slots=True)
class Item:
    """One population item: whose it is, what it is about, which records it rests on, when it counts.

    `on` and `until` are plain days, as a deviation has them: the last day allowed, and the last day it was still open.
    """

    iri: str
    label: str
    control: str
    covers: str
    subject: str
    records: tuple[str, ...]
    on: date | None
    limit_from: str
    requirement: str = ""
    until: date | None = None
    gap_subject: str = ""


def in_order(items: Iterable[Item]) -> list[Item]:
    """Items by label and IRI."""
    return sorted(items, key=lambda i: (i.label, i.iri))


def collect(
    facts: Facts, population: str, known_before: date, gap_subject: str = "", only: Ids | None = None
) -> list[Item]:
    """The items of a population class, or those with these numbers, sorted by label and IRI.

    `gap_subject` is the property of an item that names the subject of its gap.
    """
    nodes = facts.instances(NamedNode(population)) if only is None else only
    known = {name: facts.ends(nodes, gg(name)) for name in (*_OWN, *_DAYS, *_RECORDS)}
    labels = facts.ends(nodes, LABEL)
    gap_subjects = facts.ends(nodes, NamedNode(gap_subject)) if gap_subject else {}

    def text(name: str, node: int) -> str:
        ends = known[name].get(node)
        return ends[0].value if ends else ""

    found = []
    for node, term in zip(nodes.tolist(), facts.columns.terms.of(nodes.tolist()), strict=True):
        records = {end.value for name in _RECORDS for end in known[name].get(node, ()) if isinstance(end, NamedNode)}
        slots = [slot for slot in known["inSlot"].get(node, ()) if isinstance(slot, NamedNode)]
        over = bool(slots) and gg("WindowSlot") in facts.objects(slots[0], TYPE)
        days = {name: first_day(known[name].get(node, ())) for name in _DAYS}
        on, until = _days(days, known_before, over=over)
        label = labels.get(node)
        found.append(
            Item(
                term.value,
                label[0].value if label else term.value,
                text("ofControl", node),
                text("coversSubject", node),
                text("ofSubject", node),
                tuple(sorted(records)),
                on,
                text("limitFrom", node),
                text("ofRequirement", node),
                until,
                gap_subjects[node][0].value if node in gap_subjects else "",
            )
        )
    return in_order(found)


def _days(said: Mapping[str, date | None], known_before: date, *, over: bool) -> tuple[date | None, date | None]:
    """The last day allowed to an item, and the last day on which it was still open: until it was done, or known.

    A window that was missed is over when it ends; any other duty stays open until it is done.
    """
    due, ends, done = said["dueOn"], said["endsOn"], said["completedOn"]
    limit = due or ends
    if limit is None:
        return said["startsOn"], None
    on = min(limit, known_before) - DAY
    open_until = ends or done or (limit if over else known_before)
    return on, max(on, min(open_until, known_before) - DAY)


def by_focus(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Results by the IRI of their focus node."""
    table: dict[str, list[Result]] = {}
    for result in results:
        table.setdefault(result.focus, []).append(result)
    return table


def failures(
    item: Item, results: Sequence[Result], checks: Mapping[str, Check], facts: Facts
) -> tuple[FailedCheck, ...]:
    """The failing checks of an item among those of one shape, sorted."""
    found = set()
    for result in results:
        check = checks.get(result.shape)
        if check is None:
            continue
        path = check.path or result.path.rpartition("#")[2]
        found.add(
            FailedCheck(
                result.shape.rpartition("#")[2],
                check.name,
                result.message,
                path,
                _shown(result.value, facts),
                _limit(item, check, facts),
                result.component.rpartition("#")[2],
            )
        )
    return tuple(sorted(found))


def severity_of(results: Iterable[Result], checks: Mapping[str, Check]) -> ResultSeverity | None:
    """The worst severity among the results of these checks: violation, then no conclusion, then exception."""
    found = {_SEVERITY.get(r.severity, ResultSeverity.VIOLATION) for r in results if r.shape in checks}
    return next((s for s in _ORDER if s in found), None)


def _shown(value: str, facts: Facts) -> str:
    if value.startswith(("http://", "https://", "urn:")):
        if "/item/" in value:
            return ""
        return facts.text(NamedNode(value), LABEL) or value.rpartition("#")[2] or value
    return value


def _limit(item: Item, check: Check, facts: Facts) -> str:
    """What would have satisfied the check: its constraint, with the values of the limits it names.

    What must be before a half-open day is shown as not after the last day that counts.
    """
    text = check.expected
    node = NamedNode(item.iri)
    for name in _FIRST_TOO_LATE:
        day = facts.day(node, gg(name))
        if day is not None:
            text = text.replace(f"before {name}", f"not after {day - DAY} ({name})")
    for name in sorted(set(text.replace(",", " ").split()), key=len, reverse=True):
        if not name.isidentifier():
            continue
        values = [v.value for v in facts.objects(node, gg(name))]
        if values and f"({name})" not in text:
            shown = ", ".join(_shown(v, facts) for v in values)
            text = text.replace(name, f"{shown} ({name})")
    if item.limit_from and "dueOn" in text:
        who = facts.text(NamedNode(item.limit_from), LABEL)
        text += f", a limit of the control {who}" if who else ", a default of the profile"
    return text
