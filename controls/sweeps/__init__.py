"""Sweeps out of the store (全面筛查): what they read, what they keep, and what two people conclude of a lead.

``extract`` what the office paid and every snapshot in use, as canonical tables · ``one_offs`` what vouchers paid without a roster · ``seen`` what a rule
has seen (its watermark) · ``kept`` the findings with their whole history · ``conclusions`` confirmed or dismissed, by two people · ``errors`` the refusals.
Tables stand in ``controls.sweep_tables``. Nothing here posts (A2).
"""
