"""The assessment profile: which requirements are asked, with which defaults, and what was changed with which reason.

`requirements` reads them from their shapes, `loading` finds a profile and what it extends, `adjusting` applies changes,
`comparing` says in what two profiles differ (`docs/decisions/0005-profiles.md`).
"""

from gapgraph.profile.adjusting import Change, Own, Threshold
from gapgraph.profile.described import described
from gapgraph.profile.loading import DEFAULTS, load_profile, shipped_profiles
from gapgraph.profile.model import Check, Part, Profile, Requirement, Thresholds
from gapgraph.profile.requirements import shipped_requirements
from gapgraph.profile.selection import shapes_of

__all__ = [
    "DEFAULTS",
    "Change",
    "Check",
    "Own",
    "Part",
    "Profile",
    "Requirement",
    "Threshold",
    "Thresholds",
    "described",
    "load_profile",
    "shapes_of",
    "shipped_profiles",
    "shipped_requirements",
]
