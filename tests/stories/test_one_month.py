"""One month of one county, told by commands from the agencies' files to papers that prove themselves, on both databases."""

from __future__ import annotations

import csv
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.months import Month
from shebao.cli import execute
from shebao.demo.county import County
from shebao.demo.generate import generate
from shebao.demo.play import Stage, play

MONTH = "2026-10"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of a county of 800."""
    out = tmp_path_factory.mktemp("county")
    generate(County(800, 3, Month.parse(MONTH)), out)
    return out


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def told(request: pytest.FixtureRequest, county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Stage, list[str]]]:
    """The whole month played once a database: folder, stage, and everything that was shown."""
    out = tmp_path_factory.mktemp(f"told-{request.param}")
    for folder in ("files", "truth"):
        shutil.copytree(county / folder, out / folder)
    shutil.copy(county / "plan.json", out / "plan.json")
    said: list[str] = []
    before = os.environ.get("SHEBAO_TEMPLATES")
    database = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres")
        server.run("CREATE DATABASE story TEMPLATE template1")
        database = server.url("story")
    try:
        yield out, play(out, said.append, execute, database), said
    finally:
        os.environ.pop("SHEBAO_TEMPLATES", None)
        if before is not None:
            os.environ["SHEBAO_TEMPLATES"] = before
        if database is not None:
            server.run("DROP DATABASE story WITH (FORCE)")


def test_the_month_is_told_by_commands_alone(told: tuple[Path, Stage, list[str]]) -> None:
    """Every step is a command line that anybody can type again, and each has ended well."""
    out, stage, _ = told
    lines = (out / "commands.txt").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith("shebao --home office ") for line in lines) == stage.steps > 100
    assert not any("--actor" in line or "--as-user" in line for line in lines)


def test_exact_rules_find_all_and_only_what_was_planted(told: tuple[Path, Stage, list[str]]) -> None:
    """Precision and recall of every exact rule against the truth are 100 %."""
    out, _, _ = told
    key = ("rule", "id_number", "fund", "region", "months", "amount")
    with (out / "truth" / "truth.csv").open(encoding="utf-8") as handle:
        planted = {tuple(row[k] for k in key) for row in csv.DictReader(handle) if row["kind"] != "linked"}
    with (out / "audit" / "findings.csv").open(encoding="utf-8") as handle:
        found = {tuple(row[k] for k in key) for row in csv.DictReader(handle) if not row["rule"].startswith(("D2", "P4"))}
    assert found == planted and len(planted) > 50
    assert {"D1-POSTHUMOUS", "P1-TWO-SCHEMES", "P3-TWICE", "A1-SHARED-ACCOUNT", "I1-BAD-NUMBER"} <= {row[0] for row in planted}


def test_statements_foot_and_carry_the_year(told: tuple[Path, Stage, list[str]]) -> None:
    """K2, K6 and K7 hold on the printed figures of R and E: what the papers say is enough to prove them."""
    out, _, _ = told
    for fund in ("R", "E"):
        balance = {line["label"]: line for line in json.loads((out / "papers" / f"{fund}-{MONTH}-会社保01资产负债表.json").read_text("utf-8"))["lines"]}
        income = {line["code"]: line for line in json.loads((out / "papers" / f"{fund}-{MONTH}-会社保02收支表.json").read_text("utf-8"))["lines"]}

        def fen(text: str) -> int:
            return int(text.replace(".", ""))

        assert balance["资产总计"]["closing"] == balance["负债与净资产总计"]["closing"] and fen(balance["资产总计"]["closing"]) > 0
        result = next(line for line in income.values() if "本期基金结余" in line["label"])
        assert fen(result["current"]) == fen(income["1"]["current"]) - fen(income["2"]["current"])
        moved = fen(balance["净资产合计"]["closing"]) - fen(balance["净资产合计"]["opening"])
        assert moved == fen(result["cumulative"])


def test_the_closing_checklist_ties_business_and_finance(told: tuple[Path, Stage, list[str]]) -> None:
    """K11, K13, K13b: reconciliations on record, payouts booked = paid by the bank, premiums booked = the tax bureau's lines; nothing fails."""
    _, stage, _ = told
    for fund in ("R", "E"):
        checks = stage.values("period", "check", "--fund", fund, "--period", MONTH)
        failed = [check["text"] for check in checks if not check["ok"]]
        assert failed == []
        ran = {check["code"] for check in checks if check["ran"]}
        assert {"K0", "K1", "K2", "K6", "K7", "K10", "K11", "K13", "K13b", "K16", "K17"} <= ran
        assert {check["code"] for check in checks} >= {"K12", "K14", "K15"}


