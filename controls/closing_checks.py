"""The closing checklist (结账检查单): computed checks before and at closing, each hard or soft as ``templates/closing.yaml`` says.

Hard ones stop the closing; soft ones are shown and go into the trail with it. What needs the statements (K2–K10, K17) is
computed in ``books`` and handed in by the front door as values; what nobody computed stands as not run, never as passed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import sqlalchemy as sa

import templates
from controls.premiums import receipts
from controls.tables import PAYMENTS, bank_return, roster
from controls.voucher_tables import voucher
from ledger import balances
from ledger.accounts import Book
from ledger.in_transit import open_items
from ledger.lawfile import BadLawFile, LawFile, Strict, read
from ledger.money import Fen, show
from ledger.months import Month
from ledger.parameters import Parameters
from ledger.tables import account as account_table
from ledger.tables import balance as balance_table
from ledger.tables import chain as chain_table
from ledger.tables import entry as entry_table
from ledger.tables import period as period_table

FILE = "closing.yaml"
SPECIAL_FILE = "special/checks.yaml"
"""The same for special books (专账)."""
WAITING = ("proposed", "made", "reviewed")
STATE_ZH = {"proposed": "待制单", "made": "待审核", "reviewed": "待记账"}
SUSPENSE = ("1101", "2001")
"""暂付款 and 暂收款: the accounts kept by counterparty."""
RECONCILED = {"1002": "收入户存款", "1003": "财政专户存款", "1004": "支出户存款"}
MONEY = ("1001", "1002", "1003", "1004", "1005")
"""Cash, deposits and the treasury: nobody can have less than nothing there."""
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checklist: ``hard`` ones stop the closing; ``ran`` False is a check that nothing could compute.

    ``left`` and ``right`` are what was compared, fen, where it was two figures. ``acknowledge``: a soft one that closes only with a written word.
    """

    code: str
    ok: bool
    text: str
    hard: bool = True
    ran: bool = True
    left: Fen | None = None
    right: Fen | None = None
    acknowledge: bool = False

    @property
    def stops(self) -> bool:
        """Whether the month cannot close because of it."""
        return self.hard and not self.ok


class CheckLaw(Strict):
    """What the file says of one check."""

    id: str
    zh: str
    level: Literal["hard", "soft"]
    reference: str
    hard_in: tuple[int, ...] = ()
    acknowledge_in: tuple[int, ...] = ()
    special: bool = False

    def level_in(self, month: Month | None) -> tuple[bool, bool]:
        """Whether the check is hard in this month, and whether a failure must be acknowledged in writing."""
        hard = self.level == "hard" or (month is not None and month.month in self.hard_in)
        return hard, not hard and month is not None and month.month in self.acknowledge_in


class ClosingFile(LawFile):
    """The checklist as data."""

    checks: tuple[CheckLaw, ...]


@lru_cache(maxsize=4)
def _laws(roots: tuple[str, ...]) -> dict[str, CheckLaw]:
    found: dict[str, CheckLaw] = {}
    for law in (*read(ClosingFile, FILE).checks, *read(ClosingFile, SPECIAL_FILE).checks):
        if law.id in found:
            raise BadLawFile(file=FILE, where=law.id, why="检查重复")
        found[law.id] = law
    return found


def laws() -> dict[str, CheckLaw]:
    """Every check by its id, in the order of the file; raises SB1011."""
    return _laws(tuple(str(root) for root in templates.roots()))


def levelled(checks: Iterable[Check], month: Month | None = None) -> list[Check]:
    """The checks with the level the file gives them (in ``month``), in its order; raises SB1011 for one the file does not know."""
    known = laws()
    order = {code: place for place, code in enumerate(known)}
    found = list(checks)
    if strange := {check.code for check in found} - known.keys():
        raise BadLawFile(file=FILE, where="、".join(sorted(strange)), why="检查单里没有这一项")
    levels = {code: law.level_in(month) for code, law in known.items()}
    set_ = [replace(check, hard=levels[check.code][0], acknowledge=levels[check.code][1]) for check in found]
    return sorted(set_, key=lambda check: order[check.code])


