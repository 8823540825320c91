"""Refusals of the import desk (SB2050-SB2059): which file, which kind, which answer is wanted, and saved mappings."""

from __future__ import annotations

from controls.intake.errors import IntakeRefusal


class NothingToRead(IntakeRefusal):
    """A word of the command line that is neither a kind of file nor a file."""

    code = "SB2050"
    zh = "找不到要读的文件：{word}（{why}）。"
    en = "There is no file to read: {word} ({why_en})."
    cause_zh = "要读的可以是一个或几个文件、一个文件夹，或带 * 的文件名；前面可写文件种类。"
    cause_en = "What is read is one file or several, a folder, or a name with *, after the kind of file if you like."
    remedy_zh = "核对文件名和所在文件夹，例如：shebao import payments 发放明细.xlsx"
    remedy_en = "Check the name and the folder, for example: shebao import payments FILE.xlsx"


class KindUnclear(IntakeRefusal):
    """The header fits several kinds of file, or none."""

    code = "SB2051"
    zh = "看不出文件 {file} 是哪一种：{why}。"
    en = "It is not clear what kind of file {file} is: {why_en}."
    cause_zh = "没有写明种类时按表头判断：恰好合一种才算数，不作猜测。"
    cause_en = "Without the kind on the command line the header decides, and only if it fits exactly one."
    remedy_zh = "写明种类再试：{command}"
    remedy_en = "Name the kind: {command}"


class AnswerWanted(IntakeRefusal):
    """Doubts that a person must answer before the file is taken in."""

    code = "SB2052"
    zh = "文件 {file} 有 {count} 个问题要先回答，未导入任何数据：{questions}"
    en = "The file {file} has {count} questions to be answered first; nothing was taken in: {codes}"
    cause_zh = "拿不准的地方由人决定，程序不猜；没有人回答“是”，就不导入。"
    cause_en = "What is doubtful is decided by a person; without a yes nothing is taken in."
    remedy_zh = "逐项核对文件；确认无误的，在原命令后加：{options}；有误的，请来源单位改正后重发。"
    remedy_en = "Look at the file; if it is right, add to the command: {options}; else have the file corrected."


class BadAnswer(IntakeRefusal):
    """``--answer`` that cannot be understood, or answers nothing."""

    code = "SB2053"
    zh = "--answer {given} 不能用：{why}。"
    en = "--answer {given} cannot be used: {why_en}."
    cause_zh = "写作 --answer 代码=yes（照此导入）或 --answer 代码=no（不导入），代码见 shebao import --explain。"
    cause_en = "It is written --answer CODE=yes (take it as it is) or CODE=no (do not), with a code that shebao import --explain shows."
    remedy_zh = "先运行 shebao import --explain 文件，按列出的代码回答。"
    remedy_en = "Run shebao import --explain FILE and answer the codes it lists."


class NoSuchMapping(IntakeRefusal):
    """No saved mapping of that name."""

    code = "SB2054"
    zh = "没有名为“{name}”的读法；现有：{known}。"
    en = "There is no saved mapping “{name}”; there are: {known}."
    cause_zh = "读法（映射）用 --save-mapping 名称 存下，按名称再用。"
    cause_en = "A mapping is saved by --save-mapping NAME and used again by its name."
    remedy_zh = "用 shebao mapping list 查看名称；或先存一个。"
    remedy_en = "See shebao mapping list, or save one first."


class BadMapping(IntakeRefusal):
    """A mapping file that cannot be used: its name, its content, or changed by hand."""

    code = "SB2055"
    zh = "读法“{name}”不能用：{why}。"
    en = "The mapping “{name}” cannot be used: {why_en}."
    cause_zh = "读法是按固定格式写成的 YAML；本单位的读法只由 shebao 存取，每次存取都留痕。"
    cause_en = "A mapping is YAML of a fixed form; the office's own are written by shebao alone, and each change is in the trail."
    remedy_zh = "{todo}"
    remedy_en = "Mend the file and load it by shebao mapping load, or save the mapping anew by --save-mapping."


class MappingDiffers(IntakeRefusal):
    """A mapping that does not fit the file any more."""

    code = "SB2056"
    zh = "文件 {file} 与读法“{name}”（第 {version} 版）对不上：{differences}"
    en = "The file {file} does not fit the mapping “{name}” (version {version}): {count} differences."
    cause_zh = "来源单位改了表格，照旧读法会读错列，所以不导入。"
    cause_en = "The office that sends the file has changed its layout; reading it the old way would mix up columns."
    remedy_zh = "核对上述差别。确是新格式的，重新存一版：{command}"
    remedy_en = "Look at the differences; if the layout is new, save the mapping again: {command}"


class BadColumn(IntakeRefusal):
    """``--column found=canonical`` that names no column."""

    code = "SB2057"
    zh = "--column {given} 不能用：{why}。"
    en = "--column {given} cannot be used: {why_en}."
    cause_zh = "写作 --column 表内列名=规范列名：左边照抄文件里的表头，右边是“{title}”的列名。"
    cause_en = "It is written --column HEADER=COLUMN: the header as it stands in the file, and a column of the contract."
    remedy_zh = "规范列名有：{known}。"
    remedy_en = "The columns are: {known}."


class NotAllTaken(IntakeRefusal):
    """``--all-or-none`` where one file cannot be taken."""

    code = "SB2058"
    zh = "{count} 份文件要么全收要么全不收（--all-or-none）：{file} 不能收，其余也都未导入。"
    en = "{count} files were to be taken all or none (--all-or-none): {file} cannot be taken, so none was."
    cause_zh = "[{code}] {why}"
    cause_en = "[{code}] {why_en}"
    remedy_zh = "先解决这一份：{todo} 或去掉 --all-or-none，一份一份导入。"
    remedy_en = "Mend that file first: {todo_en} Or leave out --all-or-none and take the files one by one."


class ExplainMasked(IntakeRefusal):
    """Full numbers shown without an office that could record it."""

    code = "SB2059"
    zh = "没有登录本单位，不能用 --reveal 显示完整的证件号码和账号。"
    en = "Full numbers and accounts (--reveal) are shown only to somebody signed in to an office."
    cause_zh = "看完整的个人信息要留痕（谁、何时、看了哪份文件）；没有单位的数据目录，就无处留痕。"
    cause_en = "Seeing personal data in full leaves a record of who, when and what; without an office there is no trail."
    remedy_zh = "去掉 --reveal 看脱敏的样子；或用 --home 指定单位目录并先登录（shebao login）。"
    remedy_en = "Leave out --reveal, or name the office by --home and sign in first."
