"""Monthly 动态清零: entitled and not enrolled, enrolled and not paid for, paid for and not entitled; who moved; and the proof when it is zero.

Pure and set-based. The identity of the month: on the list = paid for + nobody pays for them (by reason) + not enrolled + not paid for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from controls.checks.duck import Duck
from controls.premiums import facts
from controls.premiums.facts import Question, Sources
from ledger.funds import Fund
from ledger.months import Month
from ledger.parameters import Parameters

NOT_ENROLLED, NOT_PAID, NOT_ENTITLED = "应保未保", "应缴未缴", "不应代缴"
LISTS = (NOT_ENROLLED, NOT_PAID, NOT_ENTITLED)
LIST_ZH = {NOT_ENROLLED: "在名单、未参保", NOT_PAID: "已参保、未代缴", NOT_ENTITLED: "已代缴、不符合条件"}
UNKNOWN = ("证件号码不能用于比对", "类别未识别", "号码看不出年龄")
"""Reasons that leave open whether somebody is due: a month with such people is not proved to be zero."""
MOVES = ("新增", "退出", "死亡", "年满16周岁", "年满60周岁")
OPEN = pa.schema(
    [
        ("list", pa.string()), ("number", pa.string()), ("name", pa.string()), ("category", pa.string()), ("town", pa.string()), ("reason", pa.string()),
        ("fen", pa.int64()),
    ]
)  # fmt: skip

# A death ends entitlement after its month; who is on no list at all in the month but was in the year is paid for rightly. Somebody may leave a list and
# come back: each span counts for its own months.
_FACT = """
CREATE OR REPLACE TEMP TABLE zero_fact AS
WITH span AS (
    SELECT CASE WHEN person = '' THEN number || '|' || name ELSE person END AS person, COALESCE(from_on, DATE '0001-01-01') AS begun,
           COALESCE(to_on, DATE '9999-12-31') AS ended
    FROM entitled
),
month AS (
    SELECT person, BOOL_OR(begun <= DATE '{month_last}' AND ended >= DATE '{month_first}') AS now,
           BOOL_OR(begun BETWEEN DATE '{month_first}' AND DATE '{month_last}')
               AND NOT BOOL_OR(begun < DATE '{month_first}' AND ended >= DATE '{month_first}' - 1) AS came,
           BOOL_OR(ended BETWEEN DATE '{month_first}' AND DATE '{month_last}')
               AND NOT BOOL_OR(begun <= DATE '{month_last}' + 1 AND ended > DATE '{month_last}') AS went
    FROM span GROUP BY person
)
SELECT f.*, COALESCE(m.now, FALSE) AS now, COALESCE(m.came, FALSE) AS came, COALESCE(m.went, FALSE) AS went
FROM person_fact f LEFT JOIN month m ON m.person = f.person
"""
_OPEN = """
SELECT '应保未保' AS list, number, name, category, town, note AS reason, CAST(0 AS BIGINT) AS fen FROM zero_fact
WHERE now AND why_not = '' AND NOT is_enrolled AND government_fen <= 0
UNION ALL
SELECT '应缴未缴', number, name, category, town, note, 0 FROM zero_fact WHERE now AND why_not = '' AND is_enrolled AND government_fen <= 0
UNION ALL
SELECT '不应代缴', number, name, category, town, wrong, government_fen FROM (
    SELECT *, CASE WHEN death_month IS NOT NULL AND (death_month < {year} * 100 + 1 OR COALESCE(received_month, 0) > death_month) THEN '死亡后代缴'
        WHEN NOT listed THEN '全年不在名单' WHEN why_not IN ('已死亡', '证件号码不能用于比对', '类别未识别', '号码看不出年龄') THEN ''
        ELSE why_not END AS wrong
    FROM zero_fact WHERE government_fen > 0
) WHERE wrong <> ''
"""
_IDENTITY = """
SELECT CASE WHEN government_fen > 0 THEN '已代缴' WHEN why_not <> '' THEN why_not WHEN NOT is_enrolled THEN '应保未保' ELSE '应缴未缴' END AS what,
       COUNT(*) AS persons FROM zero_fact WHERE now GROUP BY 1
