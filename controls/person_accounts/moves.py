"""Transfers and corrections of person accounts (T1–T5): rows out and in by source, each with the event its voucher books; years count as the law says.

What an act moves counts once its voucher is posted (corrections: once reviewed). A transfer key ties both sides and the register of transfers (转移接续台账).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from controls.duties import Actor
from controls.person_accounts import acts
from controls.person_accounts.errors import AccountBusy, AlreadyDrawing, BadMove, BatchState, ContentMoved, NothingLeft
from ledger import accounts
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.identity import mask_number
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.person_accounts import flows, law, store
from ledger.person_accounts.columns import reckon
from ledger.person_accounts.own import Own
from ledger.person_accounts.store import ActRow, Batch, Wanted
from ledger.tables import entry, unit

ON_LEAVING = "account_interest_on_leaving"
TO_THE_MONTH = "按上年记账利率计至终止月"


@dataclass(frozen=True, slots=True)
class Held:
    """One person's account at a month: fen by part before and from interest on leaving, what the fund carried, and whether the account was ever drawn on."""

    number: str
    parts: dict[str, Fen]
    interest: dict[str, Fen]
    opening: Fen
    carried: Fen

    @property
    def whole(self) -> dict[str, Fen]:
        """Balance with interest, by part; nil parts are left out."""
        both = {part: self.parts.get(part, 0) + self.interest.get(part, 0) for part in {*self.parts, *self.interest}}
        return {part: fen for part, fen in sorted(both.items()) if fen}


def held(
    connection: sa.Connection, book: Book, number: str, month: Month, *, leaving: bool = False, paid_back: Fen = 0, begin: flows.Start | None = None,
    mine: Own | None = None,
) -> Held:  # fmt: skip
    """What one person's account holds through ``month``; ``leaving`` adds the interest that the office pays on accounts that end (SB1031 when unset).

    ``begin`` and ``mine``: where the span begins and the person's rows since, where the caller has them.
    """
    method, rate, horizon = None, 0, 12
    if leaving and Parameters.load().text(ON_LEAVING, month.last_day, fund=book.fund.value) == TO_THE_MONTH:
        known = Parameters.load()
        method = law.method(known.text("account_interest_method", month.last_day, fund=book.fund.value))
        rate = known.number("account_interest_rate", date(month.year - 1, 12, 31), fund=book.fund.value)
        horizon = month.month
    found = flows.span(connection, book, month, method=method, horizon=horizon, number=number, paid_back=paid_back, begin=begin, own=mine)
    if not found.columns.numbers:
        return Held(number, {}, {}, 0, 0)
    made = reckon(found.columns, flows.draw_rule(book, found.columns, month), method, rate)
    interest = {part: int(made.interest[0, place]) for place, part in enumerate(found.columns.parts) if made.interest[0, place]}
    parts = {part: int(made.closing[0, place]) - interest.get(part, 0) for place, part in enumerate(found.columns.parts)}
    return Held(number, {part: fen for part, fen in parts.items() if fen}, interest, int(found.columns.opening.sum()), int(made.carried.sum()))


def still(connection: sa.Connection, book: Book, found: Batch) -> bool:
    """Whether the account that an act empties still holds what it held when the act was proposed; True for acts that empty none."""
    if "balance" not in found.facts:
        return True
    number = store.act_rows(connection, book.book_id, found.batch_id)[0][0]
    return sum(held(connection, book, number, found.period).parts.values()) == int(found.facts["balance"])


def stands(connection: sa.Connection, book: Book, found: Batch, step: str) -> None:
    """Passes when an act may go on: the account holds what it held, and the other half of a move between schemes is not given up. Raises SB3205, SB3207."""
    if not still(connection, book, found):
        raise ContentMoved(batch=found.label)
    other = _other_half(connection, book, found)
    if other is None:
        return
    against, half = other
    if half.state == "rejected" or not (_posted(connection, half) or still(connection, against, half)):
        why = "已退回" if half.state == "rejected" else "所转的账户已有变动，须退回"
        raise BatchState(batch=found.label, step=step, why=f"与它成对的{half.label}{why}")


def _other_half(connection: sa.Connection, book: Book, found: Batch) -> tuple[Book, Batch] | None:
    """The act in the other scheme's book that was proposed together with this one, and its book; None for acts that stand alone."""
    if "give" not in found.facts:
        return None
    fund = found.facts["take"] if found.facts["give"] == book.fund.value else found.facts["give"]
    against = accounts.book_of(connection, Fund(fund))
    halves = store.batches(connection, against.book_id, key=found.key, kind="transfer")
    mine = [one for one in halves if "give" in one.facts and one.proposed_at == found.proposed_at and one.proposed_by == found.proposed_by]
    return (against, mine[-1]) if mine else None


