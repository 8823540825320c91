"""Which numbers could possibly be found at all: one cheap pass per rule, so that the rules read few rows.

Pure speed: each query yields a **superset** of the numbers its rule can find (cancelling only ever removes money),
and a test runs every rule with and without it. A rule without a query here reads every paid row.
DuckDB's dialect; the cluster engine does without.
"""

from __future__ import annotations

from collections.abc import Iterable

from controls.checks.duck import Duck

_PAID = "status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"

_SIMPLE: dict[str, str] = {
    "D1-POSTHUMOUS": "SELECT number FROM death",
    "D3-REVIVED": "SELECT number FROM death",
    "E3-CUSTODY": "SELECT DISTINCT number FROM custody",
    "I1-BAD-NUMBER": "SELECT number FROM payments WHERE NOT number_ok AND status = 'paid' AND number <> ''",
    "I2-NAME-DIFFERS": f"SELECT number FROM payments WHERE {_PAID} GROUP BY number HAVING min(name_norm) <> max(name_norm)",
    "A2-HOLDER-DIFFERS": f"SELECT DISTINCT number FROM payments WHERE {_PAID} AND holder <> '' AND holder <> name AND holder <> name_norm",
    "E1-UNDER-AGE": f"SELECT DISTINCT number FROM payments WHERE {_PAID} AND number_ok AND length(number) = 18"
    " AND period <= TRY_CAST(substr(number, 7, 6) AS INTEGER) + 6500 UNION SELECT number FROM people WHERE file_birth IS NOT NULL",
    "E2-NO-CERTIFICATE": "SELECT DISTINCT number FROM people WHERE certified_on IS NOT NULL OR start_month IS NOT NULL",
    "S1-SUBSIDY-NOT-ENTITLED": "SELECT number FROM payments WHERE 1 = 0",
    "S2-SUBSIDY-DOUBLE": "SELECT number FROM payments WHERE 1 = 0",
    "S3-SUBSIDY-AFTER-DEATH": "SELECT number FROM payments WHERE 1 = 0",
    "S4-ENTITLED-NOT-PAID": "SELECT DISTINCT number FROM entitled",
    "S5-SUBSIDY-WRONG-AGE": "SELECT DISTINCT number FROM contributions WHERE payer = '政府代缴'",
}

_TWO_KINDS: dict[str, str] = {
    "P1-TWO-SCHEMES": "min(fund) <> max(fund)",
    "P2-TWO-REGIONS": "min(region) <> max(region)",
    "P5-PENSION-UNEMPLOYMENT": "min(fund) <> max(fund) OR min(item_class) <> max(item_class)",
}

_PROFILED = frozenset({"P3-TWICE", "A1-SHARED-ACCOUNT"})
_WORD = 60
_MOST_WORDS = 3


def gather(duck: Duck, rules: Iterable[str], *, narrowed: bool = False) -> bool:
    """Fills the table ``candidates(number)``; False when some rule needs every row. ``narrowed``: only roster people."""
    wanted = set(rules)
    if wanted - set(_SIMPLE) - set(_TWO_KINDS) - _PROFILED:
        return False
    queries = [_SIMPLE[code] for code in sorted(wanted) if code in _SIMPLE]
    kinds = [_TWO_KINDS[code] for code in sorted(wanted) if code in _TWO_KINDS]
    source = f"payments WHERE {_PAID}" + (" AND number IN (SELECT number FROM roster_numbers)" if narrowed else "")
    if wanted & _PROFILED:
        _profile(duck, account="A1-SHARED-ACCOUNT" in wanted, narrowed=narrowed)
        source = "profile"
    if kinds:
        queries.append(f"SELECT number FROM {source} GROUP BY number HAVING {' OR '.join(kinds)}")
    if "P3-TWICE" in wanted:
        queries.append("SELECT number FROM profile GROUP BY number, fund, region, item, source HAVING SUM(rows_paid) > " + _months_of_profile())
    if "A1-SHARED-ACCOUNT" in wanted:
        queries.append("SELECT number FROM sharing")
    union = " UNION ALL ".join(queries)
    duck.run(f"CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT number FROM ({union}) WHERE number <> ''")
    if narrowed:
        keep = "number IN (SELECT number FROM roster_numbers)"
        keep += " OR number IN (SELECT number FROM sharing)" if "A1-SHARED-ACCOUNT" in wanted else ""
        duck.run(f"DELETE FROM candidates WHERE NOT ({keep})")
    return True


def _profile(duck: Duck, *, account: bool, narrowed: bool) -> None:
    """``profile``: per number, fund, region, item, source (and account) how many rows, and their months as bits of whole words.

    The words are counted back from the last month; the rare rows before them are grouped by the month itself and
    their month goes into the key. With ``account``, ``sharing`` holds the numbers on accounts of several numbers.
    """
    low, high = duck.values(f"SELECT min(period), max(period) FROM payments WHERE {_PAID}")[0]
    if low is None:
        low = high = 200001
    words = min(_MOST_WORDS, -(-(_index(high) - _index(low) + 1) // _WORD))
    base = _index(high) - words * _WORD + 1
    oldest = base // 12 * 100 + base % 12 + 1
    place = f"((period // 100) * 12 + period % 100 - 1 - {base})"
    bits = [f"bit_or(CASE WHEN {place} // {_WORD} = {word} THEN CAST(1 AS BIGINT) << ({place} % {_WORD}) ELSE 0 END)" for word in range(words)]
    if words == 1:
        bits = [f"bit_or(CAST(1 AS BIGINT) << {place})"]
    bits += ["CAST(0 AS BIGINT)"] * (_MOST_WORDS - words)
    keys = "number, fund, region, item_class, item, source"
    held = f"{keys}, account" if account else keys
    only = ""
    if narrowed:
        only = " AND (number IN (SELECT number FROM roster_numbers) OR account IN (SELECT account FROM roster_accounts))"
    shown = ", ".join(f"{bit} AS word_{place}" for place, bit in enumerate(bits))
    none = ", ".join(f"CAST(0 AS BIGINT) AS word_{place}" for place in range(_MOST_WORDS))
    duck.run(
        f"CREATE OR REPLACE TEMP TABLE profile AS SELECT {held}, 0 AS old, count(*) AS rows_paid, {shown}"
        f" FROM payments WHERE {_PAID}{only} AND period >= {oldest} GROUP BY {held}"
        f" UNION ALL SELECT {held}, period, count(*), {none} FROM payments WHERE {_PAID}{only} AND period < {oldest} GROUP BY {held}, period"
    )
    if account:
        where = " AND account IN (SELECT account FROM roster_accounts)" if narrowed else ""
        duck.run(
            "CREATE OR REPLACE TEMP TABLE sharing AS SELECT DISTINCT number FROM profile WHERE item_class = 'pension' AND account IN"
            f" (SELECT account FROM profile WHERE item_class = 'pension' AND account <> ''{where} GROUP BY account HAVING min(number) <> max(number))"
        )


def _months_of_profile() -> str:
    bits = " + ".join(f"bit_count(bit_or(word_{place}))" for place in range(_MOST_WORDS))
    return f"{bits} + COUNT(DISTINCT CASE WHEN old > 0 THEN old END)"


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1
