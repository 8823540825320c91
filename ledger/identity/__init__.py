"""Identity numbers and names (证件号码, 姓名) as pure functions: normal form, judgement, masking. No clock, no tables.

``numbers`` judges one number and ``columns`` a whole column; ``documents`` holds the forms; ``organisations`` and ``cards`` judge codes
of employers and bank accounts; ``reasons`` explains, ``repairs`` suggests, ``sameness`` compares; ``masking`` hides. The names most used stand here.
"""

from __future__ import annotations

from ledger.identity.cards import luhn_ok
from ledger.identity.documents import Document
from ledger.identity.masking import mask_account, mask_name, mask_number
from ledger.identity.numbers import CHECKS, WEIGHTS, Fault, Number, check_digit, judge, looks_damaged, lost_digits, normal_number
from ledger.identity.organisations import credit_code_ok
from ledger.identity.text import clean, normal_name

__all__ = [
    "CHECKS",
    "WEIGHTS",
    "Document",
    "Fault",
    "Number",
    "check_digit",
    "clean",
    "credit_code_ok",
    "judge",
    "looks_damaged",
    "lost_digits",
    "luhn_ok",
    "mask_account",
    "mask_name",
    "mask_number",
    "normal_name",
    "normal_number",
]
