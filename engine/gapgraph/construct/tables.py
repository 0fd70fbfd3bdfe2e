"""Solutions as columns: for each variable one array of term numbers, all of one length; -1 is unbound."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from gapgraph.construct.plan import Values
from gapgraph.shacl.columns import expand
from gapgraph.shacl.terms import Ids, Mask, Terms, no_ids

__all__ = ["ROW", "UNBOUND", "Table", "codes", "join", "rows_of", "stacked", "unit"]

UNBOUND = -1
ROW = "#"
"""The column by which a row is found again after it was extended; no variable has this name."""


class Table:
    """Rows of solutions."""

    __slots__ = ("columns", "length")

    def __init__(self, length: int, columns: Mapping[str, Ids]) -> None:
        self.length, self.columns = length, dict(columns)

    @classmethod
    def of(cls, name: str, ids: Ids) -> "Table":
        """One column of distinct terms."""
        return cls(len(ids), {name: ids})

    def __len__(self) -> int:
        return self.length

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def column(self, name: str) -> Ids:
        """The column of a variable; unbound in every row where there is none."""
        found = self.columns.get(name)
        return np.full(self.length, UNBOUND, np.int64) if found is None else found

    def take(self, rows: Ids | Mask) -> "Table":
        """These rows, by number or mask, in this order."""
        length = int(np.count_nonzero(rows)) if rows.dtype == bool else len(rows)
        return Table(length, {name: column[rows] for name, column in self.columns.items()})

    def only(self, names: Iterable[str]) -> "Table":
        """The columns of these variables, as far as they are there."""
        wanted = set(names)
        return Table(self.length, {n: c for n, c in self.columns.items() if n in wanted})

    def without(self, names: Iterable[str]) -> "Table":
        """All columns but these."""
        unwanted = set(names)
        return Table(self.length, {n: c for n, c in self.columns.items() if n not in unwanted})

    def having(self, name: str, column: Ids) -> "Table":
        """With one more column."""
        return Table(self.length, {**self.columns, name: column})

    def numbered(self) -> "Table":
        """With a column that numbers the rows."""
        return self.having(ROW, np.arange(self.length))

    def distinct(self) -> "Table":
        """Each row once."""
        if not self.columns:
            return Table(min(self.length, 1), {})
        _, first = np.unique(codes(list(self.columns.values())), return_index=True)
        return self.take(np.sort(first)) if len(first) < self.length else self

    def always_bound(self) -> "Table":
        """The columns that no row leaves unbound."""
        return Table(self.length, {n: c for n, c in self.columns.items() if int(c.min(initial=0)) >= 0})

    def bound_alike(self, names: Sequence[str]) -> Iterator[tuple["Table", tuple[str, ...]]]:
        """The rows in parts that leave the same of these variables unbound, and which these are."""
        partly = [n for n in names if n in self.columns and self.length and int(self.columns[n].min()) < 0]
        if not partly:
            yield self, ()
            return
        mask = np.zeros(self.length, np.int64)
        for place, name in enumerate(partly):
            mask |= (self.columns[name] < 0).astype(np.int64) << place
        for pattern in np.unique(mask).tolist():
            missing = tuple(name for place, name in enumerate(partly) if pattern >> place & 1)
            yield self.take(mask == pattern), missing


def unit() -> Table:
    """The one solution that binds nothing."""
    return Table(1, {})


def rows_of(terms: Terms, values: Values) -> Table:
    """The rows that stand in a rule itself."""
    columns = {
        name: np.array([UNBOUND if row[i] is None else terms.id(row[i]) for row in values.rows], np.int64)  # type: ignore[arg-type]
        for i, name in enumerate(values.names)
    }
    return Table(len(values.rows), columns)


def codes(columns: Sequence[Ids]) -> Ids:
    """One number for each row, the same for rows that are alike in all columns."""
    found = columns[0]
    for column in columns[1:]:
        _, found = np.unique(found, return_inverse=True)
        _, other = np.unique(column, return_inverse=True)
        found = found.astype(np.int64) * (int(other.max(initial=0)) + 1) + other
    return found


def stacked(tables: Sequence[Table]) -> Table:
    """The rows of tables one after another; a variable that a table has not is unbound in its rows."""
    filled = [t for t in tables if t.length]
    if len(filled) == 1:
        return filled[0]
    names = dict.fromkeys(name for t in filled for name in t.columns)
    columns = {name: np.concatenate([t.column(name) for t in filled]) for name in names}
    return Table(sum(t.length for t in filled), columns)


def join(left: Table, right: Table) -> Table:
    """All pairs of compatible rows (SPARQL §18.3): alike in each variable that both bind."""
    shared = [name for name in right.columns if name in left.columns]
    parts = []
    for a, unbound_left in left.bound_alike(shared):
        for b, unbound_right in right.bound_alike(shared):
            keys = [name for name in shared if name not in unbound_left and name not in unbound_right]
            rows, others = _matches(a, b, keys)
            columns = {name: column[rows] for name, column in a.columns.items() if name not in unbound_left}
            columns |= {name: column[others] for name, column in b.columns.items() if name not in columns}
            parts.append(Table(len(rows), columns))
    return stacked(parts)


def _matches(left: Table, right: Table, keys: Sequence[str]) -> tuple[Ids, Ids]:
    """The rows of both that are alike in all keys."""
    if not left.length or not right.length:
        return no_ids(), no_ids()
    if not keys:
        return np.repeat(np.arange(left.length), right.length), np.tile(np.arange(right.length), left.length)
    if len(keys) == 1:
        ours, theirs = left.columns[keys[0]], right.columns[keys[0]]
    else:
        both = codes([np.concatenate([left.columns[k], right.columns[k]]) for k in keys])
        ours, theirs = both[: left.length], both[left.length :]
    order = np.argsort(theirs, kind="stable")
    ordered = theirs[order]
    rows, places = expand(np.searchsorted(ordered, ours, "left"), np.searchsorted(ordered, ours, "right"))
    return rows, order[places]
