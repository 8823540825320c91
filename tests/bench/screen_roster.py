"""Checks before payment: a roster of 300,000 lines against five years of history and a million deaths, exact rules and linked rules apart.

What is timed is :func:`controls.checks.screening.screen` as the product does it before a roster is signed: lines made planned payments, rules run over them
and the history behind them, verdicts with reasons. The exact rules are those of the first catalogue that need payments and deaths, the linked ones D2 and
P4. The floor in the same run is ``SELECT bit_xor(hash(<columns the rules read>))`` over the history and the deaths. One thread unless told otherwise.

    python tests/bench/screen_roster.py [--persons 300000] [--months 60] [--deaths 1000000] [--threads 1]

Prints a table with seconds, the ratio to the floor and peak memory; each side runs in a process of its own. It judges nothing.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench._county_files import READ

EXACT = ["D1", "D3", "P1", "P2", "P3", "P5", "A1", "A2", "I1", "I2"]
LINKED = ["D2", "P4"]
_BORN = "printf('620821%04d%02d%02d%03d', 1930 + {i} % 34, 1 + {i} // 34 % 12, 1 + {i} // 408 % 28, {i} // 11424 % 1000)"
_NUMBER = f"{_BORN} || substr('10X98765432', 1 + ({{i}} * 7 % 11), 1)"
_SURNAMES = "substr('王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗', 1 + {i} * 7919 % 20, 1)"
_NAME = f"{_SURNAMES} || chr((19968 + {{i}} * 104729 % 3000)::INTEGER) || chr((19968 + {{i}} * 1299709 % 3000)::INTEGER)"


def generate(folder: Path, persons: int, months: int, deaths: int) -> None:
    """``history.parquet``, ``deaths.parquet`` and ``roster.parquet``: one resident pension a month, one person in 300 dead, in 500 under a number mistyped."""
    import duckdb

    duck = duckdb.connect()
    who = f"{_NUMBER.format(i='i')} AS number, TRUE AS number_ok, FALSE AS damaged, {_NAME.format(i='i')} AS name, {_NAME.format(i='i')} AS name_norm"
    account = "printf('6228480%012d', CASE WHEN i % 900 = 21 THEN i - 1 ELSE i END)"
    period = "CAST(202001 + m // 12 * 100 + m % 12 AS INTEGER)"
    duck.execute(
        f"COPY (SELECT printf('发放%d.csv', {period}) AS file, CAST(i + 2 AS INTEGER) AS line, {who}, '' AS id_raw, '' AS id_type, 'R' AS fund,"
        f" '620821' AS region, '基础养老金' AS item, 'pension' AS item_class, TRUE AS has_item, {period} AS period, CAST(NULL AS INTEGER) AS span_from,"
        f" CAST(NULL AS INTEGER) AS span_to, {period} AS paid_month, CAST(12000 + i % 5000 AS BIGINT) AS amount, {account} AS account,"
        f" {_NAME.format(i='i')} AS holder, 'paid' AS status, '' AS serial, '' AS orig_serial, CAST(NULL AS INTEGER) AS orig_period, '' AS source"
        f" FROM range({months}) a(m), range({persons}) t(i)) TO '{folder / 'history.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    dead = f"CASE WHEN d < {persons} // 300 THEN d * 300 + 7 ELSE {persons} + d END"
    slip = "substr(number, 1, 16) || CASE WHEN substr(number, 17, 1) = '9' THEN '0' ELSE '9' END || substr(number, 18)"
    wrong = f"CASE WHEN i % 500 = 7 THEN {slip} ELSE number END"
    duck.execute(
        f"COPY (SELECT '死亡.csv' AS file, CAST(d + 2 AS INTEGER) AS line, {wrong} AS number, i % 500 <> 7 AS number_ok, FALSE AS damaged, name, name_norm,"
        " CAST(strptime(substr(number, 7, 8), '%Y%m%d') AS DATE) AS birth, '620821' AS region, make_date(2024, 1 + d % 9, 5) AS death_on,"
        " CAST(202401 + d % 9 AS INTEGER) AS death_month, CAST(NULL AS DATE) AS cremated_on, '公安' AS source, CAST(1000 AS INTEGER) AS confidence,"
        f" TRUE AS is_death FROM (SELECT d, i, {who} FROM (SELECT d, {dead} AS i FROM range({deaths}) t(d)))) TO '{folder / 'deaths.parquet'}' (FORMAT parquet)"
    )
    duck.execute(
        f"COPY (SELECT '花名册.csv' AS file, CAST(i + 2 AS INTEGER) AS line, CAST(i + 1 AS INTEGER) AS seq, {who}, 'R' AS fund, '620821' AS region,"
        f" '基础养老金' AS item, 'pension' AS item_class, CAST(202501 AS INTEGER) AS period, {account} AS account, {_NAME.format(i='i')} AS holder,"
        " CAST(12000 + i % 5000 AS BIGINT) AS net, CAST(12000 + i % 5000 AS BIGINT) AS gross"
        f" FROM range({persons}) t(i)) TO '{folder / 'roster.parquet'}' (FORMAT parquet)"
    )


def floor(folder: Path, threads: int) -> dict[str, Any]:
    """One pass over what the rules read."""
    import duckdb

    duck = duckdb.connect(config={"threads": str(threads)})
    rows = duck.execute(f"SELECT COUNT(*), bit_xor(hash({READ})) FROM '{folder / 'history.parquet'}'").fetchall()[0][0]
    duck.execute(f"SELECT bit_xor(hash(number, number_ok, name_norm, birth, region, death_on, source)) FROM '{folder / 'deaths.parquet'}'").fetchall()
    return {"rows": rows}


def screened(folder: Path, threads: int, rules: list[str]) -> dict[str, Any]:
    """The product's own screening."""
    from pyarrow import parquet

    from controls.checks.screening import screen
    from ledger.months import Month

    tables = {"payments": [folder / "history.parquet"], "deaths": [folder / "deaths.parquet"]}
    found = screen(parquet.read_table(folder / "roster.parquet"), tables, as_of=Month.parse("2025-01"), rules=rules, threads=threads)
    told: dict[str, int] = {}
    for one in found:
        told[one.finding.rule] = told.get(one.finding.rule, 0) + 1
    return {"found": told}


