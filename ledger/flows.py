"""The flow whitelist (资金流向白名单): which event may debit and credit which money account (收支两条线, L7).

The whitelist goes by event, not by pair of accounts, and stands in ``templates/flows.yaml`` apart from the entry
templates, so that a changed template cannot widen what money may do. A new event brings its flow in a file of its own,
``flows/supplement-*.yaml``, proposed by the chief accountant and approved by the head; what is on the list already stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from pydantic import Field

import templates
from ledger.entries import Entry, Line, Side
from ledger.errors import Refusal
from ledger.event_file import MONEY, load_events
from ledger.lawfile import BadLawFile, LawFile, Strict, in_force, read

FILE = "flows.yaml"
NAMES = {"1001": "库存现金", "1002": "收入户存款", "1003": "财政专户存款", "1004": "支出户存款", "1005": "国库存款"}


SPECIAL_FILE = "special/flows.yaml"
SPECIAL_NAMES = {"Z01": "专户存款", "Z02": "零余额账户用款额度", "Z04": "代发在途资金", "Z05": "财政应返还额度"}


class FlowRefused(Refusal):
    """Money moves where the whitelist does not let this event move it (L7)."""

    code = "SB1041"
    zh = "业务“{event}”不得{act}{account}。"
    en = "The event “{event}” may not {act_en} {account}."
    cause_zh = "收支两条线：{rule}（{reference}）。"
    cause_en = "Two-line management of income and expenditure: {rule} ({reference})."
    remedy_zh = "核对业务类型和收付款账户；制度新增的业务，由会计主管提出、单位负责人批准，写入 flows/supplement-*.yaml（docs/standard.md）。"
    remedy_en = "Check event and account; an event that a later rule adds is proposed by CHECK, approved by HEAD and put into flows/supplement-*.yaml."


class AccountRule(Strict):
    """What one money account may receive and pay, in words."""

    account: str
    rule: str
    reference: str


class Flow(Strict):
    """The money accounts one event may debit (``in``) and credit (``out``)."""

    into: tuple[str, ...] = Field(alias="in")
    out: tuple[str, ...]
    reference: str


class FlowsFile(LawFile):
    """Schema of ``templates/flows.yaml``."""

    accounts: tuple[AccountRule, ...]
    flows: dict[str, Flow]


class FlowSupplement(LawFile):
    """Schema of ``flows/supplement-*.yaml``: the flows of events that a later rule adds, with who proposed and who approved them."""

    supplement: str = Field(min_length=1)
    proposed_by: str = Field(min_length=1)
    approved_by: str = Field(min_length=1)
    approved_on: date
    flows: dict[str, Flow]


class SpecialFlowsFile(LawFile):
    """Schema of ``templates/special/flows.yaml``: the money accounts of special books (专账), and what each event may do to them."""

    money: tuple[str, ...]
    flows: dict[str, Flow]


@lru_cache(maxsize=4)
def _load(roots: tuple[str, ...]) -> FlowsFile:
    return read(FlowsFile, FILE)


@lru_cache(maxsize=4)
def _supplements(roots: tuple[str, ...]) -> tuple[FlowSupplement, ...]:
    known, found = set(_load(roots).flows), []
    for file in templates.names("flows", ".yaml"):
        made = read(FlowSupplement, file)
        if made.proposed_by == made.approved_by:
            raise BadLawFile(file=file, where="approved_by", why="提出人和批准人须是两个人")
        for code in made.flows:
            if code in known:
                raise BadLawFile(file=file, where=code, why="白名单已有这项业务；补充文件只能增加新业务，不能放宽已有的")
            if code not in load_events():
                raise BadLawFile(file=file, where=code, why="没有这项业务的分录模板")
        known |= set(made.flows)
        found.append(made)
    return tuple(found)


@lru_cache(maxsize=4)
def _load_special(roots: tuple[str, ...]) -> SpecialFlowsFile:
    return read(SpecialFlowsFile, SPECIAL_FILE)


def load_flows() -> FlowsFile:
    """The whitelist; raises SB1011."""
    return _load(tuple(str(root) for root in templates.roots()))


def flow_of(event_code: str, day: date | None = None) -> Flow | None:
    """What an event may move: by the whitelist, else by a supplement in force on ``day`` (by any, where no day is given); raises SB1011."""
    found = load_flows().flows.get(event_code)
    if found is not None or not event_code:
        return found
    supplements = _supplements(tuple(str(root) for root in templates.roots()))
    return next((one.flows[event_code] for one in supplements if event_code in one.flows and (day is None or in_force(one, day))), None)


def check(event_code: str, lines: Iterable[Line], day: date | None = None) -> None:
    """Passes when every money line of the event lies on the whitelist (with the supplements in force on ``day``), else raises SB1041.

    A red line is judged by its side: it takes back what came in, or went out, the same way. An entry without an
    event, or with one the whitelist does not know, may not touch a money account at all.
    """
    law = load_flows()
    flow = flow_of(event_code, day)
    for line in lines:
        account = line.account[:4]
        if account not in MONEY:
            if line.account[0] == "Z":
                _check_special(event_code, line)
            continue
        allowed = () if flow is None else flow.into if line.side is Side.D else flow.out
        if account not in allowed:
            rule = next(rule for rule in law.accounts if rule.account == account)
            act, act_en = ("收入", "receive into") if line.side is Side.D else ("支付", "pay out of")
            raise FlowRefused(
                event=event_code or "未指明", act=act, act_en=act_en, account=f"{account} {NAMES[account]}", rule=rule.rule, reference=rule.reference
            )


def _check_special(event_code: str, line: Line) -> None:
    """The same for one money line of a special book; raises SB1041."""
    law = _load_special(tuple(str(root) for root in templates.roots()))
    account = line.account[:3]
    flow = law.flows.get(event_code)
    allowed = () if flow is None else flow.into if line.side is Side.D else flow.out
    if account in law.money and account not in allowed:
        act, act_en = ("收入", "receive into") if line.side is Side.D else ("支付", "pay out of")
        named = f"{account} {SPECIAL_NAMES.get(account, '')}".rstrip()
        rule = "专项资金专款专用，各业务只按白名单动用专户和额度"
        raise FlowRefused(event=event_code or "未指明", act=act, act_en=act_en, account=named, rule=rule, reference=law.reference)


OPENING = "OPENING"
OPENING_SOURCES = frozenset({"opening", "opening:year"})
"""The source keys of opening vouchers; each is booked once (L11), so that nobody moves money as an opening balance later."""


def check_entry(made: Entry) -> None:
    """:func:`check` for a whole entry; the event OPENING counts for the opening's own source keys only. Raises SB1041."""
    check("" if made.event == OPENING and made.source_key not in OPENING_SOURCES else made.event, made.lines, made.day)
