"""Proving who sits there (身份鉴别): passwords and their rules, the second factor with recovery codes, and the fresh proof before signing.

Tables stand in ``controls.signin_tables``. ``terms`` the figures of ``templates/parameters/sign-in.yaml`` · ``passwords`` · ``totp`` · ``sealing`` its
secrets at rest · ``proof``. Sessions themselves stand in ``controls.sessions``.
"""
