"""Bank file (银行盘): one line per person and account, made once by the cashier after the release (网银制单); and what came of it.

It is sent when a second key holder authorised it (``controls.bank_authorising``). The bank's return stands in ``controls.bankreturn``,
payments that come back later in ``controls.comebacks``.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from controls import bulk, holds, roster, trail
from controls.approvals import store as approvals
from controls.banking import accounts as banking_accounts
from controls.banking import layouts, writing
from controls.banking.errors import LayoutFixed
from controls.duties import Actor, Duty, require
from controls.errors_payment import AlreadyMade, FileInTheWay, NotReleased
from controls.release import authority
from controls.roster import Roster
from controls.signoff import same_as_signed
from controls.tables import bank_batch, bank_line, bank_result, comeback
from controls.tokens import law as tokens
from controls.tokens import store as token_store
from ledger import accounts
from ledger.db import UnitOfWork
from ledger.entries import PayoutRow
from ledger.money import Fen, show

HEADER = ("序号", "银行账号", "户名", "金额", "开户行", "备注")
_MARKS = frozenset(',"\r\n')
LINE = ("bank_seq", "payee", "number", "name", "account", "holder", "bank", "fen")


@dataclass(frozen=True, slots=True)
class Batch:
    """A bank file that was made: lines, fen, SHA-256 of its bytes, who and when; ``again`` when it is a copy of the first (重复导出).

    ``batch_no`` stands in the file and is used once; ``layout`` is that of the bank ('' the house's CSV), ``token`` the making key's number.
    """

    roster_id: int
    batch_no: str
    layout: str
    bank_account: str
    token: int
    file_name: str
    sha256: str
    lines: int
    fen: Fen
    sent_by: str
    sent_at: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment of a bank file and what the bank said: ``ok`` is None before the return."""

    bank_seq: int
    number: str
    name: str
    account: str
    holder: str
    bank: str
    fen: Fen
    ok: bool | None
    reason: str
    serial: str
    booked_on: str


@dataclass(frozen=True, slots=True)
class Totals:
    """Count of bank lines and fen: released, sent, paid, failed, and come back later."""

    released: tuple[int, Fen]
    sent: tuple[int, Fen]
    paid: tuple[int, Fen]
    failed: tuple[int, Fen]
    came_back: tuple[int, Fen]


@dataclass(frozen=True, slots=True)
class Comeback:
    """A payment that came back after it had succeeded (退票, P4): ``rows`` are its parts as sub-ledger rows, item as given."""

    comeback_id: int
    roster_id: int
    bank_seq: int
    number: str
    name: str
    fen: Fen
    day: str
    reason: str
    evidence: str
    recorded_by: str
    recorded_at: str
    rows: tuple[PayoutRow, ...]


def make(work: UnitOfWork, actor: Actor, now: str, roster_id: int, out: Path, *, layout: str = "") -> Batch:
    """The cashier writes the bank file of a released roster to ``out``; a second time gives the very same bytes or is refused.

    The layout is that of the 支出户 on the register of bank accounts, else ``layout``, else the house's own CSV. Raises SB2240 (unknown
    layout), SB2241 (a value it cannot carry), SB2243 (another layout than the batch was made in), SB2180 (the payment approval form is not
    signed by all four), SB3001, SB3002, SB3030, SB3034 (the lines are not what was signed), SB2231 (no making key), SB3070, SB3071, SB3078
    (another file is in the way).
    """
    made = roster.locked(work, roster_id)
    thing = roster.thing(work.connection, made)
    require(actor, Duty.CASHIER, thing)
    if made.payment == "none":
        raise NotReleased(roster=roster_id, state=roster.STATE_ZH[made.state])
    given = authority(work.connection, roster_id)
    same_as_signed(work.connection, made)
    approvals.require_signed(work.connection, made)
    first = made.payment == "released"
    earlier = batch(work.connection, made)
    key = token_store.key_of(work.connection, actor, tokens.MAKE, "网银制单")
    if first:
        payments = _grouped(work.connection, made)
        bulk.insert(work, bank_line, ("book_id", "roster_id", *LINE), ((made.book_id, roster_id, *row) for row in payments))
    stamp = _stamp(work.connection, made, earlier, layout, now)
    text, count, fen = _text(work.connection, made, stamp)
    if out.exists() and out.read_bytes() != text:
        raise FileInTheWay(file=out)
    sha = hashlib.sha256(text).hexdigest()
    if earlier is not None and earlier.sha256 != sha:
        raise AlreadyMade(roster=roster_id, at=earlier.sent_at)
    if (count, fen) != (given.payees, given.fen):
        raise NotReleased(roster=roster_id, state=f"放行 {given.payees} 笔 {show(given.fen)} 元，银行盘 {count} 笔 {show(fen)} 元")
    if first:
        work.connection.execute(
            bank_batch.insert().values(
                book_id=made.book_id, roster_id=roster_id, batch_no=batch_no(made), layout=stamp.layout, bank_account=stamp.payer, token=key.token_no,
                file_name=out.name, sha256=sha, line_count=count, fen=fen, sent_by=actor.user, sent_at=now,
            )
        )  # fmt: skip
        roster.pay_move(work, made, "made")
    _write(out, text)
    act = "bankfile.make" if first else "bankfile.copy"
    facts: dict[str, str | int] = {"lines": count, "fen": fen, "release": given.digest, "batch": batch_no(made), "layout": stamp.layout}
    facts |= {"bank_account": stamp.payer, "token": key.token_no, "file": out.name}
    trail.record(work, now, actor, Duty.CASHIER, act, f"roster:{roster_id}", sha, facts)
    return Batch(roster_id, batch_no(made), stamp.layout, stamp.payer, key.token_no, out.name, sha, count, fen, actor.user, now, again=not first)


def batch_no(made: Roster) -> str:
    """The batch's number: fund, month and roster, in the file and used once."""
    return f"{made.fund.value}{made.period.number}-{made.roster_id}"


class _Stamp(NamedTuple):
    """Layout, paying account and time of making: what a batch's bytes rest on beside its lines."""

    layout: str
    payer: str
    at: str


def _stamp(connection: sa.Connection, made: Roster, earlier: Batch | None, wanted: str, now: str) -> _Stamp:
    chosen = layouts.layout(wanted).name if wanted else ""
    if earlier is not None:
        if chosen not in ("", earlier.layout):
            raise LayoutFixed(roster=made.roster_id, layout=earlier.layout or "标准 CSV")
        return _Stamp(earlier.layout, earlier.bank_account, earlier.sent_at)
    payer, own = banking_accounts.paying(connection, made.book_id)
    return _Stamp(chosen or own, payer, now)


def stored_sha256(connection: sa.Connection, made: Roster, batch: Batch) -> str:
    """SHA-256 of the bank file that the stored lines make in the batch's layout."""
    return hashlib.sha256(_text(connection, made, _Stamp(batch.layout, batch.bank_account, batch.sent_at))[0]).hexdigest()


def payments(connection: sa.Connection, made: Roster) -> Iterator[tuple[int, int, str, str, str, str, str, int]]:
    """The bank lines as stored, in order of 序号: the fields of ``LINE``."""
    columns = bank_line.c
    query = sa.select(*(columns[name] for name in LINE)).where(columns.book_id == made.book_id, columns.roster_id == made.roster_id)
    with connection.execute(query.order_by(columns.bank_seq).execution_options(yield_per=20_000)) as rows:
        for row in rows:
            yield (row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7])


