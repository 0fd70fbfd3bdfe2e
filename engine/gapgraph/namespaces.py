"""The namespaces of gapgraph and the vocabularies it uses, and how an IRI is shown to people.

Terms of gapgraph's own namespaces are written `GG["Control"]` or `GG.Control`; whether a term exists in the
ontology is not checked here.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from rdflib import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Namespace

__all__ = ["EARL", "GG", "GGS", "PREFIXES", "TSC", "curie"]

GG = Namespace("https://w3id.org/gapgraph/ontology#")
GGS = Namespace("https://w3id.org/gapgraph/shapes#")
TSC = Namespace("https://w3id.org/gapgraph/framework/tsc-2017/")
EARL = Namespace("http://www.w3.org/ns/earl#")

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "dcat": str(DCAT),
        "dcterms": str(DCTERMS),
        "earl": str(EARL),
        "foaf": str(FOAF),
        "gg": str(GG),
        "ggs": str(GGS),
        "org": str(ORG),
        "owl": str(OWL),
        "prov": str(PROV),
        "rdf": str(RDF),
        "rdfs": str(RDFS),
        "sh": str(SH),
        "skos": str(SKOS),
        "tsc": str(TSC),
        "xsd": str(XSD),
    }
)
"""Prefix to namespace IRI, for Turtle, SPARQL and display; no namespace is the beginning of another."""

_LOCAL_NAME = re.compile(r"\w(?:[\w.-]*[\w-])?")


def curie(iri: str) -> str:
    """Returns the IRI in its short form, or unchanged where no prefix of `PREFIXES` gives a readable one.

    >>> curie("https://w3id.org/gapgraph/framework/tsc-2017/CC6.1")
    'tsc:CC6.1'
    >>> curie("https://example.org/crm")
    'https://example.org/crm'
    """
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and _LOCAL_NAME.fullmatch(iri, len(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri
