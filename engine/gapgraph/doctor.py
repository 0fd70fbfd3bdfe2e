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
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from gapgraph import assets, reason, vocabulary
from gapgraph.errors import AssetError
from gapgraph.finding import Finding, Level
from gapgraph.lint import shapes
from gapgraph.namespaces import curie

__all__ = ["Finding", "Level", "dl_profile", "environment", "ontology_quality", "reasoner", "run", "shapes"]


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


def workspace(folder: Path) -> Iterator[Finding]:
    """The faults and notices of a workspace's inputs; one note where the folder holds no workspace."""
    from gapgraph import workspace as workspaces
    from gapgraph.run import facts_of, input_problems
    from gapgraph.sources import read_workspace

    area = "workspace"
    if not (folder / workspaces.CONFIG).is_file():
        yield Finding(area, Level.NOTE, f"no {workspaces.CONFIG} here; only the installation was checked")
        return
    space = workspaces.load(folder)
    loaded = read_workspace(folder, workspaces.names_of(space))
    yield Finding(area, Level.OK, f"{len(loaded.inputs)} inputs, {sum(i.triples for i in loaded.inputs)} statements")
    profiles = workspaces.profiles_of(space).values()
    for problem in input_problems(loaded, [(p, facts_of(p, loaded)) for p in profiles]):
        level = Level.NOTE if problem.notice else Level.FAULT
        yield Finding(area, level, problem.message, f"{problem.path}:{problem.row}")


def rules(progress: Callable[[str], None] = lambda _: None, jobs: int | None = None) -> Iterator[Finding]:
    """Every shipped requirement through its examples, the mutants of its pass example, the repairs of those that fail.

    Takes minutes; `jobs` processes share the work, one for each processor unless said.
    """
    from gapgraph.examples import files
    from gapgraph.examples import run as run_example
    from gapgraph.frameworks import load_framework
    from gapgraph.mutation import examine_all
    from gapgraph.profile import shipped_requirements
    from gapgraph.repair import mend_all

    area = "rules"
    shipped = shipped_requirements()
    criteria = {c.id for c in load_framework("tsc-2017").criteria}
    covered = {c for r in shipped.values() if r.info.votes for c in r.info.criteria}
    level = Level.OK if covered == criteria else Level.FAULT
    bare = ", ".join(sorted(criteria - covered))
    yield Finding(area, Level.OK, f"requirements {len(shipped)}")
    yield Finding(area, level, f"criteria covered {len(covered)}/{len(criteria)}", f"without: {bare}" if bare else "")
    count, wrong = 0, []
    for id, requirement in shipped.items():
        progress(f"examples of {id}")
        for file in files(id):
            count += 1
            found = run_example(file, requirement)
            if found.raised != found.expected or not found.population:
                wrong.append(file.name)
    yield Finding(area, Level.FAULT if wrong else Level.OK, f"examples {count}", ", ".join(wrong))
    total = examine_all(tuple(shipped), progress, jobs)
    survivors = len(total.survivors)
    yield Finding(
        area,
        Level.FAULT if survivors else Level.OK,
        f"mutants killed {total.killed}, listed as equivalent {len(total.listed)}, total {total.total},"
        f" survivors {survivors}",
    )
    yield from (Finding(area, Level.FAULT, "a mutant changes no verdict", str(m)) for m in total.survivors)
    mended = mend_all(tuple(shipped), progress, jobs)
    beyond = sum(one.beyond for one in mended)
    left = [said for one in mended for said in one.left]
    yield Finding(
        area,
        Level.FAULT if left else Level.OK,
        f"fail examples {len(mended)}, repaired {sum(not one.left and not one.beyond for one in mended)},"
        f" beyond repair with a reason {beyond}",
    )
    yield from (Finding(area, Level.FAULT, "no edit repairs a fail example", said) for said in left)
