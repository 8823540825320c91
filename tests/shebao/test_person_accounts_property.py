"""K15 after any random legal sequence: sums over people equal the flows in the books, no balance below nil, verify proves every act; both databases."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.person_accounts import interest, leaving, moves, opening, page, ties
from controls.person_accounts.errors import AccountBusy, AlreadyDrawing, BadMove, NothingLeft, YearNotReady
from ledger.db import UnitOfWork
from ledger.errors import DatabaseRefusal
from ledger.funds import Fund
from ledger.months import Month
from ledger.person_accounts import store
from shebao import evidence_person_accounts
from shebao.evidence import Broken
from tests.shebao.person_account_desk import ACCOUNTS, ASSESS, REGISTER, Accounts, number

PEOPLE = [number(place) for place in range(1, 5)]
LEGAL = (NothingLeft, AccountBusy, AlreadyDrawing, BadMove, YearNotReady)
"""What a random step may meet; anything else is a fault."""


class Game:
    """Random legal steps of one office, month after month."""

    def __init__(self, office: Accounts, seed: int) -> None:
        self.office = office
        self.random = random.Random(seed)
        self.month = Month(2026, 1)
        self.done: list[str] = []
        self.steps: list[Callable[[], None]] = [
            self.contribute, self.contribute, self.pay, self.pay, self.refund, self.transfer, self.transfer_in, self.transfer_out, self.death, self.correct,
            self.duplicate, self.back,
        ]  # fmt: skip

    @property
    def day(self) -> date:
        """A day of the month."""
        return date(self.month.year, self.month.month, 10)

    def who(self) -> str:
        """Somebody."""
        return self.random.choice(PEOPLE)

    def play(self, steps: int) -> None:
        """Steps with K15 after each; sometimes a month goes by."""
        for _ in range(steps):
            step = self.random.choice(self.steps)
            try:
                step()
                self.done.append(step.__name__)
            except LEGAL:
                self.done.append(f"{step.__name__} refused")
            self.holds()
            if self.random.random() < 0.4:
                self.month = self.month + 1
                for fund in (Fund.R, Fund.E):
                    self.office.open_through(str(self.month), fund)

    def holds(self) -> None:
        """K15 of both books, and nobody below nil."""
        for fund in (Fund.R, Fund.E):
            assert self.office.k15(str(self.month), fund) == [], self.done
        with self.office.office.reading() as connection:
            rolled = ties.roll(connection, self.office.book(), self.month)
            pages = [page.page(connection, self.office.book(), who, self.month) for who in PEOPLE]
        assert sum(rolled.closing.values()) == sum(one.total for one in pages)
        assert all(fen >= 0 for one in pages for fen in one.balance.values())

    def act(self, call: Callable[[UnitOfWork, str], object]) -> object:
        """An act proposed, reviewed and booked."""
        with self.office.unit() as work:
            made = call(work, self.office.office.now())
            work.commit()
        for one in made if isinstance(made, tuple) else (made,):
            self.office.accepted(one)
        return made

    def contribute(self) -> None:
        part = self.random.choice(list(ACCOUNTS))
        self.office.contribute(self.day.isoformat(), {(who, part): self.random.randrange(1, 30000) for who in self.random.sample(PEOPLE, 2)})

    def pay(self) -> None:
        period = self.month.number
        self.office.pay(
            self.day.isoformat(), [(self.who(), "个人账户养老金", period, self.random.randrange(1, 9000)), (self.who(), "基础养老金", period, 15000)]
        )

    def refund(self) -> None:
        who = self.who()
        with self.office.office.reading() as connection:
            has = moves.held(connection, self.office.book(), who, self.month).parts.get("own", 0)
            entered = [one for one in page.lines(connection, self.office.book(), who, self.month.year * 100, self.month.number) if one.name == "个人缴费"]
        if has > 1 and sum(one.fen for one in entered) > has:
            self.office.refund(self.day.isoformat(), who, "own", self.random.randrange(1, has))

    def transfer(self) -> None:
        give, take = self.random.sample([self.office.book(Fund.R), self.office.book(Fund.E)], 2)
        key = f"衔接{len(self.done)}"
        self.act(lambda work, now: moves.between_schemes(work, now, REGISTER, give, take, self.who(), day=self.day, into="1003", key=key, evidence="审批表"))

    def transfer_in(self) -> None:
        parts = {"个人缴费": self.random.randrange(1, 9000), "省补贴": self.random.randrange(1, 900)}
        key = f"转入{len(self.done)}"
        self.act(
            lambda work, now: moves.transfer_in(
                work, now, REGISTER, self.office.book(), self.who(), parts, day=self.day, into="1003", key=key, evidence="信息表"
            )
        )

    def transfer_out(self) -> None:
        key = f"转出{len(self.done)}"
        self.act(
            lambda work, now: moves.transfer_out(
                work, now, REGISTER, self.office.book(), self.who(), day=self.day, key=key, evidence="联系函", pooled=self.random.choice([0, 500])
            )
        )

    def back(self) -> None:
        mine = [one for one in self.office.batches() if one.kind == "transfer" and one.facts["voucher"]["event"] in ("T1", "T3")]
        if mine:
            one = self.random.choice(mine)
            account = "1004" if one.facts["voucher"]["event"] == "T3" else "1003"
            self.act(
                lambda work, now: moves.returned(
                    work, now, REGISTER, self.office.book(), one.batch_id, day=self.day, account=account, evidence="通知", reason="退回"
                )
            )

    def death(self) -> None:
        happened = (self.month - self.random.choice([0, 1, 2])).first_day
        aid = self.random.choice([0, 5000])
        self.act(
            lambda work, now: leaving.one_off(
                work, now, ASSESS, self.office.book(), self.who(), reason="死亡", happened=happened, day=self.day, evidence="证明", funeral=aid
            )
        )

    def duplicate(self) -> None:
        self.act(
            lambda work, now: leaving.one_off(
                work, now, ASSESS, self.office.book(), self.who(), reason="重复领取清退", happened=self.month.first_day, day=self.day, evidence="认定书"
            )
        )

    def correct(self) -> None:
        fen = self.random.randrange(1, 500)
        one, other = self.random.sample(PEOPLE, 2)
        rows = {(one, "own"): -fen, (other, "own"): fen}
        self.act(lambda work, now: moves.correct(work, now, REGISTER, self.office.book(), rows, month=self.month, reason="录错", evidence="说明"))

    def year_end(self) -> None:
        """The rest of the year goes by, is closed, and its interest settled in both books."""
        year = self.month.year
        self.month = Month(year + 1, 1)
        for fund in (Fund.R, Fund.E):
            self.office.open_through(str(self.month), fund)
            self.office.close("2025-12", *(str(Month(year, month)) for month in range(1, 13)), fund=fund)
            try:
                self.act(lambda work, now, fund=fund: interest.propose(work, now, ASSESS, self.office.book(fund), year, "公布"))  # type: ignore[misc]
            except YearNotReady:
                self.done.append(f"no interest in {fund}")
        self.holds()


@contextmanager
def playing(tmp_path: Path, store_url: str, seed: int) -> Iterator[Game]:
    """A game on a database."""
    yield Game(Accounts(tmp_path / "office", url=store_url), seed)


@pytest.mark.parametrize("seed", [7, 2026])
def test_any_legal_sequence_ties_to_the_books(tmp_path: Path, store_url: str, seed: int) -> None:
    """K15: openings, contributions, refunds, payments, transfers, deaths, duplicates, corrections, two interest years: sums over people stay the books'."""
    with playing(tmp_path, store_url, seed) as game:
        file = tmp_path / "期初.csv"
        file.write_text(
            "证件号码,个人缴费,县补贴\n" + "".join(f"{who},{game.random.randrange(1, 900)}.{place}1,30\n" for place, who in enumerate(PEOPLE)), encoding="utf-8"
        )
        read = opening.read(file)
        total = {"persons": read.persons, "total": read.total}
        game.act(lambda work, now: opening.propose(work, now, REGISTER, game.office.book(), read, Month(2025, 12), evidence="清册", **total))  # type: ignore[arg-type]
        game.holds()
        game.play(10)
        game.year_end()
        game.play(5)
        game.year_end()
        with game.office.office.reading() as connection:
            for fund in (Fund.R, Fund.E):
                assert "与留痕相符" in evidence_person_accounts.kept(connection, game.office.book(fund))


