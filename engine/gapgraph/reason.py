"""Asks the reasoner HermiT, through owlready2, what follows from the ontology and from data.

The reasoner guards the ontology (is it consistent, can every class have a member) and sorts things into the
defined classes of `ontology/defined.ttl`. It never decides a gap: in an open world what is not stated is
merely unknown, see `docs/decisions/0003-open-world.md`. Nothing else in the package needs this module;
without Java or owlready2 every function returns a result that says so.

What the reasoner gets is prepared here. owlready2 reads no Turtle, so graphs go over as N-Triples. HermiT
refuses dates, so only statements with declared classes and properties and with plain values are handed
over. HermiT takes two names for two things only when told, so what a cardinality counts is declared
different.
"""

import importlib
import io
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, Node, URIRef
from rdflib.collection import Collection

from gapgraph.namespaces import GG
from gapgraph.vocabulary import ontology_graph

__all__ = ["CLASSIFIED", "Reasoning", "addressed_criteria", "check", "classify", "reason", "unavailable"]

CLASSIFIED = URIRef("https://w3id.org/gapgraph/graph/classified")
"""The name of the graph that inferred types are kept in."""

_PLAIN = frozenset({XSD.boolean, XSD.integer, XSD.decimal, XSD.string})
_COUNTING = (
    OWL.minCardinality,
    OWL.maxCardinality,
    OWL.cardinality,
    OWL.minQualifiedCardinality,
    OWL.maxQualifiedCardinality,
    OWL.qualifiedCardinality,
)


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What the reasoner said, or why it was not asked.

    `available` is false where it could not be asked; `problem` then says what is missing. `consistent` is
    None where nothing is known. `unsatisfiable` are IRIs of classes that can have no member, `inferred`
    holds one `rdf:type` statement for each member of an asked class, in a graph named `CLASSIFIED`.
    `contradicting` are the names of the parts that contradict the ontology, each alone; empty where parts
    contradict it only together.
    """

    available: bool
    problem: str = ""
    consistent: bool | None = None
    unsatisfiable: tuple[str, ...] = ()
    contradicting: tuple[str, ...] = ()
    inferred: Graph = field(default_factory=lambda: Graph(identifier=CLASSIFIED))


def unavailable() -> str:
    """Why the reasoner cannot be asked on this machine; empty where it can."""
    if _owlready() is None:
        return "owlready2 is not installed; install gapgraph[reason]"
    if shutil.which("java") is None:
        return "Java is not on the path; the reasoner HermiT needs a Java runtime of version 8 or later"
    return ""


def check(parts: Mapping[str, Graph] | None = None) -> Reasoning:
    """Whether the ontology is sound, together with all parts of the data.

    HermiT does not explain a contradiction. So where the whole is contradictory each part is tried alone,
    which costs one run for each.
    """
    parts = parts or {}
    problem = unavailable()
    if problem:
        return Reasoning(available=False, problem=problem)
    ontology = ontology_graph()
    whole = reason(_together(ontology, parts.values()), ())
    if whole.consistent is not False or not parts:
        return whole
    alone = {name: reason(_together(ontology, (part,)), ()) for name, part in sorted(parts.items())}
    guilty = tuple(name for name, result in alone.items() if result.consistent is False)
    return Reasoning(available=True, consistent=False, contradicting=guilty)


def classify(data: Graph) -> Reasoning:
    """The members that the classes of `ontology/defined.ttl` have in the data.

    Only what these classes speak of is handed to the reasoner. A shared control is found through
    `gg:addressesCriterion`; where the data does not state it, add `addressed_criteria(data)` first.
    """
    problem = unavailable()
    if problem:
        return Reasoning(available=False, problem=problem)
    ontology = ontology_graph()
    defined = sorted({node for node in ontology.subjects(OWL.equivalentClass, None) if isinstance(node, URIRef)})
    words = _signature(ontology, defined)
    graph = Graph() + ontology
    for triple in _spoken_of(ontology, data, words):
        graph.add(triple)
    return reason(graph, defined)


def reason(graph: Graph, classes: Iterable[URIRef]) -> Reasoning:
    """Runs HermiT on a graph that holds ontology and data, and collects the members of the classes.

    Raises nothing on account of the reasoner: that it cannot run, or does not understand the graph, is a
    result.
    """
    owlready = _owlready()
    problem = unavailable()
    if owlready is None or problem:
        return Reasoning(available=False, problem=problem)
    world = owlready.World()
    try:
        ontology = world.get_ontology("https://w3id.org/gapgraph/graph/reasoned#")
        text = _for_hermit(graph).serialize(format="nt", encoding="utf-8")
        ontology.load(fileobj=io.BytesIO(text))
        owlready.sync_reasoner_hermit(world, debug=0)
        wrong = tuple(sorted(str(one.iri) for one in world.inconsistent_classes() if one is not owlready.Nothing))
        inferred = Graph(identifier=CLASSIFIED)
        for one in classes:
            found = world[str(one)]
            for member in found.instances() if found is not None else ():
                inferred.add((URIRef(member.iri), RDF.type, one))
        return Reasoning(available=True, consistent=True, unsatisfiable=wrong, inferred=inferred)
    except owlready.OwlReadyInconsistentOntologyError:
        return Reasoning(available=True, consistent=False)
    except (owlready.OwlReadyJavaError, owlready.OwlReadyOntologyParsingError, OSError) as error:
        first = str(error).strip().splitlines() or [type(error).__name__]
        return Reasoning(available=False, problem=f"the reasoner did not finish: {first[0]}")
    finally:
        world.close()


_ADDRESSED = """
SELECT ?control ?criterion WHERE {
  ?requirement gg:assesses ?criterion .
  { ?control gg:addresses ?requirement }
  UNION { ?control gg:controlType ?type . ?requirement gg:addressedByControlType ?type }
}
"""


def addressed_criteria(data: Graph) -> Graph:
    """The criteria that each control bears on, as `gg:addressesCriterion`, with each criterion's type.

    The data holds controls (`gg:addresses`, `gg:controlType`) and requirements (`gg:assesses`,
    `gg:addressedByControlType`). The link is a plain fact and no property chain, because OWL 2 DL counts no
    chains.
    """
    found = Graph()
    for row in data.query(_ADDRESSED, initNs={"gg": GG}):
        control, criterion = row  # type: ignore[misc] # a row of SELECT, which rdflib types as one of three
        found.add((control, GG.addressesCriterion, criterion))
        found.add((control, RDF.type, GG.Control))
        found.add((criterion, RDF.type, GG.Criterion))
    return found


@cache
def _owlready() -> ModuleType | None:
    try:
        return importlib.import_module("owlready2")
    except ImportError:
        return None


def _together(ontology: Graph, parts: Iterable[Graph]) -> Graph:
    graph = Graph() + ontology
    for part in parts:
        graph += part
    return graph


_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
_KEPT = frozenset({RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, RDF.first, RDF.rest})


def _for_hermit(graph: Graph) -> Graph:
    """The axioms, and the statements that use declared classes and properties with plain values."""
    classes, objects, values = (set(graph.subjects(RDF.type, kind)) for kind in _KINDS)
    kept = Graph()
    for subject, predicate, object_ in graph:
        if predicate == RDF.type:
            keep = object_ in classes or (str(object_).startswith(str(OWL)) and object_ != OWL.AnnotationProperty)
        elif predicate in _KEPT or str(predicate).startswith(str(OWL)):
            keep = predicate not in (OWL.versionIRI, OWL.versionInfo, OWL.imports)
        elif predicate in objects:
            keep = not isinstance(object_, Literal)
        else:
            keep = predicate in values and isinstance(object_, Literal) and _plain(object_)
        if keep:
            kept.add((subject, predicate, object_))
    _declare_different(kept)
    return kept


def _plain(value: Literal) -> bool:
    return not value.ill_typed and value.language is None and (value.datatype or XSD.string) in _PLAIN


def _declare_different(graph: Graph) -> None:
    """Declares different from each other all things that a counted property leads to."""
    counted = {
        graph.value(restriction, OWL.onProperty)
        for predicate in _COUNTING
        for restriction in graph.subjects(predicate, None)
    }
    things = sorted(
        {
            object_
            for predicate in counted
            if isinstance(predicate, URIRef)
            for object_ in graph.objects(None, predicate)
            if isinstance(object_, URIRef)
        }
    )
    if len(things) < 2:
        return
    axiom, members = BNode(), BNode()
    graph.add((axiom, RDF.type, OWL.AllDifferent))
    graph.add((axiom, OWL.distinctMembers, members))
    Collection(graph, members, list(things))


def _signature(ontology: Graph, defined: Iterable[URIRef]) -> frozenset[Node]:
    """The names that occur in the definitions of classes, with all subclasses of named classes."""
    words: set[Node] = set()
    todo: list[Node] = [expression for one in defined for expression in ontology.objects(one, OWL.equivalentClass)]
    while todo:
        node = todo.pop()
        if isinstance(node, BNode):
            todo += [object_ for _, object_ in ontology.predicate_objects(node)]
        elif node not in words and isinstance(node, URIRef) and not node.startswith(str(OWL)):
            words.add(node)
            todo += ontology.subjects(RDFS.subClassOf, node)
    return frozenset(words)


def _spoken_of(ontology: Graph, data: Graph, words: frozenset[Node]) -> Graph:
    """The statements of the data that use these names, between things whose class is among them."""
    found = Graph()
    for thing, kind in data.subject_objects(RDF.type):
        if kind in words:
            found.add((thing, RDF.type, kind))
    typed = set(found.subjects())
    for word in words:
        if (word, RDF.type, OWL.Class) in ontology:
            continue
        for subject, object_ in data.subject_objects(word):
            if subject in typed and (isinstance(object_, Literal) or object_ in typed):
                found.add((subject, word, object_))
    return found
