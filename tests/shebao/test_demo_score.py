"""The comparison with the truth: right means equal to the period count and the fen, and what did not run never passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shebao.cli.demo import demo
from shebao.demo.errors import DemoFolder, ScoreFileUnusable
from shebao.demo.score import score

HEAD = "rule,id_number,name,fund,region,period_from,period_to,months,amount,kind,note\n"
ONE = "D1-POSTHUMOUS,62082819500101001X,甲,R,620828,2025-04,2025-05,2,300.00,exact,\n"
TWO = "P3-TWICE,620828195001010028,乙,R,620828,2025-04,2025-04,1,150.50,exact,\n"
LINK = "D2-POSTHUMOUS-LINKED,620828195001010036,丙,R,620828,2025-04,2025-05,2,300.00,linked,\n"


def files(folder: Path, truth: str, findings: str, ran: list[str] | None = None) -> tuple[Path, Path]:
    """A truth file, a findings file, and the summary of what ran if given."""
    (folder / "audit").mkdir()
    one, other = folder / "truth.csv", folder / "audit" / "findings.csv"
    one.write_text(HEAD + truth, encoding="utf-8")
    other.write_text(HEAD + findings, encoding="utf-8")
    if ran is not None:
        (folder / "audit" / "summary.json").write_text(json.dumps({"rules_run": ran}), encoding="utf-8")
    return one, other


def run(truth: Path, findings: Path, *more: str) -> Result:
    return CliRunner().invoke(demo, ["score", "--truth", str(truth), "--findings", str(findings), *more])


def test_equal_is_perfect(tmp_path: Path) -> None:
    """The same findings give 100 % and 100 % and exit status 0, however an amount is written."""
    paths = files(tmp_path, ONE + TWO, TWO.replace("150.50", "150.5") + ONE)
    assert score(*paths).perfect
    assert run(*paths).exit_code == 0
    assert "100.0%" in run(*paths).output


@pytest.mark.parametrize(
    "change", [("300.00", "300.01"), (",2,", ",3,"), ("62082819500101001X", "620828195001010028"), (",R,", ",E,"), ("620828,2025", "620829,2025")]
)
def test_one_fen_or_month_off_is_wrong(tmp_path: Path, change: tuple[str, str]) -> None:
    """A finding with another amount, month count, number, fund or region is both missing and too much."""
    paths = files(tmp_path, ONE, ONE.replace(*change, 1))
    found = score(*paths)
    assert not found.perfect and len(found.missing) == len(found.extra) == 1
    result = run(*paths)
    assert result.exit_code == 1 and "漏查" in result.output and "多查" in result.output


def test_a_finding_said_twice_is_too_much(tmp_path: Path) -> None:
    """The same finding twice costs precision."""
    (rule,) = score(*files(tmp_path, ONE, ONE + ONE)).rules
    assert (rule.truth, rule.found, rule.right, rule.precision, rule.recall) == (1, 2, 1, 0.5, 1.0)


def test_linked_rules_do_not_decide(tmp_path: Path) -> None:
    """A linked case not found is shown and leaves the verdict alone."""
    found = score(*files(tmp_path, ONE + LINK, ONE))
    assert found.perfect and [(r.rule, r.truth, r.right) for r in found.rules if r.linked] == [("D2-POSTHUMOUS-LINKED", 1, 0)]


def test_what_did_not_run_is_named(tmp_path: Path) -> None:
    """A rule the summary does not list as run is shown as not run; its truth rows are counted apart, not as passed."""
    paths = files(tmp_path, ONE + TWO, ONE, ran=["D1-POSTHUMOUS"])
    found = score(*paths)
    assert found.perfect and found.not_run == 1
    assert "未运行" in run(*paths).output
    assert json.loads(run(*paths, "--json").output)["not_run"] == 1


def test_nothing_run_is_no_success(tmp_path: Path) -> None:
    """With no exact rule run the verdict is no, and the exit status 1."""
    paths = files(tmp_path, ONE, "", ran=[])
    assert not score(*paths).perfect and run(*paths).exit_code == 1


def test_a_ran_rule_without_findings_is_missed(tmp_path: Path) -> None:
    """A rule that ran and found nothing misses its truth."""
    found = score(*files(tmp_path, ONE + TWO, ONE, ran=["D1-POSTHUMOUS", "P3-TWICE"]))
    assert not found.perfect and [key[0] for key in found.missing] == ["P3-TWICE"]


def test_unusable_files_are_refused(tmp_path: Path) -> None:
    """A missing file is SB6503, one without the compared columns SB6505."""
    truth, findings = files(tmp_path, ONE, ONE)
    with pytest.raises(DemoFolder):
        score(tmp_path / "absent.csv", findings)
    findings.write_text("rule,amount\n", encoding="utf-8")
    with pytest.raises(ScoreFileUnusable, match="id_number"):
        score(truth, findings)
