"""Canonical Turtle: one text per graph, nothing lost, nothing guessed."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rdflib import Graph
from rdflib.compare import isomorphic

from gapgraph.errors import InputError
from gapgraph.turtle import canonical, main

MESSY = """
@prefix g: <https://w3id.org/gapgraph/ontology#> . @prefix ex: <https://example.org/> .
@prefix unused: <urn:unused:> .
ex:crm a g:System ; g:has [ g:size 2 ], [ g:size 1 ; g:part [ g:size 3 ] ] , ( ex:b [ g:size 4 ] "x\\ny" ) .
# gone
"""


def test_canonical_keeps_the_graph_and_is_stable() -> None:
    once = canonical(MESSY)
    assert canonical(once) == once
    assert isomorphic(Graph().parse(data=MESSY, format="turtle"), Graph().parse(data=once, format="turtle"))


def test_canonical_uses_the_project_prefixes_and_only_those_in_use() -> None:
    prefixes = [line.split()[1] for line in canonical(MESSY).splitlines() if line.startswith("PREFIX")]
    assert prefixes == ["ex:", "gg:", "rdf:", "xsd:"], "lists and numbers count as uses of rdf: and xsd:"


def test_canonical_does_not_depend_on_order_or_hash_seed() -> None:
    code = "import sys; from gapgraph.turtle import canonical; sys.stdout.write(canonical(sys.stdin.read()))"
    texts = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=text,
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
        for text in (MESSY, MESSY.replace("[ g:size 2 ], [ g:size 1", "[ g:size 2 ; g:x 1 ], [ g:size 1"))
    }
    assert len(texts) == 2


@pytest.mark.parametrize(("text", "said"), [("a b", "not readable as Turtle"), ("<a> <b> <c> .", "relative IRI")])
def test_canonical_refuses(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        canonical(text, where="x.ttl")
    assert str(caught.value).startswith("x.ttl: ")


def test_command_rewrites_checks_and_complains(tmp_path: Path) -> None:
    file = tmp_path / "a.ttl"
    file.write_text(MESSY, encoding="utf-8")
    checked = CliRunner().invoke(main, ["--check", str(file)])
    assert (checked.exit_code, checked.output) == (1, f"differs: {file}\n")
    assert file.read_text(encoding="utf-8") == MESSY
    assert CliRunner().invoke(main, [str(file)]).output == f"rewritten: {file}\n"
    again = CliRunner().invoke(main, ["--check", str(file)])
    assert (again.exit_code, again.output) == (0, "")
    file.write_text("a b", encoding="utf-8")
    broken = CliRunner().invoke(main, [str(file)])
    assert broken.exit_code == 1
    assert str(file) in broken.output
