"""Rules of the office's own: only added, written in what every engine runs, and told in Chinese what is wrong with them."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest

from controls.checks import own_columns, own_rules, portable, runner, views
from controls.checks.catalogue import chosen, rules, shipped
from controls.checks.common import common
from controls.checks.own_errors import OwnRuleColumns, OwnRuleName, OwnRuleNotPortable, OwnRuleNotRunning, OwnRulesFolder
from controls.checks.schema import CONTRACTS, empty
from controls.checks.selftest import self_test
from ledger.lawfile import BadLawFile

PAGE = Path(__file__).parents[2] / "docs" / "own-rules.md"
CODE = "X1-HIGH-AMOUNT"


def worked(folder: Path) -> Path:
    """The worked example of docs/own-rules.md, written out."""
    found = dict(re.findall(r"`([^`\n]+\.(?:sql|yaml))`[^\n]*\n```(?:sql|yaml)\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
    assert set(found) == {f"{CODE}.yaml", f"{CODE}.sql", f"cases/{CODE}.yaml"}
    for name, text in found.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def changed(folder: Path, name: str, before: str, after: str) -> Path:
    """The worked example with one text in it changed."""
    path = worked(folder) / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    return folder


def test_the_worked_example_stands_beside_the_catalogue(tmp_path: Path) -> None:
    """It is found by its short form, passes its own cases, is run when nothing is asked for, and is gone afterwards."""
    with own_rules.in_use(worked(tmp_path)) as (rule,):
        assert [one.code for one in chosen(["X1"])] == [CODE]
        tested = self_test([CODE])[CODE]
        assert (tested.planted, tested.found, tested.friends, tested.clean, tested.wrong) == (1, 1, 1, 1, ())
        assert CODE in [one.code for one in chosen(None)]
        found = runner.run({contract: [empty(contract)] for contract in CONTRACTS}, rules=["D1", "X1"], threads=1)
        assert found.rules_run == ("D1-POSTHUMOUS", CODE)
        assert rule.own == str(tmp_path)
    assert rules() == shipped()


def test_without_cases_it_runs_and_says_so(tmp_path: Path) -> None:
    """A rule that nobody planted cases for is told as not self-tested."""
    folder = worked(tmp_path)
    (folder / "cases" / f"{CODE}.yaml").unlink()
    with own_rules.in_use(folder):
        assert self_test([CODE])[CODE].says == "没有自检案例"


def test_a_rule_that_fails_its_own_case_is_not_trusted(tmp_path: Path) -> None:
    """The self-test holds for rules of one's own as for those that ship."""
    with own_rules.in_use(changed(tmp_path, f"{CODE}.yaml", "most_fen: 100000", "most_fen: 1000")):
        assert not self_test([CODE])[CODE].trusted


def test_nothing_of_the_catalogue_can_be_replaced(tmp_path: Path) -> None:
    """SB3381: a shipped code, a code without X, a rule that would hold payments, a file under another name, cases of another rule."""
    for before, after in (
        (f"code: {CODE}", "code: D1-POSTHUMOUS"),
        ("severity: low", "severity: low\nkind: linked"),
        ("severity: low", "severity: low\nbefore_payment: {says: block, when: always, why_zh: 停}"),
    ):
        with pytest.raises(OwnRuleName):
            own_rules.read(changed(tmp_path, f"{CODE}.yaml", before, after))
    with pytest.raises(OwnRuleName, match="rule: X9"):
        own_rules.read(changed(tmp_path, f"cases/{CODE}.yaml", f"rule: {CODE}", "rule: X9-OTHER"))
    worked(tmp_path)
    for suffix in ("yaml", "sql"):
        text = (tmp_path / f"{CODE}.{suffix}").read_text(encoding="utf-8").replace(CODE, "D1-POSTHUMOUS")
        (tmp_path / f"{CODE}.{suffix}").unlink()
        (tmp_path / f"D1-POSTHUMOUS.{suffix}").write_text(text, encoding="utf-8")
    with pytest.raises(OwnRuleName, match="D1-POSTHUMOUS"):
        own_rules.read(tmp_path)


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """SB3380: no folder, an empty one, half a rule; SB1011: a description with an unknown key."""
    with pytest.raises(OwnRulesFolder, match="没有这个目录"):
        own_rules.read(tmp_path / "nowhere")
    with pytest.raises(OwnRulesFolder, match="没有规则"):
        own_rules.read(tmp_path)
    (worked(tmp_path) / f"{CODE}.sql").unlink()
    with pytest.raises(OwnRulesFolder, match=r"没有 X1-HIGH-AMOUNT\.sql"):
        own_rules.read(tmp_path)
    with pytest.raises(BadLawFile):
        own_rules.read(changed(tmp_path, f"{CODE}.yaml", "severity: low", "severity: low\nseverty: high"))


