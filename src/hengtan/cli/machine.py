"""What the machine refuses, in one line: a full disk, a folder that may not be written."""

from __future__ import annotations

import errno
import re

from hengtan.basis.errors import HengtanError, LedgerBusy, LedgerTampered, Where

_FULL = re.compile(
    r"no space left|disk (?:is )?full|database or disk is full|IO_ENOSPC|磁盘空间不足", re.I
)
_BROKEN = re.compile(r"input/output error|disk i/o error|IO_EIO", re.I)
_NOT_ALLOWED = re.compile(r"permission denied|read-only file system|readonly database", re.I)


_LOCKED = re.compile(r"database (?:table )?is locked|SQLITE_BUSY|could not serialize", re.I)


def of_the_machine(error: Exception) -> HengtanError | None:
    """The refusal a person can act on, for errors of the operating system and of storage libraries
    that pass them on; None for any other error.
    """
    number = error.errno if isinstance(error, OSError) else None
    file = getattr(error, "filename", None)
    where = Where(file=str(file)) if file else None
    if number in (errno.ENOSPC, errno.EDQUOT) or _FULL.search(str(error)):
        return HengtanError(
            "磁盘已满，未完成的写入已撤销",
            "the disk is full; what was not finished was undone",
            where=where,
            todo="腾出空间后重试",
            todo_en="free some space and try again",
        )
    if number == errno.EIO or _BROKEN.search(str(error)):
        return HengtanError(
            "磁盘读写出错",
            "the disk failed to read or write",
            where=where,
            todo="检查磁盘和网络盘，运行 hengtan verify 后重试",
            todo_en="check the disk or network drive, run hengtan verify, and try again",
        )
    if number in (errno.EACCES, errno.EPERM, errno.EROFS) or _NOT_ALLOWED.search(str(error)):
        return HengtanError(
            "没有写入或读取权限",
            "it may not be read or written",
            where=where,
            todo="检查文件夹权限，或关闭正在使用该文件的程序",
            todo_en="check the folder's permissions, or close the program that uses the file",
        )
    if _LOCKED.search(str(error)):
        return LedgerBusy(
            "台账正被另一个程序使用",
            "another program is using the ledger",
            todo="请稍后重试",
            todo_en="try again later",
        )
    if type(error).__module__.lstrip("_").startswith("duckdb"):
        text = str(error).splitlines()[0]
        return LedgerTampered(
            f"台账目录或数据文件无法读取：{text}",
            f"the ledger's catalogue or a file of it cannot be read: {text}",
            todo="请运行 hengtan verify，并从备份恢复",
            todo_en="run hengtan verify, and restore from a backup",
        )
    return None
