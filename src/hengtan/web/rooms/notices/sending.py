"""Telling people: each receiver has the notice in the application; a mail waits beside it where a
mail server is set and the account has an address.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from hengtan.office.notices import Notice
from hengtan.web import trail
from hengtan.web.rooms.notices import mail
from hengtan.web.rooms.notices.models import NO_MAIL, WAITING, Delivery
from hengtan.web.rooms.notices.models import Notice as Kept


def notify(notice: Notice, by: str = "", key: str | None = None) -> int:
    """Tell a notice to its receivers, once each; gives how many there are. ``by``: who has it told
    (a name to sign in with, "" of the program itself). Not within a transaction: the audit trail
    takes its turn after its own lock. A ``key`` is told once; whom it reaches is settled then.
    """
    receivers = list(dict.fromkeys(name for name in notice.to if name))
    if not receivers:
        return 0
    addresses = _addresses(receivers) if mail.server() else {}
    try:
        is_new = _keep(notice, receivers, addresses, by, key)
    except IntegrityError:  # another process told the same key at this moment
        is_new = False
    if not is_new:
        return 0
    trail.add("notified", f"{notice.subject_zh} → {'、'.join(receivers)}", by=by)
    return len(receivers)


def _keep(
    notice: Notice, receivers: list[str], addresses: Mapping[str, str], by: str, key: str | None
) -> bool:
    """Keep a notice with its receivers; whether it was not there. Raises IntegrityError where two
    keep the same key at once.
    """
    now = timezone.now()
    with transaction.atomic():
        if key is not None and Kept.objects.filter(key=key).exists():
            return False
        kept = Kept.objects.create(
            key=key,
            subject_zh=notice.subject_zh[:200],
            subject_en=notice.subject_en[:200],
            text_zh=notice.text_zh,
            text_en=notice.text_en,
            address=notice.address,
            by=by,
        )
        Delivery.objects.bulk_create(
            Delivery(
                notice=kept,
                to=name,
                mail=WAITING if name in addresses else NO_MAIL,
                mail_to=addresses.get(name, ""),
                next_try=now if name in addresses else None,
            )
            for name in receivers
        )
    return True


def unread(name: str) -> int:
    """How many notices a person has not read."""
    number: int = Delivery.objects.filter(to=name, read_at=None).count()
    return number


def _addresses(names: list[str]) -> dict[str, str]:
    """Name → address to send mail to, of open accounts that have one."""
    account = apps.get_model("people", "Account")
    rows = account.objects.filter(username__in=names, is_active=True).exclude(email="")
    return dict(rows.values_list("username", "email"))