"""
_MOVES = """
SELECT '新增' AS move, category, town, COUNT(*) AS persons FROM zero_fact
WHERE came GROUP BY 2, 3
UNION ALL
SELECT '退出', category, town, COUNT(*) FROM zero_fact WHERE went GROUP BY 2, 3
UNION ALL
SELECT '死亡', category, town, COUNT(*) FROM zero_fact WHERE listed AND death_month = {month} GROUP BY 2, 3
UNION ALL
SELECT '年满16周岁', category, town, COUNT(*) FROM zero_fact WHERE listed AND born + {adult_age} = {year} AND SUBSTR(birthday, 1, 2) = '{mm}' GROUP BY 2, 3
UNION ALL
SELECT '年满60周岁', category, town, COUNT(*) FROM zero_fact WHERE listed AND born + {pension_age} = {year} AND SUBSTR(birthday, 1, 2) = '{mm}' GROUP BY 2, 3
"""


@dataclass(frozen=True)
class Zeroing:
    """The report of one month: open items (:data:`OPEN`, sorted), the identity of those on the list, and who moved (move, category, town → persons).

    ``notes``: lists that stand for a later day than the month, because none is older.
    """

    fund: Fund
    month: Month
    open: pa.Table = field(repr=False)
    identity: tuple[tuple[str, int], ...]
    moves: tuple[tuple[str, str, str, int], ...]
    notes: tuple[str, ...] = ()

    @property
    def on_list(self) -> int:
        """How many people are on the list in the month."""
        return sum(persons for _, persons in self.identity)

    @property
    def zero(self) -> bool:
        """Whether nothing is open and everybody on the list could be compared."""
        return not self.open.num_rows and not self.unknown

    @property
    def unknown(self) -> int:
        """How many on the list could not be compared."""
        return sum(persons for what, persons in self.identity if what in UNKNOWN)

    def count(self, name: str) -> int:
        """How many are open in one of the three lists."""
        return int(pc.sum(pc.equal(self.open.column("list"), name)).as_py() or 0)

    def by_place(self) -> list[tuple[str, str, str, int]]:
        """(list, category, town, persons), sorted."""
        found = self.open.group_by(["list", "category", "town"]).aggregate([("number", "count")]).to_pylist()
        return sorted((row["list"], row["category"], row["town"], row["number_count"]) for row in found)

    def proof(self) -> str:
        """Why the month is zero, or what is open, in one sentence that adds up."""
        told = dict(self.identity)
        paid, missing = told.pop("已代缴", 0), told.pop(NOT_ENROLLED, 0) + told.pop(NOT_PAID, 0)
        unsure = [(what, told.pop(what)) for what in UNKNOWN if what in told]
        others = "、".join(f"{what} {persons}" for what, persons in sorted(told.items(), key=lambda pair: (-pair[1], pair[0])))
        rest = f"不需代缴 {sum(told.values())} 人" + (f"（{others}）" if others else "")
        if unsure:
            rest += f" + 无法比对 {self.unknown} 人（{'、'.join(f'{what} {persons}' for what, persons in unsure)}，改正名单后才能证明清零）"
        return f"{self.month.zh()}在册 {self.on_list} 人 = 已代缴 {paid} 人 + {rest} + 未清零 {missing} 人；不应代缴 {self.count(NOT_ENTITLED)} 人"


def question(fund: Fund, month: Month, region: str) -> Question:
    """What a month's report asks: the lists of the premium year up to the end of the month, as known then."""
    return Question(fund, month.year, date(month.year, 1, 1), month.last_day, month.last_day, region)


def report(sources: Sources, fund: Fund, month: Month, region: str, *, threads: int | None = None) -> Zeroing:
    """The report of one fund and month from lists, people, deaths and contributions as they stood at its end. Raises SB1031."""
    asked = question(fund, month, region)
    known = Parameters.load()
    words = {
        "month_first": month.first_day.isoformat(), "month_last": month.last_day.isoformat(), "month": month.number, "year": month.year,
        "mm": f"{month.month:02d}",
        "adult_age": known.number("resident_enrol_age", month.first_day), "pension_age": known.number("resident_pension_age", month.first_day, region=region),
    }  # fmt: skip
    with Duck(threads=threads) as duck:
        facts.load(duck, sources, asked)
        duck.run(_FACT.format(**words))
        found = duck.fetch(_OPEN.format(**words)).select(OPEN.names).cast(OPEN)
        identity = tuple(sorted((str(what), int(persons)) for what, persons in duck.values(_IDENTITY)))
        moved = duck.values(_MOVES.format(**words)) if fund is Fund.R else duck.values(_MOVES.format(**words).split("UNION ALL\nSELECT '年满16")[0])
    moves = tuple(sorted((move, category, town, int(persons)) for move, category, town, persons in moved))
    return Zeroing(fund, month, found.sort_by([("list", "ascending"), ("number", "ascending")]), identity, moves)


@dataclass(frozen=True, slots=True)
class Change:
    """One list against last month: new, settled and still open."""

    list: str
    new: int
    settled: int
    still: int


def against(now: Zeroing, before: Zeroing) -> tuple[Change, ...]:
    """How the three lists moved since the month before."""
    changes = []
    for name in LISTS:
        mine, theirs = (set(one.open.filter(pc.equal(one.open.column("list"), name)).column("number").to_pylist()) for one in (now, before))
        changes.append(Change(name, len(mine - theirs), len(theirs - mine), len(mine & theirs)))
    return tuple(changes)
