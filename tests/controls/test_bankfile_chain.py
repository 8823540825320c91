"""The bank file, its return, and payments that come back later: what is refused, and what adds up."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import bankfile, bankreturn, comebacks
from controls.approvals import store as approvals
from controls.approvals.errors import NotApproved
from controls.bankreturn import returned
from controls.duties import Actor, Duty
from controls.errors import AlreadyTaken, NotAllowed, RowsWithErrors, SamePerson
from controls.errors_payment import (
    AlreadyMade,
    AlreadyReturned,
    FileInTheWay,
    NoEvidence,
    NoReason,
    NotOut,
    NotPaidLine,
    NotReleased,
    ReturnLine,
    ReturnTotals,
    RosterChanged,
)  # fmt: skip
from controls.rosterlaw.errors import ReleasedTwice
from ledger.errors import DatabaseRefusal
from tests.approving import SIGNERS
from tests.controls.payment_desk import BANK, DEAD, NOW, Desk, desk, five_people, line, someone, taken


@pytest.fixture
def office(store_url: str, tmp_path: Path) -> Desk:
    return desk(store_url, tmp_path / "home")


def _statement(office: Desk, *rows: tuple[date, int, str], name: str = "对账单.csv") -> None:
    data = [{"file": name, "line": n, "on": on, "credit": fen, "debit": 0, "serial": serial} for n, (on, fen, serial) in enumerate(rows, start=2)]
    office.take(pa.Table.from_pylist(data, schema=BANK), "bank", name, "zhao")


def test_the_bank_file_has_one_line_a_person_and_account(office: Desk) -> None:
    """Parts of one person's month are summed, held lines left out, numbers run from 1, and the file is its owner's alone."""
    roster_id = office.released(DEAD)
    made = office.send(roster_id)
    path = office.home / "bank.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0] == ["序号", "银行账号", "户名", "金额", "开户行", "备注"]
    assert rows[1] == ["1", "6228480000000000001", "甲1", "183.01", "农商行", "R202601-1"]
    assert [row[2] for row in rows[1:]] == ["甲1", "甲2", "甲4", "甲5"]
    assert (made.lines, made.fen) == (4, sum(row["net"] for row in five_people()) - 18303)
    assert path.stat().st_mode & 0o077 == 0


def test_no_bank_file_before_the_release(office: Desk) -> None:
    """C3: an unreleased roster gives no bank file, and the database takes no payment line for it."""
    roster_id = office.build()
    with pytest.raises(NotReleased):
        office.send(roster_id)
    with pytest.raises(DatabaseRefusal, match="SB3070"), office.unit() as work:
        work.connection.execute(
            bankfile.bank_line.insert().values(
                book_id=1, roster_id=roster_id, bank_seq=1, payee=1, number="", name="", account="1", holder="甲", bank="", fen=1
            )
        )


def test_only_the_cashier_makes_the_bank_file(office: Desk) -> None:
    """C5: the leader who released it cannot make the bank file, nor can the accountant."""
    roster_id = office.released()
    for user in ("wang", "zhao"):
        with pytest.raises(NotAllowed):
            office.send(roster_id, user)


def test_a_second_bank_file_is_a_copy_or_refused(office: Desk) -> None:
    """Making it again writes the very same bytes; other content is refused."""
    roster_id = office.released()
    first = office.send(roster_id)
    again = office.send(roster_id)
    assert (again.sha256, again.again, first.again) == (first.sha256, True, False)
    with office.engine.connect() as connection:
        off = "DROP TRIGGER shebao_bank_line_keep" if office.engine.dialect.name == "sqlite" else "ALTER TABLE shebao_bank_line DISABLE TRIGGER USER"
        connection.exec_driver_sql(off)
        connection.exec_driver_sql("UPDATE shebao_bank_line SET account = '6228480000000099999' WHERE bank_seq = 1")
        connection.commit()
    (office.home / "bank.csv").unlink()
    with pytest.raises(AlreadyMade):
        office.send(roster_id)


def test_the_bank_file_overwrites_nothing(office: Desk) -> None:
    """Another file in the place of the bank file is left alone, and nothing counts as sent."""
    roster_id = office.released()
    (office.home / "bank.csv").write_text("something else")
    with pytest.raises(FileInTheWay):
        office.send(roster_id)
    assert (office.home / "bank.csv").read_text() == "something else"
    with office.engine.connect() as connection:
        assert bankfile.totals(connection, roster_id).sent == (0, 0)


def test_a_line_changed_after_the_release_makes_no_bank_file(office: Desk) -> None:
    """C2: the cashier's step proves the signed content once more."""
    roster_id = office.released()
    with office.engine.connect() as connection:
        off = "DROP TRIGGER shebao_roster_line_keep" if office.engine.dialect.name == "sqlite" else "ALTER TABLE shebao_roster_line DISABLE TRIGGER USER"
        connection.exec_driver_sql(off)
        connection.exec_driver_sql("UPDATE shebao_roster_line SET account = '6228480000000099999' WHERE seq = 1")
        connection.commit()
    with pytest.raises(RosterChanged, match="序号 1"):
        office.send(roster_id)


