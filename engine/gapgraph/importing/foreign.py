"""Control registers and assessment registers of other tools, with headers of their own.

Headers are compared without case and punctuation; `CONTROL_COLUMNS` and the names at `assessments` say which
are understood. Every other column is listed as not used. A row with fewer or more cells than the header is a
fault: a cell is missing or a comma is not quoted, and what follows stands in the wrong columns.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from gapgraph.frameworks import read_criterion_id
from gapgraph.importing.common import Incoming, Plan, Space
from gapgraph.importing.registers import Row, Table, merged
from gapgraph.sources import schema
from gapgraph.sources.cells import CellError, read_date
from gapgraph.sources.loading import Problem
from gapgraph.sources.tables import TableError, csv_rows, decode

CONTROL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("control id", "id", "control ref", "control reference", "control number", "control no"),
    "title": ("control title", "control name", "title", "name", "control"),
    "description": (
        "control implementation description",
        "implementation description",
        "control description",
        "description",
    ),
    "owner": ("control owner", "owner"),
    "cadence": ("frequency", "control frequency", "cadence"),
    "criteria": (
        "trust services criteria",
        "soc 2 criteria",
        "criteria",
        "linked requirements",
        "linked requirement",
        "mapped criteria",
    ),
}
"""Columns of the register of controls and the headers that they are read from, the first found of each."""

_CADENCES = {
    "annually": "annual",
    "yearly": "annual",
    "semi annually": "semi-annual",
    "semi annual": "semi-annual",
    "half yearly": "semi-annual",
    "per event": "per-event",
}
_METHODS = (("test", "reperformance"), ("examine", "record"), ("interview", "interview"))
_TITLE = 120


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A foreign table: headers as written, headers as compared, rows with their numbers."""

    name: str
    headers: tuple[str, ...]
    keys: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def column(self, names: Sequence[str]) -> int | None:
        """The place of the first of the names that is a header."""
        return next((self.keys.index(name) for name in names if name in self.keys), None)


