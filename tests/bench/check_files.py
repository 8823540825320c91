"""Five rules (D1, P1, P3, A1, I1) over seven million payment rows in one canonical Parquet file.

What is timed is the whole run as the product does it: reversals netted, candidates, rules, findings with evidence,
names, reasons and the counts of what was left out; one thread. The floor in the same run is
``SELECT bit_xor(hash(<columns the rules read>))`` over the same file, one thread, median of five. Beside it stand the
same five rules in pandas. Each side runs in a process of its own, so that its peak memory is its own; the ids of the
findings must be equal.

    python tests/bench/check_files.py [--persons 171000] [--runs 3]

Prints a table with medians and ratios; it judges nothing but the ids.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

RULES = ["D1", "P1", "P3", "A1", "I1"]
READ = (
    "file, line, fund, region, number, number_ok, damaged, name, name_norm, item, item_class, has_item, period, span_from, span_to, paid_month,"
    " amount, account, holder, status, serial, orig_serial, orig_period, source"
)
MONTHS = 24


def generate(folder: Path, persons: int) -> None:
    """``payments.parquet`` and ``deaths.parquet``: residents with two items a month, employees with one, planted cases and false friends."""
    import duckdb

    duck = duckdb.connect()
    duck.execute(
        "CREATE TABLE people AS SELECT i, i % 171 < 121 AS resident,"
        " printf('620821%04d%02d%02d%03d', 1930 + i % 30, 1 + i // 30 % 12, 1 + i // 360 % 28, i // 10080 % 1000)"
        " || substr('10X98765432', 1 + (i * 7 % 11)::INTEGER, 1) AS number,"
        " '张' || chr((19968 + i * 7919 % 20000)::INTEGER) || chr((19968 + i * 104729 % 20000)::INTEGER) AS name,"
        " printf('6228480%012d', CASE WHEN i % 100 = 21 THEN i - 1 ELSE i END) AS account FROM range(?) t(i)",
        [persons],
    )
    amount = "CASE WHEN resident THEN 10000 + i * 37 % 9000 ELSE 250000 + i * 37 % 90000 END"
    first = "CASE WHEN resident THEN '基础养老金' ELSE '基本养老金' END"
    fund = "CASE WHEN resident THEN 'R' ELSE 'E' END"
    duck.execute(
        f"CREATE TABLE due AS SELECT i, m, k, {fund} AS fund, CASE WHEN k = 1 THEN '个人账户养老金' ELSE {first} END AS item,"
        f" {amount} AS amount, CASE WHEN i % 150 = 5 AND m = 14 THEN 'failed' ELSE 'paid' END AS status, '' AS back"
        f" FROM people, range({MONTHS}) a(m), range(2) b(k) WHERE resident OR k = 0"
        " UNION ALL SELECT i, m, 2, 'E', '基本养老金', 250000, 'paid', '' FROM people, range(6) a(m) WHERE resident AND i % 300 = 11"
        f" UNION ALL SELECT i, 16, 3, 'R', '基础养老金', {amount}, 'paid', '' FROM people WHERE resident AND i % 500 = 13"
        f" UNION ALL SELECT i, 18, 4, {fund}, {first}, {amount}, 'reversed', printf('S%02d%07d0', 18, i) FROM people WHERE i % 400 = 17"
    )
    period = "CAST(202301 + m // 12 * 100 + m % 12 AS INTEGER)"
    duck.execute(
        f"COPY (SELECT printf('发放%d.csv', {period}) AS file, CAST(row_number() OVER (PARTITION BY m ORDER BY i, k) + 1 AS INTEGER) AS line,"
        " fund, '620821' AS region,"
        f" number AS id_raw, '' AS id_type, number, i % 2000 <> 7 AS number_ok, FALSE AS damaged, name, name AS name_norm, item,"
        f" 'pension' AS item_class, TRUE AS has_item, {period} AS period, CAST(NULL AS INTEGER) AS span_from, CAST(NULL AS INTEGER) AS span_to,"
        f" CAST(NULL AS DATE) AS paid_on, {period} AS paid_month,"
        " CAST(amount AS BIGINT) AS amount, CASE WHEN i % 50 = 3 AND m >= 12 THEN '9' || account ELSE account END AS account, name AS holder,"
        " '农商行' AS bank, status, printf('S%02d%07d%d', m, i, k) AS serial, back AS orig_serial,"
        " CAST(NULL AS INTEGER) AS orig_period, '' AS source, '' AS handler, '' AS reviewer FROM due JOIN people USING (i) ORDER BY m, i, k)"
        f" TO '{folder / 'payments.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
    )
    duck.execute(
        "COPY (SELECT '死亡.csv' AS file, CAST(row_number() OVER (ORDER BY i) + 1 AS INTEGER) AS line, number AS id_raw, number, i % 2000 <> 7 AS number_ok,"
        " FALSE AS damaged, name, name AS name_norm, '' AS sex, CAST(NULL AS DATE) AS birth, '' AS region, DATE '2024-10-05' AS death_on,"
        " CAST(202410 AS INTEGER) AS death_month, CAST(NULL AS DATE) AS cremated_on, '公安' AS source, CAST(1000 AS INTEGER) AS confidence, TRUE AS is_death"
        f" FROM people WHERE i % 200 = 3) TO '{folder / 'deaths.parquet'}' (FORMAT parquet)"
    )


def floor(folder: Path) -> dict[str, Any]:
    """One pass that reads and hashes the columns, and does nothing with them."""
    import duckdb

    duck = duckdb.connect(config={"threads": "1"})
    return {"rows": duck.execute(f"SELECT COUNT(*), bit_xor(hash({READ})) FROM '{folder / 'payments.parquet'}'").fetchall()[0][0], "ids": []}


def ours(folder: Path) -> dict[str, Any]:
    """The product's own run."""
    from controls.checks.runner import run

    result = run({"payments": [folder / "payments.parquet"], "deaths": [folder / "deaths.parquet"]}, rules=RULES, threads=1)
    return {"ids": [finding.finding_id for finding in result.findings], "steps": dict(result.seconds)}


