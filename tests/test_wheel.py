"""What users get: the wheel, installed away from the checkout, does the main job from an empty folder."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project_files import ROOT, project_files

ASSETS = ("ontology", "shapes", "data", "app")


@dataclass(frozen=True, slots=True)
class Installed:
    """A virtual environment that holds the wheel and, behind it, the packages of this one."""

    wheel: Path
    venv: Path

    def run(self, folder: Path, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Runs a program of the environment in the folder; the checkout is not on its path."""
        program = self.venv / "bin" / command[0]
        return subprocess.run(
            [str(program), *command[1:]],
            cwd=folder,
            env={name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def must(command: Sequence[str | Path]) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    must([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", ROOT])
    (wheel,) = (folder / "dist").glob("*.whl")
    venv = folder / "venv"
    must([sys.executable, "-m", "venv", "--without-pip", venv])
    target: list[str | Path] = ["--python", venv / "bin" / "python"]
    must([sys.executable, "-m", "pip", *target, "install", "--quiet", "--no-deps", "--no-index", wheel])
    (own,) = venv.glob("lib/python*/site-packages")
    # A plain path line: packages there are found, but the .pth file of the editable checkout is not followed.
    (own / "behind.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return Installed(wheel=wheel, venv=venv)


def test_wheel_holds_every_asset(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("gapgraph/_assets/")}
    wanted = {f"gapgraph/_assets/{path.relative_to(ROOT).as_posix()}" for path in project_files(*ASSETS)}
    assert held == wanted
    assert any(name.endswith(".ttl") for name in held)


def test_modules_and_assets_come_from_the_wheel(installed: Installed, tmp_path: Path) -> None:
    code = "import gapgraph, gapgraph.assets as a; print(gapgraph.__file__); print(a.path('shapes'))"
    done = installed.run(tmp_path, ["python", "-c", code])
    assert done.returncode == 0, done.stderr
    module, shapes = (Path(line) for line in done.stdout.splitlines())
    assert module.is_relative_to(installed.venv)
    assert shapes.is_relative_to(installed.venv)
    assert not shapes.is_relative_to(ROOT)


def test_wheel_assesses_the_demo_from_an_empty_folder(installed: Installed, tmp_path: Path) -> None:
    written = installed.run(tmp_path, ["gapgraph", "demo", "d", "--size", "small"])
    assert written.returncode == 0, written.stderr
    assessed = installed.run(tmp_path, ["gapgraph", "assess", "d", "--format", "json"])
    assert assessed.returncode == 0, assessed.stderr
    assessment = json.loads(assessed.stdout)
    assert assessment["gaps"], "the small demo has planted defects"
    assert not assessment["meta"]["faults"]
