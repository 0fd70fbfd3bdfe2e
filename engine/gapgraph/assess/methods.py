"""The test methods that the evidence at hand allows: what an auditor could do now, as against what would suit.

Evidence allows methods by its kind (`gg:allowsMethod`). It speaks for the requirements of its controls, or for those
that it names alone. What was captured after the as-of date, or shows another period, is not at hand.
"""

from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from pyoxigraph import NamedNode, Triple

from gapgraph.assess.judged import Judged
from gapgraph.derive.facts import TYPE, Moment, gg
from gapgraph.facts import Facts
from gapgraph.model import ReportType
from gapgraph.namespaces import GG

_EVIDENCE = gg("Evidence")
METHODS = ("inquiry", "observation", "inspection", "reperformance")
"""From the weakest to the strongest."""
INQUIRY_ALONE = "inquiry is all that the evidence at hand allows, and inquiry alone never suffices"


def allowed_by(facts: Facts, evidence: NamedNode) -> frozenset[str]:
    """The methods that a piece of evidence allows by its kind."""
    kinds = [kind for kind in facts.objects(evidence, gg("evidenceKind")) if isinstance(kind, NamedNode)]
    return frozenset(m.value.removeprefix(str(GG)).lower() for k in kinds for m in facts.objects(k, gg("allowsMethod")))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of evidence at hand: the methods that it allows, the requirements that it names, its controls."""

    methods: frozenset[str]
    named: frozenset[str]
    controls: tuple[str, ...]


class MethodsAtHand:
    """The methods at hand in one engagement, by control and by requirement."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._pieces: dict[str, _Piece] = {}
        self._by_control: dict[str, set[str]] = defaultdict(set)
        self._by_requirement: dict[str, set[str]] = defaultdict(set)

    @classmethod
    def of(cls, facts: Facts, moment: Moment) -> Self:
        """Those of all evidence."""
        made = cls(moment)
        made.read(facts, facts.subjects(TYPE, _EVIDENCE))
        return made

    def read(self, facts: Facts, nodes: Iterable[NamedNode]) -> None:
        """Reads these nodes, for the first time or again."""
        for node in nodes:
            old = self._pieces.pop(node.value, None)
            for keys, table in ((old.controls, self._by_control), (old.named, self._by_requirement)) if old else ():
                for key in keys:
                    table[key].discard(node.value)
            if Triple(node, TYPE, _EVIDENCE) not in facts or not self._at_hand(facts, node):
                continue
            named = frozenset(o.value for o in facts.objects(node, gg("evidencesRequirement")))
            controls = tuple(control.value for control in facts.objects(node, gg("supports")))
            self._pieces[node.value] = _Piece(allowed_by(facts, node), named, controls)
            for keys, table in ((controls, self._by_control), (named, self._by_requirement)):
                for key in keys:
                    table[key].add(node.value)

    def _at_hand(self, facts: Facts, node: NamedNode) -> bool:
        moment = self._moment
        captured = facts.day(node, gg("capturedOn"))
        if captured is None or captured >= moment.known_before:
            return False
        if moment.type is ReportType.TYPE_I:
            return True
        event, first, last = (facts.day(node, gg(name)) for name in ("eventOn", "coversFrom", "claimedUntil"))
        if event is not None:
            return moment.judged.start <= event < moment.judged.end
        return (first is None or first < moment.judged.end) and (last is None or last > moment.judged.start)

    def methods(self, requirement: str, controls: Iterable[str], records: AbstractSet[str]) -> tuple[str, ...]:
        """The methods for a requirement, the weakest first. `records` are what its items rest on."""
        found: set[str] = set()
        for piece in (*self._by_requirement.get(requirement, ()), *(self._pieces.keys() & records)):
            found |= self._pieces[piece].methods
        for control in controls:
            for piece in self._by_control.get(control, ()):
                known = self._pieces[piece]
                if not known.named or requirement in known.named:
                    found |= known.methods
        return tuple(method for method in METHODS if method in found)


def note_methods(judged: Iterable[Judged], at_hand: MethodsAtHand) -> None:
    """Notes for each requirement what is at hand, and says so where that is inquiry alone."""
    for one in judged:
        one.methods = at_hand.methods(one.info.iri, one.controls, one.records)
        if one.methods == ("inquiry",):
            one.reasons.append(INQUIRY_ALONE)
