"""Handing reminders over to the room of notices, to the people who file for a body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.apps import apps

from hengtan.office.notices import Notice
from hengtan.office.reminders import Notify, Reminder
from hengtan.office.roles import roles
from hengtan.web.rooms.duties.asking import FILE
from hengtan.web.rooms.notices.sending import notify as told


def notifier(by: str, today: date) -> Notify:
    """What sends reminders."""

    def tell(messages: Sequence[Reminder]) -> set[str]:
        names = filers_of({message.body.code for message in messages}, today)
        notices = {m.key: _notice(m, names.get(m.body.code, ())) for m in messages}
        return {key for key, notice in notices.items() if told(notice, by, key)}

    return tell


def _notice(message: Reminder, to: Sequence[str]) -> Notice:
    return Notice(
        tuple(to),
        message.subject_zh,
        message.subject_en,
        message.text_zh,
        message.text_en,
        "/duties",
    )


def filers_of(bodies: Iterable[str], today: date) -> dict[str, list[str]]:
    """The people whose grant to report names a body, by body."""
    filing = [name for name, role in roles().items() if FILE in role.actions]
    grants = apps.get_model("people", "GrantRow").objects.select_related("account")
    wanted, names = set(bodies), dict[str, list[str]]()
    for row in grants.filter(role__in=filing, taken_at=None, account__is_active=True):
        body = row.entity or row.place
        if body in wanted and row.grant().holds_on(today):
            names.setdefault(body, []).append(row.account.username)
    return names


def remind(messages: Sequence[Reminder], by: str, today: date) -> tuple[int, int, int]:
    """Hand messages over: how many reached somebody, how many bodies had theirs today already, how
    many have nobody to be told.
    """
    from hengtan.web.rooms.duties.models import ReminderRow

    notify = notifier(by, today)
    keys = [message.key for message in messages]
    sent = set(ReminderRow.objects.filter(key__in=keys).values_list("key", flat=True))
    fresh = [message for message in messages if message.key not in sent]
    reached = set(notify(fresh)) if fresh else set()
    ReminderRow.objects.bulk_create(
        ReminderRow(key=m.key, body=m.body.code, about=list(m.about), by=by)
        for m in fresh
        if m.key in reached
    )
    return len(reached), len(sent), len(fresh) - len(reached)
