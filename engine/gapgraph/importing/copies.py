"""Files that a workspace keeps as they came: scanner findings and graphs. Read first, then copied."""

import re
from collections.abc import Callable, Sequence

from gapgraph.importing.common import Incoming, Plan, Space
from gapgraph.importing.writing import Output, current
from gapgraph.sources.cells import Names
from gapgraph.sources.findings import read_findings
from gapgraph.sources.loading import Batch, Problem
from gapgraph.sources.rdf import read_rdf

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_Read = Callable[[bytes, str, Names], Batch]


def prowler(files: Sequence[Incoming], space: Space) -> Plan:
    """OCSF JSON of Prowler, into findings/."""
    return _copied(files, space, "findings", ".json", read_findings)


def turtle(files: Sequence[Incoming], space: Space) -> Plan:
    """Turtle, into graphs/."""
    return _copied(files, space, "graphs", ".ttl", read_rdf)


def trig(files: Sequence[Incoming], space: Space) -> Plan:
    """TriG, into graphs/."""
    return _copied(files, space, "graphs", ".trig", read_rdf)


def jsonld(files: Sequence[Incoming], space: Space) -> Plan:
    """JSON-LD, into graphs/."""
    return _copied(files, space, "graphs", ".jsonld", read_rdf)


def _copied(files: Sequence[Incoming], space: Space, folder: str, ending: str, read: _Read) -> Plan:
    plan = Plan()
    taken: set[str] = set()
    for file in files:
        name = file.name if file.name.lower().endswith(ending) else f"{file.name}{ending}"
        where = f"{folder}/{name}"
        if not _NAME.fullmatch(name):
            plan.problems.append(_fault(file, "rename it: letters, digits, dots, hyphens and underscores"))
            continue
        if name.lower() in taken:
            plan.problems.append(_fault(file, f"two files of the import would become {where}; rename one"))
            continue
        taken.add(name.lower())
        batch = read(file.data, name, space.names)
        plan.take(batch.problems)
        for line in batch.unused:
            if line not in plan.unused:
                plan.unused.append(line)
        plan.rows += len(batch.rows)
        plan.statements += len(batch.triples)
        before = current(space.folder / folder / name)
        if before is None:
            plan.outputs.append(Output(space.folder / folder / name, file.data, None))
        elif before == file.data:
            plan.note(file.name, 0, f"{where} is there already and is the same")
        else:
            plan.problems.append(_fault(file, f"{where} is there and holds something else; rename one of them"))
    return plan


def _fault(file: Incoming, message: str) -> Problem:
    return Problem(file.name, 0, message)
