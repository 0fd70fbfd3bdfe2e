"""What policies say of cadences and limits: where a control is silent they hold, where it says less they clash.

An organisation's own commitments come first: the control's own text, then the policy in force at the end of the judged
time, then the profile's default. A control that promises less than its policy is judged by its own text, and the
contradiction is an item of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import md5

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.derive.calendar import Allowance
from gapgraph.derive.facts import GG, LABEL, TYPE, Moment, gg
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import DECIMAL

_TARGET = NamedNode(PREFIXES["sh"] + "targetClass")
_POPULATION = gg("PolicyAgreementState")
_DAYS = {
    "Annual": 365,
    "SemiAnnual": 183,
    "Quarterly": 92,
    "Monthly": 31,
    "Weekly": 7,
    "Daily": 1,
    "Continuous": 0,
    "PerEvent": 0,
}
"""The longest that one instance is from the next at each cadence, in days."""
_UNITS = {"d": 1.0, "bd": 1.4, "h": 1 / 24, "m": 31.0, "y": 366.0}
"""Days in each unit of a length of time; five working days are a week."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a policy says of one population: `cadence` or the name of a parameter, and the value."""

    node: NamedNode
    policy: NamedNode
    population: NamedNode
    requirement: NamedNode
    name: str
    value: str


def statements(facts: Facts, moment: Moment) -> Iterator[Statement]:
    """The statements of policies in force on the last day that is judged, in a fixed order."""
    for node in sorted(facts.subjects(TYPE, gg("PolicyStatement")), key=str):
        policy = facts.one(node, gg("statedIn"))
        if not isinstance(policy, NamedNode) or not _in_force(facts, policy, moment):
            continue
        said = [("cadence", c.value.removeprefix(GG)) for c in facts.objects(node, gg("cadence"))]
        for text in facts.objects(node, gg("parameter")):
            name, _, value = text.value.partition("=")
            said.append((name.strip(), value.strip()))
        for requirement in facts.objects(node, gg("statesFor")):
            if not isinstance(requirement, NamedNode):
                continue
            for population in facts.objects(requirement, _TARGET):
                if isinstance(population, NamedNode):
                    yield from (Statement(node, policy, population, requirement, n, v) for n, v in sorted(said))


def _in_force(facts: Facts, policy: NamedNode, moment: Moment) -> bool:
    effective, approved, retired = (facts.day(policy, gg(n)) for n in ("effectiveOn", "approvedOn", "retiredOn"))
    before = moment.judged_before
    return (
        effective is not None
        and approved is not None
        and effective < before
        and approved < before
        and (retired is None or retired >= before)
    )


def with_policies(facts: Facts, moment: Moment, parameters: Parameters) -> Parameters:
    """The limits with what policies say between the control's own word and the profile's default.

    Of two policies that say different things of one limit the stricter holds.
    """
    found: dict[tuple[str, str], tuple[str, NamedNode]] = {}
    for one in statements(facts, moment):
        key = (one.population.value, one.name)
        word = _cadence_word(one.value) if one.name == "cadence" else one.value
        if word and (key not in found or _stricter(key, word, found[key][0], parameters)):
            found[key] = (word, one.policy)
    return replace(parameters, policies=found)


def _cadence_word(local: str) -> str | None:
    words = {"Annual": "annual", "SemiAnnual": "semi-annual"}
    return (words.get(local) or local.lower()) if _DAYS.get(local) else None


def _stricter(key: tuple[str, str], one: str, other: str, parameters: Parameters) -> bool:
    a, b = _measure(key[1], one), _measure(key[1], other)
    if a is None or b is None:
        return False
    return a > b if key in parameters.at_least else a < b


def _measure(name: str, value: str) -> float | None:
    """Days of a cadence or a length of time, else the plain number; None for what is neither."""
    if name == "cadence":
        local = {"annual": "Annual", "semi-annual": "SemiAnnual"}.get(value, value if value in _DAYS else value.title())
        return _DAYS.get(local)
    try:
        length = Allowance.parse(value)
    except ValueError:
        pass
    else:
        return length.amount * _UNITS[length.unit]
    try:
        return float(value.rstrip("%"))
    except ValueError:
        return None


def agreement_facts(facts: Facts, moment: Moment, parameters: Parameters) -> Iterator[Triple]:
    """One item for each limit that both a policy and a control answering the requirement state."""
    answering: dict[str, set[NamedNode]] = {}
    for series in facts.subjects(TYPE, gg("Series")):
        control, population = facts.one(series, gg("ofControl")), facts.text(series, gg("population"))
        if isinstance(control, NamedNode) and population:
            answering.setdefault(population, set()).add(control)
    seen: set[tuple[str, str, str]] = set()
    for one in statements(facts, moment):
        for control in sorted(answering.get(one.population.value, ()), key=str):
            own = _own(facts, control).get(one.name)
            key = (control.value, one.node.value, one.name)
            if own is None or key in seen:
                continue
            seen.add(key)
            yield from _item(facts, moment, one, control, own, (one.population.value, one.name) in parameters.at_least)


def _own(facts: Facts, control: NamedNode) -> Mapping[str, str]:
    """What a control itself states, by name."""
    found = {}
    cadence = facts.text(control, gg("cadence"))
    if cadence:
        found["cadence"] = cadence.removeprefix(GG)
    for text in facts.objects(control, gg("parameter")):
        name, _, value = text.value.partition("=")
        found[name.strip()] = value.strip()
    return found


def _item(
    facts: Facts, moment: Moment, one: Statement, control: NamedNode, own: str, at_least: bool
) -> Iterator[Triple]:
    mine, theirs = _measure(one.name, own), _measure(one.name, one.value)
    digest = md5(f"{control.value} {one.node.value} {one.name}".encode()).hexdigest()
    item = NamedNode(f"{moment.iri.value}/item/{digest}")
    title = facts.text(control, LABEL) or control.value.rpartition("/")[2]
    policy = facts.text(one.policy, LABEL) or one.policy.value.rpartition("/")[2]
    yield Triple(item, gg("population"), _POPULATION)
    yield Triple(item, gg("inEngagement"), moment.iri)
    yield Triple(item, gg("ofControl"), control)
    yield Triple(item, gg("coversSubject"), control)
    yield Triple(item, gg("ofSubject"), control)
    yield Triple(item, gg("record"), one.node)
    yield Triple(item, gg("limitFrom"), one.policy)
    yield Triple(item, LABEL, Literal(f"{one.name} of {title}: {own.lower()}, {policy} says {one.value.lower()}"))
    if mine is not None:
        yield Triple(item, gg("observedNumber"), Literal(f"{mine:.2f}", datatype=DECIMAL))
    if theirs is not None:
        limit = gg("leastNumber") if at_least else gg("limitNumber")
        yield Triple(item, limit, Literal(f"{theirs:.2f}", datatype=DECIMAL))
