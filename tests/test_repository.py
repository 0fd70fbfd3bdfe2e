"""Rules that hold for the repository as a whole: what may stand in a file, sizes, forms, versions."""

import ast
import re
import tomllib
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import gapgraph
from gapgraph.turtle import canonical
from tests.project_files import ROOT, project_files

MODULE_LINES = 400

# Written in pieces, because this file is searched too.
FORBIDDEN = {
    "/work" + "/": "a path of one machine",
    "/root" + "/": "a path of one machine",
    str(ROOT) + "/": "a path of this machine",
    "pypi" + ".org": "the host of a package registry",
    "pythonhosted" + ".org": "the host of a package registry",
    "npmjs" + ".org": "the host of a package registry",
    "npmjs" + ".com": "the host of a package registry",
    "yarnpkg" + ".com": "the host of a package registry",
    "crates" + ".io": "the host of a package registry",
    "proxy.golang" + ".org": "the host of a package registry",
    "co-authored" + "-by": "a trailer that belongs in no file",
}
HOME_FOLDER = re.compile(r"(?:/home/|/Users/|C:\\Users\\)\w+[/\\]")

TURTLE_TOKEN_WITH_HASH = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' + r"|'''(?:[^\\]|\\.)*?'''" + r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'" + r"|<[^<>\s]*>",
    re.DOTALL,
)
SPARQL = re.compile(r"\b(?:SELECT|CONSTRUCT|ASK|DESCRIBE|INSERT|DELETE)\b.*\{|\bWHERE\s*\{", re.DOTALL)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def text_of(path: Path) -> str | None:
    """Returns the text, or None where the file is no text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def unwanted(text: str) -> list[str]:
    """Returns what a project file must not say, each with the reason."""
    lowered = text.lower()
    found = [f"{word!r}: {reason}" for word, reason in FORBIDDEN.items() if word.lower() in lowered]
    found += [f"{match.group()!r}: somebody's home folder" for match in HOME_FOLDER.finditer(text)]
    return found


def turtle_comments(text: str) -> list[str]:
    """Returns the lines of a Turtle text that hold a comment."""
    bare = TURTLE_TOKEN_WITH_HASH.sub(lambda token: "\n" * token.group().count("\n"), text)
    return [line.strip() for line in bare.splitlines() if "#" in line]


def formatted_sparql(source: str) -> list[int]:
    """Returns the lines where Python text is formatted into something that reads as SPARQL."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.expr):
            continue
        template: str | None = None
        match node:
            case ast.JoinedStr(values=values) if any(isinstance(value, ast.FormattedValue) for value in values):
                template = "".join(str(value.value) if isinstance(value, ast.Constant) else "?" for value in values)
            case ast.BinOp(op=ast.Mod(), left=ast.Constant(value=str(text))):
                template = text
            case ast.Call(func=ast.Attribute(attr="format", value=ast.Constant(value=str(text)))):
                template = text
        if template is not None and SPARQL.search(template):
            lines.append(node.lineno)
    return lines


def project() -> dict[str, Any]:
    """Returns the `project` table of pyproject.toml."""
    table = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return dict(table)


def normalised(requirement: str) -> str:
    """Returns the package name at the beginning of a requirement, as package indexes compare names.

    >>> normalised("Pytest_Cov>=7")
    'pytest-cov'
    """
    name = re.match(r"\s*([\w.-]+)", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group(1)).lower()


def direct_dependencies() -> set[str]:
    """Returns the normalised names of all packages that pyproject.toml asks for, extras included."""
    table = project()
    wanted = [*table["dependencies"]]
    for extra in table["optional-dependencies"].values():
        wanted += extra
    return {normalised(line) for line in wanted}


def test_files_name_no_machine_and_no_registry() -> None:
    findings = {
        name_of(path): found
        for path in project_files()
        if (text := text_of(path)) is not None and (found := unwanted(text))
    }
    assert findings == {}


@pytest.mark.parametrize(
    "text",
    [
        "see /wo" + "rk/main",
        "index https://py" + "pi.org/simple",
        "in /ho" + "me/kim/x",
        "CO-AUTHORED" + "-BY: x",
    ],
)
def test_search_finds_what_must_not_stand_in_a_file(text: str) -> None:
    assert unwanted(text)


def test_modules_are_short() -> None:
    long = {
        name_of(path): lines
        for path in project_files("engine", suffix=".py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MODULE_LINES
    }
    assert long == {}


def test_sparql_is_never_formatted() -> None:
    findings = {
        name_of(path): lines
        for path in project_files("engine", "app", suffix=".py")
        if (lines := formatted_sparql(path.read_text(encoding="utf-8")))
    }
    assert findings == {}, "bind parameters (initBindings, VALUES from a file) instead"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('f"SELECT ?s WHERE {{ ?s a <{iri}> }}"', [1]),
        ('"ASK { ?s a <%s> }" % iri', [1]),
        ('"CONSTRUCT { ?s a <%s> }".format(iri)', [1]),
        ('"SELECT ?s WHERE { ?s a ?t }"', []),
        ('f"SELECT one of {choices}"', []),
    ],
)
def test_formatted_sparql_is_recognised(source: str, lines: list[int]) -> None:
    assert formatted_sparql(source) == lines


@pytest.mark.parametrize("path", project_files("ontology", "shapes", "data", suffix=".ttl"), ids=name_of)
def test_turtle_is_canonical(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert turtle_comments(text) == [], "say it in skos:editorialNote"
    assert text == canonical(text, where=path), f"run: python -m gapgraph.turtle {name_of(path)}"


def test_turtle_comments_are_told_from_hashes_in_terms() -> None:
    text = '<http://e.org/#a> <http://e.org/#b> "no # comment", """# nor\n# here""" .\n# this is one'
    assert turtle_comments(text) == ["# this is one"]


def test_versions_agree() -> None:
    declared = project()["version"]
    assert gapgraph.__version__ == declared == version("gapgraph"), "install the checkout again: make lint"
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert [heading.split()[0] for heading in headings[1:2]] in ([], [declared])


def test_lock_is_whole() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {normalised(name) for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    assert direct_dependencies() - pinned == set(), "run: make lock"
    unhashed = re.findall(r"^[\w.-]+==.*[^\\]$", lock, re.MULTILINE)
    assert unhashed == []
    assert "://" not in lock


def test_every_dependency_is_explained() -> None:
    record = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([\w, -]+?) \|", record, re.MULTILINE)
    named = {normalised(name) for cell in cells for name in cell.split(",")}
    assert direct_dependencies() - named == set()


def test_licence_is_the_standard_text() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert [number for number in range(1, 10) if f"\n   {number}. " not in text] == []
    assert "END OF TERMS AND CONDITIONS" in text
