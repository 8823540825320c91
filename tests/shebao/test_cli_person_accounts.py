"""`shebao person-account`: the words, exit statuses and JSON of every command, and that nothing shows a whole number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from shebao.cli import execute
from tests.controls.payment_desk import someone
from tests.shebao.person_account_desk import ASSESS, REGISTER, REVIEWER, Accounts, number

ANN, BOB = number(1), number(2)


class Desk:
    """Commands as somebody."""

    def __init__(self, office: Accounts, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.office = office
        self.patch = monkeypatch
        self.capsys = capsys

    def __call__(self, actor: object, *words: str, status: int = 0) -> str:
        """Runs `shebao person-account` and gives what it said."""
        from shebao.store import Office

        if words[0] == "review" and actor is REVIEWER:
            self.office.sign_in(REVIEWER.user)
        with self.patch.context() as patched:
            patched.setattr(Office, "actor", property(lambda self: actor))
            ended = execute(["--home", str(self.office.home), "person-account", *words])
        told = self.capsys.readouterr()
        assert ended == status, told
        assert ANN not in told.out + told.err and BOB not in told.out + told.err
        return told.out + told.err


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """An office in which two people have accounts."""
    office = Accounts(tmp_path / "office")
    office.contribute("2026-01-05", {(ANN, "own"): 20000, (ANN, "subsidy_county"): 3000, (BOB, "own"): 10000})
    return Desk(office, monkeypatch, capsys)


def test_a_page_a_check_and_cases(desk: Desk) -> None:
    """show gives balances by source and rows, as text and JSON; check says K15; cases run."""
    said = desk(REVIEWER, "show", ANN, "--fund", "R", "--period", "2026-02")
    assert "余额 230.00 元" in said and "县级缴费补贴" in said and "202601" in said
    told = json.loads(desk(REVIEWER, "show", ANN, "--fund", "R", "--period", "2026-02", "--json"))
    assert (told["total"], told["balance"], len(told["lines"])) == (23000, {"own": 20000, "subsidy_county": 3000}, 2)
    assert "没有这个人的账户" in desk(REVIEWER, "show", number(9), "--fund", "R")
    assert [record.actor for record in desk.office.trail("read.reveal")] == ["li"] * 3
    assert "个人账户" in desk(REVIEWER, "check", "--fund", "R", "--period", "2026-01")
    assert json.loads(desk(REVIEWER, "check", "--fund", "R", "--period", "2026-01", "--json"))[0]["ok"] is True
    assert "不成立" not in desk(REVIEWER, "cases") and all(one["ok"] for one in json.loads(desk(REVIEWER, "cases", "--json")))


def test_a_difference_ends_with_one(desk: Desk) -> None:
    """check names both sides and the difference, exit 1."""
    desk.office.of("zhao")
    desk.office.posted([desk.office.enter("P12", "2026-01-07", "7.00", "清单 1")])
    assert "相差 7.00 元" in desk(REVIEWER, "check", "--fund", "R", "--period", "2026-01", status=1)


def test_moving_between_schemes_by_command(desk: Desk) -> None:
    """transfer lays two acts with one key; review proposes the voucher; show tells what is under way; a voucher sent back is proposed anew."""
    words = ("transfer", ANN, "--from", "R", "--to", "E", "--date", "2026-02-05", "--key", "XJ1", "--evidence", "审批表1")
    both = json.loads(desk(REGISTER, *words, "--json"))
    assert [one["key"] for one in both] == ["XJ1", "XJ1"]
    assert "正在办理" in desk(REVIEWER, "show", ANN, "--fund", "R", "--period", "2026-02")
    assert "XJ1" in desk(REVIEWER, "list", "--fund", "R", "--state", "proposed")
    assert len(json.loads(desk(REVIEWER, "list", "--fund", "E", "--kind", "transfer", "--json"))) == 1
    assert "已提出凭证" in desk(REVIEWER, "review", both[0]["act"])
    draft = desk.office.drafts()[-1]
    desk.office.reject(draft)
    assert "已提出凭证" in desk(someone("zhao"), "voucher", both[0]["act"])
    assert "已退回" in desk(REVIEWER, "reject", both[1]["act"], "--reason", "材料不全")


def test_regions_by_command(desk: Desk) -> None:
    """transfer-out, transfer-in and return: the vouchers' amounts, and a bad amount refused."""
    out = json.loads(
        desk(REGISTER, "transfer-out", ANN, "--fund", "R", "--date", "2026-02-05", "--key", "Z1", "--evidence", "函1", "--region", "邻县", "--json")
    )
    assert out["facts"]["voucher"]["amounts"] == {"amount": 23000}
    into = ("transfer-in", BOB, "--fund", "R", "--date", "2026-02-05", "--key", "Z2", "--evidence", "表1")
    came = json.loads(desk(REGISTER, *into, "--part", "个人缴费=12", "--part", "县补贴=3.50", "--json"))
    assert came["fen"] == 1550
    assert "来源=元" in desk(REGISTER, *into, "--part", "个人缴费", status=2)
    words = ("return", out["act"], "--date", "2026-02-06", "--account", "1004", "--reason", "退回", "--evidence", "通知1")
    assert "尚未办结" in desk(REGISTER, *words, status=3)


