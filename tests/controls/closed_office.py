"""An office whose January is locked, carried over or closed, with everything in hand that could still want to get into it."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from controls import cashier, journals, periods, vouchers
from controls.intake import reader, register
from controls.journals import Kind, Receipt
from controls.vouchers import Draft
from ledger import accounts
from ledger.db import UnitOfWork
from ledger.entries import Entry, Line, Side, payout_digest
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.months import Month
from shebao import voucherimport
from shebao.proposals import enter_event
from shebao.store import Office
from tests.controls.payment_desk import Desk
from tests.model.offices import HAN, LOCAL, NOW, SUN, ZHAO, Stores, code_of, stores
from tests.private_postgres import Cluster
from tests.shebao.premium_office import HEAD, fee

JANUARY = Month(2026, 1)
FEBRUARY = Month(2026, 2)
STATES = ("locked", "carried", "closed")
"""Proposed; proposed and its closing voucher posted; confirmed."""
BOOK = 2
"""The book of fund R."""
PAYOUT, CONTRIBUTED = 77, 78
ROWS = {
    "payout": (("1", "基础养老金", 202601, 300, "50010101"), ("2", "基础养老金", 202601, 200, "50010101")),
    "contribution": (("1", "个人缴费", 202600, 500, "40010101"),),
}
TRIAL = (
    "科目编号,科目名称,借方余额,贷方余额,年初借方余额,年初贷方余额,本年累计借方,本年累计贷方\n"
    "100301,活期存款,1300.00,,900.00,,500.00,100.00\n3001,一般基金结余,,1300.00,,900.00,,\n420101,存款利息,,,,,,500.00\n50010109,未分来源,,,,,100.00,\n"
)
TAX = "险种,入库日期,电子税票号码,征收品目,级次,金额\nR,2026-01-05,T1,个人,县级,100.00\n"
SUBSIDIES = "险种,级次,指标文号,用途,金额,到账日期\nR,县级,财社1号,困难群体代缴保费,300.00,2026-01-05\n"
PREMIUMS = f"{HEAD}\n{fee(0, '个人', '300', '2026-01-08')}\n{fee(1, '政府代缴', '100', '2026-01-09', level='县')}\n"
VOUCHERS = (
    "凭证日期,凭证字,凭证号,附单据数,摘要,科目编号,科目名称,借方金额,贷方金额,制单,审核\n"
    "2026-01-05,收,1,1,存款利息,100301,活期存款,12.34,,旧会计,旧主管\n2026-01-05,收,1,1,存款利息,420101,存款利息,,12.34,旧会计,旧主管\n"
)


def entry(source: str, lines: tuple[Line, ...], event: str, day: date = date(2026, 1, 20), **more: Any) -> Entry:
    """An entry of fund R."""
    return Entry(Month.of(day), day, "一笔", lines, "依据", source, event=event, **more)


def interest(source: str = "late", fen: int = 500, day: date = date(2026, 1, 20), **more: Any) -> Entry:
    """Interest received (I1)."""
    return entry(source, (Line("100301", Side.D, fen), Line("420101", Side.C, fen)), "I1", day, **more)


@dataclass
class Closed:
    """The office at work on one database; ``say`` gives the code an act is refused with, '' when it is not, and lets nothing stay."""

    stores: Stores
    files: dict[str, int] = field(default_factory=dict)
    roster: int = 0

    @property
    def office(self) -> Office:
        return self.stores.offices[-1]

    def of(self, actor: Any) -> Office:
        """The office with somebody signed in."""
        self.office.actor = actor
        return self.office

    def do(self, act: Callable[..., Any], *given: Any) -> Any:
        """One step that stays."""
        with self.office.unit() as work:
            found = act(work, NOW, *given)
            work.commit()
        return found

    def say(self, act: Callable[[UnitOfWork], object] | Callable[[], object], *, alone: bool = False) -> str:
        """The code by which the act is refused; what went through is undone. An act ``alone`` opens its own transaction, and must be refused."""
        try:
            if alone:
                act()  # type: ignore[call-arg]
                return ""
            with self.office.unit() as work:
                act(work)  # type: ignore[call-arg]
        except Refusal as refusal:
            return code_of(refusal)
        return ""

    def posted(self, draft: Draft) -> None:
        """Made, reviewed, signed and posted by the right people."""
        for state, act, actor, more in (
            ("proposed", vouchers.make, ZHAO, ()), ("made", vouchers.review, SUN, ()), ("reviewed", cashier.sign, HAN, ()),
            ("reviewed", vouchers.post, ZHAO, (lambda *_: ROWS["payout"], lambda *_: ROWS["contribution"])),
        ):  # fmt: skip
            now = self.do(lambda work, _: vouchers.get(work.connection, BOOK, draft.voucher_id))
            if now.state == state and (act is not cashier.sign or (now.cash and not now.cashier)):
                self.do(act, actor, BOOK, draft.voucher_id, *more)

    def take(self, contract: str, text: str) -> None:
        """A file taken in by the 会计."""
        file = self.stores.folder / f"{contract}.csv"
        file.write_text(text, encoding="utf-8")
        if contract == "vouchers":
            self.files[contract] = voucherimport.take(self.of(ZHAO), file)
            return
        with self.office.unit() as work:
            made = register.take(work, self.office.home, reader.read(file, contract), ZHAO, NOW, source="", as_of=None)
            work.commit()
        self.files[contract] = made.file_id


def _worked(made: Closed) -> None:
    """January as it was: interest, a payout with its rows, a roster the bank has answered, a journal, files that nobody booked."""
    given = {"event": "I1", "fund": "R", "day": "2026-01-08", "amounts": {"amount": "9.00"}, "details": {"into": "1003"}}
    made.posted(enter_event(made.of(ZHAO), **given, evidence="利息单1", receipt="", attachments=1, summary=None))  # type: ignore[arg-type]
    funding = (Line("1004", Side.D, 500), Line("100301", Side.C, 500))
    made.posted(made.do(vouchers.propose, None, BOOK, entry("funding:1", funding, "P1", documents=("paper:funding",))))
    for name, source, lines, event in (
        ("payout", PAYOUT, (Line("50010101", Side.D, 500), Line("1004", Side.C, 500)), "P2"),
        ("contribution", CONTRIBUTED, (Line("100301", Side.D, 500), Line("40010101", Side.C, 500)), "C3"),
    ):
        rows = ROWS[name]
        claim: dict[str, Any] = {f"{name}_source": source, f"{name}_count": len(rows), f"{name}_fen": 500, f"{name}_digest": payout_digest(rows)}
        made.posted(made.do(vouchers.propose, None, BOOK, entry(f"{name}:1", lines, event, documents=(f"paper:{name}",), **claim)))
    desk = Desk(made.office.engine, made.office.home)
    made.roster = desk.released()
    desk.send(made.roster)
    desk.returned(made.roster, desk.answer_of_bank(made.roster, 2))
    made.do(journals.open_, HAN, BOOK, Kind.PAYMENT, date(2026, 1, 1), 100_000, "62000001004", "农商行")
    for contract, text in (("tax", TAX), ("subsidies", SUBSIDIES), ("vouchers", VOUCHERS), ("contributions", PREMIUMS)):
        made.take(contract, text)
    (made.stores.folder / "trial.csv").write_text(TRIAL, encoding="utf-8")


@cache
def closed_office(server: Cluster | None, state: str) -> Closed:
    """The office on SQLite, or on the server's PostgreSQL, with its January in the state asked for and February open: made once a test process."""
    made = Closed(stores(LOCAL, server))
    atexit.register(shutil.rmtree, made.stores.folder, ignore_errors=True)
    _worked(made)
    book = made.do(lambda work, _: accounts.book_of(work.connection, Fund.R))
    draft = made.do(periods.propose, ZHAO, book, JANUARY)
    if state != "locked":
        made.posted(draft)
    if state == "closed":
        made.do(periods.confirm, SUN, book, JANUARY)
    return made


def trial(made: Closed) -> Path:
    """The old books' trial balance."""
    return made.stores.folder / "trial.csv"


def late_receipt(day: date = date(2026, 1, 25)) -> Receipt:
    """A bank receipt of January that the cashier finds late."""
    return Receipt(day, "银行回单", "迟到1", "利息", 500, 0, "农商行", "4201", None)
