"""Why a rule says nothing of a person (为何未报): the rule run again, then what became of the person's own rows.

What could not be judged is said first; then the exclusions all rules share (:mod:`controls.checks.explained.stages`), then each condition of the rule
(:mod:`controls.checks.explained.trace`), and last what decided. The verdict is the rule's own, run on the same tables: it cannot differ
from the check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from controls.checks import validity, views
from controls.checks.catalogue import Rule, chosen
from controls.checks.coverage import CONTRACT_ZH, STATUS_ZH
from controls.checks.engine import Source
from controls.checks.errors import NotANumber
from controls.checks.explained import trace
from controls.checks.explained.stages import Person, Stage, stages
from controls.checks.explained.unjudged import unjudged
from controls.checks.explained.words import TABLES
from controls.checks.paid import NO_END
from controls.checks.runner import CheckResult, Sweep, opened
from controls.findings import Finding
from ledger.identity import Document, Fault, Number, judge
from ledger.months import Month

_SHOWN = 200
_NOTHING = "所给资料中没有此号码可供本规则判断的行"
_UNREAD = {"funeral": "丧葬抚恤", "lump_sum": "一次性支付", "allowance": "代发项目"}
_PAID = ("paid_months", "account_months", "last_paid", "net_rows", "death_link", "number_pair")
"""Tables made of the payments."""

_WHERE = """
SELECT p.file, p.line, p.period, p.item, p.amount,
       CASE WHEN p.status <> 'paid' THEN p.status
            WHEN p.amount <= 0 THEN '负数行是冲正，不是发放'
            WHEN p.damaged THEN '证件号码被电子表格损坏，不参与按号码比对'
            WHEN p.item_class IN ({unread}) THEN '丧葬抚恤、一次性或代发项目，本规则不计'
            WHEN p.item_class = 'arrears' AND (p.span_from IS NULL OR p.span_to IS NULL OR p.span_from > p.span_to) THEN '补发未注明所属期起止，不计'
            WHEN p.item_class = 'arrears' AND p.span_from > {as_of} THEN '补发的所属期在截止月之后，不查'
            WHEN p.item_class <> 'arrears' AND p.period > {as_of} THEN '所属期在截止月之后，不查'
            WHEN p.amount <= COALESCE(c.fen, 0) THEN '已被冲正或退回全部冲销'
            ELSE '' END AS stage,
       COALESCE(c.fen, 0) AS cancelled