def _posted(connection: sa.Connection, found: Batch) -> bool:
    """Whether the act's voucher is booked."""
    heads = entry.c
    query = sa.select(heads.entry_id).where(heads.book_id == found.book_id, heads.source_key == found.source_key)
    return connection.execute(query).first() is not None


def free(connection: sa.Connection, book: Book, number: str, *, but: Batch | None = None) -> None:
    """Passes when no other act on the account (than ``but``) is on its way; raises SB3261."""
    if (other := acts.unfinished(connection, book.book_id, number)) is not None and (but is None or other.batch_id != but.batch_id):
        raise AccountBusy(person=mask_number(number), other=other.label)


def region_of(connection: sa.Connection, book: Book) -> str:
    """The region code of the book's unit."""
    return str(connection.execute(sa.select(unit.c.region).where(unit.c.code == book.unit_code)).scalar_one())


def _voucher(event: str, day: date, fen: Fen, details: Mapping[str, str]) -> dict[str, Any]:
    return {"event": event, "day": day.isoformat(), "amounts": {"amount": fen}, "details": dict(details)}


def transfer_out(
    work: UnitOfWork, now: str, actor: Actor, book: Book, number: str, *, day: date, key: str, evidence: str, pooled: Fen = 0, to: str = ""
) -> Batch:
    """T3: the whole account leaves for another region, with ``pooled`` fen of the common fund where the scheme moves them. Raises SB1031, SB3260, SB3261."""
    acts.may_prepare(actor, "transfer")
    number = acts.holder(number)
    free(work.connection, book, number)
    found = held(work.connection, book, number, Month.of(day), leaving=True)
    rows = _out(found, "transfer_out") + ([(number, "pooled", "transfer_out", -pooled)] if pooled else [])
    if not found.whole:
        raise NothingLeft(person=mask_number(number), fund=book.fund.zh, what="转出")
    fen = sum(found.whole.values()) + pooled
    facts = {"voucher": _voucher("T3", day, fen, {}), "to": to, "balance": sum(found.parts.values())}
    wanted = Wanted("transfer", Month.of(day), books=True, reason="转出" + (f"至{to}" if to else ""), evidence=evidence, key=key, facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, rows)


def _out(found: Held, kind: str) -> list[ActRow]:
    rows = [(found.number, part, kind, -fen) for part, fen in found.whole.items()]
    return rows + [(found.number, part, "interest", fen) for part, fen in found.interest.items()]


def transfer_in(
    work: UnitOfWork,
    now: str,
    actor: Actor,
    book: Book,
    number: str,
    parts: Mapping[str, Fen],
    *,
    day: date,
    into: str,
    key: str,
    evidence: str,
    origin: str = "",
) -> Batch:
    """T1: an account arrives from another region, by source as its 信息表 says (``pooled`` enters no account). Raises SB1421, SB3261, SB3264."""
    acts.may_prepare(actor, "transfer")
    number = acts.holder(number)
    free(work.connection, book, number)
    named = {law.part(name).code: fen for name, fen in parts.items()}
    if not named or any(fen <= 0 for fen in named.values()) or len(named) != len(parts):
        raise BadMove(what="转入", why="各来源金额须大于零，来源不得重复")
    facts = {"voucher": _voucher("T1", day, sum(named.values()), {"into": into}), "from": origin}
    wanted = Wanted("transfer", Month.of(day), books=True, reason="转入" + (f"自{origin}" if origin else ""), evidence=evidence, key=key, facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, [(number, part, "transfer_in", fen) for part, fen in named.items()])


