"""Founding an office and bringing in its opening balances, proved before they are proposed (K1, K2)."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml

from controls import people as people_room
from controls import vouchers
from ledger import accounts
from ledger.chart import STANDARD, Chart
from ledger.db import open_engine
from ledger.entries import Entry, Line, Side
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.money import Fen, show
from ledger.months import Month
from shebao import migrate
from shebao.store import Office, OfficeExists, default_url, write_settings


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
    """Books can only begin on 1 January in this release."""

    code = "SB6102"
    zh = "建账月份 {month} 不是 12 月。"
    en = "The opening month {month} is not a December."
    cause_zh = "年中建账须带本年累计发生额，报表的年初数和累计数才会正确，本版尚不支持。"
    cause_en = "Opening within a year needs the year's movements so far; this release does not take them."
    remedy_zh = "以上年 12 月末余额建账，从 1 月起补记本年凭证。"
    remedy_en = "Open with the balances of last December and book the year's vouchers from January."


@dataclass(frozen=True, slots=True)
class Founded:
    """What init made: each book with its number of accounts, and how many people."""

    books: list[tuple[accounts.Book, int]]
    people: int


def found_office(
    home: Path, *, code: str, name: str, region: str, funds: list[Fund], opened: Month, people: Path, url: str | None, own: Path | None = None
) -> Founded:
    """Makes store, books, charts and people in one go; an existing office is refused (SB6002)."""
    if (home / "shebao.toml").exists():
        raise OfficeExists(home=home)
    if opened.month != 12:
        raise MidYearOpening(month=opened)
    newcomers = people_room.read_people(yaml.safe_load(people.read_text(encoding="utf-8")))
    home.mkdir(parents=True, exist_ok=True)
    if own is not None:
        shutil.copytree(own, home / "templates")
    database = url or default_url(home)
    engine = open_engine(database.replace("{home}", home.resolve().as_posix()))
    migrate.upgrade(engine)
    from ledger.db import UnitOfWork

    founded: list[tuple[accounts.Book, int]] = []
    with UnitOfWork(engine) as work:
        accounts.open_unit(work, code, name, region)
        for number, fund in enumerate(funds, start=1):
            rows = chart_rows(fund, opened + 1)
            accounts.open_book(work, number, code, fund, STANDARD, opened, rows)
            founded.append((accounts.Book(number, code, name, fund, STANDARD, opened), len(rows)))
        people_room.bootstrap(work, Office.now(), newcomers)
        work.commit()
    engine.dispose()
    write_settings(home, database, code=code, name=name, region=region)
    return Founded(founded, len(newcomers))


def chart_rows(fund: Fund, month: Month) -> list[accounts.BookAccount]:
    """The fund's chart as it stands on the first day of ``month``."""
    day = month.first_day
    chart = Chart.load(STANDARD, fund)
    return [
        accounts.BookAccount(
            a.code, a.name, a.full_name, a.side.value, a.element.value, a.parent, a.leaf, a.origin,
            a.valid_from.isoformat(), a.valid_to.isoformat() if a.valid_to else "",
        )
        for a in chart.accounts
        if a.valid_from <= day and (a.valid_to is None or day < a.valid_to)
    ]  # fmt: skip


def propose_opening(office: Office, fund: Fund, file: Path) -> tuple[vouchers.Draft, list[str]]:
    """Reads, proves and makes the opening voucher of one fund; returns it with the proofs in words."""
    from controls.intake.reader import read

    taken = read(file, "trial-balance")
    if taken.rejects:
        first = taken.rejects[0]
        raise OpeningUnproved(check="行", why=f"第 {first.line} 行 {first.column} “{first.value}”：{first.reason_zh}")
    actor = office.actor
    with office.unit() as work:
        book = accounts.book_of(work.connection, fund)
        chart = accounts.accounts_of(work.connection, book.book_id)
        lines, totals = [], dict.fromkeys(("asset", "liability", "net_asset", "income", "expense"), 0)
        for row in taken.table.to_pylist():
            found = chart.get(row["account"])
            if found is None or not found.leaf:
                continue_reason = "不在科目表中" if found is None else "不是末级科目"
                raise OpeningUnproved(check="科目", why=f"第 {row['line']} 行 {row['account']} {continue_reason}")
            signed: Fen = row["debit"] - row["credit"]
            totals[found.element] += signed
            if signed:
                side = Side(found.side)
                axes = (("bank_account", row["bank_account"]),) if row["bank_account"] else ()
                lines.append(Line(found.code, side, signed if side is Side.D else -signed, axes, "期初余额"))
        proofs = _prove(totals)
        made = Entry(
            period=book.opened,
            day=book.opened.last_day,
            summary=f"{(book.opened + 1).zh()}期初余额",
            lines=tuple(lines),
            authority=f"试算平衡表 {taken.sha256[:12]}",
            source_key="opening",
            event="OPENING",
            kind="期初",
            attachments=1,
            documents=(f"file:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}",),
        )
        draft = vouchers.propose(work, office.now(), actor, book.book_id, made)
        draft = vouchers.make(work, office.now(), actor, book.book_id, draft.voucher_id)
        work.commit()
    return draft, proofs


def _prove(totals: dict[str, Fen]) -> list[str]:
    if totals["income"] or totals["expense"]:
        raise OpeningUnproved(check="K10", why=f"收入科目余 {show(-totals['income'])} 元，支出科目余 {show(totals['expense'])} 元，年末应已结转")
    whole = sum(totals.values())
    if whole:
        raise OpeningUnproved(check="K1", why=f"借方比贷方多 {show(whole)} 元")
    right = -(totals["liability"] + totals["net_asset"])
    if totals["asset"] != right:
        raise OpeningUnproved(check="K2", why=f"资产 {show(totals['asset'])} 元，负债+净资产 {show(right)} 元")
    return [
        "K1 试算平衡：借方合计 = 贷方合计",
        f"K2 资产 {show(totals['asset'])} 元 = 负债 {show(-totals['liability'])} 元 + 净资产 {show(-totals['net_asset'])} 元",
    ]
