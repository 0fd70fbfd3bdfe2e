"""Mutants of pass examples: whether each statement bears on the verdict, and the shapes see when it is wrong.

Mechanical operators make one small change at a time to the source statements of an example:

    delete    one statement is left out
    shift     a date is moved by growing steps, earlier and later, until the verdict changes
    swap      a reference points to another node of the example of the same class, or to a node that is not there
    change    an enumerated value becomes another of its register column, a number one more or less, yes becomes no

A mutant is killed where the verdict (what is raised on which item, and which items there are) changes. One that is not
must be equivalent: the requirement reads no such statement at all (worked out from its shapes and rules), or an
`equivalents.toml` beside the examples lists it with a reason. Any other is a survivor: the rules are too weak for it.
The engagement itself (type, dates, organisation) is asked, not judged, and stays as it is.
"""

import os
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gapgraph import assets
from gapgraph import derive as derivation
from gapgraph.derive import derive
from gapgraph.derive.facts import TYPE, Moment
from gapgraph.edits import classes_of, enumerations, kin_of
from gapgraph.examples import JUDGE, files, known, limits, moment_of, rules_for, shapes_for, whole
from gapgraph.facts import Facts
from gapgraph.namespaces import PREFIXES
from gapgraph.profile import Requirement
from gapgraph.sources.cells import BOOLEAN, DATE, DECIMAL, INTEGER
from gapgraph.touch import reads

STEPS = (1, 31, 100, 400, 800, 1600)
"""By how many days a date is moved."""
KILLED, UNREAD = "killed", "not read"

