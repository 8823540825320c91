"""Registers (台账、备查簿): one engine, every register as data in ``templates/registers``.

What the ledger does not hold because it is kept on the cash basis (relief, deferral, claims, arrears), and what ties to it (subsidies by
document, deposits, transfers, confirmations). ``law`` reads what a register is, ``values`` its cells; ``store`` keeps acts and rows,
``sheet`` computes columns over them, ``ledgerside`` asks the ledger, ``ties`` holds both against one another, ``proposals`` says which
voucher an act calls for. Nothing here posts.
"""
