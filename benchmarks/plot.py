"""Draws CPU seconds by statements, both on logarithmic axes; runs in the environment of the other engines.

python benchmarks/plot.py FILE.svg < {"engine": [[statements, seconds], …], …}
"""

import json
import sys

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot


def main(arguments: list[str]) -> int:
    """Draws what comes in."""
    mpl.rcParams["svg.hashsalt"] = "gapgraph"
    figure, axes = pyplot.subplots(figsize=(7, 4.2))
    for engine, points in json.load(sys.stdin).items():
        wide = 2.4 if engine == "gapgraph" else 1.2
        axes.plot(*zip(*points, strict=True), marker="o", label=engine, linewidth=wide)
    axes.set(xscale="log", yscale="log", xlabel="statements", ylabel="CPU seconds of the whole process")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(frameon=False)
    figure.tight_layout()
    figure.savefig(arguments[0], metadata={"Date": None})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
