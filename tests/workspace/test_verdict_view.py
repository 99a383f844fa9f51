"""What the pages of the verdict are given, on the demonstration and on the synthetic city; the
pages themselves answer.
"""

from __future__ import annotations

import shutil

import openpyxl
import pytest
from page_client import PageClient

from hengtan import packs
from hengtan.basis.actor import Actor
from hengtan.demo.synthetic_months import district_codes, monthly_rows
from hengtan.desk.assessments import assess_view
from hengtan.desk.bulletin import bulletin_view
from hengtan.desk.evidence import import_file
from hengtan.desk.forecast import Forecasts, forecasts_view
from hengtan.web import Site, create_app
from hengtan.workbooks.assessment import template
from hengtan.workspace import Workspace


@pytest.fixture(scope="module")
def city(budget_city):
    return budget_city


def test_forecasts_of_the_demonstration(demo) -> None:
    rows = {r["target_id"]: r for r in forecasts_view(demo)["rows"]}
    assert len(rows) == 67
    forest, research = rows["cq-forest-cover-2027"], rows["cq-rd-intensity-2027"]
    assert (forest["forecast_state"], research["forecast_state"]) == ("forecast", "forecast")
    # forest cover stands above its goal already, R&D would need twice its pace
    assert forest["chance"] > 0.7 > 0.3 > research["chance"]
    assert research["recalled"] == 5  # 2015–2017, 2019, 2020; 2021 is derived
    assert all(0 <= b <= 100 for band in forest["bands"].values() for b in band)
    intensity = rows["cq-energy-intensity-2027"]
    assert intensity["chance"] is None
    assert "2024年起口径改变" in intensity["notes"][0]
    assert rows["cq-prefab-2027"]["forecast_state"] == "too_short"
    assert rows["cq-prefab-2027"]["needed_pace"] == pytest.approx((40 - 18.6) / 6)


def test_the_demonstration_shows_its_districts_on_the_tiles(demo) -> None:
    view = bulletin_view(demo)
    assert view["bulletin"] is None
    assert (view["series"]["series"], view["series"]["year"], len(view["series"]["rows"])) == (
        "gdp_nominal_compiled",
        2021,
        22,
    )
    assert len(view["tiles"]) == len(set(view["tiles"].values())) == 38
    assert set(view["tile_names"]) == set(view["tiles"])


def test_tiles_lie_as_the_districts_do(demo) -> None:
    """Places far apart in the plants' and the districts' real positions keep their order: 城口
    north of all, 秀山 south-east, 荣昌 west of 巫山.
    """
    at = {r["place"]: (r["row"], r["column"]) for r in demo.pack.rows("map_tiles")}
    code = {r["name_zh"]: r["place"] for r in demo.pack.rows("places")}
    assert at[code["城口县"]][0] == min(r for r, _ in at.values())
    assert (
        at[code["荣昌区"]][1]
        < at[code["永川区"]][1]
        < at[code["涪陵区"]][1]
        < at[code["巫山县"]][1]
    )
    assert at[code["万州区"]][0] < at[code["涪陵区"]][0] < at[code["綦江区"]][0]
    assert {r["confidence"] for r in demo.pack.rows("map_tiles")} == {"proposal"}


def test_the_budget_of_a_district_is_spent_by_its_months(city) -> None:
    view = bulletin_view(city)
    budget = view["budgets"][0]
    rows = [
        r
        for r in monthly_rows()
        if r["place"] == district_codes()[0] and r["period"].startswith("2025")
    ]
    spent = [r["co2"] * 1e4 for r in rows]
    known = [m for m in budget["months"] if m["known"]]
    assert [m["amount"] for m in known] == pytest.approx(
        [b - a for a, b in zip([0.0, *spent], spent, strict=False)]
    )
    assert budget["expected"] == pytest.approx(sum(m["amount"] for m in budget["months"]))
    left = budget["budget"] - sum(m["amount"] for m in known)
    ahead = [m["amount"] for m in budget["months"] if not m["known"]]
    is_short = left < sum(ahead)
    assert (budget["runs_out"] is not None) == is_short
    if is_short:  # it ends in the first month by which more is expected than is left
        lasting = sum(sum(ahead[: n + 1]) <= left for n in range(len(ahead)))
        assert budget["runs_out"].startswith(f"2025-{len(known) + lasting + 1:02d}")
    assert view["bulletin"]["month"] == 6
    assert bulletin_view(city, "2025-03")["bulletin"]["month"] == 3


