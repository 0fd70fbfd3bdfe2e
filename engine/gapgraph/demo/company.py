"""A company in memory: its registers as rows of text, in the order in which they are written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from gapgraph.sources.schema import registers

Cell = str | int | float | bool | date | Sequence[str] | None
Row = dict[str, str]

START = date(2026, 1, 1)
END = date(2026, 12, 31)
QUARTERS = tuple(date(2026, month, 1) for month in (1, 4, 7, 10))


def cell(value: Cell) -> str:
    """A value as a register holds it: yes or no, plain dates, lists separated by semicolons, empty for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return ";".join(value)


def workday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() > 4 else day


@dataclass(frozen=True, slots=True)
class Size:
    """How large a company is; counts follow the figures of companies of its kind."""

    name: str
    kind: str
    people: int
    joiners: int
    leavers: int
    movers: int
    systems: int
    services: int
    groups: int
    vendors: int
    subservice: int
    policies: int
    evidence_a_year: int
    captures_a_year: int
    accounts_per_system: int
    risks: int
    incidents: int
    vulnerabilities: int
    contracts_ended: int
    training_runs: int
    models: int
    secrets: int
    categories: tuple[str, ...]
    profile: str = "soc2-ai"

    @property
    def scale(self) -> str:
        """The size with whose counts it is drawn."""
        return "small" if self.name == "tiny" else self.name


_DRAWN: Mapping[str, Size] = {
    size.name: size
    for size in (
        Size(
            "small",
            "seed-stage AI startup",
            people=18,
            joiners=6,
            leavers=2,
            movers=1,
            systems=12,
            services=1,
            groups=1,
            vendors=22,
            subservice=4,
            policies=22,
            evidence_a_year=5,
            captures_a_year=4,
            accounts_per_system=9,
            risks=18,
            incidents=3,
            vulnerabilities=140,
            contracts_ended=2,
            training_runs=14,
            models=4,
            secrets=10,
            categories=("security", "availability", "confidentiality"),
        ),
        Size(
            "mid",
            "growth AI SaaS",
            people=120,
            joiners=38,
            leavers=17,
            movers=8,
            systems=34,
            services=3,
            groups=3,
            vendors=85,
            subservice=8,
            policies=29,
            evidence_a_year=12,
            captures_a_year=4,
            accounts_per_system=18,
            risks=46,
            incidents=14,
            vulnerabilities=1100,
            contracts_ended=14,
            training_runs=60,
            models=12,
            secrets=40,
            categories=("security", "availability", "confidentiality", "processing_integrity", "privacy"),
        ),
        Size(
            "large",
            "enterprise",
            people=850,
            joiners=210,
            leavers=160,
            movers=40,
            systems=140,
            services=9,
            groups=6,
            vendors=340,
            subservice=22,
            policies=43,
            evidence_a_year=52,
            captures_a_year=2,
            accounts_per_system=45,
            risks=120,
            incidents=60,
            vulnerabilities=9800,
            contracts_ended=70,
            training_runs=400,
            models=40,
            secrets=220,
            categories=("security", "availability", "confidentiality", "processing_integrity", "privacy"),
        ),
    )
}
TINY = replace(
    _DRAWN["small"], name="tiny", kind="AI startup of six people", people=6, joiners=0, leavers=0, profile="startup"
)
"""Drawn as the small one, before six people take over its roles (`gapgraph.demo.six`)."""
SIZES: Mapping[str, Size] = {"tiny": TINY, **_DRAWN}


@dataclass(slots=True)
class Company:
    """A company of a size and seed; all chance is `rng` and `chance`, so equal arguments give equal rows."""

    size: Size
    seed: int
    organisation: str
    base: str
    rng: Random
    tables: dict[str, dict[str, Row]] = field(default_factory=dict)
    period: tuple[date, date] = (START, END)
    """First and last day of the Type II engagement."""

    def add(self, register: str, id: str, **cells: Cell) -> str:
        """Adds a row and returns its id. Raises ValueError for an id that is taken and a column that is not there."""
        columns = registers()[register].columns
        table = self.tables.setdefault(register, {})
        unknown = set(cells) - set(columns)
        if id in table or unknown:
            raise ValueError(f"{register} {id}: taken, or columns are not there: {sorted(unknown)}")
        table[id] = {"id": id, **{name: cell(value) for name, value in cells.items()}}
        return id

    def set(self, register: str, id: str, **cells: Cell) -> None:
        """Changes cells of a row. Raises KeyError where the row is not there."""
        row = self.tables[register][id]
        row.update({name: cell(value) for name, value in cells.items()})

    def row(self, register: str, id: str) -> Row:
        """The row of that id."""
        return self.tables[register][id]

    def rows(self, register: str, **cells: str) -> Iterator[Row]:
        """The rows with these cells, in order."""
        for row in list(self.tables.get(register, {}).values()):
            if all(row.get(name, "") == value for name, value in cells.items()):
                yield row

    def drop(self, register: str, *ids: str) -> None:
        """Takes rows out; a list that names one of them beside others names only the others from then on."""
        for id in ids:
            del self.tables[register][id]
        for name, table in self.tables.items():
            lists = [c.name for c in registers()[name].columns.values() if c.kind == "refs" and register in c.targets]
            for row in table.values() if lists else ():
                for column in lists:
                    left = [part for part in listed(row.get(column, "")) if part not in ids]
                    if left:
                        row[column] = ";".join(left)

    def chance(self, topic: str) -> Random:
        """Chance for one topic alone: what another topic draws moves none of its rows."""
        return Random(f"{self.size.name} {self.seed} {topic}")  # noqa: S311 - dates of a demo, nothing secret

    def day(self, first: date, last: date, rng: Random | None = None) -> date:
        """A working day between two days by chance, never outside them where they hold one."""
        day = first + timedelta(days=(rng or self.rng).randint(0, (last - first).days))
        moved = workday(day)
        while moved > last:
            moved -= timedelta(days=1)
            if moved.weekday() < 5:
                break
        return max(moved, first)


def listed(text: str) -> list[str]:
    """The parts of a list cell."""
    return [part for part in text.split(";") if part]


def as_day(text: str) -> date:
    """The day that a cell holds."""
    return date.fromisoformat(text)
