"""Opening and ending detail accounts in a book in use: what may be proposed, and what a confirmation does.

The statutory accounts and their codes are 28号's; a unit may add details under the parents of
``templates/account-details.yaml``. A supplement file (a later rule of the state, a county's own details) is taken into
an open book the same way. An account that took a line keeps what it is for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import lru_cache

import sqlalchemy as sa

import templates
from controls import trail
from controls.account_changes.errors import CannotEnd, CannotOpen, ChangeWrong
from controls.account_changes.tables import account_change
from controls.duties import Actor, Duty, Thing, require
from controls.voucher_tables import voucher, voucher_line
from ledger import accounts, balances, chain
from ledger.accounts import Book, BookAccount
from ledger.chart import Account, Chart
from ledger.db import UnitOfWork
from ledger.entries import digest
from ledger.lawfile import LawFile, Strict, read
from ledger.money import show
from ledger.tables import account, entry, line
from ledger.tables import period as period_table

FILE = "account-details.yaml"
DIGITS = (4, 6, 8, 10)
"""Lengths of codes by level (templates/charts: 4, 2, 2, 2)."""


class Parent(Strict):
    """Accounts under which details may be added: the prefix, the shortest parent's code, and whether a leaf may be parted."""

    parent: str
    level: int
    split: bool
    zh: str
    reference: str


class DetailsFile(LawFile):
    """Schema of ``templates/account-details.yaml``."""

    parents: tuple[Parent, ...]


@lru_cache(maxsize=4)
def _parents(roots: tuple[str, ...]) -> tuple[Parent, ...]:
    return read(DetailsFile, FILE).parents


def parents() -> tuple[Parent, ...]:
    """Where details may be added; raises SB1011."""
    return _parents(tuple(str(root) for root in templates.roots()))


@dataclass(frozen=True, slots=True)
class Change:
    """One change as stored: ``day`` is valid_from of an account opened, valid_to of one ended."""

    book_id: int
    change_id: int
    kind: str
    code: str
    name: str
    full_name: str
    side: str
    element: str
    parent: str
    origin: str
    day: str
    reason: str
    state: str
    proposed_by: str
    proposed_at: str
    signed_by: str
    signed_at: str

    @property
    def label(self) -> str:
        """``book-change``."""
        return f"{self.book_id}-{self.change_id}"

    def digest(self) -> str:
        """SHA-256 of what both signatures bind to."""
        return digest([str(value) for value in astuple(self)[:12]])


def listed(connection: sa.Connection, book_id: int, state: str = "") -> list[Change]:
    """The changes of a book in order, of one state when given."""
    asked = sa.select(account_change).where(account_change.c.book_id == book_id).order_by(account_change.c.change_id)
    if state:
        asked = asked.where(account_change.c.state == state)
    return [Change(**row._mapping) for row in connection.execute(asked)]


def open_detail(work: UnitOfWork, now: str, actor: Actor, book: Book, code: str, name: str, since: date, reason: str) -> Change:
    """A 会计 proposes a detail account under an account that allows it, from ``since``. Raises SB3001, SB3185."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    known = accounts.accounts_of(work.connection, book.book_id)
    above = known.get(code[:-2])
    _addition(work.connection, book, known, code, name, above)
    _in_open_month(work.connection, book, code, since)
    assert above is not None
    values = BookAccount(code, name, f"{above.full_name}-{name}", above.side, above.element, above.code, True, "ours", since.isoformat(), "")
    return _propose(work, now, actor, book.book_id, "add", values, since.isoformat(), reason)


def take_supplements(work: UnitOfWork, now: str, actor: Actor, book: Book, reason: str) -> list[Change]:
    """A 会计 proposes what the chart and its supplement files have and the book has not, each from its date. Raises SB3001, SB3185, SB3186."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    known = accounts.accounts_of(work.connection, book.book_id)
    waiting = {(one.kind, one.code) for one in listed(work.connection, book.book_id, "proposed")}
    latest: dict[str, Account] = {}
    first: dict[str, date] = {}
    for one in Chart.load(book.chart, book.fund, tier=book.tier).accounts:
        latest[one.code] = one
        first.setdefault(one.code, one.valid_from)
    made: list[Change] = []
    for code in sorted(latest):
        new = latest[code]
        if code not in known and ("add", code) not in waiting and new.valid_to is None:
            values = BookAccount(
                code, new.name, new.full_name, new.side.value, new.element.value, new.parent, True, new.origin, first[code].isoformat(), ""
            )
            if new.parent in known and known[new.parent].leaf:
                _untouched(work.connection, book, known[new.parent], code)
            made.append(_propose(work, now, actor, book.book_id, "add", values, first[code].isoformat(), reason))
        elif code in known and not known[code].valid_to and new.valid_to is not None and ("end", code) not in waiting:
            _may_end(work.connection, book, known[code], new.valid_to)
            made.append(_propose(work, now, actor, book.book_id, "end", known[code], new.valid_to.isoformat(), reason))
    if not made:
        raise CannotOpen(code="—", why=f"{book.fund.zh}账套的科目与科目表、补充文件一致，没有新增或停用的科目")
    return made


