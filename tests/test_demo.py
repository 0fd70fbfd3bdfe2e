"""Demo companies: the clean one has no gap, a planted one exactly what the catalogue says by hand."""

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from gapgraph import workspace
from gapgraph.demo import DEFECTS, differences, expect, write_demo
from gapgraph.demo.build import clean_company
from gapgraph.demo.catalogue import DEFAULTS, compatible
from gapgraph.demo.company import SIZES, Company
from gapgraph.demo.defect import Defect, Expected, clashes
from gapgraph.errors import InputError, UsageError
from gapgraph.frameworks import load_framework
from gapgraph.model import GapStatus, Outcome, ReportType
from gapgraph.profile import shipped_requirements
from gapgraph.run import assess

ENGAGEMENTS = {"soc2-type1": ReportType.TYPE_I, "soc2-type2": ReportType.TYPE_II}
SEEDS = range(1, 11)


def fitting(size: str) -> list[str]:
    """The names of the defects that fit a size."""
    return [name for name, defect in DEFECTS.items() if size in defect.sizes]


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


@pytest.mark.parametrize("seed", SEEDS)
def test_the_clean_small_company_has_no_gap(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", seed, ()) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_the_planted_small_company_has_exactly_the_gaps_of_the_catalogue(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", seed, DEFAULTS["small"]) == []


