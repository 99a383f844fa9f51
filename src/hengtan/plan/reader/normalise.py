"""Text brought to one form for reading, with the place of each character in the original.

Full-width becomes half-width, traditional becomes simplified, blanks between Chinese characters and page numbers go, lines that were broken
by the page are joined. A reader works on ``text``; ``original(start, end)`` gives what stood there.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SOFT = "\n"
"""A line end that may or may not end a phrase; a joined line end leaves nothing."""
_KEPT_WIDE = "，。；：、！？（）《》“”‘’—…·【】〔〕「」『』"
_PAGE = re.compile(
    r"[—–\-－─]{1,2}[ \t\u3000]*\d{1,4}[ \t\u3000]*[—–\-－─]{1,2}|第[ \t]*\d+[ \t]*页(?:[ \t]*共[ \t]*\d+[ \t]*页)?"
)
_MARKUP = re.compile(r"\[(?:bookmark|hyperlink|image|toc)[^\]\n]{0,60}\]", re.IGNORECASE)
_STOP = "。！？；：!?;:|"
HEAD = re.compile(
    r"第[一二三四五六七八九十百零〇\d]{1,4}[章节条篇]|[一二三四五六七八九十]{1,3}[、.．]|[(（][一二三四五六七八九十]{1,4}[)）]|[(（]\d{1,2}[)）]|\d{1,2}[.．、](?!\d)|专栏\d{0,2}|附件|附表|[-*•●■◆➢]"
)


@dataclass(frozen=True)
class Normalised:
    """``text`` and for each of its characters where it stood in ``source``."""

    source: str
    text: str
    places: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a span of ``text`` stands in ``source``; an empty span stands nowhere and gives (0, 0)."""
        if start >= end:
            return 0, 0
        return self.places[start], self.places[end - 1] + 1

    def quote(self, start: int, end: int) -> str:
        """What stood at a span, letter for letter."""
        a, b = self.original(start, end)
        return self.source[a:b]


