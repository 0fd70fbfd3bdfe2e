"""Reads population items out of the store, and attaches the validation results to them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pyoxigraph import NamedNode, Store

from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, Reader, gg
from gapgraph.model import FailedCheck, ResultSeverity
from gapgraph.namespaces import GG
from gapgraph.profile import Check
from gapgraph.validate import Result

_SEVERITY = {str(GG.Exception): ResultSeverity.EXCEPTION, str(GG.NoConclusion): ResultSeverity.NO_CONCLUSION}
_ORDER = (ResultSeverity.VIOLATION, ResultSeverity.NO_CONCLUSION, ResultSeverity.EXCEPTION)


@dataclass(frozen=True, slots=True)
class Item:
    """One population item: whose it is, what it is about, which records it rests on, when it counts.

    `on` is the due date, else the last day of the stretch it speaks of, else the day it starts from.
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


def collect(store: Store, population: str) -> list[Item]:
    """The items of a population class, sorted by label and IRI."""
    read = Reader(store)
    found = []
    for node in read.subjects(TYPE, NamedNode(population)):

        def one(name: str, node: NamedNode = node) -> str:
            return read.text(node, gg(name)) or ""

        records = {
            o.value
            for name in (
                "record",
                "candidate",
                "exception",
                "latestReport",
                "reportReview",
                "assessment",
                "contract",
            )
            for o in read.objects(node, gg(name))
            if isinstance(o, NamedNode)
        }
        due, ends = read.day(node, gg("dueOn")), read.day(node, gg("endsOn"))
        last = ends - DAY if ends else None
        found.append(
            Item(
                node.value,
                read.text(node, LABEL) or node.value,
                one("ofControl"),
                one("coversSubject"),
                one("ofSubject"),
                tuple(sorted(records)),
                due or last or read.day(node, gg("startsOn")),
                one("limitFrom"),
                one("ofRequirement"),
            )
        )
    return sorted(found, key=lambda i: (i.label, i.iri))


def by_focus(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Results by the IRI of their focus node."""
    table: dict[str, list[Result]] = {}
    for result in results:
        table.setdefault(result.focus, []).append(result)
    return table


def failures(
    item: Item, results: Sequence[Result], checks: Mapping[str, Check], store: Store
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
                _shown(result.value, store),
                _limit(item, check, store),
                result.component.rpartition("#")[2],
            )
        )
    return tuple(sorted(found))


def severity_of(results: Iterable[Result], checks: Mapping[str, Check]) -> ResultSeverity | None:
    """The worst severity among the results of these checks: violation, then no conclusion, then exception."""
    found = {_SEVERITY.get(r.severity, ResultSeverity.VIOLATION) for r in results if r.shape in checks}
    return next((s for s in _ORDER if s in found), None)


def _shown(value: str, store: Store) -> str:
    if value.startswith(("http://", "https://", "urn:")):
        if "/item/" in value:
            return ""
        return Reader(store).text(NamedNode(value), LABEL) or value.rpartition("#")[2] or value
    return value


def _limit(item: Item, check: Check, store: Store) -> str:
    """What would have satisfied the check: its constraint, with the values of the limits it names."""
    read = Reader(store)
    text = check.expected
    node = NamedNode(item.iri)
    for name in sorted(set(text.replace(",", " ").split()), key=len, reverse=True):
        if not name.isidentifier():
            continue
        values = [v.value for v in read.objects(node, gg(name))]
        if values:
            shown = ", ".join(_shown(v, store) for v in values)
            text = text.replace(name, f"{shown} ({name})")
    if item.limit_from and "dueOn" in text:
        who = read.text(NamedNode(item.limit_from), LABEL)
        text += f", a limit of the control {who}" if who else ", a default of the profile"
    return text
