"""Linkage on made-up people with known truth: precision and recall of what is shown as high, by planted kind, and Splink on the same data.

Both sides read one Parquet file, block alike (the arms of ``controls.checks.blocking``) and run in a process of their own. Splink is given what it
needs to be strong: a column of pinyin made beforehand, levels for one slip, failing numbers, turned days and years that are off, term frequencies of
names, u by sampling, EM in two sessions, and the threshold that serves it best **on the truth**. Ours has no threshold: high is what the rule says.
Double registrations are reported apart: they count for neither side.

    python tests/bench/link_people.py [--persons 300000] [--seed 7] [--threads 1] [--only ours|splink|rule] [--estimate]

``--only rule`` measures what an office sees: the same records as pensions of one month and as people, and rule P4 as it ships over them. A record
without a number cannot be paid, so that pairs without two numbers are not counted; neither file knows an address.

Prints Markdown tables; ``--estimate`` prints ten times log2(m/u) of each comparison instead, from the truth, beside the weight in force.
It judges nothing. Splink and its DuckDB come with the extra ``[bench]``.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench._people import DOUBLE, KINDS, People, Person, people

Keys = set[tuple[str, str]]
FIELDS = Person.__slots__


def write(made: People, file: Path) -> None:
    """The records as the linkers read them, with ``pinyin`` for Splink."""
    import pyarrow as pa
    from pyarrow import parquet

    from ledger.names.readings import readings

    sounds: dict[str, str] = {}

    def sound(name: str) -> str:
        return " ".join(sounds.setdefault(char, (readings(char) or (char,))[0]) for char in name)

    columns = {name: [getattr(one, name) for one in made.records] for name in FIELDS}
    parquet.write_table(pa.table(columns | {"pinyin": [sound(name) for name in columns["name_norm"]]}), file)


def ours(file: Path, threads: int) -> dict[str, Any]:
    """Pairs shown as high, and the others by kind."""
    from controls.checks.blocking import linked
    from controls.checks.duck import Duck

    with Duck(threads=threads) as duck:
        duck.table("people", f"SELECT * FROM read_parquet('{file}')")
        found = list(linked(duck, "people"))
        candidates = duck.values("SELECT COUNT(*) FROM linking_pair")[0][0]
    return {
        "high": [(one, two) for one, two, link in found if link.severity == "high"],
        "rest": [(one, two, f"{link.severity.value} {link.kind.value}") for one, two, link in found if link.severity != "high"],
        "candidates": candidates,
    }


_PLACE = "CAST(row_number() OVER (ORDER BY key) + 1 AS INTEGER) AS line, region, number, number_ok, FALSE AS damaged, name_norm AS name, name_norm"
_OF = "FROM read_parquet('{file}') WHERE number <> ''"
_PAYMENTS = (
    f"SELECT 'pay.csv' AS file, {_PLACE}, 'R' AS fund, '养老金' AS item, 'pension' AS item_class, TRUE AS has_item, CAST(202401 AS INTEGER) AS period,"
    f" CAST(10000 AS BIGINT) AS amount, account, name_norm AS holder, 'paid' AS status {_OF}"
)
_PEOPLE = (
    f"SELECT 'people.csv' AS file, {_PLACE}, 'R' AS fund, sex, '' AS town, '' AS enrol_status, '' AS benefit_status, '' AS retire_kind,"
    " TRY_CAST(CASE WHEN LENGTH(birth) = 8 THEN birth[1:4] || '-' || birth[5:6] || '-' || birth[7:8] END AS DATE) AS birth, CAST(NULL AS DATE) AS file_birth,"
    f" CAST(NULL AS INTEGER) AS start_month, CAST(NULL AS INTEGER) AS end_month, CAST(NULL AS DATE) AS certified_on {_OF}"
)


def rule(file: Path, threads: int) -> dict[str, Any]:
    """The pairs of numbers that P4 lists over the records as pensions of one month, by severity."""
    import duckdb

    from controls.checks.runner import run

    keys: dict[str, list[str]] = {}
    duck = duckdb.connect()
    for number, key in duck.execute(f"SELECT number, key FROM read_parquet('{file}') WHERE number <> ''").fetchall():
        keys.setdefault(number, []).append(key)
    paid = file.with_name("payments.parquet")
    listed = file.with_name("listed.parquet")
    duck.execute(f"COPY ({_PAYMENTS.format(file=file)}) TO '{paid}' (FORMAT parquet)")
    duck.execute(f"COPY ({_PEOPLE.format(file=file)}) TO '{listed}' (FORMAT parquet)")
    began = time.perf_counter()
    result = run({"payments": [paid], "people": [listed]}, rules=["P4"], threads=threads)
    took = time.perf_counter() - began
    pairs = [(one, two, found.severity.value) for found in result.findings for one in keys[found.id_number] for two in keys[found.other]]
    return {"pairs": [(min(one, two), max(one, two), level) for one, two, level in pairs], "rule_seconds": took}


def _of_rule(told: dict[str, Any], made: People) -> None:
    """Prints what P4 lists as medium, beside the truth among pairs with two numbers."""
    numbers = {one.key: one.number for one in made.records}
    truth = {pair: kind for pair, kind in made.truth.items() if all(numbers[key] for key in pair) and numbers[pair[0]] != numbers[pair[1]]}
    both = People(made.records, truth, made.friends)
    medium = {(one, two) for one, two, level in told["pairs"] if level != "low"}
    low = {(one, two): level for one, two, level in told["pairs"] if level == "low"}
    print("| side | seconds | MiB | precision | recall | F |\n|---|--:|--:|--:|--:|--:|")
    print(_line("rule P4, medium", "", told | {"seconds": told["rule_seconds"]}, medium, both))
    print("\n" + "\n".join(kinds(both, {"P4 medium": medium}, low)).replace("ours lists below high", "P4 lists as low"))


_PIECES = (
    "SUBSTR({n}, 1, 14)", "SUBSTR({n}, 7, 12)", "SUBSTR({n}, 1, 6) || SUBSTR({n}, 15, 4)", "SUBSTR({n}, 1, 5) || SUBSTR({n}, 8, 11)",
    "SUBSTR({n}, 1, 13) || SUBSTR({n}, 16, 3)",
)  # fmt: skip


def _settings() -> Any:
    import splink.comparison_level_library as level
    import splink.comparison_library as comparison
    from splink import SettingsCreator, block_on

    blank = "{0}_l IS NULL OR {0}_r IS NULL"
    near = "damerau_levenshtein(number_l, number_r) <= 1"
    turned = "birth_l[1:4] = birth_r[1:4] AND birth_l[5:6] = birth_r[7:8] AND birth_l[7:8] = birth_r[5:6]"
    off = "birth_l[5:8] = birth_r[5:8] AND abs(try_cast(birth_l[1:4] AS INTEGER) - try_cast(birth_r[1:4] AS INTEGER)) = 1"
    whole = "length(birth_l) = 8 AND birth_l = birth_r"
    one_off = "levenshtein(name_norm_l, name_norm_r) <= 1 AND length(name_norm_l) >= 3"
    name = level.ExactMatchLevel("name_norm", term_frequency_adjustments=True)
    levels = {
        "number": [level.NullLevel("number"), near, "NOT (number_ok_l AND number_ok_r)"],
        "name_norm": [level.NullLevel("name_norm"), name, "pinyin_l = pinyin_r", one_off],
        "birth": [level.NullLevel("birth"), whole, turned, off, "birth_l[1:4] = birth_r[1:4] AND least(length(birth_l), length(birth_r)) = 4"],
        "account": [blank.format("account"), level.ExactMatchLevel("account")],
        "address": [blank.format("address"), level.ExactMatchLevel("address")],
        "sex": [blank.format("sex"), level.ExactMatchLevel("sex")],
        "region": [blank.format("region"), level.ExactMatchLevel("region")],
    }

    def made(one: Any) -> Any:
        if not isinstance(one, str):
            return one
        found = level.CustomLevel(one, one)
        return found.configure(is_null_level=True) if " IS NULL" in one else found

    rules = [block_on(*both) for both in (("name_norm", "birth"), ("account", "name_norm"), ("account", "birth"), ("address", "name_norm"))]
    rules += [
        f"{piece.format(n='l.number')} = {piece.format(n='r.number')} AND length(l.number) = 18 AND length(r.number) = 18"
        " AND (NOT l.number_ok OR NOT r.number_ok) AND damerau_levenshtein(l.number, r.number) <= 2"
        for piece in _PIECES
    ]
    return SettingsCreator(
        link_type="dedupe_only", unique_id_column_name="key", blocking_rules_to_generate_predictions=rules, retain_matching_columns=False,
        comparisons=[
            comparison.CustomComparison(output_column_name=column, comparison_levels=[*map(made, given), level.ElseLevel()]) for column, given in levels.items()
        ],
    )  # fmt: skip


def splinked(file: Path, threads: int) -> dict[str, Any]:
    """Every pair that Splink gives at least a thousandth, with its match weight."""
    import duckdb
    from splink import Linker, block_on
    from splink.backends.duckdb import DuckDBAPI

    duck = duckdb.connect(config={"threads": str(threads)})
    blank = ", ".join(f"NULLIF({name}, '') AS {name}" for name in ("number", "name_norm", "birth", "region", "account", "address", "sex"))
    duck.execute(f"CREATE TABLE people AS SELECT key, number_ok, pinyin, {blank} FROM read_parquet('{file}')")
    api = DuckDBAPI(connection=duck)
    linker = Linker(api.register("people"), _settings(), log_level="ERROR")
    training = linker.training
    sure = [block_on("name_norm", "birth", "account"), block_on("name_norm", "birth", "address")]
    training.estimate_probability_two_random_records_match(sure, recall=0.5)
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=7)
    for rule in (block_on("name_norm", "birth"), block_on("account")):
        training.estimate_parameters_using_expectation_maximisation(rule, record_sample_proportion=1.0)
    table = linker.inference.predict(threshold_match_probability=0.001).physical_name
    rows = duck.execute(f"SELECT least(key_l, key_r), greatest(key_l, key_r), match_weight FROM {table}").fetchall()
    return {"pairs": rows}


def _child(side: str, file: Path, threads: int) -> dict[str, Any]:
    began = time.perf_counter()
    found = {"ours": ours, "splink": splinked, "rule": rule}[side](file, threads)
    seconds = time.perf_counter() - began
    return found | {"seconds": seconds, "mib": _peak()}


def _peak() -> int:
    """MiB this process held at most; getrusage would tell the parent's, where that was more."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def _told(side: str, file: Path, threads: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, __file__, "--child", side, "--file", str(file), "--threads", str(threads)], stdout=subprocess.PIPE, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def measures(found: Keys, made: People) -> tuple[float, float, float]:
    """Precision, recall and F of pairs against the truth without double registrations."""
    apart = {pair for pair, kind in made.truth.items() if kind.startswith(DOUBLE)}
    truth = made.truth.keys() - apart
    counted = found - apart
    hits = len(counted & truth)
    precision, recall = hits / max(len(counted), 1), hits / max(len(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def best(rows: list[tuple[str, str, float]], made: People) -> tuple[float, Keys]:
    """The match weight that gives Splink its best F on the truth, and the pairs from there."""
    apart = {pair for pair, kind in made.truth.items() if kind.startswith(DOUBLE)}
    truth = len(made.truth) - len(apart)
    ordered = sorted(rows, key=lambda row: -row[2])
    hits = counted = 0
    found: tuple[float, float] = (0.0, math.inf)
    for place, (one, two, weight) in enumerate(ordered):
        if (one, two) not in apart:
            counted += 1
            hits += (one, two) in made.truth
        if place + 1 == len(ordered) or ordered[place + 1][2] < weight:
            found = max(found, (2 * hits / (counted + truth), weight))
    return found[1], {(one, two) for one, two, weight in ordered if weight >= found[1]}


def kinds(made: People, sides: dict[str, Keys], rest: dict[tuple[str, str], str]) -> list[str]:
    """A line for each planted kind and each kind of false friend: how many are shown."""
    lines = [f"| planted | pairs | {' | '.join(f'{side} %' for side in sides)} | ours lists below high |", "|---|--:|" + "--:|" * (len(sides) + 1)]
    for name, pairs in [(kind, made.truth) for kind in KINDS] + [(kind, made.friends) for kind in sorted(set(made.friends.values()))]:
        mine = [pair for pair, kind in pairs.items() if kind == name]
        shown = " | ".join(f"{100 * sum(pair in found for pair in mine) / max(len(mine), 1):.1f}" for found in sides.values())
        below = ", ".join(f"{count} {kind}" for kind, count in Counter(rest[pair] for pair in mine if pair in rest).most_common())
        lines.append(f"| {name if pairs is made.truth else f'two persons: {name}'} | {len(mine)} | {shown} | {below} |")
    return lines


def estimate(made: People) -> list[str]:
    """Ten times log2(m/u) of what two records have in common: m among true pairs, u among the same records paired at random."""
    from controls.checks.linkage import weights

    by_key = {one.key: one for one in made.records}
    same = [(by_key[one], by_key[two]) for one, two in made.truth]
    others = [(one, by_key[made.records[(place * 7919 + 1) % len(made.records)].key]) for place, one in enumerate(made.records)]
    lines = ["| equal | m ‰ | u ‰ | 10·log2(m/u) | weight |", "|---|--:|--:|--:|--:|"]
    for column, step in (("name_norm", "name"), ("birth", "birth"), ("region", "region"), ("account", "account"), ("address", "address"), ("sex", "")):
        m, u = (
            (sum(bool(getattr(a, column)) and getattr(a, column) == getattr(b, column) for a, b in pairs) + 0.5) / (len(pairs) + 1) for pairs in (same, others)
        )
        lines.append(f"| {column} | {1000 * m:.0f} | {1000 * u:.3f} | {round(10 * math.log2(m / u))} | {weights().weights.get(step, '')} |")
    return lines


def slips(rows: list[tuple[str, str, float]], made: People) -> list[tuple[str, str, float]]:
    """The pairs without those of two valid numbers: what ours never shows as high is taken from Splink too, in its favour."""
    holds = {one.key for one in made.records if one.number_ok}
    return [row for row in rows if row[0] not in holds or row[1] not in holds]


def _line(side: str, note: str, answer: dict[str, Any], found: Keys, made: People) -> str:
    figures = " | ".join(f"{figure:.4f}" for figure in measures(found, made))
    return f"| {side}{note} | {answer['seconds']:.1f} | {answer['mib']} | {figures} |"


def main() -> int:
    """Makes, links on both sides, prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--persons", type=int, default=300_000)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only", choices=("ours", "splink", "rule"))
    options.add_argument("--estimate", action="store_true")
    options.add_argument("--child", help=argparse.SUPPRESS)
    options.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.child:
        print(json.dumps(_child(given.child, given.file, given.threads)))
        return 0
    made = people(given.persons, given.seed)
    if given.estimate:
        print("\n".join(estimate(made)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.parquet"
        write(made, file)
        if given.only == "rule":
            _of_rule(_told("rule", file, given.threads), made)
            return 0
        told = {side: _told(side, file, given.threads) for side in ("ours", "splink") if given.only in (None, side)}
    sides: dict[str, Keys] = {}
    rest: dict[tuple[str, str], str] = {}
    print("| side | seconds | MiB | precision | recall | F |\n|---|--:|--:|--:|--:|--:|")
    for side, answer in told.items():
        note = ""
        if side == "ours":
            sides[side] = {(one, two) for one, two in answer["high"]}
            rest = {(one, two): kind for one, two, kind in answer["rest"]}
            print(_line("ours, medium too", "", answer, sides[side] | {pair for pair, kind in rest.items() if kind == "medium slip"}, made))
        else:
            pairs = [(one, two, weight) for one, two, weight in answer["pairs"]]
            weight, sides[side] = best(pairs, made)
            print(_line(side, f", from match weight {weight:.1f}", answer, sides[side], made))
            side = "splink, far valid numbers set apart"
            weight, sides[side] = best(slips(pairs, made), made)
            note = f", from match weight {weight:.1f}"
        print(_line(side, note, answer, sides[side], made), flush=True)
    print("\n" + "\n".join(kinds(made, sides, rest)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
