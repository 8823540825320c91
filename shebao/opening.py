"""Founding an office and bringing in its opening balances, proved before they are proposed (K1, K2)."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controls import people as people_room
from controls import periods, vouchers
from controls.duties import Duty, require
from controls.intake.reader import Taken, read
from ledger import accounts, chain, lawfile
from ledger.chart import STANDARD, Chart
from ledger.chart_file import Tier
from ledger.db import UnitOfWork, open_engine
from ledger.entries import Entry, Line, Side
from ledger.errors import UNUSABLE, Refusal
from ledger.errors_posting import PeriodNotOpen
from ledger.events import closing_lines
from ledger.funds import Fund
from ledger.hashes import Algorithm
from ledger.money import Fen, show
from ledger.months import Month, months
from shebao import migrate
from shebao.store import Office, OfficeExists, default_url, use_templates, write_settings


class OpeningUnproved(Refusal):
    """The trial balance does not prove."""

    code = "SB6101"
    zh = "试算平衡表不成立（{check}）：{why}。"
    en = "The trial balance does not prove ({check}): {why}."
    cause_zh = "期初须借方=贷方（K1），资产=负债+净资产（K2），收入支出科目年初为零。"
    cause_en = "Opening balances need debit = credit (K1), assets = liabilities + net assets (K2), no open results."
    remedy_zh = "核对旧账的年末余额后重新报送试算平衡表。"
    remedy_en = "Check the old books' closing balances and send the trial balance again."
    status = UNUSABLE


class MidYearOpening(Refusal):
    """Books taken over within a year need the year's movements so far."""

    code = "SB6102"
    zh = "{month} 年中建账，试算平衡表缺“{column}”。"
    en = "Books taken over at the end of {month} need the column “{column}” in the trial balance."
    cause_zh = "报表的年初余额和本年累计数须从年初算起（28号第五部分），年中建账要带年初余额和本年累计发生额。"
    cause_en = "Statements show the year's opening and cumulative figures; a mid-year start needs both."
    remedy_zh = "请旧账导出含年初余额、本年累计借贷方（不含结转）、期末余额的试算平衡表；或以上年 12 月末建账。"
    remedy_en = "Export the trial balance with year-opening, cumulative (before closing entries) and closing columns, or open at a year's end."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class Founded:
    """What init made: each book with its number of accounts, and how many people."""

    books: list[tuple[accounts.Book, int]]
    people: int


def found_office(
    home: Path,
    *,
    code: str,
    name: str,
    region: str,
    funds: list[Fund],
    opened: Month,
    people: Path,
    url: str | None,
    own: Path | None = None,
    tier: Tier = "county",
    algorithm: Algorithm = Algorithm.SHA256,
) -> Founded:
    """Makes store, books, charts (of the unit's ``tier``) and people in one go; an existing office is refused (SB6002), in the directory or the database."""
    if (home / "shebao.toml").exists():
        raise OfficeExists(home=home)
    first = opened if opened.month == 12 else Month(opened.year - 1, 12)
    newcomers = people_room.read_people(lawfile.load_from(people))
    database = url or default_url(home)
    engine = open_engine(database.replace("{home}", home.resolve().as_posix()))
    home.mkdir(parents=True, exist_ok=True)
    if own is not None:
        shutil.copytree(own, home / "templates", dirs_exist_ok=True)
    use_templates(home / "templates")
    migrate.upgrade(engine)
    founded: list[tuple[accounts.Book, int]] = []
    with UnitOfWork(engine) as work:
        if accounts.books(work.connection):
            raise OfficeExists(home=engine.url.render_as_string(hide_password=True))
        if algorithm is not Algorithm.SHA256:
            begun = chain.Act(people_room.INIT.user, "", "trail.begin", "trail", "", {"algorithm": algorithm.value})
            chain.append_many(work, Office.now(), [begun], algorithm)
        accounts.open_unit(work, code, name, region, tier)
        for number, fund in enumerate(funds, start=1):
            rows = chart_rows(fund, first + 1, tier)
            accounts.open_book(work, number, code, fund, STANDARD, first, rows)
            for month in months(first + 1, opened):
                accounts.open_period(work, number, month)
            accounts.record_opening(work, Office.now(), people_room.INIT.user, number)
            founded.append((accounts.Book(number, code, name, fund, STANDARD, opened, tier), len(rows)))
        people_room.bootstrap(work, Office.now(), newcomers)
        work.commit()
    engine.dispose()
    write_settings(home, database, code=code, name=name, region=region)
    return Founded(founded, len(newcomers))


