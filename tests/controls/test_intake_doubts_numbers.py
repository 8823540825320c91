"""Doubts about numbers: what is told beside a number that is taken as it is."""

from __future__ import annotations

from pathlib import Path

from controls.intake import doubts, reader
from controls.intake.doubts import Doubt
from ledger.identity import check_digit
from ledger.identity.cards import luhn_digit
from tests.controls.intake_files import PAYMENTS, payment, payments


def found(folder: Path, *rows: list[str], header: list[str] = PAYMENTS) -> dict[str, Doubt]:
    """Code → doubt of a payment file."""
    taken = reader.read(payments(folder, *rows, header=header), "payments")
    return {doubt.code: doubt for doubt in doubts.find(taken)}


def _number(body: str) -> str:
    return body + check_digit(body)


def test_a_region_that_never_was_is_told_and_the_number_stays_good(tmp_path: Path) -> None:
    """SB2160: never a region code is a warning that names the cell; an abolished code (110103) is none."""
    rows = [
        payment(证件号码=_number("99999919500101001")),
        payment(1, 证件号码=_number("67999919500101001")),
        payment(2, 证件号码=_number("11010319500101001")),
    ]
    doubt = found(tmp_path, *rows)["SB2160"]
    assert (doubt.level, doubt.count) == ("warn", 1) and "C3" in doubt.zh and "679999********" in doubt.zh
    assert reader.read(payments(tmp_path, *rows), "payments").table.column("number_ok").to_pylist() == [True, True, True]


def test_somebody_born_after_the_month_is_told(tmp_path: Path) -> None:
    """SB2161: a birth date later than the row's period is a warning."""
    doubt = found(tmp_path, payment(证件号码=_number("62082120240501001")), payment(1, 证件号码=_number("62082120240331001")))["SB2161"]
    assert doubt.count == 1 and "所属期之后才出生" in doubt.zh


def test_another_kind_of_document_is_suggested(tmp_path: Path) -> None:
    """SB2162: a failing number with the form of another kind names that kind, and stays failing."""
    doubt = found(tmp_path, payment(证件号码="H12345678"), payment(1))["SB2162"]
    assert "港澳居民来往内地通行证" in doubt.zh and doubt.count == 1 and doubt.remedy_zh


def test_cards_whose_last_digit_does_not_fit_are_only_told(tmp_path: Path) -> None:
    """SB2163: a card with a wrong last digit is told for information; passbooks and right cards are not."""
    card = "621700001234567"
    right = card + luhn_digit(card)
    wrong = card + str((int(right[-1]) + 1) % 10)
    told = found(tmp_path, payment(银行账号=wrong), payment(1, 银行账号=right), payment(2, 银行账号="0401-88"))["SB2163"]
    assert (told.level, told.count) == ("tell", 1)


def test_good_numbers_raise_no_doubt(tmp_path: Path) -> None:
    """A file of good numbers has none of these doubts."""
    assert not {"SB2160", "SB2161", "SB2162", "SB2163"} & found(tmp_path, payment(), payment(1)).keys()


def test_a_failing_number_is_warned_of_with_what_it_may_have_been(tmp_path: Path) -> None:
    """SB2132 names the check digit that fits; number and judgement stay as written; where nothing is likely, nothing is suggested."""
    right = _number("62082119500101001")
    wrong = right[:17] + ("0" if right[17] != "0" else "1")
    taken = reader.read(payments(tmp_path, payment(证件号码=wrong), payment(1, 证件号码="12345"), payment(2, 证件号码=right[:17])), "payments")
    said = [warning.reason_zh for warning in taken.warnings if warning.code == "SB2132"]
    hints = [text.rpartition("；")[2] for text in said if "；" in text]
    assert hints == [f"按前 17 位，校验码应为 {right[17]}。", f"少末位校验码，按前 17 位应为 {right[17]}。"]
    assert len(said) == 3 and taken.table.column("number")[0].as_py() == wrong and taken.table.column("number_ok").to_pylist() == [False, False, False]
