"""Registers at the front door: worked cases with their vouchers, commands, papers that prove themselves, and ties to the books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shebao.register_cases import CASES, Case, staffed


@pytest.mark.parametrize("file", CASES, ids=[file.stem for file in CASES])
def test_worked_cases(tmp_path: Path, file: Path) -> None:
    """F2, §8a: entered, acted on and booked as the case says; the register follows the posted vouchers and ties to the accounts."""
    Case(staffed(tmp_path / "office"), file).run()
