"""Redaction by law (依法删除): personal texts of the trail destroyed on a legal ground, asked for by one and confirmed by another; the chain stays whole (F16).

``law`` the grounds of ``templates/redaction-grounds.yaml`` · ``store`` asking, confirming, what was destroyed and why · ``errors`` the refusals.
Tables stand in ``controls.redaction_tables``, texts and salts in ``ledger.salts``.
"""
