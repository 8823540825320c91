"""基金支付审批表 and 会计工作交接书 on paper: made again from the store they are the same to the byte, the trail's head included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.pdf.house import Rendered
from books.premium_paper import Part
from books.tabled_paper import TabledPaper
from controls import people, release, roster
from controls.approvals import store as approvals
from controls.banking import accounts as banking_accounts
from controls.duties import Duty
from controls.errors_payment import NoSuchRoster
from controls.grants import exceptions
from controls.handovers import store as handovers
from controls.handovers.store import Handover
from controls.roster import Roster
from controls.tokens import store as tokens
from ledger import accounts, balances, chain, posted
from ledger.accounts import Book
from ledger.funds import Fund
from ledger.identity import mask_account
from ledger.money import show
from ledger.months import Month
from shebao.store import Office

CASH = ("1001", "1002", "1003", "1004", "1005")
"""Cash, 收入户, 财政专户, 支出户, 国库: what a hand-over counts."""
ROLES = {"receiver": "接收人", "supervisor": "监交人"}


@dataclass(frozen=True, slots=True)
class PaymentForm(TabledPaper):
    """《基金支付审批表》 of one released roster."""

    KIND: ClassVar[str] = "payment_approval"


@dataclass(frozen=True, slots=True)
class HandoverPaper(TabledPaper):
    """《会计工作交接书》."""

    KIND: ClassVar[str] = "handover"


def _stamp(connection: sa.Connection, unit: str, book: str, fund: Fund | None, month: Month, now: str, parameters: tuple[tuple[str, str], ...]) -> views.Stamp:
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=unit, book=book, fund=fund, period=str(month), as_of=now, trail_head=f"{seq}:{head}", parameters=parameters,
        exceptions=exceptions.said(connection, str(month), now),
    )  # fmt: skip


def payment_form(connection: sa.Connection, book: Book, made: Roster, mark: views.Stamp) -> PaymentForm:
    """The form of a released roster with the signatures given so far, in the order of the chain. Raises SB3070."""
    given = release.authority(connection, made.roster_id)
    signed = {one.step: one for one in approvals.signatures(connection, approvals.PAYMENT, made.book_id, made.roster_id)}
    names = people.names(connection)
    boxes = []
    for step, duty in enumerate(approvals.CHAIN, start=1):
        one = signed.get(step)
        boxes.append(views.SignatureBox(duty.zh, names.get(one.signed_by, one.signed_by), one.signed_at[:10]) if one else views.SignatureBox(duty.zh))
    payer = mask_account(banking_accounts.paying(connection, made.book_id)[0]) or "支出户（未在银行账户登记簿登记）"
    rows: tuple[tuple[str, str], ...] = (
        ("支付事项", made.title), ("依据", f"花名册 {made.roster_id}，{given.released_at[:10]} 放行，摘要 {given.digest[:32]}"),
        ("收款人数", f"{given.payees} 人（户）"), ("明细行数", f"{given.count} 行"), ("支付金额（元）", show(given.fen)), ("支付账户", payer),
    )  # fmt: skip
    notes = tuple((f"{approvals.CHAIN[one.step - 1].zh}意见", one.note or "同意") for one in signed.values())
    batch = f"批次 {made.fund.value}{made.period.number}-{made.roster_id}"
    about = ((f"险种：{book.fund.zh}", "", batch), (f"编制单位：{book.unit_name}", made.period.zh(), "单位：元"))
    parts = (Part("一、支付内容", ("项目", "内容"), rows), Part("二、审批意见", ("签字人", "意见"), notes, empty="尚未签字。"))
    said = (
        f"签字绑定内容摘要 {approvals.payment_digest(connection, made)[:32]}；差一分钱、少一人签字，本表都不成立。",
        f"已签 {len(signed)} 人，共须 {len(approvals.CHAIN)} 人，依次签署、各不相同。",
    )
    return PaymentForm(mark, tuple(boxes), "payment_approval", "基金支付审批表", about, parts, said)


def write_payment_form(office: Office, roster_id: int, out: Path) -> tuple[tuple[Path, ...], str]:
    """PDF and XLSX of the form under ``out``; files and digest. Raises SB3030, SB3070."""
    with office.reading() as connection:
        made = roster.get(connection, roster_id)
        book = next(one for one in accounts.books(connection) if one.book_id == made.book_id)
        mark = _stamp(connection, book.unit_name, f"{book.unit_code}/{book.fund.value}", book.fund, made.period, office.now(), (("roster", str(roster_id)),))
        paper = payment_form(connection, book, made, mark)
    return _written(paper, out, f"{made.fund.value}-{made.period}-基金支付审批表-{roster_id}")


def content_of(connection: sa.Connection, user: str) -> dict[str, Any]:
    """What a person hands over at this moment: each book with balances of money and last numbers, keys held, vouchers of theirs on the way."""
    told: list[dict[str, Any]] = []
    for book in accounts.books(connection):
        numbers: dict[str, str] = {}
        last: Month | None = None
        for one in posted.entries(connection, book.book_id):
            numbers[f"{one.entry.period} {one.label.split('-')[-2] if one.label.count('-') > 1 else '记'}"] = one.label
            last = one.entry.period if last is None or one.entry.period > last else last
        closing = balances.closing_balances(balances.movements(connection, book.book_id, last)) if last else {}
        money = {code: fen for code, fen in closing.items() if code.startswith(CASH) and fen}
        newest = dict(sorted(numbers.items())[-6:])
        told.append({"book": f"{book.unit_code}/{book.fund.value}", "fund": book.fund.zh, "month": str(last or ""), "balances": money, "vouchers": newest})
    held = [{"no": one.token_no, "name": one.zh} for one in tokens.held_by(connection, user)]
    return {"books": told, "tokens": held}


def make_handover(office: Office, receiver: str, reason: str) -> Handover:
    """The person signed in draws up the hand-over of what stands now. Raises SB3001, SB2262."""
    actor = office.actor
    with office.unit() as work:
        made = handovers.make(work, office.now(), actor, receiver, reason, content_of(work.connection, actor.user))
        work.commit()
    return made


def handover_paper(connection: sa.Connection, made: Handover, unit: str, mark: views.Stamp) -> HandoverPaper:
    """The hand-over as it was drawn up, with the signatures given so far."""
    names = people.names(connection)
    signed = {one.role: one for one in made.signatures}
    boxes = [views.SignatureBox("移交人", names.get(made.giver, made.giver), made.made_at[:10])]
    for role, zh in ROLES.items():
        one = signed.get(role)
        boxes.append(views.SignatureBox(zh, names.get(one.signed_by, one.signed_by), one.signed_at[:10]) if one else views.SignatureBox(zh))
    told = made.told
    money = tuple((book["fund"], code, fen) for book in told["books"] for code, fen in sorted(book["balances"].items()))
    numbers = tuple((book["fund"], month, label) for book in told["books"] for month, label in sorted(book["vouchers"].items()))
    parts = (
        Part("一、账簿", ("账套", "险种", "记账至"), tuple((book["book"], book["fund"], book["month"] or "未记账") for book in told["books"])),
        Part("二、资金科目余额", ("险种", "科目", "余额（元）"), money, ("余额（元）",), empty="没有余额。"),
        Part("三、凭证最后号", ("险种", "月份", "最后一号"), numbers, empty="没有凭证。"),
        Part("四、印鉴和U盾", ("登记号", "名称"), tuple((str(one["no"]), one["name"]) for one in told["tokens"]), empty="不持有印鉴、U盾。"),
    )
    about = ((f"编制单位：{unit}", f"{made.made_at[:10]}", f"第 {made.handover_no} 号"), (f"移交原因：{made.reason}", "", "单位：元"))
    said = (
        f"内容摘要 {made.digest[:32]}，三人签字绑定此摘要。",
        "移交前由移交人、移交后由接收人对各自期间的会计资料负责（会计法第39条，会计基础工作规范第25—35条）。",
    )
    return HandoverPaper(mark, tuple(boxes), "handover", "会计工作交接书", about, parts, said)


def write_handover(office: Office, number: int, out: Path) -> tuple[tuple[Path, ...], str]:
    """PDF and XLSX of a hand-over; files and digest. Raises SB2260."""
    with office.reading() as connection:
        made = handovers.get(connection, number)
        paper = _handover(connection, made, office.now())
    return _written(paper, out, f"会计工作交接书-{number}")


def _handover(connection: sa.Connection, made: Handover, now: str) -> HandoverPaper:
    first = accounts.books(connection)[0]
    month = Month.parse(made.made_at[:7])
    mark = _stamp(connection, first.unit_name, first.unit_code, None, month, now, (("handover", str(made.handover_no)),))
    return handover_paper(connection, made, first.unit_name, mark)


def _written(paper: TabledPaper, out: Path, name: str) -> tuple[tuple[Path, ...], str]:
    rendered = document.print_pdf(paper)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = tuple(out / f"{name}.{kind}" for kind in ("pdf", "xlsx"))
    files[0].write_bytes(rendered.pdf)
    document.write_xlsx(paper, files[1])
    for file in files:
        file.chmod(0o600)
    return files, rendered.digest


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The payment form as the store gives it now. Raises SB3030, SB3070."""
    number = dict(about.parameters).get("roster", "")
    made = roster.get(connection, int(number) if number.isdigit() else 0)
    if made.book_id != book.book_id or made.period != month:
        raise NoSuchRoster(roster=number)
    mark = _stamp(connection, book.unit_name, f"{book.unit_code}/{book.fund.value}", book.fund, month, about.as_of, (("roster", number),))
    return document.print_pdf(payment_form(connection, book, made, replace(mark, trail_head=about.trail_head)))


def reprint_handover(connection: sa.Connection, about: views.Stamp) -> Rendered:
    """The hand-over as the store gives it now. Raises SB2260."""
    number = dict(about.parameters).get("handover", "")
    paper = _handover(connection, handovers.get(connection, int(number) if number.isdigit() else 0), about.as_of)
    return document.print_pdf(replace(paper, stamp=replace(paper.stamp, trail_head=about.trail_head)))


DUTIES = (Duty.BOOKKEEP, Duty.CHECK, Duty.AUTHORISE, Duty.HEAD, Duty.AUDIT, Duty.AUDITOR)
"""Who prints these papers."""
