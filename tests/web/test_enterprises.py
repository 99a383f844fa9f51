"""The list of enterprises and the page of each: whose they are, what they owe, their figures.

By hand: at the coefficient the enterprises report (0.5 tce/t), 9,000 t of raw coal are 4,500 tce in
2025 and 18,000 t are 9,000 tce. The day is 29 November 2026: of a monthly duty from September on,
September (due 10 October) and October (due 10 November) are owed, November is not open yet.
"""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from io import BytesIO

import openpyxl
import pyarrow as pa
import pytest
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.ledger.submissions import Meta
from hengtan.office.permission import Grant
from hengtan.web.application import Application
from hengtan.web.rooms.duties.models import DutyRow, EntityRow
from hengtan.web.rooms.enterprises import standing
from hengtan.web.rooms.entry.models import DraftRow
from hengtan.web.rooms.notices.models import Delivery, Notice
from hengtan.web.store import point_to

TODAY = date(2026, 11, 29)
CITY, WULONG, FULING = "500000", "500156", "500102"
CEMENT, ALUMINIUM, FOOD = "91500156MA00000001", "91500102MA00000002", "91500156MA00000003"
FORM = "enterprise_energy"


@pytest.fixture
def empty_folder(empty_folder, tmp_path):
    """A folder of an empty workspace that may be written to."""
    shutil.copytree(empty_folder, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def app(small_site, prepared_store, report):
    """Three enterprises, two with approved figures; all owe energy every month."""
    app = Application(small_site, today=lambda: TODAY)
    prepared_store(app)
    point_to(app.store)
    report(
        app.site.workspace,
        FORM,
        [
            coal(CEMENT, "武隆甲水泥厂", WULONG, "2025", 9_000.0),
            coal(CEMENT, "武隆甲水泥厂", WULONG, "2024", 10_000.0),
            coal(ALUMINIUM, "涪陵乙铝厂", FULING, "2025", 18_000.0, industry="32"),
        ],
        at=datetime(2026, 3, 1, 9),
    )
    DutyRow.objects.create(
        code="energy",
        form=FORM,
        frequency="month",
        owers_kind="entity",
        within=CITY,
        department="市统计局",
        due_kind="day_of_month",
        due_number=10,
        valid_from=date(2026, 9, 1),
        changed_by="调度",
    )
    for code, name, place in (
        (CEMENT, "武隆甲水泥厂", WULONG),
        (ALUMINIUM, "涪陵乙铝厂", FULING),
        (FOOD, "武隆丙食品厂", WULONG),
    ):
        EntityRow.objects.create(code=code, name_zh=name, place=place)
    return app


def coal(code, name, place, period, tonnes, industry="30"):
    return {
        "place": place,
        "entity": code,
        "entity_name": name,
        "industry": industry,
        "period": period,
        "product": "raw_coal",
        "unit": "t",
        "consumed": tonnes,
        "coefficient": 0.5,
    }


@pytest.fixture
def file(app):
    """An enterprise hands in a month; gives the number of the submission."""

    def hand_in(code=CEMENT, place=WULONG, period="2026-10", **other):
        ledger, form = app.site.workspace.ledger, app.site.workspace.form(FORM)
        schema = form.schema().append(pa.field("_source_row", pa.int64()))
        row = coal(code, "某厂", place, period, 700.0) | {"_source_row": 2} | other
        kinds = {"unit": "t", "period_kind": "month"}
        table = pa.Table.from_pylist([row | kinds], schema=schema)
        return ledger.submit(form, table, Meta(Actor("填报员", code)), at=datetime(2026, 11, 5)).id

    return hand_in


ENTERPRISE = Grant("filer", place=WULONG, entity=CEMENT)


def names(text):
    return re.findall(r'<a href="/enterprises/(\w+)">', text.split("<tbody>")[1])


def test_the_list_says_completeness_first_then_energy_carbon_and_the_last_filing(seen_by, file):
    file()
    text = seen_by(Grant("analyst")).get("/enterprises?sort=energy").text
    assert names(text) == [ALUMINIUM, CEMENT, FOOD]
    lines = text.split("<tbody>")[1].split("<tr>")
    line = next(part for part in lines if CEMENT in part)
    # September is late, October waits for review: one of two
    assert "1/2" in line and "逾期 1" in line and "待审 1" in line
    assert line.index("1/2") < line.index("4,500") < line.index("2026-11-05")
    assert "9,000" in next(part for part in lines if ALUMINIUM in part)
    food = next(part for part in lines if FOOD in part)
    assert "0/2" in food and "逾期 2" in food and "未报送过" in food


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("q=" + CEMENT[-4:], {CEMENT}),
        ("q=lvchang", {ALUMINIUM}),
        ("q=bspc", {FOOD}),
        ("q=武隆", {CEMENT, FOOD}),
        ("place=500102", {ALUMINIUM}),
        ("place=500000", {CEMENT, ALUMINIUM, FOOD}),
        ("industry=32", {ALUMINIUM}),
        ("state=waiting", {CEMENT}),
        ("state=late", {CEMENT, ALUMINIUM, FOOD}),
        ("state=complete", set()),
        ("state=owes&place=500156&q=shipin", {FOOD}),
    ],
)
def test_search_and_filters_stand_in_the_address(seen_by, file, query, wanted):
    file()
    text = seen_by(Grant("analyst")).get(f"/enterprises?{query}").text
    assert (set(names(text)) if "<tbody>" in text else set()) == wanted


