"""How far the chain had come, written beside the catalogue after each step: so that a catalogue
that was emptied, or replaced by an older one, is not taken for a ledger that holds nothing more.
"""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from hengtan.basis.errors import Finding, Where
from hengtan.basis.whole_files import write_whole
from hengtan.ledger.chain import Register

FILE = "head.json"


def write(folder: Path, now: Register) -> None:
    """Note the number of entries and the head. A stop before it leaves an older note, which holds
    as well; so it does not wait for the disk.
    """
    noted = {"entries": len(now.events), "head": now.head}
    with suppress(OSError):
        write_whole(folder / FILE, json.dumps(noted), durable=False)


def read(folder: Path) -> tuple[int, str] | None:
    """Entries and head as noted; None where there is no note, as in an older ledger."""
    try:
        noted = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return int(noted["entries"]), str(noted["head"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def lost(noted: tuple[int, str] | None, number: int, there: str | None) -> Finding | None:
    """What is missing of a register that must hold what was noted before it was read; it has so
    many entries, and that head where the noted one stood.
    """
    if noted is None:
        return None
    entries, head = noted
    if entries == 0 or (number >= entries and there == head):
        return None
    return Finding(
        "error",
        f"台账目录只有 {number} 项登记，曾记到第 {entries} 项：目录被清空、换旧或改动",
        f"the catalogue has {number} entries, {entries} were noted: it was emptied,"
        " replaced by an older one, or changed",
        Where(file=FILE),
        "请从备份恢复，并查明原因",
        "restore from a backup and find out why",
        "entries_lost",
    )
