"""Findings of scanners: what is read, what is refused with which record, what becomes of it in the graph."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Triple

from gapgraph import assets
from gapgraph.derive.run import construct, rules
from gapgraph.errors import AssetError
from gapgraph.facts import Facts
from gapgraph.namespaces import PREFIXES
from gapgraph.sources import findings, prowler, schema
from gapgraph.sources.cells import DATE, Names
from gapgraph.sources.findings import read_findings
from gapgraph.sources.loading import RDF_TYPE, Batch
from tests.shared_files import shared

GG = PREFIXES["gg"]
NAMES = Names("https://example.org/acme/", frozenset(), frozenset())
NOON = int(datetime(2026, 3, 4, 12, tzinfo=UTC).timestamp())
ENCRYPTED = "rds_instance_storage_encrypted"


def record(**changes: Any) -> dict[str, Any]:
    """One good finding; a change to None takes a field away, dots lead into objects."""
    found: dict[str, Any] = {
        "class_uid": 2004,
        "metadata": {
            "event_code": ENCRYPTED,
            "version": "1.4.0",
            "product": {"name": "Prowler", "version": "5.4.0"},
        },
        "status": "New",
        "status_id": 1,
        "status_code": "PASS",
        "finding_info": {"uid": "prowler-aws-1", "title": "Storage is encrypted"},
        "resources": [{"uid": "arn:aws:rds:eu-west-1:1:db:main", "name": "main"}],
        "cloud": {"provider": "aws"},
        "time": NOON,
    }
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = found
        for parent in parents:
            target = target[parent]
        if value is None:
            del target[last]
        else:
            target[last] = value
    return found


def read(*records: Any) -> Batch:
    return read_findings(json.dumps(list(records)).encode(), "findings/scan.json", NAMES)


def values(batch: Batch, name: str) -> list[str]:
    predicate = name if name.startswith("http") else GG + name
    return [
        t.object.value
        for t in batch.triples
        if t.predicate.value == predicate and isinstance(t.object, NamedNode | Literal)
    ]


def messages(batch: Batch) -> list[tuple[int, str, bool]]:
    return [(p.row, p.message, p.notice) for p in batch.problems]


def test_finding_states_what_the_record_says() -> None:
    batch = read(record())
    assert batch.problems == []
    assert batch.unused == []
    assert list(batch.rows.values()) == [1]
    assert all(subject.startswith("https://example.org/acme/findings/") for subject in batch.rows)
    assert values(batch, "checkId") == [ENCRYPTED]
    assert values(batch, "findingStatus") == [GG + "Passed"]
    assert values(batch, "resourceId") == ["arn:aws:rds:eu-west-1:1:db:main"]
    assert values(batch, "resourceName") == ["main"]
    assert values(batch, "capturedOn") == ["2026-03-04"]
    assert values(batch, "source") == ["Prowler 5.4.0"]
    assert values(batch, "setting") == [GG + "EncryptionAtRestSetting"]
    assert values(batch, "settingValue") == ["on"]
    assert values(batch, PREFIXES["skos"] + "prefLabel") == ["Storage is encrypted"]


@pytest.mark.parametrize(
    ("changes", "status", "value"),
    [
        ({"status_code": "PASS"}, "Passed", ["on"]),
        ({"status_code": "FAIL"}, "Failed", ["off"]),
        ({"status_code": "MANUAL"}, "Manual", []),
        ({"status_code": "MUTED"}, "Suppressed", ["off"]),
        ({"status_code": "FAIL", "status": "Suppressed", "status_id": 3}, "Suppressed", ["off"]),
        ({"status_code": "PASS", "status": "Suppressed", "status_id": 3}, "Passed", ["on"]),
        ({"class_uid": 2003, "status_code": None, "compliance": {"status": "Fail"}}, "Failed", ["off"]),
        ({"class_uid": 2003, "status_code": None, "compliance": {"status": "Warning"}}, "Manual", []),
    ],
)
def test_status(changes: dict[str, Any], status: str, value: list[str]) -> None:
    batch = read(record(**changes))
    assert batch.problems == []
    assert values(batch, "findingStatus") == [GG + status]
    assert values(batch, "settingValue") == value


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"time": NOON}, "2026-03-04"),
        ({"time": NOON * 1000}, "2026-03-04"),
        ({"time": NOON, "time_dt": "nonsense"}, "2026-03-04"),
        ({"time": None, "time_dt": "2026-03-04T23:30:00.123456"}, "2026-03-04"),
        ({"time": None, "time_dt": "2026-03-04 23:30:00Z"}, "2026-03-04"),
        ({"time": None, "time_dt": "2026-03-04T23:30:00-05:00"}, "2026-03-05"),
        ({"time": None, "time_dt": "2026-03-04T00:30:00+02:00"}, "2026-03-03"),
    ],
)
def test_day(changes: dict[str, Any], day: str) -> None:
    batch = read(record(**changes))
    assert batch.problems == []
    assert values(batch, "capturedOn") == [day]


LATE = {"time": int(datetime(2026, 3, 31, 23, 30, tzinfo=UTC).timestamp())}


@pytest.mark.parametrize(
    ("zone", "changes", "day"),
    [
        ("UTC", LATE, "2026-03-31"),
        ("Europe/Berlin", LATE, "2026-04-01"),
        ("America/Los_Angeles", LATE, "2026-03-31"),
        ("Europe/Berlin", {"time": LATE["time"] * 1000}, "2026-04-01"),
        ("Europe/Berlin", {"time": None, "time_dt": "2026-03-31T23:30:00Z"}, "2026-04-01"),
        ("Europe/Berlin", {"time": None, "time_dt": "2026-04-01T01:30:00+02:00"}, "2026-04-01"),
        ("America/Los_Angeles", {"time": None, "time_dt": "2026-04-01T01:30:00+02:00"}, "2026-03-31"),
        ("America/Los_Angeles", {"time": None, "time_dt": "2026-04-01T06:30:00Z"}, "2026-03-31"),
        ("America/Los_Angeles", {"time": None, "time_dt": "2026-03-31T23:30:00"}, "2026-03-31"),
        ("Europe/Berlin", {"time": None, "time_dt": "2026-03-31T23:30:00"}, "2026-03-31"),
    ],
)
def test_the_day_of_a_finding_is_the_day_of_the_workspace(zone: str, changes: dict[str, Any], day: str) -> None:
    names = Names("https://example.org/acme/", frozenset(), frozenset(), zone=zone)
    batch = read_findings(json.dumps([record(**changes)]).encode(), "findings/scan.json", names)
    assert batch.problems == []
    assert values(batch, "capturedOn") == [day]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"class_uid": None}, "class_uid is missing"),
        ({"class_uid": "2004"}, "class_uid is missing or no number"),
        ({"metadata": None}, "metadata is missing"),
        ({"metadata__product": None}, "metadata.product is missing"),
        ({"metadata__event_code": None}, "metadata.event_code is missing"),
        ({"metadata__version": "9.9.9"}, "metadata.version '9.9.9' is not a version of OCSF"),
        ({"metadata__version": None}, "metadata.version is missing"),
        (
            {"status_code": "PERHAPS"},
            "status_code is 'PERHAPS', which is not one of PASS, FAIL, MANUAL, MUTED",
        ),
        ({"status_code": None}, "status_code is missing"),
        ({"finding_info__uid": None}, "finding_info.uid is missing"),
        ({"finding_info__title": 7}, "finding_info.title is no text"),
        ({"finding_info__title": "a\u0000b"}, "finding_info.title holds a control character"),
        ({"finding_info__title": "\ud800"}, "finding_info.title holds a control character"),
        ({"resources": []}, "resources is missing or empty"),
        ({"resources": ["x"]}, "resources holds something that is no object"),
        ({"resources": [{"type": "Other"}]}, "resources.uid is missing"),
        ({"time": None}, "time is missing"),
        ({"time": "<timestamp>"}, "time is '<timestamp>'; it takes seconds"),
        ({"time": True}, "time is True; it takes seconds"),
        ({"time": 10**17}, "time 100000000000000000 is no time of a scan"),
        ({"time": 0}, "time 0 is no time of a scan: it lies in the year 1970"),
        ({"time": None, "time_dt": "04/03/2026"}, "time_dt is '04/03/2026'; write it as"),
        ({"time": None, "time_dt": "2026-02-30T10:00:00Z"}, "which is no day of the calendar"),
        ({"time": None, "time_dt": "2026-02-28T10:00:00+99:00"}, "which is no day of the calendar"),
        ({"cloud": "aws"}, "cloud is missing or no object"),
    ],
)
def test_broken_record_is_named_and_the_rest_is_read(changes: dict[str, Any], message: str) -> None:
    batch = read(record(), record(**changes), record(finding_info__uid="prowler-aws-3"))
    assert [(row, notice) for row, _, notice in messages(batch)] == [(2, False)]
    assert message in batch.problems[0].message
    assert sorted(batch.rows.values()) == [1, 3]


def test_problem_says_what_it_could_touch() -> None:
    known = read(record(time=None)).problems[0]
    assert (known.register, known.narrowing) == ("captures", (GG + "EncryptionAtRestSetting",))
    other = read(record(time=None, metadata__event_code="iam_something")).problems[0]
    assert (other.register, other.narrowing) == ("findings", ())
    unknown = read("no object").problems[0]
    assert (unknown.register, unknown.narrowing) == ("captures", ())


def test_foreign_records_are_counted_in_one_notice_each() -> None:
    batch = read(record(class_uid=2002), record(), record(class_uid=2002), record(metadata__product={"name": "Trivy"}))
    assert messages(batch) == [
        (1, "findings of OCSF class 2002 are not used (2 records)", True),
        (4, "findings of Trivy are not used (1 record)", True),
    ]
    assert batch.unused == [
        "findings/scan.json: findings of OCSF class 2002 are not used (2 records)",
        "findings/scan.json: findings of Trivy are not used (1 record)",
    ]


def test_checks_without_a_setting_are_listed_once_with_their_number() -> None:
    batch = read(
        record(metadata__event_code="b_check"),
        record(metadata__event_code="b_check", finding_info__uid="2"),
        record(metadata__event_code="a_check"),
        record(cloud__provider="azure"),
    )
    assert batch.unused == [
        "findings/scan.json: check a_check is not used by any requirement (1 finding)",
        "findings/scan.json: check b_check is not used by any requirement (2 findings)",
        f"findings/scan.json: check {ENCRYPTED} is not used by any requirement (1 finding)",
    ]
    assert values(batch, "settingValue") == []


def test_check_without_provider_is_found_by_its_id() -> None:
    assert values(read(record(cloud=None)), "settingValue") == ["on"]


def test_passing_says_nothing_where_the_check_looks_at_a_part() -> None:
    telnet = "ec2_instance_port_telnet_exposed_to_internet"
    assert values(read(record(metadata__event_code=telnet)), "settingValue") == []
    failed = read(record(metadata__event_code=telnet, status_code="FAIL"))
    assert values(failed, "settingValue") == ["open"]


def test_repeated_record_is_one_finding() -> None:
    batch = read(record(), record(), record())
    assert messages(batch) == [(2, "2 records from here on repeat an earlier one", True)]
    assert list(batch.rows.values()) == [1]


def test_same_finding_of_two_scans_is_two() -> None:
    batch = read(record(), record(time=NOON + 86_400), record(status_code="FAIL"))
    assert sorted(batch.rows.values()) == [1, 2, 3]


def test_forms_of_a_file_read_alike() -> None:
    one, two = record(), record(finding_info__uid="2")
    lines = b"\n".join([json.dumps(one).encode(), b"", json.dumps(two).encode(), b""])
    listed = read(one, two)
    for data in (lines, b"\xef\xbb\xbf" + lines, lines.replace(b"\n", b"\r\n")):
        batch = read_findings(data, "findings/scan.json", NAMES)
        assert batch.problems == []
        assert batch.triples == listed.triples
        assert batch.rows == listed.rows
    single = read_findings(json.dumps(one, indent=2).encode(), "findings/scan.json", NAMES)
    assert single.triples == read(one).triples


def test_broken_line_costs_only_itself() -> None:
    good = json.dumps(record()).encode()
    batch = read_findings(b"\n".join([good, b'{"class_uid": ', good.replace(b"aws-1", b"aws-2")]), "f.json", NAMES)
    assert [row for row, _, _ in messages(batch)] == [2]
    assert "not JSON" in batch.problems[0].message
    assert sorted(batch.rows.values()) == [1, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "key 'a' is there twice in one object"),
        ('{"a": {"b": [NaN]}}', "NaN is not JSON"),
        ('{"a": -Infinity}', "-Infinity is not JSON"),
        ('{"a": 1e999}', "the number 1e999 is too large"),
        ('{"a": %s}' % ("9" * 5000), "a number has more than 18 digits"),
    ],
)
def test_strict_json_costs_one_record(text: str, message: str) -> None:
    data = f"[{text}, {json.dumps(record())}]".encode()
    batch = read_findings(data, "f.json", NAMES)
    assert messages(batch) == [(1, f"{message}; the record is not read", False)]
    assert list(batch.rows.values()) == [2]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"<html>log in</html>", "not JSON: it starts with '<html>log '"),
        (b'[{"a": 1}\n, {"b": }]', "not JSON: Expecting value in line 2"),
        (b'{"a": 1} {"b": 2}', "not JSON: Extra data in line 1"),
        (b"[" * 100_000, "nesting over 64"),
        (b'[{"a":' * 40 + b"1" + b"}]" * 40, "nesting over 64"),
        ('[{"a": "ö"}]'.encode("latin-1"), "line 1 is not UTF-8"),
        ("[]".encode("utf-16"), "the file is UTF-16"),
    ],
)
def test_broken_file_is_one_problem(data: bytes, message: str) -> None:
    batch = read_findings(data, "f.json", NAMES)
    assert len(batch.problems) == 1
    assert message in batch.problems[0].message
    assert (batch.problems[0].row, batch.problems[0].register) == (0, "captures")
    assert not batch.triples


def test_brackets_in_text_are_no_nesting() -> None:
    assert read(record(finding_info__title='[{"' * 200)).problems == []


def test_file_that_is_too_large_is_refused_before_it_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MAX_BYTES", 10)
    assert "larger than 64 MiB" in read(record()).problems[0].message


def test_text_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prowler, "MAX_TEXT", 100)
    assert "longer than 1 MiB" in read(record(finding_info__title="x" * 101)).problems[0].message


def test_empty_list_is_a_notice() -> None:
    assert messages(read()) == [(0, "the file holds no findings", True)]


TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)])
)


@given(title=TEXT, uid=TEXT)
def test_any_title_survives(title: str, uid: str) -> None:
    batch = read(record(finding_info__title=title, resources=[{"uid": uid, "name": "n"}]))
    assert batch.problems == []
    assert values(batch, PREFIXES["skos"] + "prefLabel") == [title if title.strip() else ENCRYPTED]
    assert values(batch, "resourceId") == [uid if uid.strip() else "n"]


def test_table_of_checks_is_sound() -> None:
    table = prowler.check_settings()
    assert 40 <= len(table) <= 80
    assert {entry.setting for entry in table.values()} <= set(schema.choices("setting").values())
    words: dict[str, set[tuple[str, str]]] = {}
    for entry in table.values():
        if entry.passes:
            words.setdefault(entry.setting.removeprefix(GG), set()).add((entry.passes, entry.fails))
    assert words == {
        "MfaSetting": {("enforced", "not enforced")},
        "EncryptionAtRestSetting": {("on", "off")},
        "PlaintextPortSetting": {("closed", "open")},
        "ManagementPortSetting": {("closed", "open")},
        "CentralLoggingSetting": {("on", "off")},
        "BackupSetting": {("covered", "none")},
        "PublicAccessSetting": {("blocked", "open")},
    }


@pytest.mark.parametrize(
    "row",
    ["aws,x,nothing,on,off", "aws,x,backup,covered,", "aws,x,backup,yes,none", f"aws,{ENCRYPTED},mfa,,x"],
)
def test_table_that_does_not_fit_is_refused(row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "checks.csv"
    text = assets.path("data", "scanner-checks.csv").read_text(encoding="utf-8")
    table.write_text(f"{text}{row}\n", encoding="utf-8")
    monkeypatch.setattr(assets, "path", lambda *_: table)
    with pytest.raises(AssetError, match=r"^scanner-checks\.csv: the row of aws"):
        prowler.check_settings.__wrapped__()


def test_table_has_only_checks_of_prowler() -> None:
    path = shared("facts", "prowler_check_requirements.csv")
    with path.open(encoding="utf-8", newline="") as file:
        known = {(row["provider"], row["check_id"]) for row in csv.DictReader(file)}
    assert set(prowler.check_settings()) <= known


def captures(*facts: Triple, known_before: str = "2027-01-01") -> set[tuple[str, str, str, tuple[str, ...]]]:
    """System, value, day and findings of the captures that the rule makes of the facts."""
    stated = Facts()
    engagement = NamedNode("https://example.org/acme/engagement/e")
    stated.add([Triple(engagement, RDF_TYPE, NamedNode(GG + "CurrentEngagement"))])
    stated.add([Triple(engagement, NamedNode(GG + "knownBefore"), Literal(known_before, datatype=DATE))])
    stated.add(facts)
    rule = next(r for r in rules() if r.name == "03-scanner-captures")
    made = list(construct(stated, rule))

    def of(subject: object, predicate: str) -> tuple[str, ...]:
        found = {t.object for t in made if t.subject == subject and t.predicate.value == predicate}
        return tuple(sorted(o.value for o in found if isinstance(o, NamedNode | Literal)))

    nodes = {t.subject for t in made if t.object == NamedNode(GG + "ConfigurationCapture")}
    found_captures = set()
    for node in nodes:
        (system,), (value,) = of(node, GG + "capturesSystem"), of(node, GG + "settingValue")
        (day,) = of(node, GG + "capturedOn")
        assert of(node, GG + "source") == ("Prowler 5.4.0",)
        derived = of(node, PREFIXES["prov"] + "wasDerivedFrom")
        assert any("/resources/" in origin for origin in derived)
        told = tuple(origin for origin in derived if "/findings/" in origin)
        found_captures.add((system.rpartition("/")[2], value, day, told))
    return found_captures


def claim(system: str, resource: str) -> list[Triple]:
    row = NAMES.iri("resources", f"{system}-{resource}")
    return [
        Triple(row, NamedNode(GG + "resourceOf"), NAMES.iri("systems", system)),
        Triple(row, NamedNode(GG + "resourceId"), Literal(resource)),
    ]


def iris(batch: Batch, *numbers: int) -> tuple[str, ...]:
    return tuple(sorted(subject for subject, row in batch.rows.items() if row in numbers))


def test_finding_on_a_claimed_resource_is_a_capture() -> None:
    batch = read(record(), record(resources=[{"uid": "arn:other", "name": "other"}]))
    found = captures(*batch.triples, *claim("db", "arn:aws:rds:eu-west-1:1:db:main"))
    assert found == {("db", "on", "2026-03-04", iris(batch, 1))}
    assert captures(*batch.triples, *claim("db", "other")) == {("db", "on", "2026-03-04", iris(batch, 2))}
    assert captures(*batch.triples) == set()


def test_one_bad_finding_decides_the_day() -> None:
    batch = read(
        record(),
        record(status_code="FAIL", resources=[{"uid": "b", "name": "b"}]),
        record(status_code="FAIL", status_id=3, resources=[{"uid": "b", "name": "b"}], finding_info__uid="3"),
        record(time=NOON + 86_400),
    )
    facts = [*batch.triples, *claim("db", "main"), *claim("db", "b")]
    assert captures(*facts) == {
        ("db", "off", "2026-03-04", iris(batch, 2, 3)),
        ("db", "on", "2026-03-05", iris(batch, 4)),
    }
    assert captures(*facts, known_before="2026-03-05") == {("db", "off", "2026-03-04", iris(batch, 2, 3))}


def test_manual_findings_and_parts_capture_nothing() -> None:
    batch = read(
        record(status_code="MANUAL"),
        record(metadata__event_code="ec2_instance_port_telnet_exposed_to_internet", finding_info__uid="2"),
    )
    assert captures(*batch.triples, *claim("db", "main")) == set()


def test_rule_names_its_unit() -> None:
    text = assets.path("ontology", "rules", "03-scanner-captures.rq").read_text(encoding="utf-8")
    assert "\n# unit: ?system\n" in text


@pytest.mark.parametrize(("name", "records"), [("aws", 5), ("kubernetes", 6)])
def test_findings_of_others(name: str, records: int) -> None:
    path = shared("real", "prowler", f"example_output_{name}.ocsf.json")
    raw = json.loads(path.read_text(encoding="utf-8"))
    batch = read_findings(path.read_bytes(), f"findings/{path.name}", NAMES)
    assert batch.problems == []
    assert sorted(batch.rows.values()) == list(range(1, records + 1))
    checks = {t.subject: t.object for t in batch.triples if t.predicate.value == GG + "checkId"}
    for subject, number in batch.rows.items():
        assert checks[NamedNode(subject)] == Literal(raw[number - 1]["metadata"]["event_code"])
    for entry in raw:
        code = entry["metadata"]["event_code"]
        assert f"findings/{path.name}: check {code} is not used by any requirement (1 finding)" in batch.unused
