"""Cells of a register (台账的栏目): text as people write it ↔ the value as stored, and how it is shown, masked where it names a person. Pure.

Stored: money as fen, months ``yyyymm``, days ISO text, rates in millionths (2.75 % is 27500), everything else text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from controls.registers.errors import BadField
from controls.registers.law import FieldLaw, Register
from ledger.errors import Refusal
from ledger.identity import clean, credit_code_ok, judge, mask_account, mask_name, mask_number
from ledger.money import parse_fen, show
from ledger.months import Month

Value = int | str
LONGEST = 500
LONGEST_CODE = 30
PRIVATE = frozenset({"id_number", "name", "bank_account"})
RATE_UNIT = 10_000
"""Stored units of one per cent."""
_VOUCHER = re.compile(r"[1-9][0-9]{0,8}-[1-9][0-9]{0,8}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def parse(law: Register, field: FieldLaw, text: str) -> Value | None:
    """The value of one cell, None when blank; raises SB3241 naming the field."""
    given = " ".join(unicodedata.normalize("NFKC", text).split())
    if not given:
        return None
    try:
        return _read(field, given)
    except (_Wrong, Refusal) as wrong:
        shown = given if field.type not in PRIVATE else masked(field.type, given)
        raise BadField(register=law.zh, name=law.name, field=field.zh, value=shown[:40], why=str(wrong).rstrip("。")) from wrong


class _Wrong(Exception):
    """What is wrong with a cell."""


def _read(field: FieldLaw, given: str) -> Value:
    if len(given) > LONGEST:
        raise _Wrong(f"超过 {LONGEST} 字")
    reader = _READERS.get(field.type)
    return reader(field, given) if reader else given


def _choice(field: FieldLaw, given: str) -> Value:
    if given not in field.choices:
        raise _Wrong("可选 " + "、".join(field.choices))
    return given


def _money(field: FieldLaw, given: str) -> Value:
    fen = parse_fen(given)
    if fen < 0 and not field.signed:
        raise _Wrong("金额不得为负")
    return fen


def _month(field: FieldLaw, given: str) -> Value:
    return Month.parse(given).number


def _year(field: FieldLaw, given: str) -> Value:
    text = given.removesuffix("年").removesuffix("年度")
    if not (text.isascii() and text.isdigit() and 1990 <= int(text[:5]) <= 2999):
        raise _Wrong("年度写作四位数字，如 2026")
    return int(text)


def _date(field: FieldLaw, given: str) -> Value:
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", given)
    try:
        if found is None:
            raise ValueError(given)
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError as wrong:
        raise _Wrong("日期写作 2026-01-31") from wrong


def _rate(field: FieldLaw, given: str) -> Value:
    try:
        units = Decimal(given.removesuffix("%")) * RATE_UNIT
    except InvalidOperation as wrong:
        raise _Wrong("利率写作百分数，如 2.75%") from wrong
    if not units.is_finite() or units != units.to_integral_value() or not 0 <= units <= 100 * RATE_UNIT:
        raise _Wrong("利率是 0% 到 100% 的百分数，最多四位小数")
    return int(units)


def _count(field: FieldLaw, given: str) -> Value:
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        raise _Wrong("写作整数")
    return int(given)


def _number(field: FieldLaw, given: str) -> Value:
    normal = judge(given).normal
    if not normal or len(normal) > LONGEST_CODE:
        raise _Wrong("不是证件号码")
    return normal


def _name(field: FieldLaw, given: str) -> Value:
    return clean(given)


def _bank_account(field: FieldLaw, given: str) -> Value:
    text = "".join(sign for sign in given if sign.isalnum())
    if not text:
        raise _Wrong("没有账号")
    return text


def _organisation(field: FieldLaw, given: str) -> Value:
    code = given.replace(" ", "").upper()
    if not (code.isascii() and code.replace("-", "").isalnum() and len(code) <= LONGEST_CODE):
        raise _Wrong("统一社会信用代码为 18 位字母和数字")
    return code


def _account(field: FieldLaw, given: str) -> Value:
    if not (given.isascii() and given.isdigit() and 4 <= len(given) <= 12):
        raise _Wrong("科目写编号，如 100301")
    return given


def _voucher(field: FieldLaw, given: str) -> Value:
    if not _VOUCHER.fullmatch(given):
        raise _Wrong("凭证写作 账套-流水号，如 1-12（shebao voucher list）")
    return given


def _digest(field: FieldLaw, given: str) -> Value:
    if not _DIGEST.fullmatch(given.lower()):
        raise _Wrong("附件写 64 位 SHA-256 摘要")
    return given.lower()


def _row(field: FieldLaw, given: str) -> Value:
    text = given.removeprefix("#")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:10]) < 2**31):
        raise _Wrong("写对应台账的行号")
    return int(text)


_READERS = {
    "choice": _choice, "fen": _money, "month": _month, "year": _year, "date": _date, "rate": _rate, "count": _count, "id_number": _number,
    "name": _name, "bank_account": _bank_account, "organisation": _organisation, "account": _account, "voucher": _voucher, "digest": _digest, "row": _row,
}  # fmt: skip


def doubts(law: Register, payload: Mapping[str, Value]) -> list[str]:
    """What to look at again: numbers and codes whose check character does not fit; they are kept as given, real ones fail too."""
    found = []
    for field in law.fields:
        given = payload.get(field.name)
        if given is None:
            continue
        if field.type == "id_number" and not (judged := judge(str(given))).ok:
            found.append(f"“{field.zh}”{masked('id_number', given)}：{judged.fault.zh}")
        if field.type == "organisation" and not credit_code_ok(str(given)):
            found.append(f"“{field.zh}”{given}：校验不符")
    return found


def day_of(value: Value) -> date:
    """A day, or the last day of a month ``yyyymm`` or year."""
    if isinstance(value, int):
        return date(value, 12, 31) if value < 10_000 else Month.from_number(value).last_day
    return date.fromisoformat(value)


def masked(kind: str, value: Value) -> str:
    """A person's datum as lists show it."""
    text = str(value)
    return {"id_number": mask_number, "bank_account": mask_account, "name": mask_name}[kind](text)


def printed(kind: str, value: Value | None, *, reveal: bool = False) -> str:
    """A value for people; '' when absent. ``reveal`` shows what is masked by default."""
    if value is None or value == "":
        return ""
    if kind in PRIVATE and not reveal:
        return masked(kind, value)
    if kind == "fen":
        return show(int(value))
    if kind == "month":
        return str(Month.from_number(int(value)))
    if kind == "rate":
        return f"{Decimal(int(value)) / RATE_UNIT:f}%"
    return str(value)


HELP = {
    "text": "文字", "choice": "选项", "fen": "金额（元）", "month": "月份，如 2026-01", "year": "年度，如 2026", "date": "日期，如 2026-01-31",
    "rate": "年利率，如 2.75%", "count": "整数", "id_number": "证件号码", "name": "姓名", "bank_account": "银行账号", "organisation": "统一社会信用代码",
    "document": "文号", "account": "会计科目编号", "voucher": "凭证，如 1-12", "digest": "附件的 SHA-256", "row": "对应台账的行号",
}  # fmt: skip
"""How each type is written."""
