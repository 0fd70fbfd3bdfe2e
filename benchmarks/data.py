"""What is validated: the statements of a demo company as shapes see them, and copies of them for larger scales."""

from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from gapgraph import workspace
from gapgraph.demo import write_demo
from gapgraph.derive import derive
from gapgraph.run import facts_of, limits_of, moment_of
from gapgraph.shacl import Columns
from gapgraph.shacl.terms import Term
from gapgraph.sources import read_workspace


def judged(folder: Path, size: str) -> Columns:
    """The statements of the Type II engagement of a demo, derived ones included."""
    write_demo(folder, size=size, seed=1)
    space = workspace.load(folder)
    config = space.engagements[0]
    profile = workspace.profiles_of(space)[config.id]
    facts = facts_of(profile, read_workspace(folder, workspace.names_of(space)))
    (folder / "shapes.ttl").write_text(profile.shapes.serialize(format="turtle"), encoding="utf-8")
    return derive(facts, moment_of(space, config), limits_of(profile)).judged()


def write(graph: Columns, file: Path, copies: int = 1, most: int | None = None) -> int:
    """Writes N-Triples and returns how many; a copy has things of its own, and shares classes and properties."""
    count = 0
    with file.open("w", encoding="utf-8") as out:
        for copy in range(copies):
            for subject, predicate, object in graph.triples():
                if most is not None and count >= most:
                    return count
                out.write(f"{_copied(subject, copy)} {predicate} {_copied(object, copy)} .\n")
                count += 1
    return count


def _copied(term: Term, copy: int) -> str:
    if copy and isinstance(term, NamedNode) and ".example/" in term.value:
        return f"<{term.value.replace('.example/', f'.example/copy-{copy}/', 1)}>"
    if copy and isinstance(term, BlankNode):
        return f"_:{term.value}c{copy}"
    return str(term)
