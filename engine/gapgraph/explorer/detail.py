"""One gap, opened: the trace from the rule to the fact, the fix, the evidence, and the requirement's shape.

Pure functions from an explanation (`gapgraph.why`) to words and tables; `requirement_turtle` reads the
package's shapes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rdflib import Graph, URIRef
from rdflib.term import BNode, Node

from gapgraph import assets
from gapgraph.errors import AssetError
from gapgraph.explorer.text import capital
from gapgraph.explorer.views import Table, table
from gapgraph.model import Assessment, Deviation, FailedCheck, Gap, GapStatus, ResultSeverity
from gapgraph.namespaces import PREFIXES, curie
from gapgraph.output.wording import (
    BASIS_WORDS,
    KIND_WORDS,
    OUTCOME_WORDS,
    QUADRANT_WORDS,
    REASON_WORDS,
    RESULT_WORDS,
    STATUS_WORDS,
    count,
    method_words,
    number,
    place,
    plain,
    severity_word,
)
from gapgraph.profile import described
from gapgraph.why import Explanation

__all__ = [
    "Badge",
    "Step",
    "badges",
    "deviation_labels",
    "evidence_table",
    "files",
    "fix_table",
    "identifiers",
    "requirement_turtle",
    "rows_table",
    "siblings",
    "summary",
    "trace",
]

Tone = Literal["red", "orange", "blue", "violet", "gray"]

_TONES: Mapping[int, Tone] = {5: "red", 4: "orange", 3: "blue", 2: "gray", 1: "gray"}
_NO_CHECK = FailedCheck("", "", "", "", "", "", "")
_COUNTS_AS = {
    ResultSeverity.VIOLATION: "a failure",
    ResultSeverity.EXCEPTION: "an exception",
    ResultSeverity.NO_CONCLUSION: "too little evidence to conclude",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A short word in a colour of the palette."""

    text: str
    tone: Tone
    help: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One box of the trace: what it is, its name, the sentence to it, the word on the arrow to the next box.

    `kind` is criterion, requirement, control, focus or check.
    """

    kind: str
    name: str
    title: str
    sentence: str
    arrow: str = ""

    @property
    def kind_word(self) -> str:
        """The kind as people read it; the focus is an item of a population."""
        return "Item" if self.kind == "focus" else capital(self.kind)


def badges(gap: Gap) -> tuple[Badge, ...]:
    """Returns the words under a gap's title: severity, state, kind, reason, owner, due date."""
    reopened = gap.status is GapStatus.REOPENED
    made = [
        Badge(capital(severity_word(gap.severity)), _TONES.get(gap.severity, "gray"), "Severity"),
        Badge(capital(STATUS_WORDS[gap.status]), "red" if reopened else "gray", "Where the gap stands"),
        Badge(f"{capital(KIND_WORDS[gap.gap_kind])} gap", "blue", "What kind of fix it needs"),
        Badge(capital(REASON_WORDS[gap.reason]), "violet", "Why there is a gap, decided from facts"),
    ]
    if gap.provisional:
        made.append(Badge("Provisional", "orange", "An input fault could change it"))
    if gap.owner:
        made.append(Badge(gap.owner, "gray", "Owner"))
    if gap.due:
        made.append(Badge(f"due {gap.due.isoformat()}", "gray", "Due date"))
    return tuple(made)


def deviation_labels(gap: Gap) -> tuple[str, ...]:
    """Returns one line for each deviation, numbered, for a chooser."""
    return tuple(f"{index}. {one.label}" for index, one in enumerate(gap.deviations, 1))


def summary(found: Explanation) -> str:
    """Returns the one sentence that says what is wrong: how many of how many items failed, on what."""
    gap, result = found.gap, found.result
    if not gap.deviations:
        return f"{gap.subject_label}: nothing answers this requirement."
    failed = count(len(gap.deviations), "deviation")
    if result is None or not result.population:
        return f"{gap.subject_label}: {failed}."
    of = f"{result.deviations} of {count(result.population, 'item')} failed in the engagement"
    return f"{gap.subject_label}: {failed}; {of}."


