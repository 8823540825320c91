"""An office with a special book (专账) of 低保 on either database, and the steps of its month in short calls."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from unittest.mock import patch

import yaml

from controls import answers, bankfile, bankreturn, cashier, periods, persons, release, rosterbuild, screening, signoff, vouchers
from controls import bank_authorising as authorising
from controls.duties import Actor, Duty
from controls.intake import reader, register
from controls.vouchers import Draft
from ledger.accounts import Book, book_of
from ledger.db import UnitOfWork
from ledger.funds import Fund
from ledger.months import Month
from ledger.posted import Posted
from shebao import proposals, special
from shebao.opening import found_office
from shebao.store import Office
from tests.approving import approved
from tests.bank_keys import issued
from tests.controls.payment_desk import PASSWORD, STAFF, someone
from tests.shebao.small_office import _hashed

DB = Fund("DB")
JANUARY = Month(2026, 1)
NOW = "2026-01-15T09:00:00+08:00"
CENTRAL, COUNTY, OLD = "财社〔2026〕1号", "县财〔2026〕2号", "财社〔2025〕9号"
NUMBERS = ("620821195001010010", "620821195102020023", "620821195203030036", "620821195304040049")
"""Synthetic people of 东河镇 (two), 西山乡 and nobody's register."""
OWN = """document: 云岭县的选择（虚构）
valid_from: 2018-01-01
valid_to: null
reference: 测试用假定
values:
  - {name: pooling, from: 2018-01-01, value: 统收统支, keys: {fund: G}, reference: 测试用假定}
"""


def found(home: Path, url: str | None = None) -> None:
    """The office of fund R founded at ``home``, opened December 2025."""
    folder = home.parent
    rows = [{"user": user, "name": name, "duties": [duty.value], "password": PASSWORD} for user, (name, duty) in STAFF.items()]
    (folder / "people.yaml").write_text(yaml.safe_dump({"people": rows}, allow_unicode=True), encoding="utf-8")
    own = folder / "own" / "parameters"
    own.mkdir(parents=True)
    (own / "county.yaml").write_text(OWN, encoding="utf-8")
    with patch("controls.people.hash_password", return_value=_hashed()), patch.object(Office, "now", staticmethod(lambda: NOW)):
        found_office(
            home, code="yunling", name="云岭县社会保险事业服务中心", region="620821", funds=[Fund.R], opened=Month(2025, 12),
            people=folder / "people.yaml", url=url, own=folder / "own",
        )  # fmt: skip
        with Office(home).unit() as work:
            issued(work, NOW, someone("wang"), {"make_key": someone("zhou"), "authorise_key": someone("sun")})
            work.commit()


