"""Invented names of people, vendors and customers, drawn without repetition."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from gapgraph import assets


@cache
def _lists() -> dict[str, Any]:
    return tomllib.loads(assets.path("data", "demo", "names.toml").read_text(encoding="utf-8"))


def company_name(size: str, rng: Random) -> str:
    """The name of a company of that size."""
    return str(rng.choice(_lists()["companies"][size]))


def customers() -> list[str]:
    """Names of customers."""
    return list(_lists()["customers"])


def _pairs(first: list[str], second: list[str], rng: Random) -> Iterator[tuple[str, str]]:
    every = [(a, b) for a in first for b in second]
    rng.shuffle(every)
    yield from every


@dataclass(frozen=True, slots=True)
class Names:
    """Streams of names; no name comes twice."""

    people: Iterator[tuple[str, str]]
    vendors: Iterator[tuple[str, str]]

    @classmethod
    def drawn(cls, rng: Random) -> "Names":
        """Streams in an order of chance."""
        lists = _lists()
        return cls(
            _pairs(lists["given"], lists["family"], rng),
            _pairs(lists["vendor_first"], lists["vendor_second"], rng),
        )