FORGED = {
    "UPDATE shebao_person_account_act SET amount_fen = amount_fen + 1": "明细",
    "DELETE FROM shebao_person_account_act WHERE number = (SELECT MIN(number) FROM shebao_person_account_act)": "明细",
    "UPDATE shebao_person_account_year SET interest_fen = interest_fen + 1, closing_fen = closing_fen + 1": "明细",
    "UPDATE shebao_person_account_batch SET reason = '别的' WHERE kind = 'opening'": "明细",
    "UPDATE shebao_person_account_batch SET reviewed_by = proposed_by": "two_people|CHECK|审核",
    "UPDATE shebao_person_account_batch SET reviewed_by = 'x'": "审核",
    "UPDATE shebao_person_account_batch SET proposed_at = 'x'": "提出",
    "UPDATE shebao_person_account_batch SET state = 'rejected' WHERE kind = 'opening'": "审核",
}


@pytest.fixture
def settled(tmp_path: Path, store_url: str) -> Accounts:
    """An office with an opening and a settled year."""
    game = Game(Accounts(tmp_path / "office", url=store_url), 1)
    file = tmp_path / "期初.csv"
    file.write_text(f"证件号码,个人缴费\n{PEOPLE[0]},1000\n{PEOPLE[1]},500\n", encoding="utf-8")
    read = opening.read(file)
    game.act(lambda work, now: opening.propose(work, now, REGISTER, game.office.book(), read, Month(2025, 12), persons=2, total=150000, evidence="清册"))
    game.year_end()
    return game.office


