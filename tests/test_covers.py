"""The covers of other frameworks: what the facts say, kept as data, and complete only where every slice is there."""

import csv
from collections import Counter

import pytest

from gapgraph.errors import UsageError
from gapgraph.frameworks import load_framework
from gapgraph.mapping import Network, conclude
from gapgraph.mapping.covers import covered_frameworks, load_covers
from tests.shared_files import shared

FACTS = {
    "iso-27001-2022": "covers_iso.csv",
    "iso-42001-2023": "covers_iso.csv",
    "hipaa-security-rule": "covers_us.csv",
    "nist-csf-2.0": "covers_us.csv",
    "nist-ai-rmf-1.0": "covers_us.csv",
}


def test_five_frameworks_are_covered() -> None:
    assert set(covered_frameworks()) == set(FACTS)


@pytest.mark.parametrize("framework", FACTS)
def test_each_criterion_has_a_cover_that_is_complete_or_says_what_is_missing(framework: str) -> None:
    covers = load_covers(framework)
    assert [c.id for c in covers] == [c.id for c in load_framework(framework).criteria]
    assert all(c.complete != bool(c.missing) for c in covers)


@pytest.mark.parametrize("framework", FACTS)
def test_the_slices_are_those_of_the_facts(framework: str) -> None:
    with shared("facts", FACTS[framework]).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["framework"] == framework]
    facts = {r["id"]: (set(filter(None, r["predicate_ids"].split(";"))), r["complete"] == "Y") for r in rows}
    assert {c.id: (set(c.slices), c.complete) for c in load_covers(framework)} == facts
    for row in rows:  # every requirement that a note names has its place, as data or in what is left of the note
        cover = next(c for c in load_covers(framework) if c.id == row["id"])
        held = " ".join([cover.note, *cover.beyond, cover.gate, cover.applies_if, cover.alternative, cover.excluded_by])
        named = set(row["note"].replace(",", " ").replace("=", " ").replace(";", " ").replace(":", " ").split())
        assert all(one in held for one in named if one[:2].isupper() and one[-2:].isdigit()), cover.id


def test_how_many_covers_are_complete() -> None:
    counts = Counter(c.framework for f in FACTS for c in load_covers(f) if c.complete)
    assert counts["iso-27001-2022"] >= 115
    assert counts["hipaa-security-rule"] >= 60


def test_what_the_notes_say_is_data() -> None:
    iso = {c.id: c for c in load_covers("iso-27001-2022")}
    assert not iso["4.1"].excludable
    assert iso["4.1"].system == "ISMS"
    assert iso["A.8.27"].excludable
    assert iso["A.8.27"].excluded_by == "ISM-18"
    assert iso["A.8.27"].contradicted_by.startswith("any application is developed")
    assert iso["A.8.27"].beyond == {"CHG-09"}
    assert sum(c.excludable for c in iso.values()) == 93
    hipaa = {c.id: c for c in load_covers("hipaa-security-rule")}
    assert {c.gate for c in hipaa.values()} == {"HIP-01"}
    addressable = {c.id for c in load_framework("hipaa-security-rule").criteria if c.addressable}
    assert {c.id for c in hipaa.values() if c.alternative == "HIP-04"} == addressable


def test_a_slice_that_is_not_there_is_missing_and_nothing_is_met_without_it() -> None:
    cover = next(c for c in load_covers("iso-27001-2022") if c.id == "A.8.27")
    known = {"CHG-09", "ISM-18"}
    assert cover.absent(known) == ("CHG-14",)
    part = cover.within(known)
    assert (part.slices, part.complete) == (("CHG-09",), False)
    network = Network()
    network.cover(part)
    assert conclude(network, {"CHG-09": True}).conclusions == {}
    whole = cover.within({*known, "CHG-14"})
    assert whole.complete
    network = Network()
    network.cover(whole)
    assert conclude(network, {"CHG-09": True, "CHG-14": True}).conclusions[whole.element].met
    assert not conclude(network, {"CHG-14": False}).conclusions[whole.element].met
    assert whole.element not in conclude(network, {"CHG-09": False}).conclusions, "it asks for more than the criterion"


def test_without_what_decides_whether_it_applies_nothing_follows() -> None:
    cover = next(c for c in load_covers("hipaa-security-rule") if c.id == "164.312(a)(2)(iv)")
    assert cover.conditions == ("HIP-01", "HIP-04")
    for known in ({*cover.slices, "HIP-01"}, {*cover.slices, "HIP-04"}):
        part = cover.within(known)
        assert (part.slices, part.complete) == ((), False)
    assert cover.within({*cover.slices, *cover.conditions}).complete


def test_covers_do_not_contradict_each_other() -> None:
    network = Network()
    for framework in covered_frameworks():
        for cover in load_covers(framework):
            network.cover(cover.within({*cover.slices, *cover.conditions}))
    assert network.contradictions == []


def test_a_framework_without_covers_is_refused_with_those_that_have_some() -> None:
    with pytest.raises(UsageError, match="no covers of 'gdpr'; there are of hipaa-security-rule"):
        load_covers("gdpr")