FROM payments p LEFT JOIN cancelled c ON c.part = p.part AND c.file = p.file AND c.line = p.line
WHERE p.number = {number} AND NOT p.planned
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
    """The answer: findings if there are any after all; why the rule did not run, at all or for this person; findings that bear the number beside another's;
    the rows looked at; the lists that know the number; shared exclusions; where the rows ended."""

    rule: str
    number: str
    findings: tuple[Finding, ...]
    not_run: str
    rows: tuple[Seen, ...]
    listed: Mapping[str, int]
    friends: tuple[str, ...]
    ends: tuple[trace.Ended, ...] = ()
    stages: tuple[Stage, ...] = ()
    unjudged: tuple[str, ...] = ()
    beside: tuple[Finding, ...] = ()
    fault: str = ""

    def says(self, sentence: Callable[[Finding], str] = lambda found: found.reason, number: Callable[[str], str] = str) -> list[str]:
        """The answer step by step in Chinese; the last line says what decided. ``sentence``, ``number``: how findings and numbers are shown."""
        if self.findings:
            return [f"规则 {self.rule} 对此人报了疑点 {found.finding_id}：{sentence(found)}" for found in self.findings]
        if self.not_run:
            return [f"规则 {self.rule} 没有运行：{self.not_run}。没有运行不等于没有疑点。"]
        told = [f"规则 {self.rule} 对此人没有运行：{missing}。没有运行不等于没有疑点。" for missing in self.unjudged]
        told += [f"疑点列在另一号码名下：{found.finding_id}（{number(found.id_number)}）：{sentence(found)}" for found in self.beside]
        told += [f"此证件号码校验不通过：{self.fault}。请先核对号码是否写对。"] if self.fault else []
        reached = [row for row in self.rows if not row.stage]
        told += [f"查看此人发放 {len(self.rows)} 行，其中 {len(reached)} 行进入规则的判断。"] if self.rows else []
        told += [f"{row.row}（所属期 {row.period // 100}-{row.period % 100:02d}）：{row.stage}。" for row in self.rows if row.stage]
        told += [
            f"{CONTRACT_ZH[contract]}中有此号码 {count} 行。" if count else f"{CONTRACT_ZH[contract]}中没有此号码。" for contract, count in self.listed.items()
        ]
        told += [f"{one.says}。" for one in self.stages]
        told += [line for end in self.ends for line in _told(end, len(self.ends))]
        if self.friends:
            told.append(f"该规则不算疑点的情形：{'；'.join(self.friends)}。")
        return [*told, f"结论：{self.decided}。"]

    @property
    def concluded(self) -> str:
        """What decided, whatever the answer is: the findings there are, why the rule did not run at all, or :attr:`decided`."""
        if self.findings:
            return "报了疑点"
        return f"没有运行：{self.not_run}" if self.not_run else self.decided

    @property
    def decided(self) -> str:
        """What decided, in one sentence: not run, a finding under another number, a stage or a step, or that the lists do not have the number."""
        if self.unjudged:
            return f"对此人没有运行（{'；'.join(self.unjudged)}）"
        if self.beside:
            return "疑点已报，列在另一号码名下"
        out = list(dict.fromkeys(f"{one.about}：{one.why}" for one in self.stages if one.out))
        steps = list(dict.fromkeys(end.decided for end in self.ends if end.decided))
        absent = [CONTRACT_ZH[contract] for contract, count in self.listed.items() if not count]
        said = [f"不满足的条件：{'；'.join(steps)}"] if steps else []
        said += [f"不计入的资料：{'；'.join(out)}"] if out else []
        if not said or not steps:
            said += [f"不计入的发放：{'；'.join(dict.fromkeys(row.stage for row in self.rows if row.stage))}"] if any(row.stage for row in self.rows) else []
        if not said and any(end.began and end.step is None for end in self.ends):
            said = ["满足各连接与条件，最后分组或取舍时不成为疑点"]
        if absent and not said:
            said.append(f"没有此号码的资料：{'、'.join(absent)}")
        return "；".join(said) or _NOTHING


def _told(end: trace.Ended, arms: int, depth: int = 0) -> list[str]:
    head = "　" * depth + (f"{'规则' if not depth else '其中'}的第 {end.arm} 部分：" if arms > 1 else "其中：" if depth else "")
    within = [line for one in end.inside for line in _told(one, len(end.inside), depth + 1)]
    table = TABLES.get(end.base, "")
    whose = "相关的" if end.others else "此人"
    if not end.began:
        return within or [f"{head}{table or '规则所看的数据'}中没有{'相关' if end.others else '此人可以计入'}的行。"]
    told = [f"{head}{table or '规则所看的数据'}中有{whose} {end.began} 行。"]
    shown = [(step, left) for nth, (step, left) in enumerate(end.funnel) if nth + 1 == len(end.funnel) or end.funnel[nth + 1][0].name != step.name]
    told += [f"{'　' * depth}  第 {nth} 步 {step.says}：{'对得上' if step.joins else '满足'}的 {left} 行。" for nth, (step, left) in enumerate(shown, 1)]
    if end.step is None:
        passed = "都满足，但与上一步要求的人、险种或月份对不上" if depth else "满足各连接与条件，最后分组或取舍时不成为疑点"
        return [*told, f"{head}{whose} {end.before} 行{passed}。"]
    rows = f"（{'、'.join(end.places)}{'等' if end.before > len(end.places) else ''}）" if end.places else ""
    why = "没有对得上的数据" if end.step.joins else "不满足条件"
    held = f"当时的值：{'；'.join(end.values)}。" if end.values else ""
    return [*told, f"{head}{'' if end.others else '此人'}到这一步还有 {end.before} 行{rows}，因{why}而不再计入：{end.step.says}。{held}", *within]


