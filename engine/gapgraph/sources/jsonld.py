"""Keys of a JSON-LD document that state nothing: what no context gives a meaning is passed over without a word."""

from collections.abc import Iterator, Mapping

_KEYED = frozenset({"@language", "@index", "@id", "@type", "@graph"})
"""Containers whose keys are no properties."""

_SCHEMES = frozenset({"http", "https", "urn", "tag", "did", "info"})


def meaningless(document: object) -> list[str]:
    """The keys without a meaning, once each, in order of appearance."""
    contexts = list(_contexts(document))
    terms = {term: meaning for context in contexts for term, meaning in context.items()}
    vocabulary = any(isinstance(context.get("@vocab"), str) for context in contexts)

    def has_meaning(key: str) -> bool:
        prefix, colon, rest = key.partition(":")
        if colon:
            return rest.startswith("//") or prefix in terms or prefix in _SCHEMES or key in terms
        return vocabulary or key in terms

    return list(dict.fromkeys(key for key in _keys(document, terms) if not has_meaning(key)))


def _contexts(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        for entry in value:
            yield from _contexts(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key == "@context":
                yield from (part for part in (entry if isinstance(entry, list) else [entry]) if isinstance(part, dict))
            yield from _contexts(entry)


def _keys(value: object, terms: Mapping[str, object]) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _keys(entry, terms)
    elif isinstance(value, dict) and value.get("@type") != "@json":
        for key, entry in value.items():
            if key == "@context":
                continue
            if not key.startswith("@"):
                yield key
            meaning = terms.get(key)
            details = meaning if isinstance(meaning, dict) else {}
            container = details.get("@container", ())
            keyed = _KEYED & set([container] if isinstance(container, str) else container)
            if details.get("@type") != "@json":
                inner = list(entry.values()) if keyed and isinstance(entry, dict) else entry
                yield from _keys(inner, terms)
