"""A small company for tests of the whole run: written row by row, so that a test says what it changes."""

from pathlib import Path

CONFIG = """organisation = "Test Ltd"
base = "https://example.org/test/"
zone = "UTC"
profile = "soc2-ai"

[engagements.t2]
label = "SOC 2 Type II"
framework = "tsc-2017"
type = "type2"
as_of = 2026-12-31
period_start = 2026-01-01
period_end = 2026-12-31
categories = ["security"]

[engagements.t1]
label = "SOC 2 Type I"
framework = "tsc-2017"
type = "type1"
as_of = 2026-12-31
categories = ["security"]
"""

QUARTERS = (("q1", "2026-03-10"), ("q2", "2026-06-10"), ("q3", "2026-09-10"), ("q4", "2026-12-10"))


def registers(systems: int = 2, covered: int | None = None) -> dict[str, list[str]]:
    """Registers as lines by name: systems with one account each, an access review control and its reviews.

    `covered` says how many systems the control names; None means that it names none and so covers all.
    """
    names = [f"s{n}" for n in range(1, systems + 1)]
    applies = "" if covered is None else ";".join(names[:covered])
    reviews = [f"{s}-{q},{s},all,{day},{day},idp,all accounts,1,ana,{day},ben" for s in names for q, day in QUARTERS]
    decisions = [f"{s}-{q}-d,{s}-{q},{s}-a,keep,{day}" for s in names for q, day in QUARTERS]
    return {
        "people": ["id,name,kind,started_on,ended_on", "ana,Ana,employee,2020-01-01,", "ben,Ben,employee,2020-01-01,"],
        "systems": ["id,name,kind,owner", *(f"{s},System {s},application,ana" for s in names)],
        "accounts": [
            "id,system,name,kind,holder,created_on",
            *(f"{s}-a,{s},ben on {s},human,ben,2024-01-01" for s in names),
        ],
        "controls": [
            "id,title,type,description,owner,performer,deputy,cadence,applies_to,implemented_on",
            f"uar,Access review,access-review,Reviews of access,ana,ana,ben,quarterly,{applies},2024-01-01",
        ],
        "access_reviews": [
            "id,system,scope,population_on,completed_on,population_source,population_query,population_count,"
            "reviewer,approved_on,approver",
            *reviews,
        ],
        "review_decisions": ["id,review,account,decision,decided_on", *decisions],
    }


def closed_gap(requirement: str, subject: str, fixed: str, verified: str) -> dict[str, list[str]]:
    """A gap that Ana fixed and Ben verified, with evidence from the day of the fix."""
    return {
        "gaps": [
            "id,engagement,requirement,subject,owner,fixed_on,fixed_by,verified_on,verified_by,evidence",
            f"g1,t2,{requirement},{subject},ana,{fixed},ana,{verified},ben,retest",
        ],
        "evidence": [
            "id,title,kind,control,captured_on,captured_by",
            f"retest,Test after the fix,log,uar,{fixed},ben",
        ],
    }


def write(folder: Path, tables: dict[str, list[str]], config: str = CONFIG) -> Path:
    """Writes the workspace; returns its folder."""
    (folder / "registers").mkdir(parents=True, exist_ok=True)
    (folder / "gapgraph.toml").write_text(config, encoding="utf-8")
    for name, lines in tables.items():
        (folder / "registers" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
