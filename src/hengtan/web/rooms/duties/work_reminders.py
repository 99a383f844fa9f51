"""Reminders of the calendar that are sent of themselves: days before an obligation is due, on the
day, and after it, one message a body and day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hengtan.office.reminders import ReminderDays, reminders
from hengtan.web.rooms.duties.asking import Calendar
from hengtan.web.rooms.duties.pages import A_YEAR, titles_of
from hengtan.web.rooms.duties.sending import remind
from hengtan.web.rooms.jobs.kinds import Duty

EVERY = 1800.0
"""Seconds between two looks."""
OF_THE_PROGRAM = "hengtan"


def remind_of_the_day(app: Any) -> tuple[int, int, int]:
    """Send what falls on today: how many reached somebody, how many bodies had theirs, how many
    have nobody to be told.
    """
    calendar, days = Calendar.of_app(app), ReminderDays()
    first = calendar.day - timedelta(days=A_YEAR)
    owed = calendar.owed(first, calendar.day + timedelta(days=max(days.before)))
    workspace = app.site.workspace
    titles = {
        f"{form}:{item}" if item else form: titles_of(workspace, form, item)
        for form, item in {(o.form, o.item) for o in owed}
    }
    messages = reminders(calendar.standings(owed), titles, days)
    return remind(messages, OF_THE_PROGRAM, calendar.day)


DUTIES = (Duty("duty_reminders", EVERY, remind_of_the_day),)
