"""Seals and online-banking keys (印鉴、U盾): what there is, who holds it, and every hand-over signed by both.

``law`` reads who may hold what and which two never lie in one hand, ``store`` keeps the register, ``errors`` its refusals.
"""
