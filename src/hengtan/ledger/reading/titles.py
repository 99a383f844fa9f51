"""What a title of a column says: the field it names, the unit and the year that stand with it, and
words in brackets that are neither.

数值（万吨标准煤）, GDP/万元, 2023年完成值, 1.工业生产消费, 能源消费总量增速（%）.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from hengtan.basis.marks import bare_title, narrow
from hengtan.basis.numerals import dates_in_digits
from hengtan.basis.spelling import folded
from hengtan.ledger.reading.brackets import is_measure, known_unit, unit_and_notes

UNIT_WORDS = {"单位", "计量单位", "unit"}
AMOUNTS = ("quantity", "number", "integer")
_BRACKETS = re.compile(r"[(\[{【〔]([^()\[\]{}【】〔〕]*)[)\]}】〕]")
_YEAR_BEFORE = re.compile(r"^\s*((?:19|20)\d{2})(?:年度|年)?")
_NUMBERED = re.compile(r"^\s*(?:#+|\d{1,2}[.、](?!\d)|其中[:：]?|[^:：]{1,6}中[:：])\s*")
_TWO_LANGUAGES = re.compile(r"([^A-Za-z]*[\u4e00-\u9fff][^A-Za-z]*)([A-Za-z].*)", re.DOTALL)
_SEPARATORS = " \t\r\n/:：,，、_-|"
_GROWTH = re.compile(
    r"(?:按?可比价?格?(?:计算)?)?(?:比上年同?期?|较上年同?期?|比去年同?期?|同比)?"
    r"(?:增速|增长率|增长速度|增长|增减率?|同比|growth)[%±]*$"
)
_WHOLE = re.compile(
    "^(?:合计|小计|总量|总额|数量|实物量|绝对[量值数]|数值|指标值|完成值|实际值|本期|本年|当年|本月"
    "|累计|本年累计|自年初累计|1-本月|本月累计|total|amount|value)?$"
)


@dataclass(frozen=True)
class Title:
    """What a title says.

    ``rank``: 0 for a field's own title, 1 for another name of it, 2 for the heading above a title
    that names something else. ``own``: the brackets belong to the field's own title. ``remark``:
    what stands in brackets and is neither unit nor year.
    """

    field: str
    rank: int
    unit: str | None = None
    year: int | None = None
    remark: str | None = None
    own: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """The words of a form: plain word → field id and rank; which fields are amounts; field id →
    the field of its growth.
    """

    words: dict[str, tuple[str, int]]
    amounts: frozenset[str]
    growth: dict[str, str]
    titles: dict[str, Title | None] = field(default_factory=dict, compare=False, repr=False)
    """What each text that was asked for says: lines of a header are read with those above."""

    @classmethod
    def of(cls, form: Any) -> Vocabulary:
        """The titles, ids and aliases of a form's fields; a word that is the id of one is its."""
        words: dict[str, tuple[str, int]] = {}
        for known in form.fields:
            for word in known.aliases:
                words.setdefault(folded(word), (known.id, 1))
        for known in form.fields:
            for word in (known.title_en, known.title_zh):
                words[folded(word)] = (known.id, 0)
        words |= {folded(known.id): (known.id, 0) for known in form.fields}
        ids = {known.id for known in form.fields}
        growth = {name: f"{name}_growth" for name in ids if f"{name}_growth" in ids}
        amounts = frozenset(known.id for known in form.fields if known.type in AMOUNTS)
        return cls(words, amounts, growth)

    def read(self, levels: list[str]) -> tuple[str, Title | None]:
        """The best reading of the title lines of a column, from the top down, and its text."""
        filled = [text for text in levels if text.strip()]
        if not filled:
            return "", None
        best: tuple[str, Title] | None = None
        for text, title in self._readings(filled):
            if best is None or title.rank < best[1].rank:
                best = (text, title)
        return best or (filled[-1], None)

    def _readings(self, levels: list[str]) -> Iterator[tuple[str, Title]]:
        """The last line, then with the lines above it; then the lines above alone, where the last
        one says only that it is the whole, or a unit.
        """
        for start in range(len(levels) - 1, -1, -1):
            text = "".join(levels[start:])
            title = self.title(text)
            if title is not None:
                yield text, title
        last = levels[-1]
        if len(levels) == 1 or is_growth(last):
            return
        unit = next(iter(units_in(last)), None) or known_unit(last)
        is_whole = _WHOLE.match(bare(last)) or known_unit(last) is not None
        for text, title in self._readings(levels[:-1]):
            rank = title.rank if is_whole else 2
            remark = last.strip("()（）") if is_measure(last) else title.remark
            yield text, replace(title, rank=rank, unit=unit or title.unit, remark=remark)

    def title(self, text: str) -> Title | None:
        """What one text says, None where it names no field."""
        if text not in self.titles:
            self.titles[text] = self._title(text)
        return self.titles[text]

    def _title(self, text: str) -> Title | None:
        half = bare_title(text)
        for words in dict.fromkeys((half, _NUMBERED.sub("", half))):
            title = self._named(words) or self._with_year(words)
            if title is not None:
                return title
        return None

    def _named(self, half: str) -> Title | None:
        whole = self.words.get(folded(half))
        hit = whole or self.words.get(bare(half)) or self._growth_of(half) or self._twice(half)
        if hit is None:
            return self._with_unit_behind(half)
        units = units_in(half)
        inside = [unit_and_notes(words)[1] for words in _BRACKETS.findall(half)]
        same = {word for word, (field_id, _) in self.words.items() if field_id == hit[0]}
        remarks = [words for words in inside if words and folded(words) not in same]
        unit = units[-1] if units else None
        if whole is not None:
            return Title(*hit, unit=unit, own=True)
        return Title(*hit, unit=unit, remark="、".join(remarks) or None)

    def _twice(self, half: str) -> tuple[str, int] | None:
        """A title in Chinese and English, both of the same field: 时期 Period（年）."""
        both = _TWO_LANGUAGES.match(_BRACKETS.sub("", half).strip())
        if both is None:
            return None
        chinese, english = (self.words.get(folded(both[n].strip(_SEPARATORS))) for n in (1, 2))
        return chinese if chinese and english and chinese[0] == english[0] else None

    def _growth_of(self, half: str) -> tuple[str, int] | None:
        word = bare(half)
        stem = self.words.get(_GROWTH.sub("", word)) if _GROWTH.search(word) else None
        field = self.growth.get(stem[0]) if stem else None
        return (field, 1) if field else None

    def _with_year(self, half: str) -> Title | None:
        half = dates_in_digits(half)
        year = _YEAR_BEFORE.match(half)
        title = self._named(half[year.end() :]) if year and half[year.end() :].strip() else None
        return replace(title, year=int(year.group(1))) if year and title else None

    def _with_unit_behind(self, half: str) -> Title | None:
        """An amount with its unit behind it: GDP/万元, 能源消费总量：万吨标准煤, GDP 亿元."""
        for at in range(len(half) - 1, 0, -1):
            hit = self.words.get(folded(half[:at].rstrip(_SEPARATORS)))
            if hit is None or hit[0] not in self.amounts:
                continue
            unit = known_unit(half[at:].strip(_SEPARATORS))
            if unit is not None:
                return Title(*hit, unit=unit)
        return None


def is_growth(text: str) -> bool:
    """Whether a title says growth and nothing of what (增速, 同比增长)."""
    return bool(_GROWTH.fullmatch(bare(narrow(text))))


def stem(text: str) -> str:
    """A title folded, without its number, what stands in brackets, and marks.

    >>> stem("2.非工业生产消费（吨）")
    '非工业生产消费'
    """
    return bare(_NUMBERED.sub("", bare_title(text)))


def is_numbered(text: str) -> bool:
    """Whether a title says that it is one of several parts (1.工业生产消费, 其中：…)."""
    return _NUMBERED.match(narrow(text)) is not None


def bare(half: str) -> str:
    """A text folded, without what stands in brackets."""
    return folded(_BRACKETS.sub("", half))


def units_in(text: str) -> list[str]:
    """The units in the brackets of a text."""
    inside = [unit_and_notes(words)[0] for words in _BRACKETS.findall(narrow(text))]
    return [unit for unit in inside if unit is not None]
