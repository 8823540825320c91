"""Hypothesis strategies of the ledger: amounts, months, texts, balanced lines and entries."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ledger.entries import Dimension, Entry, Line, Side
from ledger.money import Fen
from ledger.months import Month

FEN = st.one_of(st.integers(-200, 200), st.integers(-(10**13), 10**13))
"""Any amount in fen, zero and red ones included."""

AMOUNT: st.SearchStrategy[Fen] = FEN.filter(bool)
"""An amount a line may have."""

POSITIVE: st.SearchStrategy[Fen] = st.one_of(st.integers(1, 200), st.integers(1, 10**13))
MONTH = st.builds(Month, st.integers(1950, 2100), st.integers(1, 12))
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
"""Text as people write it, rare characters included, control characters left out."""

DIMENSION: st.SearchStrategy[Dimension] = st.dictionaries(st.sampled_from(("bank_account", "level", "payer")), st.sampled_from(("甲", "乙")), max_size=2).map(
    lambda axes: tuple(sorted(axes.items()))
)


@st.composite
def balanced(draw: st.DrawFn, accounts: tuple[str, ...] = ("1003", "1004", "4001", "4201", "500101")) -> tuple[Line, ...]:
    """Two to six lines whose debit equals their credit; the last line makes it so."""
    account = st.sampled_from(accounts)
    lines = draw(st.lists(st.builds(Line, account, st.sampled_from(Side), AMOUNT, DIMENSION, TEXT), min_size=1, max_size=5))
    left = sum(line.signed for line in lines)
    if not left:
        lines.append(Line(draw(account), Side.D, 100))
        left = 100
    side = draw(st.sampled_from(Side))
    lines.append(Line(draw(account), side, -left if side is Side.D else left, draw(DIMENSION)))
    return tuple(lines)


@st.composite
def entries(draw: st.DrawFn, month: Month | None = None) -> Entry:
    """A balanced entry of any month, or of ``month``."""
    period = month or draw(MONTH)
    return Entry(
        period=period,
        day=date(period.year, period.month, draw(st.integers(1, period.last_day.day))),
        summary=draw(TEXT),
        lines=draw(balanced()),
        authority="依据",
        source_key=f"doc:{draw(st.integers(1, 10**6))}",
        attachments=draw(st.integers(0, 9)),
    )
