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
    "E3-CUSTODY": "SELECT number FROM term",
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

_WORD = 60
_MOST_WORDS = 3


def gather(duck: Duck, rules: Iterable[str], *, narrowed: bool = False) -> bool:
    """Fills the table ``candidates(number)``; False when some rule needs every row. ``narrowed``: only roster people."""
    wanted = set(rules)
    queries = [_SIMPLE[code] for code in sorted(wanted) if code in _SIMPLE]
    kinds = [_TWO_KINDS[code] for code in sorted(wanted) if code in _TWO_KINDS]
    known = set(_SIMPLE) | set(_TWO_KINDS) | {"P3-TWICE", "A1-SHARED-ACCOUNT"}
    if wanted - known:
        return False
    if "P3-TWICE" in wanted:
        _profile(duck, narrowed)
        queries.append("SELECT number FROM profile WHERE rows_paid > months_paid")
    if kinds:
        source = "profile" if "P3-TWICE" in wanted else f"payments WHERE {_PAID}{_only(narrowed)}"
        queries.append(f"SELECT number FROM {source} GROUP BY number HAVING {' OR '.join(kinds)}")
    if "A1-SHARED-ACCOUNT" in wanted:
        queries.append(_sharing(duck, narrowed))
    duck.run("CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT number FROM (" + " UNION ALL ".join(queries) + ") WHERE number <> ''")
    if narrowed:
        keep = "number IN (SELECT number FROM roster_numbers)"
        if "A1-SHARED-ACCOUNT" in wanted:
            keep += " OR number IN (SELECT number FROM sharing)"
        duck.run(f"DELETE FROM candidates WHERE NOT ({keep})")
    return True


def _only(narrowed: bool) -> str:
    return " AND number IN (SELECT number FROM roster_numbers)" if narrowed else ""


def _profile(duck: Duck, narrowed: bool) -> None:
    """``profile``: per number, fund, region, item and source, how many rows and in how many distinct months.

    Months are bits of whole words counted back from the last one; the rare rows older than those words are
    grouped by month itself.
    """
    low, high = duck.values(f"SELECT min(period), max(period) FROM payments WHERE {_PAID}")[0]
    if low is None:
        low = high = 200001
    words = min(_MOST_WORDS, -(-(_index(high) - _index(low) + 1) // _WORD))
    base = _index(high) - words * _WORD + 1
    oldest = base // 12 * 100 + base % 12 + 1
    number = f"((period // 100) * 12 + period % 100 - 1 - {base})"
    bits = [f"bit_count(bit_or(CASE WHEN {number} // {_WORD} = {word} THEN CAST(1 AS BIGINT) << ({number} % {_WORD}) END))" for word in range(words)]
    if words == 1:
        bits = [f"bit_count(bit_or(CAST(1 AS BIGINT) << {number}))"]
    months = " + ".join(f"coalesce({bit}, 0)" for bit in bits)
    keys = "number, fund, region, item_class, item, source"
    duck.run(
        f"CREATE OR REPLACE TEMP TABLE profile AS SELECT {keys}, count(*) AS rows_paid, {months} AS months_paid"
        f" FROM payments WHERE {_PAID}{_only(narrowed)} AND period >= {oldest} GROUP BY {keys}"
        f" UNION ALL SELECT {keys}, count(*), 1 FROM payments WHERE {_PAID}{_only(narrowed)} AND period < {oldest} GROUP BY {keys}, period"
    )


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1


def _sharing(duck: Duck, narrowed: bool) -> str:
    only = " AND account IN (SELECT account FROM roster_accounts)" if narrowed else ""
    where = f"{_PAID} AND item_class = 'pension' AND account <> ''{only}"
    duck.run(f"CREATE OR REPLACE TEMP TABLE shared AS SELECT account FROM payments WHERE {where} GROUP BY account HAVING min(number) <> max(number)")
    duck.run(f"CREATE OR REPLACE TEMP TABLE sharing AS SELECT DISTINCT number FROM payments WHERE {where} AND account IN (SELECT account FROM shared)")
    return "SELECT number FROM sharing"
