"""`shebao import`: files of any kind taken in, each whole or not at all, with what was recognised and the control totals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from shebao.cli import Desk

if TYPE_CHECKING:
    from ledger.months import Month
    from shebao.cli.importing_read import Wish


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    pairs = {}
    for text in given:
        name, sign, meaning = text.replace("＝", "=").partition("=")
        if not (name.strip() and sign and meaning.strip()):
            form = "表内列名=规范列名" if option == "--column" else "名称=归类"
            raise click.UsageError(f"{option} 后面的“{text}”要写作 {form}，等号两边都不能空。")
        pairs[name.strip()] = meaning.strip()
    return pairs


def _classes(given: tuple[str, ...], option: str, known: Mapping[str, str]) -> dict[str, str]:
    """Local name → class; the class may be given by its Chinese name."""
    chinese = {words: name for name, words in known.items()}
    pairs = {name: chinese.get(word, word) for name, word in _pairs(given, option).items()}
    for name, word in pairs.items():
        if word not in known:
            shown = "、".join(f"{words}（{code}）" for code, words in known.items())
            raise click.UsageError(f"{option} “{name}={word}”：没有“{word}”这一类，可归入：{shown}。")
    return pairs


def _month(_: click.Context, __: click.Parameter, text: str | None) -> Month | None:
    from ledger.months import Month

    return None if text is None else Month.parse(text)


def _day(_: click.Context, __: click.Parameter, text: str | None) -> str:
    if text is None:
        return ""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as wrong:
        raise click.UsageError(f"--as-of “{text}”不是日期，写作 2026-01-31。") from wrong


@click.command("import")
@click.argument("words", nargs=-1, metavar="[KIND] FILE...")
@click.option("--explain", is_flag=True, help="只说明会怎样读这些文件，不导入任何数据。")
@click.option("--values", default="", help="对整个文件成立的值，如 险种=R,统筹区=620821；也可写在文件后面：'文件::险种=R'。")
@click.option("--column", "columns", multiple=True, metavar="表内列名=规范列名", help="指定一个不认识的表头是哪一列，如 领取额=金额；可多次。")
@click.option("--item", "items", multiple=True, help="说明一个不认识的待遇类型属于哪一类，如 村医补助=代发；可多次。")
@click.option("--status", "statuses", multiple=True, help="说明一个不认识的发放状态，如 已入账=成功；可多次。")
@click.option("--answer", "answers", multiple=True, metavar="代码=yes|no", help="回答一个要人决定的疑问（代码见 --explain）；可多次。")
@click.option("--month", callback=_month, metavar="YYYY-MM", help="要的是哪个月的文件；文件是别的月份时要人确认。")
@click.option("--source", default="", help="数据来源，如 公安、民政、银行。")
@click.option("--as-of", callback=_day, metavar="YYYY-MM-DD", help="数据截至日期；默认今天。")
@click.option("--full", is_flag=True, help="这份名单是全量，代替同一来源的旧名单。")
@click.option("--increment", is_flag=True, help="这份名单是增量，与旧名单并用。")
@click.option("--mapping", default="", metavar="NAME", help="用存下的读法（或读法文件的路径）；也可写在文件后面：'文件::@NAME'。")
@click.option("--save-mapping", default="", metavar="NAME", help="导入后把这次的读法存下，下次用 --mapping NAME。")
@click.option("--encoding", default=None, help="指定编码（默认自动识别），如 gb18030。")
@click.option("--delimiter", default=None, help="指定分隔符（默认自动识别）：comma、tab、semicolon、pipe。")
@click.option("--sheet", default=None, help="指定工作表。")
@click.option("--accept-valid", is_flag=True, help="有错误行时只收正确的行，错误行退回改正。")
@click.option("--all-or-none", is_flag=True, help="几份文件要么全收，要么全不收。")
@click.option("--reveal", is_flag=True, help="--explain 的样例显示完整的证件号码、姓名和账号，并留痕。")
@click.option("--json", "json_", is_flag=True, help="输出 JSON。")
@click.pass_obj
def import_(desk: Desk, words: tuple[str, ...], explain: bool, all_or_none: bool, reveal: bool, json_: bool, **given: Any) -> int:
    """导入文件：FILE 为 CSV、XLSX、XLS 或 Parquet，可以是几个文件、一个文件夹或带 * 的文件名。

    KIND 为文件种类（roster、deaths、bank …，或其中文名）；不写则按表头判断，合于几种时会问。一份一份导入，每份要么整份收下，要么一行不收；
    有错误行的不收，错误行写成退回表（退出码 2）。先用 --explain 看会怎样读，什么也不导入。

    \b
    例：
      shebao import --explain 发放明细.xlsx
      shebao import roster 居民养老花名册.csv --values 险种=R,统筹区=620821
      shebao import deaths 死亡名单.xlsx --source 公安 --as-of 2026-01-10
      shebao import '1月发放.csv::险种=R' '2月发放.csv::险种=R' --all-or-none
      shebao import payments 农商行.xls --column 领取额=金额 --save-mapping 农商行
    """
    from shebao.cli import importing_desk, importing_explain

    if explain:
        return importing_explain.run(desk, words, wish(given), reveal=reveal, json_=json_)
    if reveal:
        raise click.UsageError("--reveal 只与 --explain 同用：导入时不显示样例行。")
    return importing_desk.run(desk, words, wish(given), all_or_none=all_or_none, json_=json_)


def wish(given: dict[str, Any]) -> Wish:
    """The options as what holds for every file."""
    from controls.intake.samples import CLASSES, STATUSES
    from controls.intake.settings import split_values
    from shebao.cli.importing_ask import answers_of
    from shebao.cli.importing_read import Wish

    return Wish(
        values=split_values(f"f::{given['values']}")[1] if given["values"] else {}, source=given["source"], as_of=given["as_of"],
        month=given["month"], items=_classes(given["items"], "--item", CLASSES), statuses=_classes(given["statuses"], "--status", STATUSES),
        columns=_pairs(given["columns"], "--column"), answers=answers_of(given["answers"]), encoding=given["encoding"], delimiter=given["delimiter"],
        sheet=given["sheet"], mapping=given["mapping"], save_mapping=given["save_mapping"], accept_valid=given["accept_valid"],
        list_kind=_list_kind(given["full"], given["increment"]),
    )  # fmt: skip


def _list_kind(full: bool, increment: bool) -> str:
    if full and increment:
        from controls.intake.errors_lists import BothKinds

        raise BothKinds(given="full increment")
    return "full" if full else "increment" if increment else ""
