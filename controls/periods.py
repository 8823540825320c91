"""Periods (会计期间): open, locked, closed. Closing is proposed by a 会计 and confirmed by somebody else.

``propose`` runs the checklist, locks the month and lays the closing voucher (期末结转) on the desk; it is
reviewed and posted like any voucher; ``confirm`` proves the month again and closes it for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from controls import closing_checks, trail, vouchers
from controls.closing_checks import Check
from controls.duties import Actor, Duty, Thing, require
from controls.special import checks as special_checks
from ledger import chain, closing
from ledger.accounts import Book
from ledger.db import UnitOfWork
from ledger.errors import Refusal
from ledger.errors_posting import BadTransition
from ledger.funds import Fund
from ledger.money import show
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.tables import chain as chain_table
from ledger.tables import period as period_table

ACCOUNT_METHOD = "账结法"
"""Results are carried over every month: the text of 28号, and the default."""

STATES = {"open": "开放", "locked": "锁定", "closed": "已结账"}


class NotReadyToClose(Refusal):
    """A hard check of the closing checklist fails."""

    code = "SB3111"
    zh = "{period} 还不能结账：{why}。"
    en = "{period} cannot be closed yet: {why}."
    cause_zh = "结账前所有凭证须已审核记账，收入户、国库存款月末为零或有说明，报表勾稽相符（财会〔2024〕12号 第二十四条）。"
    cause_en = "Before closing every voucher is posted, 1002 and 1005 are zero or explained, and the statements cross-foot."
    remedy_zh = "逐项处理后重试；shebao period check 列出全部检查项。"
    remedy_en = "Settle each item and try again; shebao period check lists them all."


class MethodChanged(Refusal):
    """The way of carrying results over differs within one year."""

    code = "SB3140"
    zh = "{year} 年内期末结转办法不一致：{first} 为{old}，{period} 为{new}。"
    en = "The closing method differs within {year}: {old} in {first}, {new} in {period}."
    cause_zh = "账结法与表结法在一个会计年度内不得变换，否则各月账面余额不可比。"
    cause_en = "The two methods are not mixed within a year; balances of its months would not compare."
    remedy_zh = "把参数 closing_method 的生效日期改为年初。"
    remedy_en = "Let the parameter closing_method change at the beginning of a year."


@dataclass(frozen=True, slots=True)
class PeriodState:
    """One month of one book and its state."""

    month: Month
    state: str


def states(connection: sa.Connection, book_id: int) -> list[PeriodState]:
    """Every month of a book in order."""
    rows = connection.execute(sa.select(period_table).where(period_table.c.book_id == book_id).order_by(period_table.c.period))
    return [PeriodState(row.period, row.state) for row in rows]


def state_of(connection: sa.Connection, book_id: int, month: Month) -> str:
    """``open``, ``locked`` or ``closed``; empty when the month is not yet opened."""
    found = connection.execute(sa.select(period_table.c.state).where(period_table.c.book_id == book_id, period_table.c.period == month)).scalar()
    return found or ""


def open_next(work: UnitOfWork, now: str, actor: Actor, book_id: int) -> Month:
    """Opens the month after the latest one, for the 会计主管."""
    require(actor, Duty.CHECK)
    chain.lock(work)
    latest = states(work.connection, book_id)[-1].month
    work.connection.execute(period_table.insert().values(book_id=book_id, period=latest + 1, state="open"))
    trail.record(work, now, actor, Duty.CHECK, "open-period", f"period:{book_id}:{latest + 1}")
    return latest + 1


def checklist(connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = ()) -> list[Check]:
    """What the store alone can say before closing (``closing_checks``); ``explained`` are accounts whose balance has a written reason."""
    if book.fund.special:
        return special_checks.before_closing(connection, book, month)
    return closing_checks.before_closing(connection, book, month, explained)


def method(month: Month) -> str:
    """账结法 or 表结法 for this month (parameter ``closing_method``); raises SB3140 where the year's months differ."""
    known = Parameters.load()
    first = Month(month.year, 1)
    ways = {at: known.text("closing_method", at.last_day) for at in (first + offset for offset in range(month.month))}
    now = ways[month]
    for at, way in ways.items():
        if way != now:
            raise MethodChanged(year=month.year, first=at, old=way, period=month, new=now)
    return now


