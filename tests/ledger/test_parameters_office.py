"""An office's own parameter values beside the shipped ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ledger.lawfile import BadLawFile
from ledger.parameters import Parameters, ParameterUnset

HEAD = "document: 云岭县核算办法\nvalid_from: 2018-01-01\nvalid_to: null\nreference: 虚构\nvalues:\n"
DAY = date(2026, 1, 1)


def _office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *values: str) -> Parameters:
    folder = tmp_path / "parameters"
    folder.mkdir()
    (folder / "county.yaml").write_text(HEAD + "".join(f"  - {value}\n" for value in values), encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    return Parameters.load()


def test_unset_parameter_refuses_to_run() -> None:
    """A choice nobody made refuses with who must make it, instead of guessing."""
    with pytest.raises(ParameterUnset):
        Parameters.load().on("pooling", DAY, fund="E")


def test_office_adds_a_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value in the office's own folder joins the parameter declared in a shipped file."""
    known = _office(tmp_path, monkeypatch, "{name: pooling, from: 2018-01-01, value: 属地, keys: {fund: E}, reference: 假定}")
    assert known.on("pooling", DAY, fund="E") == "属地"
    assert known.on("pooling", DAY, fund="R") == "属地"


@pytest.mark.parametrize(
    "value",
    [
        "{name: poling, from: 2018-01-01, value: 属地, reference: 假定}",
        "{name: pooling, from: 2018-01-01, value: 随意, keys: {fund: E}, reference: 假定}",
        "{name: pooling, from: 2020-01-01, value: 统收统支, keys: {fund: R}, reference: 假定}",
    ],
)
def test_office_values_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """An unknown name, a value that is no choice, or one that overlaps another is refused."""
    with pytest.raises(BadLawFile):
        _office(tmp_path, monkeypatch, value)
