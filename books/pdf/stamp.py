"""What a paper says of itself inside the file: the stamp in the document information, written and read back.

The stamp is canonical JSON in URL-safe base64 (no bracket or backslash, so the PDF string needs no escape), under the
key ``shebao-stamp``; the digest also stands in the keywords as ``shebao-digest:<hex>``. Reading needs no PDF library:
the information dictionary is written in the clear, and of several (incremental updates such as signatures) the last counts.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from pathlib import Path

from books.views import SignatureBox, Stamp, Stamped, canonical
from ledger.errors import UNUSABLE, Refusal
from ledger.funds import Fund

INFO_KEY = "shebao-stamp"
_FOUND = re.compile(rb"/shebao-stamp\s*\(([A-Za-z0-9_=-]+)\)")


class NoStamp(Refusal):
    """A PDF without a stamp of ours, or with a broken one."""

    code = "SB4051"
    zh = "文件“{name}”中没有可用的防伪信息。"
    en = "“{name}” carries no usable stamp."
    cause_zh = "只有本系统生成且未经其他软件另存的 PDF 才带有账套、期间与摘要等复核所需的信息。"
    cause_en = "Only a PDF written by this system and not saved anew by another program carries what is needed to prove it."
    remedy_zh = "请用系统生成的原文件复核；打印件可按页脚的摘要与系统重新生成的报表比对。"
    remedy_en = "Use the original file; a paper copy can be compared by the digest at its foot."
    status = UNUSABLE


def pack(stamped: Stamped) -> str:
    """The stamp as it stands in the file."""
    return base64.urlsafe_b64encode(canonical(stamped)).decode("ascii")


def unpack(text: str) -> Stamped:
    """The inverse of :func:`pack`; ValueError, KeyError or TypeError when it is no stamp."""
    data = json.loads(base64.urlsafe_b64decode(text))
    stamp = data["stamp"]
    stamp["fund"] = Fund(stamp["fund"]) if stamp["fund"] else None
    stamp["parameters"] = tuple((key, value) for key, value in stamp["parameters"])
    signatures = tuple(SignatureBox(**box) for box in data["signatures"])
    return Stamped(kind=data["kind"], stamp=Stamp(**stamp), signatures=signatures, digest=data["digest"])


def read_stamp(path: Path) -> Stamped:
    """Kind, stamp, signatures and digest of a PDF of ours; raises SB4051."""
    found = _FOUND.findall(Path(path).read_bytes())
    if not found:
        raise NoStamp(name=Path(path).name)
    try:
        return unpack(found[-1].decode("ascii"))
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as broken:
        raise NoStamp(name=Path(path).name) from broken
