"""What a doubt about a number means: regions, births, kinds of document and bank cards (SB2160-SB2163). None is ever raised."""

from __future__ import annotations

from controls.intake.errors_doubts import DoubtKind


class RegionNeverWas(DoubtKind):
    """Numbers whose first six digits were never a region code."""

    code = "SB2160"
    cause_zh = "前六位是发证地的区划代码；1980 年以来的代码表都没有这一个。已撤销的代码不算。号码本身仍按校验码判断。"
    cause_en = "The first six digits are the place of issue, and no list since 1980 has them. Abolished codes are not meant; the check digit alone judges."
    remedy_zh = "与身份证或户口簿核对前六位；号码照收，照常比对。"
    remedy_en = "Compare the first six digits with the card; the number is taken and matched as it is."


class BornLater(DoubtKind):
    """Numbers of people born after the month of their row."""

    code = "SB2161"
    cause_zh = "号码里的出生日期晚于这一行的所属期，不是号码错，就是期间错。"
    cause_en = "The birth date in the number is later than the row's period; one of the two is wrong."
    remedy_zh = "核对证件号码和所属期。"
    remedy_en = "Check the number and the period."


class OtherKind(DoubtKind):
    """Failing numbers that have the form of another kind of document."""

    code = "SB2162"
    cause_zh = "号码按所填的证件类型（没填的按居民身份证）不符，却合乎另一种证件的写法。"
    cause_en = "The number fails as the kind given (a resident number where none is), but has the form of another."
    remedy_zh = "核对证件类型，在“证件类型”列填上实际的种类后重新导出；号码不用改。"
    remedy_en = "State the kind of document in its column; the number may be right."


class CardDoubtful(DoubtKind):
    """Bank accounts as long as a card whose last digit does not fit."""

    code = "SB2163"
    cause_zh = "银行卡号末位是校验位（Luhn）；存折和老账号没有，所以只作提示。"
    cause_en = "A card ends in a Luhn digit; passbooks and old accounts do not, so this is for information."
    remedy_zh = "是银行卡的，与卡面核对；是存折或老账号的，不必理会。"
    remedy_en = "Compare cards with the card itself; passbooks and old accounts are fine."
