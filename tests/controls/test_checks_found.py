"""Many findings in bounded memory: written off and read one at a time, each payment counted once by columns (controls.checks.found, .counted)."""

from __future__ import annotations

import errno
import gc
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controls.checks import found, leads, runner
from controls.checks.catalogue import chosen
from controls.checks.counted import Counted
from controls.checks.duck import Duck
from controls.checks.errors import OutOfRoom
from controls.checks.found import Found, Gathering, heaviest
from controls.checks.room import Aside, Room
from controls.checks.runner import run
from controls.findings import Evidence, Finding, Row, Severity
from tests.controls.canonical import table

_WORDS = st.text(alphabet="A1张;|\n", max_size=4)
_FEN = st.none() | st.integers(0, 10**12)
_EVIDENCE = st.builds(
    Evidence, rows=st.lists(st.builds(Row, _WORDS, st.integers(1, 10**7)), max_size=3).map(tuple), row_count=st.integers(0, 9), base=_FEN, account=_FEN,
    other=_FEN, recoverable=_FEN, unsplit=_FEN, recovered=_FEN, open=_FEN, known_before=_FEN, known_after=_FEN,
    steps=st.lists(_WORDS, max_size=2).map(tuple),
    persons=st.lists(_WORDS, max_size=2).map(tuple),
)  # fmt: skip
_FINDING = st.builds(
    Finding, rule=st.sampled_from(["A1", "D1", "P3"]), severity=st.sampled_from(Severity), id_number=_WORDS, name=_WORDS, fund=_WORDS, region=_WORDS,
    periods=st.lists(st.integers(202301, 202312), max_size=3).map(tuple), amount=st.integers(0, 10**15), counterpart=_WORDS, confidence=st.integers(0, 1000),
    reason=_WORDS, evidence=_EVIDENCE, other=_WORDS, fact=_WORDS,
)  # fmt: skip


def _gathered(findings: list[Finding], room: Room, few: int | None) -> Any:
    gathering = Gathering(room, few=few)
    for one in findings:
        gathering.add([one])
    return gathering.done()


@settings(max_examples=60, deadline=None)
@given(findings=st.lists(_FINDING, min_size=1, max_size=12, unique_by=lambda one: one.finding_id))
def test_what_was_written_off_is_what_was_found(findings: list[Finding]) -> None:
    """Findings read back equal those put away, in the same order, by place, by slice, and the heaviest of a rule first."""
    whole, put_away = _gathered(findings, Room(), None), _gathered(findings, Room(), 0)
    assert isinstance(whole, tuple) and isinstance(put_away, Found) and put_away == whole and whole == tuple(put_away)
    assert len(put_away) == len(whole) and put_away[-1] == whole[-1] and put_away[:2] == whole[:2] and put_away != whole[1:]
    with pytest.raises(IndexError):
        put_away[len(whole)]
    for rule in ("A1", "D1", "P3", "Z9"):
        assert list(heaviest(put_away, rule)) == list(heaviest(whole, rule))


def test_nothing_of_it_is_seen_in_the_folder(tmp_path: Path) -> None:
    """The file has no name from the start, so that full numbers stay nowhere, however the program ends; a full disk is said with SB3392."""
    aside = Aside(Room(512, tmp_path))
    assert [aside.append(told) for told in (b"abc", b"", b"de")] == [0, 3, 3] and aside.read(1, 4) == b"bcde"
    assert not list(tmp_path.iterdir())

    class Full:
        def seek(self, _: int) -> None: ...
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    aside._handle = Full()  # type: ignore[assignment]
    with pytest.raises(OutOfRoom) as refused:
        aside.append(b"f")
    assert refused.value.code == "SB3392" and str(tmp_path) in refused.value.cause()


_PLACED = st.tuples(st.integers(0, 1), st.sampled_from(["甲.csv", "乙.csv"]), st.integers(1, 3), st.sampled_from([202301, 202302]), st.integers(0, 99))


