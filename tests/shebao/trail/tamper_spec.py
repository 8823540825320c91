"""Which proof of `shebao verify` answers for each table, in which store it is tried, and by which words it names the row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa


class Spec(NamedTuple):
    """``sample``: the store of :mod:`tests.shebao.trail.samples`; ``proofs``: their names; ``named``: what one of them must say, with the row's own values."""

    sample: str
    proofs: tuple[str, ...]
    named: str

    def words(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """``named``, whose alternatives stand apart by ``|``, with the values of the rows before and after; or the row as one without what it belongs to."""
        alone = [f"{table.name[7:]} 中 " + "、".join(f"{key.name} {row[key.name]}" for key in table.primary_key) for row in rows]
        return [form.format_map(row) for form in self.named.split("|") for row in rows] + alone + [f"{table.name} 中有不属于任何账套的内容"]


EMPTY = ("open_posting", "sealing")
"""Tables that are empty after every act."""


SPECS: dict[str, Spec] = {
    "account": Spec("books", ("L2 账套", "L6 科目"), "科目表"),
    "account_change": Spec("payment", ("L6 科目变动",), "科目变动 {book_id}-{change_id} |科目变动|account-change:{book_id}-{change_id}"),
    "approval": Spec("payment", ("C2 审批链",), "{kind} {number} 第 {step} 步|{kind}:{book_id}-{number}"),
    "attachment": Spec("papers", ("L11 附件", "引用"), "凭证流水 {book_id}-{voucher_id} "),
    "award": Spec("awards", ("C6 待遇核定",), "核定 {book_id}-{award_no} "),
    "award_item": Spec("awards", ("C6 待遇核定",), "核定 {book_id}-{award_no} "),
    "balance": Spec("books", ("L2 账套", "L8 余额"), "账套 {book_id} 科目 {account} {period}"),
    "bank_authorisation": Spec("payment", ("C3 发放", "引用"), "花名册 {roster_id} 的网银复核"),
    "bank_batch": Spec("payment", ("C3 发放", "引用"), "花名册 {roster_id} 的送盘"),
    "bank_line": Spec("payment", ("C3 发放", "引用"), "（序号 {bank_seq}）"),
    "bank_result": Spec("payment", ("C3 发放",), "（序号 {bank_seq}）"),
    "bank_return": Spec("payment", ("C3 发放", "引用"), "花名册 {roster_id} 的回盘"),
    "book": Spec("payment", ("L2 账套", "L6 科目"), "单位、账套或科目表|不属于任何账套的内容（{book_id}）|没有建账记录|单位 {unit_code} "),
    "budget": Spec("payment", ("C2 预算",), "第 {budget_no} 号|budget:{book_id}-{budget_no}"),
    "cash_count": Spec("journals", ("C6 日记账",), "{book_id}:{journal_id}:{count_no}"),
    "cash_witness": Spec("journals", ("C6 日记账", "引用"), "{book_id}:{journal_id}:{count_no}"),
    "chain": Spec("books", ("C6 留痕链",), "第 {seq} 条"),
    "chain_erasure": Spec("redacted", ("C6 个人信息",), "第 {seq} 条留痕的"),
    "chain_salt": Spec("redacted", ("C6 个人信息",), "第 {seq} 条留痕的个人信息原文"),
    "clearing": Spec("rosters", ("C3 花名册",), "暂缓个案 {roster_id}:{seq} "),
    "clearing_decision": Spec("rosters", ("C3 花名册", "引用"), "暂缓个案 "),
    "comeback": Spec("payment", ("C3 发放", "引用"), "花名册 {roster_id} 的退票"),
    "contribution": Spec("books", ("L2 账套", "L3 内容"), "缴费明细"),
    "document": Spec("books", ("L2 账套", "L3 内容"), "的内容与摘要不符"),
    "duty_pair": Spec("payment", ("C1 岗位对",), "不相容岗位 {a} 和 {b} "),
    "duty_request": Spec("people", ("C6 授权和身份",), "授权申请 {request_id} |授权申请 缺"),
    "duty_step": Spec("people", ("C6 授权和身份",), "授权步骤 {request_id}、{step} |授权步骤 缺"),
    "entry": Spec("books", ("L1 平衡", "L2 账套", "L3 内容", "L4 连号", "L9 签字", "L3 链与账"), "凭证序号 {entry_id} |entry:{book_id}:{entry_id}"),
    "finding": Spec("swept", ("A3 疑点", "引用"), "第 {first_sweep} 次筛查的疑点"),
    "finding_conclusion": Spec("swept", ("A3 疑点", "引用"), "疑点 {finding_id} 的结论"),
    "finding_history": Spec("swept", ("A3 疑点", "引用"), "第 {sweep_no} 次筛查的疑点经过"),
    "finding_review": Spec("swept", ("A3 疑点", "引用"), "疑点 {finding_id} 的结论的复核"),
    "grant": Spec("payment", ("C1 授权",), "用户 {user_id} 的岗位"),
    "handover": Spec("payment", ("C6 工作交接",), "第 {handover_no} 号交接书|handover:{handover_no}"),
    "handover_signature": Spec("payment", ("C6 工作交接",), "第 {handover_no} 号交接书"),
    "hold": Spec("payment", ("C2 签字", "C3 发放", "C3 花名册", "引用", "C3 检查"), "花名册 {roster_id} 序号 {seq} 的暂缓|花名册 {roster_id} 的暂缓"),
    "hold_notice": Spec("rosters", ("C3 花名册",), "暂缓个案 {roster_id}:{seq} "),
    "journal": Spec("journals", ("C6 日记账",), "日记账 {journal_id} |journal:{book_id}:{journal_id}"),
    "journal_day": Spec("journals", ("C6 日记账",), "日记账 {journal_id} "),
    "journal_line": Spec("journals", ("C6 日记账",), "日记账 {journal_id} 第 "),
    "line": Spec("books", ("L1 平衡", "L2 账套", "L3 内容"), "凭证序号 {entry_id} |-0001 的内容与摘要"),
    "open_posting": Spec("books", ("L2 账套",), "有未完成的记账"),
    "password": Spec("people", ("C6 授权和身份",), "密码记录 {user_id}、{number} |密码记录 缺"),
    "payout": Spec("books", ("L2 账套", "L3 内容"), "发放明细"),
    "period": Spec("books", ("L2 账套", "L5 期间"), "{period} 在库中"),
    "person": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_account_act": Spec("person_accounts", ("C6 个人账户",), "个人账户事项 {batch_id} |的明细与提出时|不属于任何事项"),
    "person_account_batch": Spec("person_accounts", ("C6 个人账户",), "{book_id}-{batch_id}"),
    "person_account_year": Spec("person_accounts", ("C6 个人账户",), "个人账户事项 {batch_id} |的明细与提出时|不属于任何事项"),
    "person_bank_account": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_change": Spec("persons", ("C6 登记簿",), "变更申请 {change_id} |person_change:{change_id}"),
    "person_decision": Spec("persons", ("C6 登记簿",), "变更申请 {change_id} "),
    "person_doubt": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_knowledge": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）|登记簿|次登记没有完成"),
    "person_link": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_name": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_number": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_registration": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_scope": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "person_status": Spec("persons", ("C6 登记簿",), "第 {knowledge_no} 次登记|不属于任何一次登记的内容（{knowledge_no}）"),
    "premium_claim": Spec("premiums", ("C2 代缴",), "第 {claim_id} 号清册|premium-claim:{book_id}:{claim_id}"),
    "premium_claim_left": Spec("premiums", ("C2 代缴",), "第 {claim_id} 号清册|不属于任何清册：{claim_id}"),
    "premium_claim_line": Spec("premiums", ("C2 代缴",), "第 {claim_id} 号清册|不属于任何清册：{claim_id}"),
    "recovery_set": Spec("people", ("C6 授权和身份",), "恢复码 {user_id}、{number} |恢复码 缺"),
    "recovery_use": Spec("people", ("C6 授权和身份",), "恢复码的使用 {user_id}、{number}、|恢复码的使用 缺"),
    "redaction": Spec("redacted", ("C6 个人信息",), "删除申请"),
    "redaction_step": Spec("redacted", ("C6 个人信息",), "删除申请的办理"),
    "register_act": Spec("registers", ("C6 台账",), "第 {row_no} 行|台账第 "),
    "register_row": Spec("registers", ("C6 台账",), "第 {row_no} 行|台账只有|缺第"),
    "register_step": Spec("registers", ("C6 台账",), "{register}"),
    "relative": Spec("people", ("C6 授权和身份",), "回避登记 {relative_id} |回避登记 缺"),
    "relative_step": Spec("people", ("C6 授权和身份",), "回避登记的步骤 {relative_id}、{step} |回避登记的步骤 缺"),
    "release": Spec("rosters", ("C2 签字", "C3 发放"), "花名册 {roster_id} "),
    "release_item": Spec("rosters", ("C3 花名册",), "花名册 {roster_id} "),
    "roster": Spec("rosters", ("C2 签字", "C3 发放", "C3 检查"), "花名册 {roster_id} |roster:{roster_id}"),
    "roster_answer": Spec("payment", ("C2 签字", "引用", "C3 检查"), "花名册 {roster_id} 第 {answer_no} 次答复"),
    "roster_expiry": Spec("rosters", ("C3 花名册",), "花名册 {roster_id} 的过期记录"),
    "roster_finding": Spec("payment", ("C2 签字", "引用", "C3 检查"), "花名册 {roster_id} 第 {check_no} 次检查的疑点"),
    "roster_finding_line": Spec("payment", ("C2 签字", "C3 检查"), "花名册 {roster_id} 第 {check_no} 次检查的疑点|花名册 {roster_id} "),
    "roster_flow": Spec("rosters", ("C3 花名册",), "花名册 {roster_id} "),
    "roster_freeze": Spec("rosters", ("C3 花名册",), "冻结期 {freeze_no} "),
    "roster_line": Spec("payment", ("C2 签字",), "花名册 {roster_id} "),
    "roster_person_change": Spec("persons", ("C6 登记簿",), "花名册 {roster_id} 列出的账户变更|花名册"),
    "roster_source": Spec("payment", ("C2 签字",),
        "花名册 {roster_id} 第 {check_no} 次检查所用的数据（文件 {file_id}）|花名册 {roster_id} 第 {check_no} 次检查|花名册 {roster_id} 第 {check_no} 次检查"),
    "roster_thaw": Spec("rosters", ("C3 花名册",), "冻结期 {freeze_no} "),
    "seal": Spec("books", ("L1 平衡", "L2 账套"), "凭证序号 {entry_id} "),
    "sealing": Spec("books", ("L2 账套",), "有未完成的记账"),
    "session": Spec("people", ("C6 会话",), "（用户 {user_id}，"),
    "session_proof": Spec("people", ("C6 授权和身份",), "身份验证 "),
    "signature": Spec("rosters", ("C2 签字",), "花名册 {roster_id} "),
    "source_coverage": Spec("payment", ("C6 导入登记", "引用"), "文件 {file_id}与"),
    "source_file": Spec("payment", ("C6 导入登记",), "文件 {file_id}与|文件 {file_id}在|文件 {file_id}的"),
    "source_use": Spec("payment", ("C6 导入登记", "引用"), "文件 {file_id}与|文件 {file_id}的"),
    "supplement_line": Spec("rosters", ("C3 花名册",), "补发花名册 "),
    "sweep": Spec("swept", ("A3 疑点", "引用"), "第 {sweep_no} 次筛查与留痕不符"),
    "sweep_rule_text": Spec("swept", ("A3 疑点", "引用"), "第 {first_sweep} 次筛查的本单位规则文本"),
    "sweep_rule": Spec("swept", ("A3 疑点", "引用"), "第 {sweep_no} 次筛查的规则情况"),
    "token": Spec("payment", ("C6 印鉴U盾",), "{token_no} 号 |token:{token_no}"),
    "token_act": Spec("payment", ("C6 印鉴U盾",), "{token_no} 号 |token:{token_no}"),
    "token_signature": Spec("payment", ("C6 印鉴U盾", "引用"), "{token_no} 号 "),
    "totp": Spec("people", ("C6 授权和身份",), "动态口令 {user_id}、{number} |动态口令 缺"),
    "totp_step": Spec("people", ("C6 授权和身份",), "动态口令的启用停用 {user_id}、{number}、{step} |动态口令的启用停用 缺"),
    "totp_use": Spec("people", ("C6 授权和身份",), "动态口令的使用 {user_id}、{number}、{counter} |动态口令的使用 缺"),
    "unit": Spec("books", ("L2 账套", "L6 科目", "引用"), "单位 {code} |单位、账套或科目表|不属于任何账套"),
    "user": Spec("payment", ("C1 授权", "C6 会话"), "用户 {user_id} |用户 {user_id}与|用户 {user_id}在"),
    "voucher": Spec("papers", ("L9 签字", "L9 出纳", "L11 附件", "L4 同笔业务", "C6 凭证流水"), "凭证流水 {book_id}-{voucher_id} "),
    "voucher_business": Spec("papers", ("L4 同笔业务", "引用"), "同笔业务 {book_id}-{business_id} |business:{book_id}:{business_id}"),
    "voucher_line": Spec("papers", ("L9 签字", "引用", "C6 凭证流水"), "凭证流水 {book_id}-{voucher_id} "),
}