def called_for(connection: sa.Connection, made: Roster) -> list[tuple[int, int, str, str, str, str, str, int]]:
    """The bank lines that the roster's lines make, without those held: what is sent, and what must be found sent."""
    return _grouped(connection, made)


def batch(connection: sa.Connection, made: Roster) -> Batch | None:
    """The bank file of a roster as first made, or None."""
    row = connection.execute(sa.select(bank_batch).where(bank_batch.c.book_id == made.book_id, bank_batch.c.roster_id == made.roster_id)).first()
    if row is None:
        return None
    stamped = (row.batch_no, row.layout, row.bank_account, row.token)
    return Batch(row.roster_id, *stamped, row.file_name, row.sha256, row.line_count, row.fen, row.sent_by, row.sent_at)


def lines(connection: sa.Connection, roster_id: int, *, ok: bool | None = None, seq: int | None = None) -> Iterator[BankLine]:
    """Payments in order of 序号 with the bank's answer; only those that succeeded or failed, or one of them."""
    made = roster.get(connection, roster_id)
    sent, result = bank_line.c, bank_result.c
    query = (
        sa.select(*(sent[name] for name in ("bank_seq", *LINE[2:])), result.ok, result.reason, result.serial, result.booked_on)
        .outerjoin(bank_result, sa.and_(result.book_id == sent.book_id, result.roster_id == sent.roster_id, result.bank_seq == sent.bank_seq))
        .where(sent.book_id == made.book_id, sent.roster_id == roster_id)
        .order_by(sent.bank_seq)
    )
    if ok is not None:
        query = query.where(result.ok == int(ok))
    if seq is not None:
        query = query.where(sent.bank_seq == seq)
    with connection.execute(query.execution_options(yield_per=20_000)) as rows:
        for row in rows:
            said = None if row.ok is None else bool(row.ok)
            yield BankLine(*row[:7], said, row.reason or "", row.serial or "", row.booked_on or "")


