"""Made-up identity, bank and credit numbers with right check digits (GB 11643-1999, Luhn, GB 32100-2015)."""

from __future__ import annotations

import random
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_digit(body: str) -> str:
    """The 18th character of a resident number (ISO 7064 MOD 11-2) for its first 17 digits."""
    return CHECKS[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def is_valid(number: str) -> bool:
    """Whether an 18-character resident number has form, date and check digit right."""
    if len(number) != 18 or not number[:17].isdigit():
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return check_digit(number[:17]) == number[17]


def wrong_check(number: str) -> str:
    """The same number with a check digit that fails; never ending in 000, which would look damaged by a spreadsheet."""
    return number[:17] + next(digit for digit in "0123" if digit != number[17] and number[15:17] + digit != "000")


def swapped(number: str) -> str:
    """The number with the first adjacent pair of differing sequence digits swapped; its check digit stays and fails."""
    for i in (14, 15, 13, 12, 5, 4):
        if number[i] != number[i + 1]:
            changed = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
            if not is_valid(changed) and not changed.endswith("000"):
                return changed
    return wrong_check(number)


def fifteen(number: str) -> str:
    """The old 15-digit form of an 18-digit number of somebody born in the 1900s."""
    return number[:6] + number[8:17]


class Numbers:
    """Hands out resident numbers and bank accounts, each once."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._taken: dict[tuple[str, int], int] = {}
        self._account = chance.randrange(10**6)

    def resident(self, region: str, birth: date, male: bool) -> str:
        """An unused resident number of that region, birthday and sex."""
        key = (region, birth.toordinal() * 2 + male)
        count = self._taken.get(key, 0)
        self._taken[key] = count + 1
        order = (birth.toordinal() * 7 + count) % 499
        body = f"{region}{birth:%Y%m%d}{2 * order + male:03d}"
        return body + check_digit(body)

    def account(self) -> str:
        """An unused 19-digit card number that passes Luhn."""
        self._account += 1 + self._chance.randrange(3)
        body = f"623090{self._account:012d}"
        total = sum(sum(divmod(int(d) * 2, 10)) if i % 2 == 0 else int(d) for i, d in enumerate(reversed(body)))
        return body + str(-total % 10)


def credit_code(region: str, serial: int) -> str:
    """A made-up unified social credit code (统一社会信用代码) with both check characters right."""
    body = f"{serial:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = 11 - sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11
    code = "91" + region + body + {10: "X", 11: "0"}.get(rest, str(rest))
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(code))
    return code + CREDIT[(31 - total % 31) % 31]
