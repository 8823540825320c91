"""The synthetic county's files: the same bytes again, money that ties, and no foreign file touched."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ledger.money import parse_fen
from ledger.months import Month
from ledger.sheets import open_source
from shebao.cli.demo import demo
from shebao.demo.bank import pay
from shebao.demo.county import County
from shebao.demo.errors import BankFileUnusable, DemoFolder, DemoMonth, DemoTooSmall, FolderTaken
from shebao.demo.generate import Made, generate
from shebao.demo.workbook import yuan

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of 1,000 people."""
    out = tmp_path_factory.mktemp("county")
    generate(County(1_000, 1, Month.parse("2026-10")), out)
    return out


@pytest.fixture(scope="module")
def plan(county: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((county / "plan.json").read_text(encoding="utf-8"))
    return found


def table(path: Path, head: str) -> Rows:
    """Rows below the head line that holds ``head``, totals left out."""
    source = open_source(path)
    sheet = source.sheets[0]
    top = next(row for row in source.top(sheet) if head in row.cells)
    columns = [column.to_pylist() for column in source.body(sheet, top.line, len(top.cells)).columns]
    rows = [dict(zip(top.cells, cells, strict=True)) for cells in zip(*columns, strict=True)]
    return [row for row in rows if not {"合计", "小计"} & set(row.values())]


def named(plan: dict[str, Any], contract: str, word: str = "") -> str:
    (name,) = (file["name"] for file in plan["files"] if file["contract"] == contract and word in file["name"])
    return str(name)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def small(out: Path, seed: int = 1, month: str = "2026-10") -> Made:
    return generate(County(300, seed, Month.parse(month)), out)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Persons, seed and month decide every byte of every file; another seed gives other people."""
    small(tmp_path / "a")
    small(tmp_path / "b")
    small(tmp_path / "c", seed=2)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    assert content(tmp_path / "a")["truth/truth.csv"] != content(tmp_path / "c")["truth/truth.csv"]


def test_every_number_begins_with_an_unassigned_region(county: Path) -> None:
    """No resident number of the county can be a real person's: its first six digits are assigned to nobody."""
    with (county / "files" / "参保登记_城乡居保.csv").open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["证件类型"] == "居民身份证":
                assert row["证件号码"][:6] in {"620828", "620829", "620831", "610888"}


def test_files_come_in_the_habits_of_offices(plan: dict[str, Any]) -> None:
    """There are GB18030, UTF-8 with BOM and workbooks, every contract of the sweep, and a row of README for each file."""
    assert {"gb18030", "utf-8-sig", "utf-8", "xlsx"} <= {file["encoding"] for file in plan["files"]}
    contracts = {file["contract"] for file in plan["files"]}
    assert contracts == {
        "payments", "deaths", "people", "custody", "contributions", "entitled", "accounts", "recoveries", "subsidies", "roster", "tax", "bank", "trial-balance",
    }  # fmt: skip


def test_readme_says_that_everybody_is_invented(county: Path, plan: dict[str, Any]) -> None:
    """README.txt names each file and says that persons, county and amounts are made up."""
    text = (county / "files" / "README.txt").read_text(encoding="utf-8")
    assert "编造" in text
    assert all(file["name"] in text for file in plan["files"])
    assert {path.name for path in (county / "files").iterdir()} == {file["name"] for file in plan["files"]} | {"README.txt", plan["person_accounts"]["file"]}


def taxes(county: Path, plan: dict[str, Any]) -> Rows:
    """Every line of both tax files."""
    names = [file["name"] for file in plan["files"] if file["contract"] == "tax"]
    assert len(names) == 2
    return [row for name in names for row in table(county / "files" / name, "电子税票号码")]


def test_tax_tickets_are_the_contributions_of_the_month(county: Path, plan: dict[str, Any]) -> None:
    """Each fund's tickets equal what persons and employers paid in the month, and C1 and C2 of the plan are the same money."""
    tickets: dict[str, int] = defaultdict(int)
    for row in taxes(county, plan):
        tickets[{"企": "E", "城": "R", "机": "G"}[row["险种"][0]]] += parse_fen(row["金额"])
    paid: dict[str, int] = defaultdict(int)
    for name in ("缴费明细_居保_2026年10月", "企业机关"):
        for row in table(county / "files" / named(plan, "contributions", name), "缴费主体"):
            if row["缴费主体"] in ("个人", "单位") and row["到账日期"].startswith("2026-10"):
                paid[row.get("险种") or row["制度"]] += parse_fen(row["金额"])
    events = {(event, fund): sum(e["amount"] for e in plan["events"] if (e["event"], e["fund"]) == (event, fund)) for event in ("C1", "C2") for fund in "ERG"}
    for fund in "ERG":
        assert tickets[fund] == paid[fund] == events["C1", fund] == events["C2", fund] > 0


def test_a_ticket_carries_several_funds(county: Path, plan: dict[str, Any]) -> None:
    """Some employer pays E and G on one ticket."""
    funds: dict[str, set[str]] = defaultdict(set)
    for row in taxes(county, plan):
        funds[row["电子税票号码"]].add(row["险种"])
    assert any(len(found) > 1 for found in funds.values())


def test_money_others_pay_is_the_rows_of_the_persons(county: Path, plan: dict[str, Any]) -> None:
    """缴费补贴 and 代缴保费 of the month that reach the fund equal the rows of the persons; what a claim brings stands by payer, S4's people included."""
    persons: dict[str, int] = defaultdict(int)
    for row in table(county / "files" / named(plan, "contributions", "缴费明细_居保_2026年10月"), "缴费主体"):
        persons[row["缴费主体"]] += parse_fen(row["金额"])
    claimed: dict[str, int] = defaultdict(int)
    for row in table(county / "files" / named(plan, "contributions", "代缴到账明细"), "缴费主体"):
        claimed[row["代缴级次"]] += max(0, parse_fen(row["金额"]))
    by_file = {e["event"]: e["amount"] for e in plan["events"] if e["evidence"].startswith("缴费明细")}
    assert by_file.get("C7") == persons["财政补贴"] > 0 and by_file.get("C6", 0) == persons["政府代缴"]
    with (county / "truth" / "truth.csv").open(encoding="utf-8") as handle:
        unpaid = sum(row["rule"] == "S4-ENTITLED-NOT-PAID" for row in csv.DictReader(handle))
    assert plan["claims"] == {"县": claimed["县"] + 4_000 * unpaid, "省": claimed["省"] + 6_000 * unpaid} and unpaid


def test_the_opening_list_of_person_accounts_names_each_once(county: Path, plan: dict[str, Any]) -> None:
    """One row a person enrolled, the sum of its columns is the plan's, and nobody is on it twice."""
    given = plan["person_accounts"]
    with (county / "files" / given["file"]).open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len({row["证件号码"] for row in rows}) == len(rows) == given["persons"]
    assert sum(parse_fen(cell) for row in rows for head, cell in row.items() if head not in ("证件号码", "姓名") and cell) == given["fen"]


@pytest.mark.parametrize("fund", ["E", "R", "G"])
def test_opening_balances_prove_and_open_the_statement(county: Path, plan: dict[str, Any], fund: str) -> None:
    """Debit equals credit in all three pairs of columns, New Year plus movements is the balance, and 1003 is what the statement opens with."""
    short = {"E": "企业", "R": "居保", "G": "机关"}[fund]
    heads = ("年初借方余额", "年初贷方余额", "本年累计借方", "本年累计贷方", "期末借方余额", "期末贷方余额")
    sums, held, results = [0] * 6, 0, 0
    for row in table(county / "files" / named(plan, "trial-balance", short), "科目编号"):
        cells = [parse_fen(row[head]) if row[head] else 0 for head in heads]
        sums = [a + b for a, b in zip(sums, cells, strict=True)]
        moved = cells[0] - cells[1] + cells[2] - cells[3] - cells[4] + cells[5]
        if row["科目编号"][0] in "45":
            results += cells[2] - cells[3]
            assert cells[4] == cells[5] == 0
        elif row["科目编号"] == "3001":
            assert moved == cells[5] - cells[4] - (cells[1] - cells[0])
        else:
            assert moved == 0
        held += cells[4] if row["科目编号"].startswith("1003") else 0
    assert sums[0] == sums[1] and sums[2] == sums[3] and sums[4] == sums[5]
    assert held == plan["opening"][fund]["1003"] == plan["fiscal"][fund]["opening"]


@pytest.mark.parametrize("fund", ["E", "R", "G"])
def test_the_fiscal_statement_runs(county: Path, plan: dict[str, Any], fund: str) -> None:
    """Opening plus movements is the balance line by line, each planned event stands on it once, and one item is news to the books."""
    balance = plan["fiscal"][fund]["opening"]
    seen = set()
    for row in table(county / "files" / plan["fiscal"][fund]["file"], "交易日期"):
        balance += parse_fen(row["贷方金额"] or "0") - parse_fen(row["借方金额"] or "0")
        assert parse_fen(row["余额"]) == balance > 0
        seen.add(row["交易流水号"])
    planned = {event["receipt"] for event in plan["events"] if event["fund"] == fund and event["receipt"]}
    assert balance == plan["fiscal"][fund]["closing"]
    assert planned < seen and len(seen) == len(planned) + 1 and len(plan["fiscal"][fund]["timing"]) == 1


def test_the_roster_ties_to_what_is_expected_to_be_paid(county: Path, plan: dict[str, Any]) -> None:
    """Roster less held lines is the batch; the batch less failures and what comes back is what the truth expects to be paid."""
    for fund, word, encoding in (("R", "居保", "gb18030"), ("E", "企业", "xlsx")):
        rows = table(county / "files" / named(plan, "roster", word), "实发金额")
        assert encoding in {file["encoding"] for file in plan["files"]}
        facts = plan["roster"][fund]
        assert sum(parse_fen(row["实发金额"]) for row in rows) == facts["fen"] and len(rows) == facts["lines"]
        assert facts["batch_fen"] == facts["fen"] - sum(held["fen"] for held in plan["held"] if held["fund"] == fund)
        stopped = {item["account"] for item in plan["bank"][fund]["failing"]} | {plan["bank"][fund]["back"]["account"]}
        lost = sum(parse_fen(row["实发金额"]) for row in rows if row["银行账号"] in stopped)
        assert facts["paid_fen"] == facts["batch_fen"] - lost
        assert next(e["amount"] for e in plan["events"] if (e["event"], e["fund"]) == ("P1", fund)) >= facts["fen"]


def bank_file(county: Path, plan: dict[str, Any], fund: str, folder: Path) -> Path:
    """A bank file as a released roster would give it: held people out, one line a person and account."""
    held = {row["id_number"] for row in plan["held"]}
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in table(county / "files" / named(plan, "roster", {"R": "居保", "E": "企业"}[fund]), "实发金额"):
        if row["证件号码"] not in held:
            sums[row["银行账号"], row["户名"]] += parse_fen(row["实发金额"])
    path = folder / f"pay_{fund}.csv"
    lines = ["代发明细", "序号,银行账号,户名,金额,开户行"] + [f"{i},{a},{h},{yuan(fen)},某行" for i, ((a, h), fen) in enumerate(sums.items(), 1)]
    path.write_text("\n".join([*lines, f"合计,,,{yuan(sum(sums.values()))},"]) + "\n", encoding="gb18030")
    return path


@pytest.mark.parametrize("fund", ["R", "E"])
def test_the_bank_pays_and_reports(county: Path, plan: dict[str, Any], tmp_path: Path, fund: str) -> None:
    """The fund is recognised, at least three payments fail, the return lists every line, and the statement ends where it should."""
    done = pay(county, str(bank_file(county, plan, fund, tmp_path)))
    back = table(done.return_file, "处理结果")
    failed = [row for row in back if row["处理结果"] == "失败"]
    assert done.fund == fund and len(back) == done.lines and len(failed) == done.failed >= 3
    assert all(row["失败原因"] for row in failed) and len({row["交易流水号"] for row in back}) == len(back)
    assert sum(parse_fen(row["金额"]) for row in back) == done.batch
    balance = plan["opening"][fund]["1004"]
    lines = table(done.statement, "交易日期")
    for row in lines:
        balance += parse_fen(row["贷方金额"] or "0") - parse_fen(row["借方金额"] or "0")
        assert parse_fen(row["余额"]) == balance > 0
    timing = sum(item["credit"] - item["debit"] for item in done.timing)
    asked = next(e["amount"] for e in plan["events"] if (e["event"], e["fund"]) == ("P1", fund))
    assert balance == done.closing == plan["opening"][fund]["1004"] + asked - done.batch + done.failed_fen + done.back_fen + timing
    assert done.back_fen > 0 and len(lines) == 6


def test_the_bank_refuses_what_it_cannot_read(county: Path, tmp_path: Path) -> None:
    """No head, no holder, a bad amount or an unknown fund is SB6504; a missing file or folder SB6503."""
    for text in ("a,b\n1,2\n", "账号,金额\n1,2\n", "账号,户名,金额\n62,甲,很多\n", "账号,户名,金额\n62,甲,1.00\n"):
        path = tmp_path / "bad.csv"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BankFileUnusable):
            pay(county, str(path))
    assert pay(county, f"{path}::险种=R").lines == 1
    with pytest.raises(DemoFolder):
        pay(county, str(tmp_path / "absent.csv"))
    with pytest.raises(DemoFolder):
        pay(tmp_path, str(path))


