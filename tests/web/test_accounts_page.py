"""The accounts of a place and year: completeness first, the change on the year before, files, where
each figure comes from; and the places a person may see.

By hand: 12,000 t of raw coal at 0.5 tce/t are 6,000 tce in 2024, 11,000 t are 5,500 tce in 2025, a
change of −500/6,000 = −8.3 %.
"""

from __future__ import annotations

import re
import shutil
from datetime import date
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from page_client import PageClient

from hengtan.office.permission import Grant, Person
from hengtan.report.page.accounts import change_text
from hengtan.web.application import Application
from hengtan.web.rooms.duties.models import DutyRow
from hengtan.web.store import point_to

WULONG, FULING = "500156", "500102"
WORKS = "91500156MA00000001"


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A folder of an empty workspace that may be written to."""
    shutil.copytree(empty_folder, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def app(small_site, prepared_store, report):
    """Energy of one enterprise of Wulong in two years; each district owes it yearly."""
    rows = [
        {
            "place": WULONG,
            "entity": WORKS,
            "entity_name": "甲水泥厂",
            "industry": "30",
            "period": str(year),
            "product": "raw_coal",
            "unit": "t",
            "consumed": tonnes,
            "coefficient": 0.5,
        }
        for year, tonnes in ((2024, 12_000.0), (2025, 11_000.0))
    ]
    report(small_site.workspace, "enterprise_energy", rows)
    app = Application(small_site, today=lambda: date(2026, 11, 29))
    prepared_store(app)
    point_to(app.store)
    DutyRow.objects.create(
        code="gdp",
        form="gdp_values",
        frequency="year",
        owers_kind="district",
        within="500000",
        department="市统计局",
        due_kind="day_of_month",
        due_number=31,
        months_after=3,
        valid_from=date(2020, 1, 1),
        changed_by="调度",
    )
    return app


@pytest.fixture
def client(app):
    return PageClient(app)


def section(text, account):
    return text.split(f'<h2 id="{account}">')[1].split("<h2")[0]


def test_the_newest_year_is_shown_with_its_change(client):
    text = client.get("/accounts").text
    units = section(text, "energy_key_units")
    assert "5,500" in units and "-8.33%" in units and "6,000" not in units
    assert units.count("较上年") == 1  # the table's own change, not a second one
    # all energy of the place is that of the enterprise: 0.55 of 万吨 after 0.6
    assert "-8.3%" in section(text, "energy_consumption")
    assert "较上年" not in section(client.get("/accounts?year=all").text, "energy_consumption")
    assert '<option value="2025" selected>' in text and "2024" in text


def test_a_year_and_all_years_can_be_chosen(client):
    earlier = section(client.get("/accounts?year=2024").text, "energy_key_units")
    assert "6,000" in earlier and "5,500" not in earlier
    every = section(client.get("/accounts?year=all").text, "energy_key_units")
    assert "6,000" in every and "5,500" in every
    assert client.get("/accounts?year=nonsense").status_code == 200


def test_completeness_stands_before_the_figures(client):
    text = client.get("/accounts?year=2025").text
    assert text.index("数据是否齐全") < text.index('<h2 id="energy_key_units">')
    table = text.split("数据是否齐全")[1].split("</table>")[0]
    lines = {re.sub("<[^>]+>", "", part.split("</td>")[0]): part for part in table.split("<tr>")}
    energy = next(part for name, part in lines.items() if "企业能源购进" in name)
    assert "1 行" in energy and "1 家单位" in energy and "2024 2025" in energy
    gdp = next(part for part in lines.values() if "form=gdp_values" in part)
    assert "没有数据" in gdp and "period=2025" in gdp


def test_a_year_or_place_without_data_says_what_lacks_and_which_form_holds_it(client):
    text = client.get("/accounts?year=2019").text
    assert "2019年没有账户数据" in text and "没有数据" in text
    assert 'href="/entry?form=enterprise_energy' in text
    other = client.get(f"/accounts?place={FULING}").text
    assert "涪陵区" in other and "5,500" not in other and "没有数据" in other
    assert "hengtan " not in text.split("<main")[1]  # no page answers with a command


def test_who_owes_of_the_place_and_year(client):
    text = client.get(f"/completeness/of?place={WULONG}&year=2025").text
    assert "已报 0/1" in text and "未报：武隆区" in text and "涪陵" not in text
    city = client.get("/completeness/of?place=500000&year=2025").text
    assert "已报 0/38" in city and "等 38 项" in city
    for odd in ("year=0000", "year=9999", "year=x", "place="):
        assert client.get(f"/completeness/of?{odd}").status_code == 200


def test_every_row_leads_to_its_origin(client):
    text = client.get("/accounts?year=2025").text
    links = {unescape(link) for link in re.findall(r'href="(/explain/[^"]+)"', text)}
    assert links
    units = next(link for link in links if "energy_key_units" in link)
    assert "11,000" in client.get(units).text or "11000" in client.get(units).text
    assert all(client.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_a_table_is_taken_along_as_numbers(client, end):
    address = f"/download/accounts/{WULONG}/energy_key_units.{end}?year=2025"
    content = client.get(address).content
    if end == "csv":
        rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
        assert "5500" in rows[1] and len(rows) == 2
    else:
        rows = list(openpyxl.load_workbook(BytesIO(content)).active.iter_rows(values_only=True))
        assert any(5500.0 in row for row in rows) and not any(6000.0 in row for row in rows)
    assert client.get(f"/download/accounts/{WULONG}/accounts.xlsx").status_code == 200
    for wrong in ("plan_progress.csv", "energy_key_units.exe", "x"):
        assert client.get(f"/download/accounts/{WULONG}/{wrong}").status_code == 404


def test_a_district_chooses_among_its_own_places(app, client):
    app.alone = Person("区里", grants=(Grant("analyst", place=WULONG),))
    text = client.get("/accounts").text
    assert "武隆区" in text and f'value="{FULING}"' not in text
    assert client.get(f"/accounts?place={FULING}").status_code == 404
    assert client.get(f"/accounts/{FULING}").status_code == 404
    assert client.get(f"/download/accounts/{FULING}/accounts.xlsx").status_code == 404
    origin = "/explain/energy_key_units?place={}&entity=" + WORKS + "&year=2025"
    assert client.get(origin.format(WULONG)).status_code == 200
    assert client.get(origin.format(FULING)).status_code == 404
    assert client.get("/explain/plan_progress?place=" + WULONG).status_code in (400, 404)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [(5500.0, 6000.0, "-8.3%"), (3.0, -2.0, "+250.0%"), (1.0, 0.0, "—"), (None, 2.0, "—")],
)
def test_a_change_in_per_cent(now, before, said):
    assert change_text(now, before) == said


def test_a_figure_whose_parameter_was_not_read_is_a_refusal_over_rest(app, client, report):
    """No limit of rural black-odorous waters was read: who asks for that row gets no tree but the
    document and the form; the row of a water in town has its tree.
    """
    survey = {"place": WULONG, "site": "A", "day": date(2026, 5, 6), "ammonia_nitrogen": 11.0}
    rows = [survey | {"body": "K1", "setting": "rural"}, survey | {"body": "K2"}]
    report(app.site.workspace, "water_body_surveys", rows)

    def explained(address, body):
        return client.get(f"{address}/explain/black_odorous_results", params=asked(address, body))

    def asked(address, body):
        return {"key": f"body={body}"} if "v1" in address else {"body": body}

    for address in ("/api/v1", "/api"):
        refused = explained(address, "K1")
        assert refused.status_code == 400
        assert refused.json()["code"] == "ParameterNotEstablished"
        assert "农村黑臭水体治理工作指南" in refused.json()["zh"] + refused.json().get("todo", "")
        assert explained(address, "K2").json()["key"]["body"] == "K2"
