"""A bank in a box (模拟银行): takes a released bank file, pays it, and sends back the return file and the month's statement.

It reads nothing but the bank file and its own part of ``plan.json``: which accounts fail, which payment comes
back later, what funding arrives, and what stands on its statement that the books do not know yet. Amounts are fen.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.money import parse_fen
from shebao.demo import receipts
from shebao.demo.county import COUNTY_CODE, FUND_NAMES, FUND_SHORT, UNIT
from shebao.demo.errors import BankFileUnusable, DemoFolder
from shebao.demo.workbook import Cell, decimal, write_workbook, yuan

COLUMNS = {
    "seq": ("序号", "明细序号", "行号", "seq"),
    "account": ("银行账号", "收款账号", "账号", "卡号", "银行卡号", "account"),
    "holder": ("户名", "收款户名", "账户名", "账户名称", "收款人", "holder"),
    "amount": ("金额", "实发金额", "代发金额", "支付金额", "amount"),
    "fund": ("险种", "制度", "fund"),
    "payer": ("付款账号", "付款账户", "支出户账号"),
}
TOTALS = ("合计", "总计", "小计")


@dataclass(frozen=True, slots=True)
class BankLine:
    """One line of the bank file."""

    seq: str
    account: str
    holder: str
    fen: int


@dataclass(frozen=True, slots=True)
class Paid:
    """What the bank did with one batch: files written, fen debited, failed and returned, closing balance."""

    fund: str
    lines: int
    batch: int
    failed: int
    failed_fen: int
    back_fen: int
    opening: int
    closing: int
    return_file: Path
    statement: Path
    timing: list[dict[str, Any]]
    receipts: dict[str, Path]


def read_plan(out: Path) -> dict[str, Any]:
    """The county's plan; raises SB6503 when ``shebao demo`` has not run."""
    path = out / "plan.json"
    if not path.exists():
        raise DemoFolder(file=path)
    plan: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return plan


def pay(out: Path, given: str) -> Paid:
    """Pays one bank file (``FILE`` or ``FILE::险种=R``) and writes return and statement into ``out/files``."""
    plan = read_plan(out)
    name, _, values = given.partition("::")
    path = Path(name)
    if not path.exists():
        raise DemoFolder(file=path)
    rows, places = _rows(path)
    lines = list(_lines(path, rows, places))
    fund = _fund(path, plan, values, rows, places, lines)
    return _settle(out, plan, fund, lines)


def _rows(path: Path) -> tuple[list[Sequence[str]], dict[str, int]]:
    """Rows below the head as text, and where each known column stands."""
    from ledger.sheets import open_source

    source = open_source(path)
    sheet = source.sheets[0]
    for row in source.top(sheet):
        cells = [cell.replace(" ", "").replace("　", "").partition("(")[0].partition("（")[0] for cell in row.cells]
        places = {column: next((cells.index(word) for word in words if word in cells), -1) for column, words in COLUMNS.items()}
        if places["account"] >= 0 and places["amount"] >= 0:
            if places["holder"] < 0:
                raise BankFileUnusable(file=path.name, why="没有户名列")
            columns = [column.to_pylist() for column in source.body(sheet, row.line, len(cells)).columns]
            return list(zip(*columns, strict=True)), places
    raise BankFileUnusable(file=path.name, why="没有找到含账号和金额的表头")


def _lines(path: Path, rows: Sequence[Sequence[str]], places: dict[str, int]) -> Iterator[BankLine]:
    for number, row in enumerate(rows, start=1):
        if not any(row) or any(cell in TOTALS for cell in row[:3]):
            continue
        try:
            fen = parse_fen(row[places["amount"]])
        except (Refusal, IndexError) as wrong:
            raise BankFileUnusable(file=path.name, why=f"第 {number} 行金额无法识别") from wrong
        seq = row[places["seq"]] if places["seq"] >= 0 else str(number)
        yield BankLine(seq, row[places["account"]], row[places["holder"]], fen)


def _fund(path: Path, plan: dict[str, Any], values: str, rows: Sequence[Sequence[str]], places: dict[str, int], lines: list[BankLine]) -> str:
    """The fund: as given, from a column, from the paying account, from the accounts the bank expects, or from the name."""
    given = dict(pair.split("=", 1) for pair in values.split(",") if "=" in pair).get("险种", "")
    if not given and places["fund"] >= 0 and rows:
        given = rows[0][places["fund"]]
    if given:
        return Fund.parse(given).value
    if places["payer"] >= 0 and rows:
        for fund, own in plan["bank"].items():
            if rows[0][places["payer"]] == own["account"]:
                return str(fund)
    accounts = {line.account for line in lines}
    known = {fund: sum(item["account"] in accounts for item in own["failing"]) for fund, own in plan["bank"].items()}
    best = max(known, key=lambda fund: known[fund])
    if known[best]:
        return str(best)
    for fund, short in FUND_SHORT.items():
        if short in path.name and fund in plan["bank"]:
            return fund
    raise BankFileUnusable(file=path.name, why="认不出险种")