def test_who_owes_most_comes_first(seen_by, file):
    file()
    text = seen_by(Grant("analyst")).get("/enterprises?sort=owed").text
    assert names(text)[-1] == CEMENT


def test_a_district_lists_its_own_and_a_neighbour_is_not_there(seen_by):
    client = seen_by(Grant("reviewer", place=WULONG))
    assert set(names(client.get("/enterprises").text)) == {CEMENT, FOOD}
    assert client.get(f"/enterprises/{CEMENT}").status_code == 200
    assert client.get(f"/enterprises/{ALUMINIUM}").status_code == 404
    assert client.get("/enterprises/91500156MA0000000X").status_code == 404
    assert client.get(f"/enterprises?q={ALUMINIUM}").text.count("/enterprises/9") == 0


def test_an_enterprise_lands_on_its_page_and_sees_itself_alone(seen_by, file):
    file()
    client = seen_by(ENTERPRISE)
    answer = client.get("/")
    assert str(answer.url).endswith(f"/enterprises/{CEMENT}")
    text = answer.text
    assert "近一年应报 2 项，已报 1 项，未报 1 项，其中逾期 1 项，被退回 0 项，待审核 1 项" in text
    assert "逾期 50 天" in text  # due 10 October, 29 November: 21 + 29 days
    assert "/entry/new" in text and "/entry/template" in text and "上传" in text
    assert "4,500" in text and "5,000" in text and "全年齐全" not in text.split("2026")[0]
    assert ALUMINIUM not in text and "涪陵" not in text
    assert client.get(f"/enterprises/{ALUMINIUM}").status_code == 404
    assert client.get(f"/enterprises/{FOOD}").status_code == 404
    assert names(client.get("/enterprises").text) == [CEMENT]
    assert 'href="/portal"' in text


def test_a_grant_for_one_form_leads_to_the_page_too_and_shows_that_form(seen_by):
    client = seen_by(Grant("filer", place=WULONG, form="key_unit_months", entity=CEMENT))
    text = client.get("/portal").text
    assert "武隆甲水泥厂" in text
    assert "没有填报任务" in text  # what is owed is of another form
    assert "4,500" not in text and "您的权限不含" in text


def test_others_begin_with_the_overview(seen_by):
    for grant in (Grant("filer", place=WULONG), Grant("leader"), Grant("analyst")):
        client = seen_by(grant)
        assert str(client.get("/").url).endswith("/")
        assert client.get("/portal").status_code == 404
        assert 'href="/portal"' not in client.get("/").text
    both = seen_by(ENTERPRISE, Grant("leader"))
    assert str(both.get("/").url).endswith("localhost/")


def test_who_reports_for_two_enterprises_chooses(seen_by):
    client = seen_by(ENTERPRISE, Grant("filer", place=WULONG, entity=FOOD))
    answer = client.get("/portal")
    assert str(answer.url).endswith("/enterprises")
    assert set(names(answer.text)) == {CEMENT, FOOD}


def test_returned_with_its_reason_drafts_and_notices_stand_on_the_page(app, seen_by, file):
    number = file()
    ledger = app.site.workspace.ledger
    reviewer = Actor("审核员")
    ledger.record(number, "returned", reviewer, "原煤少一位", at=datetime(2026, 11, 12))
    DraftRow.objects.create(
        key="d" * 32,
        form=FORM,
        place=WULONG,
        entity=CEMENT,
        period="2026年10月",
        begun_by="某人",
        saved_by="某人",
        saved_at=datetime(2026, 11, 13, 1, tzinfo=UTC),
        typed={},
    )
    returned = Notice.objects.create(subject_zh="十月报表被退回", address="/duties")
    Delivery.objects.create(notice=returned, to="某人")
    other = Notice.objects.create(subject_zh="别人的通知", address="/duties")
    Delivery.objects.create(notice=other, to="别人")
    text = seen_by(ENTERPRISE).get(f"/enterprises/{CEMENT}").text
    assert "原煤少一位" in text and "被退回 1 项" in text
    assert f"/entry/d/{'d' * 32}" in text
    assert "十月报表被退回" in text and "别人的通知" not in text
    assert f'href="/review/{number}"' in text


def test_rows_for_another_district_move_nothing_of_an_enterprise(seen_by, file):
    """A neighbour hands in a row with the code of an enterprise: the neighbour sees that row's
    submission and no figure of the enterprise.
    """
    file(CEMENT, FULING, "2026-09")
    client = seen_by(Grant("filer", place=FULING))
    text = client.get(f"/enterprises/{CEMENT}").text
    assert "4,500" not in text and "武隆区" not in text
    assert (
        client.get(
            f"/enterprises/{CEMENT}/origin/carbon_enterprise?place={WULONG}&year=2025"
        ).status_code
        == 404
    )
    assert "4,500" in seen_by(ENTERPRISE).get(f"/enterprises/{CEMENT}").text


