"""What a change costs an assessment that follows changes, against a full run in memory, interleaved in one process.

    python -m benchmarks.live FOLDER RUNS

prints one JSON object: CPU seconds of full runs, of single changed pieces of evidence, of a thousand changed at once.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from gapgraph.demo import write_demo

MANY = 1_000
SINGLE = 4
"""So many single changes are made for each full run."""


@dataclass(frozen=True, slots=True)
class Followed:
    """One size: CPU seconds of each full run, of each single change and of each change of many."""

    size: str
    full: tuple[float, ...]
    single: tuple[float, ...]
    many: tuple[float, ...]

    def ratio(self, of: str) -> float:
        """How many times a full run costs what the change costs, by medians."""
        taken: tuple[float, ...] = getattr(self, of)
        return statistics.median(self.full) / statistics.median(taken)


def compare(folder: Path, sizes: Sequence[str], runs: int) -> list[Followed]:
    """Each size in a process of its own."""
    found = []
    for size in sizes:
        place = folder / f"live-{size}"
        write_demo(place, size=size, seed=1)
        command = [sys.executable, "-m", "benchmarks.live", str(place), str(runs)]
        done = subprocess.run(command, check=True, capture_output=True, env=os.environ)
        said = json.loads(done.stdout)
        found.append(Followed(size, *(tuple(said[name]) for name in ("full", "single", "many"))))
    return found


def main(arguments: list[str]) -> int:
    """Measures one company."""
    from pyoxigraph import Literal, NamedNode, Triple

    from gapgraph import workspace
    from gapgraph.derive.facts import gg
    from gapgraph.live import Live
    from gapgraph.run import Read, assess_read, collected_later
    from gapgraph.validate import Columnar

    folder, runs = Path(arguments[0]), int(arguments[1])
    rng = random.Random(1)  # noqa: S311 # which evidence changes is no secret
    space = workspace.load(folder)
    live, whole, check = Live(space), Read.of(space), Columnar()
    day = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    stated = (Triple(q.subject, q.predicate, q.object) for q in live.read.loaded.triples)
    captured = [t for t in stated if t.predicate == gg("capturedOn") and "/evidence/" in str(t.subject)]
    took: dict[str, list[float]] = {"full": [], "single": [], "many": []}

    def later(t: Triple) -> Triple:
        moved = date.fromisoformat(str(t.object.value)) + timedelta(days=40)  # type: ignore[union-attr] # a date
        return Triple(t.subject, t.predicate, Literal(moved.isoformat(), datatype=day))

    @collected_later()
    def full() -> None:
        assess_read(whole, check)

    def timed(name: str, change: Sequence[Triple]) -> None:
        began = time.process_time()
        live.update([later(t) for t in change], change)
        took[name].append(time.process_time() - began)
        live.update(change, [later(t) for t in change])

    def changes() -> Iterator[Triple]:
        while True:
            yield rng.choice(captured)

    one = changes()
    timed("single", [next(one)])
    took["single"].clear()
    for _ in range(runs):
        began = time.process_time()
        full()
        took["full"].append(time.process_time() - began)
        for _ in range(SINGLE):
            timed("single", [next(one)])
        timed("many", rng.sample(captured, min(MANY, len(captured))))
    json.dump(took, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
