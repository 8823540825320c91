"""Which numbers the rules of the full catalogue could possibly find (see :mod:`controls.checks.candidates`): payees by kind of benefit, and those of whom
another file says something. Each text yields a superset of what its rule finds, and whole groups where a rule counts persons."""

from __future__ import annotations

from collections.abc import Iterable

from controls.checks.catalogue import Rule, chosen

MONTH = "YEAR({0}) * 100 + MONTH({0})"
_BORN = "TRY_CAST(SUBSTR({0}.number, 7, 6) AS INTEGER)"
_UNEMPLOYED = "SELECT number FROM profile WHERE item_class = 'unemployment' OR (item_class = 'pension' AND fund = 'U')"
_SURVIVORS = "SELECT number FROM profile WHERE item_class = 'survivor'"
_DEAD = "SELECT q.number FROM {0} q JOIN death d ON d.number = q.number"

_PLAIN: dict[str, str] = {
    # Who changed accounts: all of them, since changes of many at once are a campaign.
    "A3-ACCOUNT-CHANGED": "SELECT number FROM spans WHERE two_accounts",
    "D4-STILL-OPEN": _DEAD.format("people"),
    "D5-STOPPED-LATE": _DEAD.format("people"),
    "D6-DEATH-DATES-DIFFER": "SELECT number FROM deaths WHERE is_death GROUP BY number HAVING MIN(death_on) <> MAX(death_on)",
    "D7-BALANCE-LEFT": _DEAD.format("balances"),
    "E11-SURVIVOR-WORKS": _SURVIVORS,
    "E12-ABSENT": "SELECT a.number FROM absences a JOIN spans s ON s.number = a.number",
    "E6-FILE-BIRTH": "SELECT number FROM people WHERE REPLACE(CAST(file_birth AS VARCHAR(10)), '-', '') <> SUBSTR(number, 7, 8)",
    "E8-UNEMPLOYMENT-PRISON": f"SELECT c.number FROM custody c JOIN ({_UNEMPLOYED}) u ON u.number = c.number",
    "E9-SURVIVOR-ADULT": _SURVIVORS,
    "I3-SEX-BIRTH": "SELECT number FROM people WHERE LENGTH(number) = 18 AND (REPLACE(CAST(birth AS VARCHAR(10)), '-', '') <> SUBSTR(number, 7, 8)"
    " OR sex = CASE WHEN SUBSTR(number, 17, 1) IN ('1', '3', '5', '7', '9') THEN '女' ELSE '男' END)",
    "K2-PAID-TWICE": "SELECT number FROM contributions WHERE fund = 'R' AND payer = '个人' GROUP BY number, year HAVING COUNT(*) > 1",
    "K4-PREMIUM-AFTER-DEATH": _DEAD.format("contributions"),
    # What came later than the as-of month, and what was refunded, may turn a year either way.
    "K6-SUBSIDY-ALONE": "SELECT MIN(number) AS number FROM contributions WHERE fund = 'R' AND person <> '' GROUP BY person, year"
    " HAVING MAX(CASE WHEN payer = '财政补贴' AND amount > 0 THEN 1 ELSE 0 END) = 1 AND (SUM(CASE WHEN payer <> '财政补贴' THEN amount ELSE 0 END) <= 0"
    " OR MIN(amount) < 0 OR MAX(period % 100) > 0)",
    "K7-CLOSED-EMPLOYER": "SELECT c.number FROM contributions c JOIN employers k ON k.employer_code = c.employer_code WHERE k.closed_on IS NOT NULL",
    "L1-TWO-LISTS": "SELECT number FROM entitled GROUP BY number HAVING COUNT(*) > 1",
    "L2-HOLDINGS": "SELECT e.number FROM entitled e JOIN holdings h ON h.number = e.number",
    "L3-LISTED-AFTER-DEATH": _DEAD.format("entitled"),
    "M1-CLAIM-TWICE": "SELECT c.number FROM claims c JOIN (SELECT hospital, invoice FROM claims WHERE invoice <> '' GROUP BY hospital, invoice"
    " HAVING COUNT(*) > 1) b ON b.hospital = c.hospital AND b.invoice = c.invoice"
    " UNION ALL SELECT number FROM claims GROUP BY number, hospital, admitted_on, discharged_on HAVING COUNT(*) > 1",
    "P10-ALLOWANCE-TWICE": "SELECT number FROM allowance_twice",
    "P6-UNEMPLOYMENT-WORK": _UNEMPLOYED,
    "P7-ALLOWANCE-LONG": _UNEMPLOYED,
    "P8-DISABILITY-PENSION": "SELECT number FROM profile WHERE item_class = 'disability' OR (item_class = 'pension' AND fund = 'W')",
    "P9-FUNERAL-TWICE": "SELECT number FROM profile WHERE item_class = 'funeral' GROUP BY number HAVING SUM(rows_paid) > 1",
}


