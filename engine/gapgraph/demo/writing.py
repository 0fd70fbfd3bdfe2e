"""Writes a demo workspace to disk."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gapgraph.demo.build import clean_company
from gapgraph.demo.catalogue import DEFAULTS, chosen_defects
from gapgraph.demo.company import SIZES, Company
from gapgraph.demo.governance import TYPE_1, TYPE_2
from gapgraph.demo.reliability import hash_files, settle
from gapgraph.errors import InputError, UsageError
from gapgraph.sources.schema import registers
from gapgraph.workspace import CONFIG

MARKER = "# Written by gapgraph demo"


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """What was written: the fictional company, its planted defects, the rows of each register."""

    folder: Path
    organisation: str
    size: str
    seed: int
    defects: tuple[str, ...]
    rows: Mapping[str, int]

    def __str__(self) -> str:
        planted = f"{len(self.defects)} planted defects" if self.defects else "no defect"
        total = sum(self.rows.values())
        kind = SIZES[self.size].kind
        return f"{self.organisation}, a fictional {kind}: {total} rows in {len(self.rows)} registers, {planted}."


def write_demo(
    folder: Path, *, size: str = "small", seed: int = 1, defects: Sequence[str] | None = None, force: bool = False
) -> DemoSummary:
    """Writes the workspace of a fictional company; equal arguments give equal bytes.

    `defects` are names of the catalogue, `("all",)` every one that fits together, None the size's own choice.
    Raises UsageError for a size or defect that is not there or does not fit, InputError where the folder holds
    something that the demo did not write (with `force` an older demo is replaced).
    """
    if size not in SIZES:
        raise UsageError(f"there is no size '{size}'; use {', '.join(SIZES)}")
    chosen = chosen_defects(size, DEFAULTS[size] if defects is None else defects)
    _make_room(folder, force)
    company = clean_company(size, seed)
    for defect in chosen:
        defect.plant(company)
    settle(company)
    files = render(company, [d.name for d in chosen])
    for path in sorted(files, key=lambda p: (p != CONFIG, p)):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[path].encode("utf-8"))
    rows = {name: len(company.tables[name]) for name in registers() if company.tables.get(name)}
    return DemoSummary(folder, company.organisation, size, seed, tuple(d.name for d in chosen), rows)


def _make_room(folder: Path, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError("is a file", folder.name, remedy="Name a folder.")
    if not folder.is_dir() or not any(folder.iterdir()):
        return
    config = folder / CONFIG
    ours = config.is_file() and config.read_bytes().startswith(MARKER.encode())
    if not ours:
        raise InputError("the folder is not empty and holds no demo", folder.name, remedy="Choose another folder.")
    if not force:
        raise InputError(
            "a demo is already here", folder.name, remedy="Choose another folder, or add --force to replace it."
        )
    for place in ("registers", "graphs", "evidence"):
        if (folder / place).is_symlink():
            raise InputError("is a link, which is not followed", place, remedy="Choose another folder.")
    written = [folder / "registers" / f"{name}.csv" for name in registers()]
    for path in [*written, *(folder / name for name in ("graphs/company.ttl", *_EVIDENCE))]:
        path.unlink(missing_ok=True)


_EVIDENCE = ("evidence/sign-on-policy.json", "evidence/accounts-idp.csv")


def render(company: Company, defects: Sequence[str]) -> dict[str, str]:
    """The files of the workspace by path."""
    kept = _evidence_files(company)
    hash_files(company, kept)
    files = {CONFIG: _config(company, defects), "graphs/company.ttl": _graph(company), **kept}
    for name, register in registers().items():
        rows = company.tables.get(name)
        if rows:
            files[f"registers/{name}.csv"] = _csv(list(register.columns), list(rows.values()))
    return files


def _evidence_files(company: Company) -> dict[str, str]:
    policy = {"policy": "sign-in", "second_factor": "required", "applies_to": "everyone", "exceptions": 0}
    accounts = list(company.rows("accounts", system="idp"))
    listed = _csv(["id", "name", "kind", "created_on", "disabled_on"], accounts)
    return dict(zip(_EVIDENCE, (json.dumps(policy, indent=2) + "\n", listed), strict=True))


def _csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _config(company: Company, defects: Sequence[str]) -> str:
    categories = ", ".join(f'"{c}"' for c in company.size.categories)
    first, last = company.period
    return f"""{MARKER} (size {company.size.name}, seed {company.seed}). The company is invented.
# Planted defects: {", ".join(defects) or "none"}.
organisation = "{company.organisation}"
base = "{company.base}"
zone = "UTC"
profile = "{company.size.profile}"

[engagements.{TYPE_2}]
label = "SOC 2 Type II, 2026"
framework = "tsc-2017"
type = "type2"
as_of = 2026-12-31
period_start = {first}
period_end = {last}
categories = [{categories}]

[engagements.{TYPE_1}]
label = "SOC 2 Type I, end of 2026"
framework = "tsc-2017"
type = "type1"
as_of = 2026-12-31
categories = [{categories}]
"""


def _graph(company: Company) -> str:
    base = company.base
    return f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX org: <http://www.w3.org/ns/org#>

<{base}organisation>
    a org:Organization ;
    dcterms:description "A fictional {company.size.kind} of about {company.size.people} people." ;
.

<{base}services/assistant>
    dcterms:description "Answers questions over the documents of a customer." ;
.
"""
