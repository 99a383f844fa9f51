"""The monthly bulletin from the ledger: figures of every district, verdicts, causes, key units, nowcasts, what was revised since the last frozen issue; and the freezing of issues."""

from __future__ import annotations

import calendar
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hengtan.basis.errors import HengtanError
from hengtan.basis.period import Period
from hengtan.basis.words import Words
from hengtan.plan.formulas import over_plan
from hengtan.plan.monthly import (
    Causes,
    Figures,
    Goal,
    Verdict,
    causes,
    growth_between,
    judge,
    ranked,
)
from hengtan.plan.verdict_parameters import Slack, verdict_parameters
from hengtan.plan.warning import Row, backtest, chance_of_red, nowcasts, threshold_for
from hengtan.workspace.asof import AsOf

if TYPE_CHECKING:
    from hengtan.workspace.workspace import Workspace

AMOUNTS = ("energy", "gdp", "industry_energy", "electricity", "coal", "co2")
GROWTHS = ("energy_growth", "gdp_growth", "industry_growth")
FIELDS_ZH = {
    "energy": "能源消费总量",
    "energy_growth": "能源消费增速",
    "gdp": "地区生产总值",
    "gdp_growth": "地区生产总值增速",
    "industry_energy": "规上工业综合能源消费量",
    "industry_growth": "规上工业增加值增速",
    "electricity": "全社会用电量",
    "coal": "煤炭消费量",
    "co2": "能源活动二氧化碳排放",
}
LIGHTS = {1: "红", 2: "橙", 3: "绿"}
WORDS = Words.of("hengtan.plan")
Months = dict[tuple[str, int, int], Figures]


def cumulative(text: str) -> tuple[int, int]:
    """Year and month of a cumulative period: 2025-06, 2025年1-6月, 2025-01..06 and 2025年上半年 are January to June. Raises HengtanError for a period that does not start in January or end with a month."""
    period = Period.read(text)
    ok = period.kind in ("month", "cumulative", "year") or (
        period.kind in ("quarter", "half") and period.start.month == 1
    )
    if not ok:
        raise HengtanError(
            f"“{text}”不是1月起的累计时期",
            f"'{text}' is no cumulative period",
            todo="写成 2025-06 或 2025年1-6月",
            todo_en="write 2025-06 or 2025-01..06",
        )
    return period.end.year, period.end.month


def _rows(workspace: Workspace, form: str, as_of: AsOf) -> list[dict[str, Any]]:
    view = workspace.ledger.effective(
        form, known_on=as_of.known_on, schema=workspace.form(form).schema()
    )
    return list(
        workspace.ledger.query(
            f'select * from memory.main."{view}" order by _approved_at, _submission, _row'
        )
    )


def months_of(
    workspace: Workspace, as_of: AsOf
) -> tuple[Months, dict[tuple[str, int, int], dict[str, Any]]]:
    """Figures by (place, year, month) of cumulative periods, field by field the latest approved; a single January is its cumulative. And the ledger row of each."""
    made: dict[tuple[str, int, int], dict[str, float]] = {}
    rows: dict[tuple[str, int, int], dict[str, Any]] = {}
    for r in _rows(workspace, "monthly_figures", as_of):
        start, end = r["period_start"], r["period_end"]
        if start.month != 1 or start.day != 1 or (r["period_kind"] == "month" and end.month != 1):
            continue
        key = (r["place"], end.year, end.month)
        held = made.setdefault(key, {})
        for name in (*AMOUNTS, *GROWTHS):
            if r[name] is not None:
                held[name] = r[name] / 100 if name in GROWTHS else r[name]
        rows[key] = {
            "submission": r["_submission"],
            "row": r["_row"],
            "demo": bool(r["_demo"]),
            "source": r["source_title"],
        }
    return {key: Figures(**held) for key, held in made.items()}, rows


