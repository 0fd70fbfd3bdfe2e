from collections.abc import Mapping, Sequence

from gapgraph.demo.defect import Defect

DEFECTS: Mapping[str, Defect] = {}
DEFAULTS: Mapping[str, tuple[str, ...]] = {"small": (), "mid": (), "large": ()}


def chosen_defects(size: str, names: Sequence[str]) -> list[Defect]:
    return [DEFECTS[n] for n in names]
