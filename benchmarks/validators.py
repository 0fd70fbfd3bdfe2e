"""SHACL engines on the same statements and shapes: a process each, interleaved; CPU seconds and peak memory."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
OTHERS = HERE / ".venv"
OURS = ("gapgraph", "gapgraph, again")
"""Our engine on a file that is new to it, and on one that it has parsed before."""


@dataclass(slots=True)
class Runs:
    """What one engine took: seconds of each run, peak memory in MiB, its results, or why it gave none."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    validate: list[float] = field(default_factory=list)
    peak: float = 0.0
    results: dict[str, int] = field(default_factory=dict)
    failed: str = ""

    def median(self, what: str) -> float:
        """The median of `cpu`, `wall`, `load` or `validate`."""
        return float(statistics.median(getattr(self, what)))

    def spread(self, what: str) -> float:
        """Half of what lies between the fastest and the slowest run, as a share of the median."""
        values: list[float] = getattr(self, what)
        return (max(values) - min(values)) / 2 / max(self.median(what), 1e-9)


def interpreter(engine: str) -> str:
    """Ours for gapgraph and pySHACL, that of the environment of the others for the rest."""
    return sys.executable if engine in {*OURS, "pyshacl"} else str(OTHERS / "bin" / "python")


def compare(engines: Sequence[str], data: Path, shapes: Path, runs: int, limit: float) -> dict[str, Runs]:
    """Every engine in turn, so many times; one that fails or takes longer than `limit` seconds is not run again.

    What our engine keeps of a file it has parsed before is made ahead and not counted.
    """
    found = {engine: Runs() for engine in engines}
    if OURS[1] in found:
        _once(OURS[1], data, shapes, limit, Runs())
    for _ in range(runs):
        for engine, taken in found.items():
            if not taken.failed:
                _once(engine, data, shapes, limit, taken)
    return found


def _once(engine: str, data: Path, shapes: Path, limit: float, taken: Runs) -> None:
    command = [interpreter(engine), str(HERE / "engine.py"), engine, str(data), str(shapes)]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(command, stdout=out, stderr=err)
        except OSError as error:
            taken.failed = str(error.strerror)
            return
        while (done := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if time.perf_counter() - started > limit:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                taken.failed = f"not done after {limit:.0f} s"
                return
            time.sleep(0.01)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(done[1])
        out.seek(0)
        err.seek(0)
        said = out.read().decode()
        if process.returncode or not said.startswith("{"):
            lines = err.read().decode(errors="replace").strip().splitlines()
            taken.failed = lines[-1][:120] if lines else f"status {process.returncode}"
            return
    measured = json.loads(said)
    usage = done[2]
    taken.cpu.append(usage.ru_utime + usage.ru_stime)
    taken.wall.append(wall)
    taken.load.append(measured["load"])
    taken.validate.append(measured["validate"])
    taken.peak = max(taken.peak, usage.ru_maxrss / 1024)
    taken.results = measured["results"]


def differing(one: Runs, judge: Runs) -> list[str]:
    """Of which shapes and components two engines found different numbers, and which."""
    keys = sorted(set(one.results) | set(judge.results))
    return [
        f"{key}: {one.results.get(key, 0)} instead of {judge.results.get(key, 0)}"
        for key in keys
        if one.results.get(key, 0) != judge.results.get(key, 0)
    ]
