"""Periods and days with the words of English: March 2024, 5 Mar 2024, Q1 2024, Jan-Jun 2024, end of
2024.

Only what can be read in one way: 05/03/2024 is the fifth of March or the third of May and is none.
"""

from __future__ import annotations

import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_REST = {
    "jan": "uary",
    "feb": "ruary",
    "mar": "ch",
    "apr": "il",
    "may": "",
    "jun": "e",
    "jul": "y",
    "aug": "ust",
    "sep": "t(?:ember)?",
    "oct": "ober",
    "nov": "ember",
    "dec": "ember",
}
_MONTH = "(?:" + "|".join(f"{short}(?:{rest})?\\.?" for short, rest in _REST.items()) + ")"
_YEAR, _DAY = r"(?P<year>(?:19|20)\d{2})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_BETWEEN = r"\s*(?:-|to)\s*"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_FORMS = (
    (_pattern(f"(?P<month>{_MONTH})[ -]{_YEAR}"), "{year}-{month:02d}"),
    (_pattern(f"{_YEAR}[ -](?P<month>{_MONTH})"), "{year}-{month:02d}"),
    (_pattern(f"{_DAY}[ -](?P<month>{_MONTH})[ ,-]+{_YEAR}"), "{year}-{month:02d}-{day:02d}"),
    (_pattern(f"(?P<month>{_MONTH}) {_DAY},? {_YEAR}"), "{year}-{month:02d}-{day:02d}"),
    (
        _pattern(f"jan(?:uary)?\\.?{_BETWEEN}(?P<month>{_MONTH}),? {_YEAR}"),
        "{year}-01..{month:02d}",
    ),
    (_pattern(f"{_YEAR} jan(?:uary)?\\.?{_BETWEEN}(?P<month>{_MONTH})"), "{year}-01..{month:02d}"),
    (_pattern(f"(?P<part>[QH][1-4]) {_YEAR}"), "{year}-{part}"),
    (_pattern(f"{_YEAR} (?P<part>[QH][1-4])"), "{year}-{part}"),
    (_pattern(f"(?:(?:the )?(?:end of|year[ -]end)) {_YEAR}"), "{year}-12-31"),
)


def from_english(text: str) -> str | None:
    """A period or a day in its written form (2024-03, 2024-01..06), None where no words of English
    name one. Whether there is such a day is not looked at.

    >>> from_english("5 Mar 2024"), from_english("Jan-Jun 2024"), from_english("05/03/2024")
    ('2024-03-05', '2024-01..06', None)
    """
    plain = re.sub(r"\s+", " ", text.strip())
    for pattern, form in _FORMS:
        match = pattern.fullmatch(plain)
        if match is not None:
            return form.format(**_numbers(match.groupdict()))
    return None


def _numbers(groups: dict[str, str]) -> dict[str, str | int]:
    """The parts of a match: months and days as numbers, Q and H as capitals."""
    parts: dict[str, str | int] = {"year": groups["year"]}
    if "month" in groups:
        parts["month"] = MONTHS.index(groups["month"][:3].lower()) + 1
    if "day" in groups:
        parts["day"] = int(groups["day"])
    if "part" in groups:
        parts["part"] = groups["part"].upper()
    return parts
