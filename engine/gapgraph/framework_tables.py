"""Makes frameworks from tables: each row of a CSV file becomes a criterion of a SKOS scheme.

Each `data/frameworks/*.ttl` is made from the CSV file beside it; a test makes them again and compares. What the tables
of other frameworks than those of SOC 2 do not say stands in `lists.toml`. Ids and counts are facts; titles and notes
are the project's own words or in the public domain, never the text of the AICPA, of ISO or of the PCI SSC. The rest of
the package reads frameworks with `gapgraph.frameworks`.
"""

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

from rdflib import DCTERMS, OWL, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef

from gapgraph.errors import InputError
from gapgraph.namespaces import GG, PREFIXES, TSC

__all__ = ["CATEGORIES", "DC", "description_graph", "listed", "listed_graph", "tsc_graph"]

DC = Namespace("https://w3id.org/gapgraph/framework/description-criteria/")

CATEGORIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "security": (
            "Security",
            "The system and its information are protected against unauthorised access, disclosure and "
            "damage; its criteria, the common criteria, belong to every SOC 2 engagement.",
        ),
        "availability": (
            "Availability",
            "The system can be operated and used as the service organisation has committed.",
        ),
        "confidentiality": (
            "Confidentiality",
            "Information that was designated confidential is protected from its receipt to its disposal.",
        ),
        "processing_integrity": (
            "Processing integrity",
            "The system processes completely, validly, accurately, on time and with authorisation.",
        ),
        "privacy": (
            "Privacy",
            "Personal data is collected, used, kept, disclosed and disposed of as the service organisation "
            "has told the people whom it concerns.",
        ),
    }
)
"""Code of each category of the Trust Services Criteria, in their order, with its label and definition."""

_OWN_WORDS = (
    "Ids and the numbers of points of focus are facts about the published criteria; every title and note is "
    "in this project's own words and stands in for no criterion text."
)


def tsc_graph(file: Path) -> Graph:
    """The Trust Services Criteria as a SKOS scheme, from the table `tsc-2017.csv`.

    Columns used: id, series, series_title, category, coso_principle, title, note, points_of_focus. Series
    are concepts under their category, criteria are concepts under their series; the order of rows becomes
    `gg:position`.

    Raises
    ------
    InputError
        If a column is missing or a row names an unknown category.
    """
    graph = _framework_graph(
        TSC,
        "tsc-2017",
        "Trust Services Criteria",
        "2017, points of focus revised 2022",
        "The 61 criteria against which controls are examined in SOC 2: the common criteria of security, and "
        "the criteria of availability, confidentiality, processing integrity and privacy.",
        "AICPA, TSP section 100",
    )
    scheme = URIRef(str(TSC))
    for place, (code, (label, definition)) in enumerate(CATEGORIES.items(), start=1):
        _concept(graph, TSC[code], scheme, code, label, definition, place)
        graph.add((TSC[code], RDF.type, GG.Category))
        graph.add((TSC[code], SKOS.topConceptOf, scheme))
    columns = (
        "id",
        "series",
        "series_title",
        "category",
        "coso_principle",
        "title",
        "note",
        "points_of_focus",
    )
    seen: list[str] = []
    for place, row in enumerate(_rows(file, columns), start=1):
        category = row["category"]
        if category not in CATEGORIES:
            raise InputError(f"there is no category {category!r}", file, place + 1)
        series = TSC[row["series"]]
        if row["series"] not in seen:
            seen.append(row["series"])
            definition = f"The criteria {row['series']}, on {_lower_first(row['series_title'])}."
            _concept(graph, series, scheme, row["series"], row["series_title"], definition, len(seen))
            graph.add((series, SKOS.broader, TSC[category]))
            graph.add((series, GG.category, TSC[category]))
        criterion = TSC[row["id"]]
        _concept(graph, criterion, scheme, row["id"], row["title"], row["note"], place)
        graph.add((criterion, RDF.type, GG.Criterion))
        graph.add((criterion, SKOS.broader, series))
        graph.add((criterion, GG.category, TSC[category]))
        graph.add((criterion, GG.pointsOfFocus, _integer(row["points_of_focus"])))
        if row["coso_principle"]:
            graph.add((criterion, GG.cosoPrinciple, _integer(row["coso_principle"])))
    return graph


def description_graph(file: Path) -> Graph:
    """The description criteria as a SKOS scheme, from the table `description-criteria.csv`.

    Columns used: id, title, note, type1, type2; the last two say whether a report of that type needs it.

    Raises
    ------
    InputError
        If a column is missing.
    """
    graph = _framework_graph(
        DC,
        "description-criteria",
        "Description criteria",
        "2018, guidance revised 2022",
        "The nine criteria for what the description of a system in a SOC 2 report has to state.",
        "AICPA, DC section 200",
    )
    scheme = URIRef(str(DC))
    for place, row in enumerate(_rows(file, ("id", "title", "note", "type1", "type2")), start=1):
        criterion = DC[row["id"]]
        _concept(graph, criterion, scheme, row["id"], row["title"], f"{row['note']}.", place)
        graph.add((criterion, RDF.type, GG.DescriptionCriterion))
        graph.add((criterion, SKOS.topConceptOf, scheme))
        for column, kind in (("type1", GG.TypeI), ("type2", GG.TypeII)):
            if row[column] == "yes":
                graph.add((criterion, GG.appliesToType, kind))
    return graph


