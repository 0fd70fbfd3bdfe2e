"""One finding of Prowler, as OCSF has it: class 2004 (detection finding) or 2003 (compliance finding).

What is read, from the published schema (https://schema.ocsf.io/classes/detection_finding): `class_uid`,
`metadata.product.name` and `.version`, `metadata.version` (OCSF 1.x), `metadata.event_code` (the check),
`status_code` with `status_id` and `status`, `resources[].uid` and `.name`, `finding_info.uid` and `.title`,
`time` or else `time_dt`, and `cloud.provider`. Texts are kept as they stand, placeholders such as
`<account_uid>` included.

`time` is an instant (seconds as Prowler writes it, or milliseconds as OCSF has it) and so is a `time_dt` with an offset
or `Z`; either gives the day in the zone that the reader is given. A `time_dt` without one gives the day that it spells.

A muted finding keeps its result in Prowler and gets status `Suppressed`: one that fails is suppressed, not
fixed, and one that passes has nothing to suppress. `data/scanner-checks.csv` says which check speaks of which
setting.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache

from gapgraph import assets
from gapgraph.errors import AssetError
from gapgraph.sources import schema

CLASSES = frozenset({2003, 2004})
MAX_TEXT = 1024 * 1024
_STATUS = {"PASS": "Passed", "FAIL": "Failed", "MANUAL": "Manual", "MUTED": "Suppressed"}
_COMPLIANCE = {"PASS": "PASS", "FAIL": "FAIL", "WARNING": "MANUAL"}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = 100_000_000_000


class RecordError(ValueError):
    """Why a record is not read; `setting` is the IRI of the setting that its check speaks of, if known."""

    def __init__(self, message: str, setting: str = "", *, check: str = "") -> None:
        super().__init__(message)
        self.setting = setting
        self.check = check


@dataclass(frozen=True, slots=True)
class CheckSetting:
    """What a check says: the IRI of a setting, its value where the check fails, and where it passes.

    `passes` is empty where passing proves nothing: a closed telnet port says nothing of the other ports.
    """

    provider: str
    check: str
    setting: str
    passes: str
    fails: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `status` is the local name of its IRI, `told` the setting it speaks of and its value.

    `moment` is the time as the file has it: it tells scans apart. `day` is the day of it where the organisation is.
    """

    check: str
    provider: str
    status: str
    uid: str
    title: str
    resources: tuple[str, ...]
    resource_names: tuple[str, ...]
    moment: str
    day: date
    source: str
    known_check: bool
    told: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Foreign:
    """A record that is no finding of Prowler: what it is instead."""

    what: str


@cache
def check_settings() -> Mapping[tuple[str, str], CheckSetting]:
    """`data/scanner-checks.csv` by provider and check.

    Raises AssetError where a row repeats a check, names an unknown setting, has no value for failing, or
    gives a setting another word than the other rows do.
    """
    found: dict[tuple[str, str], CheckSetting] = {}
    words: dict[tuple[str, str], str] = {}
    path = assets.path("data", "scanner-checks.csv")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            key = (row["provider"], row["check_id"])
            setting = schema.choices("setting").get(row["setting"])
            same = [
                words.setdefault((row["setting"], column), row[column]) == row[column]
                for column in ("pass_value", "fail_value")
                if row[column]
            ]
            if key in found or setting is None or not row["fail_value"] or not all(same):
                raise AssetError(f"scanner-checks.csv: the row of {' '.join(key)} does not fit; install gapgraph again")
            found[key] = CheckSetting(*key, setting, row["pass_value"], row["fail_value"])
    return found


def setting_of(provider: str, check: str) -> CheckSetting | None:
    """What the check speaks of; without a provider (Kubernetes names none) a unique id of a check decides."""
    if provider:
        return check_settings().get((provider, check))
    found = [entry for (_, id), entry in check_settings().items() if id == check]
    return found[0] if len(found) == 1 else None


_SHOWN = (
    "metadata.event_code",
    "status_code",
    "status",
    "compliance.status",
    "resources.uid",
    "resources.name",
    "finding_info.title",
    "finding_info.uid",
    "time",
    "time_dt",
    "cloud.provider",
    "metadata.product.name",
    "metadata.product.version",
)


def fields_of(record: object) -> tuple[tuple[str, str], ...]:
    """What a record says in the fields that are read, as text by the path of the field; of lists every entry."""
    found = ((path, _texts_at(record, path.split("."))) for path in _SHOWN)
    return tuple((path, ", ".join(texts)) for path, texts in found if texts)


def _texts_at(value: object, path: list[str]) -> list[str]:
    if isinstance(value, list):
        return [text for entry in value for text in _texts_at(entry, path)]
    if path:
        return _texts_at(value.get(path[0]), path[1:]) if isinstance(value, dict) else []
    return [str(value)] if isinstance(value, str | int | float) else []


def read_finding(record: object, zone: tzinfo = UTC) -> Finding | Foreign:
    """One record, its day in `zone`. Raises RecordError with the field and what is expected there."""
    if not isinstance(record, dict):
        raise RecordError("the record is no JSON object")
    kind = record.get("class_uid")
    if isinstance(kind, bool) or not isinstance(kind, int):
        raise RecordError("class_uid is missing or no number")
    metadata = _part(record, "metadata")
    product = _text(_part(metadata, "metadata.product"), "metadata.product.name")
    if product.lower() != "prowler":
        return Foreign(f"findings of {product}")
    if kind not in CLASSES:
        return Foreign(f"findings of OCSF class {kind}")
    check = _text(metadata, "metadata.event_code")
    provider = _optional(_optional_part(record, "cloud"), "cloud.provider").lower()
    entry = setting_of(provider, check)
    try:
        return _finding(record, kind, metadata, check, provider, entry, zone)
    except RecordError as error:
        raise RecordError(str(error), entry.setting if entry else "", check=check) from None


