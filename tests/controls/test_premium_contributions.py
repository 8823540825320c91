"""A contributions file planned as vouchers: whatever is in it, rows, groups and accounts add up to the file, and what cannot be booked is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controls.premiums import contributions
from controls.premiums.errors import UnknownPayer
from ledger.entries import rows_digest
from ledger.errors_posting import SubledgerDiffers
from ledger.funds import Fund
from tests.controls.premium_people import numbers, paid

PEOPLE = numbers(6)
SOURCE: Any = SimpleNamespace(file_id=7, taken_at="2026-02-28T09:00:00+08:00")
PAYERS = [("个人", ""), ("政府代缴", "县"), ("政府代缴", "省"), ("财政补贴", "中央"), ("财政补贴", "县"), ("集体补助", ""), ("其他", "")]
ROWS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(PAYERS), st.integers(-50_000, 50_000), st.sampled_from(["2025-12-08", "2026-01-08", "2026-01-30", "2026-02-03"]),
        st.sampled_from([2024, 2025, 2026]), st.sampled_from(["", "当期", "补缴", "滞纳金"]),
    ),
    max_size=40,
)  # fmt: skip


def table(rows: list[tuple[int, tuple[str, str], int, str, int, str]]) -> pa.Table:
    """A canonical table of rows."""
    made = paid(
        [PEOPLE[row[0]] for row in rows], [row[1][0] for row in rows], level=[row[1][1] for row in rows], amount=[row[2] for row in rows],  # type: ignore[arg-type]
        on=[row[3] for row in rows],
    )  # fmt: skip
    years = pa.array([row[4] * 100 for row in rows], pa.int32())
    made = made.set_column(made.column_names.index("period"), "period", years)
    for name, values in {"nature": [row[5] for row in rows], "ticket": [""] * len(rows), "id_raw": [""] * len(rows)}.items():
        made = made.append_column(name, pa.array(values, pa.string()))
    return made


@settings(max_examples=120, deadline=None)
@given(ROWS)
def test_everything_in_the_file_is_in_the_plan_once(rows: list[tuple[int, tuple[str, str], int, str, int, str]]) -> None:
    """L10: rows, groups, parts and days sum to the file to the fen; late fees stand apart; every row of a group is in order and once."""
    plan = contributions.of(table(rows), SOURCE, Fund.R, lambda _: {})
    late = sum(row[2] for row in rows if row[5] == "滞纳金")
    assert sum(one.fen for one in plan.groups) + sum(fen for _, fen in plan.late) == sum(row[2] for row in rows)
    assert sum(fen for _, fen in plan.late) == late and plan.nothing == sum(row[2] == 0 for row in rows)
    for one in plan.groups:
        booked = list(plan.rows(one.place))
        assert booked == sorted(set(booked)) and len({row[:3] for row in booked}) == len(booked)
        by_account: dict[str, int] = {}
        for _, _, _, fen, account in booked:
            by_account[account] = by_account.get(account, 0) + fen
        told: dict[str, int] = {}
        for account, fen, _ in one.parts.values():
            told[account] = told.get(account, 0) + fen
        assert by_account == told and sum(told.values()) == one.fen
        turned = -1 if one.kind in (contributions.YEAR, contributions.EARLIER) else 1
        assert sum(one.amounts.values()) == turned * one.fen
        assert all((row[3] < 0) == (one.kind != contributions.RECEIPT) for row in booked)
        assert rows_digest(plan.rows(one.place)).hexdigest() == rows_digest(booked).hexdigest()


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_planning_twice_gives_the_same(rows: list[tuple[int, tuple[str, str], int, str, int, str]]) -> None:
    """Proposal and posting plan the file each for itself and must agree, group by group."""
    one, two = (contributions.of(table(rows), SOURCE, Fund.R, lambda _: {}) for _ in range(2))
    assert one.groups == two.groups
    assert [list(one.rows(group.place)) for group in one.groups] == [list(two.rows(group.place)) for group in two.groups]


def test_a_refund_goes_back_to_the_year_it_came_from() -> None:
    """Received this year: C12; received earlier by the books, whatever the premium year: C13; nothing known: by the premium year."""
    fee = ("个人", "")
    rows = [
        (0, fee, -30000, "2026-02-03", 2026, ""),
        (1, fee, -30000, "2026-02-03", 2026, ""),
        (2, fee, -20000, "2026-02-03", 2025, ""),
        (3, fee, -10000, "2026-02-03", 2026, ""),
    ]
    booked = {(PEOPLE[0], "own", 202600): {2026: 30000}, (PEOPLE[1], "own", 202600): {2025: 30000}}
    plan = contributions.of(table(rows), SOURCE, Fund.R, lambda _: booked)
    found = {row[0]: group.kind for group in plan.groups for row in plan.rows(group.place)}
    assert found == {PEOPLE[0]: contributions.YEAR, PEOPLE[1]: contributions.EARLIER, PEOPLE[2]: contributions.EARLIER, PEOPLE[3]: contributions.YEAR}


@pytest.mark.parametrize(("payer", "fund"), [(("财政补贴", ""), Fund.R), (("集体补助", ""), Fund.MR), (("政府代缴", "县"), Fund.E), (("单位", ""), Fund.R)])
def test_what_no_rule_books_is_refused(payer: tuple[str, str], fund: Fund) -> None:
    """SB3210: a subsidy without its level, collective money outside R, 代缴 outside R and MR, an employer in R."""
    with pytest.raises(UnknownPayer):
        contributions.of(table([(0, payer, 100, "2026-01-08", 2026, "")]), SOURCE, fund, lambda _: {})


def test_a_place_that_is_no_more_is_refused() -> None:
    """A voucher whose group the file no longer plans is refused at posting, never booked with other rows."""
    with pytest.raises(SubledgerDiffers):
        contributions.of(table([]), SOURCE, Fund.R, lambda _: {}).group(3)


def test_medical_contributions_wait_for_their_split() -> None:
    """ME: what is not yet split between 统筹 and 个人账户 goes to 4601 (C5), a refund of it comes off 4601 (C12b)."""
    own, employer = ("个人", ""), ("单位", "")
    rows = [(0, own, 8000, "2026-01-08", 2026, ""), (0, employer, 24000, "2026-01-08", 2026, ""), (1, own, -500, "2026-01-30", 2026, "")]
    plan = contributions.of(table(rows), SOURCE, Fund.ME, lambda _: {})
    assert [(one.kind, {account for account, _, _ in one.parts.values()}, one.amounts) for one in plan.groups] == [
        ("receipt", {"4601"}, {"amount": 32000}), ("year", {"4601"}, {"amount": 500}),
    ]  # fmt: skip


def test_money_for_land_taken_is_a_part_of_its_own() -> None:
    """其他 with 代缴类别 被征地 goes to the part land on the same account as other money; refunds of either stay apart."""
    rows = [(0, ("其他", ""), 5000, "2026-01-08", 2026, ""), (1, ("其他", ""), 300, "2026-01-08", 2026, ""), (0, ("其他", ""), -1000, "2026-01-30", 2026, "")]
    given_kinds = pa.array(["被征地农民", "企业资助", "被征地农民"], pa.string())
    plan = contributions.of(table(rows).append_column("subsidy_kind", given_kinds), SOURCE, Fund.R, lambda _: {})
    receipt, refund = (next(one for one in plan.groups if one.kind == kind) for kind in ("receipt", "year"))
    assert receipt.parts == {"land": ("40010401", 5000, 1), "other": ("40010401", 300, 1)} and refund.parts == {"land": ("40010401", -1000, 1)}
