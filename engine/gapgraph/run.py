"""The main job: a workspace in, an `Assessment` out. Nothing is written."""

import gc
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from gapgraph import __version__
from gapgraph import workspace as workspaces
from gapgraph.assess import EngagementAssessment, assess_engagement
from gapgraph.assess.items import by_focus
from gapgraph.derive import derive
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import Moment
from gapgraph.derive.grace import grace_problems
from gapgraph.derive.limits import Parameters
from gapgraph.facts import Facts
from gapgraph.frameworks import load_framework
from gapgraph.graph import background
from gapgraph.model import Assessment, Fault, InputFile, Meta, Period, ProfileNote, ReportType, RequirementInfo
from gapgraph.profile import Profile
from gapgraph.shacl import Columns
from gapgraph.sources import Loaded, Problem, read_workspace
from gapgraph.touch import reads, touched, touches_by_requirement
from gapgraph.validate import Result, Validator, validator
from gapgraph.workspace import EngagementConfig, Workspace

Progress = Callable[[str], None]


def assess(
    folder: Path,
    *,
    as_of: date | None = None,
    type: ReportType | None = None,
    period: Period | None = None,
    framework: str | None = None,
    profile: str | None = None,
    engagement: str | None = None,
    validator: str = "columnar",
    progress: Progress | None = None,
) -> Assessment:
    """Assesses a workspace. Options override `gapgraph.toml`; `progress` hears what is being done.

    Raises InputError and UsageError for a workspace or option that cannot be used; faults in the data are a result.
    """
    space = workspaces.adjusted(
        workspaces.load(folder),
        engagement=engagement,
        as_of=as_of,
        type=type,
        period=period,
        framework=framework,
        profile=profile,
    )
    return assess_workspace(space, check=_validator(validator), progress=progress or (lambda _: None))


def _validator(name: str) -> Validator:
    return validator(name)


def moment_of(space: Workspace, config: EngagementConfig) -> Moment:
    """The dates of an engagement, half-open. In Type I the judged period is the as-of day."""
    period = config.period or Period(config.as_of, config.as_of + DAY)
    base = space.base
    scope = load_framework(config.framework).in_categories(config.categories)
    return Moment(
        NamedNode(f"{base}engagement/{config.id}"),
        NamedNode(f"{base}organisation"),
        config.type,
        period,
        config.as_of + DAY,
        tuple((c.iri, f"{c.iri.removesuffix(c.id)}{c.category}" if c.category else "") for c in scope),
    )


@contextmanager
def collected_later() -> Iterator[None]:
    """What an assessment makes it keeps: looking through it for garbage meanwhile would cost about a fifth of it."""
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Read:
    """A workspace as it was read: its profiles by engagement, what is stated by the IRI of the profile that judges."""

    space: Workspace
    profiles: Mapping[str, Profile]
    loaded: Loaded
    known: Mapping[str, Facts]

    @classmethod
    def of(cls, space: Workspace) -> "Read":
        """Reads a workspace."""
        profiles = workspaces.profiles_of(space)
        loaded = read_workspace(space.folder, workspaces.names_of(space))
        return cls(space, profiles, loaded, {p.iri: facts_of(p, loaded) for p in profiles.values()})

    def faults(self) -> tuple[Fault, ...]:
        """The faults of the inputs, with the requirements that each could touch."""
        return _faults(self.loaded, [(p, self.known[p.iri]) for p in self.profiles.values()])

    def together(
        self, parts: Sequence[EngagementAssessment], faults: tuple[Fault, ...], check: str, seconds: Mapping[str, float]
    ) -> Assessment:
        """The assessment of which these are the parts; `check` names the validator."""
        return Assessment(
            _meta(self.space, list(self.profiles.values()), check, self.loaded, faults, seconds),
            tuple(p.engagement for p in parts),
            tuple(c for p in parts for c in p.criteria),
            tuple(r for p in parts for r in p.requirements),
            tuple(c for p in parts for c in p.controls),
            tuple(g for p in parts for g in p.gaps),
            _catalogue(self.profiles.values()),
        )


def touching(faults: Iterable[Fault]) -> Mapping[str, tuple[str, ...]]:
    """The places of faults by the requirement that each could touch."""
    return touches_by_requirement((f"{f.path}:{f.row}", f.touches) for f in faults)


def assess_workspace(space: Workspace, *, check: Validator, progress: Progress) -> Assessment:
    """Assesses a workspace as configured with a given validator."""
    clock = _Clock()
    progress("reading the workspace")
    with collected_later():
        read = Read.of(space)
        return assess_read(read, check, progress, clock)


