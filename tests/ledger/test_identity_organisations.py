"""Codes of organisations and bank cards: judged by their check characters, warned of, never refused."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.identity import credit_code_ok, luhn_ok
from ledger.identity.cards import BankAccountKind, bank_account, luhn_digit
from ledger.identity.columns import doubtful_cards
from ledger.identity.departments import departments, registered_by
from ledger.identity.organisations import ALPHABET, CodeFault, CodeKind, credit_check, organisation_check, organisation_code, registration_check

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "organisations.yaml").read_text(encoding="utf-8"))
INNER = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8).map(lambda text: text + organisation_check(text))
CREDIT = st.builds(lambda inner, region: f"91{region:06d}{inner}", INNER, st.integers(110000, 659999)).map(lambda body: body + credit_check(body))


@pytest.mark.parametrize("case", CASES["codes"], ids=lambda case: case["code"])
def test_published_codes_are_judged_as_published(case: dict[str, str]) -> None:
    """Kind, fault, parts, suggestion and registering department of the examples of DOMAIN §7.4 and the standards."""
    found = organisation_code(case["code"])
    assert (found.kind.value, found.fault.value) == (case["kind"], case["fault"] or "")
    assert (found.region, found.organisation, found.suggestion) == (case["region"] or "", case["organisation"] or "", case["suggestion"] or "")
    assert "".join(registered_by(found)) == (case["registered_by"] or "")
    assert found.ok is (not case["fault"] and case["kind"] not in ("blank", "unknown"))


@given(CREDIT)
def test_a_credit_code_holds_an_organisation_code(code: str) -> None:
    """Code, its organisation code and the taxpayer number of old pass together, however they are written."""
    found = organisation_code(f" {code[:8].lower()} {code[8:]}")
    assert found.ok and found.kind is CodeKind.CREDIT and found.normal == code and credit_code_ok(code)
    inner = organisation_code(f"{found.organisation[:8]}-{found.organisation[8]}")
    assert inner.ok and inner.kind is CodeKind.ORGANISATION and inner.normal == found.organisation
    assert organisation_code(found.region + found.organisation).kind in (CodeKind.TAXPAYER, CodeKind.REGISTRATION)


@given(CREDIT, st.integers(2, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_always_fails_and_gets_a_suggestion_that_passes(code: str, place: int, char: str) -> None:
    """GB 32100 finds every single wrong character; what is suggested passes and differs in check characters only."""
    wrong = code[:place] + char + code[place + 1 :]
    found = organisation_code(wrong)
    if char == code[place]:
        assert found.ok
    elif found.fault is CodeFault.CHECK:
        assert credit_code_ok(found.suggestion) and found.suggestion[:16] == wrong[:16]
    else:
        assert found.fault is CodeFault.FORM and 2 <= place <= 7 and not char.isdigit()


def test_a_code_that_passes_as_a_whole_may_hold_one_that_does_not() -> None:
    """The organisation code inside is doubted by itself; every fault has words."""
    body = "9135010012345678" + ("1" if organisation_check("12345678") != "1" else "2")
    found = organisation_code(body + credit_check(body))
    assert found.fault is CodeFault.ORGANISATION and credit_code_ok(found.normal) and found.suggestion == ""
    assert all(bool(fault.zh) == bool(fault.en) == (fault is not CodeFault.NONE) for fault in CodeFault)
    assert all(department.categories for department in departments().values())


@given(st.text("0123456789", min_size=14, max_size=14))
def test_registration_numbers_have_their_own_check_digit(first: str) -> None:
    """The registration number of before 2015 ends in a digit by MOD 11,10, which finds every wrong last digit."""
    right = first + registration_check(first)
    assert organisation_code(right).kind is CodeKind.REGISTRATION
    wrong = first + str((int(right[-1]) + 1) % 10)
    assert organisation_code(wrong).kind is not CodeKind.REGISTRATION


@given(st.text("0123456789", min_size=15, max_size=18), st.integers(1, 9))
def test_cards_end_in_a_luhn_digit(body: str, shift: int) -> None:
    """A card with the digit of Luhn passes; with another it is doubtful, and the right one is shown."""
    card = body + luhn_digit(body)
    assert luhn_ok(card) and bank_account(f"{card[:4]} {card[4:8]}-{card[8:]}").kind is BankAccountKind.CARD
    wrong = body + str((int(card[-1]) + shift) % 10)
    assert bank_account(wrong).kind is BankAccountKind.DOUBTFUL and bank_account(wrong).suggestion == card and not luhn_ok(wrong)


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text("0123456789", min_size=14, max_size=20),
            st.text(max_size=18),
            st.text("0123456789", min_size=15, max_size=18).map(lambda body: body + luhn_digit(body)),
        )
    )
)
def test_a_column_of_bank_accounts_is_judged_as_its_cells(texts: list[str]) -> None:
    """Doubtful cards come out as from the function for one."""
    assert doubtful_cards(pa.array(texts, pa.string())).tolist() == [re.fullmatch("[0-9]{16,19}", text) is not None and not luhn_ok(text) for text in texts]


@given(st.text())
def test_no_bank_account_ever_fails(text: str) -> None:
    """Passbooks, old accounts and anything else are taken as they are, without a suggestion."""
    found = bank_account(text)
    assert found.kind in BankAccountKind
    assert found.suggestion == "" or found.kind is BankAccountKind.DOUBTFUL
