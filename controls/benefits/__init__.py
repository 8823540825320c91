"""Benefits at work (待遇): what was paid beside a new standard, and the arrears roster that follows (补发花名册).

``paid`` reads what the sub-ledger says was paid, ``happened`` what the snapshots say of deaths, prison and other pensions, ``differences``
is the act (needs HANDLE_ROSTER, leaves a trail record), ``arrears`` the files it writes. Nothing here pays: the arrears roster is a file of the
contract ``roster`` that goes through import, checks, three signatures, release and bank like any other.
"""
