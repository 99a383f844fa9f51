"""The verb forecast: every target to its deadline, or any yearly series to a year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hengtan.cli import show
from hengtan.cli.app import JsonOption, KnownOn, WorkspaceOption, app, day, opened


@app.command()
def forecast(
    targets: Annotated[list[str] | None, typer.Argument(help="目标编号；不给则全部目标")] = None,
    workspace: WorkspaceOption = None,
    series: Annotated[
        str | None, typer.Option("--series", help="改为预测一个年度序列，例如 pm25_annual")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="地区代码（与 --series 合用）")
    ] = None,
    until: Annotated[
        int | None,
        typer.Option("--until", help="预测到哪一年（与 --series 合用）", min=1990, max=2100),
    ] = None,
    ceiling: Annotated[
        float | None,
        typer.Option(
            "--ceiling",
            help="已知的上限（与 --series 合用），例如全部企业数：按逻辑斯蒂曲线趋近",
            min=0,
        ),
    ] = None,
    plan: Annotated[str | None, typer.Option(help="只看一份规划")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="写成 .xlsx")] = None,
    known_on: KnownOn = None,
    json: JsonOption = False,
) -> None:
    """预测每个目标到期的数值、区间和达到的可能性。Forecast every target to its deadline, with odds."""
    from hengtan.desk.forecast import Forecasts
    from hengtan.workspace.asof import AsOf

    with opened(workspace) as found:
        made = Forecasts(found, AsOf.of(day(known_on)))
        if series:
            if until is None:
                raise typer.BadParameter("--series 要和 --until 年份一起给")
            _series(made, place or found.settings.region, series, until, json, ceiling)
            return
        rows = made.of_targets(plan)
    if targets:
        from hengtan.basis.errors import NoSuchRow

        known = {row["target_id"] for row in rows}
        for one in targets:
            if one not in known:
                raise NoSuchRow(
                    f"没有目标“{one}”",
                    f"no target '{one}'",
                    todo="用 hengtan status 查看编号",
                    todo_en="see hengtan status",
                )
        rows = [row for row in rows if row["target_id"] in targets]
    if to:
        from hengtan.report.forecast import write_forecasts

        write_forecasts(rows, to)
        show.say(f"已写出 {to}")
    elif json:
        show.say(show.as_json(rows))
    else:
        _table(rows)


def _series(
    made: Any, place: str, series: str, until: int, json: bool, ceiling: float | None
) -> None:
    from hengtan.plan.forecast.outlook import as_dict

    held, outlook = made.of_series(place, series, until, ceiling=ceiling)
    told = as_dict(outlook)
    if json:
        show.say(show.as_json({"place": place, "series": series, "unit": held.unit, **told}))
        return
    show.plain_table(
        [{"年份": p.year, "数值": p.value, "": "实绩"} for p in held.points], ["年份", "数值", ""]
    )
    show.plain_table(
        [
            {
                "年份": r.year,
                "预测": round(r.point, 4),
                **{
                    f"{lv}%区间": f"{lo:.4g} — {hi:.4g}"
                    for lv, (lo, hi) in zip((50, 80, 95), r.bands, strict=True)
                },
            }
            for r in outlook.years
        ],
        ["年份", "预测", "50%区间", "80%区间", "95%区间"],
    )
    show.say(f"单位 {held.unit}；方法：{told['method_zh'] or '—'}（{told['reason']}）")
    for note in told["notes"]:
        show.say(f"  {note}")


def _table(rows: list[dict[str, Any]]) -> None:
    shown = []
    for r in rows:
        band = r["bands"].get("80")
        shown.append(
            {
                "目标": r["target_id"],
                "指标": r["indicator_zh"],
                "到期": r["deadline"],
                "目标值": f"{r['goal']:g}{r['unit']}",
                "预测": None if r["point"] is None else round(r["point"], 3),
                "80%区间": f"{band[0]:.4g}—{band[1]:.4g}" if band else "",
                "达到的可能性": "" if r["chance"] is None else f"{r['chance']:.0%}",
                "每年还需": None if r["needed_pace"] is None else round(r["needed_pace"], 3),
                "说明": r["forecast_state_zh"],
            }
        )
    show.plain_table(
        shown,
        ["目标", "指标", "到期", "目标值", "预测", "80%区间", "达到的可能性", "每年还需", "说明"],
    )
    counted = [r for r in rows if r["chance"] is not None]
    show.say(
        f"共{len(rows)}个目标，{len(counted)}个有预测；其余数值不足四个或没有同口径序列，只给所需速度 | needed pace only where the series is short"
    )
