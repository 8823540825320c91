"""What all rules leave out (共用的排除), asked of one person: each row of the person in a list that a rule reads, with why it is not counted or what it says.

The tables are those of ``templates/rules/views`` and :mod:`controls.checks.reference`; which of them a rule reads is seen from its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from controls.checks import ages, reference, views
from controls.checks.common import Common
from controls.checks.engine import Engine
from controls.checks.explained.words import TABLES, column, month, value
from ledger.months import Month

_MOST = 50
_NAMED = ("payments", "people", "contributions", "balances", "entitled", "claims")
"""Lists whose names a death or a term is compared with where a number fails its form."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One row of a list (``file:line``, blank for what is no row): what is said of it, and whether that takes the row out."""

    about: str
    row: str
    why: str
    out: bool

    @property
    def says(self) -> str:
        """The sentence shown."""
        return f"{self.about}{f' {self.row}' if self.row else ''}：{self.why}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked about over which session; ``sql`` is the number as SQL."""

    engine: Engine
    number: str
    shared: Common
    as_of: int
    later: str = ""

    @property
    def sql(self) -> str:
        return "'" + self.number.replace("'", "''") + "'"

    def rows(self, contract: str) -> list[dict[str, Any]]:
        """The rows of the person in a list, in order, at most fifty."""
        asked = f"SELECT * FROM {contract} WHERE number = {self.sql} ORDER BY part, file, line LIMIT {_MOST}"
        rows: list[dict[str, Any]] = self.engine.fetch(asked).to_pylist()
        return rows

    def names(self) -> set[str]:
        """Every name the number bears in the lists that a death or a term is compared with."""
        each = " UNION ".join(f"SELECT name_norm FROM {one} WHERE number = {self.sql}" for one in _NAMED)
        return {name for (name,) in self.engine.values(each)}


Told: TypeAlias = Callable[[Person], Sequence[Stage]]


def stages(person: Person, text: str, needs: Sequence[str]) -> list[Stage]:
    """Every stage of the tables that the rule's text names, and rows of the lists it reads that cannot be matched."""
    named = set(re.findall(r"[a-z_]+", re.sub(r"--.*", "", text)))
    told = [one for table, tell in _STAGES.items() if table in named for one in tell(person)]
    return told + [one for contract in needs if contract in _OF_PERSONS and contract in named for one in _unmatched(person, contract)]


_OF_PERSONS = frozenset({"people", "balances", "absences", "holdings", "claims", "entitled"})
"""Further lists whose rows name a person."""


def _unmatched(person: Person, contract: str) -> list[Stage]:
    """Rows whose number cannot be matched (damaged)."""
    return [
        Stage(TABLES[contract], f"{row['file']}:{row['line']}", "证件号码被电子表格损坏，不参与比对", True) for row in person.rows(contract) if row["damaged"]
    ]


def _deaths(person: Person) -> list[Stage]:
    """Why a row of the deaths is no death of the person, or when it says they died."""
    names, told = person.names(), []
    for row in person.rows("deaths"):
        day = reference.death_day(row)
        why, out = f"死亡日期 {day}（来源 {row['source'] or '未注明'}）", False
        if row["damaged"]:
            why, out = "证件号码被电子表格损坏，不参与比对", True
        elif not row["is_death"]:
            why, out = "注销原因不是死亡（如迁出），不是死亡信息", True
        elif day is None:
            why, out = "没有死亡日期，也没有火化日期；登记日期不能代替", True
        elif not row["number_ok"] and row["name_norm"] not in names:
            why, out = "证件号码校验不通过，姓名又与所查数据中的不同，不能认定是同一人", True
        told.append(Stage("死亡信息", f"{row['file']}:{row['line']}", why, out))
    return told


def _terms(person: Person) -> list[Stage]:
    """Why a row of the prisoners stops no pension, or from which month to which it does."""
    kinds = (*person.shared.custody_stops, *person.shared.custody_low)
    names, told = person.names(), []
    for row in person.rows("custody"):
        start, out = reference.began(row, person.shared), True
        if row["damaged"]:
            why = "证件号码被电子表格损坏，不参与比对"
        elif row["mode"] not in kinds:
            why = f"执行方式是{row['mode'] or '空白'}，照发（规则只看{'、'.join(kinds)}）"
        elif start is None:
            why = "没有收监日期（羁押的没有羁押日期），不能定停发的月份"
        else:
            first = (Month.of(start) + 1).number
            last = min(Month.of(row["released_on"]).number, person.as_of) if row["released_on"] else person.as_of
            out = first > last or (not row["number_ok"] and row["name_norm"] not in names)
            why = f"停发的月份为 {month(first)} 至 {month(last)}（{row['mode']}）"
            if first > last:
                why = f"收监次月（{month(first)}）晚于释放月或截止月（{month(last)}），没有停发的月份"
            elif out:
                why = "证件号码校验不通过，姓名又与所查数据中的不同，不能认定是同一人"
        told.append(Stage("服刑人员", f"{row['file']}:{row['line']}", why, out))
    return told


