"""A county as canonical Parquet files for benches of the checks: payments of two years and the lists beside them, with planted cases."""

from __future__ import annotations

from pathlib import Path

MONTHS = 24

READ = (
    "file, line, fund, region, number, number_ok, damaged, name, name_norm, item, item_class, has_item, period, span_from, span_to, paid_month,"
    " amount, account, holder, status, serial, orig_serial, orig_period, source"
)
"""The columns of payments that the rules read."""

PEOPLE = (
    "CREATE TABLE people AS SELECT i, i % 171 < 121 AS resident,"
    " printf('620821%04d%02d%02d%03d', CASE WHEN i % 700 = 33 AND i % 171 < 121 THEN 1964 ELSE 1930 + i % 30 END,"
    " 1 + i // 30 % 12, 1 + i // 360 % 28, i // 10080 % 1000)"
    " || substr('10X98765432', 1 + (i * 7 % 11)::INTEGER, 1) AS number,"
    " '张' || chr((19968 + i * 7919 % 20000)::INTEGER) || chr((19968 + i * 104729 % 20000)::INTEGER) AS name,"
    " printf('6228480%012d', CASE WHEN i % 100 = 21 THEN i - 1 ELSE i END) AS account FROM range(?) t(i)"
)
HELPED = (
    "CREATE TABLE helped AS SELECT i, printf('620821%04d%02d%02d%03d', CASE WHEN i % 250 = 19 THEN 1962 ELSE 1970 + i % 30 END,"
    " 1 + i // 30 % 12, 1 + i // 360 % 28, 500 + i // 10080 % 400)"
    " || substr('10X98765432', 1 + (i * 3 % 11)::INTEGER, 1) AS number, '王' || chr((19968 + i * 7919 % 20000)::INTEGER) AS name FROM range(?) t(i)"
)
_IDENTITY = "number, TRUE AS number_ok, FALSE AS damaged, name, name AS name_norm"


