"""What a forger does to a table whose guards are out of the way: every column changed to what could stand there, rows removed, put in, swapped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from controls.duties import Duty
from ledger.funds import Fund
from ledger.months import Month

Row = Mapping[str, Any]
_LISTED = re.compile(r"'([^']*)'|\b(\d+)\b")


@dataclass(frozen=True)
class Tamper:
    """One forgery: what it is (``column state``, ``row removed``…), its statements, and the rows it touches, before and after."""

    what: str
    statements: Sequence[Any]
    rows: Sequence[Row]


def tampers(connection: sa.Connection, table: sa.Table) -> Iterator[Tamper]:
    """Every forgery of the table's rows: each column of the first row (and by another row's value), first and last row removed, one put in, two swapped."""
    keys = [key.name for key in table.primary_key]
    rows = [dict(row) for row in connection.execute(sa.select(table).order_by(*(table.c[key] for key in keys))).mappings()]
    first = rows[len(rows) // 2]
    for column in table.c:
        for value in _values(table, column, first, rows):
            changed = first | {column.name: value}
            yield Tamper(f"column {column.name}", [table.update().where(_is(table, keys, first)).values({column.name: value})], [first, changed])
    for row in {id(row): row for row in (rows[0], rows[-1])}.values():
        yield Tamper("row removed", [table.delete().where(_is(table, keys, row))], [row])
    planted = _planted(table, keys, rows)
    yield Tamper("row put in", [table.insert().values(planted)], [planted])
    if pair := _pair(table, keys, rows):
        one, two = pair
        swapped = [{**two, **{key: one[key] for key in keys}}, {**one, **{key: two[key] for key in keys}}]
        away = [table.delete().where(_is(table, keys, row)) for row in pair]
        yield Tamper("rows swapped", [*away, *(table.insert().values(row) for row in swapped)], [one, two])


def _is(table: sa.Table, keys: Sequence[str], row: Row) -> Any:
    return sa.and_(*(table.c[key] == row[key] for key in keys))


def _values(table: sa.Table, column: sa.Column[Any], row: Row, rows: Sequence[Row]) -> list[Any]:
    """One slight change, and the value that another row has there; nothing that the store's own uniqueness refuses."""
    sets = [[key.name for key in table.primary_key], *_unique(table)]
    mine = [names for names in sets if column.name in names]

    def free(value: Any) -> bool:
        new = row | {column.name: value}
        return not any(all(new[name] == other[name] and new[name] is not None for name in names) for names in mine for other in rows)

    value = another(column, row[column.name])
    while mine and not free(value):
        listed = _allowed(column) or isinstance(value, str)
        value = next((one for one in _allowed(column) if free(one)), f"{value}x") if listed else another(column, value)
    others = [other[column.name] for other in rows if other[column.name] not in (row[column.name], None, value) and free(other[column.name])]
    return [value, *([] if column.primary_key else others[:1])]


def another(column: sa.Column[Any], value: Any) -> Any:
    """A value that could stand in the column instead: of its list where it has one, the next month, day or number, another digit of a digest."""
    if column.name == "dimension":
        return '[["bank_account","77"]]'
    if others := [one for one in _allowed(column) if one != value]:
        return others[0]
    if value is None and column.name == "period":
        return 202601
    if value is None:
        return 1 if isinstance(column.type.as_generic(), sa.Integer) or not isinstance(column.type, sa.Text) else "x"
    if isinstance(value, Month):
        return value + 1
    if isinstance(value, int):
        return _next(value)
    if value in Duty.__members__:
        return "CASHIER" if value != "CASHIER" else "CHECK"
    for form in (_moved, _rewritten):
        if (changed := form(value)) is not None:
            return changed
    if re.fullmatch(r"[0-9a-f]{32,}|\d+", value):
        return value[:-1] + ("0" if value[-1] != "0" else "1")
    return f"{value}x"


def _next(value: int) -> int:
    if 190001 <= value <= 299912 and 1 <= value % 100 <= 12:
        return value + 1 if value % 100 < 12 else value - 1
    return value + 1


def _moved(value: str) -> str | None:
    """The day after, or the second after."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return (date.fromisoformat(value) + timedelta(days=1 if value < "9999" else -1)).isoformat()
    if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:+]+", value):
        return (datetime.fromisoformat(value) + timedelta(seconds=1)).isoformat()
    return None


def _rewritten(value: str) -> str | None:
    """JSON with its first number or text changed."""
    if value[:1] not in "[{":
        return None
    try:
        told = json.loads(value)
    except ValueError:
        return None
    changed = _leaf(told)
    return json.dumps(changed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _leaf(value: Any) -> Any:
    if isinstance(value, dict) and value:
        key = max(value)
        return value | {key: _leaf(value[key])}
    if isinstance(value, list) and value:
        return [*value[:-1], _leaf(value[-1])]
    if isinstance(value, (dict, list)) or value is None:
        return ["x"]
    return value + 1 if isinstance(value, int) else f"{value}x"


def _allowed(column: sa.Column[Any]) -> list[Any]:
    """The values that a CHECK of the column lists."""
    if column.name == "fund":
        return [fund.value for fund in Fund]
    for made in (*column.constraints, *column.table.constraints):
        if isinstance(made, sa.CheckConstraint) and (found := re.fullmatch(rf"{column.name} IN \((.*)\)", str(made.sqltext))):
            return [text or int(number) for text, number in _LISTED.findall(found.group(1))]
    return []


def _planted(table: sa.Table, keys: Sequence[str], rows: Sequence[Row]) -> Row:
    """The last row once more under a key that nobody has, and with other values in whatever must be unique."""
    made, last = dict(rows[-1]), keys[-1]
    while any(all(row[key] == made[key] for key in keys) for row in rows):
        listed = _allowed(table.c[last]) or isinstance(made[last], str)
        made[last] = _unused(table, keys, made, rows) if listed else another(table.c[last], made[last])
    for unique in _unique(table):
        while any(all(row[name] == made[name] for name in unique) for row in rows) and None not in [made[name] for name in unique]:
            free = [name for name in unique if name not in keys] or list(unique)
            made[free[-1]] = _apart(table.c[free[-1]], made[free[-1]], {row[free[-1]] for row in rows})
    return made


def _unused(table: sa.Table, keys: Sequence[str], made: Row, rows: Sequence[Row]) -> Any:
    """A value of the list that makes the key new, else one beside the list."""
    last = keys[-1]
    taken = {row[last] for row in rows if all(row[key] == made[key] for key in keys[:-1])}
    left = [one for one in _allowed(table.c[last]) if one not in taken]
    if left:
        return left[0]
    value = _moved(str(made[last]))
    while value in taken:
        value = _moved(str(value))
    return value or f"{made[last]}x"


def _apart(column: sa.Column[Any], value: Any, taken: set[Any]) -> Any:
    """A value that nobody has there."""
    if left := [one for one in _allowed(column) if one not in taken]:
        return left[0]
    return f"{value}x" if isinstance(value, str) else another(column, value)


def _unique(table: sa.Table) -> list[list[str]]:
    found = [[column.name for column in made.columns] for made in table.constraints if isinstance(made, sa.UniqueConstraint)]
    return found + [[column.name for column in made.columns] for made in table.indexes if made.unique]


def _pair(table: sa.Table, keys: Sequence[str], rows: Sequence[Row]) -> tuple[Row, Row] | None:
    """Two rows whose values beside the key differ."""
    plain = [column.name for column in table.c if column.name not in keys]
    for one in rows[:20]:
        for two in rows[:20]:
            if [one[name] for name in plain] != [two[name] for name in plain]:
                return one, two
    return None