KNOWN = frozenset(_PLAIN)
"""Rules whose candidates do not hang on a parameter."""


def known(until: int) -> dict[str, str]:
    """Rule → SQL of ``number``. ``until``: no month after it (``yyyymm``) is looked at."""
    made = dict(_PLAIN)
    for build in (_worked_child, _early_retired, _not_drawing, _retired_young, _unseen, _lump, _batch, _disabled, _orphans):
        made |= build(until)
    made |= {"K1-TWO-SCHEMES-PAID": _both("'E', 'G'", "R"), "K5-TWO-MEDICAL": _both("'ME'", "MR")}
    return made


def _rule(code: str) -> Rule:
    return chosen([code])[0]


def _words(words: object) -> str:
    return "(" + ", ".join("'" + str(word).replace("'", "''") + "'" for word in (words if isinstance(words, Iterable) else ())) + ")"


def _numbers(rule: Rule, name: str) -> list[int]:
    """Each value a parameter ever has: the candidates are those of the loosest."""
    return [int(str(value)) for value in rule.every(name)]


def _like(rule: Rule, *names: str) -> str:
    """Whether a category of the list is one that any of the parameters ever names."""
    words = [str(word).replace("'", "''") for name in names for word in rule.every(name)]
    return " OR ".join(f"category LIKE '{word}'" for word in words)


def _both(worked: str, own: str) -> str:
    """Who pays by himself for ``own`` in a year of ``worked``."""
    return (
        f"SELECT o.number FROM (SELECT DISTINCT number, year FROM contributions WHERE fund = '{own}' AND payer = '个人') o"
        f" JOIN (SELECT DISTINCT number, year FROM contributions WHERE fund IN ({worked})) w ON w.number = o.number AND w.year = o.year"
    )


def _worked_child(_: int) -> dict[str, str]:
    rule = _rule("E13-WORKED-CHILD")
    age = max(_numbers(rule, "age_least")) * 100
    born = f"COALESCE({MONTH.format('q.file_birth')}, {_BORN.format('q')})"
    return {rule.code: f"SELECT q.number FROM people q WHERE {MONTH.format('q.worked_on')} < {born} + {age}"}


def _early_retired(_: int) -> dict[str, str]:
    rule = _rule("E10-EARLY-RETIREMENT")
    kinds = [word for words in rule.every("kinds") for word in (words if isinstance(words, tuple) else (words,))]
    return {rule.code: f"SELECT number FROM people WHERE fund IN ('E', 'G') AND retire_kind IN {_words(kinds)}"}


def _not_drawing(until: int) -> dict[str, str]:
    rule = _rule("E4-NOT-DRAWING")
    age = min(_numbers(rule, "pension_age")) * 100
    return {
        rule.code: "SELECT q.number FROM people q WHERE q.fund = 'R' AND q.start_month IS NULL AND q.end_month IS NULL AND LENGTH(q.number) = 18"
        f" AND {_BORN.format('q')} + {age} <= {until}"
    }


def _retired_young(_: int) -> dict[str, str]:
    rule = _rule("E5-RETIRED-YOUNG")
    age = max(_numbers(rule, "age_least")) * 100
    born = f"COALESCE({MONTH.format('q.file_birth')}, {_BORN.format('q')})"
    return {rule.code: f"SELECT q.number FROM people q WHERE q.fund IN ('E', 'G') AND q.start_month < {born} + {age}"}


def _unseen(_: int) -> dict[str, str]:
    rule = _rule("E7-UNSEEN-OLD")
    age = min(_numbers(rule, "age_least")) * 100
    return {
        rule.code: "SELECT q.number FROM people q JOIN spans s ON s.number = q.number"
        f" WHERE q.certified_on IS NOT NULL AND LENGTH(q.number) = 18 AND {_BORN.format('q')} + {age} <= s.last"
    }


def _lump(_: int) -> dict[str, str]:
    rule = _rule("K3-LATE-LUMP")
    return {rule.code: _late("number, region", rule)}


def _batch(_: int) -> dict[str, str]:
    rule = _rule("K8-LUMP-BATCH")
    return {rule.code: _late("number, employer_code", rule)}


def _late(keys: str, rule: Rule) -> str:
    month = MONTH.format("received_on")
    return (
        f"SELECT number FROM contributions WHERE fund = 'E' AND amount > 0 AND period < {month} - 100"
        f" GROUP BY {keys}, {month} HAVING COUNT(*) >= {min(_numbers(rule, 'months_least'))}"
    )


def _disabled(_: int) -> dict[str, str]:
    rule = _rule("L4-DISABILITY-LISTS")
    return {rule.code: f"SELECT number FROM entitled WHERE {_like(rule, 'living', 'nursing')}"}


def _orphans(_: int) -> dict[str, str]:
    rule = _rule("L5-ORPHAN-ADULT")
    return {rule.code: f"SELECT number FROM entitled WHERE {_like(rule, 'orphan')}"}
