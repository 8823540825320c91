"""Refusals of duties in depth: relation and history, grants in four steps, exemptions, relatives, second factor (SB2116–SB2130, SB2164–SB2169)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class Related(Refusal):
    """C7: an own claim or a relative's."""

    code = "SB2116"
    zh = "{name} 不能在 {thing} 上履行“{duty}”：涉及{what}，{why}。"
    en = "{name} may not act as {duty} on {thing}, which concerns {what}: {why}."
    cause_zh = "任何人不得经办、审核、授权或稽核本人和已登记亲属的待遇和款项（C7）。"
    cause_en = "Nobody handles, reviews, authorises or audits a claim of their own or of a registered relative (C7)."
    remedy_zh = "由另一人办理；花名册可先把该行转入暂缓（shebao roster answer … --hold），另行由他人办理。"
    remedy_en = "Let another person do it; a roster's line can be held first and be handled by somebody else."


class ActedBefore(Refusal):
    """S16: who handled a payment does not check its lead."""

    code = "SB2117"
    zh = "{name} 此前已就 {thing} 所涉事项履行“{earlier}”，不能再履行“{duty}”：{why}。"
    en = "{name} acted as {earlier} on what {thing} is about and may not act as {duty}: {why}."
    cause_zh = "经办、审核、授权或支付过某笔待遇的人，不核查这一笔的疑点（S16）。"
    cause_en = "Whoever handled, reviewed, authorised or paid a benefit does not check its lead (S16)."
    remedy_zh = "由没有办理过这一笔的稽核人员办理。"
    remedy_en = "An auditor who had no part in the payment has to do it."


class NoSuchRequest(Refusal):
    """No such request for a duty, exemption or declaration."""

    code = "SB2118"
    zh = "没有{what} {number}。"
    en = "There is no {what_en} {number}."
    cause_zh = "申请、豁免和回避登记各有编号，编号由程序给出。"
    cause_en = "Requests, exemptions and declarations carry numbers given by the program."
    remedy_zh = "运行 shebao duty list 查看编号。"
    remedy_en = "See shebao duty list for the numbers."
    status = UNUSABLE


class WrongStep(Refusal):
    """A step out of its turn."""

    code = "SB2119"
    zh = "{what} {number} 现为“{state}”，不能再作“{step}”。"
    en = "{what_en} {number} stands at “{state}” and cannot take the step “{step}”."
    cause_zh = "授权按 申请 → 内控审核 → 负责人批准 → 授予 逐步办理；应急授权由第二人批准，事后内控审核。"
    cause_en = "A grant goes asked, reviewed, approved, granted; an emergency is approved by a second person and reviewed afterwards."
    remedy_zh = "按顺序办理；已退回的重新申请。"
    remedy_en = "Take the steps in their order; ask anew for what was sent back."


class SameHand(Refusal):
    """S15: four different people."""

    code = "SB2120"
    zh = "{name} 不能办理{what} {number} 的“{step}”：已是这一申请的{earlier}。"
    en = "{name} may not take the step “{step}” of {what_en} {number}, being already its {earlier}."
    cause_zh = "授权的四步由四个人办理，被授权人除申请外不办理任何一步（S15）。"
    cause_en = "The four steps are taken by four people; whoever receives the duty takes none but the first (S15)."
    remedy_zh = "由另一名持有相应岗位的人办理。"
    remedy_en = "Another person who holds the duty has to do it."


class TermRefused(Refusal):
    """A grant without a usable end."""

    code = "SB2121"
    zh = "期限不能用：{why}。"
    en = "The term cannot be used: {why_en}."
    cause_zh = "授权、代理、应急授权和豁免都须有起止时间，且不超过规定的最长期限。"
    cause_en = "Grants, deputies, emergencies and exemptions have a beginning and an end, and none runs longer than the parameter allows."
    remedy_zh = "改写起止时间；到期仍需要的重新申请。"
    remedy_en = "Give another term; what is still needed afterwards is asked for anew."
    status = UNUSABLE


