"""Repairs of fail examples: a small edit takes each result away, what was judged is still judged, nothing else appears.

A fail example shows that the shapes see a fault; its repair shows that they see nothing but that fault. For each
result the mechanical edits of `gapgraph.edits` are tried in order. What none of them repairs has its repair written in
`repairs.toml` beside the examples, as statements to leave out and to add:

    [[repair]]
    example = "ACC-04_fail-a-day-late"
    remove = ['ex:d1 gg:removedOn "2026-03-26"^^xsd:date']
    add = ['ex:d1 gg:removedOn "2026-03-25"^^xsd:date']

What no statement of the company repairs, because it lies in what is asked, stands there with its reason:

    [[beyond]]
    example = "EVD-12_fail-a-day-more-than-a-year"
    reason = "…"

`python -m gapgraph.repair [ID…]` names the fail examples that nothing repairs.
"""

import os
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

from pyoxigraph import RdfFormat, Triple, parse

from gapgraph import assets
from gapgraph.derive.facts import gg
from gapgraph.edits import Edit, Facts, edits, statement
from gapgraph.errors import AssetError
from gapgraph.examples import files, known, whole
from gapgraph.mutation import Bench, Verdict
from gapgraph.namespaces import curie

ATTEMPTS = 300
"""How many mechanical edits are tried for one result."""

_VALUES = {gg("settingValue"), gg("settingNumber")}
Result = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """A repair that stands in `repairs.toml`."""

    example: str
    remove: tuple[Triple, ...]
    add: tuple[Triple, ...]

    @property
    def edit(self) -> Edit:
        """The repair as an edit."""
        return Edit(self.remove, self.add)


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one fail example: the edit for each result, what is left, how many edits were tried.

    `beyond` says that nothing was tried, for a reason that is written down.
    """

    example: str
    edits: tuple[tuple[Result, Edit], ...]
    left: tuple[str, ...]
    tried: int
    beyond: bool = False


def read(file: Path) -> list[Written]:
    """The repairs of a file. Raises AssetError for a statement that cannot be read."""
    entries = tomllib.loads(file.read_text(encoding="utf-8")).get("repair", ())
    return [
        Written(
            entry["example"],
            tuple(map(statement, entry.get("remove", ()))),
            tuple(map(statement, entry.get("add", ()))),
        )
        for entry in entries
    ]


@cache
def written() -> Mapping[str, tuple[Written, ...]]:
    """The written repairs of all topics by example."""
    found: dict[str, list[Written]] = defaultdict(list)
    for file in sorted(assets.path("shapes", "examples").glob("*/repairs.toml")):
        for one in read(file):
            found[one.example].append(one)
    return {example: tuple(all) for example, all in found.items()}


@cache
def beyond() -> Mapping[str, str]:
    """By example why nothing that a company states repairs it."""
    return {
        entry["example"]: entry["reason"]
        for file in sorted(assets.path("shapes", "examples").glob("*/repairs.toml"))
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("beyond", ())
    }


def check(one: Written, facts: Facts) -> None:
    """Raises AssetError where a written repair leaves out what its example does not state."""
    for t in one.remove:
        if t not in facts:
            raise AssetError(f"the repair of {one.example} leaves out what it states no such of: {t}")


def repairs(before: Verdict, after: Verdict, result: Result, edit: Edit) -> bool:
    """Whether a result is gone and no other is there, and its item is still judged or another in its place.

    Where a setting is what it was before, two stretches of time become one, and one item stands for both. A written
    repair may take an item away that stood for what nobody had stated, as long as others are judged.
    """
    raised, items = after
    by_hand = any(edit == one.edit for all_written in written().values() for one in all_written)
    judged = result[1] in items or len(items) >= (1 if by_hand else len(before[1]) - _sets_back(edit))
    return judged and result not in raised and raised <= before[0]


def _sets_back(edit: Edit) -> bool:
    """Whether an edit gives a capture another value of its setting."""
    gone = {(t.subject, t.predicate) for t in edit.remove if t.predicate in _VALUES}
    return any((t.subject, t.predicate) in gone for t in edit.add)


def mend(bench: Bench, example: str, passing: Sequence[Facts], attempts: int = ATTEMPTS) -> Mended:
    """Repairs each result of an example: by what is written for it, then by mechanical edits, each judged once."""
    before = bench.verdict()
    found: dict[Result, Edit] = {}
    open_results = set() if example in beyond() else set(before[0])
    tried = 0

    def attempt(edit: Edit) -> None:
        nonlocal tried
        tried += 1
        after = bench.judge(edit.on(bench.facts))
        for result in sorted(open_results):
            if repairs(before, after, result, edit):
                found[result] = edit
                open_results.discard(result)

    for one in written().get(example, ()):
        check(one, bench.facts)
        attempt(one.edit)
    if open_results:
        for edit in islice(edits(bench.facts, passing, bench.moment.iri), attempts):
            attempt(edit)
            if not open_results:
                break
    left = [f"{example}: nothing repairs {curie(shape)} on {focus}" for shape, focus in sorted(open_results)]
    return Mended(
        example,
        tuple(sorted(found.items(), key=lambda pair: pair[0])),
        tuple(left),
        tried,
        beyond=example in beyond(),
    )


def mend_requirement(id: str, attempts: int = ATTEMPTS) -> list[Mended]:
    """The fail examples of a requirement, each repaired as far as it can be."""
    all_files = files(id)
    passing = [_facts(file) for file in all_files if "_pass" in file.stem]
    return [
        mend(Bench(file, whole().requirements[id], known()), file.stem, passing, attempts)
        for file in all_files
        if "_fail" in file.stem
    ]


def mend_all(
    ids: Sequence[str] = (), progress: Callable[[str], None] = lambda _: None, jobs: int | None = None
) -> list[Mended]:
    """The fail examples of these requirements, or of all, shared among processes (a processor each unless said)."""
    chosen = [id for id in whole().requirements if not ids or id in ids]
    workers = min(jobs or os.cpu_count() or 1, len(chosen))
    if workers <= 1:
        return [one for id in chosen for one in mend_requirement(id)]
    found = []
    with ProcessPoolExecutor(workers) as pool:
        for id, mended in zip(chosen, pool.map(mend_requirement, chosen), strict=True):
            found += mended
            progress(f"repairs of {id}")
    return found


def _facts(file: Path) -> list[Triple]:
    return [Triple(q.subject, q.predicate, q.object) for q in parse(file.read_bytes(), format=RdfFormat.TURTLE)]


def main(ids: Sequence[str]) -> int:
    """Repairs the fail examples of the given requirements, or of all; writes what is left and a count to stderr."""
    mended = mend_all(ids, jobs=1)
    for one in mended:
        for left in one.left:
            sys.stderr.write(f"{left}\n")
    whole_count = sum(not one.left for one in mended)
    tried = sum(one.tried for one in mended)
    sys.stderr.write(f"{whole_count} of {len(mended)} fail examples repaired, {tried} edits tried\n")
    return 0 if whole_count == len(mended) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
