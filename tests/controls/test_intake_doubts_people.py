"""Doubts about people and columns: numbers, names, sex, birth and age, accounts, zeros, regions, blanks, local words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from controls.intake import doubts
from controls.intake.doubts import Doubt
from controls.intake.reader import read
from ledger.identity import check_digit
from tests.controls.intake_files import NUMBERS, PAYMENTS, payment, payments, write_csv

NAMED = {"姓名": "王小明", "户名": "王小明"}
CARDS = ["6228480402564890018", "6228480402564890026", "6228480402564890034", "6228480402564890042"]


def find(path: Path, contract: str = "payments", *, reveal: bool = False, **how: Any) -> tuple[Doubt, ...]:
    """The doubts of a file."""
    return doubts.find(read(path, contract, **how), today=date(2024, 4, 1), reveal=reveal)


def mine(found: tuple[Doubt, ...], code: str, part: str = "") -> list[Doubt]:
    """The doubts of a code whose sentence holds a part."""
    return [doubt for doubt in found if doubt.code == code and part in doubt.zh]


def one(found: tuple[Doubt, ...], code: str, part: str = "") -> Doubt:
    """The one of them."""
    assert len(mine(found, code, part)) == 1, [(doubt.code, doubt.zh) for doubt in found]
    return mine(found, code, part)[0]


def number(birth: str, sequence: str = "001") -> str:
    """A sound resident number."""
    body = "620821" + birth + sequence
    return body + check_digit(body)


def listed(folder: Path, contract: str, header: str, *rows: str) -> Path:
    """Comma-separated lines of a contract."""
    return write_csv(folder / f"{contract}.csv", [line.split(",") for line in (header, *rows)])


def test_damaged_numbers_are_asked_about_with_row_and_cell(tmp_path: Path) -> None:
    """Scientific notation and lost last digits are one question for the column; masked unless revealed."""
    lost = NUMBERS[1][:15] + "000"
    path = payments(tmp_path, payment(0, 证件号码="4.10303E+17", **NAMED), payment(1, 证件号码=lost, **NAMED), payment(2, **NAMED))
    asked = one(find(path), "SB2131")
    assert (asked.level, asked.line, asked.cell, asked.cells, asked.count) == ("ask", 2, "C2", ("C2", "C3"), 2)
    assert "C2（4.10303E+17）" in asked.zh and lost not in asked.zh and "重新导出" in asked.remedy_zh
    assert lost in one(find(path, reveal=True), "SB2131").zh


def test_a_damaged_account_of_a_roster_cannot_be_paid(tmp_path: Path) -> None:
    """The question says what it means for the payment."""
    path = listed(tmp_path, "roster", "险种,证件号码,姓名,待遇类型,所属期,金额,银行账号,户名", f"R,{NUMBERS[0]},王一,养老金,202403,1,6.2E+18,王一")
    assert "发不出去" in one(find(path, "roster"), "SB2131").zh and one(find(path, "roster"), "SB2131").cell == "G2"


def test_failing_and_short_numbers(tmp_path: Path) -> None:
    """A wrong check digit is warned of; seventeen digits are said to be one short."""
    wrong = NUMBERS[0][:-1] + ("0" if NUMBERS[0][-1] != "0" else "1")
    found = find(payments(tmp_path, payment(0, 证件号码=wrong), payment(1, 证件号码=NUMBERS[1][:17]), payment(2)))
    assert (one(found, "SB2132").cell, one(found, "SB2141").cell) == ("C2", "C3") and "少了一位" in one(found, "SB2141").zh
    assert wrong not in one(found, "SB2132").zh


@pytest.mark.parametrize(("name", "level", "said"), [
    ("王?明", "ask", "乱码"), ("王\ufffd", "ask", "乱码"), ("王\ue863", "ask", "乱码"), ("王□明", "ask", "乱码"),
    ("王小明1", "warn", "数字"), ("王小明（已故）", "warn", "括号"), ("王x明", "warn", "其他"), ("王", "warn", "一个字"), ("买买提·", "warn", "截断"),
])  # fmt: skip
def test_names_that_no_one_bears(tmp_path: Path, name: str, level: str, said: str) -> None:
    """Broken characters are asked about; digits, brackets, single characters and names cut off are warned of."""
    found = find(payments(tmp_path, payment(0, 姓名=name), payment(1, **NAMED)))
    doubt = one(found, "SB2142", said)
    assert (doubt.level, doubt.cell) == (level, "D2") and (len(name) == 1 or name not in doubt.zh)


@pytest.mark.parametrize("name", ["王小明", "买买提·吐尔逊", "王𬭎", "欧阳䶮", "JOHN SMITH", "王𠀀"])
def test_names_that_people_bear(tmp_path: Path, name: str) -> None:
    """Rare characters, middle dots and names in Latin letters are no doubt."""
    assert mine(find(payments(tmp_path, payment(0, 姓名=name), payment(1, **NAMED))), "SB2142") == []


def test_a_name_shorter_than_the_same_persons(tmp_path: Path) -> None:
    """One number, two names of which one begins the other."""
    found = find(payments(tmp_path, payment(0, 姓名="买买提·吐尔"), payment(0, 姓名="买买提·吐尔逊"), payment(1, **NAMED)))
    assert (one(found, "SB2142", "少了后面的字").cell, one(found, "SB2142", "少了后面的字").count) == ("D2", 1)


def test_sex_and_birth_against_the_number(tmp_path: Path) -> None:
    """What the number contradicts is named; what it confirms is not."""
    man, woman = number("19500101", "001"), number("19510202", "002")
    rows = (f"{man},王一,R,女,1950-01-01", f"{woman},王二,R,女,1951-02-03", f"{man},王三,R,男,1950-01-01")
    path = listed(tmp_path, "people", "证件号码,姓名,险种,性别,出生日期", *rows)
    found = find(path, "people")
    assert [doubt.cell for doubt in mine(found, "SB2143")] == ["D2", "E3"]


def test_ages_that_hardly_fit(tmp_path: Path) -> None:
    """Too old to live, too young for a pension, too young for a premium."""
    found = find(payments(tmp_path, payment(0, 证件号码=number("19000101")), payment(1, 证件号码=number("19990101")), payment(2)))
    assert one(found, "SB2158", "超过 120 岁").cell == "C2" and one(found, "SB2158", "不满 40 岁").cell == "C3"
    head = "险种,统筹区,证件号码,姓名,缴费年度,缴费主体,金额,到账日期"
    found = find(listed(tmp_path, "contributions", head, f"R,620821,{number('20150101')},王一,2024,个人,200,2024-03-01"), "contributions")
    assert "缴养老保险费" in one(found, "SB2158").zh


def test_accounts_of_odd_form(tmp_path: Path) -> None:
    """Masked, lettered and very short accounts; a masked one in a roster is asked about."""
    rows = [payment(at, 银行账号=text, **NAMED) for at, text in enumerate(("6228****0018", "62284A0402564890018", "12345", CARDS[0]))]
    found = find(payments(tmp_path, *rows))
    assert [(doubt.cell, doubt.level) for doubt in mine(found, "SB2145")] == [("I2", "warn"), ("I3", "warn"), ("I4", "warn")]
    assert "62284A" not in str(found) and "62284A0402564890018" in str(find(payments(tmp_path, *rows), reveal=True))
    path = listed(tmp_path, "roster", "险种,证件号码,姓名,待遇类型,所属期,金额,银行账号,户名", f"R,{NUMBERS[0]},王一,养老金,202403,1,6228****0018,王一")
    assert one(find(path, "roster"), "SB2145").level == "ask"


def test_zeros_lost_in_front(tmp_path: Path) -> None:
    """Shorter than the column's common length, where others begin with zero; running numbers are left alone."""
    accounts = ["0621700001", "0621700002", "0621700003", "621700004", "0621700005", "0621700006"]
    rows = [payment(at % 4, 银行账号=text, 流水号=str(9_997 + at), **NAMED) for at, text in enumerate(accounts)]
    found = find(payments(tmp_path, *rows))
    asked = one(found, "SB2141")
    assert (asked.level, asked.cell, asked.count) == ("ask", "I5", 1) and "一般是 10 位" in asked.zh and "“银行账号”" in asked.zh
    rows = [payment(at % 4, 流水号=text, **NAMED) for at, text in enumerate(["00017", "00234", "03000", "99", "04000", "05000", "812"])]
    assert (one(find(payments(tmp_path, *rows)), "SB2141").cell, one(find(payments(tmp_path, *rows)), "SB2141").level) == ("L5", "warn")


