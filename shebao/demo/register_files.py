"""Files about people (名册与名单): registers, death lists, custody, premiums, entitled lists, agents, recoveries."""

from __future__ import annotations

from pathlib import Path

from shebao.demo.county import COUNTY, COUNTY_CODE, FUND_NAMES, County
from shebao.demo.facts import Agent, Death, Life, Listing, Premium, Register
from shebao.demo.sinks import BookSink, CsvSink, FileNote, Sink
from shebao.demo.workbook import as_date, day_text, decimal, yuan

EMPLOYEE_HEADER = (
    "身份证号", "姓名", "性别", "出生日期", "档案认定出生日期", "险种", "统筹区", "参保状态", "待遇状态", "退休类别", "首次参保年月", "待遇开始年月",
    "终止年月", "最近认证日期",
)  # fmt: skip
CLAIMED = "代缴到账明细"
R_PREMIUMS = (
    "险种", "统筹区", "证件号码", "姓名", "缴费年度", "缴费主体", "代缴类别", "代缴级次", "缴费档次", "金额", "到账日期", "缴费性质", "税票号码",
)  # fmt: skip


def _employees(folder: Path, roomy: bool) -> Sink:
    """The employees' register: a workbook in a small county, else a CSV."""
    what, titles = "企业、机关养老参保与领取人员", ("职工养老参保人员基本信息表",)
    if roomy:
        return BookSink(folder, "参保登记_企业和机关养老.xlsx", "people", what, EMPLOYEE_HEADER, titles=titles)
    return CsvSink(folder, "参保登记_企业和机关养老.csv", "people", what, EMPLOYEE_HEADER, encoding="gb18030", titles=titles)


def _entitled_lists(folder: Path) -> dict[str, Sink]:
    """Lists of those whose premium others pay, each in its office's own form."""
    return {
        "民政": BookSink(
            folder, "代缴名单_民政.xlsx", "entitled", "低保、特困人员名单", ("身份证号", "姓名", "类别", "认定日期", "退出日期", "数据来源"),
            titles=("低保特困人员花名册",)
        ),
        "残联": CsvSink(
            folder, "代缴名单_残联.csv", "entitled", "重度残疾人名单", ("证件号码", "姓名", "类别", "认定日期", "退出日期", "残疾等级", "数据来源"),
            encoding="gb18030"
        ),
        "乡村振兴": BookSink(
            folder, "代缴名单_乡村振兴.xlsx", "entitled", "脱贫、返贫致贫人口名单", ("公民身份号码", "姓名", "类别", "认定日期", "退出日期", "数据来源"),
            titles=("脱贫人口和防止返贫监测对象名单",),
        ),
    }  # fmt: skip


