"""Frozen issues of the bulletin: each holds the digest of the one before; a later issue tells what
was revised.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.actor import Actor
from hengtan.basis.border import json_file, shaped
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.whole_files import write_json

if TYPE_CHECKING:
    from hengtan.desk.monthly import Months
    from hengtan.workspace.workspace import Workspace


def folder_of(workspace: Workspace) -> Path:
    """Where a workspace keeps its frozen issues."""
    return workspace.folder / "bulletins"


def issues(workspace: Workspace) -> list[dict[str, Any]]:
    """The frozen issues in their order, each held against its digest and its predecessor's.

    Raises HengtanError where one was changed or is missing.
    """
    checked: list[dict[str, Any]] = []
    chain = ""
    for path in sorted(folder_of(workspace).glob("*.json"), key=lambda p: p.name):
        issue = json_file(path)
        with shaped(Where(path.name)):
            digest = issue.pop("digest", "")
            holds = _digest(issue) == digest and issue.get("before", "") == chain
        if not holds:
            raise HengtanError(
                f"通报存档“{path.name}”被改动过，或前一期缺失",
                f"issue '{path.name}' was changed, or the one before it is missing",
                todo="从备份恢复该文件",
                todo_en="restore the file from a backup",
            )
        checked.append({**issue, "digest": digest})
        chain = digest
    return checked


def listed(workspace: Workspace) -> list[dict[str, Any]]:
    """Number, period, day, editor, ledger head and digest of each frozen issue."""
    columns = ("issue", "period_zh", "made_on", "by", "ledger_head", "digest")
    return [{column: issue[column] for column in columns} for issue in issues(workspace)]


def previous(workspace: Workspace, year: int, month: int) -> dict[str, Any] | None:
    """The last frozen issue before a period."""
    earlier = [i for i in issues(workspace) if (i["year"], i["month"]) < (year, month)]
    return earlier[-1] if earlier else None


def freeze(
    workspace: Workspace, bulletin: Mapping[str, Any], actor: Actor, *, note: str = ""
) -> Path:
    """Keep a bulletin as an issue that is not changed any more.

    Raises HengtanError where its period, or a later one, is frozen already.
    """
    earlier = issues(workspace)
    last = earlier[-1] if earlier else None
    if last and (last["year"], last["month"]) >= (bulletin["year"], bulletin["month"]):
        raise HengtanError(
            f"{last['period_zh']}的通报已存档，不能再存{bulletin['period_zh']}的",
            f"{last['period']} is frozen already",
            todo="修订内容在下一期列出",
            todo_en="revisions are told in the next issue",
        )
    issue = {
        **json.loads(json.dumps(bulletin, default=str)),
        "issue": len(earlier) + 1,
        "by": actor.name,
        "note": note,
        "before": last["digest"] if last else "",
    }
    if actor.behalf:
        issue["behalf"] = actor.behalf
    folder = folder_of(workspace)
    name = f"{issue['issue']:04d}-{bulletin['year']}-{bulletin['month']:02d}.json"
    return write_json(folder / name, {**issue, "digest": _digest(issue)})


def _digest(issue: Mapping[str, Any]) -> str:
    text = json.dumps(issue, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def figures_kept(months: Months, year: int) -> dict[str, dict[str, float]]:
    """Figures of a year and the one before as an issue keeps them: "place|year|month" → field →
    value.
    """
    return {
        f"{place}|{of_year}|{month}": {k: v for k, v in asdict(figures).items() if v is not None}
        for (place, of_year, month), figures in sorted(months.items())
        if of_year in (year, year - 1)
    }


def revised(
    last: Mapping[str, Any] | None, months: Months, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What changed since an issue in the figures it kept; the new value is None where one was taken
    back.
    """
    from hengtan.desk.monthly import FIELDS_ZH, GROWTHS
    from hengtan.plan.monthly import Figures

    changes = []
    for key, fields in (last or {}).get("figures", {}).items():
        place, year, month = key.split("|")
        now = asdict(months.get((place, int(year), int(month)), Figures()))
        for name, old, new in _changed(fields, now):
            changes.append(
                {
                    "place": place,
                    "name_zh": names.get(place, place),
                    "period_zh": f"{year}年1—{month}月",
                    "field": name,
                    "field_zh": FIELDS_ZH[name],
                    "old": old,
                    "new": new,
                    "share": name in GROWTHS,
                }
            )
    return sorted(changes, key=lambda c: (c["place"], c["period_zh"], c["field"]))


def _changed(
    kept: Mapping[str, float], now: Mapping[str, float | None]
) -> Iterator[tuple[str, float, float | None]]:
    from hengtan.desk.monthly import AMOUNTS, GROWTHS

    for name in (*AMOUNTS, *GROWTHS):
        old, new = kept.get(name), now[name]
        if old is not None and not _same(old, new):
            yield name, old, new


def _same(old: float, new: float | None) -> bool:
    return new is not None and math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-12)
