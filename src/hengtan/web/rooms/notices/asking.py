"""Reminders of the calendar (催报) told as notices: each to the people who file for its body."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.apps import apps
from django.db.models import Q

from hengtan.office.duties import Body
from hengtan.office.notices import Notice
from hengtan.office.reminders import Reminder
from hengtan.office.roles import roles
from hengtan.web.rooms.notices.sending import notify as tell

FILE = "record.file"
ADDRESS = "/duties"


def notify(reminders: Sequence[Reminder]) -> int:
    """Tell reminders; gives how many reached somebody for the first time. One whose body has nobody
    who files is told to nobody, and may be sent again when somebody does.
    """
    return sum(bool(tell(_notice(each), key=each.key)) for each in reminders)


def _notice(reminder: Reminder) -> Notice:
    return Notice(
        filers_of(reminder.body, reminder.on),
        reminder.subject_zh,
        reminder.subject_en,
        reminder.text_zh,
        reminder.text_en,
        ADDRESS,
    )


def filers_of(body: Body, day: date) -> tuple[str, ...]:
    """The names of those who file for a body by a grant that names it: a place or an enterprise.
    Who files for all is not reminded of each.
    """
    of_body = Q(entity=body.code) if body.is_entity else Q(place=body.code, entity="")
    grants = apps.get_model("people", "GrantRow").objects
    rows = grants.filter(of_body, taken_at=None, account__is_active=True).order_by("pk")
    names = (
        row.account.username
        for row in rows.select_related("account")
        if FILE in roles()[row.role].actions and row.grant().holds_on(day)
    )
    return tuple(dict.fromkeys(names))
