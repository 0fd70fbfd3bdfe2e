"""What the tables `[adjust.ID]` and `[thresholds.NAME]` of `gapgraph.toml` ask for."""

from collections.abc import Mapping

from gapgraph.errors import InputError
from gapgraph.profile.adjusting import Change, Own, Threshold

_ADJUST = {"off", "severity", "applies_from_headcount", "parameters", "reason"}
_THRESHOLD = {"value", "reason"}


def own_of(table: Mapping[str, object], where: str) -> Own:
    """The adjustments of a configuration. Raises InputError with the table and the key that is not understood."""
    changes = tuple(_change(id, entry, where) for id, entry in sorted(_table(table, "adjust", where).items()))
    entries = sorted(_table(table, "thresholds", where).items())
    return Own(changes, tuple(_threshold(name, entry, where) for name, entry in entries))


def _table(table: Mapping[str, object], key: str, where: str) -> Mapping[str, object]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise InputError(f"'{key}' is no table", where, remedy=f"Write tables such as [{key}.NAME].")
    return found


def _entry(kind: str, name: str, entry: object, known: set[str], where: str) -> Mapping[str, object]:
    if not isinstance(entry, Mapping):
        raise InputError(f"{kind}.{name} is no table", where, remedy=f"Write [{kind}.{name}] and its settings below.")
    for key in sorted(set(entry) - known):
        raise InputError(
            f"{kind}.{name}: '{key}' is not a setting", where, remedy=f"The settings are {', '.join(sorted(known))}."
        )
    return entry


def _change(id: str, entry: object, where: str) -> Change:
    said = _entry("adjust", id, entry, _ADJUST, where)
    off = said.get("off", False)
    if not isinstance(off, bool):
        raise InputError(f"adjust.{id}: off is '{off}'", where, remedy="Write off = true.")
    parameters = said.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise InputError(
            f"adjust.{id}: parameters is no table", where, remedy='Write parameters = { revoke_days = "14d" }.'
        )
    return Change(
        requirement=id,
        rationale=str(said.get("reason", "")),
        where=where,
        off=off,
        severity=_whole(id, said, "severity", where),
        headcount=_whole(id, said, "applies_from_headcount", where),
        parameters={str(k): str(v) for k, v in sorted(parameters.items())},
    )


def _whole(id: str, said: Mapping[str, object], key: str, where: str) -> int | None:
    value = said.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise InputError(f"adjust.{id}: {key} is '{value}'", where, remedy="Write a whole number.")


def _threshold(name: str, entry: object, where: str) -> Threshold:
    said = _entry("thresholds", name, entry, _THRESHOLD, where)
    return Threshold(name, str(said.get("value", "")), str(said.get("reason", "")), where)