def test_failures_and_returns_never_stay_in_expense(told: tuple[Path, Stage, list[str]]) -> None:
    """P2b, P4 and P6: benefits booked = paid by the bank − what came back − what was paid too much this year and recovered, to the fen."""
    out, stage, _ = told
    for fund, roster in (("R", "1"), ("E", "2")):
        paid = stage.values("bankfile", "show", roster)
        assert paid["released"] == paid["sent"]
        assert [paid["paid"][i] + paid["failed"][i] for i in (0, 1)] == paid["sent"]
        income = json.loads((out / "papers" / f"{fund}-{MONTH}-会社保02收支表.json").read_text("utf-8"))["lines"]
        spent = next(line for line in income if line["label"].endswith("社会保险待遇支出"))
        recovered = sum(one["debit_fen"] for one in stage.values("voucher", "list", "--fund", fund) if one["event"] == "P6" and one["period"] == MONTH)
        assert int(spent["current"].replace(".", "")) == paid["paid"][1] - paid["came_back"][1] - recovered
        assert paid["failed"][0] > 0 and paid["came_back"][0] == 1


def test_blocked_people_are_those_the_truth_names(told: tuple[Path, Stage, list[str]]) -> None:
    """C3: the lines held before payment are exactly those that had to be."""
    out, stage, _ = told
    plan = json.loads((out / "plan.json").read_text("utf-8"))
    due = {(row["fund"], row["name"]) for row in plan["held"]}
    held = stage.values("roster", "holds")
    assert {("R" if row["roster"] == 1 else "E", row["name"]) for row in held} == due and due


def test_the_cashiers_journals_agree_with_the_ledger(told: tuple[Path, Stage, list[str]]) -> None:
    """K12: four journals, entered by the 出纳 from the bank's single receipts, equal 总账 and 明细账 line by line; nothing is left to explain."""
    out, _, said = told
    assert [line.split("，")[1] for line in said if line.startswith("      核对相符 ")] == ["差异 0 笔"] * 4
    facts = [line for line in (out / "commands.txt").read_text(encoding="utf-8").splitlines() if " journal import " in line]
    assert len(facts) == 4


def test_every_paper_is_proved_and_a_changed_one_is_not(told: tuple[Path, Stage, list[str]], tmp_path: Path) -> None:
    """B4: every PDF is printed again from the books byte for byte; one with a single bit changed is not."""
    out, stage, said = told
    papers = sorted((out / "papers").glob("*.pdf"))
    assert len(papers) == 15 and all(f"      {paper.name}：与账一致" in said for paper in papers)
    whole = papers[0].read_bytes()
    for place in (len(whole) // 3, len(whole) // 2, len(whole) - 40):
        changed = bytearray(whole)
        changed[place] ^= 1
        (tmp_path / "changed.pdf").write_bytes(bytes(changed))
        stage.run("verify", tmp_path / "changed.pdf", accept=(1, 2, 3))
    (tmp_path / "foreign.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    stage.run("verify", tmp_path / "foreign.pdf", accept=(2, 3))


def test_peoples_money_is_told_and_its_papers_are_proved(told: tuple[Path, Stage, list[str]]) -> None:
    """Budget, claim, zeroing, registers and 低保 leave papers that verify; K15 ties accounts and control accounts; the first instalment is paid back."""
    out, stage, said = told
    papers = sorted((out / "people-papers").glob("*.pdf"))
    assert len(papers) >= 9 and all(f"      {paper.name}：与账一致" in said for paper in papers)
    checks = stage.values("person-account", "check", "--fund", "R", "--period", MONTH)
    assert checks
    claim = stage.values("premium", "claims", "--fund", "R")[0]
    plan = json.loads((out / "plan.json").read_text("utf-8"))
    assert claim["fen"] == sum(plan["claims"].values()) > 0


def test_books_load_and_personal_data_stay_out(told: tuple[Path, Stage, list[str]]) -> None:
    """B1, B5: bean-check finds nothing in a process of its own, and no beneficiary's number or name is in the book."""
    out, _, _ = told
    main = out / "books" / "yunling" / "R" / "main.beancount"
    done = subprocess.run([sys.executable, "-m", "beancount.scripts.check", str(main)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr.strip()) == (0, "", "")
    text = "".join(file.read_text(encoding="utf-8") for file in main.parent.rglob("*.beancount"))
    plan = json.loads((out / "plan.json").read_text("utf-8"))
    for row in plan["held"]:
        assert row["id_number"] not in text and row["name"] not in text


def test_the_office_is_its_owners_alone(told: tuple[Path, Stage, list[str]]) -> None:
    """Home, session and findings are readable by their owner only."""
    out, stage, _ = told
    if os.name == "nt":
        pytest.skip("file modes are not those of POSIX here")
    assert stat.S_IMODE(stage.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((stage.home / "session.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((out / "audit").stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "audit" / "findings.csv").stat().st_mode) == 0o600


def test_both_databases_tell_the_same_month(county: Path, told: tuple[Path, Stage, list[str]]) -> None:
    """The same commands give the same statement lines and findings whatever the database."""
    out, _, _ = told
    figures = [json.loads(file.read_text("utf-8"))["lines"] for file in sorted((out / "papers").glob("*.json"))]
    seen = county / "figures.json"
    mine = json.dumps([figures, (out / "audit" / "findings.csv").read_text("utf-8")], ensure_ascii=False, sort_keys=True)
    if not seen.exists():
        seen.write_text(mine, encoding="utf-8")
    assert seen.read_text(encoding="utf-8") == mine