def test_the_return_splits_what_was_sent(office: Desk) -> None:
    """Paid + failed = sent = released; successes are one row a number, item and month; failures carry the bank's reason."""
    roster_id = office.released()
    office.send(roster_id)
    made = office.returned(roster_id, office.answer_of_bank(roster_id, 2))
    assert (made.paid, made.failed) == ((4, 4 * 16300 + 2001 + 2003 + 2004 + 2005), (1, 18302))
    with office.engine.connect() as connection:
        found = bankfile.totals(connection, roster_id)
        rows = bankfile.successes(connection, roster_id)
        failed = bankfile.failures(connection, roster_id)
        assert returned(connection, roster_id) == made
    assert found.released == found.sent == (5, sum(row["net"] for row in five_people()))
    assert (found.paid, found.failed, found.came_back) == (made.paid, made.failed, (0, 0))
    assert rows[0] == ("62082119500101001X", "个人账户养老金", 202601, 2001, "个人账户养老金")
    assert len(rows) == 8 and rows == sorted(rows) and sum(row[3] for row in rows) == made.paid[1]
    assert [(item.bank_seq, item.reason) for item in failed] == [(2, "账户已销户")]


def test_two_lines_of_one_key_are_refused(office: Desk) -> None:
    """Two lines of one person's item and month are released once (SB2175): the handler puts them together before anybody signs."""
    with pytest.raises(ReleasedTwice):
        office.released(rows=[line(1, 1, "基础养老金", 100), line(2, 1, "基础养老金", 11), line(3, 2, "基础养老金", 5)])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"amount": 18300}, "金额 183.00 元与送盘 183.01 元不符"),
        ({"holder": "甲2"}, "户名“甲2”与送盘“甲1”不符"),
        ({"account": "6228480000000000002"}, "银行账号与送盘不符"),
        ({"seq": 9}, "序号 9 不在送盘中"),
        ({"seq": 2, "amount": 18302, "holder": "甲2", "account": "6228480000000000002"}, "序号 2 重复出现"),
    ],
)
def test_a_return_line_that_differs_refuses_the_file(office: Desk, change: dict[str, object], why: str) -> None:
    """Another amount, holder, account or number, or a line twice, refuses the whole return; nothing is stored."""
    roster_id = office.released()
    office.send(roster_id)
    with pytest.raises(ReturnLine, match=why):
        office.returned(roster_id, office.answer_of_bank(roster_id, **change))
    with office.engine.connect() as connection:
        assert returned(connection, roster_id) is None
        assert bankfile.totals(connection, roster_id).paid == (0, 0)


def test_a_missing_return_line_refuses_the_file(office: Desk) -> None:
    """A return without one of the lines sent is refused."""
    roster_id = office.released()
    office.send(roster_id)
    with pytest.raises(ReturnLine, match="缺送盘序号 1"):
        office.returned(roster_id, office.answer_of_bank(roster_id).slice(1))


def test_a_return_that_does_not_add_up_is_refused(office: Desk) -> None:
    """Sums are proved on their own: a bank line changed in the store so that it meets the return no longer meets the release."""
    roster_id = office.released()
    office.send(roster_id)
    with office.engine.connect() as connection:
        off = "DROP TRIGGER shebao_bank_line_keep" if office.engine.dialect.name == "sqlite" else "ALTER TABLE shebao_bank_line DISABLE TRIGGER USER"
        connection.exec_driver_sql(off)
        connection.exec_driver_sql("UPDATE shebao_bank_line SET fen = fen + 100 WHERE bank_seq = 1")
        connection.commit()
    with pytest.raises(ReturnTotals):
        office.returned(roster_id, office.answer_of_bank(roster_id))


def test_the_database_proves_the_return_too(office: Desk) -> None:
    """A return row whose counts or sums are not those of its lines, or of whoever sent the batch, is refused by the database."""
    roster_id = office.released()
    office.send(roster_id)
    row = {"book_id": 1, "roster_id": roster_id, "file_id": 1, "paid_count": 5, "paid_fen": 1, "failed_count": 0, "failed_fen": 0, "taken_at": NOW}
    for user, code in (("zhao", "SB3073"), ("zhou", "SB3002"), ("sun", "SB3002")):
        with pytest.raises(DatabaseRefusal, match=code), office.unit() as work:
            work.connection.execute(bankreturn.bank_return.insert().values(**row, taken_by=user))


