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
    # 登记簿
    "事由": "the reason",
    "凭据": "the evidence",
    "通过": "accepted",
    "是同一条记录": "it is one record",
    "申请的内容被改动": "the stored request is not what was asked for",
    "申请之后，现登记已变": "the register changed after the request",
    "同样的申请正等待审核": "the same request waits for review",
    "文件中没有可以首次登记的账户": "the file holds no first account",
    "没有账户": "there is no account",
    "生效日须为月初": "it takes effect on the first day of a month",
    "账号须为 6 至 34 位数字或大写字母": "an account has 6 to 34 digits or capital letters",
    "缺户名": "the holder is missing",
    "户名与登记姓名一致的关系为本人，不一致的写监护人或集中供养机构": "a holder of the person's name is the person, any other a guardian or an institution",
    "整份登记只登记本人账户": "a whole file registers people's own accounts only",
    "无": "nobody",
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
