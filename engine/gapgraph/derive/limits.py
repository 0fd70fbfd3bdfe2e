"""Due dates of items that count from a day, limits of items that are measured, and how pieces cover an item's time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.derive.facts import TYPE, Moment, gg
from gapgraph.errors import InputError
from gapgraph.facts import Facts
from gapgraph.model import Period, RequirementInfo
from gapgraph.shacl.terms import Ids, Term
from gapgraph.sources.cells import DECIMAL, INTEGER, date_literal


@dataclass(frozen=True, slots=True)
class Parameters:
    """Limits: the profile's default by population and name, and the profile's own IRI to say where one comes from.

    `fresh_days` says how old a capture may be at the as-of date of a Type I engagement. `policies` holds what policies
    in force say, with the policy; `at_least` the limits of which more asks for more.
    """

    profile: NamedNode
    defaults: Mapping[tuple[str, str], str]
    fresh_days: int
    policies: Mapping[tuple[str, str], tuple[str, NamedNode]] = field(default_factory=dict)
    at_least: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, profile: str, requirements: Iterable[RequirementInfo], fresh_days: int) -> "Parameters":
        """Collects the defaults that requirements state for their populations."""
        known = list(requirements)
        defaults = {(p, name): value for r in known for p in r.populations for name, value in r.parameters.items()}
        at_least = frozenset((p, name) for r in known for p in r.populations for name in r.larger_is_stricter)
        return cls(NamedNode(profile), defaults, fresh_days, at_least=at_least)

    def cadence(self, population: NamedNode) -> tuple[str, NamedNode] | None:
        """The cadence of a population where a control is silent: what a policy says, else the profile's default."""
        return self._elsewhere(population.value, "cadence")

    def _elsewhere(self, population: str, name: str) -> tuple[str, NamedNode] | None:
        stated = self.policies.get((population, name))
        if stated is not None:
            return stated
        default = self.defaults.get((population, name))
        return (default, self.profile) if default is not None else None

    def limit(
        self, facts: Facts, control: NamedNode | None, population: str, name: str
    ) -> tuple[str, NamedNode] | None:
        """The value that holds and where it comes from: the control's own word, a policy's, the profile's default."""
        if control is not None:
            for stated in facts.objects(control, gg("parameter")):
                key, _, value = stated.value.partition("=")
                if key.strip() == name and value.strip():
                    return value.strip(), control
        return self._elsewhere(population, name)

    def allowance(
        self, facts: Facts, control: NamedNode | None, population: str, name: str
    ) -> tuple[calendar.Allowance, NamedNode] | None:
        """A limit that is a length of time, and where it comes from. Raises InputError where it is none."""
        found = self.limit(facts, control, population, name)
        return (_allowance(*found), found[1]) if found else None


def limit_facts(facts: Facts, parameters: Parameters, only: Ids | None = None) -> Iterator[Triple]:
    """Due dates of items that count from a day, limits of items that are measured.

    `only` are the numbers of the items wanted, sorted, where not all are.
    """
    for population in facts.values(gg("population")):
        if not isinstance(population, NamedNode):
            continue
        items = facts.among(population, only)
        if not len(items):
            continue
        names = _names(facts, population)
        items = items[np.isin(items, facts.having(gg("inEngagement")))]
        limits = _Limits(facts, parameters, population)
        if names.time or names.notice or _any(facts, items, "limitParameter"):
            yield from _timed(facts, items[~np.isin(items, facts.having(gg("dueOn")))], names, limits)
        if names.number or _any(facts, items, "numberParameter"):
            yield from _measured(facts, items[~np.isin(items, facts.having(gg("limitNumber")))], names, limits)


def _any(facts: Facts, items: Ids, name: str) -> bool:
    return next(facts.each_end(items, gg(name)), None) is not None


class _Limits:
    """The limits of one population, looked up once for each control and parameter."""

    def __init__(self, facts: Facts, parameters: Parameters, population: NamedNode) -> None:
        self._facts, self._parameters, self._population = facts, parameters, population.value
        self._allowances: dict[tuple[Term | None, str], tuple[calendar.Allowance, NamedNode] | None] = {}
        self._due: dict[tuple[date, calendar.Allowance], Literal] = {}

    def allowance(self, control: Term | None, name: str) -> tuple[calendar.Allowance, NamedNode] | None:
        """A limit that is a length of time, and where it comes from."""
        key = control, name
        if key not in self._allowances:
            own = control if isinstance(control, NamedNode) else None
            self._allowances[key] = self._parameters.allowance(self._facts, own, self._population, name)
        return self._allowances[key]

    def number(self, control: Term | None, name: str) -> tuple[str, NamedNode] | None:
        """Any limit, and where it comes from."""
        own = control if isinstance(control, NamedNode) else None
        return self._parameters.limit(self._facts, own, self._population, name)

    def due(self, start: date, allowance: calendar.Allowance, *, notice: bool) -> Literal:
        """The day from which on it is too late; of a notice the day by which it had to be given."""
        key = start, allowance
        if key not in self._due:
            day = calendar.notice_by(start, allowance) if notice else calendar.deadline(start, allowance)
            self._due[key] = date_literal(day)
        return self._due[key]


