"""docs/intake.md says of every contract what its YAML says."""

from __future__ import annotations

import pytest

from controls.intake import canonical, contracts, errors
from controls.intake.contracts import Column, Contract
from controls.intake.errors_doubts import DoubtKind
from ledger.errors import REGISTRY, Refusal
from shebao.catalogue import refusals
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "intake.md"
KINDS = {
    "fund": "险种",
    "program": "险种或专项项目",
    "region": "区划",
    "number": "证件号码",
    "document": "证件类型",
    "name": "姓名",
    "item": "待遇类型",
    "status": "状态",
    "month": "年月",
    "day": "日期",
    "day_or_month": "日期或年月",
    "amount": "金额",
    "account": "账号",
    "text": "文字",
    "code": "编号",
    "choice": "选项",
    "integer": "整数",
}


def row(column: Column) -> str:
    """One line of a contract's table."""
    need = "" if not column.required else "必需，可空" if column.blank else "必需"
    kind = "年月或年" if column.year else KINDS[column.kind]
    if column.kind == "choice":
        kind = "、".join(word for word in contracts.canonical_choices(column.choices) if word) + ("…" if column.open else "")
    need += ("，" if need else "") + "可在表头上方" if column.above else ""
    weak = f"；都没有时：{'、'.join(column.weak)}" if column.weak else ""
    return f"| {column.header} | `{column.id}` | {need} | {kind} | {'、'.join(column.synonyms)}{weak} |"


def section(contract: Contract) -> str:
    """Heading and table of one contract."""
    lines = [f"### {contract.contract} — {contract.title}", "", "| column | id | required | read as | synonyms |", "|---|---|---|---|---|"]
    return "\n".join([*lines, *(row(column) for column in contract.columns)])


@pytest.mark.parametrize("name", contracts.names())
def test_the_page_has_every_contract(name: str) -> None:
    """The table of each contract stands in the page as the YAML has it."""
    assert section(contracts.load(name)) in PAGE.read_text(encoding="utf-8")


def test_the_page_has_every_code_of_a_cell() -> None:
    """Each code of a row error or warning is explained."""
    text = PAGE.read_text(encoding="utf-8")
    mine = [code for code, refusal in REGISTRY.items() if issubclass(refusal, (errors.CellTrouble, errors.CellWarning))]
    assert len(mine) > 20 and [code for code in mine if f"`{code}`" not in text] == []


def doubt(kind: type[Refusal]) -> str:
    """One line of the table of doubts."""
    return f"| `{kind.code}` | {(kind.__doc__ or '').strip()} | {kind.remedy_en} |"


def kinds() -> list[type[Refusal]]:
    """Every kind of doubt, by code."""
    return [kind for _, kind in sorted(refusals().items()) if issubclass(kind, DoubtKind)]


def test_the_page_has_every_kind_of_doubt() -> None:
    """Each kind of doubt stands in the table with what to do."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(kinds()) > 25 and [kind.code for kind in kinds() if doubt(kind) not in text] == []


def test_the_page_has_every_column_of_the_tables() -> None:
    """Each column of each canonical table is named."""
    text = PAGE.read_text(encoding="utf-8")
    assert [(name, column) for name, shape in canonical.SHAPES.items() for column in shape if f"`{column}`" not in text] == []
