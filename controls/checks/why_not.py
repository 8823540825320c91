"""Why a rule says nothing of a person (为何未报): the person's own rows, each with the shared stage that took it out, and the rule run on them alone.

The stages are those every rule reads through (status, 冲销, item class, 补发 without a range, as-of month, damaged number); the verdict itself is the
rule's own SQL run on the same tables, so the answer cannot differ from the check.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from controls.checks import steps, views
from controls.checks.catalogue import chosen
from controls.checks.coverage import CONTRACT_ZH
from controls.checks.engine import Source
from controls.checks.paid import NO_END
from controls.checks.runner import Sweep, opened
from controls.findings import Finding
from ledger.identity import Document, judge
from ledger.months import Month

_SHOWN = 200

_WHERE = """
SELECT p.file, p.line, p.period, p.item, p.amount,
       CASE WHEN p.status <> 'paid' THEN '发放状态不是成功（' || p.status || '），不计为已发放'
            WHEN p.amount <= 0 THEN '负数行是冲销，不是发放'
            WHEN p.damaged THEN '证件号码被电子表格损坏，不参与按号码比对'
            WHEN p.item_class IN ('funeral', 'lump_sum', 'allowance') THEN '丧葬抚恤、一次性或代发项目，各规则都不计'
            WHEN p.item_class = 'arrears' AND (p.span_from IS NULL OR p.span_to IS NULL OR p.span_from > p.span_to) THEN '补发未注明所属期起止，不计'
            WHEN p.item_class <> 'arrears' AND p.period > {as_of} THEN '所属期在截止月之后，不查'
            WHEN p.amount <= COALESCE(c.fen, 0) THEN '已被冲正或退回全部冲销'
            ELSE '' END AS stage,
       COALESCE(c.fen, 0) AS cancelled
FROM payments p LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line
WHERE p.number = '{number}' AND NOT p.planned
ORDER BY p.period, p.file, p.line LIMIT {shown}
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of the person: where it stands, its period and fen, and the stage that took it out (blank: it reached the rule)."""

    row: str
    period: int
    item: str
    amount: int
    cancelled: int
    stage: str


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer: findings if there are any after all; why the rule did not run; the rows looked at; the lists that know the number."""

    rule: str
    number: str
    findings: tuple[Finding, ...]
    not_run: str
    rows: tuple[Seen, ...]
    listed: Mapping[str, int]
    friends: tuple[str, ...]
    ends: tuple[steps.Ended, ...] = ()

    def says(self) -> list[str]:
        """The answer step by step in Chinese."""
        if self.findings:
            return [f"规则 {self.rule} 对此人报了疑点 {found.finding_id}：{found.reason}" for found in self.findings]
        if self.not_run:
            return [f"规则 {self.rule} 没有运行：{self.not_run}。没有运行不等于没有疑点。"]
        reached = [row for row in self.rows if not row.stage]
        told = [f"查看此人发放 {len(self.rows)} 行，其中 {len(reached)} 行进入规则的判断。"]
        told += [f"{row.row}（所属期 {row.period // 100}-{row.period % 100:02d}）：{row.stage}。" for row in self.rows if row.stage]
        told += [
            f"{CONTRACT_ZH[contract]}中有此号码 {count} 行。" if count else f"{CONTRACT_ZH[contract]}中没有此号码。" for contract, count in self.listed.items()
        ]
        told += [line for end in self.ends for line in _told(end, len(self.ends))]
        if reached:
            told.append(f"进入判断的各行不满足规则 {self.rule} 的条件。该规则不算疑点的情形：{'；'.join(self.friends) or '见规则说明'}。")
        return told


def _told(end: steps.Ended, arms: int) -> list[str]:
    head = f"规则的第 {end.arm} 部分：" if arms > 1 else ""
    if not end.began:
        return [f"{head}规则所看的数据中没有此人的行。"]
    told = [f"{head}规则所看的数据中有此人 {end.began} 行。"]
    told += [f"  第 {nth} 步 {step.says}：{'对得上' if step.joins else '满足'}的 {left} 行。" for nth, (step, left) in enumerate(end.funnel, 1)]
    if end.step is None:
        return [*told, f"{head}此人有 {end.before} 行满足各连接与条件，最后分组或取舍时不成为疑点。"]
    rows = f"（{'、'.join(end.places)}{'等' if end.before > len(end.places) else ''}）" if end.places else ""
    why = "没有对得上的数据" if end.step.joins else "不满足条件"
    held = f"当时的值：{'；'.join(end.values)}。" if end.values else ""
    return [*told, f"{head}此人到这一步还有 {end.before} 行{rows}，因{why}而不再计入：{end.step.says}。{held}"]


def why_not(person: str, rule: str, tables: Mapping[str, Sequence[Source]], *, as_of: Month | None = None) -> WhyNot:
    """Runs one rule over the tables and explains what became of a person's rows; ``person`` is a resident number in any form. Raises SB3201, SB3203."""
    wanted = chosen([rule])
    number = judge(person, Document.RESIDENT).normal
    with opened("duckdb", threads=1) as engine:
        sweep = Sweep(engine, tables, wanted, as_of, hurry=False)
        result = sweep.result()
        until = result.as_of.number if result.as_of else NO_END
        found = engine.values(_WHERE.format(as_of=until, number=number.replace("'", "''"), shown=_SHOWN)) if "payments" in sweep.given else []
        others = [one for one in (*wanted[0].needs, *wanted[0].uses) if one in sweep.given and one not in ("payments", "accounts")]
        quoted = number.replace("'", "''")
        listed: dict[str, int] = {one: int(engine.values(f"SELECT COUNT(*) FROM {one} WHERE number = '{quoted}'")[0][0]) for one in others}
        code = wanted[0].code
        mine = tuple(one for one in result.findings if number in (one.id_number, *one.evidence.persons))
        said = not mine and code in result.rules_run
        ends = steps.ended(engine, wanted[0].sql(views.conditions(sweep.shared, sweep.as_of)), number) if said else []
    return WhyNot(
        code, number, mine,
        "；".join(one.reason for one in result.not_run) if code not in result.rules_run else "",
        tuple(Seen(f"{file}:{line}", period, item, amount, cancelled, stage) for file, line, period, item, amount, stage, cancelled in found),
        listed, wanted[0].false_friends_zh, tuple(ends),
    )  # fmt: skip
