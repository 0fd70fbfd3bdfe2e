"""Which rules bear on a requirement: those that derive what it reads, and those that derive what they read in turn.

Where one requirement alone is looked at (its examples, their mutants), the other rules can only derive what nobody asks
for. The answer errs on the side of more; tests hold it to giving the same verdict as all rules.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from gapgraph.derive.run import Rule, rules
from gapgraph.namespaces import GG, PREFIXES

# fmt: off
_ALWAYS = frozenset((
    "addresses", "appliesTo", "candidate", "completedOn", "concerns", "countsFrom", "coverPiece", "coversSubject",
    "dueOn", "endsOn", "eventsFrom", "inEngagement", "limitFrom", "limitNumber", "limitParameter", "nilShownBy",
    "numberParameter", "ofControl", "ofRequirement", "ofSeries", "ofSubject", "pieceFrom", "pieceUntil", "population",
    "record", "Series", "slotRecord", "spacedBy", "startsOn",
))
# fmt: on
"""What the engine itself reads of every item, series and slot."""
_OPEN_HEAD = re.compile(r"\ba \?\w+|\?\w+ \?\w+ \?\w+")


@cache
def _heads() -> Mapping[str, tuple[frozenset[str] | None, frozenset[str]]]:
    """By rule the terms that it derives (None where a variable stands for class or property) and all it speaks of."""
    found: dict[str, tuple[frozenset[str] | None, frozenset[str]]] = {}
    for rule in rules():
        head = rule.text[rule.text.index("CONSTRUCT") : rule.text.index("WHERE")]
        found[rule.name] = (None if _OPEN_HEAD.search(head) else _terms(head), _terms(rule.text))
    return found


def _terms(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\bgg:(\w+)", text))


@cache
def _populations() -> frozenset[str]:
    """Local names of all population classes."""
    from gapgraph.graph import ontology

    kinds = {str(GG.Occurrence), str(GG.EventItem), str(GG.StateItem), str(GG.PopulationItem)}
    subclass = PREFIXES["rdfs"] + "subClassOf"
    found = {
        q.subject.value
        for q in ontology()
        if q.predicate.value == subclass and getattr(q.object, "value", "") in kinds and hasattr(q.subject, "value")
    }
    return frozenset(iri.removeprefix(str(GG)) for iri in found - kinds)


def relevant(terms: Iterable[str], populations: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that bear on a requirement which reads these terms (IRIs) of these populations (IRIs), in order."""
    needed = {t.removeprefix(str(GG)) for t in terms if t.startswith(str(GG))} | _ALWAYS
    mine = {p.removeprefix(str(GG)) for p in populations}
    chosen: set[str] = set()
    grown = True
    while grown:
        grown = False
        for name, (head, spoken) in _heads().items():
            if name not in chosen and _bears(head, spoken & _populations(), needed, mine):
                chosen.add(name)
                needed |= spoken
                mine |= spoken & _populations()
                grown = True
    return tuple(r for r in rules() if r.name in chosen)


def _bears(head: frozenset[str] | None, about: frozenset[str], needed: set[str], mine: set[str]) -> bool:
    """Whether a rule derives something that is needed.

    One that derives only what every item has, and speaks of populations, bears on these alone.
    """
    if head is None:
        return not about or bool(about & mine)
    wanted = head & needed
    return bool(wanted - _ALWAYS) or bool(wanted and (not about or about & mine))