def groups(size: str, most: int = 8) -> list[tuple[str, ...]]:
    """Every defect that fits a size once, in groups of which nothing clashes; what clashes with all stands alone."""
    found: list[list[str]] = [[] for _ in range(-(-len(fitting(size)) // most) + 4)]
    for place, name in enumerate(fitting(size)):
        turn = [found[(place + i) % len(found)] for i in range(len(found))]
        free = (g for g in turn if not any(clashes(DEFECTS[name], DEFECTS[other]) for other in g))
        group = next(free, None)
        if group is None:
            found.append(group := [])
        group.append(name)
    return [tuple(g) for g in found if g]


@pytest.mark.slow
@pytest.mark.parametrize("names", groups("small"), ids=lambda names: names[0])
def test_a_few_defects_at_a_time_cause_what_they_say(names: tuple[str, ...], tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", 1, names) == []


def test_the_groups_hold_every_defect_once() -> None:
    assert sorted(name for group in groups("small") for name in group) == sorted(fitting("small"))


def test_every_defect_that_fits_together_at_once(tmp_path: Path) -> None:
    assert wrong(tmp_path / "demo", "small", 1, tuple(d.name for d in compatible("small"))) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_mid_company_clean_and_planted(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "clean", "mid", seed, ()) == []
    assert wrong(tmp_path / "planted", "mid", seed, DEFAULTS["mid"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_the_large_company_clean_and_planted(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "clean", "large", seed, ()) == []
    assert wrong(tmp_path / "planted", "large", seed, DEFAULTS["large"]) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_defect_that_fits_the_mid_company_at_once(seed: int, tmp_path: Path) -> None:
    assert wrong(tmp_path / "all", "mid", seed, tuple(d.name for d in compatible("mid"))) == []


def test_a_gap_that_was_verified_and_found_again_is_reopened(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write_demo(folder, defects=["gap-reopened"])
    found = assess(folder, engagement="soc2-type2")
    by_requirement = {gap.requirement: gap for gap in found.gaps}
    assert by_requirement["VUL-01"].status is GapStatus.REOPENED
    assert by_requirement["VUL-01"].history[-1].endswith("found again, reopened")


def content(folder: Path) -> dict[str, bytes]:
    """The bytes of every file by path."""
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 4), ("b", 4), ("c", 5)):
        write_demo(tmp_path / name, seed=seed)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert content(tmp_path / "a") != content(tmp_path / "c")


def test_the_order_of_sets_plays_no_part(tmp_path: Path) -> None:
    def digest(hash_seed: str) -> str:
        folder = tmp_path / hash_seed
        code = (
            "import sys; from pathlib import Path; from gapgraph.demo import write_demo; write_demo(Path(sys.argv[1]))"
        )
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=env)
        whole = hashlib.sha256()
        for path, data in content(folder).items():
            whole.update(path.encode() + b"\0" + data)
        return whole.hexdigest()

    assert digest("1") == digest("2")


@pytest.mark.parametrize("size", SIZES)
def test_the_size_is_what_it_says(size: str) -> None:
    company = clean_company(size)
    wanted = SIZES[size]
    active = [row for row in company.rows("people") if not row.get("ended_on")]
    joined = [row for row in active if row["started_on"] >= "2026"]
    assert (len(active), len(joined)) == (wanted.people, wanted.joiners)
    assert len(company.tables["people"]) == wanted.people + wanted.leavers
    assert len(company.tables["systems"]) == wanted.systems
    assert len(company.tables["services"]) == wanted.services
    assert len(company.tables["vendors"]) == wanted.vendors
    assert len(list(company.rows("vendors", kind="subservice"))) == wanted.subservice
    assert len(company.tables["policies"]) == wanted.policies
    assert len(company.tables["access_reviews"]) == 4 * wanted.systems


def test_only_registers_with_rows_are_written(tmp_path: Path) -> None:
    summary = write_demo(tmp_path / "demo", defects=[])
    files = {p.stem for p in (tmp_path / "demo" / "registers").iterdir()}
    assert files == set(summary.rows)
    assert summary.organisation in str(summary)
    assert "no defect" in str(summary)
    for name in files:
        text = (tmp_path / "demo" / "registers" / f"{name}.csv").read_text(encoding="utf-8")
        assert len(list(csv.DictReader(text.splitlines()))) == summary.rows[name]


def test_evidence_that_names_a_file_has_it(tmp_path: Path) -> None:
    write_demo(tmp_path / "demo", defects=[])
    text = (tmp_path / "demo" / "registers" / "evidence.csv").read_text(encoding="utf-8")
    named = {row["file"] for row in csv.DictReader(text.splitlines()) if row["file"]}
    assert named
    assert all((tmp_path / "demo" / path).is_file() for path in named)


def test_a_folder_that_holds_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for force in (False, True):
        with pytest.raises(InputError, match="holds no demo"):
            write_demo(tmp_path, force=force)
    assert content(tmp_path) == {"mine.txt": b"mine"}


def test_a_workspace_of_somebody_is_never_replaced(tmp_path: Path) -> None:
    workspace.init(tmp_path)
    before = content(tmp_path)
    with pytest.raises(InputError):
        write_demo(tmp_path, force=True)
    assert content(tmp_path) == before


def test_a_demo_is_replaced_only_when_asked_to(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write_demo(folder, seed=1, defects=["scan-compensated"])
    note = folder / "evidence" / "note.txt"
    note.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="add --force"):
        write_demo(folder, seed=2)
    write_demo(folder, seed=2, defects=[], force=True)
    assert note.read_text(encoding="utf-8") == "mine"
    note.unlink()
    write_demo(tmp_path / "fresh", seed=2, defects=[])
    assert content(folder) == content(tmp_path / "fresh")


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "demo", tmp_path / "outside"
    write_demo(folder)
    (folder / "registers").rename(outside)
    (folder / "registers").symlink_to(outside)
    before = content(outside)
    with pytest.raises(InputError, match="link"):
        write_demo(folder, seed=3, force=True)
    assert content(outside) == before


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        write_demo(tmp_path / "demo")


@pytest.mark.parametrize(
    ("size", "names", "said"),
    [
        ("huge", [], "no size 'huge'"),
        ("small", ["late"], "no defect 'late'"),
        ("mid", ["vendor-incident-left"], "does not fit the size mid"),
        ("small", ["leaver-not-settled", "leaver-accounts-late"], "cannot be planted together"),
    ],
)
def test_what_cannot_be_planted_is_said_before_anything_is_written(
    size: str, names: list[str], said: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=said):
        write_demo(tmp_path / "demo", size=size, defects=names)
    assert not (tmp_path / "demo").exists()


def test_all_is_every_defect_that_fits_together(tmp_path: Path) -> None:
    summary = write_demo(tmp_path / "demo", defects=["all"])
    assert summary.defects == tuple(d.name for d in compatible("small"))
    left = [DEFECTS[name] for name in fitting("small") if name not in summary.defects]
    assert all(any(clashes(defect, DEFECTS[name]) for name in summary.defects) for defect in left)


ADDED = frozenset({"accounts/helpdesk-shared", "dataset_versions/data-second"})
"""Subjects of gaps that a defect itself adds."""


@pytest.mark.parametrize(
    ("size", "defect"),
    [pytest.param(s, d, id=f"{d.name}-{s}") for d in DEFECTS.values() for s in SIZES if s in d.sizes],
)
def test_expectations_speak_of_what_is_there(size: str, defect: Defect, companies: dict[str, Company]) -> None:
    requirements = {id: r.info for id, r in shipped_requirements().items()}
    criteria = {c.id for c in load_framework("tsc-2017").criteria}
    before = companies[size]
    for type in ReportType:
        said = defect.expected(size, type)
        assert {requirement for requirement, _ in said.gaps} <= set(requirements)
        assert set(said.criteria) <= criteria
        assert {*said.designs, *said.operations} <= set(before.tables["controls"])
        for _, subject in said.gaps:
            register, _, id = subject.partition("/")
            assert subject == "organisation" or subject in ADDED or id in before.tables[register]


@pytest.fixture(scope="module")
def companies() -> dict[str, Company]:
    """A clean company of each size."""
    return {size: clean_company(size) for size in SIZES}


def test_there_are_defects_without_a_gap() -> None:
    silent = {name for name, defect in DEFECTS.items() if not defect.type2.gaps and not defect.type1.gaps}
    assert silent == {
        "evaluation-independent-since",
        "host-protection-excepted",
        "mfa-exception-valid",
        "nil-shown",
        "performer-left-deputy",
        "report-bridged",
        "roster-difference-explained",
        "system-entered-scope",
        "zone-single-recoverable",
    }


def test_several_defects_are_united() -> None:
    names = ("review-late", "review-quarter-missing")
    said = expect([DEFECTS[name] for name in names], "small", ReportType.TYPE_II)
    assert said.gaps == DEFECTS[names[0]].type2.gaps | DEFECTS[names[1]].type2.gaps
    assert said.criteria["CC6.1"] is Outcome.NOT_MET
    assert expect([], "small", ReportType.TYPE_II) == Expected()


def test_defaults_fit_their_size() -> None:
    for size, names in DEFAULTS.items():
        assert set(names) <= set(fitting(size))
        assert len(names) >= 12 or size == "tiny"


DOCUMENT = Path(__file__).parents[1] / "docs" / "demo.md"


def documented(defect: Defect) -> str:
    """The row of a defect in the documentation."""
    gaps = sorted(defect.type2.gaps)
    shown = ", ".join(f"{requirement} {subject}" for requirement, subject in gaps) or "none"
    if len(gaps) > 4:
        shown = ", ".join(sorted({requirement for requirement, _ in gaps})) + f" ({len(gaps)} gaps)"
    assert defect.type1.gaps in (frozenset(), defect.type2.gaps)
    other = "the same" if defect.type1.gaps else "none"
    where = "all" if defect.name in DEFAULTS["small"] else "mid, large" if defect.name in DEFAULTS["mid"] else ""
    return f"| `{defect.name}` | {defect.title} | {shown} | {other} | {where} |"


def test_the_documentation_lists_the_catalogue() -> None:
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert rows == [documented(defect) for defect in DEFECTS.values()]


@pytest.mark.parametrize("size", SIZES)
def test_the_documentation_says_how_large_a_company_is(size: str, companies: dict[str, Company]) -> None:
    tables, wanted = companies[size].tables, SIZES[size]
    counts = (wanted.people, *(len(tables[name]) for name in ("systems", "vendors", "controls", "access_reviews")))
    row = f"| {size} | {wanted.kind} | {' | '.join(map(str, counts))} |"
    assert row in DOCUMENT.read_text(encoding="utf-8").splitlines()