def _settle(out: Path, plan: dict[str, Any], fund: str, lines: list[BankLine]) -> Paid:
    own, month = plan["bank"][fund], plan["month"]
    batch_day = date.fromisoformat(plan["roster"][fund]["batch_day"])
    failing = {item["account"]: item["reason"] for item in own["failing"]}
    stamp = batch_day.strftime("%Y%m%d")
    rows: list[Sequence[str]] = [("明细序号", "账号", "户名", "金额", "处理结果", "失败原因", "交易流水号", "入账日期")]
    failed = []
    for number, line in enumerate(lines, start=1):
        reason = failing.get(line.account, "")
        if reason:
            failed.append(line)
        result = "失败" if reason else "成功"
        rows.append((line.seq, line.account, line.holder, yuan(line.fen), result, reason, f"NS{fund}{stamp}{number:07d}", batch_day.isoformat()))
    month_zh = f"{month[:4]}年{int(month[5:])}月"
    return_file = out / "files" / f"银行回盘_{FUND_SHORT[fund]}_{month_zh}.csv"
    with return_file.open("w", encoding="gb18030", newline="") as handle:
        csv.writer(handle, lineterminator="\r\n").writerows(rows)
    batch, failed_fen = sum(line.fen for line in lines), sum(line.fen for line in failed)
    back = next((line for line in lines if line.account == own["back"].get("account") and line.account not in failing), None)
    moves = _moves(plan, fund, batch, failed_fen, len(failed), back)
    statement = out / "files" / f"银行对账单_{FUND_SHORT[fund]}支出户_{month_zh}.xlsx"
    closing = _statement(statement, plan, fund, month_zh, moves)
    fiscal = plan["fiscal"][fund]
    slips = receipts.write(out, plan, fund, {"1004": (statement, own["timing"]), "1003": (out / "files" / fiscal["file"], fiscal["timing"])})
    return Paid(
        fund, len(lines), batch, len(failed), failed_fen, back.fen if back else 0, own["opening"], closing, return_file, statement, own["timing"], slips
    )


Move = tuple[date, str, int, int, str, str]


def _moves(plan: dict[str, Any], fund: str, batch: int, failed_fen: int, failed: int, back: BankLine | None) -> list[Move]:
    """Movements of the month on the 支出户 as (day, memo, debit, credit, party, party's account), by day."""
    own = plan["bank"][fund]
    batch_day = date.fromisoformat(plan["roster"][fund]["batch_day"])
    fiscal = plan["accounts"][fund]["1003"]["account"]
    moves: list[Move] = [
        (date.fromisoformat(event["day"]), event["memo"], 0, event["amount"], "云岭县财政局社会保障基金财政专户", fiscal)
        for event in plan["events"]
        if event["fund"] == fund and event["event"] == "P1"
    ]
    moves.append((batch_day, f"批量代发养老金 {FUND_SHORT[fund]}", batch, 0, "代发业务待清算", ""))
    if failed_fen:
        moves.append((batch_day, f"批量代发失败退回 {failed} 笔", 0, failed_fen, "代发业务待清算", ""))
    if back is not None:
        day = date.fromisoformat(own["back"]["day"])
        moves.append((day, f"退汇 {own['back']['reason'].split('，')[0]} 序号{back.seq}", 0, back.fen, back.holder, back.account))
    moves += [(date.fromisoformat(line["day"]), line["memo"], line["debit"], line["credit"], "云岭县农村商业银行营业部", "") for line in own["timing"]]
    return sorted(moves, key=lambda move: move[0])


def _statement(path: Path, plan: dict[str, Any], fund: str, month_zh: str, moves: list[Move]) -> int:
    """Writes the statement with its running balance; gives the closing balance."""
    own = plan["bank"][fund]
    balance = opening = int(own["opening"])
    rows: list[tuple[Cell, ...]] = [("账号", "交易日期", "摘要", "借方金额", "贷方金额", "余额", "交易流水号", "对方户名", "对方账号")]
    for number, (day, memo, debit, credit, party, account) in enumerate(moves, start=1):
        balance += credit - debit
        serial = f"BK{day:%Y%m%d}{fund}{number:04d}"
        money = (decimal(debit) if debit else None, decimal(credit) if credit else None, decimal(balance))
        rows.append((own["account"], day, memo, *money, serial, party, account))
    titles = (
        "云岭县农村商业银行对公账户对账单",
        f"户名：{UNIT}（{FUND_NAMES[fund]}支出户）　账号：{own['account']}　机构号：{COUNTY_CODE}01",
        f"{month_zh}　期初余额：{decimal(opening):,}　期末余额：{decimal(balance):,}　单位：元",
    )
    write_workbook(path, rows, sheet="对账单", titles=titles)
    return balance