Term = NamedNode | Literal
Verdict = tuple[frozenset[tuple[str, str]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to an example: the operator, the statement, what stands in its place (None where it is left out)."""

    requirement: str
    example: str
    operator: str
    statement: Triple
    replacement: Triple | None
    note: str = ""

    def __str__(self) -> str:
        s = self.statement
        to = f" to {_short(self.replacement.object)}" if self.replacement else ""
        said = f" ({self.note})" if self.note else ""
        return f"{self.example}: {self.operator} {_short(s.subject)} {_short(s.predicate)} {_short(s.object)}{to}{said}"


@dataclass(frozen=True, slots=True)
class Equivalent:
    """Mutants that change no verdict and why. Empty fields fit everything; `subjects` are classes of the subject."""

    reason: str
    operators: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()

    def fits(self, mutant: Mutant, classes: frozenset[str]) -> bool:
        """Whether it speaks of this mutant."""
        return (
            (not self.operators or mutant.operator in self.operators)
            and (not self.predicates or _short(mutant.statement.predicate) in self.predicates)
            and (not self.objects or _short(mutant.statement.object) in self.objects)
            and (not self.subjects or bool(classes & set(self.subjects)))
            and (not self.requirements or mutant.requirement in self.requirements)
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the mutants of one example."""

    killed: int
    listed: tuple[tuple[Mutant, str], ...]
    survivors: tuple[Mutant, ...]
    used: frozenset[int]

    @property
    def total(self) -> int:
        """How many mutants there were."""
        return self.killed + len(self.listed) + len(self.survivors)


def _short(term: object) -> str:
    """A term as the list of equivalents writes it."""
    if isinstance(term, Literal):
        return term.value
    value = term.value if isinstance(term, NamedNode) else str(term)
    for prefix, iri in PREFIXES.items():
        if value.startswith(iri):
            return f"{prefix}:{value.removeprefix(iri)}"
    return value.rpartition("/")[2]


@cache
def equivalents() -> tuple[Equivalent, ...]:
    """The listed equivalents: those of all topics first, then those of each topic."""
    root = assets.path("shapes", "examples")
    found = []
    for file in [root / "equivalents.toml", *sorted(root.glob("*/equivalents.toml"))]:
        if file.is_file():
            for entry in tomllib.loads(file.read_text(encoding="utf-8"))["equivalent"]:
                fields = {key: tuple(value) for key, value in entry.items() if key != "reason"}
                found.append(Equivalent(entry["reason"], **fields))
    return tuple(found)


class Bench:
    """One example: `verdict` judges it with a change made. `known` is what rules know beside it, and stays as it is."""

    def __init__(self, file: Path, requirement: Requirement, known: Facts) -> None:
        self.requirement = requirement
        self.facts = tuple(
            Triple(q.subject, q.predicate, q.object) for q in parse(file.read_bytes(), format=RdfFormat.TURTLE)
        )
        self._known = known
        self._parameters = limits()
        self._rules = rules_for(requirement.info.id)
        self.moment: Moment = moment_of(Facts.of(self.facts))[0]

    def verdict(self, without: Triple | None = None, instead: Triple | None = None) -> Verdict:
        """What is raised on which item, and the items that there are, with one statement left out or replaced."""
        return self.judge([t for t in self.facts if t != without] + ([instead] if instead is not None else []))

    def judge(self, stated: Sequence[Triple]) -> Verdict:
        """What is raised on which item, and the items that there are, with these statements instead of its own."""
        given = self._known.copy()
        given.add(stated)
        facts = derive(given, self.moment, self._parameters, self._rules)
        results = JUDGE.validate(facts.judged(), shapes_for(self.requirement.info.id))
        items: dict[str, set[str]] = defaultdict(set)
        for part in self.requirement.parts:
            for item in facts.subjects(TYPE, NamedNode(part.population)):
                items[item.value].update(part.checks)
        raised = frozenset((r.shape, r.focus) for r in results if r.shape in items.get(r.focus, ()))
        return raised, frozenset(items)


def examine(file: Path, requirement: Requirement, known: Facts) -> Report:
    """Makes every mutant of an example and judges it beside what rules know."""
    bench = Bench(file, requirement, known)
    before = bench.verdict()
    classes: dict[str, set[str]] = defaultdict(set)
    for t in bench.facts:
        if t.predicate == TYPE:
            classes[str(t.subject)].add(_short(t.object))
    killed, listed, survivors, used = 0, [], [], set()
    for mutant in mutants(bench, requirement.info.id, file.stem, before):
        if mutant.note == UNREAD:
            listed.append((mutant, f"{requirement.info.id} reads no {_short(mutant.statement.predicate)}"))
            continue
        if mutant.note == KILLED or (not mutant.note and bench.verdict(mutant.statement, mutant.replacement) != before):
            killed += 1
            continue
        mine = frozenset(classes[str(mutant.statement.subject)])
        found = next((i for i, e in enumerate(equivalents()) if e.fits(mutant, mine)), None)
        if found is None:
            survivors.append(mutant)
        else:
            used.add(found)
            listed.append((mutant, equivalents()[found].reason))
    return Report(killed, tuple(listed), tuple(survivors), frozenset(used))


def _read(requirement: Requirement, statement: Triple) -> bool:
    """Whether anything that bears on a requirement reads statements like this one.

    A property is read where any rule that bears on it names it. A class is read where the requirement itself or a rule
    of its populations names it: generic rules name every class.
    """
    if statement.predicate == TYPE:
        return isinstance(statement.object, NamedNode) and statement.object.value in _terms()[requirement.info.id]
    return statement.predicate.value in _properties(requirement.info.id)


@cache
def _properties(id: str) -> frozenset[str]:
    """The terms that a requirement reads, and those that the rules bearing on it name."""
    return _terms()[id] | {
        PREFIXES["gg"] + word for rule in rules_for(id) for word in re.findall(r"\bgg:(\w+)", rule.text)
    }


@cache
def _terms() -> Mapping[str, frozenset[str]]:
    """By requirement what its shapes and own rules read, and modules of the derivation that make its items."""
    found = {}
    for id, (_, terms) in reads(whole()).items():
        names = {p.removeprefix(PREFIXES["gg"]) for p in whole().requirements[id].info.populations}
        made = [words for words in _modules() if words & names]
        found[id] = terms | {PREFIXES["gg"] + word for words in made for word in words}
    return found


@cache
def _modules() -> tuple[frozenset[str], ...]:
    """The terms that each module of the derivation speaks of."""
    folder = Path(derivation.__file__).parent
    texts = [file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.py"))]
    return tuple(frozenset(re.findall(r'"([A-Za-z]\w*)"', text)) for text in texts)


def mutants(bench: Bench, requirement: str, example: str, before: Verdict) -> Iterator[Mutant]:
    """All mutants of an example, in the order of its statements.

    A shift says what became of it in its note. A statement that is not read stands for all its mutants.
    """
    engagement = bench.moment.iri
    for t in sorted(bench.facts, key=str):
        if t.subject == engagement or isinstance(t.subject, BlankNode):
            continue
        if not _read(bench.requirement, t):
            yield Mutant(requirement, example, "delete", t, None, UNREAD)
            continue
        yield Mutant(requirement, example, "delete", t, None)
        if isinstance(t.object, Literal) and t.object.datatype == DATE:
            yield from _shifts(bench, requirement, example, t, before)
        else:
            for operator, term in _others(bench, t):
                yield Mutant(requirement, example, operator, t, Triple(t.subject, t.predicate, term))


def _shifts(bench: Bench, requirement: str, example: str, t: Triple, before: Verdict) -> Iterator[Mutant]:
    """The date moved both ways by growing steps; killed in a direction where one of them changes the verdict.

    A date that is judged has a limit on one side at least; one that no step changes is not judged at all.
    """
    assert isinstance(t.object, Literal)
    day = date.fromisoformat(t.object.value)
    alive = []
    for sign in (-1, 1):
        for step in STEPS:
            moved = Literal((day + timedelta(days=sign * step)).isoformat(), datatype=DATE)
            mutant = Mutant(requirement, example, "shift", t, Triple(t.subject, t.predicate, moved))
            if bench.verdict(t, mutant.replacement) != before:
                yield replace(mutant, note=KILLED)
                break
        else:
            alive.append(replace(mutant, note="no day changes the verdict"))
    if len(alive) == 2:
        yield from alive


def _others(bench: Bench, t: Triple) -> Iterator[tuple[str, Term]]:
    term = t.object
    if isinstance(term, NamedNode):
        others = enumerations().get(term.value)
        if others:
            yield from (("change", NamedNode(other)) for other in sorted(others)[:4])
        elif t.predicate != TYPE and not term.value.startswith(tuple(PREFIXES.values())):
            yield from _swaps(bench, t, term)
    elif isinstance(term, Literal):
        if term.datatype == BOOLEAN:
            yield "change", Literal("false" if term.value in {"true", "1"} else "true", datatype=BOOLEAN)
        elif term.datatype in {INTEGER, DECIMAL}:
            number = float(term.value)
            for other in (number - 1, number + 1, number * 10 + 10):
                text = f"{other:g}" if term.datatype == INTEGER else f"{other}"
                yield "change", Literal(text, datatype=term.datatype)


def _swaps(bench: Bench, t: Triple, term: NamedNode) -> Iterator[tuple[str, NamedNode]]:
    """Another node of the example that shares a class with the one referred to, and one that is not there."""
    kin = kin_of(term, classes_of(bench.facts))
    taken = {f.object for f in bench.facts if f.subject == t.subject and f.predicate == t.predicate}
    yield from (("swap", node) for node in kin[:2] if node not in taken)
    yield "swap", NamedNode(f"{term.value}-nobody")


def pass_examples(ids: Collection[str] = ()) -> Iterator[tuple[Requirement, Path]]:
    """The pass example of each of these requirements, or of all."""
    for id, requirement in whole().requirements.items():
        if not ids or id in ids:
            yield from ((requirement, file) for file in files(id) if file.stem == f"{id}_pass")


def examine_requirement(id: str) -> Report:
    """What became of the mutants of one requirement's pass example."""
    reports = [examine(file, requirement, known()) for requirement, file in pass_examples((id,))]
    return together(reports)


def together(reports: Iterable[Report]) -> Report:
    """Several reports as one."""
    known = list(reports)
    return Report(
        sum(r.killed for r in known),
        tuple(one for r in known for one in r.listed),
        tuple(mutant for r in known for mutant in r.survivors),
        frozenset(index for r in known for index in r.used),
    )


def examine_all(
    ids: Sequence[str] = (), progress: Callable[[str], None] = lambda _: None, jobs: int | None = None
) -> Report:
    """The mutants of these requirements, or of all, shared among processes (one for each processor unless said)."""
    chosen = [id for id in whole().requirements if not ids or id in ids]
    workers = min(jobs or os.cpu_count() or 1, len(chosen))
    if workers <= 1:
        return together([examine_requirement(id) for id in chosen])
    with ProcessPoolExecutor(workers) as pool:
        found = []
        for id, report in zip(chosen, pool.map(examine_requirement, chosen), strict=True):
            found.append(report)
            progress(f"mutants of {id}")
    return together(found)


def main(ids: Sequence[str]) -> int:
    """Examines the pass examples of the given requirements, or all; writes survivors and a count to stderr."""
    found = examine_all(ids)
    for mutant in found.survivors:
        sys.stderr.write(f"{mutant}\n")
    counts = f"{found.killed} killed, {len(found.listed)} listed as equivalent, {len(found.survivors)} survivors"
    sys.stderr.write(f"{counts} of {found.total} mutants\n")
    return 1 if found.survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