@settings(max_examples=60, deadline=None)
@given(stretches=st.lists(st.tuples(st.booleans(), st.lists(_PLACED, max_size=6)), max_size=6), few=st.sampled_from([0, 3, 1000]))
def test_each_place_counts_once_with_its_greatest_fen(stretches: list[tuple[bool, list[tuple[int, str, int, int, int]]]], few: int) -> None:
    """The sum is that of the greatest fen at each place, in memory or written off; places of yearly rules are places of another list."""
    counted, wanted = Counted(Room(), few=few), {}
    for yearly, rows in stretches:
        part, file, line, period, fen = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [], [], [])
        time = {"year": pa.array([one // 100 for one in period], pa.int32())} if yearly else {"period": pa.array(period, pa.int32())}
        columns = {"part": pa.array(part, pa.int32()), "file": pa.array(file, pa.string()), "line": pa.array(line, pa.int32())}
        columns["fen"] = pa.array(fen, pa.int64())
        counted.add(pa.table({**columns, **time}), yearly=yearly)
        for place in rows:
            key = (yearly, *place[:3], place[3] // 100 if yearly else place[3])
            wanted[key] = max(wanted.get(key, 0), place[4])
    assert counted.total() == sum(wanted.values())


def test_rows_come_in_order_a_stretch_at_a_time_while_others_are_asked(tmp_path: Path) -> None:
    """Every row comes once and in order, the session answers meanwhile, and what lay aside is gone."""
    with Duck(threads=1, room=Room(512, tmp_path)) as duck:
        seen = []
        for rows in duck.ordered("SELECT (range * 7919) % 10007 AS k, range AS n FROM range(10007) -- so", ["none", "k"], 2048):
            assert duck.values("SELECT 1") == [(1,)] and rows.num_rows <= 2048
            seen += rows.column("k").to_pylist()
        assert seen == list(range(10_007)) and not [one for one in tmp_path.rglob("*") if one.is_file()]
        assert [rows.num_rows for rows in duck.ordered("SELECT 1 AS k WHERE FALSE", ["k"], 10)] == [0]


@pytest.mark.parametrize("most", [1, 2, 3, 7])
def test_the_rows_of_a_finding_come_together(most: int) -> None:
    """Wherever a stretch ends, the rows of one finding are in one table."""
    (rule,) = chosen(["P3"])
    keys = "AABBBCDDDDDDDDE"
    sql = "SELECT * FROM (VALUES " + ", ".join(f"('{key}', 'R', '620821', {nth})" for nth, key in enumerate(keys)) + ") t(id_number, fund, region, line)"
    with Duck(threads=1) as duck:
        stretches = [rows.column("id_number").to_pylist() for rows in leads.tables(duck, rule, sql)]
        few = [rows.column("id_number").to_pylist() for rows in _small(duck, rule, sql, most)]
    assert stretches == [list(keys)[:-1], ["E"]] and "".join(chain.from_iterable(few)) == keys
    assert all(not set(one) & set(other) for nth, one in enumerate(few) for other in few[nth + 1 :])


def _small(duck: Duck, rule: Any, sql: str, most: int) -> Iterator[pa.Table]:
    """As :func:`leads.tables`, out of stretches of ``most`` rows."""

    class Piecemeal:
        def ordered(self, text: str, by: Any, _: int) -> Iterator[pa.Table]:
            rows = duck.fetch(text).sort_by([(name, "ascending") for name in by if name != "other"])
            yield from (rows.slice(start, most) for start in range(0, rows.num_rows, most))

    return leads.tables(Piecemeal(), rule, sql)  # type: ignore[arg-type]


MANY = 1_500


def _doubtful() -> dict[str, list[pa.Table]]:
    """A failing number, an account and a payment twice for each of many people."""
    people = [{"id": f"62082119{50 + nth % 40}0315{nth:04d}"[:17] + "Z", "account": f"6228{nth:012d}"} for nth in range(MANY)]
    rows = [one | {"period": period, "amount": 10000 + nth} for nth, one in enumerate(people) for period in (202401, 202401, 202402)]
    return {"payments": [table("payments", rows)]}


def test_findings_are_not_held_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Of thousands of findings no more than a few stretches are alive at once, when they are made and when the papers are written; and they are the same."""
    from audit import findings_file

    doubtful = _doubtful()
    whole = run(doubtful, rules=["I1", "P3"], threads=1)
    alive: list[int] = []

    def counting(add: Any) -> Any:
        def added(*given: Any) -> Any:
            alive.append(sum(1 for one in gc.get_objects() if type(one) is Finding) - len(whole.findings))
            return add(*given)

        return added

    monkeypatch.setattr(found, "FEW", 200)
    monkeypatch.setattr(leads, "AT_ONCE", 600)
    monkeypatch.setattr(runner, "MOST_NAMES", 100)
    monkeypatch.setattr(Gathering, "add", counting(Gathering.add))
    many = run(doubtful, rules=["I1", "P3"], threads=1, room=Room(512, tmp_path))
    assert len(whole.findings) >= 2 * MANY and isinstance(many.findings, Found) and many.findings == whole.findings
    assert many.distinct_amount == whole.distinct_amount and len(alive) >= 4 and max(alive) <= 600, "one stretch and what was not written off yet"
    alive.clear()
    read = counting(lambda _: None)
    for nth, _ in enumerate(findings_file.rows(many.findings)):
        read(nth) if nth % 500 == 0 else None
    for rule in many.rules_run:
        for nth, _ in enumerate(heaviest(many.findings, rule)):
            read(nth) if nth % 500 == 0 else None
    assert max(alive) <= 10
    assert list(findings_file.rows(many.findings)) == list(findings_file.rows(whole.findings))
