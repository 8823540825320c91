"""The chart of accounts (会计科目表) of one fund, dated, read from ``templates/charts``.

The statutory chart is 28号 Part 2 and 3; supplements (a later rule of the state, a county's own details) are
files beside it. A line is posted to a leaf account that exists in the fund's chart on its day (L6).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import templates
from ledger.chart_file import AccountNode, ChartFile, Element, Ending, Flat, SupplementFile, Tier, flatten
from ledger.entries import Side
from ledger.errors import Refusal
from ledger.funds import Fund
from ledger.items import benefit_code
from ledger.lawfile import BadLawFile, in_force, order_faults, read

STANDARD = "28-2018"
ROOTS = {
    Element.ASSET: "Assets",
    Element.LIABILITY: "Liabilities",
    Element.NET_ASSET: "Equity",
    Element.INCOME: "Income",
    Element.EXPENSE: "Expenses",
}


class UnknownAccount(Refusal):
    """An account the fund's chart does not have on that day (L6)."""

    code = "SB1012"
    zh = "{fund}的科目表中没有科目“{account}”{when}。"
    en = "The chart of {fund} has no account “{account}”{when}."
    cause_zh = "每条分录的科目必须在该基金当日有效的科目表中（L6；28号总说明十）。"
    cause_en = "Every line's account exists in that fund's chart on that day (L6)."
    remedy_zh = "核对险种、科目编号和日期；确需增加明细科目的，由会计主管在补充文件中增加，见 docs/standard.md。"
    remedy_en = "Check fund, code and day; new detail accounts go into a supplement file, see docs/standard.md."


class NotALeaf(Refusal):
    """A posting to an account that has details."""

    code = "SB1013"
    zh = "科目“{account}”下设明细科目，不能直接记账。"
    en = "The account “{account}” has details and takes no line itself."
    cause_zh = "分录只记入末级科目，上级科目由明细科目汇总。"
    cause_en = "Lines are posted to leaf accounts; parents are sums."
    remedy_zh = "改用末级科目：{leaves}。"
    remedy_en = "Use a leaf account: {leaves}."


@dataclass(frozen=True, slots=True)
class Account:
    """One account (科目) of one fund. ``origin``: standard, permitted, ours, or the name of the supplement that brought it."""

    code: str
    name: str
    full_name: str
    side: Side
    element: Element
    parent: str
    leaf: bool
    valid_from: date
    valid_to: date | None
    origin: str
    path: str
    default: bool = False
    tier: Tier | None = None
    analysis: tuple[str, ...] = ()
    reference: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """Code and name as vouchers and books must show them (28号 总说明十(三)): ``40010301 社会保险费收入-政府代缴-当期``."""
        return f"{self.code} {self.full_name}"