def returned(work: UnitOfWork, now: str, actor: Actor, book: Book, batch_id: int, *, day: date, account: str, evidence: str, reason: str) -> Batch:
    """T2 or T4: a transfer that is booked goes back, or came back, whole; ``account`` is the money account. Raises SB3204, SB3205, SB3261, SB3264."""
    acts.may_prepare(actor, "transfer")
    first = acts.get(work.connection, book.book_id, batch_id)
    rows = store.act_rows(work.connection, book.book_id, batch_id)
    kinds = {row[2] for row in rows if row[2].startswith("transfer_")}
    again = [one for one in store.batches(work.connection, book.book_id, kind="transfer") if one.facts.get("returns") == batch_id and one.state != "rejected"]
    if first.kind != "transfer" or len(kinds) != 1 or first.facts.get("returns") or again:
        raise BadMove(what="退回", why=f"{first.label}不是可以退回的转移，或已经退回")
    number = rows[0][0]
    free(work.connection, book, number)
    out = kinds == {"transfer_out"}
    moved = [row for row in rows if row[2] in kinds]
    if not out:
        balance = held(work.connection, book, number, Month.of(day)).whole
        short = [part for _, part, _, fen in moved if part != "pooled" and balance.get(part, 0) < fen]
        if short:
            raise BadMove(what="退回", why=f"{law.part(short[0]).zh}余额不足")
    fen = abs(sum(row[3] for row in moved))
    facts = {"voucher": _voucher("T4" if out else "T2", day, fen, {"into" if out else "from": account}), "returns": batch_id}
    wanted = Wanted("transfer", Month.of(day), books=True, reason=reason, evidence=evidence, key=first.key, facts=facts)
    return acts.propose(work, now, actor, book.book_id, wanted, [(who, part, kind, -amount) for who, part, kind, amount in moved])


def between_schemes(
    work: UnitOfWork, now: str, actor: Actor, give: Book, take: Book, number: str, *, day: date, into: str, key: str, evidence: str
) -> tuple[Batch, Batch]:
    """T5: the whole account moves from one scheme to the other, two acts with one key, two vouchers of one amount (17号).

    Raises SB1031, SB1423, SB3260, SB3261, and SB3262 for somebody who draws already.
    """
    acts.may_prepare(actor, "transfer")
    number = acts.holder(number)
    rule = law.scheme(give.fund, take.fund)
    for book in (give, take):
        free(work.connection, book, number)
    month = Month.of(day)
    drawn = flows.payments(work.connection, give.book_id, law.fund_law(give.fund).monthly, 0, month.number, None, number)
    if not rule.drawing and drawn:
        raise AlreadyDrawing(person=mask_number(number), fund=give.fund.zh)
    found = held(work.connection, give, number, month, leaving=True)
    fen = sum(found.whole.values())
    if not fen:
        raise NothingLeft(person=mask_number(number), fund=give.fund.zh, what="转移")
    years = "缴费年限合并计算" if rule.years else "缴费年限不合并计算"
    pair = {"pair": f"（衔接 {key}，{give.fund.zh}转{take.fund.zh}）"}
    shared = {"years": rule.years, "give": give.fund.value, "take": take.fund.value}
    out = Wanted(
        "transfer", month, books=True, reason=f"制度衔接转出至{take.fund.zh}，{years}", evidence=evidence, key=key,
        facts={"voucher": _voucher("T5", day, fen, pair), **shared, "balance": sum(found.parts.values())},
    )  # fmt: skip
    come = Wanted(
        "transfer", month, books=True, reason=f"制度衔接转入自{give.fund.zh}，{years}", evidence=evidence, key=key,
        facts={"voucher": _voucher("T5b", day, fen, {**pair, "into": into}), **shared},
    )  # fmt: skip
    first = acts.propose(work, now, actor, give.book_id, out, _out(found, "transfer_out"))
    return first, acts.propose(work, now, actor, take.book_id, come, [(number, rule.to, "transfer_in", fen)])


def correct(work: UnitOfWork, now: str, actor: Actor, book: Book, rows: Mapping[tuple[str, str], Fen], *, month: Month, reason: str, evidence: str) -> Batch:
    """更正: fen by (number, part), without an entry; no part goes below nil. What flows through the books is corrected there. Raises SB3261, SB3263, SB3264."""
    acts.may_prepare(actor, "correction")
    made: list[ActRow] = []
    for (raw, name), fen in rows.items():
        number, part = acts.holder(raw), law.part(name)
        free(work.connection, book, number)
        has = held(work.connection, book, number, month).whole.get(part.code, 0) if fen < 0 else 0
        if not fen or part.outside or (fen < 0 and has + fen < 0):
            raise BadMove(what="更正", why=f"{part.zh} {show(fen)} 元，余额 {show(has)} 元")
        made.append((number, part.code, "correction", fen))
    if not made or not evidence.strip():
        raise BadMove(what="更正", why="没有内容或依据")
    wanted = Wanted("correction", month, books=False, reason=reason, evidence=evidence)
    return acts.propose(work, now, actor, book.book_id, wanted, made)
