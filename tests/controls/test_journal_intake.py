"""The cashier's own receipts file goes into the journal whole, or not at all; a file the bookkeepers took in never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from controls import journal_intake
from controls.errors import NotAllowed
from controls.errors_journals import BookkeepersFile, ReceiptsUnfit
from controls.intake.reader import Taken, read
from controls.journals import Kind
from controls.tables import source_file
from ledger.db import UnitOfWork
from tests.controls.intake_files import write_csv
from tests.controls.journal_desk import NOW, WANG, ZHAO, Desk, desk

HEAD = "账号,交易日期,摘要,借方金额,贷方金额,余额,交易流水号,对方户名"
ROWS = ("6200000000001004,2026-01-05,利息,,5.00,15.00,S1,农商行", "6200000000001004,2026-01-06,发放,3.00,,12.00,S2,代发")


def file(folder: Path, *lines: str) -> Taken:
    return read(write_csv(folder / "回单.csv", [line.split(",") for line in (HEAD, *lines)]), "bank")


def entered(at: Desk, taken: Taken, journal: int = 1, actor: Any = WANG) -> Any:
    return at.step(journal_intake.enter, actor, journal, taken)


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_receipts_file_goes_in_whole(store_url: str, tmp_path: Path, newest_first: bool) -> None:
    """Rows become lines in the order of time, with serial, counterpart and the digest of the file; a second time they are refused."""
    at = desk(store_url)
    at.opened()
    taken = file(tmp_path, *(ROWS[::-1] if newest_first else ROWS))
    made = entered(at, taken)
    assert [(one.receipt.number, one.receipt.into, one.receipt.out, one.balance, one.receipt.counterpart) for one in made] == [
        ("S1", 500, 0, 1_500, "农商行"), ("S2", 0, 300, 1_200, "代发"),
    ]  # fmt: skip
    assert {one.source for one in made} == {taken.sha256}
    with pytest.raises(ReceiptsUnfit, match="滚算"):
        entered(at, taken)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (("6200,2026-01-05,利息,,5.00,15.00,S1,行",), "账号"),
        (("6200000000001004,2026-01-05,利息,,5.00,15.00,,行",), "流水号"),
        (("6200000000001004,2026-01-05,利息,,5.00,16.00,S1,行",), "滚算"),
        ((ROWS[0], "6200000000001004,2026-13-05,利息,,5.00,20.00,S2,行"), "不能读取"),
    ],
)
def test_what_does_not_fit_goes_in_not_at_all(store_url: str, tmp_path: Path, rows: tuple[str, ...], why: str) -> None:
    """SB3171: another account, no serial, a balance that is not the journal's, a row that cannot be read."""
    at = desk(store_url)
    at.opened()
    with pytest.raises(ReceiptsUnfit, match=why):
        entered(at, file(tmp_path, *rows))


def test_the_bookkeepers_file_is_not_copied(store_url: str, tmp_path: Path) -> None:
    """SB3170, SB3001: a statement the 会计 took in proves nothing as a journal; and no 会计 enters receipts; cash has no bank file."""
    at = desk(store_url)
    at.opened()
    at.opened(Kind.CASH, 0)
    taken = file(tmp_path, *ROWS)
    with pytest.raises(NotAllowed):
        entered(at, taken, actor=ZHAO)
    with pytest.raises(ReceiptsUnfit, match="账号"):
        entered(at, taken, journal=2)
    with UnitOfWork(at.engine) as work:
        work.connection.execute(
            source_file.insert().values(
                file_id=7, contract="bank", name="对账单.csv", sha256=taken.sha256, parquet_sha256="", source="银行", as_of="2026-01-31", stated=1,
                kind="increment", fund="R", period=202601, rows=2, rejected=0, control_fen=0, coverage="", taken_at=NOW, taken_by="zhao",
            )
        )  # fmt: skip
        work.commit()
    with pytest.raises(BookkeepersFile, match="文件 7"):
        entered(at, taken)
