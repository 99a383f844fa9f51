"""Handing reminders over to be sent: to the room of notices where there is one.

That room offers ``hengtan.web.rooms.notices.asking.notify(reminders) -> int`` (see
``office.reminders.Notify``): it keeps a message for each key it does not hold and sends it to the
people who file for the body.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from hengtan.office.reminders import Notify, Reminder


def notifier() -> Notify | None:
    """What keeps and sends notices, None where no room does."""
    try:
        room = importlib.import_module("hengtan.web.rooms.notices.asking")
    except ImportError:
        return None
    notify: Notify | None = getattr(room, "notify", None)
    return notify


def remind(messages: Sequence[Reminder], by: str) -> tuple[int, int] | None:
    """Hand messages over; how many were new and how many the bodies had today already. None where
    nothing can send them.
    """
    from hengtan.web.rooms.duties.models import ReminderRow

    notify = notifier()
    if notify is None:
        return None
    keys = [message.key for message in messages]
    sent = set(ReminderRow.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [message for message in messages if message.key not in sent]
    if fresh:
        notify(fresh)
    ReminderRow.objects.bulk_create(
        ReminderRow(key=m.key, body=m.body.code, about=list(m.about), by=by) for m in fresh
    )
    return len(fresh), len(messages) - len(fresh)
