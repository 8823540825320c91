"""Refusals of premiums: SB3210–SB3229."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class UnknownPayer(Refusal):
    """Contribution rows that no rule books."""

    code = "SB3210"
    zh = "缴费文件 {file} 有 {rows} 行不能入账：{fund} 没有“{what}”的入账规定（如第 {line} 行）。"
    en = "{rows} rows of the contributions file {file} cannot be booked: {fund} has no rule for “{what}” (e.g. line {line})."
    cause_zh = "缴费主体、级次、缴费性质记哪个科目由 templates/premiums/payers.yaml 规定，不能猜：代缴记 4001，缴费补贴记 4101，集体补助记 4102。"
    cause_en = "templates/premiums/payers.yaml says where payer, level and nature are booked; nothing is guessed."
    remedy_zh = "改正文件中的缴费主体、代缴级次（财政补贴必须写明中央、省、市、县）或缴费性质后重新导入。"
    remedy_en = "Mend payer, level (subsidies need one) or nature in the file and take it in again."
    status = UNUSABLE


class NoPersonNumber(Refusal):
    """Contribution rows of nobody."""

    code = "SB3211"
    zh = "缴费文件 {file} 有 {rows} 行没有证件号码，不能记入逐人明细（如第 {line} 行）。"
    en = "{rows} rows of the contributions file {file} name no person (e.g. line {line})."
    cause_zh = "缴费逐人入账，合计与科目相符（L10）；没有证件号码的钱无处可记。"
    cause_en = "Contributions are booked by person and tie to the accounts (L10)."
    remedy_zh = "补全证件号码后重新导入；暂时查不清的先记暂收款（B2）。"
    remedy_en = "Complete the numbers and take the file in again; unidentified money goes to suspense (B2)."
    status = UNUSABLE


class WrongArrival(Refusal):
    """Money arrived where this kind of contribution cannot."""

    code = "SB3212"
    zh = "“{what}”不能由 {into} 收（付）：可用的是 {known}。"
    en = "“{what}” cannot move through {into}; usable: {known}."
    cause_zh = "缴费到账的账户决定用哪项业务（C1 国库、C3 财政专户、C4 收入户）；资金流向有白名单（L7）。"
    cause_en = "The account the money arrived in decides the event; money moves along a whitelist (L7)."
    remedy_zh = "核对到账凭证，改用 --into（代缴、补贴用 --paid-into，退费用 --from）。"
    remedy_en = "Check the receipt and give the right --into, --paid-into or --from."
    status = UNUSABLE


class BookedFromTax(Refusal):
    """The same money stands in vouchers made from a tax file."""

    code = "SB3213"
    zh = "这些缴费已按税务入库明细入账：{what}。"
    en = "This money is booked from a tax file already: {what}."
    cause_zh = "同一笔缴费只能入账一次（L11）：按税票入账和按缴费明细入账只能选一种。"
    cause_en = "Money is booked once (L11): by tax tickets or by contributions, not both."
    remedy_zh = "要逐人入账的，先退回（或红字冲销）按税票做的凭证；只核对的，用 shebao premium plan 看两边的差额。"
    remedy_en = "To book by person, reject or reverse the vouchers made from tickets first; to compare only, use shebao premium plan."


class PaidByClaim(Refusal):
    """Government-paid rows that a claim's receipt booked."""

    code = "SB3214"
    zh = "缴费文件 {file} 有 {rows} 人的政府代缴已随代缴清册入账（如 {period}）。"
    en = "{rows} persons' government-paid premiums in file {file} are booked with a claim already (e.g. {period})."
    cause_zh = "一人一年一份代缴，只入账一次（L11）。"
    cause_en = "One premium a person and year, booked once (L11)."
    remedy_zh = "用 --only 只入其余的缴费主体；清册收款有误的，先红字冲销清册的收款凭证。"
    remedy_en = "Book the other payers with --only; reverse the claim's voucher first if it is wrong."


class ListMissing(Refusal):
    """A claim or report without the lists it rests on."""

    code = "SB3215"
    zh = "没有{what}，不能{step}。"
    en = "There is no {what_en}; cannot go on."
    cause_zh = "应代缴的人由有日期的名单和参保人员比对得出；缺一份名单，“零”就不能证明。"
    cause_en = "Who is due follows from dated lists held against the people enrolled; without one, zero proves nothing."
    remedy_zh = "先导入：shebao import entitled 名单.xlsx，shebao import people 人员.xlsx。"
    remedy_en = "Take the lists in first: shebao import entitled …, shebao import people …."


class BadShares(Refusal):
    """Shares of a premium that cannot be used."""

    code = "SB3216"
    zh = "参数 premium_shares（{fund} {category}）不能用：{why}。"
    en = "The parameter premium_shares ({fund} {category}) cannot be used: {why}."
    cause_zh = "每个出资方写作“县=60”，份数为正整数，出资方须列在 templates/premiums/categories.yaml。"
    cause_en = "Each payer is written 县=60 with a whole share above zero and stands in templates/premiums/categories.yaml."
    remedy_zh = "改正参数后重试。"
    remedy_en = "Mend the parameter and try again."
    status = UNUSABLE


class NoSuchClaim(Refusal):
    """No claim of that number."""

    code = "SB3217"
    zh = "没有第 {claim} 号代缴清册。"
    en = "There is no claim {claim}."
    cause_zh = "清册按账套编号。"
    cause_en = "Claims are numbered per book."
    remedy_zh = "用 shebao premium claims 查看。"
    remedy_en = "See shebao premium claims."


