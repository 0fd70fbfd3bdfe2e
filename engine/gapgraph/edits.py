"""Small edits to the statements of an example, the likeliest repair first.

    1 align     what the example and a pass example of the same requirement state differently of one subject and
                predicate, single statements of it, whole nodes that one of them lacks, all of one subject
    2 liken     a node states what a node of the same class states in a pass example, one predicate at a time; after 3
                what one states in the example itself
    3 tell      what a pass example tells of a node of the same class is told of this one: by one record, by all of them
    4 shift     a date moves by growing steps to both sides
    5 change    yes becomes no, an enumerated value another of its register column, a number less or more
    6 swap      a reference points to another node of the same class
    7 copy      a node once more, with one reference to another node of the same class
    8 delete    one statement is left out

What an engagement asks (its kind, dates and organisation) is not edited: that would be another question.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gapgraph.derive.facts import LABEL, TYPE
from gapgraph.errors import AssetError
from gapgraph.namespaces import PREFIXES
from gapgraph.sources.cells import BOOLEAN, DATE, DECIMAL, INTEGER
from gapgraph.sources.schema import choices, registers

STEPS = (1, 7, 31, 100, 400, 800)
"""By how many days a date is moved."""
ASKED = frozenset(
    PREFIXES["gg"] + name for name in ("asOf", "start", "end", "reportType", "organisation", "includesCategory")
) | {TYPE.value, PREFIXES["skos"] + "editorialNote"}
_EXAMPLE = "https://example.org/"
_HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in {**PREFIXES, "ex": _EXAMPLE}.items())

Node = NamedNode | BlankNode
Facts = Collection[Triple]


@dataclass(frozen=True, slots=True)
class Edit:
    """Statements to leave out and statements to add."""

    remove: tuple[Triple, ...]
    add: tuple[Triple, ...]

    def on(self, facts: Iterable[Triple]) -> list[Triple]:
        """The statements with this edit made."""
        left = [t for t in facts if t not in self.remove]
        return [*left, *(t for t in self.add if t not in left)]


def statement(text: str) -> Triple:
    """A statement as Turtle writes it, without the full stop; `ex:` is the namespace of the examples."""
    try:
        (found,) = parse(f"{_HEAD}{text} .".encode(), format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        raise AssetError(f"this is not one statement in Turtle: {text}") from None
    return Triple(found.subject, found.predicate, found.object)


def edits(facts: Facts, passing: Sequence[Facts], engagement: NamedNode) -> Iterator[Edit]:
    """All edits once each. `passing` are the statements of the pass examples; the nearest to `facts` comes first."""
    mine = _editable(facts, engagement)
    others = sorted((_editable(p, engagement) for p in passing), key=lambda p: (len(mine ^ p), sorted(map(str, p))))
    made = set()
    for edit in _all(mine, others):
        key = (frozenset(edit.remove), frozenset(edit.add))
        if (edit.remove or edit.add) and key not in made:
            made.add(key)
            yield edit


def _all(mine: frozenset[Triple], others: Sequence[frozenset[Triple]]) -> Iterator[Edit]:
    for other in others:
        yield from _aligned(mine, other)
    for other in others[:3]:
        yield from _likened(mine, other)
    for other in others[:3]:
        yield from _told(mine, other)
    yield from _likened(mine, mine)
    yield from _shifted(mine)
    yield from _changed(mine)
    yield from _swapped(mine)
    yield from _copied(mine)
    yield from (Edit((t,), ()) for t in _ordered(mine) if t.predicate != LABEL)


def _editable(facts: Facts, engagement: NamedNode) -> frozenset[Triple]:
    return frozenset(t for t in facts if t.subject != engagement or t.predicate.value not in ASKED)


def _ordered(facts: Iterable[Triple]) -> list[Triple]:
    return sorted(facts, key=str)


def _aligned(mine: frozenset[Triple], other: frozenset[Triple]) -> Iterator[Edit]:
    """What differs from another example: by subject and predicate, by statement, by node, by subject."""
    here, there = _by_subject(mine), _by_subject(other)
    differing: dict[tuple[str, str], tuple[list[Triple], list[Triple]]] = defaultdict(lambda: ([], []))
    for side, facts in enumerate((mine - other, other - mine)):
        for t in _ordered(facts):
            if t.subject in here and t.subject in there and t.predicate != LABEL:
                differing[str(t.subject), t.predicate.value][side].append(t)
    groups = sorted(differing.items())
    for _, (gone, new) in groups:
        yield Edit(tuple(gone), _with_nodes(new, here, there))
    for _, (gone, new) in groups:
        if len(gone) + len(new) > 1:
            yield from (Edit((t,), ()) for t in gone)
            yield from (Edit((), _with_nodes([t], here, there)) for t in new)
    for node in sorted(there.keys() - here.keys(), key=str):
        pointing = [t for t in _ordered(other - mine) if t.object == node and t.subject in here]
        yield Edit((), _with_nodes([*there[node], *pointing], here, there))
        slots = {(p.subject, p.predicate) for p in pointing}
        replaced = [t for t in _ordered(mine - other) if (t.subject, t.predicate) in slots]
        yield Edit(tuple(replaced), _with_nodes([*there[node], *pointing], here, there))
    for node in sorted(here.keys() - there.keys(), key=str):
        yield Edit(tuple(_ordered(t for t in mine if node in (t.subject, t.object))), ())
    for node in sorted(here.keys() & there.keys(), key=str):
        gone, new = [t for t in here[node] if t not in other], [t for t in there[node] if t not in mine]
        yield Edit(tuple(gone), _with_nodes(new, here, there))
    for index, (_, (gone, new)) in enumerate(groups):
        for _, (gone_too, new_too) in groups[index + 1 :]:
            yield Edit((*gone, *gone_too), _with_nodes([*new, *new_too], here, there))


def _likened(mine: frozenset[Triple], other: frozenset[Triple]) -> Iterator[Edit]:
    """A node says by one predicate what a node of the same class says in another example."""
    here, there = _by_subject(mine), _by_subject(other)
    kinds, kinds_there = classes_of(mine), classes_of(other)
    for node in sorted(here, key=str):
        for model in sorted(there, key=str):
            if not kinds[node] & kinds_there[model]:
                continue
            for predicate in sorted({t.predicate.value for t in (*here[node], *there[model])} - {LABEL.value}):
                old = [t for t in here[node] if t.predicate.value == predicate]
                new = [t for t in there[model] if t.predicate.value == predicate]
                said = [Triple(node, t.predicate, t.object) for t in new]
                gone = tuple(t for t in old if t not in said)
                yield Edit(gone, _with_nodes([t for t in said if t not in old], here, there))


def _told(mine: frozenset[Triple], other: frozenset[Triple]) -> Iterator[Edit]:
    """Records that point to a node of the same class in another example point to this one: one of them, then all."""
    here, there = _by_subject(mine), _by_subject(other)
    kinds, kinds_there = classes_of(mine), classes_of(other)
    for node in sorted(here, key=str):
        for model in sorted(there, key=str):
            if not kinds[node] & kinds_there[model]:
                continue
            every: list[Triple] = [Triple(node, t.predicate, t.object) for t in there[model] if t.predicate != LABEL]
            for record in sorted((n for n in there if any(t.object == model for t in there[n])), key=str):
                twin = NamedNode(f"{_EXAMPLE}{_local(record)}-of-{_local(node)}")
                said = [Triple(twin, t.predicate, node if t.object == model else t.object) for t in there[record]]
                pointing = [Triple(t.subject, t.predicate, twin) for t in _ordered(other) if t.object == record]
                told = [*said, *(t for t in pointing if t.subject in here)]
                yield Edit((), _with_nodes(told, here, there))
                every += told
            yield Edit((), _with_nodes(every, here, there))


def _local(node: object) -> str:
    return str(node).strip("<>_:").rpartition("/")[2]


def _with_nodes(
    new: Sequence[Triple], here: Mapping[Node, Sequence[Triple]], there: Mapping[Node, Sequence[Triple]]
) -> tuple[Triple, ...]:
    """Statements to add, with all that is said of the nodes that they bring along."""
    found = dict.fromkeys(new)
    waiting = [t.object for t in new]
    known = {t.subject for t in new}
    while waiting:
        node = waiting.pop()
        if isinstance(node, NamedNode | BlankNode) and node not in here and node not in known and node in there:
            known.add(node)
            found.update(dict.fromkeys(there[node]))
            waiting += [t.object for t in there[node]]
    return tuple(found)


def _shifted(mine: frozenset[Triple]) -> Iterator[Edit]:
    dated = [t for t in _ordered(mine) if isinstance(t.object, Literal) and t.object.datatype == DATE]
    for step in STEPS:
        for t in dated:
            for sign in (-1, 1):
                try:
                    day = date.fromisoformat(t.object.value) + timedelta(days=sign * step)  # type: ignore[union-attr]
                except (ValueError, OverflowError):
                    continue
                yield Edit((t,), (Triple(t.subject, t.predicate, Literal(day.isoformat(), datatype=DATE)),))


def _changed(mine: frozenset[Triple]) -> Iterator[Edit]:
    for t in _ordered(mine):
        for term in _other_values(t.object):
            yield Edit((t,), (Triple(t.subject, t.predicate, term),))


def _other_values(term: object) -> Iterator[NamedNode | Literal]:
    if isinstance(term, NamedNode):
        yield from (NamedNode(other) for other in sorted(enumerations().get(term.value, ())))
    elif isinstance(term, Literal) and term.datatype == BOOLEAN:
        yield Literal("false" if term.value in {"true", "1"} else "true", datatype=BOOLEAN)
    elif isinstance(term, Literal) and term.datatype in {INTEGER, DECIMAL}:
        number = float(term.value)
        for other in (number - 1, number + 1, number / 2, number * 2, number * 10 + 10, 0.0):
            text = f"{int(other)}" if term.datatype == INTEGER else f"{other}"
            yield Literal(text, datatype=term.datatype)


def _swapped(mine: frozenset[Triple]) -> Iterator[Edit]:
    kinds = classes_of(mine)
    for t in _ordered(mine):
        if isinstance(t.object, NamedNode) and t.predicate != TYPE:
            for kin in kin_of(t.object, kinds):
                yield Edit((t,), (Triple(t.subject, t.predicate, kin),))
                yield Edit((), (Triple(t.subject, t.predicate, kin),))


def _copied(mine: frozenset[Triple]) -> Iterator[Edit]:
    """A node that refers to others, once more with one of its references to a kin."""
    kinds, said = classes_of(mine), _by_subject(mine)
    for node in sorted(said, key=str):
        if not isinstance(node, NamedNode) or not kinds[node]:
            continue
        for t in said[node]:
            if not isinstance(t.object, NamedNode) or t.predicate == TYPE:
                continue
            for kin in kin_of(t.object, kinds):
                twin = NamedNode(f"{node.value}-again")
                rest = [Triple(twin, s.predicate, s.object) for s in said[node] if s != t]
                pointing = [Triple(p.subject, p.predicate, twin) for p in _ordered(mine) if p.object == node]
                yield Edit((), (*rest, Triple(twin, t.predicate, kin), *pointing))


def _by_subject(facts: Iterable[Triple]) -> dict[Node, list[Triple]]:
    found: dict[Node, list[Triple]] = defaultdict(list)
    for t in _ordered(facts):
        if isinstance(t.subject, NamedNode | BlankNode):
            found[t.subject].append(t)
    return dict(found)


def classes_of(facts: Iterable[Triple]) -> dict[object, set[str]]:
    """By node the classes that it is said to have."""
    found: dict[object, set[str]] = defaultdict(set)
    for t in facts:
        if t.predicate == TYPE and isinstance(t.object, NamedNode):
            found[t.subject].add(t.object.value)
    return found


def kin_of(term: NamedNode, kinds: Mapping[object, set[str]]) -> list[NamedNode]:
    """The named nodes that share a class with one, sorted."""
    mine = kinds.get(term, set())
    kin = (n for n, classes in kinds.items() if n != term and classes & mine and isinstance(n, NamedNode))
    return sorted(kin, key=lambda n: n.value)


@cache
def enumerations() -> Mapping[str, frozenset[str]]:
    """For each enumerated value the values that could stand in its place: those of the same register column."""
    found: dict[str, set[str]] = defaultdict(set)
    for register in registers().values():
        for column in register.columns.values():
            if column.kind in {"choice", "class"}:
                values = set(choices(column.detail).values())
                for value in values:
                    found[value] |= values - {value}
    return {value: frozenset(others) for value, others in found.items()}
