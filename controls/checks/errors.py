"""Refusals of the checks (SB3201-SB3209, SB3385, SB3390-SB3392, SB3395, SB3400)."""

from __future__ import annotations

from ledger.errors import UNUSABLE, Refusal


class UnknownRule(Refusal):
    """A rule code that is not in the catalogue."""

    code = "SB3201"
    zh = "没有规则“{rule}”。"
    en = "There is no rule “{rule}”."
    cause_zh = "规则目录：{known}。"
    cause_en = "The catalogue has {known}."
    remedy_zh = "改用目录中的规则代码；不加 --rule 运行第一批（20 条），--rule all 运行全部规则。"
    remedy_en = "Use a code of the catalogue; without --rule the first catalogue (20 rules) runs, with --rule all every rule."
    status = UNUSABLE


class NoSuchEngine(Refusal):
    """An engine that this release does not have."""

    code = "SB3202"
    zh = "没有引擎“{engine}”。"
    en = "There is no engine “{engine}”."
    cause_zh = "同一套规则可在内嵌的 DuckDB（duckdb）或 Apache Spark（spark）上运行，不会悄悄改用别的引擎。"
    cause_en = "The same rules run on the embedded DuckDB (duckdb) or on Apache Spark (spark); nothing else is used in their place."
    remedy_zh = "去掉 --engine，或用 --engine duckdb、--engine spark。"
    remedy_en = "Leave --engine out, or use --engine duckdb or --engine spark."
    status = UNUSABLE


class NotCanonical(Refusal):
    """A Parquet snapshot or table without the columns the checks read."""

    code = "SB3203"
    zh = "“{contract}”的数据缺少列：{missing}。"
    en = "The {contract} data lack the columns {missing}."
    cause_zh = "检查只读经过导入识别的标准表或其 Parquet 快照。"
    cause_en = "The checks read canonical tables, or Parquet snapshots of them, as the intake makes them."
    remedy_zh = "用 shebao 重新读入原始文件，生成标准表。"
    remedy_en = "Take the original file in again."
    status = UNUSABLE


class NotAnAmountOfMemory(Refusal):
    """A limit of memory that says no amount, or too little to check with."""

    code = "SB3390"
    zh = "内存上限“{given}”不能用。"
    en = "The limit of memory “{given}” cannot be used."
    cause_zh = "上限写成整数加单位，如 800MB、4GB，不少于 {least}MB。"
    cause_en = "The limit is a whole number with a unit, such as 800MB or 4GB, and at least {least}MB."
    remedy_zh = "改写 --memory；不写时，用本机内存的八成。"
    remedy_en = "Give --memory another value; without it four fifths of the machine's memory are used."
    status = UNUSABLE


class NoRoomToSpill(Refusal):
    """A folder for what does not fit in memory that cannot be written to."""

    code = "SB3391"
    zh = "临时目录“{folder}”不能用：{why}。"
    en = "The temporary folder “{folder}” cannot be used: {why}."
    cause_zh = "数据多于内存上限时，放不下的部分暂存在这个目录里，用完即删。"
    cause_en = "What does not fit within the limit of memory is kept in this folder and removed afterwards."
    remedy_zh = "用 --temp 指定一个已有的、可写的本地目录。"
    remedy_en = "Name an existing local folder that can be written to with --temp."
    status = UNUSABLE


class OutOfRoom(Refusal):
    """The memory allowed, with the room on disk, did not suffice."""

    code = "SB3392"
    zh = "内存和临时目录都放不下这些数据，检查没有完成。"
    en = "Memory and the temporary folder cannot hold these data; the check did not end."
    cause_zh = "内存上限 {memory}，临时目录 {folder} 还有 {free}。"
    cause_en = "The limit of memory is {memory}; {free} are left in the temporary folder {folder}."
    remedy_zh = "用 --memory 提高上限，用 --temp 换一个空间更大的目录，或分险种、分统筹区检查。"
    remedy_en = "Raise --memory, name a larger folder with --temp, or check fund by fund or region by region."


class RulesNotProven(Refusal):
    """A rule that speaks before payment failed one of its own cases: no roster is checked by it."""

    code = "SB3385"
    zh = "发放前检查没有进行：规则 {rules} 没有通过自检。"
    en = "The check before payment was not run: {rules} failed the self-test."
    cause_zh = "检查前每条规则先查自带的案例，植入的疑点没有全部查出，或易混的情形被误报；这样的规则查不出疑点也不能说明没有疑点。"
    cause_en = "Before a check every rule is run on its own cases; planted leads were missed or false friends taken for leads. Such a rule proves nothing."
    remedy_zh = "程序或所用组件被改动过：运行 shebao doctor，按 constraints.txt 重新安装程序后再检查；仍不通过的，把本提示交给维护人员。"
    remedy_en = "The program or a library was changed: run shebao doctor, install again by constraints.txt, then check; else hand this to the maintainers."


class ParameterNotInForce(Refusal):
    """A dated parameter of a rule without a value in the as-of month."""

    code = "SB3400"
    zh = "规则 {rule} 的参数 {name} 在 {month} 没有取值。"
    en = "The parameter {name} of the rule {rule} has no value in {month}."
    cause_zh = "参数按截止月取值；{file} 中各取值的起止日期都不含这个月，程序不作假定。"
    cause_en = "A parameter is read as of the as-of month; no value in {file} covers it, and nothing is assumed."
    remedy_zh = "在 {file} 中补上该月的取值和依据，或换一个截止日（--as-of）。"
    remedy_en = "Add the value and its reference to {file}, or choose another --as-of."
    status = UNUSABLE


class NotANumber(Refusal):
    """A why-not asked of what is no identity number and stands in none of the data."""

    code = "SB3395"
    zh = "“{given}”不是证件号码：{why}，所给的资料中也没有这样写的号码。"
    en = "“{given}” is no identity number, and none of the data has it as it is written."
    cause_zh = "居民身份证号码是 18 位（旧号 15 位）；按资料中的写法也可以查有误的号码。"
    cause_en = "A resident number has 18 characters (old ones 15); a failing number can be asked for as the data have it."
    remedy_zh = "核对号码后重新输入；只知道姓名的，先在人员登记或资料中查到号码。"
    remedy_en = "Check the number and give it again; where only the name is known, look the number up first."
    status = UNUSABLE