class Chart:
    """The accounts of one fund. Make one with :meth:`load`; it never changes."""

    def __init__(self, name: str, fund: Fund, accounts: Iterable[Account]) -> None:
        self.name = name
        self.fund = fund
        self._versions: dict[str, list[Account]] = {}
        for account in accounts:
            self._versions.setdefault(account.code, []).append(account)

    @classmethod
    def load(cls, name: str = STANDARD, fund: Fund | str = Fund.R, *, tier: Tier = "county") -> Chart:
        """The chart ``name`` of ``fund`` with every supplement found; ``tier`` leaves out accounts of the other level (1202 is provincial).

        A program (专项资金) has the one chart of special books, whatever ``name`` says.
        """
        roots = tuple(str(root) for root in templates.roots())
        return _special(Fund(fund), roots) if Fund(fund).special else _load(name, Fund(fund), tier, roots)

    @property
    def accounts(self) -> list[Account]:
        """Every account in every version, by code then date."""
        return [version for code in sorted(self._versions) for version in self._versions[code]]

    def leaves(self, day: date | None = None) -> list[Account]:
        """The leaf accounts, on ``day`` when given."""
        return [account for account in self.accounts if account.leaf and (day is None or in_force(account, day))]

    def __contains__(self, code: object) -> bool:
        return code in self._versions

    def account(self, code: str, day: date | None = None) -> Account:
        """The account ``code`` on ``day`` (its latest version without a day); raises SB1012."""
        versions = self._versions.get(code, [])
        if day is None:
            if versions:
                return versions[-1]
        else:
            for version in versions:
                if in_force(version, day):
                    return version
        raise UnknownAccount(fund=self.fund.zh, account=code, when=f"（{day.isoformat()}）" if day and versions else "")

    def children(self, code: str, day: date | None = None) -> list[Account]:
        """The accounts directly under ``code`` ('' for level 1)."""
        return [account for account in self.accounts if account.parent == code and (day is None or in_force(account, day))]

    def named(self, prefix: str, name: str, day: date | None = None) -> Account:
        """The account called ``name`` under ``prefix``, at any depth; a path ``政府代缴/当期`` goes down step by step; raises SB1012."""
        here = prefix
        for part in name.split("/"):
            below = [account for account in self.accounts if account.code.startswith(here) and account.code != here and account.name == part]
            if day is not None:
                below = [account for account in below if in_force(account, day)]
            nearest = min((len(account.code) for account in below), default=0)
            below = [account for account in below if len(account.code) == nearest]
            if len({account.code for account in below}) != 1:
                raise UnknownAccount(fund=self.fund.zh, account=f"{prefix} {name}", when="")
            here = below[-1].code
        return self.account(here, day)

    def posting_leaf(self, code: str, day: date | None = None) -> Account:
        """``code`` itself when a leaf, else its default leaf; raises SB1013 when the chart names none."""
        account = self.account(code, day)
        while not account.leaf:
            below = self.children(account.code, day)
            chosen = [child for child in below if child.default]
            if not chosen:
                raise NotALeaf(account=account.title, leaves="、".join(child.title for child in below))
            account = chosen[0]
        return account

    def postable(self, code: str, day: date) -> Account:
        """The leaf account ``code`` in force on ``day``; raises SB1012 or SB1013."""
        account = self.account(code, day)
        if not account.leaf:
            raise NotALeaf(account=account.title, leaves="、".join(child.title for child in self.children(code, day)))
        return account

    @classmethod
    def benefit_account(cls, fund: Fund | str, item: str, *, source: str = "", name: str = STANDARD) -> Account:
        """The leaf under 5001 that a benefit item (待遇类型) of ``fund`` is booked to, by ``source`` (资金来源) when given; raises SB1016."""
        chosen = Fund(fund)
        return cls.load(name, chosen).posting_leaf(benefit_code(chosen, item, source))


_NOT_IN_PATH = re.compile(r"[^\w]|_")


def _part(flat: Flat) -> str:
    """One part of a Beancount account name: code and name, letters and digits only."""
    return flat.code + _NOT_IN_PATH.sub("", flat.name)


def _grafts(fund: Fund, base: dict[str, Flat], extra: SupplementFile, file: str) -> list[Flat]:
    """The accounts a supplement adds for ``fund``; level 1 only by a national rule."""
    added: list[Flat] = []
    for addition in extra.additions:
        above = base.get(addition.parent)
        if above is None and addition.parent:
            continue
        if above is None and not extra.national:
            raise BadLawFile(file=file, where=extra.supplement, why="一级科目由制度统一规定，只有国家补充规定可以增加")
        for node in addition.accounts:
            mark = "" if extra.national else extra.supplement
            _refuse_standard(node, extra, file)
            for flat in flatten(node, fund, above, extra.valid_from, extra.valid_to, mark):
                base[flat.code] = flat
                added.append(flat)
    return added


def _refuse_standard(node: AccountNode, extra: SupplementFile, file: str) -> None:
    if not extra.national and node.origin == "standard":
        raise BadLawFile(file=file, where=f"{extra.supplement} {node.code}", why="本单位补充的明细科目应写 origin: ours")


def _ended(flat: Flat, fund: Fund, endings: Iterable[Ending]) -> Flat:
    for ending in endings:
        meant = flat.code.startswith(ending.code) and (ending.funds is None or fund in ending.funds) and flat.valid_from < ending.valid_to
        if meant and (flat.valid_to is None or flat.valid_to > ending.valid_to):
            return flat.model_copy(update={"valid_to": ending.valid_to})
    return flat


SPECIAL_FILE = "special/chart.yaml"
EXPENSES = "C01"
"""The account of a special book that the program's items hang under."""


