"""Validators behind one small protocol: our own over columns, and pySHACL, the reference that it is held to.

A validator gets statements and shapes and returns every result; it says nothing of gaps. A shape that cannot be
checked ends the run: never "no results".
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import NamedNode, Triple
from rdflib import Graph

from gapgraph import __version__, shacl
from gapgraph.errors import ShapeError, UsageError, ValidatorError
from gapgraph.shacl import Columns, Shapes
from gapgraph.shacl.rdf import rdf_graph, term_of
from gapgraph.shacl.reference import by_pyshacl


@dataclass(frozen=True, slots=True, order=True)
class Result:
    """One validation result: IRIs of focus, shape, component and severity; path and value as text ('' if none)."""

    focus: str
    shape: str
    severity: str
    component: str
    path: str
    value: str
    message: str


class Validator(Protocol):
    """What stands behind `--validator`."""

    @property
    def name(self) -> str:
        """The validator and its version, as a report names it."""
        ...

    def validate(self, data: Columns, shapes: Graph) -> list[Result]:
        """All results of the shapes on the data, sorted and once each."""
        ...


@contextmanager
def _told() -> Iterator[None]:
    """What the package of validators raises, as the program says it."""
    try:
        yield
    except shacl.ShapesError as error:
        raise ShapeError("of the profile", str(error)) from None
    except shacl.UnfinishedError as error:
        raise ValidatorError(str(error)) from None


class PyShacl:
    """The reference validator."""

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = f"pyshacl {version('pyshacl')}"

    def validate(self, data: Columns, shapes: Graph) -> list[Result]:
        """Runs pySHACL without inference and reads its report."""
        with _told():
            return sorted({result_of(found) for found in by_pyshacl(rdf_graph(data.triples()), shapes)})


class Columnar:
    """The fast validator: SHACL Core over columns. Shapes beyond Core are judged by pySHACL and counted in the name."""

    def __init__(self) -> None:
        self._compiled: dict[int, tuple[Graph, Shapes]] = {}
        self._others = 0

    @property
    def name(self) -> str:
        """The validator and its version, and how many shapes pySHACL judged."""
        others = f", {self._others} shapes by {PyShacl().name}" if self._others else ""
        return f"columnar {__version__}{others}"

    def validate(self, data: Columns, shapes: Graph) -> list[Result]:
        """Compiles the shapes once for each graph of shapes, and judges the statements."""
        with _told():
            compiled = self.compiled(shapes)
            self._others = len(compiled.left)
            report = shacl.validate(data, compiled, shapes)
        return sorted({result_of(found) for found in report.results()})

    def compiled(self, graph: Graph) -> Shapes:
        """The shapes of a shapes graph, compiled once."""
        known = self._compiled.get(id(graph))
        if known is None or known[0] is not graph:
            triples = (Triple(*map(term_of, nodes)) for nodes in graph)  # type: ignore[arg-type]
            known = self._compiled[id(graph)] = (graph, shacl.compile_shapes(triples))
        return known[1]


class Verified:
    """Both validators on everything; where they differ there is no verdict at all."""

    def __init__(self) -> None:
        self._fast, self._judge = Columnar(), PyShacl()

    @property
    def name(self) -> str:
        """The fast validator, and who verified it."""
        return f"{self._fast.name}, verified by {self._judge.name}"

    def validate(self, data: Columns, shapes: Graph) -> list[Result]:
        """The results that both give. Raises ValidatorError where they differ."""
        fast, judge = self._fast.validate(data, shapes), self._judge.validate(data, shapes)
        if fast == judge:
            return fast
        alone = [*sorted(set(fast) - set(judge)), *sorted(set(judge) - set(fast))]
        who = self._fast.name if alone[0] in fast else self._judge.name
        where = f"{alone[0].shape} on {alone[0].focus}"
        raise ValidatorError(f"the validators differ in {len(alone)} results; the first is of {who} alone: {where}")


def result_of(found: shacl.Result) -> Result:
    """A result as the program uses it."""
    return Result(
        found.focus.value,
        found.shape.value,
        found.severity.value,
        found.component.value,
        found.path.value if isinstance(found.path, NamedNode) else "",
        "" if found.value is None else found.value.value,
        " ".join(message.value for message in found.messages),
    )


def validator(name: str) -> Validator:
    """The validator of that name. Raises UsageError for one that is not there."""
    if name not in VALIDATORS:
        raise UsageError(f"there is no validator '{name}'; use {' or '.join(VALIDATORS)}")
    return VALIDATORS[name]()


VALIDATORS: Mapping[str, Callable[[], Validator]] = {
    "columnar": Columnar,
    "pyshacl": PyShacl,
    "verify": Verified,
}
"""What can stand behind `--validator`; the first is the default."""
