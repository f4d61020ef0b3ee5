"""Somebody with the whole database in hand, who wants to know which answers are whose.

They are given more than any dump holds: of each part, who is in it. What they try is every column of every row that
leads to a person, and where the row lies, against every column of a released row, and where that lies: do equal values
name somebody, and does one order follow the other?

What they find is measured against chance. Were answers laid out at random within each part, the number of people at the
right place, and the number of pairs in the right order, have distributions that are known exactly (permutations without
fixed points, and Mahonian numbers). A finding is a result that chance alone gives less often than once in a million
times in the whole walk: its probability is multiplied by the number of comparisons (Bonferroni).
"""

import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import comb, factorial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, text

from portal.core.db import Model, db, end_reading, session

#: How often chance alone may make a walk fail.
ONCE_IN: Final = Fraction(1, 1_000_000)
Row = dict[str, Any]


def rows_of(table: Table) -> list[Row]:
    """Every row with every column, and all that the database says about where it lies and who wrote it when."""
    if session().get_bind().dialect.name == "postgresql":
        hidden = "ctid::text AS _place, xmin::text::bigint AS _writer, cmin::text::bigint AS _turn"
        found = session().execute(text(f"SELECT {hidden}, * FROM {table.name} ORDER BY ctid"))
        rows: list[Row] = [dict(row) for row in found.mappings()]
        return [{**row, "_place": tuple(map(int, row["_place"].strip("()").split(",")))} for row in rows]
    is_unordered = table.dialect_options["sqlite"].get("with_rowid") is False
    hidden = "" if is_unordered else "rowid AS _place, "
    return [dict(row) for row in session().execute(text(f"SELECT {hidden}* FROM {table.name}")).mappings()]


def dump() -> dict[str, list[Row]]:
    """All tables. On SQLite each row with a random key also says where in the file it stands."""
    end_reading()
    tables = {table.name: rows_of(table) for table in Model.metadata.sorted_tables}
    if (file := sqlite_file()) is not None:
        raw = file.read_bytes()
        for rows in tables.values():
            for row in rows:
                if "key" in row or "public_id" in row:
                    row["_offset"] = raw.find(str(row.get("key") or row["public_id"]).encode())
    end_reading()
    return tables


def sqlite_file() -> Path | None:
    """The database's file, after all that is in its log was brought into it; None on PostgreSQL."""
    if db.engine.dialect.name != "sqlite":
        return None
    pooled = db.engines["write"].raw_connection()
    try:
        pooled.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        pooled.close()
    return _file()


def _file() -> Path:
    return Path(str(db.engine.url.database))