def trace(found: Explanation, deviation: int = 0) -> tuple[Step, ...]:
    """Returns the steps from criterion to failing check for one deviation of the gap.

    Without deviations (a control that is missing) the trace ends at the subject.
    """
    gap, info = found.gap, found.requirement
    rests = f"{info.statement} Basis: {BASIS_WORDS[info.basis]}."
    if found.result is not None:
        rests += f" Test methods: {method_words(info.test_methods, found.result.methods_available)}."
    steps = [
        Step("criterion", _list(gap.criteria), "", _criteria_sentence(found), "assessed by"),
        Step("requirement", gap.requirement, info.title, rests, "answered by"),
        _control_step(found),
    ]
    if gap.deviations:
        one = gap.deviations[deviation]
        steps.append(_focus_step(one))
        steps.extend(_check_step(check) for check in one.checks)
    else:
        steps.append(Step("focus", gap.subject_label, "", f"It concerns {gap.subject_label}."))
    return tuple(steps)


def _criteria_sentence(found: Explanation) -> str:
    groups: dict[str, list[str]] = {}
    for one in found.criteria:
        groups.setdefault(capital(OUTCOME_WORDS[one.outcome]), []).append(one.id)
    if not groups:
        return "It counts towards no criterion in scope."
    return " ".join(f"{outcome}: {_list(ids)}." for outcome, ids in groups.items())


def _control_step(found: Explanation) -> Step:
    one = found.control
    if one is None:
        others = found.result.controls if found.result else ()
        why = (
            f"{_list(others)} answer it elsewhere; none covers {found.gap.subject_label}."
            if others
            else "No control of the organisation answers this requirement."
        )
        return Step("control", found.gap.control or "none", "", why, "for")
    operation = f" Operation: {_spaced(one.operation)}." if one.operation else ""
    owner = f"Owner: {one.owner}." if one.owner else "It has no owner."
    return Step("control", one.id, one.title, f"Design: {_spaced(one.design)}.{operation} {owner}", "over")


def _focus_step(one: Deviation) -> Step:
    on = f" on {one.on.isoformat()}" if one.on else ""
    where = _list([place(at.path, at.row) for at in one.sources])
    read = f" Read from {where}." if where else ""
    return Step("focus", one.label, "", f"This item{on} counts as {_COUNTS_AS[one.severity]}.{read}", "fails")


def _check_step(check: FailedCheck) -> Step:
    found = check.value or "nothing"
    takes = f", takes {check.expected}" if check.expected else ""
    message = check.message.rstrip(". ")
    sentence = f"{message}. Found: {found}."
    if check.expected:
        sentence += f" What would satisfy it: {check.expected}."
    return Step("check", check.name or curie(check.shape), f"found {found}{takes}", sentence)


def siblings(assessment: Assessment, gap: Gap) -> tuple[Gap, ...]:
    """Returns the gaps of other engagements on the same requirement and subject: one fix may close them."""
    return tuple(
        one
        for one in assessment.gaps
        if (one.requirement, one.subject) == (gap.requirement, gap.subject) and one.engagement != gap.engagement
    )


def fix_table(gap: Gap) -> Table:
    """Returns the estimates behind the fix, one row each: what, value, what it means."""
    chance = gap.sample_exception_chance
    likelihood = f"{chance:.0%}" if chance is not None else f"{gap.likelihood} of 5"
    return table(
        ("Estimate", "Value", "Basis"),
        [
            (
                "Quadrant",
                capital(QUADRANT_WORDS[gap.quadrant]),
                "likelihood of audit failure against complexity",
            ),
            ("Likelihood", likelihood, gap.likelihood_basis),
            ("Severity", f"{gap.severity} of 5", severity_word(gap.severity)),
            ("Complexity", f"{gap.complexity} of 5", "of the fix"),
            ("Effort", f"{number(gap.effort_days)} days", "an estimate of the profile"),
            ("Priority", number(gap.priority), "likelihood × severity ÷ complexity"),
        ],
    )


