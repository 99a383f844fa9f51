"""Changing a duty rule: what was owed stays owed as it was, the change holds from a day on."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from datetime import date, timedelta

from hengtan.office.duties import DutyRule, wrong

A_DAY = timedelta(days=1)


def changed_rules(
    old: DutyRule, new: DutyRule, today: date, taken: Container[str]
) -> tuple[DutyRule, ...]:
    """The rules in the place of ``old`` where a person makes it ``new``: one, or the old one that
    ends and a new one that begins, so that periods that ended before today are owed as before.

    The change holds from the day that ``new`` begins where that is another than before and not
    past, else from today; ``taken``: ids that are in use. Raises WrongDuty where an end would take
    back what was owed, or nothing would be left to owe.
    """
    if new == old:
        return (old,)
    if replace(new, valid_until=old.valid_until) == old:
        if (
            new.valid_until is not None
            and new.valid_until < today - A_DAY
            and _owes_past(old, today)
        ):
            raise wrong("ends-in-the-past", new.valid_until, today - A_DAY)
        if not _owes_past(replace(new, valid_from=_after(old.valid_until, today)), today):
            return (new,)
    if not _owes_past(old, today) and not _owes_past(new, today):
        return (new,)
    start = max(today, new.valid_from if new.valid_from != old.valid_from else today)
    begun = replace(new, id=_free_id(old.id, taken), valid_from=start)
    if not _owes_past(old, today):
        return (replace(begun, id=old.id),)
    ends = start - A_DAY if old.valid_until is None else min(old.valid_until, start - A_DAY)
    return replace(old, valid_until=ends), begun


def _owes_past(rule: DutyRule, today: date) -> bool:
    """Whether a rule owes a period that ended before today."""
    return any(True for _ in rule.periods(rule.valid_from, today - A_DAY))


def _after(day: date | None, today: date) -> date:
    """The day after a rule ended, today where it had no end or has one to come."""
    return today if day is None or day >= today else day + A_DAY


def _free_id(old: str, taken: Container[str]) -> str:
    """The next id: months, months.2, months.3."""
    stem, dot, last = old.rpartition(".")
    base, number = (stem, int(last)) if dot and last.isdecimal() else (old, 1)
    while (its_id := f"{base}.{number + 1}") in taken:
        number += 1
    return its_id
