"""Refusals of the register of persons (SB1400–SB1419)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchPerson(Refusal):
    """Nobody of that number or id."""

    code = "SB1400"
    zh = "登记簿中没有 {wanted}。"
    en = "The register knows nobody as {wanted}."
    cause_zh = "按人员编号（如 P12）或证件号码的各种写法（含曾用号码）都没有找到。"
    cause_en = "Neither a person's id (such as P12) nor any form of a number, former ones included, was found."
    remedy_zh = "核对号码；用 shebao person find --name 姓名 --last4 后四位 查找；人员由 shebao person load 登记。"
    remedy_en = "Check the number, or search with shebao person find --name NAME --last4 DIGITS; shebao person load registers people."
    status = UNUSABLE


class OlderSnapshot(Refusal):
    """A people file older than one that is loaded."""

    code = "SB1401"
    zh = "人员名单截至 {as_of}，{fund} {region} 已登记过截至 {known} 的名单。"
    en = "The people file stands for {as_of}; of {fund} {region} one for {known} is registered already."
    cause_zh = "旧名单不能盖过新名单，否则登记簿会倒退。"
    cause_en = "An older list never lies over a newer one, or the register would go backwards."
    remedy_zh = "导入截至日期更新的名单；截至日期写错的，用正确的 --as-of 重新导入。"
    remedy_en = "Take in a newer list; if the as-of date was wrong, take the file in again with the right --as-of."


class KnowledgeOutOfOrder(Refusal):
    """Knowledge dated before what is known already."""

    code = "SB1402"
    zh = "获知日期 {known_on} 早于登记簿最近一次的 {last}，或登记未按次序开始和完成。"
    en = "Known on {known_on} lies before the register's last, {last}, or an act of the register is not begun and closed in its order."
    cause_zh = "登记簿按获知的先后只增不改；倒填获知日期会改变“当时知道什么”的答案。"
    cause_en = "The register only grows in the order of knowing; a backdated record would change what was known then."
    remedy_zh = "检查电脑日期；事情发生得早的，写生效日期，获知日期是办理当天。"
    remedy_en = "Check the computer's date; what happened earlier has an earlier effective date, and is known today."


class SpanReversed(Refusal):
    """A span that ends before it begins."""

    code = "SB1403"
    zh = "起止日期不对：{from_on} 起，{to_on} 前止。"
    en = "The span is reversed or empty: from {from_on} to before {to_on}."
    cause_zh = "时间段为左闭右开，起须早于止。"
    cause_en = "Spans are half-open; the beginning lies before the end."
    remedy_zh = "改正起止日期。"
    remedy_en = "Mend the dates."
    status = UNUSABLE


class NotTwoPeople(Refusal):
    """A change without two different signers."""

    code = "SB1404"
    zh = "登记变更须由两人签字：申请 {requested_by}，审核 {reviewed_by}。"
    en = "A change of the register is signed by two people: requested by {requested_by}, reviewed by {reviewed_by}."
    cause_zh = "银行账户、状态、号码、姓名的变更和并人，一人申请、另一人审核才生效。"
    cause_en = "Bank accounts, statuses, numbers, names and links change only when one asks and another reviews."
    remedy_zh = "由经办 shebao person … 申请，由股室负责人 shebao person review 审核。"
    remedy_en = "One requests with shebao person …, another reviews with shebao person review."


class NumberTaken(Refusal):
    """A number that another person holds."""

    code = "SB1405"
    zh = "证件号码 {number} 已登记在 P{other} 名下。"
    en = "The number {number} is registered for P{other}."
    cause_zh = "一个号码只登记在一人名下；同一人有两条记录的，用并人，不改号码。"
    cause_en = "A number belongs to one person; two records of one person are linked."
    remedy_zh = "确为同一人的，shebao person link 并人；号码写错的先核对证件。"
    remedy_en = "If it is one person, use shebao person link; otherwise check the document."


class BadLink(Refusal):
    """Two records that cannot be linked or parted."""

    code = "SB1406"
    zh = "P{person} 与 P{other} 不能并人或拆分：{why}。"
    en = "P{person} and P{other} cannot be linked or parted: {why}."
    cause_zh = "并人只在两条各自独立的记录之间；拆分只对已并的记录。"
    cause_en = "Only two records that stand alone are linked; only a linked one is parted."
    remedy_zh = "用 shebao person history 看现在的并人情况。"
    remedy_en = "See shebao person history for the links in force."


class NoSuchRegistration(Refusal):
    """A fund and region in which the person is not registered."""

    code = "SB1407"
    zh = "P{person} 没有 {fund} {region} 的参保登记。"
    en = "P{person} is not registered in {fund} {region}."
    cause_zh = "状态按险种和统筹区登记；参保登记来自人员名单。"
    cause_en = "A status belongs to a registration, fund by region, and those come from people files."
    remedy_zh = "用 shebao person show 看参保登记；缺的先导入人员名单。"
    remedy_en = "See shebao person show; load a people file with the missing registration first."


class UnknownRegisterWord(Refusal):
    """A status or relation that is none of the register's."""

    code = "SB1408"
    zh = "不认识的{what}“{value}”，应为：{known}。"
    en = "Unknown {what_en} “{value}”; known are: {known}."
    cause_zh = "登记簿的状态和户主关系用固定的词，各地写法对照 templates/persons.yaml。"
    cause_en = "Statuses and relations are fixed words; local words stand in templates/persons.yaml."
    remedy_zh = "用所列的词，或把本地写法加入 templates/persons.yaml。"
    remedy_en = "Use one of the words listed, or add the local word to templates/persons.yaml."
    status = UNUSABLE


class RegisterKept(Refusal):
    """The register only grows."""

    code = "SB1409"
    zh = "登记簿只增不改：{what}。"
    en = "The register only grows: {what}."
    cause_zh = "登记过的内容不得修改或删除，完成的登记不得再加内容；更正是再登记一次。"
    cause_en = "What is registered is never changed or deleted, and a closed act takes no more rows; a correction is a new act."
    remedy_zh = "用 shebao person 的变更命令登记更正。"
    remedy_en = "Register the correction with the commands of shebao person."
