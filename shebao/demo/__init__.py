"""The synthetic county (虚拟县): files as real offices send them, the truth about them, a bank, and a score.

Everything here is invented: the county, its codes, every person and every amount. Nothing in this room is
read by the product; the product sees only the files it writes. Deterministic by seed, without a clock.
"""

from __future__ import annotations
