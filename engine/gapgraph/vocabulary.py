"""Which terms of gapgraph's vocabulary are used, and whether the ontology defines each once and well.

A misspelt term is no error in RDF: a rule that asks for it yields nothing, a shape that targets it has no
focus nodes, and both look clean. So every `gg:` term in the registers, rules, queries, shapes, data and
engine must be defined in `ontology/*.ttl`. `python -m gapgraph.vocabulary` lists what is not, and ends with
exit code 1 if it lists anything.

What cannot be seen: a term that is put together at run time, and a defined term that stands in the wrong
place.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import click
from rdflib import OWL, RDF, SKOS, Graph, Literal, URIRef

from gapgraph import assets
from gapgraph.namespaces import GG
from gapgraph.sources.schema import registers

__all__ = ["VocabularyIssue", "issues", "ontology_files", "ontology_graph", "terms_used", "unused_terms"]


@dataclass(frozen=True, slots=True, order=True)
class VocabularyIssue:
    """What is wrong with one term: its short form, a sentence, and the places (`file:line` or `file`)."""

    term: str
    problem: str
    places: tuple[str, ...] = ()


def ontology_files() -> tuple[Path, ...]:
    """The Turtle files that together are the ontology, sorted by name."""
    return assets.ontology()


def ontology_graph() -> Graph:
    """All files of the ontology as one graph, freshly parsed."""
    graph = Graph(bind_namespaces="none")
    for file in ontology_files():
        graph.parse(file, format="turtle")
    return graph


_IN_TEXT = re.compile(r"\bgg:([A-Za-z]\w*(?:-\w+)*)|" + re.escape(str(GG)) + r"([A-Za-z]\w*(?:-\w+)*)")
_IN_PYTHON = re.compile(r"\bGG\.([A-Za-z]\w*)|\b_?(?:GG\[|GG \+ |gg\()\"([A-Za-z]\w*)\"")


@cache
def terms_used() -> Mapping[str, tuple[str, ...]]:
    """Local name of each term used outside the ontology's own files, with its places, sorted."""
    places: dict[str, set[str]] = {}
    for file in _texts():
        python = file.suffix == ".py"
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            found = [*_IN_TEXT.finditer(line), *(_IN_PYTHON.finditer(line) if python else ())]
            for match in found:
                places.setdefault(match[1] or match[2], set()).add(f"{_shown(file)}:{number}")
    return {term: tuple(sorted(where)) for term, where in sorted(places.items())}


def issues() -> tuple[VocabularyIssue, ...]:
    """Everything that is wrong with the vocabulary, sorted by term; empty where nothing is.

    Found are: terms used and not defined; terms defined in two files; definitions without exactly one
    English label, exactly one English definition and a full stop; columns of registers whose values do not
    fit the kind of their property.
    """
    graphs = {file: Graph(bind_namespaces="none").parse(file, format="turtle") for file in ontology_files()}
    home: dict[str, list[Path]] = {}
    for file, graph in graphs.items():
        for term in _typed(graph):
            home.setdefault(term, []).append(file)
    union = Graph(bind_namespaces="none")
    for graph in graphs.values():
        union += graph
    found = [
        VocabularyIssue(f"gg:{term}", "is used and not defined", where)
        for term, where in terms_used().items()
        if term not in home
    ]
    found += [
        VocabularyIssue(f"gg:{term}", "is mentioned in the ontology and not defined")
        for term in sorted(_mentioned(union) - set(home))
        if term not in terms_used()
    ]
    for term, files in sorted(home.items()):
        where = tuple(_shown(file) for file in files)
        if len(files) > 1:
            found.append(VocabularyIssue(f"gg:{term}", "is defined in more than one file", where))
        found += [VocabularyIssue(f"gg:{term}", problem, where) for problem in _problems(union, GG[term])]
    found += _column_issues(union)
    return tuple(sorted(found))