def test_regions_of_five_digits_and_by_name(tmp_path: Path) -> None:
    """A digit too few is said, a name of one region with its code, a name of several with all of them."""
    rows = [payment(0, 统筹区="62082"), payment(1, 统筹区="泾川县"), payment(2, 统筹区="朝阳区"), payment(3, 统筹区="某某乡")]
    taken = read(payments(tmp_path, *rows), "payments")
    assert taken.table.column("region").to_pylist() == ["620821"] and [error.line for error in taken.rejects] == [2, 4, 5]
    found = doubts.find(taken)
    assert (one(found, "SB2157", "5 位").cell, one(found, "SB2157", "5 位").level) == ("B2", "warn")
    assert "620821（" in one(found, "SB2157", "读作").zh and one(found, "SB2157", "读作").level == "tell"
    several = one(found, "SB2157", "朝阳区")
    assert several.level == "warn" and "110105" in several.zh and "220104" in several.zh
    assert "不是行政区划的名称" in one(found, "SB2157", "某某乡").zh


def test_a_few_blanks_in_a_full_column(tmp_path: Path) -> None:
    """One account missing among twenty is warned of; a column half empty is as it is."""
    rows = [payment(at % 4, 银行账号=CARDS[at % 4] if at != 7 else "", 流水号=str(at) if at % 2 else "", **NAMED) for at in range(20)]
    found = find(payments(tmp_path, *rows))
    assert [(doubt.cell, doubt.level) for doubt in mine(found, "SB2151")] == [("I9", "warn")]


