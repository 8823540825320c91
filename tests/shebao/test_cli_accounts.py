"""Detail accounts opened and ended in a book in use: two people, the right place, never an account with lines, and the books prove it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from controls.account_changes import changes
from controls.account_changes.errors import CannotEnd, CannotOpen, ChangeWrong
from controls.duties import Actor, Duty
from controls.errors import NotAllowed, SamePerson
from ledger import accounts
from ledger.db import reading
from ledger.errors import Refusal
from ledger.events import DetailsWrong, build
from shebao.store import Office
from tests.controls.payment_desk import someone
from tests.shebao.test_cli_corrections import passed
from tests.shebao.test_cli_payment import Shell, shell
from tests.special.office import Special

__all__ = ["shell"]
ADD = ("accounts", "add", "R")
WHY = ("--reason", "新开定期存款")


def opened(shell: Shell) -> None:
    """10030201 and 400105 opened from December 2025."""
    shell.login("wu")
    shell(*ADD, "10030201", "农商行定期", "--from", "2025-12-01", *WHY)
    shell(*ADD, "10030202", "农行定期", "--from", "2025-12-01", *WHY)
    assert "[SB3001]" in shell("accounts", "confirm", "R", "--all", status=3)
    shell.login("zheng")
    assert "增设 10030202 财政专户存款-定期存款-农行定期" in shell("accounts", "confirm", "R", "--all")


def test_a_detail_is_opened_booked_and_ended(shell: Shell) -> None:
    """Money goes to the new account by `--detail account@`, statements and books have it under its parent, and it ends once it is empty."""
    opened(shell)
    assert "[SB3184]" in shell("accounts", "confirm", "R", "1", status=3)
    shell.login("wu")
    own = ("--detail", "into=1003", "--detail", "account@1003=10030201")
    shell("voucher", "enter", "--event", "I1", "--fund", "R", "--date", "2025-12-20", "--amount", "5", *own, "--evidence", "利息1")
    passed(shell, "1-1")
    assert "5.00" in shell("books", "ledger", "R", "10030201", "--from", "2025-12")
    assert "〔农商行定期〕" in shell("books", "ledger", "R", "1003", "--from", "2025-12")
    listed = {row["科目"]: row for row in shell.values("accounts", "list", "--fund", "R")}
    assert listed["100302"]["末级"] == "" and listed["10030201"]["末级"] == "是"
    assert "定期存款按银行" in shell("accounts", "list", "--fund", "R", "--parents")
    assert "[SB3186]" in shell("accounts", "end", "R", "10030201", "--from", "2026-01-01", "--reason", "停", status=3)
    assert shell.values("accounts", "list", "--fund", "R", "--changes")[0]["状态"] == "已确认"
    assert "2 项科目变动与留痕相符，2 项经两人确认" in shell("verify")
    shell("accounts", "end", "R", "10030202", "--from", "2026-01-01", "--reason", "没有开户")
    shell.login("zheng")
    assert "已退回" in shell("accounts", "reject", "R", "3", "--reason", "再等等")
    shell.login("wu")
    shell("accounts", "end", "R", "10030202", "--from", "2026-01-01", "--reason", "没有开户")
    shell.login("zheng")
    shell("accounts", "confirm", "R", "4")
    assert {row["科目"]: row for row in shell.values("accounts", "list", "--fund", "R")}["10030202"]["停用"] == "2026-01-01"
    assert "全部成立" in shell("verify")


def test_what_may_not_be_opened(shell: Shell) -> None:
    """SB3185: a wrong code, a taken one, a parent that allows none, a leaf the templates post to, a name twice, a day in a closed month."""
    opened(shell)
    shell.login("wu")
    for code, name, day, why in (
        ("1003020", "甲", "2025-12-01", "编号按级次"), ("100302", "甲", "2025-12-01", "编号已用于"), ("100601", "甲", "2025-12-01", "没有上级科目"),
        ("100501", "甲", "2025-12-01", "不增设明细科目"), ("500104", "甲", "2025-12-01", "不增设明细科目"), ("50010301", "甲", "2025-12-01", "末级科目"),
        ("10030203", "农商行定期", "2025-12-01", "下已有"), ("10030203", "a-b", "2025-12-01", "名称须有文字"), ("10030203", "甲", "2025-11-30", "早于未结账"),
    ):  # fmt: skip
        said = shell(*ADD, code, name, "--from", day, *WHY, status=3)
        assert "[SB3185]" in said and why in said, said
    assert "[SB3185]" in shell("accounts", "take", "R", "--reason", "补充规定", status=3)
    assert "[SB3186]" in shell("accounts", "end", "R", "1005", "--from", "2026-01-01", "--reason", "停", status=3)
    assert "[SB3186]" in shell("accounts", "end", "R", "10030201", "--from", "2025-12-01", "--reason", "停", status=3)


def test_an_account_with_lines_is_never_parted(shell: Shell) -> None:
    """L3: 定期存款 that took a line keeps being a leaf; the refusal says what to do instead."""
    shell.login("wu")
    shell("voucher", "enter", "--event", "I1", "--fund", "R", "--date", "2025-12-20", "--amount", "5", "--detail", "into=1003", "--evidence", "利息1")
    passed(shell, "1-1")
    said = shell(*ADD, "10030101", "农商行活期", "--from", "2025-12-01", *WHY, status=3)
    assert "已有分录，不能往下分设" in said
    assert "10030203" in shell(*ADD, "10030203", "农行定期", "--from", "2025-12-01", *WHY)


def test_a_supplement_is_taken_into_an_open_book(shell: Shell) -> None:
    """A national supplement is only a file: its new account is proposed from its date, confirmed, and its ending ends the account."""
    folder = shell.home / "templates" / "charts"
    folder.mkdir(parents=True)
    text = """document: 补充规定（虚构）
