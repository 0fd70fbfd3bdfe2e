"""Demo companies: the clean one has no gap, a planted one exactly what the catalogue says by hand."""

from pathlib import Path

import pytest

from gapgraph import workspace
from gapgraph.demo import DEFECTS, differences, expect, write_demo
from gapgraph.demo.catalogue import DEFAULTS, compatible
from gapgraph.errors import InputError
from gapgraph.model import ReportType
from gapgraph.run import assess

ENGAGEMENTS = {"soc2-type1": ReportType.TYPE_I, "soc2-type2": ReportType.TYPE_II}
SMALL = [name for name, defect in DEFECTS.items() if "small" in defect.sizes]


def wrong(folder: Path, size: str, seed: int, names: tuple[str, ...]) -> list[str]:
    """What differs from the catalogue in either engagement."""
    write_demo(folder, size=size, seed=seed, defects=names)
    found = assess(folder)
    base = workspace.load(folder).base
    chosen = [DEFECTS[name] for name in names]
    return [
        f"{engagement}: {difference}"
        for engagement, type in ENGAGEMENTS.items()
        for difference in differences(expect(chosen, size, type), found, engagement, base)
    ]


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_clean_small_company_has_no_gap(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", seed, ()) == []


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_planted_small_company_has_exactly_the_gaps_of_the_catalogue(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", seed, DEFAULTS["small"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALL)
def test_each_defect_alone_causes_what_it_says(name: str, tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", 1, (name,)) == []


def test_every_defect_that_fits_together_at_once(tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", 1, tuple(d.name for d in compatible("small"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_mid_company_clean_and_planted(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "clean", "mid", seed, ()) == []
    assert wrong(tmp_path / "planted", "mid", seed, DEFAULTS["mid"]) == []


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    def content(name: str, seed: int) -> dict[str, bytes]:
        folder = tmp_path / name
        write_demo(folder, size="small", seed=seed)
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    assert content("a", 4) == content("b", 4)
    assert content("a2", 4) != content("c", 5)


def test_a_folder_that_holds_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(InputError):
            write_demo(tmp_path, size="small", seed=1, force=force)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_the_catalogue_states_something_for_every_defect() -> None:
    assert len(DEFECTS) >= 30
    for defect in DEFECTS.values():
        assert defect.title
        assert defect.sizes
