"""Which numbers could possibly be found at all: one pass over the payments that all rules share, so that the rules read few rows.

Pure speed: each query yields a **superset** of the numbers its rule can find (cancelling only ever removes money),
and a test runs every rule with and without it. A rule without a query here reads every paid row.
DuckDB's dialect; the cluster engine does without.
"""

from __future__ import annotations

from collections.abc import Iterable

from controls.checks.catalogue import chosen
from controls.checks.duck import Duck
from ledger.parameters import Parameters

_PAID = "status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"

_NOBODY = "SELECT number FROM payments WHERE 1 = 0"
_HELPED = "SELECT DISTINCT number FROM contributions WHERE payer = '政府代缴'"
_AFTER_DEATH = "SELECT s.number FROM spans s JOIN death d ON d.number = s.number WHERE s.last > d.death_month"
_MONTH = "YEAR({0}) * 100 + MONTH({0})"
_OLDEST_DUE = 6500
"""No employee's pension age lies above 65 years, whatever the kind (``yyyymm``)."""

_SIMPLE: dict[str, str] = {
    "D1-POSTHUMOUS": _AFTER_DEATH,
    "D2-POSTHUMOUS-LINKED": "SELECT number FROM death_link",
    "P4-TWO-NUMBERS": "SELECT one AS number FROM number_pair UNION ALL SELECT two FROM number_pair",
    "D3-REVIVED": _AFTER_DEATH,
    "E3-CUSTODY": "SELECT c.number FROM custody c JOIN spans s ON s.number = c.number"
    f" WHERE s.last >= {_MONTH.format('least(c.detained_on, c.imprisoned_on)')}",
    "I1-BAD-NUMBER": "SELECT number FROM profile WHERE NOT number_ok",
    "I2-NAME-DIFFERS": "SELECT number FROM profile GROUP BY number HAVING min(name_norm) <> max(name_norm)",
    "A2-HOLDER-DIFFERS": "SELECT number FROM profile WHERE other_holder",
    "S1-SUBSIDY-NOT-ENTITLED": _HELPED,
    "S2-SUBSIDY-DOUBLE": _HELPED,
    "S3-SUBSIDY-AFTER-DEATH": _HELPED,
    "S4-ENTITLED-NOT-PAID": "SELECT DISTINCT number FROM entitled",
    "S5-SUBSIDY-WRONG-AGE": _HELPED,
    "P1-TWO-SCHEMES": "SELECT number FROM spans WHERE two_funds",
    "P2-TWO-REGIONS": "SELECT number FROM spans WHERE two_regions",
    "P5-PENSION-UNEMPLOYMENT": "SELECT number FROM spans WHERE two_funds OR two_classes",
    "P3-TWICE": "SELECT number FROM twice",
    "A1-SHARED-ACCOUNT": "SELECT number FROM sharing",
}
_NONE: frozenset[str] = frozenset({"D2-POSTHUMOUS-LINKED", "P4-TWO-NUMBERS"})
"""Rules that are told without the shared pass, with those of the premiums."""

_WORD = 60
_MOST_WORDS = 3


def gather(duck: Duck, rules: Iterable[str], *, narrowed: bool = False) -> bool:
    """Fills ``candidate_of(rule, number)`` and ``candidates(number)``; False when some rule needs every row. ``narrowed``: only roster people."""
    wanted = set(rules)
    known = {**_SIMPLE, "E1-UNDER-AGE": _early(), "E2-NO-CERTIFICATE": _uncertified()}
    if wanted - set(known):
        return False
    if any(code not in _NONE and not code.startswith("S") for code in wanted):
        _profile(duck, narrowed=narrowed)
    if "A1-SHARED-ACCOUNT" in wanted:
        _sharing(duck, " AND account IN (SELECT account FROM roster_accounts)" if narrowed else "")
    arms = [f"SELECT '{code}' AS rule, number FROM ({known[code]})" for code in sorted(wanted)]
    keep = "number <> ''"
    if narrowed:
        keep += " AND (number IN (SELECT number FROM roster_numbers)"
        keep += " OR number IN (SELECT number FROM sharing))" if "A1-SHARED-ACCOUNT" in wanted else ")"
    union = " UNION ALL ".join(arms or [f"SELECT '' AS rule, number FROM ({_NOBODY})"])
    duck.run(f"CREATE OR REPLACE TEMP TABLE candidate_of AS SELECT DISTINCT rule, number FROM ({union}) WHERE {keep}")
    duck.run("CREATE OR REPLACE TEMP TABLE candidates AS SELECT DISTINCT number FROM candidate_of")
    return True


def spread(duck: Duck) -> None:
    """Keeps the months of all candidates apart, so that each rule may read those of its own (:func:`only`)."""
    duck.run("ALTER TABLE paid_months RENAME TO paid_all")
    only(duck, "")


