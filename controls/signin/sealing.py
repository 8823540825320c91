"""Secrets of the second factor at rest (动态口令密钥的加密存放): AES-256-GCM under a key that lies beside ``shebao.toml``, not in the database.

Whoever reads or copies the database alone computes no code. The key file is made with the office (mode 0600) and named by the engine's option
:data:`OPTION`; an engine without the option belongs to no office and keeps secrets as they are given. Person and number of the enrolment are bound in,
so that one person's secret does not open as another's.
"""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import sqlalchemy as sa

from controls.errors_duties import SecretKeyMissing

FILE = "totp.key"
OPTION = "shebao_totp_key"
_MARK = "aes-gcm:"
_NONCE, _TAG = 12, 16


def make_key(home: Path) -> None:
    """Makes the office's key, for its owner's eyes alone; one that is there stays."""
    try:
        made = os.open(home / FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(made, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")


def sealed(connection: sa.Connection, user_id: str, number: int, secret: str) -> str:
    """What is stored for ``secret``; raises SB2299."""
    from Cryptodome.Cipher import AES

    file = connection.get_execution_options().get(OPTION)
    if file is None:
        return secret
    cipher = AES.new(_key(file), AES.MODE_GCM, nonce=secrets.token_bytes(_NONCE), mac_len=_TAG)
    cipher.update(_whose(user_id, number))
    text, tag = cipher.encrypt_and_digest(secret.encode())
    return _MARK + base64.b64encode(bytes(cipher.nonce) + text + tag).decode()


def opened(connection: sa.Connection, user_id: str, number: int, stored: str) -> str:
    """The secret again; raises SB2299 where the key is missing or is not the one that sealed it."""
    from Cryptodome.Cipher import AES

    if not stored.startswith(_MARK):
        return stored
    file = connection.get_execution_options().get(OPTION, "")
    key = _key(file)
    try:
        content = base64.b64decode(stored.removeprefix(_MARK), validate=True)
        cipher = AES.new(key, AES.MODE_GCM, nonce=content[:_NONCE], mac_len=_TAG)
        cipher.update(_whose(user_id, number))
        return cipher.decrypt_and_verify(content[_NONCE:-_TAG], content[-_TAG:]).decode()
    except ValueError as wrong:
        raise SecretKeyMissing(file=file, why="不是加密时用的那一把，或库中的密钥被改动", why_en="it is not the one that sealed the secret") from wrong


def _whose(user_id: str, number: int) -> bytes:
    return f"{user_id}\n{number}".encode()


def _key(file: str) -> bytes:
    try:
        found = bytes.fromhex(Path(file).read_text(encoding="ascii").strip())
    except (OSError, ValueError) as wrong:
        raise SecretKeyMissing(file=file or FILE, why="找不到或读不出", why_en="it is missing or cannot be read") from wrong
    if len(found) != 32:
        raise SecretKeyMissing(file=file, why="内容不是密钥", why_en="its content is no key")
    return found
