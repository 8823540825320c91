"""Entries and lines (凭证, 分录) as frozen values: an unbalanced entry cannot be made (L1).

Amounts are fen. A negative amount is a red-letter line (红字) on the same side; it never becomes an
opposite-side line, because one-sided statement lines read one side only (28号 Part 5; DOMAIN §1.7).
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from operator import itemgetter
from typing import Any

from ledger.errors import Refusal
from ledger.money import Fen, show
from ledger.months import Month


class Side(StrEnum):
    """借 or 贷."""

    D = "D"
    C = "C"

    @property
    def zh(self) -> str:
        return "借" if self is Side.D else "贷"


class Unbalanced(Refusal):
    """Debit and credit differ (L1)."""

    code = "SB1101"
    zh = "凭证借贷不平：借方 {debit} 元，贷方 {credit} 元，相差 {difference} 元。"
    en = "The voucher does not balance: debit {debit}, credit {credit}, difference {difference} yuan."
    cause_zh = "有借必有贷，借贷必相等（L1）。"
    cause_en = "Every entry balances (L1)."
    remedy_zh = "核对各分录的方向和金额后重做；红字用负数，不要换方向。"
    remedy_en = "Check sides and amounts and make it again; write red-letter lines as negatives on the same side."


class EmptyEntry(Refusal):
    """An entry without lines, or with a line of zero."""

    code = "SB1102"
    zh = "凭证没有有效分录（{why}）。"
    en = "The voucher has no usable lines ({why})."
    cause_zh = "一张凭证至少有一借一贷，每行金额不为零。"
    cause_en = "An entry has at least two lines and no line of zero."
    remedy_zh = "补全分录后重做。"
    remedy_en = "Complete the lines and make it again."


class OutsideMonth(Refusal):
    """The accounting date does not lie in the period."""

    code = "SB1103"
    zh = "凭证日期 {day} 不在会计期间 {period} 内。"
    en = "The accounting date {day} is not in the period {period}."
    cause_zh = "凭证日期必须落在所记会计期间。"
    cause_en = "A voucher is dated in the period it is booked in."
    remedy_zh = "改凭证日期，或记入所属的会计期间。"
    remedy_en = "Change the date or book it in its own period."


class LineFeed(Refusal):
    """A number, item or account of a sub-ledger row with a line feed in it."""

    code = "SB1106"
    zh = "明细的证件号码、待遇类型（缴费来源）或科目中含有换行。"
    en = "A sub-ledger row's number, item, part or account holds a line feed."
    cause_zh = "明细逐行计入摘要，字段中不能有换行。"
    cause_en = "The digest takes the rows line by line, so no field may hold a line feed."
    remedy_zh = "改正花名册或缴费文件中该单元格后重新生成。"
    remedy_en = "Mend the cell in the roster or contributions file and build it again."


class TwoSubledgers(Refusal):
    """An entry that would bring payouts and contributions at once."""

    code = "SB1360"
    zh = "一张凭证不能同时带发放明细和缴费明细。"
    en = "One entry cannot bring payout rows and contribution rows at once."
    cause_zh = "每张凭证至多带一种逐人明细，明细与其控制科目的分录逐科目相符（L10）。"
    cause_en = "An entry brings one kind of sub-ledger rows at most, which tie to its lines account by account (L10)."
    remedy_zh = "收缴和发放分别制单。"
    remedy_en = "Book contributions and payouts by separate vouchers."


Dimension = tuple[tuple[str, str], ...]


def dimension(values: Mapping[str, str] | None = None, **more: str) -> Dimension:
    """Analytic axes of a line (bank account, level, payer …) as sorted pairs; blank values are left out."""
    merged = {**(values or {}), **more}
    return tuple(sorted((key, value) for key, value in merged.items() if value))


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: Any) -> str:
    """Canonical JSON: keys sorted, no spaces, not ASCII-escaped; the form every digest is taken over."""
    return _encode(value)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """One leg: leaf account code, side, fen (negative is red), axes and memo."""

    account: str
    side: Side
    amount: Fen
    dimension: Dimension = ()
    memo: str = ""

    @property
    def signed(self) -> Fen:
        """Fen, debit positive."""
        return self.amount if self.side is Side.D else -self.amount

    def facts(self) -> list[Any]:
        """What digests are taken over."""
        return [self.account, self.side.value, self.amount, [list(pair) for pair in self.dimension], self.memo]


@dataclass(frozen=True, slots=True)
class Payout:
    """One sub-ledger row of a payout: person number, item, period of entitlement (所属期), fen, benefit account."""

    number: str
    item: str
    period: int
    amount: Fen
    account: str


PayoutRow = tuple[str, str, int, int, str]
"""(number, item, period, fen, account): a payout as it enters the sub-ledger."""
ContributionRow = tuple[str, str, int, int, str]
"""(number, part, period, fen, account): a contribution by its part (个人缴费, 政府代缴 …) as it enters the sub-ledger; a refund is negative."""


class RowsDigest:
    """SHA-256 over sub-ledger rows in key order, taken chunk by chunk, so that any number of rows needs the memory of one chunk.

    Each column has a hash of its own: numbers, items and accounts as UTF-8, one a line, periods and fen as 64-bit little-endian integers. The digest
    is the hash over the count and these five. Columns rather than rows, because 300,000 rows are then hashed in a tenth of a second; no text holds a
    line feed (SB1106), so two lists of rows never share a digest.
    """

    def __init__(self) -> None:
        self.count = 0
        self.fen = 0
        self._columns = [hashlib.sha256() for _ in range(5)]

    def update(self, rows: Sequence[PayoutRow]) -> None:
        """Adds the rows that come next. Raises SB1106."""
        for column in (0, 1, 4):
            text = "\n".join(map(itemgetter(column), rows)) + "\n" * bool(rows)
            if text.count("\n") != len(rows):
                raise LineFeed()
            self._columns[column].update(text.encode())
        for column in (2, 3):
            values = array("q", map(itemgetter(column), rows))
            if column == 3:
                self.fen += sum(values)
            if sys.byteorder == "big":
                values.byteswap()
            self._columns[column].update(values.tobytes())
        self.count += len(rows)

    def hexdigest(self) -> str:
        """The digest of all rows so far."""
        return digest([self.count, *(column.hexdigest() for column in self._columns)])


def rows_digest(rows: Iterable[PayoutRow]) -> RowsDigest:
    """Count, fen and digest of rows in key order, in one pass over them."""
    hashed, source = RowsDigest(), iter(rows)
    while chunk := list(islice(source, 20_000)):
        hashed.update(chunk)
    return hashed


def payout_digest(rows: Iterable[PayoutRow]) -> str:
    """The digest of payout rows in key order (see :class:`RowsDigest`)."""
    return rows_digest(rows).hexdigest()


def contribution_digest(rows: Iterable[ContributionRow]) -> str:
    """The digest of contribution rows in key order (see :class:`RowsDigest`)."""
    return rows_digest(rows).hexdigest()


@dataclass(frozen=True, slots=True)
class Claim:
    """What an entry says of the sub-ledger rows that come with it: which sub-ledger, their source, number, fen and digest."""

    subledger: str
    source: int
    count: int
    fen: Fen
    digest: str


def check_balance(lines: Sequence[Line]) -> Fen:
    """The entry's debit total in fen; raises SB1101 or SB1102."""
    if len(lines) < 2:
        raise EmptyEntry(why="少于两行")
    if any(line.amount == 0 for line in lines):
        raise EmptyEntry(why="有金额为零的行")
    debit = sum(line.amount for line in lines if line.side is Side.D)
    credit = sum(line.amount for line in lines if line.side is Side.C)
    if debit != credit:
        raise Unbalanced(debit=show(debit), credit=show(credit), difference=show(debit - credit))
    return debit


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced entry ready to post: header, lines and, for payouts or contributions, the source of its sub-ledger rows (one of the two at most).

    ``authority`` names what allows it (L9), ``source_key`` the document booked, once per book (L11);
    ``documents`` are the single papers inside it (ticket lines, receipts), each booked once too.
    ``closing`` marks closing vouchers, which statements leave out of movement (DOMAIN §1.7 trap 1).
    """

    period: Month
    day: date
    summary: str
    lines: tuple[Line, ...]
    authority: str
    source_key: str
    event: str = ""
    kind: str = "记"
    attachments: int = 0
    closing: bool = False
    corrects: int | None = None
    payout_source: int | None = None
    payout_count: int = 0
    payout_fen: Fen = 0
    payout_digest: str = ""
    contribution_source: int | None = None
    contribution_count: int = 0
    contribution_fen: Fen = 0
    contribution_digest: str = ""
    documents: tuple[str, ...] = ()
    debit: Fen = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "debit", check_balance(self.lines))
        if Month.of(self.day) != self.period:
            raise OutsideMonth(day=self.day.isoformat(), period=self.period)
        if self.payout_source is not None and self.contribution_source is not None:
            raise TwoSubledgers()

    @property
    def claim(self) -> Claim | None:
        """The sub-ledger rows that this entry brings, None for an ordinary one."""
        if self.payout_source is not None:
            return Claim("payout", self.payout_source, self.payout_count, self.payout_fen, self.payout_digest)
        if self.contribution_source is not None:
            return Claim("contribution", self.contribution_source, self.contribution_count, self.contribution_fen, self.contribution_digest)
        return None

    def facts(self) -> dict[str, Any]:
        """Every field, for the digest that signatures and the chain bind to."""
        return {
            "period": str(self.period),
            "day": self.day.isoformat(),
            "summary": self.summary,
            "lines": [line.facts() for line in self.lines],
            "authority": self.authority,
            "source_key": self.source_key,
            "event": self.event,
            "kind": self.kind,
            "attachments": self.attachments,
            "closing": self.closing,
            "corrects": self.corrects,
            "documents": list(self.documents),
            "payout": [self.payout_source, self.payout_count, self.payout_fen, self.payout_digest],
            "contribution": [self.contribution_source, self.contribution_count, self.contribution_fen, self.contribution_digest],
        }

    def digest(self) -> str:
        """SHA-256 over :meth:`facts`."""
        return digest(self.facts())