def whole(checks: Sequence[Check], month: Month | None = None) -> list[Check]:
    """The checks, and every check of the file that is missing among them as not run."""
    done = {check.code for check in checks}
    special = any(laws()[code].special for code in done & laws().keys())
    missing = [
        Check(law.id, True, f"{law.zh}：没有数据可供核对，未执行", ran=False) for law in laws().values() if law.id not in done and law.special == special
    ]
    return levelled([*checks, *missing], month)


def facts(checks: Sequence[Check]) -> list[list[object]]:
    """The checklist as the trail keeps it: code, ok, text, hard, both sides; what failed in full, of each code that passed the largest and how many."""
    passed: dict[str, list[Check]] = {}
    for check in checks:
        if check.ok:
            passed.setdefault(check.code, []).append(check)
    largest = [max(found, key=lambda check: abs(check.left or 0)) for found in passed.values()]
    counted = [f"（共 {len(found)} 项相符）" if len(found) > 1 else "" for found in passed.values()]
    shown = [(check, "") for check in checks if not check.ok] + list(zip(largest, counted, strict=True))
    order = {code: place for place, code in enumerate(laws())}
    return [
        [check.code, check.ok, check.text + more, check.hard, check.left, check.right] for check, more in sorted(shown, key=lambda one: order[one[0].code])
    ]


def before_closing(connection: sa.Connection, book: Book, month: Month, explained: Iterable[str] = ()) -> list[Check]:
    """What can be computed from the store before the results are carried over; ``explained``: accounts whose balance has a written reason."""
    found = [drafts(connection, book, month), earlier_months(connection, book, month), *rosters(connection, book, month)]
    found += [trial_balance(connection, book, month), overdrawn(connection, book, month), *zero_accounts(connection, book, month, set(explained))]
    found += reconciliations(connection, book, month)
    found += [payouts(connection, book, month), *suspense(connection, book, month)]
    found += [Check("K13", ok, text) for ok, text in receipts.k13(connection, book, month)]
    return levelled(found)