def side(name: str, folder: Path, threads: int) -> dict[str, Any]:
    """One side in this process: seconds and peak memory in MiB."""
    start = time.perf_counter()
    told = floor(folder, threads) if name == "floor" else screened(folder, threads, EXACT if name == "exact" else LINKED)
    return {"seconds": time.perf_counter() - start, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **told}


def main() -> int:
    """Generates, measures and prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=300_000)
    options.add_argument("--months", type=int, default=60)
    options.add_argument("--deaths", type=int, default=1_000_000)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--side", choices=["floor", "exact", "linked", "generate"])
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.side == "generate":
        generate(given.folder, given.persons, given.months, given.deaths)
        return 0
    if given.side:
        print(json.dumps(side(given.side, given.folder, given.threads), ensure_ascii=False))
        return 0
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        usual = [sys.executable, __file__, "--folder", str(folder), "--threads", str(given.threads)]
        sizes = ["--persons", str(given.persons), "--months", str(given.months), "--deaths", str(given.deaths)]
        if not (folder / "roster.parquet").exists():
            subprocess.run([*usual, *sizes, "--side", "generate"], check=True)
        told = {}
        for name in ("floor", "floor", "exact", "linked"):
            told[name] = json.loads(subprocess.run([*usual, "--side", name], check=True, capture_output=True, text=True, encoding="utf-8").stdout)
    print(f"{given.persons:,} lines, {told['floor']['rows']:,} payments behind them, {given.deaths:,} deaths; {given.threads} thread(s)")
    print("| side | seconds | × floor | peak MiB | findings |\n|---|---|---|---|---|")
    for name, one in told.items():
        found = ", ".join(f"{rule.partition('-')[0]} {count:,}" for rule, count in sorted(one.get("found", {}).items()))
        print(f"| {name} | {one['seconds']:.2f} | {one['seconds'] / told['floor']['seconds']:.2f} | {one['peak']:.0f} | {found} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