def _guards(office: Accounts, enabled: bool) -> None:
    """Switches the guards of person accounts off, as somebody at the database would."""
    with office.unit() as work:
        tables = ("act", "year", "batch")
        if work.is_sqlite:
            found = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'shebao_person_account%'"
            for name in work.connection.exec_driver_sql(found).scalars().all():
                work.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for table in tables:
                work.connection.exec_driver_sql(f"ALTER TABLE shebao_person_account_{table} {'ENABLE' if enabled else 'DISABLE'} TRIGGER USER")
        work.commit()


def test_what_was_forged_is_named(settled: Accounts) -> None:
    """verify: with the guards off, every forged row, signer, time and state of an act is found."""
    book = settled.book()
    with settled.office.reading() as connection:
        assert "2 件个人账户事项 4 行" in evidence_person_accounts.kept(connection, book)
    _guards(settled, False)
    for statement, said in FORGED.items():
        try:
            with settled.unit() as work:
                work.connection.exec_driver_sql(statement)
                with pytest.raises(Broken) as broken:
                    evidence_person_accounts.kept(work.connection, book)
                assert any(word in str(broken.value) for word in said.split("|")), statement
        except sa.exc.IntegrityError as refused:
            assert "two_people" in str(refused) or "CHECK" in str(refused)


def test_a_year_that_its_flows_do_not_give_is_named(settled: Accounts) -> None:
    """verify: a settled year whose digest was forged along with its rows still differs from what the flows give."""
    book = settled.book()
    _guards(settled, False)
    with settled.unit() as work:
        work.connection.exec_driver_sql("UPDATE shebao_person_account_act SET amount_fen = amount_fen + 100 WHERE kind = 'opening'")
        found = [one for one in store.batches(work.connection, book.book_id) if one.kind == "interest"]
        assert not interest.holds(work.connection, book, found[0])