class Asking:
    """Rules run over the tables in one session of the engine, of which persons are then asked; used as a context manager by :func:`why_not`."""

    def __init__(self, sweep: Sweep) -> None:
        self.sweep = sweep
        self.result: CheckResult = sweep.result()

    def known(self, number: str) -> bool:
        """Whether any of the tables has the number."""
        having = [one for one in self.sweep.given if one not in ("accounts", "employers")]
        return any(self.sweep.engine.values(f"SELECT 1 FROM {one} WHERE number = {_quoted(number)} LIMIT 1") for one in having)

    def answer(self, rule: Rule, number: str, fault: str = "") -> WhyNot:
        """What became of the rows of one number by one of the rules that ran."""
        engine, given = self.sweep.engine, self.sweep.given
        mine = tuple(one for one in self.result.findings if one.rule == rule.code and number in (one.id_number, *one.evidence.persons))
        ran = rule.code in self.result.rules_run
        listed: dict[str, int] = {
            one: int(engine.values(f"SELECT COUNT(*) FROM {one} WHERE number = {_quoted(number)}")[0][0])
            for one in (*rule.needs, *rule.uses) if one in given and one not in ("accounts", "employers")
        }  # fmt: skip
        rows = self._rows(rule, number) if rule.needs and "payments" in given and _reads_payments(rule) else ()
        if listed.get("payments"):
            del listed["payments"]
        if mine or not ran:
            reason = "" if ran else "；".join(one.reason for one in self.result.not_run if one.rule == rule.code)
            return WhyNot(rule.code, number, mine, reason, rows, listed, rule.false_friends_zh, fault=fault)
        text = rule.sql(views.conditions(self.sweep.shared, self.sweep.as_of))
        beside = tuple(one for one in self.result.findings if one.rule == rule.code and number in re.split(r"[:;|]", f"{one.counterpart}:{one.other}"))
        person = Person(engine, number, self.sweep.shared, self.sweep.as_of)
        told = stages(person, text, rule.needs)
        if dated := validity.told(rule, engine, text, number, self.sweep.as_of):
            told.append(Stage("有效期", "", dated.removeprefix("有效期：").rstrip("。"), True))
        return WhyNot(
            rule.code, number, (), "", rows, listed, rule.false_friends_zh, tuple(trace.ended(engine, text, number)), tuple(told),
            tuple(unjudged(engine, rule.code, number)), beside, fault,
        )  # fmt: skip

    def _rows(self, rule: Rule, number: str) -> tuple[Seen, ...]:
        unread = ", ".join(f"'{one}'" for one in _UNREAD if f"'{one}'" not in rule.text())
        until = self.result.as_of.number if self.result.as_of else NO_END
        found = self.sweep.engine.values(_WHERE.format(as_of=until, number=_quoted(number), shown=_SHOWN, unread=unread or "''"))
        return tuple(
            Seen(f"{file}:{line}", period, item, amount, cancelled, _status(stage))
            for file, line, period, item, amount, stage, cancelled in found
        )


def why_not(person: str, rule: str, tables: Mapping[str, Sequence[Source]], *, as_of: Month | None = None) -> WhyNot:
    """Runs one rule over the tables and explains what became of a person's rows; ``person`` is a resident number in any form.

    Raises SB3201, SB3203; SB3395 where ``person`` is no number and none of the tables has it as it is written.
    """
    wanted = chosen([rule])
    number = judge(person, Document.RESIDENT)
    with opened("duckdb", threads=1) as engine:
        asking = Asking(Sweep(engine, tables, wanted, as_of, hurry=False))
        if _formless(number) and not (number.normal and asking.known(number.normal)):
            raise NotANumber(given=person, why=number.fault.zh)
        return asking.answer(wanted[0], number.normal, number.fault.zh)


def _status(stage: str) -> str:
    """The stage, or for a status that is none of ``paid`` its Chinese words."""
    if stage == "other":
        return STATUS_ZH[stage]
    return f"发放状态不是成功（{STATUS_ZH[stage]}），不计为已发放" if stage in STATUS_ZH else stage


def _formless(number: Number) -> bool:
    return number.fault in (Fault.BLANK, Fault.FORM)


def _reads_payments(rule: Rule) -> bool:
    return any(one in rule.text() for one in _PAID)


def _quoted(number: str) -> str:
    return "'" + number.replace("'", "''") + "'"
