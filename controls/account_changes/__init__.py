"""Detail accounts opened and ended in a book that is in use (增设、停用明细科目): proposed by a 会计, confirmed by a 会计主管.

``changes`` proposes, confirms and rejects; ``tables`` keeps every change for ever; ``controls/account_guards`` let an account into an open
book, or out of use, only by a confirmed change of exactly that content. An account that has lines is never changed.
"""