def test_assessments_kept_in_the_workspace(city, tmp_path) -> None:
    copy = tmp_path / "w"
    shutil.copytree(city.folder, copy)
    (copy / "assessments").mkdir()
    path = template(
        packs.load("cn"),
        "dual-carbon-2026",
        copy / "assessments" / "双碳_2026.xlsx",
        ["合成东江区"],
    )
    book = openpyxl.load_workbook(path)
    heads = {c.value: c.column for c in book["数据"][1]}
    for line in range(2, book["数据"].max_row + 1):
        book["数据"].cell(line, heads["目标"]).value = 10
        (
            book["数据"].cell(line, heads["预测"]).value,
            book["数据"].cell(line, heads["预测误差"]).value,
        ) = 10, 1
    book.save(path)
    (copy / "assessments" / "坏.xlsx").write_bytes(b"no workbook")
    with Workspace.open(copy) as workspace:
        books = {b["file"]: b for b in assess_view(workspace)["workbooks"]}
        odds = books["双碳_2026.xlsx"]["odds"][0]["odds"]
        # fourteen even odds: all met 2^-14, a control missed 1 − 2^-5
        assert odds["不合格"] > 1 - 2**-5 - 0.01
        assert books["坏.xlsx"]["refused"]
        client = PageClient(create_app(Site(workspace)))
        for path in ("/forecast", "/bulletin", "/bulletin/2025-05", "/assess", "/bulletin?lang=en"):
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert ("合成数据 · 虚构" if "en" not in path else "Synthetic data") in answer.text
        assert client.get("/bulletin/1999-01").status_code == 400


def test_the_pages_of_the_demonstration_answer(demo) -> None:
    client = PageClient(create_app(Site(demo)))
    assert "森林覆盖率" in client.get("/forecast").text
    assert 'class="tiles"' in client.get("/bulletin").text
    assert client.get("/assess").status_code == 200


def test_a_known_ceiling_bounds_a_series_and_the_command_refuses_in_one_line(demo) -> None:
    from typer.testing import CliRunner

    import hengtan.cli.main  # noqa: F401 (registers the verbs)
    from hengtan.basis.errors import HengtanError
    from hengtan.cli.app import app

    forecasts = Forecasts(demo)
    _, free = forecasts.of_series("500000", "private_cars", 2035)
    _, bounded = forecasts.of_series("500000", "private_cars", 2035, ceiling=520)
    assert bounded.years[-1].bands[2][1] <= 520 < free.years[-1].bands[2][1]
    with pytest.raises(HengtanError, match="超过上限400"):
        forecasts.of_series("500000", "private_cars", 2025, ceiling=400)
    with pytest.raises(HengtanError, match="应在其后"):
        forecasts.of_series("500000", "private_cars", 2021)
    with pytest.raises(HengtanError, match="没有年度序列"):
        forecasts.of_series("500000", "no_such", 2027)
    # nothing beyond the break of 2026: good-air days are forecast to 2025 only
    _, days = forecasts.of_series("500000", "air_good_days", 2027)
    assert days.years[-1].year == 2025
    shown = CliRunner().invoke(
        app,
        [
            "forecast",
            "--series",
            "pm25_annual",
            "--place",
            "500000",
            "--until",
            "2025",
            "--json",
            "-w",
            str(demo.folder),
        ],
    )
    assert '"low80"' in shown.output and shown.exit_code == 0


def test_a_known_event_from_the_ledger_shifts_the_forecast(demo_copy, tmp_path) -> None:
    from hengtan.report.sheet.filled import write_filled_form

    with demo_copy as workspace:
        before = Forecasts(workspace).of_series("500000", "electricity_consumption", 2026)[1]
        form = workspace.form("known_events")
        row = {
            "place": "500000",
            "indicator": "electricity_consumption",
            "name": "某数据中心集群",
            "year": 2025,
            "change": 30,
            "unit": "亿千瓦时",
            "first_share": 50,
            "source_title": "测试",
        }
        path = write_filled_form(form, [row], tmp_path / "事件.xlsx", "已知事件")
        import_file(workspace, "known_events", path, actor=Actor("t"), approve=True)
        after = Forecasts(workspace).of_series("500000", "electricity_consumption", 2026)[1]
    # 30 亿 kWh a year, half of it in 2025
    assert [
        b.point - a.point for a, b in zip(before.years, after.years, strict=True)
    ] == pytest.approx([0, 0, 15, 30], abs=0.5)
