"""The books as somebody would keep them in the head: lists and dictionaries, no SQL, no digests, nothing of ``ledger.posting``.

A :class:`Book` says beforehand what an act may be refused for (a set of codes, empty when it must go through) and, once it went
through, what the book then holds. A balance is a sum of lines here, never a row that is kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from controls.duties import Actor, Duty
from ledger.entries import Dimension, Entry, Line, PayoutRow, Side
from ledger.funds import Fund
from ledger.months import Month

if TYPE_CHECKING:
    from controls.journals import Kind
    from tests.model.checking import Written
    from tests.model.rosters import Roster

WAITING = ("proposed", "made", "reviewed")
CASH = ("1001", "1002", "1004")
NIL_AT_MONTH_END = ("1002", "1005", "110105")
MONEY = ("1001", "1002", "1003", "1004", "1005")
UNSPLIT = ("4601", "4602")
DUTY = {"make": Duty.BOOKKEEP, "review": Duty.CHECK, "sign": Duty.CASHIER, "post": Duty.BOOKKEEP}
FROM = {"make": ("proposed",), "review": ("made",), "sign": ("made", "reviewed"), "post": ("reviewed",), "reject": WAITING}
TO = {"make": "made", "review": "reviewed", "post": "posted", "reject": "rejected"}
WITHIN = (("110101", "1101", "E R G"), ("110102", "1101", "ME MR"), ("200101", "2001", "E R G"), ("200104", "2001", "ME MR"))
"""其中 lines of 会社保01 that never exceed the line they detail (K3): account, its line's account, the funds that show it."""

Rows = tuple[PayoutRow, ...]


@dataclass
class Voucher:
    """A voucher: what it says, how far it came, and who did what."""

    entry: Entry
    state: str = "proposed"
    maker: str = ""
    reviewer: str = ""
    cashier: str = ""
    entry_id: int | None = None
    rows: Rows = ()
    wrong: frozenset[str] = frozenset()
    """Codes that posting must refuse it for."""

    @property
    def cash(self) -> bool:
        return any(line.account.startswith(CASH) for line in self.entry.lines)


def results_account(code: str) -> bool:
    """Income or expense that a closing carries over; what is not yet split (待转) stays."""
    return code[0] in "45" and not code.startswith(UNSPLIT)


def pool_of(fund: Fund, code: str) -> str:
    """The account of net assets an income or expense account is carried to: 3001, for 职工医保 by its two pools."""
    if fund is not Fund.ME:
        return "3001"
    pool = {"4101": "01", "5101": "01", "4301": "02", "5201": "02"}.get(code[:4], code[4:6])
    return "3001" + pool


