"""A workspace: the folder, what `gapgraph.toml` says, and the templates that `init` writes.

People write periods and end dates with their last day; from here on periods are half-open.
"""

import re
import tomllib
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gapgraph.errors import InputError, UsageError
from gapgraph.frameworks import load_framework
from gapgraph.model import Period, ReportType
from gapgraph.profile import DEFAULTS, Own, Profile, load_profile, shipped_requirements
from gapgraph.profile.configured import own_of

if TYPE_CHECKING:
    from gapgraph.sources.cells import Names

CONFIG = "gapgraph.toml"
CATEGORIES = ("security", "availability", "confidentiality", "processing_integrity", "privacy")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class EngagementConfig:
    """One engagement as configured: framework, type, as-of date, period (Type II), categories in scope, profile."""

    id: str
    label: str
    framework: str
    type: ReportType
    as_of: date
    period: Period | None
    categories: tuple[str, ...]
    profile: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace as configured. `base` ends with a slash and starts every IRI of the user's own data."""

    folder: Path
    organisation: str
    base: str
    zone: str
    engagements: tuple[EngagementConfig, ...]
    configured: frozenset[str]
    """The ids of all engagements of the file, those included that a call leaves out."""
    own: Own = field(default_factory=Own)
    """What the file adjusts in the profiles it uses."""

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / CONFIG


def load(folder: Path) -> Workspace:
    """Reads `gapgraph.toml`. Raises InputError with the field and what is expected."""
    path = folder / CONFIG
    if not path.is_file():
        raise InputError(
            f"no {CONFIG} here", folder.name or str(folder), remedy="Run `gapgraph init` or name a workspace."
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"not readable as TOML: {error}", CONFIG, remedy="Correct the line.") from None
    organisation = _text(table, "organisation")
    base = _text(table, "base")
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+/", base):
        raise InputError(
            f"base '{base}' is no base IRI",
            CONFIG,
            remedy="Write it as https://example.org/name/ with a slash at the end.",
        )
    zone = str(table.get("zone", "UTC"))
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise InputError(
            f"zone '{zone}' is not a time zone", CONFIG, remedy="Use a name such as Europe/Berlin."
        ) from None
    known = {"organisation", "base", "zone", "profile", "engagements", "adjust", "thresholds"}
    for key in sorted(set(table) - known):
        raise InputError(f"'{key}' is not a setting", CONFIG, remedy=f"The settings are {', '.join(sorted(known))}.")
    entries = table.get("engagements", {})
    if not isinstance(entries, dict) or not entries:
        raise InputError("no engagement", CONFIG, remedy="Add a table such as [engagements.soc2-2026].")
    profile = table.get("profile")
    engagements = tuple(_engagement(id, entry, profile) for id, entry in sorted(entries.items()))
    return Workspace(folder, organisation, base, zone, engagements, frozenset(entries), own_of(table, CONFIG))


def _text(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"'{key}' is missing or no text", CONFIG, remedy=f'Add {key} = "…".')
    return value.strip()


def _date(id: str, entry: dict[str, Any], key: str) -> date:
    value = entry.get(key)
    if isinstance(value, date) and type(value) is date:
        return value
    raise InputError(f"engagement {id}: '{key}' is no date", CONFIG, remedy=f"Write {key} = 2026-12-31 without quotes.")


def _engagement(id: str, entry: object, profile: object) -> EngagementConfig:
    if not _ID.fullmatch(id) or not isinstance(entry, dict):
        raise InputError(f"'{id}' is no id of an engagement", CONFIG, remedy="Use letters, digits, dots and hyphens.")
    known = {"label", "framework", "type", "as_of", "period_start", "period_end", "categories", "profile"}
    for key in sorted(set(entry) - known):
        raise InputError(
            f"engagement {id}: '{key}' is not a setting",
            CONFIG,
            remedy=f"The settings are {', '.join(sorted(known))}.",
        )
    try:
        type = ReportType(str(entry.get("type", "")))
    except ValueError:
        raise InputError(
            f"engagement {id}: type is '{entry.get('type', '')}'",
            CONFIG,
            remedy='Write type = "type1" or "type2".',
        ) from None
    framework = str(entry.get("framework", "tsc-2017"))
    try:
        load_framework(framework)
    except (UsageError, InputError) as error:
        raise InputError(f"engagement {id}: {error}", CONFIG) from None
    categories = entry.get("categories", ["security"])
    if not isinstance(categories, list) or not categories or set(map(str, categories)) - set(CATEGORIES):
        raise InputError(
            f"engagement {id}: categories are not understood",
            CONFIG,
            remedy=f"Choose from {', '.join(CATEGORIES)}.",
        )
    chosen = tuple(c for c in CATEGORIES if c in categories or c == "security")
    as_of = _date(id, entry, "as_of")
    period = None
    if type is ReportType.TYPE_II:
        start, last = _date(id, entry, "period_start"), _date(id, entry, "period_end")
        if last < start:
            raise InputError(
                f"engagement {id}: the period ends before it starts",
                CONFIG,
                remedy="period_end is the last day of the period.",
            )
        period = Period(start, last + timedelta(days=1))
        if as_of < start:
            raise InputError(f"engagement {id}: as_of lies before the period", CONFIG, remedy="Choose a later as_of.")
    name = str(entry.get("profile") or profile or DEFAULTS[type])
    return EngagementConfig(id, str(entry.get("label", id)), framework, type, as_of, period, chosen, name)


