"""Papers of beneficiaries (待遇领取人员): 待遇增减变动表, 到龄预告名单, 待遇领取通知表, as PDF and XLSX, each proved by printing it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.documents import premium_paper as document
from books.premium_paper import Part
from books.tabled_paper import TabledPaper
from controls import roster, rosterchanges
from controls.beneficiaries import changes
from controls.beneficiaries.changes import ALTERED, BESIDE, CAME, LEFT, Basis, Changes, Move
from controls.duties import Duty, require_any
from controls.grants import exceptions
from controls.roster import Roster
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.errors import UNUSABLE, Refusal
from ledger.identity import mask_name, mask_number
from ledger.money import show
from ledger.months import Month
from shebao.store import Office

LISTED = 2000
"""Most people of one kind that the PDF lists; the workbook lists all."""
SIGNERS = tuple(views.SignatureBox(role) for role in ("单位负责人", "分管领导", "审核", "经办"))
MONEY = ("上月金额", "本月金额", "增减")
Shown = Callable[[str, str], tuple[str, str]]


class UnknownForm(Refusal):
    """A paper that this program did not print, or whose parameters were changed."""

    code = "SB6330"
    zh = "这份表单所载的种类或参数无法识别：{form}。"
    en = "The form or its parameters cannot be recognised: {form}."
    cause_zh = "表单里写着用什么重新编制；写的不是本程序所印的样子。"
    cause_en = "A form says what it is made again from; this one says something that the program does not print."
    remedy_zh = "用原件核对；或由经办人重新印一份。"
    remedy_en = "Check against the original, or have the handler print it again."
    status = UNUSABLE


@dataclass(frozen=True, slots=True)
class Printed:
    """A form's files, digest, and characters that no font could print."""

    files: tuple[Path, ...]
    digest: str
    warnings: tuple[str, ...]


def may_print(office: Office) -> None:
    """Passes for those whose work these forms are, and those who may have papers printed; raises SB3001 for everybody else (C5)."""
    handlers = (Duty.HANDLE_REGISTER, Duty.HANDLE_ASSESS, Duty.HANDLE_CERTIFY, Duty.HANDLE_ROSTER)
    require_any(office.actor, (*handlers, Duty.REVIEW, Duty.AUTHORISE, Duty.HEAD, Duty.BOOKKEEP, Duty.CHECK, Duty.AUDIT, Duty.AUDITOR))


def masked(number: str, name: str) -> tuple[str, str]:
    """As papers show a person."""
    return mask_number(number), mask_name(name)


def stamp(connection: sa.Connection, book: Book, period: str, now: str, **parameters: str) -> views.Stamp:
    """The stamp of a form with the head of the trail."""
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=period, as_of=now, trail_head=f"{seq}:{head}",
        parameters=tuple(sorted(parameters.items())), exceptions=exceptions.said(connection, period, now),
    )  # fmt: skip


def written(paper: TabledPaper, out: Path, name: str, lists: Sequence[Part] = ()) -> Printed:
    """A form as PDF and XLSX under ``out``; the workbook holds ``lists`` too."""
    out.mkdir(parents=True, exist_ok=True)
    rendered = document.print_pdf(paper)
    files = (out / f"{name}.pdf", out / f"{name}.xlsx")
    files[0].write_bytes(rendered.pdf)
    document.write_xlsx(paper, files[1], lists)
    return Printed(files, rendered.digest, tuple(map(str, rendered.warnings)))


def _numbers(given: Sequence[int]) -> str:
    return ",".join(map(str, given))


def _mark(connection: sa.Connection, book: Book, made: Changes, now: str) -> views.Stamp:
    rests = made.basis
    return stamp(
        connection, book, str(made.month), now, form="roster_changes", roster=str(made.roster_id), others=_numbers(rests.others),
        earlier=_numbers(rests.earlier), knowledge=str(rests.knowledge), entry=str(rests.entry_id),
    )  # fmt: skip


