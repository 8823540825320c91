"""A small office that keeps person accounts: its choices of interest and drawing, people who prepare acts, and rows posted in short calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa
import yaml

from controls import vouchers
from controls.duties import Actor, Duty
from controls.person_accounts import acts, ties
from controls.vouchers import Draft
from ledger import accounts
from ledger.accounts import Book
from ledger.entries import Entry, Line, Side, contribution_digest, payout_digest
from ledger.funds import Fund
from ledger.identity.numbers import check_digit
from ledger.months import Month
from ledger.person_accounts.store import Batch
from shebao import person_account_vouchers
from shebao.opening import found_office
from shebao.proposals import payout_rows
from shebao.store import Office
from tests.controls.payment_desk import PASSWORD, STAFF, someone
from tests.shebao.small_office import FOUNDED, Small, _hashed
from tests.shebao.small_office import OWN as POOLING

OWN = """document: 云岭县的个人账户办法（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: account_interest_rate, from: 2024-01-01, to: 2025-01-01, value: 250, keys: {fund: R}, reference: 测试用假定}
  - {name: account_interest_rate, from: 2025-01-01, value: 300, keys: {fund: R}, reference: 测试用假定}
  - {name: account_interest_rate, from: 2024-01-01, value: 397, keys: {fund: E}, reference: 测试用假定}
  - {name: account_interest_method, from: 2018-01-01, value: 月积数法（当月起）, keys: {fund: R}, reference: 测试用假定}
  - {name: account_interest_method, from: 2018-01-01, value: 月积数法（当月起）, keys: {fund: E}, reference: 测试用假定}
  - {name: account_interest_on_leaving, from: 2018-01-01, value: 不计当年利息, keys: {fund: R}, reference: 测试用假定}
  - {name: account_interest_on_leaving, from: 2018-01-01, value: 不计当年利息, keys: {fund: E}, reference: 测试用假定}
  - {name: account_draw_rule, from: 2018-01-01, value: 按比例, keys: {fund: R}, reference: 测试用假定}
  - {name: account_draw_rule, from: 2018-01-01, value: 按顺序, keys: {fund: E}, reference: 测试用假定}
  - {name: set_off, from: 2018-01-01, value: 已取得财政部门书面意见, reference: 测试用假定}
"""
ASSESS = Actor("chen", "陈核定", frozenset({Duty.HANDLE_ASSESS}))
REGISTER = Actor("he", "何登记", frozenset({Duty.HANDLE_REGISTER}))
REVIEWER = someone("li")
ACCOUNTS = {
    "own": "40010101",
    "government_paid": "40010301",
    "other": "40010401",
    "collective": "4102",
    "subsidy_province": "41010202",
    "subsidy_county": "41010204",
}


def number(place: int) -> str:
    """The n-th synthetic person's number."""
    body = f"62082119600101{place:03d}"
    return body + check_digit(body)


