"""What person accounts paid out by voucher, without a roster, is seen by `shebao audit sweep` like any other payment."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from controls.person_accounts import leaving
from controls.sweeps import conclusions, extract
from ledger.db import reading
from ledger.person_accounts import law
from tests.audit.swept_office import Swept
from tests.audit.test_store_sweep import rows
from tests.shebao.person_account_desk import ASSESS, Accounts, number
from tests.shebao.person_account_steps import HEAD, opened

ANN, BOB = number(1), number(2)
P9, D1, P3 = "P9-FUNERAL-TWICE", "D1-POSTHUMOUS", "P3-TWICE"
RULES = (P9, D1, P3)


@pytest.fixture
def county(store_url: str, tmp_path: Path) -> tuple[Accounts, Swept]:
    """An office with person accounts: 甲 and 乙 died in December, were paid in January and are settled in February; a payments file shows January."""
    office = Accounts(tmp_path / "office", url=store_url)
    opened(office, HEAD, f"{ANN},甲,100.00,,", f"{BOB},乙,2540.00,,")
    swept = Swept(office.desk, tmp_path)
    pension = (("基础养老金", 15000), ("个人账户养老金", 2000))
    office.pay("2026-01-15", [(who, item, 202601, fen) for who in (ANN, BOB) for item, fen in pension])
    names = {ANN: "甲", BOB: "乙"}
    swept.take("payments", [{"id": who, "name": name, "period": 202601, "item": item, "amount": fen} for who, name in names.items() for item, fen in pension])
    swept.take("deaths", [{"id": who, "name": name, "death_on": "2025-12-05"} for who, name in names.items()])
    return office, swept


def settle(office: Accounts, who: str, funeral: int) -> None:
    """The account of a dead person paid out, with funeral aid where something is set off against it; posted."""
    with office.unit() as work:
        made = leaving.one_off(
            work, office.office.now(), ASSESS, office.book(), who, reason="死亡", happened=date(2025, 12, 5), day=date(2026, 2, 3), evidence="死亡证明",
            funeral=funeral,
        )  # fmt: skip
        work.commit()
    office.accepted(made)


def paid(swept: Swept) -> list[dict[str, object]]:
    """The rows that the sweep reads of the books."""
    with reading(swept.desk.engine) as connection:
        sources = extract.sources(connection)
        laid = extract.lay(connection, swept.desk.home, sources, swept.folder)
        return [row for one in sources if one.key[0] == "v" for row in laid[one.key].to_pylist()]


def test_what_an_account_paid_out_is_a_payment(county: tuple[Accounts, Swept]) -> None:
    """The row bears fund, item, month and what went out after the set-off; funeral aid granted elsewhere too is a lead that cites the voucher."""
    office, swept = county
    swept.sweep(rules=RULES)
    assert paid(swept) == [] and [(row["rule"], row["amount"]) for row in rows(swept.csv())] == [(D1, "170.00")] * 2
    settle(office, ANN, 40000)
    # 150 of base pension are owed: the account bears 80 (100 less 20 drawn), the funeral aid 70; 330 of it go out and nothing of the account.
    (aid,) = paid(swept)
    assert [aid[name] for name in ("name", "item", "item_class", "period", "amount", "region", "status", "number_ok")] == [
        "甲", "丧葬补助金", "funeral", 202602, 33000, "620821", "paid", True,
    ]  # fmt: skip
    swept.take("payments", [{"id": ANN, "name": "甲", "fund": "E", "period": 202601, "item": "丧葬补助金", "item_class": "funeral", "amount": 50000}])
    built = swept.sweep(rules=RULES)
    (lead,) = [row for row in rows(swept.csv()) if row["rule"] == P9]
    assert (lead["fund"], lead["amount"], json.loads(lead["evidence"])["rows"]) == ("R", "330.00", [f"{aid['file']}:{aid['line']}"])
    assert str(aid["file"]).startswith("R凭证2026-02") and [one["kind"] for one in built.swept.summary["inputs"]].count("凭证") == 1
    assert [row["amount"] for row in rows(swept.csv()) if row["rule"] == D1] == ["170.00"] * 2, "a set-off recovers money, it does not unmake the payment"
    swept.sweep("full", full=True, rules=RULES)
    assert swept.csv("full") == swept.csv()
    with reading(swept.desk.engine) as connection:
        told = conclusions.thing(connection, swept.lead(P9).last)
    assert {user for _, user in told.history} == {"chen", "li", "zhao", "sun"}


def test_what_a_payments_file_shows_is_not_told_twice(county: tuple[Accounts, Swept]) -> None:
    """The same person, fund, item and month in a payments file leaves the voucher's row to the file; with nothing new every rule stands."""
    office, swept = county
    swept.sweep(rules=RULES)
    settle(office, BOB, 0)
    # 2540 less 20 drawn in January, less 150 set off.
    (lump,) = paid(swept)
    assert (lump["item_class"], lump["amount"]) == ("lump_sum", 254000 - 2000 - 15000)
    assert set(swept.sweep(rules=RULES).plan.whole) == set(RULES) and set(swept.sweep(rules=RULES).plan.stood) == set(RULES)
    swept.take("payments", [{"id": BOB, "name": "乙", "period": 202602, "item": lump["item"], "item_class": "lump_sum", "amount": lump["amount"]}])
    assert paid(swept) == []


def test_every_item_of_an_act_has_a_class() -> None:
    """The items that acts pay are classes that the rules leave out of the monthly pension."""
    from controls.intake import contracts
    from ledger.funds import Fund

    known = contracts.local_names("items")
    for fund in (Fund.R, Fund.E, Fund.G):
        told = law.fund_law(fund)
        assert (known[contracts.fold(told.one_off_item)], known[contracts.fold(told.funeral_item)]) == ("lump_sum", "funeral")
