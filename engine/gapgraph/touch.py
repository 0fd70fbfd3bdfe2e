"""Which requirements an input problem could touch: those whose shapes, populations or rules read what it is about.

The answer is derived from the terms that each requirement uses, never kept by hand. It errs on the side of more.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import NamedNode
from rdflib import URIRef
from rdflib.term import Node

from gapgraph.derive.facts import gg
from gapgraph.derive.run import rules
from gapgraph.facts import Facts
from gapgraph.graph import background, ontology
from gapgraph.namespaces import GG, PREFIXES
from gapgraph.profile import Profile, Requirement, described
from gapgraph.sources.loading import Problem
from gapgraph.sources.schema import choices, registers

_NARROWED = {
    "activities": "activity_kind",
    "captures": "setting",
    "policies": "policy_kind",
    "exceptions": "exception_kind",
    "controls": "control_type",
}
"""Registers whose rows concern only the requirements that ask for their kind, and the choice that names the kind."""

_ITEM_KINDS = ("Occurrence", "Event", "State")
_ANYTHING = {
    str(GG[name])
    for name in (
        *("ControlInstanceState", "ExpectedInstancesState", "DeviationRateState"),
        *("NilPopulationState", "ContradictedNilState", "ClosedGapState"),
    )
}
"""Populations on which rows of any register bear: instances, rates, what was found empty, what was found again."""
_EVERYWHERE = frozenset({"people", "systems", "services", "controls"})
"""Registers that most rows point to: the rows of other registers do not depend on how these are described."""


@cache
def _origins() -> Mapping[str, frozenset[str]]:
    """By class the registers whose rows it is drawn from: its own, or those of a class above it.

    Where a class is drawn from rows of another kind as well (systems with privileged accounts), `gg:drawnFrom` says so.
    """
    classes: dict[str, set[str]] = defaultdict(set)
    for register in registers().values():
        classes[register.cls].add(register.name)
    above: dict[str, set[str]] = defaultdict(set)
    steps = {PREFIXES["rdfs"] + "subClassOf", str(GG.drawnFrom)}
    for quad in ontology():
        if quad.predicate.value in steps and isinstance(quad.object, NamedNode):
            above[str(getattr(quad.subject, "value", ""))].add(quad.object.value)
    found: dict[str, set[str]] = {}

    def origin(cls: str) -> set[str]:
        if cls not in found:
            found[cls] = set(classes[cls])
            for parent in () if classes[cls] else sorted(above[cls]):
                found[cls] |= origin(parent)
        return found[cls]

    return {cls: frozenset(origin(cls)) for cls in sorted({*above, *classes}) if origin(cls)}


@cache
def _derived(register: str) -> frozenset[str]:
    """Classes that rules draw from a register without asking for a kind of row."""
    kinds = [c.detail for c in registers()[register].columns.values() if c.kind == "class"]
    stated = {iri for kind in kinds for iri in choices(kind).values()}
    return frozenset(cls for cls, names in _origins().items() if register in names and cls not in stated)


def _linked(names: set[str]) -> set[str]:
    """Registers without which rows of the given ones belong to no subject: what a required column points to."""
    columns = [c for name in names - _EVERYWHERE for c in registers()[name].columns.values() if c.required]
    return {column.targets[0] for column in columns if len(column.targets) == 1} - _EVERYWHERE


@cache
def _generic() -> frozenset[str]:
    """Properties that more than one register states: they say nothing about where a term is read from."""
    owners: dict[str, set[str]] = defaultdict(set)
    for register in registers().values():
        for column in register.columns.values():
            if column.property:
                owners[column.property].add(register.name)
    return frozenset(p for p, names in owners.items() if len(names) > 1)


def _shape_terms(profile: Profile, iri: str) -> set[str]:
    def follows(_: Node, __: Node, value: Node) -> bool:
        return not isinstance(value, URIRef) or str(value).startswith(PREFIXES["ggs"])

    statements = described(profile.shapes, [URIRef(iri)], follows)
    return {str(term) for _, predicate, value in statements for term in (predicate, value)}


def reads(profile: Profile) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """By requirement id: the registers it reads, and every term it uses."""
    facts = background(profile)
    special = [{str(GG[t]) for t in _terms(rule.text)} for rule in rules()]
    steps = _steps()
    found = {}
    for id, requirement in profile.requirements.items():
        terms: set[str] = set()
        for part in requirement.parts:
            terms |= _behind(steps, _shape_terms(profile, part.iri))
            population = NamedNode(part.population)
            for predicate, value in facts.about(population):
                terms |= {predicate.value, value.value}
            for words in special:
                if part.population in words:
                    terms |= {w for w in words if not w.endswith(_ITEM_KINDS)}
        names = {"controls"} | {name for term in terms for name in _origins().get(term, ())}
        for register in registers().values():
            classes = {register.cls} | {
                i for c in register.columns.values() if c.kind == "class" for i in choices(c.detail).values()
            }
            own = {c.property for c in register.columns.values() if c.property} - _generic()
            if (classes | own) & terms:
                names.add(register.name)
        if str(GG.observesSetting) in terms:
            names |= {"captures", "change_records", "resources", "systems"}
        if str(GG.exceptionKind) in terms:
            names |= {"exceptions", "people"}
        names |= _linked(names) | _of_every_control(requirement)
        if {str(GG.EventItem), str(GG.memberClass)} & terms:
            names.add("deviation_causes")
        if requirement.info.control_types:
            names.add("compensations")
        found[id] = (frozenset(names), frozenset(terms))
    return found


def _terms(text: str) -> set[str]:
    return set(re.findall(r"gg:([A-Za-z]+)", text))


@cache
def _steps() -> Mapping[str, frozenset[str]]:
    """What only one rule derives, and the terms which that rule uses."""
    makers: dict[str, list[str]] = defaultdict(list)
    for rule in rules():
        head = rule.text[rule.text.index("CONSTRUCT") : rule.text.index("WHERE")]
        for term in _terms(head):
            makers[term].append(rule.text)
    stated = {column.property for register in registers().values() for column in register.columns.values()}
    return {
        str(GG[term]): frozenset(str(GG[t]) for t in _terms(texts[0]) if not t.endswith(_ITEM_KINDS))
        for term, texts in makers.items()
        if len(texts) == 1 and term[0].islower() and str(GG[term]) not in stated
    }


def _behind(steps: Mapping[str, frozenset[str]], terms: set[str]) -> set[str]:
    """The terms of a shape, and what stands behind the derived ones: accounts behind those that a review left out."""
    found = set(terms)
    waiting = [t for t in terms if t in steps]
    while waiting:
        fresh = steps[waiting.pop()] - found
        found |= fresh
        waiting += [t for t in fresh if t in steps]
    return found


def _of_every_control(requirement: Requirement) -> set[str]:
    """Requirements on each control or each finding: records of any register bear on them; subjects decide which."""
    populations = {part.population for part in requirement.parts}
    if _ANYTHING & populations:
        return set(registers())
    if str(GG.ControlEvidenceState) not in populations:
        return set()
    return {name for cls, names in _origins().items() if cls.startswith(str(GG) + "InScope") for name in names}


def touched(
    problem: Problem,
    profile: Profile,
    table: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    facts: Facts,
) -> tuple[str, ...]:
    """The ids of the requirements that a problem could touch, sorted; none for a notice."""
    if problem.notice:
        return ()
    if problem.register in {"*", ""}:
        return tuple(sorted(table))
    found: set[str] = set()
    for id, (names, terms) in table.items():
        if problem.register not in names:
            continue
        if not _other_kind(problem, profile.requirements[id], terms):
            found.add(id)
    if problem.register == "compensations" and problem.subject:
        named = {o.value for o in facts.objects(NamedNode(problem.subject), gg("compensates"))}
        found &= {id for id, r in profile.requirements.items() if r.info.iri in named} or found
    if problem.register == "people":
        found |= _of_person(problem, profile, facts)
    if problem.register in {"policies", "policy_statements"}:
        found |= _of_statement(problem, profile, facts)
    if problem.register == "evidence":
        found |= _of_evidence(problem, profile)
    if problem.register == "controls" and problem.subject:
        said = facts.objects(NamedNode(problem.subject), gg("addresses"))
        found |= {id for id, r in profile.requirements.items() if r.info.iri in {s.value for s in said}}
    return tuple(sorted(found))


def _other_kind(problem: Problem, requirement: Requirement, terms: frozenset[str]) -> bool:
    """Whether the row is said to be of a kind that the requirement, which asks for kinds, does not ask for."""
    choice = _NARROWED.get(problem.register)
    if choice is None:
        return False
    kinds = set(choices(choice).values())
    said = kinds & set(problem.narrowing)
    if problem.register == "controls":
        asked = set(requirement.info.control_types)
    else:
        general = {
            registers()[problem.register].cls,
            *_derived(problem.register),
        }
        asked = set() if general & terms else kinds & terms
    return bool(said and asked and not said & asked)


def _of_person(problem: Problem, profile: Profile, facts: Facts) -> set[str]:
    """A person whose row is faulty may be the owner or performer of controls."""
    if not problem.subject:
        return set(profile.requirements)
    person = NamedNode(problem.subject)
    controls = {c.value for name in ("owner", "performer", "deputy") for c in facts.subjects(gg(name), person)}
    types = {t.value for c in controls for t in facts.objects(NamedNode(c), gg("controlType"))}
    return {id for id, r in profile.requirements.items() if types & set(r.info.control_types)}


def _of_statement(problem: Problem, profile: Profile, facts: Facts) -> set[str]:
    """What a policy says holds where controls are silent: the requirements that its statements speak of."""
    limited = {id for id, r in profile.requirements.items() if r.info.parameters}
    if not problem.subject:
        return limited
    node = NamedNode(problem.subject)
    said = [node] if problem.register == "policy_statements" else facts.subjects(gg("statedIn"), node)
    named = {o.value for s in said for o in facts.objects(s, gg("statesFor"))}
    if problem.register == "policy_statements" and not named:
        return limited
    return {id for id, r in profile.requirements.items() if r.info.iri in named}


def _of_evidence(problem: Problem, profile: Profile) -> set[str]:
    """Evidence may be the proof of an empty population."""
    kinds = {n for n in problem.narrowing if n.endswith("Evidence")}
    if kinds and str(GG.NilPopulationEvidence) not in kinds:
        return set()
    return {id for id, r in profile.requirements.items() if r.info.control_types}


def touches_by_requirement(faults: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """From (place and message, requirement ids) to the faults of each requirement."""
    table: dict[str, list[str]] = defaultdict(list)
    for text, ids in faults:
        for id in ids:
            table[id].append(text)
    return {id: tuple(texts) for id, texts in table.items()}
