"""Settling an account with what was overpaid (DOMAIN §4.5): balance due to heirs, then funeral aid, then refund — pure, step by step, in fen.

Overpaid months of the personal account are an advance on the balance, never a loss of the fund; overpaid base pension is. Amounts booked this year go
against the same 5001 detail, those of earlier years to 4501 (P6, P7); the set-off is booked gross (P10), with nothing overpaid it is P12.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ledger.money import Fen, show
from ledger.months import Month
from ledger.person_accounts.errors import OverSettled


@dataclass(frozen=True, slots=True)
class Overpaid:
    """One item paid for a month after the end: ``account`` True for the personal account's share; ``booked`` the year it was posted in."""

    period: Month
    item: str
    fen: Fen
    account: bool
    booked: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the reckoning: what, how, and what it comes to."""

    name_zh: str
    formula_zh: str
    fen: Fen


@dataclass(frozen=True, slots=True)
class Settlement:
    """What is paid, set off and still owed. ``rows`` are (item, period, fen) for the sub-ledger of the voucher; ``amounts`` those of its event."""

    event: str
    gross: Fen
    advanced: Fen
    overpaid: Fen
    from_account: Fen
    from_funeral: Fen
    paid: Fen
    claim: Fen
    funeral_apart: Fen
    amounts: dict[str, Fen]
    rows: tuple[tuple[str, int, Fen], ...]
    steps: tuple[Step, ...]


def settle(
    balance: Fen, over: Sequence[Overpaid], *, end: Month, booking: Month, item: str, funeral: Fen = 0, funeral_item: str = "丧葬补助金", grossed: bool = True
) -> Settlement:
    """The settlement of one account that ended in ``end`` and is booked in ``booking``.

    ``balance``: what the account holds after every payment made, as far as it is due to the person or the heirs. ``item``: the item of a one-off payment.
    ``grossed`` False books the advanced months of this year net too (where part of the balance stays in the fund).
    Funeral aid that nothing is set off against is left to its own voucher (``funeral_apart``). Raises SB1425.
    """
    _check(balance, over, end, booking, funeral)
    advanced = sum(one.fen for one in over if one.account)
    advanced_now = sum(one.fen for one in over if one.account and one.booked == booking.year) if grossed else 0
    base = sorted((one for one in over if not one.account), key=lambda one: (one.period, one.item))
    owed = sum(one.fen for one in base)
    from_account = min(owed, balance)
    from_funeral = min(owed - from_account, funeral)
    claim = owed - from_account - from_funeral
    gross = balance + (advanced_now if owed else 0)
    carried = funeral if from_funeral else 0
    rows: dict[tuple[str, int], Fen] = {(item, booking.number): gross} if gross else {}
    amounts = {f"gross/{item}": gross} if gross else {}
    if carried:
        rows[funeral_item, booking.number] = carried
        amounts[f"gross/{funeral_item}"] = carried
    if owed:
        back = [one for one in over if one.account and one.booked == booking.year and grossed]
        taken, earlier = _taken(base, from_account + from_funeral, booking.year)
        for one, fen in [*((one, one.fen) for one in back), *taken]:
            rows[one.item, one.period.number] = rows.get((one.item, one.period.number), 0) - fen
            amounts[f"this_year/{one.item}"] = amounts.get(f"this_year/{one.item}", 0) + fen
        if earlier:
            amounts["earlier"] = earlier
    else:
        amounts = {"amount": balance} if balance else {}
    paid = balance + carried - from_account - from_funeral
    steps = _steps(balance, advanced, owed, funeral, from_account, from_funeral, paid, claim)
    event = ("P10" if owed else "P12") if gross or carried else ""
    return Settlement(
        event, gross, advanced, owed, from_account, from_funeral, paid, claim, 0 if carried else funeral, amounts,
        tuple((name, period, fen) for (name, period), fen in sorted(rows.items())), steps,
    )  # fmt: skip


def _check(balance: Fen, over: Sequence[Overpaid], end: Month, booking: Month, funeral: Fen) -> None:
    if balance < 0 or funeral < 0:
        raise OverSettled(why="余额或丧葬补助金为负")
    if booking < end:
        raise OverSettled(why=f"入账月份 {booking} 早于终止年月 {end}")
    seen = set()
    for one in over:
        if one.fen <= 0 or not end < one.period or one.booked > booking.year:
            raise OverSettled(why=f"{one.period} {one.item} {show(one.fen)} 元不是 {end} 之后的多发")
        if (one.period, one.item, one.account) in seen:
            raise OverSettled(why=f"{one.period} {one.item} 重复")
        seen.add((one.period, one.item, one.account))


def _taken(base: Sequence[Overpaid], fen: Fen, year: int) -> tuple[list[tuple[Overpaid, Fen]], Fen]:
    """Overpaid months covered by ``fen``, the earliest first: those booked this year one by one, those of earlier years as a sum."""
    now: list[tuple[Overpaid, Fen]] = []
    earlier = 0
    for one in base:
        part = min(one.fen, fen)
        fen -= part
        if part and one.booked == year:
            now.append((one, part))
        else:
            earlier += part
    return now, earlier


def _steps(balance: Fen, advanced: Fen, owed: Fen, funeral: Fen, from_account: Fen, from_funeral: Fen, paid: Fen, claim: Fen) -> tuple[Step, ...]:
    return (
        Step("终止时账户应退余额", f"账面余额 {show(balance)} + 终止后已发个人账户部分 {show(advanced)}", balance + advanced),
        Step("减：终止后已发的个人账户养老金（预支，不是损失）", "逐月相加", -advanced),
        Step("账户余额", f"{show(balance + advanced)} − {show(advanced)}", balance),
        Step("多发的基础养老金等（应追回）", "终止月之后各月逐项相加", owed),
        Step("先从账户余额抵扣", f"{show(owed)} 与 {show(balance)} 取小", from_account),
        Step("再从丧葬补助金抵扣", f"{show(owed - from_account)} 与 {show(funeral)} 取小", from_funeral),
        Step("实际支付", "账户余额 + 一并入账的丧葬补助金 − 抵扣", paid),
        Step("仍须退回（追缴）", f"{show(owed)} − {show(from_account)} − {show(from_funeral)}", claim),
    )