def carries_over(month: Month, fund: Fund | None = None) -> bool:
    """Whether results are carried over in this month: every month by 账结法, December alone by 表结法."""
    if fund is not None and fund.special:
        return month.month == 12
    return method(month) == ACCOUNT_METHOD or month.month == 12


class NotAcknowledged(Refusal):
    """A soft check fails that may not pass in silence."""

    code = "SB3183"
    zh = "{period} 有提示项须先写明原因：{why}。"
    en = "Items of {period} need a written word before closing: {why}."
    cause_zh = "这些提示项不阻止结账，但不能不声不响地过去；原因随结账记入留痕，印在结账表上（templates/closing.yaml）。"
    cause_en = "These items do not stop the closing, but they may not pass in silence; the word goes into the trail and onto the closing paper."
    remedy_zh = "处理后重试，或用 --acknowledge 编号=原因 写明，如 --acknowledge K18=本月附注无变动。"
    remedy_en = "Settle them, or say why with --acknowledge CODE=REASON, such as --acknowledge K18=…."


def _refuse(month: Month, checks: Sequence[Check], acknowledged: Mapping[str, str] | None = None) -> None:
    failing = [check.text for check in checks if check.stops]
    if failing:
        raise NotReadyToClose(period=month, why="；".join(failing))
    silent = [f"{check.code} {check.text}" for check in checks if check.acknowledge and not check.ok and check.code not in (acknowledged or {})]
    if silent:
        raise NotAcknowledged(period=month, why="；".join(silent))


def propose(
    work: UnitOfWork,
    now: str,
    actor: Actor,
    book: Book,
    month: Month,
    explained: dict[str, str] | None = None,
    proofs: Sequence[Check] = (),
    acknowledged: Mapping[str, str] | None = None,
) -> vouchers.Draft | None:
    """会计 proposes closing: checklist, lock, closing voucher made. None when there is nothing to carry over.

    ``explained`` maps accounts that are not zero to the written reason, which goes into the trail. ``proofs``: what the
    front door computed besides (the statements as if closed, the tax bureau's lines). ``acknowledged``: soft checks that fail
    and may not pass in silence → the written word. Raises SB3001, SB3111, SB3183.
    """
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    reasons = explained or {}
    now_state = state_of(work.connection, book.book_id, month)
    if now_state != "open":
        raise BadTransition(period=month, old=STATES.get(now_state, "未启用"), new="锁定", why="只有开放的月份可以提请结账")
    carried = carries_over(month, book.fund)
    checks = closing_checks.levelled([*checklist(work.connection, book, month, reasons), *proofs], month)
    _refuse(month, checks, acknowledged)
    for earlier in states(work.connection, book.book_id):
        if earlier.month <= month and earlier.state == "open":
            _set(work, book.book_id, earlier.month, "locked")
    facts: dict[str, object] = {"checks": closing_checks.facts(checks), "explained": reasons}
    if not carried and not book.fund.special:
        facts["method"] = method(month)
    if acknowledged:
        facts["acknowledged"] = dict(acknowledged)
    trail.record(work, now, actor, Duty.BOOKKEEP, "propose-close", f"period:{book.book_id}:{month}", "", facts)
    if not carried:
        return None
    try:
        made = closing.entry(work.connection, book.book_id, month)
    except closing.NothingToClose:
        return None
    draft = vouchers.propose(work, now, actor, book.book_id, made)
    return vouchers.make(work, now, actor, book.book_id, draft.voucher_id)


