"""In what two profiles differ: requirements only one has, values of those that both have, thresholds."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from gapgraph.model import RequirementInfo
from gapgraph.profile.model import Profile, Thresholds


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One difference: of a requirement or threshold, in which field, from the first profile's value to the second's.

    `why` holds the reasons that adjustments give for it, '' where a profile simply has another selection.
    """

    about: str
    title: str
    field: str
    first: str
    second: str
    why: str = ""


def differences(first: Profile, second: Profile) -> tuple[Difference, ...]:
    """What changes on the way from one profile to another, sorted: thresholds first, then requirements by id."""
    return (*_thresholds(first, second), *_requirements(first, second))


def _thresholds(first: Profile, second: Profile) -> Iterator[Difference]:
    before, after = astuple(first.thresholds), astuple(second.thresholds)
    for name, old, new in zip(Thresholds.names(), before, after, strict=True):
        if old != new:
            why = second.threshold_sources.get(name, "")
            yield Difference(name, "threshold", "value", f"{old:g}", f"{new:g}", why)


def _requirements(first: Profile, second: Profile) -> Iterator[Difference]:
    one = {id: r.info for id, r in first.requirements.items()}
    two = {id: r.info for id, r in second.requirements.items()}
    reasons: dict[tuple[str, str], str] = {}
    for profile in (first, second):
        for adjustment in profile.adjustments:
            reasons[adjustment.requirement, adjustment.field] = adjustment.rationale
    for id in sorted(one.keys() | two.keys()):
        if id not in two:
            yield Difference(id, one[id].title, "in the profile", "yes", "no", reasons.get((id, "off"), ""))
        elif id not in one:
            yield Difference(id, two[id].title, "in the profile", "no", "yes", reasons.get((id, "off"), ""))
        else:
            old, new = _values(one[id]), _values(two[id])
            for field in [f for f in old if old[f] != new.get(f)]:
                why = reasons.get((id, field), "")
                yield Difference(id, two[id].title, field, old[field], new.get(field, ""), why)


def _values(info: RequirementInfo) -> dict[str, str]:
    """What an adjustment can change in a requirement."""
    return {
        "severity": str(info.severity),
        "applies_from_headcount": str(info.applies_from_headcount),
        **info.parameters,
    }
