"""The verb forecast: every target to its deadline, or any yearly series to a year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, app, day, opened
from hengtan.cli.options import LanguageOption, grouped

if TYPE_CHECKING:
    from hengtan.desk.forecast import Forecasts


@dataclass(frozen=True)
class Ahead:
    """A yearly series to forecast instead of the targets: of which place, to which year."""

    series: Annotated[
        str | None, typer.Option("--series", help="改为预测一个年度序列，例如 pm25_annual")
    ] = None
    place: Annotated[str | None, typer.Option("--place", help="地区代码（与 --series 合用）")] = (
        None
    )
    until: Annotated[
        int | None,
        typer.Option("--until", help="预测到哪一年（与 --series 合用）", min=1990, max=2100),
    ] = None
    year_end: Annotated[
        bool,
        typer.Option("--year-end", help="改为看今年年底：空气还可超标天数、断面还可不优良个数"),
    ] = False
    ceiling: Annotated[
        float | None,
        typer.Option(
            "--ceiling",
            help="已知的上限（与 --series 合用），例如全部企业数：按逻辑斯蒂曲线趋近",
            min=0,
        ),
    ] = None


@app.command()
@grouped
def forecast(
    ahead: Ahead,
    targets: Annotated[list[str] | None, typer.Argument(help="目标编号；不给则全部目标")] = None,
    workspace: WorkspaceOption = None,
    plan: Annotated[str | None, typer.Option(help="只看一份规划")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写成 .xlsx")] = None,
    known_on: KnownOn = None,
    json: JsonOption = False,
    lang: LanguageOption = "zh",
) -> None:
    """预测每个目标到期的数值、区间和达到的可能性。Forecast every target to its deadline,
    with odds.
    """
    from hengtan.desk.forecast import Forecasts
    from hengtan.workspace.asof import AsOf

    with opened(workspace) as desk:
        if ahead.year_end:
            _year_end(desk, AsOf.of(day(known_on)), json)
            return
        forecasts = Forecasts(desk, AsOf.of(day(known_on)))
        if ahead.series:
            _series(forecasts, ahead, json)
            return
        rows = forecasts.of_targets(plan, only=targets)
        names = {place.code: place.name_en or place.name_zh for place in desk.pack.places()}
    if to:
        from hengtan.report.sheet.forecast import write_forecasts

        write_forecasts(rows, to, lang, names)
        show.say(f"已写出 {to}")
    elif json:
        show.say(show.as_json(rows))
    else:
        _table(rows)


YEAR_END = ["目标", "年份", "对象", "口径", "还允许", "往年", "守住", "可能性", "预计", "80%区间"]
THINGS = {"air": "超标天", "sections": "不优良断面"}


def _year_end(desk: Any, as_of: Any, json: bool) -> None:
    """What is still allowed this year, how past years went, and the odds by the forecast."""
    from hengtan.desk.year_end import year_ends

    rows = year_ends(desk, as_of)
    if json:
        show.say(show.as_json(rows))
        return
    show.plain_table([_year_end_line(row) for row in rows], YEAR_END)
    show.say("可能性由往年推算，整年不足四年的只给次数 | odds by past years, none below four")


def _year_end_line(row: dict[str, Any]) -> dict[str, Any]:
    chance = row["chance"]
    return {
        "目标": row["target_id"],
        "年份": row["year"],
        "对象": THINGS[row["kind"]],
        "口径": row.get("edition", ""),
        "还允许": row["allowed"],
        "往年": row["past_years"],
        "守住": row["kept"],
        "可能性": "—" if chance is None else f"{chance:.0%}",
        "预计": "—" if chance is None else f"{row['point']:.0f}",
        "80%区间": "—" if chance is None else f"{row['low']:.0f} — {row['high']:.0f}",
    }


def _series(forecasts: Forecasts, ahead: Ahead, json: bool) -> None:
    from hengtan.plan.forecast.outlook import as_dict

    if ahead.until is None:
        raise typer.BadParameter("--series 要和 --until 年份一起给")
    name = ahead.series or ""
    place = ahead.place or forecasts.workspace.settings.region
    series, outlook = forecasts.of_series(place, name, ahead.until, ceiling=ahead.ceiling)
    words = as_dict(outlook)
    if json:
        show.say(show.as_json({"place": place, "series": name, "unit": series.unit, **words}))
        return
    show.plain_table(
        [{"年份": p.year, "数值": p.value, "": "实绩"} for p in series.points],
        ["年份", "数值", ""],
    )
    columns = [f"{level}%区间" for level in (50, 80, 95)]
    show.plain_table(
        [
            {
                "年份": year.year,
                "预测": round(year.point, 4),
                **dict(zip(columns, (f"{a:.4g} — {b:.4g}" for a, b in year.bands), strict=True)),
            }
            for year in outlook.years
        ],
        ["年份", "预测", *columns],
    )
    method = words["method_zh"] or "—"
    show.say(f"单位 {series.unit}；方法：{method}（{words['reason']}）")
    for note in words["notes"]:
        show.say(f"  {note}")


COLUMNS = [
    "目标",
    "指标",
    "到期",
    "目标值",
    "预测",
    "80%区间",
    "达到的可能性",
    "每年还需",
    "说明",
]


def _table(rows: list[dict[str, Any]]) -> None:
    show.plain_table([_line(row) for row in rows], COLUMNS)
    forecast_rows = [row for row in rows if row["chance"] is not None]
    show.say(
        f"共{len(rows)}个目标，{len(forecast_rows)}个有预测；其余数值不足四个或没有同口径序列，"
        "只给所需速度 | needed pace only where the series is short"
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    band = row["bands"].get("80")
    return {
        "目标": row["target_id"],
        "指标": row["indicator_zh"],
        "到期": row["deadline"],
        "目标值": f"{row['goal']:g}{row['unit']}",
        "预测": _rounded(row["point"]),
        "80%区间": f"{band[0]:.4g}—{band[1]:.4g}" if band else "",
        "达到的可能性": "" if row["chance"] is None else f"{row['chance']:.0%}",
        "每年还需": _rounded(row["needed_pace"]),
        "说明": row["forecast_state_zh"],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