class Accounts(Small):
    """The office with person accounts; SQLite by default."""

    def __init__(self, home: Path, own: str = OWN, url: str | None = None) -> None:
        if url is None:
            super().__init__(home)
        else:
            self._found(home, url)
        folder = home / "templates" / "parameters"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "accounts-of-the-county.yaml").write_text(own, encoding="utf-8")
        self.office = type(self.office)(home)
        self.office.actor = someone("zhao")
        self.source = 0

    def _found(self, home: Path, url: str) -> None:
        """The same office on another database."""
        people = home.parent / "people.yaml"
        rows = [{"user": user, "name": name, "duties": [duty.value], "password": PASSWORD} for user, (name, duty) in STAFF.items()]
        people.write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
        choices = home.parent / "choices" / "parameters"
        choices.mkdir(parents=True, exist_ok=True)
        (choices / "county.yaml").write_text(POOLING, encoding="utf-8")
        with patch("controls.people.hash_password", return_value=_hashed()), patch.object(Office, "now", staticmethod(lambda: FOUNDED)):
            found_office(
                home, code="yunling", name="云岭县社会保险事业服务中心", region="620821", funds=[Fund.E, Fund.G, Fund.R], opened=Month(2026, 2),
                people=people, url=url, own=choices.parent,
            )  # fmt: skip
        self.home, self.folder, self.office = home, home.parent, Office(home)

    def book(self, fund: Fund = Fund.R) -> Book:
        """The fund's book."""
        with self.office.reading() as connection:
            return accounts.book_of(connection, fund)

    def carry(self, made: Entry, rows: Sequence[tuple[str, str, int, int, str]], fund: Fund = Fund.R) -> Draft:
        """An entry with its sub-ledger rows taken all the way into the books."""
        book = self.book(fund)
        with self.unit() as work:
            draft = vouchers.propose(work, self.office.now(), None, book.book_id, made)
            draft = vouchers.make(work, self.office.now(), someone("zhao"), book.book_id, draft.voucher_id)
            work.commit()
        self.settle([draft], rows)
        return draft

    def settle(self, drafts: Sequence[Draft], rows: Sequence[tuple[str, str, int, int, str]] | None = None) -> None:
        """Reviewed, signed by the cashier where needed, posted."""
        from controls import cashier

        for draft in drafts:
            source = payout_rows if rows is None else (lambda connection, book_id, source_id: rows)
            with self.unit() as work:
                if draft.state == "proposed":
                    vouchers.make(work, self.office.now(), someone("zhao"), draft.book_id, draft.voucher_id)
                vouchers.review(work, self.office.now(), someone("sun"), draft.book_id, draft.voucher_id)
                if draft.cash and not draft.cashier:
                    cashier.sign(work, self.office.now(), someone("zhou"), draft.book_id, draft.voucher_id)
                vouchers.post(work, self.office.now(), someone("zhao"), draft.book_id, draft.voucher_id, source, source, person_account_vouchers.STANDING)
                work.commit()

    def contribute(self, day: str, rows: Mapping[tuple[str, str], int], fund: Fund = Fund.R, year: int = 202600) -> Draft:
        """Contributions (number, part) → fen received into 1003, one voucher with its rows."""
        self.source += 1
        made = sorted((who, part, year, fen, ACCOUNTS[part]) for (who, part), fen in rows.items())
        totals: dict[str, int] = {}
        for _, _, _, fen, account in made:
            totals[account] = totals.get(account, 0) + fen
        when = date.fromisoformat(day)
        lines = [Line("100301", Side.D, sum(totals.values())), *(Line(account, Side.C, fen) for account, fen in sorted(totals.items()))]
        entry = Entry(
            Month.of(when), when, "收到保险费", tuple(lines), "缴费明细", f"contributions:{self.source}", event="C3", kind="收", attachments=1,
            contribution_source=self.source, contribution_count=len(made), contribution_fen=sum(totals.values()), contribution_digest=contribution_digest(made),
        )  # fmt: skip
        return self.carry(entry, made, fund)

    def pay(self, day: str, rows: Sequence[tuple[str, str, int, int]], fund: Fund = Fund.R) -> Draft:
        """Pension paid: (number, item, period, fen), one voucher from 1004 with its rows."""
        self.source += 1
        code = {"基础养老金": "50010109", "个人账户养老金": "50010201"} if fund is Fund.R else {"基础养老金": "50010101", "个人账户养老金": "5001010201"}
        made = sorted((who, item, period, fen, code[item]) for who, item, period, fen in rows)
        totals: dict[str, int] = {}
        for _, _, _, fen, account in made:
            totals[account] = totals.get(account, 0) + fen
        when = date.fromisoformat(day)
        lines = [*(Line(account, Side.D, fen) for account, fen in sorted(totals.items())), Line("1004", Side.C, sum(totals.values()))]
        entry = Entry(
            Month.of(when), when, "发放待遇", tuple(lines), "花名册", f"pay:{self.source}", event="P2", kind="付", attachments=1,
            payout_source=self.source * 1000, payout_count=len(made), payout_fen=sum(totals.values()), payout_digest=payout_digest(made),
        )  # fmt: skip
        return self.carry(entry, made, fund)

    def refund(self, day: str, who: str, part: str, fen: int, fund: Fund = Fund.R) -> Draft:
        """A contribution of this year given back (C12): a negative row on the same account."""
        self.source += 1
        rows = [(who, part, 202600, -fen, ACCOUNTS[part])]
        when = date.fromisoformat(day)
        entry = Entry(
            Month.of(when), when, "退回保险费", (Line(ACCOUNTS[part], Side.D, fen), Line("1004", Side.C, fen)), "退费审批表", f"refund:{self.source}",
            event="C12", kind="付", attachments=1, contribution_source=self.source, contribution_count=1, contribution_fen=-fen,
            contribution_digest=contribution_digest(rows),
        )  # fmt: skip
        return self.carry(entry, rows, fund)

    def accepted(self, batch: Batch, *, post: bool = True) -> Batch:
        """An act reviewed, and its voucher posted."""
        self.office.actor = REVIEWER
        book = next(book for book in (self.book(Fund.R), self.book(Fund.E), self.book(Fund.G)) if book.book_id == batch.book_id)
        found, draft = person_account_vouchers.review(self.office, book, batch.batch_id)
        if draft is not None and post:
            self.settle([draft])
        return found

    def close(self, *months: str, fund: Fund = Fund.R) -> None:
        """Months of a book closed by hand (the closing itself is tested elsewhere)."""
        book = self.book(fund)
        with self.unit() as work:
            for state in ("locked", "closed"):
                for month in months:
                    work.connection.execute(
                        sa.text("UPDATE shebao_period SET state = :state WHERE book_id = :book AND period = :period AND state <> 'closed'"),
                        {"state": state, "book": book.book_id, "period": Month.parse(month).number},
                    )
            work.commit()

    def open_through(self, month: str, fund: Fund = Fund.R) -> None:
        """Opens the book's months up to ``month``."""
        book = self.book(fund)
        with self.unit() as work:
            last = work.connection.execute(sa.text("SELECT MAX(period) FROM shebao_period WHERE book_id = :book"), {"book": book.book_id}).scalar_one()
            now = Month.from_number(int(last))
            while now < Month.parse(month):
                now = now + 1
                accounts.open_period(work, book.book_id, now)
            work.commit()

    def k15(self, month: str, fund: Fund = Fund.R) -> list[str]:
        """What K15 says of a month where it does not hold."""
        with self.office.reading() as connection:
            return [check.text for check in ties.checks(connection, self.book(fund), Month.parse(month)) if not check.ok]

    def batches(self, fund: Fund = Fund.R) -> list[Batch]:
        """Every act of a fund."""
        with self.office.reading() as connection:
            return acts.listed(connection, self.book(fund).book_id)
