"""What the brackets of a heading say: a unit, a note (现价, 不含原料用能), a measure that is no
unit of the register (分, 担, 桶), or something else.

Units are applied or refused, measures are refused, notes and all else are told. The words stand in
``brackets.yaml``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from hengtan.basis.marks import narrow
from hengtan.basis.spelling import is_unit
from hengtan.basis.units import MULTIPLES, read_unit

_LIKE_A_UNIT = re.compile(
    r"[/／·每]|%|=\s*10{1,3}$|^(?:[百千万亿]+)?(?:吨|千?克|公斤|元|度|升|焦|瓦|千?卡|立方米|平方米|米)"
    r"|^[a-zA-Zμ]{1,5}[0-9²³]?(?:CO2e?q?)?$"
)
_SIZED = ("t", "tce", "kWh", "GJ", "m3", "CNY", "USD", "MW", "km2")
_SEPARATORS = ",，、;；:： \t"
_STUFF = "[煤油气电水钢铁粮谷米木碳料盐原粗净干湿标准当量]{0,4}"


@cache
def _words(kind: str) -> tuple[str, ...]:
    text = (files("hengtan.ledger.reading") / "brackets.yaml").read_text(encoding="utf-8")
    listed = yaml.safe_load(text)[kind]
    words = {word for line in listed for word in ([line] if isinstance(line, str) else line)}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def any_word(kind: str) -> str:
    """A pattern for the words of a list, the longest first."""
    return "|".join(map(re.escape, _words(kind)))


@cache
def _measure() -> re.Pattern[str]:
    multiples = "|".join(MULTIPLES)
    words = f"(?:{multiples}|十)?(?:{any_word('measures')}){_STUFF}|(?:{multiples})"
    return re.compile(words, re.IGNORECASE)


@cache
def _note_around() -> re.Pattern[str]:
    notes = any_word("notes")
    around = f"^(?:{notes})(?=[{_SEPARATORS}]|$)|(?<=[{_SEPARATORS}])(?:{notes})$"
    return re.compile(around, re.IGNORECASE)


def known_unit(text: str) -> str | None:
    """The unit a text is, in brackets and behind 单位 too; None where it is none we know."""
    spelled = text.strip().strip("()（）[]【】").strip()
    spelled = re.sub("^(?:计量单位|单位)[::：]?", "", spelled).strip()
    if not is_unit(spelled):
        spelled = re.sub(r"\s+", "", spelled)
    return spelled if spelled and is_unit(spelled) else None


def without_notes(text: str) -> str:
    """A text without the notes that stand before and behind it, apart from it by a mark.

    >>> without_notes("现价，亿元"), without_notes("现价"), without_notes("亿元，现价，初步数")
    ('亿元', '', '亿元')
    """
    rest, before = text.strip(_SEPARATORS), None
    while rest != before:
        before = rest
        rest = _note_around().sub("", rest).strip(_SEPARATORS)
    return rest


def unit_and_notes(text: str) -> tuple[str | None, str]:
    """The unit a text is, alone or among notes, and the notes or what else it says.

    >>> unit_and_notes("当年价、亿元"), unit_and_notes("现价"), unit_and_notes("吨、公斤")
    (('亿元', '当年价'), (None, '现价'), (None, '吨、公斤'))
    """
    whole = known_unit(text)
    if whole is not None:
        return whole, ""
    half = narrow(text)
    rest = without_notes(half)
    unit = known_unit(rest)
    notes = half.replace(rest, "", 1) if unit is not None else half
    return unit, notes.strip(_SEPARATORS)


def is_measure(text: str) -> bool:
    """Whether a text, in brackets or not, is a measure word or a multiple and nothing else."""
    return _measure().fullmatch(without_notes(narrow(text).strip("()[]【】"))) is not None


def is_like_a_unit(text: str, *, beside_a_unit: bool) -> bool:
    """Whether words in brackets that are no unit of the register may still say how large the
    figures are.

    A measure word, alone or with what it measures (担, 万桶, 桶油当量), a multiple alone (亿), a
    unit with something before or behind it, a rate, an index (上年=100). ``beside_a_unit``: of a
    field that has a unit, over which a single sign is taken for one too, unless it is a note.
    """
    rest = without_notes(narrow(text))
    if not rest or re.match(any_word("openers"), rest) or re.fullmatch(any_word("notes"), rest):
        return False
    if _LIKE_A_UNIT.search(rest) or _ends_in_a_unit(rest) or is_measure(rest):
        return True
    return beside_a_unit and re.fullmatch("[\u4e00-\u9fff]", rest) is not None


def _ends_in_a_unit(remark: str) -> bool:
    """Whether the end of a text is a unit of mass, energy, volume or money (10 000 tce)."""
    words = (remark[at:].strip() for at in range(1, len(remark)) if not _is_inside(remark, at))
    ends = {end for end in words if end not in ("", "度")}  # 季度, 进度 and the like
    return any(is_unit(end) and read_unit(end).canonical in _SIZED for end in ends)


def _is_inside(text: str, at: int) -> bool:
    """Whether a place lies inside a word of Latin letters."""
    return re.fullmatch("[A-Za-z]{2}", text[at - 1 : at + 1]) is not None
