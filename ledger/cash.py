"""Cash vouchers (收款和付款凭证): which entries the cashier (出纳) signs too. Pure.

会计基础工作规范 第五十一条: 收款和付款记账凭证还应当由出纳人员签名或者盖章. The accounts are those the agency's own
cashier holds; the fiscal account (1003) is kept by the finance department, the treasury (1005) by the state treasury.
"""

from __future__ import annotations

from ledger.entries import Entry
from ledger.flows import OPENING, OPENING_SOURCES
from ledger.parameters import Parameters

ALWAYS = "1001"


def is_cash(made: Entry) -> bool:
    """Whether the entry receives or pays on a cashier's account; opening balances receive and pay nothing. 1001 is always one. Raises SB1031."""
    if made.event == OPENING and made.source_key in OPENING_SOURCES:
        return False
    accounts = (ALWAYS, *Parameters.load().codes("cash_voucher_accounts", made.day))
    return any(line.account.startswith(accounts) for line in made.lines)