def chart_rows(fund: Fund, month: Month, tier: Tier = "county") -> list[accounts.BookAccount]:
    """The fund's chart of one level as it stands on the first day of ``month``."""
    day = month.first_day
    chart = Chart.load(STANDARD, fund, tier=tier)
    return [
        accounts.BookAccount(
            a.code, a.name, a.full_name, a.side.value, a.element.value, a.parent, a.leaf, a.origin,
            a.valid_from.isoformat(), a.valid_to.isoformat() if a.valid_to else "",
        )
        for a in chart.accounts
        if a.valid_from <= day and (a.valid_to is None or day < a.valid_to)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Balance:
    """One account of the trial balance, fen, debit positive but for the year's two sides."""

    account: str
    side: Side
    element: str
    year_opening: Fen
    year_debit: Fen
    year_credit: Fen
    closing: Fen
    bank_account: str

    @property
    def pending(self) -> bool:
        """Whether the account is 待转, which only December empties."""
        return self.account.startswith(PENDING)

    @property
    def result(self) -> bool:
        """Whether every month's closing empties the account."""
        return self.element in RESULTS and not self.pending

    def axes(self) -> tuple[tuple[str, str], ...]:
        return (("bank_account", self.bank_account),) if self.bank_account else ()


def propose_opening(office: Office, fund: Fund, file: Path) -> tuple[list[vouchers.Draft], list[str]]:
    """Reads, proves and makes the opening vouchers of one fund; returns them with the proofs in words.

    At a year's end one 期初 voucher. Within a year two: the year's opening balances, and the movements of the
    year so far, which the taking-over month then closes like any other. Raises SB6101, SB6102, SB1104 (taken over before), SB1302.
    """
    actor = office.actor
    require(actor, Duty.BOOKKEEP)
    taken = read(file, "trial-balance")
    if taken.rejects:
        first = taken.rejects[0]
        raise OpeningUnproved(check="行", why=f"第 {first.line} 行 {first.column} “{first.value}”：{first.reason_zh.rstrip('。')}")
    with office.unit() as work:
        book = accounts.book_of(work.connection, fund)
        latest = accounts.founded_through(work.connection, book)
        mid_year = latest != book.opened
        _still_open(work, book)
        rows = _rows(taken, accounts.accounts_of(work.connection, book.book_id), latest if mid_year else None)
        proofs = _prove(fund, rows, mid_year)
        entries = [_opening_entry(rows, book, taken.sha256)]
        if mid_year:
            entries.append(_year_entry(rows, latest, taken.sha256))
        drafts = []
        for made in entries:
            draft = vouchers.propose(work, office.now(), actor, book.book_id, made)
            drafts.append(vouchers.make(work, office.now(), actor, book.book_id, draft.voucher_id))
        work.commit()
    return drafts, proofs


def _still_open(work: UnitOfWork, book: accounts.Book) -> None:
    """The opening comes before the first closing: raises SB1302 where its month is locked or closed."""
    state = periods.state_of(work.connection, book.book_id, book.opened)
    if state != "open":
        raise PeriodNotOpen(period=book.opened, state=periods.STATES.get(state, "未启用"))


def _rows(taken: Taken, chart: dict[str, accounts.BookAccount], mid_year: Month | None) -> list[_Balance]:
    """The rows of the file as balances: each account once, or once for each of its bank accounts. Raises SB6101, SB6102."""
    found: dict[tuple[str, str], _Balance] = {}
    if mid_year is not None:
        for header in ("年初借方余额", "本年累计借方"):
            if header not in taken.header.recognised:
                raise MidYearOpening(month=mid_year, column=header)
    for row in taken.table.to_pylist():
        known = _account(row, chart)
        if (known.code, row["bank_account"]) in found:
            raise OpeningUnproved(check="科目", why=f"第 {row['line']} 行 {known.code} 已有一行；同一科目有几个银行账户的，分行写明银行账号，其余合并为一行")
        value = {name: row[name] or 0 for name in ("debit", "credit", "year_opening_debit", "year_opening_credit", "year_debit", "year_credit")}
        closing = value["debit"] - value["credit"]
        opening = value["year_opening_debit"] - value["year_opening_credit"] if mid_year is not None else closing
        found[known.code, row["bank_account"]] = _Balance(
            known.code, Side(known.side), known.element, opening, value["year_debit"], value["year_credit"], closing, row["bank_account"]
        )
    if not any(row.closing or row.year_opening or row.year_debit or row.year_credit for row in found.values()):
        raise OpeningUnproved(check="行", why="表里没有一个金额")
    return list(found.values())


def _account(row: dict[str, Any], chart: dict[str, accounts.BookAccount]) -> accounts.BookAccount:
    """The leaf account of a row; a code under another account's name is refused: in some older charts 1003 and 1004 stand the other way round."""
    known = chart.get(row["account"])
    if known is None:
        raise OpeningUnproved(check="科目", why=f"第 {row['line']} 行 {row['account']} 不在科目表中（shebao accounts list 列出科目）")
    if not known.leaf:
        below = sorted((account for account in chart.values() if account.parent == known.code), key=lambda account: account.code)
        named = "、".join(f"{account.code} {account.name}" for account in below[:4]) + ("等" if len(below) > 4 else "")
        raise OpeningUnproved(check="科目", why=f"第 {row['line']} 行 {row['account']} 不是末级科目，余额写在明细科目上：{named}")
    said = (row["account_name"] or "").strip()
    other = next((account for account in chart.values() if account.parent == "" and account.name == said), None)
    if other is not None and other.code != known.code[:4] and said != known.name:
        raise OpeningUnproved(check="科目", why=f"第 {row['line']} 行编号 {known.code} 是“{known.full_name}”，名称却写“{said}”（{other.code}）")
    return known


def _prove(fund: Fund, rows: list[_Balance], mid_year: bool) -> list[str]:
    """K1 and K2 of the opening and closing columns, and that the year's movements lead from one to the other."""
    proofs = _prove_column("年初" if mid_year else "期初", ((r.element, r.year_opening) for r in rows))
    if not mid_year:
        return proofs
    debit, credit = sum(r.year_debit for r in rows), sum(r.year_credit for r in rows)
    if debit != credit:
        raise OpeningUnproved(check="K1", why=f"本年累计借方 {show(debit)} 元，贷方 {show(credit)} 元")
    results: dict[str, Fen] = {}
    for row in rows:
        if row.result:
            results[row.account] = results.get(row.account, 0) + row.year_debit - row.year_credit
    closed: dict[str, Fen] = {}
    for line in closing_lines(fund, results):
        closed[line.account] = closed.get(line.account, 0) + line.signed
    for row in rows:
        due = row.year_opening + row.year_debit - row.year_credit + (0 if row.result else closed.pop(row.account, 0))
        if not row.result and due != row.closing:
            raise OpeningUnproved(check="K7", why=f"{row.account} 年初加本年累计得 {show(due)} 元，期末列为 {show(row.closing)} 元")
        if row.result and row.closing:
            raise OpeningUnproved(check="K10", why=f"{row.account} 期末余 {show(row.closing)} 元，应已结转")
    for account in sorted(set(closed) - set(results)):
        if closed[account]:
            raise OpeningUnproved(check="K7", why=f"{account} 应有本年累计结余 {show(-closed[account])} 元，表里没有这一科目")
    proofs += [f"K1 本年累计借方 = 贷方 = {show(debit)} 元", f"K7 本年累计结余 {show(-sum(results.values()))} 元 = 净资产期末 − 年初"]
    return [*proofs, *_prove_column("期末", (("net_asset" if r.pending else r.element, r.closing) for r in rows))]


RESULTS = frozenset({"income", "expense"})
PENDING = ("4601", "4602")
"""待转 accounts of 职工医保: not closed within the year, part of the net assets until December splits them."""


def _prove_column(name: str, balances: Iterable[tuple[str, Fen]]) -> list[str]:
    totals: dict[str, Fen] = dict.fromkeys(("asset", "liability", "net_asset", "income", "expense"), 0)
    for element, fen in balances:
        totals[element] += fen
    if totals["income"] or totals["expense"]:
        raise OpeningUnproved(check="K10", why=f"{name}收入科目余 {show(-totals['income'])} 元，支出科目余 {show(totals['expense'])} 元，应已结转")
    whole = sum(totals.values())
    if whole:
        raise OpeningUnproved(check="K1", why=f"{name}借方合计比贷方合计{'多' if whole > 0 else '少'} {show(abs(whole))} 元")
    right = show(-totals["liability"]), show(-totals["net_asset"])
    return [f"K1 {name}借方合计 = 贷方合计", f"K2 {name}资产 {show(totals['asset'])} 元 = 负债 {right[0]} 元 + 净资产 {right[1]} 元"]


def _opening_entry(rows: list[_Balance], book: accounts.Book, digest: str) -> Entry:
    lines = [Line(r.account, r.side, r.year_opening if r.side is Side.D else -r.year_opening, r.axes(), "期初余额") for r in rows if r.year_opening]
    return Entry(
        period=book.opened, day=book.opened.last_day, summary=f"{(book.opened + 1).zh()}期初余额", lines=tuple(lines), authority=f"试算平衡表 {digest[:12]}",
        source_key="opening", event="OPENING", kind="期初", attachments=1, documents=(f"file:{digest[:16]}",),
    )  # fmt: skip


def _year_entry(rows: list[_Balance], month: Month, digest: str) -> Entry:
    lines: list[Line] = []
    for row in rows:
        for side, fen in ((Side.D, row.year_debit), (Side.C, row.year_credit)):
            if fen:
                lines.append(Line(row.account, side, fen, row.axes(), "本年累计"))
    return Entry(
        period=month, day=month.last_day, summary=f"年中建账：{month.year}年1—{month.month}月累计发生额", lines=tuple(lines),
        authority=f"试算平衡表 {digest[:12]}", source_key="opening:year", event="OPENING", kind="期初", attachments=1,
    )  # fmt: skip
