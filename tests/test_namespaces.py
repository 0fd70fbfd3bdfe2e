"""IRIs are shown short where, and only where, the short form reads back as the same IRI."""

import pytest

from gapgraph.namespaces import GG, GGS, PREFIXES, TSC, curie


@pytest.mark.parametrize(
    ("iri", "shown"),
    [
        (str(GG.Control), "gg:Control"),
        (str(GGS["ACC-01"]), "ggs:ACC-01"),
        (str(TSC["CC6.1"]), "tsc:CC6.1"),
        (str(TSC), str(TSC)),
        (str(TSC["a/b"]), str(TSC["a/b"])),
        (str(GG["ends."]), str(GG["ends."])),
        ("https://example.org/crm", "https://example.org/crm"),
        ("", ""),
    ],
)
def test_curie(iri: str, shown: str) -> None:
    assert curie(iri) == shown


def test_no_namespace_begins_another() -> None:
    spaces = list(PREFIXES.values())
    assert [(a, b) for a in spaces for b in spaces if a != b and b.startswith(a)] == []
