"""Refusals of the ledger that no other test brings about: a fund without a book, a guard that is gone, an account no closing rule covers."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from ledger import accounts, chain, posted
from ledger.chart import Chart
from ledger.db import UnitOfWork, reading, sqlite_url
from ledger.entries import PayoutRow
from ledger.errors_posting import GuardMissing
from ledger.events import EventNotForFund, closing_lines
from ledger.funds import Fund
from ledger.posting import Signed, post
from tests.ledger.store import opened
from tests.ledger.test_posting import payout_entry

ROWS: list[PayoutRow] = [("62082119500101001X", "基础养老金", 202601, 16300, "500101")]
PEOPLE = Signed("zhao", "sun", "zhao")


def test_a_fund_without_a_book(store_url: str) -> None:
    """SB1204: an office asked for the book of a fund it does not keep says so, and gives the book of the one it keeps."""
    with reading(opened(store_url)) as connection:
        assert accounts.book_of(connection, Fund.R).book_id == 1
        with pytest.raises(accounts.NoSuchBook, match="失业保险"):
            accounts.book_of(connection, Fund.U)


def test_a_guard_that_is_gone_stops_posting(tmp_path: Path) -> None:
    """SB1312: without the guard of its rows a payout is not posted, and nothing of it stays."""
    engine = opened(sqlite_url(tmp_path / "store.db"))
    with UnitOfWork(engine) as work:
        work.connection.exec_driver_sql("DROP TRIGGER shebao_payout_enter")
        work.commit()
    with pytest.raises(GuardMissing, match="shebao_payout_enter"), UnitOfWork(engine) as work:
        post(work, 1, payout_entry(ROWS), PEOPLE, "2026-01-31T09:00:00+08:00", ROWS)
        work.commit()
    with reading(engine) as connection:
        assert list(posted.entries(connection, 1)) == [] and chain.head(connection) == (0, "")
        assert connection.execute(sa.text("SELECT COUNT(*) FROM shebao_payout")).scalar() == 0


def test_an_account_no_closing_rule_covers() -> None:
    """SB1022: a result account that the template's rules do not close is refused by its code and never left behind in silence."""
    foreign = Chart.load(fund=Fund.R)
    with pytest.raises(EventNotForFund, match=r"40010301 没有结转规则"):
        closing_lines(Fund.ME, {"40010301": -500}, foreign)
    assert [line.account for line in closing_lines(Fund.R, {"40010301": -500}, foreign)] == ["40010301", "3001"]
