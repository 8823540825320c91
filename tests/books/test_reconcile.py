"""余额调节表: the arithmetic of both sides, the four kinds of open items, and the refusals."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from books.reconcile import (
    BookItem,
    BookSide,
    BookSideBroken,
    Difference,
    DifferenceKind,
    OutsideMonth,
    ReconciliationStatement,
    StatementBroken,
    StatementEnds,
    StatementRow,
    StatementSide,
    opening_of,
    reconcile,
    statement_rows,
)
from tests.books.paper_samples import OCTOBER, bank, item


def made(items: list[BookItem], rows: tuple[StatementRow, ...], opening: int = 0, **more: object) -> ReconciliationStatement:
    """Both sides from the same opening balance, closings computed."""
    book = BookSide(opening, opening + sum(one.amount for one in items), tuple(items))
    statement = StatementSide(opening, rows[-1].balance if rows else opening, rows)
    return reconcile("1004", "支出户存款", OCTOBER, book, statement, **more)  # type: ignore[arg-type]


def kinds(found: ReconciliationStatement) -> list[tuple[DifferenceKind, int]]:
    return [(one.kind, one.amount) for one in found.differences]


def test_the_four_kinds_of_open_items_bring_both_balances_together() -> None:
    """Interest and fee only the bank has, a receipt and a payment only the book has."""
    found = made([item(5, 700, "A"), item(30, 90), item(31, -250)], bank(1_000, (5, 700, "A"), (21, 33, "I"), (31, -5, "F")), 1_000)
    assert kinds(found) == [
        (DifferenceKind.STATEMENT_IN, 33),
        (DifferenceKind.STATEMENT_OUT, 5),
        (DifferenceKind.BOOK_IN, 90),
        (DifferenceKind.BOOK_OUT, 250),
    ]
    assert found.adjusted_book == found.adjusted_statement == 1_000 + 700 + 90 - 250 + 33 - 5
    assert found.balanced
    assert [one.kind.zh("财政") for one in found.differences] == ["财政已收、单位未收", "财政已付、单位未付", "单位已收、财政未收", "单位已付、财政未付"]


def test_every_open_item_says_why_it_is_open_and_how_old_it_is() -> None:
    """Reason, age in days at month end, and where it stands."""
    found = made([item(1, 100), item(2, 60)], bank(0, (20, 60, "")))
    by_amount: dict[int, Difference] = {one.amount: one for one in found.differences if one.kind is DifferenceKind.BOOK_IN}
    assert by_amount[100].reason == "对账单无同额记录"
    assert (by_amount[100].days, by_amount[100].source) == (30, "记-2026-10-01-100")
    assert by_amount[60].reason == "对账单有同额记录，但日期相差 18 天，超过 7 天"


def test_an_item_carried_from_last_month_clears_this_month() -> None:
    """A payment booked in September that the bank did in October matches, and the balances meet."""
    carried = BookItem(date(2026, 9, 30), -400, "P9", "9月待遇", "记-2026-09-0031")
    rows = bank(1_400, (2, -400, "P9"))
    found = reconcile("1004", "支出户存款", OCTOBER, BookSide(1_000, 1_000, (), (carried,)), StatementSide(1_400, 1_000, rows))
    assert found.differences == ()
    assert found.balanced


def test_what_earlier_months_left_unexplained_is_shown_not_hidden() -> None:
    """Openings that differ without carried items leave an unexplained rest."""
    found = reconcile("1004", "支出户存款", OCTOBER, BookSide(1_000, 1_000, ()), StatementSide(1_400, 1_400, ()))
    assert (found.balanced, found.unexplained) == (False, -400)


def test_a_statement_listed_backwards_is_read_in_time() -> None:
    """Many banks list the newest row first."""
    rows = bank(50, (3, 10, "A"), (4, -20, "B"), (9, 5, "C"))
    book = BookSide(50, 45, (item(3, 10, "A"), item(4, -20, "B"), item(9, 5, "C")))
    found = reconcile("1004", "支出户存款", OCTOBER, book, StatementSide(50, 45, tuple(reversed(rows))))
    assert found.differences == ()


def test_a_statement_with_a_missing_row_is_refused_with_its_line() -> None:
    """SB4041 names the line where the balance breaks."""
    rows = bank(0, (1, 10, ""), (2, 20, ""), (3, 30, ""))
    with pytest.raises(StatementBroken) as refused:
        reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 0, ()), StatementSide(0, 60, (rows[0], rows[2])))
    assert refused.value.code == "SB4041"
    assert refused.value.facts == {"line": 4, "expected": "0.40", "found": "0.60"}


@pytest.mark.parametrize(("opening", "closing", "which"), [(5, 30, "期初"), (0, 31, "期末")])
def test_wrong_ends_of_a_statement_are_refused(opening: int, closing: int, which: str) -> None:
    """SB4042 says which end disagrees."""
    rows = bank(0, (1, 10, ""), (2, 20, ""))
    with pytest.raises(StatementEnds, match=which):
        reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 0, ()), StatementSide(opening, closing, rows))


def test_a_book_side_that_does_not_add_up_is_refused() -> None:
    """SB4043: a line of the account is missing."""
    with pytest.raises(BookSideBroken):
        reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 11, (item(1, 10),)), StatementSide(0, 0, ()))


def test_rows_of_another_month_are_refused_on_both_sides() -> None:
    """SB4044: the month is the month."""
    stray = StatementRow(date(2026, 11, 1), 0, 10, 10, "", "", "", 2)
    with pytest.raises(OutsideMonth, match="第 2 行"):
        reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 0, ()), StatementSide(0, 10, (stray,)))
    early = BookItem(date(2026, 9, 30), 10, "", "", "记-1")
    with pytest.raises(OutsideMonth, match="记-1"):
        reconcile("1004", "支出户存款", OCTOBER, BookSide(0, 10, (early,)), StatementSide(0, 0, ()))


def test_rows_come_from_the_canonical_bank_table() -> None:
    """The bank's credit is money in; other accounts in the same file are left out."""
    table = pa.table(
        {
            "account": ["A", "B"],
            "on": [date(2026, 10, 1), date(2026, 10, 2)],
            "memo": ["拨款", "x"],
            "debit": pa.array([0, 7], pa.int64()),
            "credit": pa.array([100, 0], pa.int64()),
            "balance": pa.array([100, 3], pa.int64()),
            "serial": ["S1", "S2"],
            "party": ["财政局", ""],
            "party_account": ["", ""],
            "line": pa.array([5, 6], pa.int32()),
        }
    )
    rows = statement_rows(table, "A")
    assert rows == (StatementRow(date(2026, 10, 1), 0, 100, 100, "拨款", "S1", "财政局", 5),)
    assert rows[0].amount == 100


def test_open_items_of_one_month_are_what_the_next_carries_in() -> None:
    """An item open for two months stays in sight until it clears, and the balances meet in every month."""
    september = OCTOBER - 1
    first = reconcile(
        "1004", "支出户存款", september, BookSide(0, -7, (BookItem(date(2026, 9, 3), -7, "P", "", "记-1"),)), StatementSide(0, 0, ())
    )
    second = reconcile("1004", "支出户存款", OCTOBER, BookSide(-7, -7, (), first.open_items), StatementSide(0, 0, (), first.open_rows))
    assert [one.days for one in second.differences] == [58]
    assert second.balanced and second.open_items == first.open_items


def test_the_opening_balance_follows_from_a_whole_statement_either_way() -> None:
    """Forward or backward; a broken one is refused."""
    rows = bank(50, (3, 10, "A"), (4, -20, "B"), (9, 5, "C"))
    assert opening_of(rows) == opening_of(rows[::-1]) == 50
    with pytest.raises(StatementBroken):
        opening_of((rows[0], rows[2]))
