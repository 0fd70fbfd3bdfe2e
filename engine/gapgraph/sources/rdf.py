"""Graphs that users write themselves: Turtle, TriG, N-Triples, N-Quads, JSON-LD.

The parsers are pyoxigraph's, which fetch nothing. Whatever graph a file names, its statements land in the graph of the
input; blank nodes get IRIs of their own, so that two files never share one. Statements have no row, only a file. One
that cannot be used (`gapgraph.sources.statements`) costs only itself; what records lack is found once all is read.
"""

import hashlib
import json
from pathlib import PurePosixPath

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from gapgraph.sources.cells import Names
from gapgraph.sources.jsonld import meaningless
from gapgraph.sources.loading import Batch, Problem
from gapgraph.sources.statements import checked

MAX_BYTES = 64 * 1024 * 1024
MAX_NESTING = 64
MAX_LITERAL = 1024 * 1024
_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
}


def _nesting(text: str) -> int:
    """The deepest nesting of braces and brackets outside strings."""
    depth = deepest = 0
    quoted = escaped = False
    for char in text:
        if escaped:
            escaped = False
        elif quoted:
            escaped = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "}]":
            depth -= 1
    return deepest


def _refused(data: bytes, ending: str) -> str:
    if len(data) > MAX_BYTES:
        return "the file is larger than 64 MiB; split it"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "the file is UTF-16; save it as UTF-8"
    if ending == ".jsonld":
        text = data.decode("utf-8", "replace")
        if _nesting(text) > MAX_NESTING:
            return f"nesting over {MAX_NESTING}; flatten the document"
        try:
            json.loads(text)
        except (ValueError, RecursionError) as error:
            return f"not JSON: {error}"
    return ""


def read_rdf(data: bytes, path: str, names: Names) -> Batch:
    """One file of statements; a file with a syntax error gives none at all and one problem with its line."""
    batch = Batch(path)
    ending = PurePosixPath(path).suffix.lower()
    data = data.removeprefix(b"\xef\xbb\xbf")
    why = _refused(data, ending)
    if why:
        batch.problems.append(Problem(path, 0, why, "*"))
        return batch
    scope = hashlib.sha256(path.encode()).hexdigest()[:12]
    triples: list[Triple] = []
    try:
        for quad in parse(data, format=_FORMATS[ending], base_iri=names.base, rename_blank_nodes=False):
            if isinstance(quad.subject, Triple) or isinstance(quad.object, Triple):
                raise ValueError("statements about statements are not read")
            if isinstance(quad.object, Literal) and len(quad.object.value) > MAX_LITERAL:
                raise ValueError("a literal is longer than 1 MiB")
            subject = _named(quad.subject, names.base, scope)
            value = quad.object if isinstance(quad.object, Literal) else _named(quad.object, names.base, scope)
            triples.append(Triple(subject, quad.predicate, value))
    except SyntaxError as error:
        batch.problems.append(
            Problem(path, error.lineno or 0, f"not readable: {error.msg}; nothing of the file was read", "*")
        )
        return batch
    except (ValueError, MemoryError) as error:
        batch.problems.append(Problem(path, 0, f"not readable: {error}; nothing of the file was read", "*"))
        return batch
    if not triples:
        batch.problems.append(Problem(path, 0, "no statements found; remove the file or fill it", "*"))
    if ending == ".jsonld":
        for key in meaningless(json.loads(data)):
            message = f"key '{key}' has no meaning in @context and states nothing; add it there or correct it"
            batch.problems.append(Problem(path, 0, message, "*"))
    batch.triples, faults, batch.refused = checked(triples, path, names)
    batch.problems += faults
    batch.rows = dict.fromkeys((t.subject.value for t in triples if isinstance(t.subject, NamedNode)), 0)
    return batch


def _named(term: object, base: str, scope: str) -> NamedNode:
    if isinstance(term, BlankNode):
        return NamedNode(f"{base}.well-known/genid/{scope}-{term.value}")
    assert isinstance(term, NamedNode)
    return term
