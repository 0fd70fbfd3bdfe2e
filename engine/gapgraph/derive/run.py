"""Runs the derivation of one engagement over a store that holds all statements, and returns what it added."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pyoxigraph import Quad, QueryTriples, Store, Triple

from gapgraph import assets
from gapgraph.derive.facts import Moment, Reader, engagement_facts, evidence_facts
from gapgraph.derive.instances import instance_facts
from gapgraph.derive.limits import Parameters, coverage_facts, limit_facts
from gapgraph.derive.series import series_facts
from gapgraph.derive.statements import agreement_facts, with_policies
from gapgraph.errors import GapgraphError


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file: its number decides the order, `unit` is the variable that it works per."""

    name: str
    number: int
    title: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Derived:
    """The statements that the derivation added for one engagement."""

    engagement: str
    triples: tuple[Triple, ...]


@cache
def rules() -> tuple[Rule, ...]:
    """All rules in order. Raises GapgraphError where a head lacks title or unit."""
    found = []
    for file in sorted(assets.path("ontology", "rules").glob("*.rq")):
        text = file.read_text(encoding="utf-8")
        title = re.search(r"^# title: (.+)$", text, re.M)
        unit = re.search(r"^# unit: (\S+)$", text, re.M)
        if not title or not unit:
            raise GapgraphError(f"rule {file.name} has no title or unit; add them to its head")
        found.append(Rule(file.stem, int(file.name[:2]), title[1], unit[1], text))
    return tuple(found)


def derive(store: Store, moment: Moment, parameters: Parameters, only: Sequence[Rule] | None = None) -> Derived:
    """Adds the derived statements of one engagement to `store` (whose statements stand in the default graph).

    The caller removes them again before the next engagement. `only` names the rules where not all are wanted.
    """
    chosen = rules() if only is None else only
    added: list[Triple] = []

    def add(triples: Iterable[Triple]) -> None:
        fresh = [Quad(t.subject, t.predicate, t.object) for t in triples]
        new = [q for q in dict.fromkeys(fresh) if q not in store]
        store.extend(new)
        added.extend(q.triple for q in new)

    add(engagement_facts(moment))
    add(list(evidence_facts(Reader(store))))
    for rule in _between(chosen, 0, 20):
        add(construct(store, rule))
    limits = with_policies(store, moment, parameters)
    add(list(agreement_facts(store, moment, limits)))
    add(list(series_facts(store, moment, limits)))
    for rule in _between(chosen, 20, 60):
        add(construct(store, rule))
    add(list(instance_facts(store, moment, limits)))
    add(list(coverage_facts(store, moment, limits)))
    add(list(limit_facts(store, moment, limits)))
    for rule in _between(chosen, 60, 100):
        add(construct(store, rule))
    return Derived(moment.iri.value, tuple(added))


def remove(store: Store, derived: Derived) -> None:
    """Takes what `derive` added out of the store again."""
    for triple in derived.triples:
        store.remove(Quad(triple.subject, triple.predicate, triple.object))


def _between(chosen: Sequence[Rule], low: int, high: int) -> Sequence[Rule]:
    return [rule for rule in chosen if low <= rule.number < high]


def construct(store: Store, rule: Rule) -> list[Triple]:
    """What a rule derives from the statements of the store."""
    result = store.query(rule.text)
    return list(result) if isinstance(result, QueryTriples) else []
