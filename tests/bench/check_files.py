"""All exact rules of the first catalogue over seven million payment rows and the lists beside them, as canonical Parquet files.

What is timed is the whole run as the product does it: reversals netted, candidates, rules, findings with evidence,
names, reasons and the counts of what was left out; one thread. The floor in the same run is
``SELECT bit_xor(hash(<columns the rules read>))`` over the payments, one thread, median of five (the lists are not in the floor). Beside it stand
the same rules in pandas. Each side runs in a process of its own, so that its peak memory is its own; the ids of the
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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench._county_files import READ, generate


def floor(folder: Path) -> dict[str, Any]:
    """One pass that reads and hashes the columns, and does nothing with them."""
    import duckdb

    duck = duckdb.connect(config={"threads": "1"})
    return {"rows": duck.execute(f"SELECT COUNT(*), bit_xor(hash({READ})) FROM '{folder / 'payments.parquet'}'").fetchall()[0][0], "ids": []}


def exact() -> Sequence[Any]:
    """The exact rules that run when none is named."""
    from controls.checks.catalogue import chosen

    return [rule for rule in chosen(None) if rule.kind == "exact"]


def ours(folder: Path) -> dict[str, Any]:
    """The product's own run."""
    from controls.checks.runner import run

    result = run({path.stem: [path] for path in sorted(folder.glob("*.parquet"))}, rules=[rule.code for rule in exact()], threads=1)
    return {"ids": [finding.finding_id for finding in result.findings], "steps": dict(result.seconds)}


def in_pandas(folder: Path) -> dict[str, Any]:
    """The same rules as an analyst writes them in pandas; findings as ids only, without evidence or reasons."""
    from tests.bench._in_pandas import findings

    return {"ids": findings(folder)}


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
    print(f"{base['told']['rows']:,} payment rows; {len(exact())} exact rules; one thread")
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
