"""What changed between two issues of a list (差异): new, gone, different and unchanged rows, row by row, before the newer one is used.

Rows are joined by the key of ``templates/intake/lists.yaml``. A key may stand in several rows of one list (a person twice):
rows that are equal in every compared column cancel first, whatever is left of a key is paired in the order of the files
and marked ``several``, since no one can say which row became which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake import contracts, lists, snapshots
from controls.intake.errors_lists import BothKinds, NotComparable
from controls.intake.lists import FULL, INCREMENT, KIND_ZH, PERSON, ListRule
from controls.intake.pairing import LABELS, Pair
from ledger.identity import mask_account, mask_name, mask_number

if TYPE_CHECKING:
    from controls.intake.taken import Taken

HEADS = ("变化", "证件号码", "姓名", "栏目", "原值", "新值", "原行", "新行", "备注")
SEVERAL = "同一主键有多行，按行序对应"
FIRST = 3
"""Rows of each sort that :meth:`Differences.sentences` names."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Two issues of a list compared.

    ``new`` and ``gone`` hold whole rows; ``changed`` has one row a changed cell (columns ``number, name, column, old, new,
    old_line, new_line, several``) of ``different`` rows. For an increment nothing is gone: ``unmentioned`` rows of the older
    lists simply are not in it. ``repeated``: keys that stand in several rows, in the older and in the newer list.
    ``against``: register numbers of the older lists; ``newer``: number of a newer list in use, so that this one will not be.
    """

    contract: str
    kind: lists.Kind
    old_rows: int
    new_rows: int
    unchanged: int
    different: int
    unmentioned: int
    repeated: tuple[int, int]
    new: pa.Table
    gone: pa.Table
    changed: pa.Table
    against: tuple[int, ...] = ()
    newer: int = 0
    most_gone_permille: int = 1000

    @property
    def counts(self) -> dict[str, int]:
        """The figures for the trail: new, gone, different, unchanged, rows of both, keys with several rows."""
        return {
            "new": self.new.num_rows, "gone": self.gone.num_rows, "different": self.different, "unchanged": self.unchanged,
            "unmentioned": self.unmentioned, "old_rows": self.old_rows, "new_rows": self.new_rows,
            "repeated_old": self.repeated[0], "repeated_new": self.repeated[1],
        }  # fmt: skip

    @property
    def gone_permille(self) -> int:
        """Rows gone in thousandths of the older list, rounded up."""
        return -(-self.gone.num_rows * 1000 // self.old_rows) if self.old_rows else 0

    @property
    def too_much_unused(self) -> bool:
        """Whether a list that comes after a newer one holds more rows that the newer one lacks than may go unasked."""
        return bool(self.newer) and self.new.num_rows * 1000 > self.most_gone_permille * self.new_rows

    @property
    def too_much_gone(self) -> bool:
        """Whether more of the older list is gone than may go unasked (lists.yaml, ``most_gone_permille``)."""
        return self.kind == FULL and not self.newer and self.gone.num_rows * 1000 > self.most_gone_permille * self.old_rows

    def sentences(self) -> list[str]:
        """What changed, in Chinese: the counts, the first rows of each sort (masked), and what follows for the use of the list."""
        against = "、".join(map(str, self.against))
        said = [f"与{f'编号 {against} ' if against else '原名单'}（{self.old_rows:,} 行）比较：新增 {self.new.num_rows:,} 行"]
        if self.kind == FULL:
            said[0] += f"，消失 {self.gone.num_rows:,} 行"
        said[0] += f"，内容不同 {self.different:,} 行，未变 {self.unchanged:,} 行"
        said += [f"  {_spoken(*row)}" for row in self.rows(most=FIRST)]
        if any(self.repeated):
            said.append(f"同一主键有多行的：原名单 {self.repeated[0]:,} 个，新名单 {self.repeated[1]:,} 个")
        if self.too_much_unused:
            said.append(f"已有更新的名单（编号 {self.newer}），上面没有这 {self.new.num_rows:,} 行：要与之并用的加 --increment，只留存的加 --full，否则不收")
        elif self.newer:
            said.append(f"已有更新的名单（编号 {self.newer}），这一份只留存，不用于检查")
        elif self.too_much_gone:
            share, limit = (f"{permille / 10:.1f} %" for permille in (self.gone_permille, self.most_gone_permille))
            said.append(f"消失的占原名单 {share}，超过 {limit}：只含新增的加 --increment，确是全量的加 --full，否则不收")
        elif self.kind == FULL and self.against:
            said.append(f"按{KIND_ZH[FULL]}名单使用：代替编号 {against}")
        elif self.against:
            said.append(f"按{KIND_ZH[INCREMENT]}名单使用：与编号 {against} 并用")
        return said

    def rows(self, *, reveal: bool = False, most: int | None = None) -> Iterator[tuple[str, ...]]:
        """The rows for people by :data:`HEADS`: changed cells, gone, new; numbers, names and accounts masked unless ``reveal``.

        ``most`` of each of the three at most.
        """
        masks = _Masks(reveal)
        for cell in self.changed.slice(0, most).to_pylist():
            old, new = (masks.value(cell["id"], cell[name]) for name in ("old", "new"))
            several = SEVERAL if cell["several"] else ""
            yield "不同", masks.label(cell), masks.name(cell), cell["column"], old, new, str(cell["old_line"]), str(cell["new_line"]), several
        for word, table in (("消失", self.gone), ("新增", self.new)):
            for row in table.slice(0, most).to_pylist():
                lines = (str(row["line"]), "") if word == "消失" else ("", str(row["line"]))
                yield word, masks.label(row), masks.name(row), "", "", "", *lines, ""


class _Masks:
    """How numbers, names and accounts are shown."""

    def __init__(self, reveal: bool) -> None:
        self.reveal = reveal

    def label(self, row: Mapping[str, Any]) -> str:
        """The identity number, else the bank account."""
        number = str(row.get("number") or row.get("id_raw") or "")
        if not number and row.get("account"):
            return str(row["account"]) if self.reveal else mask_account(str(row["account"]))
        return number if self.reveal else mask_number(number)

    def name(self, row: Mapping[str, Any]) -> str:
        name = str(row.get("name") or row.get("holder") or "")
        return name if self.reveal else mask_name(name)

    def value(self, column: str, text: str) -> str:
        if self.reveal:
            return text
        mask = {"number": mask_number, "account": mask_account, "name_norm": mask_name, "holder": mask_name}.get(column)
        return mask(text) if mask else text


def _spoken(sort: str, number: str, name: str, column: str, old: str, new: str, old_line: str, new_line: str, note: str) -> str:
    """One row of :data:`HEADS` as a sentence."""
    who = " ".join(part for part in (name, number) if part) or "（没有姓名和号码）"
    what = f"：{column} {old or '（空）'} → {new or '（空）'}" if column else ""
    where = "、".join(f"{word}第 {line} 行" for word, line in (("原", old_line), ("新", new_line)) if line)
    return f"{sort} {who}{what}（{where}{'；' + note if note else ''}）"


def preview(
    connection: Any, home: Path, taken: Taken, *, source: str = "", as_of: date | None = None, kind: str = "", today: date | None = None
) -> Differences | None:
    """What a file that was read would change, before it is taken in; None for the first of its list and for kinds of files that are not compared.

    ``source`` and ``as_of`` are those of the import, ``kind`` '' or what the user says it is: ``full``, ``increment``. Without ``as_of`` the
    list stands for ``today``. Raises SB2062 for another ``kind`` and SB3022 when a snapshot to compare with is broken.
    """
    rule, said, sender = lists.rule(taken.contract), stated_kind(kind), list_source(taken, source)
    if rule is None or not rule.outside or not (sender or said):
        return None
    day = as_of or today or date.max
    habit = lists.habit(taken.contract, sender, day)
    now: lists.Kind = said or habit.kind
    probe = snapshots.probe(taken, sender, day.isoformat(), now, lists.lists().scope_permille)
    used = [one for one in snapshots.current(connection, taken.contract) if snapshots.same_list(one, probe)]
    newer = snapshots.replacing(probe, used)
    older = newer or [one for one in used if one.order < probe.order or now == INCREMENT]
    if not older:
        return None
    found = compare(taken.contract, [one.path(home) for one in older], taken.rows.source, kind=now)
    limit = 1000 if said == FULL else habit.most_gone_permille
    return replace(found, against=tuple(one.file_id for one in older), newer=newer[0].file_id if newer else 0, most_gone_permille=limit)


def stated_kind(kind: str) -> lists.Kind | None:
    """``full``, ``increment`` or None for ''; raises SB2062."""
    if kind == FULL:
        return "full"
    if kind == INCREMENT:
        return "increment"
    if kind:
        raise BothKinds(given=kind)
    return None


def list_source(taken: Taken, source: str) -> str:
    """Whose list it is: what was said at import, else the one 数据来源 of all its rows, else ''."""
    if source or taken.contract not in ("deaths", "custody", "entitled") or "source" not in taken.rows.column_names:
        return source
    found = pc.unique(taken.rows.column("source"))
    return str(found[0].as_py() or "") if len(found) == 1 else ""


def compare(contract: str, old: Sequence[pa.Table | Path], new: pa.Table | Path, *, kind: lists.Kind = FULL) -> Differences:
    """Compares canonical tables or snapshots of one contract; several older ones count as one list, in which an equal row counts once.

    Raises SB2061 for a contract without a key.
    """
    rule = lists.rule(contract)
    if rule is None:
        raise NotComparable(old=contract, new=contract, why=f"“{contracts.load(contract).title}”没有写明主键")
    parts = [_read(one, rule) for one in old]
    before, after = pa.concat_tables(parts, promote_options="permissive").combine_chunks(), _read(new, rule).combine_chunks()
    pair = Pair(rule, before, after, once=len(parts) > 1)
    gone, fresh = pair.old_left, pair.new_left
    return Differences(
        contract=contract, kind=kind, old_rows=pair.old_count, new_rows=after.num_rows, unchanged=pair.unchanged, different=len(pair.old_paired),
        unmentioned=0 if kind == FULL else len(gone), repeated=pair.repeated, new=_labelled(after, fresh), changed=pair.changed(contract),
        gone=_labelled(before, gone if kind == FULL else gone[:0]),
    )  # fmt: skip


def _read(given: pa.Table | Path, rule: ListRule) -> pa.Table:
    wanted = {*rule.key, *rule.compared, *LABELS, "number_ok", "damaged", "name_norm", "birth", "line"} - {PERSON}
    if isinstance(given, Path):
        from pyarrow import parquet

        return parquet.read_table(given, columns=[name for name in parquet.read_schema(given).names if name in wanted])
    return given.select([name for name in given.column_names if name in wanted])


def _labelled(table: pa.Table, rows: Any) -> pa.Table:
    return table.take(pa.array(np.sort(rows))).select([name for name in table.column_names if name in (*LABELS, "line")])
