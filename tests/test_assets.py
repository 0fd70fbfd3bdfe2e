"""The finder prefers the installed copy, falls back to the checkout, and names both when it fails."""

from pathlib import Path

import pytest

from gapgraph import assets
from gapgraph.errors import AssetError


def test_checkout_asset_is_found() -> None:
    assert assets.path("data", "NOTICE.md").read_text(encoding="utf-8").startswith("# Notice")
    assert assets.path("ontology").is_dir()


def test_installed_copy_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for root in ("installed", "checkout"):
        (tmp_path / root / "shapes").mkdir(parents=True)
    (tmp_path / "checkout" / "shapes" / "common.ttl").touch()
    monkeypatch.setattr(assets, "_ROOTS", (tmp_path / "installed", tmp_path / "checkout"))
    assert assets.path("shapes") == tmp_path / "installed" / "shapes"
    assert assets.path("shapes", "common.ttl") == tmp_path / "checkout" / "shapes" / "common.ttl"


def test_missing_asset_names_both_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "_ROOTS", (tmp_path / "installed", tmp_path / "checkout"))
    with pytest.raises(AssetError) as caught:
        assets.path("shapes", "common.ttl")
    assert str(tmp_path / "installed" / "shapes" / "common.ttl") in str(caught.value)
    assert str(tmp_path / "checkout" / "shapes" / "common.ttl") in str(caught.value)
