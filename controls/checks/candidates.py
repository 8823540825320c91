"""Which numbers could possibly be found at all: one cheap pass per rule, so that the rules read few rows.

Pure speed: each query yields a **superset** of the numbers its rule can find (cancelling only ever removes money),
and a test runs every rule with and without it. A rule without a query here reads every paid row.
DuckDB's dialect; the cluster engine does without.
"""

from __future__ import annotations

from collections.abc import Iterable

from controls.checks.duck import Duck

_PAID = "status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"

_NOBODY = "SELECT number FROM payments WHERE 1 = 0"
_HELPED = "SELECT DISTINCT number FROM contributions WHERE payer = '政府代缴'"

_SIMPLE: dict[str, str] = {
    "D1-POSTHUMOUS": "SELECT number FROM death",
    "D2-POSTHUMOUS-LINKED": "SELECT number FROM death_link",
    "P4-TWO-NUMBERS": "SELECT one AS number FROM number_pair UNION ALL SELECT two FROM number_pair",
    "D3-REVIVED": "SELECT number FROM death",
    "E3-CUSTODY": "SELECT DISTINCT number FROM custody",
    "I1-BAD-NUMBER": "SELECT number FROM payments WHERE NOT number_ok AND status = 'paid' AND number <> ''",
    "I2-NAME-DIFFERS": f"SELECT number FROM payments WHERE {_PAID} GROUP BY number HAVING min(name_norm) <> max(name_norm)",
    "A2-HOLDER-DIFFERS": f"SELECT DISTINCT number FROM payments WHERE {_PAID} AND holder <> '' AND holder <> name AND holder <> name_norm",
    "E1-UNDER-AGE": f"SELECT DISTINCT number FROM payments WHERE {_PAID} AND number_ok AND length(number) = 18"
    " AND period <= TRY_CAST(substr(number, 7, 6) AS INTEGER) + 6500 UNION SELECT number FROM people WHERE file_birth IS NOT NULL",
    "E2-NO-CERTIFICATE": "SELECT DISTINCT number FROM people WHERE certified_on IS NOT NULL OR start_month IS NOT NULL",
    "S1-SUBSIDY-NOT-ENTITLED": _HELPED,
    "S2-SUBSIDY-DOUBLE": _HELPED,
    "S3-SUBSIDY-AFTER-DEATH": _HELPED,
    "S4-ENTITLED-NOT-PAID": "SELECT DISTINCT number FROM entitled",
    "S5-SUBSIDY-WRONG-AGE": _HELPED,
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
        queries.append("SELECT number FROM profile WHERE rows_paid > months_paid")
    if "A1-SHARED-ACCOUNT" in wanted:
        queries.append("SELECT number FROM sharing")
    union = " UNION ALL ".join(queries or [_NOBODY])
    duck.run(f"CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT number FROM ({union}) WHERE number <> ''")
    if narrowed:
        keep = "number IN (SELECT number FROM roster_numbers)"
        keep += " OR number IN (SELECT number FROM sharing)" if "A1-SHARED-ACCOUNT" in wanted else ""
        duck.run(f"DELETE FROM candidates WHERE NOT ({keep})")
    return True


def _profile(duck: Duck, *, account: bool, narrowed: bool) -> None:
    """``profile``: per number, fund, region, item and source, how many rows and in how many distinct months; first and last account.

    Months are bits of whole words counted back from the last month; the rare rows before those words are grouped by
    the month itself.
    """
    low, high = duck.values(f"SELECT min(period), max(period) FROM payments WHERE {_PAID}")[0]
    if low is None:
        low = high = 200001
    words = min(_MOST_WORDS, -(-(_index(high) - _index(low) + 1) // _WORD))
    base = _index(high) - words * _WORD + 1
    oldest = base // 12 * 100 + base % 12 + 1
    place = f"((period // 100) * 12 + period % 100 - 1 - {base})"
    bits = [f"coalesce(bit_count(bit_or(CASE WHEN {place} // {_WORD} = {word} THEN CAST(1 AS BIGINT) << ({place} % {_WORD}) END)), 0)" for word in range(words)]
    if words == 1:
        bits = [f"bit_count(bit_or(CAST(1 AS BIGINT) << {place}))"]
    keys = "number, fund, region, item_class, item, source"
    accounts = ", min(account) AS first_account, max(account) AS last_account" if account else ""
    only = ""
    if narrowed:
        only = " AND (number IN (SELECT number FROM roster_numbers) OR account IN (SELECT account FROM roster_accounts))"
    duck.run(
        f"CREATE OR REPLACE TEMP TABLE profile AS SELECT {keys}, count(*) AS rows_paid, {' + '.join(bits)} AS months_paid{accounts}"
        f" FROM payments WHERE {_PAID}{only} AND period >= {oldest} GROUP BY {keys}"
        f" UNION ALL SELECT {keys}, count(*), 1{accounts} FROM payments WHERE {_PAID}{only} AND period < {oldest} GROUP BY {keys}, period"
    )
    if account:
        _sharing(duck, " AND account IN (SELECT account FROM roster_accounts)" if narrowed else "")


def _sharing(duck: Duck, only: str) -> None:
    """``sharing``: the numbers on accounts of several numbers. Who kept one account is read off the profile, the others once more."""
    duck.run(
        "CREATE OR REPLACE TEMP TABLE movers AS SELECT number FROM profile WHERE item_class = 'pension'"
        " GROUP BY number HAVING min(first_account) <> max(last_account)"
    )
    pairs = "SELECT number, first_account AS account FROM profile WHERE item_class = 'pension' AND first_account = last_account"
    if duck.values("SELECT 1 FROM movers LIMIT 1"):
        pairs += f" UNION ALL SELECT DISTINCT number, account FROM payments WHERE {_PAID} AND item_class = 'pension' AND number IN (SELECT number FROM movers)"
    duck.run(f"CREATE OR REPLACE TEMP TABLE holding AS SELECT number, account FROM ({pairs}) WHERE account <> ''{only}")
    shared = "SELECT account FROM holding GROUP BY account HAVING min(number) <> max(number)"
    duck.run(f"CREATE OR REPLACE TEMP TABLE sharing AS SELECT DISTINCT number FROM holding WHERE account IN ({shared})")


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1
