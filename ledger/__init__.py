"""The money: funds, charts, entries, posting, balances, periods and the chain. Invariants L1-L11 stand in README.md."""
