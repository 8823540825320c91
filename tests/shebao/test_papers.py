"""The month's papers against the store: statements that cannot serve, open items carried over, and papers printed again byte for byte."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from books.pdf.stamp import read_stamp
from books.reconcile import DifferenceKind, ReconciliationStatement
from controls.errors import NobodySignedIn, NotAllowed
from ledger import accounts
from ledger.funds import Fund
from ledger.months import Month
from shebao.papers import Made, WrongStatementFile, reprint, write_reconciliation, write_statements
from shebao.store import Office
from shebao.verification import verify_paper
from tests.shebao.small_office import FEBRUARY, JANUARY, Small

BANK = "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号"
IN_JANUARY = ("6200002,2026-01-08,拨款,,100.00,100.00,T1", "6200002,2026-01-31,手续费,5.00,,95.00,T2")


@pytest.fixture
def small(tmp_path: Path) -> Small:
    """January in the book: 100.00 funded on the receipt T1, and interest of 1.00 that the bank shows in February only."""
    made = Small(tmp_path / "office")
    axis = {"bank_account": "6200002"}
    funded = made.enter("P1", "2026-01-08", "100.00", "财社拨1", receipt="T1", details=axis)
    made.posted([funded, made.enter("I1", "2026-01-31", "1.00", "利息1", receipt="T3", details={"into": "1004"})])
    return made


def reconciled(small: Small, file_id: int, month: Month = JANUARY, user: str = "zhao", account: str = "1004") -> tuple[ReconciliationStatement, Made]:
    """The reconciliation of the payment account, made and recorded."""
    with small.of("zhao").reading() as connection:
        book = accounts.book_of(connection, Fund.R)
    return write_reconciliation(small.of(user), book, account, month, file_id, small.folder / "papers")


def test_a_file_of_another_kind_cannot_serve(small: Small) -> None:
    """SB6301: a subsidies file is no bank statement; the refusal names the file, the account and the month."""
    number = small.take("subsidies", "险种,级次,指标文号,用途,金额,到账日期", "R,县级,财社1号,代缴保费,1.00,2026-01-05")
    with pytest.raises(WrongStatementFile, match=rf"文件 {number}.*1004 2026-01.*subsidies"):
        reconciled(small, number)
    assert small.trail("reconcile") == []


def test_a_statement_of_another_month_cannot_serve(small: Small) -> None:
    """SB6301: a statement without a row of the month is refused."""
    number = small.take("bank", BANK, "6200002,2026-02-02,拨款,,100.00,100.00,T1")
    with pytest.raises(WrongStatementFile, match="没有本月的行"):
        reconciled(small, number)


def test_a_statement_of_several_accounts_needs_the_book_to_name_its_own(small: Small) -> None:
    """SB6301: of several accounts the one the book's lines name is taken; where the book names none the file is refused."""
    number = small.take("bank", BANK, *IN_JANUARY, "6200009,2026-01-09,他户,,7.00,7.00,T8")
    assert reconciled(small, number)[0].statement_balance == 9500
    with pytest.raises(WrongStatementFile, match="2 个账号"):
        reconciled(small, number, account="1002")


def test_an_opening_that_differs_is_refused(small: Small) -> None:
    """SB6301: a statement that does not open where the book says is refused, with both figures."""
    number = small.take("bank", BANK, "6200002,2026-01-08,拨款,,100.00,108.00,T1")
    with pytest.raises(WrongStatementFile, match=r"期初 8\.00 元.*0\.00 元"):
        reconciled(small, number)
    assert small.trail("reconcile") == []


def test_only_a_bookkeeper_reconciles(small: Small) -> None:
    """C5: SB3001 for everybody but the 会计, and no paper is written."""
    number = small.take("bank", BANK, *IN_JANUARY)
    with pytest.raises(NotAllowed):
        reconciled(small, number, user="sun")
    assert not list((small.folder / "papers").glob("*.pdf"))


