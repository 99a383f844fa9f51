"""What tasks could not tell the task ledger is told later."""

from __future__ import annotations

from hengtan.web.rooms.jobs.kinds import Duty
from hengtan.web.rooms.tasks.standing import tell_all

DUTIES = (Duty("task_standing", 3600.0, tell_all),)
