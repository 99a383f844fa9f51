"""Assessment workbooks that a workspace keeps in its folder ``assessments``, as the page shows
them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.assessment.evaluate import evaluate, grade_name
from hengtan.assessment.law import law_of
from hengtan.assessment.scoring import DUAL_CARBON_GRADES
from hengtan.basis.errors import HengtanError
from hengtan.desk.assessment import with_ledger
from hengtan.desk.assessment_odds import odds
from hengtan.desk.forecast import Forecasts
from hengtan.workbooks.assessment import read_links, read_workbook

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

PAGE_DRAWS = 20_000
"""Draws for the odds that the page shows; the command line takes more."""


def assess_view(workspace: Workspace) -> dict[str, Any]:
    """Results of the workbooks in the folder ``assessments``; one that cannot be read says why.

    Odds are given where the file's name holds a year ahead of its figures (双碳考核_2027.xlsx).
    """
    paths = [
        path
        for path in sorted((workspace.folder / "assessments").glob("*.xlsx"))
        if not path.name.startswith((".", "~"))
    ]
    if not paths:
        return {"workbooks": []}
    forecasts = Forecasts(workspace)
    return {"workbooks": [_shown(path, forecasts) for path in paths]}


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