def assess_read(
    read: Read, check: Validator, progress: Progress = lambda _: None, clock: "_Clock | None" = None
) -> Assessment:
    """Assesses what was read of a workspace, as it is stated now."""
    clock = clock or _Clock()
    space, faults = read.space, read.faults()
    touched_by = touching(faults)
    clock.lap("load")
    parts: list[EngagementAssessment] = []
    for config in space.engagements:
        profile = read.profiles[config.id]
        moment = moment_of(space, config)
        progress(f"{config.id}: deriving")
        facts = derive(read.known[profile.iri], moment, limits_of(profile))
        clock.lap("derive")
        progress(f"{config.id}: validating")
        results = by_focus(check.validate(facts.judged(), profile.shapes))
        clock.lap("validate")
        progress(f"{config.id}: rolling up")
        rows, again = read.loaded.rows, judging_more(check, profile)
        parts.append(
            assess_engagement(config, profile, facts, moment, results, rows, touched_by, space.organisation, again)
        )
        clock.lap("assess")
    return read.together(parts, faults, check.name, clock.seconds)


def judging_more(check: Validator, profile: Profile) -> Callable[[Sequence[Triple]], list[Result]]:
    """How items that are made of results are judged."""
    return lambda items: check.validate(Columns.of(items), profile.shapes) if items else []


def limits_of(profile: Profile) -> Parameters:
    """The limits that hold where neither a control nor a policy says anything."""
    infos = [r.info for r in profile.requirements.values()]
    return Parameters.of(profile.iri, infos, profile.thresholds.fresh_days)


def facts_of(profile: Profile, loaded: Loaded) -> Facts:
    """All that was read, beside what the rules of a profile need to know."""
    facts = background(profile)
    facts.add(loaded.triples)
    return facts


def _catalogue(profiles: Iterable[Profile]) -> dict[str, RequirementInfo]:
    """The requirements of all profiles by id, sorted; what an adjustment changes shows in each engagement's results."""
    found: dict[str, RequirementInfo] = {}
    for profile in profiles:
        for id, requirement in profile.requirements.items():
            found.setdefault(id, requirement.info)
    return dict(sorted(found.items()))


class _Clock:
    """Seconds spent by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = dict.fromkeys(("load", "derive", "validate", "assess"), 0.0)
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Adds the time since the last lap to a stage."""
        now = time.perf_counter()
        self.seconds[name] += now - self._last
        self._last = now


def input_problems(loaded: Loaded, judging: Sequence[tuple[Profile, Facts]]) -> tuple[Problem, ...]:
    """What is wrong with the inputs: as they were read, and as only the profiles that judge them can tell."""
    told = [problem for profile, facts in judging for problem in grace_problems(facts, limits_of(profile), loaded.rows)]
    return tuple(dict.fromkeys([*loaded.problems, *told]))


def _faults(loaded: Loaded, judging: Sequence[tuple[Profile, Facts]]) -> tuple[Fault, ...]:
    problems = input_problems(loaded, judging)
    harmless = all(p.notice for p in problems)
    tables = [({} if harmless else reads(profile), profile, facts) for profile, facts in judging]

    def fault(problem: Problem) -> Fault:
        touches = {id for table, profile, facts in tables for id in touched(problem, profile, table, facts)}
        return Fault(problem.path, problem.row, problem.message, tuple(sorted(touches)), problem.notice)

    return tuple(sorted(fault(p) for p in problems))


def _meta(
    space: Workspace,
    profiles: Sequence[Profile],
    check: str,
    loaded: Loaded,
    faults: tuple[Fault, ...],
    seconds: Mapping[str, float],
) -> Meta:
    own = space.config.read_bytes()
    notes = sorted({p.name: ProfileNote(p.name, p.version, p.adjustments) for p in profiles}.items())
    inputs = (InputFile(space.config.name, hashlib.sha256(own).hexdigest(), 0), *loaded.inputs)
    return Meta(
        gapgraph=__version__,
        profile=", ".join(name for name, _ in notes),
        profile_version=", ".join(dict.fromkeys(note.version for _, note in notes)),
        profiles=tuple(note for _, note in notes),
        validator=check,
        organisation=space.organisation,
        inputs=inputs,
        triples=sum(i.triples for i in loaded.inputs),
        faults=faults,
        unused=loaded.unused,
        seconds={k: round(v, 3) for k, v in seconds.items()},
    )