def unused_terms() -> tuple[str, ...]:
    """Local names of defined terms that nothing uses, the ontology itself included. A hint, not a fault."""
    graph = ontology_graph()
    inside = {
        _local(node)
        for subject, node in graph.subject_objects()
        if isinstance(node, URIRef) and node.startswith(GG) and subject != node
    }
    predicates = {_local(node) for node in graph.predicates() if str(node).startswith(GG)}
    return tuple(sorted(_typed(graph) - set(terms_used()) - inside - predicates))


def _texts() -> Iterator[Path]:
    """The files in which terms are used: package, rules, queries, shapes, data; not the ontology."""
    package = Path(__file__).resolve().parent
    roots = {
        package: ("*.py", "*.toml"),
        assets.path("ontology"): ("rules/**/*.rq", "queries/**/*.rq", "rules/**/*.toml"),
        assets.path("shapes"): ("**/*.ttl", "**/*.toml"),
        assets.path("data"): ("**/*.ttl", "**/*.trig", "**/*.toml"),
    }
    for root, patterns in roots.items():
        for pattern in patterns:
            yield from sorted(file for file in root.rglob(pattern) if "_assets" not in file.parts)


def _shown(file: Path) -> str:
    """The file as people know it: from the folder `engine`, `ontology`, `shapes` or `data` on."""
    for root in ("ontology", "shapes", "data"):
        folder = assets.path(root)
        if file.is_relative_to(folder):
            return f"{root}/{file.relative_to(folder).as_posix()}"
    return f"gapgraph/{file.relative_to(Path(__file__).resolve().parent).as_posix()}"


def _typed(graph: Graph) -> set[str]:
    """Local names of the terms that a graph defines, which is: gives a type."""
    return {_local(node) for node in graph.subjects(RDF.type, None) if isinstance(node, URIRef) and node.startswith(GG)}


def _mentioned(graph: Graph) -> set[str]:
    return {_local(node) for triple in graph for node in triple if isinstance(node, URIRef) and node.startswith(GG)}


def _local(node: object) -> str:
    return str(node).removeprefix(str(GG))


def _problems(graph: Graph, term: URIRef) -> Iterator[str]:
    for predicate, word in ((SKOS.prefLabel, "label"), (SKOS.definition, "definition")):
        texts = [text for text in graph.objects(term, predicate) if isinstance(text, Literal)]
        english = [text for text in texts if text.language == "en"]
        if len(english) != 1 or len(texts) != 1:
            yield f"has {len(english)} English {word}s and {len(texts)} in all, not exactly one"
        elif not str(english[0]).strip():
            yield f"has an empty {word}"
        elif predicate == SKOS.definition and not str(english[0]).endswith("."):
            yield "has a definition that does not end with a full stop"


_LITERAL_KINDS = frozenset({"text", "number", "integer", "date", "last_day", "yesno", "parameters"})


def _column_issues(graph: Graph) -> Iterator[VocabularyIssue]:
    """Columns with literal values need a datatype property, columns with references an object property.

    An annotation property takes both; nothing is inferred from it.
    """
    for register in registers().values():
        for column in register.columns.values():
            if not column.property.startswith(GG):
                continue
            wanted = OWL.DatatypeProperty if column.kind in _LITERAL_KINDS else OWL.ObjectProperty
            types = set(graph.objects(URIRef(column.property), RDF.type))
            if types and not types & {wanted, OWL.AnnotationProperty}:
                what = "literals" if wanted == OWL.DatatypeProperty else "references"
                problem = f"is no {_local_of(wanted)}, but the column {register.name}.{column.name} holds {what}"
                yield VocabularyIssue(f"gg:{_local(column.property)}", problem)


def _local_of(term: URIRef) -> str:
    return str(term).rsplit("#", 1)[-1]


@click.command()
@click.option("--unused", is_flag=True, help="List also the terms that nothing uses.")
def main(unused: bool) -> None:
    """List what is wrong with the terms of the ontology and their use."""
    found = issues()
    for issue in found:
        shown = ", ".join(issue.places[:3]) + (" …" if len(issue.places) > 3 else "")
        click.echo(f"{issue.term} {issue.problem}{f' ({shown})' if shown else ''}")
    if unused:
        for term in unused_terms():
            click.echo(f"gg:{term} is not used")
    if found:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
