"""The examples of requirements: small graphs that pass, or fail exactly as their note says.

An example holds source statements and one `gg:Engagement` (report type, as-of date, start and end, half-open).
Its `skos:editorialNote` reads `Raises nothing.` or `Raises SHAPE on "LABEL"; SHAPE on "LABEL".`; SHAPE is the local
name of a property or node shape and LABEL the label of the item. `python -m gapgraph.examples [ID…]` checks them.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Graph

from gapgraph import assets
from gapgraph.derive import derive
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import LABEL, TYPE, Moment, gg
from gapgraph.derive.limits import Parameters
from gapgraph.derive.relevance import relevant
from gapgraph.derive.run import Rule
from gapgraph.facts import Facts
from gapgraph.graph import background
from gapgraph.model import Period, ReportType
from gapgraph.namespaces import GGS, PREFIXES
from gapgraph.profile import Profile, Requirement, load_profile, shapes_of
from gapgraph.touch import reads
from gapgraph.validate import Columnar

NOTE = NamedNode(PREFIXES["skos"] + "editorialNote")
_RAISES = re.compile(r"((?:[A-Z]{2,4}-\d{2}|state)[\w-]*) on \"([^\"]+)\"")


JUDGE = Columnar()
"""What judges examples and their mutants; it knows the shapes that it compiled."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example raised and what its note names, as (shape, label), and how many items there were."""

    raised: frozenset[tuple[str, str]]
    expected: frozenset[tuple[str, str]]
    population: int
    labels: tuple[str, ...]


def whole() -> Profile:
    """The profile that holds every shipped requirement."""
    return load_profile("soc2-ai")


@cache
def known() -> Facts:
    """What rules know before an example is read; copies of it are added to."""
    return background(whole())


@cache
def limits() -> Parameters:
    """The defaults of every shipped requirement."""
    profile = whole()
    infos = [r.info for r in profile.requirements.values()]
    return Parameters.of(profile.iri, infos, profile.thresholds.fresh_days)


@cache
def shapes_for(id: str) -> Graph:
    """The shapes of a requirement; one graph, which the validator compiles once."""
    return shapes_of(whole(), whole().requirements[id])


@cache
def rules_for(id: str) -> tuple[Rule, ...]:
    """The rules that bear on a requirement."""
    _, terms = _reads()[id]
    return relevant(terms, whole().requirements[id].info.populations)


@cache
def _reads() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    return reads(whole())


def files(id: str | None = None) -> list[Path]:
    """The example files of a requirement, or all, sorted."""
    root = assets.path("shapes", "examples")
    return sorted(f for f in root.glob("*/*.ttl") if id is None or f.name.startswith(f"{id}_"))


def moment_of(facts: Facts) -> tuple[Moment, str]:
    """The engagement of an example and its note."""
    (engagement,) = facts.subjects(TYPE, gg("Engagement"))
    as_of = facts.day(engagement, gg("asOf"))
    assert as_of is not None, "the engagement has no gg:asOf"
    kind = facts.text(engagement, gg("reportType")) or ""
    type = ReportType.TYPE_I if kind.endswith("TypeI") else ReportType.TYPE_II
    start, end = facts.day(engagement, gg("start")), facts.day(engagement, gg("end"))
    period = Period(start, end) if start and end else Period(as_of, as_of + DAY)
    organisation = facts.one(engagement, gg("organisation"))
    node = organisation if isinstance(organisation, NamedNode) else NamedNode("https://example.org/organisation")
    return Moment(engagement, node, type, period, as_of + DAY), facts.text(engagement, NOTE) or ""


def run(file: Path, requirement: Requirement) -> Outcome:
    """Derives and validates one example with the shapes of one requirement."""
    stated = known().copy()
    stated.add(parse(file.read_bytes(), format=RdfFormat.TURTLE))
    moment, note = moment_of(stated)
    facts = derive(stated, moment, limits(), rules_for(requirement.info.id))
    results = JUDGE.validate(facts.judged(), shapes_for(requirement.info.id))
    raised = set()
    items: dict[str, set[str]] = {}
    for part in requirement.parts:
        for item in facts.subjects(TYPE, NamedNode(part.population)):
            items.setdefault(item.value, set()).update(part.checks)
    for result in results:
        if result.shape in items.get(result.focus, ()):
            raised.add(
                (
                    result.shape.removeprefix(str(GGS)),
                    facts.text(NamedNode(result.focus), LABEL) or result.focus,
                )
            )
    labels = tuple(sorted(facts.text(NamedNode(i), LABEL) or i for i in items))
    return Outcome(frozenset(raised), expectation(note), len(items), labels)


def expectation(note: str) -> frozenset[tuple[str, str]]:
    """What a note says that its example raises, as (shape, label)."""
    return frozenset((shape, label) for shape, label in _RAISES.findall(note))


def main(ids: Sequence[str]) -> int:
    """Checks the examples of the given requirements, or all; writes differences to stderr."""
    bad = 0
    for id, requirement in whole().requirements.items():
        if ids and id not in ids:
            continue
        for file in files(id):
            found = run(file, requirement)
            if found.raised != found.expected or not found.population:
                bad += 1
                sys.stderr.write(f"{file.name}: items {found.labels}\n  raised   {sorted(found.raised)}\n")
                sys.stderr.write(f"  expected {sorted(found.expected)}\n")
    sys.stderr.write(f"{bad} examples differ\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