class NotExemptible(Refusal):
    """A pair that no exemption lifts."""

    code = "SB2122"
    zh = "“{a}”与“{b}”不能豁免：{why}。"
    en = "“{a}” and “{b}” cannot be exempted: {why}."
    cause_zh = "法律规定分离的岗位不因单位人少而兼任；豁免只用于惯例性的分离，并须有补偿控制。"
    cause_en = "What a statute keeps apart stays apart in small offices too; an exemption serves separations of usage, with a compensating control."
    remedy_zh = "由另一人任职，或请上级经办机构代办。"
    remedy_en = "Let another person hold the duty, or ask the agency above to do the work."


class DeputyWrong(Refusal):
    """A deputy of somebody who does not hold the duty."""

    code = "SB2123"
    zh = "{name} 不能代理 {other} 的“{duty}”：{why}。"
    en = "{name} cannot deputise for {other} as {duty}: {why}."
    cause_zh = "代理是在一段时间里替代一名在岗的人。"
    cause_en = "A deputy stands in for somebody who holds the duty, for a time."
    remedy_zh = "核对被代理人和岗位；不是代理的，按一般授权申请。"
    remedy_en = "Check whom and which duty; what is no deputising is asked for as a grant."
    status = UNUSABLE


class RelativeWrong(Refusal):
    """A declaration that cannot be used."""

    code = "SB2125"
    zh = "回避登记不能用：{why}。"
    en = "The declaration cannot be used: {why_en}."
    cause_zh = "每人登记本人和亲属、利害关系人的证件号码，另一人审核；登记即生效，撤销须经审核。"
    cause_en = "Everybody declares the numbers of self, relatives and interests; another reviews. It holds at once and ends only by review."
    remedy_zh = "核对关系、证件号码和编号。"
    remedy_en = "Check the relation, the identity number and the number of the declaration."
    status = UNUSABLE


class KinInPost(Refusal):
    """S18: relatives in posts that must not be held by relatives."""

    code = "SB2126"
    zh = "不能把“{duty}”授予 {name}：与“{other_duty}” {other} 有已登记的亲属关系，{why}（{reference}）。"
    en = "“{duty}” cannot be granted to {name}, a registered relative of {other}, who is “{other_duty}”: {why} ({reference})."
    cause_zh = "会计基础工作规范第16条的回避规定（S18）。"
    cause_en = "The rule of withdrawal in the accounting norms, article 16 (S18)."
    remedy_zh = "由没有亲属关系的人任职。"
    remedy_en = "Let somebody who is no relative hold the post."


class WrongCode(Refusal):
    """The one-time code is wrong or was used."""

    code = "SB2127"
    zh = "动态口令不对，或已用过。"
    en = "The one-time code is wrong or was used before."
    cause_zh = "动态口令每 30 秒更换，每个只用一次；恢复码每个只用一次。"
    cause_en = "Codes change every 30 seconds and each is used once; so is every recovery code."
    remedy_zh = "等下一个口令再试；核对手机和服务器的时间；手机丢失的用恢复码登录。"
    remedy_en = "Wait for the next code; check the clocks of phone and server; without the phone use a recovery code."


class TotpRequired(Refusal):
    """A duty that needs the second factor, and nobody enrolled."""

    code = "SB2128"
    zh = "{name} 的岗位“{duty}”须用动态口令，尚未启用，已过 {days} 天的启用期限。"
    en = "{name} acts as {duty}, which needs a second factor; none was enrolled within {days} days."
    cause_zh = "授权、复核、出纳和安全管理岗须有第二重身份鉴别；启用期限内按月列为例外。"
    cause_en = "Authorising, checking, paying and granting need a second factor; until the term is over this is listed monthly as an exception."
    remedy_zh = "运行 shebao totp enrol，再 shebao totp confirm 口令。"
    remedy_en = "Run shebao totp enrol, then shebao totp confirm CODE."


