"""The charts and diagrams: tables and steps in, Altair specifications and Graphviz texts out.

Every colour comes from a `Palette`. Nothing here needs the network, and no data enters as markup: Altair gets
values, Graphviz gets quoted strings.
"""

import textwrap
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import altair as alt

from gapgraph.explorer.detail import Step
from gapgraph.explorer.palette import Palette, contrast
from gapgraph.explorer.text import capital
from gapgraph.explorer.views import Table
from gapgraph.output.wording import CRITERION_OUTCOMES, OUTCOME_WORDS, plain

__all__ = ["INKS", "rows", "score_ring", "series_bars", "trace_dot"]

_TONES = {"criterion": "blue", "requirement": "violet", "control": "teal", "focus": "gray", "check": "red"}
_BARS = (20, 34)
_CARD = 350
INKS = ("#FFFFFF", "#0B1320")
"""The colours of a count inside a bar."""

_FONT = "Source Sans, sans-serif"


def rows(table: Table) -> list[dict[str, Any]]:
    """Returns the table row by row, as charts take it."""
    return [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]


def series_bars(table: Table, colours: Palette) -> alt.LayerChart:
    """Returns stacked bars: criteria of each series by outcome, the count in each part.

    `table` is a `views.series_table`. Parts carry the ids of their criteria in the tooltip.
    """
    present = [outcome for outcome in CRITERION_OUTCOMES if capital(OUTCOME_WORDS[outcome]) in table["outcome"]]
    shown = [capital(OUTCOME_WORDS[outcome]) for outcome in present]
    fills = [colours.outcomes[outcome] for outcome in present]
    inks = [_ink(fill) for fill in fills]
    series = list(dict.fromkeys(str(name) for name in table["series"]))
    base = _chart(rows(table)).encode(
        y=alt.Y(
            "series:N",
            title=None,
            sort=series,
            scale=alt.Scale(paddingInner=0.28, paddingOuter=0.1),
            axis=alt.Axis(
                domain=False,
                ticks=False,
                labelOverlap=False,
                labelLimit=230,
                labelPadding=8,
                labelColor=colours.text,
                labelFontSize=12,
            ),
        ),
        x=alt.X("criteria:Q", title=None, stack="zero", axis=None),
        order=alt.Order("order:Q"),
        tooltip=[
            alt.Tooltip("series:N", title="Series"),
            alt.Tooltip("outcome:N", title="Outcome"),
            alt.Tooltip("criteria:Q", title="Criteria"),
            alt.Tooltip("ids:N", title="Which"),
        ],
    )
    bars = base.mark_bar(stroke=colours.background, strokeWidth=1).encode(
        color=alt.Color(
            "outcome:N",
            scale=alt.Scale(domain=shown, range=fills),
            legend=alt.Legend(orient="top", title=None, offset=6, symbolType="square", symbolStrokeWidth=0),
        )
    )
    counts = base.mark_text(dx=-9, fontSize=11, fontWeight=600).encode(
        text="criteria:Q",
        opacity=alt.value(1),
        color=alt.Color("outcome:N", scale=alt.Scale(domain=shown, range=inks), legend=None),
    )
    chart: alt.LayerChart = (
        alt.layer(bars, counts)
        .resolve_scale(color="independent")
        .properties(height=_bar(len(series)) * len(series) + 10)
        .configure_view(stroke=None)
    )
    return chart


def score_ring(score: float | None, colours: Palette, size: int = 180) -> alt.LayerChart:
    """Returns the readiness score, 0 to 100, as a ring with the number in it; a dash where there is none."""
    part = 0.0 if score is None else min(max(score, 0.0), 100.0)
    turn = 6.283185307179586
    outer = size / 2 - 10
    track = _chart([{}]).mark_arc(innerRadius=outer - 14, outerRadius=outer, theta=0, theta2=turn, color=colours.track)
    filled = _chart([{}]).mark_arc(
        innerRadius=outer - 14, outerRadius=outer, theta=0, theta2=turn * part / 100, color=colours.accent
    )
    label = "–" if score is None else f"{score:.0f}"
    figure = _chart([{}]).mark_text(text=label, fontSize=44, fontWeight=600, dy=-8, color=colours.text, font=_FONT)
    caption = _chart([{}]).mark_text(text="of 100", fontSize=13, dy=24, color=colours.muted, font=_FONT)
    chart: alt.LayerChart = (
        alt.layer(track, filled, figure, caption)
        .properties(width=size, height=size, padding=0)
        .configure_view(stroke=None)
    )
    return chart


def trace_dot(steps: Sequence[Step], colours: Palette) -> str:
    """Returns the trace as Graphviz text: one box a step from left to right, checks in the last column."""
    lines = [
        "digraph trace {",
        'rankdir=LR; bgcolor="transparent"; nodesep=0.14; ranksep=0.22; pad=0.03;',
        f'node [shape=box, style="filled,rounded", margin="0.1,0.06", fontsize=12, fontname="{_FONT}"];',
        f'edge [arrowsize=0.6, fontsize=10.5, fontname="{_FONT}"];',
        f'edge [color="{colours.muted}", fontcolor="{colours.muted}"];',
    ]
    for index, step in enumerate(steps):
        tone = colours.tones[_TONES[step.kind]]
        lines.append(
            f'n{index} [label={_label(step)}, fillcolor="{tone.fill}", color="{tone.line}", fontcolor="{tone.text}"];'
        )
    chain = [index for index, step in enumerate(steps) if step.kind != "check"]
    checks = [index for index, step in enumerate(steps) if step.kind == "check"]
    for start, end in [*pairwise(chain), *((chain[-1], check) for check in checks)]:
        lines.append(f"n{start} -> n{end} [label={_quoted(f' {steps[start].arrow} ')}];")
    return "\n".join([*lines, "}"])


def _bar(series: int) -> float:
    """The height of a bar with its gap: few fill the card, many keep a readable height."""
    least, most = _BARS
    return max(least, min(most, _CARD / max(series, 1)))


def _chart(values: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=values))


def _label(step: Step, width: int = 21, most: int = 5) -> str:
    head = textwrap.wrap(f"{step.kind_word} · {step.name}", width)
    body = textwrap.wrap(step.title, width)
    found = [*head, *body]
    if len(found) > most:
        found = [*found[: most - 1], f"{found[most - 1][: width - 1]}…"]
    return '"' + "\\n".join(_escaped(line) for line in found) + '"'


def _quoted(value: str) -> str:
    return f'"{_escaped(value)}"'


def _escaped(value: str) -> str:
    """The text inside a quoted Graphviz string: no quote ends it, and no backslash starts an escape."""
    return plain(value).replace("\\", "\\\\").replace('"', '\\"')


def _ink(fill: str) -> str:
    """White or near black, whichever stands out more."""
    return max(INKS, key=lambda ink: contrast(fill, ink))