def unlock(work: UnitOfWork, now: str, actor: Actor, book: Book, month: Month, reason: str) -> None:
    """会计主管 sends a locked month back to open with a reason, as long as its closing voucher is not posted."""
    require(actor, Duty.CHECK)
    chain.lock(work)
    now_state = state_of(work.connection, book.book_id, month)
    if now_state != "locked":
        raise BadTransition(period=month, old=STATES.get(now_state, "未启用"), new="开放", why="只有锁定而未结账的月份可以退回开放")
    for draft in vouchers.drafts(work.connection, book.book_id, period=month):
        if draft.entry.closing and draft.state == "posted":
            raise BadTransition(period=month, old="锁定", new="开放", why="结转凭证已记账")
        if draft.entry.closing and draft.state != "rejected":
            vouchers.reject(work, now, actor, book.book_id, draft.voucher_id, f"解除锁定：{reason}")
    _set(work, book.book_id, month, "open")
    trail.record(work, now, actor, Duty.CHECK, "unlock-period", f"period:{book.book_id}:{month}", "", {"reason": reason})


def confirm(work: UnitOfWork, now: str, actor: Actor, book: Book, month: Month, proofs: Sequence[Check] = ()) -> None:
    """会计主管 confirms: every voucher posted, results zero (K10), ``proofs`` (the statements' cross-foots) all good.

    Earlier months without results that are still locked close with it. Nobody confirms what they proposed.
    """
    require(actor, Duty.CHECK)
    chain.lock(work)
    now_state = state_of(work.connection, book.book_id, month)
    if now_state != "locked":
        raise BadTransition(period=month, old=STATES.get(now_state, "未启用"), new="已结账", why="先由会计提请结账（shebao period propose）")
    closed = [one.month for one in states(work.connection, book.book_id) if one.month <= month and one.state == "locked"]
    proposers = {user for one in closed for user in _proposers(work.connection, book.book_id, one)}
    require(actor, Duty.CHECK, Thing("period", f"{book.book_id}:{month}", tuple((Duty.BOOKKEEP, proposer) for proposer in sorted(proposers))))
    checks = closing_checks.levelled([closing_checks.drafts(work.connection, book, month), _carried(work.connection, book, month), *proofs])
    _refuse(month, checks)
    for one in closed:
        facts = {"checks": closing_checks.facts(checks)} if one == month else {"with": str(month)}
        _set(work, book.book_id, one, "closed")
        trail.record(work, now, actor, Duty.CHECK, "close", f"period:{book.book_id}:{one}", "", facts)
    if month == states(work.connection, book.book_id)[-1].month:
        open_next(work, now, actor, book.book_id)


def _carried(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K10: no result is left in income and expense accounts, in a month that carries results over."""
    if not carries_over(month, book.fund):
        if book.fund.special:
            return Check("K10", True, "专账按年结转，本月不结转")
        return Check("K10", True, "表结法：本月不结转，收入支出年末一次结转（偏离制度默认的账结法）")
    left = closing.unclosed(connection, book.book_id, month)
    text = "；".join(f"{code} 余 {show(fen)} 元" for code, fen in left.items())
    return Check("K10", not left, "收入支出科目已结转为零" if not left else f"结转凭证未记账：{text}")


def _proposers(connection: sa.Connection, book_id: int, month: Month) -> list[str]:
    """Everybody who ever proposed to close the month, or a later one that locked it too, from the trail: none of them confirms it."""
    things = [f"period:{book_id}:{one.month}" for one in states(connection, book_id) if one.month >= month]
    found = connection.execute(sa.select(chain_table.c.actor).where(chain_table.c.thing.in_(things), chain_table.c.act == "propose-close").distinct())
    return sorted(found.scalars())


def _set(work: UnitOfWork, book_id: int, month: Month, state: str) -> None:
    work.connection.execute(period_table.update().where(period_table.c.book_id == book_id, period_table.c.period == month).values(state=state))
