"""How vouchers, amounts and details are named on the command line: ``1-12``, ``name=value``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ledger.errors import UNUSABLE, Refusal

if TYPE_CHECKING:
    from shebao.store import Office


class BadVoucherLabel(Refusal):
    """A voucher is named book-number."""

    code = "SB6201"
    zh = "“{value}”不是凭证流水号。"
    en = "“{value}” is not a voucher label."
    cause_zh = "凭证流水号写作 账套-序号，如 1-12。"
    cause_en = "A voucher label is book-number, such as 1-12."
    remedy_zh = "用 shebao voucher list 查看。"
    remedy_en = "See shebao voucher list."
    status = UNUSABLE


def labelled(office: Office, labels: tuple[str, ...], fund: str | None, state: str, everything: bool) -> list[tuple[int, int]]:
    """(book, voucher) of the labels given, or of every voucher in ``state``; raises SB6201 for a label that is none."""
    from controls import vouchers
    from ledger import accounts
    from ledger.funds import Fund

    if not everything:
        if not labels:
            raise click.UsageError("请给出凭证流水号，或用 --all。")
        found = []
        for label in labels:
            book, dash, number = label.partition("-")
            if not (dash and all(len(part) <= 9 and part.isascii() and part.isdigit() for part in (book, number))):
                raise BadVoucherLabel(value=label)
            found.append((int(book), int(number)))
        return found
    with office.reading() as connection:
        wanted = [b for b in accounts.books(connection) if fund is None or b.fund is Fund.parse(fund)]
        return [(d.book_id, d.voucher_id) for b in wanted for d in vouchers.drafts(connection, b.book_id, state=state)]


def pairs(values: tuple[str, ...], default: str) -> dict[str, str]:
    """``name=value`` pairs as typed; a bare value goes to ``default`` where there is one."""
    found: dict[str, str] = {}
    for value in values:
        name, equals, rest = value.partition("=")
        if not equals and not default:
            raise click.BadParameter(f"“{value}”应写作 名称=值")
        found[name if equals else default] = rest if equals else name
    return found
