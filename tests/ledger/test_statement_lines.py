"""Statement lines: labels letter by letter as on the forms, formulas of Part 5, and every account covered once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

import templates
from books.statement_lines import Mode, StatementLine, StatementSet, load_statements
from ledger.chart import Chart
from ledger.funds import Fund
from ledger.lawfile import BadLawFile, parse

LABELS = yaml.safe_load((Path(__file__).parent / "cases" / "form_labels.yaml").read_text("utf-8"))
STATEMENTS = load_statements()
ACCOUNT_MODES = set(Mode) - {Mode.HEADING, Mode.SUM, Mode.DIFFERENCE}


def test_balance_sheet_labels() -> None:
    """Every label of 会社保01 stands on the form of Part 4, asterisks included, in its order, and none is missing."""
    found = list(dict.fromkeys(line.on_form for line in STATEMENTS.balance_sheet.lines))
    assert found == LABELS["balance_sheet"]
    assert STATEMENTS.balance_sheet.form == "会社保01表"


@pytest.mark.parametrize("fund", list(Fund))
def test_income_statement_labels(fund: Fund) -> None:
    """Every label of 会社保02 stands on the fund's form of Part 4, in its order, and none is missing."""
    form = STATEMENTS.income_statement.forms[fund]
    assert [line.on_form for line in form.lines] == LABELS["income_statement"][fund.value]["lines"]
    assert form.fund_title == LABELS["income_statement"][fund.value]["title"]


def owners(account: str, lines: list[StatementLine]) -> list[str]:
    return [line.code for line in lines if line.mode in ACCOUNT_MODES and not line.of_which and line.covers(account)]


@pytest.mark.parametrize("tier", ["county", "province"])
@pytest.mark.parametrize("fund", list(Fund))
def test_every_account_is_covered_once(fund: Fund, tier: str) -> None:
    """Each leaf of a fund enters exactly one line of the statement it belongs to, details left aside."""
    chart = Chart.load("28-2018", fund, tier="county" if tier == "county" else "province")
    balance = STATEMENTS.balance_lines(fund, tier="county" if tier == "county" else "province")
    income = STATEMENTS.income_lines(fund)
    for account in chart.leaves():
        if account.code[0] in "45":
            assert len(owners(account.code, income)) == 1, account.title
        if account.code[0] in "123" or account.code.startswith("46"):
            assert len(owners(account.code, balance)) == 1, account.title


@pytest.mark.parametrize("fund", list(Fund))
def test_benefit_details_cover_once(fund: Fund) -> None:
    """Each leaf under 5001 enters exactly one detail line of the deepest level, so that details sum to 待遇支出 (K5)."""
    income = STATEMENTS.income_lines(fund)
    details = [line for line in income if line.of_which]
    deepest = [
        line for line in details if not any(other.accounts[0] != line.accounts[0] and other.accounts[0].startswith(line.accounts[0]) for other in details)
    ]
    for account in Chart.load("28-2018", fund).leaves():
        if account.code.startswith("5001"):
            assert len([line for line in deepest if line.covers(account.code)]) == 1, account.title


@pytest.mark.parametrize("fund", list(Fund))
def test_modes_are_those_of_part_five(fund: Fund) -> None:
    """4001, 4202, 4301 are net, other income credit only; 5001 and 5201 net, other expense debit only (DOMAIN §1.7)."""
    for line in STATEMENTS.income_lines(fund):
        for account in line.accounts:
            if account.startswith("46"):
                expected = Mode.CLOSING_CREDIT
            elif account[:4] in ("4001", "4202", "4301"):
                expected = Mode.NET_CREDIT
            elif account[:4] in ("5001", "5201"):
                expected = Mode.NET_DEBIT
            else:
                expected = Mode.CREDIT if account.startswith("4") else Mode.DEBIT
            assert line.mode is expected, line.label


@pytest.mark.parametrize("fund", list(Fund))
def test_totals_add_every_line_once(fund: Fund) -> None:
    """Income and expense totals name each of their lines once; the result is income less expense (K5, K6)."""
    income = STATEMENTS.income_lines(fund)
    summed = [code for line in income if line.mode is Mode.SUM for code in line.lines]
    assert len(summed) == len(set(summed))
    top = [line.code for line in income if line.level == 1 and line.accounts]
    assert set(top) <= set(summed)
    last = next(line for line in income if line.label.endswith("本期基金结余"))
    assert (last.mode, last.lines) == ((Mode.SUM, ("5.1", "5.2", "5.46")) if fund is Fund.ME else (Mode.DIFFERENCE, ("1", "2")))


def test_lines_of_other_funds_are_left_out() -> None:
    """Lines that do not apply are not shown: no 委托投资 for W, no 储备金结余 for R, and 委托投资 only for provinces."""
    labels = {fund: [line.label for line in STATEMENTS.balance_lines(fund, tier="county")] for fund in Fund}
    assert "储备金结余" in labels[Fund.W] and "储备金结余" not in labels[Fund.R]
    assert "委托投资" not in labels[Fund.R]
    assert "委托投资" in [line.label for line in STATEMENTS.balance_lines(Fund.R, tier="province")]
    assert next(line.printed for line in STATEMENTS.balance_lines(Fund.R, tier="county") if line.label == "委托上级投资") == "其中：委托上级投资"


def test_suspense_stands_only_where_the_form_has_it() -> None:
    """待转基金 is on monthly statements of ME only, on 会社保02 in months 1 to 11, and never on annual ones."""
    assert "（三）待转基金" in [line.label for line in STATEMENTS.balance_lines(Fund.ME, month=6)]
    assert "（三）待转基金" not in [line.label for line in STATEMENTS.balance_lines(Fund.ME, month=12, annual=True)]
    for month, annual, shown in ((11, False, True), (12, False, False), (12, True, False)):
        assert ("待转基金" in [line.label for line in STATEMENTS.income_lines(Fund.ME, month=month, annual=annual)]) is shown


def test_every_line_cites_the_standard() -> None:
    """Each line names its paragraph of Part 5 or the form itself."""
    forms = [form.lines for form in STATEMENTS.income_statement.forms.values()]
    for line in [line for lines in (STATEMENTS.balance_sheet.lines, *forms) for line in lines]:
        assert line.reference.startswith(("第五部分", "第四部分")), line.code


@pytest.mark.parametrize(
    "change",
    [{"colour": "red"}, {"mode": "closing"}, {"accounts": []}, {"lines": ["A.1002"]}, {"level": 9}],
    ids=["unknown key", "unknown mode", "no account", "account and lines", "level"],
)
def test_the_file_is_strict(change: dict[str, object]) -> None:
    """An unknown key or mode, or a formula that does not fit its mode, is refused (SB1011)."""
    data = templates.load("statements/28-2018.yaml")
    row = next(row for row in data["balance_sheet"]["lines"] if row["code"] == "A.1001")
    row.update(change)
    with pytest.raises(BadLawFile):
        parse(StatementSet, data, "t.yaml")


def test_unknown_lines_and_repeated_codes_are_refused() -> None:
    """A sum over a line that does not exist, or one code twice for a fund, is refused."""
    for change in ({"lines": ["1.9999"]}, {"code": "1.4001", "mode": "credit", "lines": [], "accounts": ["4001"]}):
        data = templates.load("statements/28-2018.yaml")
        data["income_statement"]["forms"]["R"]["lines"][0].update(change)
        with pytest.raises(BadLawFile):
            parse(StatementSet, data, "t.yaml")
    assert STATEMENTS.valid_from == date(2018, 1, 1)
