"""Which numbers could possibly be found at all: one pass over the payments that all rules share, so that the rules read few rows.

Pure speed: each query yields a **superset** of the numbers its rule can find (cancelling only ever removes money),
and a test runs every rule with and without it. A rule without a query here reads every paid row.
What the engines say differently (a whole quotient, a bit of a word) they say themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod

import pyarrow as pa

from controls.checks import ages, further_candidates
from controls.checks.catalogue import chosen
from controls.checks.engine import Engine
from controls.checks.further_candidates import MONTH as _MONTH
from ledger.parameters import Parameters

_PAID = "status = 'paid' AND amount > 0 AND number <> '' AND NOT damaged"

_NOBODY = "SELECT number FROM payments WHERE 1 = 0"
_HELPED = "SELECT DISTINCT number FROM contributions WHERE payer = '政府代缴'"
_AFTER_DEATH = "SELECT s.number FROM spans s JOIN death d ON d.number = s.number WHERE s.last > d.death_month"

_SIMPLE: dict[str, str] = {
    "D1-POSTHUMOUS": _AFTER_DEATH,
    "D2-POSTHUMOUS-LINKED": "SELECT number FROM death_link",
    "P4-TWO-NUMBERS": "SELECT one AS number FROM number_pair UNION ALL SELECT two FROM number_pair",
    "D3-REVIVED": _AFTER_DEATH,
    "E3-CUSTODY": "SELECT c.number FROM custody c JOIN spans s ON s.number = c.number"
    f" WHERE s.last >= {_MONTH.format('least(c.detained_on, c.imprisoned_on)')}",
    "I1-BAD-NUMBER": "SELECT number FROM profile WHERE NOT number_ok",
    "I2-NAME-DIFFERS": "SELECT number FROM spans WHERE two_names",
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
ALL = frozenset(_SIMPLE) | {"E1-UNDER-AGE", "E2-NO-CERTIFICATE"} | further_candidates.KNOWN
"""Rules whose candidates one query tells, whatever the parameters."""
_SHARED = ("profile", "spans", "twice", "sharing")
"""What the shared pass leaves behind; a rule that names none of it is told without the pass."""

_PAIRED = (
    "SELECT p.one AS number FROM number_pair p WHERE p.one IN (SELECT number FROM roster_numbers) OR p.two IN (SELECT number FROM roster_numbers)"
    " UNION ALL SELECT p.two FROM number_pair p WHERE p.one IN (SELECT number FROM roster_numbers) OR p.two IN (SELECT number FROM roster_numbers)"
)
"""Both numbers of a pair of which the roster has one."""

_WORD = 60
_MOST_WORDS = 3


_WORKED_OUT = frozenset({"E1-UNDER-AGE", "E2-NO-CERTIFICATE"})


def look(engine: Engine, rules: Iterable[str]) -> bool:
    """Goes over all payments ahead of :func:`gather`, for links to be sought among the payees.

    False, and nothing done, when some rule needs every row or none needs the pass.
    """
    wanted, known = set(rules), {**_SIMPLE, **further_candidates.known(0)}
    if wanted - set(known) - _WORKED_OUT or not (wanted & _WORKED_OUT or any(word in known[code] for code in wanted for word in _SHARED)):
        return False
    _profile(engine, narrowed=False, named=True)
    return True


def gather(engine: Engine, rules: Iterable[str], *, until: int, narrowed: bool = False, looked: bool = False) -> dict[str, int] | None:
    """Fills ``candidates(number, asked)`` and returns the bit in ``asked`` by which a rule asks for a number; None when some rule needs every row.

    Rules that ask for nobody are not in it. ``until``: no month after it is looked at. ``narrowed``: only roster people.
    ``looked``: :func:`look` has been over the payments.
    """
    wanted = set(rules)
    known = {**_SIMPLE, **further_candidates.known(until), "E1-UNDER-AGE": _early(), "E2-NO-CERTIFICATE": _uncertified(engine)}
    if narrowed:
        known = dict.fromkeys(wanted, "SELECT number FROM roster_numbers") | known | {"P4-TWO-NUMBERS": _PAIRED}
    if wanted - set(known) or len(wanted) > _WORD:
        return None
    if not looked and any(word in known[code] for code in wanted for word in _SHARED):
        _profile(engine, narrowed=narrowed, named=False)
    if "A1-SHARED-ACCOUNT" in wanted:
        _sharing(engine, f" AND account IN (SELECT {engine.mark('account')} FROM roster_accounts)" if narrowed else "")
    if wanted & _WORKED_OUT:
        _drawing(engine)
    bits = {code: 1 << place for place, code in enumerate(sorted(wanted))}
    alike = {text: sum(bit for code, bit in bits.items() if known[code] == text) for text in (known[code] for code in bits)}
    arms = [f"SELECT CAST({asked} AS BIGINT) AS asked, number FROM ({text}) c" for text, asked in alike.items()]
    keep = "number <> ''"
    if narrowed:
        keep += " AND (number IN (SELECT number FROM roster_numbers)"
        paired = f" OR asked = {bits['P4-TWO-NUMBERS']}" if "P4-TWO-NUMBERS" in wanted else ""
        shared = " OR number IN (SELECT number FROM sharing)" if "A1-SHARED-ACCOUNT" in wanted else ""
        keep += f"{paired}{shared})"
    union = " UNION ALL ".join(arms or [f"SELECT CAST(0 AS BIGINT) AS asked, number FROM ({_NOBODY}) c"])
    engine.table("candidates", f"SELECT number, BIT_OR(asked) AS asked FROM ({union}) u WHERE {keep} GROUP BY number")
    ((asked,),) = engine.values("SELECT BIT_OR(asked) FROM candidates")
    return {code: bit for code, bit in bits.items() if (asked or 0) & bit}


def only(engine: Engine, asked: int | None) -> None:
    """Lets ``paid_months`` show the months of those of ``paid_all`` for whom the rules of these bits ask; of all candidates when it is None."""
    whose = "" if asked is None else f" WHERE asked & CAST({asked} AS BIGINT) <> 0"
    engine.view("paid_months", f"SELECT * FROM paid_all{whose}")


def _early() -> str:
    """Who was paid before an age that could count: residents by the number and the dated age, employees where the people file says how they retired."""
    parameters = Parameters.load()
    resident = ages.latest(parameters)
    born = "TRY_CAST(SUBSTR(p.number, 7, 6) AS INTEGER)"
    employee = f"COALESCE({_MONTH.format('p.file_birth')}, {born})"
    return (
        f"SELECT p.number FROM profile p WHERE p.fund = 'R' AND LENGTH(p.number) = 18 AND p.first <= {born} + {resident}"
        " UNION ALL SELECT s.number FROM people p JOIN spans s ON s.number = p.number WHERE p.fund IN ('E', 'G') AND p.retire_kind <> ''"
        f" AND {ages.too_young(employee, 's.first', parameters)}"
    )


def _uncertified(engine: Engine) -> str:
    """Who was paid longer after certification and start than the rule allows."""
    (rule,) = chosen(["E2-NO-CERTIFICATE"])
    stated = f"GREATEST(COALESCE({_MONTH.format('p.certified_on')}, 0), COALESCE(p.start_month, 0))"
    most = min(int(str(months)) for months in rule.every("certificate_months"))
    return (
        "SELECT p.number FROM people p JOIN spans s ON s.number = p.number WHERE (p.certified_on IS NOT NULL OR p.start_month IS NOT NULL)"
        f" AND {_months(engine, 's.last')} > {_months(engine, stated)} + {most}"
    )


def _months(engine: Engine, period: str) -> str:
    return f"({engine.whole(period, '100')} * 12 + {period} % 100)"


_KIND = ("fund", "region", "item_class", "item", "source")
_MARKED = ", ".join((*_KIND, "number_ok"))
_TOLD_APART = ("fund", "region", "item_class")
_MOST_KINDS = 200_000


def _kinds(engine: Engine) -> None:
    """``kinds``: every fund, region, item and source there could be together, with the mark that stands for them in the shared pass.

    The values of each column are told by one quick look at the column; only where their product is too large are those sought that stand together.
    """
    values = {name: [one for (one,) in engine.values(f"SELECT DISTINCT {name} FROM payments")] for name in _KIND}
    if prod(len(found) for found in values.values()) > _MOST_KINDS:
        together = f"(SELECT DISTINCT {_MARKED} FROM payments) p"
    else:
        for name, found in values.items():
            engine.register(f"kinds_{name}", pa.table({name: pa.array(found, pa.string())}))
        engine.register("kinds_ok", pa.table({"number_ok": [True, False]}))
        together = " CROSS JOIN ".join(f"kinds_{name}" for name in (*_KIND, "ok"))
    marks = ", ".join(f"{engine.mark(name)} AS {name}_mark" for name in _TOLD_APART)
    engine.table("kinds", f"SELECT {_MARKED}, {engine.mark(_MARKED)} AS kind, {marks} FROM {together}")


_PART = " /* part */"
"""Stands in the shared pass for the part of the numbers that is looked at."""


def _profile(engine: Engine, *, narrowed: bool, named: bool) -> None:
    """``profile``: what one pass keeps of each number, fund, region, item, source, account and name. From it ``spans`` of each number and ``twice``.

    Kept are how many rows, the months as bits of whole words counted back from the last month, first and last month, and whether an
    account is held under another name. The rare rows before those words are grouped by the month itself.

    Accounts and names are only compared here, and kinds of payment are few, so that a mark of 64 bits stands for each: marks are grouped in half the time
    of texts. ``named``: names stay texts, for the linked rules. Where two texts bore one mark (one in 2⁶⁴ for each two), a number with both accounts, or two
    numbers of one account whose own marks were equal, would not become candidates; two kinds with one mark would only make more of them.
    """
    low, high = engine.values(f"SELECT MIN(period), MAX(period) FROM payments WHERE {_PAID}")[0]
    if low is None:
        low = high = 200001
    words = min(_MOST_WORDS, -(-(_index(high) - _index(low) + 1) // _WORD))
    base = _index(high) - words * _WORD + 1
    oldest = base // 12 * 100 + base % 12 + 1
    # Twelve months a year and the month: 100 a year less 88, by one division.
    place = f"(period - 88 * {engine.whole('period', '100')} - {base + 1})"
    bits = [
        f"BIT_OR(CASE WHEN {engine.whole(place, str(_WORD))} = {word} THEN {engine.bit(f'({place} % {_WORD})')} ELSE CAST(0 AS BIGINT) END)"
        for word in range(words)
    ]
    if words == 1:
        bits = [f"BIT_OR({engine.bit(place)})"]
    keys = {"number": "number", "kind_": engine.mark(_MARKED), "account": engine.mark("account")}
    keys["name_norm"] = "name_norm" if named else engine.mark("name_norm")
    names = [f"word_{word}" for word in range(words)]
    kept = (
        "COUNT(*) AS rows_paid,"
        f" BOOL_OR(CASE WHEN holder = name_norm OR holder = '' THEN FALSE ELSE {_bare('holder')} <> name_norm END) AS other_holder,"
        " MIN(CASE WHEN span_from IS NULL THEN period ELSE LEAST(period, span_from) END) AS first,"
        " MAX(CASE WHEN span_to IS NULL THEN period ELSE GREATEST(period, span_to) END) AS last"
    )
    only = " AND (number IN (SELECT number FROM roster_numbers) OR account IN (SELECT account FROM roster_accounts))" if narrowed else ""
    source = f"FROM (SELECT *, {', '.join(f'{text} AS key_{key}' for key, text in keys.items())} FROM payments) p WHERE {_PAID}{only}{_PART}"
    grouped, told = ", ".join(f"key_{key}" for key in keys), ", ".join(f"key_{key} AS {key}" for key in keys)
    counted = ", ".join(f"{bit} AS {name}" for bit, name in zip(bits, names, strict=True))
    query = f"SELECT {told}, {kept}, 0 AS before, {counted} {source} AND period >= {oldest} GROUP BY {grouped}"
    if low < oldest:
        nothing = ", ".join("CAST(0 AS BIGINT)" for _ in names)
        query += f" UNION ALL SELECT {told}, {kept}, period, {nothing} {source} AND period < {oldest} GROUP BY {grouped}, period"
    _kinds(engine)
    wanted = f"SELECT g.*, k.* FROM ({query}) g JOIN kinds k ON k.kind = g.kind_"
    parts = 1 if narrowed else _parts(engine)
    mark = engine.mark("number")
    engine.table("profile", *(wanted.replace(_PART, f" AND {mark} % {parts} = {part}" if parts > 1 else "") for part in range(parts)))
    engine.table(
        "spans",
        "SELECT number, MIN(first) AS first, MAX(last) AS last, MIN(fund_mark) <> MAX(fund_mark) AS two_funds,"
        " MIN(region_mark) <> MAX(region_mark) AS two_regions, MIN(item_class_mark) <> MAX(item_class_mark) AS two_classes,"
        " MIN(name_norm) <> MAX(name_norm) AS two_names, MIN(account) <> MAX(account) AS two_accounts FROM profile GROUP BY number",
    )
    months = " + ".join(f"BIT_COUNT(BIT_OR({name}))" for name in names)
    more = f"HAVING SUM(rows_paid) > CASE WHEN before > 0 THEN 1 ELSE {months} END"
    # Several rows of one number and kind differ by account or name.
    one = f"SELECT number FROM profile WHERE rows_paid > CASE WHEN before > 0 THEN 1 ELSE {' + '.join(f'BIT_COUNT({name})' for name in names)} END"
    several = "SELECT number FROM spans WHERE two_accounts OR two_names"
    engine.view("twice", f"{one} UNION ALL SELECT number FROM profile WHERE number IN ({several}) GROUP BY number, kind, before {more}")
    engine.view("allowance_twice", f"SELECT number FROM profile WHERE item_class = 'allowance' GROUP BY number, item, source, before {more}")


def _parts(engine: Engine) -> int:
    """In how many parts, by number, the groups of the shared pass are made, so that each fits in memory.

    How many groups there are is told by the month with the most rows, and a quarter more for accounts and items that changed.
    """
    ((rows,),) = engine.values("SELECT COUNT(*) FROM payments")
    if engine.parts(rows) == 1:
        return 1
    ((most,),) = engine.values("SELECT MAX(found) FROM (SELECT COUNT(*) AS found FROM payments GROUP BY period) p")
    return engine.parts(min(rows, most * 5 // 4))


def _sharing(engine: Engine, only: str) -> None:
    """``sharing``: the numbers on accounts of several numbers."""
    engine.table("holding", f"SELECT DISTINCT number, account FROM profile WHERE item_class = 'pension' AND account <> {engine.mark(chr(39) * 2)}{only}")
    shared = "SELECT account FROM holding GROUP BY account HAVING MIN(number) <> MAX(number)"
    engine.table("sharing", f"SELECT DISTINCT number FROM holding WHERE account IN ({shared})")


def _drawing(engine: Engine) -> None:
    """``drawing``: who was paid a pension by which fund, and the first month of it; ``person`` tells people apart (of a failing number by the name's mark)."""
    person = "CASE WHEN number_ok THEN number ELSE number || '|' || CAST(name_norm AS VARCHAR(64)) END"
    drawing = f"SELECT number, fund, {person} AS person, MIN(first) AS first FROM profile WHERE item_class = 'pension'"
    engine.table("drawing", f"{drawing} GROUP BY number, fund, {person}")


def _bare(name: str) -> str:
    """A name without the blanks that old systems pad it with: the commonest difference to its normal form."""
    return f"REPLACE(REPLACE({name}, ' ', ''), '　', '')"


def _index(period: int) -> int:
    return period // 100 * 12 + period % 100 - 1
