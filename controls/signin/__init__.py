"""Proving who sits there (身份鉴别): passwords and their rules, the second factor with recovery codes, and the fresh proof before signing.

``tables`` what is kept, only ever added to · ``terms`` the figures of ``templates/parameters/sign-in.yaml`` · ``passwords`` · ``totp`` · ``proof``.
Sessions themselves stand in ``controls.sessions``.
"""
