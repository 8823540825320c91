"""The personal record (权益记录单) as a frozen value: tables of texts and fen, each row with the vouchers, files and acts that it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from books.views import Sheet, SignatureBox
from ledger.errors import Refusal
from ledger.money import Fen

Value = Fen | str
SIGNERS = (SignatureBox("经办"), SignatureBox("复核"))


class RecordUntied(Refusal):
    """The rows of a person do not make up the person's account."""

    code = "SB4100"
    zh = "{fund}个人账户 {span} 与逐笔明细不符：{what}逐笔合计 {rows} 元，账户 {account} 元。"
    en = "The {fund} person account of {span} does not tie to its rows: {what} {rows} by row, {account} in the account."
    cause_zh = "权益记录只印能由逐笔明细证明的数字；结息以后又有补记以前月份的凭证，或账户数据被改动时会不符。"
    cause_en = "A personal record prints only figures that its rows prove; a voucher booked into a settled year, or tampering, breaks the tie."
    remedy_zh = "运行 shebao person-account check 和 shebao verify 找出原因，更正账户后再出具。"
    remedy_en = "Run shebao person-account check and shebao verify, correct the account, then print again."


@dataclass(frozen=True, slots=True)
class Section:
    """One table: ``money`` names the columns whose whole numbers are fen, ``count`` those that count; ``sources`` of each row, ``totals`` a last row.

    ``shares`` of the width by column; ``said`` stands under the table, ``empty`` instead of it.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    shares: tuple[int, ...]
    money: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    sources: tuple[tuple[str, ...], ...] = ()
    totals: tuple[Value, ...] = ()
    said: tuple[str, ...] = ()
    empty: str = "无"


@dataclass(frozen=True, slots=True)
class PersonRecordPaper(Sheet):
    """One person's record through ``as_of`` (ISO day): identity as (what, text), and the sections."""

    KIND: ClassVar[str] = "person_record"
    as_of: str
    copy: str
    identity: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    said: tuple[str, ...] = ()
