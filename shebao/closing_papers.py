"""结账表 from the trail: what was checked when a month was proposed and confirmed, what was explained and by whom, as it was then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from books import views
from books.closing_paper import CheckRow, Closing, ClosingPaper, Explanation, Step
from books.documents import closing as document
from books.pdf.house import Rendered
from books.views import SignatureBox
from controls import closing_checks, people, periods
from controls.grants import exceptions
from ledger import accounts, balances, chain
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.in_transit import open_items
from ledger.money import show
from ledger.months import Month
from shebao import proofs
from shebao.store import Office

ACTS = {"open-period": "开放", "propose-close": "提请结账", "unlock-period": "退回开放", "close": "确认结账"}
SHOWN = 12
"""Lines told of one balance."""


class NotProposed(Refusal):
    """A month that nobody has proposed to close."""

    code = "SB6322"
    zh = "{fund}账套 {period} 还没有提请结账，没有结账表。"
    en = "Nobody has proposed to close {period} of {fund}; there is no closing paper."
    cause_zh = "结账表印的是提请和确认结账时的检查结果。"
    cause_en = "The paper shows what was checked when the month was proposed and confirmed."
    remedy_zh = "先 shebao period check 检查、shebao period propose 提请。"
    remedy_en = "See shebao period check and shebao period propose first."
    status = UNUSABLE


def stamp(connection: sa.Connection, book: Book, month: Month, now: str) -> views.Stamp:
    """The stamp of a closing paper."""
    seq, head = chain.head(connection)
    return views.Stamp(
        book.unit_name, f"{book.unit_code}/{book.fund.value}", book.fund, str(month), now, f"{seq}:{head}",
        exceptions=exceptions.said(connection, str(month), now),
    )  # fmt: skip


def sheet(connection: sa.Connection, book: Book, month: Month, mark: views.Stamp) -> ClosingPaper:
    """The paper of one month from the records up to the head of ``mark``. Raises SB6322, SB6302."""
    proofs.month_in_book(connection, book, month)
    records = _records(connection, book, month, mark.trail_head)
    proposed = next((one for one in reversed(records) if one.act == "propose-close"), None)
    with_later = next((_facts(one).get("with", "") for one in reversed(records) if one.act == "close"), "")
    if proposed is None and with_later:
        proposed = next((one for one in reversed(_records(connection, book, Month.parse(with_later), mark.trail_head)) if one.act == "propose-close"), None)
    if proposed is None:
        raise NotProposed(fund=book.fund.zh, period=month)
    called = people.names(connection)
    facts, confirmed = _facts(proposed), next((one for one in reversed(records) if one.act == "close"), None)
    if confirmed is not None and confirmed.seq < proposed.seq:
        confirmed = None
    checks = _checks(facts, _facts(confirmed).get("checks", []) if confirmed is not None else [])
    who = called.get(proposed.actor, proposed.actor)
    explained = tuple(_explained(connection, book, month, account, reason, who, proposed.at) for account, reason in facts.get("explained", {}).items())
    steps = tuple(Step(ACTS[one.act], called.get(one.actor, one.actor), one.at, _words(_facts(one))) for one in records)
    made = Closing(_state(records), facts.get("method", periods.ACCOUNT_METHOD), checks, explained, steps)
    boxes = (
        SignatureBox("会计（提请）", who, proposed.at[:10]),
        SignatureBox("会计主管（确认）", called.get(confirmed.actor, confirmed.actor), confirmed.at[:10]) if confirmed else SignatureBox("会计主管（确认）"),
        SignatureBox("单位负责人"),
    )
    return ClosingPaper(mark, boxes, made)


def _records(connection: sa.Connection, book: Book, month: Month, head: str) -> Sequence[Any]:
    seq = head.partition(":")[0]
    last = int(seq) if seq.isdigit() else None
    found = chain.records(connection, thing=f"period:{book.book_id}:{month}")
    return [record for record in found if record.act in ACTS and (last is None or record.seq <= last)]


def _facts(record: Any) -> dict[str, Any]:
    return dict(record.told() or {})


def _state(records: Sequence[Any]) -> str:
    last = records[-1].act if records else ""
    return {"propose-close": "锁定，待确认", "close": "已结账", "unlock-period": "开放"}.get(last, "锁定")


def _checks(facts: dict[str, Any], confirmed: Sequence[Sequence[Any]]) -> tuple[CheckRow, ...]:
    """The checks made when proposed; a check made again when confirmed is told beside it."""
    laws = closing_checks.laws()
    explained, acknowledged = facts.get("explained", {}), facts.get("acknowledged", {})
    again = {code for code, ok, *_ in confirmed if ok}
    rows = []
    for code, ok, text, hard, left, right in facts["checks"]:
        settled = f"已写明原因：{acknowledged[code]}" if not ok and code in acknowledged else ""
        if code == "K10" and left and any(text.startswith(account) for account in explained):
            settled = "见余额说明"
        settled += ("；" if settled else "") + "确认时复核相符" if code in again else ""
        name = laws[code].zh if code in laws else ""
        rows.append(CheckRow(code, name, ok, hard, left, right, text, settled))
    return tuple(rows)


def _explained(connection: sa.Connection, book: Book, month: Month, account: str, reason: str, who: str, at: str) -> Explanation:
    ends = balances.closing_balances(balances.movements(connection, book.book_id, month))
    left = sum(fen for code, fen in ends.items() if code.startswith(account))
    items = open_items(connection, book.book_id, account, month)
    told = [f"{one.day.isoformat()} {one.label} {one.summary} {show(one.fen)}" for one in items[:SHOWN]]
    if len(items) > SHOWN:
        told.append(f"另有 {len(items) - SHOWN} 笔 {show(sum(one.fen for one in items[SHOWN:]))}")
    known = accounts.accounts_of(connection, book.book_id).get(account)
    return Explanation(account, known.name if known else "", left, tuple(told), reason, who, at)


def _words(facts: dict[str, Any]) -> str:
    words = [facts["reason"]] if facts.get("reason") else []
    words += [f"{account} {reason}" for account, reason in facts.get("explained", {}).items()]
    words += [f"{code} {reason}" for code, reason in facts.get("acknowledged", {}).items()]
    return "；".join(words) + (f"随 {facts['with']} 一并结账" if facts.get("with") else "")


def write(office: Office, book: Book, month: Month, out: Path) -> tuple[Path, Rendered]:
    """The paper as PDF under ``out``. Raises SB6322, SB6302."""
    office.papers_may_be_read()
    out.mkdir(parents=True, exist_ok=True)
    with office.reading() as connection:
        paper = sheet(connection, book, month, stamp(connection, book, month, office.now()))
    rendered = document.print_pdf(paper)
    file = out / f"{book.fund.value}-{month}-结账表.pdf"
    file.write_bytes(rendered.pdf)
    return file, rendered


def exceptional(office: Office, month: Month, out: Path) -> tuple[Path, ...]:
    """The report of the month's deputies, emergencies and exemptions, written with the closing paper where there are any: nobody has to ask for it."""
    from shebao import duties

    with office.reading() as connection:
        any_ = bool(exceptions.of_period(connection, str(month), office.now()))
    return tuple(duties.write_exceptions(office, month, out).files) if any_ else ()


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The paper that a stamp of ours names, as the store gives it now. Raises SB6322."""
    return document.print_pdf(sheet(connection, book, month, replace(stamp(connection, book, month, about.as_of), trail_head=about.trail_head)))
