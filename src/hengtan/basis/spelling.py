"""What people write in a cell: numbers with Chinese multiples and units, shares, days, yes and no,
dashes for nothing.

The one place where these spellings are decided; ``basis/cell.py`` reads a field's text by them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from hengtan.basis.english_names import AsTyped
from hengtan.basis.errors import BadPeriod
from hengtan.basis.marks import narrow
from hengtan.basis.numbers import split_number
from hengtan.basis.period import Period, excel_day
from hengtan.basis.units import MULTIPLES, unit_of

PLACEHOLDER = re.compile(
    r"^(?:[-‐‑‒–—―−─━_/\\.…·~*]+[;；]?|空|nan|null|none|n\.a\.)$",
    re.IGNORECASE,
)
ERROR_VALUE = re.compile(
    r"^(?:#(?:REF!|DIV/0!|VALUE!|NAME\?|N/A|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!)"
    r"|#?Err:\d{3})$",
    re.IGNORECASE,
)
TOTALS = frozenset(
    (
        *("合计", "总计", "小计", "共计", "累计合计", "合计数", "总计数", "小计数", "合计值"),
        *("总和", "总数", "汇总", "计", "total", "totals", "subtotal", "grandtotal", "sum"),
    )
)
"""Words that a row of totals is called by, folded."""
WHOLE_AREAS = frozenset(
    (
        *("全市", "全省", "全区", "全县", "全州", "全国", "全盟", "全旗", "全域", "全部", "全体"),
        *("本市", "本省", "各区县", "各区", "各县", "citywide", "wholecity", "wholeprovince"),
        *("entirecity", "alldistricts", "allcounties", "provincewide", "nationwide"),
    )
)
"""Words for an area as a whole, folded."""
MEANS = frozenset(("平均", "均值", "平均值", "平均数", "average", "mean"))
"""Words that a row of means is called by, folded."""
_ENDS_OF_TOTALS = ("合计", "总计", "小计", "共计", "总和", "汇总")
_ENGLISH_TOTAL = re.compile(r"^(?:sub-?|grand[ -]?)?totals? (?:of|for) |[^a-z](?:sub-?)?totals?$")
_IN_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_LEADING_MARKS = re.compile(r"^(?:[一二三四五六七八九十]+、|[σ∑*]+)")
YES = frozenset(("是", "有", "真", "√", "✓", "✔", "yes", "y", "true", "1", "对"))
NO = frozenset(("否", "无", "假", "×", "✗", "x", "no", "n", "false", "0", "错"))


def plain(text: object) -> str:
    """Half-width, without blanks around it; marks of footnotes stay marks (``basis/marks.py``)."""
    return narrow(text).strip()


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """The form in which words are compared: width, case and dashes folded, no spaces, no required
    mark, no colon.
    """
    word = re.sub("[‐‑‒–—―−~]+", "-", narrow(text).casefold())
    return re.sub(r"[\s_\u200b\ufeff]+", "", word).strip("*★:：﹡")


def is_total_word(text: str) -> bool:
    """Whether a text is nothing but a word for a total: 合 计, 总计（吨）, Subtotal."""
    return _bare(text) in TOTALS


def is_total(text: str) -> bool:
    """Whether a text names a row of totals, alone or with what it sums.

    >>> [is_total(name) for name in ("合 计", "武隆区小计", "合计/Total", "会计师事务所")]
    [True, True, True, False]
    """
    bare = _bare(text)
    words = [word for word in re.split(r"[/|;,、]", bare) if word]
    if bare in TOTALS or (words and all(word in TOTALS | WHOLE_AREAS for word in words)):
        return bare not in WHOLE_AREAS
    if bare.startswith(("合计", "小计", "总计")) and not bare.startswith("总计划"):
        return True
    return bare.endswith(_ENDS_OF_TOTALS) or bool(_ENGLISH_TOTAL.search(plain(text).casefold()))


def is_whole_area(text: str) -> bool:
    """Whether a text stands for an area as a whole: 全市, 全省, citywide."""
    return _bare(text) in WHOLE_AREAS


def is_mean(text: str) -> bool:
    """Whether a text names a row of means: 平均, 全市平均, average."""
    bare = _bare(text)
    return bare in MEANS or bare.endswith(("平均", "均值", "平均值"))


def _bare(text: str) -> str:
    """A name folded, without what stands in brackets and marks before it."""
    return _LEADING_MARKS.sub("", _IN_BRACKETS.sub("", folded(text)).strip(":"))


def is_placeholder(text: str) -> bool:
    """Whether the text stands for nothing (-, —, /, …)."""
    return PLACEHOLDER.match(plain(text)) is not None


@dataclass(frozen=True)
class Amount:
    """A number and what was written with it.

    ``unit``: 36亿立方米 is 36 with 亿立方米. ``multiple``: a bare one, already worked in (1.28万 is
    12800). ``bracketed``: negative because it stood in brackets.
    """

    value: float
    unit: str | None = None
    multiple: str | None = None
    bracketed: bool = field(default=False, repr=False)


def split_amount(text: str) -> Amount | None:
    """The number a text begins with and the rest as its unit, known or not; None where it begins
    with no number.
    """
    written = split_number(text)
    if written is None:
        return None
    value, rest, bracketed = written.value, written.rest, written.bracketed
    if rest in MULTIPLES:
        return Amount(rounded(value * MULTIPLES[rest]), None, rest, bracketed)
    return Amount(value, rest or None, None, bracketed)


def read_amount(text: str) -> Amount | None:
    """The amount of a cell, or None where it is no number, or one with something that is no unit.

    >>> read_amount("１，２３４．５"), read_amount("12.5％").unit
    (Amount(value=1234.5, unit=None, multiple=None), '%')
    >>> read_amount("1.28万")
    Amount(value=12800.0, unit=None, multiple='万')
    """
    amount = split_amount(text)
    if amount is None or amount.unit is None or is_unit(amount.unit):
        return amount
    return None


def is_unit(text: str) -> bool:
    """Whether a text is a unit we know."""
    return unit_of(text) is not None


def rounded(value: float) -> float:
    """Without the digits beyond the fifteenth that binary fractions add (0.1 × 3)."""
    return float(f"{value:.15g}")


def read_share(text: str) -> float | None:
    """A share: 14, 14% and 0.14 are all 0.14, a plain number of 1 and more being per cent; None
    where it is no number.
    """
    amount = read_amount(text)
    if amount is None or amount.unit not in (None, "%"):
        return None
    if amount.unit == "%" or amount.value >= 1:
        return rounded(amount.value / 100)
    return amount.value


def read_day(text: str) -> tuple[date, str | None]:
    """A day, and the kind of period it was read from where that was no day. Raises BadPeriod.

    A month or a year is its last day: nothing counts before it is certain. A number is an Excel
    serial day.
    """
    narrow = plain(text)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", narrow):
        return excel_day(float(narrow)), None
    period = Period.read(narrow)
    if period.kind in ("cumulative", "span"):
        raise BadPeriod(
            f"“{text}”不是日期",
            AsTyped(f"'{text}' is not a day"),
            todo="写成 2024-03-05",
            todo_en="write 2024-03-05",
        )
    return period.end, None if period.kind == "day" else period.kind


def read_period(text: str, year: int | None = None) -> Period:
    """A period; a five-digit number is an Excel serial day. Raises BadPeriod."""
    narrow = plain(text)
    if re.fullmatch(r"[2-6]\d{4}(?:\.0)?", narrow):
        return Period.read(excel_day(float(narrow)))
    return Period.read(narrow, year=year)


def read_truth(text: str) -> bool | None:
    """是 or 否 in their usual spellings, or None."""
    word = plain(text).casefold()
    if word in YES:
        return True
    return False if word in NO else None
