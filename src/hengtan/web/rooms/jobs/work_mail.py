"""Mails are looked after by every worker: new ones, and those that failed before."""

from __future__ import annotations

from hengtan.web.rooms.jobs.kinds import Duty
from hengtan.web.rooms.notices import mail

DUTIES = (Duty("mail", 5.0, lambda app: mail.send_due()),)
