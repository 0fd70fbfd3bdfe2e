"""The hashes of files of evidence as they are now: a fact of the day on which the workspace is read."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from gapgraph.namespaces import PREFIXES

_FILE = NamedNode(PREFIXES["gg"] + "file")
_HASH = NamedNode(PREFIXES["gg"] + "currentHash")


def hashes_of(folder: Path, statements: Iterable[Triple]) -> list[Triple]:
    """The SHA-256 of each file that a piece of evidence names, for those that are there.

    A path is relative to the workspace and leads nowhere else, links included. What is not there, or cannot be read,
    has no hash: its requirement says so.
    """
    found = []
    root = folder.resolve()
    for t in statements:
        if t.predicate != _FILE or not isinstance(t.object, Literal):
            continue
        value = _hash(root, t.object.value)
        if value:
            found.append(Triple(t.subject, _HASH, Literal(value)))
    return found


def _hash(root: Path, path: str) -> str:
    try:
        file = (root / path.strip()).resolve()
        if not file.is_relative_to(root) or not file.is_file():
            return ""
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
