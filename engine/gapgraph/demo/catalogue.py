"""The catalogue of defects, and which of them each size has unless others are named."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from gapgraph.demo.defect import Defect, clashes, named
from gapgraph.demo.defects_access import ACCESS
from gapgraph.demo.defects_ai import AI
from gapgraph.demo.defects_ai_records import AI_RECORDS
from gapgraph.demo.defects_assets import ASSETS
from gapgraph.demo.defects_change import CHANGE
from gapgraph.demo.defects_documents import DOCUMENTS
from gapgraph.demo.defects_evidence import EVIDENCE
from gapgraph.demo.defects_governance import GOVERNANCE
from gapgraph.demo.defects_incidents import INCIDENTS
from gapgraph.demo.defects_operations import OPERATIONS
from gapgraph.demo.defects_privacy import PRIVACY
from gapgraph.demo.defects_processing import PROCESSING
from gapgraph.demo.defects_programme import PROGRAMME
from gapgraph.demo.defects_resilience import RESILIENCE
from gapgraph.demo.defects_staffing import STAFFING
from gapgraph.demo.defects_vendors import VENDORS
from gapgraph.errors import UsageError

DEFECTS: Mapping[str, Defect] = MappingProxyType(
    named(
        (
            *ACCESS,
            *OPERATIONS,
            *VENDORS,
            *GOVERNANCE,
            *PROGRAMME,
            *EVIDENCE,
            *CHANGE,
            *PRIVACY,
            *AI_RECORDS,
            *INCIDENTS,
            *PROCESSING,
            *ASSETS,
            *RESILIENCE,
            *DOCUMENTS,
            *STAFFING,
            *AI,
        )
    )
)
"""Every defect by name."""

_SMALL = (
    "review-late",
    "review-quarter-missing",
    "leaver-not-settled",
    "orphan-service-account",
    "mfa-exception-valid",
    "mfa-exception-expired",
    "backup-missing",
    "finding-overdue",
    "bridge-letter-short",
    "vendor-not-reassessed",
    "nil-unproven",
    "policy-late",
    "performer-left-deputy",
    "gap-reopened",
    "model-self-approved",
    "prompts-kept-too-long",
)
_MORE = (
    "review-of-own-access",
    "grant-unapproved",
    "shared-account",
    "secret-stale",
    "second-check-unperformed",
    "recovery-test-bare",
    "capacity-review-missing",
    "store-unencrypted",
    "monitor-missing",
    "joiner-untrained",
    "duty-unmapped",
    "training-run-unapproved",
)
DEFAULTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"tiny": (), "small": _SMALL, "mid": (*_SMALL, *_MORE), "large": (*_SMALL, *_MORE)}
)
"""The defects of each size unless others are named."""


def compatible(size: str) -> list[Defect]:
    """Every defect that fits the size, without those that clash with one before them."""
    found: list[Defect] = []
    for defect in DEFECTS.values():
        if size in defect.sizes and not any(clashes(defect, other) for other in found):
            found.append(defect)
    return found


def chosen_defects(size: str, names: Sequence[str]) -> list[Defect]:
    """The defects of these names in the order of the catalogue; `all` is every one that fits together.

    Raises UsageError for a name that is not there, does not fit the size or clashes with another.
    """
    if "all" in names:
        return compatible(size)
    unknown = sorted(set(names) - set(DEFECTS))
    if unknown:
        raise UsageError(f"there is no defect '{unknown[0]}'; docs/demo.md lists them")
    found = [defect for defect in DEFECTS.values() if defect.name in names]
    for i, defect in enumerate(found):
        if size not in defect.sizes:
            raise UsageError(
                f"the defect {defect.name} does not fit the size {size}; it is for {', '.join(sorted(defect.sizes))}"
            )
        for other in found[:i]:
            if clashes(defect, other):
                raise UsageError(f"the defects {other.name} and {defect.name} cannot be planted together")
    return found
