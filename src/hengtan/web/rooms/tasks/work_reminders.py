"""Reminders that are sent of themselves before and after the last day of a task."""

from __future__ import annotations

from hengtan.web.rooms.jobs.kinds import Duty
from hengtan.web.rooms.tasks.doing import remind_due

DUTIES = (Duty("task_reminders", 600.0, lambda app: remind_due(app.permission, app.today())),)
