"""Holds what graphs describe to what a row of a register must be, once every file is read.

A graph may spread one record over several files and give it a narrower class than the register's. So the classes
of rows are added here, and what a register would refuse row by row is looked for: a record without a class or
without a required property, a link to nothing or to a thing of another kind, two values where one counts, an end
before the beginning.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.namespaces import curie
from gapgraph.sources import terms
from gapgraph.sources.cells import Names
from gapgraph.sources.loading import Batch, Problem
from gapgraph.sources.schema import Column, Register
from gapgraph.sources.statements import Known, shown
from gapgraph.sources.tables import ORDERED
from gapgraph.sources.terms import GG, RDF_TYPE

_LISTS = frozenset({"refs", "engagements", "criteria", "requirements", "parameters"})
_Values = Mapping[str, Mapping[str, Sequence[tuple[str, str]]]]
"""By subject and property: each value and the path of the file that states it."""


def complete(batches: Sequence[Batch], names: Names) -> list[Problem]:
    """The faults of the records of all graphs; adds the classes of rows and drops links that lead nowhere."""
    graphs = [batch for batch in batches if batch.path.startswith("graphs/")]
    if not any(_speaks_of_gapgraph(triple) for batch in graphs for triple in batch.triples):
        return []
    known = Known.of((t for batch in batches for t in batch.triples), names.base)
    faults: list[Problem] = []
    for batch in graphs:
        faults += _links(batch, known, names)
        _add_classes(batch, known)
    subjects = {subject: batch.path for batch in reversed(graphs) for subject in batch.rows}
    rows = {subject for batch in batches if batch not in graphs for subject in batch.rows}
    values = _values(batches, frozenset(subjects))
    refused = {pair for batch in graphs for pair in batch.refused}
    for subject, path in sorted(subjects.items()):
        for property, message in _lacking(subject, known, values.get(subject, {}), subject in rows):
            if (subject, property) not in refused:
                faults.append(known.fault(path, subject, property, message))
    return faults


def _speaks_of_gapgraph(triple: Triple) -> bool:
    return triple.predicate.value.startswith(GG) or (
        isinstance(triple.object, NamedNode) and triple.object.value.startswith(GG)
    )


def _add_classes(batch: Batch, known: Known) -> None:
    there = set(batch.triples)
    for subject in batch.rows:
        for classes in known.rows(subject).values():
            for cls in sorted(classes - known.types.get(subject, set())):
                added = Triple(NamedNode(subject), NamedNode(RDF_TYPE), NamedNode(cls))
                if added not in there:
                    batch.triples.append(added)


def _links(batch: Batch, known: Known, names: Names) -> list[Problem]:
    """The faults of links that lead nowhere; their statements are taken out."""
    faults = []
    kept = []
    for triple in batch.triples:
        assert isinstance(triple.subject, NamedNode)
        why = _leads_nowhere(triple, known, names)
        if why:
            message = f"{curie(triple.predicate.value)} {why}"
            faults.append(known.fault(batch.path, triple.subject.value, triple.predicate.value, message))
            batch.refused.add((triple.subject.value, triple.predicate.value))
        else:
            kept.append(triple)
    batch.triples = kept
    return faults


def _leads_nowhere(triple: Triple, known: Known, names: Names) -> str:
    columns = terms.columns_of(triple.predicate.value)
    own = known.registers(triple.subject.value) & set(columns)  # type: ignore[union-attr]
    chosen = [columns[r] for r in sorted(own)] or list(columns.values())
    targets = {target for column in chosen for target in column.targets}
    if not targets or not isinstance(triple.object, NamedNode):
        return ""
    if targets & set(known.rows(triple.object.value)):
        return ""
    what = " or ".join(sorted(targets))
    return f"leads to {shown(triple.object.value, names.base)}, which is not in {what}; describe it or correct the IRI"


def _values(batches: Iterable[Batch], subjects: frozenset[str]) -> _Values:
    found: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for batch in batches:
        for triple in batch.triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, NamedNode) and subject.value in subjects and isinstance(value, NamedNode | Literal):
                found[subject.value][triple.predicate.value].append((value.value, batch.path))
    return found


def _lacking(
    subject: str, known: Known, values: Mapping[str, Sequence[tuple[str, str]]], in_register: bool
) -> Iterator[tuple[str, str]]:
    """Property and sentence for each thing that is wrong with a record as a whole."""
    rows = known.rows(subject)
    stated = sorted(p for p in values if p.startswith(GG))
    if not rows:
        if stated and subject != f"{known.base}organisation":
            yield RDF_TYPE, "says nothing of what it is; give it a class such as gg:System"
        return
    registers = [terms.records()[name] for name in sorted(rows)]
    for property in stated:
        if not set(rows) & set(terms.columns_of(property)):
            yield property, f"{curie(property)} is not used of {' or '.join(sorted(rows))}; correct its name"
    for register in registers:
        if not in_register:
            yield from _missing(register, known.types.get(subject, set()) | rows[register.name], values)
        yield from _contradicting(register, known.types.get(subject, set()), values)
        yield from _turned(register, values)


def _missing(
    register: Register, classes: set[str] | frozenset[str], values: Mapping[str, object]
) -> Iterator[tuple[str, str]]:
    for column in register.columns.values():
        if not column.required or column.kind == "id":
            continue
        if column.kind == "class":
            table = terms.table_of(column).values()
            if not classes & set(table):
                yield RDF_TYPE, f"is none of {', '.join(map(curie, table))}; a row of {register.name} is one"
        elif column.property not in values:
            yield column.property, f"{curie(column.property)} is missing; a row of {register.name} needs it"


def _contradicting(
    register: Register, classes: set[str], values: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[tuple[str, str]]:
    for column in register.columns.values():
        if column.kind == "class":
            both = sorted(classes & set(terms.table_of(column).values()))
            if len(both) > 1:
                yield f"{column.name} of the class", f"is {' and '.join(map(curie, both))}; keep one"
            continue
        stated = values.get(column.property, ())
        for name in sorted({_counted(column, value) for value, _ in stated} - {""}):
            found = sorted({value for value, _ in stated if _counted(column, value) == name})
            if len(found) > 1:
                places = ", ".join(sorted({path for value, path in stated if value in found}))
                said = " and ".join(f"'{_short(value)}'" for value in found[:3])
                yield f"values of {column.property}", f"{curie(column.property)} is {said} ({places}); keep one"


def _counted(column: Column, value: str) -> str:
    """What may be stated once only: the property, or a parameter by its name; '' for what may be stated often."""
    if column.kind == "parameters":
        return value.partition("=")[0]
    return column.property if column.property.startswith(GG) and column.kind not in _LISTS else ""


def _turned(register: Register, values: Mapping[str, Sequence[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    columns = [register.columns[name] for name in ORDERED.get(register.name, ())]
    for last in columns[1:]:
        first = columns[0]
        starts, ends = (sorted(value for value, _ in values.get(c.property, ())) for c in (first, last))
        if starts and ends and (ends[0] < starts[0] or (last.kind == "last_day" and ends[0] == starts[0])):
            yield (
                f"order of {last.property}",
                f"{curie(last.property)} {ends[0]} is before {curie(first.property)} {starts[0]}; correct one of them",
            )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
