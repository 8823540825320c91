"""待遇核定表: a list assessed by one and reviewed by another, each award on a paper that proves itself, and refused once its law was changed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from controls.benefits import awards
from controls.benefits.errors import AwardWrong
from controls.duties import Duty
from ledger.accounts import book_of
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import _load
from shebao import award_papers
from shebao.award_papers import NoAwardPaper
from shebao.cli import execute
from shebao.verification import verify_paper, verify_store
from tests.controls.benefits import award_desk
from tests.controls.benefits.award_desk import ASSESSOR
from tests.controls.payment_desk import someone
from tests.shebao.small_office import Small

NUMBERS = ("620821196312010017", "620821196311010025")
LAW = """document: 云岭县的标准（虚构）
valid_from: 2009-09-01
valid_to: null
reference: 测试用假定
values:
  - {name: resident_base_pension, from: 2026-01-01, value: 14300, keys: {level: 中央}, reference: 测试用假定}
  - {name: resident_base_pension, from: 2014-01-01, value: 2000, keys: {level: 省}, reference: 测试用假定}
  - {name: resident_base_pension, from: 2014-01-01, value: 0, keys: {level: 市}, reference: 测试用假定}
  - {name: resident_base_pension, from: 2014-01-01, value: 0, keys: {level: 县}, reference: 测试用假定}
  - {name: resident_addition_ages, from: 2014-01-01, value: [], reference: 测试用假定}
  - {name: resident_addition_amounts, from: 2014-01-01, value: [], reference: 测试用假定}
  - {name: resident_long_addition, from: 2014-01-01, value: 0, reference: 测试用假定}
  - {name: benefit_rounding, from: 2009-09-01, value: 四舍五入到分, keys: {fund: R}, reference: 测试用假定}
"""


def test_awards_go_from_a_list_to_papers_that_prove_themselves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people from a list, reviewed by another; the paper is the same to the byte, and refused once a past figure changed (SB3351)."""
    small = Small(tmp_path / "office")
    award_desk.staffed(small.desk)
    own = small.home / "templates" / "parameters" / "standard.yaml"
    own.write_text(LAW, encoding="utf-8")
    people = tmp_path / "人员.csv"
    people.write_text("证件号码,出生年月,缴费月数,账户储存额\n" + "".join(f"{n},1963-1{2 - at},180,2780\n" for at, n in enumerate(NUMBERS)), encoding="utf-8")

    def run(*line: object, code: int = 0) -> str:
        assert execute(["--home", str(small.home), "benefit", *map(str, line)]) == code
        told = capsys.readouterr()
        return told.out + told.err

    many = ("resident-pension", "--period", "2026-01", "--people", people)
    monkeypatch.setattr("shebao.store.Office.actor", ASSESSOR)
    assert "已核定 2 人，第 3-1 至 3-2 号，合计 366.00 元" in run("award-many", *many)
    assert "[SB3001]" in run("review-many", *many, code=3)
    monkeypatch.setattr("shebao.store.Office.actor", someone("li"))
    small.sign_in("li")
    assert "已复核 2 人" in run("review-many", *many)
    assert "[SB3233]" in run("review-many", *many, code=3)
    rows = json.loads(run("awards", "--fund", "R", "--json"))
    assert [(one["award_no"], one["state"], one["fen"]) for one in rows] == [(2, "reviewed", 18300), (1, "reviewed", 18300)]
    assert NUMBERS[0] not in json.dumps(rows) and "已复核" in run("awards", "--fund", "R", "--number", NUMBERS[0])
    out = tmp_path / "papers"
    assert "verify" in run("award-paper", 1, "--fund", "R", "--out", out)
    pdf = out / "R-2026-01-待遇核定表-3-1.pdf"
    assert pdf.stat().st_mode & 0o077 == 0
    office = small.of("li")
    assert [(one.code, one.ok) for one in verify_paper(office, pdf)][:2] == [("B4 摘要", True), ("B4 版面", True)]
    assert {one.code: one.ok for one in verify_store(office)}["C6 待遇核定 R"]
    with office.reading() as connection:
        book = book_of(connection, Fund.R)
        mark = award_papers.stamp(connection, book, awards.get(connection, book.book_id, 1), "2026-01-20")
        with pytest.raises(NoAwardPaper):
            award_papers.reprint(connection, book, Month(2026, 1), replace(mark, parameters=(("award", "x"),)))
        with pytest.raises(AwardWrong):
            awards.get(connection, book.book_id, 9)
    monkeypatch.setattr("shebao.store.Office.actor", replace(someone("zhao"), duties=frozenset({Duty.CASHIER})))
    assert "[SB3001]" in run("awards", "--fund", "R", code=3) + run("award-paper", 1, "--fund", "R", "--out", out, code=3)
    own.write_text(LAW.replace("value: 2000,", "value: 2100,"), encoding="utf-8")
    _load.cache_clear()
    monkeypatch.setattr("shebao.store.Office.actor", someone("li"))
    small.sign_in("li")
    assert "[SB3351]" in run("award-paper", 1, "--fund", "R", "--out", out, code=3)


def test_an_award_is_sent_back_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The reviewer sends an award back with a reason; it is reviewed no more."""
    small = Small(tmp_path / "office")
    award_desk.staffed(small.desk)
    award_desk.granted(small.desk, (1, award_desk.pension(2001)), reviewed=False)
    monkeypatch.setattr("shebao.store.Office.actor", someone("li"))
    small.sign_in("li")
    line = ["--home", str(small.home), "benefit", "award-reject", "1", "--fund", "R", "--reason", "缴费月数与账上不符"]
    assert execute(line) == 0 and "已退回" in capsys.readouterr().out
    assert execute(line) == 3 and "[SB3351]" in capsys.readouterr().err
    assert execute([*line[:3], "awards", "--fund", "R"]) == 0 and "缴费月数与账上不符" in capsys.readouterr().out.replace("\n", "")
