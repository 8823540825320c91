"""Special books (专账): where a program's money came from, paper by paper, and how much of each is left. Posts nothing.

``documents`` is pure: sources of money and who is paid from which, first come first served. ``sums`` reads them from kept balances.
"""