HOSTILE = (
    ("SELECT * FROM read_csv('x.csv')", "READ_CSV"), ("SELECT getenv('HOME') AS name FROM payments", "GETENV"), ("DROP TABLE payments", "DROP"),
    ("SELECT 1; SELECT 2", "SELECT；SELECT"), ("SELECT file FROM 'x.parquet'", '"x.parquet"'), ("SELECT file FROM main.payments", "main.payments"),
    ("COPY (SELECT 1) TO 'x'", "COPY"), ("PRAGMA database_list", "PRAGMA"), ("INSTALL httpfs", "INSTALL"), ("ATTACH 'x'", "ATTACH"), ("", ""),
    ("SELECT YEAR(death_on) AS year FROM deaths", "YEAR"), ("SELECT CURRENT_DATE AS fact FROM payments", "CURRENT_DATE"),
    ("SELECT CAST(period AS DATE) AS period FROM payments", "DATE"), ("SELECT a[1] FROM payments", "BRACKET"), ("SELECT file FROM payments LIMIT 1", "LIMIT"),
    ("SELECT (SELECT content FROM read_text('x')) AS name FROM payments", "READ_TEXT"), ("SELECT file FROM payments ASOF JOIN deaths USING (number)", "ASOF"),
    ("WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT n FROM t", "WITH RECURSIVE"),
    ("SELECT * EXCLUDE (file) FROM payments", "* EXCEPT_"),
    ("SELECT number // 2 AS part FROM payments", "INTDIV"), ("SELECT SUM(amount) AS fen FROM payments GROUP BY ALL", "GROUP BY ALL"), ("SELEC", "COLUMN"),
    ("SELECT file FROM payments TABLESAMPLE 10%", "TABLESAMPLE"), ("SELECT amount / line AS fen FROM payments", "amount / line"),
    ("SELECT file FROM nothing", "nothing"), ("SELECT (", "("), ("SELECT ${none} FROM payments", "${none}"),
    ("SELECT file FROM \"/x.csv\" WHERE line IN (WITH \"/x.csv\" AS (SELECT 1 AS line) SELECT line FROM \"/x.csv\")", '"/x.csv"'),
    ("WITH a AS (SELECT name FROM duckdb_settings), duckdb_settings AS (SELECT 1 AS name) SELECT name FROM a", "duckdb_settings"),
    ("SELECT name FROM duckdb_settings WHERE name IN (WITH duckdb_settings AS (SELECT 'x' AS name) SELECT name FROM duckdb_settings)", "duckdb_settings"),
    ("WITH \"/x.csv\" AS (SELECT file FROM payments) SELECT file FROM \"/x.csv\"", "/x.csv"), ("SELECT * LIKE 'n%' FROM payments", "*"),
    (f"SELECT {'(' * 3000}1{')' * 3000} AS fen FROM payments", "SQL"), ("SELECT name FROM payments UNION BY NAME SELECT name FROM deaths", "BY NAME"),
    ("SELECT '\\' || ', (SELECT 1 FROM csv.`/x`) --' AS name FROM payments", "\\"), ("SELECT MAX(name, 3) AS name FROM payments", "MAX(…, N)"),
    ("WITH a USING KEY (x) AS (SELECT 1 AS x) SELECT x FROM a", "USING KEY"),
)  # fmt: skip


