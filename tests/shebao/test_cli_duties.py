"""Duties, accounts, relatives and the second factor as an office types them."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pyotp
import pytest

from controls.signin import proof
from controls.signin.terms import terms
from shebao.cli import dutyfirst, execute, freshproof
from tests.controls.payment_desk import PASSWORD
from tests.shebao.small_office import Small
from tests.shebao.test_default_deny import BALANCE, TREE, line


class Typing:
    """An office and what its commands say."""

    def __init__(self, small: Small, capsys: pytest.CaptureFixture[str]) -> None:
        self.small, self.capsys = small, capsys
        self.file("password", PASSWORD)
        self.file("given.csv", BALANCE)

    def file(self, name: str, text: str) -> str:
        path = self.small.folder / name
        path.write_text(text + "\n", encoding="utf-8")
        return str(path)

    def run(self, *words: str, status: int = 0) -> str:
        done = execute(["--home", str(self.small.home), *words])
        said = self.capsys.readouterr()
        assert done == status, said.out + said.err
        return said.out + said.err

    def login(self, user: str, *more: str) -> str:
        return self.run("login", user, "--password-file", str(self.small.folder / "password"), *more)


@pytest.fixture
def typing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Typing:
    return Typing(Small(tmp_path / "office"), capsys)


def test_a_duty_from_asking_to_the_register(typing: Typing, tmp_path: Path) -> None:
    """A new account gets a duty by four people; `may` gives its reasons; matrix, register and exceptions are papers that prove themselves."""
    typing.login("wu")
    typing.run("user", "add", "he", "--name", "何新", "--password-file", typing.file("first", "a first long password"))
    typing.login("zhang")
    today = typing.small.office.now()[:10]
    end = f"{int(today[:4]) + 1}{today[4:]}" if not today.endswith("02-29") else f"{int(today[:4]) + 1}-02-28"
    typing.run("duty", "ask", "he", "审核", "--from", today, "--to", end, "--reason", "接任")
    assert "SB2121" in typing.run("duty", "ask", "he", "REVIEW", "--from", today, "--to", today, "--reason", "接任", status=2)
    for user, step in (("tao", "review"), ("jin", "approve"), ("zheng", "grant")):
        typing.login(user)
        typing.run("duty", step, "1")
    assert "已授予" in typing.run("duty", "list")
    assert typing.run("duty", "may", "he", "REVIEW").startswith("可以")
    assert "S3" in typing.run("duty", "may", "he", "出纳", status=1)
    out = tmp_path / "papers"
    month = today[:7]
    typing.run("duty", "register", "--out", str(out))
    typing.run("duty", "matrix", "--out", str(out))
    typing.run("duty", "exceptions", "--month", month, "--out", str(out))
    typing.run("duty", "revoke", "he", "REVIEW")
    for name in ("岗位权限台账", "不相容岗位矩阵", "岗位例外月报"):
        assert "全部成立" in typing.run("verify", str(out / f"{month}-{name}.pdf")), name
    rows = json.loads(typing.run("duty", "register", "--json"))
    assert [(row["岗位"], row["授予方式"], row["状态"]) for row in rows if row["用户名"] == "he"] == [("审核（股室负责人）", "授权", "不在岗")]
    typing.login("jin")
    assert "SB3001" in typing.run("duty", "review", "99", status=3)


def test_a_second_factor_from_enrolling_to_a_lost_phone(typing: Typing) -> None:
    """Enrol, confirm, sign in with a code and with a recovery code; without either the door stays shut."""
    typing.login("wang")
    address = next(line for line in typing.run("totp", "enrol").splitlines() if line.startswith("otpauth:"))
    clock = pyotp.TOTP(parse_qs(urlparse(address).query)["secret"][0])
    said = typing.run("totp", "confirm", "--code-file", typing.file("code", clock.now()))
    code = next(line.strip() for line in said.splitlines() if line.startswith("  "))
    assert "SB2127" in typing.run(
        "login", "wang", "--password-file", str(typing.small.folder / "password"), "--code-file", typing.file("bad", "000"), status=3
    )
    typing.login("wang", "--code-file", typing.file("recovery", code))
    typing.run("user", "confirm", "--password-file", str(typing.small.folder / "password"))
    typing.login("zheng")
    typing.run("user", "end-totp", "wang", "--reason", "手机丢失")
    typing.login("wang")


def test_signing_waits_for_a_fresh_proof(typing: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A signing command refuses when the proof is old, and works again after `user confirm`; its list names commands that exist."""
    assert set(freshproof.commands()) <= set(TREE)
    typing.login("li")
    old = terms().model_copy(update={"proof_minutes": -1})
    with monkeypatch.context() as aged:
        aged.setattr(proof, "terms", lambda: old)
        assert "SB2130" in typing.run("roster", "review", "7", status=3)
    typing.run("user", "confirm", "--password-file", str(typing.small.folder / "password"))
    assert "SB3030" in typing.run("roster", "review", "7", status=2)


SIGNING = {
    "review", "review-many", "conclude-review", "confirm", "redact-confirm", "approve", "endorse", "authorise", "release", "sign", "witness", "receive",
    "supervise", "decide", "post", "clear", "grant",
}  # fmt: skip
"""Last words of commands by which somebody signs for something."""

NO_SIGNATURE = {"user confirm", "totp confirm", "premium receive", "special receive", "trail witness"}
"""The proof itself, money noted as received (its voucher is signed later), and the head of the trail written to a file."""


def test_every_signature_asks_for_duty_and_then_for_proof(typing: Typing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every signing command is listed and has a line of its own among the duties; without the duty one is told SB3001 although the proof is old."""
    signing = {path for path in TREE if path.split()[-1] in SIGNING} - NO_SIGNATURE
    assert signing <= set(freshproof.commands()) <= set(dutyfirst.table())
    old = terms().model_copy(update={"proof_minutes": -1})
    monkeypatch.setattr(proof, "terms", lambda: old)
    monkeypatch.chdir(typing.small.folder)
    typing.login("li")
    for path in sorted(freshproof.commands()):
        code = "SB2130" if "REVIEW" in dutyfirst.table()[path] else "SB3001"
        assert code in typing.run(*line(path, typing.small.folder), status=3), path


def test_passwords_and_relatives(typing: Typing) -> None:
    """One's own password changes; relatives are declared, reviewed and shown masked."""
    typing.login("li")
    assert "SB2164" in typing.run("password", "--password-file", typing.file("two", f"{PASSWORD}\nPassword123"), status=3)
    typing.run("relative", "declare", "--relation", "self", "--number", "11010519491231002X", "--name", "李股长")
    assert "11010519491231002X" not in typing.run("relative", "list")
    typing.login("tao")
    typing.run("relative", "confirm", "1")
    assert "已审核" in typing.run("relative", "list")
    typing.login("li")
    typing.run("password", "--password-file", typing.file("new", f"{PASSWORD}\nanother horse entirely"))
