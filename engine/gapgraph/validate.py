"""Validators behind one small protocol: our own over columns, and pySHACL, the reference that it is held to.

A validator gets statements and shapes and returns every result; it says nothing of gaps. A shape that cannot be
checked ends the run: never "no results".
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple
from rdflib import Graph
from rdflib.term import Node

from gapgraph import __version__, shacl
from gapgraph.errors import ShapeError, UsageError, ValidatorError
from gapgraph.shacl import Shapes
from gapgraph.shacl.engine import results_of, term_of
from gapgraph.shacl.report import rdf_node


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

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """All results of the shapes on the data, sorted and once each."""
        ...


def to_rdflib(triples: Iterable[Triple]) -> Graph:
    """The statements as an rdflib graph with lexical forms kept."""
    graph = Graph(bind_namespaces="none")
    for nodes in rdflib_triples(triples):
        graph.add(nodes)
    return graph


def rdflib_triples(triples: Iterable[Triple]) -> Iterator[tuple[Node, Node, Node]]:
    """The statements in rdflib's terms, lexical forms kept."""
    names: dict[str, Node] = {}

    def node(term: object) -> Node:
        assert isinstance(term, NamedNode | BlankNode | Literal)
        if not isinstance(term, NamedNode):
            return rdf_node(term)
        found = names.get(term.value)
        if found is None:
            found = names[term.value] = rdf_node(term)
        return found

    for t in triples:
        yield node(t.subject), node(t.predicate), node(t.object)


class PyShacl:
    """The reference validator."""

    def __init__(self) -> None:
        from importlib.metadata import version

        self.name = f"pyshacl {version('pyshacl')}"

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """Runs pySHACL without inference and reads its report."""
        return self.validate_graph(to_rdflib(data), shapes)

    def validate_graph(self, graph: Graph, shapes: Graph) -> list[Result]:
        """The same on a graph that stands ready, which is left as it was."""
        import pyshacl
        from pyshacl.errors import ConstraintLoadError, ShapeLoadError

        try:
            _, report, text = pyshacl.validate(
                graph, shacl_graph=shapes, inference="none", inplace=True, advanced=False, meta_shacl=False
            )
        except (ShapeLoadError, ConstraintLoadError) as error:
            raise ShapeError("of the profile", str(error)) from None
        if not isinstance(report, Graph):
            raise ValidatorError(f"pySHACL did not finish: {text}")
        return sorted({_result(found) for found in results_of(report)})


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

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """Compiles the shapes once for each graph of shapes, and judges the statements."""
        try:
            compiled = self._shapes(shapes)
            self._others = len(compiled.left)
            report = shacl.validate(shacl.Columns.of(data), compiled, shapes)
        except shacl.ShapesError as error:
            raise ShapeError("of the profile", str(error)) from None
        return sorted({_result(found) for found in report.results()})

    def _shapes(self, graph: Graph) -> Shapes:
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

    def validate(self, data: Iterable[Triple], shapes: Graph) -> list[Result]:
        """The results that both give. Raises ValidatorError where they differ."""
        triples = list(data)
        fast, judge = self._fast.validate(triples, shapes), self._judge.validate(triples, shapes)
        if fast == judge:
            return fast
        alone = [*sorted(set(fast) - set(judge)), *sorted(set(judge) - set(fast))]
        who = self._fast.name if alone[0] in fast else self._judge.name
        where = f"{alone[0].shape} on {alone[0].focus}"
        raise ValidatorError(f"the validators differ in {len(alone)} results; the first is of {who} alone: {where}")


def _result(found: shacl.Result) -> Result:
    return Result(
        _text(found.focus),
        _text(found.shape),
        _text(found.severity),
        found.component.value,
        found.path.value if isinstance(found.path, NamedNode) else "",
        "" if found.value is None else _text(found.value),
        " ".join(message.value for message in found.messages),
    )


def _text(term: NamedNode | BlankNode | Literal) -> str:
    return term.value


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
