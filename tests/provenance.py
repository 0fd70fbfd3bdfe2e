"""Checks, with readers of its own, that what a gap cites stands in the file and row that it names."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import openpyxl
from pyoxigraph import Literal, NamedNode

from gapgraph import workspace
from gapgraph.model import Assessment, Deviation, Gap, Source
from gapgraph.sources import Loaded, read_workspace

_TEXT = "http://www.w3.org/2001/XMLSchema#string"


def unfounded(folder: Path, found: Assessment) -> list[str]:
    """A sentence for each cited place that does not hold the record for which it is cited."""
    loaded = read_workspace(folder, workspace.names_of(workspace.load(folder)))
    records: dict[Source, set[str]] = {}
    for iri, places in loaded.rows.items():
        for place in places:
            records.setdefault(place, set()).add(iri)
    texts = _texts(loaded)
    wrong = []
    for gap in found.gaps:
        for deviation in gap.deviations:
            if not deviation.sources:
                wrong.append(f"{gap.requirement}: {deviation.label} cites nothing")
            cells = {source: _cells(folder, source) for source in deviation.sources}
            for source in deviation.sources:
                wrong += [f"{gap.requirement}: {source}: {w}" for w in _wrong(source, cells[source], records, texts)]
            if not _about(gap, deviation, [cell for row in cells.values() for cell in row]):
                wrong.append(f"{gap.requirement}: {deviation.label}: no cited row speaks of {gap.subject}")
    return wrong


def _texts(loaded: Loaded) -> Mapping[tuple[str, str], list[str]]:
    """The plain texts that each record states, by path and IRI."""
    found: dict[tuple[str, str], list[str]] = {}
    for graph, triples in loaded.graphs:
        path = graph.removeprefix("urn:gapgraph:input:")
        for triple in triples:
            value = triple.object
            if (
                isinstance(triple.subject, NamedNode)
                and isinstance(value, Literal)
                and value.datatype.value == _TEXT
                and not triple.predicate.value.endswith(("source", "settingValue", "parameter"))
            ):
                found.setdefault((path, triple.subject.value), []).append(value.value)
    return found


def _wrong(
    source: Source,
    cells: list[str],
    records: Mapping[Source, set[str]],
    texts: Mapping[tuple[str, str], list[str]],
) -> Iterator[str]:
    if source.path == "gapgraph.toml":
        return
    if not cells:
        yield "there is no such row"
    iris = records.get(source, set())
    if not iris:
        yield "no record was read there"
    if not source.row:
        return
    for iri in iris:
        id = unquote(iri.rpartition("/")[2])
        if not source.path.startswith("findings/") and cells[:1] != [id]:
            yield f"the row is not that of {id} but {cells[:1]}"
        for text in texts.get((source.path.partition("#")[0], iri), []):
            if text not in cells:
                yield f"'{text}' of {id} is not in {cells}"


def _cells(folder: Path, source: Source) -> list[str]:
    """The texts of a row, read anew; of a place without a row all that the file holds."""
    name, _, sheet = source.path.partition("#")
    file = folder / name
    if file.suffix == ".xlsx":
        rows = list(openpyxl.load_workbook(file, data_only=True)[sheet].iter_rows(values_only=True))
        return ["" if cell is None else str(cell) for cell in rows[source.row - 1]]
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix == ".json":
        whole = json.loads(text)
        return list(_leaves(whole[source.row - 1]))
    if not source.row:
        return [text]
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    start = 1
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    for cells in reader:
        if start == source.row:
            return [cell.strip() for cell in cells]
        start = reader.line_num + 1
    return []


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict | list):
        for entry in value.values() if isinstance(value, dict) else value:
            yield from _leaves(entry)
    else:
        yield str(value)


def _about(gap: Gap, deviation: Deviation, cells: list[str]) -> bool:
    """Whether a cited cell names the subject of the gap or its control, or is part of the deviation's label."""
    id = unquote(gap.subject.rpartition("/")[2])
    named = {part.strip() for cell in cells for part in cell.split(";")}
    if {id, unquote(gap.control or id)} & named or any(source.path == "gapgraph.toml" for source in deviation.sources):
        return True
    label = deviation.label.lower()
    return any(len(cell) > 2 and cell.lower().replace("-", " ") in label for cell in cells)