def generate(folder: Path, persons: int) -> None:
    """Writes one file for each contract into ``folder``: residents with two items a month, employees with one."""
    import duckdb

    duck = duckdb.connect()
    duck.execute(PEOPLE, [persons])
    duck.execute(HELPED, [persons // 5])
    _due(duck)
    _payments(duck, folder)
    write_lists(duck, folder)


def write_lists(duck: object, folder: Path) -> None:
    """Writes the lists beside the payments, one file for each contract, out of ``people`` and ``helped``."""
    for contract, query in _lists().items():
        duck.execute(f"COPY (SELECT '{contract}.csv' AS file, CAST(row_number() OVER (ORDER BY i) + 1 AS INTEGER) AS line, * EXCLUDE (i) FROM ({query}))"
                     f" TO '{folder / contract}.parquet' (FORMAT parquet)")  # type: ignore[attr-defined]  # fmt: skip


def _due(duck: object) -> None:
    duck.execute(f"CREATE TABLE due AS {due(MONTHS)}")  # type: ignore[attr-defined]


def due(months: int) -> str:
    """The query of what is due in ``months`` months, planted cases with it: ``i, m, k, fund, item, amount, status, back, region, item_class``."""
    amount = "CASE WHEN resident THEN 10000 + i * 37 % 9000 ELSE 250000 + i * 37 % 90000 END"
    first = "CASE WHEN resident THEN '基础养老金' ELSE '基本养老金' END"
    fund = "CASE WHEN resident THEN 'R' ELSE 'E' END"
    usual = "'620821' AS region, 'pension' AS item_class"
    arms = [
        f"SELECT i, m, k, {fund} AS fund, CASE WHEN k = 1 THEN '个人账户养老金' ELSE {first} END AS item,"
        f" {amount} AS amount, CASE WHEN i % 150 = 5 AND m = 14 OR i % 400 = 203 AND m IN (22) THEN 'failed' ELSE 'paid' END AS status, '' AS back, {usual}"
        f" FROM people, range({months}) a(m), range(2) b(k) WHERE resident OR k = 0",
        f"SELECT i, m, 2, 'E', '基本养老金', 250000, 'paid', '', {usual} FROM people, range(6) a(m) WHERE resident AND i % 300 = 11",
        f"SELECT i, 16, 3, 'R', '基础养老金', {amount}, 'paid', '', {usual} FROM people WHERE resident AND i % 500 = 13",
        f"SELECT i, 18, 4, {fund}, {first}, {amount}, 'reversed', printf('S%02d%07d0', 18, i), {usual} FROM people WHERE i % 400 = 17",
        "SELECT i, m, 5, 'R', '基础养老金', 9000, 'paid', '', '620822', 'pension' FROM people, range(10, 15) a(m) WHERE resident AND i % 950 = 51",
        "SELECT i, m, 6, 'U', '失业保险金', 150000, 'paid', '', '620821', 'unemployment' FROM people, range(4, 7) a(m) WHERE i % 1100 = 57",
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(arms)}) WHERE m < {months}"


def _payments(duck: object, folder: Path) -> None:
    duck.execute(f"COPY ({rows('due')} ORDER BY m, i, k) TO '{folder / 'payments.parquet'}' (FORMAT parquet, COMPRESSION zstd)")  # type: ignore[attr-defined]


def rows(asked: str) -> str:
    """The query of the canonical payments out of ``asked`` (as :func:`due`) and ``people``; the caller orders it by ``m, i, k``."""
    period = "CAST(202301 + m // 12 * 100 + m % 12 AS INTEGER)"
    called = "CASE WHEN i % 900 = 41 AND m = 5 THEN name || '甲' ELSE name END"
    return (
        f"SELECT printf('发放%d.csv', {period}) AS file, CAST(row_number() OVER (PARTITION BY m ORDER BY i, k) + 1 AS INTEGER) AS line,"
        f" fund, region, number AS id_raw, '' AS id_type, number, i % 2000 <> 7 AS number_ok, FALSE AS damaged, {called} AS name, {called} AS name_norm, item,"
        f" item_class, TRUE AS has_item, {period} AS period, CAST(NULL AS INTEGER) AS span_from, CAST(NULL AS INTEGER) AS span_to,"
        f" CAST(NULL AS DATE) AS paid_on, {period} AS paid_month,"
        " CAST(amount AS BIGINT) AS amount, CASE WHEN i % 50 = 3 AND m >= 12 THEN '9' || account ELSE account END AS account,"
        f" CASE WHEN i % 800 = 43 AND m > 20 THEN '李某某' ELSE {called} END AS holder,"
        " '农商行' AS bank, status, printf('S%02d%07d%d', m, i, k) AS serial, back AS orig_serial,"
        f" CAST(NULL AS INTEGER) AS orig_period, '' AS source, '' AS handler, '' AS reviewer FROM {asked} JOIN people USING (i)"
    )


def _lists() -> dict[str, str]:
    """Contract → query with ``i`` to order by. The helped are under 60 and draw nothing, but for the cases planted."""
    people = "SELECT i, {i}, '' AS sex, CAST(NULL AS DATE) AS birth, CAST(NULL AS DATE) AS file_birth, {f} AS fund, '620821' AS region, '' AS town, '正常参保'"
    years = "(VALUES (2023), (2024)) y(year)"
    on_list = "i % 70 <> 9"
    return {
        "deaths": "SELECT i, number, i % 2000 <> 7 AS number_ok, FALSE AS damaged, name, name AS name_norm, '' AS sex, CAST(NULL AS DATE) AS birth,"
        " '' AS region,"
        " DATE '2024-10-05' AS death_on, CAST(202410 AS INTEGER) AS death_month, CAST(NULL AS DATE) AS cremated_on, '公安' AS source,"
        " CAST(1000 AS INTEGER) AS confidence, TRUE AS is_death FROM people WHERE i % 200 = 3 UNION ALL"
        f" SELECT 9000000 + i, {_IDENTITY}, '', CAST(NULL AS DATE), '', DATE '2023-01-05', CAST(202301 AS INTEGER), CAST(NULL AS DATE), '公安', 1000, TRUE"
        " FROM helped WHERE i % 90 = 13",
        "people": people.format(i=_IDENTITY, f="CASE WHEN resident THEN 'R' ELSE 'E' END") + " AS enrol_status, '正常领取' AS benefit_status,"
        " CASE WHEN resident THEN '' ELSE '正常' END AS retire_kind, CAST(201501 AS INTEGER) AS start_month, CAST(NULL AS INTEGER) AS end_month,"
        " CASE WHEN i % 250 = 9 THEN DATE '2022-12-01' ELSE DATE '2024-06-01' END AS certified_on FROM people WHERE i % 2000 <> 7 UNION ALL "
        + people.format(i=_IDENTITY.replace("i, ", ""), f="'R'").replace("SELECT i,", "SELECT 9000000 + i,")
        + ", '', '', CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), CAST(NULL AS DATE) FROM helped",
        "custody": f"SELECT i, {_IDENTITY}, CAST(NULL AS DATE) AS detained_on, DATE '2024-03-10' AS imprisoned_on, DATE '2024-09-20' AS released_on,"
        " '监禁' AS mode, '法院' AS source FROM people WHERE i % 1000 = 27",
        "contributions": f"SELECT i * 2 + year - 2023 AS i, {_IDENTITY}, 'R' AS fund, '620821' AS region,"
        " CAST(NULL AS INTEGER) AS period, CAST(year AS INTEGER) AS year,"
        " '政府代缴' AS payer, '县' AS level, CAST(10000 AS BIGINT) AS tier, CAST(CASE WHEN i % 120 = 31 THEN 20000 ELSE 10000 END AS BIGINT) AS amount,"
        f" make_date(year, 9, 1) AS received_on FROM helped, {years} WHERE i % 40 <> 7",
        "entitled": f"SELECT i, {_IDENTITY}, '低保' AS category, DATE '2020-01-01' AS from_on, CAST(NULL AS DATE) AS to_on FROM helped WHERE {on_list}",
        "accounts": "SELECT i, account, '' AS holder, '养老机构' AS kind, DATE '2020-01-01' AS from_on, CAST(NULL AS DATE) AS to_on"
        " FROM people WHERE i % 1000 = 20",
        "recoveries": f"SELECT i, {_IDENTITY}, 'R' AS fund, CAST(202411 AS INTEGER) AS from_month, CAST(202412 AS INTEGER) AS to_month,"
        " CAST(5000 AS BIGINT) AS amount FROM people WHERE i % 400 = 3 AND resident",
    }
