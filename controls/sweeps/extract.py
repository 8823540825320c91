"""What a sweep reads out of the store: what rosters and vouchers paid, every snapshot in use, and the certifications of the register.

Sources are named first (key and digest, nothing read), so that a rule that has seen them need not read them again; then they are laid down as Parquet,
one file a roster, by columns: memory holds a slice of one roster at a time.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from controls.checks.schema import CONTRACTS, columns, empty
from controls.intake import register, snapshots
from controls.intake.snapshots import SourceFile
from controls.register_tables import register_row
from controls.registers import certified
from controls.rosterpayments import KEY
from controls.sweeps import one_offs
from controls.sweeps.known import CONTRACT, FirstNamed
from controls.tables import bank_line, bank_result, bank_return, comeback, hold, release, roster, roster_line
from ledger import accounts
from ledger.entries import digest
from ledger.identity import normal_name

Tables = dict[str, list["pa.Table | Path"]]
SLICE = 50_000
"""Roster lines in memory at a time."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: its contract, its key (``f12`` a file, ``r3`` a roster, ``v1`` what the vouchers of a book paid without one, ``c1`` the
    certifications of a book), the digest of what it holds now, and the name that evidence rows bear (``花名册3`` with the line's 序号, the base name of the
    file with its line; rows of vouchers begin with it)."""

    contract: str
    key: str
    digest: str
    name: str


def sources(connection: sa.Connection) -> list[Source]:
    """Everything there is to read now, files by number, then rosters by number, then vouchers and certifications by book; nothing is read."""
    found = [Source(contract, f"f{one.file_id}", one.parquet_sha256, one.name) for contract in CONTRACTS for one in snapshots.current(connection, contract)]
    twice = {key for key, count in Counter((one.contract, one.name) for one in found).items() if count > 1}
    named = [Source(one.contract, one.key, one.digest, f"{one.name}（文件{one.key[1:]}）") if (one.contract, one.name) in twice else one for one in found]
    paid = [Source("payments", f"v{one.book_id}", one.digest, one.name) for one in one_offs.books(connection)]
    return [*named, *_rosters(connection), *paid, *_certifications(connection)]


def _rosters(connection: sa.Connection) -> list[Source]:
    """Released rosters with what the bank said of them: the release binds every line, returns and comebacks come after it."""
    by_roster: dict[int, list[Any]] = {}
    asked = (
        sa.select(roster.c.roster_id, release.c.digest, bank_return.c.file_id, bank_return.c.paid_fen, bank_return.c.failed_fen)
        .join(release, release.c.roster_id == roster.c.roster_id)
        .outerjoin(bank_return, bank_return.c.roster_id == roster.c.roster_id)
        .where(roster.c.payment != "none")
        .order_by(roster.c.roster_id)
    )
    for row in connection.execute(asked):
        by_roster[row.roster_id] = [list(row)]
    for table, column in ((comeback, "bank_seq"), (hold, "seq")):
        for roster_id, seq in connection.execute(sa.select(table.c.roster_id, table.c[column]).order_by(table.c.roster_id, table.c[column])):
            if roster_id in by_roster:
                by_roster[roster_id].append([table.name, seq])
    return [Source("payments", f"r{number}", digest({"told": told}), f"花名册{number}") for number, told in by_roster.items()]


def _certifications(connection: sa.Connection) -> list[Source]:
    here = register_row.c
    asked = sa.select(here.book_id, here.row_no, here.state, here.payload).where(here.register == certified.REGISTER).order_by(here.book_id, here.row_no)
    hashes: dict[int, Any] = defaultdict(hashlib.sha256)
    for book_id, *told in connection.execute(asked):
        hashes[book_id].update(repr(told).encode())
    return [Source("people", f"c{book_id}", made.hexdigest(), certified.FILE) for book_id, made in hashes.items()]


def lay(connection: sa.Connection, home: Path, wanted: Sequence[Source], folder: Path, *, known: bool = True) -> dict[str, pa.Table | Path]:
    """Source key → its canonical table or Parquet file; what rosters paid and a payments file shows already is left to the file.

    ``known``: death lists tell since when the office could know (:mod:`controls.sweeps.known`).
    Raises SB3022 for a snapshot that is missing or not what was taken in.
    """
    laid: dict[str, pa.Table | Path] = {}
    first = FirstNamed(connection, home) if known and any(one.contract == CONTRACT and one.key[0] == "f" for one in wanted) else None
    for one in (one for one in wanted if one.key[0] == "f"):
        made = register.file(connection, int(one.key[1:]))
        path = _file(made, home, one.name, folder)
        laid[one.key] = first.lay(made, path, folder) if first is not None and one.contract == CONTRACT else path
    shown = _shown(connection, [laid[one.key] for one in wanted if one.contract == "payments" and one.key[0] == "f"])
    people: dict[int, list[pa.Table]] = defaultdict(list)
    certifying = {int(one.key[1:]) for one in wanted if one.key[0] == "c"}
    for one in (one for one in wanted if one.key[0] == "r"):
        laid[one.key] = path = folder / f"{one.key}.parquet"
        book_id = _write(connection, int(one.key[1:]), one.name, shown, path)
        if book_id in certifying:
            people[book_id].append(_who(path))
    given, paid = ([laid[one.key] for one in wanted if one.contract == "payments" and one.key[0] == kind] for kind in "fr")
    for one in (one for one in wanted if one.key[0] == "v"):
        laid[one.key] = one_offs.table(connection, int(one.key[1:]), one.name, given, paid, _SCHEMA)
    for book in (book for book in accounts.books(connection) if book.book_id in certifying):
        lines = pa.concat_tables(people[book.book_id]) if people[book.book_id] else empty("payments").select(_WHO)
        laid[f"c{book.book_id}"] = certified.as_people(connection, book.book_id, book.fund, lines, empty("people").schema)
    return laid


def by_contract(wanted: Sequence[Source], laid: Mapping[str, pa.Table | Path]) -> Tables:
    """Laid sources as the checks take them, in the order of ``wanted``."""
    tables: Tables = {}
    for one in wanted:
        tables.setdefault(one.contract, []).append(laid[one.key])
    return tables


_WHO = ["number", "number_ok", "name", "name_norm"]


def _who(path: Path) -> pa.Table:
    from pyarrow import parquet

    return parquet.read_table(path, columns=_WHO).group_by(_WHO).aggregate([]).select(_WHO)


def _file(one: SourceFile, home: Path, name: str, folder: Path) -> Path:
    """The snapshot where it lies; under another name in its rows when two files in use bear the same one."""
    path = one.path(home)
    if name == one.name:
        return path
    from pyarrow import parquet

    table = parquet.read_table(path)
    table = table.set_column(table.column_names.index("file"), "file", pa.repeat(pa.scalar(name), table.num_rows))
    parquet.write_table(table, folder / f"f{one.file_id}.parquet")
    return folder / f"f{one.file_id}.parquet"


def _shown(connection: sa.Connection, given: Sequence[pa.Table | Path]) -> pa.Table | None:
    """Fund, number, number as given, item and period of what files show for the months and funds of released rosters; None when there are none."""
    from pyarrow import parquet

    line = roster_line.c
    asked = sa.select(roster.c.fund, line.period).distinct().join(roster, sa.and_(roster.c.book_id == line.book_id, roster.c.roster_id == line.roster_id))
    pairs = connection.execute(asked.where(roster.c.payment != "none")).all()
    if not pairs or not given:
        return None
    near = pc.field("fund").isin(sorted({fund for fund, _ in pairs})) & pc.field("period").isin(sorted({period for _, period in pairs}))
    tables = [parquet.read_table(one, columns=list(KEY), filters=near) if isinstance(one, Path) else one.select(list(KEY)).filter(near) for one in given]
    made = pa.concat_tables([table.cast(_KEYS) for table in tables])
    return made.group_by(list(KEY), use_threads=False).aggregate([]) if made.num_rows else None


_TYPES = {"string": pa.string(), "int32": pa.int32(), "int64": pa.int64(), "bool": pa.bool_(), "date32": pa.date32()}
_SCHEMA = pa.schema([(name, _TYPES[kind]) for name, kind in columns("payments").items()])
_KEYS = pa.schema([(name, _SCHEMA.field(name).type) for name in KEY])
_TAKEN = ("seq", "number", "number_ok", "id_raw", "id_type", "name", "item", "item_class", "period", "net_fen", "account", "holder", "region")


def _write(connection: sa.Connection, roster_id: int, name: str, shown: pa.Table | None, path: Path) -> int:
    """Writes the lines of a roster as payments and gives the number of its book."""
    from pyarrow import parquet

    made = connection.execute(sa.select(roster.c.book_id, roster.c.fund, roster.c.period).where(roster.c.roster_id == roster_id)).one()
    fixed = {"file": name, "fund": made.fund, "paid_month": made.period}
    with parquet.ParquetWriter(path, _SCHEMA, compression="zstd") as out:
        for rows in _slices(connection, made.book_id, roster_id):
            table = _table(rows, fixed)
            if shown is not None:
                table = table.join(shown, keys=list(KEY), join_type="left anti", use_threads=False).select(_SCHEMA.names).sort_by("line")
            out.write_table(table.cast(_SCHEMA))
    return int(made.book_id)


def _slices(connection: sa.Connection, book_id: int, roster_id: int) -> Iterator[Sequence[Any]]:
    line, sent, result, back, held = roster_line.c, bank_line.c, bank_result.c, comeback.c, hold.c
    query = (
        sa.select(*(line[column] for column in _TAKEN), result.ok, back.bank_seq)
        .outerjoin(bank_line, sa.and_(sent.book_id == line.book_id, sent.roster_id == line.roster_id, sent.payee == line.payee))
        .outerjoin(bank_result, sa.and_(result.book_id == line.book_id, result.roster_id == line.roster_id, result.bank_seq == sent.bank_seq))
        .outerjoin(comeback, sa.and_(back.book_id == line.book_id, back.roster_id == line.roster_id, back.bank_seq == sent.bank_seq))
        .outerjoin(hold, sa.and_(held.book_id == line.book_id, held.roster_id == line.roster_id, held.seq == line.seq))
        .where(line.book_id == book_id, line.roster_id == roster_id, held.seq.is_(None))
        .order_by(line.seq)
    )
    yield from connection.execution_options(yield_per=SLICE).execute(query).partitions(SLICE)


def _table(rows: Sequence[Any], fixed: Mapping[str, Any]) -> pa.Table:
    """A slice by columns: 成功 by the bank's return, 失败 where it failed or came back, 待支付 before it answered."""
    count = len(rows)
    *taken, ok, back = zip(*rows, strict=True)
    given: dict[str, Any] = dict(zip(_TAKEN, taken, strict=True))
    paid = pa.array(ok, pa.int32())
    status = pc.if_else(pc.is_null(paid), "pending", pc.if_else(pc.and_(pc.equal(paid, 1), pc.is_null(pa.array(back, pa.int32()))), "paid", "failed"))
    arrears = pc.equal(pa.array(given["item_class"], pa.string()), "arrears")
    span = pc.if_else(arrears, pa.array(given["period"], pa.int32()), pa.nulls(count, pa.int32()))
    made: dict[str, Any] = {
        **given, "line": given["seq"], "amount": given["net_fen"], "number_ok": pc.not_equal(pa.array(given["number_ok"], pa.int32()), 0),
        "name_norm": [_norm(name) for name in given["name"]], "has_item": pc.not_equal(pa.array(given["item"], pa.string()), ""),
        "damaged": [False] * count, "span_from": span, "span_to": span, "status": status, "orig_period": pa.nulls(count, pa.int32()),
        **{name: [value] * count for name, value in fixed.items()}, **dict.fromkeys(("serial", "orig_serial", "source"), [""] * count),
    }  # fmt: skip
    arrays = [pc.cast(one, field.type) if isinstance(one := made[field.name], pa.Array | pa.ChunkedArray) else pa.array(one, field.type) for field in _SCHEMA]
    return pa.table(arrays, schema=_SCHEMA)


@lru_cache(maxsize=200_000)
def _norm(name: str) -> str:
    return normal_name(name)
