"""Taking back a plan that was added by mistake: as long as nobody decided on it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from hengtan.basis.actor import Actor
from hengtan.basis.errors import WrongState
from hengtan.basis.whole_files import write_json
from hengtan.desk.own_pack import put_plan
from hengtan.desk.plan_folders import PLANS, folder_of
from hengtan.desk.plan_reading import now
from hengtan.desk.plan_review import alone, load

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

TAKEN_BACK = ".withdrawn"


def withdraw(workspace: Workspace, plan: str, actor: Actor) -> None:
    """Take a plan out of the workspace; its document and reading stay in ``plans/.withdrawn``, with
    who took it back. Raises NoSuchRow, and WrongState where somebody decided on it or an edition
    was issued.
    """
    with alone(workspace, plan):
        review = load(workspace, plan)
        if review.log or review.editions():
            raise WrongState(
                "已有人核对过这份规划，不能撤回",
                "somebody has decided on this plan, it cannot be taken back",
                todo="逐条改正或不采纳，再印发新的一版",
                todo_en="correct or reject its targets, then issue a new edition",
            )
        put_plan(workspace, plan, {}, edition=f"{plan}.withdrawn")
    stamp = now().replace(":", "").replace("-", "")
    there = workspace.folder / PLANS / TAKEN_BACK / f"{plan}_{stamp}"
    there.parent.mkdir(exist_ok=True)
    shutil.move(folder_of(workspace, plan), there)
    write_json(there / "withdrawn.json", {"by": actor.name, "at": now()})
    workspace.reload()
