"""One SHACL engine on one file of statements and one of shapes, in a process of its own; prints one JSON object.

    python benchmarks/engine.py NAME DATA.nt SHAPES.ttl

`load` and `validate` are CPU seconds of all threads; `results` counts results by shape and component, so that engines
can be told apart by what they find. An engine that reads files itself has its whole time in `validate`.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gapgraph.shacl import Columns

Found = Iterable[tuple[str, str]]
SH = "http://www.w3.org/ns/shacl#"


def gapgraph(data: str, shapes: str) -> Callable[[], Found]:
    """Our own, from bytes to results as columns."""
    from pyoxigraph import RdfFormat

    from gapgraph.shacl import Columns

    return _ours(Columns.parsed(Path(data).read_bytes(), RdfFormat.N_TRIPLES), shapes)


def gapgraph_again(data: str, shapes: str) -> Callable[[], Found]:
    """Our own on a file that it has parsed before."""
    from pyoxigraph import RdfFormat

    from gapgraph.shacl import parsed_once

    return _ours(parsed_once(Path(data).read_bytes(), RdfFormat.N_TRIPLES, Path(data).parent / "kept"), shapes)


def _ours(graph: "Columns", shapes: str) -> Callable[[], Found]:
    from pyoxigraph import RdfFormat, Triple, parse

    from gapgraph.shacl import Evaluator, compile_shapes

    quads = parse(Path(shapes).read_bytes(), format=RdfFormat.TURTLE)
    compiled = compile_shapes(Triple(q.subject, q.predicate, q.object) for q in quads)

    def run() -> Found:
        report = Evaluator(graph, compiled).run()
        return ((r.shape.value, r.component.value) for r in report.results())

    return run


def _rdflib(data: str, shapes: str) -> tuple[Any, Any]:
    from rdflib import Graph

    return Graph().parse(data, format="nt"), Graph().parse(shapes, format="turtle")


def _of_report(report: object) -> Found:
    from rdflib import Graph, URIRef

    assert isinstance(report, Graph)
    for result in set(report.objects(None, URIRef(SH + "result"))):
        shape = report.value(result, URIRef(SH + "sourceShape"))
        component = report.value(result, URIRef(SH + "sourceConstraintComponent"))
        yield str(shape), str(component)


def pyshacl(data: str, shapes: str) -> Callable[[], Found]:
    """The reference."""
    from pyshacl import validate

    graph, shapes_graph = _rdflib(data, shapes)
    return lambda: _of_report(validate(graph, shacl_graph=shapes_graph, inplace=True)[1])


def pyshacl_turbo(data: str, shapes: str) -> Callable[[], Found]:
    """pySHACL's interface over a native store."""
    from pyoxigraph import RdfFormat, Store
    from pyshacl_turbo import validate

    store = Store()
    store.bulk_load(path=data, format=RdfFormat.N_TRIPLES)
    _, shapes_graph = _rdflib("/dev/null", shapes)
    return lambda: _of_report(validate(store, shacl_graph=shapes_graph, inplace=True)[1])


def pyrudof(data: str, shapes: str) -> Callable[[], Found]:
    """Its native mode."""
    from pyrudof import RDFFormat, ResultShaclValidationFormat, Rudof, RudofConfig

    engine = Rudof(RudofConfig())
    engine.read_data(data, format=RDFFormat.NTriples)
    engine.read_shacl(shapes)

    def run() -> Found:
        from rdflib import Graph

        engine.validate_shacl()
        text = engine.serialize_shacl_validation_results(format=ResultShaclValidationFormat.Turtle)
        return _of_report(Graph().parse(data=text, format="turtle"))

    return run


def shacl(data: str, shapes: str) -> Callable[[], Found]:
    """`shacl`, which reads both files itself."""
    import shacl as engine

    return lambda: ((str(r.source_shape), str(r.component)) for r in engine.validate(data, shapes).results)


def shacl_rust(data: str, shapes: str) -> Callable[[], Found]:
    """`shacl-rust` with its index, which reads both files itself."""
    import shacl_rust as engine

    def run() -> Found:
        report = engine.validate_file(data, shapes, experimental_index=True)
        for result in report["results"]:
            yield str(result.get("source_shape")), str(result.get("source_constraint_component"))

    return run


ENGINES: dict[str, Callable[[str, str], Callable[[], Found]]] = {
    "gapgraph": gapgraph,
    "gapgraph, again": gapgraph_again,
    "pyshacl": pyshacl,
    "pyshacl-turbo": pyshacl_turbo,
    "pyrudof": pyrudof,
    "shacl": shacl,
    "shacl-rust": shacl_rust,
}


def name(term: str) -> str:
    """A shape without the decoration that engines give it; those without a name are all one."""
    bare = term.strip("<>")
    return "blank" if bare.startswith("_:") or not re.match(r"[a-z]+:", bare) else bare


def main(arguments: list[str]) -> int:
    """Runs one engine."""
    which, data, shapes = arguments
    started = time.process_time()
    run = ENGINES[which](data, shapes)
    loaded = time.process_time()
    found = Counter(f"{name(shape)} {component.strip('<>').rpartition('#')[2]}" for shape, component in run())
    done = time.process_time()
    json.dump({"load": loaded - started, "validate": done - loaded, "results": dict(sorted(found.items()))}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
