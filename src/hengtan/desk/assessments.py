"""Assessment workbooks that a workspace keeps in its folder ``assessments``, as the page shows
them.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.assessment.evaluate import evaluate, grade_name
from hengtan.assessment.law import law_of
from hengtan.assessment.scoring import DUAL_CARBON_GRADES
from hengtan.basis.actor import Actor
from hengtan.basis.border import json_lines
from hengtan.basis.errors import HengtanError, Where
from hengtan.basis.whole_files import write_whole
from hengtan.desk.assessment import with_ledger
from hengtan.desk.assessment_odds import odds
from hengtan.desk.forecast import Forecasts
from hengtan.desk.plan_reading import now
from hengtan.workbooks.assessment import read_links, read_workbook

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

FOLDER, RECORD, EARLIER = "assessments", "kept.jsonl", ".earlier"
PAGE_DRAWS = 20_000
"""Draws for the odds that the page shows; the command line takes more."""


def assess_view(workspace: Workspace) -> dict[str, Any]:
    """Results of the workbooks in the folder ``assessments``; one that cannot be read says why.

    Odds are given where the file's name holds a year ahead of its figures (双碳考核_2027.xlsx).
    """
    paths = [
        path
        for path in sorted((workspace.folder / FOLDER).glob("*.xlsx"))
        if not path.name.startswith((".", "~"))
    ]
    if not paths:
        return {"workbooks": []}
    forecasts, kept_by = Forecasts(workspace), _kept_by(workspace)
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    shown = [_shown(path, forecasts) for path in paths]
    return {
        "workbooks": [
            book | {"kept": kept_by.get(digest)}
            for book, digest in zip(shown, digests, strict=True)
        ]
    }


def keep_workbook(workspace: Workspace, path: Path, actor: Actor) -> str:
    """Keep a workbook in the folder ``assessments``, with who kept it; gives its name there.

    A workbook of the same name is replaced and stays in ``.earlier``. Raises HengtanError for one
    that cannot be read; nothing is written then.
    """
    if path.suffix.lower() != ".xlsx":
        raise HengtanError(
            "考核评价页只收 .xlsx 工作簿",
            "the page of assessments takes .xlsx",
            where=Where(path.name),
            todo="另存为 .xlsx 后再传",
            todo_en="save it as .xlsx and send it again",
        )
    read_workbook(path)
    name = path.name.lstrip(".~") or "assessment.xlsx"
    content = path.read_bytes()
    folder = workspace.folder / FOLDER
    kept, record = folder / name, folder / RECORD
    if kept.is_file() and kept.read_bytes() != content:
        digest = hashlib.sha256(kept.read_bytes()).hexdigest()
        write_whole(folder / EARLIER / f"{digest[:16]}_{name}", kept.read_bytes())
    entry = {
        "file": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "by": actor.name,
        "at": now(),
    }
    lines = record.read_text(encoding="utf-8") if record.is_file() else ""
    write_whole(kept, content)
    write_whole(record, lines + json.dumps(entry, ensure_ascii=False) + "\n")
    return name


def _kept_by(workspace: Workspace) -> dict[str, dict[str, str]]:
    """Who kept each workbook last, by its name and digest."""
    record = workspace.folder / FOLDER / RECORD
    entries = [entry for _, entry in json_lines(record)] if record.is_file() else []
    return {entry["sha256"]: entry for entry in entries if isinstance(entry, dict)}


def _shown(path: Path, forecasts: Forecasts) -> dict[str, Any]:
    year = re.search(r"(20\d\d)", path.stem)
    view: dict[str, Any] = {
        "file": path.name,
        "title": path.stem,
        "year": int(year.group(1)) if year else None,
        "results": [],
        "odds": [],
        "refused": "",
        "grades": [],
        "told": [],
    }
    try:
        return view | _judged(path, forecasts, view["year"])
    except HengtanError as error:
        return view | {"refused": str(error)}


def _judged(path: Path, forecasts: Forecasts, year: int | None) -> dict[str, Any]:
    scheme, assessed = read_workbook(path)
    if year:
        assessed, _ = with_ledger(scheme, assessed, read_links(path), forecasts, year)
    grades = (
        [grade_name(grade) for grade in DUAL_CARBON_GRADES]
        if scheme.rule == "dual_carbon"
        else [grade for grade, _ in scheme.grades]
    )
    view: dict[str, Any] = {
        "title": scheme.title,
        "results": [
            result.as_dict()
            for result in evaluate(scheme, assessed, law_of(forecasts.workspace.pack))
        ],
        "grades": grades,
        "told": [finding.zh for finding in scheme.findings],
    }
    if year and scheme.rule in ("dual_carbon", "points") and grades:
        _, rows = odds(path, forecasts, year, number=PAGE_DRAWS)
        view["odds"] = [row.as_dict() for row in rows]
    return view
