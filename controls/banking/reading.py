"""A bank's return in its layout (银行回盘版式) as the rows of the contract bank-return: the same checks as any return follow."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from controls.banking.errors import BankSays
from controls.banking.layouts import Layout, ReturnLayout
from ledger.errors import Refusal
from ledger.money import Fen, parse_fen, show

if TYPE_CHECKING:
    from controls.intake.taken import Taken

HEADS = ("序号", "银行账号", "户名", "金额", "处理结果", "失败原因", "交易流水号", "入账日期")
CONTRACT = "bank-return"


def take_apart(file: Path, layout: Layout, batch: str) -> list[tuple[str, ...]]:
    """The return's rows under ``HEADS``; raises SB2242 when it is not of this batch or its control totals are not those of its lines."""
    law = layout.returns
    if law is None:
        raise BankSays(file=file.name, layout=layout.zh, why="这种版式没有规定回盘，请用标准回盘文件")
    try:
        raw = file.read_bytes().decode(layout.encoding.removesuffix("-sig")).removeprefix("\ufeff")
    except UnicodeDecodeError as wrong:
        raise BankSays(file=file.name, layout=layout.zh, why=f"不是 {layout.encoding.upper()} 编码") from wrong
    lines = [line for line in raw.splitlines() if line.strip()]
    if len(lines) < law.skip + law.foot:
        raise BankSays(file=file.name, layout=layout.zh, why="没有汇总行")
    body = lines[law.skip : len(lines) - law.foot]
    rows = [_row(file, layout, law, number, _cells(layout, line, law.widths)) for number, line in enumerate(body, start=law.skip + 1)]
    told = lines[0] if law.skip and not law.foot else lines[-1] if law.foot else ""
    if told and law.sum:
        _totals(file, layout, law, batch, _cells(layout, told, law.head_widths), rows)
    return rows


def read(file: Path, layout: Layout, batch: str) -> Taken:
    """The return as the importer takes it, with the digest of the bank's own file. Raises SB2242 and what the importer refuses."""
    import hashlib

    from controls.intake import reader

    rows = take_apart(file, layout, batch)
    with TemporaryDirectory(prefix="bank-return-") as folder:
        plain = Path(folder) / f"{file.stem}.csv"
        out = io.StringIO()
        form = csv.writer(out, lineterminator="\n")
        form.writerows([HEADS, *rows])
        plain.write_text(out.getvalue(), encoding="utf-8")
        taken = reader.read(plain, CONTRACT)
    return replace(taken, path=file, sha256=hashlib.sha256(file.read_bytes()).hexdigest())


def _cells(layout: Layout, line: str, widths: Sequence[int]) -> list[str]:
    if layout.form != "fixed":
        return [cell.strip() for cell in next(csv.reader([line], delimiter=layout.separator, quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE))]
    raw, found = line.encode(layout.encoding), []
    for width in widths:
        found.append(raw[:width].decode(layout.encoding, errors="replace").strip())
        raw = raw[width:]
    return found


def _fen(layout: Layout, text: str) -> Fen:
    return int(text) if layout.amount == "fen" and text.isdigit() else parse_fen(text)


def _row(file: Path, layout: Layout, law: ReturnLayout, number: int, cells: Sequence[str]) -> tuple[str, ...]:
    def at(place: int) -> str:
        return cells[place - 1] if place <= len(cells) else ""

    said = at(law.result)
    if said not in (*law.ok, *law.failed):
        raise BankSays(file=file.name, layout=layout.zh, why=f"第 {number} 行处理结果“{said}”不认识")
    try:
        amount = show(_fen(layout, at(law.amount)), grouped=False)
    except Refusal as wrong:
        raise BankSays(file=file.name, layout=layout.zh, why=f"第 {number} 行金额“{at(law.amount)}”读不懂") from wrong
    booked = at(law.booked_on)
    day = f"{booked[:4]}-{booked[4:6]}-{booked[6:]}" if len(booked) == 8 and booked.isdigit() else booked
    seq = at(law.seq).lstrip("0") or "0"
    return (seq, at(law.account), at(law.holder), amount, "成功" if said in law.ok else "失败", at(law.reason), at(law.serial), day)


def _totals(file: Path, layout: Layout, law: ReturnLayout, batch: str, told: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    """Batch number, count and sum of the summary line against the lines."""
    if max(law.lines, law.sum, law.batch) > len(told):
        raise BankSays(file=file.name, layout=layout.zh, why="汇总行的列数不对")
    if law.batch and told[law.batch - 1] != batch:
        raise BankSays(file=file.name, layout=layout.zh, why=f"批次号是“{told[law.batch - 1]}”，不是 {batch}")
    total = sum(parse_fen(row[3]) for row in rows)
    try:
        lines, stated = int(told[law.lines - 1]), _fen(layout, told[law.sum - 1])
    except (ValueError, Refusal) as wrong:
        raise BankSays(file=file.name, layout=layout.zh, why="汇总行的笔数或金额读不懂") from wrong
    if (lines, stated) != (len(rows), total):
        raise BankSays(file=file.name, layout=layout.zh, why=f"汇总 {lines} 笔 {show(stated)} 元，逐笔 {len(rows)} 笔 {show(total)} 元")
