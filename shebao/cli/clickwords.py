"""click's own complaints in Chinese, in one place: what the parser of command lines says when a word does not fit."""

from __future__ import annotations

import re

_KINDS = {
    "integer": "整数", "integer range": "整数", "float": "数", "float range": "数", "boolean": "是或否（true、false）", "file": "文件", "directory": "目录",
    "path": "路径", "datetime": "日期",
}  # fmt: skip
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), chinese)
    for pattern, chinese in (
        (r"^Invalid value for (.+?): (.*)$", r"\1 的取值不对：\2"),
        (r"^Invalid value: (.*)$", r"取值不对：\1"),
        (r"^Got unexpected extra arguments? \((.*)\)$", r"多出了参数 \1。"),
        (r"^No such command '(.*?)'\.?.*$", r"没有命令 \1。"),
        (r"^No such option:? '?(.*?)'?\.?$", r"没有选项 \1。"),
        (r"^Missing command\.?$", "缺少子命令。"),
        (r"^Missing (?:option|argument|parameter):? ?'?(.*?)'?\.?$", r"缺少 \1。"),
        (r"^Option '(.*?)' does not take a value\.?$", r"选项 \1 不带取值。"),
        (r"^Option '(.*?)' requires (?:an argument|(\d+) arguments)\.?$", r"选项 \1 缺少取值。"),
        (r"^Argument '(.*?)' takes (\d+) values\.?$", r"参数 \1 要 \2 个取值。"),
        (r"^Takes (\d+) values but (\d+) (?:was|were) given\.?$", r"要 \1 个取值，给了 \2 个。"),
        (r"^(\d+) values are required, but (\d+) (?:was|were) given\.?$", r"要 \1 个取值，给了 \2 个。"),
        (r"^'(.*)' is not one of (.*?)\.?$", r"“\1”不在可选的 \2 之中。"),
        (r"^'(.*)' does not match the formats? (.*?)\.?$", r"“\1”不合日期格式 \2。"),
        (r"^'?(.*?)'? is not in the range (.*?)\.?$", r"“\1”不在范围 \2 内。"),
        (r"^'(.*)' is not a valid boolean.*$", r"“\1”不是 true 或 false。"),
        (r"^'(.*)' is not a valid UUID\.?$", r"“\1”不是 UUID。"),
        (r"^'(.*?)' is not '?(.*?)'?\.?$", r"“\1”不是 \2。"),
        (r"^Value must be an iterable\.?$", "须是一列取值。"),
        (r"^Could not open file '(.*?)': (.*)$", r"打不开文件 \1：\2"),
        (r"^unknown error$", "原因不明"),
    )
)
_VALID = re.compile(r"^'(.*)' is not a valid (.*?)\.?$")
_FILE = re.compile(r"^(\w+) '(.*)' (does not exist|is a file|is a directory|is not readable|is not writable|is not executable)\.?$")
_FAULTS = {
    "does not exist": "不存在", "is a file": "是文件，不是目录", "is a directory": "是目录，不是文件", "is not readable": "不可读", "is not writable": "不可写",
    "is not executable": "不可执行",
}  # fmt: skip


def chinese(english: str) -> str:
    """The sentence in Chinese; what is no sentence of click's stays as it is."""
    text = english.strip()
    if found := _FILE.match(text):
        kind = _KINDS.get(found.group(1).lower(), found.group(1))
        return f"{kind} {found.group(2)} {_FAULTS[found.group(3)]}。"
    if (found := _VALID.match(text)) and found.group(2) in _KINDS:
        return f"“{found.group(1)}”不是{_KINDS[found.group(2)]}。"
    for pattern, form in _PHRASES:
        if found := pattern.match(text):
            groups = [chinese(group) if " " in group else group for group in (one or "" for one in found.groups())]
            for number, group in enumerate(groups, start=1):
                form = form.replace(f"\\{number}", group)
            return form
    return text
