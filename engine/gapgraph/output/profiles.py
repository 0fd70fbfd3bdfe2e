"""Profiles and their differences as lists."""

from dataclasses import astuple

from gapgraph.output.lists import Listing
from gapgraph.profile import Profile, Thresholds
from gapgraph.profile.comparing import differences

BASIS = {
    "criterion": "the criterion",
    "customary": "custom",
    "own_commitment": "own commitment",
    "engagement": "the engagement",
}


def overview(profile: Profile) -> tuple[Listing, ...]:
    """A profile: what it is, its thresholds, what it adjusts, its requirements."""
    criteria = {c for r in profile.requirements.values() if r.info.votes for c in r.info.criteria}
    notes = [profile.description]
    if profile.lineage:
        notes.append(f"It extends {profile.lineage[0]}.")
    if profile.judges:
        notes.append(f"It judges {profile.judges.label} alone.")
    notes.append(f"{len(profile.requirements)} requirements; votes on {len(criteria)} criteria.")
    thresholds = tuple(
        (name, value, profile.threshold_sources.get(name, ""))
        for name, value in zip(Thresholds.names(), astuple(profile.thresholds), strict=True)
    )
    infos = [r.info for r in profile.requirements.values()]
    return (
        Listing("profile", f"{profile.title} ({profile.name} {profile.version})", ("note",), (), tuple(notes)),
        Listing("thresholds", "Thresholds", ("threshold", "value", "source"), thresholds),
        adjustments(profile),
        Listing(
            "requirements",
            "Requirements",
            ("id", "title", "criteria", "rests_on", "severity", "parameters"),
            tuple(
                (
                    i.id,
                    i.title,
                    " ".join(i.criteria),
                    BASIS[i.basis.value],
                    i.severity,
                    "; ".join(f"{name}={value}" for name, value in i.parameters.items()),
                )
                for i in infos
            ),
        ),
    )


def adjustments(profile: Profile) -> Listing:
    """What a profile and those that it extends change in requirements, each with its reason."""
    rows = tuple((a.requirement, a.field, a.before, a.after, a.rationale, a.by) for a in profile.adjustments)
    return Listing(
        "adjustments",
        "Adjustments",
        ("requirement", "field", "before", "after", "reason", "by"),
        rows,
        () if rows else ("None.",),
    )


def comparison(first: Profile, second: Profile) -> tuple[Listing, ...]:
    """The differences on the way from one profile to another."""
    rows = tuple((d.about, d.title, d.field, d.first, d.second, d.why) for d in differences(first, second))
    return (
        Listing(
            "differences",
            f"From {first.name} to {second.name}",
            ("about", "title", "field", "first", "second", "reason"),
            rows,
            (f"{len(rows)} differences.",),
        ),
    )
