"""The commands of a special book as a civil-affairs bookkeeper types them: money in, out, stated, checked, closed, exported, proved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from controls.sessions import sign_in, write_file
from shebao.cli import execute
from shebao.store import Office
from tests.controls.payment_desk import PASSWORD
from tests.special.office import CENTRAL, NOW, Special


class Typed:
    """Command lines typed by whoever may, with what they said."""

    def __init__(self, office: Special, capsys: pytest.CaptureFixture[str]) -> None:
        self.office, self.capsys, self.sessions = office, capsys, dict[str, Any]()

    def __call__(self, user: str, *words: str, accept: int = 0) -> str:
        if user not in self.sessions:
            with self.office.unit() as work:
                self.sessions[user] = sign_in(work, Office.now(), user, PASSWORD)
                work.commit()
        write_file(self.office.home, self.sessions[user])
        self.capsys.readouterr()
        status = execute(["--home", str(self.office.home), *words])
        said = self.capsys.readouterr()
        assert status == accept, (words, said.out, said.err)
        return said.out + said.err

    def money(self, *words: str) -> None:
        """An act of the 会计, signed by the cashier, reviewed and posted."""
        label = self("zhao", "special", *words).split(" ", 1)[0]
        cash = any(word in words for word in ("settle",)) is False
        if cash:
            self("zhou", "voucher", "sign", label)
        self("sun", "voucher", "review", label)
        self("zhao", "voucher", "post", label)


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Typed]:
    """An office whose commands are typed."""
    monkeypatch.setattr(Office, "now", staticmethod(lambda: NOW))
    office = Special(tmp_path / "office")
    yield Typed(office, capsys)
    office.office.engine.dispose()


def test_a_bookkeepers_month(typed: Typed, tmp_path: Path) -> None:
    """Each command says what it did; the paper, the books and the month's close need nothing of their own."""
    assert "账套 2  最低生活保障专账已开设" in typed("sun", "special", "open", "低保", "--period", "2026-01")
    assert json.loads(typed("zhao", "special", "list", "--json"))[1]["book"] == 2
    assert "未开设" in typed("zhao", "special", "list")
    typed.money("carry", "DB", "财社〔2025〕9号=1000.00")
    typed.money("receive", "低保", "--date", "2026-01-05", "--level", "中央", "--document", CENTRAL, "--amount", "5000", "--purpose", "低保补助")
    act = ("--document", CENTRAL, "--town", "东河镇")
    typed.money("allocate", "低保", "--date", "2026-01-06", "--amount", "800", "--evidence", "拨款1", *act)
    typed.money("settle", "低保", "--date", "2026-01-07", "--amount", "700", "--evidence", "报账1", "--item", "低保金", *act)
    typed.money("town-return", "低保", "--date", "2026-01-08", "--amount", "100", "--evidence", "回单1", *act)
    typed.money("pay", "低保", "--date", "2026-01-09", "--amount", "1200", "--evidence", "审批1", "--item", "价格临时补贴")
    typed.money("recover", "低保", "--date", "2026-01-10", "--amount", "20", "--evidence", "追回1", "--item", "低保金", "--document", CENTRAL)
    typed.money("recover", "低保", "--date", "2026-01-10", "--amount", "30", "--evidence", "追回2")
    typed.money("interest", "低保", "--date", "2026-01-11", "--amount", "1.5", "--evidence", "结息1")
    typed.money("hand-back", "低保", "--date", "2026-01-12", "--amount", "10", "--evidence", "缴款1", "--document", CENTRAL)
    found = {one["document"]: one["free_fen"] for one in json.loads(typed("zhao", "special", "documents", "低保", "--json"))}
    assert found == {"财社〔2025〕9号": 0, CENTRAL: 411000, "": 3150}
    assert CENTRAL in typed("zhao", "special", "documents", "低保", "--period", "2026-01")
    assert "ZB1" in typed("zhao", "special", "check", "低保", "--period", "2026-01")
    assert all(one["ok"] or not one["hard"] for one in json.loads(typed("zhao", "special", "check", "低保", "--period", "2026-01", "--json")))
    typed("zhao", "special", "statement", "低保", "--period", "2026-01", "--out", str(tmp_path / "papers"))
    paper = next((tmp_path / "papers").glob("*.pdf"))
    assert "全部成立" in typed("zhao", "verify", str(paper))
    assert "ZB2" in typed("zhao", "period", "check", "--fund", "低保", "--period", "2026-01")
    for month in ("2025-12", "2026-01"):
        typed("zhao", "period", "propose", "--fund", "DB", "--period", month)
        typed("sun", "period", "confirm", "--fund", "DB", "--period", month)
    typed("zhao", "books", "write", "--out", str(tmp_path / "books"))
    assert "Z01专户存款" in (tmp_path / "books" / "yunling" / "DB" / "accounts.beancount").read_text("utf-8")
    assert "低保" in typed("zhao", "voucher", "list", "--fund", "低保")
    typed("zhao", "verify")


def test_gifts_are_for_gifts(typed: Typed) -> None:
    """捐赠 is its own program: it takes gifts and no fiscal money; what is mistyped is said and nothing is booked."""
    typed("sun", "special", "open", "社会捐赠", "--period", "2026-01")
    typed.money("donate", "社会捐赠", "--date", "2026-01-09", "--amount", "3000", "--evidence", "票据1", "--from", "云岭商会", "--document", "协议1")
    said = typed("zhao", "special", "receive", "捐赠", "--date", "2026-01-09", "--level", "中央", "--document", CENTRAL, "--amount", "1", accept=3)
    assert "SB1022" in said or "SB3270" in said
    typed("zhao", "special", "carry", "捐赠", "没有金额", accept=2)
    typed("zhao", "special", "open", "捐赠", "--period", "2026-01", accept=3)
