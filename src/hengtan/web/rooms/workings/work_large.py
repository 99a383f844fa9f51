"""Workings on large files, done by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hengtan.web.rooms.jobs.kinds import Kind, Result
from hengtan.web.rooms.workings.doing import KIND, do
from hengtan.web.rooms.workings.groups import working_of
from hengtan.web.rooms.workings.models import WorkingRow

if TYPE_CHECKING:
    from hengtan.web.rooms.jobs.running import Run


def _working(run: Run) -> Result:
    """Work it out; one that was deleted meanwhile is left alone."""
    run.tell(0.05)
    row = WorkingRow.objects.filter(key=str(run.arguments["key"])).first()
    if row is not None:
        do(run.workspace, working_of(row.working), row)
    return {"address": str(run.arguments["address"])}


KINDS = (Kind(KIND, "rule.use", _working),)
