"""The part of a profile's shapes that judges one requirement."""

from rdflib import Graph, URIRef

from gapgraph.namespaces import GG
from gapgraph.profile.described import described
from gapgraph.profile.model import Profile, Requirement


def shapes_of(profile: Profile, requirement: Requirement) -> Graph:
    """The part of the shapes graph that judges one requirement: its node shapes and all they refer to."""
    starts = [URIRef(part.iri) for part in requirement.parts]
    return described(profile.shapes, starts, lambda _, predicate, value: predicate != GG.partOf)