class ClaimState(Refusal):
    """The claim is not in the state the step needs."""

    code = "SB3218"
    zh = "第 {claim} 号清册现为“{state}”，不能{step}。"
    en = "Claim {claim} is {state}; the step {step} is not possible now."
    cause_zh = "清册依次：编制 → 审核 → 收款（退款）；审核前可以作废，有收款凭证的不能作废。"
    cause_en = "Claims go prepared, reviewed, paid; one with vouchers cannot be withdrawn."
    remedy_zh = "先完成上一步，或用 shebao premium claims 查看状态。"
    remedy_en = "Complete the step before, or look at shebao premium claims."


class ClaimChanged(Refusal):
    """The claim's lines are not what was signed (C2)."""

    code = "SB3219"
    zh = "第 {claim} 号清册的明细与编制时不同。"
    en = "The lines of claim {claim} differ from what was prepared."
    cause_zh = "审核绑定明细的摘要，改动一分钱即失效（C2）。"
    cause_en = "The review binds to the digest of the lines (C2)."
    remedy_zh = "立即报告；从备份核对后作废重编。"
    remedy_en = "Report it, compare with a backup, withdraw and prepare anew."


class ClaimEmpty(Refusal):
    """A claim of nobody."""

    code = "SB3220"
    zh = "{what}没有应列入清册的人。"
    en = "{what}: nobody to be listed."
    cause_zh = "清册至少有一人；没有列入的人和原因见 shebao premium due。"
    cause_en = "A claim has at least one person; who was left out and why is shown by shebao premium due."
    remedy_zh = "核对险种、年度、名单和参数。"
    remedy_en = "Check fund, year, lists and parameters."


class AmountDiffers(Refusal):
    """Money received that is not what the claim asks of the payer."""

    code = "SB3221"
    zh = "{payer}到账 {received} 元，第 {claim} 号清册应收 {due} 元（{persons} 人），相差 {difference} 元。"
    en = "{payer} paid {received} yuan where claim {claim} asks {due} ({persons} persons); difference {difference}."
    cause_zh = "代缴收入逐人入账：到账金额须等于清册上该出资方（该类别）的合计，业务与财务两边相符（K13）。"
    cause_en = "Premiums paid by others are booked by person: the money must equal the claim's total of that payer (K13)."
    remedy_zh = "分类别到账的用 --category；金额不符的先记暂收款（B2），与出资方核对，补齐或重编清册后再入账。"
    remedy_en = "Give --category where categories are paid apart; else book to suspense (B2) and settle with the payer first."


class PremiumKept(Refusal):
    """Claims and their lines are only added to."""

    code = "SB3222"
    zh = "代缴清册及其明细只增不改（{what}）。"
    en = "Claims and their lines are only added to ({what})."
    cause_zh = "编制后的清册是向出资方申请资金的依据，改动须作废重编，两份都留存。"
    cause_en = "A claim is what payers are asked on; a change is a new claim, and both stay."
    remedy_zh = "作废后重新编制。"
    remedy_en = "Withdraw it and prepare another."


class UnknownIndustry(Refusal):
    """An industry the size table does not have, or an indicator missing."""

    code = "SB3223"
    zh = "企业划型：{why}。"
    en = "Enterprise size: {why}."
    cause_zh = "大中小微型企业按行业的从业人员、营业收入、资产总额划分（统计上大中小微型企业划分办法（2017））。"
    cause_en = "Size follows staff, revenue or assets by industry (NBS 2017)."
    remedy_zh = "行业写：{known}；按行业给出所需指标。"
    remedy_en = "Industries: {known}; give the indicators that the industry needs."
    status = UNUSABLE


class ComesWithClaim(Refusal):
    """Fiscal money that a claim and a list of fiscal money both tell of."""

    code = "SB3224"
    zh = "{payer}代缴 {fen} 元，第 {claim} 号代缴清册和补助文件（{what}）都有，只能入账一次。"
    en = "{fen} yuan paid by {payer} stand in claim {claim} and in a list of fiscal money ({what}); they are booked once."
    cause_zh = "代缴到账按清册逐人入账（K13）；按补助文件入账没有逐人明细，两处都记就重复了（L11）。"
    cause_en = "Money asked by a claim is booked by person (K13); a list of fiscal money has no persons, and both would double it (L11)."
    remedy_zh = "用 shebao premium receive 按清册收款，补助文件去掉这一行；已按补助文件入账的先退回或红字冲销。确属另一笔的，用 shebao voucher enter C6。"
    remedy_en = "Receive it against the claim and leave the row out of the list; reject or reverse the other voucher first. Other money is entered as C6."


class BookedFromContributions(Refusal):
    """Tax tickets whose money stands in vouchers made from a contributions file."""

    code = "SB3225"
    zh = "这些税款已按缴费文件 {file} 逐人入账（{what}，凭证流水 {voucher}）。"
    en = "This money is booked by person from the contributions file {file} already ({what}, voucher {voucher})."
    cause_zh = "同一笔缴费只能入账一次（L11）：按税票入账和按缴费明细入账只能选一种。"
    cause_en = "Money is booked once (L11): by tax tickets or by contributions, not both."
    remedy_zh = "只核对的，用 shebao premium plan 看两边的差额；要按税票入账的，先退回或红字冲销缴费文件的凭证。"
    remedy_en = "To compare only, use shebao premium plan; to book by tickets, reject or reverse the other vouchers first."
