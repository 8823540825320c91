"""Doubts about people (人员的疑问): numbers spoilt or failing, names broken or cut, sex, birth and age against the number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from controls.intake.coded import flat
from controls.intake.doubt import Doubt
from controls.intake.doubts_words import warned
from controls.intake.errors_doubts import AgeOdd, DoubtKind, NameOdd, PersonDiffers, ZerosLost
from controls.intake.evidence import Evidence
from controls.intake.limits import limits, on
from ledger.identity.repairs import suggestion

DAMAGED, FAILS = "SB2131", "SB2132"
HINTED = 3
"""Of how many failing numbers the likeliest repair is said."""
_PLACEHOLDERS = frozenset("\ufffd□■〓?？")
_RESIDENT = "^[1-8][0-9]{16}[0-9X]$"
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
        column = f"{seen.letter(name)}“{label}”" if name else f"“{label}”"
        unpaid = seen.taken.contract == "roster" and bool(name) and seen.contract.column(name).kind == "account"
        so = "这些行没有可用的账号，发不出去" if unpaid else "这些行照收，但不能按号比对"
        said = f"{column}有 {len(lines)} 格已被表格软件损坏（变成科学计数，或末几位成了 0）：{where}。{so}。"
        said_en = f"{len(lines)} cells of “{label}” were spoilt by a spreadsheet: {where}. The rows are taken but not matched by number."
        remedy = "损坏的数字补不回来：在原系统里把该列按“文本”格式重新导出，不要用表格软件另存 CSV。"
        yield seen.doubt(DoubtKind, "ask", said, said_en, name=name, lines=lines, values=values, remedy=remedy, code=DAMAGED)


def _failing(seen: Evidence) -> Iterator[Doubt]:
    if not {"number", "number_ok", "damaged"} <= {*seen.table.column_names} or not seen.has("number"):
        return
    failing = ~seen.table.flags("number_ok") & ~seen.table.flags("damaged")
    if not failing.any():
        return
    failing &= ~seen.table.equal("number", "")
    short = failing & seen.table.matching("number", "^[0-9]{17}$")
    zh = "{column}有 {count} 个号码只有 17 位，少了一位：{where}。照收，但不能按号比对。"
    yield from seen.of_cells(ZerosLost, "warn", "number", short, zh, "{count} numbers have 17 digits, one short: {where}.", from_column="id_raw")
    zh = "{column}有 {count} 个号码位数、日期或校验码不符：{where}" + _hints(seen, failing & ~short) + "。照收，但不能按号比对。"
    remedy = "与户口簿或身份证核对；确属错号的，在业务系统里更正，不要在表里自行改动。"
    yield from seen.of_cells(DoubtKind, "warn", "number", failing & ~short, zh, "{count} numbers fail their form, date or check digit: {where}.",
                             from_column="id_raw", remedy=remedy, code=FAILS)  # fmt: skip


def _hints(seen: Evidence, failing: Any) -> str:
    """What the first of them may have been, by line: said, never applied, and never the number itself."""
    lines, at = seen.table.hits(failing)
    told = [f"第 {int(line)} 行{hint}" for line, raw in zip(lines[:HINTED], seen.table.texts("id_raw", at[:HINTED]), strict=True) if (hint := suggestion(raw))]
    return f"（{'；'.join(told)}）" if told else ""


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
            mask = seen.table.passing(name, test)
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
    mask = seen.table.passing("name", lambda text: len(text.strip()) > 1 and text.strip()[-1] in _DOTS)
    zh = "{column}有 {count} 个姓名以间隔号结尾，可能被截断：{where}。"
    yield from seen.of_cells(NameOdd, "warn", "name", mask, zh, "{count} names end in a dot and may be cut: {where}.", from_column="name")
    zh = "{column}有 {count} 行的姓名比同一证件号码的另一行少了后面的字，可能被截断：{where}。"
    yield from seen.of_cells(NameOdd, "warn", "name", _shorter(seen), zh, "{count} names are shorter than the same person's elsewhere: {where}.",
                             from_column="name")  # fmt: skip


def _shorter(seen: Evidence) -> Any:
    """Rows whose name begins, but is not, another name of the same sound number."""
    number, name = seen.table.codes("number"), seen.table.codes("name_norm")
    pair = number.indices.astype(np.int64) * max(1, len(name.values)) + name.indices
    pairs = np.unique(pair[seen.table.flags("number_ok")])
    owners, names = np.divmod(pairs, max(1, len(name.values)))
    several = np.isin(owners, owners[1:][owners[1:] == owners[:-1]])
    by_owner: dict[int, list[tuple[int, str]]] = {}
    for owner, each, found in zip(owners[several].tolist(), pairs[several].tolist(), names[several].tolist(), strict=True):
        by_owner.setdefault(owner, []).append((each, name.values[found].as_py()))
    short = [
        each
        for mine in by_owner.values()
        for each, text in mine
        if text and any(other != text and other.startswith(text) for _, other in mine)
    ]
    return np.isin(pair, np.array(short, np.int64))


def _resident(seen: Evidence) -> Any:
    return seen.table.flags("number_ok") & seen.table.matching("number", _RESIDENT)


def _against_number(seen: Evidence) -> Iterator[Doubt]:
    if "number_ok" not in seen.table.column_names or not (seen.has("sex") or seen.has("birth")):
        return
    resident = _resident(seen)
    if seen.has("sex"):
        odd = seen.table.matching("number", "^[0-9]{16}[13579]")
        wrong = resident & ((odd & seen.table.equal("sex", "女")) | (~odd & seen.table.equal("sex", "男")))
        zh = "{column}有 {count} 行与证件号码里的性别不符：{where}。"
        yield from seen.of_cells(PersonDiffers, "warn", "sex", wrong, zh, "In {count} rows the sex is not that of the number: {where}.", from_column="sex")
    if seen.has("birth"):
        birth = seen.table.column("birth")
        stated = flat(pc.add(pc.add(pc.multiply(pc.year(birth), 10_000), pc.multiply(pc.month(birth), 100)), pc.day(birth)))
        wrong = resident & (stated != 0) & (stated != _digits(seen, 6, 14))
        zh = "{column}有 {count} 行与证件号码里的出生日期不符：{where}。"
        yield from seen.of_cells(PersonDiffers, "warn", "birth", wrong, zh, "In {count} rows the birth date is not that of the number: {where}.")


def _digits(seen: Evidence, start: int, stop: int) -> Any:
    """Digits of resident numbers as whole numbers, 0 for other numbers."""
    codes = seen.table.codes("number")
    mine = pc.match_substring_regex(codes.values, _RESIDENT)
    return codes.take(pc.fill_null(pc.cast(pc.if_else(mine, pc.utf8_slice_codeunits(codes.values, start, stop), None), pa.int64()), 0))


def _ages(seen: Evidence) -> Iterator[Doubt]:
    names = seen.table.column_names
    if "period" not in names or "number_ok" not in names or not seen.has("number") or not seen.table.num_rows:
        return
    year = flat(seen.table.column("period")) // 100
    born = _digits(seen, 6, 10)
    known = _resident(seen) & (born > 0) & (year > 0)
    age = np.where(known, year - born, 0)
    bound = on(limits().ages, date(max(1, int(year.max())), 1, 1))
    zh = f"按证件号码，有 {{count}} 行的人已超过 {bound.oldest} 岁：{{where}}。"
    yield from seen.of_cells(AgeOdd, "warn", "number", age > bound.oldest, zh, f"{{count}} rows are of people over {bound.oldest}: {{where}}.",
                             from_column="id_raw")  # fmt: skip
    if "item_class" in names:
        young = known & (age < bound.pension) & seen.table.equal("item_class", "pension")
        zh = f"按证件号码，有 {{count}} 行的人不满 {bound.pension} 岁却领养老金：{{where}}。"
        yield from seen.of_cells(AgeOdd, "warn", "number", young, zh, f"{{count}} pensions are of people under {bound.pension}: {{where}}.",
                                 from_column="id_raw")  # fmt: skip
    if seen.taken.contract == "contributions":
        young = known & (age < bound.premium) & seen.table.by("fund", lambda values: pc.is_in(values, pa.array(["E", "R", "G"])))
        zh = f"按证件号码，有 {{count}} 行的人不满 {bound.premium} 岁却缴养老保险费：{{where}}。"
        yield from seen.of_cells(AgeOdd, "warn", "number", young, zh, f"{{count}} pension premiums are of people under {bound.premium}: {{where}}.",
                                 from_column="id_raw")  # fmt: skip