supplement: 虚构〔2026〕1号
supplements: 28-2018
national: true
valid_from: 2026-03-01
valid_to: null
reference: 测试用假定
additions:
  - parent: "4501"
    accounts:
      - {code: "450107", name: 赔款收入, reference: 虚构, origin: standard}
endings:
  - {code: "450102", valid_to: 2026-03-01, reference: 虚构}
"""
    (folder / "supplement-2026.yaml").write_text(text, encoding="utf-8")
    shell.login("wu")
    said = shell("accounts", "take", "R", "--reason", "虚构〔2026〕1号")
    assert "增设 450107 其他收入-赔款收入，自 2026-03-01" in said and "停用 450102" in said
    shell.login("zheng")
    shell("accounts", "confirm", "R", "--all")
    known = {row["科目"]: row for row in shell.values("accounts", "list", "--fund", "R")}
    assert known["450107"]["启用"] == "2026-03-01" and known["450102"]["停用"] == "2026-03-01"
    assert "全部成立" in shell("verify")


def test_the_template_takes_the_units_own_detail() -> None:
    """``account@100302`` posts to the unit's own detail; an account of the chart, or one no leg reaches, is refused."""
    lines = build("I1", "R", {"amount": 5}, {"into": "1003", "account@100301": "10030105"})
    assert [line.account for line in lines] == ["10030105", "420101"]
    for wrong in ({"account@100301": "100302"}, {"account@100301": "100301"}, {"account@5001": "50010199"}):
        with pytest.raises(DetailsWrong):
            build("I1", "R", {"amount": 5}, {"into": "1003", **wrong})


def test_the_database_lets_no_account_in_alone(store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C1, L6 with Python out of the way, on both databases: no account without a confirmed change, no end, no own signature, no rewriting."""
    monkeypatch.setattr(Office, "now", Office.now)
    small = Special(tmp_path / "office", store_url)
    both = Actor("both", "两岗", frozenset({Duty.BOOKKEEP, Duty.CHECK}))
    with small.unit() as work:
        book = accounts.books(work.connection)[0]
        changes.open_detail(work, small.office.now(), both, book, "10030201", "甲行定期", book.opened.last_day.replace(year=2026, month=1, day=1), "新开")
        with pytest.raises(SamePerson):
            changes.confirm(work, small.office.now(), both, book.book_id, [1])
        with pytest.raises(NotAllowed):
            changes.reject(work, small.office.now(), someone("zhao"), book.book_id, 1, "不")
        with pytest.raises(ChangeWrong):
            changes.confirm(work, small.office.now(), someone("sun"), book.book_id, [9])
        with pytest.raises(CannotOpen):
            changes.open_detail(work, small.office.now(), both, book, "1", "x", book.opened.last_day, "x")
        with pytest.raises(CannotEnd):
            changes.end_detail(work, small.office.now(), both, book, "9", book.opened.last_day, "x")
        work.commit()
    number = book.book_id
    full_name = "财政专户存款-定期存款-甲行定期"
    account = f"INSERT INTO shebao_account VALUES ({number}, '10030201', '甲行定期', '{full_name}', 'D', 'asset', '100302', 1, 'ours', '2026-01-01', '')"
    cases = {
        account: "SB3184",
        f"UPDATE shebao_account SET valid_to = '2026-02-01' WHERE book_id = {number} AND code = '1005'": "SB3184",
        f"UPDATE shebao_account SET origin = 'x' WHERE book_id = {number} AND code = '1005'": "SB3184",
        f"UPDATE shebao_account SET leaf = 0 WHERE book_id = {number} AND code = '1005'": "SB1303",
        f"UPDATE shebao_account SET leaf = 1 WHERE book_id = {number} AND code = '1003'": "SB1303",
        "UPDATE shebao_account_change SET state = 'confirmed', signed_by = 'both', signed_at = 'now'": "SB3184",
        "UPDATE shebao_account_change SET code = '10030209'": "SB3184",
        "DELETE FROM shebao_account_change": "SB3184",
    }
    for statement, code in cases.items():
        with pytest.raises((sa.exc.DBAPIError, Refusal), match=code), small.unit() as work:
            work.connection.exec_driver_sql(statement)
    with small.unit() as work:
        changes.confirm(work, small.office.now(), someone("sun"), number, [1])
        work.commit()
    with reading(small.office.engine) as connection:
        assert accounts.accounts_of(connection, number)["10030201"].leaf
    small.office.engine.dispose()
