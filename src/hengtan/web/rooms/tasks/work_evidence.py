"""Files of evidence of earlier versions are brought into the ledger."""

from __future__ import annotations

from hengtan.web.rooms.jobs.kinds import Duty
from hengtan.web.rooms.tasks.evidence import take_along

DUTIES = (Duty("evidence_along", 3600.0, take_along),)
