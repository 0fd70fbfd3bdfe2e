"""Generates the documentation that has numbers, options or lists in it.

`python -m gapgraph.docs [--check] [ROOT]` makes `docs/cli.md` from the command line itself, `docs/requirements.md` from
the shapes, `docs/frameworks.md` from frameworks and covers, and from the small demo `docs/assess.svg` and the block of
`README.md` between `<!-- generated:assess -->` and `<!-- /generated -->`. With `--check` nothing is written and the
exit code is 1 where a page is stale. It runs in a checkout, since a wheel has no documentation.
"""

import io
import re
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from gapgraph import assets
from gapgraph.errors import GapgraphError, UsageError
from gapgraph.model import Assessment, ReportType, RequirementInfo

if TYPE_CHECKING:
    from gapgraph.output.summary import Summary

START, END = "<!-- generated:assess -->", "<!-- /generated -->"
GENERATED = "<!-- Made by python -m gapgraph.docs; edit the source instead. -->"
HELP_WIDTH = PICTURE_WIDTH = 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes or checks the pages; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    check = "--check" in given
    roots = [argument for argument in given if argument != "--check"]
    root = Path(roots[0]) if roots else Path()
    try:
        stale = refresh(root, check=check)
    except GapgraphError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    for path in stale:
        sys.stderr.write(f"{path} is stale; run make docs\n" if check else f"wrote {path}\n")
    return 1 if check and stale else 0


def refresh(root: Path, *, check: bool = False) -> list[Path]:
    """Writes the pages that differ from what would be generated, and returns their paths below `root`.

    With `check` nothing is written.

    Raises
    ------
    UsageError
        If `root` is no checkout of the project.
    """
    if not (root / "pyproject.toml").is_file():
        raise UsageError(f"{root} is no checkout of gapgraph; run this in the folder of its pyproject.toml")
    stale = {path: text for path, text in pages(root).items() if _read(root / path) != text}
    if not check:
        for path, text in stale.items():
            (root / path).write_text(text, encoding="utf-8", newline="\n")
    return list(stale)


def pages(root: Path) -> dict[Path, str]:
    """Every generated page by its path below `root`."""
    from gapgraph.profile import shipped_requirements

    assessment = demo_assessment()
    requirements = {id: r.info for id, r in shipped_requirements().items()}
    return {
        Path("docs/cli.md"): cli_page(),
        Path("docs/requirements.md"): requirements_page(requirements),
        Path("docs/frameworks.md"): frameworks_page(requirements),
        Path("docs/assess.svg"): picture(assessment),
        Path("README.md"): with_block(_read(root / "README.md"), readme_block(assessment)),
    }


def cli_page() -> str:
    """The reference of the command line, from its own help."""
    from gapgraph.cli import cli

    context = {"terminal_width": HELP_WIDTH, "help_option_names": ["-h", "--help"]}
    parts = ["# The command line", GENERATED, _help(cli, "gapgraph", context)]
    for name, command in sorted(cli.commands.items()):
        parts += [f"## gapgraph {name}", _help(command, f"gapgraph {name}", context)]
    return "\n\n".join(parts) + "\n"


def _help(command: click.Command, name: str, settings: Mapping[str, object]) -> str:
    context = click.Context(command, info_name=name, **settings)  # type: ignore[arg-type]
    return f"```text\n{command.get_help(context)}\n```"


def requirements_page(requirements: Mapping[str, RequirementInfo]) -> str:
    """One section for each requirement, by topic and id."""
    from gapgraph.output.markdown import table, text
    from gapgraph.output.summary import natural
    from gapgraph.output.wording import BASIS_WORDS, count, number, severity_word

    ordered = sorted(requirements.values(), key=lambda info: natural(info.id))
    by_basis = [(basis, sum(info.basis is basis for info in ordered)) for basis in BASIS_WORDS]
    rows = [[basis.value.replace("_", " "), BASIS_WORDS[basis], str(amount)] for basis, amount in by_basis]
    parts = [
        "# The requirements of the assessment profile",
        GENERATED,
        "SOC 2 prescribes no controls. Each requirement below is what the profile looks for, in our own "
        f"words, and says on what it rests. The profile has {count(len(ordered), 'requirement')}.",
        table(["basis", "meaning", "requirements"], rows),
    ]
    for info in ordered:
        limits = ", ".join(f"{name} = {value}" for name, value in sorted(info.parameters.items()))
        types = " and ".join(kind.label for kind in ReportType if kind in info.applies)
        facts = [
            ("rests on", info.basis.value.replace("_", " ")),
            ("criteria", ", ".join(info.criteria) or "none"),
            ("applies to", types),
            ("kind", info.gap_kind.value),
            ("answered by", ", ".join(_local(iri) for iri in info.control_types)),
            ("limits where the control is silent", limits),
            ("tested by", ", ".join(info.test_methods)),
            (
                "rating",
                f"severity {severity_word(info.severity)}, likelihood {info.likelihood} of 5, "
                f"complexity {info.complexity} of 5, {number(info.effort_days)} days",
            ),
            ("remedy", info.remediation),
            ("closes with", info.closing_evidence),
        ]
        lines = "\n".join(f"- {name}: {text(value)}" for name, value in facts if value)
        lines += "".join(f"\n- [{name}](../{path})" for name, path in examples(info.id))
        parts += [f"## {text(info.id)} {text(info.title)}", text(info.statement), lines]
    return "\n\n".join(parts) + "\n"


