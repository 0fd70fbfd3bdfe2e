"""Settings of all tests."""

import pytest
from hypothesis import settings

settings.register_profile("gapgraph", deadline=None)  # how long a machine takes is measured in benchmarks, never here
settings.load_profile("gapgraph")

LONGEST = (
    "test_shacl_fuzz.py",
    "test_rule_units.py",
    "test_live.py",
    "test_no_false_green.py",
    "test_demo.py",
    "test_explorer_browser.py",
    "test_construct.py",
    "test_reaching.py",
    "test_wheel.py",
)
"""Files that take longest, to be begun first: with a file to a worker one that is left for the end is waited for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the files that take longest first; the order within a file stays."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))
