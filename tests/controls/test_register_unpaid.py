"""已批准未支付待遇: computed from rosters, holds, bank returns and comebacks, never copied by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from controls import comebacks
from controls.registers import law as laws
from controls.registers import sheet as sheets
from controls.registers.errors import RegisterDay
from ledger import accounts
from ledger.db import reading
from ledger.funds import Fund
from tests.controls.payment_desk import BANK, DEAD, NOW, SHARED, Desk, desk, line, someone

JAN = date(2026, 1, 31)


def unpaid(office: Desk) -> list[tuple[object, ...]]:
    """Line, state and fen of what is approved and not paid."""
    with reading(office.engine) as connection:
        made = sheets.sheet(connection, laws.get("unpaid"), accounts.book_of(connection, Fund.R), JAN, today=JAN)
        return list(zip(made.column("seq"), made.states, made.column("amount"), strict=True))


def test_what_is_approved_and_not_paid(store_url: str, tmp_path: Path) -> None:
    """Held lines stay until cleared; released ones wait for the file, then for the bank; failures and returned payments are what is left."""
    office = desk(store_url, tmp_path / "home")
    roster_id = office.released(DEAD, SHARED)
    held = [(3, "held", 16_300), (8, "held", 2_003)]
    before = unpaid(office)
    assert [one for one in before if one[1] == "held"] == held and {one[1] for one in before} == {"held", "waiting"} and len(before) == 10
    office.send(roster_id)
    assert {one[1] for one in unpaid(office)} == {"held", "sent"}
    office.returned(roster_id, office.answer_of_bank(roster_id, 2))
    after = unpaid(office)
    assert {one[1] for one in after} == {"held", "failed"} and len(after) == 4
    row = {"file": "对账单.csv", "line": 2, "on": date(2026, 1, 20), "credit": 18_301, "debit": 0, "serial": "T1"}
    office.take(pa.Table.from_pylist([row], schema=BANK), "bank", "对账单.csv", "zhao")
    with office.unit() as work:
        comebacks.record(work, office.home, someone("zhao"), NOW, roster_id, 1, date(2026, 1, 20), "账户已销户")
        work.commit()
    assert sorted((state, fen) for _, state, fen in unpaid(office) if state == "back") == [("back", 2_001), ("back", 16_300)]
    with reading(office.engine) as connection:
        made = sheets.sheet(connection, laws.get("unpaid"), accounts.book_of(connection, Fund.R), JAN, today=JAN)
        with pytest.raises(RegisterDay, match="没有以前的样子"):
            sheets.sheet(connection, laws.get("unpaid"), accounts.book_of(connection, Fund.R), JAN, today=date(2026, 2, 1))
        assert made.total("amount") == sum(fen for _, _, fen in unpaid(office)) and [one.what for one in sheets.due(made, 60)] == ["暂缓发放核实期限"] * 2


def test_a_supplementary_roster_clears_what_it_paid(store_url: str, tmp_path: Path) -> None:
    """What a later roster paid of the same person, item and month is no longer unpaid; the rest of the held lines stays."""
    office = desk(store_url, tmp_path / "home")
    first = office.released(DEAD, SHARED)
    office.send(first)
    office.returned(first, office.answer_of_bank(first))
    assert [one[0] for one in unpaid(office)] == [3, 8]
    (office.home / "bank.csv").unlink()
    again = office.released(rows=[line(1, 3, "基础养老金", 16_300)])
    assert {(one[0], one[1]) for one in unpaid(office)} == {(3, "held"), (8, "held"), (1, "waiting")}
    office.send(again)
    office.returned(again, office.answer_of_bank(again))
    assert [one[0] for one in unpaid(office)] == [8]
