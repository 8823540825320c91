"""Business events into entry lines (业务 → 分录), by the templates of ``templates/events``.

``build`` is pure: template, fund, amounts in fen and details give lines that balance. It books nothing; lines go
into a proposed voucher that a 会计 makes and another reviews. Fixed by the templates (DOMAIN §9): 代缴 → 4001,
缴费补贴 → 4101, recovered prior-year benefits → 4501, failed payments never touch 5001, returns red on the same side.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from ledger.chart import STANDARD, Account, Chart
from ledger.dimensions import takes
from ledger.entries import Line, Side, check_balance, dimension
from ledger.errors import UNUSABLE, Refusal
from ledger.event_file import DetailSpec, EventTemplate, Leg, event, load_events
from ledger.funds import Fund
from ledger.items import benefit_code
from ledger.money import Fen, show

__all__ = ["EventTemplate", "build", "closing_lines", "event", "load_events", "summary"]

SPECIAL_CLOSING = "ZX90"
"""The yearly closing of a special book (专账)."""
AXES = ("party", "bank_account", "document", "township", "town", "entitlement")
CHOSEN = "account@"


class EventNotForFund(Refusal):
    """An event that this fund, or this level of government, does not have, or that is not booked by legs."""

    code = "SB1022"
    zh = "业务 {event}“{name}”不能用于{fund}：{why}。"
    en = "The event {event} “{name_en}” is not for {fund}: {why}."
    cause_zh = "分录模板限定了适用险种、级次和是否记账（{reference}）。"
    cause_en = "The template says which funds and levels it is for, and whether it is booked ({reference})."
    remedy_zh = "核对险种和业务代码；只登记备查簿的业务不制证。"
    remedy_en = "Check fund and event; what only goes into a register takes no voucher."


class AmountsWrong(Refusal):
    """An amount is missing, unknown or nil."""

    code = "SB1023"
    zh = "业务 {event}“{name}”的金额有误：{why}。"
    en = "The amounts of event {event} “{name_en}” are wrong: {why}."
    cause_zh = "模板列明了需要的金额：{needed}。"
    cause_en = "The template names the amounts it needs: {needed}."
    remedy_zh = "按模板补全或改正金额。"
    remedy_en = "Give the amounts the template names."
    status = UNUSABLE


class DetailsWrong(Refusal):
    """A detail is missing, unknown or none of the choices."""

    code = "SB1024"
    zh = "业务 {event}“{name}”的要素有误：{why}。"
    en = "The details of event {event} “{name_en}” are wrong: {why}."
    cause_zh = "缴费主体、级次、收付款账户等要素决定明细科目，不能猜。"
    cause_en = "Payer, level, account of receipt and so on decide the detail account; they are never guessed."
    remedy_zh = "补全或改正该要素后重试。"
    remedy_en = "Give the detail and try again."
    status = UNUSABLE


class RedRefused(Refusal):
    """A negative amount where the template allows no red letter."""

    code = "SB1025"
    zh = "业务 {event}“{name}”的“{account}”不接受红字（{amount} 元）。"
    en = "The event {event} “{name_en}” takes no red letter on “{account}” ({amount} yuan)."
    cause_zh = "退回、追回各有自己的业务类型；红字只用于只取一方发生额的科目和更正（第五部分二）。"
    cause_en = "Refunds and recoveries have events of their own; red letters are for one-sided accounts and corrections."
    remedy_zh = "改用相应的退回业务（如 C12、P4、P6），或用红字冲销原凭证。"
    remedy_en = "Use the matching refund event (C12, P4, P6 …) or reverse the original voucher."


def build(
    template: EventTemplate | str,
    fund: Fund | str,
    amounts: Mapping[str, Fen],
    details: Mapping[str, str] | None = None,
    *,
    chart: Chart | None = None,
    day: date | None = None,
) -> list[Line]:
    """The lines of one event, balanced.

    ``amounts``: fen by name; an itemised amount is given as ``paid/基础养老金`` or ``paid/基础养老金|中央`` (with its
    source). ``details``: facts by name, e.g. ``{"into": "1003"}``, and axes ``party``, ``bank_account``, ``document``, ``township``, ``entitlement``
    (``bank_account@1004`` for one account only); ``account@100302`` is the unit's own detail that takes the place of that account.
    ``chart``: default the county chart 28-2018; ``day``: the accounts' day.
    Legs of nil are left out. Raises SB1012, SB1013, SB1016, SB1021 to SB1025, SB1101, SB1102.
    """
    law = event(template) if isinstance(template, str) else template
    return _Builder(law, Fund(fund), chart or Chart.load(STANDARD, Fund(fund), tier=law.tier or "county"), day).lines(amounts, details or {})


def summary(template: EventTemplate | str, fund: Fund | str, details: Mapping[str, str] | None = None) -> str:
    """The voucher's 摘要: the template's text with fund (short name) and details filled in; blanks vanish."""
    law = event(template) if isinstance(template, str) else template
    values = defaultdict(str, {name: spec.preset(Fund(fund)) for name, spec in law.details.items()})
    values.update(details or {})
    values["fund"] = Fund(fund).short
    return law.summary.format_map(values).replace("（）", "").rstrip("，、 ")


class _Builder:
    """One event being built: the template, its fund and chart, and then the amounts and details."""

    def __init__(self, law: EventTemplate, fund: Fund, chart: Chart, day: date | None) -> None:
        self.law, self.fund, self.chart, self.day = law, fund, chart, day
        self.chosen: dict[str, str] = {}
        self.used: set[str] = set()

    def lines(self, amounts: Mapping[str, Fen], details: Mapping[str, str]) -> list[Line]:
        self._fits()
        parts = self._parts(amounts)
        itemised = {name for spec in self.law.amounts.values() for name in spec.each}
        self.chosen = self._own_details(details)
        facts, axes = self._facts({key: value for key, value in details.items() if not key.startswith(CHOSEN)}, itemised)
        made: list[Line] = []
        for leg in self.law.legs:
            made += self._leg(leg, parts, facts, axes)
        if not made:
            raise self._amounts_wrong("金额全部为零")
        if unused := sorted(set(self.chosen) - self.used):
            raise self._details_wrong(f"没有分录记入 {'、'.join(unused)}")
        check_balance(made)
        return made

    def _own_details(self, details: Mapping[str, str]) -> dict[str, str]:
        """``account@code`` → the unit's own detail under it; what the chart has is chosen by the template's own details."""
        chosen: dict[str, str] = {}
        for key, code in details.items():
            if key.startswith(CHOSEN):
                prefix = key.removeprefix(CHOSEN)
                if not prefix or not code.startswith(prefix) or code == prefix or code in self.chart:
                    raise self._details_wrong(f"“{key}={code}”应写作 account@上级科目=本单位增设的明细科目")
                chosen[prefix] = code
        return chosen

    def _fits(self) -> None:
        if self.fund not in self.law.funds:
            raise self._not_for("适用险种为 " + "、".join(self.law.funds))
        if not self.law.legs:
            raise self._not_for(self.law.note or "不由分录模板生成")

    def _parts(self, amounts: Mapping[str, Fen]) -> dict[str, list[tuple[str, Fen]]]:
        """Amount name → (item or '', fen) in the order given."""
        parts: dict[str, list[tuple[str, Fen]]] = {name: [] for name in self.law.amounts}
        for key, fen in amounts.items():
            name, _, value = key.partition("/")
            if name not in parts or (value and not self._each(name)):
                raise self._amounts_wrong(f"没有“{key}”")
            parts[name].append((value, fen))
        missing = [spec.zh for name, spec in self.law.amounts.items() if not parts[name] and not spec.optional]
        if missing:
            raise self._amounts_wrong("缺 " + "、".join(missing))
        return parts

    def _each(self, name: str) -> str:
        """The detail that itemises this amount for this fund, or ''."""
        return next((detail for detail in self.law.amounts[name].each if self.law.details[detail].applies(self.fund)), "")

    def _facts(self, details: Mapping[str, str], itemised: set[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Details checked and completed, and the axes among them."""
        facts: dict[str, str] = {}
        axes = {key: value for key, value in details.items() if key.partition("@")[0] in AXES and value}
        known = set(self.law.details) | {"period"}
        if unknown := [key for key in details if key not in known and key.partition("@")[0] not in AXES]:
            raise self._details_wrong("没有“" + "、".join(unknown) + "”")
        for name, spec in self.law.details.items():
            if not spec.applies(self.fund):
                if details.get(name):
                    raise self._details_wrong(f"{self.fund.zh}没有“{spec.zh}”")
                continue
            value = details.get(name, "") or spec.preset(self.fund)
            if value:
                self._allowed(name, spec, value)
                facts[name] = value
                if name in AXES:
                    axes.setdefault(name, value)
            elif not spec.optional and name not in itemised:
                raise self._details_wrong(f"缺“{spec.zh}”（{name}）" + (f"，可选 {'、'.join(spec.choices)}" if spec.choices else ""))
        return facts, axes

    def _allowed(self, name: str, spec: DetailSpec, value: str) -> None:
        if (spec.choices and value not in spec.choices) or (spec.pattern and not re.fullmatch(spec.pattern, value)):
            raise self._details_wrong(f"“{spec.zh}”（{name}）不能是“{value}”" + (f"，可选 {'、'.join(spec.choices)}" if spec.choices else ""))

    def _leg(self, leg: Leg, parts: dict[str, list[tuple[str, Fen]]], facts: dict[str, str], axes: dict[str, str]) -> list[Line]:
        expression = leg.expression(self.fund)
        single = leg.terms[0][1] if len(leg.terms) == 1 else ""
        each = self._each(single) if single else ""
        if each and re.search(rf"\{{{each}\??\}}", expression):
            made = []
            for value, fen in parts[single]:
                bound = self._bound(each, value, facts)
                made.append(self._line(leg, self._account(expression, bound), fen, axes, value.partition("|")[0] if each == "item" else ""))
            return [line for line in made if line.amount]
        fen = sum(sign * amount for sign, name in leg.terms for _, amount in parts[name])
        return [self._line(leg, self._account(expression, facts), fen, axes, "")] if fen else []

    def _bound(self, each: str, value: str, facts: dict[str, str]) -> dict[str, str]:
        if not value:
            if each not in facts:
                raise self._details_wrong(f"缺“{self.law.details[each].zh}”（{each}）")
            return facts
        item, _, source = value.partition("|") if each == "item" else (value, "", "")
        self._allowed(each, self.law.details[each], item)
        return {**facts, each: item} | ({"source": source} if source else {})

    def _account(self, expression: str, facts: Mapping[str, str]) -> Account:
        """The leaf that a leg names, or the unit's own detail chosen in its place by ``account@code``."""
        found = self._named(expression, facts)
        for prefix, code in self.chosen.items():
            if found.code.startswith(prefix):
                self.used.add(prefix)
                return replace(found, code=code)
        return found

    def _named(self, expression: str, facts: Mapping[str, str]) -> Account:
        if expression.startswith("benefit:"):
            item = self._filled(expression.removeprefix("benefit:"), facts)
            return self.chart.posting_leaf(benefit_code(self.fund, item, facts.get("source", "")), self.day)
        path = [part for part in (self._filled(part, facts) for part in expression.split("/")) if part]
        if not expression.startswith("/") and len(path) == 1:
            return self.chart.posting_leaf(path[0], self.day)
        prefix, names = ("", path) if expression.startswith("/") else (path[0], path[1:])
        return self.chart.posting_leaf(self.chart.named(prefix, "/".join(names), self.day).code, self.day)

    def _filled(self, text: str, facts: Mapping[str, str]) -> str:
        def value(found: re.Match[str]) -> str:
            name, may_lack = found.group(1), found.group(2)
            if name in facts:
                return facts[name]
            if may_lack and not self.law.details[name].applies(self.fund):
                return ""
            raise self._details_wrong(f"缺“{self.law.details[name].zh}”（{name}）")

        return re.sub(r"\{([a-z_]+)(\??)\}", value, text)

    def _line(self, leg: Leg, account: Account, fen: Fen, axes: dict[str, str], memo: str) -> Line:
        amount, side = fen * leg.sign, leg.side
        if amount < 0 and leg.flip:
            amount, side = -amount, Side.C if leg.side is Side.D else Side.D
        if fen < 0 and not (leg.red or leg.flip):
            raise RedRefused(event=self.law.code, name=self.law.name_zh, name_en=self.law.name_en, account=account.title, amount=show(fen))
        return Line(account.code, side, amount, dimension(_own_axes(account, axes)), memo)

    def _not_for(self, why: str) -> EventNotForFund:
        law = self.law
        return EventNotForFund(event=law.code, name=law.name_zh, name_en=law.name_en, fund=self.fund.zh, why=why, reference=law.reference)

    def _amounts_wrong(self, why: str) -> AmountsWrong:
        needed = "、".join(f"{spec.zh}（{name}）" for name, spec in self.law.amounts.items())
        return AmountsWrong(event=self.law.code, name=self.law.name_zh, name_en=self.law.name_en, why=why, needed=needed)

    def _details_wrong(self, why: str) -> DetailsWrong:
        return DetailsWrong(event=self.law.code, name=self.law.name_zh, name_en=self.law.name_en, why=why)


