"""Refusals of budgets and funding plans (SB3290 to SB3297)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchBudget(Refusal):
    """A document that is not there, or not at this step."""

    code = "SB3290"
    zh = "预算文件 {number} 不能办理：{why}。"
    en = "The budget document {number} cannot be carried on: {why}."
    cause_zh = "预算、调整和用款计划依次经会计编制、会计主管审核、单位负责人批准，每步只办一次，内容不改。"
    cause_en = "Budgets and plans are drafted by a 会计, reviewed by a 会计主管 and approved by the head, each step once."
    remedy_zh = "用 shebao budget list 查看编号和状态；要改内容的退回后重新编制。"
    remedy_en = "See shebao budget list; send it back and draft it anew to change it."


class BadBudget(Refusal):
    """Lines or amounts that no budget can have."""

    code = "SB3291"
    zh = "预算内容有误：{why}。"
    en = "The budget cannot be taken: {why}."
    cause_zh = "预算按收支表（会社保02）的项目逐行编制，金额以元计，合计由程序相加。"
    cause_en = "A budget has the lines of the statement of income and expenditure, in yuan; totals are added by the program."
    remedy_zh = "用 shebao budget lines 查看可编的项目和编号，改正后重新提交。"
    remedy_en = "See shebao budget lines for lines and codes; mend it and send it again."
    status = UNUSABLE


class BudgetStands(Refusal):
    """A second budget of one year, or a change of a budget that is not there."""

    code = "SB3292"
    zh = "{year} 年预算：{why}。"
    en = "The budget of {year}: {why}."
    cause_zh = "一个账套一年只有一份批准的预算；经批准的预算非经法定程序不得调整，调整另行编制、审核、批准。"
    cause_en = "A book has one approved budget a year; changes are adjustments with steps of their own."
    remedy_zh = "改动已批准的预算用 shebao budget adjust；还没有预算的先用 shebao budget draft 编制。"
    remedy_en = "Use shebao budget adjust, or shebao budget draft where there is none."


class BudgetGuarded(Refusal):
    """A change of a budget document behind the program."""

    code = "SB3293"
    zh = "预算文件不得改动：{why}。"
    en = "Budget documents stay as they are: {why}."
    cause_zh = "数据库守住预算文件：编制后内容不变，签字依次由三人办理。"
    cause_en = "The database keeps budget documents; three people sign in turn."
    remedy_zh = "通过 shebao budget 办理。"
    remedy_en = "Use shebao budget."


class OverBudget(Refusal):
    """A plan above what the budget leaves."""

    code = "SB3294"
    zh = "{month} 用款计划超出预算：{line} 全年预算 {budget} 元，已支出和已计划 {used} 元，本次 {wanted} 元，超 {over} 元。"
    en = "The plan of {month} exceeds the budget of {line}: {budget} for the year, {used} spent and planned, {wanted} asked, {over} too much."
    cause_zh = "支出以经批准的预算为依据；应发的待遇按时足额支付，因此超预算须先有预算调整，或由单位负责人书面决定先行支付。"
    cause_en = "Spending follows the approved budget; benefits are paid in full and on time, so an adjustment or a written decision comes first."
    remedy_zh = "先办 shebao budget adjust（预算调整）；来不及调整而待遇必须发放的，办 shebao budget exceed（超预算支付决定）。"
    remedy_en = "Make an adjustment, or a decision by shebao budget exceed where benefits are due."


class OverPlan(Refusal):
    """Funding above the approved plans of the month."""

    code = "SB3295"
    zh = "{month} 财政拨款 {asked} 元超过已批准的用款计划：计划 {planned} 元，已拨 {funded} 元，还可拨 {left} 元。"
    en = "Funding {asked} in {month} exceeds the approved plans: {planned} planned, {funded} funded, {left} left."
    cause_zh = "本账套已实行用款计划，财政专户拨入支出户的资金不得超过当月批准的计划（财社〔2017〕144号）。"
    cause_en = "This book works by funding plans; what comes from the fiscal account stays within the month's approved plans."
    remedy_zh = "核对拨款凭证；确需增加的，用 shebao budget plan --reason 编制追加计划，批准后再记账。"
    remedy_en = "Check the paper; for more, draft a supplementary plan with its reason and have it approved."


class NoDocument(Refusal):
    """An approval without its document number."""

    code = "SB3296"
    zh = "批准{what}须写明批准文件（文号）。"
    en = "Approving {what} needs the number of the approving document."
    cause_zh = "预算和调整由本级政府、人民代表大会按程序批准；超预算支付由单位负责人书面决定。"
    cause_en = "Budgets and adjustments are approved by due procedure; spending beyond them is decided in writing."
    remedy_zh = "用 --document 写明文号，如 --document 县财社〔2026〕5号。"
    remedy_en = "Give it by --document."
    status = UNUSABLE


class PlanExists(Refusal):
    """A further plan of one month without a reason."""

    code = "SB3297"
    zh = "{month} 已有用款计划（第 {number} 号），追加须写明原因。"
    en = "There is a plan for {month} already (no. {number}); a supplementary one needs its reason."
    cause_zh = "一月一份用款计划，追加是例外，要说明原因。"
    cause_en = "One plan a month; a supplementary one says why."
    remedy_zh = "原计划有误的先退回；确需追加的用 --reason 写明原因。"
    remedy_en = "Send the wrong plan back, or give --reason."


class NotEndorsed(Refusal):
    """A plan the leader has not signed."""

    code = "SB2251"
    zh = "{month} 第 {number} 号用款计划还没有分管领导签字，单位负责人不能批准。"
    en = "Plan {number} of {month} lacks the signature of the 分管领导 and cannot be approved."
    cause_zh = "用款计划（用款申请）经会计、会计主管、分管领导、单位负责人依次签字。"
    cause_en = "A funding plan is signed by 会计, 会计主管, 分管领导 and 单位负责人 in turn."
    remedy_zh = "由分管领导办理 shebao budget endorse。"
    remedy_en = "Let the 分管领导 sign with shebao budget endorse."