def _key(header: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", header.lower()))


def _sheet(file: Incoming, plan: Plan) -> _Sheet | None:
    try:
        lines = list(csv_rows(decode(file.data)))
    except TableError as error:
        plan.problems.append(Problem(file.name, error.row, str(error)))
        return None
    if not lines:
        plan.problems.append(Problem(file.name, 1, "the file is empty; it needs a header row"))
        return None
    headers = tuple(lines[0][1])
    keys = tuple(_key(header) for header in headers)
    twice = sorted({h for h, k in zip(headers, keys, strict=True) if k and keys.count(k) > 1})
    if twice:
        plan.problems.append(Problem(file.name, lines[0][0], f"column {', '.join(twice)} is there twice; keep one"))
        return None
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(headers):
            what = f"{len(cells)} cells under {len(headers)} columns"
            why = "a cell is missing" if len(cells) < len(headers) else "a cell with a comma lacks its quotes"
            plan.problems.append(Problem(file.name, number, f"{what}: {why}, and others stand in wrong columns"))
            continue
        rows.append((number, tuple(cells)))
    return _Sheet(file.name, headers, keys, tuple(rows))


def _unused(plan: Plan, sheet: _Sheet, used: set[int]) -> None:
    for place, header in enumerate(sheet.headers):
        if header and place not in used:
            plan.note(sheet.name, 0, f"column {header} is not used")


def controls(files: Sequence[Incoming], space: Space) -> Plan:
    """A control register of another tool, into registers/controls.csv with type `other`.

    The title is the title, or the first sentence of the description, or the id. An owner who is not in people
    stays as text at the end of the description; ids that are no Trust Services criteria are listed.
    """
    plan = Plan()
    found = []
    for file in files:
        sheet = _sheet(file, plan)
        if sheet is None:
            continue
        places = {column: sheet.column(names) for column, names in CONTROL_COLUMNS.items()}
        if places["id"] is None:
            plan.problems.append(_no_column(sheet, CONTROL_COLUMNS["id"]))
            continue
        _unused(plan, sheet, {place for place in places.values() if place is not None})
        rows = []
        for number, cells in sheet.rows:
            said = {c: cells[p] for c, p in places.items() if p is not None and cells[p]}
            rows.append(_control(plan, sheet.name, number, said, space))
        found.append(Table(schema.registers()["controls"], file.name, tuple(rows)))
    return merged(plan, found, space)


def _no_column(sheet: _Sheet, names: Sequence[str]) -> Problem:
    return Problem(sheet.name, 1, f"no column says which control a row is about; call one '{names[0]}'")


def _control(plan: Plan, path: str, number: int, said: Mapping[str, str], space: Space) -> Row:
    cells = {column: said[column] for column in ("id", "title", "description") if column in said}
    defaults = {"type": "other"}
    if "title" not in cells and "id" in cells:
        defaults["title"] = first_sentence(cells.get("description", "")) or cells["id"]
    if "owner" in said:
        ids = space.people.get(said["owner"].lower(), frozenset())
        if len(ids) == 1:
            cells["owner"] = next(iter(ids))
        else:
            why = "is the name of several people" if ids else "is not in people"
            kept = "is kept at the end of the description"
            plan.note(path, number, f"owner '{said['owner']}' {why}; the name {kept}")
            cells["description"] = f"{cells.get('description', '')} Owner: {said['owner']}.".strip()
    if "cadence" in said:
        word = _CADENCES.get(_key(said["cadence"]), said["cadence"].lower())
        if word in schema.choices("cadence"):
            cells["cadence"] = word
        else:
            plan.note(path, number, f"frequency '{said['cadence']}' is not understood and is not used")
    criteria = []
    for part in filter(None, map(str.strip, re.split(r"[;,\n]", said.get("criteria", "")))):
        criterion = read_criterion_id(part)
        if criterion is None:
            plan.note(path, number, f"'{part}' is not a criterion of the Trust Services Criteria and is not used")
        else:
            criteria.append(criterion.id)
    if criteria:
        cells["criteria"] = ";".join(dict.fromkeys(criteria))
    return Row(number, cells, defaults)


def first_sentence(text: str) -> str:
    """The first sentence of a text without its full stop, shortened to whole words where it is long."""
    sentence = re.split(r"(?<=[.!?:;])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".:;")
    if len(sentence) <= _TITLE:
        return sentence
    return sentence[:_TITLE].rpartition(" ")[0].rstrip(",;:") + "…" if " " in sentence[:_TITLE] else sentence


def assessments(files: Sequence[Incoming], space: Space) -> Plan:
    """An assessment register of another tool, into registers/evidence.csv.

    A row is about one control (`ID` or `Control ID`). Each group of columns `P Observation Date`,
    `P Observations`, `P Testing Status`, `P Examine`, `P Interview`, `P Test` (P is a name such as Q1, or
    nothing) gives one row of evidence where its status is Complete and it has a date. The kind is
    reperformance for a test, record for an examination, interview for an interview, the strongest that says
    Yes, otherwise report.
    """
    plan = Plan()
    found = []
    for file in files:
        sheet = _sheet(file, plan)
        if sheet is None:
            continue
        control = sheet.column(CONTROL_COLUMNS["id"])
        if control is None:
            plan.problems.append(_no_column(sheet, CONTROL_COLUMNS["id"]))
            continue
        rounds = [k.removesuffix("observation date").strip() for k in sheet.keys if k.endswith("observation date")]
        if not rounds:
            plan.problems.append(Problem(file.name, 1, "no column is called 'Observation Date'"))
            continue
        names = ("observation date", "observations", "testing status", "examine", "interview", "test")
        places = {r: {n: sheet.column([f"{r} {n}".strip()]) for n in names} for r in rounds}
        labels = {r: _label(sheet, places[r]) for r in rounds}
        about, auditor = sheet.column(["assessment"]), sheet.column(["auditor", "assessor"])
        used = {p for group in places.values() for p in group.values() if p is not None}
        _unused(plan, sheet, used | {p for p in (control, about, auditor) if p is not None})
        rows: list[Row] = []
        for number, cells in sheet.rows:
            common = {"control": cells[control]}
            common |= {"captured_by": cells[auditor]} if auditor is not None and cells[auditor] else {}
            named = cells[about] if about is not None else ""
            common["source"] = named or PurePosixPath(sheet.name).stem
            open_rounds = []
            for name, group in places.items():
                said = {n: cells[p] for n, p in group.items() if p is not None}
                row = _evidence(plan, sheet.name, number, labels[name], said, common)
                if row is not None:
                    rows.append(row)
                elif any(said.get(n) for n in ("observation date", "observations", "testing status")):
                    open_rounds.append(f"{labels[name]} {said.get('testing status') or 'without status'}".strip())
            if open_rounds:
                plan.note(sheet.name, number, f"no evidence from what is not complete: {', '.join(open_rounds)}")
        found.append(Table(schema.registers()["evidence"], file.name, tuple(rows)))
    return merged(plan, found, space)


def _label(sheet: _Sheet, group: Mapping[str, int | None]) -> str:
    place = group["observation date"]
    header = sheet.headers[place] if place is not None else ""
    return re.sub(r"(?i)\W*observation\W+date\W*$", "", header)


def _evidence(
    plan: Plan, path: str, number: int, label: str, said: Mapping[str, str], common: Mapping[str, str]
) -> Row | None:
    """A row of evidence, or None where the round is not complete."""
    day, status = said.get("observation date", ""), said.get("testing status")
    if status is not None and status.lower() not in {"complete", "completed"}:
        return None
    if not day and not status:
        return None
    day = re.sub(r"T00:00:00(\.0+)?Z?$", "", day)
    column = f"{label} Observation Date".strip()
    try:
        read_date(day)
    except CellError as error:
        message = f"column {column}: {error}" if day else f"column {column} is empty; a complete round has a date"
        plan.problems.append(Problem(path, number, message, "evidence"))
        return None
    kind = next((kind for method, kind in _METHODS if said.get(method, "").lower() in {"yes", "true", "x"}), "report")
    subject = f"{label}: " if label else ""
    sentence = first_sentence(said.get("observations", "")) or f"assessment of {common['control']}"
    cells = {
        "id": f"{common['control']} {day}",
        "title": f"{subject}{sentence}",
        "kind": kind,
        "event_date": day,
        "captured_on": day,
        **common,
    }
    return Row(number, cells)