def failures(connection: sa.Connection, roster_id: int) -> list[BankLine]:
    """Payments that the bank did not make, with its reason."""
    return list(lines(connection, roster_id, ok=False))


def totals(connection: sa.Connection, roster_id: int) -> Totals:
    """Sums from the store, line by line; (0, 0) for what has not happened yet: nothing is sent before it is authorised."""
    made = roster.get(connection, roster_id)
    given = authority(connection, roster_id)
    sent, result = bank_line.c, bank_result.c
    by_result: dict[int | None, tuple[int, int]] = {
        row.ok: (row.lines, int(row.fen))
        for row in connection.execute(
            sa.select(result.ok, sa.func.count().label("lines"), sa.func.sum(sent.fen).label("fen"))
            .select_from(bank_line)
            .outerjoin(bank_result, sa.and_(result.book_id == sent.book_id, result.roster_id == sent.roster_id, result.bank_seq == sent.bank_seq))
            .where(sent.book_id == made.book_id, sent.roster_id == roster_id)
            .group_by(result.ok)
        )
    }
    back = connection.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(comeback.c.fen), 0)).where(
            comeback.c.book_id == made.book_id, comeback.c.roster_id == roster_id
        )
    ).one()
    out = made.payment in ("sent", "returned")
    all_sent = (sum(pair[0] for pair in by_result.values()), sum(pair[1] for pair in by_result.values())) if out else (0, 0)
    return Totals((given.payees, given.fen), all_sent, by_result.get(1, (0, 0)), by_result.get(0, (0, 0)), (int(back[0]), int(back[1])))


def successes(connection: sa.Connection, roster_id: int) -> list[PayoutRow]:
    """What the bank paid, as sub-ledger rows (number, item, period yyyymm, fen, item as given), one a key, sorted by it.

    A person without a number stands under the number as given, else under the name. Payments that came back later are still in here.
    """
    return _rows(connection, roster.get(connection, roster_id))


