"""The day of a cell, and the clock it is read by."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from hengtan.basis.period import Period, excel_day
from hengtan.basis.spelling import plain, read_day

BEIJING = timezone(timedelta(hours=8))


def day_of(value: Any) -> date:
    """The day of a cell, in Beijing time where it is a moment with its offset from UTC.

    Raises BadPeriod.
    """
    if isinstance(value, str):
        value = _moment(plain(value)) or value
    if isinstance(value, datetime):
        return (value.astimezone(BEIJING) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    is_serial = re.fullmatch(r"\d{5}(?:\.\d+)?", plain(value or ""))
    return read_day(str(value))[0] if is_serial else Period.read(value or "").end


def _moment(text: str) -> datetime | None:
    """A moment as machines write it (2024-11-30T16:30:00Z), or None."""
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:", text):
        return None
    try:
        return datetime.fromisoformat(re.sub(r"\s*(?:Z|UTC)$", "+00:00", text))
    except ValueError:
        return None


_CLOCK = re.compile(
    r"""
    (?P<year>\d{4}) (?P<sign>[-/.年]?) (?P<month>\d{1,2}) (?:(?P=sign)|月) (?P<day>\d{1,2}) 日?
    [T\ ]*
    (?: (?P<hour>\d{1,2})
        (?: [:时点]? (?P<minute>\d{2})? 分? (?: :? (?P<second>\d{2}) (?:\.0+)? )? )?
    )?
    (?P<zone>Z|[+-]\d{2}:?\d{2})?
    """,
    re.ASCII | re.VERBOSE,
)
_IN_DIGITS = re.compile(r"\d{10}|\d{12}|\d{14}", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)


def read_clock(text: str) -> datetime | None:
    """A time of the clock on a day, or None: 2024-03-05 08:00, 2024/3/5 8:00, 2024年3月5日8时,
    2024030508, an Excel serial day with its fraction.

    24:00 is the beginning of the next day; with an offset from UTC it is the time in Beijing then.
    """
    narrow = plain(text)
    if _SERIAL.fullmatch(narrow):
        seconds = round(float(narrow) % 1 * 86_400)
        return datetime.combine(excel_day(float(narrow)), time()) + timedelta(seconds=seconds)
    if narrow.isdigit() and not _IN_DIGITS.fullmatch(narrow):
        return None
    match = _CLOCK.fullmatch(narrow)
    if match is None or (match["sign"] == "年") != ("月" in narrow):
        return None
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    try:
        day = datetime(int(match["year"]), int(match["month"]), int(match["day"]))
        if (hour, minute, second) != (24, 0, 0):
            time(hour, minute, second)
    except ValueError:
        return None
    at = day + timedelta(hours=hour, minutes=minute, seconds=second)
    return _in_beijing(at, match["zone"])


def _in_beijing(at: datetime, zone: str | None) -> datetime:
    """A time of the clock of an offset from UTC (+09:00, Z) by the clock of Beijing."""
    if zone is None:
        return at
    written = "+0000" if zone == "Z" else zone.replace(":", "")
    ahead = timedelta(hours=int(written[:3]), minutes=int(written[0] + written[3:]))
    return at - ahead + timedelta(hours=8)
