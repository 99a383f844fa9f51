"""What the pages of the verdict show: forecasts, the bulletin with its tiles and budgets, assessments kept in the workspace."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.desk import bulletin
from hengtan.desk.forecast import Forecasts
from hengtan.plan.budget.execute import execution
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

TONNES = 1e4
"""Monthly CO2 is reported in 10⁴ t, budgets in t."""


def forecasts_view(workspace: Workspace, as_of: AsOf | None = None) -> dict[str, Any]:
    """The forecast of every target."""
    return {"rows": Forecasts(workspace, as_of).of_targets()}


def bulletin_view(
    workspace: Workspace, period: str | None = None, as_of: AsOf | None = None
) -> dict[str, Any]:
    """The bulletin of a period (the latest held where none is asked), periods there are, frozen issues, tiles, budgets; without monthly figures the tiles of a yearly indicator."""
    as_of = as_of or AsOf.of()
    held, _ = bulletin.months_of(workspace, as_of)
    periods = sorted({(y, m) for _, y, m in held}, reverse=True)
    names = {r["place"]: r["name_zh"] for r in workspace.pack.rows("places")}
    english = {r["place"]: r["name_en"] for r in workspace.pack.rows("places")}
    view: dict[str, Any] = {
        "periods": [f"{y}-{m:02d}" for y, m in periods[:24]],
        "bulletin": None,
        "issues": [
            {
                "issue": i["issue"],
                "period": f"{i['year']}-{i['month']:02d}",
                "period_zh": i["period_zh"],
            }
            for i in bulletin.issues(workspace)
        ],
        "names_en": english,
        "budgets": [],
        "series": None,
    }
    if periods:
        view["bulletin"] = bulletin.make(workspace, period or view["periods"][0], as_of=as_of)
        view["budgets"] = budgets(
            workspace, as_of, view["bulletin"]["year"], view["bulletin"]["month"]
        )
    else:
        view["series"] = _widest(workspace, as_of, names, english)
    places = (
        [r["place"] for r in view["bulletin"]["districts"]]
        if view["bulletin"]
        else [r["place"] for r in view["series"]["rows"]]
        if view["series"]
        else []
    )
    view["tiles"] = tiles(workspace, places)
    view["tile_names"] = {p: (names.get(p, p), english.get(p, p)) for p in view["tiles"]}
    return view


def tiles(workspace: Workspace, places: list[str]) -> dict[str, tuple[int, int]]:
    """Row and column of each place: of the pack's map where it has one for all of them, else side by side in the order of their codes. Places of the map without a figure are in it too."""
    known = {r["place"]: (r["row"], r["column"]) for r in workspace.pack.rows("map_tiles")}
    if places and all(p in known for p in places):
        return known
    wide = max(int(len(places) ** 0.5 + 0.999), 1)
    return {p: (n // wide, n % wide) for n, p in enumerate(sorted(places))}


def _widest(
    workspace: Workspace, as_of: AsOf, names: dict[str, str], english: dict[str, str]
) -> dict[str, Any] | None:
    """The yearly indicator held for most places of the map, in its latest common year."""
    on_map = {r["place"] for r in workspace.pack.rows("map_tiles")}
    rows = [
        r
        for r in workspace.execute("plan_series", as_of).to_pylist()
        if r["won"]
        and r["place"] in on_map
        and r["period_kind"] == "year"
        and r["value"] is not None
        and r["nature"] == "outturn"
    ]
    if not rows:
        return None
    (series, year), _ = max(
        Counter((r["reported_as"], r["year"]) for r in rows).items(),
        key=lambda item: (item[1], item[0][1]),
    )
    about = {r["series"]: r for r in workspace.pack.rows("series")}.get(series)
    held = {r["place"]: r for r in rows if r["reported_as"] == series and r["year"] == year}
    return {
        "series": series,
        "name_zh": about["name_zh"] if about else series,
        "name_en": about["name_en"] if about else series,
        "year": year,
        "unit": next(iter(held.values()))["unit"],
        "rows": [
            {
                "place": p,
                "name_zh": names.get(p, p),
                "name_en": english.get(p, p),
                "value": r["value"],
                "source": r["source_title"],
            }
            for p, r in sorted(held.items())
        ],
    }


def budgets(workspace: Workspace, as_of: AsOf, year: int, month: int) -> list[dict[str, Any]]:
    """Of each place with a budget of the year and CO2 by month: how it is spent. Months are differences of cumulative figures; a place with a month missing is left out."""
    held, _ = bulletin.months_of(workspace, as_of)
    names = {r["place"]: r["name_zh"] for r in workspace.pack.rows("places")}
    view = workspace.ledger.effective(
        "carbon_budgets", known_on=as_of.known_on, schema=workspace.form("carbon_budgets").schema()
    )
    made = []
    for r in workspace.ledger.query(
        f'select * from memory.main."{view}" where year = ? and sector is null and entity is null order by place',
        [year],
    ):
        place = r["place"]
        months = _months(held, place, year, month)
        if months is None or not r["budget"]:
            continue
        last = _months(held, place, year - 1, 12)
        profile = [x / sum(last) for x in last] if last and sum(last) > 0 else None
        done = execution(year, r["budget"], months, profile)
        made.append(
            {
                "place": place,
                "name_zh": names.get(place, place),
                "year": year,
                "budget": r["budget"],
                "expected": done.expected,
                "rate": done.rate,
                "runs_out": done.runs_out.isoformat() if done.runs_out else None,
                "months": [vars(m) for m in done.months],
                "basis": r["source_title"],
            }
        )
    return made


def _months(held: bulletin.Months, place: str, year: int, month: int) -> list[float] | None:
    totals = []
    for m in range(1, month + 1):
        figures = held.get((place, year, m))
        if figures is None or figures.co2 is None:
            return None
        totals.append(figures.co2 * TONNES)
    single = [b - a for a, b in zip([0.0, *totals], totals, strict=False)]
    return None if min(single, default=0) < 0 else single


def assess_view(workspace: Workspace) -> dict[str, Any]:
    """The workbooks of the folder ``assessments``: results, and odds where the file's name holds a year ahead of its figures (双碳考核_2027.xlsx). One that cannot be read says why."""
    import re

    from hengtan.assessment.evaluate import evaluate, grade_name
    from hengtan.assessment.law import law_of
    from hengtan.assessment.scoring import DUAL_CARBON_GRADES
    from hengtan.desk.assessment_odds import odds, with_ledger
    from hengtan.workbooks.assessment import read_links, read_workbook

    made: list[dict[str, Any]] = []
    forecasts: Forecasts | None = None
    law = law_of(workspace.pack)
    for path in sorted((workspace.folder / "assessments").glob("*.xlsx")):
        if path.name.startswith((".", "~")):
            continue
        year = re.search(r"(20\d\d)", path.stem)
        one: dict[str, Any] = {
            "file": path.name,
            "title": path.stem,
            "year": int(year.group(1)) if year else None,
            "results": [],
            "odds": [],
            "refused": "",
            "grades": [],
        }
        try:
            forecasts = forecasts or Forecasts(workspace)
            scheme, assessed = read_workbook(path)
            if one["year"]:
                assessed = with_ledger(scheme, assessed, read_links(path), forecasts, one["year"])[
                    0
                ]
            one |= {
                "title": scheme.title,
                "results": [r.as_dict() for r in evaluate(scheme, assessed, law)],
                "grades": [grade_name(grade) for grade in DUAL_CARBON_GRADES]
                if scheme.rule == "dual_carbon"
                else [g for g, _ in scheme.grades],
            }
            if one["year"] and scheme.rule in ("dual_carbon", "points") and one["grades"]:
                one["odds"] = [
                    r.as_dict() for r in odds(path, forecasts, one["year"], number=20_000)[1]
                ]
        except HengtanError as error:
            one["refused"] = str(error)
        made.append(one)
    return {"workbooks": made}
