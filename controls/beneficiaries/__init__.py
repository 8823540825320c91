"""Who begins, goes on, pauses and stops (待遇领取人员): changes of the month, people coming of age, certification, settlement at death.

Reading and reckoning beside the register of persons (``ledger.persons``), the rosters and the ledger's payouts; a status changes only
through ``controls.personchanges``.
"""
