"""Hashes of the chain (留痕链的摘要算法): SHA-256 by default, SM3 (国密, GB/T 32905-2016) by setting.

A hash says by itself what made it: SHA-256 stands as 64 hex digits, SM3 as ``sm3:`` and 64 hex digits. The platform's SM3 is
used where its OpenSSL has it; elsewhere the compression function below, which gives the same digests.
"""

from __future__ import annotations

import hashlib
from enum import StrEnum
from functools import cache


class Algorithm(StrEnum):
    """What binds records: chosen when the office is founded, kept by every record's own hash."""

    SHA256 = "sha256"
    SM3 = "sm3"

    def of(self, content: bytes) -> str:
        """The hash of ``content`` as it stands in the chain."""
        return hashlib.sha256(content).hexdigest() if self is Algorithm.SHA256 else f"sm3:{sm3(content)}"


def algorithm_of(value: str) -> Algorithm:
    """Which algorithm made a hash of the chain; an empty text is the beginning of a SHA-256 chain."""
    return Algorithm.SM3 if value.startswith("sm3:") else Algorithm.SHA256


@cache
def _platform_has_sm3() -> bool:
    try:
        return hashlib.new("sm3", b"abc", usedforsecurity=True).hexdigest().startswith("66c7f0f4")
    except ValueError:
        return False


def sm3(content: bytes) -> str:
    """SM3 of ``content`` in hex."""
    return hashlib.new("sm3", content).hexdigest() if _platform_has_sm3() else plain_sm3(content)


_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_WORD = 0xFFFFFFFF


def _turned(word: int, by: int) -> int:
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _WORD


def plain_sm3(content: bytes) -> str:
    """SM3 in hex, reckoned here (GB/T 32905-2016, 5)."""
    length = len(content) * 8
    padded = content + b"\x80" + b"\0" * ((55 - len(content)) % 64) + length.to_bytes(8, "big")
    state: tuple[int, ...] = _START
    for start in range(0, len(padded), 64):
        state = _compressed(state, padded[start : start + 64])
    return b"".join(word.to_bytes(4, "big") for word in state).hex()


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = [int.from_bytes(block[at : at + 4], "big") for at in range(0, 64, 4)]
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _turned(words[at - 3], 15)
        words.append(mixed ^ _turned(mixed, 15) ^ _turned(mixed, 23) ^ _turned(words[at - 13], 7) ^ words[at - 6])
    a, b, c, d, e, f, g, h = state
    for at in range(64):
        first = _turned((_turned(a, 12) + e + _turned(0x79CC4519 if at < 16 else 0x7A879D8A, at)) & _WORD, 7)
        second = first ^ _turned(a, 12)
        majority = a ^ b ^ c if at < 16 else (a & b) | (a & c) | (b & c)
        choice = e ^ f ^ g if at < 16 else (e & f) | (~e & g & _WORD)
        left = (majority + d + second + (words[at] ^ words[at + 4])) & _WORD
        right = (choice + h + first + words[at]) & _WORD
        a, b, c, d = left, a, _turned(b, 9), c
        e, f, g, h = right ^ _turned(right, 9) ^ _turned(right, 17), e, _turned(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))
