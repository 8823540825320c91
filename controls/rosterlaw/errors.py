"""Refusals around a roster: newer findings, terms, freeze windows, flows, releases twice, held cases, supplements (SB2170–SB2199)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NewFindings(Refusal):
    """The check run again at a signature found something new."""

    code = "SB2170"
    zh = "花名册 {roster}：上次检查后导入了 {files}，重新检查发现新疑点 {count} 条：{first}。不能签字，退回经办。"
    en = "Roster {roster}: {files} came in after its check, and the check run again finds {count} new leads: {first}. It goes back to the handler."
    cause_zh = "每次签字和放行都按最新的死亡、服刑、人员、账户和发放数据重新检查；有新疑点的不签。"
    cause_en = "At each signature and at the release the checks are run again with the newest snapshots; nobody signs over a new lead."
    remedy_zh = "经办重新检查（shebao roster check {roster}）、答复、提交，再逐级签字。"
    remedy_en = "The handler checks again, answers and submits; then all sign again."


class Expired(Refusal):
    """After the term."""

    code = "SB2171"
    zh = "花名册 {roster} 的放行期限是 {term}，{what}。"
    en = "The term of roster {roster} is {term}: {what_en}."
    cause_zh = "花名册须在发放月份月末（晚编的从编制日）起的期限内放行，逾期作废：名单和账户可能已经变了。"
    cause_en = "A roster is released within its term; afterwards its people and accounts may have changed."
    remedy_zh = "经办登记过期（shebao roster expire {roster}），用最新的花名册文件重新编制。"
    remedy_en = "The handler expires it and builds a new one from the newest file."


class Frozen(Refusal):
    """Within a freeze window."""

    code = "SB2172"
    zh = "{kind}（{begin} 至 {end}，第 {freeze} 号）：{reason}。期间不得签字、放行。"
    en = "{kind} from {begin} to {end} (no. {freeze}): {reason}. Nobody signs or releases meanwhile."
    cause_zh = "单位负责人设定的冻结期内，花名册不签字、不放行。"
    cause_en = "Within a window set by the head no roster is signed or released."
    remedy_zh = "等冻结期过后再签；确需提前，由单位负责人解除（shebao roster thaw {freeze}）。"
    remedy_en = "Wait, or have the head lift it with a reason."


class BadFreeze(Refusal):
    """A freeze window that makes no sense."""

    code = "SB2173"
    zh = "冻结期不能这样设定：{why}。"
    en = "The freeze window cannot be set so: {why}."
    cause_zh = "冻结期有起止日期、种类和理由，不能追溯已经过去的日子；只解除一次。"
    cause_en = "A window has its days, kind and reason, is not set for days gone by, and is lifted once."
    remedy_zh = "运行 shebao roster freezes 查看，改正后重试。"
    remedy_en = "See shebao roster freezes and mend it."
    status = UNUSABLE


class NoFlow(Refusal):
    """No flow of that day or name."""

    code = "SB2175"
    zh = "没有 {what} 的签字流程。"
    en = "There is no flow of signing for {what}."
    cause_zh = "花名册按编制时的流程办到底，流程表里的旧版本不能删。"
    cause_en = "A roster keeps the flow it began with; old versions stay in the file."
    remedy_zh = "在 flows-of-signing.yaml 中补上该流程。"
    remedy_en = "Put that flow into flows-of-signing.yaml."
    status = UNUSABLE


class ReleasedTwice(Refusal):
    """C3: one component of one person's month is released once."""

    code = "SB2176"
    zh = "花名册 {roster} 序号 {seq}（{item} {period}）与花名册 {other} 序号 {other_seq} 是同一人同月同项，只能放行一次。"
    en = "Line {seq} of roster {roster} ({item} of {period}) is the same person's item as line {other_seq} of roster {other}; it is released once."
    cause_zh = "同一账套、证件号码、待遇项目、来源和所属期只放行一次，由数据库约束保证；付款失败或退回的，可再放行一次。"
    cause_en = "Book, number, item, source and period are released once by the database's key; again only after the payment failed or came back."
    remedy_zh = "退回花名册，把重复的行转入暂缓（shebao roster answer … --hold）。"
    remedy_en = "Send the roster back and hold the line that is there twice."


class NotInList(Refusal):
    """A reason or a delivery that the list does not have."""

    code = "SB2177"
    zh = "{what}“{word}”不在表中：{known}。"
    en = "“{word}” is not in the list of {what}: {known}."
    cause_zh = "解除暂缓的理由和送达方式只能从 held-payments.yaml 的表中选。"
    cause_en = "Reasons and deliveries come from the list in held-payments.yaml."
    remedy_zh = "从表中选一个；表里没有的，由单位补进模板。"
    remedy_en = "Choose one; have the office add what is missing."
    status = UNUSABLE


class WrongCase(Refusal):
    """A step of a held line's case out of turn."""

    code = "SB2178"
    zh = "花名册 {roster} 序号 {seq} 的暂缓处于“{state}”，不能{step}。"
    en = "The held line {seq} of roster {roster} is {state}; it cannot be {step}."
    cause_zh = "暂缓个案：暂缓 → 通知本人 → 申请解除（附证据）→ 另一人批准 → 补发；花名册放行后才能解除。"
    cause_en = "A case goes held, notified, asked, cleared by another, supplemented; it is cleared only after its roster was released."
    remedy_zh = "运行 shebao roster cases 查看各行的状态。"
    remedy_en = "See shebao roster cases."


class NothingCleared(Refusal):
    """No cleared line waits for a supplement."""

    code = "SB2179"
    zh = "{fund}没有已解除而未补发的暂缓行。"
    en = "Fund {fund} has no cleared line that waits for a supplement."
    cause_zh = "补发花名册只含已由两人解除、尚未补发的暂缓行。"
    cause_en = "A supplement holds lines that two people cleared and that no live roster pays."
    remedy_zh = "先解除暂缓：shebao roster clear-ask、shebao roster clear。"
    remedy_en = "Clear held lines first."
    status = UNUSABLE