def comebacks(connection: sa.Connection, roster_id: int) -> list[Comeback]:
    """Payments of the roster that came back later, in the order they were recorded."""
    made = roster.get(connection, roster_id)
    query = (
        sa.select(comeback, bank_line.c.number, bank_line.c.name, bank_line.c.payee)
        .join(
            bank_line,
            sa.and_(bank_line.c.book_id == comeback.c.book_id, bank_line.c.roster_id == comeback.c.roster_id, bank_line.c.bank_seq == comeback.c.bank_seq),
        )
        .where(comeback.c.book_id == made.book_id, comeback.c.roster_id == roster_id)
        .order_by(comeback.c.comeback_id)
    )
    return [
        Comeback(
            row.comeback_id, roster_id, row.bank_seq, row.number, row.name, row.fen, row.day, row.reason, row.evidence, row.recorded_by, row.recorded_at,
            tuple(_rows(connection, made, payee=row.payee)),
        )
        for row in connection.execute(query).all()
    ]  # fmt: skip


def _rows(connection: sa.Connection, made: Roster, *, payee: int | None = None) -> list[PayoutRow]:
    """Added up here, in one pass over the roster: a join by payee has no index, and a planner without statistics makes it quadratic."""
    sent, result = bank_line.c, bank_result.c
    query = (
        sa.select(sent.payee)
        .join(bank_result, sa.and_(result.book_id == sent.book_id, result.roster_id == sent.roster_id, result.bank_seq == sent.bank_seq))
        .where(sent.book_id == made.book_id, sent.roster_id == made.roster_id, result.ok == 1)
    )
    if payee is not None:
        query = query.where(sent.payee == payee)
    paid = set(connection.execute(query).scalars())
    held = holds.seqs(connection, made)
    sums: dict[tuple[str, str, int], int] = {}
    for line in roster.lines(connection, made, payee):
        if line.payee in paid and line.net_fen and line.seq not in held:
            key = (line.number or line.id_raw or line.name, line.item, line.period)
            sums[key] = sums.get(key, 0) + line.net_fen
    # Sorted here, not by the database: collations differ, and the digest of the rows depends on their order.
    return [(number, item, period, fen, item) for (number, item, period), fen in sorted(sums.items())]


def _grouped(connection: sa.Connection, made: Roster) -> list[tuple[int, int, str, str, str, str, str, int]]:
    """The lines to be paid by payee, numbered from 1 in the order of the roster; held lines and payees without money are left out."""
    held = holds.seqs(connection, made)
    sums: dict[int, int] = {}
    first: dict[int, roster.Line] = {}
    for line in roster.lines(connection, made):
        if line.seq not in held and line.net_fen:
            sums[line.payee] = sums.get(line.payee, 0) + line.net_fen
            first.setdefault(line.payee, line)
    return [
        (number, payee, line.number or line.id_raw, line.name, line.account, line.holder, line.bank, sums[payee])
        for number, (payee, line) in enumerate(first.items(), start=1)
    ]


def _text(connection: sa.Connection, made: Roster, stamp: _Stamp) -> tuple[bytes, int, Fen]:
    """The file's bytes, its count of lines and its sum: in the bank's layout, else CSV, UTF-8 with BOM so that a spreadsheet reads it."""
    sent = ((seq, account, holder, fen, bank) for seq, _, _, _, account, holder, bank, fen in payments(connection, made))
    if stamp.layout:
        unit = next(book.unit_name for book in accounts.books(connection) if book.book_id == made.book_id)
        return writing.written(layouts.layout(stamp.layout), writing.Header(batch_no(made), stamp.payer, unit, made.kind, stamp.at), sent)
    note = batch_no(made)
    rows: list[Sequence[str]] = [HEADER]
    total = 0
    for seq, account, holder, fen, bank in sent:
        rows.append((str(seq), account, holder, show(fen, grouped=False), bank, note))
        total += fen
    text = "".join(",".join(_cell(value) for value in row) + "\r\n" for row in rows)
    return b"\xef\xbb\xbf" + text.encode("utf-8"), len(rows) - 1, total


def _cell(value: str) -> str:
    return f'"{value.replace(chr(34), chr(34) * 2)}"' if not _MARKS.isdisjoint(value) else value


def _write(out: Path, text: bytes) -> None:
    """Whole or not at all, readable by its owner alone: the file holds full accounts."""
    part = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
