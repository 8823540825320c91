"""English for the words of the books that refusals quote as facts: states, steps and set reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ENGLISH: dict[str, str] = {
    # 会计期间
    "未启用": "not opened",
    "开放": "open",
    "锁定": "locked",
    "已结账": "closed",
    "只有开放的月份可以提请结账": "only an open month is proposed for closing",
    "只有锁定而未结账的月份可以退回开放": "only a locked month that is not closed is sent back to open",
    "结转凭证已记账": "its closing voucher is posted",
    "先由会计提请结账（shebao period propose）": "the accountant proposes the closing first (shebao period propose)",
    # 凭证
    "待制单": "proposed",
    "待审核": "made",
    "待记账": "reviewed",
    "已记账": "posted",
    "已退回": "rejected",
    "制单": "made",
    "审核": "reviewed",
    "记账": "posted",
    "退回": "rejected",
    # 数据库与会话
    "文件不存在": "no such file",
    "写法有误": "it is not written as a URL",
    "不支持这种数据库或驱动": "this database or driver is not supported",
    "没有写文件名，或斜线少了一条": "it names no file, or lacks a slash",
    "会话不存在": "there is no such session",
    "会话文件损坏": "the session file is damaged",
    "账号已停用": "the account is disabled",
}


def in_english(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a refusal with the words of the house in English; names, numbers and quoted texts stay as they are."""
    return {key: ENGLISH.get(fact, fact) if isinstance(fact, str) else fact for key, fact in facts.items()}
