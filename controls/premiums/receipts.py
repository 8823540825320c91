"""K13, the side of premiums paid by others: persons × tier of every claim that came in, beside the entry that booked it."""

from __future__ import annotations

import sqlalchemy as sa

from controls.premiums import claim_rows
from controls.premiums.claim_rows import CLAIM, EVERY, KIND_ZH
from controls.premiums.contributions import CLAIM_SOURCES
from ledger.accounts import Book
from ledger.money import show
from ledger.months import Month
from ledger.tables import entry

SHOWN = 5


def k13(connection: sa.Connection, book: Book, month: Month) -> list[tuple[bool, str]]:
    """(agrees, both sides in words) for the claims booked through the month; empty when there is none. A voucher struck in red counts no more."""
    heads = entry.c
    booked = {
        row.contribution_source: (row.source_key, int(row.contribution_fen))
        for row in connection.execute(
            sa.select(heads.contribution_source, heads.source_key, heads.contribution_fen).where(
                heads.book_id == book.book_id, heads.contribution_source > CLAIM_SOURCES, heads.period <= month
            )
        )
    }
    if not booked:
        return []
    struck = {
        -row[0]
        for row in connection.execute(
            sa.select(heads.contribution_source).where(heads.book_id == book.book_id, heads.contribution_source < 0, heads.period <= month)
        )
    }
    wrong, persons, total = [], 0, 0
    for one in claim_rows.claims(connection, book.book_id):
        shares = claim_rows.shares(connection, one)
        for place, (payer, category, year) in enumerate(claim_rows.slots(connection, one), start=1):
            source = claim_rows.source_of(one, place)
            if source not in booked or source in struck:
                continue
            mine = [s for s in shares if s.payer == payer and s.received_year == year and category in (EVERY, s.category)]
            due, count = sum(s.fen for s in mine) * (1 if one.kind == CLAIM else -1), sum(s.persons for s in mine)
            persons, total = persons + count, total + due
            if booked[source][1] != due:
                wrong.append(f"第 {one.claim_id} 号{KIND_ZH[one.kind]} {payer}：{count} 人应 {show(due)} 元，凭证 {show(booked[source][1])} 元")
    text = f"代缴清册与凭证相符：{persons} 人次 {show(total)} 元（人数 × 档次 = 到账）" if not wrong else "代缴：" + "；".join(wrong[:SHOWN])
    return [(not wrong, text)]