@pytest.mark.parametrize(("sql", "what"), HOSTILE, ids=[f"{nth} {what or 'nothing'}" for nth, (_, what) in enumerate(HOSTILE)])
def test_what_is_not_portable_is_refused_by_name(tmp_path: Path, sql: str, what: str) -> None:
    """SB3382 names the function, the type, the table or the way of writing, and its line: nothing but the tables of the check can be read."""
    (worked(tmp_path) / f"{CODE}.sql").write_text(f"-- first line\n{sql}", encoding="utf-8")
    with pytest.raises(OwnRuleNotPortable) as refused:
        own_rules.read(tmp_path)
    assert refused.value.facts["what"] == what or what in str(refused.value)


def test_the_line_is_that_of_the_fault() -> None:
    """A fault far down is told with its own line."""
    (fault,) = portable.faults("SELECT file,\n       name\nFROM payments\nWHERE regexp_matches(name, '张')")
    assert (fault.line, fault.what) == (4, "REGEXP_LIKE")


def test_a_rule_is_tried_on_empty_tables_before_the_data(tmp_path: Path) -> None:
    """SB3383 for a column that is not there, SB3384 for a result without what a finding is made of."""
    with pytest.raises(OwnRuleNotRunning, match="nowhere"), own_rules.in_use(changed(tmp_path, f"{CODE}.sql", "p.fund, p.region", "p.nowhere, p.region")):
        pass
    with pytest.raises(OwnRuleColumns, match="缺少列 fund"), own_rules.in_use(changed(tmp_path, f"{CODE}.sql", "p.fund, p.region", "p.region")):
        pass
    text = changed(tmp_path, f"{CODE}.sql", "p.period, p.fen", "p.name AS period, p.fen")
    with pytest.raises(OwnRuleColumns, match="period 应为整数"), own_rules.in_use(text):
        pass


def paid_once() -> pa.Table:
    """One payment of 2,000 yuan."""
    row = {"file": "发放.csv", "line": 2, "number": "620821195003150017", "number_ok": True, "damaged": False, "name": "张建国", "name_norm": "张建国",
           "fund": "R", "region": "620821", "item": "养老金", "item_class": "pension", "has_item": True,
           "period": 202401, "amount": 200000, "status": "paid"}  # fmt: skip
    schema = empty("payments").schema
    return pa.table({field.name: pa.array([row.get(field.name, "" if field.type == pa.string() else None)], field.type) for field in schema}, schema=schema)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        ("p.period, CAST(p.name AS INTEGER) AS fen", "不能运行"), ("p.period, CAST(NULL AS INTEGER) AS fen", "fen 有空值"),
        ("202413 AS period, p.fen", "不是 yyyymm"), ("CAST(NULL AS INTEGER) AS period, p.fen", "不是 yyyymm"),
        ("p.period, p.fen, 'grave' AS severity", "severity"),
        ("p.period, p.fen, 2000 AS confidence", "confidence"), ("p.period, p.fen, 9 AS year", "year"), ("p.period, p.fen, 7 AS month", "month"),
    ],
)  # fmt: skip
def test_what_the_data_do_not_allow_is_told(tmp_path: Path, after: str, why: str) -> None:
    """SB3383: text taken for a number over real rows, or values no finding can be made of, are a refusal, no internal error."""
    folder = changed(tmp_path, f"{CODE}.sql", "p.period, p.fen", after)
    with own_rules.in_use(folder), pytest.raises(OwnRuleNotRunning, match=why):
        runner.run({"payments": [paid_once()]}, rules=[CODE], threads=1)


def test_a_sentence_names_only_what_there_is(tmp_path: Path) -> None:
    """SB3381: a field that no finding has, a format that could fill the memory, and a bracket that is not closed."""
    for after in ("{nothing}共", "{name.__class__}共", "{months:>999999999}共", "{name!r}共", "{共"):
        with pytest.raises(OwnRuleName, match="reason_zh"):
            own_rules.read(changed(tmp_path, f"{CODE}.yaml", "{periods}共", after))