def _timed(facts: Facts, items: Ids, names: "_Names", limits: _Limits) -> Iterator[Triple]:
    """Due dates of items that count from a day."""
    starts = facts.days(items, gg("countsFrom"))
    own, controls = (facts.firsts(items, gg(name)) for name in ("limitParameter", "ofControl"))
    due_on, limit_from, limit_text = gg("dueOn"), gg("limitFrom"), gg("limitText")
    for item, start, said, control in zip(items.tolist(), starts, own, controls, strict=True):
        name = said.value if said is not None else names.time or names.notice
        found = limits.allowance(control, name) if start is not None and name else None
        if start is not None and found is not None:
            allowance, source = found
            node = facts.node(item)
            yield Triple(node, due_on, limits.due(start, allowance, notice=bool(names.notice)))
            yield Triple(node, limit_from, source)
            yield Triple(node, limit_text, Literal(str(allowance)))


def _measured(facts: Facts, items: Ids, names: "_Names", limits: _Limits) -> Iterator[Triple]:
    """Limits of items that are measured."""
    own, controls = (facts.firsts(items, gg(name)) for name in ("numberParameter", "ofControl"))
    for item, said, control in zip(items.tolist(), own, controls, strict=True):
        name = said.value if said is not None else names.number
        limit = limits.number(control, name) if name else None
        if limit:
            node = facts.node(item)
            yield Triple(node, gg("limitNumber"), Literal(limit[0].rstrip("%dh "), datatype=DECIMAL))
            yield Triple(node, gg("limitFrom"), limit[1])


@dataclass(frozen=True, slots=True)
class _Names:
    """The parameters that limit the items of a population: days to do it in, a number, days of notice before."""

    time: str | None
    number: str | None
    notice: str | None


def _names(facts: Facts, population: NamedNode) -> _Names:
    return _Names(*(facts.text(population, gg(n)) for n in ("limitParameter", "numberParameter", "noticeParameter")))


def coverage_facts(facts: Facts, moment: Moment, parameters: Parameters, only: Ids | None = None) -> Iterator[Triple]:
    """How much of an item's time its pieces (exceptions, policy versions, reports and letters) cover together.

    `only` are the numbers of the items wanted, sorted, where not all are.
    """
    covered = np.unique(facts.having(gg("coverPiece")))
    for item in facts.named(covered if only is None else np.intersect1d(covered, only, assume_unique=True)):
        pieces = [piece for piece in facts.objects(item, gg("coverPiece")) if isinstance(piece, NamedNode)]
        start = facts.day(item, gg("startsOn"))
        end = facts.day(item, gg("endsOn")) or moment.judged_before
        if start is None or end <= start:
            continue
        spans = [s for p in pieces if (s := _piece(facts, item, p, parameters)) is not None]
        found = calendar.coverage(spans, Period(start, end))
        yield Triple(item, gg("uncoveredDays"), Literal(str(found.bare_days), datatype=INTEGER))
        if found.covered_until:
            yield Triple(item, gg("coveredUntil"), date_literal(found.covered_until))
        if found.covered_from:
            yield Triple(item, gg("coveredFrom"), date_literal(found.covered_from))
        if found.first_bare:
            yield Triple(item, gg("firstUncoveredOn"), date_literal(found.first_bare))


def _piece(facts: Facts, item: NamedNode, piece: NamedNode, parameters: Parameters) -> Period | None:
    start, end = facts.day(piece, gg("pieceFrom")), facts.day(piece, gg("pieceUntil"))
    if start is None or end is None:
        return None
    if any(Triple(piece, TYPE, gg(kind)) in facts for kind in ("BridgeLetter", "OwnBridgeLetter")):
        population = facts.text(item, gg("population")) or ""
        control = facts.one(item, gg("ofControl"))
        own = control if isinstance(control, NamedNode) else None
        found = parameters.allowance(facts, own, population, "max_bridge")
        if found and end > calendar.deadline(start - calendar.DAY, found[0]):
            return None
    return Period(start, end) if end > start else None


def _allowance(text: str, source: NamedNode) -> calendar.Allowance:
    """The length of time that a limit states. Raises InputError with who states it where it is none."""
    try:
        return calendar.Allowance.parse(text)
    except ValueError as error:
        who = f"a parameter of {source.value.rpartition('/')[2]}"
        raise InputError(f"{who}: {error}", remedy="Correct the column parameters of the control.") from None
