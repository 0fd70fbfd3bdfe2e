"""The test methods that the evidence at hand allows: what an auditor could do now, as against what would suit.

Evidence allows methods by its kind (`gg:allowsMethod`). It speaks for the requirements of its controls, or for those
that it names alone. What was captured after the as-of date, or shows another period, is not at hand.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode

from gapgraph.assess.evidence import Evidence
from gapgraph.assess.judged import Judged
from gapgraph.derive.facts import TYPE, gg
from gapgraph.facts import Facts
from gapgraph.model import ReportType
from gapgraph.namespaces import GG

METHODS = ("inquiry", "observation", "inspection", "reperformance")
"""From the weakest to the strongest."""
INQUIRY_ALONE = "inquiry is all that the evidence at hand allows, and inquiry alone never suffices"


def allowed_by(facts: Facts, evidence: NamedNode) -> frozenset[str]:
    """The methods that a piece of evidence allows by its kind."""
    kinds = [kind for kind in facts.objects(evidence, gg("evidenceKind")) if isinstance(kind, NamedNode)]
    return frozenset(m.value.removeprefix(str(GG)).lower() for k in kinds for m in facts.objects(k, gg("allowsMethod")))


class MethodsAtHand:
    """The methods at hand in one engagement, by control and by requirement."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence
        self._of: dict[str, frozenset[str]] = {}
        self._by_control: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self._by_requirement: dict[str, list[str]] = defaultdict(list)
        facts = evidence.facts
        for node in facts.subjects(TYPE, gg("Evidence")):
            if not self._at_hand(node):
                continue
            self._of[node.value] = allowed_by(facts, node)
            named = frozenset(o.value for o in facts.objects(node, gg("evidencesRequirement")))
            for requirement in named:
                self._by_requirement[requirement].append(node.value)
            for control in facts.objects(node, gg("supports")):
                self._by_control[control.value].append((named, node.value))

    def _at_hand(self, node: NamedNode) -> bool:
        facts, moment = self._evidence.facts, self._evidence.moment
        captured = facts.day(node, gg("capturedOn"))
        if captured is None or captured >= moment.known_before:
            return False
        if moment.type is ReportType.TYPE_I:
            return True
        event, first, last = (facts.day(node, gg(name)) for name in ("eventOn", "coversFrom", "claimedUntil"))
        if event is not None:
            return moment.judged.start <= event < moment.judged.end
        return (first is None or first < moment.judged.end) and (last is None or last > moment.judged.start)

    def of(self, requirement: str, controls: Sequence[str], records: Iterable[str]) -> tuple[str, ...]:
        """The methods for a requirement, the weakest first. `records` are what its items rest on."""
        pieces = [*self._by_requirement[requirement], *records]
        for control in controls:
            pieces += [piece for named, piece in self._by_control[control] if not named or requirement in named]
        found = {method for piece in pieces for method in self._of.get(piece, ())}
        return tuple(method for method in METHODS if method in found)


def note_methods(judged: Iterable[Judged], evidence: Evidence) -> None:
    """Notes for each requirement what is at hand, and says so where that is inquiry alone."""
    at_hand = MethodsAtHand(evidence)
    for one in judged:
        one.methods = at_hand.of(one.info.iri, one.controls, sorted(one.records))
        if one.methods == ("inquiry",):
            one.reasons.append(INQUIRY_ALONE)
