"""Which requirements an input problem could touch: those whose shapes, populations or rules read what it is about.

The answer is derived from the terms that each requirement uses, never kept by hand. It errs on the side of more.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import NamedNode, Store
from rdflib import URIRef

from gapgraph.derive.facts import Reader, gg
from gapgraph.derive.run import rules
from gapgraph.graph import background
from gapgraph.namespaces import GG, PREFIXES
from gapgraph.profile import Profile
from gapgraph.sources.loading import Problem
from gapgraph.sources.schema import choices, registers

_NARROWED = frozenset({"activities", "captures", "policies", "exceptions", "access_reviews"})
_DERIVED = {
    "InScopeVendor": "vendors",
    "InScopeSubservice": "vendors",
    "InScopeSensitiveVendor": "vendors",
    "InScopeService": "services",
    "InScopeWorker": "people",
    "ActivePerson": "people",
    "InScopePolicy": "policies",
    "PeriodAccount": "accounts",
    "EnabledAccount": "accounts",
    "PrivilegedEnabledAccount": "accounts",
    "EnabledPersonalAccount": "accounts",
    "AccountWithoutGrant": "accounts",
    "LiveSecret": "secrets",
    "LiveThirdPartyApp": "third_party_apps",
    "ServingModel": "models",
    "AutomatedControl": "controls",
    "AiAsset": "systems",
    "RevocationDecision": "review_decisions",
    "InScopePrivilegedSystem": "accounts",
}

_NOT_SYSTEMS = frozenset({"InScopeOrganisation", *_DERIVED})


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
    terms: set[str] = set()
    queue: list[object] = [URIRef(iri)]
    seen: set[object] = set()
    while queue:
        node = queue.pop()
        if node in seen:
            continue
        seen.add(node)
        for predicate, value in profile.shapes.predicate_objects(node):  # type: ignore[arg-type]
            terms.add(str(predicate))
            terms.add(str(value))
            if not isinstance(value, URIRef) or str(value).startswith(PREFIXES["ggs"]):
                queue.append(value)
    return terms


def reads(profile: Profile) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """By requirement id: the registers it reads, and every term it uses."""
    read = Reader(background(profile))
    special = [(rule, {GG[t] for t in _terms(rule.text)}) for rule in rules()]
    found = {}
    for id, requirement in profile.requirements.items():
        terms: set[str] = set()
        for part in requirement.parts:
            terms |= _shape_terms(profile, part.iri)
            population = NamedNode(part.population)
            for quad in read.store.quads_for_pattern(population, None, None):
                terms |= {quad.predicate.value, getattr(quad.object, "value", "")}
            for _, words in special:
                if URIRef(part.population) in words:
                    terms |= {str(w) for w in words if not str(w).endswith(("Occurrence", "Event", "State"))}
        names = {"controls"} | {name for term, name in _DERIVED.items() if str(GG[term]) in terms}
        if any(t.startswith(str(GG) + "InScope") and t.rpartition("#")[2] not in _NOT_SYSTEMS for t in terms):
            names.add("systems")
        for register in registers().values():
            classes = {register.cls} | {
                i for c in register.columns.values() if c.kind == "class" for i in choices(c.detail).values()
            }
            own = {c.property for c in register.columns.values() if c.property} - _generic()
            if (classes | own) & terms:
                names.add(register.name)
        if str(GG.observesSetting) in terms:
            names |= {"captures", "change_records", "systems"}
        found[id] = (frozenset(names), frozenset(terms))
    return found


def _terms(text: str) -> set[str]:
    import re

    return set(re.findall(r"gg:([A-Za-z]+)", text))


def touched(
    problem: Problem,
    profile: Profile,
    table: Mapping[str, tuple[frozenset[str], frozenset[str]]],
    store: Store,
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
        info = profile.requirements[id].info
        if problem.register == "controls" and problem.narrowing:
            if set(problem.narrowing) & set(info.control_types) or not info.control_types:
                found.add(id)
        elif problem.register in _NARROWED and problem.narrowing:
            if set(problem.narrowing) & terms:
                found.add(id)
        else:
            found.add(id)
    if problem.register == "people":
        found |= _of_person(problem, profile, store)
    if problem.register == "evidence":
        found |= _of_evidence(problem, profile)
    return tuple(sorted(found))


def _of_person(problem: Problem, profile: Profile, store: Store) -> set[str]:
    """A person whose row is faulty may be the owner or performer of controls."""
    if not problem.subject:
        return set(profile.requirements)
    read = Reader(store)
    person = NamedNode(problem.subject)
    controls = {c.value for name in ("owner", "performer", "deputy") for c in read.subjects(gg(name), person)}
    types = {t.value for c in controls for t in read.objects(NamedNode(c), gg("controlType"))}
    return {id for id, r in profile.requirements.items() if types & set(r.info.control_types)}


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
