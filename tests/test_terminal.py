"""The command line as a program of its own: colour, progress, encodings, pipes, and what it loads."""

import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

PLANTED = """
import sys, types
from tests.sample import assessment
run = types.ModuleType("gapgraph.run")
def assess(folder, *, progress=None, **asked):
    import time
    if progress:
        progress("reading registers"); time.sleep(0.3)
    return assessment()
run.assess = assess
sys.modules["gapgraph.run"] = run
from gapgraph.cli import main
sys.exit(main(sys.argv[1:] or ["assess"]))
"""


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python of its own, with the sample within reach."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment,
        timeout=60,
        check=False,
    )


def test_help_loads_neither_graph_nor_rich() -> None:
    heavy = ("rdflib", "numpy", "pyshacl", "rich", "pyoxigraph", "openpyxl", "streamlit", "networkx")
    loaded = f"print([name for name in {heavy} if name in sys.modules])"
    done = run_python(f"import sys; from gapgraph.cli import main; main(['--help']); {loaded}")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "[]"


def in_terminal(**extra: str) -> str:
    """What `assess` writes to a terminal of 90 columns."""
    leader, follower = pty.openpty()
    environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS")}
    environment |= {
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        "TERM": "xterm-256color",
        "COLUMNS": "90",
    }
    started = subprocess.Popen(
        [sys.executable, "-c", PLANTED],
        stdout=follower,
        stderr=follower,
        stdin=follower,
        env=environment | extra,
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert started.wait(timeout=60) == 2
    return shown.decode()


def test_a_terminal_shows_colour_and_progress() -> None:
    shown = in_terminal()
    assert "\x1b[1;31m" in shown
    assert "reading registers" in shown


def test_no_color_is_kept() -> None:
    shown = in_terminal(NO_COLOR="1")
    assert "Lumen Speech" in shown
    assert "\x1b[31m" not in shown
    assert "\x1b[1;31m" not in shown


def test_an_encoding_without_our_signs_gets_plain_ones() -> None:
    done = run_python(PLANTED.replace("sys.exit(main", "sys.stdout.reconfigure(encoding='ascii'); sys.exit(main"))
    assert done.returncode == 2
    assert done.stdout.isascii()
    assert "x 11 not met" in done.stdout


def test_a_reader_that_leaves_is_no_fault() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", PLANTED],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 141, "as a program that SIGPIPE ends: never the code of an assessment"
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
