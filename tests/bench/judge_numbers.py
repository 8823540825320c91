"""Time of judging resident numbers, one at a time and as a column, and of reading the table of regions.

    .venv/bin/python tests/bench/judge_numbers.py [how many]

All numbers are made up. Processor time, the best of five.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable

from ledger import regions
from ledger.identity import check_digit, judge
from ledger.identity.columns import judge_many


def made_up(count: int) -> list[str]:
    """Valid numbers from a fixed seed."""
    chance = random.Random(20240101)
    bodies = (
        f"{chance.randint(110000, 659999)}{chance.randint(1930, 2010)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{chance.randint(1, 995):03d}"
        for _ in range(count)
    )
    return [body + check_digit(body) for body in bodies]


def best(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Seconds of processor time of the quickest of five runs."""
    seconds = []
    for _ in range(5):
        before()
        start = time.process_time()
        work()
        seconds.append(time.process_time() - start)
    return min(seconds)


def main() -> None:
    """Print the figures."""
    numbers = made_up(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    for name, work in (("judge", lambda: [judge(number) for number in numbers]), ("judge_many", lambda: judge_many(numbers))):
        print(f"{name}: {best(work) / len(numbers) * 1e6:.2f} µs a number, {len(numbers):,} numbers")
    print(f"table of regions: {best(regions.table, regions.clear) * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
