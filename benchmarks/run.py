"""Measures whole assessments and SHACL engines side by side and writes `docs/performance.md`.

make bench                                # small, mid, large and five million statements; takes about an hour
python -m benchmarks.run --quick          # small alone, once, printed and not written
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import data, live, page, stages, validators

ROOT = Path(__file__).parent.parent
ENGINES = (*validators.OURS, "pyshacl", "pyshacl-turbo", "pyrudof", "shacl", "shacl-rust")
FAST = (*validators.OURS, "shacl", "shacl-rust")
"""The engines that are asked about more statements than the large demo has."""
LIMIT = 900.0
"""Seconds after which an engine is given up."""
SCALES = (("1M", 1_000_000), ("5M", 5_000_000))


def environment() -> None:
    """Installs the other engines where that is possible; one that is missing is named on the page."""
    if not validators.OTHERS.exists():
        venv.create(validators.OTHERS, with_pip=True)
    pip = [str(validators.OTHERS / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    wanted = [line for line in (Path(__file__).parent / "requirements.txt").read_text().splitlines() if line]
    for package in wanted:
        subprocess.run([*pip, package], check=False)


def machine() -> str:
    """Processor, cores and Python."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").is_file() else []
    model = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"


def draw(measured: page.Measured) -> None:
    """Draws the plot beside the page."""
    points = {
        engine: [[count, found[engine].median("cpu")] for _, count, found in measured if _done(found, engine)]
        for engine in ENGINES
    }
    command = [str(validators.OTHERS / "bin" / "python"), str(Path(__file__).parent / "plot.py")]
    subprocess.run(
        [*command, str(ROOT / "docs" / "performance.svg")],
        input=json.dumps({engine: found for engine, found in points.items() if found}).encode(),
        check=True,
    )


def _done(found: Mapping[str, validators.Runs], engine: str) -> bool:
    return engine in found and not found[engine].failed


def main(arguments: Sequence[str]) -> int:
    """Measures and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small alone, once, printed and not written")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sizes", nargs="*", default=["small", "mid", "large"])
    asked = parser.parse_args(arguments)
    sizes, runs = (["small"], 1) if asked.quick else (asked.sizes, asked.runs)
    environment()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        assessed = stages.compare(folder, sizes, runs)
        followed = live.compare(folder, sizes, runs)
        measured = []
        for size in sizes:
            graph = data.judged(folder / f"judged-{size}", size)
            file = folder / f"{size}.nt"
            count = data.write(graph, file)
            shapes = folder / f"judged-{size}" / "shapes.ttl"
            measured.append((size, count, validators.compare(ENGINES, file, shapes, runs, LIMIT)))
        for name, most in () if asked.quick else SCALES:
            file = folder / f"{name}.nt"
            count = data.write(graph, file, copies=most // len(graph) + 1, most=most)
            measured.append((name, count, validators.compare(FAST, file, shapes, runs, LIMIT)))
        measured.sort(key=lambda one: one[1])
        said = page.page(machine(), datetime.now(UTC).date().isoformat(), runs, assessed, followed, measured)
        if asked.quick:
            sys.stdout.write(said)
            return 0
        (ROOT / "docs" / "performance.md").write_text(said, encoding="utf-8")
        draw(measured)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