def changes_sheet(made: Changes, of: Roster, book: Book, mark: views.Stamp, account_changes: int) -> TabledPaper:
    """待遇增减变动表 of one roster."""
    counted = {kind: (persons, fen) for kind, persons, fen in made.sums()}
    rows: list[tuple[int | str, ...]] = [("上月发放", made.persons_before, made.before)]
    rows += [(f"加：{kind}", *counted[kind]) for kind in CAME] + [(f"减：{kind}", *counted[kind]) for kind in LEFT]
    rows += [(f"其中{kind}", *counted[kind]) for kind in ALTERED] + [("本月按月发放", made.persons_now, made.now)]
    rows += [(f"另：{kind}", *counted[kind]) for kind in BESIDE] + [("本月发放合计", "", made.paid)]
    parts = [Part("增减汇总", ("项目", "人数", "金额（元）"), tuple(rows), ("金额（元）",), total=True)]
    for kind in (*CAME, *LEFT, *ALTERED, *BESIDE):
        mine = made.of(kind)
        if mine and len(mine) <= LISTED:
            parts.append(_people(kind, mine, masked))
        elif mine:
            parts.append(Part(kind, ("证件号码", "姓名"), (), empty=f"{len(mine)} 人，名单见工作簿。"))
    said = [
        f"花名册 {made.roster_id}（{of.title}），编制时间 {of.built_at[:10]}，第 {of.check_no} 次检查；暂缓发放 {show(made.held)} 元，不在本月发放合计之内。"
    ]
    said.append(
        "上月发放 + 各项增减 = 本月按月发放；加补发和一次性支付 = 本月发放合计，相符。" if made.ties else "增减各项与本月发放合计不符，须查明后再签字。"
    )
    if not made.basis.earlier:
        said.append("上月没有经本系统放行的花名册，本月人员都列为新增或恢复。")
    if made.basis.others:
        said.append(f"本月另已放行花名册 {_numbers(made.basis.others)}，一并计入。")
    if unexplained := len(made.of(changes.UNEXPLAINED)):
        said.append(f"{unexplained} 人上月发放而本月没有，登记簿没有死亡、暂停或终止的登记，须逐人查明。")
    if account_changes:
        said.append(f"上一册以来银行账户变更 {account_changes} 份，随花名册列示。")
    about = ((f"险种：{book.fund.zh}", "", "待遇增减变动表"), (f"编制单位：{book.unit_name}", made.month.zh(), "单位：元"))
    return TabledPaper(mark, SIGNERS, "roster_changes", f"{book.fund.zh}待遇增减变动表", about, tuple(parts), tuple(said))


def _people(kind: str, mine: Sequence[Move], shown: Shown) -> Part:
    if kind in BESIDE:
        return Part(kind, ("证件号码", "姓名", "金额"), tuple((*shown(one.number, one.name), one.now) for one in mine), ("金额",))
    return Part(kind, ("证件号码", "姓名", *MONEY), tuple((*shown(one.number, one.name), one.before, one.now, one.fen) for one in mine), MONEY)


def changes_of(connection: sa.Connection, roster_id: int) -> tuple[Roster, Book, Changes]:
    """The roster, its book and its table of changes; raises SB3030."""
    of = roster.get(connection, roster_id)
    book = next(one for one in accounts.books(connection) if one.book_id == of.book_id)
    return of, book, changes.of(connection, of)


def write_changes(office: Office, roster_id: int, out: Path, *, reveal: bool = False) -> tuple[Changes, Printed]:
    """待遇增减变动表 beside a roster; the workbook lists every person, masked unless the reading was recorded. Raises SB3030."""
    with office.reading() as connection:
        of, book, made = changes_of(connection, roster_id)
        paper = changes_sheet(made, of, book, _mark(connection, book, made, office.now()), len(rosterchanges.shown(connection, of)))
    shown: Shown = (lambda number, name: (number, name)) if reveal else masked
    lists = [_people(kind, mine, shown) for kind in (*CAME, *LEFT, *ALTERED, *BESIDE) if (mine := made.of(kind))]
    named = [Part(f"{one.title}名单", one.columns, one.rows, one.money) for one in lists]
    return made, written(paper, out, f"{book.fund.value}-{made.month}-花名册{roster_id}-待遇增减变动表", named)


def changes_again(connection: sa.Connection, book: Book, month: Month, about: views.Stamp, given: dict[str, str]) -> TabledPaper:
    """待遇增减变动表 made again from its stamp; raises SB6330."""
    numbers = {name: tuple(int(one) for one in given.get(name, "").split(",") if one) for name in ("others", "earlier")}
    rests = Basis(numbers["others"], numbers["earlier"], int(given["knowledge"]), int(given["entry"]))
    of = roster.get(connection, int(given["roster"]))
    if of.book_id != book.book_id or of.period != month:
        raise UnknownForm(form=f"花名册 {of.roster_id}")
    return changes_sheet(changes.of(connection, of, rests), of, book, about, len(rosterchanges.shown(connection, of)))
