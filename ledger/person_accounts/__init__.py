"""Person accounts (个人账户): what the books owe each insured person, by source of the money (Z17).

The truth is the contribution rows that enter an account, the payout rows that draw on it, and acts (opening, transfers, one-off
payments, interest) that two people signed. ``law`` reads which money enters; ``columns`` reckons with one row a person and one
column a part; ``flows`` fetches those columns from the store, ``own`` one
person's rows, ``reading`` what both read by; ``store`` keeps batches of acts; ``settlement`` is DOMAIN §4.5.
A person is never a ledger account: control accounts carry the sums, and K15 ties the two.
"""
