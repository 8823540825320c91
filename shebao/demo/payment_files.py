"""The payments files (待遇发放明细), each in the habit of the office and year that sent it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from shebao.demo.county import CITY, CITY_CODE, COUNTY, COUNTY_CODE, FUND_NAMES, NEIGHBOUR, NEIGHBOUR_CODE, RENAMED, County
from shebao.demo.facts import FAILED, PAID, RETURNED, Pay
from shebao.demo.names import CHECKERS, CLERKS
from shebao.demo.sinks import BookSink, CsvSink, FileNote, Sink
from shebao.demo.workbook import as_date, day_text, decimal, yuan

Add = Callable[[Pay], None]
WORDS = {PAID: "已支付", FAILED: "支付失败", RETURNED: "已退回"}
CODES = {PAID: "1", FAILED: "2", RETURNED: "退票"}


class PaymentFiles:
    """Sends each payment row to the file of its fund, region and year.

    ``roomy``: small enough for workbooks; a large county gets CSV instead under the same stem.
    """

    def __init__(self, folder: Path, county: County, *, roomy: bool) -> None:
        self._folder, self._county, self._roomy = folder, county, roomy
        self._sinks: list[Sink] = []
        self._routes: dict[tuple[str, str, int], Add] = {}
        first, second, third = county.years
        spans = {year: _span(county, year) for year in county.years}
        for year, add in ((first, self._r_first(spans[first])), (second, self._r_second(spans[second])), (third, self._r_third(spans[third]))):
            self._routes["R", COUNTY_CODE, year] = add
        for year, add in ((first, self._e_first(spans[first])), (second, self._e_second(spans[second])), (third, self._e_third(spans[third]))):
            self._routes["E", COUNTY_CODE, year] = add
        for year in county.years:
            text = _span(county, year, story=True)
            self._routes["G", COUNTY_CODE, year] = self._g(text, first=year == first)
        neighbour = self._neighbour()
        elsewhere = {("R", region): neighbour for region in (NEIGHBOUR_CODE, *RENAMED)}
        elsewhere |= {("E", CITY_CODE): self._city(), ("U", COUNTY_CODE): self._unemployment()}
        self._routes.update({(*where, year): add for where, add in elsewhere.items() for year in county.years})

    def add(self, row: Pay) -> None:
        """Writes one row into its file."""
        self._routes[row.fund, row.region, row.period // 100](row)

    def close(self) -> list[FileNote]:
        """Closes every file and says what each is."""
        return [sink.close() for sink in self._sinks]

    def _open(self, sink: Sink) -> Callable[[tuple[object, ...], int], None]:
        self._sinks.append(sink)
        return sink.add  # type: ignore[return-value]

    # --- residents ------------------------------------------------------------------------------------------
    def _r_first(self, span: str) -> Add:
        """GB18030, title lines, no column for fund and region, words for status, a total line."""
        add = self._open(
            CsvSink(
                self._folder, f"居保发放明细_{span}.csv", "payments", f"城乡居保待遇发放明细，{span}（老系统导出，险种和统筹区另行给定）",
                ("证件号码", "姓名", "待遇类型", "待遇所属期", "支付日期", "实发金额", "账号", "户名", "开户行", "支付标志"),
                encoding="gb18030", line_end="\r\n", titles=(f"{COUNTY}城乡居民基本养老保险待遇发放明细表（{span}）", "单位：元"), amount=5, total=True,
                values={"险种": "R", "统筹区": COUNTY_CODE},
            )
        )  # fmt: skip
        return lambda r: add(
            (r.number, r.name, r.item, day_text(r.period, "zh"), day_text(r.paid_on, "/"), yuan(r.amount), r.account, r.holder, r.bank, WORDS.get(r.status,
            r.status)),
            r.amount,
        )  # fmt: skip

    def _r_second(self, span: str) -> Add:
        """UTF-8 with BOM, every column of the contract, twelve-digit region."""
        add = self._open(
            CsvSink(
                self._folder, f"居保发放明细_{span}.csv", "payments", f"城乡居保待遇发放明细，{span}（新系统导出）",
                ("险种", "统筹区", "身份证号", "证件类型", "姓名", "待遇项目", "所属期", "所属期起", "所属期止", "发放日期", "金额", "银行账号", "户名",
                "开户行",
                 "发放状态", "流水号", "原流水号", "资金来源", "经办人", "审核人"),
                encoding="utf-8-sig", amount=10,
            )
        )  # fmt: skip
        return lambda r: add(
            (
                "城乡居民基本养老保险", COUNTY_CODE + "000000", r.number, r.id_type, r.name, r.item, day_text(r.period), day_text(r.span_from),
                day_text(r.span_to),
                day_text(r.paid_on), yuan(r.amount), r.account, r.holder, r.bank, r.status, r.serial, r.orig_serial, r.source,
                CLERKS[r.paid_on % 3], CHECKERS[r.paid_on % 2],
            ),
            r.amount,
        )  # fmt: skip

    def _r_third(self, span: str) -> Add:
        """GB18030, headers in the national code style (aac002 …), codes for status, base pension by source."""
        add = self._open(
            CsvSink(
                self._folder, f"居保发放明细_{span}.csv", "payments", f"城乡居保待遇发放明细，{span}（省集中系统导出，指标代码表头，基础养老金分资金来源）",
                ("aae140", "行政区划代码", "aac002", "证件类型", "aac003", "支付项目", "aae003", "所属期起", "所属期止", "aae208", "aae019", "aae010",
                "aae009", "aae117",
                 "流水号", "原流水号", "原所属期", "资金来源"),
                encoding="gb18030", amount=10,
            )
        )  # fmt: skip
        return lambda r: add(
            (
                "城乡居保", r.region, r.number, r.id_type, r.name, r.item, r.period, r.span_from or "", r.span_to or "", r.paid_on // 100, yuan(r.amount),
                r.account, r.holder, CODES.get(r.status, r.status), r.serial, r.orig_serial, r.orig_period or "", r.source,
            ),
            r.amount,
        )  # fmt: skip

    # --- employees ------------------------------------------------------------------------------------------
    def _e_first(self, span: str) -> Add:
        """A workbook with titles, unit line and total."""
        header = ("序号", "公民身份号码", "参保人姓名", "待遇类型", "费款所属期", "支付日期", "金额", "卡号", "账户名", "开户行", "发放状态")
        what = f"企业职工养老待遇发放明细，{span}"
        values = {"险种": "E", "统筹区": COUNTY_CODE}
        titles = (f"{COUNTY}企业职工基本养老保险待遇发放明细（{span}）", "单位：元")
        if not self._roomy:
            add = self._open(
                CsvSink(
                    self._folder,
                    f"企业养老发放明细_{span}.csv",
                    "payments",
                    what,
                    header,
                    encoding="gb18030",
                    titles=titles,
                    amount=6,
                    total=True,
                    values=values,
                )
            )
            return lambda r: add(
                ("", r.number, r.name, r.item, day_text(r.period), day_text(r.paid_on), yuan(r.amount), r.account, r.holder, r.bank, r.status), r.amount
            )
        sink = BookSink(self._folder, f"企业养老发放明细_{span}.xlsx", "payments", what, header, titles=titles, amount=6, total=True, values=values)
        self._sinks.append(sink)
        return lambda r: sink.add(
            (str(sink.count + 1), r.number, r.name, r.item, day_text(r.period), as_date(r.paid_on), decimal(r.amount), r.account, r.holder, r.bank, r.status),
            r.amount,
        )

    def _e_second(self, span: str) -> Add:
        """GB18030 with tabs."""
        add = self._open(
            CsvSink(
                self._folder, f"企业养老发放明细_{span}.csv", "payments", f"企业职工养老待遇发放明细，{span}（制表符分隔）",
                ("制度", "区划", "社会保障号码", "姓名", "待遇项目", "待遇所属期", "所属期起", "所属期止", "实付日期", "支付金额", "银行账号", "户名",
                "发放状态", "流水号", "原流水号"),
                encoding="gb18030", delimiter="\t", line_end="\r\n", amount=9,
            )
        )  # fmt: skip
        return lambda r: add(
            (
                "企业养老", r.region, r.number, r.name, r.item, r.period, r.span_from or "", r.span_to or "", day_text(r.paid_on, "8"), yuan(r.amount),
                r.account, r.holder, r.status, r.serial, r.orig_serial,
            ),
            r.amount,
        )  # fmt: skip

    def _e_third(self, span: str) -> Add:
        """A workbook sorted by month, with a subtotal after each month and a total."""
        header = (
            "险种",
            "统筹区",
            "身份证",
            "领取人",
            "待遇项目",
            "对应费款所属期",
            "所属期起",
            "所属期止",
            "发放日期",
            "实发金额",
            "账号",
            "户名",
            "发放状态",
            "流水号",
            "原流水号",
            "原所属期",
        )
        what = f"企业职工养老待遇发放明细，{span}"
        titles = (f"{COUNTY}企业职工基本养老保险待遇发放明细（{span}）", "单位：元")

        def front(r: Pay) -> tuple[str, ...]:
            return ("企业职工基本养老保险", r.region, r.number, r.name, r.item, day_text(r.period), day_text(r.span_from), day_text(r.span_to))

        def back(r: Pay) -> tuple[str, ...]:
            return (r.account, r.holder, r.status, r.serial, r.orig_serial, day_text(r.orig_period))

        if not self._roomy:
            add = self._open(CsvSink(self._folder, f"企业养老发放明细_{span}.csv", "payments", what, header, titles=titles, amount=9, total=True))
            return lambda r: add((*front(r), day_text(r.paid_on), yuan(r.amount), *back(r)), r.amount)
        sink = BookSink(self._folder, f"企业养老发放明细_{span}.xlsx", "payments", what, header, titles=titles, amount=9, total=True, group=5)
        self._sinks.append(sink)
        return lambda r: sink.add((*front(r), as_date(r.paid_on), decimal(r.amount), *back(r)), r.amount)

    # --- others ---------------------------------------------------------------------------------------------
    def _g(self, span: str, *, first: bool) -> Add:
        """UTF-8 without BOM; the first year with semicolons. The city pays officials, the month of the story too."""
        add = self._open(
            CsvSink(
                self._folder, f"机关养老发放明细_{span}.csv", "payments", f"机关事业单位养老待遇发放明细，{span}（市级发放，供比对）",
                ("险种", "统筹区", "社会保障号", "姓名", "待遇类型", "所属期", "发放日期", "金额", "账号", "户名", "开户行", "发放状态"),
                delimiter=";" if first else ",", amount=7,
            )
        )  # fmt: skip
        return lambda r: add(
            ("机关养老", r.region, r.number, r.name, r.item, day_text(r.period), day_text(r.paid_on), yuan(r.amount), r.account, r.holder, r.bank, r.status),
            r.amount,
        )

    def _neighbour(self) -> Add:
        """Masked accounts: nothing can be said about them."""
        add = self._open(
            CsvSink(
                self._folder, f"{NEIGHBOUR}居保发放比对数据.csv", "payments",
                f"邻县（{NEIGHBOUR}）居保发放数据，账号掩码，供跨区比对，含一个已改市县的新旧代码",
                ("险种", "区划", "身份证号", "姓名", "待遇类型", "费款所属期", "支付日期", "支付金额", "账号", "户名", "发放状态", "资金来源"),
                encoding="gb18030", amount=7,
            )
        )  # fmt: skip
        return lambda r: add(
            (
                "居民养老", r.region, r.number, r.name, r.item, r.period, day_text(r.paid_on), yuan(r.amount), f"{r.account[:6]}*********{r.account[-4:]}",
                r.holder, r.status, r.source,
            ),
            r.amount,
        )  # fmt: skip

    def _city(self) -> Add:
        sink = BookSink(
            self._folder, f"{CITY}企业养老领取比对.xlsx", "payments", f"异地（{CITY}）企业养老发放数据，供比对，含本月",
            ("险种", "统筹区", "公民身份号码", "姓名", "待遇类型", "所属期", "支付日期", "金额", "账号", "户名"),
            titles=(f"{CITY}企业职工基本养老保险待遇比对结果",), amount=7,
        )  # fmt: skip
        self._sinks.append(sink)
        return lambda r: sink.add(
            (FUND_NAMES["E"], r.region, r.number, r.name, r.item, day_text(r.period, "zh"), as_date(r.paid_on), decimal(r.amount), r.account, r.holder),
            r.amount,
        )

    def _unemployment(self) -> Add:
        sink = BookSink(
            self._folder, "失业金发放明细.xlsx", "payments", "失业保险金发放明细",
            ("险种", "统筹区", "身份证号", "姓名", "待遇项目", "所属期", "发放日期", "金额", "银行账号", "户名"), amount=7, total=True,
            titles=("失业保险金发放明细", "单位：元"),
        )  # fmt: skip
        self._sinks.append(sink)
        return lambda r: sink.add(
            ("失业保险", r.region, r.number, r.name, r.item, day_text(r.period), day_text(r.paid_on, "zh"), decimal(r.amount), r.account, r.holder), r.amount
        )


def _span(county: County, year: int, *, story: bool = False) -> str:
    """``2024年10-12月``: which months of that year the file holds."""
    months = [p % 100 for p in county.periods[: 25 if story else 24] if p // 100 == year]
    return f"{year}年{months[0]}-{months[-1]}月" if len(months) < 12 else f"{year}年"
