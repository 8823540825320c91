"""Short steps of stories of person accounts: openings taken in and accepted, balances by part."""

from __future__ import annotations

from controls.person_accounts import opening, page
from ledger.funds import Fund
from ledger.months import Month
from tests.shebao.person_account_desk import REGISTER, Accounts

HEAD = "证件号码,姓名,个人缴费,省补贴,政府代缴"
DECEMBER = Month(2025, 12)


def opening_file(office: Accounts, *lines: str, name: str = "期初.csv") -> opening.Opened:
    """A file of opening balances as read."""
    file = office.folder / name
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return opening.read(file)


def opened(office: Accounts, *lines: str) -> None:
    """Opening balances taken in and accepted."""
    read = opening_file(office, *lines)
    with office.unit() as work:
        made = opening.propose(work, office.office.now(), REGISTER, office.book(), read, DECEMBER, persons=read.persons, total=read.total, evidence="移交清册")
        work.commit()
    office.accepted(made)


def balance(office: Accounts, who: str, month: str = "2026-02", fund: Fund = Fund.R) -> dict[str, int]:
    """Fen by part of a person."""
    with office.office.reading() as connection:
        return dict(page.page(connection, office.book(fund), who, Month.parse(month)).balance)
