"""凭证字 and 分数编号法: one number over several forms, and one kind of voucher where the office wants it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import templates
from ledger.entries import Line, Side
from ledger.voucher_forms import forms, voucher_kind

DAY = date(2026, 1, 20)


def lines(count: int) -> list[Line]:
    return [Line("1004", Side.D, fen) for fen in range(1, count + 1)]


@pytest.mark.parametrize(("count", "sizes"), [(2, [2]), (8, [8]), (9, [8, 1]), (20, [8, 8, 4])])
def test_forms_hold_every_line_once(count: int, sizes: list[int]) -> None:
    """No line is lost or doubled, each form holds what it can, and the last one is the last."""
    made = forms(lines(count), DAY)
    assert [len(form.lines) for form in made] == sizes
    assert [line for form in made for line in form.lines] == lines(count)
    assert [form.last for form in made] == [False] * (len(sizes) - 1) + [True]


def test_numbers_are_fractions_only_where_there_are_several() -> None:
    """12 stays 12 on one form; on three it is 12 1/3, 12 2/3, 12 3/3."""
    assert [form.label("收", 12) for form in forms(lines(2), DAY)] == ["收字12号"]
    assert [form.label("付", 12) for form in forms(lines(20), DAY)] == ["付字12 1/3号", "付字12 2/3号", "付字12 3/3号"]


def test_an_office_may_use_one_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """收, 付 and 转 by the event, or 记 for all."""
    assert [voucher_kind(kind, DAY) for kind in "收付转"] == ["收", "付", "转"]
    (tmp_path / "parameters").mkdir()
    shipped = (templates.SHIPPED / "parameters" / "accounting.yaml").read_text("utf-8")
    (tmp_path / "parameters" / "accounting.yaml").write_text(shipped.replace("value: 收付转", "value: 记"), "utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert {voucher_kind(kind, DAY) for kind in "收付转"} == {"记"}
