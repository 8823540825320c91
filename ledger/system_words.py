"""What the operating system says of a file it will not read or write, in Chinese."""

from __future__ import annotations

import errno

_WORDS = {
    "ENOENT": "文件或目录不存在", "EACCES": "没有权限", "EPERM": "不允许", "EISDIR": "是目录，不是文件", "ENOTDIR": "路径中有一段不是目录",
    "ENOSPC": "磁盘已满", "EDQUOT": "超过磁盘配额", "EROFS": "只读", "EEXIST": "已存在", "ENAMETOOLONG": "名称过长", "ELOOP": "链接成环",
    "EIO": "磁盘读写错误", "EFBIG": "文件过大", "ENOTEMPTY": "目录不空", "EBUSY": "正被占用", "ETXTBSY": "正被占用", "ENXIO": "没有这个设备",
    "ENODEV": "没有这个设备", "EXDEV": "不在同一磁盘", "EMFILE": "打开的文件过多", "ENFILE": "打开的文件过多", "ESTALE": "网络盘已断开",
}  # fmt: skip
WHY: dict[int, str] = {getattr(errno, name): words for name, words in _WORDS.items() if hasattr(errno, name)}
"""What the operating system refuses that is nobody's programming error."""


def said(error: OSError) -> str:
    """The reason in Chinese; the system's own words where they are none of these."""
    return WHY.get(error.errno or 0) or error.strerror or type(error).__name__
