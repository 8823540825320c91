"""How a person of the register is shown: spans with their days, what was known when, who signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk
from shebao.cli.show import table

if TYPE_CHECKING:
    from controls.personchanges import Change
    from controls.persons import Masks
    from ledger.persons import History
    from shebao.store import Office


class Day(click.ParamType):
    """A day, ``2026-02-01``."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(f"“{str(value)[:30]}”不是日期，写作 2026-02-01。", param, ctx)


DAY = Day()


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``."""
    return click.option("--json", "json_", is_flag=True, help="输出 JSON。")(command)


def looking(desk: Desk) -> Office:
    """The office, for somebody who may look into the register; raises SB3001."""
    from controls.persons import may_look
    from shebao.store import Office

    office = Office(desk.home)
    may_look(office.actor)
    return office


def day_text(day: date) -> str:
    """A day; '' for a beginning nobody knows and for an end that has not come."""
    return "" if day in (date.min, date.max) else day.isoformat()


def _signers(signed_by: tuple[str, str]) -> str:
    return " → ".join(signed_by) if signed_by[0] else "人员名单"


def _in_force(spans: Sequence[Any], day: date | None) -> list[Any]:
    return [span for span in spans if day is None or span.from_on <= day < span.to_on]


def as_facts(told: History, hide: Masks, day: date | None) -> dict[str, Any]:
    """A person as JSON values: what is in force on ``day``, or everything when it is None."""

    def span(item: Any, **more: Any) -> dict[str, Any]:
        return {**more, "from": day_text(item.from_on), "to": day_text(item.to_on), "known_on": item.known_on.isoformat(), "signed_by": list(item.signed_by)}

    return {
        "person": f"P{told.person.person_id}", "birth": told.person.birth, "sex": told.person.sex, "linked": [f"P{other}" for other in told.linked],
        "registrations": [{"fund": one.fund, "region": one.region, "town": one.town, "village": one.village} for one in told.registrations],
        "numbers": [span(one, number=hide.number(one.number), id_type=one.id_type, ok=bool(one.number_ok)) for one in _in_force(told.numbers, day)],
        "names": [span(one, name=hide.name(one.name)) for one in _in_force(told.names, day)],
        "statuses": [span(one, fund=one.fund, region=one.region, status=one.status) for one in _in_force(told.statuses, day)],
        "bank_accounts": [
            span(one, fund=one.fund, bank_account=hide.bank_account(one.bank_account), holder=hide.name(one.holder), relation=one.relation, bank=one.bank)
            for one in _in_force(told.bank_accounts, day)
        ],
    }  # fmt: skip


def print_person(told: History, hide: Masks, day: date, known_on: date | None) -> None:
    """What is in force on a day."""
    from ledger.person_words import words

    known = f"，按 {known_on} 所知" if known_on is not None else ""
    linked = f"，并有 {'、'.join(f'P{other}' for other in told.linked)}" if told.linked else ""
    click.echo(f"P{told.person.person_id}{linked}：{day} 生效{known}")
    born = f"{told.person.sex}    出生 {told.person.birth or '不详'}"
    click.echo(f"证件号码 {hide.number(told.number(day)) or '无'}    姓名 {hide.name(told.name(day)) or '无'}    {born}")
    zh = words().zh
    states = {(span.fund, span.region): span for span in _in_force(told.statuses, day)}
    rows = []
    for one in told.registrations:
        state = states.get((one.fund, one.region))
        rows.append((one.fund, one.region, f"{one.town}{one.village}", zh[state.status] if state else "不详", day_text(state.from_on) if state else ""))
    table("参保登记", ("险种", "统筹区", "乡镇村", "状态", "自"), rows)
    accounts = [
        (
            span.fund,
            hide.bank_account(span.bank_account),
            hide.name(span.holder),
            zh[span.relation],
            span.bank,
            day_text(span.from_on),
            _signers(span.signed_by),
        )
        for span in _in_force(told.bank_accounts, day)
    ]
    if accounts:
        table("银行账户", ("险种", "账号", "户名", "关系", "开户行", "自", "申请 → 审核"), accounts)
    else:
        click.echo("没有登记银行账户：shebao person account request 申请，由另一人审核。")


def print_history(told: History, hide: Masks, asked: Sequence[Change]) -> None:
    """Everything known, and every change asked for."""
    from ledger.person_words import words

    zh = words().zh
    linked = f"，并有 {'、'.join(f'P{other}' for other in told.linked)}" if told.linked else ""
    click.echo(f"P{told.person.person_id}{linked}：{told.person.sex} 出生 {told.person.birth or '不详'}")

    def spans(title: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], items: Sequence[Any]) -> None:
        ends = [(day_text(one.from_on), day_text(one.to_on), one.known_on, _signers(one.signed_by)) for one in items]
        table(title, (*columns, "自", "至（不含）", "获知", "来源"), [(*row, *end) for row, end in zip(rows, ends, strict=True)])

    spans("证件号码", ("证件号码", "合规"), [(hide.number(one.number), "是" if one.number_ok else "否") for one in told.numbers], told.numbers)
    spans("姓名", ("姓名",), [(hide.name(one.name),) for one in told.names], told.names)
    spans("状态", ("险种", "统筹区", "状态"), [(one.fund, one.region, zh[one.status]) for one in told.statuses], told.statuses)
    rows = [(one.fund, hide.bank_account(one.bank_account), hide.name(one.holder), zh[one.relation], one.bank) for one in told.bank_accounts]
    spans("银行账户", ("险种", "账号", "户名", "关系", "开户行"), rows, told.bank_accounts)
    if asked:
        print_changes("变更申请", asked)


def print_changes(title: str, asked: Sequence[Change]) -> None:
    """Changes, waiting, accepted and refused: who asked, who reviewed, old → new, masked."""
    from controls.changecontent import KIND_ZH, masked
    from controls.personchanges import DECISION_ZH

    rows = []
    for one in asked:
        wanted = one.wanted
        new = masked(wanted.kind, wanted.value) or {"link": f"并入 P{wanted.other_person}", "part": "拆分"}.get(
            wanted.kind, f"文件 {wanted.file_id}" if wanted.file_id else "无"
        )
        rows.append(
            (
                one.change_id, KIND_ZH[wanted.kind], f"P{wanted.person_id}" if wanted.person_id else "", wanted.fund,
                f"{masked(wanted.kind, one.old_value) or '无'} → {new}", day_text(wanted.from_on), f"{one.requested_by} {one.requested_at[:10]}",
                f"{one.decided_by} {one.decided_at[:10]}".strip(), DECISION_ZH[one.decision], f"{one.reason}（{one.evidence}）",
            )
        )  # fmt: skip
    table(title, ("编号", "种类", "人员", "险种", "原 → 新", "自", "申请", "审核", "结果", "事由（凭据）"), rows)


def change_facts(one: Change) -> dict[str, Any]:
    """A change as JSON values, masked."""
    from controls.changecontent import masked

    wanted = one.wanted
    return {
        "change": one.change_id, "kind": wanted.kind, "person": wanted.person_id, "other": wanted.other_person, "fund": wanted.fund, "region": wanted.region,
        "old": masked(wanted.kind, one.old_value), "new": masked(wanted.kind, wanted.value), "from": day_text(wanted.from_on), "to": day_text(wanted.to_on),
        "reason": one.reason, "evidence": one.evidence, "evidence_sha256": one.evidence_sha256, "requested_by": one.requested_by,
        "requested_at": one.requested_at, "decision": one.decision, "decided_by": one.decided_by, "decided_at": one.decided_at,
        "decided_reason": one.decided_reason,
    }  # fmt: skip
