"""Benefit amounts (待遇核定) explained line by line; pure, no store.

``formula`` reads the formulas of ``templates/benefits/*.yaml``, ``scheme`` the files themselves, ``award`` reckons one award under
the law of its month, ``explain`` prints it line by line, ``cases`` runs worked cases, ``simulation`` compares two laws over a set,
``due`` says in which months payment is due, ``difference`` reckons arrears after a new standard (补发提标). Amounts are integer
fen at the edges and exact fractions of yuan inside; nothing is ever a float. A figure that no source gives is a parameter that
refuses to run unset (SB1031) and names who must set it.
"""
