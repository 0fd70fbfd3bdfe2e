"""Examines the installation itself: environment, ontology, profile, reasoner and shapes.

A check that cannot be made on this machine gives a note that says so, so a clean list means that all was
looked at. Faults in the data of a workspace are not looked for here; they belong to the assessment.
"""

import importlib
import importlib.metadata
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, SH, Graph, Literal, Node, URIRef

from gapgraph import assets, reason, vocabulary
from gapgraph.errors import AssetError
from gapgraph.namespaces import GG, GGS, curie

__all__ = ["Finding", "Level", "dl_profile", "environment", "ontology_quality", "reasoner", "run", "shapes"]


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, as a sentence.

    `area` is `environment`, `ontology`, `profile`, `reasoner` or `shapes`; `where` a file, an IRI in short form or
    empty; `remedy` what to do, empty if nothing.
    """

    area: str
    level: Level
    message: str
    where: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        return f"{self.level.value:5} {self.area}: {self.message}{place}{' ' + self.remedy if self.remedy else ''}"


_CORE = ("rdflib", "pyshacl", "pyoxigraph", "click", "rich", "openpyxl", "defusedxml")
_OPTIONAL = {
    "networkx": "graph analysis",
    "owlready2": "the reasoner",
    "streamlit": "the explorer",
    "pyowl2-profiles": "the check of the OWL 2 DL profile",
}


def run(*, with_reasoner: bool = True) -> list[Finding]:
    """All checks in order: environment, ontology, profile, reasoner, shapes.

    The reasoner takes some seconds and needs Java; `with_reasoner=False` leaves it out.
    """
    found = [*environment(), *ontology_quality(), *dl_profile()]
    if with_reasoner:
        found += reasoner()
    return [*found, *shapes()]


def environment() -> Iterator[Finding]:
    """Python, the packages that gapgraph uses with their versions, and Java."""
    area = "environment"
    yield Finding(area, Level.OK, f"Python {platform.python_version()}")
    for package in _CORE:
        installed = _version(package)
        if installed:
            yield Finding(area, Level.OK, f"{package} {installed}")
        else:
            yield Finding(area, Level.FAULT, f"{package} is not installed", remedy="Install gapgraph again.")
    for package, use in _OPTIONAL.items():
        installed = _version(package)
        if installed:
            yield Finding(area, Level.OK, f"{package} {installed}")
        else:
            yield Finding(area, Level.NOTE, f"{package} is not installed; {use} is not available")
    yield _java()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _java() -> Finding:
    program = shutil.which("java")
    if program is None:
        return Finding("environment", Level.NOTE, "Java is not on the path; the reasoner is not available")
    try:
        done = subprocess.run(  # noqa: S603 # the Java of this machine, with a fixed argument
            [program, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return Finding("environment", Level.NOTE, "Java does not start; the reasoner is not available", program)
    lines = (done.stderr or done.stdout).splitlines() or ["of unknown version"]
    return Finding("environment", Level.OK, f"Java: {lines[0].strip()}")


def ontology_quality(files: Iterable[Path] | None = None) -> Iterator[Finding]:
    """The queries of `ontology/qc/` and the check of the vocabulary.

    With `files` the queries run on these instead of the shipped ontology and frameworks, and the vocabulary
    is not looked at.
    """
    area = "ontology"
    shipped = files is None
    store = ox.Store()
    frameworks = sorted(assets.path("data", "frameworks").glob("*.ttl"))
    for file in files if files is not None else (*vocabulary.ontology_files(), *frameworks):
        store.load(path=str(file), format=ox.RdfFormat.TURTLE)
    clean = True
    for query in qc_queries():
        text = query.read_text(encoding="utf-8")
        rows = store.query(text)
        if not isinstance(rows, ox.QuerySolutions):
            raise AssetError(f"ontology/qc/{query.name} is no SELECT query")
        for row in rows:
            clean = False
            shown = ", ".join(curie(term.value) for term in row if isinstance(term, ox.NamedNode))
            yield Finding(area, Level.FAULT, _header(text, "title"), shown, f"See ontology/qc/{query.name}.")
    for issue in vocabulary.issues() if shipped else ():
        clean = False
        where = ", ".join(issue.places[:3])
        yield Finding(area, Level.FAULT, f"{issue.term} {issue.problem}", where)
    if clean:
        yield Finding(area, Level.OK, f"{len(qc_queries())} quality queries find nothing")


def qc_queries() -> tuple[Path, ...]:
    """The queries that must return no rows, sorted by name."""
    return tuple(sorted(assets.path("ontology", "qc").glob("*-violation.rq")))


def _header(query: str, name: str) -> str:
    lead = f"# {name}: "
    return next((line.removeprefix(lead) for line in query.splitlines() if line.startswith(lead)), "")


def dl_profile(graph: Graph | None = None) -> Iterator[Finding]:
    """Whether the ontology, or the graph given, keeps to OWL 2 DL."""
    area = "profile"
    try:
        detect = _detector()
    except ImportError:
        yield Finding(area, Level.NOTE, "pyowl2-profiles is not installed; OWL 2 DL was not checked")
        return
    name = "urn:gapgraph:ontology"
    store = ox.Store()
    text = (graph if graph is not None else vocabulary.ontology_graph()).serialize(format="nt", encoding="utf-8")
    store.load(text, format=ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
    verdict = detect(store, name, "ontology", "current")["dl"]
    if verdict["in_profile"]:
        yield Finding(area, Level.OK, "the ontology is in OWL 2 DL")
        return
    for sample in verdict["sample_violations"]:
        where = curie(str(sample.get("subject", sample.get("subject_iri", ""))))
        yield Finding(area, Level.FAULT, f"outside OWL 2 DL: {sample.get('axiom_type', 'unknown')}", where)


def _detector() -> Callable[..., dict[str, Any]]:
    detect: Callable[..., dict[str, Any]] = importlib.import_module("pyowl2_profiles").detect_profiles
    return detect


def reasoner() -> Iterator[Finding]:
    """What HermiT says of the ontology."""
    result = reason.check()
    if not result.available:
        yield Finding("reasoner", Level.NOTE, f"the ontology was not reasoned over: {result.problem}")
    elif result.consistent is False:
        yield Finding("reasoner", Level.FAULT, "the ontology contradicts itself")
    elif result.unsatisfiable:
        for iri in result.unsatisfiable:
            yield Finding("reasoner", Level.FAULT, "the class can have no member", curie(iri))
    else:
        yield Finding("reasoner", Level.OK, "HermiT finds the ontology consistent and every class satisfiable")


_SEVERITIES = frozenset({SH.Violation, SH.Warning, SH.Info, GG.Exception, GG.NoConclusion})
_SH_WORDS = frozenset(f"{SH}{word}" for word in (*SH.__annotations__, *SH._extras))


def shapes(files: Iterable[Path] | None = None) -> Iterator[Finding]:
    """The lint of the shapes: all files under `shapes/` but the examples, or the files given.

    A misspelt `sh:minCount` or severity switches a check off in silence. So each term of SHACL must exist,
    each severity be known, each property shape of a named shape have a name and a path, each check say why its failure
    makes a gap, and each shape referred to exist.
    """
    if files is None:
        root = assets.path("shapes")
        files = sorted(file for file in root.rglob("*.ttl") if "examples" not in file.parts)
    graphs = {file: Graph(bind_namespaces="none").parse(file, format="turtle") for file in files}
    union = Graph(bind_namespaces="none")
    for graph in graphs.values():
        union += graph
    found = [
        finding
        for file, graph in graphs.items()
        for lint in (_unknown_terms, _severities, _property_shapes, _reasons, _references)
        for finding in lint(graph, union, f"{file.parent.name}/{file.name}")
    ]
    yield from found
    if not found:
        count = len(set(union.subjects(RDF.type, SH.PropertyShape)))
        yield Finding("shapes", Level.OK, f"{count} property shapes in {len(graphs)} files are well formed")


def _fault(message: str, where: str, remedy: str = "") -> Finding:
    return Finding("shapes", Level.FAULT, message, where, remedy)


def _unknown_terms(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    words = {node for triple in graph for node in triple if isinstance(node, URIRef)}
    for word in sorted(words):
        if word.startswith(str(SH)) and str(word) not in _SH_WORDS:
            yield _fault(f"{curie(word)} is no term of SHACL", file)


def _severities(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    for shape, severity in sorted(graph.subject_objects(SH.severity), key=str):
        if severity not in _SEVERITIES:
            yield _fault(f"{_name(shape)} has the severity {_name(severity)}, which nobody counts", file)


def _property_shapes(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    declared = set(graph.subjects(RDF.type, SH.PropertyShape)) | set(graph.objects(None, SH.property))
    for shape in sorted(declared, key=str):
        if not isinstance(shape, URIRef):
            owners = [owner for owner in graph.subjects(SH.property, shape) if isinstance(owner, URIRef)]
            for owner in owners:
                message = f"a property shape of {_name(owner)} has no name"
                yield _fault(message, file, "Name it, so that results can cite it.")
        elif (shape, RDF.type, SH.PropertyShape) in graph and (shape, SH.path, None) not in graph:
            yield _fault(f"{_name(shape)} has no sh:path", file)


_NO_CONSTRAINTS = frozenset(
    {SH.property, SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.deactivated, SH.severity}
    | {SH.message, SH.name, SH.description, SH.order, SH.group, SH.defaultValue}
)


def _reasons(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    """A check is a property shape of a named node shape, or what the node shape itself constrains."""
    for shape in sorted(set(graph.subjects(RDF.type, SH.NodeShape)), key=str):
        if not isinstance(shape, URIRef):
            continue
        said = {p for p in graph.predicates(shape, None) if str(p).startswith(str(SH)) and p not in _NO_CONSTRAINTS}
        checks = [shape] if said else []
        checks += sorted(c for c in graph.objects(shape, SH.property) if isinstance(c, URIRef))
        for check in checks:
            if (check, None, None) in union and (check, GG.reason, None) not in union:
                yield _fault(f"{_name(check)} has no gg:reason", file, "Say why its failure makes a gap.")


def _references(graph: Graph, union: Graph, file: str) -> Iterator[Finding]:
    for predicate in (SH.property, SH.node, SH.qualifiedValueShape):
        for shape in sorted(set(graph.objects(None, predicate)), key=str):
            if isinstance(shape, URIRef) and (shape, None, None) not in union:
                yield _fault(f"{curie(str(predicate))} leads to {_name(shape)}, which is no shape", file)


def _name(node: Node | None) -> str:
    if isinstance(node, URIRef):
        return curie(node) if str(node).startswith((GG, GGS, str(SH))) else str(node)
    return str(node) if isinstance(node, Literal) else "an unnamed shape"


def workspace(folder: Path) -> Iterator[Finding]:
    """The faults and notices of a workspace's inputs; one note where the folder holds no workspace."""
    from gapgraph import workspace as workspaces
    from gapgraph.run import input_problems, store_of
    from gapgraph.sources import read_workspace

    area = "workspace"
    if not (folder / workspaces.CONFIG).is_file():
        yield Finding(area, Level.NOTE, f"no {workspaces.CONFIG} here; only the installation was checked")
        return
    space = workspaces.load(folder)
    loaded = read_workspace(folder, workspaces.names_of(space))
    yield Finding(area, Level.OK, f"{len(loaded.inputs)} inputs, {sum(i.triples for i in loaded.inputs)} statements")
    profiles = workspaces.profiles_of(space).values()
    for problem in input_problems(loaded, [(p, store_of(p, loaded)) for p in profiles]):
        level = Level.NOTE if problem.notice else Level.FAULT
        yield Finding(area, level, problem.message, f"{problem.path}:{problem.row}")


def examples() -> Iterator[Finding]:
    """Every example of every requirement through its rules and shapes, against what its note says."""
    from gapgraph.examples import files
    from gapgraph.examples import run as run_example
    from gapgraph.profile import shipped_requirements

    area = "rules"
    for id, requirement in shipped_requirements().items():
        wrong = []
        for file in files(id):
            found = run_example(file, requirement)
            if found.raised != found.expected or not found.population:
                wrong.append(file.name)
        if wrong:
            yield Finding(area, Level.FAULT, f"{id} does not give what its examples say", ", ".join(wrong))
        else:
            yield Finding(area, Level.OK, f"{id}: {len(files(id))} examples")