def evidence_table(gap: Gap) -> Table:
    """Returns one row for each failing check of each deviation, with what was found and where it was read."""
    return table(
        ("Item", "Day", "Counts as", "Check", "Found", "Takes", "File", "Row"),
        [
            (
                one.label,
                one.on,
                capital(RESULT_WORDS[one.severity]),
                check.name,
                check.value or "nothing",
                check.expected,
                one.sources[0].path if one.sources else "",
                (one.sources[0].row or None) if one.sources else None,
            )
            for one in gap.deviations
            for check in one.checks or (_NO_CHECK,)
        ],
    )


def files(assessment: Assessment, gap: Gap) -> Table:
    """Returns the files that the gap's facts came from: file, rows, statements, SHA-256."""
    known = {one.path: one for one in assessment.meta.inputs}
    rows_of: dict[str, set[int]] = {}
    for at in (at for one in gap.deviations for at in one.sources):
        rows_of.setdefault(at.path, set()).add(at.row)
    return table(
        ("File", "Rows", "Statements", "SHA-256"),
        [
            (
                path,
                _ranges(rows),
                known[path].triples if path in known else None,
                known[path].sha256 if path in known else "",
            )
            for path, rows in sorted(rows_of.items())
        ],
    )


def rows_table(found: Explanation, most: int = 200) -> Table:
    """Returns the rows of the gap's facts as their files hold them now, one line for each filled cell."""
    return table(
        ("Where", "Column", "Value"),
        [
            (place(row.source.path, row.source.row), name, value)
            for row in found.rows
            for name, value in row.cells or (("", row.note),)
            if value
        ][:most],
    )


def identifiers(found: Explanation, deviation: int = 0) -> str:
    """Returns the names under which the graph knows the gap, one a line."""
    gap = found.gap
    lines = [
        ("gap", gap.id),
        ("engagement", gap.engagement),
        ("requirement", curie(found.requirement.iri)),
        ("subject", curie(gap.subject)),
    ]
    if found.control:
        lines.append(("control", curie(found.control.iri)))
    if gap.deviations:
        one = gap.deviations[deviation]
        lines.append(("focus", curie(one.focus)))
        for check in one.checks:
            lines.append(("shape", curie(check.shape)))
            lines.append(("path", curie(check.path)))
    return "\n".join(f"{name:<12} {plain(value)}" for name, value in lines)


@cache
def requirement_turtle(id: str) -> str:
    """Returns the requirement's shape with its property shapes as Turtle; empty if there is no such shape."""
    subject = URIRef(f"{PREFIXES['ggs']}{id}")
    begins = re.compile(rf"^ggs:{re.escape(id)}(?![\w.-])", re.MULTILINE)
    try:
        folder = assets.path("shapes", "requirements")
    except AssetError:
        return ""
    for file in sorted(folder.glob("*.ttl")):
        content = file.read_text(encoding="utf-8")
        if begins.search(content):
            return _described(Graph(bind_namespaces="none").parse(data=content, format="turtle"), subject)
    return ""


def _described(graph: Graph, subject: URIRef) -> str:
    """The statements about a shape, its property shapes and their blank nodes."""

    def follows(_: Node, __: Node, target: Node) -> bool:
        return isinstance(target, BNode) or (isinstance(target, URIRef) and target.startswith(f"{subject}-"))

    cut = described(graph, [subject], follows)
    for prefix, namespace in PREFIXES.items():
        cut.bind(prefix, namespace)
    return cut.serialize(format="longturtle").strip()


def _ranges(rows: set[int]) -> str:
    """Row numbers in short: `2-20, 31`; 0 stands for a file without rows."""
    runs: list[list[int]] = []
    for row in sorted(rows - {0}):
        if runs and row == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], row]
        else:
            runs.append([row])
    return ", ".join("-".join(str(end) for end in run) for run in runs)


def _spaced(value: str) -> str:
    return value.replace("_", " ")


def _list(parts: Sequence[str]) -> str:
    return ", ".join(parts)
