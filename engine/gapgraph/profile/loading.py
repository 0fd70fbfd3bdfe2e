"""Which profile is meant, and what it comes to: parents, groups, thresholds, adjustments.

Shipped profiles are `shapes/profiles/NAME.ttl`; a workspace may bring a Turtle file of its own, which may hold
requirements too, and tables of `gapgraph.toml` that adjust whichever profile is used.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, URIRef
from rdflib.term import Node

from gapgraph import assets
from gapgraph.errors import InputError, ShapeError, UsageError
from gapgraph.model import ReportType
from gapgraph.namespaces import GG
from gapgraph.profile.adjusting import Change, Own, Threshold, adjusted
from gapgraph.profile.model import Profile, Requirement, Thresholds
from gapgraph.profile.requirements import (
    coverage_part,
    design_part,
    read_requirements,
    shipped_requirements,
    shipped_shapes,
)

DEFAULTS: Mapping[ReportType, str] = {ReportType.TYPE_I: "soc2-type1", ReportType.TYPE_II: "soc2-type2"}
"""The profile of an engagement that names none."""


def shipped_profiles() -> tuple[str, ...]:
    """The names of the profiles that the package ships, sorted."""
    return tuple(sorted(f.stem for f in assets.path("shapes", "profiles").glob("*.ttl")))


def load_profile(name: str, folder: Path | None = None, own: Own | None = None) -> Profile:
    """A profile by its name or, within a workspace folder, by the path of a Turtle file (`profiles/ours.ttl`).

    Raises UsageError for a name that nobody ships, InputError for a file or an adjustment that cannot be used.
    """
    if name.endswith(".ttl"):
        if folder is None:
            raise UsageError(f"the profile {name} belongs to a workspace; name its folder")
        profile = _of_file(folder, name)
    else:
        profile = _shipped(name)
    if own is None or not (own.changes or own.thresholds):
        return profile
    return adjusted(profile, own, "gapgraph.toml")


@cache
def _shipped(name: str) -> Profile:
    if name not in shipped_profiles():
        raise UsageError(f"there is no profile '{name}'; the profiles are {', '.join(shipped_profiles())}")
    graph = Graph(bind_namespaces="none").parse(assets.path("shapes", "profiles", f"{name}.ttl"), format="turtle")
    return _resolved(graph, f"{name}.ttl", shipped_shapes(), shipped_requirements(), name)


def _of_file(folder: Path, name: str) -> Profile:
    file = (folder / name).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        raise InputError("no such profile in the workspace", name, remedy="Name a Turtle file inside the folder.")
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(file, format="turtle")
    except Exception as error:
        raise InputError(f"not readable as Turtle: {error}", name, remedy="Correct the line.") from None
    requirements = dict(shipped_requirements())
    try:
        mine = read_requirements(graph)
    except ShapeError as error:
        raise InputError(
            f"{error.shape.rpartition('#')[2]}: {error.reason}", name, remedy="Complete the shape."
        ) from None
    taken = sorted(set(mine) & set(requirements))
    if taken:
        raise InputError(f"{taken[0]} is a requirement that gapgraph ships", name, remedy="Choose an id of your own.")
    profile = _resolved(graph, name, shipped_shapes() + graph, {**requirements, **mine}, None)
    idle = sorted(set(mine) - set(profile.requirements) - set(profile.omitted))
    if idle:
        raise InputError(f"requirement {idle[0]} is not part of the profile", name, remedy="Add it with gg:includes.")
    return profile


def _resolved(
    graph: Graph, where: str, shapes: Graph, requirements: Mapping[str, Requirement], expected: str | None
) -> Profile:
    nodes = [n for n in graph.subjects(RDF.type, GG.Profile) if isinstance(n, URIRef)]
    if len(nodes) != 1:
        raise InputError(f"{len(nodes)} profiles, one is needed", where, remedy="Type one node as gg:Profile.")
    (node,) = nodes
    name = _one(graph, node, DCTERMS.identifier, where)
    if expected is not None and name != expected:
        raise InputError(f"dcterms:identifier is '{name}'", where, remedy=f"Write '{expected}'.")
    parent = _parent(graph, node, where)
    chosen = {**(parent.requirements if parent else {}), **_included(graph, node, requirements, where)}
    judges = graph.value(node, GG.judgesType)
    profile = Profile(
        name=name,
        title=_one(graph, node, SKOS.prefLabel, where),
        description=_one(graph, node, SKOS.definition, where),
        version=_one(graph, node, OWL.versionInfo, where),
        iri=str(node),
        lineage=(parent.name, *parent.lineage) if parent else (),
        judges={GG.TypeI: ReportType.TYPE_I, GG.TypeII: ReportType.TYPE_II}.get(URIRef(str(judges))),
        requirements=dict(sorted(chosen.items())),
        omitted=parent.omitted if parent else {},
        thresholds=parent.thresholds if parent else Thresholds(),
        threshold_sources=parent.threshold_sources if parent else {},
        adjustments=parent.adjustments if parent else (),
        coverage=coverage_part(shapes),
        design=design_part(shapes),
        known=shapes,
    )
    own = Own(_changes(graph, node, where), _thresholds(graph, node, where))
    return adjusted(profile, own, name)


def _one(graph: Graph, node: Node, predicate: URIRef, where: str) -> str:
    values = sorted(str(v) for v in graph.objects(node, predicate))
    if len(values) != 1:
        term = str(predicate).rpartition("#")[2].rpartition("/")[2]
        raise InputError(f"{len(values)} values of {term}, one is needed", where, remedy=f"State {term} once.")
    return values[0]


def _parent(graph: Graph, node: URIRef, where: str) -> Profile | None:
    parents = sorted(str(p).rpartition("profile-")[2] for p in graph.objects(node, GG.extends))
    if len(parents) > 1:
        raise InputError("a profile extends one other", where, remedy="Keep one gg:extends.")
    if parents and parents[0] not in shipped_profiles():
        raise InputError(
            f"it extends '{parents[0]}', which nobody ships",
            where,
            remedy=f"The profiles are {', '.join(shipped_profiles())}.",
        )
    return _shipped(parents[0]) if parents else None


def _included(
    graph: Graph, node: URIRef, requirements: Mapping[str, Requirement], where: str
) -> dict[str, Requirement]:
    groups = {str(g) for g in graph.objects(node, GG.includesGroup)}
    unknown = groups - {id.partition("-")[0] for id in requirements}
    by_iri = {r.info.iri: id for id, r in requirements.items()}
    single = {str(i) for i in graph.objects(node, GG.includes)}
    unknown |= single - set(by_iri)
    if unknown:
        raise InputError(f"no requirement is called {', '.join(sorted(unknown))}", where, remedy="Correct the name.")
    ids = {id for id in requirements if id.partition("-")[0] in groups} | {by_iri[i] for i in single}
    return {id: requirements[id] for id in ids}


def _changes(graph: Graph, node: URIRef, where: str) -> tuple[Change, ...]:
    found = []
    for change in graph.objects(node, GG.adjusts):
        target = _one(graph, change, GG.adjustedRequirement, where)
        parameters = {
            _one(graph, p, GG.parameterName, where): _one(graph, p, GG.defaultValue, where)
            for p in graph.objects(change, GG.parameter)
        }
        severity, headcount = graph.value(change, GG.severity), graph.value(change, GG.appliesFromHeadcount)
        found.append(
            Change(
                requirement=target.rpartition("#")[2].rpartition("/")[2],
                rationale=str(graph.value(change, GG.rationale) or ""),
                where=where,
                off=str(graph.value(change, GG.switchedOff) or "false") == "true",
                severity=int(str(severity)) if severity is not None else None,
                headcount=int(str(headcount)) if headcount is not None else None,
                parameters=dict(sorted(parameters.items())),
            )
        )
    return tuple(sorted(found, key=lambda c: c.requirement))


def _thresholds(graph: Graph, node: URIRef, where: str) -> tuple[Threshold, ...]:
    found = (
        Threshold(
            _one(graph, t, GG.thresholdName, where),
            _one(graph, t, GG.thresholdValue, where),
            _one(graph, t, GG.rationale, where),
            where,
        )
        for t in graph.objects(node, GG.threshold)
    )
    return tuple(sorted(found, key=lambda t: t.name))