def goals_of(workspace: Workspace, as_of: AsOf, kind: str = "energy") -> dict[str, list[Goal]]:
    """Goals by place."""
    found: dict[str, list[Goal]] = {}
    for r in _rows(workspace, "intensity_goals", as_of):
        if r["goal_kind"] == kind:
            share = {
                n: None if r[n] is None else r[n] / 100
                for n in ("goal_cut", "done_cut", "growth_allowed")
            }
            found.setdefault(r["place"], []).append(
                Goal(
                    int(r["base_year"]),
                    int(r["goal_year"]),
                    float(share["goal_cut"] or 0.0),
                    None if r["done_year"] is None else int(r["done_year"]),
                    share["done_cut"],
                    share["growth_allowed"],
                )
            )
    return found


def _goal(goals: Mapping[str, list[Goal]], place: str, year: int) -> Goal | None:
    return next((g for g in goals.get(place, []) if g.base_year < year <= g.goal_year), None)


def make(
    workspace: Workspace, period: str, *, as_of: AsOf | None = None, gdp_from: str | None = None
) -> dict[str, Any]:
    """The bulletin of a cumulative period, as one mapping that the Word, Excel and web forms show.

    ``gdp_from``: a declared stand-in for the growth of GDP where the period has none (the last quarter's), shown wherever it is used. Raises HengtanError where there are no figures of the period.
    """
    as_of = as_of or AsOf.of()
    year, month = cumulative(period)
    held, sources = months_of(workspace, as_of)
    names = {r["place"]: r["name_zh"] for r in workspace.pack.rows("places")}
    region = workspace.settings.region
    parents = {r["place"]: r["parent"] for r in workspace.pack.rows("places")}
    places = sorted({p for p, y, _ in held if parents.get(p) == region and y == year})
    current = [p for p in places if (p, year, month) in held]
    if not current and (region, year, month) not in held:
        known = sorted({f"{y}年1—{m}月" for _, y, m in held})
        raise HengtanError(
            f"没有{year}年1—{month}月的数据",
            f"no figures of {year}-01..{month:02d}",
            todo=f"先导入 monthly_figures；现有：{'、'.join(known[-6:]) or '无'}",
            todo_en="import monthly_figures first",
        )
    stand_in = cumulative(gdp_from) if gdp_from else None
    now: dict[str, Figures] = {}
    used_stand_in: list[str] = []
    for place in {*places, region}:
        figures = held.get((place, year, month), Figures())
        if (
            figures.gdp_growth is None
            and stand_in
            and (place, *stand_in) in held
            and (place, year, month) in held
        ):
            other = held[place, stand_in[0], stand_in[1]].gdp_growth
            if other is not None:
                figures = replace(figures, gdp_growth=other)
                used_stand_in.append(place)
        now[place] = figures
    before = {place: held.get((place, year - 1, month), Figures()) for place in now}
    if now[region] == Figures() and current:
        now[region], before[region] = _summed(
            [now[p] for p in current], [before[p] for p in current]
        )
    goals = goals_of(workspace, as_of)
    parameters = verdict_parameters(workspace.pack, date(year, month, 1), region)
    slack = Slack.of(parameters)
    verdicts = {
        place: judge(place, year, now[place], before[place], _goal(goals, place, year), slack)
        for place in now
    }
    ranks, last = ranked({p: verdicts[p].change for p in places}), previous(workspace, year, month)
    last_ranks = {row["place"]: row["rank"] for row in last["districts"]} if last else {}
    districts = [
        _row(
            replace(verdicts[p], rank=ranks[p], last_rank=last_ranks.get(p)),
            names,
            held,
            year,
            month,
        )
        for p in places
    ]
    whole = [p for p in current if causes([p], now, before) is not None]
    why = causes(whole, now, before)
    made = {
        "region": region,
        "region_zh": names.get(region, region),
        "year": year,
        "month": month,
        "period": f"{year}-01..{month:02d}",
        "period_zh": f"{year}年1—{month}月" if month > 1 else f"{year}年1月",
        "city": _row(verdicts[region], names, held, year, month),
        "districts": sorted(
            districts, key=lambda r: (r["rank"] is None, r["rank"] or 0, r["place"])
        ),
        "causes": _causes(why, names, [p for p in places if p not in whole]),
        "units": _units(workspace, as_of, year, month),
        "nowcast": _nowcast(
            held, parents, region, names, (year, month), parameters.value("warning.most_false")
        ),
        "stand_in": {"period": gdp_from, "places": [names.get(p, p) for p in sorted(used_stand_in)]}
        if used_stand_in
        else None,
        "revised": revised(last, held, names),
        "previous": {
            "period_zh": last["period_zh"],
            "issue": last["issue"],
            "digest": last["digest"],
        }
        if last
        else None,
        "issue": (last["issue"] + 1) if last else 1,
        "figures": _figures(held, year),
        "sources": [
            {"place": p, "period": f"{y}-01..{m:02d}", **sources[p, y, m]}
            for p, y, m in sorted(sources)
            if y == year and m == month
        ],
        "ledger_head": workspace.ledger.head(),
        "made_on": as_of.judged_on.isoformat(),
        "demo": any(s["demo"] for (_, y, m), s in sources.items() if (y, m) == (year, month)),
        "workspace": workspace.settings.title_zh,
    }
    return made


