"""From events, files, releases and bank returns to vouchers: what the templates make of them, laid before the 会计."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from controls import bankfile, vouchers
from ledger import accounts, flows
from ledger.chart import Chart
from ledger.entries import Entry, PayoutRow, payout_digest
from ledger.errors import UNUSABLE, Refusal
from ledger.event_file import EventTemplate
from ledger.event_file import event as event_law
from ledger.events import build, summary
from ledger.funds import Fund
from ledger.items import benefit_code
from ledger.money import Fen, parse_fen
from ledger.months import Month
from ledger.parameters import Parameters

if TYPE_CHECKING:
    from ledger.db import UnitOfWork
    from shebao.store import Office

_SOURCES = 1000


class BadDay(Refusal):
    """A date that is none."""

    code = "SB6202"
    zh = "“{value}”不是日期。"
    en = "“{value}” is not a date."
    cause_zh = "日期写作 2026-01-20。"
    cause_en = "Dates are written 2026-01-20."
    remedy_zh = "改写后重试。"
    remedy_en = "Rewrite it and try again."
    status = UNUSABLE


class NothingToBook(Refusal):
    """A file or step that holds nothing to book."""

    code = "SB6203"
    zh = "{what}没有可入账的内容。"
    en = "{what}: nothing to book."
    cause_zh = "凭证须有金额；已入账的不再提出。"
    cause_en = "A voucher needs an amount; what is booked is not proposed again."
    remedy_zh = "核对文件、险种和步骤。"
    remedy_en = "Check file, fund and step."


def parse_day(text: str) -> date:
    """An ISO date; raises SB6202."""
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise BadDay(value=text) from wrong


class OtherPolicy(Refusal):
    """The office has chosen another way for this matter."""

    code = "SB6204"
    zh = "业务 {event} 适用于“{parameter}”为“{needed}”的情形，本单位为“{chosen}”。"
    en = "The event {event} is for {parameter} = {needed}; this office has {chosen}."
    cause_zh = "同一业务的几种做法由参数规定，只能用选定的一种。"
    cause_en = "Of several ways to book a matter, the parameter names the one in use."
    remedy_zh = "改用与参数相符的业务代码；参数须改的，由有权人写入 parameters 文件并注明依据和日期。"
    remedy_en = "Use the event that fits the parameter; a change of it is a dated value with its reference."


def check_policy(law: EventTemplate, fund: Fund, day: date) -> None:
    """Passes when the office's dated choice is the one this event is written for; raises SB1031 when unset, SB6204 when other."""
    if law.policy is None:
        return
    known = Parameters.load()
    parameter = next(p for p in known.all if p.name == law.policy.parameter)
    chosen = known.text(parameter.name, day, **({"fund": fund.value} if "fund" in parameter.keys else {}))
    if chosen != law.policy.value:
        raise OtherPolicy(event=law.code, parameter=parameter.zh, needed=law.policy.value, chosen=chosen)


def compose(
    event: str, fund: Fund, day: date, amounts: Mapping[str, Fen], details: Mapping[str, str], *, authority: str, source_key: str,
    text: str | None = None, attachments: int = 1, documents: Sequence[str] = (), payouts: tuple[int, Sequence[PayoutRow]] | None = None,
) -> Entry:  # fmt: skip
    """The entry of one event by its template, checked against the flow whitelist (L7)."""
    law = event_law(event)
    check_policy(law, fund, day)
    lines = build(law, fund, amounts, details, day=day)
    flows.check(event, lines)
    source, rows = payouts if payouts is not None else (None, ())
    return Entry(
        period=Month.of(day),
        day=day,
        summary=text or summary(law, fund, {"period": Month.of(day).zh(), **details}),
        lines=tuple(lines),
        authority=authority,
        source_key=source_key,
        event=event,
        kind=law.voucher,
        attachments=attachments,
        documents=tuple(documents),
        payout_source=source,
        payout_count=len(rows),
        payout_fen=sum(row[3] for row in rows),
        payout_digest=payout_digest(rows) if payouts is not None else "",
    )


