"""The notice to a person whose payment is held (暂缓发放通知书): made from the register of held payments, its digest kept with the delivery.

As a PDF it proves itself like every paper: printed again from the store it is the same to the byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.pdf.house import Rendered
from books.premium_paper import Part
from books.tabled_paper import TabledPaper
from controls import people, trail
from controls.duties import Duty, require
from controls.errors_payment import NoSuchRoster
from controls.grants import exceptions
from controls.rosterlaw import held as law
from controls.rosters import cases
from controls.rosters.cases import Case
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.identity import mask_number
from ledger.money import show
from ledger.months import Month
from shebao.store import Office


def text(unit: str, case: Case, day: str) -> str:
    """The notice in full; the number is masked, the reason is that of the register without numbers of others."""
    year, month, date = day.split("-")
    reason = trail.redact(case.reason)
    lines = [
        "暂缓发放通知书",
        "",
        f"{case.name}（证件号码 {mask_number(case.number)}）：",
        "",
        f"您 {case.period} 的{case.fund.zh}“{case.item}”{show(case.fen)} 元暂缓发放，原因：{reason}。",
        "这不是停止待遇的决定：核实清楚后，应发的部分将一并补发，其他待遇按时发放。",
        f"请于 {case.due_on} 前携带身份证件和有关证明到我单位核实，不便前来的可以委托他人或由村（社区）协助。",
        f"可以提供的证明：{'；'.join(f'{one.zh}——{one.evidence}' for one in law.held().reasons)}。",
        "对暂缓发放有异议的，可以向我单位书面提出。",
        "",
        f"联系人：{case.owner}    花名册 {case.roster_id} 序号 {case.seq}",
        "",
        f"{unit}",
        f"{int(year)}年{int(month)}月{int(date)}日",
        "",
    ]
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class HoldNotice(TabledPaper):
    """《暂缓发放通知书》 of one held line."""

    KIND: ClassVar[str] = "hold_notice"


def paper(connection: sa.Connection, book: Book, case: Case, mark: views.Stamp) -> HoldNotice:
    """The notice as a paper, of a line whose person was told; raises SB3030 before."""
    if not case.noticed_at:
        raise NoSuchRoster(roster=f"{case.roster_id}（序号 {case.seq} 还没有通知）")
    year, month, day = case.noticed_at[:10].split("-")
    about = ((f"{case.name}（证件号码 {mask_number(case.number)}）：", "", f"花名册 {case.roster_id} 序号 {case.seq}"),)
    rows = (
        ("所属期", str(case.period)), ("险种", case.fund.zh), ("待遇项目", case.item), ("暂缓金额（元）", show(case.fen)),
        ("原因", str(trail.redact(case.reason))),
        ("请于何日前核实", case.due_on.isoformat()),
        ("联系人", people.names(connection).get(case.owner, case.owner)), ("通知日期", f"{int(year)}年{int(month)}月{int(day)}日"),
    )  # fmt: skip
    proofs = tuple((one.zh, one.evidence) for one in law.held().reasons)
    parts = (Part("一、暂缓发放的款项", ("项目", "内容"), rows), Part("二、可以提供的证明", ("情形", "证明"), proofs))
    said = (
        "这不是停止待遇的决定：核实清楚后，应发的部分将一并补发，其他待遇按时发放。",
        "请携带身份证件和有关证明到我单位核实；不便前来的可以委托他人或由村（社区）协助。",
        "对暂缓发放有异议的，可以向我单位书面提出。",
    )
    boxes = (views.SignatureBox("经办人"), views.SignatureBox("送达人"), views.SignatureBox("签收人"))
    return HoldNotice(mark, boxes, "hold_notice", "暂缓发放通知书", about, parts, said)


def _mark(connection: sa.Connection, book: Book, case: Case, now: str) -> views.Stamp:
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=str(case.period), as_of=now, trail_head=f"{seq}:{head}",
        parameters=(("roster", str(case.roster_id)), ("seq", str(case.seq))), exceptions=exceptions.said(connection, str(case.period), now),
    )  # fmt: skip


def write_pdf(office: Office, roster_id: int, seq: int, out: Path) -> str:
    """The notice of a line whose person was told, as PDF; gives its digest. Raises SB2178, SB3030."""
    with office.reading() as connection:
        case = cases.get(connection, roster_id, seq)
        book = next(one for one in accounts.books(connection) if one.book_id == case.book_id)
        rendered = document.print_pdf(paper(connection, book, case, _mark(connection, book, case, office.now())))
    out.write_bytes(rendered.pdf)
    out.chmod(0o600)
    return rendered.digest


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The notice as the store gives it now. Raises SB2178, SB3030."""
    given = dict(about.parameters)
    numbers = [int(given.get(name, "")) if given.get(name, "").isdigit() else 0 for name in ("roster", "seq")]
    case = cases.get(connection, *numbers)
    if case.book_id != book.book_id or case.period != month:
        raise NoSuchRoster(roster=given["roster"])
    return document.print_pdf(paper(connection, book, case, replace(_mark(connection, book, case, about.as_of), trail_head=about.trail_head)))


def send(office: Office, roster_id: int, seq: int, delivery: str, out: Path) -> Case:
    """Writes the notice to ``out`` and records its digest and how it was given; raises SB2177, SB2178, SB3001, SB3030."""
    actor = office.actor
    require(actor, Duty.HANDLE_ROSTER)
    with office.unit() as work:
        now = office.now()
        case = cases.get(work.connection, roster_id, seq)
        unit = next(book.unit_name for book in accounts.books(work.connection) if book.book_id == case.book_id)
        content = text(unit, case, now[:10]).encode()
        done = cases.notify(work, actor, now, roster_id, seq, hashlib.sha256(content).hexdigest(), delivery)
        trail.reading(work, now, actor, f"hold:{roster_id}:{seq}", "暂缓发放通知书", 1)
        out.write_bytes(content)
        work.commit()
    return done
