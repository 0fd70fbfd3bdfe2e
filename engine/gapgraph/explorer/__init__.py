"""The explorer: a local web application over one workspace. Importing this loads no Streamlit."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gapgraph import assets
from gapgraph.errors import UsageError

__all__ = ["launch"]

_HOST = "127.0.0.1"
_START_SECONDS = 60


def launch(folder: Path, *, port: int = 8501, open_browser: bool = True) -> int:
    """Serves the explorer for a workspace on this machine until it is interrupted; returns the exit code.

    The server is a process of its own: options of Streamlit in files or in the environment do not reach it.

    Raises
    ------
    UsageError
        If Streamlit is not installed, the folder does not exist or the port is taken.
    """
    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("the explorer needs Streamlit; install it with: pip install 'gapgraph[explorer]'")
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder; name the folder of a workspace")
    if not _is_free(port):
        raise UsageError(f"port {port} on {_HOST} is in use; choose another one with --port")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    environment["GAPGRAPH_WORKSPACE"] = str(folder.resolve())
    command = [sys.executable, str(assets.path("app", "serve.py")), str(port)]
    with _termination_interrupts(), subprocess.Popen(command, env=environment) as server:  # noqa: S603 - our script
        try:
            if open_browser and _answers(server, port):
                webbrowser.open(f"http://{_HOST}:{port}/")
            return server.wait()
        except KeyboardInterrupt:
            server.terminate()
            server.wait()
            return 0


@contextmanager
def _termination_interrupts() -> Iterator[None]:
    """Lets a request to terminate end the work as Ctrl+C does, so that no server stays behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except (OSError, OverflowError):
            return False
    return True


def _answers(server: subprocess.Popen[bytes], port: int) -> bool:
    """Waits until the server is healthy; False if it ended or did not start in time."""
    until = time.monotonic() + _START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{_HOST}:{port}/_stcore/health", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
