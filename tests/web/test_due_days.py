"""The queue of review is in order of the day on which the calendar says that each was due."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pytest
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.basis.period import Period
from hengtan.ledger import Meta
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.rooms.duties.models import DutyRow, ExceptionRow
from hengtan.web.store import point_to
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

CITY, WANZHOU, FULING = "500000", "500101", "500102"
FORM = "indicator_values"


@pytest.fixture
def app(tmp_path, prepared_store):
    """An installation of one person over an empty ledger, on a day of 2026."""
    settings = Settings("测试市", "Test city", CITY, "chongqing")
    with Workspace.create(tmp_path / "ws", settings) as workspace:
        app = Application(Site(workspace), today=lambda: date(2026, 11, 29))
        prepared_store(app)
        point_to(app.store)
        yield app
        app.close()


def owed(app, **changes):
    """The districts owe the yearly figures by the end of March of the next year."""
    rule = {
        "code": "yearly",
        "form": FORM,
        "frequency": "year",
        "owers_kind": "district",
        "within": CITY,
        "due_kind": "day_of_month",
        "due_number": 31,
        "months_after": 3,
        "valid_from": date(2020, 1, 1),
        "changed_by": "调度",
    }
    return DutyRow.objects.create(**rule | changes)


def file(app, place, year, *more_years):
    form = app.site.workspace.form(FORM)
    rows = []
    for each in (year, *more_years):
        period = Period.parse(each)
        about = {"indicator": "forest_cover", "place": place, "period": each, "value": 50.0}
        days = {
            "period_kind": period.kind,
            "period_start": period.start,
            "period_end": period.end,
        }
        rows.append(dict.fromkeys(form.schema().names) | about | days | {"unit": "%"})
    table = pa.Table.from_pylist(rows, schema=form.schema())
    return app.site.workspace.ledger.submit(form, table, Meta(Actor("填报员"), place=place)).id


def listed(app):
    """The submissions of the queue's page in order, with their due days."""
    page = PageClient(app).get("/review").text
    rows = re.findall(r"<tr>.*?</tr>", page, re.S)[1:]
    number, day = r'name="submission"\s+value="(S\d+)"', r"<span>\s*(\d{4}-\d\d-\d\d)[\s<]"
    return [(re.search(number, row)[1], re.search(day, row)[1]) for row in rows]


def test_the_queue_is_in_order_of_the_days_of_the_calendar(app):
    """For 2024 the 31st of March 2025, for 2023 that of 2024; of two years the first."""
    first = file(app, WANZHOU, "2024")
    second = file(app, FULING, "2023")
    third = file(app, "500103", "2024", "2022")
    handed_in = [day for _, day in listed(app)]
    assert [number for number, _ in listed(app)] == [first, second, third]
    owed(app)  # the calendar is set up later: what waits is put in order anew
    assert listed(app) == [
        (third, "2023-03-31"),
        (second, "2024-03-31"),
        (first, "2025-03-31"),
    ]
    fourth = file(app, "500104", "2020")
    assert listed(app)[0] == (fourth, "2021-03-31")
    DutyRow.objects.all().delete()
    assert [day for _, day in listed(app)][:3] == handed_in


def test_what_was_put_off_is_due_later_and_what_was_waived_is_not(app):
    owed(app)
    first, second = file(app, WANZHOU, "2024"), file(app, FULING, "2023")
    ExceptionRow.objects.create(
        obligation=f"yearly:2023:{FULING}", due=date(2025, 6, 30), reason="停产", by="调度"
    )
    assert listed(app) == [(first, "2025-03-31"), (second, "2025-06-30")]
    ExceptionRow.objects.create(
        obligation=f"yearly:2024:{WANZHOU}", waived=True, reason="并入", by="调度"
    )
    today = app.site.workspace.ledger.current().records[first].at.date().isoformat()
    assert listed(app) == [(second, "2025-06-30"), (first, today)]


def test_of_several_duties_the_first_day_counts_and_a_period_nobody_owes_has_none(app):
    owed(app)
    owed(app, code="early", due_number=10, months_after=1)
    first = file(app, WANZHOU, "2024")
    old = file(app, FULING, "2015")
    today = app.site.workspace.ledger.current().records[old].at.date().isoformat()
    assert listed(app) == [(first, "2025-01-10"), (old, today)]
