"""Reads population items out of the facts, and attaches the validation results to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pyoxigraph import NamedNode

from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, gg
from gapgraph.facts import Facts
from gapgraph.model import FailedCheck, ResultSeverity
from gapgraph.namespaces import GG
from gapgraph.profile import Check
from gapgraph.shacl.terms import Ids, Term
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
    numbers = nodes.tolist()
    control, covers, subject, limit_from, requirement, slots = (facts.firsts(nodes, gg(name)) for name in _OWN)
    labels = facts.firsts(nodes, LABEL)
    gap_subjects = facts.firsts(nodes, NamedNode(gap_subject)) if gap_subject else [None] * len(numbers)
    due, ends, done, starts = (facts.days(nodes, gg(name)) for name in _DAYS)
    records: list[set[str]] = [set() for _ in numbers]
    for name in _RECORDS:
        for place, end in facts.each_end(nodes, gg(name)):
            if isinstance(end, NamedNode):
                records[place].add(end.value)
    found = []
    for place, term in enumerate(facts.columns.terms.of(numbers)):
        slot, label = slots[place], labels[place]
        over = isinstance(slot, NamedNode) and gg("WindowSlot") in facts.objects(slot, TYPE)
        days = _Said(due[place], ends[place], done[place], starts[place])
        on, until = _days(days, known_before, over=over)
        found.append(
            Item(
                term.value,
                label.value if label else term.value,
                _text(control[place]),
                _text(covers[place]),
                _text(subject[place]),
                tuple(sorted(records[place])),
                on,
                _text(limit_from[place]),
                _text(requirement[place]),
                until,
                _text(gap_subjects[place]),
            )
        )
    return in_order(found)


def _text(term: Term | None) -> str:
    return term.value if term is not None else ""


class _Said(NamedTuple):
    """The days that an item states."""

    due: date | None
    ends: date | None
    done: date | None
    starts: date | None


def _days(said: _Said, known_before: date, *, over: bool) -> tuple[date | None, date | None]:
    """The last day allowed to an item, and the last day on which it was still open: until it was done, or known.

    A window that was missed is over when it ends; any other duty stays open until it is done.
    """
    limit = said.due or said.ends
    if limit is None:
        return said.starts, None
    on = min(limit, known_before) - DAY
    open_until = said.ends or said.done or (limit if over else known_before)
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
                _shown(result.value, facts) or _too_many(item, result, facts),
                _limit(item, check, facts),
                result.component.rpartition("#")[2],
            )
        )
    return tuple(sorted(found))


def severity_of(results: Iterable[Result], checks: Mapping[str, Check]) -> ResultSeverity | None:
    """The worst severity among the results of these checks: violation, then no conclusion, then exception."""
    found = {_SEVERITY.get(r.severity, ResultSeverity.VIOLATION) for r in results if r.shape in checks}
    return next((s for s in _ORDER if s in found), None)


_TOO_MANY = "MaxCountConstraintComponent"
_MANY = 5
"""So many values of what there is too much of are named."""


def _too_many(item: Item, result: Result, facts: Facts) -> str:
    """The values of a property that has more than it may have: the result itself names none."""
    if not result.component.endswith(_TOO_MANY) or not result.path or result.focus != item.iri:
        return ""
    values = [_shown(v.value, facts) for v in facts.objects(NamedNode(item.iri), NamedNode(result.path))]
    named = [v for v in values if v]
    more = f" and {len(named) - _MANY} more" if len(named) > _MANY else ""
    return f"{', '.join(named[:_MANY])}{more}"


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
