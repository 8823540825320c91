"""待遇核定表 and 计算明细: one award on paper, reckoned again from its own facts under the law of its month; printed again it is the same to the byte."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import sqlalchemy as sa

from books import views
from books.award_paper import AwardPaper
from books.documents import premium_paper as document
from books.pdf.house import Rendered
from books.premium_paper import Part
from controls import people
from controls.benefits import awards
from controls.benefits.awards import STATES, Granted
from controls.duties import Duty, require_any
from controls.grants import exceptions
from ledger import accounts, chain
from ledger.accounts import Book
from ledger.benefits.award import Award, Line, Used
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund
from ledger.identity import mask_number
from ledger.money import show
from ledger.months import Month
from ledger.parameters import Parameters
from shebao.store import Office

READERS = (Duty.HANDLE_ASSESS, Duty.REVIEW, Duty.AUTHORISE, Duty.HEAD, Duty.AUDIT, Duty.AUDITOR)


class NoAwardPaper(Refusal):
    """A stamp that names no award."""

    code = "SB6333"
    zh = "文件所载的核定号“{award}”无法识别。"
    en = "The award “{award}” that the file names cannot be read."
    cause_zh = "待遇核定表的印记写明账套和核定号，凭它从账上重印核对；印记被改动就无从核对。"
    cause_en = "The stamp of an award's paper names book and award; without them nothing can be printed again."
    remedy_zh = "向出具单位另取一份；不要采信这份文件。"
    remedy_en = "Ask the office for another copy; do not rely on this file."
    status = UNUSABLE


def _used(used: Used) -> tuple[str, str, str, str, str]:
    value = f"{show(int(used.value))} 元" if used.unit == "分" else f"{used.value} {used.unit}"
    until = f"至 {used.valid_to} 前" if used.valid_to else "起"
    return used.name, value, used.on, f"{used.valid_from} {until}", used.reference


def _step(place: int, line: Line) -> tuple[str, str, str, str, str]:
    paid = f"{line.rounding} {show(line.fen)}" if line.fen is not None else ""
    return str(place), line.zh, line.formula, line.filled, paid or f"{line.shown} {line.unit if line.unit in ('元', '月', '年', '岁') else ''}".strip()


def _parts(award: Award) -> tuple[Part, ...]:
    """What is granted, the facts, each step, each parameter with its dates and reference, and the references of single steps."""
    granted = [(item, fen) for item, fen in award.items]
    told: dict[tuple[str, str], tuple[str, str, str, str, str]] = {}
    for line in award.lines:
        for used in line.used:
            told.setdefault((used.name, used.on), _used(used))
    own = [(line.zh, line.reference) for line in award.lines if line.reference != award.scheme.reference]
    parts = [
        Part("一、核定结果", ("待遇项目", "金额（元）"), (*granted, ("合计", award.total)) if granted else (), ("金额（元）",), True, "本项核定不发放金额。"),
        Part("二、核定依据的情况", ("情况", "内容"), tuple((name, value) for name, value in award.given if value)),
        Part("三、计算步骤", ("序号", "步骤", "公式", "代入", "结果"), tuple(_step(place, line) for place, line in enumerate(award.lines, start=1))),
        Part("四、所用参数", ("参数", "取值", "取值日期", "有效期", "依据"), tuple(told.values())),
    ]
    return (*parts, Part("五、各步骤另有的依据", ("步骤", "依据"), tuple(own))) if own else tuple(parts)


def sheet(connection: sa.Connection, book: Book, granted: Granted, mark: views.Stamp) -> AwardPaper:
    """The paper of one award; raises SB3351 when law or parameters give another result now."""
    award = awards.reckoned(granted, Parameters.load())
    names = people.names(connection)
    signed = [views.SignatureBox("核定", names.get(granted.assessed_by, ""), granted.assessed_at[:10])]
    signed += [views.SignatureBox("复核", names.get(granted.reviewed_by, ""), granted.reviewed_at[:10]) if granted.reviewed_by else views.SignatureBox("复核")]
    about = (
        (f"险种：{book.fund.zh}", f"{granted.month} 起", f"第 {granted.label} 号"),
        (f"编制单位：{book.unit_name}", f"证件号码：{mask_number(granted.number)}", STATES[granted.state]),
    )  # fmt: skip
    law = award.scheme
    said = (
        f"办法：{law.zh}，{law.reference}（{law.valid_from} {f'至 {law.valid_to}' if law.valid_to else '起'}施行）。",
        f"计算摘要：{granted.digest[:32]}。同样的情况按同样的规定重算，摘要相同。" + (f"退回原因：{granted.note}。" if granted.note else ""),
    )
    boxes = (*signed, views.SignatureBox("单位负责人"), views.SignatureBox("本人或代理人"))
    return AwardPaper(mark, boxes, "award", f"{law.zh}核定表", about, _parts(award), said)


def stamp(connection: sa.Connection, book: Book, granted: Granted, now: str) -> views.Stamp:
    """The stamp of the paper: it names the award."""
    seq, head = chain.head(connection)
    return views.Stamp(
        unit=book.unit_name, book=f"{book.unit_code}/{book.fund.value}", fund=book.fund, period=str(granted.month), as_of=now, trail_head=f"{seq}:{head}",
        parameters=(("award", str(granted.award_no)),), exceptions=exceptions.said(connection, str(granted.month), now),
    )  # fmt: skip


def reprint(connection: sa.Connection, book: Book, month: Month, about: views.Stamp) -> Rendered:
    """The paper as store and law give it now; only the time and the head of the trail are the file's. Raises SB3351, SB6333."""
    given = dict(about.parameters)
    if set(given) != {"award"} or not given["award"].isdigit():
        raise NoAwardPaper(award=given.get("award", ""))
    granted = awards.get(connection, book.book_id, int(given["award"]))
    mark = dataclasses.replace(stamp(connection, book, granted, about.as_of), trail_head=about.trail_head)
    return document.print_pdf(sheet(connection, book, granted, mark))


def write(office: Office, fund: Fund, award_no: int, out: Path) -> tuple[tuple[Path, ...], str]:
    """The paper as PDF and XLSX under ``out``, for their owner alone; the files and the digest. Raises SB3001, SB1204, SB3351."""
    require_any(office.actor, READERS)
    with office.reading() as connection:
        book = accounts.book_of(connection, fund)
        granted = awards.get(connection, book.book_id, award_no)
        paper = sheet(connection, book, granted, stamp(connection, book, granted, office.now()))
    rendered = document.print_pdf(paper)
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = tuple(out / f"{fund.value}-{granted.month}-待遇核定表-{granted.label}.{kind}" for kind in ("pdf", "xlsx"))
    files[0].write_bytes(rendered.pdf)
    document.write_xlsx(paper, files[1])
    for file in files:
        file.chmod(0o600)
    return files, rendered.digest
