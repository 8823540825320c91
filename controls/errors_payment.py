"""Refusals of the payment chain: roster to release (SB3030–SB3069) and bank file (SB3070–SB3099)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchRoster(Refusal):
    """An unknown roster number."""

    code = "SB3030"
    zh = "没有花名册 {roster}。"
    en = "There is no roster {roster}."
    cause_zh = "花名册由 shebao roster build 编制并编号。"
    cause_en = "Rosters are built and numbered by shebao roster build."
    remedy_zh = "用 shebao roster list 查编号。"
    remedy_en = "Look it up with shebao roster list."
    status = UNUSABLE


class RosterExists(Refusal):
    """One live roster a file."""

    code = "SB3031"
    zh = "文件编号 {file_id} 已编成花名册 {roster}（{state}）。"
    en = "File {file_id} already is roster {roster} ({state})."
    cause_zh = "一份花名册文件只编一次，否则会重复发放。"
    cause_en = "A roster file is built once, or people would be paid twice."
    remedy_zh = "继续办理花名册 {roster}；要用更正后的文件，先撤回它。"
    remedy_en = "Go on with roster {roster}; to use a corrected file, withdraw it first."


class BadRosterLine(Refusal):
    """A line that cannot be paid."""

    code = "SB3032"
    zh = "花名册文件 {file} 序号 {seq} 不能发放：{why}。"
    en = "Line {seq} of the roster file {file} cannot be paid: {why}."
    cause_zh = "实发 = 应发 − 抵扣 − 代扣，不为负；账号、户名齐全；一份花名册只含一个险种；序号不重复。"
    cause_en = "Net = gross − offset − withheld and not negative; account and holder given; one fund; numbers unique."
    remedy_zh = "在业务系统改正后重新导出、导入花名册文件。"
    remedy_en = "Mend it in the business system and take the file in again."
    status = UNUSABLE


class WrongState(Refusal):
    """A step out of turn."""

    code = "SB3033"
    zh = "花名册 {roster} 处于“{state}”，不能{step}。"
    en = "Roster {roster} is {state}; it cannot be {step}."
    cause_zh = "流程：编制 → 检查 → 提交 → 审核 → 授权 → 放行 → 送盘 → 回盘，逐步进行。"
    cause_en = "The steps are build, check, submit, review, authorise, release, send, return, in this order."
    remedy_zh = "用 shebao roster show {roster} 看下一步由谁办理。"
    remedy_en = "See with shebao roster show {roster} whose turn it is."


class RosterChanged(Refusal):
    """C2."""

    code = "SB3034"
    zh = "花名册 {roster} 在签字后被改动：{what}。原签字作废。"
    en = "Roster {roster} was changed after it was signed: {what}. The signatures are void."
    cause_zh = "签字只对签字时的内容有效，差一分钱也作废（C2）。"
    cause_en = "A signature binds to the digest of what was signed; one changed fen voids it (C2)."
    remedy_zh = "保留现场，查明改动的人；撤回花名册，用原始文件重新编制。"
    remedy_en = "Keep the evidence, find out who did it, withdraw the roster and build it again from its file."


class OpenFindings(Refusal):
    """Warnings without an answer."""

    code = "SB3035"
    zh = "花名册 {roster} 还有 {count} 条提醒没有答复，如 {first}。"
    en = "Roster {roster} has {count} warnings without an answer, e.g. {first}."
    cause_zh = "经办对每条提醒写明处理理由后才能提交。"
    cause_en = "The handler answers every warning with a reason before submitting."
    remedy_zh = "shebao roster answer {roster} --finding 编号 --reason 理由；同一规则可用 --rule 一次答复。"
    remedy_en = "shebao roster answer {roster} --finding ID --reason WHY, or --rule CODE for all of one rule."


class BlockingFinding(Refusal):
    """C3."""

    code = "SB3036"
    zh = "花名册 {roster} 的拦截疑点 {finding}：{why}。"
    en = "Blocking finding {finding} of roster {roster}: {why}."
    cause_zh = "有未处理的拦截疑点不得放行，经办也不能独自解除（C3）。"
    cause_en = "No release with an open blocking finding, and the handler cannot resolve it alone (C3)."
    remedy_zh = "该行留在暂缓发放台账，核实后另册补发。"
    remedy_en = "The line stays in the register of held payments; once verified it is paid by another roster."


class NotSigned(Refusal):
    """C3: three people, one digest."""

    code = "SB3037"
    zh = "花名册 {roster} 缺少有效签字：{why}。"
    en = "Roster {roster} lacks valid signatures: {why}."
    cause_zh = "放行须经办、审核、授权三人对同一内容签字（C1、C2、C3）。"
    cause_en = "A release needs handler, reviewer and leader to sign the same content, three people (C1, C2, C3)."
    remedy_zh = "按 shebao roster show {roster} 补齐签字。"
    remedy_en = "Complete the signatures shown by shebao roster show {roster}."


class StaleCheck(Refusal):
    """Newer data than the check saw."""

    code = "SB3038"
    zh = "花名册 {roster} 检查之后又导入了 {files}，检查结果已过时。"
    en = "After roster {roster} was checked, {files} came in; the check is out of date."
    cause_zh = "放行前的检查须用当时已有的全部死亡、服刑、人员、账户和发放数据。"
    cause_en = "The check before payment uses all deaths, custody, people, accounts and payments there are."
    remedy_zh = "已签字的先退回（shebao roster sendback），再重新检查、签字。"
    remedy_en = "Send a signed roster back, then check and sign again."


class NoSuchFinding(Refusal):
    """An unknown finding."""

    code = "SB3039"
    zh = "花名册 {roster} 没有待答复的疑点 {finding}。"
    en = "Roster {roster} has no finding {finding} to answer."
    cause_zh = "只能答复最近一次检查列出的提醒。"
    cause_en = "Only warnings of the latest check can be answered."
    remedy_zh = "用 shebao roster findings {roster} 查编号。"
    remedy_en = "Look it up with shebao roster findings {roster}."
    status = UNUSABLE


class NothingToPay(Refusal):
    """No line of this fund and kind."""

    code = "SB3040"
    zh = "{what}里没有可发放的行。"
    en = "There is no line to pay in {what}."
    cause_zh = "花名册按险种编制；代发项目另册。"
    cause_en = "A roster is built by fund; items paid for others have a roster of their own."
    remedy_zh = "核对 --fund、--period，代发项目加 --allowance。"
    remedy_en = "Check --fund and --period; add --allowance for items paid for others."
    status = UNUSABLE


class KeptForEver(Refusal):
    """Append-only records of the chain."""

    code = "SB3041"
    zh = "发放链上的记录不得修改或删除。"
    en = "Records of the payment chain cannot be changed or deleted."
    cause_zh = "花名册明细、签字、疑点、答复、暂缓、放行、银行盘和回盘只增不改（C2、C6）。"
    cause_en = "Lines, signatures, findings, answers, holds, releases and bank records are only ever added (C2, C6)."
    remedy_zh = "按流程退回或撤回后重做。"
    remedy_en = "Send back or withdraw, and do it again."


class NoReason(Refusal):
    """An act that needs a reason."""

    code = "SB3042"
    zh = "必须写明理由。"
    en = "A reason is required."
    cause_zh = "答复、退回、撤回和退票登记都写明理由，留在台账。"
    cause_en = "Answers, sending back, withdrawing and payments that come back carry a reason."
    remedy_zh = "用 --reason 写明理由。"
    remedy_en = "Give it with --reason."
    status = UNUSABLE


class NoBook(Refusal):
    """No book of that fund."""

    code = "SB3043"
    zh = "本单位没有{fund}账套。"
    en = "This office has no book of fund {fund}."
    cause_zh = "一个险种一个账套（L2）。"
    cause_en = "One book per unit and fund (L2)."
    remedy_zh = "核对险种；新险种先建账。"
    remedy_en = "Check the fund, or open its book."
    status = UNUSABLE


class NotReleased(Refusal):
    """C3."""

    code = "SB3070"
    zh = "花名册 {roster} 尚未放行（{state}），不能制作银行盘。"
    en = "Roster {roster} is not released ({state}); no bank file can be made."
    cause_zh = "未放行不付款（C3）。"
    cause_en = "No payment without release (C3)."
    remedy_zh = "先由分管领导授权、放行。"
    remedy_en = "The leader has to authorise and release it first."


class AlreadyMade(Refusal):
    """One bank file a roster."""

    code = "SB3071"
    zh = "花名册 {roster} 的银行盘已于 {at} 制作，内容与本次不同。"
    en = "The bank file of roster {roster} was made on {at} with other content."
    cause_zh = "一份放行只出一份银行盘，内容登记 SHA-256，再次输出必须相同。"
    cause_en = "One release gives one bank file; its SHA-256 is recorded and a copy must be the same."
    remedy_zh = "停止付款，查明差异来源。"
    remedy_en = "Stop the payment and find out where the difference comes from."


class ReturnLine(Refusal):
    """A line of the return that is not what was sent."""

    code = "SB3072"
    zh = "回盘文件 {file} 不能接收：{why}（共 {count} 处）。"
    en = "The bank return {file} cannot be taken: {why} ({count} in all)."
    cause_zh = "回盘逐行按序号、账号、户名、金额与送盘核对，不多、不少、不重。"
    cause_en = "Every line of a return matches what was sent in number, account, holder and amount; none more, none less."
    remedy_zh = "向银行核实，取得正确的回盘文件后再导入。"
    remedy_en = "Ask the bank for a correct return file."
    status = UNUSABLE


class ReturnTotals(Refusal):
    """The sums do not meet."""

    code = "SB3073"
    zh = "花名册 {roster} 的回盘合计不符：成功 {paid} 元 + 失败 {failed} 元 ≠ 送盘 {sent} 元，或送盘 ≠ 放行 {released} 元。"
    en = "The return of roster {roster} does not add up: paid {paid} + failed {failed} is not sent {sent}, or sent is not released {released}."
    cause_zh = "成功 + 失败 = 送盘 = 放行，分毫不差。"
    cause_en = "Paid + failed = sent = released, to the fen."
    remedy_zh = "向银行核实差额。"
    remedy_en = "Clear the difference with the bank."
    status = UNUSABLE


class AlreadyReturned(Refusal):
    """One return a roster."""

    code = "SB3074"
    zh = "花名册 {roster} 的回盘已于 {at} 由 {by} 接收。"
    en = "The return of roster {roster} was taken in on {at} by {by}."
    cause_zh = "一份银行盘只接收一次回盘；以后的退票逐笔登记。"
    cause_en = "A bank file has one return; later ones are registered one by one."
    remedy_zh = "之后退回的款项用 shebao bankfile comeback 逐笔登记。"
    remedy_en = "Register payments that come back later with shebao bankfile comeback."


class NotOut(Refusal):
    """Nothing was sent, or nothing came back yet."""

    code = "SB3075"
    zh = "花名册 {roster} 处于“{state}”，不能{step}。"
    en = "The payment of roster {roster} is {state}; it cannot be {step}."
    cause_zh = "付款：放行 → 送盘 → 回盘 → （个别退票）。"
    cause_en = "Payment goes released, sent, returned, then single payments may come back."
    remedy_zh = "先完成上一步。"
    remedy_en = "Complete the step before."


class NotPaidLine(Refusal):
    """A payment that cannot come back."""

    code = "SB3076"
    zh = "花名册 {roster} 银行序号 {seq} 不能登记退票：{why}。"
    en = "Payment {seq} of roster {roster} cannot come back: {why}."
    cause_zh = "退票只针对已付成功、且未登记过的款项。"
    cause_en = "Only a payment that succeeded can come back, once."
    remedy_zh = "用 shebao bankfile show {roster} 核对序号。"
    remedy_en = "Check the number with shebao bankfile show {roster}."


class NoEvidence(Refusal):
    """Money that the bank statement does not show."""

    code = "SB3077"
    zh = "银行对账单上 {day} 没有一笔 {amount} 元的收款可作退票依据。"
    en = "No bank statement shows a receipt of {amount} yuan on {day} for this return."
    cause_zh = "退票须以银行对账单上的收款为据，一笔收款只作一次依据（L11）。"
    cause_en = "A payment that comes back rests on a receipt on the bank statement, used once (L11)."
    remedy_zh = "先导入当日银行对账单；多笔同额时用 --serial 指明流水号。"
    remedy_en = "Take the statement in first; give --serial where several receipts are alike."


class FileInTheWay(Refusal):
    """Another file stands where the bank file would go."""

    code = "SB3078"
    zh = "文件 {file} 已存在且内容不同，未覆盖。"
    en = "The file {file} exists with other content and was not overwritten."
    cause_zh = "银行盘从不悄悄覆盖别的文件。"
    cause_en = "A bank file never overwrites another file in silence."
    remedy_zh = "换一个文件名，或先移走原文件。"
    remedy_en = "Choose another name, or move that file away first."
    status = UNUSABLE


class TwinRoster(Refusal):
    """The same person's item of the same month in two live rosters."""

    code = "SB3044"
    zh = "序号 {seq} {name} {period} 的{item}已在花名册 {roster} 序号 {other} 中，不能再编。"
    en = "Line {seq}, {name}, {item} of {period}, already stands in roster {roster}, line {other}."
    cause_zh = "同一人同月同项只能在一份有效的花名册中，暂缓、失败、退回的除外；换一个文件也不行。"
    cause_en = "One person's item of one month stands in one live roster only, but for what was held, failed or came back; another file changes nothing."
    remedy_zh = "核对是否同一批；要用更正后的文件，先撤回花名册 {roster}；补发另列待遇类型或所属期。"
    remedy_en = "See whether it is the same batch; to use a corrected file withdraw roster {roster} first."