FURTHER = {"D2-POSTHUMOUS-LINKED": ("death_link",), "P4-TWO-NUMBERS": ("number_pair",), "A2-HOLDER-DIFFERS": ("holder_name",), "E1-UNDER-AGE": ("age_due",)}


def test_every_rule_that_ships_is_portable() -> None:
    """Each text keeps to the functions, types and tables that rules of one's own may use."""
    shared = views.conditions(common(), 202412)
    for rule in shipped():
        assert portable.faults(rule.sql(shared), further=FURTHER.get(rule.code, ())) == [], rule.code


def test_every_engine_reads_the_texts_alike() -> None:
    """A rule's text read as one engine's SQL and as the other's is the same, but for three things that are looked after elsewhere.

    No rule orders by a blank; the cluster's casts are told to fail as ours do (``spark.sql.ansi.enabled``); nothing is divided by what could be nil.
    """
    import sqlglot

    def plain(text: str) -> str:
        return re.sub(r"NULLIF\((\d+), 0\)", r"\1", re.sub(r" NULLS (FIRST|LAST)", "", text).replace("TRY_CAST", "CAST"))

    shared = views.conditions(common(), 202412)
    for rule in shipped():
        text = rule.sql(shared)
        here, there = (sqlglot.parse_one(text, read=dialect) for dialect in ("duckdb", "spark"))
        assert plain(here.sql(dialect="duckdb")) == plain(there.sql(dialect="duckdb")), rule.code


def test_the_page_lists_what_may_be_used() -> None:
    """docs/own-rules.md names every function, type and table."""
    page = PAGE.read_text(encoding="utf-8")
    for name in (*portable.FUNCTIONS, *portable.TYPES, *portable.VIEWS, *CONTRACTS, *own_columns.COLUMNS, *own_rules.REASON):
        assert f"`{name}`" in page or f"`{{{name}}}`" in page, name


def test_what_is_no_ordinary_file_or_says_too_much_is_refused(tmp_path: Path) -> None:
    """A folder or a pipe in place of a file (SB3380), anchors that could grow without end, cases and columns that do not exist (SB1011): each a refusal."""
    for name in (f"{CODE}.sql", f"{CODE}.yaml", f"cases/{CODE}.yaml"):
        folder = worked(tmp_path / name.replace("/", "-"))
        (folder / name).unlink()
        (folder / name).mkdir()
        with pytest.raises(OwnRulesFolder, match="不是普通文件"):
            own_rules.read(folder)
    large = worked(tmp_path / "large")
    (large / f"{CODE}.yaml").write_text("#" * 300_000, encoding="utf-8")
    with pytest.raises(OwnRulesFolder, match="超过"):
        own_rules.read(large)
    told = (("parameters:", 'fields: {"x\' OR 1 = 1 --": 金额}\nparameters:'), ("  most_fen: 100000", "  most_fen: &a 1\n  least: *a"))
    for nth, (before, after) in enumerate(told):
        with pytest.raises(BadLawFile):
            own_rules.read(changed(tmp_path / str(nth), f"{CODE}.yaml", before, after))
    backslash = changed(tmp_path / "backslash", f"{CODE}.yaml", "most_fen: 100000", "most_fen: '\\'")
    with pytest.raises(OwnRuleNotPortable, match=r"parameters\.most_fen"):
        own_rules.read(backslash)
    months = ("[202401]", "[202413, 202414]", "[202403, 202401]")
    for row in ("{id: ZZ, period: 202401}", *(f"{{id: A, periods: {given}}}" for given in months), "{raw: 7, period: 202401}"):
        folder = worked(tmp_path / "cases-of")
        (folder / "cases" / f"{CODE}.yaml").write_text(CASES_OF.format(code=CODE, row=row), encoding="utf-8")
        with pytest.raises(BadLawFile):
            own_rules.read(folder)


CASES_OF = """document: 自检
valid_from: null
valid_to: null
reference: 自检
rule: {code}
cases:
  - {{name_zh: 一, payments: [{row}], expect: []}}
  - {{name_zh: 二, payments: [{row}], expect: []}}
"""
