"""What was worked out for requirements and the tables they share, kept until a change touches what it was made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np
from pyoxigraph import NamedNode

from gapgraph.assess.engagement import Known
from gapgraph.assess.evidence import Evidence, Tables, causes, coverage, designs, series_by_population
from gapgraph.assess.judged import Judged
from gapgraph.assess.methods import MethodsAtHand
from gapgraph.assess.requirement import judge_requirement
from gapgraph.derive.facts import Moment, gg
from gapgraph.facts import Facts
from gapgraph.live.items import Items
from gapgraph.live.tally import Change
from gapgraph.live.watching import Looked, Touched, Watching
from gapgraph.profile import Requirement

__all__ = ["Memory"]

_T = TypeVar("_T")


class Memory:
    """What is known of one engagement's requirements before they are weighed against each other."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._tables: Tables | None = None
        self._looked: dict[str, Looked] = {}
        self._judged: dict[str, tuple[Requirement, Judged, Looked]] = {}
        self._methods: MethodsAtHand | None = None
        self._items = Items(moment)
        self.judged_again = 0

    def known(self, facts: Facts) -> Known:
        """What need not be worked out again."""
        return Known(self.tables(facts), self.methods(facts), self._items.of, self.judge)

    def methods(self, facts: Facts) -> MethodsAtHand:
        """The test methods at hand."""
        if self._methods is None:
            self._methods = MethodsAtHand.of(facts, self._moment)
        return self._methods

    def tables(self, facts: Facts) -> Tables:
        """The tables that requirements share."""
        if self._tables is None:
            self._tables = self._read(facts, lambda name: None)
        return self._tables

    def _read(self, facts: Facts, known: Callable[[str], object]) -> Tables:
        def table(name: str, make: Callable[[Facts], _T]) -> _T:
            found = known(name)
            if found is None:
                watching = Watching(facts)
                found = make(watching)
                self._looked[name] = watching.looked()
            return found  # type: ignore[return-value] # of the name

        moment = self._moment
        return Tables(
            table("series", series_by_population),
            table("coverage", lambda f: coverage(f, moment)),
            table("design", lambda f: designs(f, moment)),
            table("causes", lambda f: causes(f, moment)),
        )

    def judge(self, requirement: Requirement, evidence: Evidence) -> Judged:
        """A requirement's verdict, of its own to be weighed further."""
        known = self._judged.get(requirement.info.id)
        if known is None or known[0] is not requirement:
            watching = Watching(evidence.facts)
            judged = judge_requirement(requirement, evidence.on(watching))
            known = self._judged[requirement.info.id] = (requirement, judged, watching.looked())
            self.judged_again += 1
        return _copy(known[1])

    def update(self, facts: Facts, change: Change, results_on: Iterable[str]) -> None:
        """Forgets what a change touches, `results_on` being the nodes of which results changed."""
        self.judged_again = 0
        if self._tables is None:
            return
        named = list(results_on)
        nodes = np.unique(facts.columns.terms.several(map(NamedNode, named)))
        touched = Touched.by(change, nodes)
        if facts.columns.terms.id(gg("allowsMethod")) in touched.predicates:
            self._methods = None
        if self._methods is not None:
            self._methods.read(facts, facts.named(touched.subjects))
        self._items.update(facts, touched)
        old = self._tables
        self._tables = self._read(facts, lambda name: None if self._looked[name].meets(touched) else getattr(old, name))
        asking = _Asking(old, self._tables, frozenset(named))
        for id, (requirement, judged, looked) in list(self._judged.items()):
            if looked.meets(touched) or asking.about(requirement, judged):
                del self._judged[id]


class _Asking:
    """Which entries of the tables are not what they were."""

    def __init__(self, old: Tables, new: Tables, results_on: frozenset[str]) -> None:
        self._populations: frozenset[str] = _differing(old.series, new.series)
        self._requirements: frozenset[str] = _differing(old.coverage, new.coverage) | {
            iri for iri, _ in _differing(old.causes, new.causes)
        }
        self._controls: frozenset[str] = _differing(old.design, new.design)
        if results_on:
            self._controls |= {c for c, item in new.design.items() if item.iri in results_on}
            self._requirements |= {
                iri for iri, items in new.coverage.items() if any(item.iri in results_on for item in items)
            }

    def about(self, requirement: Requirement, judged: Judged) -> bool:
        """Whether a requirement asks for one of them."""
        return (
            requirement.info.iri in self._requirements
            or any(part.population in self._populations for part in requirement.parts)
            or any(control in self._controls for control in judged.controls)
        )


_Key = TypeVar("_Key")


def _differing(old: Mapping[_Key, object], new: Mapping[_Key, object]) -> frozenset[_Key]:
    if old is new:
        return frozenset()
    return frozenset(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))


def _copy(judged: Judged) -> Judged:
    shares = {c: replace(share, reasons=list(share.reasons)) for c, share in judged.by_control.items()}
    return replace(judged, reasons=list(judged.reasons), findings=list(judged.findings), by_control=shares)
