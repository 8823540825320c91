"""Builds the ugly files beside it (丑文件): workbooks and text files as offices really send them, with made-up people.

Run it as a program to write them anew; the same bytes come out every time. What each must yield stands in the YAML of its name.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from ledger.identity import check_digit
from tests.intake.ugly.biff import write_xls

FOLDER = Path(__file__).resolve().parent
FIXED = datetime(2026, 1, 5)
NAMES = ("赵甲", "钱乙", "孙丙", "李丁", "周戊", "吴己", "郑庚", "王辛", "冯壬", "陈癸", "褚子", "卫丑")
TOWNS = ("东坪村", "西沟村")


def number(person: int) -> str:
    """A made-up resident number with a sound check digit: region 620821, born in the 1950s."""
    body = f"620821195{person % 10}0{1 + person % 9}15{110 + person * 7:03d}"
    return body + check_digit(body)


def account(person: int) -> str:
    """A made-up account of 19 digits that begins with a zero."""
    return f"0621700000000{person:06d}"


PAYMENT = ("险种", "统筹区", "证件号码", "姓名", "待遇类型", "所属期", "金额", "银行账号", "户名")


def payment(person: int, **changes: str) -> list[str]:
    """One row by :data:`PAYMENT`."""
    row = dict(zip(PAYMENT, ("R", "620821", number(person), NAMES[person], "基础养老金", "2026-01", "203.00", account(person), NAMES[person]), strict=True))
    return [*(row | changes).values()]


def text(name: str, rows: Sequence[Sequence[str]], *, encoding: str = "utf-8", delimiter: str = ",", ends: Sequence[str] = ("\n",), last: bool = True) -> None:
    """Rows as they are, line ends taking turns; ``last``: whether the last line has one."""
    lines = [delimiter.join(row) for row in rows]
    made = "".join(line + ends[at % len(ends)] for at, line in enumerate(lines[:-1])) + lines[-1] + (ends[-1] if last else "")
    (FOLDER / name).write_bytes(made.encode(encoding))


def workbook(name: str, fill: Callable[[Any], None]) -> None:
    """A workbook whose bytes are the same every time."""
    book = xlsxwriter.Workbook(str(FOLDER / name), {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False})
    book.set_properties({"created": FIXED, "author": "某县居保中心"})
    fill(book)
    book.close()


def rows_at(sheet: Any, first: int, rows: Sequence[Sequence[Any]], style: Any = None) -> None:
    """Rows from line ``first`` (from 0)."""
    for line, row in enumerate(rows, start=first):
        for column, value in enumerate(row):
            if value != "":
                sheet.write(line, column, value, style)


def two_line_head(book: Any) -> None:
    """Title and unit line merged, a head of two lines, amounts in 万元, a total, a line for signatures."""
    sheet = book.add_worksheet("1月")
    middle = book.add_format({"align": "center"})
    sheet.merge_range(0, 0, 0, 7, "云岭县城乡居民养老保险待遇发放表（2026年1月）", middle)
    sheet.merge_range(1, 0, 1, 7, "单位：万元", middle)
    for column, name in ((0, "序号"), (7, "备注")):
        sheet.merge_range(2, column, 3, column, name, middle)
    sheet.merge_range(2, 1, 2, 3, "领取人员", middle)
    sheet.merge_range(2, 4, 2, 6, "发放情况", middle)
    rows_at(sheet, 3, [["", "姓名", "证件号码", "所属期", "金额", "银行账号", "户名"]])
    for person, amount in enumerate(("0.0203", "0.0218", "0.0203", "0.02305")):
        rows_at(sheet, 4 + person, [[str(person + 1), NAMES[person], number(person), "2026年1月", amount, account(person), NAMES[person]]])
    rows_at(sheet, 8, [["合计", "", "", "", "0.08545"]])
    rows_at(sheet, 9, [["制表人：冯某", "", "", "审核：陈某"]])


def villages() -> None:
    """GB18030 from an old program: CRLF, LF and blanks mixed, a subtotal below each village."""
    rows: list[list[str]] = [["云岭县2026年1月居民养老金发放明细"], ["乡村", *PAYMENT]]
    for village, people in ((TOWNS[0], (0, 1, 2)), (TOWNS[1], (3, 4))):
        rows += [[village, *payment(person, 金额="1,203.50" if person == 2 else "203.00")] for person in people]
        sums = {TOWNS[0]: "1609.50", TOWNS[1]: "406.00"}
        rows.append([f"{village}小计", *[""] * 6, sums[village], "", ""])
    rows.append(["合计", *[""] * 6, "2015.50", "", ""])
    whole = [[f'"{cell}"' if "," in cell else cell for cell in [*row, *[""] * (10 - len(row))]] for row in rows]
    text("02-分村小计.csv", whole, encoding="gb18030", ends=("\r\n", "\n", "\r\n"))


def scientific(book: Any) -> None:
    """Identity numbers and accounts that a spreadsheet made numbers of: 6.20821E+17, and one already as such text."""
    sheet = book.add_worksheet("Sheet1")
    rows_at(sheet, 0, [PAYMENT])
    for person in range(4):
        row: list[Any] = [*payment(person)]
        row[2] = int(number(person)[:17] + "0") if person < 2 else "6.20821E+17" if person == 2 else number(person)
        row[7] = int(account(person)) if person == 1 else account(person)
        row[6] = 203
        rows_at(sheet, 1 + person, [row])


def old_system() -> None:
    """XLS of an old system: contributions, a title, years as numbers, amounts as text and as numbers."""
    head = ["险种", "统筹区", "身份证号", "姓名", "缴费年度", "缴费主体", "代缴类别", "金额", "到账日期"]
    rows: list[list[Any]] = [["2025年度城乡居民养老保险缴费明细"], head]
    for person, (payer, kind, amount) in enumerate((("个人", "", 300), ("政府代缴", "重度残疾", "100.00"), ("个人", "", 500.5), ("政府代缴", "特困", 100))):
        rows.append(["城乡居保", "620821", number(person), NAMES[person], 2025, payer, kind, amount, "2025-06-30"])
    write_xls(FOLDER / "04-老系统.xls", {"缴费": rows})


def several_sheets(book: Any) -> None:
    """A cover sheet, the data, and a hidden sheet of last month with the same head."""
    cover = book.add_worksheet("说明")
    rows_at(cover, 0, [["本表由居保中心编制，有问题请致电经办大厅。"]])
    sheet = book.add_worksheet("1月发放")
    rows_at(sheet, 0, [PAYMENT, *(payment(person) for person in range(3))])
    hidden = book.add_worksheet("12月发放")
    rows_at(hidden, 0, [PAYMENT, *(payment(person, 所属期="2025-12") for person in range(3))])
    hidden.hide()
    sheet.activate()
    sheet.set_first_sheet()


def filtered(book: Any) -> None:
    """Rows hidden by hand and by a filter that is still on: people see four rows, the file has six."""
    sheet = book.add_worksheet("发放")
    rows = [payment(person) for person in range(6)]
    rows[4] = payment(4, 待遇类型="丧葬补助金", 金额="2436.00")
    rows_at(sheet, 0, [PAYMENT, *rows])
    sheet.autofilter(0, 0, 6, 8)
    sheet.filter_column("E", "x == 基础养老金")
    for line in (2, 5):
        sheet.set_row(line, options={"hidden": True})


def formulas(book: Any) -> None:
    """Amounts computed by formulas: two with their value stored, one never calculated, one in error."""
    sheet = book.add_worksheet("发放")
    rows_at(sheet, 0, [PAYMENT])
    for person in range(4):
        row: list[Any] = payment(person)
        rows_at(sheet, 1 + person, [[*row[:6], "", *row[7:]]])
    for line, value in ((1, 203), (2, 218.5), (3, ""), (4, "#REF!")):
        sheet.write_formula(line, 6, f"=K{line + 1}+L{line + 1}", None, value)


def dates() -> None:
    """Five ways to write a day, one month alone, one day that does not exist, and 0000-00-00."""
    days = ("2025-03-05", "2025/3/5", "2025.3.5", "20250305", "2025年3月5日", "2025-04", "2025-02-30", "45721", "")
    rows = [["证件号码", "姓名", "死亡日期", "火化日期", "来源"]]
    rows += [[number(person), NAMES[person], day, "0000-00-00" if person < 8 else "2025-03-09", "民政"] for person, day in enumerate(days)]
    text("08-五种日期.csv", rows)


def codes() -> None:
    """An extract of the business system: field codes for headers, tabs, codes for values, the office's own person number."""
    head = ["AAC001", "AAC002", "AAC003", "AAE140", "统筹区编码", "AAE002", "AAE003", "AAE208", "AAE117", "AAE019", "AAE010", "AAE009", "AAE011", "AAE013"]
    rows = [head]
    for person in range(4):
        flag = "2" if person == 3 else "1"
        rows.append(
            [f"62082100{person:04d}", number(person), NAMES[person], "R", "620821000000", "202602", "202601", "202602", flag, "203.00", account(person),
             NAMES[person], "冯某", ""]
        )  # fmt: skip
    text("09-业务系统字段.txt", rows, delimiter="\t", ends=("\r\n",))


