"""Vouchers as they are printed (记账凭证): frozen values made from posted entries. Pure; amounts are fen.

One entry is one voucher of one gapless number (L4). Where its lines need several forms, the forms bear fractions of
that number (收字12 1/3号). Where one business needs several vouchers, each keeps a number of its own and the fraction
is told of the business: 同笔业务 收字11 2/3号, the number being that of the first (会计基础工作规范 第五十一条).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from books.views import Sheet
from ledger.entries import Line, Side
from ledger.money import Fen
from ledger.voucher_forms import Form

TITLES = {"收": "收款凭证", "付": "付款凭证", "转": "转账凭证"}
AXES = {"party": "对方", "document": "指标文号", "township": "乡镇", "entitlement": "所属期", "bank_account": "账户"}
"""What is written beside an account; the unit's own bank accounts by their last four digits."""
LAYOUTS = ("a5", "a4")
"""One form a sheet of A5, or two a sheet of A4."""


@dataclass(frozen=True, slots=True)
class FormLine:
    """One line of a form: 摘要, 总账科目, 明细科目 (with what is analysed), and fen on one side."""

    summary: str
    general: str
    detail: str
    debit: Fen | None
    credit: Fen | None


@dataclass(frozen=True, slots=True)
class VoucherForm:
    """One sheet of a voucher: its number with the fraction, its lines, how many lines it has room for; the total stands on the ``last``."""

    label: str
    lines: tuple[FormLine, ...]
    holds: int
    last: bool


@dataclass(frozen=True, slots=True)
class PrintedVoucher:
    """One posted voucher: its forms, the debit total in fen, 附单据数, the people, its digest, and what it is linked to in words."""

    title: str
    day: date
    forms: tuple[VoucherForm, ...]
    total: Fen
    attachments: int
    maker: str
    reviewer: str
    poster: str
    cashier: str
    cash: bool
    digest: str
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VoucherPaper(Sheet):
    """Vouchers of one book and month, in the order of their numbers; ``layout`` is one of LAYOUTS."""

    KIND: ClassVar[str] = "vouchers"
    vouchers: tuple[PrintedVoucher, ...]
    layout: str


def printed_forms(forms: Sequence[Form], holds: int, kind: str, number: int, summary: str, names: Mapping[str, str]) -> tuple[VoucherForm, ...]:
    """The forms of one entry as printed; ``names`` gives the full name of every account by its code."""
    return tuple(VoucherForm(form.label(kind, number), tuple(_line(line, summary, names) for line in form.lines), holds, form.last) for form in forms)


def _line(line: Line, summary: str, names: Mapping[str, str]) -> FormLine:
    general, _, detail = names.get(line.account, line.account).partition("-")
    head = f"{line.account[:4]} {general}"
    below = f"{line.account} {detail}" if detail else ""
    axes = "；".join(f"{AXES[name]}：{_shown(name, value)}" for name, value in line.dimension if name in AXES)
    detail_text = f"{below}（{axes}）" if axes else below
    debit, credit = (line.amount, None) if line.side is Side.D else (None, line.amount)
    return FormLine(line.memo or summary, head, detail_text, debit, credit)


def _shown(name: str, value: str) -> str:
    return f"尾号{value[-4:]}" if name == "bank_account" else value