class TotpState(Refusal):
    """Enrolling out of turn."""

    code = "SB2129"
    zh = "{user} 的动态口令：{why}。"
    en = "The second factor of {user}: {why_en}."
    cause_zh = "先 enrol 取得密钥，再 confirm 启用；停用由安全管理员办理，本人重新启用。"
    cause_en = "enrol gives the secret, confirm puts it to use; the security administrator ends it and its owner enrols again."
    remedy_zh = "按提示的步骤办理。"
    remedy_en = "Take the step that is due."


class ProofStale(Refusal):
    """Signing needs a fresh proof of who sits there."""

    code = "SB2130"
    zh = "距上次验证身份已超过 {minutes} 分钟，签字、放行、记账、结账前须重新验证。"
    en = "Identity was proved more than {minutes} minutes ago; signing, releasing, posting and closing need a fresh proof."
    cause_zh = "登录后离开座位的，不能由他人代签。"
    cause_en = "Nobody signs in the seat of somebody who has left it."
    remedy_zh = "运行 shebao user confirm，输入密码或动态口令，再重做这一步。"
    remedy_en = "Run shebao user confirm with password or code, then repeat the step."


class PasswordRefused(Refusal):
    """A password that everybody knows, or that was used before."""

    code = "SB2164"
    zh = "密码不可用：{why}。"
    en = "The password cannot be used: {why_en}."
    cause_zh = "常见密码（随附名单）、含用户名的密码和最近用过的密码不得使用。"
    cause_en = "Common passwords (list shipped as data), ones with the user id in them, and the last ones used are refused."
    remedy_zh = "换一个较长的、自己记得住的句子。"
    remedy_en = "Choose a longer sentence that you will remember."


class JointWrong(Refusal):
    """S20: an act of several people that lacks one of them."""

    code = "SB2165"
    zh = "“{act}”须由几人共同办理，缺 {missing}：{why}。"
    en = "“{act}” is done by several people together and lacks {missing}: {why}."
    cause_zh = "会计档案销毁等事项由不同岗位的人共同在场（S20）。"
    cause_en = "Destroying archives and the like is done by people of several duties together (S20)."
    remedy_zh = "请所缺岗位的人到场签字，一人不得兼两岗。"
    remedy_en = "Let somebody of the missing duty sign too; one person does not stand for two."


class PeopleActsStay(Refusal):
    """What people acts have written stays; the guards say so."""

    code = "SB2166"
    zh = "{what}只增不改。"
    en = "{what_en} are only ever added."
    cause_zh = "授权、豁免、回避登记和口令记录由数据库守护，直接改库也会被拒绝。"
    cause_en = "Grants, exemptions, declarations and password records are guarded by the database against direct changes too."
    remedy_zh = "用相应命令另作一笔：撤销、到期或重新登记。"
    remedy_en = "Use the command that ends or renews it."


class SecretKeyMissing(Refusal):
    """The key of the second factors."""

    code = "SB2299"
    zh = "动态口令的密钥文件 {file} 不能用：{why}。"
    en = "The key file of the second factors {file} cannot be used: {why_en}."
    cause_zh = "动态口令的密钥在数据库里是加密的，解密的钥匙在 shebao.toml 旁的 totp.key，由 shebao init 生成，须与数据库分开备份。"
    cause_en = "Secrets of the second factor are encrypted in the database; their key lies in totp.key beside shebao.toml and is backed up apart."
    remedy_zh = "从备份恢复 totp.key（权限 0600）；确已丢失的，用恢复码登录，由安全管理员 shebao user end-totp 逐人停用，再各自 shebao totp enrol。"
    remedy_en = "Restore totp.key (mode 0600); if it is lost sign in by recovery codes, SECADMIN ends each enrolment, and everybody enrols again."
    status = UNUSABLE
