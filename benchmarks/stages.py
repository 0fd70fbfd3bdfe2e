"""Whole assessments of the demo companies, files to JSON, each in a process of its own, with either validator.

    python benchmarks/stages.py FOLDER VALIDATOR

prints one JSON object: statements read, CPU seconds of each stage and of writing the JSON, peak memory in MiB.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapgraph.demo import write_demo

STAGES = ("load", "derive", "validate", "assess", "json")


@dataclass(frozen=True, slots=True)
class Assessed:
    """One size and validator: statements read, medians of CPU seconds by stage and in all, peak memory in MiB."""

    size: str
    validator: str
    statements: int
    stages: Mapping[str, float]
    whole: float
    spread: float
    peak: float


def compare(folder: Path, sizes: Sequence[str], runs: int) -> list[Assessed]:
    """Both validators on each size, interleaved."""
    found = []
    for size in sizes:
        write_demo(folder / size, size=size, seed=1)
        taken: dict[str, list[dict[str, float]]] = {"columnar": [], "pyshacl": []}
        for _ in range(runs):
            for validator, all_runs in taken.items():
                all_runs.append(_once(folder / size, validator))
        for validator, all_runs in taken.items():
            whole = [run["cpu"] for run in all_runs]
            stages = {stage: statistics.median(run[stage] for run in all_runs) for stage in STAGES}
            middle = statistics.median(whole)
            spread = (max(whole) - min(whole)) / 2 / middle
            peak = max(run["peak"] for run in all_runs)
            found.append(Assessed(size, validator, int(all_runs[0]["statements"]), stages, middle, spread, peak))
    return found


def _once(folder: Path, validator: str) -> dict[str, float]:
    command = [sys.executable, __file__, str(folder), validator]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        said = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"the assessment of {folder.name} with {validator} ended with {process.returncode}")
    return {**json.loads(said), "cpu": usage.ru_utime + usage.ru_stime}


def main(arguments: list[str]) -> int:
    """Assesses once and says what it took."""
    from gapgraph.output.json_format import to_json
    from gapgraph.run import assess

    folder, validator = arguments
    clock = time.process_time
    assessment = assess(Path(folder), validator=validator)
    started = clock()
    to_json(assessment)
    written = clock() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"statements": assessment.meta.triples, "peak": peak, "json": written, **assessment.meta.seconds}
    json.dump(said, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
