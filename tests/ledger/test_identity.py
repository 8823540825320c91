"""Identity numbers and names: one normal form, judged by form, date and check digit, never repaired."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import identity
from ledger.identity import Document, Fault

births = st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 12, 31))
bodies = st.builds(lambda region, birth, sequence: f"{region:06d}{birth:%Y%m%d}{sequence:03d}", st.integers(110000, 659999), births, st.integers(1, 995))
numbers = bodies.map(lambda body: body + identity.check_digit(body))


@pytest.mark.parametrize(("body", "check"), [("11010519491231002", "X"), ("44052418800101001", "4"), ("34052419800101001", "X")])
def test_check_digits_of_the_standard(body: str, check: str) -> None:
    """The published examples of GB 11643 come out."""
    assert identity.check_digit(body) == check
    assert identity.judge(body + check).ok


@given(numbers)
def test_writing_does_not_matter(number: str) -> None:
    """Full-width, lower-case, spaced and apostrophe-marked forms are the same number."""
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number)
    for form in (
        wide,
        wide.lower(),
        number.lower(),
        f" {number[:6]} {number[6:14]}\u3000{number[14:]}\t",
        f"'{number}",
        f'="{number}"',
        f"\ufeff{number}\u200b",
    ):
        assert identity.normal_number(form) == number
        assert identity.judge(form) == identity.judge(number)


@given(numbers)
def test_fifteen_digits_become_eighteen(number: str) -> None:
    """A number of 15 digits is the same person as its 18 digits."""
    if number[6:8] == "19":
        short = number[:6] + number[8:17]
        assert identity.normal_number(short) == number
        assert identity.judge(short).ok and identity.judge(short).birth == identity.judge(number).birth


@given(numbers, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_always_fails(number: str, place: int, shift: int) -> None:
    """MOD 11-2 finds every single wrong digit."""
    if number[place] != "X":
        wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
        assert identity.judge(wrong).fault in (Fault.CHECK, Fault.DATE)


@given(numbers, st.integers(0, 16))
def test_swapped_neighbours_always_fail(number: str, place: int) -> None:
    """MOD 11-2 finds two swapped neighbours."""
    wrong = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if wrong != number:
        assert not identity.judge(wrong).ok


@given(st.text())
def test_any_text_is_judged_and_normal_forms_are_stable(text: str) -> None:
    """No text breaks the judgement, and a normal form is its own normal form."""
    normal = identity.normal_number(text)
    assert identity.normal_number(normal) == normal
    assert identity.judge(text).normal == normal
    assert identity.normal_name(identity.normal_name(text)) == identity.normal_name(text)
    for document in Document:
        identity.judge(text, document)


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("", Fault.BLANK),
        (" \u3000", Fault.BLANK),
        ("12345", Fault.FORM),
        ("11010519491231002A", Fault.FORM),
        ("110105194912310021", Fault.CHECK),
        ("110105194902300028", Fault.DATE),
        ("110105491331002", Fault.DATE),
        ("110105000001010028", Fault.DATE),
    ],
)
def test_what_is_wrong_is_named(number: str, fault: Fault) -> None:
    """Blank, form, date and check are told apart."""
    judged = identity.judge(number)
    assert judged.fault is fault and not judged.ok
    assert bool(fault.zh) == (fault is not Fault.NONE)


def test_sequences_of_centenarians() -> None:
    """Sequences 996-999 of 15 digits mean the nineteenth century only where the year allows it."""
    assert identity.normal_number("110105850101998")[6:10] == "1885"
    assert identity.normal_number("110105450101998")[6:10] == "1945"
    assert identity.normal_number("110105850101995")[6:10] == "1985"


def test_birth_and_sex() -> None:
    """Birth date and sex are read from the number; a wrong check digit does not hide them."""
    judged = identity.judge("110105194912310021")
    assert (judged.birth, judged.sex) == (date(1949, 12, 31), "女")


@pytest.mark.parametrize(
    ("number", "document", "ok"),
    [
        ("H12345678", Document.HM_PERMIT, True),
        ("h1234567890", Document.HM_PERMIT, True),
        ("H1234567", Document.HM_PERMIT, False),
        ("12345678", Document.TW_PERMIT, True),
        ("1234567", Document.TW_PERMIT, False),
        ("A123456(3)", Document.HK_ID, True),
        ("A1234563", Document.HK_ID, True),
        ("A1234564", Document.HK_ID, False),
        ("AB987654(3)", Document.HK_ID, True),
        ("USA123456789012", Document.FOREIGN_PERMIT, True),
        ("11010519491231002X", Document.FOREIGN_PERMIT, False),
        ("11010519491231002X", Document.HMT_RESIDENCE, False),
        ("EA1234567", Document.PASSPORT, True),
        ("任意", Document.OTHER, True),
        ("", Document.OTHER, False),
    ],
)
def test_other_documents_have_their_own_form(number: str, document: Document, ok: bool) -> None:
    """Each kind of document is judged by its own form."""
    assert identity.judge(number, document).ok is ok


def test_permits_with_a_check_digit() -> None:
    """Residence permits of Hong Kong, Macao and Taiwan and of foreigners carry the same check digit."""
    for body, document in (("81000019900101001", Document.HMT_RESIDENCE), ("91184019900101001", Document.FOREIGN_PERMIT)):
        assert identity.judge(body + identity.check_digit(body), document).ok
        wrong = body + ("1" if identity.check_digit(body) != "1" else "2")
        assert identity.judge(wrong, document).fault is Fault.CHECK


@pytest.mark.parametrize(
    ("text", "damaged"),
    [("1.10101E+17", True), ("1.10101e+17", True), ("6E+18", True), ("1.5E17", True), ("E12345678", False), ("1E234567", False), ("62108E2", False)],
)
def test_scientific_form_is_damage(text: str, damaged: bool) -> None:
    """A number in scientific form was spoilt by a spreadsheet; a passport with an E was not."""
    assert identity.looks_damaged(text) is damaged


def test_a_number_ending_in_000_is_damaged_only_if_its_check_fails() -> None:
    """The end 000 alone is no damage."""
    sound = next(
        n for n in (f"{b}{identity.check_digit(b)}" for b in (f"620821195001{d:02d}{s}00" for d in range(1, 29) for s in range(10))) if n.endswith("000")
    )
    assert not identity.lost_digits(identity.judge(sound))
    spoilt = sound[:15] + "000" if sound[14] != "0" else sound
    digit = str((int(sound[14]) + 1) % 10)
    spoilt = sound[:14] + digit + "000"
    assert identity.lost_digits(identity.judge(spoilt))


def test_names_are_normalised_and_nothing_else() -> None:
    """NFKC, no spaces, no dots, upper case; variants of characters stay different."""
    same = {identity.normal_name(name) for name in ("阿卜杜·拉", "阿卜杜•拉", "阿卜杜．拉", "阿卜杜‧拉", "阿卜杜 拉", "阿卜杜　拉")}
    assert same == {"阿卜杜拉"}
    assert identity.normal_name("ｌi Ming") == "LIMING"
    assert identity.normal_name("张喆") != identity.normal_name("张哲")


@given(numbers)
def test_masks_hide_the_birth_date(number: str) -> None:
    """A masked number keeps its length and shows nothing of the birth date."""
    masked = identity.mask_number(number)
    assert len(masked) == 18 and masked[6:14] == "********"
    assert identity.mask_account("6217000012345678901") == "***************8901"
    assert identity.mask_name("张三丰") == "张**"


def test_cards_and_credit_codes_only_warn() -> None:
    """Luhn and GB 32100 are told, for warnings."""
    assert identity.luhn_ok("4539578763621486") and not identity.luhn_ok("4539578763621487") and not identity.luhn_ok("12")
    assert identity.credit_code_ok("91350100M000100Y43") and identity.credit_code_ok("123502001549897397")
    assert not identity.credit_code_ok("91350203M0001QAY9B")
