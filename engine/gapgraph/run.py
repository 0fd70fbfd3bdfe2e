"""The main job: a workspace in, an `Assessment` out. Nothing is written."""

import hashlib
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, Quad, Store, Triple

from gapgraph import __version__
from gapgraph import workspace as workspaces
from gapgraph.assess import EngagementAssessment, assess_engagement
from gapgraph.derive import derive
from gapgraph.derive.calendar import DAY
from gapgraph.derive.facts import Moment
from gapgraph.derive.limits import Parameters
from gapgraph.derive.run import remove
from gapgraph.graph import background, judged_data
from gapgraph.model import Assessment, Fault, InputFile, Meta, Period, ReportType
from gapgraph.profile import Profile, load_profile
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
    validator: str = "pyshacl",
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
    return Moment(
        NamedNode(f"{base}engagement/{config.id}"),
        NamedNode(f"{base}organisation"),
        config.type,
        period,
        config.as_of + DAY,
    )


def assess_workspace(space: Workspace, *, check: Validator, progress: Progress) -> Assessment:
    """Assesses a workspace as configured with a given validator."""
    clock = _Clock()
    progress("reading the workspace")
    profile = load_profile(space.profile)
    loaded = read_workspace(space.folder, workspaces.names_of(space, profile))
    store = background(profile)
    store.extend(Quad(t.subject, t.predicate, t.object) for t in loaded.triples)
    faults = _faults(loaded, profile, store)
    touching = touches_by_requirement((f"{f.path}:{f.row}", f.touches) for f in faults)
    clock.lap("load")
    parts: list[EngagementAssessment] = []
    parameters = Parameters.of(profile.iri, [r.info for r in profile.requirements.values()])
    for config in space.engagements:
        moment = moment_of(space, config)
        progress(f"{config.id}: deriving")
        derived = derive(store, moment, parameters)
        clock.lap("derive")
        progress(f"{config.id}: validating")
        results = check.validate(judged_data(store), profile.shapes)
        clock.lap("validate")
        progress(f"{config.id}: rolling up")

        def again(items: Sequence[Triple]) -> list[Result]:
            return check.validate(items, profile.shapes) if items else []

        parts.append(
            assess_engagement(config, profile, store, moment, results, loaded.rows, touching, space.organisation, again)
        )
        remove(store, derived)
        clock.lap("assess")
    meta = _meta(space, profile, check, loaded, faults, clock)
    return Assessment(
        meta,
        tuple(p.engagement for p in parts),
        tuple(c for p in parts for c in p.criteria),
        tuple(r for p in parts for r in p.requirements),
        tuple(c for p in parts for c in p.controls),
        tuple(g for p in parts for g in p.gaps),
        {id: r.info for id, r in profile.requirements.items()},
    )


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


def _faults(loaded: Loaded, profile: Profile, store: Store) -> tuple[Fault, ...]:
    table = {} if all(p.notice for p in loaded.problems) else reads(profile)

    def fault(problem: Problem) -> Fault:
        return Fault(
            problem.path,
            problem.row,
            problem.message,
            touched(problem, profile, table, store),
            problem.notice,
        )

    return tuple(sorted(fault(p) for p in loaded.problems))


def _meta(
    space: Workspace,
    profile: Profile,
    check: Validator,
    loaded: Loaded,
    faults: tuple[Fault, ...],
    clock: _Clock,
) -> Meta:
    own = space.config.read_bytes()
    inputs = (InputFile(space.config.name, hashlib.sha256(own).hexdigest(), 0), *loaded.inputs)
    return Meta(
        gapgraph=__version__,
        profile=profile.name,
        profile_version=profile.version,
        validator=check.name,
        organisation=space.organisation,
        inputs=inputs,
        triples=sum(i.triples for i in loaded.inputs),
        faults=faults,
        unused=loaded.unused,
        seconds={k: round(v, 3) for k, v in clock.seconds.items()},
    )
