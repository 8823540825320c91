"""What must hold after every step: the databases say what the model says, L1–L11 are proved again, and K1–K9 stand."""

from __future__ import annotations

import sqlalchemy as sa

from books import cross_checks, statements
from controls import periods, roster, vouchers
from controls.voucher_tables import voucher, voucher_line
from ledger import accounts, balances, chain, posted
from ledger.accounts import Book as OwnBook
from ledger.db import reading
from ledger.entries import canonical
from ledger.funds import Fund
from ledger.months import Month
from ledger.tables import balance, contribution, entry, line, payout, period, seal
from shebao import verification, yearend
from tests.model.books import Book
from tests.model.offices import Stores

COUNTED = sa.select(
    *(
        sa.select(sa.func.count()).select_from(table).scalar_subquery()
        for table in (entry, line, seal, balance, period, voucher, voucher_line, payout, contribution)
    )
)


def own_book(connection: sa.Connection, fund: Fund) -> OwnBook:
    """The office's own book of a fund."""
    return accounts.book_of(connection, fund)


def same(stores: Stores, book: Book) -> None:
    """Entries, numbers, people, kept balances, months and vouchers are the model's, on every database."""
    for engine in stores.engines:
        with reading(engine) as connection:
            found = list(posted.entries(connection, book.number))
            assert [one.entry for one in found] == [voucher.entry for voucher in book.posted]
            assert [one.number for one in found] == book.numbers
            assert [(one.maker, one.reviewer) for one in found] == [(voucher.maker, voucher.reviewer) for voucher in book.posted]
            kept = connection.execute(sa.select(balance).where(balance.c.book_id == book.number))
            columns = {
                (one.account, one.period, one.dimension): [one.debit_fen, one.credit_fen, one.closing_debit_fen, one.closing_credit_fen, one.lines]
                for one in kept
            }
            assert columns == {(code, month, canonical(axes) if axes else ""): sums for (code, month, axes), sums in book.moved().items()}
            assert {one.month: one.state for one in periods.states(connection, book.number)} == book.states
            standing = [(one.roster_id, one.state, one.payment, one.round, one.check_no) for one in roster.listed(connection) if one.book_id == book.number]
            assert sorted(standing) == [(one.number, one.state, one.payment, one.round, one.checks) for one in book.rosters]
            desk = [(d.state, d.maker, d.reviewer, d.cashier, d.entry_id, d.cash) for d in vouchers.drafts(connection, book.number)]
            assert desk == [(v.state, v.maker, v.reviewer, v.cashier, v.entry_id, v.cash) for v in book.vouchers]
            for voucher in book.posted:
                paid, contributed = voucher.entry.payout_source, voucher.entry.contribution_source
                if paid is not None:
                    assert tuple(posted.payouts(connection, book.number, paid)) == voucher.rows
                if contributed is not None:
                    assert tuple(posted.contributions(connection, book.number, contributed)) == voucher.rows


def untouched(stores: Stores) -> None:
    """After a refusal: each store's trail ends where it ended, and no row of a ledger or voucher table came or went."""
    for engine in stores.engines:
        with reading(engine) as connection:
            assert chain.head(connection) == stores.heads[engine], "a refused act left a record"
            assert tuple(connection.execute(COUNTED).one()) == stores.counts[engine], "a refused act left rows"


def mark(stores: Stores) -> None:
    """Proves the trail's new records against its last known end, and notes the end and the counts for :func:`untouched`."""
    for engine in stores.engines:
        with reading(engine) as connection:
            seq, previous = stores.heads.get(engine, (0, ""))
            for record in chain.records(connection, seq):
                assert (record.seq, record.previous, record.hash) == (seq + 1, previous, record.expected()), record
                seq, previous = record.seq, record.hash
            stores.heads[engine] = (seq, previous)
            stores.counts[engine] = tuple(connection.execute(COUNTED).one())


def kept(stores: Stores, book: Book) -> None:
    """L8 and the chain's new records on every database; K1–K9 and K17 of the months where things move, as if they were closed."""
    moves: list[balances.Movement] = []
    mark(stores)
    for engine in stores.engines:
        with reading(engine) as connection:
            balances.prove(connection, book.number)
            moves = balances.movements(connection, book.number)
    busy = [voucher.entry.period for voucher in book.posted]
    for month in {max(busy), *book.months("locked")} if busy else set():
        foots(book, moves, month)


def proved(stores: Stores, book: Book) -> None:
    """L1–L11 and C1–C6 of the book by verify's own proofs."""
    for engine in stores.engines:
        with reading(engine) as connection:
            own = own_book(connection, book.fund)
            for code, proof in verification.PROOFS:
                if code[0] in "LC":
                    proof(connection, own)


def foots(book: Book, moves: list[balances.Movement], month: Month) -> None:
    """K1–K9 and K17 of one month as if closed; only what the model knows to be unsound (a detail above its line, 待转 in December) may fail."""
    for one in sorted({move.period for move in moves if move.period <= month} | {month}):
        moves = statements.as_if_closed(book.fund, moves, one)
    made = cross_checks.for_month(book.fund, month, {}, moves, explained=dict.fromkeys(("1002", "1005"), "在途"))
    wrong = [one for one in made if not one.ok]
    if book.unsound(month):
        assert {one.code for one in wrong} & {"K3", "K7", "K9", "K10"}
    elif wrong:
        raise AssertionError(f"{book.fund} {month}: {wrong[0].code} {wrong[0].explain_zh}")


def carried_forward(stores: Stores, book: Book, december: Month) -> None:
    """K17: a closed year's ends are the next year's beginnings, line by line."""
    for engine in stores.engines:
        with reading(engine) as connection:
            steps = {step.name: step for step in yearend.steps(connection, own_book(connection, book.fund), december.year)}
            assert steps["结转下年"].done and steps["12 月结账"].done and steps["1 至 11 月结账"].done, steps


def verified(stores: Stores) -> None:
    """`shebao verify` over the whole store finds nothing."""
    for office in stores.offices:
        wrong = [(one.code, one.text) for one in verification.verify_store(office) if not one.ok]
        assert not wrong, wrong
