"""The lights at the end of last month, as they were known then: what the overview compares with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from hengtan.desk.plan_folders import plans_of
from hengtan.desk.plan_review import load
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


GOAL = (
    *("indicator_zh", "region_zh", "scope", "measure", "operator", "strict", "value", "unit"),
    *("base_year", "base_value", "base_unit", "deadline_year", "met_rule", "tolerance", "path"),
)
"""What of a target its light is judged by; ids of what a plan proposes follow its order."""


@dataclass(frozen=True)
class Since:
    """Targets that an edition of a plan brought after a day, and those whose goal it changed."""

    arrived: frozenset[str] = frozenset()
    revised: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Targets that have nothing of that day to be compared with."""
        return self.arrived | self.revised


def issued_since(workspace: Workspace, day: date) -> Since:
    """What editions issued after a day changed, by the editions the workspace holds. Plans that
    come with a pack, or were read and not issued, have no days and give nothing. Raises
    HengtanError where an edition was changed by hand.
    """
    arrived: set[str] = set()
    revised: set[str] = set()
    for plan in plans_of(workspace):
        editions = load(workspace, plan).editions()
        if not editions:
            continue
        known = [edition for edition in editions if date.fromisoformat(edition["on"][:10]) <= day]
        now = _goals(editions[-1]["tables"]["targets"])
        then = _goals(known[-1]["tables"]["targets"]) if known else {}
        arrived |= now.keys() - then.keys()
        revised |= {target for target in now.keys() & then.keys() if now[target] != then[target]}
    return Since(frozenset(arrived), frozenset(revised))


def _goals(targets: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {t["target_id"]: tuple(t.get(column, "") for column in GOAL) for t in targets}
