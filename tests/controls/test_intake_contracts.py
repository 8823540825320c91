"""Every contract: its table, its requirements, and the readings that are its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from controls.checks import schema as checked
from controls.intake import canonical, contracts, regions
from controls.intake.contracts import Column, Contract, fold
from controls.intake.errors import BalanceBroken, MissingColumn
from controls.intake.reader import Taken, read
from ledger.lawfile import BadLawFile
from tests.controls.intake_files import NUMBERS, write_csv

A, B = NUMBERS[:2]


def take(folder: Path, contract: str, header: str, *rows: str, **how: Any) -> Taken:
    """Reads comma-separated lines of a contract."""
    path = write_csv(folder / f"{contract}.csv", [line.split(",") for line in (header, *rows)])
    return read(path, contract, **how)


def row(taken: Taken, **wanted: Any) -> None:
    """The first row holds these values."""
    found = taken.table.to_pylist()[0]
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("name", contracts.names())
def test_every_contract_is_sound_and_has_its_shape(name: str) -> None:
    """Each YAML file is valid, has its canonical shape, and every amount of its control total."""
    contract = contracts.load(name)
    assert contract.contract == name and set(canonical.CONTROL.get(name, ())) <= set(canonical.SHAPES[name])
    for column in contract.columns:
        if column.choices:
            assert contracts.choices(column.choices)
        for names in column.ranks:
            assert {fold(each) for each in names} <= {fold(each) for each in (column.header, *column.synonyms)}


@pytest.mark.parametrize("name", checked.CONTRACTS)
def test_tables_have_what_the_checks_read(tmp_path: Path, name: str) -> None:
    """An empty file of each contract gives every column the checks read, in their types; what only a sweep writes apart."""
    contract = contracts.load(name)
    taken = take(tmp_path, name, ",".join(column.header for column in contract.columns))
    for column, kind in checked.columns(name).items():
        if column in checked.BY_SWEEP:
            assert column in checked.OPTIONAL and column not in taken.table.column_names
            continue
        assert str(taken.table.schema.field(column).type).replace("[day]", "") == kind.replace("bool", "bool"), column


def test_unsound_contracts_are_refused() -> None:
    """Unknown keys, double synonyms, unknown columns and choices without a list are errors."""
    sound = contracts.load("subsidies").model_dump()
    column = Column(id="x", header="甲", kind="text").model_dump()
    for change in (
        {"colour": "red"},
        {"key": "none"},
        {"columns": [column, {**column, "id": "y"}], "key": "x"},
        {"columns": [column, column], "key": "x"},
        {"columns": [{**column, "kind": "choice"}], "key": "x"},
        {"columns": [{**column, "kind": "colour"}], "key": "x"},
    ):
        with pytest.raises(ValidationError):
            Contract.model_validate(sound | change)


def test_a_county_lays_its_own_words_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in SHEBAO_TEMPLATES goes before the shipped one."""
    (tmp_path / "intake").mkdir()
    (tmp_path / "intake/items.yaml").write_text("valid_from: 2024-01-01\nvalid_to: null\nreference: 本县\nnames: {paid: [发了]}\n", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", str(tmp_path))
    assert contracts.local_names("items") == {"paid": "paid", "发了": "paid"}
    (tmp_path / "intake/items.yaml").write_text("valid_from: 2024-01-01\nvalid_to: null\nreference: 本县\nnames: {paid: [x], failed: [x]}\n", encoding="utf-8")
    monkeypatch.setenv("SHEBAO_TEMPLATES", f"{tmp_path}{__import__('os').pathsep}")
    contracts._load.cache_clear()
    with pytest.raises(BadLawFile, match="既归"):
        contracts.local_names("items")
    contracts._load.cache_clear()


def test_renamed_counties() -> None:
    """The region table maps an old code to the code of today; circles and doubles are refused."""
    assert regions.aliases()["620824"] == "620881"
    rename = {"old": "110101", "new": "110102", "month": "2010-07", "old_name": "甲", "new_name": "乙", "reference": "x"}
    frame = {"valid_from": date(2000, 1, 1), "valid_to": None, "reference": "x"}
    for renames in ([rename, rename], [rename, {**rename, "old": "110102", "new": "110101"}]):
        with pytest.raises(ValidationError):
            regions.RegionTable.model_validate({**frame, "renames": renames})


def test_deaths(tmp_path: Path) -> None:
    """A blank number is allowed; a month stands for its last day; cremation stands in with less confidence; reasons tell deaths from moves."""
    taken = take(
        tmp_path,
        "deaths",
        "证件号码,姓名,性别,出生日期,乡镇,死亡时间,火化日期,注销日期,来源,注销原因",
        f"{A},甲,男,1950-01-01,城关镇,2024-02,,2024-05-01,公安局,死亡",
        ",乙,2,,,,2024-03-04,,民政,",
        f"{B},丙,女,,,,,2024-05-01,公安,户口迁出",
        f"{B},丁,女,,,2024-01-05,,,公安,迁出前死亡",
        f"{B},戊,女,,,,,2024-05-01,公安,死亡",
        f"{B},己,女,,,2024-01-05,,,街道办,",
        f"{B},庚,女,,,2024-01-05,,,,",
    )
    row(
        taken,
        death_on=date(2024, 2, 29),
        death_month=202402,
        confidence=1000,
        source="公安",
        is_death=True,
        sex="男",
        birth=date(1950, 1, 1),
        registered_on=date(2024, 5, 1),
    )
    rows = taken.table.to_pylist()
    assert (rows[1]["number"], rows[1]["number_ok"], rows[1]["death_on"], rows[1]["confidence"], rows[1]["sex"]) == ("", False, date(2024, 3, 4), 900, "女")
    assert [each["is_death"] for each in rows] == [True, True, False, True, True] and rows[2]["death_on"] is None
    assert rows[4]["source"] == "其他" and [warning.code for warning in taken.warnings] == ["SB2135"]
    assert [(error.line, error.column, error.code) for error in taken.rejects] == [(6, "死亡日期", "SB2101"), (8, "来源", "SB2101")]


def test_deaths_with_cremation_alone_and_one_source(tmp_path: Path) -> None:
    """火化日期 may stand for 死亡日期 as a column; the source may be given once for the file."""
    row(
        take(tmp_path, "deaths", "证件号码,姓名,火化日期", f"{A},甲,2024-03-04", values={"数据来源": "民政"}), confidence=900, source="民政", death_month=202403
    )
    with pytest.raises(MissingColumn) as refused:
        take(tmp_path, "deaths", "证件号码,姓名,登记日期", f"{A},甲,2024-03-04")
    assert refused.value.facts["missing"] == "数据来源、死亡日期"


def test_people(tmp_path: Path) -> None:
    """Months, birth by file, and kinds of retirement."""
    taken = take(
        tmp_path,
        "people",
        "证件号码,姓名,险种,档案认定出生日期,退休类别,aic160,终止年月,最近认证日期,曾用名",
        f"{A},甲,E,1950.1.2,正常退休,201001,9999-12,2024-01-31,老甲",
    )
    row(
        taken,
        fund="E",
        file_birth=date(1950, 1, 2),
        retire_kind="正常",
        start_month=201001,
        end_month=None,
        certified_on=date(2024, 1, 31),
        former_name="老甲",
        region="",
    )


def test_custody(tmp_path: Path) -> None:
    """执行方式 is 监禁 unless said; who is only detained has no 收监日期; 9999 is an open end."""
    taken = take(
        tmp_path, "custody", "证件号码,姓名,羁押日期,起始日期,终止日期,执行方式", f"{A},甲,,2024-01-05,9999-12-31,", ",乙,2024-02-01,,,羁押", f"{B},丙,,,,缓刑"
    )
    row(taken, imprisoned_on=date(2024, 1, 5), released_on=None, mode="监禁")
    assert taken.table["mode"].to_pylist() == ["监禁", "羁押"] and [(error.line, error.code) for error in taken.rejects] == [(4, "SB2101")]


def test_contributions(tmp_path: Path) -> None:
    """A bare year is a premium year; refunds are negative; a failing credit code warns."""
    taken = take(
        tmp_path,
        "contributions",
        "险种,统筹区,证件号码,姓名,缴费年度,缴费主体,代缴类别,代缴级次,缴费档次,金额,到账日期,单位信用代码",
        f"R,620821,{A},甲,2024,代缴,低保,省级,200,-200.00,2024-05-06,",
        f"E,620821,{B},乙,2024-03,单位,,,,800,2024-03-20,91350203M0001QAY9B",
        f"R,620821,{B},乙,2024,亲友,,,,800,2024-03-20,",
    )
    row(taken, period=202400, year=2024, payer="政府代缴", level="省", tier=20000, amount=-20000, received_on=date(2024, 5, 6), subsidy_kind="低保")
    assert taken.table["year"].to_pylist() == [2024, 2024] and taken.table["tier"].to_pylist() == [20000, None]
    assert [warning.code for warning in taken.warnings] == ["SB2137"] and [error.code for error in taken.rejects] == ["SB2109"]


def test_entitled_accounts_recoveries_subsidies(tmp_path: Path) -> None:
    """The small lists."""
    row(
        take(tmp_path, "entitled", "证件号码,姓名,类别,认定日期,退出日期", f"{A},甲,低保,20240101,"),
        category="低保",
        from_on=date(2024, 1, 1),
        to_on=None,
        number_ok=True,
    )
    row(take(tmp_path, "accounts", "账号,户名,类型", "00123,某县敬老院,敬老院"), account="00123", kind="集中供养机构", number="", number_ok=False)
    taken = take(
        tmp_path,
        "recoveries",
        "证件号码,险种,所属期起,所属期止,金额,方式,到账日期",
        f"{A},R,202401,202403,417,退回,2024-06-01",
        f"{A},R,202404,202403,1,扣回,2024-06-01",
    )
    row(taken, from_month=202401, to_month=202403, amount=41700, way="退款")
    assert [error.code for error in taken.rejects] == ["SB2113"]
    taken = take(tmp_path, "subsidies", "险种,级次,指标文号,用途,金额,到账日期", "R,中央,财社〔2024〕1号,基础养老金,\uff11\uff10\uff10,2024-01-31")
    row(taken, level="中央", amount=10000, document="财社〔2024〕1号")
    assert taken.control == (1, 10000)


ROSTER = "序号,险种,证件号码,姓名,待遇类型,所属期,应发金额,抵扣金额,代扣金额,实发金额,银行账号,户名"


def test_roster(tmp_path: Path) -> None:
    """实发 = 应发 − 抵扣 − 代扣, row by row (SB2111)."""
    taken = take(tmp_path, "roster", ROSTER, f"1,R,{A},甲,基础养老金,202405,139,39,,100,6217,甲", f"2,R,{B},乙,基础养老金,202405,139,39,1,100,6218,乙")
    row(taken, seq=1, gross=13900, offset=3900, withheld=0, net=10000, item_class="pension", region="", note="")
    assert [(error.line, error.column, error.code) for error in taken.rejects] == [(3, "实发金额", "SB2111")] and taken.control == (1, 10000)


def test_roster_with_one_amount(tmp_path: Path) -> None:
    """With only 金额, 应发 = 实发 = 金额, and rows are numbered; beside 抵扣金额 the 应发金额 is required."""
    taken = take(tmp_path, "roster", "险种,证件号码,姓名,待遇类型,所属期,金额,银行账号,户名", f"R,{A},甲,村医补助,202405,139,6217,甲")
    row(taken, seq=1, gross=13900, net=13900, offset=0, item_class="allowance")
    with pytest.raises(MissingColumn, match="应发金额"):
        take(tmp_path, "roster", "险种,证件号码,姓名,待遇类型,所属期,金额,抵扣金额,银行账号,户名", f"R,{A},甲,村医补助,202405,139,0,6217,甲")


def test_bank_return(tmp_path: Path) -> None:
    """序号 is a whole number, 处理结果 is 成功 or 失败 and nothing else."""
    taken = take(
        tmp_path,
        "bank_return",
        "明细序号,账号,户名,金额,处理结果,失败原因,入账日期",
        "0001,6217,甲,139,成功,,20240315",
        "2,6218,乙,139,交易失败,账号不符,",
        "三,6218,丙,1,不明,,",
    )
    row(taken, seq=1, ok=True, amount=13900, booked_on=date(2024, 3, 15))
    assert taken.table["ok"].to_pylist() == [True, False] and [error.code for error in taken.rejects] == ["SB2115", "SB2109"]


def test_bank_in_two_columns(tmp_path: Path) -> None:
    """Debit and credit in the bank's view; the opening line is no movement; the chain of balances is proved."""
    lines = ["2024-03-01,期初余额,,,1000", "2024-03-02,拨款,,500,1500", "2024-03-15,代发,139.50,0.00,1360.50", "合计,,139.5,500,"]
    taken = take(tmp_path, "bank", "交易日期,摘要,借方金额,贷方金额,余额", *lines, values={"账号": "6217"})
    row(taken, account="6217", on=date(2024, 3, 2), credit=50000, debit=0, balance=150000, memo="拨款")
    assert taken.table.num_rows == 2 and taken.passed_over == [(2, "余额行")] and [check.fen for check in taken.totals] == [13950, 50000]


@pytest.mark.parametrize(("header", "rows"), [("发生额", ["500", "-139.5"]), ("收入,支出", ["500,", ",139.50"])])
def test_bank_signed_or_income_and_outlay(tmp_path: Path, header: str, rows: list[str]) -> None:
    """One signed 发生额 (positive raises the balance), or 收入 and 支出."""
    taken = take(tmp_path, "bank", f"账号,交易日期,{header},余额", f"6217,20240302,{rows[0]},1500", f"6217,20240315,{rows[1]},1360.5")
    assert taken.table["credit"].to_pylist() == [50000, 0] and taken.table["debit"].to_pylist() == [0, 13950]


def test_bank_backwards_and_several_accounts(tmp_path: Path) -> None:
    """A statement may run backwards in time, and several accounts may be mixed."""
    rows = ["a,20240303,,1,13", "b,20240303,5,,95", "a,20240302,,2,12", "b,20240304,,10,105", "a,20240301,10,,10"]
    assert take(tmp_path, "bank", "账号,交易日期,借方金额,贷方金额,余额", *rows).table.num_rows == 5


@pytest.mark.parametrize(
    "broken",
    [["2024-03-01,,10,10", "2024-03-02,,5,16"], ["期初余额,,,100", "2024-03-02,,5,106"], ["2024-03-01,,10,10", "2024-03-02,,5,15", "2024-03-03,1,,13"]],
)
def test_a_broken_chain_of_balances_is_refused(tmp_path: Path, broken: list[str]) -> None:
    """SB2027 names the line, both balances and the difference; exit status 2."""
    with pytest.raises(BalanceBroken) as refused:
        take(tmp_path, "bank", "交易日期,借方金额,贷方金额,余额", *broken, values={"账号": "a"})
    assert refused.value.facts["line"] == len(broken) + 1 and refused.value.facts["difference"] in ("1.00", "-1.00") and refused.value.status == 2


def test_bank_needs_one_side(tmp_path: Path) -> None:
    """SB2112: both sides, or neither."""
    taken = take(tmp_path, "bank", "账号,交易日期,借方金额,贷方金额,余额", "a,20240301,1,1,1", "a,20240302,,,1", "a,20240303,,1,2")
    assert [error.code for error in taken.rejects] == ["SB2112", "SB2112"] and taken.table.num_rows == 1


def test_tax(tmp_path: Path) -> None:
    """One ticket carries several lines; the treasury and the month are kept."""
    taken = take(
        tmp_path,
        "tax",
        "险种,入库日期,电子税票号码,征收品目,金额,缴费单位,费款所属期,国库",
        "E,20240320,0001,单位,800,某厂,202403,某县支库",
        "E,20240320,0001,个人,400,某厂,202403,某县支库",
    )
    row(taken, ticket="0001", item="单位", on=date(2024, 3, 20), period=202403, treasury="某县支库")
    assert taken.control == (2, 120000)


def test_vouchers(tmp_path: Path) -> None:
    """Blank lines part vouchers; date, kind and number of a first line hold for the lines below it; one side each."""
    taken = take(
        tmp_path,
        "vouchers",
        "凭证日期,凭证字,凭证号,附单据数,摘要,科目编号,借方金额,贷方金额",
        "20240331,记,1,2,拨款,1004,100,",
        ",,,,拨款,1003,,100",
        "2024-03-31,记,2,,利息,1004,5,",
        ",,,,利息,400601,,5",
        "",
        "2024-03-31,,,,无号,1004,5,0",
        ",,,,无号,400601,0,5",
    )
    rows = taken.table.to_pylist()
    assert [each["on"] for each in rows] == [date(2024, 3, 31)] * 6 and [each["number"] for each in rows] == ["1", "1", "2", "2", "", ""]
    assert [each["block"] for each in rows] == [1, 1, 1, 1, 2, 2] and rows[0]["attachments"] == 2 and rows[2]["attachments"] is None
    assert [(each["debit"], each["credit"]) for each in rows] == [(10000, 0), (0, 10000), (500, 0), (0, 500), (500, 0), (0, 500)] and rows[0][
        "account"
    ] == "1004"


def test_trial_balance(tmp_path: Path) -> None:
    """Opening balances: one side each or none."""
    taken = take(
        tmp_path,
        "trial-balance",
        "科目代码,科目名称,期初借方余额,期初贷方余额",
        "1003,财政专户存款,100,",
        "3001,一般基金结余,,100",
        "1004,支出户存款,,",
        "合计,,100,100",
    )
    assert [(each["account"], each["debit"], each["credit"]) for each in taken.table.to_pylist()] == [("1003", 10000, 0), ("3001", 0, 10000), ("1004", 0, 0)]
    assert len(taken.totals) == 2


def test_old_organisation_codes_are_judged_by_their_own_check(tmp_path: Path) -> None:
    """GB 11714: a nine-character organisation code that passes its check is no warning; one that fails is."""
    head = ["险种", "统筹区", "证件号码", "姓名", "所属期", "缴费主体", "金额", "到账日期", "单位信用代码"]
    rows = [["E", "620821", NUMBERS[0], "赵甲", "202601", "单位", "16.00", "2026-01-09", code] for code in ("M000100Y-4", "M000100Y-5")]
    taken = read(write_csv(tmp_path / "缴费.csv", [head, *rows]), "contributions")
    assert [(warning.code, warning.line) for warning in taken.warnings if warning.code == "SB2137"] == [("SB2137", 3)]
