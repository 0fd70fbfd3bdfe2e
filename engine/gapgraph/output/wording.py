"""The words and signs in which outcomes are shown to people. Every format uses these and no others.

Two things are decided here: that a sign never stands without its word somewhere on the same page, and that
text from files reaches a terminal or a page without control characters.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from gapgraph.model import (
    SEVERITY_WORDS,
    Adjustment,
    Basis,
    EngagementResult,
    GapKind,
    GapStatus,
    Meta,
    Outcome,
    Period,
    ProfileNote,
    Quadrant,
    Reason,
    ResultSeverity,
)
from gapgraph.readiness import Milestone

OUTCOME_WORDS: Mapping[Outcome, str] = {
    Outcome.MET: "met",
    Outcome.MET_WITH_EXCEPTIONS: "met with exceptions",
    Outcome.NOT_MET: "not met",
    Outcome.NO_CONCLUSION: "no conclusion",
    Outcome.NOT_OCCURRING: "not occurring",
    Outcome.NOT_APPLICABLE: "not applicable",
}
OUTCOME_SIGNS: Mapping[Outcome, str] = {
    Outcome.MET: "✓",
    Outcome.MET_WITH_EXCEPTIONS: "◐",
    Outcome.NOT_MET: "✗",
    Outcome.NO_CONCLUSION: "?",
    Outcome.NOT_OCCURRING: "○",
    Outcome.NOT_APPLICABLE: "–",
}
ASCII = str.maketrans({"✓": "+", "◐": "~", "✗": "x", "○": "o", "–": "-", "·": "-", "─": "-"})
CRITERION_OUTCOMES: tuple[Outcome, ...] = tuple(one for one in Outcome if one is not Outcome.NOT_OCCURRING)
BASIS_WORDS: Mapping[Basis, str] = {
    Basis.CRITERION: "what the criterion itself asks for, read in our own words",
    Basis.CUSTOMARY: "auditors usually look for it, the criterion does not name it",
    Basis.OWN_COMMITMENT: "what the organisation itself has promised",
    Basis.ENGAGEMENT: "about evidence and preparation; it never votes on a criterion",
}
KIND_WORDS: Mapping[GapKind, str] = {kind: kind.value for kind in GapKind}
REASON_WORDS: Mapping[Reason, str] = {
    Reason.MISSING: "missing",
    Reason.UNDOCUMENTED: "undocumented",
    Reason.INCONSISTENT: "inconsistent",
    Reason.INSUFFICIENT_EVIDENCE: "insufficient evidence",
}
QUADRANT_WORDS: Mapping[Quadrant, str] = {
    Quadrant.QUICK_WIN: "quick win",
    Quadrant.MAJOR_PROJECT: "major project",
    Quadrant.FILL_IN: "fill-in",
    Quadrant.DEFER: "defer",
}
STATUS_WORDS: Mapping[GapStatus, str] = {status: status.value.replace("_", " ") for status in GapStatus}
RESULT_WORDS: Mapping[ResultSeverity, str] = {
    ResultSeverity.VIOLATION: "violation",
    ResultSeverity.EXCEPTION: "exception",
    ResultSeverity.NO_CONCLUSION: "allows no conclusion",
}
FRAMEWORK_WORDS: Mapping[str, str] = {
    "tsc-2017": "SOC 2",
    "iso-27001-2022": "ISO/IEC 27001:2022",
    "iso-42001-2023": "ISO/IEC 42001:2023",
    "hipaa-security-rule": "HIPAA Security Rule",
    "nist-csf-2.0": "NIST CSF 2.0",
}
NOT_AN_OPINION = "by this profile; it is not an opinion"


def plain(text: object) -> str:
    """The text on one line without control characters and direction marks, which could rewrite what is seen.

    >>> plain("CRM\\x1b[2J\\n x")
    'CRM�[2J x'
    """
    spaced = " ".join(str(text).split())
    return "".join("\N{REPLACEMENT CHARACTER}" if _hidden(sign) else sign for sign in spaced)


def _hidden(sign: str) -> bool:
    return (
        unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def number(value: float) -> str:
    """A number without a needless `.0`.

    >>> number(3.0), number(0.5)
    ('3', '0.5')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def count(amount: int, word: str, many: str = "") -> str:
    """`1 gap`, `2 gaps`; `many` is the plural where it is not made with an s.

    >>> count(1, "gap"), count(2, "criterion", "criteria")
    ('1 gap', '2 criteria')
    """
    return f"{amount} {word if amount == 1 else many or word + 's'}"


