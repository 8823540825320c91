"""Refusals of the registers (台账): SB3240–SB3253."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class NoSuchRegister(Refusal):
    """An unknown register."""

    code = "SB3240"
    zh = "没有台账“{register}”，现有：{known}。"
    en = "There is no register “{register}”; known: {known}."
    cause_zh = "台账由 templates/registers 下的文件规定，一份文件一种台账。"
    cause_en = "Registers stand in templates/registers, one file each."
    remedy_zh = "用 shebao register list 查看台账名称。"
    remedy_en = "See shebao register list for the names."
    status = UNUSABLE


class BadField(Refusal):
    """A cell that its field does not take."""

    code = "SB3241"
    zh = "{register}的“{field}”不能填“{value}”：{why}。"
    en = "“{field}” of the register {register} cannot be “{value}”: {why}."
    cause_zh = "台账每一栏有规定的类型：金额、月份、日期、选项、证件号码等。"
    cause_en = "Each field of a register has its type: money, month, date, choice, identity number and so on."
    remedy_zh = "改正该栏；各栏的写法见 shebao register help {name}。"
    remedy_en = "Mend the field; shebao register help {name} tells how each is written."
    status = UNUSABLE


class NoSuchRow(Refusal):
    """An unknown row."""

    code = "SB3242"
    zh = "{register}没有第 {row} 行。"
    en = "The register {register} has no row {row}."
    cause_zh = "台账逐行连续编号，行号不重用。"
    cause_en = "Rows are numbered without a gap and never reused."
    remedy_zh = "用 shebao register list {name} 查行号。"
    remedy_en = "See shebao register list {name}."
    status = UNUSABLE


class RowExists(Refusal):
    """A row with the same key."""

    code = "SB3243"
    zh = "{register}已有同一事项：第 {row} 行（{key}）。"
    en = "The register {register} has the same matter on row {row} ({key})."
    cause_zh = "同一事项只登记一行；变动用办理动作或更正，不另登一行。"
    cause_en = "One matter has one row; changes are acts or corrections on it."
    remedy_zh = "在该行上用 shebao register act 办理，登记有误的用 correct 更正。"
    remedy_en = "Act on that row with shebao register act, or correct it."


class ActRefused(Refusal):
    """An act that the row's state does not allow."""

    code = "SB3244"
    zh = "{register}第 {row} 行现为“{state}”，不能“{act}”；可以办理：{known}。"
    en = "Row {row} of the register {register} is {state}; {act} is not possible, only: {known}."
    cause_zh = "台账各行只按规定的动作变动状态，没有写明的一律不许。"
    cause_en = "A row changes state by its named acts only; what is not named is refused."
    remedy_zh = "改用可以办理的动作，见 shebao register help {name}。"
    remedy_en = "Use one of the acts named; see shebao register help {name}."


class NotSettled(Refusal):
    """A row that cannot be ended yet."""

    code = "SB3245"
    zh = "{register}第 {row} 行不能“{act}”：{column}还有 {amount}。"
    en = "Row {row} of the register {register} cannot be ended by {act}: {column} is {amount}, not nil."
    cause_zh = "销号以已记账的凭证为准：未记账的追回、未批准的核销都不算。"
    cause_en = "Only posted vouchers and approved write-offs count."
    remedy_zh = "先把相应凭证审核记账，或按程序报批核销后再办。"
    remedy_en = "Post the vouchers, or have the rest written off by the procedure, then repeat."


class RegisterKept(Refusal):
    """Append-only."""

    code = "SB3246"
    zh = "台账的登记和办理记录不得修改、删除或越序。"
    en = "Acts of a register cannot be changed, deleted or put in out of order."
    cause_zh = "台账只增不改：每次办理是一条记录，与上一条相扣；登记有误的用更正。"
    cause_en = "A register is only ever added to: each act is bound to the one before; mistakes are corrected by an act."
    remedy_zh = "用 shebao register correct 写明原因更正。"
    remedy_en = "Use shebao register correct with its reason."


