"""Mail by SMTP. The server is the setting ``smtp`` {host, port, sender, tls, user, link}; the
password is read from the environment only and stands in no file or database.

A mail that fails is tried again with growing pauses (``office/notices.py``); its number stays the
same, so that a server can tell a second copy.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from django.apps import apps
from django.db.models import F
from django.utils import timezone

from hengtan.basis.errors import HengtanError
from hengtan.office.notices import pause_after
from hengtan.report.words import word
from hengtan.web.rooms.notices.models import GIVEN_UP, SENT, WAITING, Delivery

PASSWORD = "HENGTAN_SMTP_PASSWORD"  # the name of the variable
SETTING = "smtp"
PLAIN, STARTTLS, TLS = "none", "starttls", "tls"
SECURITY = (STARTTLS, TLS, PLAIN)
TIMEOUT = 20.0
"""Seconds for which a mail server may be silent."""
TAKEN_FOR = timedelta(minutes=5)
"""A mail that is being sent is nobody else's for so long; then its sender counts as gone."""
MOST = 200
"""Mails of one round."""


@dataclass(frozen=True)
class Server:
    """A mail server. ``link``: the address under which people reach this server (``https://…``)."""

    host: str
    port: int
    sender: str
    tls: str = STARTTLS
    user: str = ""
    link: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> Server:
        """From a setting or a form. Raises HengtanError."""
        texts = {name: str(fields.get(name) or "").strip() for name in cls.__dataclass_fields__}
        digits = texts.pop("port")
        port = int(digits) if digits.isascii() and digits.isdigit() else 0
        server = cls(port=port, **{**texts, "tls": texts["tls"] or STARTTLS})
        server.check()
        return server

    def check(self) -> None:
        """Raises HengtanError for what cannot be a server."""
        wrong = [
            name
            for name, is_right in (
                ("host", bool(self.host) and not any(c.isspace() for c in self.host)),
                ("port", 0 < self.port < 65536),
                ("sender", _is_address(self.sender)),
                ("tls", self.tls in SECURITY),
                ("link", not self.link or self.link.startswith(("https://", "http://"))),
            )
            if not is_right
        ]
        if wrong:
            raise HengtanError(
                f"邮件服务器设置不对：{'、'.join(word(f'mail.{name}') for name in wrong)}",
                f"the mail server is not set rightly: {', '.join(wrong)}",
                todo="改正后再保存",
                todo_en="mend it and save again",
            )


def _is_address(text: str) -> bool:
    try:
        address = Address(addr_spec=text)
    except (ValueError, IndexError):
        return False
    return bool(address.username and address.domain)


def server() -> Server | None:
    """The server that is set; None where there is none."""
    row = apps.get_model("people", "Setting").objects.filter(name=SETTING).first()
    return Server.of(row.value) if row and row.value else None


def send_due(now: datetime | None = None) -> int:
    """Send the mails that are due; gives how many were sent. Several processes may do so at once:
    each mail is taken by one of them.
    """
    via = server()
    if via is None:
        return 0
    sent = 0
    for _ in range(MOST):
        delivery = _take(now or timezone.now())
        if delivery is None:
            break
        sent += _try(via, delivery, now)
    return sent


def _take(now: datetime) -> Delivery | None:
    due = Delivery.objects.filter(mail=WAITING, next_try__lte=now)
    for pk in due.order_by("next_try").values_list("pk", flat=True)[:20]:
        if due.filter(pk=pk).update(next_try=now + TAKEN_FOR):
            return Delivery.objects.select_related("notice").get(pk=pk)
    return None


def _try(via: Server, delivery: Delivery, now: datetime | None) -> bool:
    try:
        send(via, message_of(via, delivery))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _note_failure(delivery, error, now or timezone.now())
        return False
    delivery.mail, delivery.sent_at, delivery.last_error = SENT, timezone.now(), ""
    delivery.next_try = None
    delivery.save(update_fields=["mail", "sent_at", "last_error", "next_try"])
    return True


def _note_failure(delivery: Delivery, error: Exception, now: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(failures=F("failures") + 1)
    delivery.refresh_from_db(fields=["failures"])
    pause = pause_after(delivery.failures)
    delivery.last_error = _said(error)[:300]
    delivery.next_try = now + pause if pause else None
    delivery.mail = WAITING if pause else GIVEN_UP
    delivery.save(update_fields=["mail", "next_try", "last_error"])


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = (f"{code} {_text(text)}" for code, text in error.recipients.values())
        return "; ".join(answers)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _text(answer: bytes | str) -> str:
    return answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)


def message_of(via: Server, delivery: Delivery) -> EmailMessage:
    """The mail of a notice."""
    notice = delivery.notice.told_to(delivery.to)
    link = via.link.rstrip("/") + notice.address if via.link else ""
    domain = via.sender.rpartition("@")[2]
    message = EmailMessage()
    message["Subject"] = notice.subject
    message["From"] = via.sender
    message["To"] = delivery.mail_to
    message["Date"] = format_datetime(delivery.notice.at)
    message["Message-ID"] = f"<hengtan.{delivery.notice_id}.{delivery.pk}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text(link))
    return message


def send(via: Server, message: EmailMessage) -> None:
    """Hand a mail to the server. Raises OSError, SMTPException."""
    trusted = ssl.create_default_context()
    opened: smtplib.SMTP = (
        smtplib.SMTP_SSL(via.host, via.port, timeout=TIMEOUT, context=trusted)
        if via.tls == TLS
        else smtplib.SMTP(via.host, via.port, timeout=TIMEOUT)
    )
    with opened as connection:
        if via.tls == STARTTLS:
            connection.starttls(context=trusted)
        password = os.environ.get(PASSWORD, "")
        if via.user and password:
            connection.login(via.user, password)
        connection.send_message(message)