def drafts(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K0: no voucher of the month or before waits; closing vouchers come after this check."""
    columns = voucher.c
    waiting = connection.execute(
        sa.select(columns.voucher_id, columns.state).where(
            columns.book_id == book.book_id, columns.period <= month, columns.state.in_(WAITING), columns.closing == 0
        )
    ).all()
    text = "、".join(f"{book.book_id}-{row.voucher_id}（{STATE_ZH[row.state]}）" for row in waiting[:10])
    return Check("K0", not waiting, "所有凭证已审核记账" if not waiting else f"有 {len(waiting)} 张凭证未记账：{text}")


def earlier_months(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K0b: every month before is closed, or nothing moved in it; a December that has the year's results to carry over closes by itself (表结法)."""
    rows = connection.execute(
        sa.select(period_table.c.period).where(period_table.c.book_id == book.book_id, period_table.c.period < month, period_table.c.state != "closed")
    ).scalars()
    waiting = sorted(rows)
    if not waiting:
        return Check("K0b", True, "以前月份均已结账")
    moved = connection.execute(
        sa.select(sa.func.count())
        .select_from(balance_table)
        .join(account_table, sa.and_(account_table.c.book_id == balance_table.c.book_id, account_table.c.code == balance_table.c.account))
        .where(balance_table.c.book_id == book.book_id, balance_table.c.period.in_(waiting), account_table.c.element.in_(("income", "expense")))
    ).scalar_one()
    late = None if moved else next((one for one in waiting if one.month == 12 and _uncarried(connection, book, one)), None)
    if late is not None:
        return Check("K0b", False, f"{late} 尚未结账，该年收支尚未结转")
    text = f"{waiting[0]} 尚未结账" if moved else f"{waiting[0]} 起 {len(waiting)} 个月没有收支，随本月一并结账"
    return Check("K0b", not moved, text)


def _uncarried(connection: sa.Connection, book: Book, december: Month) -> bool:
    """Whether income or expense still stands in its accounts at a year's end; what is not yet split (4601, 4602) is K9's matter."""
    ends = balances.closing_balances(balances.movements(connection, book.book_id, december))
    return any(fen and code[0] in "45SC" and not code.startswith(("4601", "4602")) for code, fen in ends.items())


def rosters(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K0c: rosters of the month that are signed and not paid out to the end."""
    columns = roster.c
    rows = connection.execute(
        sa.select(columns.roster_id, columns.state, columns.payment).where(
            columns.book_id == book.book_id, columns.period <= month.number, columns.state.in_(("authorised", "released")), columns.payment != PAYMENTS[-1]
        )
    ).all()
    names = {"none": "未发放", "released": "已放行未送盘", "made": "已制单未复核", "sent": "已送盘未回盘"}
    text = "、".join(f"{row.roster_id}（{names[row.payment]}）" for row in rows[:10])
    return [Check("K0c", not rows, "花名册均已办结" if not rows else f"有 {len(rows)} 册花名册未办结：{text}")]


def trial_balance(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K1: debit balances equal credit balances."""
    ends = balances.closing_balances(balances.movements(connection, book.book_id, month))
    debit, credit = sum(fen for fen in ends.values() if fen > 0), -sum(fen for fen in ends.values() if fen < 0)
    return Check("K1", debit == credit, f"试算平衡：借方余额 {show(debit)} 元，贷方余额 {show(credit)} 元", left=debit, right=credit)


def overdrawn(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K21: no account of cash, deposits or the treasury ends the month with a credit balance; no explanation passes it."""
    ends = balances.closing_balances(balances.movements(connection, book.book_id, month))
    below = {code: fen for code, fen in sorted(ends.items()) if code.startswith(MONEY) and fen < 0}
    told = "；".join(f"{code} {_name(connection, book, code)}月末余 {show(fen)} 元" for code, fen in list(below.items())[:MOST_SHOWN])
    text = f"{told}：收付有漏记、重记或记错账户的，查明后补记或更正" if below else "现金、各户存款和国库存款均无贷方余额"
    return Check("K21", not below, text, left=sum(below.values()), right=0)


def zero_accounts(connection: sa.Connection, book: Book, month: Month, explained: set[str]) -> list[Check]:
    """K10: the accounts that the parameter ``month_end_zero`` names are zero, or their balance has a written reason."""
    ends = balances.closing_balances(balances.movements(connection, book.book_id, month))
    found = []
    for prefix in Parameters.load().codes("month_end_zero", month.last_day, fund=book.fund.value):
        left = sum(fen for code, fen in ends.items() if code.startswith(prefix))
        ok = left == 0 or prefix in explained
        said = "为零" if left == 0 else f"余 {show(left)} 元" + ("，已说明" if ok else "，须为零或说明原因") + _made_of(connection, book, prefix, month)
        found.append(Check("K10", ok, f"{prefix} {_name(connection, book, prefix)}月末{said}", left=left, right=0))
    return found


def _made_of(connection: sa.Connection, book: Book, prefix: str, month: Month) -> str:
    """The lines that a balance still consists of, in words."""
    items = open_items(connection, book.book_id, prefix, month)
    told = "；".join(f"{one.day.isoformat()} {one.label} {one.summary} {show(one.fen)} 元" for one in items[:MOST_SHOWN])
    more = f"等 {len(items)} 笔" if len(items) > MOST_SHOWN else ""
    return f"（{told}{more}）" if told else ""


def _name(connection: sa.Connection, book: Book, code: str) -> str:
    found = connection.execute(sa.select(account_table.c.name).where(account_table.c.book_id == book.book_id, account_table.c.code == code)).scalar()
    return found or ""


def reconciliations(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K11: each bank account of 1002, 1003, 1004 that holds or moved money this month has its reconciliation statement on record."""
    moved = balances.movements(connection, book.book_id, month)
    found = []
    for code, name in RECONCILED.items():
        mine = [move for move in moved if move.account.startswith(code)]
        if not any(move.period == month for move in mine) and not sum(move.net for move in mine):
            continue
        facts = _reconciled(connection, book, code, month)
        text = f"{code} {name}的余额调节表尚未编制" if facts is None else f"{code} {name}余额调节表已编制，未达账项 {facts.get('open', 0)} 笔"
        found.append(Check("K11", facts is not None, text))
    return found


def _reconciled(connection: sa.Connection, book: Book, account: str, month: Month) -> Mapping[str, int] | None:
    columns = chain_table.c
    found = connection.execute(
        sa.select(columns.facts)
        .where(columns.act == "reconcile", columns.thing == f"reconciliation:{book.book_id}:{account}:{month}")
        .order_by(columns.seq.desc())
        .limit(1)
    ).scalar()
    return None if found is None else dict(json.loads(found))


def payouts(connection: sa.Connection, book: Book, month: Month) -> Check:
    """K13: what the banks paid out by the returns taken in is what the payout vouchers say, roster by roster, through the month."""
    heads = entry_table.c
    rows = connection.execute(
        sa.select(heads.source_key, heads.payout_fen).where(
            heads.book_id == book.book_id, heads.source_key.like("roster:%:return"), heads.payout_source.is_not(None), heads.period <= month
        )
    )
    booked = {int(row.source_key.split(":")[1]): int(row.payout_fen) for row in rows}
    returned = {
        row.roster_id: int(row.paid_fen)
        for row in connection.execute(sa.select(bank_return.c.roster_id, bank_return.c.paid_fen).where(bank_return.c.book_id == book.book_id))
    }
    wrong = [
        f"花名册 {source}：回盘成功 {show(returned.get(source, 0))} 元，凭证 {show(fen)} 元" for source, fen in booked.items() if returned.get(source) != fen
    ]
    text = f"{len(booked)} 册发放凭证与回盘成功金额相符，共 {show(sum(booked.values()))} 元" if not wrong else "；".join(wrong[:MOST_SHOWN])
    return Check("K13", not wrong, text)


def suspense(connection: sa.Connection, book: Book, month: Month) -> list[Check]:
    """K16: 1101 and 2001 by counterparty equal the control account, and whoever has been owing for long is named."""
    found = []
    limit = _suspense_limit(book, month)
    for control in SUSPENSE:
        held, since = _by_party(connection, book, control, month)
        if not held:
            continue
        unnamed = sum(fen for party, fen in held.items() if not party)
        total = sum(held.values())
        oldest = sorted((since[party], party, fen) for party, fen in held.items() if fen)
        aged = [one for one in oldest if limit is not None and month.index - one[0].index >= limit]
        shown = "；".join(f"{party or '未注明对方'} {show(abs(fen))} 元，自 {first}" for first, party, fen in (aged or oldest)[:MOST_SHOWN])
        head = f"{control} {_name(connection, book, control)}按对方合计 {show(abs(total))} 元"
        if unnamed:
            head += f"，其中未注明对方 {show(abs(unnamed))} 元"
        late = f"，超过 {limit} 个月的 {len(aged)} 户：" if aged else "，最早的：" if oldest else "，无余额"
        found.append(Check("K16", not unnamed, head + late + shown))
    return found


def _suspense_limit(book: Book, month: Month) -> int | None:
    """Months after which an open item is named as old, None while the office has not said."""
    parameters = Parameters.load()
    known = next(parameter for parameter in parameters.all if parameter.name == "suspense_months")
    return parameters.number("suspense_months", month.last_day) if any(value.valid_from <= month.last_day for value in known.values) else None


def _by_party(connection: sa.Connection, book: Book, control: str, month: Month) -> tuple[dict[str, Fen], dict[str, Month]]:
    """Counterparty → balance (debit positive), and the month since which it has not been nil."""
    columns = balance_table.c
    net = columns.debit_fen - columns.credit_fen + columns.closing_debit_fen - columns.closing_credit_fen
    rows = connection.execute(
        sa.select(columns.account, columns.period, columns.dimension, net.label("net"))
        .where(columns.book_id == book.book_id, columns.account.startswith(control), columns.period <= month)
        .order_by(columns.period)
    )
    held: dict[str, Fen] = {}
    since: dict[str, Month] = {}
    for row in rows:
        party = dict(json.loads(row.dimension)).get("party", "") if row.dimension else ""
        before = held.get(party, 0)
        held[party] = before + int(row.net)
        if not before and held[party]:
            since[party] = row.period
    return held, since
