"""The lights at the end of last month, by the figures and the goals of then: what the overview
compares with.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hengtan import packs
from hengtan.desk.own_pack import PLAN_TABLES, put_rows
from hengtan.desk.plan_folders import plans_of
from hengtan.desk.plan_review import load
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

Edition = dict[str, Any]


def last_day_of_last_month(day: date) -> date:
    """The last day of the month before that of ``day``."""
    return day.replace(day=1) - timedelta(days=1)


def lights_known_on(workspace: Workspace, day: date) -> dict[str, str] | None:
    """The light of each target that stood on a day, judged on that day by the goals of the editions
    issued by then and by what the ledger held then; None where it held nothing.

    Raises HengtanError where an edition was changed by hand.
    """
    if not workspace.ledger.current().seen(day):
        return None
    with _as_issued_by(workspace, day) as then:
        rows = then.execute("plan_progress", AsOf.of(known_on=day))
    return dict(zip(rows["target_id"].to_pylist(), rows["light"].to_pylist(), strict=True))


@contextmanager
def _as_issued_by(workspace: Workspace, day: date) -> Iterator[Workspace]:
    """The workspace with the editions of its plans that were issued by a day; itself where they are
    those of now.
    """
    former = {
        plan: known[-1]["tables"] if known else {}
        for plan, known, editions in _editions_by(workspace, day)
        if len(known) < len(editions)
    }
    if not former:
        yield workspace
        return
    own = workspace.folder / "packs" / workspace.settings.pack
    with TemporaryDirectory() as scratch, workspace.another() as then:
        staged = Path(scratch) / own.name
        shutil.copytree(own, staged)
        for plan, tables in former.items():
            for table in PLAN_TABLES:
                put_rows(staged / f"{table}.csv", table, tables.get(table, []), plan)
        others = [path for path in workspace.own_packs() if path.name != own.name]
        then.pack = packs.load(workspace.settings.pack, [*others, staged])
        yield then


def _editions_by(
    workspace: Workspace, day: date
) -> Iterator[tuple[str, list[Edition], list[Edition]]]:
    """Each plan that has editions, with those issued by a day and with all of them."""
    for plan in plans_of(workspace):
        editions = load(workspace, plan).editions()
        if editions:
            known = [e for e in editions if date.fromisoformat(e["on"][:10]) <= day]
            yield plan, known, editions


GOAL = (
    *("indicator_zh", "region_zh", "scope", "measure", "operator", "strict", "value", "unit"),
    *("base_year", "base_value", "base_unit", "deadline_year", "met_rule", "tolerance", "path"),
)
"""What of a target its light is judged by; ids of what a plan proposes follow its order."""


@dataclass(frozen=True)
class Removed:
    """A target that an edition left out: its id, what it was of, and the plan."""

    target_id: str
    indicator_zh: str
    indicator_en: str
    region_zh: str
    plan: str


@dataclass(frozen=True)
class Since:
    """Targets that an edition of a plan brought after a day, those whose goal it changed, and those
    it left out.
    """

    arrived: frozenset[str] = frozenset()
    revised: frozenset[str] = frozenset()
    removed: tuple[Removed, ...] = ()


def issued_since(workspace: Workspace, day: date) -> Since:
    """What editions issued after a day changed, by the editions the workspace holds. Plans that
    come with a pack, or were read and not issued, have no days and give nothing. Raises
    HengtanError where an edition was changed by hand.
    """
    arrived: set[str] = set()
    revised: set[str] = set()
    removed: list[Removed] = []
    for plan, known, editions in _editions_by(workspace, day):
        before = known[-1]["tables"]["targets"] if known else []
        now, then = _goals(editions[-1]["tables"]["targets"]), _goals(before)
        arrived |= now.keys() - then.keys()
        revised |= {target for target in now.keys() & then.keys() if now[target] != then[target]}
        removed += [_removed(t, plan) for t in before if t["target_id"] not in now]
    return Since(frozenset(arrived), frozenset(revised), tuple(removed))


def _removed(target: Mapping[str, str], plan: str) -> Removed:
    return Removed(
        target["target_id"],
        target.get("indicator_zh", ""),
        target.get("indicator_en", ""),
        target.get("region_zh", ""),
        plan,
    )


def _goals(targets: Iterable[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    return {t["target_id"]: tuple(t.get(column, "") for column in GOAL) for t in targets}