def wide(book: Any) -> None:
    """The payment list of a county office: one column a component under heads of two lines; the parts of one row do not make its total."""
    sheet = book.add_worksheet("待遇支付")
    rows_at(sheet, 0, [["城乡居民养老保险待遇支付明细"]])
    for column, name in enumerate(("身份证", "姓名", "费款所属期", "实付年月", "支付标志", "总额")):
        sheet.merge_range(1, column, 2, column, name)
    sheet.merge_range(1, 6, 1, 10, "基础养老金")
    sheet.merge_range(1, 11, 2, 11, "丧葬费")
    sheet.merge_range(1, 12, 1, 14, "个账")
    rows_at(sheet, 2, [[*[""] * 6, "中央", "省级", "市级", "县级", "加发", "", "个人缴费", "省补贴", "代缴"]])
    parts = ((123, 40, 0, 20, 0, 0, 15.32, 0, 4.68), (123, 40, 0, 20, 5, 0, 22.1, 1.2, 0), (123, 40, 0, 20, 0, 1200, 0, 0, 0), (123, 40, 0, 20, 0, 0, 9, 0, 0))
    for person, amounts in enumerate(parts):
        total = sum(amounts) + (10 if person == 3 else 0)
        rows_at(sheet, 3 + person, [[number(person), NAMES[person], "202601", "202601", "1", f"{total:.2f}", *amounts]])


