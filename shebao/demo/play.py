"""The month of the demo, told by the commands an office would type, one after another.

Nothing happens here but commands: each step is a command line handed to the same entry the command ``shebao`` has,
as the person signed in, and what it prints is shown. Amounts an accountant would read off paper (the treasury's transfer note, the interest note)
are read from ``plan.json``, which stands in for those papers; nothing else of it is looked at.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ledger.money import parse_fen, show
from ledger.months import Month
from shebao.demo.acts import accounts, benefits, budget, keys, premiums, registers, special, sweeping, vouchers
from shebao.demo.register_files import CLAIMED
from shebao.demo.stage import Stage, StepFailed
from shebao.demo.values import COUNTY_VALUES

__all__ = ["Stage", "StepFailed", "Story", "play"]

PASSWORD = "yunling-2026-demo"
PEOPLE = (
    ("zhao", "赵经办", "HANDLE_ROSTER"),
    ("qian", "钱登记", "HANDLE_REGISTER"),
    ("sun", "孙认证", "HANDLE_CERTIFY"),
    ("li", "李股长", "REVIEW"),
    ("zhou", "周局长", "AUTHORISE"),
    ("wu", "吴会计", "BOOKKEEP"),
    ("zheng", "郑主管", "CHECK"),
    ("wang", "王出纳", "CASHIER"),
    ("feng", "冯稽核", "AUDIT"),
    ("han", "韩稽核", "AUDIT"),
    ("chen", "陈外审", "AUDITOR"),
    ("jiang", "蒋主任", "HEAD"),
    ("wei", "卫核定", "HANDLE_ASSESS"),
)


SHORT = {"R": "居保", "E": "企业养老", "G": "机关养老"}
IMPORTS = (
    ("qian", ("people", "deaths", "custody", "contributions", "entitled", "accounts")),
    ("zhao", ("payments", "roster")),
    ("wu", ("tax", "subsidies", "recoveries", "bank")),
)
SOURCES = {"死亡名单_公安": "公安", "死亡名单_民政": "民政", "服刑": "司法", "代缴名单_民政": "民政", "代缴名单_残联": "残联", "代缴名单_乡村": "乡村振兴"}
ANSWERS = {
    "A1-SHARED-ACCOUNT": "已电话核实，账户为配偶或家人共用，本月照发，下月前登记代领",
    "A2-HOLDER-DIFFERS": "户名为代领人，代领手续在办",
    "I1-BAD-NUMBER": "本人健在，证件号码更正申请已受理",
    "I2-NAME-DIFFERS": "同一人，姓名更正材料已收",
}
OTHERWISE = "已核对档案和认证记录，本月照发，转稽核继续核查"

class Story:
    """One month of one county, step by step."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.out = stage.out
        self.files = stage.out / "files"
        self.plan: dict[str, Any] = json.loads((stage.out / "plan.json").read_text(encoding="utf-8"))
        self.month: str = self.plan["month"]
        self.earlier: str = self.plan["opening_month"]
        self.papers = stage.out / "people-papers"
        self.taken: dict[str, int] = {}
        self.rosters: dict[str, int] = {}
        self.receipts: dict[str, dict[str, str]] = {}

    def found(self) -> None:
        """Store, books, people, opening balances."""
        stage = self.stage
        stage.title("建账：数据库、账套、科目表、人员，各基金期初余额（K1、K2 先证后记）")
        people = "".join(f"  - {{user: {user}, name: {name}, duties: [{duty}], password: {PASSWORD}}}\n" for user, name, duty in PEOPLE)
        setup = self.out / "office-setup"
        (setup / "templates" / "parameters").mkdir(parents=True, exist_ok=True)
        (setup / "people.yaml").write_text("people:\n" + people, encoding="utf-8")
        (setup / "templates" / "parameters" / "county.yaml").write_text(COUNTY_VALUES, encoding="utf-8")
        (self.out / "office-password.txt").write_text(PASSWORD + "\n", encoding="utf-8")
        county = self.plan["county"]
        extra = ["--db", stage.db] if stage.db else []
        stage.run(
            "init", "--unit", county["unit"], "--unit-code", "yunling", "--region", county["code"], "--funds", "E,R,G", "--opened", self.earlier,
            "--people", setup / "people.yaml", "--templates", setup / "templates", *extra,
        )  # fmt: skip
        stage.sign_in("wu")
        for file in self.files_of("trial-balance"):
            fund = next(fund for fund, short in SHORT.items() if short in file["name"])
            stage.run("opening", "propose", "--fund", fund, self.files / file["name"])
        self.through_review()
        accounts.opening(self)
        self._close(self.earlier)
        budget.plan(self)
        special.open_book(self)

    def take_in(self) -> None:
        """Every agency's file, whole or not at all, by the duty that may."""
        self.stage.title("导入各部门文件：整份导入，控制总数留痕")
        for user, contracts in IMPORTS:
            self.stage.sign_in(user)
            for contract in contracts:
                for file in self.files_of(contract):
                    if not file["name"].startswith(CLAIMED):
                        self.import_file(contract, file["name"], file["values"])

    def import_file(self, contract: str, name: str, values: dict[str, str]) -> int:
        given = "" if contract == "bank" else ",".join(f"{key}={value}" for key, value in values.items())
        source = next((source for start, source in SOURCES.items() if name.startswith(start)), "")
        options = [*(["--values", given] if given else []), *(["--source", source] if source else [])]
        taken = self.stage.values("import", contract, self.files / name, *options)
        self.taken[name] = taken["file_id"]
        fen = taken["control_fen"]
        self.stage.say(f"      第 {taken['file_id']} 号文件：{taken['rows']:,} 行" + (f"，{show(fen)} 元" if fen else ""))
        return int(taken["file_id"])

    def pay(self) -> None:
        """Rosters, checks before payment, three signatures, bank file, bank return."""
        stage = self.stage
        stage.title("花名册：发放前检查，拦截的进暂缓发放台账，提醒逐条答复；经办、审核、授权三人签同一摘要")
        bank_files: dict[str, Path] = {}
        for fund in ("R", "E"):
            stage.sign_in("zhao")
            made = stage.values("roster", "build", "--fund", fund, "--period", self.month)
            roster = self.rosters[fund] = made["roster"]
            stage.run("roster", "check", str(roster), accept=(0, 1))
            waiting = stage.values("roster", "findings", str(roster), "--open")
            for rule in sorted({finding["rule"] for finding in waiting}):
                stage.run("roster", "answer", str(roster), "--rule", rule, "--reason", ANSWERS.get(rule, OTHERWISE))
            stage.run("roster", "submit", str(roster))
        for user, step in (("li", "review"), ("zhou", "authorise"), ("zhou", "release")):
            stage.sign_in(user)
            for roster in self.rosters.values():
                stage.run("roster", step, str(roster))
        stage.run("roster", "holds")
        stage.title("发放：出纳以制单U盾制单，会计主管以复核U盾授权，银行代发，第三人接收回盘（付出 + 失败 = 送盘 = 放行）")
        keys.issue(stage)
        keys.approve(stage, self.rosters, self.papers)
        stage.sign_in("wang")
        for fund, roster in self.rosters.items():
            bank_files[fund] = self.out / "bank" / f"代发_{SHORT[fund]}_{self.month}.csv"
            bank_files[fund].parent.mkdir(exist_ok=True)
            stage.run("bankfile", "make", str(roster), "--out", bank_files[fund])
        keys.authorise(stage, self.rosters, bank_files)
        self._bank(bank_files)

    def _bank(self, bank_files: dict[str, Path]) -> None:
        stage = self.stage
        chosen = [word for fund, file in bank_files.items() for word in ("--bankfile", f"{file}::险种={fund}")]
        done = stage.values("demo", "bank", "--out", self.out, *chosen)
        for paid in done:
            stage.say(f"      银行：{paid['fund']} 代发 {paid['lines']:,} 笔，失败 {paid['failed']} 笔")
        stage.sign_in("wu")
        for paid in done:
            stage.run("bankfile", "return", str(self.rosters[paid["fund"]]), paid["return_file"])
        for paid in done:
            name = Path(paid["statement"]).name
            self.import_file("bank", name, {})
            self.taken[f"statement:{paid['fund']}:1004"] = self.taken[name]
        for fund, roster in self.rosters.items():
            self._comeback(fund, roster)
        self.receipts = {paid["fund"]: paid["receipts"] for paid in done}

    def _comeback(self, fund: str, roster: int) -> None:
        """One payment that the bank sent back days after it had succeeded (P4)."""
        back = self.plan["bank"][fund]["back"]
        for line in (self.out / "bank" / f"代发_{SHORT[fund]}_{self.month}.csv").read_text(encoding="utf-8-sig").splitlines():
            cells = line.split(",")
            if len(cells) > 2 and cells[1] == back.get("account"):
                self.stage.run("bankfile", "comeback", str(roster), "--seq", cells[0], "--date", back["day"], "--reason", back["reason"])

    def book(self) -> None:
        """Vouchers from files, papers and the rosters; reviewed by another, posted."""
        stage = self.stage
        stage.title("记账：按业务模板制单，另一人审核，记账后不可更改")
        stage.sign_in("wu")
        for contract, command in (("tax", "from-tax"), ("subsidies", "from-subsidies")):
            for file in self.files_of(contract):
                if file["name"] != f"税务入库明细_居保_{Month.parse(self.month).zh()}.csv":
                    stage.run("voucher", command, str(self.taken[file["name"]]))
        premiums.book(self)
        registers.subsidies(self)
        registers.recovery(self)
        for event in self.plan["events"]:
            if event["event"] in {"C2", "P1", "I1"}:
                into = ["--detail", "into=1003"] if event["event"] == "I1" else []
                receipt = ["--receipt", event["receipt"]] if event["receipt"] else []
                stage.run(
                    "voucher", "enter", "--event", event["event"], "--fund", event["fund"], "--date", event["day"],
                    "--amount", f"{event['amount'] // 100}.{event['amount'] % 100:02d}", *into, "--evidence", event["evidence"], *receipt,
                )  # fmt: skip
        for roster in self.rosters.values():
            stage.run("voucher", "from-roster", str(roster))
        self.through_review()
        accounts.look(self)
        premiums.zeroing(self)
        registers.look(self)
        benefits.award(self)
        special.month(self)
        self._journals()
        self._close(self.month)

    def _journals(self) -> None:
        """The 出纳 keeps the journals of 财政专户 and 支出户 from the bank's single receipts; the 会计 compares them with the ledger."""
        stage = self.stage
        stage.title("出纳日记账：从单笔回单登记，逐日结出余额；会计核对 总账 = 明细账 = 日记账（K12）")
        stage.sign_in("wang")
        journal = 0
        last = Month.parse(self.month).last_day.isoformat()
        for fund, files in self.receipts.items():
            for account, kind, opening in (("1003", "fiscal", self.plan["fiscal"][fund]["opening"]), ("1004", "payment", self.plan["bank"][fund]["opening"])):
                journal += 1
                bank = self.plan["accounts"][fund][account]
                stage.run(
                    "journal", "open", "--fund", fund, "--kind", kind, "--bank-account", bank["account"], "--bank", bank["bank"],
                    "--date", f"{self.month}-01", "--opening", f"{opening // 100}.{opening % 100:02d}",
                )  # fmt: skip
                stage.run("journal", "import", str(journal), files[account])
                stage.run("journal", "close-day", str(journal), "--date", last, quiet=True)
        stage.sign_in("wu")
        for fund in self.receipts:
            stage.run("journal", "compare", "--fund", fund, "--period", self.month, "--sign")

    def through_review(self) -> None:
        """What the 会计 made is reviewed by the 会计主管, receipts and payments signed by the 出纳, and posted by the 会计."""
        for user, step in (("zheng", "review"), ("wang", "sign"), ("wu", "post")):
            self.stage.sign_in(user)
            self.stage.run("voucher", step, "--all", quiet=True)

    def _close(self, month: str) -> None:
        stage = self.stage
        stage.title(f"{month} 结账：会计提请，会计主管确认")
        stage.sign_in("wu")
        for fund in ("R", "E", "G"):
            for section in ("五", "六"):
                stage.run("statements", "note", "--fund", fund, "--period", month, "--section", section, "--none", quiet=True)
            stage.run("period", "propose", "--fund", fund, "--period", month)
        if month == self.month:
            stage.run("period", "propose", "--fund", "DB", "--period", month)
        self.through_review()
        stage.sign_in("zheng")
        for fund in ("R", "E", "G", "DB") if month == self.month else ("R", "E", "G"):
            stage.run("period", "confirm", "--fund", fund, "--period", month)

    def report(self) -> None:
        """Statements, reconciliations, books."""
        stage = self.stage
        stage.title("报表、余额调节表、Beancount 账簿")
        stage.sign_in("wu")
        papers = self.out / "papers"
        stage.run("statements", "--fund", "R,E,G", "--period", self.month, "--out", papers)
        for fund in ("R", "E"):
            fiscal = next(f["name"] for f in self.files_of("bank") if f["name"].startswith(f"财政专户对账单_{SHORT[fund]}"))
            for account, file_id in (("1004", self.taken[f"statement:{fund}:1004"]), ("1003", self.taken[fiscal])):
                stage.run("reconcile", "--fund", fund, "--account", account, "--period", self.month, "--file-id", str(file_id), "--out", papers)
        for journal in (1, 2):
            stage.run("journal", "print", str(journal), "--period", self.month, "--out", papers)
        budget.execution(self)
        vouchers.printed(self)
        accounts.interest(self)
        benefits.raised(self)
        stage.sign_in("wu")
        stage.run("books", "write", "--out", self.out / "books")
        stage.run("books", "check", "--out", self.out / "books")

    def audit(self) -> None:
        """All 25 months as plain files against the lists of other agencies, and the comparison with the truth."""
        stage = self.stage
        stage.title("稽核：25 个月全部发放明细，纯文件检查，与真值比对")
        stage.sign_in("feng")
        given: list[str | Path] = []
        for fund, roster in self.rosters.items():
            exported = self.out / "audit-input" / f"发放明细_{SHORT[fund]}_{self.month}.csv"
            stage.run("export", "payments", str(roster), "--out", exported)
            given += ["--payments", exported]
        for contract in ("payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries"):
            for file in self.files_of(contract):
                values = ",".join(f"{key}={value}" for key, value in file["values"].items())
                given += [f"--{contract}", f"{self.files / file['name']}" + (f"::{values}" if values else "")]
        stage.run("audit", "check", *given, "--out", self.out / "audit", accept=(1,))
        stage.run("demo", "score", "--truth", self.out / "truth" / "truth.csv", "--findings", self.out / "audit" / "findings.csv")
        sweeping.sweep(self)

    def verify(self) -> None:
        """Everything proved again from the store, and one PDF against the books."""
        stage = self.stage
        stage.title("核验：重新证明全部不变量，并用账证明每份 PDF")
        stage.sign_in("chen")
        stage.run("verify")
        for paper in [*sorted((self.out / "papers").glob("*.pdf")), *sorted(self.papers.glob("*.pdf"))]:
            stage.run("verify", paper, quiet=True)
            stage.say(f"      {paper.name}：与账一致")

    def figures(self) -> list[tuple[str, str]]:
        """The month's key figures, read from the files and commands an outsider would read them from."""
        stage = self.stage
        found = [("人数", f"{self.plan['persons']:,}"), ("导入文件", f"{len(self.taken)} 份")]
        for fund, roster in self.rosters.items():
            paid = stage.values("bankfile", "show", str(roster))
            held = stage.values("roster", "holds", "--roster", str(roster))
            steps = "，".join(f"{name} {_money(paid[key])}" for name, key in (("送盘", "sent"), ("成功", "paid"), ("失败", "failed"), ("退票", "came_back")))
            text = f"{steps}，暂缓 {len(held)} 行"
            found.append((f"发放 {SHORT[fund]}", text))
        for fund in ("R", "E"):
            balance, income = (self._form(fund, name) for name in ("会社保01资产负债表", "会社保02收支表"))
            assets = next(line["closing"] for line in balance if line["label"].startswith("资产总计"))
            result = next(line for line in income if "本期基金结余" in line["label"])
            month, year = _yuan(result["current"]), _yuan(result["cumulative"])
            found.append((f"报表 {SHORT[fund]}", f"资产总计 {_yuan(assets)} 元，本期基金结余 本月 {month} 元、本年累计 {year} 元"))
        found += self._peoples_money()
        summary = json.loads((self.out / "audit" / "summary.json").read_text(encoding="utf-8"))
        found.append(("稽核", f"疑点 {summary['findings']} 条，去重涉及 {_yuan(summary['distinct_amount'])} 元，规则 {len(summary['rules_run'])} 条"))
        score = stage.values("demo", "score", "--truth", self.out / "truth" / "truth.csv", "--findings", self.out / "audit" / "findings.csv")
        found.append(("与真值比对", "精确规则查准率、查全率均为 100 %" if score["perfect"] else "精确规则未达 100 %，见 demo score"))
        return found + sweeping.figures(self)

    def _peoples_money(self) -> list[tuple[str, str]]:
        """What the claim and the opening list of person accounts came to."""
        claim, given = self.stage.values("premium", "claims", "--fund", "R")[0], self.plan["person_accounts"]
        return [
            ("代缴清册", f"{claim['persons']:,} 人 {show(claim['fen'])} 元，两个出资方到账，逐人入账；未列入 {claim['left_out']:,} 人，各有原因"),
            ("个人账户", f"期初 {given['persons']:,} 人 {show(given['fen'])} 元，Σ 个人 = 控制科目（K15）"),
        ]

    def _form(self, fund: str, name: str) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = json.loads((self.out / "papers" / f"{fund}-{self.month}-{name}.json").read_text(encoding="utf-8"))["lines"]
        return lines

    def files_of(self, contract: str) -> list[dict[str, Any]]:
        return [file for file in self.plan["files"] if file["contract"] == contract]

    def run(self) -> None:
        """The whole month."""
        for act in (self.found, self.take_in, self.pay, self.book, self.report, self.audit, self.verify):
            act()


def _yuan(text: str) -> str:
    """Yuan as files write it → with thousand separators."""
    return show(parse_fen(text))


def _money(pair: Sequence[int]) -> str:
    """Count and fen as ``12 笔 3.45 元``."""
    return f"{pair[0]:,} 笔 {show(pair[1])} 元"


def play(out: Path, say: Callable[[str], None], execute: Callable[[list[str]], int], db: str | None = None) -> Stage:
    """Plays the month into ``out/office`` from the files ``shebao demo`` wrote; returns the stage with its counts.

    ``execute`` runs one command line and returns its exit status (``shebao.cli.execute``).
    """
    stage = Stage(out.resolve(), say, execute, db)
    shutil.rmtree(stage.home, ignore_errors=True)
    for folder in ("papers", "people-papers", "arrears", "books", "audit", "audit-input", "sweep", "bank"):
        shutil.rmtree(out / folder, ignore_errors=True)
    story = Story(stage)
    story.run()
    stage.title("关键数字")
    for name, value in story.figures():
        say(f"  {name}：{value}")
    (out / "commands.txt").write_text("\n".join(stage.commands) + "\n", encoding="utf-8")
    return stage
