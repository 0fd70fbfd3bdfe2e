"""The plans of the rules: kept in `ontology/plans.json`, which `python -m gapgraph.plans` writes.

A kept plan holds for the text that it was made of; a rule that was edited since is read again. Tests hold the file to
the rules.
"""

import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gapgraph import assets
from gapgraph.construct import Plan, read
from gapgraph.construct.keeping import as_json, plan_from_json


@cache
def plan_of(name: str, text: str) -> Plan:
    """The plan of a rule by its name and text. Raises RuleError where the text is no rule."""
    kept = _kept().get(name)
    return plan_from_json(kept["plan"]) if kept and kept["of"] == _digest(text) else read(text)


@cache
def _kept() -> Mapping[str, Any]:
    file = _file()
    found: Mapping[str, Any] = json.loads(file.read_bytes()) if file.is_file() else {}
    return found


def _file() -> Path:
    return assets.path("ontology", "rules").parent / "plans.json"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def written(rules: Mapping[str, str]) -> str:
    """The file for these rules, texts by name."""
    lines = [
        f'"{name}": {{"of": "{_digest(text)}", "plan": {json.dumps(as_json(read(text)), ensure_ascii=False)}}}'
        for name, text in sorted(rules.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> int:
    """Writes the file."""
    folder = assets.path("ontology", "rules")
    rules = {file.stem: file.read_text(encoding="utf-8") for file in folder.glob("*.rq")}
    _file().write_text(written(rules), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
