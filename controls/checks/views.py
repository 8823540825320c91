"""The tables the rules read beside ``net_rows``: outside lists reduced, months spread, accounts cleaned, names last paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from string import Template

import pyarrow as pa

import templates
from controls.checks import ages, candidates, reference
from controls.checks.common import Common
from controls.checks.coverage import NotRun
from controls.checks.engine import Engine, like_any
from controls.checks.paid import NO_END, fill
from controls.checks.schema import columns
from controls.intake.regions import aliases
from ledger.identity import normal_name
from ledger.months import Month
from ledger.parameters import Parameters

_TEXT, _WHOLE, _YES = pa.string(), pa.int32(), pa.bool_()
_DEATH = {"person": _TEXT, "number": _TEXT, "number_ok": _YES, "name_norm": _TEXT, "death_month": _WHOLE, "death_on": _TEXT, "official": _YES,
          "confidence": _WHOLE, "source": _TEXT, "counterpart": _TEXT, "known_month": _WHOLE}  # fmt: skip
_TERM = {"person": _TEXT, "number": _TEXT, "number_ok": _YES, "name_norm": _TEXT, "first": _WHOLE, "last": _WHOLE, "severity": _TEXT, "counterpart": _TEXT}
_AGE = {"number": _TEXT, "fund": _TEXT, "region": _TEXT, "name_norm": _TEXT, "first_due": _WHOLE, "note": _TEXT, "fact": _TEXT}


def _schema(fields: Mapping[str, pa.DataType]) -> pa.Schema:
    return pa.schema(list(fields.items()))


_MANY = 5_000
"""From so many death records on only those are decided that speak of somebody who is asked about."""


def outside_lists(engine: Engine, shared: Common, *, narrowed: bool = False) -> None:
    """Fills ``death``, ``agent_account``, ``months`` and ``region_now``; these do not hang on the as-of month. ``narrowed``: only roster people."""
    asked = ("roster_numbers",) if narrowed else ("payments", "contributions", "entitled", "people", "balances")
    few = engine.values("SELECT COUNT(*) FROM deaths")[0][0] < _MANY
    whose = "" if few else f" WHERE number IN ({' UNION ALL '.join(f'SELECT number FROM {one}' for one in asked)})"
    found = reference.deaths(engine.fetch(f"SELECT * FROM deaths{whose}").to_pylist(), shared)
    fill(engine, "death", [attrgetter(*_DEATH)(one) for one in found], _schema(_DEATH))
    agents = [
        (account, Month.of(start).number if start else 0, Month.of(end).number if end else NO_END)
        for account, start, end in engine.values("SELECT account, from_on, to_on FROM accounts WHERE account <> ''")
    ]
    fill(engine, "agent_account", agents, _schema({"account": _TEXT, "first": _WHOLE, "last": _WHOLE}))
    every = [(year * 100 + month, year * 12 + month - 1) for year in range(1950, 2100) for month in range(1, 13)]
    fill(engine, "months", every, _schema({"period": _WHOLE, "idx": _WHOLE}))
    fill(engine, "region_now", sorted(aliases().items()), _schema({"old": _TEXT, "now": _TEXT}))


def conditions(shared: Common, as_of: int) -> dict[str, str]:
    """What rules name as ``${…}``: conditions over words of ``common.yaml``, and the as-of month (``yyyymm``; later ones are no facts yet)."""
    return {
        "as_of": str(as_of),
        "drawing_status": like_any("benefit_status", shared.drawing_statuses),
        "dead_status": like_any("q.enrol_status", shared.dead_statuses),
        "elsewhere_status": like_any("q.enrol_status", shared.elsewhere_statuses),
    }


def build(engine: Engine, shared: Common, as_of: int, last_premium: int, *, few: bool = False, narrowed: bool = False, holders: int = 0) -> None:
    """Makes ``paid_months``, ``account_months``, ``last_paid``, ``term`` and the views of the premium rules.

    ``few``: the months of all candidates stand as ``paid_all``, so that each rule may look at its own. ``last_premium``: the month after which premiums
    are left out; ``narrowed``: so are those of people who are not on the roster. ``holders``: the bits of the rules that read accounts and holders.
    """
    held = reference.terms(engine.fetch("SELECT * FROM custody").to_pylist(), as_of, shared)
    fill(engine, "term", [attrgetter(*_TERM)(one) for one in held], _schema(_TERM))
    parts = {"base_items": like_any("r.item", shared.base_items), "account_items": like_any("r.item", shared.account_items)}
    parts |= {f"{name}_s": text.replace("r.item", "s.item") for name, text in parts.items()}
    whole = "(" + ", ".join(f"'{word}'" for word in shared.whole_items) + ")"
    _make(engine, "TABLE", "paid_months", called="paid_all" if few else "", as_of=as_of, whole_items=whole, **parts)
    if few:
        candidates.only(engine, holders)
    _make(engine, "TABLE", "silent_account", account_shortest=shared.account_shortest, account_masks=like_any("p.account", shared.account_masks))
    _make(engine, "TABLE", "silent_holder", internal_holders=like_any("p.holder", shared.internal_holders))
    # Few months are worked out once for all rules that read them.
    _make(engine, "TABLE" if few and holders else "VIEW", "account_months")
    if few:
        candidates.only(engine, None)
    _make(engine, "TABLE", "last_paid")
    asked = "c.number IN (SELECT number FROM roster_numbers)" if narrowed else "1 = 1"
    _make(engine, "TABLE", "premiums", last_year=last_premium // 100, last_month=last_premium, asked=asked)
    _make(engine, "TABLE", "government_paid", columns=", ".join(f"c.{name}" for name in ("part", *columns("contributions"), "person", "received_month")))
    _make(engine, "TABLE", "listed")


def _make(engine: Engine, kind: str, name: str, *, called: str = "", **parameters: object) -> None:
    text = Template(templates.path(f"rules/views/{name}.sql").read_text(encoding="utf-8"))
    made = text.substitute({key: str(value) for key, value in parameters.items()})
    if kind == "TABLE":
        engine.table(called or name, made)
    else:
        engine.view(called or name, made)


def holder_names(engine: Engine, shared: Common) -> None:
    """Fills ``holder_name``: account holders normalised as names are; '' for masked ones, which say nothing."""
    masks = tuple(shared.account_masks)
    holders = [holder for (holder,) in engine.values("SELECT DISTINCT holder FROM paid_months WHERE holder <> ''")]
    rows = [(holder, "" if any(mask in holder for mask in masks if not mask.isalpha()) else normal_name(holder)) for holder in holders]
    fill(engine, "holder_name", rows, _schema({"holder": _TEXT, "holder_norm": _TEXT}))


def due_ages(engine: Engine, rule: str, as_of: int, *, few: bool) -> list[NotRun]:
    """Fills ``age_due`` for R by the number and for E, G by the people file; says for whom the age cannot be told."""
    parameters = Parameters.load()
    residents = engine.values(
        "SELECT number, region FROM paid_months WHERE fund = 'R' AND benefit = 'pension' AND number_ok AND LENGTH(number) = 18 GROUP BY number, region"
        f" HAVING MIN(period) <= CAST(SUBSTR(number, 7, 6) AS INTEGER) + {ages.latest(parameters)}"
    )
    rows = _residents_due(residents, parameters)
    drawn = "SELECT number, MIN(period) AS first_paid FROM paid_months WHERE fund IN ('E', 'G') AND benefit = 'pension' GROUP BY number"
    year = "CAST(COALESCE(SUBSTR(CAST(q.file_birth AS VARCHAR(10)), 1, 4), SUBSTR(q.number, 7, 4)) AS INTEGER)"
    young = ages.too_young(f"({year} * 100 + 12)", "d.first_paid", parameters)
    asked = f"SELECT q.* FROM ({_RETIRED} AND (file_birth IS NOT NULL OR ({_NUMBERED}))) q JOIN ({drawn}) d ON d.number = q.number WHERE {young}"
    rows += ages.employees(engine.fetch(asked).to_pylist(), parameters)
    fill(engine, "age_due", rows, _schema(_AGE))
    if not engine.values("SELECT 1 FROM people WHERE retire_kind <> '' LIMIT 1"):
        return [NotRun(rule, "E、G", "未提供退休类别")]
    blank = _drawing_without(engine, f"(SELECT number, fund FROM people WHERE person <> '' AND {AGE_KNOWN})", "'E', 'G'", as_of, few)
    return [NotRun(rule, f"E、G 的 {blank} 人", "没有退休类别、出生日期或性别")] if blank else []


def _residents_due(residents: Iterable[tuple[str, str]], parameters: Parameters) -> list[tuple[object, ...]]:
    """Rows of ``age_due`` for numbers and regions of R."""
    rows: list[tuple[object, ...]] = []
    known: dict[tuple[int, int, str, str], ages.Due] = {}
    for number, region in residents:
        birth = ages.born(number)
        if birth is not None:
            like = (birth.year, birth.month, region, ages.sex(number))
            due = known.get(like) or known.setdefault(like, ages.resident(birth, region, like[3], parameters))
            rows.append((number, "R", region, "", due.first_due, due.why, str(due.first_due)))
    return rows


def due_age_of(engine: Engine, number: str) -> list[tuple[str, int, str]]:
    """Fills ``age_due`` for one person alone, however late the pension began (a run leaves out whom it cannot concern): fund, first month due, why."""
    parameters = Parameters.load()
    whose = "number = '" + number.replace("'", "''") + "'"
    regions = engine.values(f"SELECT DISTINCT number, region FROM paid_months WHERE {whose} AND fund = 'R' AND benefit = 'pension' AND {_NUMBERED}")
    rows = _residents_due(regions, parameters) + ages.employees(engine.fetch(f"{_RETIRED} AND {whose}").to_pylist(), parameters)
    fill(engine, "age_due", rows, _schema(_AGE))
    return [(str(fund), int(str(first)), str(why)) for _, fund, _, _, first, why, _ in rows]


def _kinds(kinds: Iterable[str]) -> str:
    return "retire_kind IN ('" + "', '".join(sorted(kinds)) + "')"


_NUMBERED = "number_ok AND LENGTH(number) = 18"
_RETIRED = "SELECT number, number_ok, name_norm, fund, sex, file_birth, retire_kind FROM people WHERE person <> '' AND fund IN ('E', 'G') AND retire_kind <> ''"
AGE_KNOWN = (
    f"({_kinds(ages.NO_AGE)} OR ({_kinds(ages.KINDS)} AND (file_birth IS NOT NULL OR ({_NUMBERED}))"
    f" AND CASE WHEN number_ok THEN LENGTH(number) = 18 ELSE sex <> '' END))"
)
"""Whether the people file says enough of somebody to tell the age (:func:`controls.checks.ages.employees`)."""


CERTIFICATE_KNOWN = "(certified_on IS NOT NULL OR start_month IS NOT NULL)"
"""Whether the people file says when somebody's certificate began to run."""