def _summed(now: list[Figures], before: list[Figures]) -> tuple[Figures, Figures]:
    """The whole as the sum of its districts where every one is known; growth of GDP from the sums at the prices of the year before."""

    def total(rows: list[Figures], name: str) -> float | None:
        values = [getattr(r, name) for r in rows]
        return None if any(v is None for v in values) else float(sum(values))

    grown = None
    if all(
        b.gdp is not None and n.gdp_growth is not None for n, b in zip(now, before, strict=True)
    ):
        grown = (
            sum(b.gdp * (1 + n.gdp_growth) for n, b in zip(now, before, strict=True))
            / sum(b.gdp for b in before)
            - 1
        )  # type: ignore[operator,misc]
    return Figures(**{name: total(now, name) for name in AMOUNTS}, gdp_growth=grown), Figures(
        **{name: total(before, name) for name in AMOUNTS}
    )


def _row(
    v: Verdict, names: Mapping[str, str], held: Months, year: int, month: int
) -> dict[str, Any]:
    """A verdict as a row, with the month alone as the difference of two cumulatives (it says so by its name)."""
    alone: dict[str, float | None] = {}
    for name in ("energy", "electricity"):
        now, last = (_alone(held, v.place, y, month, name) for y in (year, year - 1))
        alone[f"{name}_month"] = now
        alone[f"{name}_month_growth"] = growth_between(now, last)
    moved = v.last_rank - v.rank if v.rank and v.last_rank else None
    return {
        **asdict(v),
        "growth_basis": WORDS.say(v.growth_basis) if v.growth_basis else "",
        "missing": [WORDS.say(code) for code in v.missing],
        "name_zh": names.get(v.place, v.place),
        **alone,
        "rank_moved": moved,
        "light_zh": LIGHTS.get(v.light or 0, ""),
        "total_light_zh": LIGHTS.get(v.total_light or 0, ""),
    }


def _alone(held: Months, place: str, year: int, month: int, name: str) -> float | None:
    now = held.get((place, year, month))
    value = getattr(now, name) if now else None
    if month == 1 or value is None:
        return value
    before = held.get((place, year, month - 1))
    earlier = getattr(before, name) if before else None
    return None if earlier is None else value - earlier


def _causes(
    why: Causes | None, names: Mapping[str, str], left_out: list[str]
) -> dict[str, Any] | None:
    """Causes over the districts whose figures are whole; those left out are named."""
    if why is None:
        return None
    order = sorted(why.by_place.items(), key=lambda item: item[1])
    return {
        "change": why.change,
        "activity": why.activity,
        "structure": why.structure,
        "intensity": why.intensity,
        "left_out": [names.get(p, p) for p in left_out],
        "by_place": [{"name_zh": names.get(p, p), "intensity": x} for p, x in order],
    }


