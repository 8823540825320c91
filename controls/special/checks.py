"""The closing checklist of special books (专账): money in = money out + balance, lists = vouchers, no document overdrawn.

The same checks run at closing, on demand and in ``shebao verify``.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from controls import closing_checks
from controls.closing_checks import Check
from controls.special import gate
from controls.tables import bank_batch, bank_line, bank_result, bank_return, comeback
from ledger import balances, posted
from ledger.accounts import Book
from ledger.errors import Refusal
from ledger.money import Fen, show
from ledger.months import Month
from ledger.special import sums
from ledger.special.documents import Source
from ledger.tables import chain as chain_table
from ledger.tables import entry, payout

ACCOUNT = "Z01"
TRANSIT = "Z04"
MOST_SHOWN = 5


def before_closing(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """What any book's closing asks: vouchers posted, earlier months closed, rosters done, debit equals credit, returns booked."""
    own = closing_checks
    found = [own.drafts(connection, book, month), own.earlier_months(connection, book, month), *own.rosters(connection, book, month)]
    found += [own.trial_balance(connection, book, month), own.payouts(connection, book, month)]
    return own.levelled(found)


def identities(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """ZB1 to ZB7 through a month."""
    sources = sums.sources(connection, book.book_id, month)
    return [
        _received_is_paid_and_left(connection, book, month, sources),
        _lists_are_vouchers(connection, book, month),
        _transit(connection, book, month),
        _not_overdrawn(sources),
        _towns(sources),
        _own_events(connection, book, month),
        _reconciled(connection, book, month),
    ]


def _received_is_paid_and_left(connection: sa.Connection, book: Book, month: Month, sources: Mapping[str, Source]) -> Check:
    """ZB1: received by document − paid − given back = what the money accounts hold, less what is parked for others."""
    ends = balances.closing_balances(balances.movements(connection, book.book_id, month))
    held = sum(fen for code, fen in ends.items() if code[0] in "ZF")
    received, spent, back = (sum(getattr(one, name) for one in sources.values()) for name in ("received", "spent", "given_back"))
    left = received - spent - back
    text = f"期初和收入 {show(received)} 元 − 支出 {show(spent)} 元 − 上缴 {show(back)} 元 = 结余 {show(left)} 元，账上资金 {show(held)} 元"
    return Check("ZB1", left == held, text, left=left, right=held)


def _lists_are_vouchers(connection: sa.Connection, book: Book, month: Month) -> Check:
    """ZB2: sent = success + failed by the bank's returns; success less what came back later = the sub-ledger of the vouchers."""
    paid, failed = returned(connection, book.book_id, month)
    sent = _sent(connection, book.book_id, month)
    back = _came_back(connection, book.book_id, month)
    booked = sub_ledger(connection, book.book_id, month)
    text = f"送盘 {show(sent)} 元 = 成功 {show(paid)} 元 + 失败 {show(failed)} 元；成功 − 退票 {show(back)} 元，发放明细 {show(booked)} 元"
    return Check("ZB2", sent == paid + failed and paid - back == booked, text, left=paid - back, right=booked)


def _answered(book_id: int, month: Month) -> sa.Select[tuple[int]]:
    """Numbers of the rosters that the bank answered in full by the month's end: the day their return is booked."""
    columns = bank_result.c
    query = sa.select(columns.roster_id).where(columns.book_id == book_id).group_by(columns.roster_id)
    return query.having(sa.func.max(columns.booked_on) <= month.last_day.isoformat())


def returned(connection: sa.Connection, book_id: int, month: Month) -> tuple[Fen, Fen]:
    """Fen the banks paid and failed to pay, by the returns booked through the month's end."""
    columns = bank_return.c
    total = sa.select(sa.func.coalesce(sa.func.sum(columns.paid_fen), 0), sa.func.coalesce(sa.func.sum(columns.failed_fen), 0))
    row = connection.execute(total.where(columns.book_id == book_id, columns.roster_id.in_(_answered(book_id, month)))).one()
    return int(row[0]), int(row[1])


def _sent(connection: sa.Connection, book_id: int, month: Month) -> Fen:
    """Fen sent to the banks and answered by them."""
    columns = bank_batch.c
    total = sa.select(sa.func.coalesce(sa.func.sum(columns.fen), 0))
    return int(connection.execute(total.where(columns.book_id == book_id, columns.roster_id.in_(_answered(book_id, month)))).scalar_one())


def _came_back(connection: sa.Connection, book_id: int, month: Month) -> Fen:
    """Fen of payments that came back after the bank had answered, through the month's end."""
    line, back = bank_line.c, comeback.c
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(line.fen), 0))
        .join(comeback, sa.and_(back.book_id == line.book_id, back.roster_id == line.roster_id, back.bank_seq == line.bank_seq))
        .join(bank_result, sa.and_(bank_result.c.book_id == line.book_id, bank_result.c.roster_id == line.roster_id, bank_result.c.bank_seq == line.bank_seq))
        .where(line.book_id == book_id, bank_result.c.ok == 1, back.day <= month.last_day.isoformat())
    )
    return int(connection.execute(query).scalar_one())