def raw_bytes() -> bytes:
    """All bytes of the database's files as they are: whatever stands in them, deleted or not."""
    end_reading()
    if db.engine.dialect.name == "sqlite":
        return b"\0".join(one.read_bytes() for one in (_file(), Path(f"{_file()}-wal")))
    files = text(
        "SELECT pg_read_binary_file(pg_relation_filepath(c.oid)) FROM pg_class c JOIN pg_namespace n"
        " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 't', 'i') AND n.nspname IN ('public', 'pg_toast')"
    )
    with db.engines["write"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("CHECKPOINT")
        return b"\0".join(bytes(one) for one in connection.execute(files).scalars())


def traces_of(tables: Mapping[str, list[Row]], people: Iterable[int]) -> dict[str, dict[int, Any]]:
    """By table and column what stands in the rows of each of these people: the first and the last that it says."""
    owners: dict[str, dict[Any, int]] = {"person": {one: one for one in people}}
    found: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for table in Model.metadata.sorted_tables:
        mine = owners.setdefault(table.name, {})
        for row in tables[table.name]:
            person = mine.get(row["id"]) if table.name == "person" else _leads_to(table, row, owners)
            if person is None:
                continue
            if "id" in row:
                mine[row["id"]] = person
            for column, value in row.items():
                if value is not None:
                    found[f"{table.name}.{column}"][person].append(value)
    return {
        f"{name}, {which}": {person: choose(some, key=_sortable) for person, some in values.items()}
        for name, values in found.items()
        for which, choose in (("first", min), ("last", max))
    }


def _leads_to(table: Table, row: Row, owners: Mapping[str, Mapping[Any, int]]) -> int | None:
    """Who is found by following what this row refers to; straight to a person before ways around."""
    links = [(column.name, key.column.table.name) for column in table.columns for key in column.foreign_keys]
    links.sort(key=lambda link: (link[1] != "person", link[0] != "person_id", link))
    leads = (owners.get(target, {}).get(row[column]) for column, target in links)
    return next((one for one in leads if one is not None), None)


@dataclass
class Walk:
    """Groups of released rows, each with whose it truly is, against what stands about these people."""

    groups: list[list[tuple[int, Row]]]
    traces: Mapping[str, Mapping[int, Any]]
    comparisons: int = 0
    findings: list[str] = field(default_factory=list)

    def go(self) -> list[str]:
        """Try everything; what chance does not explain, in words."""
        chances: list[tuple[Fraction, str]] = []
        columns = sorted({column for group in self.groups for _author, row in group for column in row})
        tried: set[Hashable] = set()
        for column in columns:
            for trace, values in self.traces.items():
                pairs = [
                    [(values[author], row[column]) for author, row in group if author in values and column in row]
                    for group in self.groups
                ]
                known = tuple(_known(pair) for pair in pairs)
                if known in tried or not any(_tells_apart(pair) for pair in pairs):
                    continue
                tried.add(known)
                chances += [(chance, f"{how}: {trace} - {column}") for how, chance in _chances(pairs)]
        self.comparisons = len(chances)
        return sorted(words for chance, words in chances if chance * self.comparisons < ONCE_IN)


def _chances(pairs: Sequence[Sequence[tuple[Any, Any]]]) -> Iterator[tuple[str, Fraction]]:
    """How likely chance alone does as well as this, in each of the ways to pair people and rows."""
    claims = right = 0
    fixed, turned, ordered, sizes = 0, 0, 0, []
    for group in pairs:
        one, other = _names(group)
        claims, right = claims + one, right + other
        if not _tells_apart(group):
            continue
        permutation = _permutation(group)
        last = len(permutation) - 1
        sizes.append(len(permutation))
        fixed += sum(place == at for at, place in enumerate(permutation))
        turned += sum(place == last - at for at, place in enumerate(permutation))
        ordered += sum(a < b for at, a in enumerate(permutation) for b in permutation[at + 1 :])
    if claims:
        yield "equal", _binomial_tail(claims, right, min(len(group) for group in pairs if group))
    key = tuple(sorted(sizes))
    yield "same order", _tail(_fixed_points(key), fixed)
    yield "turned around", _tail(_fixed_points(key), turned)
    most = sum(comb(size, 2) for size in sizes)
    yield "follows", _tail(_orders(key), ordered)
    yield "goes against", _tail(_orders(key), most - ordered)


def _names(group: Sequence[tuple[Any, Any]]) -> tuple[int, int]:
    """How many rows a value that only one person has as well would give a name, and to how many of them theirs."""
    mine, theirs = [str(one) for one, _other in group], [str(other) for _one, other in group]
    shared = [value for value in set(mine) & set(theirs) if mine.count(value) == theirs.count(value) == 1]
    return len(shared), sum(mine.index(value) == theirs.index(value) for value in shared)


def _permutation(group: Sequence[tuple[Any, Any]]) -> list[int]:
    """Which place each row's author has among the people, in the order of the rows; what is alike is drawn."""
    chance = random.Random(repr(group))
    drawn = [(chance.random(), chance.random()) for _one in group]
    by_person = sorted(range(len(group)), key=lambda at: (_sortable(group[at][0]), drawn[at][0]))
    by_row = sorted(range(len(group)), key=lambda at: (_sortable(group[at][1]), drawn[at][1]))
    place = {at: rank for rank, at in enumerate(by_person)}
    return [place[at] for at in by_row]


def _tells_apart(group: Sequence[tuple[Any, Any]]) -> bool:
    """Whether anything is not the same for all, on either side."""
    return all(len({str(pair[side]) for pair in group}) > 1 for side in (0, 1))


def _known(group: Sequence[tuple[Any, Any]]) -> Hashable:
    """All that this says: which values are equal, and both orders."""
    named = tuple(str(one) == str(other) for one, other in group)
    return (named, *(_ranks([pair[side] for pair in group]) for side in (0, 1)))


def _ranks(values: Sequence[Any]) -> tuple[int, ...]:
    sorted_values = sorted({_sortable(one) for one in values})
    return tuple(sorted_values.index(_sortable(one)) for one in values)


def _sortable(value: Any) -> tuple[int, Any]:
    if isinstance(value, tuple):
        return 0, value
    return (1, (value,)) if isinstance(value, int | float) else (2, (str(value),))


def _convolved(parts: Iterable[Sequence[Fraction]]) -> list[Fraction]:
    found = [Fraction(1)]
    for part in parts:
        summed = [Fraction(0)] * (len(found) + len(part) - 1)
        for at, one in enumerate(found):
            for more, other in enumerate(part):
                summed[at + more] += one * other
        found = summed
    return found


@cache
def _fixed_points(sizes: tuple[int, ...]) -> list[Fraction]:
    """How likely so many people are at the right place, by chance."""
    return _convolved(_fixed(size) for size in sizes)


@cache
def _fixed(size: int) -> list[Fraction]:
    apart = [1, 0]
    for number in range(2, size + 1):
        apart.append((number - 1) * (apart[-1] + apart[-2]))
    return [Fraction(comb(size, at) * apart[size - at], factorial(size)) for at in range(size + 1)]


@cache
def _orders(sizes: tuple[int, ...]) -> list[Fraction]:
    """How likely so many pairs are in the right order, by chance."""
    return _convolved(_pairs(size) for size in sizes)


@cache
def _pairs(size: int) -> list[Fraction]:
    return _convolved([Fraction(1, number)] * number for number in range(1, size + 1))


def _tail(chances: Sequence[Fraction], least: int) -> Fraction:
    return sum(chances[least:], Fraction(0))


def _binomial_tail(count: int, least: int, fewest: int) -> Fraction:
    hit = Fraction(1, max(fewest, 1))
    return sum((comb(count, at) * hit**at * (1 - hit) ** (count - at) for at in range(least, count + 1)), Fraction(0))
