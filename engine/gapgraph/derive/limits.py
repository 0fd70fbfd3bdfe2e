"""Due dates of items that count from a day, limits of items that are measured, and how pieces cover an item's time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive import calendar
from gapgraph.derive.facts import TYPE, Moment, gg
from gapgraph.errors import InputError
from gapgraph.facts import Facts, first_day
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
        starts, controls, own_times, own_numbers = (
            facts.ends(items, gg(name)) for name in ("countsFrom", "ofControl", "limitParameter", "numberParameter")
        )
        due, limited = facts.having(gg("dueOn")), facts.having(gg("limitNumber"))
        timed = items[~np.isin(items, due)] if names.time or names.notice or own_times else items[:0]
        measured = items[~np.isin(items, limited)] if names.number or own_numbers else items[:0]
        for item in timed.tolist():
            start, name = first_day(starts.get(item, ())), _said(own_times, item) or names.time or names.notice
            if start is not None and name:
                control = _control(controls, item)
                yield from _due(
                    facts.node(item), start, names, parameters.allowance(facts, control, population.value, name)
                )
        for item in measured.tolist():
            name = _said(own_numbers, item) or names.number
            limit = parameters.limit(facts, _control(controls, item), population.value, name) if name else None
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


def _said(ends: Mapping[int, list[Term]], item: int) -> str | None:
    found = ends.get(item)
    return found[0].value if found else None


def _control(controls: Mapping[int, list[Term]], item: int) -> NamedNode | None:
    found = controls.get(item)
    return found[0] if found and isinstance(found[0], NamedNode) else None


def _due(
    item: NamedNode, start: date, names: _Names, found: tuple[calendar.Allowance, NamedNode] | None
) -> Iterator[Triple]:
    if found:
        allowance, source = found
        due = calendar.notice_by(start, allowance) if names.notice else calendar.deadline(start, allowance)
        yield Triple(item, gg("dueOn"), date_literal(due))
        yield Triple(item, gg("limitFrom"), source)
        yield Triple(item, gg("limitText"), Literal(str(allowance)))


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