def sub_ledger(connection: sa.Connection, book_id: int, month: Month) -> Fen:
    """Fen in the sub-ledger rows of the entries through ``month``."""
    query = (
        sa.select(sa.func.coalesce(sa.func.sum(payout.c.amount_fen), 0))
        .join(entry, sa.and_(entry.c.book_id == payout.c.book_id, entry.c.payout_source == payout.c.source_id))
        .where(payout.c.book_id == book_id, entry.c.period <= month)
    )
    return int(connection.execute(query).scalar_one())


def _transit(connection: sa.Connection, book: Book, month: Month) -> Check:
    """ZB3: what stands in transit is what was debited for batches whose return is not booked."""
    heads = entry.c
    rows = connection.execute(
        sa.select(heads.source_key, heads.debit_fen).where(heads.book_id == book.book_id, heads.event.in_(("ZX11", "ZX12")), heads.period <= month)
    )
    sent: dict[str, Fen] = {}
    done: set[str] = set()
    for key, fen in rows:
        roster_key, _, part = key.rpartition(":")
        if part == "sent":
            sent[roster_key] = int(fen)
        elif part == "return":
            done.add(roster_key)
    due = sum(fen for key, fen in sent.items() if key not in done)
    held = balances.closing_balances(balances.movements(connection, book.book_id, month)).get(TRANSIT, 0)
    return Check("ZB3", held == due, f"代发在途资金 {show(held)} 元，未回盘批次 {show(due)} 元", left=held, right=due)


def _not_overdrawn(sources: Mapping[str, Source]) -> Check:
    """ZB4: no document spends beyond its money, no township settles beyond what it was given."""
    wrong = [f"{one.name} 超支 {show(-one.free)} 元" for one in sources.values() if one.free < 0]
    wrong += [f"{town} {one.name} 多核销 {show(-fen)} 元" for one in sources.values() for town, fen in one.held.items() if fen < 0]
    return Check("ZB4", not wrong, "；".join(wrong[:MOST_SHOWN]) or f"{len(sources)} 个资金来源均不超支")


def _towns(sources: Mapping[str, Source]) -> Check:
    """ZB5: what townships hold and have not accounted for, by township."""
    held: dict[str, Fen] = {}
    for one in sources.values():
        for town, fen in one.held.items():
            held[town] = held.get(town, 0) + fen
    open_ = sorted(((fen, town) for town, fen in held.items() if fen), reverse=True)
    text = "；".join(f"{town} {show(fen)} 元" for fen, town in open_[:MOST_SHOWN])
    return Check("ZB5", not open_, f"乡镇未报账 {show(sum(held.values()))} 元：{text}" if open_ else "乡镇资金均已报账")


def _reconciled(connection: sa.Connection, book: Book, month: Month) -> Check:
    """ZB7: the special account that holds or moved money this month has its reconciliation statement (余额调节表) on record."""
    moved = [move for move in balances.movements(connection, book.book_id, month) if move.account == ACCOUNT]
    if not any(move.period == month for move in moved) and not sum(move.net for move in moved):
        return Check("ZB7", True, "专户本月无余额、无发生")
    thing = f"reconciliation:{book.book_id}:{ACCOUNT}:{month}"
    made = connection.execute(sa.select(chain_table.c.seq).where(chain_table.c.act == "reconcile", chain_table.c.thing == thing).limit(1)).first()
    return Check("ZB7", made is not None, f"{ACCOUNT} 专户存款的余额调节表{'已编制' if made else '尚未编制'}")


def _own_events(connection: sa.Connection, book: Book, month: Month) -> Check:
    """ZB6: every entry is one the program may make, read again from the books."""
    count = 0
    for one in posted.entries(connection, book.book_id):
        if one.entry.period > month:
            continue
        count += 1
        try:
            gate.check_values(book.fund.program, one.entry)
        except Refusal as wrong:
            return Check("ZB6", False, f"{one.label}：{wrong.text()}")
    return Check("ZB6", True, f"{count} 张凭证均在{book.fund.short}的业务范围内")