def profiles_of(space: Workspace) -> dict[str, Profile]:
    """The profile of each engagement by the engagement's id, with what the workspace adjusts.

    Raises UsageError for a profile that nobody ships, that judges another type of report or that says nothing of the
    framework, and InputError for an adjustment of a requirement that none of the profiles has.
    """
    plain = {e.profile: load_profile(e.profile, space.folder) for e in space.engagements}
    for change in space.own.changes:
        if not any(change.requirement in p.requirements for p in plain.values()):
            raise InputError(
                f"adjust.{change.requirement}: no requirement of {', '.join(sorted(plain))}",
                CONFIG,
                remedy="Correct the id.",
            )
    found = {}
    for e in space.engagements:
        mine = tuple(c for c in space.own.changes if c.requirement in plain[e.profile].requirements)
        profile = load_profile(e.profile, space.folder, replace(space.own, changes=mine))
        if profile.judges is not None and profile.judges is not e.type:
            raise UsageError(f"engagement {e.id}: profile {e.profile} is made for {profile.judges.label} alone")
        ids = {criterion.id for criterion in load_framework(e.framework).criteria}
        if not any(ids.intersection(r.info.criteria) for r in profile.requirements.values()):
            raise UsageError(f"engagement {e.id}: profile {e.profile} has no requirement that speaks to {e.framework}")
        found[e.id] = profile
    return found


def names_of(space: Workspace) -> "Names":
    """How ids of a workspace become IRIs, and which ids of engagements, requirements and parameters there are."""
    from gapgraph.sources.cells import Names

    known = dict(shipped_requirements())
    for profile in profiles_of(space).values():
        known |= profile.requirements
    limits = {name: value for r in known.values() for name, value in r.info.parameters.items()}
    return Names(space.base, space.configured, frozenset(known), limits, space.zone)


def adjusted(
    workspace: Workspace,
    *,
    engagement: str | None = None,
    as_of: date | None = None,
    type: ReportType | None = None,
    period: Period | None = None,
    framework: str | None = None,
    profile: str | None = None,
) -> Workspace:
    """The workspace with what a call asks for instead. Raises UsageError where that does not fit together."""
    chosen = [
        e
        for e in workspace.engagements
        if (engagement is None or e.id == engagement) and (framework is None or e.framework == framework)
    ]
    if not chosen:
        known = ", ".join(f"{e.id} ({e.framework})" for e in workspace.engagements)
        raise UsageError(f"no engagement fits; the workspace has {known}")
    result = []
    for e in chosen:
        new_type = type or e.type
        new_period = period or e.period
        if new_type is ReportType.TYPE_II and new_period is None:
            raise UsageError(f"engagement {e.id} has no period; add --period 2026-01-01..2026-12-31")
        new_as_of = as_of or e.as_of
        if new_type is ReportType.TYPE_II and new_period and new_as_of < new_period.start:
            raise UsageError(f"as-of {new_as_of} lies before the period of {e.id}")
        result.append(
            replace(
                e,
                type=new_type,
                period=new_period if new_type is ReportType.TYPE_II else None,
                as_of=new_as_of,
                profile=profile or (e.profile if new_type is e.type else _for(new_type, e)),
            )
        )
    return replace(workspace, engagements=tuple(result))


def _for(type: ReportType, e: EngagementConfig) -> str:
    """The profile of an engagement whose type is changed for one call: its own, unless that is its type's default."""
    return DEFAULTS[type] if e.profile in DEFAULTS.values() else e.profile


_TEMPLATE = """# Configuration of this workspace. Lines that start with # are comments.
organisation = "Example Ltd"          # shown in every report
base = "https://example.org/example/"  # start of the IRIs of your own data; ends with a slash
zone = "UTC"                           # dates are days in this time zone
profile = "soc2-type2"                 # which requirements, with which defaults: `gapgraph profile show`

# One table for each engagement. Type I judges design on a date, Type II also operation over a period.
[engagements.soc2]
label = "SOC 2 Type II"
framework = "tsc-2017"
type = "type2"                         # type1 or type2
as_of = {as_of}                     # what was known on this day; nothing later is looked at
period_start = {start}              # Type II only
period_end = {end}                # the last day of the period
categories = ["security"]              # also: availability, confidentiality, processing_integrity, privacy
"""


def init(folder: Path, *, today: date | None = None) -> list[Path]:
    """Writes a new workspace with a commented configuration and a template for each register.

    Raises InputError where the folder already holds a workspace; nothing is ever overwritten.
    """
    from gapgraph.sources.schema import registers

    if (folder / CONFIG).exists():
        raise InputError(f"{CONFIG} is already here", folder.name, remedy="Choose another folder.")
    day = today or date.today()
    written: list[Path] = []
    for name in ("registers", "graphs", "findings", "evidence"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    text = _TEMPLATE.format(as_of=day, start=date(day.year, 1, 1), end=date(day.year, 12, 31))
    (folder / CONFIG).write_text(text, encoding="utf-8")
    written.append(folder / CONFIG)
    for register in registers().values():
        file = folder / "registers" / f"{register.name}.csv"
        if not file.exists():
            file.write_text(",".join(register.columns) + "\n", encoding="utf-8")
            written.append(file)
    return written
