"""The day of a cell, and the clock it is read by."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

from hengtan.basis.period import Period
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
