"""Which line of a roster is not as it was built, and in which column (features 46, 83): the lines as stored beside the file they came from.

The file is kept by its digest, so what stood there then can always be said, even where the line's own digest was forged with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from controls import roster, rosterbuild
from controls.intake import register
from controls.roster import Line, Roster
from ledger.identity import mask_account, mask_name, mask_number
from ledger.money import show

COLUMN_ZH = {
    "seq": "序号", "payee": "收款人序", "number": "证件号码", "number_ok": "号码有效", "id_raw": "原证件号码", "id_type": "证件类型", "name": "姓名",
    "item": "待遇类型", "item_class": "待遇类别", "period": "所属期", "gross_fen": "应发", "offset_fen": "抵扣", "offset_to": "抵扣去向",
    "withheld_fen": "代扣", "net_fen": "实发", "account": "银行账号", "holder": "户名", "bank": "银行", "region": "行政区划", "note": "备注",
}  # fmt: skip
_MASKED = {"number": mask_number, "id_raw": mask_number, "account": mask_account, "name": mask_name, "holder": mask_name}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of line ``seq``: what it was when the roster was built and what is stored now ('' and 没有这一行 where the whole line is only on one side)."""

    seq: int
    column: str
    then: str
    now: str

    @property
    def column_zh(self) -> str:
        """实发, 银行账号, or 整行."""
        return COLUMN_ZH.get(self.column, "整行")

    def text(self) -> str:
        """序号 7 实发：163.00 → 163.01, personal fields masked."""
        return f"序号 {self.seq} {self.column_zh}：{masked(self.column, self.then)} → {masked(self.column, self.now)}"


def masked(column: str, value: str) -> str:
    """A field's value as it may be shown to whoever signs."""
    return _MASKED[column](value) if column in _MASKED and value else value


def found(connection: sa.Connection, home: Path, made: Roster, most: int | None = None) -> list[Difference]:
    """Every field of every line that is not as the file had it when the roster was built, by line and column; at most ``most``."""
    return list(islice(_each(connection, home, made), most))


def _each(connection: sa.Connection, home: Path, made: Roster) -> Any:
    source = register.file(connection, made.file_id)
    built = {line.seq: line for line in rosterbuild.lines_of(source, source.table(home), made.fund, made.kind, made.period)}
    for line in roster.lines(connection, made):
        before = built.pop(line.seq, None)
        if before is None:
            yield Difference(line.seq, "", "没有这一行", "新增的行")
        elif before != line:
            for column, then, now in zip(Line._fields, before, line, strict=True):
                if then != now:
                    yield Difference(line.seq, column, _said(column, then), _said(column, now))
    for seq in sorted(built):
        yield Difference(seq, "", "有这一行", "没有这一行")


def _said(column: str, value: Any) -> str:
    return show(value, grouped=False) if column.endswith("_fen") else str(value)