@cache
def _pattern() -> Path:
    """The office founded once a test process on SQLite; each test works on a copy of it."""
    folder = Path(mkdtemp(prefix="special-office-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    found(folder / "office")
    return folder / "office"


class Special:
    """The office at work; every step is done by whoever may do it. Tests that make one give ``Office.now`` back (monkeypatch)."""

    def __init__(self, home: Path, url: str | None = None) -> None:
        if url is None:
            shutil.copytree(_pattern(), home)
        else:
            found(home, url)
        self.home, self.folder, self.office, self.files = home, home.parent, Office(home), 0
        Office.now = staticmethod(lambda: NOW)  # type: ignore[method-assign]

    def of(self, user: str) -> Office:
        """The office as this person sees it."""
        self.office.actor = someone(user)
        return self.office

    def unit(self) -> UnitOfWork:
        return self.office.unit()

    def open(self, fund: Fund = DB, first: Month = JANUARY) -> Book:
        return special.open_book(self.of("sun"), fund, first)

    def book(self, fund: Fund = DB) -> Book:
        with self.of("zhao").reading() as connection:
            return book_of(connection, fund)

    def take(self, contract: str, *lines: str, user: str = "zhao") -> int:
        """Takes a file in and gives its number."""
        self.files += 1
        file = self.folder / f"{contract}-{self.files}.csv"
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        with self.unit() as work:
            made = register.take(work, self.home, reader.read(file, contract), someone(user), NOW, source="测试", as_of=date(2026, 1, 14))
            work.commit()
        return made.file_id

    def know_people(self) -> None:
        """Three of the four people and their townships, from a people file into the register."""
        towns = ("东河镇", "东河镇", "西山乡")
        rows = [f"{number},甲{n},R,620821,{town}" for n, (number, town) in enumerate(zip(NUMBERS, towns, strict=False), 1)]
        file = self.take("people", "证件号码,姓名,险种,统筹区,乡镇", *rows, user="zhang")
        with self.unit() as work:
            persons.load(work, self.home, Actor("chen", "陈登记", frozenset({Duty.HANDLE_REGISTER})), NOW, file)
            work.commit()

    def subsidies(self, *lines: str) -> list[Draft]:
        """Receipts from a subsidies file, made by the 会计."""
        file = self.take("subsidies", "险种,级次,指标文号,用途,金额,到账日期", *lines)
        return proposals.from_subsidies(self.of("zhao"), file)

    def enter(self, event: str, day: str, amount: str, evidence: str, key: str = "amount", fund: str = "DB", **details: str) -> Draft:
        """One event entered and made by the 会计."""
        return proposals.enter_event(
            self.of("zhao"), event=event, fund=fund, day=day, amounts={key: amount}, details=details, evidence=evidence, receipt="", attachments=1, summary=None
        )

    def post(self, drafts: Iterable[Draft]) -> None:
        """Vouchers signed by the cashier where they must, reviewed and posted."""
        for draft in drafts:
            signing = [("zhou", cashier.sign, ())] if draft.cash and not draft.cashier else []
            for user, step, more in (*signing, ("sun", vouchers.review, ()), ("zhao", vouchers.post, (proposals.payout_rows,))):
                with self.unit() as work:
                    step(work, NOW, someone(user), draft.book_id, draft.voucher_id, *more)
                    work.commit()

    def release(self, file: int, fund: Fund = DB, month: Month = JANUARY) -> int:
        """A roster built, checked by the real rules, signed by three and released."""
        with self.unit() as work:
            made = rosterbuild.build(work, self.home, someone("zhang"), NOW, fund, month, file_id=file).roster.roster_id
            work.commit()
        with self.unit() as work:
            outcome = screening.check(work, self.home, someone("zhang"), NOW, made)
            for rule in {item.rule for item in answers.findings(work.connection, outcome.roster) if not item.blocking}:
                answers.give(work, someone("zhang"), NOW, made, "已核实", rule=rule)
            work.commit()
        for step, user in (("submit", "zhang"), ("review", "li"), ("authorise", "wang")):
            with self.unit() as work:
                getattr(signoff, step)(work, someone(user), NOW, made)
                work.commit()
        with self.unit() as work:
            release.release(work, someone("wang"), NOW, made)
            work.commit()
        return made

    def send(self, roster: int) -> None:
        """The bank file made by the cashier and authorised by the second key holder."""
        with self.unit() as work:
            approved(work, NOW, roster)
            bankfile.make(work, someone("zhou"), NOW, roster, self.folder / f"bank-{roster}.csv")
            authorising.authorise(work, someone("sun"), NOW, roster)
            work.commit()

    def bank_answers(self, roster: int, *failed: int, day: str = "2026-01-16") -> None:
        """The bank's return: all paid but ``failed``."""
        with self.of("sun").reading() as connection:
            sent = list(bankfile.lines(connection, roster))
        rows = [
            f"{one.bank_seq},{one.account},{one.holder},{one.fen / 100:.2f},{'失败' if one.bank_seq in failed else '成功'},"
            f"{'已销户' if one.bank_seq in failed else ''},S{roster}{one.bank_seq},{day}"
            for one in sent
        ]
        file = self.folder / f"return-{roster}.csv"
        file.write_text("序号,银行账号,户名,金额,处理结果,失败原因,交易流水号,入账日期\n" + "\n".join(rows) + "\n", encoding="utf-8")
        with self.unit() as work:
            bankreturn.take(work, self.home, reader.read(file, "bank-return"), someone("zhao"), NOW, roster)
            work.commit()

    def booked(self, roster: int) -> list[Draft]:
        """What a roster calls for, made and posted."""
        made = proposals.from_roster(self.of("zhao"), roster, None)
        self.post(made)
        return made

    def close(self, month: Month, fund: Fund = DB) -> Draft | None:
        """A month closed by two people, with the checks of the front door."""
        from shebao.proofs import cross_foots

        book = self.book(fund)
        with self.unit() as work:
            proofs = cross_foots(work.connection, book, month, before=True)
            draft = periods.propose(work, NOW, someone("zhao"), book, month, {}, proofs)
            work.commit()
        if draft is not None:
            self.post([draft])
        with self.unit() as work:
            periods.confirm(work, NOW, someone("sun"), book, month, cross_foots(work.connection, book, month))
            work.commit()
        return draft


def legs(entry: Posted | Draft) -> list[tuple[str, str, int, str, str]]:
    """Account, side, fen, document and township of an entry's lines."""
    axes = [dict(line.dimension) for line in entry.entry.lines]
    return [
        (line.account, line.side.value, line.amount, axis.get("document", ""), axis.get("town", "")) for line, axis in zip(entry.entry.lines, axes, strict=True)
    ]
