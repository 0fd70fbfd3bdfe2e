"""What rules know before anything is read: ontology, description criteria, populations of requirements."""

from functools import cache

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from gapgraph import assets
from gapgraph.facts import Facts
from gapgraph.namespaces import PREFIXES
from gapgraph.profile import Profile

_TYPE = NamedNode(PREFIXES["rdf"] + "type")
_TARGET = NamedNode(PREFIXES["sh"] + "targetClass")
_ASSESSES = NamedNode(PREFIXES["gg"] + "assesses")
_MAY_BE_EMPTY = NamedNode(PREFIXES["gg"] + "mayBeEmpty")
_TRUE = Literal("true", datatype=NamedNode(PREFIXES["xsd"] + "boolean"))
_REQUIREMENT = NamedNode(PREFIXES["gg"] + "Requirement")


@cache
def ontology() -> tuple[Quad, ...]:
    """The statements of the ontology and of the description criteria, freshly parsed once."""
    files = [
        *assets.ontology(),
        assets.path("data", "frameworks", "description-criteria.ttl"),
    ]
    found = []
    for file in files:
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE, rename_blank_nodes=True):
            found.append(Quad(quad.subject, quad.predicate, quad.object))
    return tuple(found)


def background_triples(profile: Profile) -> list[Triple]:
    """What rules need beside the facts: ontology, description criteria, populations and criteria of requirements."""
    found = [Triple(q.subject, q.predicate, q.object) for q in ontology()]
    for requirement in profile.requirements.values():
        node = NamedNode(requirement.info.iri)
        found.append(Triple(node, _TYPE, _REQUIREMENT))
        found += [Triple(node, _TARGET, NamedNode(part.population)) for part in requirement.parts]
        found += [Triple(NamedNode(p.population), _MAY_BE_EMPTY, _TRUE) for p in requirement.parts if p.may_be_empty]
        found += [Triple(node, _ASSESSES, NamedNode(PREFIXES["tsc"] + id)) for id in requirement.info.criteria]
    return found


def background(profile: Profile) -> Facts:
    """The background knowledge by itself."""
    return Facts.of(background_triples(profile))