def end_detail(work: UnitOfWork, now: str, actor: Actor, book: Book, code: str, until: date, reason: str) -> Change:
    """A 会计 proposes that an account added by this unit takes no line from ``until`` on. Raises SB3001, SB3186."""
    require(actor, Duty.BOOKKEEP)
    chain.lock(work)
    found = accounts.accounts_of(work.connection, book.book_id).get(code)
    if found is None or found.origin in ("standard", "permitted"):
        raise CannotEnd(code=code, why="账套里没有这个科目" if found is None else "制度规定的科目由补充规定停用")
    _may_end(work.connection, book, found, until)
    return _propose(work, now, actor, book.book_id, "end", found, until.isoformat(), reason)


def confirm(work: UnitOfWork, now: str, actor: Actor, book_id: int, change_ids: Sequence[int]) -> list[Change]:
    """A 会计主管 confirms proposed changes, none of them their own; the accounts follow at once. Raises SB3001, SB3002, SB3184 to SB3186."""
    require(actor, Duty.CHECK)
    chain.lock(work)
    book = next(one for one in accounts.books(work.connection) if one.book_id == book_id)
    done = []
    for change_id in change_ids:
        change = _waiting(work, actor, book_id, change_id)
        _sign(work, now, actor, change, "confirmed", "account.confirm")
        if change.kind == "add":
            _open(work, book, change)
        else:
            _may_end(work.connection, book, accounts.accounts_of(work.connection, book_id)[change.code], date.fromisoformat(change.day))
            mine = sa.and_(account.c.book_id == book_id, account.c.code == change.code)
            work.connection.execute(account.update().where(mine).values(valid_to=change.day))
        done.append(change)
    trail.record(work, now, actor, Duty.CHECK, "account.frame", f"book:{book_id}", accounts.frame(work.connection, book_id), {"changes": list(change_ids)})
    return done


def reject(work: UnitOfWork, now: str, actor: Actor, book_id: int, change_id: int, reason: str) -> Change:
    """A 会计主管 sends a proposed change back, with a reason for the trail. Raises SB3001, SB3002, SB3184."""
    require(actor, Duty.CHECK)
    chain.lock(work)
    change = _waiting(work, actor, book_id, change_id)
    _sign(work, now, actor, change, "rejected", "account.reject", reason)
    return change


def _waiting(work: UnitOfWork, actor: Actor, book_id: int, change_id: int) -> Change:
    change = next((one for one in listed(work.connection, book_id) if one.change_id == change_id), None)
    if change is None or change.state != "proposed":
        raise ChangeWrong(change=f"{book_id}-{change_id}", why="没有这项科目变动" if change is None else "已经确认或退回")
    require(actor, Duty.CHECK, Thing("account-change", change.label, ((Duty.BOOKKEEP, change.proposed_by),)))
    return change


def _sign(work: UnitOfWork, now: str, actor: Actor, change: Change, state: str, act: str, reason: str = "") -> None:
    mine = sa.and_(account_change.c.book_id == change.book_id, account_change.c.change_id == change.change_id)
    work.connection.execute(account_change.update().where(mine).values(state=state, signed_by=actor.user, signed_at=now))
    trail.record(work, now, actor, Duty.CHECK, act, f"account-change:{change.label}", change.digest(), {"reason": reason} if reason else {})


def _propose(work: UnitOfWork, now: str, actor: Actor, book_id: int, kind: str, of: BookAccount, day: str, reason: str) -> Change:
    if any(one.code == of.code and one.kind == kind for one in listed(work.connection, book_id, "proposed")):
        raise ChangeWrong(change=of.code, why="同一科目已有待确认的变动")
    latest = work.connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(account_change.c.change_id), 0)).where(account_change.c.book_id == book_id)
    ).scalar_one()
    made = Change(
        book_id, latest + 1, kind, of.code, of.name, of.full_name, of.side, of.element, of.parent, of.origin, day, reason, "proposed", actor.user, now, "", ""
    )
    work.connection.execute(account_change.insert().values(**{field.name: getattr(made, field.name) for field in fields(made)}))
    facts = {"kind": kind, "code": of.code, "name": of.full_name, "day": day, "reason": reason}
    trail.record(work, now, actor, Duty.BOOKKEEP, "account.propose", f"account-change:{made.label}", made.digest(), facts)
    return made


