"""A small office for tests of the payment chain: people with one duty each, files taken in, a roster of five people."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import sqlalchemy as sa

import controls.tables
from controls import answers, bankfile, bankreturn, people, release, rosterbuild, screening, signoff
from controls import bank_authorising as authorising
from controls.duties import Actor, Duty
from controls.findings import Evidence, Finding, Row, Severity
from controls.intake import register
from controls.intake.spool import Canonical
from controls.tokens import law as tokens
from ledger import accounts, tables
from ledger.db import UnitOfWork, metadata, open_engine
from ledger.funds import Fund
from ledger.months import Month
from ledger.schema import run_guards
from tests.approving import approved
from tests.bank_keys import issued
from tests.laid import laid

NOW = "2026-01-15T09:00:00+08:00"
JANUARY = Month(2026, 1)
PASSWORD = "correct horse battery"

STAFF = {
    "zhang": ("张经办", Duty.HANDLE_ROSTER),
    "qian": ("钱认证", Duty.HANDLE_CERTIFY),
    "li": ("李股长", Duty.REVIEW),
    "wang": ("王局", Duty.AUTHORISE),
    "zhao": ("赵会计", Duty.BOOKKEEP),
    "sun": ("孙主管", Duty.CHECK),
    "zhou": ("周出纳", Duty.CASHIER),
    "wu": ("吴系统", Duty.SYSADMIN),
    "zheng": ("郑安全", Duty.SECADMIN),
    "jin": ("金主任", Duty.HEAD),
    "tao": ("陶稽核", Duty.AUDIT),
}

ROSTER = pa.schema(
    [
        ("file", pa.string()), ("line", pa.int32()), ("seq", pa.int32()), ("fund", pa.string()), ("id_raw", pa.string()), ("id_type", pa.string()),
        ("number", pa.string()), ("number_ok", pa.bool_()), ("damaged", pa.bool_()), ("name", pa.string()), ("name_norm", pa.string()),
        ("item", pa.string()), ("item_class", pa.string()), ("period", pa.int32()), ("gross", pa.int64()), ("offset", pa.int64()),
        ("offset_to", pa.string()), ("withheld", pa.int64()), ("net", pa.int64()), ("account", pa.string()), ("holder", pa.string()),
        ("bank", pa.string()), ("region", pa.string()), ("note", pa.string()),
    ]
)  # fmt: skip
RETURN = pa.schema(
    [
        ("file", pa.string()), ("line", pa.int32()), ("seq", pa.int32()), ("account", pa.string()), ("holder", pa.string()), ("amount", pa.int64()),
        ("ok", pa.bool_()), ("reason", pa.string()), ("serial", pa.string()), ("booked_on", pa.date32()),
    ]
)  # fmt: skip
BANK = pa.schema([("file", pa.string()), ("line", pa.int32()), ("on", pa.date32()), ("credit", pa.int64()), ("debit", pa.int64()), ("serial", pa.string())])


@cache
def _hashed_once() -> str:
    """One honest argon2id hash of PASSWORD for everybody: hashing it nine times a test would take a second."""
    return people.hash_password("someone", PASSWORD)


def someone(user: str) -> Actor:
    """One of the staff as an actor."""
    name, duty = STAFF[user]
    return Actor(user, name, frozenset({duty}))


def taken(table: pa.Table, contract: str, name: str, *, rejects: Sequence[Any] = (), fen: int | None = None) -> Any:
    """What the reader gives for a file with this canonical table."""
    content = f"{contract}{name}{table.to_pylist()}{len(rejects)}"
    amount = next((column for column in ("net", "amount", "credit") if column in table.column_names), None)
    control = fen if fen is not None else sum(table.column(amount).to_pylist()) if amount else 0
    return SimpleNamespace(
        contract=contract, path=Path(name), sha256=hashlib.sha256(content.encode()).hexdigest(), encoding="utf-8", sheet=None, table=table,
        rejects=list(rejects), rejected=pa.table({"line": list(range(len(rejects)))}), warnings=[], rows_read=table.num_rows + len(rejects),
        control=(table.num_rows, control), rows=Canonical.of(table),
    )  # fmt: skip


def line(seq: int, person: int, item: str, fen: int, *, fund: str = "R", period: int = 202601, item_class: str = "pension", **more: Any) -> dict[str, Any]:
    """One roster row of synthetic person ``person``; amounts in fen."""
    number = f"62082119500101{person:03d}X"
    row = {
        "file": "花名册.csv", "line": seq + 1, "seq": seq, "fund": fund, "id_raw": number, "id_type": "", "number": number, "number_ok": True,
        "damaged": False, "name": f"甲{person}", "name_norm": f"甲{person}", "item": item, "item_class": item_class, "period": period,
        "gross": fen, "offset": 0, "offset_to": "", "withheld": 0, "net": fen, "account": f"62284800000000{person:05d}", "holder": f"甲{person}",
        "bank": "农商行", "region": "620821", "note": "",
    }  # fmt: skip
    return {**row, **more}


def five_people() -> list[dict[str, Any]]:
    """Five people with a base pension of 163.00 yuan, and the second part of 20.01 … 20.05."""
    rows = [line(n, n, "基础养老金", 16300) for n in range(1, 6)]
    return rows + [line(n + 5, n, "个人账户养老金", 2000 + n) for n in range(1, 6)]


@dataclass(frozen=True)
class Screened:
    """A finding as the check before payment gives it."""

    finding: Finding
    seqs: tuple[int, ...]
    blocking: bool
    why: str


def lead(person: int, rule: str, seqs: tuple[int, ...], *, blocking: bool = False, fen: int = 16300) -> Screened:
    """A finding on a synthetic person."""
    made = Finding(
        rule=rule, severity=Severity.HIGH, id_number=f"62082119500101{person:03d}X", name=f"甲{person}", fund="R", region="620821", periods=(202601,),
        amount=fen, counterpart="", confidence=1000, reason=f"甲{person} {rule}", evidence=Evidence((Row("花名册.csv", seqs[0] + 1),), row_count=1),
    )  # fmt: skip
    return Screened(made, seqs, blocking, f"依据：{rule}")


DEAD = lead(3, "D1-POSTHUMOUS", (3, 8), blocking=True)
SHARED = lead(2, "A1-SHARED-ACCOUNT", (2,))
BAD_NUMBER = lead(4, "I1-BAD-NUMBER", (4,))


@dataclass
class Desk:
    """An office at work: engine and home, with the steps of the chain as short calls."""

    engine: sa.Engine
    home: Path
    seen: list[Any] = field(default_factory=list)

    def unit(self) -> UnitOfWork:
        return UnitOfWork(self.engine)

    def take(self, table: pa.Table, contract: str, name: str, user: str, now: str = NOW, **more: Any) -> register.SourceFile:
        with self.unit() as work:
            made = register.take(work, self.home, taken(table, contract, name, **more), someone(user), now, source="业务系统", as_of=date(2026, 1, 14))
            work.commit()
        return made

    def build(self, rows: list[dict[str, Any]] | None = None, **more: Any) -> int:
        self.take(pa.Table.from_pylist(five_people() if rows is None else rows, schema=ROSTER), "roster", "花名册.csv", "zhang")
        with self.unit() as work:
            built = rosterbuild.build(work, self.home, someone("zhang"), NOW, Fund.R, JANUARY, **more)
            work.commit()
        return built.roster.roster_id

    def check(self, roster_id: int, *found: Screened, now: str = NOW) -> screening.Outcome:
        def screen(lines: pa.Table, tables: Any, *, as_of: Month) -> Sequence[Screened]:
            self.seen.append((lines, tables, as_of))
            return found

        with self.unit() as work:
            outcome = screening.check(work, self.home, someone("zhang"), now, roster_id, screen=screen)
            work.commit()
        return outcome

    def answer(self, roster_id: int, reason: str = "已核实", **which: Any) -> int:
        with self.unit() as work:
            count = answers.give(work, someone("zhang"), NOW, roster_id, reason, **which)
            work.commit()
        return count

    def sign(self, roster_id: int, step: str, user: str) -> signoff.Content:
        with self.unit() as work:
            found: signoff.Content = getattr(signoff, step)(work, someone(user), NOW, roster_id)
            work.commit()
        return found

    def release(self, roster_id: int, user: str = "wang") -> release.Authority:
        with self.unit() as work:
            given = release.release(work, someone(user), NOW, roster_id)
            work.commit()
        return given

    def released(self, *found: Screened, rows: list[dict[str, Any]] | None = None) -> int:
        """A roster carried up to its release; warnings are answered."""
        roster_id = self.build(rows)
        self.check(roster_id, *found)
        for rule in {item.finding.rule for item in found if not item.blocking}:
            self.answer(roster_id, rule=rule)
        self.sign(roster_id, "submit", "zhang")
        self.sign(roster_id, "review", "li")
        self.sign(roster_id, "authorise", "wang")
        self.release(roster_id)
        return roster_id

    def approve(self, roster_id: int) -> None:
        """The payment approval form signed by those who have not yet."""
        with self.unit() as work:
            approved(work, NOW, roster_id)
            work.commit()

    def make(self, roster_id: int, user: str = "zhou") -> bankfile.Batch:
        """The bank file, over a payment approval form that all four signed."""
        self.approve(roster_id)
        with self.unit() as work:
            made = bankfile.make(work, someone(user), NOW, roster_id, self.home / "bank.csv")
            work.commit()
        return made

    def authorise(self, roster_id: int, user: str = "sun", **more: Any) -> authorising.Authorised:
        with self.unit() as work:
            made = authorising.authorise(work, someone(user), NOW, roster_id, **more)
            work.commit()
        return made

    def send(self, roster_id: int, user: str = "zhou") -> bankfile.Batch:
        """Made by the cashier and authorised by the second key holder."""
        made = self.make(roster_id, user)
        if not made.again:
            self.authorise(roster_id)
        return made

    def answer_of_bank(self, roster_id: int, *failed: int, **changes: Any) -> pa.Table:
        """The bank's return: all paid but ``failed``; ``changes`` overwrite the first row."""
        with self.engine.connect() as connection:
            rows = [
                {
                    "file": "回盘.csv", "line": item.bank_seq + 1, "seq": item.bank_seq, "account": item.account, "holder": item.holder,
                    "amount": item.fen, "ok": item.bank_seq not in failed, "reason": "账户已销户" if item.bank_seq in failed else "",
                    "serial": f"S{item.bank_seq}", "booked_on": date(2026, 1, 16),
                }
                for item in bankfile.lines(connection, roster_id)
            ]  # fmt: skip
            connection.rollback()
        rows[0].update(changes)
        return pa.Table.from_pylist(rows, schema=RETURN)

    def returned(self, roster_id: int, table: pa.Table, user: str = "zhao", **more: Any) -> bankreturn.Returned:
        with self.unit() as work:
            made = bankreturn.take(work, self.home, taken(table, "bank-return", "回盘.csv", **more), someone(user), NOW, roster_id)
            work.commit()
        return made


def desk(url: str, home: Path) -> Desk:
    """An office with its tables, guards, people and the book of fund R."""
    home.mkdir(exist_ok=True)
    return Desk(laid(url, "payment desk", _desk), home)


def _desk(url: str) -> sa.Engine:
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=[*tables.LEDGER_TABLES, *controls.tables.CONTROLS_TABLES])
        run_guards(work.connection)
        for folder in ("guards", "token_guards", "roster_guards", "budget_guards", "approval_guards", "sweep_guards"):
            run_guards(work.connection, Path(controls.tables.__file__).parent / folder)
        bank = accounts.BookAccount("1004", "支出户存款", "支出户存款", "D", "asset", "", True, "toy", "2018-01-01", "")
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        accounts.open_book(work, 1, "U1", Fund.R, "toy", JANUARY, [bank])
        with patch("controls.people.hash_password", return_value=_hashed_once()):
            people.bootstrap(work, NOW, [people.NewPerson(user, name, (duty,), PASSWORD) for user, (name, duty) in STAFF.items()])
        issued(work, NOW, someone("wang"), {tokens.MAKE: someone("zhou"), tokens.AUTHORISE: someone("sun")})
        work.commit()
    return engine
