"""Numbers in Chinese characters: 一千二百, 二〇二五, and the dates written with them."""

from __future__ import annotations

import re

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


_PLAIN = str.maketrans(
    {
        **dict.fromkeys("○◯OoＯ０0", "〇"),
        **dict(zip("壹贰叁肆伍陆柒捌玖拾貳參陸", "一二三四五六七八九十二三六", strict=True)),
        **{str(digit): word for digit, word in enumerate("〇一二三四五六七八九")},
        "廿": "二十",
        "卅": "三十",
    }
)
"""Other signs of the same digits, those of cheques among them."""
_SIGNS = "〇○◯零一二三四五六七八九十廿卅壹贰叁肆伍陆柒捌玖拾貳參陸"
_OF_DATES = re.compile(
    f"(?<![百千万亿])[{_SIGNS}OoＯ０0]*[{_SIGNS}][{_SIGNS}OoＯ０0]*(?=[年月日号-]|$)"
)


def dates_in_digits(text: str) -> str:
    """The years, months and days of a text in digits: a year digit for digit, the others as
    numbers to thirty-one.

    >>> dates_in_digits("二〇二四年三月十五日"), dates_in_digits("二0二四年一-六月")
    ('2024年3月15日', '2024年1-6月')
    """
    return _OF_DATES.sub(lambda match: _of_date(match.group()), text)


def _of_date(written: str) -> str:
    plain = written.translate(_PLAIN)
    number = chinese_number(plain)
    if number is None:
        return written
    if "十" not in plain and len(plain) == 4:
        return f"{number:04d}"
    is_regular = chinese_numeral(number) in (plain, plain.lstrip("〇零")) if number else False
    return str(number) if is_regular and number <= 31 else written


def chinese_number(text: str) -> int | None:
    """A whole number in Chinese characters (一千二百), None where it is none."""
    if not text or any(c not in DIGITS and c not in MAGNITUDES for c in text):
        return None
    if all(c in DIGITS for c in text):
        return int("".join(str(DIGITS[c]) for c in text))
    total = low = section = digit = 0
    for c in text:
        if c in DIGITS:
            digit = DIGITS[c]
        elif c == "亿":
            total, low, section, digit = (low + section + digit or 1) * MAGNITUDES[c], 0, 0, 0
        elif c == "万":
            low, section, digit = low + (section + digit or 1) * MAGNITUDES[c], 0, 0
        else:
            section += (digit or 1) * MAGNITUDES[c]
            digit = 0
    return total + low + section + digit


def chinese_numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese characters, as heads are numbered: 21 → 二十一."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    leading = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return leading + (digits[ones] if ones else "")
