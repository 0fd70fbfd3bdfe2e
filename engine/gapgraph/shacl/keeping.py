"""Documents that are parsed once: their columns are kept in a folder under the hash of their content.

A kept file holds arrays alone, so reading one runs no code. One that cannot be read is made again; the folder may be
deleted at any time. Whoever may write to the folder decides what is read from it: it is no place for files of others.
"""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, RdfFormat, Triple, __version__

from gapgraph.shacl.columns import Columns
from gapgraph.shacl.terms import BLANK, IRI, Term, Terms

__all__ = ["LIMIT", "parsed_once"]

LIMIT = 4 << 30
"""Bytes that a folder keeps unless told otherwise; those that were asked for longest ago go first."""
_LAYOUT = 1
_UNREADABLE = (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile)

_Arrays = dict[str, npt.NDArray[np.generic]]


def parsed_once(
    content: bytes, format: RdfFormat, folder: Path, *, base: str | None = None, limit: int = LIMIT
) -> Columns:
    """The graph of a document, as `Columns.parsed` gives it; parsed where `folder` does not know this content.

    Blank nodes have the names that they were given when the document was parsed. A document with triple terms is
    parsed each time. Raises SyntaxError with line and
    column, and OSError where the folder cannot be written.
    """
    file = folder / f"{_key(content, format, base)}.npz"
    known = _read(file)
    if known is not None:
        return known
    made = Columns.parsed(content, format, base=base)
    if not any(isinstance(term, Triple) for term in made.terms.ids):
        _write(made, file)
        _tidy(folder, file, limit)
    return made


def _key(content: bytes, format: RdfFormat, base: str | None) -> str:
    """The name of what is kept: the content, and all else that decides what is read from it."""
    found = hashlib.sha256(json.dumps([_LAYOUT, __version__, format.iri, base]).encode())
    found.update(content)
    return found.hexdigest()


def _read(file: Path) -> Columns | None:
    try:
        with np.load(file, allow_pickle=False) as arrays:
            made = _columns({name: arrays[name] for name in arrays.files})
        os.utime(file)
    except _UNREADABLE:
        return None
    return made


def _write(columns: Columns, file: Path) -> None:
    """Writes beside the place and moves there: nobody reads half a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as out:
            np.savez(out, **_arrays(columns))  # type: ignore[arg-type] # the stub takes the arrays for its options
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _tidy(folder: Path, last: Path, limit: int) -> None:
    """Takes out what was asked for longest ago, until the folder keeps no more than `limit` bytes or the last alone."""
    found = []
    for file in folder.glob("*.npz"):
        try:
            state = file.stat()
        except OSError:
            continue
        found.append((file == last, state.st_mtime_ns, state.st_size, file))
    left = sum(size for _, _, size, _ in found)
    for is_last, _, size, file in sorted(found):
        if left <= limit or is_last:
            return
        file.unlink(missing_ok=True)
        left -= size


def _arrays(columns: Columns) -> _Arrays:
    """The terms as one text with the end of each, what kind of literal each is, and the packed pairs by predicate."""
    terms = columns.terms.of(range(len(columns.terms)))
    kinds: dict[tuple[str, str | None, str | None], int] = {}
    forms = np.full(len(terms), -1, np.int32)
    for id, term in enumerate(terms):
        if isinstance(term, Literal):
            side = term.direction
            kind = (term.datatype.value, term.language, None if side is None else str(side))
            forms[id] = kinds.setdefault(kind, len(kinds))
    texts = [term.value for term in terms]
    predicates = sorted(columns.predicates())
    pairs = [columns.packed(p) for p in predicates]
    return {
        "text": np.frombuffer("".join(texts).encode(), np.uint8),
        "ends": np.cumsum([len(text) for text in texts], dtype=np.int64),
        "kinds": columns.terms.kinds(np.arange(len(terms))),
        "forms": forms,
        "literals": np.frombuffer(json.dumps(list(kinds)).encode(), np.uint8),
        "predicates": np.array(predicates, np.int64),
        "sizes": np.array([len(p) for p in pairs], np.int64),
        "pairs": np.concatenate(pairs) if pairs else np.empty(0, np.int64),
    }


def _columns(arrays: _Arrays) -> Columns:
    made = Columns(Terms.of_these(_terms(arrays)))
    start = 0
    for predicate, size in zip(arrays["predicates"].tolist(), arrays["sizes"].tolist(), strict=True):
        made.insert(predicate, np.asarray(arrays["pairs"][start : start + size], np.int64))
        start += size
    return made


def _terms(arrays: _Arrays) -> Sequence[Term]:
    text = arrays["text"].tobytes().decode()
    literals = [
        (NamedNode(datatype), language, None if direction is None else BaseDirection(direction))
        for datatype, language, direction in json.loads(arrays["literals"].tobytes())
    ]
    made: list[Term] = []
    spans = pairwise([0, *arrays["ends"].tolist()])
    for (start, end), kind, form in zip(spans, arrays["kinds"].tolist(), arrays["forms"].tolist(), strict=True):
        value = text[start:end]
        if kind == IRI:
            made.append(NamedNode(value))
        elif kind == BLANK:
            made.append(BlankNode(value))
        else:
            datatype, language, direction = literals[form]
            if language is None:
                made.append(Literal(value, datatype=datatype))
            else:
                made.append(Literal(value, language=language, direction=direction))
    return made
