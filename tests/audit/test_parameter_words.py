"""Papers for people call the parameters of rules by Chinese names, and say of each column what it is."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from audit import parameter_words
from controls.checks.catalogue import rules
from shebao.cli.checkwords import grouped
from tests.audit.swept_office import months, office


def test_every_parameter_of_the_catalogue_has_a_chinese_name() -> None:
    """No English word stands on the sheet 参数与口径; a name of an office's own rule stays as the office wrote it."""
    said = {(rule.code, name): parameter_words.told(rule.code, {name: value}) for rule in rules() for name, value in rule.sample().items()}
    assert len(said) > 50 and [key for key, text in said.items() if any("a" <= sign <= "z" or sign in "%_" for sign in text)] == []
    assert parameter_words.told("X1-HIGH-AMOUNT", {"most_fen": 100000}) == "most_fen=100000"


def test_patterns_and_lists_are_said_in_words() -> None:
    """A pattern of SQL is 含“…”, a class of benefits has its Chinese name."""
    assert parameter_words.told("L4-DISABILITY-LISTS", {"living": "%残疾%生活补贴%"}) == "生活补贴=含“残疾…生活补贴”"
    assert parameter_words.told("D1-POSTHUMOUS", {"monthly": ("pension", "survivor")}) == "按月待遇=养老待遇、供养亲属待遇"


def test_no_word_is_kept_that_no_rule_uses() -> None:
    """The list of names holds those of the catalogue and no others."""
    assert set(parameter_words.NAMES) == {name for rule in rules() for name in rule.parameters}


def test_what_is_left_after_recoveries_is_called_what_it_is(tmp_path: Path) -> None:
    """With recoveries the sheet says that the amount less what came back is not what is still to be recovered; the screen groups its digits."""
    made = office(f"sqlite:///{tmp_path / 's.db'}", tmp_path / "o")
    made.take("payments", months("A", 202401, 202406))
    made.take("deaths", [{"id": "A", "death_on": "2024-03-05"}])
    made.take("recoveries", [{"id": "A", "from_month": 202404, "to_month": 202406, "amount": 5000}])
    made.sweep(rules=("D1-POSTHUMOUS",))
    book = openpyxl.load_workbook(made.folder / "out" / "疑点清单.xlsx")
    leads = next(sheet for sheet in book if sheet.title.startswith("D1"))
    told = {row[0].value: [str(cell.value) for cell in row] for row in book["参数与口径"].iter_rows()}
    assert told["各规则"][1] in [cell.value for row in leads.iter_rows(max_row=2) for cell in row] and "不是应追回的余额" in told["各规则"][2]
    assert "按月待遇=养老待遇、伤残待遇、供养亲属待遇、失业待遇" in told["D1-POSTHUMOUS"][2]
    assert (grouped("1234567.50"), grouped(None)) == ("1,234,567.50", "")
