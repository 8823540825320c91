"""Computed columns of registers: interest by the paper's terms, late fees by the law, working days, filters and files of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controls.registers import functions, values
from controls.registers import law as laws
from controls.registers.errors import BadField
from ledger.lawfile import BadLawFile
from ledger.parameters import Parameters, ParameterUnset


@pytest.mark.parametrize(
    ("principal", "rate", "since", "until", "basis", "fen"),
    [
        (100_000_000, 15_000, "2025-12-05", "2026-12-05", "对年对月", 1_500_000),
        (20_000_000, 25_000, "2025-12-10", "2026-02-10", "实际天数/365", 84_932),
        (20_000_000, 25_000, "2025-12-10", "2026-02-10", "实际天数/360", 86_111),
        (100, 10_000, "2026-01-01", "2026-07-01", "对年对月", 1),
        (100, 9_999, "2026-01-01", "2026-07-01", "对年对月", 0),
    ],
)
def test_interest_by_the_papers_terms(principal: int, rate: int, since: str, until: str, basis: str, fen: int) -> None:
    """Simple interest: principal, rate, days over 360 or 365, or whole months over 12; half a fen goes up."""
    assert functions._simple(principal, rate, since, until, basis) == fen


@given(st.integers(0, 10**13), st.integers(0, 10**6), st.integers(0, 400))
def test_interest_grows_with_principal_rate_and_time(principal: int, rate: int, days: int) -> None:
    """A property: more principal or a day more never gives less, nothing gives nothing, and no fen is lost beyond the one rounding."""
    until = date.fromordinal(date(2026, 1, 1).toordinal() + days).isoformat()
    got = functions._simple(principal, rate, "2026-01-01", until, "实际天数/365")
    exact = principal * rate * days
    assert abs(got * 2 * 365 * 10**6 - exact * 2) <= 365 * 10**6
    assert functions._simple(principal + 100, rate, "2026-01-01", until, "实际天数/365") >= got


def test_late_fee_is_half_a_thousandth_a_day() -> None:
    """社会保险法第八十六条: 40,000 fen for 47 days at 0.5‰ are 940 fen; before the law's day the rate is not guessed."""
    known = Parameters.load()
    assert functions.fee(40_000, date(2025, 12, 15), 47, known) == 940
    with pytest.raises(ParameterUnset):
        functions.fee(40_000, date(2011, 6, 1), 47, known)


CELLS = [
    ("deposits", "年利率", "2.75%", 27_500), ("deposits", "年利率", "２.７５％", 27_500), ("deposits", "到期日", "2026年12月5日", "2026-12-05"),
    ("deposits", "到期日", "20261205", "2026-12-05"), ("recoveries", "所属期起", "202604", 202604), ("recoveries", "原支付年度", "2025年", 2025),
    ("recoveries", "证件号码", "62082119500101101x", "62082119500101101X"), ("arrears", "单位代码", "91620821ma7123456x", "91620821MA7123456X"),
    ("subsidies", "结算调整", "（12.00）", -1_200), ("recovery-receipts", "应追回行号", "#12", 12), ("recoveries", "姓名", "  ", None),
]  # fmt: skip


@pytest.mark.parametrize(("register", "field", "text", "value"), CELLS)
def test_cells_are_read_as_people_write_them(register: str, field: str, text: str, value: object) -> None:
    """Full width, 元, 年月日, per cent and blanks are read; what is blank is absent."""
    law = laws.get(register)
    found = law.field(field)
    assert found is not None and values.parse(law, found, text) == value


BAD = [
    ("deposits", "年利率", "1.23456%"), ("deposits", "年利率", "NaN"), ("deposits", "到期日", "2026-02-30"), ("recoveries", "原支付年度", "202"),
    ("recoveries", "应稽核金额", "1.234"), ("recovery-receipts", "应追回行号", "甲"), ("recovery-receipts", "已有凭证", "12"), ("instalments", "期次", "-1"),
    ("recoveries", "备注", "长" * 501),
]  # fmt: skip


@pytest.mark.parametrize(("register", "field", "text"), BAD)
def test_cells_that_cannot_be_read(register: str, field: str, text: str) -> None:
    """SB3241: more than four decimals of a rate, no day, no year, parts of a fen, no row, no voucher, an endless text."""
    law = laws.get(register)
    found = law.field(field)
    assert found is not None
    with pytest.raises(BadField):
        values.parse(law, found, text)


def test_doubtful_codes_are_kept_and_said() -> None:
    """A number or a code whose check character does not fit is kept as given, masked in the word about it: real ones fail too."""
    told = values.doubts(laws.get("recoveries"), {"number": "620821195001011012", "name": "甲"})
    assert len(told) == 1 and "620821********1012" in told[0]
    assert values.doubts(laws.get("arrears"), {"payer": "91620821MA71234560"})


OWN = """document: 村级零报告
valid_from: 2026-01-01
reference: 本单位
name: zero-reports
zh: 村级零报告台账
keyed_by: unit
key: [village, month]
add_duties: [HANDLE_CERTIFY]
fields:
  - {name: village, zh: 村, type: text, required: true}
  - {name: month, zh: 月份, type: month, required: true}
states:
  - {name: given, zh: 已报}
"""


def test_an_office_adds_a_register_by_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new register is one YAML file of the office; one that the program ships stays the shipped one (C4), and a broken file is refused with its place."""
    folder = tmp_path / "registers"
    folder.mkdir()
    (folder / "zero.yaml").write_text(OWN, encoding="utf-8")
    (folder / "recoveries.yaml").write_text(OWN.replace("zero-reports", "recoveries"), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert laws.get("村级零报告台账").keyed_by == "unit" and laws.get("recoveries").zh == "应追回待遇台账"
    other = tmp_path / "other"
    (other / "registers").mkdir(parents=True)
    (other / "registers" / "bad.yaml").write_text(OWN.replace("key: [village, month]", "key: [villages]"), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(other))
    with pytest.raises(BadLawFile, match="villages"):
        laws.get("zero-reports")


def test_every_function_and_event_of_the_files_exists() -> None:
    """What the shipped files call, link and book is there: functions, registers, events with their amounts."""
    from controls.registers.sources import SOURCES
    from ledger.event_file import event

    for law in laws.registers().values():
        assert law.reference and law.document
        for column in law.columns:
            assert not column.call or column.call in functions.FUNCTIONS
            if column.children:
                child = laws.get(column.children.register_)
                assert column.children.of in {one.name for one in (*child.fields, *child.columns)} and (column.children.by or child.parent)
        assert not law.source or law.source in SOURCES
        for rule in law.vouchers:
            wanted = event(rule.event)
            assert {name.partition("/")[0] for name in rule.amounts} <= set(wanted.amounts), rule
            assert set(rule.details) <= set(wanted.details), rule
