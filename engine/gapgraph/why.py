"""Explains one gap: from the requirement over what was found to the file and row that the facts came from.

Everything comes from the assessment and from files as they stand: no verdict is made and no message is
parsed. The rows are read when asked for, and only those of this gap; a file that changed since the assessment
shows its present row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from zipfile import BadZipFile

from gapgraph import assets
from gapgraph.errors import AssetError, UsageError
from gapgraph.model import (
    Assessment,
    ControlResult,
    CriterionResult,
    EngagementResult,
    Gap,
    RequirementInfo,
    RequirementResult,
    Source,
)

__all__ = ["Example", "Explanation", "SourceRow", "explain", "find_gap", "read_rows"]

_SHOWN_CANDIDATES = 5
_LONGEST_LINE = 2_000
_Result = TypeVar("_Result", RequirementResult, ControlResult)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row of a file as it stands now: its columns and values, or in `note` why it cannot be shown."""

    source: Source
    cells: tuple[tuple[str, str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """The example that satisfies a requirement: the file's name in the package and its Turtle text."""

    name: str
    turtle: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is known about one gap.

    `criteria` are those of the gap with their outcomes; `control` is the one that the gap belongs to, None
    where no control addresses the requirement; `example` is None where the package has none; `rows` are the
    rows of all deviations, by file and row.
    """

    organisation: str
    profile: str
    profile_version: str
    gap: Gap
    engagement: EngagementResult
    requirement: RequirementInfo
    result: RequirementResult | None
    control: ControlResult | None
    criteria: tuple[CriterionResult, ...]
    example: Example | None
    rows: tuple[SourceRow, ...]


def explain(folder: Path, assessment: Assessment, gap_id: str) -> Explanation:
    """Explains the gap with this id, or the only one whose id begins so.

    `folder` is the workspace that was assessed; its files are read for the rows.

    Raises
    ------
    UsageError
        If no gap has the id, more than one begins so, or the assessment lacks the requirement or engagement.
    """
    gap = find_gap(assessment, gap_id)
    engagement = next((one for one in assessment.engagements if one.id == gap.engagement), None)
    requirement = assessment.catalogue.get(gap.requirement)
    if engagement is None or requirement is None:
        missing = f"engagement {gap.engagement}" if engagement is None else f"requirement {gap.requirement}"
        raise UsageError(f"gap {gap.id} names {missing}, which the assessment does not have; assess again")
    sources = {source for deviation in gap.deviations for source in deviation.sources}
    return Explanation(
        organisation=assessment.meta.organisation,
        profile=assessment.meta.profile,
        profile_version=assessment.meta.profile_version,
        gap=gap,
        engagement=engagement,
        requirement=requirement,
        result=_of_engagement(assessment.requirements, gap.engagement, gap.requirement),
        control=_of_engagement(assessment.controls, gap.engagement, gap.control or ""),
        criteria=tuple(
            one for one in assessment.criteria if one.engagement == gap.engagement and one.id in gap.criteria
        ),
        example=pass_example(requirement.id),
        rows=read_rows(folder, sources),
    )


def find_gap(assessment: Assessment, gap_id: str) -> Gap:
    """The gap with this id, or the only one whose id begins so.

    Raises
    ------
    UsageError
        If there is none, or more than one; the message names the candidates.
    """
    gap = assessment.gap(gap_id) if gap_id else None
    if gap is not None:
        return gap
    candidates = sorted(one.id for one in assessment.gaps if one.id.startswith(gap_id))
    if not candidates or not gap_id:
        raise UsageError(f"no gap has the id '{gap_id}'; 'gapgraph assess' shows the ids")
    shown = ", ".join(candidates[:_SHOWN_CANDIDATES])
    more = f" and {len(candidates) - _SHOWN_CANDIDATES} more" if len(candidates) > _SHOWN_CANDIDATES else ""
    raise UsageError(f"'{gap_id}' begins the ids of several gaps: {shown}{more}; give more of the id")


def pass_example(requirement_id: str) -> Example | None:
    """The pass example of a requirement, None where the package has none."""
    try:
        folder = assets.path("shapes", "examples")
    except AssetError:
        return None
    files = sorted(folder.glob(f"*/{requirement_id}_pass.ttl"))
    if not files:
        return None
    file = files[0]
    return Example(f"shapes/examples/{file.parent.name}/{file.name}", file.read_text(encoding="utf-8"))


def read_rows(folder: Path, sources: Iterable[Source]) -> tuple[SourceRow, ...]:
    """The rows as they stand in the files of the workspace, by file and row; each file is read once.

    Rows count as `gapgraph.sources` counts them, with the header as row 1. A workbook's sheet stands after
    `#` in the path, as in `registers/all.xlsx#people`; without it the first sheet is meant. Of a file of
    findings the record of that number is shown, of other text files the line.
    """
    by_path: dict[str, set[int]] = {}
    for source in sources:
        by_path.setdefault(source.path, set()).add(source.row)
    found: list[SourceRow] = []
    for path, numbers in sorted(by_path.items()):
        rows = _rows_of_file(folder, path, numbers)
        found += [rows.get(number) or _no_row(path, number) for number in sorted(numbers)]
    return tuple(found)


def _no_row(path: str, number: int) -> SourceRow:
    note = "the file now has no such row" if number else "the facts came from the file as a whole"
    return SourceRow(Source(path, number), (), note)


def _rows_of_file(folder: Path, path: str, numbers: set[int]) -> Mapping[int, SourceRow]:
    name, _, sheet = path.partition("#")
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()):
        return _all_noted(path, numbers, "the file is outside the workspace")
    try:
        if file.suffix.lower() == ".csv":
            return _rows_of_csv(file, path, numbers)
        if file.suffix.lower() == ".xlsx":
            return _rows_of_workbook(file, path, sheet, numbers)
        if path.startswith("findings/"):
            return _records_of_findings(file, path, numbers)
        return _lines_of_text(file, path, numbers)
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it cannot be read"
        return _all_noted(path, numbers, f"the file cannot be shown: {reason.lower()}")


def _all_noted(path: str, numbers: set[int], note: str) -> Mapping[int, SourceRow]:
    return {number: SourceRow(Source(path, number), (), note) for number in numbers}


def _rows_of_csv(file: Path, path: str, numbers: set[int]) -> Mapping[int, SourceRow]:
    from gapgraph.sources.tables import csv_rows, decode

    return _pick(path, csv_rows(decode(file.read_bytes())), numbers)


def _records_of_findings(file: Path, path: str, numbers: set[int]) -> Mapping[int, SourceRow]:
    from gapgraph.sources.findings import read_records
    from gapgraph.sources.prowler import fields_of

    return {
        number: SourceRow(Source(path, number), fields_of(record))
        for number, record, _ in read_records(file.read_bytes())
        if number in numbers and record is not None
    }


def _rows_of_workbook(file: Path, path: str, sheet: str, numbers: set[int]) -> Mapping[int, SourceRow]:
    from openpyxl import load_workbook

    from gapgraph.sources.workbooks import text_of

    book = load_workbook(file, read_only=True, data_only=True)
    try:
        rows = (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True)
        return _pick(path, enumerate(([text_of(value) for value in row] for row in rows), start=1), numbers)
    finally:
        book.close()


def _pick(path: str, rows: Iterable[tuple[int, Sequence[str]]], numbers: set[int]) -> Mapping[int, SourceRow]:
    """The wanted rows with the names of the header, which is the first row that is not blank."""
    last, head, found = max(numbers), None, {}
    for number, row in rows:
        if head is None and any(row):
            head = [name.strip() for name in row]
        if number in numbers:
            names = head or []
            names = [*names, *(f"column {index + 1}" for index in range(len(names), len(row)))]
            found[number] = SourceRow(Source(path, number), tuple(zip(names, row, strict=False)))
        if number >= last:
            break
    return found


def _lines_of_text(file: Path, path: str, numbers: set[int]) -> Mapping[int, SourceRow]:
    last, found = max(numbers), {}
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(lines, start=1):
            if number in numbers:
                found[number] = SourceRow(Source(path, number), (("line", line.strip()[:_LONGEST_LINE]),))
            if number >= last:
                break
    return found


def _of_engagement(results: Sequence[_Result], engagement: str, id: str) -> _Result | None:
    return next((one for one in results if (one.engagement, one.id) == (engagement, id)), None)
