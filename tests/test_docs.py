"""The generated documentation."""

import re
from pathlib import Path

import pytest

from gapgraph.cli import cli
from gapgraph.demo import write_demo
from gapgraph.docs import cli_page, picture, readme_block, requirements_page, with_block
from gapgraph.errors import UsageError
from tests.sample import assessment

ROOT = Path(__file__).parents[1]


def test_reference_of_the_command_line_is_fresh() -> None:
    page = cli_page()
    assert all(f"## gapgraph {name}" in page for name in cli.commands)
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == page, "run make docs"


def test_reference_of_requirements_names_each() -> None:
    catalogue = assessment().catalogue
    page = requirements_page(catalogue)
    assert all(f"## {info.id} {info.title}" in page and info.statement in page for info in catalogue.values())
    assert "The profile has 17 requirements." in page


def test_picture_names_no_host() -> None:
    svg = picture(assessment())
    assert svg == picture(assessment())
    assert "@font-face" not in svg
    assert svg.count("http") == 1, "the name of the SVG namespace alone"
    assert "SOC" in svg


def test_block_of_the_readme() -> None:
    page = "# x\n<!-- generated:assess -->\nold\n<!-- /generated -->\nend\n"
    block = readme_block(assessment())
    assert with_block(page, block) == f"# x\n<!-- generated:assess -->\n{block}\n<!-- /generated -->\nend\n"
    assert "docs/assess.svg" in block
    assert "61 criteria: 33 met, 4 met with exceptions, 11 not met, 11 no conclusion, 2 not applicable." in block
    with pytest.raises(UsageError, match="put the two lines"):
        with_block("# x\n", block)


def test_the_page_on_python_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_demo(tmp_path / "demo")
    monkeypatch.chdir(tmp_path)
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.S)
    assert len(blocks) == 4
    exec("\n".join(blocks), {})  # noqa: S102 # our own page
    said = capsys.readouterr().out
    assert "registers/" in said
    new = said.rpartition("new: ")[2]
    assert "AST-01" in new  # systems without an owner who works here
    assert "<https://example.org/two> <http://www.w3.org/ns/shacl#MinCountConstraintComponent>" in said
    assert "hipaa:access met because of iso:A.5.18" in said
    assert "csf:PR.AA-05 met" not in said
