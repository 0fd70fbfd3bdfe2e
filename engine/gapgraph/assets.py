"""Finds the files that belong to the package: `ontology`, `shapes`, `data` and `app`.

A wheel carries them under `gapgraph/_assets`; in a checkout they are the top-level folders. This module alone
knows the difference, and nobody else builds a path to them.
"""

from pathlib import Path

from gapgraph.errors import AssetError

__all__ = ["ontology", "path"]

_PACKAGE = Path(__file__).resolve().parent
_ROOTS = (_PACKAGE / "_assets", _PACKAGE.parents[1])


def path(*parts: str) -> Path:
    """Returns the file or folder of that name, as in `path("shapes", "common.ttl")`.

    Raises
    ------
    AssetError
        If neither the installed package nor the checkout has it; the message names both places.
    """
    candidates = [root.joinpath(*parts) for root in _ROOTS]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    name = "/".join(parts)
    places = " nor at ".join(str(candidate) for candidate in candidates)
    raise AssetError(f"{name} belongs to gapgraph but is neither at {places}; install gapgraph again")


def ontology() -> tuple[Path, ...]:
    """The Turtle files that together are the ontology: what all topics share, then one file for each topic."""
    root = path("ontology")
    return (*sorted(root.glob("*.ttl")), *sorted(root.glob("topics/*.ttl")))
