"""The row codes of a foreign balance in their order: what stands before a row decides what some
words mean (回收能, and sectors that are listed a second time by use).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

WITHIN = "W."
"""Before the code of a row that is part of another and enters no identity of its own."""


def in_context(codes: Iterable[str | None]) -> Iterator[str | None]:
    """The codes of the rows of one table in their order, None for rows that are not understood."""
    codes = list(codes)
    is_turned = "T" in codes
    before = ""
    seen: set[str] = set()
    by_use = False
    for code in codes:
        if code is None:
            yield None
            continue
        is_output = code == "T.power" and before.startswith("S.prod") and not is_turned
        known = "S.prod.thermal" if is_output else _one(code, before, seen, by_use)
        if known == "C" and not any(row.startswith(("F", "T")) for row in seen):
            by_use = True
        seen.add(known)
        if not known.startswith(WITHIN):
            before = known
        yield known


def _one(code: str, before: str, seen: set[str], by_use: bool) -> str:
    if code == "L" and before == "L":
        return "L.trans"
    if code == "rec":
        return "T.rec" if before.startswith("T") and not by_use else "S.rec"
    if not by_use:
        return code
    if code.startswith("T.") and code != "T.loss":
        return WITHIN + code
    has_sectors = any(row.startswith("F.") for row in seen)
    if code.startswith("F.") and "F" in seen and (code in seen or has_sectors):
        return WITHIN + code
    return code
