"""A column of resident numbers is judged exactly as each of its cells."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.identity import check_digit, judge, looks_damaged, lost_digits
from ledger.identity.columns import FAULTS, judge_many

PLAIN = st.builds(
    lambda region, birth, sequence: f"{region:06d}{birth:%Y%m%d}{sequence:03d}", st.integers(110000, 659999), st.dates(date(1000, 1, 1)), st.integers(0, 999)
)
RIGHT = PLAIN.map(lambda body: body + check_digit(body))
DIGITS = st.text("0123456789", min_size=14, max_size=19)
SHORT = st.one_of(
    st.text("0123456789", min_size=15, max_size=15),
    RIGHT.map(lambda number: number[:6] + number[8:17]),
    st.builds(lambda year, end: f"110105{year:02d}0101{end}", st.integers(0, 99), st.sampled_from(("995", "996", "999", "000"))),
)
SPOILT = st.builds(lambda number, place, char: number[:place] + char + number[place + 1 :], RIGHT, st.integers(0, 17), st.sampled_from("0123456789Xx OoIl１　"))
ODD = st.one_of(
    st.sampled_from(("", " ", "1.10101E+17", "'110105194912310021", '="11010519491231002X"', "１１０１０５１９４９１２３１００２ｘ", "110105 19491231 002x")),
    st.text(),
    RIGHT.map(str.lower),
    RIGHT.map(lambda number: number[:15] + "000"),
)
TEXT = st.one_of(RIGHT, SPOILT, SHORT, DIGITS, ODD)


@settings(deadline=None)
@given(st.lists(TEXT, max_size=30))
def test_a_column_is_judged_as_its_cells(texts: list[str]) -> None:
    """Normal form, fault, damage, birth date and sex come out as from the function for one number."""
    column, cells = judge_many(texts), [judge(text) for text in texts]
    assert len(column) == len(texts)
    assert column.normal.to_pylist() == [cell.normal for cell in cells]
    assert [FAULTS[place] for place in column.fault] == [cell.fault for cell in cells]
    assert column.ok.tolist() == [cell.ok for cell in cells]
    assert column.birth.to_pylist() == [cell.birth for cell in cells]
    assert column.sex.to_pylist() == [cell.sex for cell in cells]
    assert column.damaged.tolist() == [looks_damaged(text) or lost_digits(cell) for text, cell in zip(texts, cells, strict=True)]


@settings(deadline=None)
@given(st.lists(RIGHT, min_size=1, max_size=9), st.integers(0, 3))
def test_slices_and_chunks_are_read_where_they_begin(texts: list[str], start: int) -> None:
    """An Arrow slice, a chunked array and 64-bit offsets give the same as a list."""
    whole = pa.array([*texts, "x", *texts])
    sliced, chunked = whole.slice(start), pa.chunked_array([whole.slice(0, start), whole.slice(start)], pa.string())
    assert judge_many(sliced).normal.to_pylist() == judge_many(sliced.to_pylist()).normal.to_pylist()
    assert (
        judge_many(chunked).normal.to_pylist()
        == judge_many(whole.cast(pa.large_string())).normal.to_pylist()
        == judge_many(whole.to_pylist()).normal.to_pylist()
    )


def test_an_empty_column_is_an_empty_column() -> None:
    """No number, no judgement."""
    assert len(judge_many([])) == 0 and judge_many([]).ok.tolist() == []