@lru_cache(maxsize=1)
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified ones, one to one (OpenCC's table)."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    table = {}
    for code in (*range(0x4E00, 0x9FFF), *range(0x3400, 0x4DBF)):
        made = convert(chr(code))
        if len(made) == 1 and made != chr(code):
            table[code] = made
    return table


@lru_cache(maxsize=20_000)
def _one(letter: str) -> str:
    """The form of one character; more than one where it is a ligature (㎡)."""
    if letter in _KEPT_WIDE:
        return {
            "（": "(",
            "）": ")",
            "：": ":",
            "；": ";",
            "！": "!",
            "？": "?",
            "，": ",",
            "「": "“",
            "」": "”",
            "『": "“",
            "』": "”",
        }.get(letter, letter)
    made = unicodedata.normalize("NFKC", letter).replace("μ", "u").replace("µ", "u")
    return made or letter


def normalise(source: str) -> Normalised:
    """Bring a text to the form that the lexer reads; linear in its length."""
    skipped = bytearray(len(source))
    for found in (*_PAGE.finditer(source), *_MARKUP.finditer(source)):
        skipped[found.start() : found.end()] = b"\x01" * (found.end() - found.start())
    table = _simplified() if _may_be_traditional(source) else {}
    letters: list[str] = []
    places: list[int] = []
    for place, raw in enumerate(source):
        if skipped[place] or raw == "\r" or raw == "\ufeff":
            continue
        if raw == "\n" or raw in "\u2028\u2029\x0b\x0c\x85":
            letters.append("\n")
            places.append(place)
            continue
        if raw == "\t":
            letters += "  "
            places += (place, place)
            continue
        if raw.isspace() or raw in "\u200b\u200c\u200d\xad":
            letters.append(" ")
            places.append(place)
            continue
        letter = table.get(ord(raw), raw)
        for one in _one(letter):
            letters.append(" " if one.isspace() else one)
            places.append(place)
    letters, places = _without_blanks(letters, places)
    _years_in_digits(letters)
    letters, places = _joined(letters, places)
    return Normalised(source, "".join(letters), tuple(places))


_YEAR = re.compile("二[〇零○O0][〇零○O0一二三四五六七八九]{2}(?=年|[—~至-]+二[〇零○O0])")
_YEAR_DIGITS = dict(zip("〇零○O0一二三四五六七八九", "00000123456789", strict=True))


def _years_in_digits(letters: list[str]) -> None:
    """Years in Chinese numerals (二〇二五年) become digits, character for character."""
    for found in _YEAR.finditer("".join(letters)):
        for i in range(found.start(), found.end()):
            letters[i] = (
                "2" if letters[i] == "二" and i == found.start() else _YEAR_DIGITS[letters[i]]
            )


def _may_be_traditional(source: str) -> bool:
    """Whether a text holds characters that only traditional writing has; most texts are told by a few common ones."""
    return any(letter in _COMMON_TRADITIONAL for letter in source[:200_000])


_COMMON_TRADITIONAL = frozenset(
    "單產總與較發揮機業劑氮氧氣質標準煤電開節約項國萬億噸內減綠車輛戶園區縣鄉鎮廢圾資審評過設備擴種類實現達壓處險棄體填理運輸築餘學費綜潔環龍會應後來時對經為從當長無門間題進這"
) - frozenset("氮氧准煤填理")


def _wide(letter: str) -> bool:
    return "\u2e80" <= letter <= "\u9fff" or letter in "，。；：、！？（）《》“”‘’—…·【】〔〕,;:()"


def _without_blanks(letters: list[str], places: list[int]) -> tuple[list[str], list[int]]:
    """Blanks go where either neighbour is a Chinese character or mark, and within ``10 %``; in a line of columns set apart by blanks they become ``|``."""
    kept: list[str] = []
    at: list[int] = []
    n, i, columns = len(letters), 0, False
    narrow = _narrow_tables("".join(letters))
    for start in range(n):
        if start == 0 or letters[start - 1] == "\n":
            end = next((k for k in range(start, n) if letters[k] == "\n"), n)
            line = "".join(letters[start:end])
            columns, apart = _columns(line), _set_apart(line)
            least = 1 if start in narrow else 2
            columns = columns or start in narrow
            i = start
            while i < end:
                if letters[i] != " ":
                    kept.append(letters[i])
                    at.append(places[i])
                    i += 1
                    continue
                j = i
                while j < end and letters[j] == " ":
                    j += 1
                before, after = kept[-1] if kept else "\n", letters[j] if j < end else "\n"
                if columns and j - i >= least and before != "\n" and after != "\n":
                    kept.append("|")
                    at.append(places[i])
                elif not (
                    apart
                    or before == "\n"
                    or after == "\n"
                    or _wide(before)
                    or _wide(after)
                    or after in "%‰/"
                    or before in "〔<>≤≥"
                ):
                    kept.append(" ")
                    at.append(places[i])
                i = j
            if end < n:
                kept.append("\n")
                at.append(places[end])
    return kept, at


def _set_apart(line: str) -> bool:
    """Whether the characters of a line are set apart by blanks, digits too (``到 2 0 2 5 年``)."""
    line = line.strip()
    blanks = len(re.findall(r"(?<=\S) (?=\S)", line))
    return (
        len(line) >= 12
        and blanks >= 0.35 * len(line)
        and bool(re.search(r"(?<!\d)\d \d(?!\d)", line))
    )


_FIGURE = re.compile(
    r"[≤≥<>〔\[]{0,2}-?\d[\d,.]*%?[〕\]]?(?:左右|以上|以内)?|20\d\d年.{0,6}|[-—–/]{1,2}"
)


def _narrow_tables(text: str) -> set[int]:
    """Starts of lines that are rows of a table whose columns are set apart by single blanks: a name, perhaps a unit, two figures or more, perhaps a word; two such lines alike."""
    rows: list[tuple[int, int]] = []
    at = 0
    for line in text.split("\n"):
        cells = line.split()
        kinds = "".join("f" if _FIGURE.fullmatch(cell) else "w" for cell in cells)
        fits = (
            3 <= len(cells) <= 10
            and re.fullmatch("f?ww?f{2,}w?", kinds)
            and len(cells[kinds.index("w")]) > 1
            and not re.search("[。,;]", re.sub(r"\d,\d", "", line))
        )
        rows.append((at, len(cells) if fits else 0))
        at += len(line) + 1
    held = [row for row in rows if text[row[0] : row[0] + 1] not in ("\n", "")]
    return {
        a
        for k, (a, count) in enumerate(held)
        if count and any(0 <= m < len(held) and held[m][1] == count for m in (k - 1, k + 1))
    }


def _columns(line: str) -> bool:
    """Whether a line is a row of a table whose columns are set apart by wide gaps: two gaps or more, no running text, and figures or years in it."""
    cells = [cell for cell in re.split(r" {2,}", line.strip()) if cell]
    return (
        len(cells) >= 3
        and "|" not in line
        and not re.search("[。,;]", re.sub(r"\d,\d", "", line))
        and sum(any(c.isdigit() for c in cell) for cell in cells[1:]) >= max(1, len(cells) // 2)
    )


def _joined(letters: list[str], places: list[int]) -> tuple[list[str], list[int]]:
    """Line ends within a phrase go; a line that is a head, a table row, or ends a sentence keeps its end; others keep a soft one."""
    lines: list[tuple[int, int]] = []
    start = 0
    for i, letter in enumerate(letters):
        if letter == "\n":
            lines.append((start, i))
            start = i + 1
    lines.append((start, len(letters)))
    held = [(a, b) for a, b in lines if b > a]
    kept: list[str] = []
    at: list[int] = []
    for number, (a, b) in enumerate(held):
        kept.extend(letters[a:b])
        at.extend(places[a:b])
        if number + 1 == len(held):
            break
        c, d = held[number + 1]
        line, following = "".join(letters[a:b]), "".join(letters[c:d])
        if not _runs_on(line, following):
            kept.append("\n")
            at.append(places[b] if b < len(places) else places[-1])
    return kept, at


def _runs_on(line: str, following: str) -> bool:
    """Whether a line was broken in the middle of a sentence: it has the length or the marks of running text and does not end one."""
    if line[-1] in _STOP or "|" in line or "|" in following or HEAD.match(following):
        return False
    if HEAD.match(line) and "。" not in line:
        return line.count("“") > line.count("”") or line[-1] in "、,"
    if (
        line[-1].isdigit()
        and (following[0].isdigit() or following[0] in "年%‰.万亿")
        and len(line) >= 12
    ):
        return True
    if line[-1] in ",、(《“及和与" or following[0] in ",、。;)》”":
        return True
    return (
        (len(line) >= 12 and any(mark in line for mark in ",。;、"))
        or (len(line) >= 7 and "," in line)
        or len(line) >= 28
    )
