"""Whatever a file holds, its doubts are found without an accident, and nobody is named in full."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controls.intake import contracts, doubts
from controls.intake.reader import read
from ledger.errors import Refusal
from ledger.months import Month
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments

CELLS = [
    "", "-", "{where}", "{column}", "{}", "%s", "0", "1.5", "（3.00）", "2024-03", "3月", "202413", "2024/3/5", "20240305", "朝阳区", "62082", "620821", "王?",
    "王·", "4.1E+17", NUMBERS[0], NUMBERS[1][:17], "6217****1", "=1+1", "合计", "\ufffd", "R", "职工养老", "个人", "公安", "男", "借", "成功", "9999-12-31",
]  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**32))
def test_no_accident_in_any_contract(seed: int) -> None:
    """Rows of odd cells, of every contract, are refused or looked over to the end."""
    chance = random.Random(seed)
    contract = contracts.load(chance.choice(contracts.names()))
    columns = [column for column in contract.columns if column.required or chance.random() < 0.4]
    heads = [chance.choice([column.header, column.header, column.header + "（万元）", *column.synonyms[:1]]) for column in columns]
    lines = [chance.choice(["", "2024年3月发放表 单位：元", "账号：6217000012345678 期初余额：1.00"]), ",".join([*heads, "{心情}"])]
    lines += [",".join(chance.choice(CELLS) for _ in range(len(heads) + 1)) for _ in range(chance.randint(0, 12))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            taken = read(path, contract.contract, values={contract.columns[0].header: chance.choice(CELLS)} if chance.random() < 0.3 else None)
        except Refusal as refusal:
            assert doubts.of_refusal(refusal).zh
            return
        for doubt in doubts.find(taken, month=Month(2024, 3), today=date(2024, 4, 1)):
            assert doubt.zh and doubt.en and doubt.remedy_zh and doubt.count >= 1


def test_nobody_is_named_in_full(tmp_path: Path) -> None:
    """Numbers, names and accounts of people are masked in every sentence and value."""
    account = "62284A0402564890018"
    rows = [payment(0, 姓名="欧阳小明1", 户名="欧阳小\ufffd", 银行账号=account, 证件号码=NUMBERS[0][:-1] + "A"), payment(1), payment(1)]
    found = doubts.find(read(payments(tmp_path, *rows), "payments"), today=date(2024, 4, 1))
    said = "".join(doubt.zh + doubt.en + doubt.value for doubt in found)
    assert len(found) > 4 and not any(secret in said for secret in ("欧阳小", account, NUMBERS[0][:-1], NUMBERS[1]))


def test_braces_in_a_header_are_only_text(tmp_path: Path) -> None:
    """A header or value that looks like a place for text stays as it is."""
    header = ["{where}" if name == "流水号" else name for name in PAYMENTS]
    found = doubts.find(read(payments(tmp_path, payment(0, 待遇类型="{count}"), header=header), "payments"))
    assert any("“{where}”" in doubt.zh for doubt in found) and any("“{count}”" in doubt.zh for doubt in found)