def test_too_few_people_and_odd_months_are_refused() -> None:
    """SB6501 names the limits of persons, SB6502 the months the story can be told in."""
    with pytest.raises(DemoTooSmall):
        County(10, 1, Month.parse("2026-10"))
    with pytest.raises(DemoMonth):
        County(1_000, 1, Month.parse("2026-02"))
    with pytest.raises(DemoMonth):
        County(1_000, 1, Month.parse("2025-10"))


def test_foreign_files_are_never_emptied(tmp_path: Path) -> None:
    """A folder with files no demo wrote is refused (SB6506) and stays; the demo's own is made anew."""
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "年终总结.txt").write_text("重要", encoding="utf-8")
    with pytest.raises(FolderTaken):
        small(tmp_path)
    assert (tmp_path / "files" / "年终总结.txt").read_text(encoding="utf-8") == "重要"
    small(tmp_path / "own")
    (tmp_path / "own" / "files" / "银行回盘.csv").write_text("x", encoding="utf-8")
    small(tmp_path / "own")
    assert not (tmp_path / "own" / "files" / "银行回盘.csv").exists()


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    """`shebao demo` prints each file, roster sums and counts of the truth, or the same as JSON."""
    run = CliRunner().invoke(demo, ["--persons", "300", "--out", str(tmp_path / "a")])
    assert run.exit_code == 0, run.output
    assert "花名册 R" in run.output and "真值" in run.output
    run = CliRunner().invoke(demo, ["--persons", "300", "--out", str(tmp_path / "b"), "--json"])
    assert json.loads(run.output)["roster_lines"]["R"] > 0