def _units(workspace: Workspace, as_of: AsOf, year: int, month: int) -> list[dict[str, Any]]:
    """Key units beyond their plan of the days so far, the farthest first; and how many reported stands in each row's ``of``."""
    found: dict[str, dict[str, Any]] = {}
    for r in _rows(workspace, "key_unit_months", as_of):
        if (
            r["period_start"].month == 1
            and r["period_end"].year == year
            and r["period_end"].month == month
            and r["plan"]
        ):
            found[r["entity"]] = r
    days, whole = (
        (date(year, month, calendar.monthrange(year, month)[1]) - date(year, 1, 1)).days + 1,
        366 if calendar.isleap(year) else 365,
    )
    names = {r["place"]: r["name_zh"] for r in workspace.pack.rows("places")}
    rows = [
        {
            "entity": e,
            "name": r["entity_name"],
            "place_zh": names.get(r["place"], r["place"]),
            "energy": r["energy"],
            "plan": r["plan"],
            "over": over_plan(r["energy"], r["plan"], days, whole),
            "of": len(found),
        }
        for e, r in found.items()
    ]
    return sorted((r for r in rows if r["over"] > 0), key=lambda r: -r["over"])


def _nowcast(
    held: Months,
    parents: Mapping[str, str | None],
    region: str,
    names: Mapping[str, str],
    period: tuple[int, int],
    most_false: float,
) -> dict[str, Any]:
    """Nowcasts of districts whose energy is not out, and warnings at the threshold that a backtest
    found, with at most ``most_false`` of them false.
    """
    year, month = period

    def change(f: Figures | None, b: Figures | None, name: str) -> float | None:
        now, then = (getattr(x, name) if x else None for x in (f, b))
        return growth_between(now, then)

    rows: list[Row] = []
    at: dict[tuple[int, int], int] = {}
    for (place, y, m), f in sorted(
        held.items(), key=lambda item: (item[0][1], item[0][2], item[0][0])
    ):
        if parents.get(place) != region or (y, m) > (year, month):
            continue
        b = held.get((place, y - 1, m))
        energy = f.energy_growth if f.energy_growth is not None else change(f, b, "energy")
        count = at.setdefault((y, m), y * 12 + m)
        rows.append(
            Row(
                place,
                count,
                energy,
                change(f, b, "electricity"),
                change(f, b, "coal"),
                f.industry_growth,
                f.gdp_growth,
            )
        )
    open_rows, past = nowcasts(rows)
    judged = [(r, n) for r, n in past if r.gdp is not None and not math.isnan(n.error)]
    chances = [chance_of_red(n.growth, n.error, r.gdp) for r, n in judged if r.gdp is not None]
    red = [r.energy is not None and r.gdp is not None and r.energy >= r.gdp for r, n in judged]
    rule = threshold_for(chances, red, most_false) if chances else None
    errors = [
        abs(r.energy - n.growth)
        for r, n in past
        if r.energy is not None and not math.isnan(n.error)
    ]
    gdp = {(r.place, r.at): r.gdp for r in rows}
    told = []
    for n in open_rows:
        if n.at != year * 12 + month:
            continue
        g = gdp[n.place, n.at]
        chance = (
            chance_of_red(n.growth, n.error, g)
            if g is not None and not math.isnan(n.error)
            else None
        )
        told.append(
            {
                "place": n.place,
                "name_zh": names.get(n.place, n.place),
                "growth": n.growth,
                "error": None if math.isnan(n.error) else n.error,
                "drivers": list(n.drivers),
                "chance_of_red": chance,
                "warned": None if chance is None or rule is None else chance >= rule.threshold,
            }
        )
    half = backtest(chances, red, 0.5) if chances else None
    return {
        "rows": told,
        "mean_error": sum(errors) / len(errors) if errors else None,
        "errors": len(errors),
        "rule": None
        if rule is None
        else {
            "threshold": rule.threshold,
            "warned": rule.warned,
            "false": rule.false,
            "false_interval": list(rule.false_interval),
            "reds": rule.reds,
            "hit": rule.hit,
            "cases": rule.cases,
        },
        "at_half": None
        if half is None
        else {
            "warned": half.warned,
            "false": half.false,
            "reds": half.reds,
            "hit": half.hit,
            "cases": half.cases,
        },
    }


