"""Documents that are parsed once: the same graph again, and never another one."""

import os
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapgraph.shacl import Columns, parsed_once

NT, TTL = ox.RdfFormat.N_TRIPLES, ox.RdfFormat.TURTLE
IRIS = st.sampled_from(["a:b", "https://example.org/é/%20", "urn:x#\U0001f600"]).map(ox.NamedNode)
BLANKS = st.sampled_from(["n1", "n2"]).map(ox.BlankNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text, kind: ox.Literal(text, datatype=kind), TEXTS, IRIS),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["en", "de-at"])),
    TEXTS.map(lambda text: ox.Literal(text, language="ar", direction=ox.BaseDirection.RTL)),
)
TRIPLES = st.lists(st.builds(ox.Triple, IRIS | BLANKS, IRIS, IRIS | BLANKS | LITERALS), max_size=12)


def said(columns: Columns) -> set[tuple[object, ...]]:
    return set(columns.triples())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIPLES)
def test_a_kept_graph_is_the_graph(tmp_path: Path, triples: list[ox.Triple]) -> None:
    content = b"".join(f"{t} .\n".encode() for t in triples)
    first = parsed_once(content, NT, tmp_path)
    again = parsed_once(content, NT, tmp_path)
    assert said(first) == said(again) == said(Columns.parsed(content, NT))
    assert len(again) == len(set(triples))
    for number, term in enumerate(again.terms.ids):
        assert again.terms[number] == term
        assert again.terms.id(term) == number


def test_a_kept_graph_can_be_changed_and_does_not_change_what_is_kept(tmp_path: Path) -> None:
    content = b"<a:a> <a:p> <a:b> ."
    parsed_once(content, NT, tmp_path)
    graph = parsed_once(content, NT, tmp_path)
    other = ox.Triple(ox.NamedNode("a:new"), ox.NamedNode("a:q"), ox.Literal("1"))
    graph.change([other], [])
    assert len(graph) == 2
    assert len(parsed_once(content, NT, tmp_path)) == 1


def test_it_is_read_and_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"<a:a> <a:p> [ <a:q> 1 ] ."
    first = parsed_once(content, TTL, tmp_path)
    monkeypatch.setattr(Columns, "parsed", None)
    assert said(parsed_once(content, TTL, tmp_path)) == said(first)


@pytest.mark.parametrize(
    ("content", "format", "base"),
    [
        (b"<a:a> <a:p> <b> , <a:c> .", TTL, "http://one.example/"),
        (b"<a:a> <a:p> <b> .", TTL, "http://two.example/"),
        (b"<a:a> <a:p> <b> .", ox.RdfFormat.TRIG, "http://one.example/"),
    ],
)
def test_other_content_or_another_base_or_syntax_is_another_document(
    tmp_path: Path, content: bytes, format: ox.RdfFormat, base: str
) -> None:
    parsed_once(b"<a:a> <a:p> <b> .", TTL, tmp_path, base="http://one.example/")
    found = parsed_once(content, format, tmp_path, base=base)
    assert said(found) == said(Columns.parsed(content, format, base=base))
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("left", [0.0, 0.5, 0.99])
def test_a_torn_file_is_made_again(tmp_path: Path, left: float) -> None:
    content = b"<a:a> <a:p> <a:b> ."
    parsed_once(content, NT, tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: int(len(whole) * left)])
    assert said(parsed_once(content, NT, tmp_path)) == said(Columns.parsed(content, NT))
    assert kept.read_bytes() == whole


def test_a_changed_file_is_made_again(tmp_path: Path) -> None:
    content = b"<a:a> <a:p> <a:b> ."
    parsed_once(content, NT, tmp_path)
    (kept,) = tmp_path.iterdir()
    changed = kept.read_bytes().replace(b"a:aa:pa:b", b"a:xa:pa:b")
    assert changed != kept.read_bytes()
    kept.write_bytes(changed)
    assert said(parsed_once(content, NT, tmp_path)) == said(Columns.parsed(content, NT))


def test_a_document_that_cannot_be_parsed_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(SyntaxError, match="line 1"):
        parsed_once(b"<a:a> <a:p>", NT, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_triple_terms_are_parsed_each_time(tmp_path: Path) -> None:
    content = b"<a:a> <a:p> <<( <a:a> <a:b> <a:c> )>> ."
    assert len(parsed_once(content, TTL, tmp_path)) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_was_asked_for_longest_ago_goes_first(tmp_path: Path) -> None:
    documents = [f"<a:a{n}> <a:p> <a:b> .".encode() for n in range(4)]
    files: list[Path] = []
    for age, document in enumerate(documents[:3]):
        known = set(tmp_path.iterdir())
        parsed_once(document, NT, tmp_path)
        files += set(tmp_path.iterdir()) - known
        os.utime(files[age], (age, age))
    parsed_once(documents[0], NT, tmp_path)
    parsed_once(documents[3], NT, tmp_path, limit=2 * files[0].stat().st_size)
    left = set(tmp_path.iterdir())
    assert len(left) == 2
    assert left & set(files) == {files[0]}
