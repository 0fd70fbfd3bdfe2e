"""What an assessment costs on the demo companies, stage by stage, in one run: medians of wall seconds and peak memory.

`make bench` prints a table; nothing is asserted. `python benchmarks/run.py small mid --runs 3` names sizes and runs.
"""

import argparse
import platform
import resource
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gapgraph.demo import write_demo
from gapgraph.run import assess

STAGES = ("load", "derive", "validate", "assess")


def measure(size: str, runs: int) -> tuple[int, dict[str, float]]:
    """Statements of the demo of a size, and the median seconds of each stage over the runs."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "demo"
        write_demo(folder, size=size, seed=1)
        found = [assess(folder).meta for _ in range(runs)]
    return found[0].triples, {stage: statistics.median(meta.seconds[stage] for meta in found) for stage in STAGES}


def main(arguments: Sequence[str]) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["small", "mid"])
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args(arguments)
    out = sys.stdout
    out.write(f"Python {platform.python_version()}, {platform.machine()}, median of {asked.runs} runs\n")
    out.write(
        f"{'size':8}{'statements':>12}" + "".join(f"{stage:>10}" for stage in STAGES) + f"{'all':>10}{'ms/1000':>10}\n"
    )
    for size in asked.sizes:
        triples, seconds = measure(size, asked.runs)
        total = sum(seconds.values())
        cells = "".join(f"{seconds[stage]:>10.2f}" for stage in STAGES)
        out.write(f"{size:8}{triples:>12}{cells}{total:>10.2f}{1e6 * total / triples:>10.1f}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.write(f"peak memory of this process: {peak:.0f} MiB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