def frameworks_page(requirements: Collection[str]) -> str:
    """The frameworks with their covers by these requirements, and what each criterion still lacks."""
    from gapgraph.frameworks import framework_ids, load_framework
    from gapgraph.mapping.covers import covered_frameworks, load_covers
    from gapgraph.output.markdown import table

    covered = {id: load_covers(id) for id in covered_frameworks()}
    rows = []
    for framework in map(load_framework, framework_ids()):
        row = [f"{framework.title} (`{framework.id}`)", framework.version, str(len(framework.criteria))]
        covers = covered.get(framework.id, ())
        whole = [cover for cover in covers if cover.complete]
        judged = [cover for cover in whole if not cover.absent(requirements)]
        rows.append([*row, *(str(len(found)) if covers else "" for found in (covers, whole, judged))])
    parts = [
        "# Frameworks and covers",
        GENERATED,
        "A criterion of another framework is met when the requirements that make it up are: its cover. A cover is "
        "whole where nothing of the criterion lies outside it, and can be judged where the rule set has all its "
        "requirements and those that decide whether it applies. Until then nothing is met by it, and what is missing "
        "stands below "
        "([decision 0009](decisions/0009-mappings.md)). The criteria of SOC 2 are judged by the profile itself.",
        table(["framework", "version", "criteria", "covers", "whole", "can be judged"], rows),
        "A requirement in italics asks for more than the criterion: failing it alone is no verdict on it.",
    ]
    for id, covers in covered.items():
        rows = []
        for cover in covers:
            there = ", ".join(_slice(one, cover.beyond) for one in cover.slices if one in requirements)
            rows.append([cover.id, there, ", ".join(cover.absent(requirements)), cover.missing])
        parts += [
            f"## {load_framework(id).title}",
            table(["criterion", "made of", "not there yet", "no rule can say"], rows),
        ]
    return "\n\n".join(parts) + "\n"


def _slice(id: str, beyond: frozenset[str]) -> str:
    return f"*{id}*" if id in beyond else id


def examples(id: str) -> list[tuple[str, str]]:
    """The examples of a requirement, the passing one first: what it does, and its path."""
    folder = assets.path("shapes", "examples")
    found = []
    for file in sorted(folder.glob(f"*/{id}_*.ttl"), key=lambda file: ("_pass" not in file.name, file.name)):
        kind, _, what = file.stem.removeprefix(f"{id}_").partition("-")
        name = f"{'passes' if kind == 'pass' else 'fails'} {what.replace('-', ' ')}".strip()
        found.append((name, f"shapes/examples/{file.parent.name}/{file.name}"))
    return found


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def demo_assessment() -> Assessment:
    """The assessment of the small demo with its default seed and defects."""
    from gapgraph.demo import write_demo
    from gapgraph.run import assess

    with TemporaryDirectory() as folder:
        workspace = Path(folder) / "demo"
        write_demo(workspace, size="small", seed=1, defects=None, force=False)
        return assess(workspace)


def soc2_summary(assessment: Assessment) -> "Summary":
    """The summary of the first SOC 2 engagement, a Type II before a Type I, or of the first engagement there is."""
    from gapgraph.output.summary import summaries

    found = sorted(summaries(assessment), key=lambda one: one.engagement.type is ReportType.TYPE_I)
    return next((one for one in found if any(id.startswith("tsc") for id in one.engagement.frameworks)), found[0])


def picture(assessment: Assessment) -> str:
    """The top of the table of the SOC 2 engagement as SVG that names no font host."""
    from rich.console import Console

    from gapgraph.output.table import body, head

    summary = soc2_summary(assessment)
    console = Console(
        record=True, width=PICTURE_WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    for part in (*head(assessment, summary), *list(body(summary))[:2]):
        console.print(part)
    svg = console.export_svg(title="gapgraph assess demo", unique_id="gapgraph-assess")
    without_hosts = re.sub(r"@font-face\s*\{.*?\}\s*|<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in without_hosts.splitlines()) + "\n"


def readme_block(assessment: Assessment) -> str:
    """The commands, the picture and its main numbers in words."""
    from gapgraph.output.wording import OUTCOME_WORDS, count, verdict

    summary = soc2_summary(assessment)
    counts = summary.engagement.readiness.criteria
    outcomes = ", ".join(
        f"{counts[kind.value]} {words}" for kind, words in OUTCOME_WORDS.items() if counts.get(kind.value)
    )
    found = verdict(summary.engagement, assessment.meta, len(summary.gaps))
    example = summary.fix_first[0].id if summary.fix_first else "GAP"
    return "\n".join(
        (
            "```console",
            "$ gapgraph demo demo",
            "$ gapgraph assess demo",
            f"$ gapgraph why {example} demo",
            "```",
            "",
            f"![Table of the demo: {found}](docs/assess.svg)",
            "",
            f"{count(len(summary.criteria), 'criterion', 'criteria')}: {outcomes}.",
        )
    )


def with_block(page: str, block: str) -> str:
    """The page with the block between its two marks.

    Raises
    ------
    UsageError
        If the page lacks the marks.
    """
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise UsageError(f"README.md has no {START} followed by {END}; put the two lines where the block belongs")
    return f"{before}{START}\n{block}\n{END}{after}"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main())
