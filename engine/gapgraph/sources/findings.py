"""Findings of scanners, as the scanner wrote them: Prowler's OCSF JSON.

A file is a list of records, one record, or one record on each line. JSON is read strictly: a key that is
there twice, NaN, Infinity, a number that overflows and nesting over 64 are refused. What breaks one record
costs that record, what breaks the file costs the file; either is a problem, with the number of the record
(from 1) as its row.

A finding states `gg:checkId`, `gg:findingStatus` (`gg:Passed`, `gg:Failed`, `gg:Manual`, `gg:Suppressed`),
`gg:resourceId`, `gg:resourceName`, `gg:capturedOn`, `gg:source` and a label; where its check speaks of a
setting, also `gg:setting` and `gg:settingValue`. `ontology/rules/03-scanner-captures.rq` joins these to
systems.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import Names, date_literal
from gapgraph.sources.loading import RDF_TYPE, Batch, Problem
from gapgraph.sources.prowler import Finding, Foreign, RecordError, read_finding

MAX_BYTES = 64 * 1024 * 1024
MAX_NESTING = 64
MAX_DIGITS = 18
REGISTER = "captures"
"""What a bad record could have been: a capture of a setting."""

_GG = PREFIXES["gg"]
_LABEL = NamedNode(PREFIXES["skos"] + "prefLabel")
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


class JsonError(ValueError):
    """The file as a whole is not readable as JSON."""


@dataclass(frozen=True, slots=True)
class _Fault:
    """Stands in parsed JSON for what strict JSON refuses."""

    message: str


def _object(pairs: list[tuple[str, object]]) -> object:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _Fault(f"key '{key[:80]}' is there twice in one object")
        seen.add(key)
    return found


def _integer(text: str) -> object:
    return int(text) if len(text.lstrip("-")) <= MAX_DIGITS else _Fault(f"a number has more than {MAX_DIGITS} digits")


def _float(text: str) -> object:
    value = float(text)
    return value if math.isfinite(value) else _Fault(f"the number {text[:40]} is too large")


def _constant(text: str) -> object:
    return _Fault(f"{text} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant)


def _fault(value: object) -> str:
    """The first thing inside a record that strict JSON refuses, or nothing."""
    stack = [value]
    while stack:
        here = stack.pop()
        if isinstance(here, _Fault):
            return here.message
        if isinstance(here, dict):
            stack.extend(here.values())
        elif isinstance(here, list):
            stack.extend(here)
    return ""


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise JsonError("the file is larger than 64 MiB; split it")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise JsonError("the file is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JsonError(f"line {line} is not UTF-8; save the file as UTF-8") from None
    if not text.strip():
        raise JsonError("the file is empty; remove it or scan again")
    depth = 0
    for token in _TOKEN.finditer(text):
        sign = text[token.start()]
        if sign in "[{":
            depth += 1
            if depth > MAX_NESTING:
                raise JsonError(f"nesting over {MAX_NESTING}; this is no file of findings")
        elif sign in "]}":
            depth -= 1
    return text


def _whole(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON: {error.msg} in line {error.lineno}; nothing of the file was read") from None


def read_records(data: bytes) -> Iterator[tuple[int, object | None, str]]:
    """Number, value and fault of each record of a file; the value is None where there is a fault.

    Raises JsonError, before it yields anything, where the file as a whole cannot be read.
    """
    text = _decode(data)
    head = text.lstrip()
    if head[0] not in "[{":
        raise JsonError(f"not JSON: it starts with '{head[:10]}'; save the scanner's own output")
    if _has_lines(head):
        return _checked([_line(line) for line in text.split("\n") if line.strip()])
    whole = _whole(text)
    return _checked(whole if isinstance(whole, list) else [whole])


def _checked(records: list[object]) -> Iterator[tuple[int, object | None, str]]:
    for number, record in enumerate(records, start=1):
        fault = _fault(record)
        yield number, None if fault else record, fault


def _has_lines(text: str) -> bool:
    first, _, rest = text.partition("\n")
    return text[0] == rest.lstrip()[:1] == "{" and first.rstrip().endswith("}")


def _line(line: str) -> object:
    try:
        return _DECODER.decode(line)
    except json.JSONDecodeError as error:
        return _Fault(f"not JSON: {error.msg} at character {error.colno}")


def read_findings(data: bytes, path: str, names: Names) -> Batch:
    """The findings of one file; never raises for what the file holds.

    Checks that speak of no setting are listed in `unused`, each once with the number of its findings;
    records of other products and classes are counted in one notice each.
    """
    batch = Batch(path)
    try:
        records = read_records(data)
    except JsonError as error:
        batch.problems.append(Problem(path, 0, str(error), REGISTER))
        return batch
    foreign: dict[str, list[int]] = {}
    unused: dict[str, int] = {}
    repeated: list[int] = []
    number = 0
    zone = ZoneInfo(names.zone)
    for number, record, fault in records:
        if fault:
            batch.problems.append(Problem(path, number, f"{fault}; the record is not read", REGISTER))
            continue
        try:
            found = read_finding(record, zone)
        except RecordError as error:
            narrowing = (error.setting,) if error.setting else ()
            register = REGISTER if error.setting or not error.check else "findings"
            batch.problems.append(
                Problem(path, number, f"{error}; the record is not read", register, narrowing=narrowing)
            )
            continue
        if isinstance(found, Foreign):
            foreign.setdefault(found.what, []).append(number)
            continue
        if not _state(batch, found, number, names):
            repeated.append(number)
        elif not found.known_check:
            unused[found.check] = unused.get(found.check, 0) + 1
    if not number:
        batch.problems.append(Problem(path, 0, "the file holds no findings", notice=True))
    for what, rows in foreign.items():
        message = f"{what} are not used ({_counted(len(rows), 'record')})"
        batch.problems.append(Problem(path, rows[0], message, notice=True))
        batch.unused.append(f"{path}: {message}")
    if repeated:
        message = f"{_counted(len(repeated), 'record')} from here on repeat an earlier one"
        batch.problems.append(Problem(path, repeated[0], message, notice=True))
    for check, count in sorted(unused.items()):
        batch.unused.append(f"{path}: check {check} is not used by any requirement ({_counted(count, 'finding')})")
    return batch


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def finding_iri(finding: Finding, names: Names) -> NamedNode:
    """The IRI of a finding: a hash of check, resource, finding uid, instant and status.

    Prowler gives a finding the same uid in every scan, so the instant belongs to what tells findings apart.
    """
    parts = (finding.check, *finding.resources, finding.uid, finding.moment, finding.status)
    text = json.dumps(parts, ensure_ascii=True)
    return NamedNode(f"{names.base}findings/{hashlib.sha256(text.encode()).hexdigest()[:32]}")


def _state(batch: Batch, finding: Finding, number: int, names: Names) -> bool:
    subject = finding_iri(finding, names)
    if subject.value in batch.rows:
        return False
    batch.rows[subject.value] = number

    def state(name: str, value: NamedNode | Literal) -> None:
        batch.triples.append(Triple(subject, NamedNode(_GG + name), value))

    batch.triples.append(Triple(subject, RDF_TYPE, NamedNode(_GG + "ScannerFinding")))
    batch.triples.append(Triple(subject, _LABEL, Literal(finding.title)))
    state("checkId", Literal(finding.check))
    state("findingStatus", NamedNode(_GG + finding.status))
    for uid in finding.resources:
        state("resourceId", Literal(uid))
    for name in finding.resource_names:
        state("resourceName", Literal(name))
    state("capturedOn", date_literal(finding.day))
    state("source", Literal(finding.source))
    if finding.told:
        state("setting", NamedNode(finding.told[0]))
        state("settingValue", Literal(finding.told[1]))
    return True