def _addition(connection: sa.Connection, book: Book, known: dict[str, BookAccount], code: str, name: str, above: BookAccount | None) -> None:
    """Passes for a code and a name that may stand under the account above; raises SB3185."""
    why = ""
    rule = next((one for one in parents() if code.startswith(one.parent)), None)
    if not (code.isascii() and code.isdigit() and len(code) in DIGITS[1:]):
        why = "编号按级次为 6、8 或 10 位数字，前几位是上级科目"
    elif code in known:
        why = f"编号已用于“{known[code].full_name}”"
    elif above is None:
        why = f"没有上级科目 {code[:-2]}"
    elif rule is None or len(above.code) < rule.level:
        why = f"“{above.full_name}”不增设明细科目（templates/account-details.yaml）"
    elif above.leaf and not rule.split:
        why = f"“{above.full_name}”是末级科目，业务模板直接记入，不再分设；在它的上级科目下增加同级明细"
    elif not name.strip() or any(sign in name for sign in "-—/\r\n\t") or len(name) > 40:
        why = "名称须有文字，不超过 40 字，不含 - 和 /"
    elif any(one.parent == above.code and one.name == name for one in known.values()):
        why = f"“{above.full_name}”下已有“{name}”"
    if why:
        raise CannotOpen(code=code, why=why)
    if above is not None and above.leaf:
        _untouched(connection, book, above, code)


def _untouched(connection: sa.Connection, book: Book, above: BookAccount, code: str) -> None:
    """Passes for a leaf that no line, posted or on its way, stands on; raises SB3185."""
    booked = connection.execute(sa.select(line.c.entry_id).where(line.c.book_id == book.book_id, line.c.account == above.code).limit(1)).first()
    joined = sa.join(voucher_line, voucher, sa.and_(voucher.c.book_id == voucher_line.c.book_id, voucher.c.voucher_id == voucher_line.c.voucher_id))
    waiting = connection.execute(
        sa.select(voucher_line.c.voucher_id)
        .select_from(joined)
        .where(voucher_line.c.book_id == book.book_id, voucher_line.c.account == above.code, voucher.c.state.not_in(("posted", "rejected")))
        .limit(1)
    ).first()
    if booked is not None or waiting is not None:
        raise CannotOpen(code=code, why=f"“{above.full_name}”已有分录，不能往下分设；可增设同级科目，余额用凭证转入")


def _in_open_month(connection: sa.Connection, book: Book, code: str, since: date) -> None:
    first = connection.execute(
        sa.select(sa.func.min(period_table.c.period)).where(period_table.c.book_id == book.book_id, period_table.c.state == "open")
    ).scalar()
    if first is None or since < first.first_day:
        raise CannotOpen(code=code, why=f"启用日期 {since.isoformat()} 早于未结账的月份")


def _may_end(connection: sa.Connection, book: Book, found: BookAccount, until: date) -> None:
    """Passes for a leaf without balance and without lines from ``until`` on; raises SB3186."""
    left = balances.closing_balances(balances.movements(connection, book.book_id)).get(found.code, 0)
    joined = sa.join(line, entry, sa.and_(line.c.book_id == entry.c.book_id, line.c.entry_id == entry.c.entry_id))
    later = connection.execute(
        sa.select(entry.c.day)
        .select_from(joined)
        .where(line.c.book_id == book.book_id, line.c.account == found.code, entry.c.day >= until.isoformat())
        .limit(1)
    ).first()
    why = ""
    if not found.leaf:
        why = "它有下级科目，逐个停用末级科目"
    elif found.valid_to:
        why = f"已自 {found.valid_to} 停用"
    elif until.isoformat() <= found.valid_from:
        why = f"停用日期不晚于启用日期 {found.valid_from}"
    elif left:
        why = f"还有余额 {show(left)} 元，先用凭证转出"
    elif later is not None:
        why = f"{until.isoformat()} 及以后还有分录"
    if why:
        raise CannotEnd(code=found.code, why=why)


def _open(work: UnitOfWork, book: Book, change: Change) -> None:
    """The account of a confirmed change; a leaf above it that never took a line becomes a parent."""
    known = accounts.accounts_of(work.connection, book.book_id)
    above = known.get(change.parent)
    if change.code in known or (change.parent and above is None):
        raise CannotOpen(code=change.code, why="编号已用" if change.code in known else f"上级科目 {change.parent} 还没有增设")
    values = {
        name: getattr(change, name) for name in ("book_id", "code", "name", "full_name", "side", "element", "parent", "origin")
    } | {"leaf": 1, "valid_from": change.day, "valid_to": ""}  # fmt: skip
    if above is not None and above.leaf:
        _untouched(work.connection, book, above, change.code)
    work.connection.execute(account.insert().values(**values))
    if above is not None and above.leaf:
        work.connection.execute(account.update().where(account.c.book_id == book.book_id, account.c.code == above.code).values(leaf=0))