def uncertified(engine: Engine, rule: str, as_of: int, *, few: bool) -> list[NotRun]:
    """The people paid a pension for whom neither certification nor start is known, whether the people file has them or not."""
    known = f"(SELECT number, fund FROM people WHERE person <> '' AND {CERTIFICATE_KNOWN})"
    count = _drawing_without(engine, known, "'E', 'R', 'G'", as_of, few)
    return [NotRun(rule, f"{count} 人", "没有最近认证日期，也没有待遇起始年月")] if count else []


def _drawing_without(engine: Engine, known: str, funds: str, as_of: int, few: bool) -> int:
    """How many persons one of the funds paid a pension, net, up to the as-of month of whom ``known`` (number, fund) says nothing.

    ``few``: who was paid at all is read off the shared pass of the candidates.
    """
    paid = "SELECT DISTINCT number, fund FROM payments WHERE status = 'paid' AND amount > 0 AND item_class = 'pension'"
    drawn = "drawing" if few else f"({paid})"
    engine.table(
        "drawing_unknown",
        f"SELECT d.* FROM {drawn} d"
        f" WHERE d.fund IN ({funds}) AND NOT EXISTS (SELECT 1 FROM {known} k WHERE k.number = d.number AND k.fund = d.fund)",
    )
    if not engine.values("SELECT 1 FROM drawing_unknown LIMIT 1"):
        return 0
    exact = (
        "SELECT COUNT(DISTINCT p.person) FROM payments p JOIN drawing_unknown u ON u.number = p.number AND u.fund = p.fund"
        " LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line"
        " WHERE p.status = 'paid' AND p.amount > COALESCE(c.fen, 0) AND p.item_class = 'pension' AND p.person <> ''"
        f" AND p.period <= {as_of}"
    )
    if not few:
        return int(engine.values(exact)[0][0])
    # Only of somebody with a cancelled payment must be asked whether anything is left.
    back = "number IN (SELECT number FROM cancelled)"
    sure, doubtful = engine.values(
        f"SELECT COUNT(DISTINCT CASE WHEN NOT {back} THEN person END), COUNT(CASE WHEN {back} THEN 1 END) FROM drawing_unknown WHERE first <= {as_of}"
    )[0]
    return int(sure) + (int(engine.values(f"{exact} AND p.{back}")[0][0]) if doubtful else 0)
