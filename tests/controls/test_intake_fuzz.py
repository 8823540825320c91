"""Spoilt files of every kind give a table or a refusal with status 2, never another error, and every row is accounted for."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from controls.intake.reader import read, write_rejects
from ledger.errors import Refusal
from ledger.sheets import write_rows
from tests.controls.intake_files import PAYMENTS, payment, payments

PIECES = ["合计", "小计", '"', "1e5", "单位：万元", "\t", "\n", "\r", "=1", "9" * 40, "制表人：乙", "金额", "\u3000", "-"]


def sources(folder: Path) -> list[Path]:
    """One sound file of each kind."""
    total = ["合计", *[""] * 6, "278.00", *[""] * 4]
    write_rows(folder / "a.xlsx", {"s": [PAYMENTS, payment(), payment(1)]}, titles={"s": ["发放表"]})
    parquet.write_table(pa.table({name: [payment()[place]] for place, name in enumerate(PAYMENTS)}), folder / "a.parquet")
    return [
        payments(folder, payment(), payment(1), total, above=[["发放表"], ["单位：元"]], name="a.csv"),
        payments(folder, payment(), payment(1), encoding="gb18030", end="\r\n", name="b.csv"),
        folder / "a.xlsx",
        folder / "a.parquet",
    ]


@pytest.mark.parametrize("kind", range(4))
@pytest.mark.parametrize("seed", range(3))
def test_spoilt_files(tmp_path: Path, kind: int, seed: int) -> None:
    """Bytes changed, cut out, put in twice or cut off (seeded)."""
    chance = random.Random(seed)
    whole = sources(tmp_path)[kind].read_bytes()
    spoilt = tmp_path / "spoilt"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data)) if data else 0
            match chance.randrange(5):
                case 0:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del data[at : at + chance.randint(1, 40)]
                case 2:
                    data[at:at] = chance.choice(PIECES).encode(chance.choice(["utf-8", "gb18030"]))
                case 3:
                    data[at:at] = data[max(0, at - 40) : at]
                case _:
                    del data[at + 1 :]
        spoilt.write_bytes(data)
        try:
            taken = read(spoilt, "payments")
        except Refusal as refused:
            assert refused.status == 2 and refused.text("en") and refused.cause() and refused.remedy()
            continue
        assert taken.table.num_rows + len(taken.rejects.lines()) == taken.rows_read
        write_rejects(taken, tmp_path / "spoilt.rejects.xlsx")
