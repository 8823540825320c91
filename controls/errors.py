"""Refusals of duties and people (SB3001–SB3019) and of files taken in (SB3020–SB3029).

Those of the roster, the sign-off, the release and the bank file stand in ``controls.errors_payment``.
"""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NotAllowed(Refusal):
    """C5: the duty is not held."""

    code = "SB3001"
    zh = "{name} 不能履行“{duty}”：{why}。"
    en = "{name} may not act as {duty}: {why}."
    cause_zh = "默认不许可；每个操作须由持有相应岗位的人办理（C5）。"
    cause_en = "Default is deny; every act needs its duty (C5)."
    remedy_zh = "请由持有该岗位的人登录办理；岗位由安全管理员授予。"
    remedy_en = "Let a person who holds the duty sign in; duties are granted by the security administrator."


class SamePerson(Refusal):
    """C1: the same person in two incompatible duties on one thing."""

    code = "SB3002"
    zh = "{name} 已在 {thing} 上履行“{earlier}”，不能再履行“{duty}”：{why}。"
    en = "{name} already acted as {earlier} on {thing} and may not act as {duty}: {why}."
    cause_zh = "同一件事上，不相容岗位不能由同一人履行（C1）。"
    cause_en = "Nobody acts in two incompatible duties on one thing (C1)."
    remedy_zh = "由另一人登录办理。"
    remedy_en = "Another person has to do it."


class IncompatibleGrant(Refusal):
    """C1, static half."""

    code = "SB3003"
    zh = "不能把“{a}”和“{b}”授予同一人 {name}：{why}（{reference}）。"
    en = "“{a}” and “{b}” cannot both be granted to {name}: {why} ({reference})."
    cause_zh = "不相容岗位不得由一人兼任（C1）。"
    cause_en = "Incompatible duties are never held by one person (C1)."
    remedy_zh = "把其中一个岗位授予另一人。"
    remedy_en = "Grant one of the duties to another person."


class NobodySignedIn(Refusal):
    """C6: nobody acts without a name."""

    code = "SB3004"
    zh = "没有人登录。"
    en = "Nobody is signed in."
    cause_zh = "每个操作都记在登录人名下（C6）。"
    cause_en = "Every act is recorded under the person signed in (C6)."
    remedy_zh = "先运行 shebao login 用户名。"
    remedy_en = "Run shebao login USER first."


class WrongPassword(Refusal):
    """The user or the password is wrong; which of the two is not said."""

    code = "SB3005"
    zh = "用户名或密码不对。"
    en = "The user or the password is wrong."
    cause_zh = "连续 {limit} 次失败后账号锁定 {minutes} 分钟。"
    cause_en = "After {limit} failures in a row the account is locked for {minutes} minutes."
    remedy_zh = "核对后重试；忘记密码请系统管理员重置。"
    remedy_en = "Check and try again; the system administrator can reset a password."


class LockedOut(Refusal):
    """Too many failures."""

    code = "SB3006"
    zh = "账号 {user} 已锁定，{until} 后可再试。"
    en = "The account {user} is locked until {until}."
    cause_zh = "连续登录失败次数达到上限。"
    cause_en = "Too many failed sign-ins in a row."
    remedy_zh = "到时再试，或由安全管理员解锁。"
    remedy_en = "Wait, or ask the security administrator to unlock it."


class SessionExpired(Refusal):
    """The session is over."""

    code = "SB3007"
    zh = "登录已失效（{why}）。"
    en = "The session is no longer valid ({why})."
    cause_zh = "登录在 {hours} 小时后、退出后、重新登录后或账号停用后失效。"
    cause_en = "A session ends after {hours} hours, on logout, on a new login, or when the account is disabled."
    remedy_zh = "重新运行 shebao login 用户名。"
    remedy_en = "Run shebao login USER again."


class SessionFileOpen(Refusal):
    """Others may read the session file."""

    code = "SB3008"
    zh = "会话文件 {file} 可被他人读取，不予采用。"
    en = "The session file {file} can be read by others and is not used."
    cause_zh = "会话文件等于登录人的身份，只能本人可读（0600）。"
    cause_en = "The session file stands for its owner and must be readable by the owner alone (0600)."
    remedy_zh = "删除该文件，重新登录；查明是谁改了权限。"
    remedy_en = "Delete it, sign in again, and find out who changed its mode."


class NoSuchUser(Refusal):
    """An unknown user id."""

    code = "SB3009"
    zh = "没有用户 {user}。"
    en = "There is no user {user}."
    cause_zh = "用户由系统管理员登记。"
    cause_en = "Users are registered by the system administrator."
    remedy_zh = "核对用户名。"
    remedy_en = "Check the user id."
    status = UNUSABLE


