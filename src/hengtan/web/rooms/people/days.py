"""Days as forms send them."""

from __future__ import annotations

from datetime import date

from hengtan.basis.errors import HengtanError
from hengtan.report.words import error as refused


def later_day(text: str, today: date) -> date | None:
    """A day to come, None for none. Raises HengtanError for what is no day, or one gone by."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise refused(HengtanError, "grants.bad_until") from error
    if day < today:
        raise refused(HengtanError, "grants.bad_until")
    return day
