"""Files of a county's own that lie over what is guarded are named, never used."""

from __future__ import annotations

from pathlib import Path

import pytest

import templates
from audit.summary import of
from controls.checks.catalogue import shipped
from controls.checks.runner import run
from shebao.cli.checkwords import idle_templates
from shebao.doctor import own_templates
from tests.controls import canonical


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A county's folder with a rule laid over D1, a duty list, and a chart it may well lay over."""
    for name in ("rules/D1-POSTHUMOUS.sql", "duties.yaml", "charts/own.yaml"):
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("SELECT 1", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "templates"))
    return tmp_path / "templates"


def test_a_rule_laid_over_a_shipped_one_is_not_used_and_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The shipped D1 runs; the finder, summary.json, the run on stderr and the doctor name the files that count for nothing, and not the chart."""
    idle = [str(folder / "duties.yaml"), str(folder / "rules" / "D1-POSTHUMOUS.sql")]
    assert templates.unused() == idle and next(rule for rule in shipped() if rule.code == "D1-POSTHUMOUS").text() != "SELECT 1"
    told = of([], run(canonical.tables({"payments": [{"id": "A"}]}), rules=["P3"]), {}, findings_sha256="", seconds=0.0)
    assert told["templates_unused"] == idle
    idle_templates(told)
    assert "D1-POSTHUMOUS.sql" in capsys.readouterr().err
    states = [(one.state, "D1-POSTHUMOUS.sql" in one.zh) for one in own_templates(folder.parent)]
    assert states == [("ok", False), ("warn", True)]


def test_nothing_is_said_where_nothing_lies_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a folder of one's own there is nothing to name; one in the office's home is seen by the doctor without a variable."""
    assert templates.unused(tmp_path / "none") == []
    idle_templates({"templates_unused": []})
    assert capsys.readouterr().err == ""
    (tmp_path / "templates" / "rules").mkdir(parents=True)
    (tmp_path / "templates" / "rules" / "X.sql").write_text("SELECT 1", encoding="utf-8")
    assert [one.state for one in own_templates(tmp_path)] == ["ok", "warn"]
