"""The frameworks that the project ships, and the folding of criterion ids as people write them.

A framework is a file `data/frameworks/<id>.ttl`; where its criteria come from is no concern of this module. Titles
and notes in it are the project's own words.

Which criteria an engagement has in scope is decided elsewhere, from `Criterion.category`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, URIRef

from gapgraph import assets
from gapgraph.errors import InputError, UsageError
from gapgraph.namespaces import GG, TSC

__all__ = [
    "Criterion",
    "CriterionId",
    "Framework",
    "fold_criterion_id",
    "framework_ids",
    "load_framework",
    "read_criterion_id",
]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of a framework, in the project's own words.

    `id` is the notation (`CC6.1`), `category` the code of the category (`security`; empty where a framework
    has none), `series` the group (`CC6`), `points_of_focus` their number, `coso` the COSO principle if it
    carries one, `types` the report types that it applies to (`type1`, `type2`). `addressable` is whether a documented
    reason and alternative may stand for it, as HIPAA has it.
    """

    id: str
    iri: str
    framework: str
    series: str
    series_title: str
    category: str
    title: str
    note: str
    points_of_focus: int = 0
    coso: int | None = None
    types: tuple[str, ...] = ("type1", "type2")
    addressable: bool = False


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with its criteria and the codes of its categories, each in the framework's own order."""

    id: str
    iri: str
    title: str
    version: str
    categories: tuple[str, ...]
    criteria: tuple[Criterion, ...]

    def criterion(self, id: str) -> Criterion | None:
        """The criterion with exactly this id, or None."""
        return next((criterion for criterion in self.criteria if criterion.id == id), None)

    def in_categories(self, categories: Iterable[str]) -> tuple[Criterion, ...]:
        """The criteria of these categories, in order; criteria without a category are always among them.

        Raises
        ------
        UsageError
            If the framework has no category of such a code.
        """
        wanted = frozenset(categories)
        unknown = sorted(wanted - set(self.categories))
        if unknown:
            known = ", ".join(self.categories) or "none"
            raise UsageError(f"{self.id} has no category {unknown[0]!r}; it has {known}")
        return tuple(one for one in self.criteria if not one.category or one.category in wanted)


@dataclass(frozen=True, slots=True)
class CriterionId:
    """What a written id stands for: the id of a criterion, and a sentence if something was lost."""

    id: str
    notice: str = ""


def framework_ids() -> tuple[str, ...]:
    """The ids of the frameworks that the project ships, sorted."""
    return tuple(sorted(file.stem for file in assets.path("data", "frameworks").glob("*.ttl")))


@cache
def load_framework(id: str) -> Framework:
    """Reads `data/frameworks/<id>.ttl`.

    Raises
    ------
    UsageError
        If no framework of that id is shipped; the message lists those that are.
    """
    if id not in framework_ids():
        raise UsageError(f"there is no framework {id!r}; known are {', '.join(framework_ids())}")
    file = assets.path("data", "frameworks", f"{id}.ttl")
    return framework_of(Graph(bind_namespaces="none").parse(file, format="turtle"))


def framework_of(graph: Graph) -> Framework:
    """The framework that a graph describes.

    The graph holds one `gg:Framework`. A criterion is a `gg:Criterion` or `gg:DescriptionCriterion` in that
    scheme with a `skos:notation`; criteria are ordered by `gg:position`, then by notation.

    Raises
    ------
    InputError
        If the graph holds no framework or more than one, or a criterion lacks its notation.
    """
    schemes = sorted(set(graph.subjects(RDF.type, GG.Framework)), key=str)
    if len(schemes) != 1:
        raise InputError(f"one gg:Framework is expected in the graph, {len(schemes)} found")
    scheme = schemes[0]
    id = _text(graph, scheme, DCTERMS.identifier)
    kinds = (GG.Criterion, GG.DescriptionCriterion)
    nodes = {node for kind in kinds for node in graph.subjects(RDF.type, kind)}
    placed = [(_number(graph, node, GG.position) or 0, _criterion(graph, id, node)) for node in nodes]
    placed.sort(key=lambda pair: (pair[0], pair[1].id))
    named = sorted(
        (_number(graph, node, GG.position) or 0, _text(graph, node, SKOS.notation))
        for node in graph.subjects(RDF.type, GG.Category)
    )
    return Framework(
        id=id,
        iri=str(scheme),
        title=_text(graph, scheme, SKOS.prefLabel),
        version=_text(graph, scheme, OWL.versionInfo),
        categories=tuple(code for _, code in named),
        criteria=tuple(criterion for _, criterion in placed),
    )


