"""Doubts about people (人员的疑问): numbers spoilt or failing, names broken or cut, sex, birth and age against the number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.doubts import Doubt
from controls.intake.doubts_words import warned
from controls.intake.errors_doubts import AgeOdd, DoubtKind, NameOdd, PersonDiffers, ZerosLost
from controls.intake.evidence import Evidence
from controls.intake.limits import limits, on
from ledger.months import Month

DAMAGED, FAILS = "SB2131", "SB2132"
_PLACEHOLDERS = frozenset("\ufffd□■〓?？")
_DOTS = "·•．‧.。"


def find(seen: Evidence) -> Iterator[Doubt]:
    """All of them."""
    yield from _damaged(seen)
    yield from _failing(seen)
    yield from _names(seen)
    yield from _cut(seen)
    yield from _against_number(seen)
    yield from _ages(seen)


def _damaged(seen: Evidence) -> Iterator[Doubt]:
    for label, values, lines in warned(seen, DAMAGED):
        name = next((column.id for column in seen.contract.columns if seen.has(column.id) and seen.label(column.id) == label), "")
        where = seen.where(name, lines, values) if name else "、".join(f"第 {line} 行" for line in lines[:5])
        said = f"“{label}”有 {len(lines)} 格已被表格软件损坏（变成科学计数，或末几位成了 0）：{where}。这些行照收，但不能按号比对。"
        said_en = f"{len(lines)} cells of “{label}” were spoilt by a spreadsheet: {where}. The rows are taken but not matched by number."
        remedy = "损坏的数字补不回来：在原系统里把该列按“文本”格式重新导出，不要用表格软件另存 CSV。"
        yield seen.doubt(DoubtKind, "ask", said, said_en, name=name, lines=lines, values=values, remedy=remedy, code=DAMAGED)


def _failing(seen: Evidence) -> Iterator[Doubt]:
    if "number" not in seen.table.column_names or "number_ok" not in seen.table.column_names or not seen.has("number"):
        return
    number = seen.table.column("number")
    failing = pc.and_(pc.and_(pc.invert(seen.table.column("number_ok")), pc.invert(seen.table.column("damaged"))), pc.not_equal(number, ""))
    short = pc.and_(failing, pc.match_substring_regex(number, "^[0-9]{17}$"))
    zh = "{column}有 {count} 个号码只有 17 位，少了一位：{where}。照收，但不能按号比对。"
    yield from seen.of_cells(ZerosLost, "warn", "number", short, zh, "{count} numbers have 17 digits, one short: {where}.", from_column="id_raw")
    rest = pc.and_(failing, pc.invert(short))
    zh = "{column}有 {count} 个号码位数、日期或校验码不符：{where}。照收，但不能按号比对。"
    remedy = "与户口簿或身份证核对；确属错号的，在业务系统里更正，不要在表里自行改动。"
    yield from seen.of_cells(DoubtKind, "warn", "number", rest, zh, "{count} numbers fail their form, date or check digit: {where}.",
                             from_column="id_raw", remedy=remedy, code=FAILS)  # fmt: skip


def _names(seen: Evidence) -> Iterator[Doubt]:
    kinds: tuple[tuple[Any, str, Callable[[str], bool], str, str], ...] = (
        (NameOdd, "ask", _broken, "有 {count} 个姓名含乱码、问号或空框（多半是生僻字没有传对）：{where}", "{count} names hold broken characters: {where}."),
        (NameOdd, "warn", _strange, "有 {count} 个姓名含数字、括号或其他不该有的字符：{where}", "{count} names hold digits, brackets or other marks: {where}."),
        (NameOdd, "warn", _single, "有 {count} 个姓名只有一个字：{where}", "{count} names have one character: {where}."),
    )  # fmt: skip
    for name in ("name", "holder"):
        if not seen.has(name) or name not in seen.table.column_names:
            continue
        for kind, level, test, zh, en in kinds:
            if name == "holder" and test is not _broken:
                continue
            mask = seen.passing(name, test)
            yield from seen.of_cells(kind, level, name, mask, "{column}" + zh + "。", en, from_column=name)  # type: ignore[arg-type]


def _broken(text: str) -> bool:
    return any(letter in _PLACEHOLDERS or unicodedata.category(letter) in ("Co", "Cc", "Cn") for letter in text.strip())


def _strange(text: str) -> bool:
    if _broken(text) or not text:
        return False
    if text.isascii():
        return any(letter.isdigit() or letter in "()[]*#@/\\=+_" for letter in text)
    plain = unicodedata.normalize("NFKC", text)
    return any(letter.isdigit() or letter in "()[]{}*#@/\\=+_,;:【】、；，" or (letter.isascii() and letter.isalpha()) for letter in plain)


def _single(text: str) -> bool:
    return len(text.strip()) == 1 and not _broken(text)


def _cut(seen: Evidence) -> Iterator[Doubt]:
    """Names that end in a dot, and names of one number of which one begins the other and is as long as the longest."""
    if not seen.has("name") or "name_norm" not in seen.table.column_names:
        return
    mask = seen.passing("name", lambda text: len(text.strip()) > 1 and text.strip()[-1] in _DOTS)
    zh = "{column}有 {count} 个姓名以间隔号结尾，可能被截断：{where}。"
    yield from seen.of_cells(NameOdd, "warn", "name", mask, zh, "{count} names end in a dot and may be cut: {where}.", from_column="name")
    known = seen.table.select(["number", "name_norm"]).filter(seen.table.column("number_ok"))
    if not known.num_rows:
        return
    pairs = known.group_by(["number", "name_norm"]).aggregate([]).sort_by([("number", "ascending"), ("name_norm", "ascending")])
    number, name = pairs.column("number").combine_chunks(), pairs.column("name_norm").combine_chunks()
    same = np.flatnonzero(np.asarray(pc.equal(number.slice(1), number.slice(0, len(number) - 1)))) if len(number) > 1 else np.array([], np.int64)
    short = sorted({(number[int(at)].as_py(), name[int(at)].as_py()) for at in same
                    if name[int(at)].as_py() and name[int(at) + 1].as_py().startswith(name[int(at)].as_py())})  # fmt: skip
    if short:
        numbers, names = pa.array([pair[0] for pair in short]), pa.array([pair[1] for pair in short])
        mask = pc.and_(pc.is_in(seen.table.column("number"), numbers), pc.is_in(seen.table.column("name_norm"), names))
        zh = "{column}有 {count} 行的姓名比同一证件号码的另一行少了后面的字，可能被截断：{where}。"
        yield from seen.of_cells(NameOdd, "warn", "name", mask, zh, "{count} names are shorter than the same person's elsewhere: {where}.", from_column="name")


def _against_number(seen: Evidence) -> Iterator[Doubt]:
    if "number_ok" not in seen.table.column_names:
        return
    number = seen.table.column("number")
    resident = pc.and_(seen.table.column("number_ok"), pc.match_substring_regex(number, "^[1-8][0-9]{16}[0-9X]$"))
    if seen.has("sex"):
        sex = seen.table.column("sex")
        odd = pc.is_in(pc.utf8_slice_codeunits(number, 16, 17), pa.array(["1", "3", "5", "7", "9"]))
        wrong = pc.and_(resident, pc.or_(pc.and_(odd, pc.equal(sex, "女")), pc.and_(pc.invert(odd), pc.equal(sex, "男"))))
        zh = "{column}有 {count} 行与证件号码里的性别不符：{where}。"
        yield from seen.of_cells(PersonDiffers, "warn", "sex", wrong, zh, "In {count} rows the sex is not that of the number: {where}.", from_column="sex")
    if seen.has("birth"):
        birth = pc.strftime(seen.table.column("birth"), format="%Y%m%d")
        wrong = pc.and_(resident, pc.not_equal(birth, pc.utf8_slice_codeunits(number, 6, 14)))
        zh = "{column}有 {count} 行与证件号码里的出生日期不符：{where}。"
        yield from seen.of_cells(PersonDiffers, "warn", "birth", wrong, zh, "In {count} rows the birth date is not that of the number: {where}.")


def _ages(seen: Evidence) -> Iterator[Doubt]:
    names = seen.table.column_names
    if "period" not in names or "number_ok" not in names or not seen.has("number"):
        return
    number, ok = seen.table.column("number"), seen.table.column("number_ok")
    resident = pc.and_(ok, pc.match_substring_regex(number, "^[1-8][0-9]{16}[0-9X]$"))
    born = pc.cast(pc.if_else(resident, pc.utf8_slice_codeunits(number, 6, 10), None), pa.int32())
    age = pc.subtract(pc.cast(pc.divide(seen.table.column("period"), 100), pa.int32()), born)
    last = pc.max(seen.table.column("period")).as_py()
    if last is None:
        return
    bound = on(limits().ages, Month(last // 100, 1).first_day)
    zh = f"按证件号码，有 {{count}} 行的人已超过 {bound.oldest} 岁：{{where}}。"
    yield from seen.of_cells(AgeOdd, "warn", "number", pc.greater(age, bound.oldest), zh, f"{{count}} rows are of people over {bound.oldest}: {{where}}.",
                             from_column="id_raw")  # fmt: skip
    if "item_class" in names:
        young = pc.and_(pc.less(age, bound.pension), pc.equal(seen.table.column("item_class"), "pension"))
        zh = f"按证件号码，有 {{count}} 行的人不满 {bound.pension} 岁却领养老金：{{where}}。"
        yield from seen.of_cells(AgeOdd, "warn", "number", young, zh, f"{{count}} pensions are of people under {bound.pension}: {{where}}.",
                                 from_column="id_raw")  # fmt: skip
    if seen.taken.contract == "contributions":
        young = pc.and_(pc.less(age, bound.premium), pc.is_in(seen.table.column("fund"), pa.array(["E", "R", "G"])))
        zh = f"按证件号码，有 {{count}} 行的人不满 {bound.premium} 岁却缴养老保险费：{{where}}。"
        yield from seen.of_cells(AgeOdd, "warn", "number", young, zh, f"{{count}} pension premiums are of people under {bound.premium}: {{where}}.",
                                 from_column="id_raw")  # fmt: skip
