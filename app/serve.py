"""Starts the server of the explorer: `python serve.py PORT`; the environment names the workspace."""

import sys

from gapgraph.explorer.server import application, options

app = application()

if __name__ == "__main__":
    app.run(config=options(int(sys.argv[1])))
