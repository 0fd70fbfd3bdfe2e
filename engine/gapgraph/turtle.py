"""The one form of the project's Turtle files: rdflib's `longturtle`, canonical and without comments.

`python -m gapgraph.turtle FILE...` rewrites files in that form; with `--check` it only names those that
differ. The serialiser drops `#` comments, so a remark belongs into `skos:editorialNote`.
"""

from pathlib import Path

import click
from rdflib import Graph
from rdflib.compare import isomorphic

from gapgraph.errors import InputError
from gapgraph.namespaces import PREFIXES

__all__ = ["canonical", "main"]

_RELATIVE = "http://relative.invalid/"


def canonical(text: str, *, where: Path | str | None = None) -> str:
    """Returns the Turtle text in canonical form: the same graph, always the same characters.

    Prefixes of `namespaces.PREFIXES` replace whatever the text calls these namespaces; other prefixes stay as
    the text declares them. Only prefixes in use are written. Blank nodes are put in canonical order, which
    takes long where many of them look alike. `where` is named in errors.

    Raises
    ------
    InputError
        If the text is not Turtle, has relative IRIs, or if rdflib would not write back the graph it has read.
    """
    read = _parse(text, where)
    graph = Graph(bind_namespaces="none")
    graph += read
    for prefix, namespace in sorted(_bindings(read).items()):
        graph.bind(prefix, namespace)
    written = graph.serialize(format="longturtle", encoding="utf-8", canon=True).decode().strip() + "\n"
    if _RELATIVE in written:
        raise InputError("relative IRI in Turtle", where, remedy="Write IRIs in full or with a prefix.")
    if not isomorphic(read, _parse(written, where)):
        raise InputError("rdflib does not write this Turtle back as the same graph", where)
    return written


def _parse(text: str, where: Path | str | None) -> Graph:
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format="turtle", publicID=_RELATIVE)
    except Exception as error:  # rdflib's parser raises a dozen unrelated types
        raise InputError(f"not readable as Turtle: {error}", where, remedy="Mend the syntax.") from error
    return graph


def _bindings(graph: Graph) -> dict[str, str]:
    """Prefix to namespace: the project's own table, then what the graph declares beside it."""
    bindings = dict(PREFIXES)
    taken = set(PREFIXES.values())
    for prefix, namespace in sorted(graph.namespaces()):
        if prefix not in bindings and str(namespace) not in taken:
            bindings[prefix] = str(namespace)
    return bindings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a file is not in canonical form.")
def main(files: tuple[Path, ...], check: bool) -> None:
    """Rewrite Turtle FILES in the project's canonical form."""
    differ = False
    for file in files:
        before = file.read_text(encoding="utf-8")
        try:
            after = canonical(before, where=file)
        except InputError as error:
            raise click.ClickException(str(error)) from error
        if before == after:
            continue
        differ = True
        if not check:
            file.write_text(after, encoding="utf-8")
        click.echo(f"{'differs' if check else 'rewritten'}: {file}")
    if check and differ:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
