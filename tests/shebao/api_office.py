"""An office with somebody for each duty and something for every act: a roster at each stage, vouchers, awards, budgets, requests, batches of accounts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pyarrow as pa

from controls import rosterbuild, vouchers
from controls.budgets import documents
from controls.duties import Actor, Duty
from controls.grants import requests
from controls.intake import mappings
from controls.person_accounts import moves
from controls.relatives import declared
from controls.tables import grant, user
from ledger.db import UnitOfWork, open_engine
from ledger.funds import Fund
from ledger.identity.numbers import check_digit
from ledger.months import Month
from ledger.person_accounts import store as batches
from shebao import bank_papers
from tests.controls.benefits import award_desk
from tests.controls.payment_desk import JANUARY, NOW, ROSTER, Desk, lead, line, someone
from tests.shebao.person_account_desk import REGISTER, Accounts, number
from tests.shebao.person_account_steps import HEAD, opened, opening_file
from tests.shebao.small_office import FOUNDED

STAGES = ("built", "checked", "submitted", "reviewed", "authorised", "released", "approved", "made", "sent", "held")
"""Roster ``n + 1`` of the office stands at stage ``n``."""
DAY = date(2026, 2, 20)
LINES = frozenset({"1.4101", "2.5001"})


def of(duty: Duty) -> Actor:
    """Somebody who holds this duty alone."""
    return Actor(f"x{duty.value.lower()}", duty.zh, frozenset({duty}))


class Api:
    """The office; its acts are tried in units of work that are undone."""

    def __init__(self, folder: Path) -> None:
        self.small = Accounts(folder / "office")
        url = self.small.office.engine.url
        self.small.office.engine.dispose()
        self.engine = open_engine(url, kept=True)
        self.small.office.__dict__["engine"] = self.engine
        self.desk = Desk(self.engine, self.small.home)
        self.book = self.small.book()
        self._people()
        for place in range(len(STAGES)):
            self._roster(place)
        award_desk.staffed(self.desk)
        award_desk.granted(self.desk, (1, award_desk.pension(2001)), reviewed=False)
        self.vouchers = self._vouchers()
        with UnitOfWork(self.engine) as work:
            self._documents(work)
            self._asked(work)
            work.commit()
        self.small.office.actor = someone("zhou")
        bank_papers.make_handover(self.small.office, "zhao", "调离")
        opened(self.small, HEAD, f"{number(1)},甲一,100.00,10.00,0.00", f"{number(2)},甲二,50.00,0.00,0.00")
        with UnitOfWork(self.engine) as work:
            moves.transfer_out(work, NOW, REGISTER, self.book, number(2), day=DAY, key="T-1", evidence="联系函")
            work.commit()

    def _people(self) -> None:
        with UnitOfWork(self.engine) as work:
            for duty in Duty:
                given = {"password_hash": "x", "created_at": FOUNDED, "created_by": "init", "disabled_at": "", "failures": 0, "locked_until": ""}
                work.connection.execute(user.insert().values(user_id=of(duty).user, name=duty.zh, **given))
                named = {"valid_from": "2025-12-01", "valid_to": "", "granted_by": "init", "granted_at": FOUNDED}
                work.connection.execute(grant.insert().values(user_id=of(duty).user, duty=duty.value, **named))
            work.commit()

    def _roster(self, place: int) -> None:
        desk, held = self.desk, STAGES[place] == "held"
        rows = [line(1, place + 3, "基础养老金", 16300), line(2, place + 50, "基础养老金", 16300)]
        desk.take(pa.Table.from_pylist(rows, schema=ROSTER), "roster", f"花名册{place}.csv", "zhang")
        with UnitOfWork(self.engine) as work:
            made = rosterbuild.build(work, self.small.home, someone("zhang"), NOW, Fund.R, JANUARY).roster.roster_id
            work.commit()
        if place:
            desk.check(made, *([lead(place + 3, "D1-POSTHUMOUS", (1,), blocking=True)] if held else []))
        steps = (
            lambda: desk.sign(made, "submit", "zhang"), lambda: desk.sign(made, "review", "li"), lambda: desk.sign(made, "authorise", "wang"),
            lambda: desk.release(made), lambda: desk.approve(made), lambda: self._made(made), lambda: desk.authorise(made),
        )  # fmt: skip
        for step in steps[: 0 if held else max(0, place - 1)]:
            step()

    def _made(self, roster_id: int) -> None:
        (self.small.home / "bank.csv").unlink(missing_ok=True)
        self.desk.make(roster_id)

    def _vouchers(self) -> dict[str, int]:
        """Vouchers of the book by how far they came."""
        found = {"made": self.small.enter("I1", "2026-02-20", "1", "利息1", details={"into": "1004"}).voucher_id}
        for place, state in enumerate(("proposed", "reviewed"), start=2):
            made = self.small.enter("I1", "2026-02-20", str(place), f"利息{place}", details={"into": "1003"})
            with UnitOfWork(self.engine) as work:
                if state == "proposed":
                    again = replace(made.entry, source_key="doc-again", documents=())
                    self.entry = replace(again, source_key="doc-third")
                    found[state] = vouchers.propose(work, NOW, None, self.book.book_id, again).voucher_id
                else:
                    found[state] = vouchers.review(work, NOW, someone("sun"), self.book.book_id, made.voucher_id).voucher_id
                work.commit()
        return found

    def _documents(self, work: UnitOfWork) -> None:
        """Budget 1 approved, 2 drafted, 3 reviewed; plan 4 reviewed."""
        book, lines = self.book.book_id, [("1.4101", 2000), ("2.5001", 1000)]
        for year in (2026, 2027, 2028):
            documents.draft(work, NOW, someone("zhao"), book, "budget", year, lines, allowed=LINES)
        documents.review(work, NOW, someone("sun"), book, 1)
        documents.approve(work, NOW, someone("jin"), book, 1, "县财社〔2026〕5号")
        documents.review(work, NOW, someone("sun"), book, 3)
        documents.draft(work, NOW, someone("zhao"), book, "plan", 2026, [("2.5001", 300)], month=2, request=200, allowed=LINES)
        documents.review(work, NOW, someone("sun"), book, 4)

    def _asked(self, work: UnitOfWork) -> None:
        """A request for a duty, a declared relative and a saved mapping."""
        requests.ask(work, NOW, someone("zhang"), self.wanted())
        body = "62082119700101001"
        declared.declare(work, NOW, someone("zhang"), "lineal", body + check_digit(body), "甲亲")
        saved = mappings.SavedMapping.model_validate(MAPPING)
        mappings.save(work, self.small.home, saved, someone("zhang"), NOW)

    @staticmethod
    def wanted() -> requests.Wanted:
        """A duty asked for."""
        return requests.Wanted("grant", "qian", Duty.HANDLE_ASSESS, "2026-01-15", "2027-01-01", "岗位调整")

    def opened_file(self) -> Any:
        """A file of opening balances as read."""
        return opening_file(self.small, HEAD, f"{number(3)},甲三,1.00,0.00,0.00", name="又.csv")

    def values(self) -> dict[str, Any]:
        """A value for each parameter by its name; what is not named is a stand-in that answers to everything."""
        return {
            "home": self.small.home, "now": NOW, "book": self.book, "give": self.book, "book_id": self.book.book_id, "fund": Fund.R, "month": JANUARY,
            "period": JANUARY, "since": JANUARY, "year": 2025, "roster_id": len(STAGES), "reason": "理由", "day": DAY, "until": DAY, "begin": DAY,
            "end": DAY, "happened": DAY, "as_of": DAY, "voucher_id": self.vouchers["made"], "voucher_ids": [self.vouchers["made"]],
            "out": self.small.folder / "out", "folder": self.small.folder, "evidence_sha256": "a" * 64, "accept": True, "explained": None, "request": 0,
            "funeral": 0, "evidence": "凭据", "note": "", "user_id": "zhang", "duty": Duty.REVIEW, "number": number(1), "into": "100301",
            "account": "100301", "key": "K-1", "name": "甲",
        }  # fmt: skip


MAPPING = {
    "mapping": "m1", "version": 1, "contract": "roster", "valid_from": date(2026, 1, 1), "valid_to": None, "reference": "花名册0.csv",
    "columns": {"姓名": "姓名"},
}  # fmt: skip


def batch_wanted(kind: str) -> batches.Wanted:
    """An act on person accounts of this kind."""
    return batches.Wanted(kind, Month(2026, 2), books=False, reason="理由", evidence="凭据")


def stand_in(**known: Any) -> MagicMock:
    """Something that answers to everything, and so to these."""
    return MagicMock(**known)


def file_of(contract: str) -> SimpleNamespace:
    """A file read by this contract, as far as the door looks at it."""
    return SimpleNamespace(contract=contract, sha256="0" * 64, rejects=(), path=Path("x"))