class UserExists(Refusal):
    """A user id that is taken."""

    code = "SB3010"
    zh = "用户 {user} 已存在。"
    en = "The user {user} already exists."
    cause_zh = "用户名不重复使用，停用后也保留，以便留痕可查。"
    cause_en = "User ids are never used again, so that the trail stays readable."
    remedy_zh = "换一个用户名。"
    remedy_en = "Choose another id."


class WeakPassword(Refusal):
    """A password below the policy."""

    code = "SB3011"
    zh = "密码不合要求：{why}。"
    en = "The password does not meet the policy: {why}."
    cause_zh = "密码至少 {length} 位，不与用户名相同。"
    cause_en = "A password has at least {length} characters and is not the user id."
    remedy_zh = "换一个更长的密码。"
    remedy_en = "Choose a longer password."
    status = UNUSABLE


class PeopleExist(Refusal):
    """First people only in an empty store."""

    code = "SB3012"
    zh = "本单位已有用户，不能再次成批登记首批人员。"
    en = "The office already has users; the first people cannot be entered twice."
    cause_zh = "首批人员只能在建账时登记一次；以后由系统管理员建号、安全管理员授权。"
    cause_en = "The first people are entered once, at init; later ones by the administrators."
    remedy_zh = "由系统管理员逐个建号。"
    remedy_en = "Let the system administrator add accounts."


class AlreadyTaken(Refusal):
    """The same content twice."""

    code = "SB3020"
    zh = "文件 {name} 的内容已于 {at} 由 {by} 导入（编号 {file_id}，原名 {earlier}）。"
    en = "The content of {name} was already taken in on {at} by {by} (file {file_id}, then named {earlier})."
    cause_zh = "同一内容只导入一次，改名也不行；否则金额会重复。"
    cause_en = "The same content is taken in once, whatever its name."
    remedy_zh = "使用已导入的文件；确有更正，请来源单位重新出具内容不同的文件。"
    remedy_en = "Use the file taken in; a correction is a file with other content."


class RowsWithErrors(Refusal):
    """Whole or not at all."""

    code = "SB3021"
    zh = "文件 {name} 有 {rejected} 行错误，未导入任何数据。这些行和原因写在退回表：{rejects}"
    en = "The file {name} has {rejected} rows in error; nothing was taken in. List of errors: {rejects}"
    cause_zh = "文件整份导入，或者一行不收；红色的格子有错，格上的批注写着原因。"
    cause_en = "A file is taken whole or not at all; in the workbook the cells in error are red and say why."
    remedy_zh = "照退回表在原文件里改正这些行，重新导入整份；或在原命令后加 --accept-valid 先收正确的行，再把退回表改好单独导入。"
    remedy_en = "Mend these rows in the file and import it again; or add --accept-valid to take the good rows, then mend the workbook and import it."
    status = UNUSABLE


class SnapshotChanged(Refusal):
    """A snapshot on disk is not what was taken in."""

    code = "SB3022"
    zh = "文件编号 {file_id} 的数据快照 {path} {why}。"
    en = "The snapshot {path} of file {file_id} {why}."
    cause_zh = "导入时登记了快照的 SHA-256；此后内容不得变化。"
    cause_en = "The snapshot's SHA-256 was recorded when it was taken in."
    remedy_zh = "从备份恢复该快照；查明是谁改动。"
    remedy_en = "Restore the snapshot from the backup and find out who changed it."


class NoSuchFile(Refusal):
    """No such file was taken in."""

    code = "SB3023"
    zh = "没有已导入的文件：{wanted}。"
    en = "No such file was taken in: {wanted}."
    cause_zh = "后续步骤只用导入时留下的快照。"
    cause_en = "Later steps only use the snapshots of files taken in."
    remedy_zh = "先用 shebao import 导入，或核对编号。"
    remedy_en = "Take it in with shebao import first, or check the number."
    status = UNUSABLE


class NotImportable(Refusal):
    """A contract that nobody may take in."""

    code = "SB3024"
    zh = "没有“{contract}”这类文件，可导入：{known}。"
    en = "There is no kind of file “{contract}”; known: {known}."
    cause_zh = "可导入的文件种类和岗位写在 templates/duties.yaml 的 imports。"
    cause_en = "The kinds of files and who takes them in stand in templates/duties.yaml."
    remedy_zh = "改用其中一种。"
    remedy_en = "Use one of them."
    status = UNUSABLE


class NothingTaken(Refusal):
    """No good row at all."""

    code = "SB3025"
    zh = "文件 {name} 没有一行可用的数据。"
    en = "The file {name} has no usable row."
    cause_zh = "空文件或全部行都有错误的文件不登记。"
    cause_en = "A file without a usable row is not taken in."
    remedy_zh = "核对是否选错了文件或工作表。"
    remedy_en = "See whether it is the wrong file or sheet."
    status = UNUSABLE
