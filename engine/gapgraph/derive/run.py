"""Runs the derivation of one engagement: rules and calendar facts in their order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pyoxigraph import NamedNode

from gapgraph import assets
from gapgraph.construct import Runner, Table
from gapgraph.derive.facts import Moment, engagement_facts, evidence_facts
from gapgraph.derive.instances import instance_facts
from gapgraph.derive.limits import Parameters, coverage_facts, limit_facts
from gapgraph.derive.series import series_facts
from gapgraph.derive.statements import agreement_facts, with_policies
from gapgraph.errors import GapgraphError
from gapgraph.facts import Facts
from gapgraph.plans import plan_of
from gapgraph.shacl import Columns


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule file: its number decides the order, `unit` is the variable that it works per."""

    name: str
    number: int
    title: str
    unit: str
    text: str


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


def derive(
    facts: Facts,
    moment: Moment,
    parameters: Parameters,
    only: Sequence[Rule] | None = None,
    watch: Callable[[Rule, Facts], None] = lambda *_: None,
) -> Facts:
    """What was stated together with what follows from it for one engagement; `facts` itself stays as it is.

    `only` names the rules where not all are wanted; `watch` sees what each rule meets when its turn comes.
    """
    chosen = rules() if only is None else only
    found = facts.copy()
    runner = Runner(found.columns, found.ranks)

    def apply(low: int, high: int) -> None:
        for rule in chosen:
            if low <= rule.number < high:
                watch(rule, found)
                found.state(runner.run(plan_of(rule.name, rule.text)))

    found.add(engagement_facts(moment))
    found.add(list(evidence_facts(found)))
    apply(0, 20)
    limits = with_policies(found, moment, parameters)
    found.add(list(agreement_facts(found, moment, limits)))
    found.add([triple for _, triple in series_facts(found, moment, limits)])
    apply(20, 60)
    found.add(list(instance_facts(found, moment, limits)))
    found.add(list(coverage_facts(found, moment, limits)))
    found.add(list(limit_facts(found, limits)))
    apply(60, 100)
    return found


def construct(facts: Facts, rule: Rule, units: Iterable[NamedNode] | None = None) -> Facts:
    """What a rule derives from statements, for these values of its unit or for all."""
    only = None
    if units is not None:
        only = Table.of(rule.unit.removeprefix("?"), facts.columns.terms.several(units))
    found = Facts(Columns(facts.columns.terms), facts.ranks)
    found.state(Runner(facts.columns, facts.ranks).run(plan_of(rule.name, rule.text), only))
    return found
