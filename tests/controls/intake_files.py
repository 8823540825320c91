"""Small files for the tests of intake: rows of each contract with made-up people, and ways to write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ledger.identity import check_digit

NUMBERS = [body + check_digit(body) for body in ("62082119500101001", "62082119510202002", "62082119520303003", "62082119530404004")]

PAYMENTS = ["险种", "统筹区", "证件号码", "姓名", "待遇类型", "所属期", "发放日期", "金额", "银行账号", "户名", "发放状态", "流水号"]


def payment(person: int = 0, **changes: str) -> list[str]:
    """One payment row; ``changes`` by header."""
    row = dict(
        zip(
            PAYMENTS,
            [
                "R",
                "620821",
                NUMBERS[person],
                f"甲{person}",
                "基础养老金",
                "2024-03",
                "2024-03-15",
                "139.00",
                f"62170000{person}",
                f"甲{person}",
                "成功",
                f"00{person}",
            ],
            strict=True,
        )
    )
    assert changes.keys() <= row.keys()
    return [*(row | changes).values()]


def write_csv(path: Path, rows: Sequence[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ",", end: str = "\n", last_end: bool = True) -> Path:
    """Writes rows as they are, unquoted."""
    text = end.join(delimiter.join(row) for row in rows) + (end if last_end else "")
    path.write_bytes(text.encode(encoding))
    return path


def payments(
    folder: Path, *rows: Sequence[str], header: Sequence[str] = PAYMENTS, above: Sequence[Sequence[str]] = (), name: str = "发放.csv", **how: str
) -> Path:
    """A payments file with a header and rows."""
    return write_csv(folder / name, [*above, header, *rows], **how)  # type: ignore[arg-type]