def test_who_sent_it_does_not_take_the_return(office: Desk) -> None:
    """C1: the cashier lacks the duty; and if the same person were an accountant by now, the batch they sent still bars them."""
    roster_id = office.released()
    office.send(roster_id)
    table = office.answer_of_bank(roster_id)
    with pytest.raises(NotAllowed):
        office.returned(roster_id, table, "zhou")
    sender = Actor("zhou", "周出纳", frozenset({Duty.BOOKKEEP}))
    with pytest.raises(SamePerson), office.unit() as work:
        bankreturn.take(work, office.home, taken(table, "bank-return", "回盘.csv"), sender, NOW, roster_id)


def test_a_return_is_taken_once(office: Desk) -> None:
    """The same return again, or another one for the same batch, is refused."""
    roster_id = office.released()
    with pytest.raises(NotOut):
        office.returned(roster_id, pa.table({"line": pa.array([], pa.int32())}))
    office.send(roster_id)
    table = office.answer_of_bank(roster_id)
    office.returned(roster_id, table)
    with pytest.raises(AlreadyTaken):
        office.returned(roster_id, table)
    with pytest.raises(AlreadyReturned):
        office.returned(roster_id, office.answer_of_bank(roster_id, 1))


def test_a_return_with_rows_in_error_is_refused(office: Desk) -> None:
    """A return is never taken in part."""
    roster_id = office.released()
    office.send(roster_id)
    with pytest.raises(RowsWithErrors):
        office.returned(roster_id, office.answer_of_bank(roster_id), rejects=["one"])


def test_a_payment_that_comes_back_rests_on_the_statement(office: Desk) -> None:
    """P4: a succeeded payment is registered as come back with its parts, from one receipt of the very amount; a receipt counts once."""
    rows = [line(1, 1, "基础养老金", 16300), line(2, 1, "个人账户养老金", 2000), line(3, 2, "基础养老金", 18300), line(4, 3, "基础养老金", 5)]
    roster_id = office.released(rows=rows)
    office.send(roster_id)
    day = date(2026, 1, 20)
    with pytest.raises(NotOut), office.unit() as work:
        comebacks.record(work, office.home, someone("zhao"), NOW, roster_id, 1, day, "账户注销")
    office.returned(roster_id, office.answer_of_bank(roster_id, 3))

    def come(seq: int, reason: str = "账户注销", user: str = "zhao", **more: str) -> bankfile.Comeback:
        with office.unit() as work:
            made = comebacks.record(work, office.home, someone(user), NOW, roster_id, seq, day, reason, **more)
            work.commit()
        return made

    with pytest.raises(NoEvidence):
        come(1)
    _statement(office, (day, 18300, "T7"), (day, 99, "T8"))
    with pytest.raises(NoEvidence):
        come(1, serial="T9")
    with pytest.raises(NoReason):
        come(1, " ")
    with pytest.raises(NotAllowed):
        come(1, user="zhou")
    made = come(1, serial="T7")
    assert made.fen == 18300 and made.evidence.endswith(":2")
    assert made.rows == (
        ("62082119500101001X", "个人账户养老金", 202601, 2000, "个人账户养老金"),
        ("62082119500101001X", "基础养老金", 202601, 16300, "基础养老金"),
    )
    with pytest.raises(NoEvidence):
        come(2)
    with pytest.raises(NotPaidLine, match="没有付出"):
        come(3)
    with pytest.raises(NotPaidLine, match="已登记"):
        come(1)
    with office.engine.connect() as connection:
        assert bankfile.comebacks(connection, roster_id) == [made]
        assert bankfile.totals(connection, roster_id).came_back == (1, 18300)


def test_no_bank_file_before_the_form_is_signed(office: Desk) -> None:
    """SB2180: 《基金支付审批表》 takes four signatures first, in the program and by the database alone; the refusal names who is missing."""
    number = office.released()

    def made() -> None:
        with office.unit() as work:
            bankfile.make(work, someone("zhou"), NOW, number, office.home / "盘.csv")

    for actor in SIGNERS:
        with pytest.raises(NotApproved, match="单位负责人"):
            made()
        with pytest.raises(DatabaseRefusal, match="SB2180"), office.unit() as work:
            values = f"(1, {number}, 'R202601-9', '', '', 1, 'x', 'x', 5, 1, 'zhou', '{NOW}')"
            work.connection.exec_driver_sql(f"INSERT INTO shebao_bank_batch VALUES {values}")
        with office.unit() as work:
            approvals.sign_payment(work, NOW, actor, number)
            work.commit()
    made()