def _own_axes(account: Account, axes: Mapping[str, str]) -> dict[str, str]:
    """The axes that this account is analysed by; ``axis@code`` wins over the plain axis for accounts under ``code``."""
    own: dict[str, str] = {}
    for key, value in sorted(axes.items()):
        axis, _, prefix = key.partition("@")
        if (axis in account.analysis or takes(account.code, axis)) and account.code.startswith(prefix):
            own[axis] = value
    return own


def closing_lines(fund: Fund | str, balances: Mapping[str, Fen], chart: Chart | None = None) -> list[Line]:
    """The lines of a period closing (期末结转, X1) from leaf balances in fen, debit positive; nil balances are left out.

    Income goes to 3001 in one line, expense in another (28号 3001三(一)(二)); ME by 统筹基金 and 个人账户基金.
    4601 and 4602 stay. An empty list when there is nothing to close. Raises SB1022 for an account no rule covers.
    """
    kind = Fund(fund)
    law = event(SPECIAL_CLOSING if kind.special else "X1")
    known = chart or Chart.load(STANDARD, kind)
    rules = [rule for rule in law.closing if kind.special or kind in rule.funds]
    made: list[Line] = []
    totals: dict[tuple[str, Side], Fen] = defaultdict(int)
    for code, fen in _to_close(balances, known):
        rule = next((rule for rule in rules if code.startswith(rule.accounts)), None)
        if rule is None:
            raise EventNotForFund(event=law.code, name=law.name_zh, name_en=law.name_en, fund=kind.zh, why=f"科目 {code} 没有结转规则", reference=law.reference)
        made.append(Line(code, Side.C if fen > 0 else Side.D, abs(fen)))
        natural = Side.C if code[0] in "4S" else Side.D
        totals[rule.to, natural] += fen if natural is Side.D else -fen
    for (target, natural), fen in totals.items():
        if fen:
            other = Side.D if natural is Side.C else Side.C
            made.append(Line(target, natural if fen > 0 else other, abs(fen)))
    return made


def _to_close(balances: Mapping[str, Fen], chart: Chart) -> Iterable[tuple[str, Fen]]:
    for code in sorted(balances):
        if balances[code] and code[0] in "45SC" and not code.startswith(("4601", "4602")):
            # A detail of the unit's own is no account of the chart; the account it hangs under is.
            above = next((code[:digits] for digits in range(len(code), 3, -2) if code[:digits] in chart), code)
            chart.account(above)
            yield code, balances[code]
