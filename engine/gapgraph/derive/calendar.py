"""Windows, due dates, deadlines, stretches of time: all date arithmetic, on plain dates and half-open periods.

Rules of counting (adjustable by control or profile where a parameter is named):

* A calendar window (quarter, month, week, day) counts when twice its overlap with the judged period reaches its length.
* Annual and semi-annual duties run on due dates: last instance + cadence + grace.
* A deadline of `7d` after a day lets the seven following days count; `1bd` is the next working day (Monday to Friday).
* A due date is half-open too: done means done on a day before it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gapgraph.model import Period

DAY = timedelta(days=1)
WINDOWED = ("quarterly", "monthly", "weekly", "daily")
DUE_BY = {"annual": 12, "semi-annual": 6}
_ALLOWANCE = re.compile(r"(\d+)\s*(bd|d|h|m|y)")


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """When an instance is expected: records of `[start, end)` count, done before `due` is in time."""

    start: date
    end: date
    due: date
    label: str
    window: bool


@dataclass(frozen=True, slots=True, order=True)
class Allowance:
    """A length of time as people state it: amount and unit (d days, bd working days, h hours, m months, y years)."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "Allowance":
        """Reads `7d`, `1bd`, `24h`, `3m`, `1y`. Raises ValueError with the accepted forms."""
        match = _ALLOWANCE.fullmatch(text.strip())
        if not match:
            raise ValueError(f"'{text}' is no length of time; write 7d, 1bd, 24h, 3m or 1y")
        return cls(int(match[1]), match[2])

    def __str__(self) -> str:
        names = {"d": "days", "bd": "working days", "h": "hours", "m": "months", "y": "years"}
        word = names[self.unit]
        return f"{self.amount} {word if self.amount != 1 else word.removesuffix('s')}"


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    last = (date(year + month // 12, month % 12 + 1, 1) - DAY).day
    return date(year, month, min(day.day, last))


def last_day_allowed(start: date, allowance: Allowance) -> date:
    """The last day on which something may happen that is due `allowance` after `start`.

    Hours are rounded up to whole days, since dates carry no time of day.
    """
    match allowance.unit:
        case "d":
            return start + timedelta(days=allowance.amount)
        case "h":
            return start + timedelta(days=-(-allowance.amount // 24))
        case "m":
            return add_months(start, allowance.amount)
        case "y":
            return add_months(start, 12 * allowance.amount)
        case _:
            day = start
            left = allowance.amount
            while left:
                day += DAY
                if day.weekday() < 5:
                    left -= 1
            return day


def deadline(start: date, allowance: Allowance) -> date:
    """The half-open due date: the first day that is too late."""
    return last_day_allowed(start, allowance) + DAY


def notice_by(event: date, allowance: Allowance) -> date:
    """The half-open due date of a notice that must be given `allowance` before an event."""
    match allowance.unit:
        case "m":
            return add_months(event, -allowance.amount) + DAY
        case "y":
            return add_months(event, -12 * allowance.amount) + DAY
        case "bd":
            day, left = event, allowance.amount
            while left:
                day -= DAY
                if day.weekday() < 5:
                    left -= 1
            return day + DAY
        case _:
            return event - (last_day_allowed(event, allowance) - event) + DAY


def earliest_open(day: date, allowance: Allowance) -> date:
    """The earliest start whose deadline still lets `day` count: before it everything is due by then."""
    n = allowance.amount
    reach = {"d": n, "h": -(-n // 24), "bd": 7 * (n // 5 + 1), "m": 31 * n, "y": 366 * n}[allowance.unit]
    start = day - timedelta(days=reach + 1)
    while deadline(start, allowance) <= day:
        start += DAY
    return start


def window_at(cadence: str, day: date) -> Period:
    """The calendar window (quarter, month, ISO week, day) that holds `day`."""
    match cadence:
        case "quarterly":
            first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
            return Period(first, add_months(first, 3))
        case "monthly":
            first = day.replace(day=1)
            return Period(first, add_months(first, 1))
        case "weekly":
            first = day - timedelta(days=day.weekday())
            return Period(first, first + timedelta(days=7))
        case "daily":
            return Period(day, day + DAY)
    raise ValueError(f"{cadence} has no calendar windows")


def window_label(cadence: str, start: date) -> str:
    """How people name a window: 2026-Q2, 2026-05, 2026-W07, 2026-05-01."""
    match cadence:
        case "quarterly":
            return f"{start.year}-Q{(start.month - 1) // 3 + 1}"
        case "monthly":
            return f"{start.year}-{start.month:02d}"
        case "weekly":
            year, week, _ = start.isocalendar()
            return f"{year}-W{week:02d}"
    return start.isoformat()


LONGEST = {"annual": 366, "semi-annual": 184, "quarterly": 92, "monthly": 31, "weekly": 7, "daily": 1}
"""The most days that a cadence has."""


def spaced_by(cadence: str, last: date, factor: float) -> date:
    """The first day that is more than `factor` windows of a cadence (the longest there is) after `last`."""
    return last + timedelta(days=int(LONGEST[cadence] * factor)) + DAY


def overlap(a: Period, b: Period) -> int:
    """Days that two half-open periods share, 0 where they do not meet."""
    return max(0, (min(a.end, b.end) - max(a.start, b.start)).days)


def windows(cadence: str, judged: Period, grace: int = 0) -> list[Slot]:
    """The windows that count inside the judged period, in order; `grace` days are added to each due date."""
    found = []
    day = judged.start
    while day < judged.end:
        window = window_at(cadence, day)
        if 2 * overlap(window, judged) >= window.days:
            due = window.end + timedelta(days=grace)
            found.append(Slot(window.start, window.end, due, window_label(cadence, window.start), True))
        day = window.end
    return found


def due_slots(
    months: int, grace: int, judged: Period, instances: Sequence[date], since: date | None = None
) -> list[Slot]:
    """The due dates of an annual or semi-annual duty that fall into the judged period, and instances done early.

    The clock runs from the last instance before the period, else from `since` (when the duty began), else the duty
    is due by the end of what is judged. An instance resets the clock; one of the day on which the duty began starts it.
    What is not yet due gives no slot.
    """
    allowed = Allowance(months, "m")
    done = sorted(set(instances))
    last = max((day for day in done if day < judged.start), default=since)
    slots: list[Slot] = []
    for upcoming in [*(day for day in done if day >= judged.start), None]:
        if upcoming is not None and last is not None and upcoming <= last:
            last = upcoming
            continue
        due = judged.end if last is None else deadline(last, allowed) + timedelta(days=grace)
        if upcoming is None and (due > judged.end or (last is None and slots)):
            break
        start = judged.start if last is None else last + DAY
        end = judged.end if upcoming is None else upcoming + DAY
        due = max(due, judged.start)
        slots.append(Slot(start, max(start, end), due, f"due by {due - DAY}", False))
        last = upcoming
    return slots


def current_slot(months: int, grace: int, as_of_end: date, cadence: str = "") -> Slot:
    """Type I: the stretch before the as-of date in which the last instance must lie."""
    start = add_months(as_of_end - DAY, -months) - timedelta(days=grace)
    return Slot(start, as_of_end, as_of_end, f"{cadence or 'last instance'} as of {as_of_end - DAY}", False)


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch in which a setting did not change; `capture` indexes the capture that shows it (None: nothing does).

    `unsupported` counts its days that no complete change record covers.
    """

    start: date
    end: date
    capture: int | None
    unsupported: int


def spells(captures: Sequence[tuple[date, object]], judged: Period, recorded: Iterable[Period]) -> list[Spell]:
    """The stretches of one setting over the judged period, from captures (day, value) in order of day.

    A capture speaks backwards to the period's start and forwards to the next capture with another value, as far as
    change records cover. Without a capture inside the period nothing is supported.
    """
    covers = union(recorded)
    inside = [i for i, (day, _) in enumerate(captures) if judged.start <= day < judged.end]
    before = [i for i, (day, _) in enumerate(captures) if day < judged.start]
    if not inside:
        capture = before[-1] if before else None
        return [Spell(judged.start, judged.end, capture, judged.days)]
    order = ([before[-1]] if before else []) + inside
    found: list[Spell] = []
    start = judged.start
    current = order[0]
    for following in order[1:]:
        if captures[following][1] != captures[current][1]:
            at = captures[following][0]
            if at > start:
                found.append(_spell(start, at, current, covers))
            start, current = at, following
        elif captures[current][0] < judged.start:
            current = following
    found.append(_spell(start, judged.end, current, covers))
    return found


def _spell(start: date, end: date, capture: int, covers: Sequence[Period]) -> Spell:
    whole = Period(start, end)
    return Spell(start, end, capture, whole.days - sum(overlap(whole, piece) for piece in covers))


def union(pieces: Iterable[Period]) -> list[Period]:
    """Disjoint periods, in order, that cover the same days."""
    found: list[Period] = []
    for piece in sorted(p for p in pieces if p.end > p.start):
        if found and piece.start <= found[-1].end:
            found[-1] = Period(found[-1].start, max(found[-1].end, piece.end))
        else:
            found.append(piece)
    return found


@dataclass(frozen=True, slots=True)
class Coverage:
    """How pieces cover a period: days left bare, the first bare day, and since when the end is covered (or None)."""

    bare_days: int
    first_bare: date | None
    covered_from: date | None
    covered_until: date | None


def coverage(pieces: Iterable[Period], judged: Period) -> Coverage:
    """How the union of `pieces` covers `judged`."""
    covers = union(pieces)
    bare = judged.days - sum(overlap(judged, piece) for piece in covers)
    at_start = next((p for p in covers if p.start <= judged.start < p.end), None)
    at_end = next((p for p in covers if p.start < judged.end <= p.end), None)
    first = None if not bare else (at_start.end if at_start else judged.start)
    return Coverage(
        bare,
        first,
        max(at_end.start, date.min) if at_end else None,
        min(at_start.end, date.max) if at_start else None,
    )
