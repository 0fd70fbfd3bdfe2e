"""An assessment that follows changes of what is stated, at the cost of what a change reaches.

It is what a full run on the changed statements gives, but for `meta`: what was read stays what was read. What-if,
editing and watching stand on it.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Triple

from gapgraph.assess import EngagementAssessment, assess_engagement
from gapgraph.derive.facts import Moment
from gapgraph.errors import UsageError
from gapgraph.live.derivation import Derivation, Progress
from gapgraph.live.judging import Judging
from gapgraph.live.memory import Memory
from gapgraph.live.tally import Change
from gapgraph.model import Assessment, Fault
from gapgraph.profile import Profile
from gapgraph.run import Read, collected_later, judging_more, limits_of, moment_of, touching
from gapgraph.shacl import Columns
from gapgraph.shacl.columns import unpack
from gapgraph.validate import Columnar
from gapgraph.workspace import EngagementConfig, Workspace

__all__ = ["Live"]


@dataclass(slots=True)
class _Seconds:
    """What an update took by stage."""

    derive: float = 0.0
    validate: float = 0.0
    assess: float = 0.0


class Live:
    """The assessment of a workspace; `assessment` is what it is now, `read` what was read of it."""

    def __init__(self, space: Workspace) -> None:
        self.read = Read.of(space)
        self._check = Columnar()
        self._faults: tuple[Fault, ...] = self.read.faults()
        self._engagements = [_Engagement(self.read, config, self._check) for config in space.engagements]
        self.assessment = self._together()

    @collected_later()
    def update(self, added: Iterable[Triple], removed: Iterable[Triple]) -> Assessment:
        """Takes statements out, then puts statements in; returns the assessment of what is stated now."""
        came, went = list(added), list(removed)
        for facts in self.read.known.values():
            facts.change(came, went)
        self._faults = self.read.faults()
        for one in self._engagements:
            one.update(came, went)
        self.assessment = self._together()
        return self.assessment

    def _together(self) -> Assessment:
        touched = touching(self._faults)
        parts = [one.assessed(touched) for one in self._engagements]
        seconds = {
            stage: sum(getattr(one.seconds, stage) for one in self._engagements)
            for stage in ("derive", "validate", "assess")
        }
        return self.read.together(parts, self._faults, self._check.name, {"load": 0.0, **seconds})

    @property
    def judged_again(self) -> Sequence[int]:
        """How many requirements the last update judged again, by engagement."""
        return [one.judged_again for one in self._engagements]

    @property
    def progress(self) -> Sequence[Progress]:
        """What the last update worked out again, by engagement."""
        return [one.derivation.progress for one in self._engagements]


class _Engagement:
    """One engagement: its facts, its results, and what its requirements were judged."""

    def __init__(self, read: Read, config: EngagementConfig, check: Columnar) -> None:
        self.read, self._config, self._check = read, config, check
        self._profile: Profile = read.profiles[config.id]
        self._moment: Moment = moment_of(read.space, config)
        self.seconds = _Seconds()
        self._shapes = check.compiled(self._profile.shapes)
        if self._shapes.left:
            raise UsageError(
                f"the shapes of {self._profile.name} go beyond SHACL Core, which cannot follow changes: "
                + "; ".join(sorted(set(self._shapes.left.values())))
            )
        self.derivation = Derivation(read.known[self._profile.iri], self._moment, limits_of(self._profile))
        self._start()

    def _start(self) -> None:
        self._judged: Columns = self.derivation.facts.judged()
        self._judging = Judging(self._judged, self._shapes)
        self._memory = Memory(self._moment)

    def update(self, added: Iterable[Triple], removed: Iterable[Triple]) -> None:
        """Brings facts and results up to date, and forgets what was judged on others."""
        self.seconds, begun = _Seconds(), time.perf_counter()
        change = self.derivation.update(added, removed)
        self.seconds.derive = time.perf_counter() - begun
        begun = time.perf_counter()
        if change is None:
            self._start()
        else:
            before = self._judged.copy()
            seen = self._seen(change)
            for predicate, pairs in seen.removed.items():
                self._judged.delete(predicate, pairs)
            for predicate, pairs in seen.added.items():
                self._judged.insert(predicate, pairs)
            touched = self._judging.update(before, self._judged, seen)
            self.seconds.validate = time.perf_counter() - begun
            begun = time.perf_counter()
            self._memory.update(self.derivation.facts, change, touched)
            self.seconds.assess = time.perf_counter() - begun

    def _seen(self, change: Change) -> Change:
        """As much of a change as shapes see."""
        judged = self.derivation.facts.is_judged
        return Change(
            *(
                {p: seen for p, pairs in side.items() if len(seen := pairs[judged(p, unpack(pairs).first)])}
                for side in (change.added, change.removed)
            )
        )

    @property
    def judged_again(self) -> int:
        """How many requirements were judged again since the last update began."""
        return self._memory.judged_again

    def assessed(self, touched: Mapping[str, tuple[str, ...]]) -> EngagementAssessment:
        """The part of the assessment that is this engagement's."""
        begun = time.perf_counter()
        facts = self.derivation.facts
        found = assess_engagement(
            self._config,
            self._profile,
            facts,
            self._moment,
            self._judging.by_focus,
            self.read.loaded.rows,
            touched,
            self.read.space.organisation,
            judging_more(self._check, self._profile),
            self._memory.known(facts),
        )
        self.seconds.assess += time.perf_counter() - begun
        return found
