"""Numbers in Chinese characters: 一千二百, 二〇二五."""

from __future__ import annotations

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
MAGNITUDES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


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