def test_unknown_items_and_states_with_the_nearest_word(tmp_path: Path) -> None:
    """Each name with its rows and the known word most like it, and the option that says what it is."""
    rows = [payment(0, 待遇类型="基础养老金额"), payment(1, 待遇类型="基础养老金额"), payment(2, 待遇类型="过年慰问")]
    found = find(payments(tmp_path, *rows, payment(3, 发放状态="支付成功了", 待遇类型="")))
    items = one(found, "SB2133")
    assert (items.level, items.cell, items.count) == ("ask", "E2", 3)
    assert "“基础养老金额”（2 行，最像“基础养老金”，即养老金）" in items.zh and "“过年慰问”（1 行）" in items.zh
    assert "--item 基础养老金额=pension" in items.remedy_zh
    states = one(found, "SB2134")
    assert "最像“支付成功”，即成功" in states.zh and "--status 支付成功了=paid" in states.remedy_zh
    assert one(found, "SB2136").cell == "E5"


def test_unknown_choices_and_codes(tmp_path: Path) -> None:
    """A word in no list is warned of with the nearest; a failing credit code too."""
    head = "险种,统筹区,证件号码,姓名,缴费年度,缴费主体,代缴级次,金额,到账日期,单位信用代码"
    row = f"R,620821,{NUMBERS[0]},王一,2024,个人,县级财政,200,2024-03-01,91350100M000100Y44"
    found = find(listed(tmp_path, "contributions", head, row), "contributions")
    assert "“县级财政”（1 行，最像“县级”）" in one(found, "SB2135").zh and one(found, "SB2135").cell == "G2"
    assert one(found, "SB2137").cell == "J2"
    found = find(listed(tmp_path, "deaths", "证件号码,姓名,死亡日期,数据来源", f"{NUMBERS[0]},王一,2024-01-01,街道办"), "deaths")
    assert "按“其他”读" in one(found, "SB2135").zh


def test_the_order_of_the_list(tmp_path: Path) -> None:
    """What is asked stands first, what is only told last."""
    levels = [doubt.level for doubt in find(payments(tmp_path, payment(0, 证件号码="4.1E+17"), payment(1, 发放日期="2024/3/1"), header=PAYMENTS))]
    assert levels == sorted(levels, key=("ask", "warn", "tell").index) and levels[0] == "ask" and levels[-1] == "tell"
