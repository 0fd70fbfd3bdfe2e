"""What somebody wants to be different in a profile, checked and applied; each change is kept with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from gapgraph.errors import InputError
from gapgraph.model import Adjustment
from gapgraph.profile.model import Profile, Requirement, Thresholds
from gapgraph.sources.parameters import ParameterError, value_of
from gapgraph.sources.schema import choices


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be different in one requirement. `where` is the place of the wish, for messages."""

    requirement: str
    rationale: str
    where: str
    off: bool = False
    severity: int | None = None
    headcount: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold that is to have another value, with the reason or source of it."""

    name: str
    value: str
    rationale: str
    where: str


@dataclass(frozen=True, slots=True)
class Own:
    """All that is to be different in a profile."""

    changes: tuple[Change, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


def adjusted(profile: Profile, own: Own, by: str) -> Profile:
    """The profile with the changes; `by` names who makes them. Raises InputError for a change that cannot be made."""
    requirements = dict(profile.requirements)
    omitted = dict(profile.omitted)
    adjustments = list(profile.adjustments)
    for change in own.changes:
        requirement = requirements.get(change.requirement)
        if requirement is None:
            raise InputError(
                f"requirement {change.requirement} is not in the profile {profile.name}",
                change.where,
                remedy=f"`gapgraph profile show {profile.name}` lists those that are.",
            )
        adjustments += _differences(requirement, change, by)
        if change.off:
            omitted[change.requirement] = requirements.pop(change.requirement).info
        else:
            requirements[change.requirement] = _changed(requirement, change)
    thresholds, sources = profile.thresholds, dict(profile.threshold_sources)
    for threshold in own.thresholds:
        thresholds = _moved(thresholds, threshold)
        sources[threshold.name] = threshold.rationale
    return replace(
        profile,
        requirements=requirements,
        omitted=dict(sorted(omitted.items())),
        thresholds=thresholds,
        threshold_sources=dict(sorted(sources.items())),
        adjustments=tuple(sorted(adjustments)),
    )


def _differences(requirement: Requirement, change: Change, by: str) -> list[Adjustment]:
    info = requirement.info
    if not change.rationale.strip():
        raise InputError(
            f"{info.id} is changed without a reason", change.where, remedy="State why; it stands in every report."
        )
    found = [("off", "in the profile", "switched off")] if change.off else []
    if change.severity is not None:
        if not 1 <= change.severity <= 5:
            raise InputError(f"{info.id}: severity {change.severity}", change.where, remedy="Choose 1 to 5.")
        found.append(("severity", str(info.severity), str(change.severity)))
    if change.headcount is not None:
        if change.headcount < 0:
            raise InputError(f"{info.id}: a headcount below 0", change.where, remedy="Write how many people.")
        found.append(("applies_from_headcount", str(info.applies_from_headcount), str(change.headcount)))
    for name, value in change.parameters.items():
        if name not in info.parameters:
            known = ", ".join(info.parameters) or "none"
            raise InputError(f"{info.id} has no parameter '{name}'", change.where, remedy=f"Its parameters: {known}.")
        before = info.parameters[name]
        found.append((name, before, _value(info.id, name, before, value, change.where)))
    if not found:
        raise InputError(f"nothing is changed in {info.id}", change.where, remedy="Say what is to be different.")
    return [Adjustment(info.id, f, before, after, change.rationale.strip(), by) for f, before, after in found]


def _value(id: str, name: str, before: str, after: str, where: str) -> str:
    """A parameter stays of the kind that its default is of: a cadence, a length of time, a number."""
    if before in choices("cadence"):
        if after not in choices("cadence"):
            known = ", ".join(choices("cadence"))
            raise InputError(f"{id}: {name} is '{after}', no cadence", where, remedy=f"Choose from {known}.")
        return after
    try:
        return value_of(name, after, before)
    except ParameterError as error:
        raise InputError(f"{id}: {error}", where) from None


def _changed(requirement: Requirement, change: Change) -> Requirement:
    info = requirement.info
    parameters = {
        name: _value(info.id, name, info.parameters[name], value, change.where)
        for name, value in change.parameters.items()
    }
    return replace(
        requirement,
        info=replace(
            info,
            severity=info.severity if change.severity is None else change.severity,
            applies_from_headcount=info.applies_from_headcount if change.headcount is None else change.headcount,
            parameters={**info.parameters, **parameters},
        ),
    )


_LIMITS: Mapping[str, tuple[float, float]] = {
    "tolerance": (0, 0.5),
    "small_population": (1, 1000),
    "cluster": (2, 1000),
    "decisive_severity": (1, 5),
    "score_cap": (0, 100),
    "fresh_days": (1, 366),
}
"""Between which values a threshold makes sense, both included."""


def _moved(thresholds: Thresholds, wish: Threshold) -> Thresholds:
    kinds: dict[str, type[int] | type[float]] = {
        f.name: float if isinstance(f.default, float) else int for f in fields(Thresholds)
    }
    if wish.name not in kinds:
        raise InputError(f"'{wish.name}' is no threshold", wish.where, remedy=f"The thresholds are {', '.join(kinds)}.")
    if not wish.rationale.strip():
        raise InputError(f"threshold {wish.name} has no reason or source", wish.where, remedy="State why.")
    low, high = _LIMITS[wish.name]
    try:
        value = kinds[wish.name](wish.value)
    except ValueError:
        raise InputError(f"threshold {wish.name} is '{wish.value}'", wish.where, remedy="Write a number.") from None
    if not low <= value <= high:
        raise InputError(
            f"threshold {wish.name} is {wish.value}", wish.where, remedy=f"It lies between {low:g} and {high:g}."
        )
    changed: dict[str, Any] = {wish.name: value}
    return replace(thresholds, **changed)
