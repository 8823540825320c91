"""Recall and precision of ``compare`` on 100,000 made-up pairs of names with known truth, by channel, threshold and grade; and its speed.

The population is ours (``_name_pairs.py``): it shows which errors are found and which strangers look alike, not how often either is
met in a county. ``--held-out`` takes the channels and a seed that were not looked at while the weights were set.

    python tests/bench/compare_names.py [--pairs 100000] [--seed 20] [--held-out] [--examples N]

Prints Markdown tables; it judges nothing.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from ledger.name_compare import Comparison, Grade, compare
from tests.bench._name_pairs import Made, pairs

THRESHOLDS = (980, 950, 900, 850, 800, 700, 600, 500, 400)
Told = list[tuple[Made, Comparison]]


def percent(part: int, whole: int) -> str:
    """``12.3`` of a hundred, ``-`` of nothing."""
    return f"{100 * part / whole:.1f}" if whole else "-"


def by_threshold(told: Told) -> list[str]:
    """Recall, precision and the share of false pairs let through, at each threshold."""
    same = sum(made.same for made, _ in told)
    lines = ["| score from | recall % | precision % | false pairs let through % |", "|--:|--:|--:|--:|"]
    for least in THRESHOLDS:
        hits = sum(made.same for made, found in told if found.score >= least)
        wrong = sum(not made.same for made, found in told if found.score >= least)
        lines.append(f"| {least} | {percent(hits, same)} | {percent(hits, hits + wrong)} | {percent(wrong, len(told) - same)} |")
    return lines


def by_channel(told: Told) -> list[str]:
    """The share of each channel at or above four thresholds: recall for true channels, error for false ones; and its commonest grade."""
    found: dict[tuple[bool, str], list[Comparison]] = defaultdict(list)
    for made, answer in told:
        found[not made.same, made.channel].append(answer)
    lines = ["| truth | channel | pairs | ≥ 900 % | ≥ 800 % | ≥ 700 % | ≥ 500 % | commonest grades |", "|---|---|--:|--:|--:|--:|--:|---|"]
    for (false, channel), answers in sorted(found.items()):
        shares = " | ".join(percent(sum(answer.score >= least for answer in answers), len(answers)) for least in (900, 800, 700, 500))
        grades = ", ".join(f"{grade} {percent(count, len(answers))}" for grade, count in Counter(answer.grade.value for answer in answers).most_common(3))
        lines.append(f"| {'two persons' if false else 'one person'} | {channel} | {len(answers)} | {shares} | {grades} |")
    return lines


def by_grade(told: Told) -> list[str]:
    """How many pairs of one person and of two got each grade."""
    counts = Counter((found.grade, made.same) for made, found in told)
    lines = ["| grade | one person | two persons | precision % |", "|---|--:|--:|--:|"]
    for grade in Grade:
        yes, no = counts[grade, True], counts[grade, False]
        lines.append(f"| {grade.value} {grade.zh} | {yes} | {no} | {percent(yes, yes + no)} |")
    return lines


def evaluate(made: list[Made]) -> tuple[Told, str]:
    """Compares all pairs twice; the answers and a line on speed (CPU seconds of this process)."""
    began = time.process_time()
    first = [(pair, compare(pair.one, pair.two)) for pair in made]
    cold = time.process_time() - began
    began = time.process_time()
    for pair in made:
        compare(pair.two, pair.one)
    warm = time.process_time() - began
    return first, f"{len(made)} pairs: {cold:.1f} s of processor time with empty caches, {warm:.1f} s again with the sides exchanged."


def main() -> int:
    """Makes, compares, prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=20)
    options.add_argument("--held-out", action="store_true")
    options.add_argument("--examples", type=int, default=0)
    given = options.parse_args()
    told, speed = evaluate(pairs(given.pairs, given.seed, given.held_out))
    for table in (by_threshold(told), by_channel(told), by_grade(told)):
        print("\n".join(table), end="\n\n")
    print(speed)
    shown: Counter[str] = Counter()
    for made, found in told:
        doubtful = found.score < 700 if made.same else found.score >= 700
        if doubtful and shown[made.channel] < given.examples:
            shown[made.channel] += 1
            print(f"{made.channel}: {made.one!r} {made.two!r} {found.score} {found.zh}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