def statement(book: Any) -> None:
    """A bank statement: the account stands above the head, one amount column with 借 and 贷 beside it, an opening line."""
    sheet = book.add_worksheet("明细")
    rows_at(
        sheet, 0,
        [
            ["云岭农商银行对公账户明细"], ["账号：6210000000000001234", "", "", "户名：云岭县社会保险基金支出户"], ["起止日期：2026-01-01 至 2026-01-31"],
            ["交易日期", "摘要", "借贷标志", "发生额", "余额", "对方户名", "交易流水号"], ["2026-01-01", "期初余额", "", "", "10000.00"],
            ["2026-01-05", "财政拨款", "贷", "5000.00", "15000.00", "云岭县财政专户", "0001"],
            ["2026-01-10", "代发养老金", "借", "812.00", "14188.00", "批量代发", "0002"],
            ["2026-01-12", "退票", "贷", "203.00", "14391.00", "赵甲", "0003"],
        ],
    )  # fmt: skip


def twice() -> None:
    """The same rows twice: pasted together from two exports."""
    rows = [payment(person) for person in range(4)]
    text("12-重复行.csv", [PAYMENT, *rows, *rows[1:3]])


def semicolons() -> None:
    """Semicolons, a BOM, full-width digits and signs, thousand separators, a yuan sign, blanks within numbers."""
    rows = [payment(0, 金额="￥1,203.00"), payment(1, 金额="２０３．００"), payment(2, 金额="203元"), payment(3, 金额="(203.00)")]
    rows[1][2] = " ".join((number(1)[:6], number(1)[6:14], number(1)[14:]))
    rows[2][0], rows[3][0] = "城乡居保", "居民养老"
    text("13-分号带BOM.csv", [PAYMENT, *rows], encoding="utf-8-sig", delimiter=";", ends=("\r\n",))


