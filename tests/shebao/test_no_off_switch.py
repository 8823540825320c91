"""C4: no folder and no variable switches a control off."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import templates
from shebao.store import use_templates


@pytest.mark.parametrize("name", ["rules/D1-POSTHUMOUS.yaml", "rules/D1-POSTHUMOUS.sql", "duties.yaml", "flows.yaml", "parameters/payment-chain.yaml"])
def test_what_guards_payments_is_only_ever_the_shipped_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C4: a folder laid over the shipped one replaces charts and rates, never checks, duties or flows."""
    for laid in (name, "charts/28-2018.yaml"):
        (tmp_path / laid).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / laid).write_text("planted", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert templates.path(name).is_relative_to(templates.SHIPPED)
    assert templates.path("charts/28-2018.yaml").is_relative_to(tmp_path)


def test_an_office_drops_what_the_environment_brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """C4: inside an office only its own templates folder counts."""
    own = tmp_path / "office" / "templates"
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "planted"))
    use_templates(own)
    assert "SHEBAO_TEMPLATES" not in os.environ
    own.mkdir(parents=True)
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path / "planted"))
    use_templates(own)
    assert os.environ["SHEBAO_TEMPLATES"] == str(own)