class RegisterFiles:
    """Writes everything about a person that is no payment."""

    def __init__(self, folder: Path, county: County, *, roomy: bool) -> None:
        self._folder, self._county = folder, county
        self._people_r = CsvSink(
            folder, "参保登记_城乡居保.csv", "people", "城乡居保参保与领取人员",
            ("证件号码", "证件类型", "姓名", "曾用名", "性别", "出生日期", "险种", "统筹区", "乡镇", "村", "地址", "参保状态", "待遇状态", "首次参保年月",
            "待遇起始年月", "终止年月",
             "最近认证日期"),
            encoding="utf-8-sig",
        )  # fmt: skip
        self._people_eg = _employees(folder, roomy)
        self._police = CsvSink(
            folder, "死亡名单_公安.csv", "deaths", "公安户籍注销名单（含迁出、重户）",
            ("公民身份号码", "姓名", "性别", "出生日期", "统筹区", "地址", "死亡日期", "注销日期", "注销原因"), encoding="gb18030", values={"数据来源": "公安"},
        )  # fmt: skip
        self._funeral = BookSink(
            folder, "死亡名单_民政殡葬.xlsx", "deaths", "民政殡葬火化名单（多数只有火化日期，部分无号码）",
            ("序号", "姓名", "身份证号", "性别", "出生日期", "统筹区", "乡镇", "村", "死亡时间", "火化日期", "数据来源"),
            titles=(f"{COUNTY}殡葬服务信息登记表",), groups=(("逝者信息", 8), ("殡葬信息", 3)),
        )  # fmt: skip
        self._custody = BookSink(
            folder, "服刑人员名单_司法.xlsx", "custody", "服刑和社区矫正人员名单（末行号码被电子表格损坏）",
            ("身份证号", "姓名", "性别", "出生日期", "羁押日期", "收监日期", "释放日期", "执行方式", "数据来源"), titles=("服刑及社区矫正人员名单",),
        )  # fmt: skip
        earlier = f"{county.year}年1-{county.month.month - 1}月"
        what = "城乡居保缴费、政府代缴和缴费补贴明细，"
        self._premiums_r, self._month_r, self._claimed_r = (
            CsvSink(folder, f"{name}.csv", "contributions", text, R_PREMIUMS, encoding="utf-8-sig", amount=9)
            for name, text in (
                (f"缴费明细_居保_{earlier}", f"{what}{earlier}到账"),
                (f"缴费明细_居保_{county.month.zh()}", f"{what}{county.month.zh()}到账"),
                (f"{CLAIMED}_居保_{county.month.zh()}", "财政部门的代缴到账和退回明细：单位按清册入账，导入后只供清零比对和稽核"),
            )
        )
        self._premiums_eg = CsvSink(
            folder, f"缴费明细_企业机关_{county.year}年1-{county.month.month}月.csv", "contributions", "企业、机关养老缴费明细",
            ("制度", "区划", "身份证号", "姓名", "费款所属期", "缴费主体", "金额", "到账日期", "缴费性质", "单位信用代码", "单位名称", "税票号码"),
            encoding="gb18030", amount=6,
        )  # fmt: skip
        self._lists = _entitled_lists(folder)
        self._agents = BookSink(
            folder, "代领与机构账户.xlsx", "accounts", "集中供养机构、监护人、代领账户登记", ("账号", "户名", "类型", "证件号码", "起始日期", "终止日期")
        )
        self._recovered = BookSink(
            folder, "追回台账.xlsx", "recoveries", "多发待遇追回台账", ("证件号码", "姓名", "险种", "所属期起", "所属期止", "金额", "方式", "到账日期",
            "凭证号"),
            amount=5, total=True, titles=("多领冒领待遇追回台账", "单位：元"),
        )  # fmt: skip

    def add(self, life: Life, agents: list[Agent]) -> None:
        """Every row about one person, and the agents of the household."""
        for row in life.registers:
            self._register(life, row)
        for death in life.deaths:
            self._death(death)
        for term in life.terms:
            birth = term.birth.strftime("%Y-%m-%d")
            self._custody.add((term.number, term.name, term.sex, birth, as_date(term.detained), as_date(term.start), as_date(term.end), term.mode, "司法"))
        for premium in life.premiums:
            self._premium(life, premium)
        for listing in life.listings:
            self._listing(life, listing)
        for agent in agents:
            self._agents.add((agent.account, agent.holder, agent.kind, agent.number, as_date(agent.start), as_date(agent.end)))
        for back in life.recovered:
            cells = (
                life.number,
                life.name,
                back.fund,
                day_text(back.first),
                day_text(back.last),
                decimal(back.amount),
                back.way,
                as_date(back.received),
                back.voucher,
            )
            self._recovered.add(cells, back.amount)

    def close(self) -> list[FileNote]:
        """Adds the damaged row, closes every file and says what each is."""
        self._custody.add((620828196501010000, "赵一", "男", "1965-01-01", None, as_date(20190101), as_date(20230101), "监禁", "司法"))
        sinks: list[Sink] = [
            self._people_r, self._people_eg, self._police, self._funeral, self._custody, self._premiums_r, self._month_r, self._claimed_r,
            self._premiums_eg,
            *self._lists.values(), self._agents, self._recovered,
        ]  # fmt: skip
        return [sink.close() for sink in sinks]

    def _register(self, life: Life, row: Register) -> None:
        birth = life.birth.strftime("%Y-%m-%d")
        months = (day_text(row.first_month), day_text(row.start_month), day_text(row.end_month))
        if row.fund == "R":
            address = f"{COUNTY}{life.town}{life.village}"
            self._people_r.add(
                (
                    life.number, life.id_type, life.name, life.former_name, life.sex, birth, "城乡居民基本养老保险", row.region, life.town, life.village,
                    address,
                    row.enrolled, row.benefit, *months, day_text(row.certified_on),
                )
            )  # fmt: skip
            return
        archive = row.file_birth.strftime("%Y-%m-%d") if row.file_birth else ""
        self._people_eg.add(
            (
                life.number,
                life.name,
                life.sex,
                birth,
                archive,
                FUND_NAMES[row.fund],
                row.region,
                row.enrolled,
                row.benefit,
                row.retire_kind,
                *months,
                day_text(row.certified_on),
            )
        )

    def _death(self, death: Death) -> None:
        if death.source == "公安":
            self._police.add(
                (
                    death.number, death.name, death.sex, death.birth.strftime("%Y%m%d"), death.region, f"{COUNTY}{death.town}{death.village}",
                    day_text(death.died), day_text(death.registered, "/"), death.reason,
                )
            )  # fmt: skip
            return
        self._funeral.add(
            (
                str(self._funeral.count + 1), death.name, death.number, death.sex, death.birth.strftime("%Y-%m-%d"), death.region, death.town, death.village,
                day_text(death.died, "zh"), day_text(death.cremated, "/"), "民政",
            )
        )  # fmt: skip

    def _premium(self, life: Life, row: Premium) -> None:
        if row.fund == "R":
            sink = self._premiums_r if row.received // 100 < self._county.month.number else self._month_r
            if row.payer == "政府代缴" and (life.claimed or row.amount < 0):
                sink = self._claimed_r
            sink.add(
                (
                    "R", COUNTY_CODE, life.number, life.name, row.period, row.payer, row.category, row.level, yuan(row.tier), yuan(row.amount),
                    day_text(row.received), row.nature, row.ticket,
                ),
                row.amount,
            )  # fmt: skip
            return
        self._premiums_eg.add(
            (
                row.fund, COUNTY_CODE, life.number, life.name, row.period, row.payer, yuan(row.amount), day_text(row.received), row.nature,
                row.employer_code, row.employer, row.ticket,
            ),
            row.amount,
        )  # fmt: skip

    def _listing(self, life: Life, row: Listing) -> None:
        if row.office == "残联":
            self._lists["残联"].add((life.number, life.name, row.category, day_text(row.start), day_text(row.end), row.disability, "残联"))
        else:
            self._lists[row.office].add((life.number, life.name, row.category, as_date(row.start), as_date(row.end), row.office))
