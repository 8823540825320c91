"""Files about the month's money: tax tickets, subsidies, 财政专户 statements, opening balances."""

from __future__ import annotations

from pathlib import Path

from shebao.demo.county import COUNTY, COUNTY_CODE, FUND_ACCOUNTS, FUND_BANK, FUND_NAMES, FUND_SHORT, County
from shebao.demo.opening import Opening
from shebao.demo.sinks import BookSink, CsvSink, FileNote
from shebao.demo.story import Event, fiscal_lines
from shebao.demo.tally import Tally
from shebao.demo.workbook import Cell, day_text, decimal, write_workbook, yuan

PURPOSE = {"R": "基础养老金补贴", "E": "待遇支出补助"}
STATEMENT_HEADER = ("账号", "交易日期", "摘要", "借方金额", "贷方金额", "余额", "交易流水号", "对方户名")


def tax_file(folder: Path, county: County, tally: Tally, name: str, funds: str) -> FileNote:
    """Tax tickets of the month for these funds: one ticket may carry several lines."""
    what = "税务局入库明细（一票多品目）" + ("，按票入账" if "R" not in funds else "，与缴费明细核对，不按票入账")
    sink = CsvSink(
        folder, f"{name}_{county.month.zh()}.csv", "tax", what,
        ("险种", "入库日期", "电子税票号码", "征收品目", "级次", "金额", "缴费单位", "费款所属期", "国库"),
        encoding="gb18030", amount=5, total=True, titles=("社会保险费入库明细", "单位：元"),
    )  # fmt: skip
    for ticket in sorted(tally.tickets.values(), key=lambda t: (t.day, t.number)):
        for (fund, payer), fen in sorted(line for line in ticket.lines.items() if line[0][0] in funds):
            period = str(county.year) if fund == "R" else day_text(county.month.number)
            sink.add((FUND_NAMES[fund], day_text(ticket.day), ticket.number, payer, "县级", yuan(fen), ticket.payer, period, "国家金库云岭县支库"), fen)
    return sink.close()


def subsidy_file(folder: Path, county: County, planned: list[Event]) -> FileNote:
    """Fiscal money of the month by document (指标文号) and level."""
    sink = BookSink(
        folder, f"财政补助_{county.month.zh()}.xlsx", "subsidies", "财政补助到账（基础养老金补贴、企业养老补助）",
        ("险种", "级次", "指标文号", "用途", "金额", "到账日期"), amount=4, total=True, titles=(f"{COUNTY}社会保险基金财政补助台账", "单位：元"),
    )  # fmt: skip
    for event in planned:
        if event.event == "C8":
            sink.add((event.fund, next(iter(event.parts)), event.evidence.split(" ")[0], PURPOSE[event.fund], decimal(event.amount), event.day), event.amount)
    return sink.close()


def fiscal_statement(folder: Path, county: County, book: Opening, planned: list[Event]) -> tuple[FileNote, dict[str, object]]:
    """The 财政专户 statement of one fund, opening at its books' 1003; also what the plan must know of it."""
    fund = book.fund
    account = FUND_ACCOUNTS[fund]["1003"]
    balance = opened = book.bank("1003")
    rows: list[tuple[Cell, ...]] = [STATEMENT_HEADER]
    lines = fiscal_lines(county, fund, planned)
    for line in lines:
        debit, credit = int(str(line["debit"])), int(str(line["credit"]))
        balance += credit - debit
        rows.append(
            (
                account, day_text(_number(str(line["day"]))), str(line["memo"]), decimal(debit) if debit else None, decimal(credit) if credit else None,
                decimal(balance), str(line["serial"]), str(line["party"]),
            )
        )  # fmt: skip
    name = f"财政专户对账单_{FUND_SHORT[fund]}_{county.month.zh()}.xlsx"
    titles = (
        f"{FUND_BANK}对账单", f"户名：{COUNTY}财政局社会保障基金财政专户（{FUND_NAMES[fund]}）　账号：{account}",
        f"{county.month.zh()}　期初余额：{decimal(opened):,}　期末余额：{decimal(balance):,}　单位：元",
    )  # fmt: skip
    write_workbook(folder / name, rows, sheet="对账单", titles=titles)
    moved = sum(int(str(line["debit"])) + int(str(line["credit"])) for line in lines)
    note = FileNote(name, "bank", f"财政专户对账单，{FUND_NAMES[fund]}", "xlsx", len(lines), moved, {"险种": fund, "科目": "1003"})
    timing = [
        {"day": str(line["day"]), "memo": line["memo"], "debit": line["debit"], "credit": line["credit"], "why": line["timing"]}
        for line in lines
        if "timing" in line
    ]
    return note, {"account": account, "opening": opened, "closing": balance, "timing": timing, "file": name}


def _number(day: str) -> int:
    return int(day.replace("-", ""))


def readme(notes: list[FileNote], county: County) -> str:
    """README.txt of the folder: what each file is, and that everybody in it is invented."""
    lines = [
        f"{COUNTY}（行政区划代码 {COUNTY_CODE}）{county.month.zh()}社保数据——示范用",
        "",
        "重要说明：本目录全部人员、单位、账号、金额均为程序随机编造，县名、区划代码并不存在；",
        "所有身份证号码都以未使用的区划代码开头（校验码按规则计算），不可能是任何真实公民的号码。请勿与真实数据混放。",
        "",
        "各文件仿照实际来源部门的习惯：编码有 GB18030、带 BOM 的 UTF-8，表头各不相同，有标题行、合并表头、小计和合计行。",
        "“另行给定”的值，导入时写作：文件::险种=R,统筹区=" + COUNTY_CODE,
        "",
        "文件\t合同(contract)\t编码\t行数\t另行给定\t说明",
    ]
    for note in notes:
        given = ",".join(f"{key}={value}" for key, value in note.values.items() if note.contract in ("payments", "deaths"))
        lines.append(f"{note.name}\t{note.contract}\t{note.encoding}\t{note.rows}\t{given}\t{note.what}")
    return "\n".join(lines) + "\n"