def test_open_items_are_carried_into_the_next_month(small: Small) -> None:
    """K11: what January left open opens February, is cleared there by the bank, and the fee stays open until a voucher books it."""
    january, _ = reconciled(small, small.take("bank", BANK, *IN_JANUARY))
    assert {(item.kind, item.amount) for item in january.differences} == {(DifferenceKind.BOOK_IN, 100), (DifferenceKind.STATEMENT_OUT, 500)}
    assert (january.book_balance, january.statement_balance, january.balanced) == (10100, 9500, True)
    february, _ = reconciled(small, small.take("bank", BANK, "6200002,2026-02-01,利息,,1.00,96.00,T3", name="february.csv"), FEBRUARY)
    assert [(item.kind, item.amount, item.days) for item in february.differences] == [(DifferenceKind.STATEMENT_OUT, 500, 28)]
    assert [match.amount for match in february.matches] == [100] and february.balanced


def test_a_month_that_was_not_reconciled_is_missed(small: Small) -> None:
    """SB6301: without January's reconciliation nothing is carried, so February does not open where the book says."""
    with pytest.raises(WrongStatementFile, match=r"95\.00 元.*101\.00 元"):
        reconciled(small, small.take("bank", BANK, "6200002,2026-02-01,利息,,1.00,96.00,T3"), FEBRUARY)


def test_a_reconciliation_is_recorded_and_proved(small: Small) -> None:
    """B4: its digest is in the trail, and printed again from the books it is the same byte for byte; a changed byte is seen."""
    number = small.take("bank", BANK, *IN_JANUARY)
    _, made = reconciled(small, number)
    (record,) = small.trail("reconcile")
    assert (record.actor, record.digest, json.loads(record.facts)["file_id"]) == ("zhao", made.digest, number)
    (file,) = made.files
    assert [result.ok for result in verify_paper(small.of("li"), file)] == [True, True, True]
    assert reprint(small.of("li"), read_stamp(file)).pdf == file.read_bytes()
    changed = file.read_bytes()
    file.write_bytes(changed[:-40] + bytes([changed[-40] ^ 1]) + changed[-39:])
    assert not all(result.ok for result in verify_paper(small.of("li"), file))


def test_statements_follow_the_books(small: Small) -> None:
    """B4: a statement proves itself until its month changes in the books; then it is said to differ."""
    with small.of("zhao").reading() as connection:
        book = accounts.book_of(connection, Fund.R)
    made = write_statements(small.of("zhao"), book, JANUARY, small.folder / "papers")
    papers = [one.files[0] for one in made]
    assert [result.ok for file in papers for result in verify_paper(small.of("li"), file)] == [True] * 6
    small.posted([small.enter("I1", "2026-01-31", "2.00", "利息2", details={"into": "1004"})])
    assert [[result.ok for result in verify_paper(small.of("li"), file)] for file in papers] == [[False, False, True]] * 2


def test_a_stamp_that_says_nothing_of_ours_is_refused(small: Small) -> None:
    """SB6301: a stamp without a fund, of another kind of paper, or with parameters of its own is not printed again."""
    stamped = read_stamp(reconciled(small, small.take("bank", BANK, *IN_JANUARY))[1].files[0])
    with pytest.raises(WrongStatementFile, match="没有险种"):
        reprint(small.of("li"), replace(stamped, stamp=replace(stamped.stamp, fund=None)))
    for strange in (replace(stamped, kind="cash_book"), replace(stamped, stamp=replace(stamped.stamp, parameters=(("account", "1004"), ("file_id", "x"))))):
        with pytest.raises(WrongStatementFile, match="无法识别"):
            reprint(small.of("li"), strange)


def test_nobody_makes_papers_and_anybody_proves_them(small: Small) -> None:
    """C5, SB3004: while nobody is signed in no paper is made; one that was made is proved for whoever holds it."""
    file_id = small.take("bank", BANK, *IN_JANUARY)
    paper = reconciled(small, file_id)[1].files[0]
    with small.of("zhao").reading() as connection:
        book = accounts.book_of(connection, Fund.R)
    for act in (
        lambda: write_statements(Office(small.home), book, JANUARY, small.folder / "none"),
        lambda: write_reconciliation(Office(small.home), book, "1004", JANUARY, file_id, small.folder / "none"),
    ):
        with pytest.raises(NobodySignedIn):
            act()
    assert not list((small.folder / "none").glob("*"))
    assert [result.ok for result in verify_paper(Office(small.home), paper)] == [True, True, True]