def severity_word(severity: int) -> str:
    """The word of a severity from 1 to 5."""
    return SEVERITY_WORDS[severity]


def day(value: date | None) -> str:
    """An ISO date, or nothing."""
    return value.isoformat() if value else ""


def period_words(period: Period) -> str:
    """A period as people write it, its last day included."""
    return f"{day(period.start)} to {day(period.last_day)}"


def examination(engagement: EngagementResult) -> str:
    """`SOC 2 Type II`; for other frameworks what is looked at, since report types belong to SOC 2."""
    names = " and ".join(FRAMEWORK_WORDS.get(id, plain(id)) for id in engagement.frameworks)
    if names == FRAMEWORK_WORDS["tsc-2017"]:
        return f"{names} {engagement.type.label}"
    return f"{names}, design{' and operation' if engagement.period else ''}"


def scope_words(engagement: EngagementResult) -> str:
    """The scope of an engagement: its label, with the categories where it has some."""
    categories = ", ".join(plain(category) for category in engagement.categories)
    return plain(engagement.label) + (f" ({categories})" if categories else "")


def profile_words(meta: Meta, engagement: EngagementResult) -> str:
    """`profile P v1.2`, and how many requirements it was told to judge differently."""
    note = profile_note(meta, engagement)
    if note is None:
        return f"profile {plain(meta.profile)} v{plain(meta.profile_version)}"
    changed = len({adjustment.requirement for adjustment in note.adjustments})
    said = f" with {count(changed, 'requirement')} adjusted" if changed else ""
    return f"profile {plain(note.name)} v{plain(note.version)}{said}"


def profile_note(meta: Meta, engagement: EngagementResult) -> ProfileNote | None:
    """The profile that judged an engagement."""
    return next((note for note in meta.profiles if note.name == engagement.profile), None)


def milestone_words(milestone: Milestone) -> str:
    """`Type II: 12 gaps in the way; a period could start on 2026-03-02 (…)`."""
    gaps = count(len(milestone.gaps), "gap") + " in the way" if milestone.gaps else "no gap in the way"
    start = f"; a period could start on {day(milestone.earliest)}" if milestone.earliest else ""
    why = f" ({'; '.join(milestone.reasons)})" if milestone.reasons else ""
    return plain(f"{milestone.type.label}: {gaps}{start}{why}")


def adjustment_words(adjustment: Adjustment) -> str:
    """`ACC-04: revoke_days 14d instead of 7d (reason; by gapgraph.toml)`."""
    a = adjustment
    change = "switched off" if a.field == "off" else f"{a.field} {a.after} instead of {a.before}"
    return plain(f"{a.requirement}: {change} ({a.rationale.rstrip('.')}; by {a.by})")


def verdict(engagement: EngagementResult, meta: Meta, gaps: int) -> str:
    """The one sentence that says what was found, by what, over what and when."""
    found = f"{count(gaps, 'gap')} found" if gaps else "No gaps found"
    scope, when = scope_words(engagement), day(engagement.as_of)
    counts = engagement.readiness.criteria
    open_, total = counts.get(Outcome.NO_CONCLUSION.value, 0), sum(counts.values())
    rest = f" {open_} of {total} criteria have no conclusion." if open_ else ""
    return f"{found} by {profile_words(meta, engagement)} over scope {scope} as of {when}.{rest}"


def method_words(suited: Sequence[str], at_hand: Sequence[str]) -> str:
    """The test methods that suit a requirement, and those that the evidence at hand allows.

    >>> method_words(("inspection",), ("inquiry",))
    'suited inspection; at hand inquiry alone'
    """
    return f"suited {', '.join(suited) or 'none'}; at hand {_methods(at_hand)}"


def methods_counted(requirements: Iterable[tuple[str, Sequence[str]]]) -> str:
    """How many requirements have which test methods at hand, the most first; those with inquiry alone by id."""
    found: dict[str, list[str]] = {}
    for id, at_hand in requirements:
        found.setdefault(_methods(at_hand), []).append(id)
    ordered = sorted(found.items(), key=lambda pair: (pair[0] == "none", -len(pair[1]), pair[0]))
    named = {_methods(("inquiry",))}
    return "; ".join(
        f"{words} {len(ids)}" + (f" ({', '.join(ids)})" if words in named else "") for words, ids in ordered
    )


def _methods(at_hand: Sequence[str]) -> str:
    return "inquiry alone" if tuple(at_hand) == ("inquiry",) else ", ".join(at_hand) or "none"


def place(path: str, row: int) -> str:
    """`file:row`, or the file alone where there is no row."""
    return f"{plain(path)}:{row}" if row else plain(path)