def _finding(
    record: dict[str, object],
    kind: int,
    metadata: dict[str, object],
    check: str,
    provider: str,
    entry: CheckSetting | None,
    zone: tzinfo,
) -> Finding:
    version = _text(metadata, "metadata.version")
    if not re.fullmatch(r"1\.\d+\.\d+(-[\w.]+)?", version):
        raise RecordError(f"metadata.version '{version}' is not a version of OCSF that is known; 1.x is")
    status = _status(record, kind)
    info = _part(record, "finding_info")
    resources = record.get("resources")
    if not isinstance(resources, list) or not resources:
        raise RecordError("resources is missing or empty")
    uids, labels = [], []
    for resource in resources:
        if not isinstance(resource, dict):
            raise RecordError("resources holds something that is no object")
        uid, label = _optional(resource, "resources.uid"), _optional(resource, "resources.name")
        if not uid and not label:
            raise RecordError("resources.uid is missing")
        uids.append(uid or label)
        labels.append(label)
    moment, day = _when(record, zone)
    release = _optional(_part(metadata, "metadata.product"), "metadata.product.version")
    value = ""
    if entry is not None and status != "Manual":
        value = entry.passes if status == "Passed" else entry.fails
    return Finding(
        check=check,
        provider=provider,
        status=status,
        uid=_text(info, "finding_info.uid"),
        title=_optional(info, "finding_info.title") or check,
        resources=tuple(dict.fromkeys(uids)),
        resource_names=tuple(dict.fromkeys(label for label in labels if label)),
        moment=moment,
        day=day,
        source=f"Prowler {release}".strip(),
        known_check=entry is not None,
        told=(entry.setting, value) if entry and value else None,
    )


def _status(record: dict[str, object], kind: int) -> str:
    code = record.get("status_code")
    if code is None and kind == 2003:
        said = _text(_part(record, "compliance"), "compliance.status")
        code = _COMPLIANCE.get(said.upper(), said)
    if not isinstance(code, str) or code.upper() not in _STATUS:
        said = "missing" if code is None else f"'{code}', which is not one of {', '.join(_STATUS)}"
        raise RecordError(f"status_code is {said}")
    muted = record.get("status_id") == 3 or str(record.get("status", "")).lower() == "suppressed"
    status = _STATUS[code.upper()]
    return "Suppressed" if muted and status == "Failed" else status


def _when(record: dict[str, object], zone: tzinfo) -> tuple[str, date]:
    """The instant as text, for telling scans apart, and its day in `zone`."""
    stamp, spelled = record.get("time"), record.get("time_dt")
    if isinstance(stamp, int) and not isinstance(stamp, bool):
        seconds = stamp / 1000 if stamp >= _MILLISECONDS else stamp
        try:
            return str(stamp), _day(_EPOCH + timedelta(seconds=seconds), zone, f"time {stamp}")
        except OverflowError:
            raise RecordError(f"time {stamp} is no time of a scan") from None
    if stamp is not None:
        raise RecordError(f"time is {_shown(stamp)}; it takes seconds or milliseconds since 1970")
    if spelled is None:
        raise RecordError("time is missing")
    match = _INSTANT.fullmatch(spelled) if isinstance(spelled, str) else None
    if match is None or not isinstance(spelled, str):
        raise RecordError(f"time_dt is {_shown(spelled)}; write it as 2026-01-31T09:30:00Z")
    try:
        moment = datetime.fromisoformat(spelled[:19].replace(" ", "T")).replace(tzinfo=_offset(match[2]))
    except ValueError:
        raise RecordError(f"time_dt is {_shown(spelled)}, which is no day of the calendar") from None
    return spelled, _day(moment, zone, f"time_dt {spelled}")


def _offset(text: str | None) -> tzinfo | None:
    """The zone of an offset such as `+02:00` or `Z`; raises ValueError where there is no such zone."""
    if text is None or text == "Z":
        return UTC if text else None
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return timezone(timedelta(minutes=minutes if text[0] == "+" else -minutes))


def _day(moment: datetime, zone: tzinfo, what: str) -> date:
    if not 2000 <= moment.year <= 2999:
        raise RecordError(f"{what} is no time of a scan: it lies in the year {moment.year}")
    return moment.date() if moment.tzinfo is None else moment.astimezone(zone).date()


def _shown(value: object) -> str:
    return repr(value)[:60]


def _part(parent: dict[str, object], name: str) -> dict[str, object]:
    value = parent.get(name.rpartition(".")[2])
    if not isinstance(value, dict):
        raise RecordError(f"{name} is missing or no object")
    return value


def _optional_part(parent: dict[str, object], name: str) -> dict[str, object]:
    return _part(parent, name) if parent.get(name) is not None else {}


def _text(parent: dict[str, object], name: str) -> str:
    value = _optional(parent, name)
    if not value:
        raise RecordError(f"{name} is missing")
    return value


def _optional(parent: dict[str, object], name: str) -> str:
    value = parent.get(name.rpartition(".")[2])
    if value is None:
        return ""
    if not isinstance(value, str):
        raise RecordError(f"{name} is no text")
    if len(value) > MAX_TEXT:
        raise RecordError(f"{name} is longer than 1 MiB")
    if _CONTROLS.search(value):
        raise RecordError(f"{name} holds a control character")
    return value if value.strip() else ""