@lru_cache(maxsize=32)
def _special(fund: Fund, roots: tuple[str, ...]) -> Chart:
    """The chart of a special book (专账): the common accounts, and the program's items as details of its expense."""
    chart = read(ChartFile, SPECIAL_FILE)
    flats = [flat for node in chart.accounts for flat in flatten(node, fund, None, chart.valid_from, chart.valid_to)]
    above = next(flat for flat in flats if flat.code == EXPENSES)
    for benefit in fund.program.items:
        node = AccountNode(code=benefit.account, name=benefit.item, reference=fund.program.reference, origin="ours")
        flats += flatten(node, fund, above, above.valid_from, above.valid_to)
    _prove(flats, chart.digits, SPECIAL_FILE)
    return Chart(chart.chart, fund, _accounts(flats))


@lru_cache(maxsize=64)
def _load(name: str, fund: Fund, tier: Tier, roots: tuple[str, ...]) -> Chart:
    file = f"charts/{name}.yaml"
    chart = read(ChartFile, file)
    flats = [flat for node in chart.accounts for flat in flatten(node, fund, None, chart.valid_from, chart.valid_to)]
    for extra_file in templates.names("charts", ".yaml"):
        if not extra_file.rpartition("/")[2].startswith("supplement-"):
            continue
        extra = read(SupplementFile, extra_file)
        if extra.supplements != name:
            continue
        flats = [_ended(flat, fund, extra.endings) for flat in flats]
        flats += _grafts(fund, {flat.code: flat for flat in flats}, extra, extra_file)
    wanted = [flat for flat in flats if flat.tier is None or flat.tier == tier]
    _prove(wanted, chart.digits, file)
    return Chart(name, fund, _accounts(wanted))


def _spells(flat: Flat, children: list[Flat]) -> list[tuple[date, date | None, bool]]:
    """The spells ``(from, to, leaf)`` of an account: one that gets details on a later day is a leaf until then."""
    cuts = {flat.valid_from} | {cut for child in children for cut in (child.valid_from, child.valid_to) if cut is not None}
    starts = sorted(cut for cut in cuts if in_force(flat, cut))
    spells: list[tuple[date, date | None, bool]] = []
    for start, end in zip(starts, [*starts[1:], flat.valid_to], strict=True):
        leaf = not any(in_force(child, start) for child in children)
        if spells and spells[-1][2] == leaf:
            spells[-1] = (spells[-1][0], end, leaf)
        else:
            spells.append((start, end, leaf))
    return spells


def _accounts(flats: list[Flat]) -> list[Account]:
    families: dict[str, list[Flat]] = {}
    versions: dict[str, list[Flat]] = {}
    for flat in flats:
        families.setdefault(flat.parent, []).append(flat)
        versions.setdefault(flat.code, []).append(flat)
    made = []
    for flat in sorted(flats, key=lambda one: (one.code, one.valid_from)):
        line = [flat]
        while line[0].parent:
            above = versions[line[0].parent]
            line.insert(0, next((one for one in above if in_force(one, flat.valid_from)), above[-1]))
        for start, end, leaf in _spells(flat, families.get(flat.code, [])):
            made.append(
                Account(
                    code=flat.code,
                    name=flat.name,
                    full_name="-".join(one.name for one in line),
                    side=flat.side,
                    element=flat.element,
                    parent=flat.parent,
                    leaf=leaf,
                    valid_from=start,
                    valid_to=end,
                    origin=flat.origin,
                    path=":".join([ROOTS[flat.element], *(_part(one) for one in line)]),
                    default=flat.default,
                    tier=flat.tier,
                    analysis=flat.analysis,
                    reference=flat.reference,
                    note=flat.note,
                )
            )
    return made


def _prove(flats: list[Flat], digits: tuple[int, ...], file: str) -> None:
    """Codes follow the scheme, no two versions of a code overlap, and each family has at most one default."""
    lengths = {sum(digits[: level + 1]) for level in range(len(digits))}
    versions: dict[str, list[Flat]] = {}
    for flat in flats:
        if len(flat.code) not in lengths or not flat.code.startswith(flat.parent):
            raise BadLawFile(file=file, where=flat.code, why="编号不合层级规则")
        versions.setdefault(flat.code, []).append(flat)
    for code, same in versions.items():
        if fault := order_faults(same, gaps=False):
            raise BadLawFile(file=file, where=code, why=f"科目重复，{fault}")
    defaults = [flat.parent for flat in flats if flat.default]
    if len(defaults) != len(set(defaults)):
        raise BadLawFile(file=file, where="default", why="同一上级科目只能有一个默认明细科目")
