"""The rosters of the month (花名册) for R and E, and what the truth expects to be paid of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shebao.demo.county import COUNTY, COUNTY_CODE, FUND_NAMES, HISTORY, County, paid_day
from shebao.demo.facts import Household, Life, RosterLine
from shebao.demo.sinks import BookSink, CsvSink, FileNote, Sink
from shebao.demo.workbook import day_text, decimal, yuan

HEADER = (
    "序号", "险种", "证件号码", "姓名", "待遇类型", "所属期", "应发金额", "抵扣金额", "代扣金额", "实发金额", "银行账号", "户名", "开户行", "统筹区",
    "证件类型", "备注",
)  # fmt: skip
PAID_HEADER = ("险种", "统筹区", "证件号码", "证件类型", "姓名", "待遇类型", "所属期", "发放日期", "金额", "银行账号", "户名", "开户行", "发放状态", "流水号")


class Held:
    """Lines of the rosters that must be blocked: for the plan."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        self.fen: dict[str, int] = {"R": 0, "E": 0}


class RosterFiles:
    """Writes both rosters, and beside the truth the payments they should become."""

    def __init__(self, folder: Path, truth: Path, county: County, *, roomy: bool) -> None:
        self._county = county
        self.period = county.periods[HISTORY]
        month = county.month.zh()
        self._r = CsvSink(
            folder, f"花名册_居保_{month}.csv", "roster", f"{month}城乡居保待遇发放花名册", HEADER, encoding="gb18030", line_end="\r\n",
            titles=(f"{COUNTY}城乡居民基本养老保险待遇发放花名册（{month}）", "单位：元"), amount=9, total=True,
        )  # fmt: skip
        what, titles = f"{month}企业养老待遇发放花名册", (f"{COUNTY}企业职工基本养老保险待遇发放花名册（{month}）", "单位：元")
        self._e: Sink = (
            BookSink(folder, f"花名册_企业养老_{month}.xlsx", "roster", what, HEADER, titles=titles, amount=9, total=True)
            if roomy
            else CsvSink(folder, f"花名册_企业养老_{month}.csv", "roster", what, HEADER, titles=titles, amount=9, total=True)
        )
        self._paid = CsvSink(truth, f"paid-{self.period}.csv", "payments", "真值预期的本月发放", PAID_HEADER, amount=8)
        self.held = Held()
        self.lines, self.fen, self.people, self.paid_fen = {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}, {"R": 0, "E": 0}
        self.items: dict[tuple[str, str], int] = {}

    def add(self, house: Household, life: Life, *, unpaid: bool) -> None:
        """The life's lines; ``unpaid``: the bank will not pay them or gets them back."""
        for fund in sorted({line.fund for line in life.roster}):
            lines = [line for line in life.roster if line.fund == fund]
            self.people[fund] += 1
            blocked = lines[-1:] if house.hold.startswith("P3") else lines if house.hold else []
            for number, line in enumerate(lines):
                self._line(life, line, pays=not unpaid and number < len(lines) - len(blocked))
            if blocked:
                self._hold(house, fund, blocked)

    def _line(self, life: Life, line: RosterLine, *, pays: bool) -> None:
        fund = line.fund
        self.lines[fund] += 1
        self.fen[fund] += line.amount
        self.items[fund, line.item] = self.items.get((fund, line.item), 0) + line.amount
        book = isinstance(self._e, BookSink) and fund == "E"
        money: Callable[[int], object] = decimal if book else yuan
        name = FUND_NAMES[fund] if fund == "E" else "城乡居保"
        cells = (
            str(self.lines[fund]), name, line.number, line.name, line.item, day_text(self.period), money(line.amount), money(0), money(0), money(line.amount),
            line.account, line.holder, line.bank, COUNTY_CODE, life.id_type, line.note,
        )  # fmt: skip
        (self._e if fund == "E" else self._r).add(cells, line.amount)  # type: ignore[arg-type]
        if pays:
            self.paid_fen[fund] += line.amount
            day = day_text(paid_day(fund, self.period))
            self._paid.add(
                (
                    fund, COUNTY_CODE, line.number, life.id_type, line.name, line.item, day_text(self.period), day, yuan(line.amount),
                    line.account, line.holder, line.bank, "成功", f"{fund}{self.period}{self.lines[fund]:08d}",
                ),
                line.amount,
            )  # fmt: skip

    def _hold(self, house: Household, fund: str, lines: list[RosterLine]) -> None:
        fen = sum(line.amount for line in lines)
        self.held.fen[fund] += fen
        self.held.rows.append(
            {"fund": fund, "rule": house.hold, "id_number": lines[0].number, "name": lines[0].name, "lines": len(lines), "fen": fen, "why": house.note}
        )

    def close(self) -> tuple[list[FileNote], FileNote]:
        """The two roster files, and the file of expected payments beside the truth."""
        return [self._r.close(), self._e.close()], self._paid.close()
