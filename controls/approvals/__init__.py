"""Signatures in a chain over one digest (审批链): the funding plan's leader, and the payment approval form of a roster (基金支付审批表).

``store`` signs and reads, ``errors`` holds the refusals; the tables stand in ``controls.approval_tables``.
"""