def zeros_lost(book: Any) -> None:
    """Passbook accounts of 13 digits that begin with 0: two were stored as numbers and lost it."""
    sheet = book.add_worksheet("发放")
    head = ("险种", "统筹区", "证件号码", "姓名", "所属期", "金额", "银行账号", "户名", "流水号")
    rows_at(sheet, 0, [head])
    for person in range(8):
        passbook: Any = f"0{person + 1}30000012345"
        passbook = int(passbook) if person in (2, 5) else passbook
        rows_at(sheet, 1 + person, [["R", "620821", number(person), NAMES[person], "202601", 203, passbook, NAMES[person], f"{person + 1:04d}"]])


def last_digits() -> None:
    """Identity numbers typed into a number column and saved as text: the last three digits are 000."""
    rows = [payment(person) for person in range(4)]
    for person in (1, 3):
        rows[person][2] = number(person)[:15] + "000"
    text("15-末位成000.csv", [PAYMENT, *rows])


def wrong_total() -> None:
    """A row was deleted and the total left as it was."""
    rows = [payment(person) for person in range(3)]
    text("16-合计差一行.csv", [PAYMENT, *rows, ["合计", *[""] * 5, "812.00", "", ""]])


def half() -> None:
    """A copy that broke off: the last line ends in the middle, with no line end."""
    rows = [payment(person) for person in range(3)]
    text("17-写了一半.csv", [PAYMENT, *rows, payment(3)[:4]], last=False)


def other_month() -> None:
    """February was asked for; all but one row are of January."""
    rows = [payment(person, 所属期="2026-02" if person == 0 else "2026-01") for person in range(4)]
    text("18-月份不对.csv", [PAYMENT, *rows])


def local_words() -> None:
    """Names of items and states that no list knows, and a header of the office's own."""
    head = [*PAYMENT, "发放状态", "领取地点"]
    rows = [[*payment(person, 待遇类型="老农保衔接金" if person > 1 else "基础养老金"), "已入卡" if person == 3 else "成功", "大厅"] for person in range(4)]
    text("19-本地名称.csv", [head, *rows])


def own_header(book: Any) -> None:
    """A list whose amount is called 领取额, whose months stand in the title, with rows in error of several kinds."""
    sheet = book.add_worksheet("名单")
    head = ("险种", "统筹区", "证件号码", "姓名", "所属期", "领取额", "银行账号", "户名")
    rows: list[list[Any]] = [["R", "620821", number(person), NAMES[person], "2026-01", "203.00", account(person), NAMES[person]] for person in range(6)]
    rows[1][5], rows[2][4], rows[3][0], rows[4][2] = "203.005", "2026-13", "农保", ""
    rows_at(sheet, 0, [["领取名单"], head, *rows])


BOOKS: dict[str, Callable[[Any], None]] = {
    "01-双层表头万元.xlsx": two_line_head, "03-号码成科学计数.xlsx": scientific, "05-多表一隐.xlsx": several_sheets, "06-隐藏筛选.xlsx": filtered,
    "07-公式无值.xlsx": formulas, "10-居保宽表.xlsx": wide, "11-银行流水.xlsx": statement, "14-丢前导零.xlsx": zeros_lost, "20-自定表头.xlsx": own_header,
}  # fmt: skip
TEXTS = (villages, old_system, dates, codes, twice, semicolons, last_digits, wrong_total, half, other_month, local_words)


def build(folder: Path = FOLDER) -> None:
    """Writes every file into ``folder``."""
    global FOLDER
    FOLDER = folder
    for name, fill in BOOKS.items():
        workbook(name, fill)
    for write in TEXTS:
        write()


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