def enter_event(
    office: Office, *, event: str, fund: str, day: str, amounts: Mapping[str, str], details: Mapping[str, str], evidence: str, attachments: int, summary: str | None
) -> vouchers.Draft:
    """A 会计 enters an event from its papers: proposed and made in one step. ``amounts`` are yuan as text.

    A single unnamed amount is given under the key ``amount`` and goes to the template's first amount.
    """
    wanted, when = Fund.parse(fund), parse_day(day)
    names = list(event_law(event).amounts)
    fen = {(names[0] if name == "amount" and "amount" not in names and names else name): parse_fen(text) for name, text in amounts.items()}
    made = compose(
        event, wanted, when, fen, details, authority=f"原始凭据 {evidence}", source_key=f"{event}:{evidence}", text=summary, attachments=attachments,
        documents=(f"paper:{evidence}",),
    )  # fmt: skip
    return _make(office, wanted, [made])[0]


def _make(office: Office, fund: Fund, entries: Sequence[Entry]) -> list[vouchers.Draft]:
    """Proposes and makes entries of one fund in one transaction, as the 会计 signed in."""
    actor = office.actor
    made: list[vouchers.Draft] = []
    with office.unit() as work:
        book = accounts.book_of(work.connection, fund)
        for entry in entries:
            draft = vouchers.propose(work, office.now(), actor, book.book_id, entry)
            made.append(vouchers.make(work, office.now(), actor, book.book_id, draft.voucher_id))
        work.commit()
    return made


def from_tax(office: Office, file: Path) -> list[vouchers.Draft]:
    """C1 and C11 from a tax file already taken in or on disk: one voucher per fund, day and treasury; each ticket line once (L11)."""
    from controls.intake.reader import read

    taken = read(file, "tax")
    groups: dict[tuple[str, date, str], list[dict[str, object]]] = defaultdict(list)
    for row in taken.table.to_pylist():
        event = "C11" if row["item"] == "滞纳金" else "C1"
        groups[row["fund"], row["on"], event].append(row)
    if not groups:
        raise NothingToBook(what=file.name)
    entries: dict[Fund, list[Entry]] = defaultdict(list)
    for (code, day, event), rows in sorted(groups.items(), key=str):
        fund = Fund(code)
        amounts: dict[str, Fen] = defaultdict(int)
        for row in rows:
            amounts[_tax_amount(event, fund, str(row["item"]))] += int(str(row["amount"]))
        papers = sorted(f"ticket:{row['ticket']}:{code}:{row['item']}:{row['level']}:{row['line']}" for row in rows)
        key = f"tax:{taken.sha256[:16]}:{code}:{day}:{event}"
        entries[fund].append(
            compose(event, fund, day, amounts, {"into": "1005"} if event == "C11" else {}, authority=f"税务入库明细 {taken.sha256[:12]}", source_key=key, attachments=len(papers), documents=papers)
        )
    return [draft for fund, made in entries.items() for draft in _make(office, fund, made)]


def _tax_amount(event: str, fund: Fund, item: str) -> str:
    if event == "C11":
        return "amount"
    payer = "单位缴费" if item == "单位" else "个人缴费"
    return f"amount/{payer}" if fund not in {Fund.R, Fund.MR} or payer == "个人缴费" else "amount"


def benefit_accounts(fund: Fund, items: Sequence[str], day: date) -> dict[str, str]:
    """Item → leaf account under 5001 of the fund's chart."""
    chart = Chart.load(fund=fund)
    return {item: chart.posting_leaf(benefit_code(fund, item), day).code for item in items}


def payout_source(roster_id: int, part: int = 0) -> int:
    """The sub-ledger source of a roster's return (part 0) or of its n-th later return."""
    return roster_id * _SOURCES + part


def payout_rows(connection: sa.Connection, book_id: int, source_id: int) -> list[PayoutRow]:
    """Sub-ledger rows of a source, recomputed from the bank's return and the comebacks (what vouchers call at posting)."""
    roster_id, part = divmod(source_id, _SOURCES)
    fund = next(book.fund for book in accounts.books(connection) if book.book_id == book_id)
    if part == 0:
        return _rows(fund, bankfile.successes(connection, roster_id))
    comeback = bankfile.comebacks(connection, roster_id)[part - 1]
    return _rows(fund, comeback.rows)


def _rows(fund: Fund, raw: Sequence[PayoutRow]) -> list[PayoutRow]:
    items = sorted({row[4] for row in raw})
    found = benefit_accounts(fund, items, date.today())
    return [(number, item, period, fen, found[given]) for number, item, period, fen, given in raw]


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def by_item(rows: Sequence[PayoutRow], items: Mapping[str, str] | None = None) -> dict[str, Fen]:
    """Item → fen."""
    totals: dict[str, Fen] = defaultdict(int)
    for row in rows:
        totals[row[1]] += row[3]
    return dict(totals)


