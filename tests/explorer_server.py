"""Serves the explorer over the hand-made assessment of `tests.sample`: `python explorer_server.py PORT`.

A process of its own, as the real server is; only the assessment is put in its place. Browser tests start it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from gapgraph.explorer import state
from gapgraph.explorer.server import application, options
from tests.sample import assessment

state.load_assessment = lambda folder: assessment()
app = application()

if __name__ == "__main__":
    app.run(config=options(int(sys.argv[1])))
