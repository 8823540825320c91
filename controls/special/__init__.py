"""The gate of special books (专账): what a program may do with its money, and its lists against its vouchers.

``gate`` stands before every voucher of a special book; ``checks`` is its closing checklist; ``lists`` compares rosters with what was booked.
"""