def only(duck: Duck, rule: str) -> None:
    """Lets ``paid_months`` show the months of one rule's candidates; of all when ``rule`` is blank."""
    whose = f" WHERE number IN (SELECT number FROM candidate_of WHERE rule = '{rule}')" if rule else ""
    duck.run(f"CREATE OR REPLACE TEMP VIEW paid_months AS SELECT * FROM paid_all{whose}")


def _early() -> str:
    """Who was paid before an age that could count: residents by the number and the dated age, employees where the people file says how they retired."""
    ages = [entry.value for one in Parameters.load().all if one.name == "resident_pension_age" for entry in one.values]
    resident = max((int(age) for age in ages if isinstance(age, int)), default=_OLDEST_DUE // 100) * 100
    born = "TRY_CAST(substr(p.number, 7, 6) AS INTEGER)"
    return (
        f"SELECT p.number FROM profile p WHERE p.fund = 'R' AND length(p.number) = 18 AND p.first <= {born} + {resident}"
        " UNION ALL SELECT s.number FROM people p JOIN spans s ON s.number = p.number WHERE p.fund IN ('E', 'G') AND p.retire_kind <> ''"
        f" AND s.first <= coalesce({_MONTH.format('p.file_birth')}, {born}) + {_OLDEST_DUE}"
    )


def _uncertified() -> str:
    """Who was paid longer after certification and start than the rule allows."""
    (rule,) = chosen(["E2-NO-CERTIFICATE"])
    stated = f"max(greatest(coalesce({_MONTH.format('p.certified_on')}, 0), coalesce(p.start_month, 0)))"
    return (
        "SELECT p.number FROM people p JOIN spans s ON s.number = p.number WHERE p.certified_on IS NOT NULL OR p.start_month IS NOT NULL"
        f" GROUP BY p.number, p.number_ok, p.name_norm, p.fund HAVING {_months('max(s.last)')} > {_months(stated)} + {rule.parameters['certificate_months']}"
    )


def _months(period: str) -> str:
    return f"({period} // 100 * 12 + {period} % 100)"


def _profile(duck: Duck, *, narrowed: bool) -> None:
    """``profile``: what one pass keeps of each number, fund, region, item, source, account and name. From it ``spans`` of each number and ``twice``.

    Kept are how many rows, the months as bits of whole words counted back from the last month, first and last month, and whether an
    account is held under another name. The rare rows before those words are grouped by the month itself.
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
    same = "number, fund, region, item_class, item, source"
    keys = f"{same}, account, name_norm, number_ok"
    names = [f"word_{word}" for word in range(words)]
    kept = (
        "count(*) AS rows_paid, bool_or(holder <> name AND holder <> '' AND holder <> name_norm) AS other_holder,"
        " least(min(period), min(span_from)) AS first, greatest(max(period), max(span_to)) AS last"
    )
    only = " AND (number IN (SELECT number FROM roster_numbers) OR account IN (SELECT account FROM roster_accounts))" if narrowed else ""
    source = f"FROM payments WHERE {_PAID}{only}"
    counted = ", ".join(f"{bit} AS {name}" for bit, name in zip(bits, names, strict=True))
    duck.run(f"CREATE OR REPLACE TEMP TABLE profile AS SELECT {keys}, {kept}, 0 AS before, {counted} {source} AND period >= {oldest} GROUP BY {keys}")
    if low < oldest:
        nothing = ", ".join("0" for _ in names)
        duck.run(f"INSERT INTO profile SELECT {keys}, {kept}, period, {nothing} {source} AND period < {oldest} GROUP BY {keys}, period")
    duck.run(
        "CREATE OR REPLACE TEMP TABLE spans AS SELECT number, min(first) AS first, max(last) AS last, min(fund) <> max(fund) AS two_funds,"
        " min(region) <> max(region) AS two_regions, min(item_class) <> max(item_class) AS two_classes FROM profile GROUP BY number"
    )
    months = " + ".join(f"bit_count(bit_or({name}))" for name in names)
    duck.run(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT number FROM profile GROUP BY {same}, before"
        f" HAVING sum(rows_paid) > CASE WHEN before > 0 THEN 1 ELSE {months} END"
    )


def _sharing(duck: Duck, only: str) -> None:
    """``sharing``: the numbers on accounts of several numbers."""
    duck.run(f"CREATE OR REPLACE TEMP TABLE holding AS SELECT DISTINCT number, account FROM profile WHERE item_class = 'pension' AND account <> ''{only}")
    shared = "SELECT account FROM holding GROUP BY account HAVING min(number) <> max(number)"
    duck.run(f"CREATE OR REPLACE TEMP TABLE sharing AS SELECT DISTINCT number FROM holding WHERE account IN ({shared})")


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1