STOPPED = [
    "UPDATE shebao_person_account_act SET amount_fen = 1",
    "DELETE FROM shebao_person_account_act",
    "UPDATE shebao_person_account_year SET closing_fen = 1",
    "DELETE FROM shebao_person_account_year",
    "DELETE FROM shebao_person_account_batch",
    "UPDATE shebao_person_account_batch SET fen = 1",
    "UPDATE shebao_person_account_batch SET state = 'proposed'",
    "UPDATE shebao_person_account_batch SET reviewed_by = 'x'",
    "INSERT INTO shebao_person_account_act SELECT book_id, batch_id, '9' || number, part, kind, 1 FROM shebao_person_account_act",
    "INSERT INTO shebao_person_account_year SELECT book_id, batch_id, '9' || number, part, 0, 0, 0, 0, 0, 0 FROM shebao_person_account_year",
]
COPY = (
    "INSERT INTO shebao_person_account_batch SELECT book_id, {id}, kind, {state}, {period}, books, 'k{id}', key, reason, evidence, facts, 0, 0, digest, "
    "proposed_by, proposed_at, {by}, {by}, '' FROM shebao_person_account_batch WHERE kind = {kind}"
)


def test_no_door_changes_what_stands(settled: Accounts) -> None:
    """SB1426: rows and batches are not updated, deleted or slipped in, by any statement; a batch is not born accepted, nor numbered at will."""
    born = {"id": 3, "state": "'building'", "period": "202712", "by": "''", "kind": "'interest'"}
    wrong = [born | {"id": 9}, born | {"state": "'accepted'"}, born | {"by": "'x'"}]
    replaced = [f"INSERT OR REPLACE INTO shebao_person_account_{table} SELECT * FROM shebao_person_account_{table}" for table in ("act", "year", "batch")]
    replaced = replaced if settled.office.engine.dialect.name == "sqlite" else []
    for statement in (*STOPPED, *replaced, *(COPY.format(**one) for one in wrong)):
        with pytest.raises(DatabaseRefusal) as refused, settled.unit() as work:
            work.connection.exec_driver_sql(statement)
            work.commit()
        assert refused.value.facts["code"] == "SB1426", statement


@pytest.mark.parametrize(
    ("kind", "period", "legal"), [("interest", 202712, True), ("interest", 202812, False), ("interest", 202612, False), ("opening", 202701, False)]
)
def test_years_run_on_and_openings_come_once_at_the_database(settled: Accounts, kind: str, period: int, legal: bool) -> None:
    """SB1426: whatever Python says, a year is settled once and in its turn, and opening balances only once."""
    copied = COPY.format(id=3, state="'building'", period=period, by="''", kind=f"'{kind}'")
    move = "UPDATE shebao_person_account_batch SET state = '{}'{} WHERE batch_id = 3"
    signed = ", reviewed_by = 'li', reviewed_at = 'now'"

    def walk() -> None:
        with settled.unit() as work:
            for statement in (copied, move.format("proposed", ""), move.format("accepted", signed)):
                work.connection.exec_driver_sql(statement)

    if legal:
        walk()
    else:
        with pytest.raises(DatabaseRefusal) as refused:
            walk()
        assert refused.value.facts["code"] == "SB1426"


def test_a_batch_is_sealed_with_what_it_announces(settled: Accounts) -> None:
    """SB1426: a batch whose rows are not those announced cannot be proposed, its proposer cannot sign it, and a settled year takes nothing."""
    copied = COPY.format(id=3, state="'building'", period=202712, by="''", kind="'interest'").replace(", 0, 0, digest", ", 1, 5, digest")
    move = "UPDATE shebao_person_account_batch SET state = '{}'{} WHERE batch_id = 3"
    for statements in (
        (copied, move.format("proposed", "")),
        (COPY.format(id=3, state="'building'", period=202712, by="''", kind="'interest'"), move.format("proposed", ""),
         "UPDATE shebao_person_account_batch SET state = 'accepted', reviewed_by = proposed_by, reviewed_at = 'now' WHERE batch_id = 3"),
        (COPY.format(id=3, state="'building'", period=202601, by="''", kind="'opening'").replace("SELECT book_id, 3, kind", "SELECT book_id, 3, 'correction'"),
         move.format("proposed", ""), move.format("accepted", ", reviewed_by = 'li', reviewed_at = 'now'")),
    ):  # fmt: skip
        with pytest.raises(DatabaseRefusal) as refused, settled.unit() as work:
            for statement in statements:
                work.connection.exec_driver_sql(statement)
        assert refused.value.facts["code"] == "SB1426"