def test_what_does_not_exist(desk: Desk) -> None:
    """An act nobody knows, and a text that is none, exit 2 with SB3204."""
    for ref in ("3-99", "x", "9-1"):
        assert "SB3204" in desk(REVIEWER, "review", ref, status=2)


def test_a_death_and_a_correction_by_command(desk: Desk) -> None:
    """one-off prints every step of the settlement; correct moves between two people."""
    said = desk(ASSESS, "one-off", ANN, "--fund", "R", "--reason", "死亡", "--happened", "2026-01-20", "--date", "2026-02-05", "--evidence", "证明1")
    assert "实际支付：230.00" in said and "由另一人审核" in said
    words = ("correct", BOB, "--fund", "R", "--part", "个人缴费=-50", "--to", number(3), "--period", "2026-02", "--reason", "录错", "--evidence", "说明1")
    assert json.loads(desk(REGISTER, *words, "--json"))["rows"] == 2


def test_opening_and_interest_by_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """opening lists doubts as JSON, then takes the file; interest and explain tell the year."""
    office = Accounts(tmp_path / "office")
    desk = Desk(office, monkeypatch, capsys)
    file = tmp_path / "期初.csv"
    file.write_text(f"证件号码,个人缴费\n{ANN},1000\n{ANN},1\n", encoding="utf-8")
    words = ("opening", str(file), "--fund", "R", "--period", "2025-12", "--evidence", "清册1")
    assert json.loads(desk(REGISTER, *words, "--persons", "1", "--total", "1000", "--json", status=2))["doubts"][0]["line"] == 3
    file.write_text(f"证件号码,个人缴费\n{ANN},1000\n", encoding="utf-8")
    made = json.loads(desk(REGISTER, *words, "--persons", "1", "--total", "1000", "--json"))
    desk(REVIEWER, "review", made["act"])
    office.of("zhao")
    office.open_through("2027-01")
    office.close("2025-12", *(f"2026-{month:02d}" for month in range(1, 13)))
    said = desk(ASSESS, "interest", "--fund", "R", "--year", "2026", "--evidence", "公布1")
    assert "利息 30.00" in said and "1 人" in said
    assert "30.00" in desk(REVIEWER, "explain", ANN, "--fund", "R", "--year", "2026")
    assert json.loads(desk(REVIEWER, "explain", ANN, "--fund", "R", "--year", "2026", "--json"))
    assert "没有这个人的账户" in desk(REVIEWER, "explain", BOB, "--fund", "R", "--year", "2026")
