"""The page of the measurements, `docs/performance.md`."""

from collections.abc import Mapping, Sequence
from math import log
from statistics import median

from benchmarks.live import Followed
from benchmarks.stages import STAGES, Assessed
from benchmarks.validators import Runs, differing

Measured = Sequence[tuple[str, int, Mapping[str, Runs]]]
"""Name of the data, statements, what each engine took."""

_RATIOS = ("theirs / ours, validating", "whole process")
HEAD = """# Performance

Written by `make bench`; nobody edits it. {machine}, {date}.

CPU seconds of whole processes, all threads, medians of {runs} runs that were interleaved; ± is half of what lies
between the fastest and the slowest. Ratios are between runs of the same table. Only they carry over to another machine.
"""


def page(
    machine: str,
    date: str,
    runs: int,
    assessed: Sequence[Assessed],
    followed: Sequence[Followed],
    measured: Measured,
) -> str:
    """The whole page."""
    head = HEAD.format(machine=machine, date=date, runs=runs)
    return "\n".join([head, _assessments(assessed), _changes(followed), *_engines(measured)])


def _changes(followed: Sequence[Followed]) -> str:
    lines = [
        "## Changes that are followed",
        "",
        "`gapgraph.live`, both engagements, in memory: a full run, one piece of evidence captured on another day, a",
        "thousand of them at once (or all, where there are fewer).",
        "",
        _header("demo", "full run", "one change", "a thousand", "full / one", "full / a thousand"),
    ]
    for one in followed:
        cells = [one.size, *(_spread(getattr(one, name)) for name in ("full", "single", "many"))]
        cells += [f"{one.ratio('single'):.1f}", f"{one.ratio('many'):.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _spread(seconds: Sequence[float]) -> str:
    middle = median(seconds)
    return f"{middle:.2f} ± {50 * (max(seconds) - min(seconds)) / middle:.0f} %"


def _assessments(assessed: Sequence[Assessed]) -> str:
    lines = [
        "## Whole assessments, files to JSON",
        "",
        "Both engagements of a demo company, each validator in a process of its own.",
        "",
        "| demo | statements read | validator | "
        + " | ".join(STAGES)
        + " | whole process | peak MiB | pySHACL / ours |",
        "| --- | --- | --- | " + " | ".join("---" for _ in STAGES) + " | --- | --- | --- |",
    ]
    whole = {(one.size, one.validator): one.whole for one in assessed}
    for one in assessed:
        ratio = whole[(one.size, "pyshacl")] / whole[(one.size, one.validator)]
        cells = [one.size, f"{one.statements:,}", one.validator, *(f"{one.stages[stage]:.2f}" for stage in STAGES)]
        cells += [f"{one.whole:.2f} ± {100 * one.spread:.0f} %", f"{one.peak:.0f}", f"{ratio:.1f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _engines(measured: Measured) -> list[str]:
    parts = [
        "## SHACL engines on what is judged",
        "",
        "The statements of a Type II engagement as shapes see them, as N-Triples, and the shapes of the profile. An",
        "engine is right where it finds as many results for each shape and component as pySHACL or, without that, as",
        "ours. *gapgraph, again* has parsed the same file before and kept its columns (`gapgraph.shacl.parsed_once`).",
        "",
        "![CPU seconds of whole processes by statements](performance.svg)",
        "",
    ]
    for name, statements, engines in measured:
        judge = next((engines[e] for e in ("pyshacl", "gapgraph") if e in engines and not engines[e].failed), None)
        ours = engines["gapgraph"]
        parts += [
            f"### {name}: {statements:,} statements",
            "",
            _header("engine", "load", "validate", "whole process", "peak MiB", "results", "right", *_RATIOS),
        ]
        for engine, taken in engines.items():
            parts.append(_engine(engine, taken, ours, judge))
        parts.append("")
    rising = [(statements, engines["gapgraph"]) for _, statements, engines in measured]
    (low, first), (high, last) = rising[0], rising[-1]
    if high > low:
        power = log(last.median("cpu") / first.median("cpu")) / log(high / low)
        rise = f"grows as their number to the power of {power:.2f}"
        parts += [f"From {low:,} to {high:,} statements the cost of a whole process {rise}.", ""]
    return parts


def _header(*names: str) -> str:
    return f"| {' | '.join(names)} |\n| {' | '.join('---' for _ in names)} |"


def _engine(engine: str, taken: Runs, ours: Runs, judge: Runs | None) -> str:
    if taken.failed:
        return f"| {engine} | – | – | – | – | – | {taken.failed.replace('|', '/')} | – | – |"
    wrong = differing(taken, judge) if judge is not None else []
    verdict = "yes" if not wrong else f"**no**, in {len(wrong)}, as {wrong[0].replace('|', '/')}"
    cells = [
        engine,
        f"{taken.median('load'):.2f}",
        f"{taken.median('validate'):.2f}",
        f"{taken.median('cpu'):.2f} ± {100 * taken.spread('cpu'):.0f} %",
        f"{taken.peak:.0f}",
        f"{sum(taken.results.values()):,}",
        verdict,
        f"{taken.median('validate') / ours.median('validate'):.1f}",
        f"{taken.median('cpu') / ours.median('cpu'):.1f}",
    ]
    return f"| {' | '.join(cells)} |"
