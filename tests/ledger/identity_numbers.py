"""Hypothesis strategies of identity numbers; all of them invented."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ledger.identity import check_digit

BIRTHS = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))
REGIONS = st.sampled_from(("110105", "620821", "620824", "622701", "430302", "510105", "659001", "441802"))
BODIES = st.builds(lambda region, birth, sequence: f"{region}{birth:%Y%m%d}{sequence:03d}", REGIONS, BIRTHS, st.integers(1, 995))
RESIDENT = BODIES.map(lambda body: body + check_digit(body))
"""Valid numbers of regions that stood at some time."""


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A valid number, and the same with one slip: a wrong digit, two neighbours swapped, one lacking, one too many, a letter for a digit."""
    right = draw(RESIDENT)
    place = draw(st.integers(0, 17))
    kind = draw(st.sampled_from(("digit", "swap", "missing", "extra", "letter")))
    if kind == "digit":
        new = draw(st.sampled_from("0123456789X" if place == 17 else "0123456789"))
        return right, right[:place] + new + right[place + 1 :]
    if kind == "swap":
        place = min(place, 16)
        return right, right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    if kind == "missing":
        return right, right[:place] + right[place + 1 :]
    if kind == "extra":
        return right, right[:place] + draw(st.sampled_from("0123456789")) + right[place:]
    letters = {"0": "oＯ〇", "1": "lI一", "2": "zZ二", "5": "Ss五", "8": "B八", "X": "×*Х"}
    return right, right[:place] + draw(st.sampled_from(letters.get(right[place], right[place]))) + right[place + 1 :]