_TEXTS = MappingProxyType(
    {
        "own": "Ids are facts about the published document; every title and note is in this project's own words.",
        "public": "Ids and titles are those of the published document, which is in the public domain.",
        "none": "Only the ids of the published document are given; its text belongs to its publisher.",
    }
)


def listed(folder: Path) -> tuple[str, ...]:
    """The ids of the frameworks that `lists.toml` in a folder speaks of."""
    return tuple(tomllib.loads((folder / "lists.toml").read_text(encoding="utf-8")))


def listed_graph(file: Path) -> Graph:
    """A framework as a SKOS scheme, from the table `<id>.csv` and what `lists.toml` beside it says of it.

    Columns used: id, title, and where there are any series, note, level, status. A row that is the series of others is
    a concept and no criterion, and so is one whose status is `withdrawn`. The level (standard or specification) and
    the status `addressable` are those of HIPAA.

    Raises
    ------
    InputError
        If a column is missing, the framework is not in `lists.toml`, or a series has neither a title nor a row.
    """
    about = tomllib.loads((file.parent / "lists.toml").read_text(encoding="utf-8")).get(file.stem)
    if about is None:
        raise InputError(f"lists.toml says nothing of {file.stem}", file)
    space = Namespace(f"{str(TSC).removesuffix('tsc-2017/')}{file.stem}/")
    graph = _framework_graph(
        space,
        file.stem,
        about["title"],
        about["version"],
        about["definition"],
        about["source"],
        _TEXTS[about["text"]],
    )
    scheme = URIRef(str(space))
    rows = _rows(file, ("id", "title"))
    series: dict[str, str] = about.get("series", {})
    parents = {row["series"] for row in rows if row.get("series")}
    unknown = sorted(parents - set(series) - {row["id"] for row in rows})
    if unknown:
        raise InputError(f"the series {unknown[0]!r} has no title", file, remedy="Give it one in lists.toml.")
    for place, (notation, title) in enumerate(series.items(), start=1):
        node = _named(space, notation)
        _concept(graph, node, scheme, notation, title, "", place)
        graph.add((node, SKOS.topConceptOf, scheme))
    for place, row in enumerate(rows, start=1):
        node = _named(space, row["id"])
        _concept(graph, node, scheme, row["id"], row["title"], row.get("note", ""), place)
        if row.get("series"):
            graph.add((node, SKOS.broader, _named(space, row["series"])))
        else:
            graph.add((node, SKOS.topConceptOf, scheme))
        if row.get("status") == "withdrawn":
            graph.add((node, OWL.deprecated, Literal(lexical_or_value=True)))
        elif row["id"] not in parents:
            graph.add((node, RDF.type, GG.Criterion))
        if row.get("level"):
            graph.add((node, DCTERMS.type, Literal(row["level"])))
        if row.get("status") == "addressable":
            graph.add((node, GG.addressable, Literal(lexical_or_value=True)))
    return graph


def _named(space: Namespace, notation: str) -> URIRef:
    """The IRI of a criterion: its notation, a blank as a hyphen."""
    return URIRef(str(space) + quote(notation.replace(" ", "-"), safe="()"))


def _framework_graph(
    namespace: Namespace, id: str, title: str, version: str, definition: str, source: str, words: str = _OWN_WORDS
) -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    scheme = URIRef(str(namespace))
    graph.add((scheme, RDF.type, GG.Framework))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.identifier, Literal(id)))
    graph.add((scheme, SKOS.prefLabel, Literal(title, lang="en")))
    graph.add((scheme, SKOS.definition, Literal(definition, lang="en")))
    graph.add((scheme, DCTERMS.source, Literal(source)))
    graph.add((scheme, OWL.versionInfo, Literal(version)))
    graph.add((scheme, SKOS.editorialNote, Literal(words, lang="en")))
    return graph


def _concept(
    graph: Graph, node: URIRef, scheme: URIRef, notation: str, label: str, definition: str, place: int
) -> None:
    graph.add((node, RDF.type, SKOS.Concept))
    graph.add((node, SKOS.inScheme, scheme))
    graph.add((node, SKOS.notation, Literal(notation)))
    graph.add((node, SKOS.prefLabel, Literal(label, lang="en")))
    if definition:
        graph.add((node, SKOS.definition, Literal(definition, lang="en")))
    graph.add((node, GG.position, Literal(place, datatype=XSD.integer)))


def _rows(file: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        missing = sorted(set(columns) - set(reader.fieldnames or ()))
        if missing:
            raise InputError(f"the column {missing[0]!r} is missing", file, 1)
        return list(reader)


def _integer(text: str) -> Literal:
    return Literal(int(text), datatype=XSD.integer)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
