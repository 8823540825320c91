"""`shebao audit sweep`, `leads`, `lead`, `conclude` and `conclude-review` as two auditors type them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from controls import people
from controls.checks.selftest import SelfTest
from controls.duties import Duty
from controls.sweeps import conclusions
from shebao.cli import execute
from tests.audit.swept_office import months, own_rule
from tests.controls import canonical
from tests.controls.payment_desk import NOW, PASSWORD, _hashed_once, someone
from tests.granting import given
from tests.shebao.small_office import Small

ZHANG, NAME = canonical.PEOPLE["A"]
D1 = "D1-POSTHUMOUS"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """An office that was paying a dead man, with two auditors."""
    made = Small(tmp_path_factory.mktemp("sweeping") / "office")
    made.desk.take(canonical.table("payments", months("A", 202401, 202406), file="发放.csv"), "payments", "发放.csv", "zhang")
    made.desk.take(canonical.table("deaths", [{"id": "A", "death_on": "2024-03-05"}], file="死亡.csv"), "deaths", "死亡.csv", "qian")
    with made.unit() as work, patch("controls.people.hash_password", return_value=_hashed_once()):
        people.add(work, NOW, someone("wu"), people.NewPerson("he", "何稽核", (), PASSWORD))
        given(work, NOW, "he", Duty.AUDIT, date(2026, 1, 15))
        work.commit()
    return made


def ran(small: Small, capsys: pytest.CaptureFixture[str], user: str, *words: object) -> tuple[int, str]:
    """The exit status of a command of the audit group and what it printed."""
    small.sign_in(user)
    capsys.readouterr()
    status = execute(["--home", str(small.home), "audit", *map(str, words)])
    told = capsys.readouterr()
    return status, told.out + told.err


def test_from_the_sweep_to_the_conclusion(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """Swept (status 1), listed masked, told with its history, concluded by one and agreed to by the other; the next sweep tells the precision."""
    out = small.folder / "sweep"
    status, said = ran(small, capsys, "tao", "sweep", "--rule", "D1", "--rule", "P3", "--out", out)
    assert status == 1 and "第 1 次筛查" in said and "疑点 1 条" in said and "仅本人可读" in said
    status, said = ran(small, capsys, "tao", "sweep", "--rule", "D1", "--rule", "P3", "--out", out, "--json")
    assert status == 1 and json.loads(said)["rules_how"] == {D1: "stood", "P3-TWICE": "stood"} and ZHANG not in said
    status, said = ran(small, capsys, "tao", "leads", "--json")
    (lead,) = json.loads(said)["leads"]
    assert status == 0 and lead["status"] == "open" and ZHANG not in said and NAME not in said
    key = lead["finding_id"]
    status, said = ran(small, capsys, "tao", "lead", key[:8])
    assert status == 0 and "发放.csv:5" in said and "查出" in said and ZHANG not in said and NAME not in said
    status, said = ran(small, capsys, "tao", "lead", key[:8], "--reveal", "--json")
    assert ZHANG in said and json.loads(said)["history"][0]["state"] == "found"
    assert [record.facts for record in small.trail("read.reveal") if record.thing == f"lead:{key}"]
    status, said = ran(small, capsys, "tao", "why-not", ZHANG, "D1")
    assert status == 1 and key in said and ZHANG not in said and NAME not in said
    assert [record.thing for record in small.trail("read.why_not")] == [f"rule:{D1}"]
    assert not [record for record in small.trail("read.reveal") if record.thing == f"rule:{D1}"]
    assert ran(small, capsys, "tao", "conclude", key[:8], "dismissed", "--reason", "公安更正")[0] == 0
    status, said = ran(small, capsys, "tao", "conclude-review", key[:8])
    assert status == 3 and "SB3373" in said
    assert ran(small, capsys, "he", "conclude-review", key[:8], "--refuse", "--note", "缺更正函")[0] == 0
    assert ran(small, capsys, "tao", "conclude", key[:8], "confirmed", "--reason", "家属承认")[0] == 0
    status, said = ran(small, capsys, "he", "conclude-review", key[:8])
    assert status == 0 and "已查实" in said
    status, said = ran(small, capsys, "tao", "leads", "--rule", "D1", "--status", "confirmed", "--fund", "R")
    assert "已查实 1" in said and key in said
    status, said = ran(small, capsys, "tao", "lead", key)
    assert "退回" in said and "家属承认" in said
    status, said = ran(small, capsys, "he", "sweep", "--rule", "D1", "--full", "--mask", "--out", out)
    assert status == 1 and "1.000" in said
    assert json.loads((out / "summary.json").read_text(encoding="utf-8"))["self_test"][D1]["precision"] == "1.000"


def test_status_and_who_may(small: Small, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """0 without a lead, 2 for an unknown lead, 3 for somebody else's duty and for a rule that fails its own cases; a look back says so."""
    assert ran(small, capsys, "tao", "sweep", "--rule", "P3", "--out", tmp_path / "a")[0] == 0
    status, said = ran(small, capsys, "tao", "sweep", "--rule", "D1", "--as-of", "2024-04-30", "--out", tmp_path / "a")
    assert status == 1 and "只出结果" in said
    status, said = ran(small, capsys, "li", "sweep", "--out", tmp_path / "b")
    assert status == 3 and "SB3001" in said and not (tmp_path / "b").exists()
    assert "SB3001" in ran(small, capsys, "li", "leads")[1]
    status, said = ran(small, capsys, "tao", "lead", "0000")
    assert status == 2 and "SB3365" in said
    failing = {D1: SelfTest(D1, 1, 0, 0, 0, ("少1条",))}
    with patch("audit.store_sweep.self_test", return_value=failing):
        status, said = ran(small, capsys, "tao", "sweep", "--rule", "D1", "--full", "--out", tmp_path / "c")
    assert status == 3 and "SB5004" in said