def _criterion(graph: Graph, framework: str, node: object) -> Criterion:
    if not isinstance(node, URIRef):
        raise InputError(f"a criterion of {framework} has no IRI")
    notation = _text(graph, node, SKOS.notation)
    if not notation:
        raise InputError("the criterion has no skos:notation", str(node))
    series = graph.value(node, SKOS.broader)
    category = graph.value(node, GG.category)
    stated = set(graph.objects(node, GG.appliesToType))
    applies = [name for kind, name in ((GG.TypeI, "type1"), (GG.TypeII, "type2")) if kind in stated]
    return Criterion(
        id=notation,
        iri=str(node),
        framework=framework,
        series=_text(graph, series, SKOS.notation) if series is not None else "",
        series_title=_text(graph, series, SKOS.prefLabel) if series is not None else "",
        category=_text(graph, category, SKOS.notation) if category is not None else "",
        title=_text(graph, node, SKOS.prefLabel),
        note=_text(graph, node, SKOS.definition),
        points_of_focus=_number(graph, node, GG.pointsOfFocus) or 0,
        coso=_number(graph, node, GG.cosoPrinciple),
        types=tuple(applies) or ("type1", "type2"),
        addressable=_text(graph, node, GG.addressable) == "true",
    )


def _text(graph: Graph, node: object, predicate: URIRef) -> str:
    value = graph.value(node, predicate) if isinstance(node, URIRef) else None
    return "" if value is None else str(value)


def _number(graph: Graph, node: object, predicate: URIRef) -> int | None:
    value = _text(graph, node, predicate)
    return int(value) if value else None


_WRITTEN = re.compile(
    r"(?:AICPA[\s:_-]*)?(?:(?:SOC[\s_-]*2|TSC|TSP)[\s:_.-]*(?:2017[\s:_.-]*)?)?"
    r"(?:CC[\s_-]+(?=[ACP]))?"  # some scanners put cc_ before every series: cc_a_1_1
    r"(?P<letters>CC|PI|PP|A|C|P)[\s_.-]*(?P<series>\d)[\s_.-]+(?P<number>\d+)"
    r"(?:[\s_.-]+(?P<point>\d{1,2}|[A-Z]|POF[\s_.-]*\d{1,2}))?"
)


def read_criterion_id(text: str) -> CriterionId | None:
    """What a text that is meant to be the id of a Trust Services criterion stands for; None if it is none.

    Case, blanks, separators and the prefixes of scanners are folded silently. A point of focus becomes its
    criterion, and `PP`, a misprint for processing integrity that is in circulation, becomes `PI`; both with
    a notice.

    >>> read_criterion_id("soc_2_cc_6_1")
    CriterionId(id='CC6.1', notice='')
    >>> read_criterion_id("PP1.1")
    CriterionId(id='PI1.1', notice="'PP1.1' read as PI1.1: there is no series PP")
    >>> read_criterion_id("CC9.9") is None
    True
    """
    written = " ".join(text.split())
    match = _WRITTEN.fullmatch(written.removeprefix(str(TSC)).upper())
    if match is None:
        return None
    letters = "PI" if match["letters"] == "PP" else match["letters"]
    id = f"{letters}{match['series']}.{match['number']}"
    if load_framework("tsc-2017").criterion(id) is None:
        return None
    notices = []
    if letters != match["letters"]:
        notices.append("there is no series PP")
    if match["point"]:
        notices.append("a point of focus stands for its criterion")
    return CriterionId(id, f"{written!r} read as {id}: {'; '.join(notices)}" if notices else "")


def fold_criterion_id(text: str) -> str | None:
    """The id of the Trust Services criterion that a text is meant for, or None.

    >>> [fold_criterion_id(text) for text in ("cc_a_1_1", "CC 6.1", "CC6.1.1", "P1.2")]
    ['A1.1', 'CC6.1', 'CC6.1', None]
    """
    read = read_criterion_id(text)
    return read.id if read else None
