"""The lights at the end of last month, as they were known then: what the overview compares with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace


def last_day_of_last_month(day: date) -> date:
    """The last day of the month before that of ``day``."""
    return day.replace(day=1) - timedelta(days=1)


def lights_known_on(workspace: Workspace, day: date) -> dict[str, str] | None:
    """The light of each target, judged on a day by what the ledger held then; None where it held
    nothing.
    """
    if not workspace.ledger.current().seen(day):
        return None
    rows = workspace.execute("plan_progress", AsOf.of(known_on=day))
    return dict(zip(rows["target_id"].to_pylist(), rows["light"].to_pylist(), strict=True))
