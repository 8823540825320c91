"""A bank file in a password-protected ZIP (AES-256), for banks that take files by mail or disk."""

from __future__ import annotations

import os
from pathlib import Path

from controls.banking.errors import WeakPassword

SHORTEST = 8


def pack(file: Path, password: str) -> Path:
    """Writes ``file`` into ``file.zip`` beside it, readable by its owner alone; gives the archive. Raises SB2244 for a short password."""
    import pyzipper

    if len(password) < SHORTEST:
        raise WeakPassword(least=SHORTEST)
    out = file.with_name(file.name + ".zip")
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as packed:
        packed.setpassword(password.encode("utf-8"))
        packed.writestr(file.name, file.read_bytes())
    os.chmod(out, 0o600)
    return out