def _accounts(person: Person) -> list[Stage]:
    """Months paid into accounts that say nothing of whose they are, by account and reason."""
    asked = f"""
SELECT why, MIN(file || ':' || CAST(line AS VARCHAR(12))), COUNT(*) FROM (
    SELECT p.file, p.line,
           CASE WHEN p.item_class = 'arrears' THEN '补发，不看收款账户'
                WHEN p.item_class = 'survivor' THEN '供养亲属抚恤金，常发到监护人账户'
                WHEN p.person = '' THEN '证件号码空白或损坏'
                WHEN p.account = '' THEN '没有收款账号'
                WHEN EXISTS (SELECT 1 FROM silent_account s WHERE s.account = p.account) THEN '账号过短、有掩码或各位数字相同，看不出是谁的'
                WHEN EXISTS (SELECT 1 FROM silent_holder s WHERE s.holder = p.holder) THEN '户名是银行内部户'
                WHEN EXISTS (SELECT 1 FROM agent_account a WHERE a.account = p.account AND a.first <= COALESCE(p.paid_month, p.period)
                             AND COALESCE(p.paid_month, p.period) <= a.last)
                THEN '登记为' || COALESCE((SELECT MIN(r.kind) FROM accounts r WHERE r.account = p.account), '') || '（代领与机构账户），当月在登记期内'
                ELSE '' END AS why
    FROM paid_months p WHERE p.number = {person.sql}
) w WHERE why <> '' GROUP BY why ORDER BY 2
"""
    return [Stage("收款账户", first, f"{why}（{count} 行）", True) for why, first, count in person.engine.values(asked)]


def _premiums(person: Person) -> list[Stage]:
    """Premium rows that are refunds, later than what is looked at, or of a number that cannot be matched."""
    asked = (
        "SELECT c.file, c.line, c.person = '', c.amount < 0, c.year, c.payer FROM contributions c LEFT JOIN premiums p"
        " ON p.part = c.part AND p.file = c.file AND p.line = c.line"
        f" WHERE c.number = {person.sql} AND (p.line IS NULL OR c.amount < 0) ORDER BY c.part, c.file, c.line LIMIT {_MOST}"
    )
    return [
        Stage("缴费明细", f"{file}:{line}", _premium(blank, negative, year, payer), True)
        for file, line, blank, negative, year, payer in person.engine.values(asked)
    ]


def _premium(blank: bool, negative: bool, year: int, payer: str) -> str:
    """Why a premium row is none."""
    if blank:
        return "证件号码空白或损坏，不参与比对"
    return f"负数行是退费或冲回，冲减 {year} 年的{payer}{'' if payer in _NO_PREMIUM else '缴费'}" if negative else "晚于截止日，不查"


def _government(person: Person) -> list[Stage]:
    """What the government paid and was given back wholly, and premiums that others paid."""
    asked = (
        "SELECT c.file, c.line, c.payer = '政府代缴', c.payer FROM premiums c LEFT JOIN government_paid g"
        " ON g.part = c.part AND g.file = c.file AND g.line = c.line"
        f" WHERE c.number = {person.sql} AND c.amount > 0 AND g.line IS NULL ORDER BY c.part, c.file, c.line LIMIT {_MOST}"
    )
    return [
        Stage("政府代缴", f"{file}:{line}", "已全部退回，不再计为代缴" if paid else f"缴费主体是{payer or '空白'}，不是政府代缴", True)
        for file, line, paid, payer in person.engine.values(asked)
    ]


def _listed(person: Person) -> list[Stage]:
    """The years in which somebody is on the list."""
    asked = f"SELECT file, line, category, first_year, last_year FROM listed WHERE number = {person.sql} ORDER BY part, file, line LIMIT {_MOST}"
    return [
        Stage("特殊群体名单", f"{file}:{line}", f"{category}，在名单的年度：{first or '没有起始'} 至 {'今' if last == _OPEN else last}", False)
        for file, line, category, first, last in person.engine.values(asked)
    ]


_OPEN = 9999
_NO_PREMIUM = ("政府代缴", "财政补贴")


def _ages(person: Person) -> list[Stage]:
    """From which month on the pension is due, also where that is long past, and the kinds of retirement without an age."""
    told = [
        Stage("应领取月份", "", f"{value('fund', fund)} {month(first)}（{why}）", False) for fund, first, why in views.due_age_of(person.engine, person.number)
    ]
    kinds = person.engine.values(
        f"SELECT DISTINCT fund, retire_kind FROM people WHERE number = {person.sql} AND fund IN ('E', 'G') AND retire_kind <> '' ORDER BY 1, 2"
    )
    return told + [Stage(column("retire_kind"), "", f"{value('fund', fund)}{kind}，没有年龄条件", True) for fund, kind in kinds if kind in ages.NO_AGE]


def _linked_death(person: Person) -> list[Stage]:
    found = person.engine.values(f"SELECT 1 FROM death WHERE number = {person.sql} LIMIT 1")
    return [Stage("死亡信息", "", "有同一号码的死亡信息，由规则 D1 按号码判断，不再按关联判断", True)] if found else []


_STAGES: Mapping[str, Told] = {
    "death": _deaths, "term": _terms, "account_months": _accounts, "premiums": _premiums,
    "government_paid": lambda person: [*_premiums(person), *_government(person)], "listed": _listed, "age_due": _ages, "death_link": _linked_death,
}  # fmt: skip
"""Table → what it leaves out of a person's rows."""
