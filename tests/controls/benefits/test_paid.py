"""What the sub-ledger says was paid, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from controls import tables as controls_tables
from controls.benefits import happened, paid
from controls.tables import roster, roster_line, source_file
from ledger import accounts, bulk, tables
from ledger.benefits.due import Event
from ledger.db import UnitOfWork, metadata, open_engine, reading
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters
from tests.ledger.store import unguarded

FIRST, LAST = Month(2025, 1), Month(2025, 3)
BASE = "基础养老金(中央)"


ACCOUNT = accounts.BookAccount("1004", "支出户存款", "支出户存款", "D", "asset", "", True, "toy", "2018-01-01", "")
PAYOUTS = [
    (1, 1000, "丙", BASE, 202501, 12300, "50010101"),
    (1, 1000, "甲", BASE, 202501, 12300, "50010101"),
    (1, 1000, "甲", "个人账户养老金", 202501, 2000, "50010201"),
    (1, 2000, "甲", "补发基础养老金(中央)", 202501, 2000, "50010101"),
    (1, 2001, "丙", "中央基础养老金", 202501, -12300, "50010101"),
    (1, 2002, '乙,"', BASE, 202502, 12300, "50010101"),
    (1, 3000, "甲", BASE, 202504, 12300, "50010101"),
    (1, 3000, "甲", "基础养老金", 202503, 100, "50010101"),
    (2, 1000, "甲", BASE, 202501, 99999, "50010101"),
]


def blank(table: sa.Table, **given: Any) -> dict[str, Any]:
    """A row with nothing in it but what is given."""
    return {column.name: 0 if isinstance(column.type, sa.Integer) else "" for column in table.c} | given


def store(url: str) -> sa.Engine:
    """A store without guards: one book, payouts of three people, one arrears line under way and one set off."""
    engine = open_engine(url)
    with UnitOfWork(engine) as work:
        metadata.create_all(work.connection, tables=[*tables.LEDGER_TABLES, *controls_tables.CONTROLS_TABLES])
        unguarded(work.connection)
        accounts.open_unit(work, "U1", "云岭县社会保险事业服务中心", "620821")
        accounts.open_book(work, 1, "U1", Fund.R, "toy", FIRST, [ACCOUNT])
        bulk.insert(work, tables.payout, [column.name for column in tables.payout.c], PAYOUTS)
        for roster_id, payment, item_class, off, state in ((7, "returned", "pension", 2300, "released"), (8, "none", "arrears", 0, "built")):
            item = BASE if item_class == "pension" else f"补发{BASE}"
            file = blank(source_file, file_id=roster_id, sha256=str(roster_id), kind="full", period=None)
            head = blank(roster, book_id=1, roster_id=roster_id, fund="R", kind="benefit", period=202503, file_id=roster_id, state=state, payment=payment)
            line = blank(roster_line, book_id=1, roster_id=roster_id, seq=1, number="乙", name="乙名", item=item, item_class=item_class, period=202503)
            money = {"account": "6217", "gross_fen": 10000 + off, "offset_fen": off, "net_fen": 10000}
            for table, row in ((source_file, file), (roster, head), (roster_line, line | money)):
                work.connection.execute(table.insert().values(**row))
        work.commit()
    return engine


def test_payments_are_summed_by_person_item_and_month(store_url: str) -> None:
    """Arrears count with their item, returns against it, what was set off as given; other months, books and items stay out and are told."""
    with reading(store(store_url)) as connection:
        found = paid.read(connection, 1, Fund.R, ["50010101"], [BASE], FIRST, LAST)
    rows = found.rows
    told = [(rows.numbers[person], int(month), int(fen)) for person, month, fen in zip(rows.person, rows.month, rows.fen, strict=True)]
    assert told == [("丙", FIRST.index, 0), ("乙", LAST.index, 2300), ('乙,"', FIRST.index + 1, 12300), ("甲", FIRST.index, 14300)]
    assert found.others == ("基础养老金",)


def test_nothing_paid_gives_empty_columns(store_url: str) -> None:
    """Months and accounts without payments give no rows and no error."""
    with reading(store(store_url)) as connection:
        found = paid.read(connection, 1, Fund.R, ["50010104"], ["基础养老金(县级)"], Month(2024, 1), Month(2024, 2))
    assert (found.rows.person.size, list(found.rows.numbers), found.others) == (0, [], ())


def test_arrears_under_way_are_seen(store_url: str) -> None:
    """A live roster with arrears of the items that is not booked is named with its month; other items and months are not."""
    with reading(store(store_url)) as connection:
        assert paid.under_way(connection, 1, Fund.R, [BASE], FIRST, LAST) == (8, "built", f"补发{BASE}", 202503)
        assert paid.under_way(connection, 1, Fund.R, ["基础养老金(县级)"], FIRST, LAST) is None
        assert paid.under_way(connection, 1, Fund.R, [BASE], FIRST, Month(2025, 2)) is None
        assert paid.unbooked(connection, 1, FIRST, LAST) == [7, 8]


def test_the_newest_roster_tells_the_account(store_url: str) -> None:
    """A person's bank account is that of the newest released roster; who stands on none has none."""
    with reading(store(store_url)) as connection:
        found = paid.payees(connection, 1, ["乙", "丙"])
    assert found.found == [True, False] and found.rows[0][:3] == ("乙名", "", "6217")


def test_people_lists_tell_of_other_pensions_and_missed_certification() -> None:
    """A pension of E that began ends R from that month; a certification holds twelve months."""
    columns = {
        "number": ["甲", "甲", ""], "damaged": [False, False, False], "fund": ["E", "R", "R"], "region": ["620821"] * 3,
        "start_month": [202503, 202001, 202001], "certified_on": [None, date(2024, 2, 9), date(2024, 2, 9)],
    }  # fmt: skip
    found = list(happened._people([pa.table(columns)], Fund.R, Parameters.load()))
    assert found == [("甲", Event("领取其他国家养老金", Month(2025, 3))), ("甲", Event("未认证", Month(2025, 2)))]
    assert [event.kind for _, event in happened._people([pa.table(columns)], Fund.E, Parameters.load())] == []