def in_pandas(folder: Path) -> dict[str, Any]:
    """The same five rules as an analyst writes them in pandas; findings as ids only, without evidence or reasons."""
    import pandas as pd

    from controls.findings import finding_id

    names = [
        "fund",
        "region",
        "number",
        "number_ok",
        "name_norm",
        "item",
        "item_class",
        "period",
        "paid_month",
        "amount",
        "account",
        "status",
        "serial",
        "orig_serial",
        "source",
    ]
    rows = pd.read_parquet(folder / "payments.parquet", columns=names)
    deaths = pd.read_parquet(folder / "deaths.parquet", columns=["number", "death_month"])
    back = rows[rows.status == "reversed"].set_index("orig_serial").amount
    paid = rows[rows.status == "paid"].copy()
    paid["fen"] = paid.amount - paid.serial.map(back).fillna(0).astype("int64")
    paid = paid[paid.fen > 0]
    found: set[str] = set()
    dead = paid.merge(deaths, on="number")
    dead = dead[dead.period > dead.death_month]
    for number, fund, region in dead[["number", "fund", "region"]].drop_duplicates().itertuples(index=False):
        found.add(finding_id("D1-POSTHUMOUS", number, fund, region))
    months = paid.groupby(["number", "period", "fund", "region"], as_index=False).fen.sum()
    pair = months.merge(months, on=["number", "period"])
    pair = pair[(pair.fund_x == "R") & (pair.fund_y != "R")]
    for number, fund, region in pair[["number", "fund_x", "region_x"]].drop_duplicates().itertuples(index=False):
        found.add(finding_id("P1-TWO-SCHEMES", number, fund, region))
    key = ["fund", "region", "number", "period", "item", "source"]
    twice = paid[paid.duplicated(key, keep=False)]
    for number, fund, region in twice[["number", "fund", "region"]].drop_duplicates().itertuples(index=False):
        found.add(finding_id("P3-TWICE", number, fund, region))
    shared = paid.groupby(["account", "paid_month"]).number.nunique()
    for account in shared[shared > 1].reset_index().account.unique():
        sharing = paid[paid.account == account]
        found.add(
            finding_id("A1-SHARED-ACCOUNT", sharing.number.min(), ";".join(sorted(sharing.fund.unique())), ";".join(sorted(sharing.region.unique())), account)
        ) if account else None
    bad = paid[~paid.number_ok]
    for number, part in bad.groupby("number"):
        found.add(finding_id("I1-BAD-NUMBER", str(number), ";".join(sorted(part.fund.unique())), ";".join(sorted(part.region.unique()))))
    return {"ids": sorted(found)}


SIDES: dict[str, Callable[[Path], dict[str, Any]]] = {"floor": floor, "ours": ours, "pandas": in_pandas}


def side(name: str, folder: Path, runs: int) -> None:
    """Runs one side in this process and prints seconds, peak memory and a digest of the ids as JSON."""
    seconds, burnt, told = [], [], {}
    for _ in range(runs):
        start, began = time.perf_counter(), time.process_time()
        told = SIDES[name](folder)
        seconds.append(time.perf_counter() - start)
        burnt.append(time.process_time() - began)
    ids = sorted(told.pop("ids"))
    digest = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {
                "seconds": statistics.median(seconds),
                "cpu": statistics.median(burnt),
                "peak": peak,
                "found": len(ids),
                "digest": digest,
                "told": told,
                "ids": ids,
            }
        )
    )


def measured(name: str, folder: Path, runs: int) -> dict[str, Any]:
    """One side in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, "--side", name, "--folder", str(folder), "--runs", str(runs)], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Generates, measures, prints the table; 1 when the ids differ."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=171_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--side", choices=[*SIDES, "generate"])
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.side == "generate":
        generate(given.folder, given.persons)
        return 0
    if given.side:
        side(given.side, given.folder, given.runs)
        return 0
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "deaths.parquet").exists():
            # In a process of its own: a child starts with the peak memory of its parent.
            subprocess.run([sys.executable, __file__, "--side", "generate", "--folder", str(folder), "--persons", str(given.persons)], check=True)
        base = measured("floor", folder, 5)
        sides = {"floor": base, "ours": measured("ours", folder, given.runs), "pandas": measured("pandas", folder, 1)}
    print(f"{base['told']['rows']:,} payment rows; rules {', '.join(RULES)}; one thread")
    print("| side | seconds | × floor | CPU seconds | × floor | peak MiB | findings |\n|---|---|---|---|---|---|---|")
    for name, one in sides.items():
        wall, cpu = one["seconds"] / base["seconds"], one["cpu"] / base["cpu"]
        print(f"| {name} | {one['seconds']:.2f} | {wall:.2f} | {one['cpu']:.2f} | {cpu:.2f} | {one['peak']:.0f} | {one['found'] or ''} |")
    print("steps of ours: " + ", ".join(f"{name} {took:.2f}" for name, took in sides["ours"]["told"]["steps"].items()))
    if sides["ours"]["digest"] != sides["pandas"]["digest"]:
        print(f"The ids differ: {sorted(set(sides['ours']['ids']) ^ set(sides['pandas']['ids']))[:5]}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