@dataclass
class Book:
    """One book: its months, its vouchers, what is posted, and which months who asked to close."""

    number: int
    fund: Fund
    leaves: frozenset[str]
    opened: Month
    carried_monthly: bool
    states: dict[Month, str]
    vouchers: list[Voucher] = field(default_factory=list)
    posted: list[Voucher] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    proposers: dict[Month, set[str]] = field(default_factory=lambda: defaultdict(set))
    explained: dict[Month, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Accounts with a written reason for their balance, by the month that was proposed."""
    rosters: list[Roster] = field(default_factory=list)
    reconciled: set[tuple[str, Month]] = field(default_factory=set)
    journals: dict[Kind, Written] = field(default_factory=dict)

    def live(self) -> Iterator[Voucher]:
        """Vouchers that were not sent back."""
        return (voucher for voucher in self.vouchers if voucher.state != "rejected")

    def months(self, *states: str) -> list[Month]:
        return [month for month, state in self.states.items() if state in states]

    def moved(self) -> dict[tuple[str, Month, Dimension], list[int]]:
        """Debit, credit, the closing part of each, and the number of lines, by account, month and dimension."""
        found: dict[tuple[str, Month, Dimension], list[int]] = defaultdict(lambda: [0, 0, 0, 0, 0])
        for voucher in self.posted:
            for line in voucher.entry.lines:
                sums = found[line.account, voucher.entry.period, line.dimension]
                sums[2 * voucher.entry.closing + (line.side is Side.C)] += line.amount
                sums[4] += 1
        return dict(found)

    def held(self, through: Month, *prefixes: str) -> int:
        """Balance of the accounts under some prefixes at a month's end, debit positive."""
        lines = (line for voucher in self.posted if voucher.entry.period <= through for line in voucher.entry.lines)
        return sum(line.signed for line in lines if line.account.startswith(prefixes))

    def results(self, through: Month) -> dict[tuple[str, Dimension], int]:
        """Income and expense not carried over, debit positive, by account and dimension; nils left out."""
        left: dict[tuple[str, Dimension], int] = defaultdict(int)
        for voucher in self.posted:
            for line in voucher.entry.lines if voucher.entry.period <= through else ():
                if results_account(line.account):
                    left[line.account, line.dimension] += line.signed
        return {key: fen for key, fen in left.items() if fen}

    # --- vouchers

    def month_fault(self, entry: Entry) -> set[str]:
        state = self.states.get(entry.period)
        return set() if state == "open" or (state == "locked" and entry.closing) else {"SB1302"}

    def proposing(self, entry: Entry) -> set[str]:
        """L5, L11."""
        known = {paper for voucher in self.live() for paper in voucher.entry.documents}
        twice = known & set(entry.documents) or any(voucher.entry.source_key == entry.source_key for voucher in self.live())
        return self.month_fault(entry) | ({"SB1104"} if twice else set())

    def propose(self, entry: Entry, rows: Rows = (), wrong: Iterable[str] = ()) -> Voucher:
        strange = {"SB1306"} if any(line.account not in self.leaves for line in entry.lines) else set()
        voucher = Voucher(entry, rows=rows, wrong=frozenset(wrong) | strange)
        self.vouchers.append(voucher)
        return voucher

    def stepping(self, step: str, voucher: Voucher, actor: Actor) -> set[str]:
        """C1, C2, L5, L6, L10: why this step by this person is refused."""
        faults = set() if voucher.state in FROM[step] else {"SB3102"}
        if step == "reject":
            return faults | (set() if actor.duties & {Duty.CHECK, Duty.BOOKKEEP} else {"SB3001"})
        if DUTY[step] not in actor.duties:
            faults |= {"SB3001"}
        others = {"make": (), "review": (voucher.maker, voucher.cashier), "sign": (voucher.maker, voucher.reviewer), "post": (voucher.reviewer,)}[step]
        if actor.user in others:
            faults |= {"SB3002"}
        if step == "sign":
            faults |= (set() if voucher.cash else {"SB3125"}) | ({"SB3102"} if voucher.cashier else set())
        if step == "post" and voucher.state == "reviewed":
            faults |= self.month_fault(voucher.entry) | voucher.wrong | ({"SB3126"} if voucher.cash and not voucher.cashier else set())
        return faults

    def step(self, step: str, voucher: Voucher, actor: Actor) -> None:
        voucher.state = TO.get(step, voucher.state)
        if step == "make":
            voucher.maker = actor.user
        elif step == "review":
            voucher.reviewer = actor.user
        elif step == "sign":
            voucher.cashier = actor.user
        elif step == "post":
            same = sum((one.entry.kind, one.entry.period) == (voucher.entry.kind, voucher.entry.period) for one in self.posted)
            self.posted.append(voucher)
            self.numbers.append(same + 1)
            voucher.entry_id = len(self.posted)

    # --- corrections

    def correcting(self, kind: str, voucher: Voucher, actor: Actor, day: date, right: Mapping[int, int] | None = None) -> set[str]:
        """更正: only an ordinary posted voucher, once in each way; red and difference within its year, from its own day on."""
        faults = set() if Duty.BOOKKEEP in actor.duties else {"SB3001"}
        if voucher.entry_id is None:
            return faults | {"SB3102"}
        made = voucher.entry
        before = [one.entry.source_key.partition(":")[0] for one in self.live() if one.entry.corrects == voucher.entry_id]
        wrong = made.closing or made.corrects is not None or made.payout_source is not None or day < made.day
        wrong = wrong or (kind != "correct" and day.year > made.day.year) or (kind != "reverse" and made.contribution_source is not None)
        wrong = wrong or any(other == kind or (other == "adjust") is not (kind == "adjust") for other in before)
        if right is not None:
            new = [right.get(place, line.amount) - line.amount for place, line in enumerate(made.lines, start=1)]
            signed = sum(fen if line.side is Side.D else -fen for fen, line in zip(new, made.lines, strict=True))
            wrong = wrong or not any(new) or signed != 0
        return faults | ({"SB1340"} if wrong else set()) | (set() if self.states.get(Month.of(day)) == "open" else {"SB1302"})

    def struck(self, voucher: Voucher) -> Rows:
        """Contributions taken back: the same rows, red."""
        return tuple((number, part, period, -fen, account) for number, part, period, fen, account in voucher.rows)

    def corrected(self, kind: str, voucher: Voucher, day: date, right: Mapping[int, int] | Sequence[Line]) -> list[list[Line]]:
        """The lines of the vouchers that a correction lays, in order."""
        made, laid = voucher.entry, []
        struck = any(one.entry.source_key == f"reverse:{voucher.entry_id}" for one in self.live())
        if kind == "adjust" and isinstance(right, Mapping):
            return [[_with(line, right[n] - line.amount) for n, line in enumerate(made.lines, 1) if right.get(n, line.amount) != line.amount]]
        if kind == "reverse" or (not struck and day.year == made.day.year):
            laid.append([_with(line, -line.amount) for line in made.lines])
        if kind == "correct" and not isinstance(right, Mapping):
            laid.append(list(right))
        return laid

    # --- months

    def carries(self, month: Month) -> bool:
        return self.carried_monthly or month.month == 12

    def unsound(self, month: Month) -> bool:
        """K3, K9, K7: a detail above its line, or 待转 left in a December, also the last one. A statement says so, and the month does not close."""
        for detail, line, funds in WITHIN:
            for end in (month, Month(month.year, 1) - 1):
                sign = 1 if detail[0] == "1" else -1
                part, whole = sign * self.held(end, detail), sign * self.held(end, line)
                if self.fund.value in funds.split() and part and part > whole:
                    return True
        decembers = (Month(month.year, 1) - 1, month) if month.month == 12 else (Month(month.year, 1) - 1,)
        return self.fund is Fund.ME and any(self.held(one, *UNSPLIT) for one in decembers)

    def overdrawn(self, month: Month) -> dict[str, int]:
        """K21: accounts of cash, deposits and the treasury with less than nothing at a month's end, and how much is missing."""
        held: dict[str, int] = defaultdict(int)
        for voucher in self.posted:
            for line in voucher.entry.lines if voucher.entry.period <= month else ():
                if line.account.startswith(MONEY):
                    held[line.account] += line.signed
        return {code: -fen for code, fen in sorted(held.items(), reverse=True) if fen < 0}

    def closing(self, month: Month, actor: Actor, explained: Iterable[str]) -> set[str]:
        """提请结账: why it is refused."""
        faults = set() if Duty.BOOKKEEP in actor.duties else {"SB3001"}
        if self.states.get(month) != "open":
            return faults | {"SB1308"}
        waiting = any(v.state in WAITING and v.entry.period <= month and not v.entry.closing for v in self.vouchers)
        unclosed = {one for one, state in self.states.items() if one < month and state != "closed"}
        behind = any(line.account[0] in "45" for v in self.posted if v.entry.period in unclosed for line in v.entry.lines)
        behind = behind or any(one.month == 12 and self.results(one) for one in unclosed)
        left = any(self.held(month, prefix) for prefix in NIL_AT_MONTH_END if prefix not in explained)
        stops = waiting or behind or left or bool(self.overdrawn(month)) or (month > self.opened and self.unsound(month))
        return faults | ({"SB3111"} if stops else set())

    def close(self, month: Month, actor: Actor) -> Counter[tuple[str, Side, int, Dimension]] | None:
        """Locks the month and what is open before it; the lines of the closing voucher, None when there is nothing to carry over."""
        for one in self.months("open"):
            if one <= month:
                self.states[one] = "locked"
        self.proposers[month].add(actor.user)
        left = self.results(month) if self.carries(month) else {}
        lines = Counter((code, Side.C if fen > 0 else Side.D, abs(fen), axes) for (code, axes), fen in left.items())
        for first, own in (("4", Side.C), ("5", Side.D)):
            pools: dict[str, int] = defaultdict(int)
            for (code, _), fen in left.items():
                if code[0] == first:
                    pools[pool_of(self.fund, code)] += -fen if own is Side.C else fen
            lines += Counter((pool, own if fen > 0 else _other(own), abs(fen), ()) for pool, fen in pools.items() if fen)
        return lines or None

    def unlocking(self, month: Month, actor: Actor) -> set[str]:
        faults = set() if Duty.CHECK in actor.duties else {"SB3001"}
        posted = any(v.entry.closing and v.entry.period == month for v in self.posted)
        return faults | ({"SB1308"} if self.states.get(month) != "locked" or posted else set())

    def unlock(self, month: Month) -> None:
        self.states[month] = "open"
        for voucher in self.vouchers:
            if voucher.entry.closing and voucher.entry.period == month and voucher.state in WAITING:
                voucher.state = "rejected"

    def confirming(self, month: Month, actor: Actor) -> set[str]:
        """确认结账: why it is refused."""
        faults = set() if Duty.CHECK in actor.duties else {"SB3001"}
        if self.states.get(month) != "locked":
            return faults | {"SB1308"}
        first = min(one for one in self.months("locked") if one <= month)
        if any(actor.user in users for one, users in self.proposers.items() if one >= first):
            faults |= {"SB3002"}
        explained = {code for one, codes in self.explained.items() if one >= month for code in codes}
        waiting = any(v.state in WAITING and v.entry.period <= month and not v.entry.closing for v in self.vouchers)
        left = month > self.opened and any(self.held(month, prefix) for prefix in ("1002", "1005") if prefix not in explained)
        uncarried = self.carries(month) and self.results(month)
        if waiting or uncarried or left or (month > self.opened and self.unsound(month)):
            faults |= {"SB3111"}
        return faults | ({"SB1308"} if any(one < month for one in self.months("open")) else set())

    def confirm(self, month: Month) -> None:
        for one in self.months("locked"):
            if one <= month:
                self.states[one] = "closed"
        if month == max(self.states):
            self.states[month + 1] = "open"


def _with(line: Line, fen: int) -> Line:
    return Line(line.account, line.side, fen, line.dimension, line.memo)


def _other(side: Side) -> Side:
    return Side.D if side is Side.C else Side.C
