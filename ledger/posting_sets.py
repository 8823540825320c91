"""Posting vouchers that already lie in the database: their rows are carried over set by set, without passing through Python one by one.

Only :mod:`ledger.posting` may import this. Nothing is believed: the guards of the database prove what was written as they prove rows that came from outside,
and what they refuse raises.
"""

from __future__ import annotations

from json.encoder import encode_basestring

import sqlalchemy as sa

from ledger import chain
from ledger.lying import Lying
from ledger.months import Month
from ledger.tables import document, entry, line, seal

_CARRIED = (
    "event", "summary", "attachments", "maker", "reviewer", "authority", "source_key", "closing", "corrects", "payout_source", "payout_count", "payout_fen",
    "payout_digest", "contribution_source", "contribution_count", "contribution_fen", "contribution_digest", "digest",
)  # fmt: skip
"""Columns of a header that are the voucher's own, under the same names."""


def numbers(which: Lying) -> str:
    """The number of each voucher of ``v`` in SQL: it goes on from the last of its kind and month."""
    latest: dict[tuple[str, int], int] = {}
    for run in which.run(f"SELECT DISTINCT v.kind, v.period FROM {which.of_heads}").mappings():
        kind, period = str(run["kind"]), int(run["period"])
        of_run = (entry.c.book_id == which.book_id, entry.c.kind == kind, entry.c.period == period)
        latest[kind, period] = int(which.work.connection.execute(sa.select(sa.func.coalesce(sa.func.max(entry.c.number), 0)).where(*of_run)).scalar_one())
    if len(latest) == 1:
        return f"p.entry_id + {latest.popitem()[1] - which.last}"
    known = " ".join(f"WHEN {_literal(f'{kind}{period}')} THEN {number}" for (kind, period), number in latest.items())
    return f"CAST(ROW_NUMBER() OVER (PARTITION BY v.kind, v.period ORDER BY p.entry_id) AS integer) + CASE v.kind || v.period {known} END"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''").replace(":", "\\:") + "'"


def carry_rows(which: Lying, poster: str, now: str) -> None:
    """Headers, lines and papers, carried over as they lie."""
    counted = f"SELECT COUNT(*) FROM {which.legs} l WHERE l.book_id = v.book_id AND l.{which.key} = v.{which.key}"
    summed = counted.replace("COUNT(*)", "CAST(COALESCE(SUM(l.amount_fen), 0) AS bigint)")
    carried = {name: f"v.{name}" for name in (*_CARRIED, "period", "kind", "day", "book_id")}
    carried |= {
        "entry_id": "p.entry_id", "number": numbers(which), "recorded_at": ":now", "poster": ":poster", "line_count": f"({counted})",
        "debit_fen": f"({summed} AND l.side = 'D')",
    }  # fmt: skip
    columns = [column.name for column in entry.c]
    which.run(
        f"INSERT INTO {entry.name} ({', '.join(columns)}) SELECT {', '.join(carried[name] for name in columns)} FROM {which.of_heads}",
        poster=poster, now=now,
    )  # fmt: skip
    names = ", ".join(column.name for column in line.c)
    which.run(
        f"INSERT INTO {line.name} ({names}) SELECT l.book_id, p.entry_id, l.line_no, l.account, l.side, l.amount_fen, l.dimension, l.memo "
        f"FROM {which.places} CROSS JOIN {which.legs} l WHERE {which.within('l')}"
    )
    papers = "json_each(v.documents) d" if which.work.is_sqlite else "json_array_elements_text(CAST(v.documents AS json)) AS d(value)"
    which.run(
        f"INSERT INTO {document.name} (book_id, document, entry_id) SELECT v.book_id, d.value, p.entry_id "
        f"FROM {which.places} CROSS JOIN {which.heads} v CROSS JOIN {papers} WHERE {which.within('v')} AND v.documents <> '[]'"
    )


def seal_rows(which: Lying) -> None:
    """The seals, where they are set row by row (see ``shebao_sealing`` on SQLite)."""
    which.run(f"INSERT INTO {seal.name} (book_id, entry_id) SELECT CAST(:book_id AS integer), p.entry_id FROM {which.places} ORDER BY p.entry_id")


def record_rows(which: Lying, poster: str, now: str) -> list[tuple[int, int, int, str]]:
    """Chain records, one an entry, as posting one by one writes them; (entry, number, record, hash) of each."""
    heads = entry.c
    period = sa.type_coerce(heads.period, sa.Integer)
    asked = sa.select(heads.entry_id, heads.number, heads.kind, period, heads.debit_fen, heads.maker, heads.reviewer, heads.digest)
    found = which.work.connection.execute(asked.where(heads.book_id == which.book_id, heads.entry_id > which.last).order_by(heads.entry_id)).all()
    said = {text: encode_basestring(text) for text in {text for row in found for text in (row[2], row[5], row[6])}}
    months = {number: str(Month.from_number(number)) for number in {row[3] for row in found}}
    texts = (
        (
            f"entry:{which.book_id}:{entry_id}",
            digest,
            f'{{"debit_fen":{fen},"kind":{said[kind]},"maker":{said[maker]},"number":{number},"period":"{months[period]}","reviewer":{said[reviewer]}}}',
        )
        for entry_id, number, kind, period, fen, maker, reviewer, digest in found
    )
    kept = chain.append_texts(which.work, now, poster, "BOOKKEEP", "post", texts)
    return [(row[0], row[1], seq, hashed) for row, (seq, hashed) in zip(found, kept, strict=True)]