def test_own_rules_from_a_folder_and_their_texts(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """Swept with the folder, told with the digest; without it the leads stand and it says so; the text is shown by its short code, to those who may."""
    folder, out = own_rule(small.folder / "rules", 5_000), small.folder / "own"
    (folder / "cases" / "X1-HIGH-AMOUNT.yaml").unlink()
    status, said = ran(small, capsys, "tao", "sweep", "--rule", "X1", "--rules-folder", folder, "--out", out)
    assert status == 1 and "本单位规则 X1-HIGH-AMOUNT：文本" in said
    status, said = ran(small, capsys, "tao", "sweep", "--rule", "P3", "--out", out)
    assert status == 0 and "X1-HIGH-AMOUNT 本次没有运行" in said and "其疑点 1 条保持原状" in said
    assert "X1-HIGH-AMOUNT" in ran(small, capsys, "tao", "leads", "--rule", "X1")[1]
    status, said = ran(small, capsys, "tao", "rule-text", "x1")
    assert status == 0 and "most_fen: 5000" in said and "FROM paid_months" in said
    assert ran(small, capsys, "tao", "rule-text", "X9")[0] == 2
    assert (ran(small, capsys, "li", "rule-text")[0], ran(small, capsys, "li", "sweep", "--rules-folder", folder, "--out", out)[0]) == (3, 3)


def test_a_linked_lead_is_told_with_its_weighed_steps(small: Small, capsys: pytest.CaptureFixture[str]) -> None:
    """`audit lead` shows each comparison of a linkage with its weight, a number in it masked; JSON has them as `steps`."""
    ran(small, capsys, "tao", "sweep", "--rule", "D1", "--out", small.folder / "linked")
    key = json.loads(ran(small, capsys, "tao", "leads", "--json")[1])["leads"][0]["finding_id"]
    status, said = ran(small, capsys, "tao", "lead", key)
    assert status == 0 and "关联步骤" not in said
    get = conclusions.get

    def linked(*given: Any) -> conclusions.Lead:
        one = get(*given)
        evidence = replace(one.last.finding.evidence, steps=("姓名相同 +300", f"号码{ZHANG} +250"))
        return replace(one, last=replace(one.last, finding=replace(one.last.finding, evidence=evidence, confidence=550)))

    with patch("controls.sweeps.conclusions.get", linked):
        status, said = ran(small, capsys, "tao", "lead", key)
        assert status == 0 and "置信度 550" in said and "姓名相同 +300；号码" in said and ZHANG not in said
        assert json.loads(ran(small, capsys, "tao", "lead", key, "--json")[1])["steps"][0] == "姓名相同 +300"
