"""Seven million payment rows taken in: UTF-8 CSV, GB18030 CSV, and Parquet of text.

What is timed is the whole reading as the product does it (``controls.intake.reader.read``): encoding proved, rows told apart, every cell judged,
control totals, equal rows looked for, canonical Parquet written, SHA-256. The floor is DuckDB's own
``COPY (SELECT * FROM read_csv(file, all_varchar=true)) TO 'x.parquet'`` of the same file with all its threads (for GB18030 a bare decode in
Python and that copy of the UTF-8 file; for Parquet ``COPY (SELECT * FROM 'file') TO``). Each run is a process of its own, floor and ours by
turns; the table shows medians.

    python tests/bench/take_csv.py [--rows 7000000] [--runs 3] [--folder DIR]

Prints seconds, CPU seconds, ratios and peak resident memory; it judges nothing but that every row was taken.
"""

from __future__ import annotations

import argparse
import codecs
import json
import os
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

FILES = {"utf-8": "发放.csv", "gb18030": "发放-gb18030.csv", "parquet": "发放.parquet"}
CHUNK = 1 << 24


def generate(folder: Path, rows: int) -> None:
    """The same rows three times: three people a hundred rows, by month and then by person, 15 columns, valid numbers."""
    import duckdb
    import pyarrow as pa

    from ledger.identity import check_digit

    persons = max(1, rows * 3 // 70)
    bodies = [f"62082{1 + i % 7}{1930 + i % 30}{1 + i // 30 % 12:02}{1 + i // 360 % 28:02}{i // 10080 % 1000:03}" for i in range(persons)]
    duck = duckdb.connect()
    duck.register("given", pa.table({"i": pa.array(range(persons), pa.int64()), "number": [body + check_digit(body) for body in bodies]}))
    duck.execute(
        "CREATE TABLE people AS SELECT i, number, printf('6228480%012d', i) AS bank_account,"
        " '张' || chr((19968 + i % 20000)::INTEGER) || chr((19968 + (i // 15) * 7919 % 20000)::INTEGER) AS name FROM given ORDER BY i"
    )
    month = "printf('%d-%02d', 2023 + m // 12, 1 + m % 12)"
    duck.execute(
        "COPY (SELECT 'R' AS 险种, substr(number, 1, 6) AS 统筹区, number AS 证件号码, name AS 姓名,"
        f" '基础养老金' AS 待遇类型, {month} AS 所属期, {month} || '-15' AS 发放日期, printf('%d.%02d', 100 + i * 37 % 300, i % 100) AS 金额,"
        " bank_account AS 银行账号, name AS 户名, printf('农商行%d支行', i % 40) AS 开户行,"
        " CASE WHEN i % 200 = 3 AND m = 5 THEN '失败' ELSE '成功' END AS 发放状态, printf('S%02d%09d', m, i) AS 流水号, '中央' AS 资金来源,"
        f" printf('经办%d', i % 9) AS 经办人 FROM range(24) a(m), people ORDER BY m, i LIMIT {rows}) TO '{folder / FILES['utf-8']}' (FORMAT csv, HEADER)"
    )
    _copy(folder, "utf-8", folder / FILES["parquet"])
    text = (folder / FILES["utf-8"]).open(encoding="utf-8", newline="")
    with text, (folder / FILES["gb18030"]).open("w", encoding="gb18030", newline="") as written:
        while chunk := text.read(CHUNK):
            written.write(chunk)


def _copy(folder: Path, kind: str, to: Path) -> None:
    import duckdb

    file = folder / FILES["parquet" if kind == "parquet" else "utf-8"]
    source = f"'{file}'" if kind == "parquet" else f"read_csv('{file}', all_varchar=true, header=true, delim=',')"
    duckdb.connect().execute(f"COPY (SELECT * FROM {source}) TO '{to}' (FORMAT parquet)")


def floor(folder: Path, kind: str) -> int:
    """DuckDB's copy; for GB18030 a bare decode before it."""
    if kind == "gb18030":
        decoder = codecs.getincrementaldecoder("gb18030")()
        with (folder / FILES[kind]).open("rb") as file:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
    to = folder / "floor.parquet"
    _copy(folder, kind, to)
    size = to.stat().st_size
    to.unlink()
    return size


def ours(folder: Path, kind: str) -> int:
    """The product's own reading."""
    from controls.intake.reader import read

    taken = read(folder / FILES[kind], "payments", folder=folder)
    if taken.rejects or taken.warnings or taken.control[0] != taken.rows_read:
        raise SystemExit(f"rows are missing: {taken.control} of {taken.rows_read}, {taken.warnings.counts()}")
    place = folder / "ours.parquet"
    taken.rows.save(place)
    size = place.stat().st_size
    place.unlink()
    return size


SIDES: dict[str, Callable[[Path, str], int]] = {"floor": floor, "ours": ours}


def side(name: str, folder: Path, kind: str) -> None:
    """Runs one side once in this process and prints what it took as JSON."""
    start, began = time.perf_counter(), time.process_time()
    size = SIDES[name](folder, kind)
    took = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - began, "size": size}
    print(json.dumps(took | {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, check=True, encoding="utf-8")
    return done.stdout


def main() -> int:
    """Generates, measures by turns, prints the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=7_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--folder", type=Path)
    options.add_argument("--kind", choices=[*FILES], action="append")
    options.add_argument("--side", choices=[*SIDES, "generate"])
    given = options.parse_args()
    if given.side == "generate":
        generate(given.folder, given.rows)
        return 0
    if given.side:
        side(given.side, given.folder, given.kind[0])
        return 0
    with tempfile.TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / FILES["gb18030"]).exists():
            # In a process of its own: a child starts with the peak memory of its parent.
            _run("--side", "generate", "--folder", str(folder), "--rows", str(given.rows))
        print(f"{given.rows:,} payment rows, median of {given.runs}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
        print("| file | MiB | side | seconds | × floor | CPU seconds | × floor | peak MiB | Parquet MiB |\n|---|---|---|---|---|---|---|---|---|")
        for kind in given.kind or FILES:
            found: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDES}
            for _ in range(given.runs):
                for name, runs in found.items():
                    runs.append(json.loads(_run("--side", name, "--folder", str(folder), "--kind", kind)))
            _show(kind, (folder / FILES[kind]).stat().st_size, found)
    return 0


def _show(kind: str, size: int, found: dict[str, list[dict[str, Any]]]) -> None:
    medians = {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]} for name, runs in found.items()}
    base = medians["floor"]
    for name, one in medians.items():
        wall, cpu = one["seconds"] / base["seconds"], one["cpu"] / base["cpu"]
        last = f"{one['peak']:.0f} | {one['size'] / (1 << 20):.0f}"
        print(f"| {kind} | {size >> 20} | {name} | {one['seconds']:.1f} | {wall:.2f} | {one['cpu']:.1f} | {cpu:.2f} | {last} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
