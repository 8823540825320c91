"""The register of persons on the command line: masked, told when known, changed by two, and shown to who signs the roster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ledger.identity import check_digit
from tests.shebao.test_cli_payment import HEADER, PASSWORD, Shell

STAFF = {
    "zhao": ("赵经办", "HANDLE_ROSTER"), "sun": ("孙认证", "HANDLE_CERTIFY"), "chen": ("陈登记", "HANDLE_REGISTER"), "li": ("李股长", "REVIEW"),
    "zhou": ("周局长", "AUTHORISE"), "jiang": ("蒋稽核", "AUDIT"), "wang": ("王出纳", "CASHIER"),
}  # fmt: skip
NUMBERS = tuple(body + check_digit(body) for body in (f"6208281950010{n:04d}" for n in range(1010, 1050, 10)))
ACCOUNTS = [f"622848000000000{n:04d}" for n in range(1, 5)]
NEW = "6228480000000099999"
WHY = ("--reason", "存折遗失", "--evidence", "变更申请表12号")
PEOPLE = "证件号码,姓名,性别,险种,统筹区,乡镇,村,参保状态,待遇状态,首次参保年月,待遇起始年月,曾用名"


def _people(shell: Shell, name: str = "人员.csv", *, first: str = "甲一", status: str = "正常领取") -> Path:
    names = (first, "乙二", "丙三", "丁四")
    rows = [f"{number},{name},男,R,620828,东镇,一村,正常参保,{status},2009-01,2010-01," for number, name in zip(NUMBERS, names, strict=True)]
    return shell.write(name, PEOPLE, *rows)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    """An office whose register knows four people; 陈登记 is signed in."""
    made = Shell(tmp_path, capsys)
    rows = [f"  - {{user: {user}, name: {name}, duties: [{duty}], password: {PASSWORD}}}" for user, (name, duty) in STAFF.items()]
    people = made.write("people.yaml", "people:", *rows)
    made("init", "--unit", "云岭县社保中心", "--unit-code", "yunling", "--region", "620828", "--funds", "R", "--opened", "2025-12", "--people", people)
    made.login("chen")
    made("import", "people", _people(made), "--source", "业务系统")
    made("person", "load", 1)
    return made


def _open_accounts(shell: Shell) -> None:
    """First accounts from a roster file of December, by two people."""
    lines = [
        f"{n},R,{NUMBERS[n - 1]},{name},基础养老金,2025-12,163.00,{ACCOUNTS[n - 1]},{name},农商行,620828"
        for n, name in enumerate(("甲一", "乙二", "丙三", "丁四"), 1)
    ]
    shell.login("zhao")
    shell("import", "roster", shell.write("十二月.csv", HEADER, *lines))
    shell.login("chen")
    shell("person", "account", "opening", 2, "--fund", "R", "--from", "2025-12", "--reason", "启用登记簿", "--evidence", "局务会纪要3号")
    shell.login("li")
    shell("person", "account", "review", 1)


def test_loading_tells_what_was_learned_and_what_is_in_doubt(shell: Shell) -> None:
    """A first load says what is new; the same again says so; a contradiction ends with status 1, is listed, and can be settled by two."""
    assert "已登记过" in shell("person", "load", 1)
    shell("import", "people", _people(shell, "二月.csv", first="张伟"), "--source", "业务系统", "--as-of", "2026-11-30")
    said = shell("person", "load", 2, status=1)
    assert "NAME-DIFFERS" in said and "下一步：shebao person doubts" in said
    (doubt,) = _listed(shell, "person", "doubts")
    assert (doubt["code"], doubt["key"], doubt["line"], doubt["told"]) == ("NAME-DIFFERS", "2:1", 2, "名单 张*")
    assert "settle 2:1" in shell("person", "doubts")
    shell("person", "settle", "2:1", "--reason", "同名不同人，已核实", "--evidence", "户籍证明")
    shell.login("li")
    shell("person", "review", 1)
    assert _listed(shell, "person", "doubts", "--load", 2) == []
    shell.login("zhou")
    assert "[SB3001]" in shell("person", "load", 2, status=3)
    shell.login("chen")
    assert "[SB3100]" in _refused_kind(shell)


def _refused_kind(shell: Shell) -> str:
    shell.login("zhao")
    lines = [f"1,R,{NUMBERS[0]},甲一,基础养老金,2025-12,163.00,{ACCOUNTS[0]},甲一,农商行,620828"]
    shell("import", "roster", shell.write("册.csv", HEADER, *lines))
    shell.login("chen")
    return shell("person", "load", 3, status=2)


def _listed(shell: Shell, *words: object) -> list[dict[str, Any]]:
    found = shell.values(*words)
    assert isinstance(found, list)
    return found


def test_persons_are_found_and_shown_masked(shell: Shell) -> None:
    """By any form of the number, by name and last four; names, numbers and accounts are masked on every page."""
    said = shell("person", "find", NUMBERS[1])
    assert "P2" in said and "620828********" in said and "乙*" in said and NUMBERS[1] not in said
    assert "P3" in shell("person", "find", "--name", "丙三", "--last4", NUMBERS[2][-4:])
    assert "没有找到" in shell("person", "find", "--name", "丙三", "--last4", "0000")
    assert "没有第 2 页" in shell("person", "find", "--name", "丙三", "--page", 2)
    assert "写证件号码" in shell("person", "find", status=2)
    found = shell.values("person", "find", NUMBERS[0])
    assert isinstance(found, dict) and found["persons"][0] == {
        "person": "P1", "number": f"620828********{NUMBERS[0][-4:]}", "name": "甲*", "birth": "1950-01-01", "funds": "R",
    }  # fmt: skip
    for said in (shell("person", "show", NUMBERS[0]), shell("person", "history", "P1")):
        assert "领取" in said and "2010-01-01" in said and NUMBERS[0] not in said and "甲一" not in said
    assert "没有登记银行账户" in shell("person", "show", "P1")
    assert "[SB1400]" in shell("person", "show", "P9", status=2)
    assert "写作 2026-02-01" in shell("person", "show", "P1", "--on", "昨天", status=2)


def test_full_data_only_for_a_reason_and_with_a_record(shell: Shell) -> None:
    """--reveal without a reason is refused, with one it shows in full; who has no business with it is refused; the trail has all three."""
    assert "[SB3110]" in shell("person", "show", "P1", "--reveal", status=3)
    assert NUMBERS[0] in shell("person", "show", "P1", "--reveal", "--reason", "核对账户")
    shell.login("jiang")
    assert "甲*" in shell("person", "show", "P1")
    assert NUMBERS[0] in shell("person", "history", "P1", "--reveal", "--reason", "稽核抽查")
    shell.login("wang")
    assert "[SB3001]" in shell("person", "show", "P1", status=3)
    shell.login("zhou")
    assert "[SB3001]" in shell("person", "show", "P1", "--reveal", "--reason", "看看", status=3)
    from controls import trail
    from ledger.db import reading
    from shebao.store import Office

    with reading(Office(shell.home).engine) as connection:
        acts = [(record.actor, record.act, record.thing) for record in trail.records(connection) if record.act.startswith("read.")]
    assert acts == [
        ("chen", "read.refused", "person:1"), ("chen", "read.reveal", "person:1"), ("jiang", "read.reveal", "person:1"), ("zhou", "read.refused", "person:1"),
    ]  # fmt: skip


def test_an_account_changes_by_two_and_the_roster_shows_it(shell: Shell) -> None:
    """One asks, another reviews; the next roster lists the change to who signs, and a line with the old account must be answered."""
    _open_accounts(shell)
    _ask_and_review(shell)
    _roster_of_january(shell)
    shell.login("li")
    said = shell("roster", "show", 1)
    assert "上一册以来的账户变更 2 份" in said and "存折遗失" in said and NEW not in said
    assert "上一册以来的账户变更 2 份" in shell("roster", "review", 1)
    shell.login("zhou")
    shell("roster", "authorise", 1, "--release")
    shell.login("chen")
    other = ("person", "account", "request", "P2", "--fund", "R", "--bank-account", NEW, "--holder", "乙二")
    assert "[SB3109]" in shell(*other, "--from", "2026-01", *WHY, status=3)
    assert "--end" in shell("person", "account", "request", "P2", "--fund", "R", "--from", "2026-02", *WHY, status=2)
    shell("person", "account", "request", "P2", "--fund", "R", "--end", "--from", "2026-02", *WHY)
    said = shell("verify")
    assert "C6 登记簿" in said and "2 份由两人签字生效" in said


def _ask_and_review(shell: Shell) -> None:
    """陈登记 asks for another account of the first person from January, 李股长 reviews."""
    shell.login("chen")
    scan = shell.write("申请表.txt", "扫描件")
    asked = (
        "person",
        "account",
        "request",
        NUMBERS[0],
        "--fund",
        "R",
        "--bank-account",
        NEW,
        "--holder",
        "甲一",
        "--bank",
        "农商行",
        "--from",
        "2026-01",
        *WHY,
    )
    said = shell(*asked, "--evidence-file", scan)
    assert "变更申请 2 已提出" in said and "shebao person review 2" in said and NEW not in said
    assert "[SB3112]" in shell(*asked, status=3)
    assert "[SB3001]" in shell("person", "review", 2, status=3)
    (waiting,) = _listed(shell, "person", "account", "list", "--open")
    assert (waiting["change"], waiting["old"][-4:], waiting["new"][-4:], len(waiting["evidence_sha256"])) == (2, "0001", "9999", 64)
    shell.login("li")
    assert "下一份花名册检查时会列出" in shell("person", "review", 2)
    assert NEW[-4:] in shell("person", "show", "P1", "--on", "2026-01-01") and "chen → li" in shell("person", "show", "P1", "--on", "2026-01-01")
    assert NEW[-4:] not in shell("person", "show", "P1", "--on", "2025-12-31")


def _roster_of_january(shell: Shell) -> None:
    """赵经办 builds a roster with the old account and a stranger, checks it, answers and signs."""
    lines = [
        f"{n},R,{NUMBERS[n - 1]},{name},基础养老金,2026-01,163.00,{ACCOUNTS[n - 1]},{name},农商行,620828" for n, name in enumerate(("甲一", "乙二", "丙三"), 1)
    ]
    stranger = "62082819600101101"
    lines.append(f"4,R,{stranger + check_digit(stranger)},戊五,基础养老金,2026-01,163.00,6228480000000077777,戊五,农商行,620828")
    shell.login("zhao")
    shell("import", "roster", shell.write("一月.csv", HEADER, *lines))
    shell("roster", "build", "--fund", "R", "--period", "2026-01")
    said = shell("roster", "check", 1, status=1)
    assert "登记簿核对：在册 3 人，登记簿中无此人 1 人，在册而没有登记账户 0 人" in said and "账户变更 2 份" in said
    (differs,) = [item for item in _listed(shell, "roster", "findings", 1) if item["rule"] == "R1-ACCOUNT-DIFFERS"]
    assert "变更 2：chen 申请，li 审核" in differs["why"] and NEW not in str(differs) and ACCOUNTS[0] not in str(differs)
    shell("roster", "answer", 1, "--rule", "R1-ACCOUNT-DIFFERS", "--reason", "业务系统未更新，暂缓", "--hold")
    for finding in {item["rule"] for item in _listed(shell, "roster", "findings", 1, "--open")}:
        shell("roster", "answer", 1, "--rule", finding, "--reason", "已核实")
    shell("roster", "submit", 1)


def test_a_suspension_by_two_holds_the_line(shell: Shell) -> None:
    """A status is set by 认证经办 and reviewed; the month's roster holds that person's pension; names differing from the register are asked about."""
    shell.login("sun")
    assert "下一步" in shell(
        "person", "status", "set", "P1", "--fund", "R", "--status", "暂停", "--from", "2025-12-20", "--reason", "未认证", "--evidence", "认证台账8号"
    )
    assert "[SB1408]" in shell("person", "status", "set", "P1", "--fund", "R", "--status", "休眠", "--from", "2026-01-01", *WHY, status=2)
    assert "0 项参保登记" in shell("person", "status", "set", "P1", "--fund", "E", "--status", "暂停", "--from", "2026-01-01", *WHY, status=2)
    assert "[SB3001]" in shell("person", "name", "P1", "甲壹", "--from", "2026-01-01", *WHY, status=3)
    shell.login("li")
    shell("person", "status", "review", 1)
    assert "暂停" in shell("person", "show", "P1", "--on", "2026-01-01")
    assert "领取" in shell("person", "show", "P1", "--on", "2025-12-19")
    lines = [
        f"{n},R,{NUMBERS[n - 1]},{name},基础养老金,2026-01,163.00,{ACCOUNTS[n - 1]},{name},农商行,620828" for n, name in ((1, "甲一"), (2, "乙贰"), (3, "丙三"))
    ]
    shell.login("zhao")
    shell("import", "roster", shell.write("一月.csv", HEADER, *lines))
    shell("roster", "build", "--fund", "R", "--period", "2026-01")
    shell("roster", "check", 1, status=1)
    rules = {item["rule"]: item["blocking"] for item in _listed(shell, "roster", "findings", 1)}
    assert (rules["R2-NAME-DIFFERS"], rules["R3-STATUS"]) == (False, True)
    assert "R3-STATUS" in shell("roster", "holds", "--roster", 1)


def test_two_numbers_of_one_person(shell: Shell) -> None:
    """A number nobody has joins the person; a second record is linked by two people, answers for both, and is parted again."""
    fresh = "62082819500101105"
    fresh += check_digit(fresh)
    shell("person", "link", "P1", fresh, "--reason", "号码更正", "--evidence", "身份证复印件")
    shell("person", "link", "P2", "P3", "--reason", "同一人两条记录", "--evidence", "户籍证明")
    assert "不认识的证件类型" in shell("person", "link", "P1", "X1234567", "--id-type", "身份卡", *WHY, status=2)
    shell("person", "name", "P4", "丁小四", "--from", "2026-01-01", "--reason", "户籍改名", "--evidence", "户口簿")
    shell.login("li")
    for change in (1, 2, 3):
        shell("person", "review", change)
    assert "P1" in shell("person", "find", fresh) and "P2" in shell("person", "find", NUMBERS[2])
    assert "并有 P3" in shell("person", "show", "P2")
    assert "P4" in shell("person", "find", "--name", "丁小四") and "P4" in shell("person", "find", "--name", "丁四")
    shell.login("chen")
    shell("person", "link", "P2", "P3", "--undo", "--reason", "不是一人", "--evidence", "公安复函")
    shell.login("li")
    assert "已退回" in shell("person", "review", 4, "--refuse", "--reason", "复函未附")
    assert "并有 P3" in shell("person", "show", "P2")
    listed = _listed(shell, "person", "changes")
    assert [(item["kind"], item["decision"]) for item in listed] == [("number", "accepted"), ("link", "accepted"), ("name", "accepted"), ("part", "refused")]
    assert "公安复函" in shell("person", "changes", "P3")