def test_the_name_of_another_opens_none_of_its_cases(app, seen_by, file):
    """Cases are matched by name only where the list or approved rows name the enterprise so."""
    folder = app.site.workspace.folder / "cases"
    folder.mkdir()
    (folder / "a.yaml").write_text(
        "- {rule: env_tax.air, entity: 武隆甲水泥厂, date: 2024-05-31, region: '500156', "
        "inputs: {pollutants: {SO2: 95}}}\n",
        encoding="utf-8",
    )
    own = seen_by(ENTERPRISE).get(f"/enterprises/{CEMENT}").text
    assert "350.00" in own  # 95 kg at 0.95 kg are 100 units of 3.5 yuan
    stranger = "91500156MA00000009"
    file(stranger, WULONG, entity_name="武隆甲水泥厂")
    page = seen_by(Grant("filer", place=WULONG, entity=stranger)).get(f"/enterprises/{stranger}")
    assert page.status_code == 200 and "350.00" not in page.text


def test_each_figure_leads_to_its_origin_for_its_own_enterprise(seen_by):
    client = seen_by(ENTERPRISE)
    address = f"/enterprises/{CEMENT}/origin/carbon_enterprise?place={WULONG}&year=2025"
    assert address.replace("&", "&amp;") in client.get(f"/enterprises/{CEMENT}").text
    text = client.get(address).text
    assert "9,000" in text or "9000" in text
    for refused in (
        f"/enterprises/{CEMENT}/origin/plan_progress?place={WULONG}",
        f"/enterprises/{CEMENT}/origin/carbon_enterprise?place={FULING}&year=2025",
        f"/enterprises/{ALUMINIUM}/origin/carbon_enterprise?place={FULING}&year=2025",
        f"/enterprises/{CEMENT}/origin/carbon_enterprise?place={WULONG}&year=1999",
    ):
        assert client.get(refused).status_code == 404, refused
    # the key is that of the address, whatever the query says
    other = client.get(f"{address}&entity={ALUMINIUM}").text
    assert ALUMINIUM not in other.split("<main")[1] and CEMENT in other.split("<main")[1]


@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_the_download_is_of_what_is_filtered(seen_by, end, file):
    file()
    client = seen_by(Grant("analyst"))
    answer = client.get(f"/download/list/enterprises.{end}?place={WULONG}&sort=energy")
    if end == "csv":
        rows = [line.split(",") for line in answer.content.decode("utf-8-sig").splitlines()]
    else:
        sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    cement = next(row for row in rows if CEMENT in row)
    assert [str(row[1]) for row in rows if row[1] in (CEMENT, FOOD, ALUMINIUM)] == [CEMENT, FOOD]
    assert cement[4] == "1/2" and float(cement[8]) == 4500.0
    assert seen_by(ENTERPRISE).get(f"/download/list/enterprises.{end}").status_code == 403


def test_pages_of_very_many_hold(app, seen_by):
    EntityRow.objects.bulk_create(
        EntityRow(code=f"9150015600000{n:05d}", name_zh=f"合成{n:04d}厂", place=WULONG)
        for n in range(120)
    )
    client = seen_by(Grant("analyst"))
    first, third = (client.get(f"/enterprises?page={n}").text for n in (1, 3))
    assert "共123项" in first and len(names(first)) == 50 and len(names(third)) == 23
    assert not set(names(first)) & set(names(third))
    assert len(names(client.get("/enterprises?page=99").text)) == 23


def test_counts_of_all_are_kept_until_something_is_filed(app, seen_by, file, monkeypatch):
    client = seen_by(Grant("analyst"))
    assert set(names(client.get("/enterprises?state=late").text)) == {CEMENT, ALUMINIUM, FOOD}
    worked_out = []
    tallies = standing.tallies

    def noted(request, calendar, codes, action):
        worked_out.append(len(codes))
        return tallies(request, calendar, codes, action)

    monkeypatch.setattr(standing, "tallies", noted)
    client.get("/enterprises?state=late")
    assert worked_out == [3]  # the three lines of the page; all of them were kept
    file(FOOD)
    assert set(names(client.get("/enterprises?state=waiting").text)) == {FOOD}
    assert worked_out == [3, 3, 1]


def test_in_english_no_chinese_but_names(seen_by):
    text = seen_by(ENTERPRISE).get(f"/enterprises/{CEMENT}?lang=en").text
    body = text.split("<main")[1].split("</main>")[0]
    left = re.sub(r"武隆甲水泥厂|市统计局", "", re.sub(r"<[^>]+>", "", body))
    assert re.findall(r"[\u4e00-\u9fff]+", left) == []


def test_without_a_store_the_list_shows_figures_alone(small_site, report):
    report(small_site.workspace, FORM, [coal(CEMENT, "甲", WULONG, "2025", 9_000.0)])
    app = Application(small_site, today=lambda: TODAY)
    text = PageClient(app).get("/enterprises").text
    assert "4,500" in text and "应报" not in text
    assert "4,500" in PageClient(app).get(f"/enterprises/{CEMENT}").text