# frozen issues


def folder_of(workspace: Workspace) -> Path:
    """Where a workspace keeps its frozen issues."""
    return workspace.folder / "bulletins"


def issues(workspace: Workspace) -> list[dict[str, Any]]:
    """The frozen issues in their order, each held against its digest and its predecessor's. Raises HengtanError where one was changed or is missing."""
    found, chain = [], ""
    for path in sorted(folder_of(workspace).glob("*.json"), key=lambda p: p.name):
        issue = json.loads(path.read_text(encoding="utf-8"))
        digest = issue.pop("digest", "")
        if _digest(issue) != digest or issue.get("before", "") != chain:
            raise HengtanError(
                f"通报存档“{path.name}”被改动过，或前一期缺失",
                f"issue '{path.name}' was changed, or the one before it is missing",
                todo="从备份恢复该文件",
                todo_en="restore the file from a backup",
            )
        found.append({**issue, "digest": digest})
        chain = digest
    return found


def _digest(issue: Mapping[str, Any]) -> str:
    return hashlib.sha256(
        json.dumps(issue, ensure_ascii=False, sort_keys=True).encode("utf-8")
    ).hexdigest()


def previous(workspace: Workspace, year: int, month: int) -> dict[str, Any] | None:
    """The last frozen issue before a period."""
    held = [i for i in issues(workspace) if (i["year"], i["month"]) < (year, month)]
    return held[-1] if held else None


def freeze(workspace: Workspace, bulletin: Mapping[str, Any], *, by: str, note: str = "") -> Path:
    """Keep a bulletin as an issue that is not changed any more. Raises HengtanError where its period, or a later one, is frozen already."""
    held = issues(workspace)
    if held and (held[-1]["year"], held[-1]["month"]) >= (bulletin["year"], bulletin["month"]):
        raise HengtanError(
            f"{held[-1]['period_zh']}的通报已存档，不能再存{bulletin['period_zh']}的",
            f"{held[-1]['period']} is frozen already",
            todo="修订内容在下一期列出",
            todo_en="revisions are told in the next issue",
        )
    issue = {
        **json.loads(json.dumps(bulletin, default=str)),
        "issue": len(held) + 1,
        "by": by,
        "note": note,
        "before": held[-1]["digest"] if held else "",
    }
    folder_of(workspace).mkdir(parents=True, exist_ok=True)
    path = (
        folder_of(workspace)
        / f"{issue['issue']:04d}-{bulletin['year']}-{bulletin['month']:02d}.json"
    )
    staged = path.with_suffix(".part")
    staged.write_text(
        json.dumps({**issue, "digest": _digest(issue)}, ensure_ascii=False, indent=1),
        encoding="utf-8",
    )
    staged.replace(path)
    return path


def _figures(held: Months, year: int) -> dict[str, dict[str, float]]:
    """Figures of a year and the one before as kept in an issue: "place|year|month" → field → value."""
    return {
        f"{p}|{y}|{m}": {k: v for k, v in asdict(f).items() if v is not None}
        for (p, y, m), f in sorted(held.items())
        if y in (year, year - 1)
    }


def revised(
    last: Mapping[str, Any] | None, held: Months, names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What changed since an issue in the figures it held: the old and the new value, or None where a value was taken back."""
    changes = []
    for key, fields in (last or {}).get("figures", {}).items():
        place, year, month = key.split("|")
        now = asdict(held.get((place, int(year), int(month)), Figures()))
        for name in (*AMOUNTS, *GROWTHS):
            old, new = fields.get(name), now[name]
            if (
                old != new
                and not (
                    old is not None
                    and new is not None
                    and math.isclose(old, new, rel_tol=1e-9, abs_tol=1e-12)
                )
                and old is not None
            ):
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