class ComputedRegister(Refusal):
    """A register that is computed is not written to."""

    code = "SB3247"
    zh = "{register}由系统从花名册、回盘等数据算出，不能手工登记。"
    en = "The register {register} is computed from rosters and bank returns and is not written by hand."
    cause_zh = "真实数据在别的表中，抄一遍就会走样。"
    cause_en = "The truth stands in other tables; a copy would differ one day."
    remedy_zh = "在业务环节办理（暂缓、发放、回盘），台账随之变化。"
    remedy_en = "Act where the matter is handled (hold, pay, bank return); the register follows."


class FieldMissing(Refusal):
    """A field that must be filled in."""

    code = "SB3248"
    zh = "{register}缺“{fields}”，“{act}”时必须填写。"
    en = "The register {register} lacks “{fields}”, needed for {act}."
    cause_zh = "登记和办理各有必填栏。"
    cause_en = "Each act has fields that must be filled in."
    remedy_zh = "用 --set 栏目=内容 补上；必填栏见 shebao register help {name}。"
    remedy_en = "Add --set FIELD=VALUE; shebao register help {name} lists what is required."
    status = UNUSABLE


class RegisterFile(Refusal):
    """A file that cannot be taken into a register."""

    code = "SB3249"
    zh = "文件“{file}”不能登入{register}，共 {count} 处问题：{faults}。"
    en = "The file “{file}” does not fit the register {register}; {count} faults: {faults}."
    cause_zh = "整份登记或一行不登：表头是台账的栏目名，每行都要合格且不重复。"
    cause_en = "All or nothing: the head has the register's fields, and every row is sound and new."
    remedy_zh = "按行改正后重新导入；栏目见 shebao register help {name}。"
    remedy_en = "Mend the rows named and take it in again; shebao register help {name} lists the fields."
    status = UNUSABLE


class NoVoucherDue(Refusal):
    """No voucher follows from this row."""

    code = "SB3250"
    zh = "{register}第 {row} 行没有要提出的凭证：{why}。"
    en = "Row {row} of the register {register} calls for no voucher: {why}."
    cause_zh = "台账规定了哪些动作要制证、按哪种业务；只登备查簿的不制证，一次办理只提出一张。"
    cause_en = "The register says which acts call for a voucher; memo entries call for none, and one act gives one voucher."
    remedy_zh = "先办理应制证的动作；已提出的用 shebao voucher list 查看。"
    remedy_en = "Do the act that calls for it first; see shebao voucher list for what is proposed."


class RegisterDay(Refusal):
    """A day on which the act cannot stand."""

    code = "SB3251"
    zh = "{register}的日期 {day} 不能用：{why}。"
    en = "The register {register} cannot take the day {day}: {why}."
    cause_zh = "办理日期不得在将来，也不早于同一行上一次办理的日期。"
    cause_en = "An act is not dated ahead of time, nor before the row's last act."
    remedy_zh = "核对日期；更正以前内容的，用 correct 并写明原因。"
    remedy_en = "Check the day; correct earlier content by correct with its reason."


class RegisterScope(Refusal):
    """A register that this book, or the unit, does not keep."""

    code = "SB3252"
    zh = "{register}{why}。"
    en = "The register {register}: {why}."
    cause_zh = "台账按账套（险种）或按单位设立，有的只适用于部分险种。"
    cause_en = "A register is kept by book or by the unit, some only by certain funds."
    remedy_zh = "按账套设立的用 --fund 写明险种；适用险种见 shebao register help {name}。"
    remedy_en = "Name the book with --fund; shebao register help {name} lists the funds."
    status = UNUSABLE


class SecondPerson(Refusal):
    """An act that needs somebody else."""

    code = "SB3253"
    zh = "{register}第 {row} 行的“{act}”须由另一人办理，{person}已在本行办理过“{earlier}”。"
    en = "{act} on row {row} of the register {register} is for another person: {person} already did {earlier}."
    cause_zh = "登记与审批、签认不得由同一人办理。"
    cause_en = "Who enters a matter does not approve or confirm it."
    remedy_zh = "由另一位有岗位的人登录办理。"
    remedy_en = "Let another person with the duty sign in and do it."
