"""Files made by others, which lie beside the checkout and are read from there."""

import os
from pathlib import Path

import pytest

from tests.project_files import ROOT

SHARED = Path(os.environ.get("GAPGRAPH_SHARED") or ROOT.parent / "shared")


def shared(*parts: str) -> Path:
    """A file made by others; skips, or fails where it must be there."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        reason = f"{'/'.join(parts)} is not below GAPGRAPH_SHARED (default ../shared)"
        if os.environ.get("GAPGRAPH_REQUIRE_SHARED") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
