"""A workbook of 300,000 payments taken in: the whole of ``controls.intake.reader.read`` beside a bare read by python-calamine.

Fifteen columns as a county office sends them: title row, header, identity numbers, accounts and serials as text, amounts
as numbers, two rows a person. What is timed on our side is everything from the path to the canonical table: package proved, sheet read,
header found, every cell parsed, identity numbers judged, totals proved, SHA-256. The floor in the same run opens the
same sheet with python-calamine and goes once through ``iter_rows``, judging nothing. Each run is a process of its own,
so that its peak memory is its own; the sides take turns.

    python tests/bench/take_xlsx.py [--rows 300000] [--runs 5] [--file FILE]

Prints a table with medians and the ratio; it judges nothing but the number of rows.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

HEAD = [
    *["险种", "统筹区", "证件号码", "姓名", "待遇类型", "所属期", "发放日期", "金额"],
    *["银行账号", "户名", "开户行", "发放状态", "流水号", "资金来源", "经办人"],
]
FAMILY, GIVEN = "王李张刘陈杨黄赵周吴徐孙马朱胡郭", "秀英桂兰玉珍建国志强海燕明华文军芳梅林平"


def payments(rows: int) -> Iterator[list[str | Decimal]]:
    """The head, then two rows a person."""
    from ledger.identity import check_digit

    yield list(HEAD)
    for row in range(rows):
        person = row // 2
        body = f"620821{1935 + person % 30}{1 + person // 30 % 12:02d}{1 + person // 360 % 28:02d}{person // 10_080 % 1000:03d}"
        name = FAMILY[person % 16] + GIVEN[person // 16 % 20] + GIVEN[person // 320 % 20]
        item, amount = ("基础养老金", Decimal(13_900)) if row % 2 else ("个人账户养老金", Decimal(1_000 + person * 37 % 9_000))
        yield [
            "城乡居民基本养老保险", "620821", body + check_digit(body), name, item, "2024-03", "2024-03-15", amount / 100, f"6228480{person:012d}", name,
            "农村商业银行", "成功", f"S{row:012d}", "中央", "经办一",
        ]  # fmt: skip


def generate(path: Path, rows: int) -> None:
    """The workbook, as :mod:`ledger.sheets` writes it."""
    from ledger.sheets import Sheet, write_workbook

    write_workbook(path, {"发放明细": Sheet(payments(rows), titles=("2024年3月城乡居民基本养老保险待遇发放明细表",))})


def bare(path: Path) -> tuple[float, int]:
    """Seconds and rows of python-calamine alone."""
    import python_calamine

    started = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = sum(1 for _ in book.get_sheet_by_name(book.sheet_names[0]).iter_rows())
    return time.perf_counter() - started, rows - 2


def ours(path: Path) -> tuple[float, int]:
    """Seconds and rows of the reader, libraries loaded before."""
    import pyarrow.compute  # noqa: F401

    from controls.intake import contracts, reader

    contracts.load("payments")
    started = time.perf_counter()
    taken = reader.read(path, "payments")
    assert not taken.rejects, taken.rejects[:3]
    return time.perf_counter() - started, taken.table.num_rows


def measured(side: str, path: Path) -> dict[str, Any]:
    """One run in a process of its own."""
    done = subprocess.run([sys.executable, __file__, "--side", side, "--file", str(path)], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def side(name: str, path: Path) -> None:
    """What a child prints: seconds, CPU seconds, peak MiB and rows."""
    before = time.process_time()
    seconds, rows = (bare if name == "bare" else ours)(path)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "cpu": time.process_time() - before, "peak": peak, "rows": rows}))


def main() -> int:
    """Generates unless a file is given, measures both sides in turn, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--side", choices=["bare", "ours"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.side:
        side(options.side, options.file)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "payments.xlsx"
        if options.file is None:
            generate(path, options.rows)
        runs: dict[str, list[dict[str, Any]]] = {"bare": [], "ours": []}
        for _ in range(options.runs):
            for name, found in runs.items():
                found.append(measured(name, path))
        size = path.stat().st_size
    table(runs, size)
    return int(len({run["rows"] for found in runs.values() for run in found}) != 1)


def table(runs: dict[str, list[dict[str, Any]]], size: int) -> None:
    """Medians of both sides, and the ratio run by run."""
    print(f"{runs['ours'][0]['rows']:,} rows, {size / 2**20:.1f} MiB\n")
    print("| side | seconds (median) | min | max | CPU seconds | peak MiB |\n|---|---|---|---|---|---|")
    for name, found in runs.items():
        seconds = sorted(run["seconds"] for run in found)
        cpu = statistics.median(run["cpu"] for run in found)
        print(f"| {name} | {statistics.median(seconds):.2f} | {seconds[0]:.2f} | {seconds[-1]:.2f} | {cpu:.2f} | {max(run['peak'] for run in found):.0f} |")
    ratios = sorted(mine["seconds"] / floor["seconds"] for mine, floor in zip(runs["ours"], runs["bare"], strict=True))
    print(f"\nratio: {statistics.median(ratios):.2f} (min {ratios[0]:.2f}, max {ratios[-1]:.2f})")


if __name__ == "__main__":
    sys.exit(main())
