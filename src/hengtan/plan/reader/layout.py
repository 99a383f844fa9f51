"""The lines and blanks of a page: blanks that set characters apart go, gaps between columns become
``|``, broken lines are joined.

All functions here work on a list of characters and, beside it, where each stood in the source.
"""

from __future__ import annotations

import re

from hengtan.plan.reader.letters import is_wide

_STOP = "。！？；：!?;:|"
_HEAD = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,4}[章节条篇]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[(（][一二三四五六七八九十]{1,4}[)）]|[(（]\d{1,2}[)）]|\d{1,2}[.．、](?!\d)"
    r"|专栏\d{0,2}|附件|附表|[-*•●■◆➢]"
)
_FIGURE = re.compile(
    r"[≤≥<>〔\[]{0,2}-?\d[\d,.]*%?[〕\]]?(?:左右|以上|以下|以内)?|20\d\d年.{0,6}|[-—–/]{1,2}"
)
Placed = tuple[list[str], list[int]]
"""Characters, and the place of each in the source."""


def without_blanks(letters: list[str], places: list[int]) -> Placed:
    """Blanks go where either neighbour is a Chinese character or mark, and within ``10 %``; in a
    line of columns set apart by blanks they become ``|``."""
    kept: list[str] = []
    at: list[int] = []
    narrow = _narrow_tables("".join(letters))
    for start, end in _lines(letters):
        line = letters[start:end]
        _keep_line("".join(line), places[start:end], start in narrow, kept, at)
        if end < len(letters):
            kept.append("\n")
            at.append(places[end])
    return kept, at


def _lines(letters: list[str]) -> list[tuple[int, int]]:
    """Where each line begins and ends."""
    ends = [i for i, letter in enumerate(letters) if letter == "\n"]
    starts = [0, *(end + 1 for end in ends)]
    return list(zip(starts, [*ends, len(letters)], strict=True))


def _keep_line(line: str, places: list[int], narrow: bool, kept: list[str], at: list[int]) -> None:
    """Add a line to what is kept, its blanks judged one gap after the other. ``narrow``: its
    columns stand a single blank apart."""
    columns, apart = narrow or _has_columns(line), _is_set_apart(line)
    least = 1 if narrow else 2
    i = 0
    while i < len(line):
        if line[i] != " ":
            kept.append(line[i])
            at.append(places[i])
            i += 1
            continue
        gap_end = i + len(line[i:]) - len(line[i:].lstrip(" "))
        before = kept[-1] if kept else "\n"
        after = line[gap_end] if gap_end < len(line) else "\n"
        at_an_end = "\n" in (before, after)
        if columns and gap_end - i >= least and not at_an_end:
            kept.append("|")
            at.append(places[i])
        elif not (apart or at_an_end or _closes_up(before, after)):
            kept.append(" ")
            at.append(places[i])
        i = gap_end


def _closes_up(before: str, after: str) -> bool:
    """Whether a blank between two characters says nothing."""
    return is_wide(before) or is_wide(after) or after in "%‰/" or before in "〔<>≤≥"


def _is_set_apart(line: str) -> bool:
    """Whether the characters of a line are set apart by blanks, digits too (``到 2 0 2 5 年``)."""
    line = line.strip()
    blanks = len(re.findall(r"(?<=\S) (?=\S)", line))
    single_digits = re.search(r"(?<!\d)\d \d(?!\d)", line) is not None
    return len(line) >= 12 and blanks >= 0.35 * len(line) and single_digits


def _runs(line: str) -> bool:
    """Whether a line holds the marks of running text; a comma within a number is none."""
    return re.search("[。,;]", re.sub(r"\d,\d", "", line)) is not None


def _narrow_tables(text: str) -> set[int]:
    """Starts of lines that are rows of a table whose columns are set apart by single blanks: two
    such lines alike, one after the other."""
    rows: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        if line:
            rows.append((at, _narrow_columns(line)))
        at += len(line) + 1
    return {
        start
        for k, (start, columns) in enumerate(rows)
        if columns and columns in [rows[m][1] for m in (k - 1, k + 1) if 0 <= m < len(rows)]
    }


def _narrow_columns(line: str) -> int:
    """How many columns a line has as a row set with single blanks (a name, perhaps a unit, two
    figures or more, perhaps a word); 0 where it is none."""
    cells = line.split()
    if not 3 <= len(cells) <= 10:
        return 0
    kinds = "".join("f" if _FIGURE.fullmatch(cell) else "w" for cell in cells)
    if not re.fullmatch("f?ww?f{2,}w?", kinds) or _runs(line):
        return 0
    return len(cells) if len(cells[kinds.index("w")]) > 1 else 0


def _has_columns(line: str) -> bool:
    """Whether a line is a row of a table whose columns are set apart by wide gaps: two gaps or
    more, no running text, and figures or years in it."""
    cells = [cell for cell in re.split(r" {2,}", line.strip()) if cell]
    if len(cells) < 3 or "|" in line or _runs(line):
        return False
    with_figures = sum(any(c.isdigit() for c in cell) for cell in cells[1:])
    return with_figures >= max(1, len(cells) // 2)


def joined_lines(letters: list[str], places: list[int]) -> Placed:
    """Line ends within a phrase go; a line that is a head, a table row, or ends a sentence keeps
    its end."""
    lines = [(start, end) for start, end in _lines(letters) if end > start]
    kept: list[str] = []
    at: list[int] = []
    for number, (start, end) in enumerate(lines):
        kept.extend(letters[start:end])
        at.extend(places[start:end])
        if number + 1 == len(lines):
            break
        next_start, next_end = lines[number + 1]
        if not _runs_on("".join(letters[start:end]), "".join(letters[next_start:next_end])):
            kept.append("\n")
            at.append(places[end] if end < len(places) else places[-1])
    return kept, at


def _runs_on(line: str, following: str) -> bool:
    """Whether a line was broken in the middle of a sentence: it has the length or the marks of
    running text and does not end one."""
    if line[-1] in _STOP or "|" in line or "|" in following or _HEAD.match(following):
        return False
    if _HEAD.match(line) and "。" not in line:
        return line.count("“") > line.count("”") or line[-1] in "、,"
    if _breaks_a_number(line, following):
        return True
    if line[-1] in ",、(《“及和与" or following[0] in ",、。;)》”":
        return True
    has_marks = any(mark in line for mark in ",。;、")
    return len(line) >= 28 or (len(line) >= 12 and has_marks) or (len(line) >= 7 and "," in line)


def _breaks_a_number(line: str, following: str) -> bool:
    goes_on = following[0].isdigit() or following[0] in "年%‰.万亿"
    return line[-1].isdigit() and goes_on and len(line) >= 12
