"""Entry and the reporting calendar: what is not open is not handed in, what was filed is corrected.

The 38 districts owe a monthly form, due on the 10th of the following month. The day is 29 November
2026: October may be filed late, November opens on 1 December.
"""

from __future__ import annotations

import json
from datetime import date

import pytest
from entry_client import (
    FIRM,
    OTHER_FIRM,
    as_person,
    begin,
    coal,
    filled,
    hand_in,
    records,
    save,
    state,
)

from hengtan.web.rooms.duties.models import DutyRow

FORM, WULONG = "monthly_figures", "500156"


@pytest.fixture
def app(app):
    """The application on a day, with one duty set up."""
    app.today = lambda: date(2026, 11, 29)
    DutyRow.objects.create(
        code="months",
        form=FORM,
        frequency="month",
        owers_kind="district",
        within="500000",
        due_kind="day_of_month",
        due_number=10,
        valid_from=date(2026, 9, 1),
        expires=30,
        changed_by="调度",
    )
    return app


def month(written, energy="61.2"):
    return {"place": WULONG, "period": written, "energy": energy, "source_title": "快报"}


def test_what_is_not_open_is_not_handed_in_and_what_was_is_corrected(app):
    client = as_person(app, "张三")
    began = begin(client, form=FORM, period="2026年10月")
    both = filled(began, month("2026年10月"), month("2026年11月"))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(both)}).json()
    locked = [(f["at"], f["zh"]) for f in checked["findings"] if f["level"] == "error"]
    assert locked == [(1, "尚未开放，2026-12-01 起可以填报")]
    assert hand_in(client, began, both).status_code == 400 and records(app) == {}
    october = filled(began, month("2026年10月"))
    saved = save(client, began, october, version=2).json()
    sent = {"version": str(saved["version"]), "seen": ""}
    answer = client.post(f"{began['address']}/submit", sent)
    assert answer.status_code == 200, answer.text
    again = begin(client, form=FORM, period="2026年10月")
    refused = hand_in(client, again, filled(again, month("2026年10月", "70")))
    assert refused.status_code == 400 and "S000001 已提交" in refused.json()["text"]
    correction = state(client.post("/entry/correct", {"submission": "S000001"}).text)
    answer = hand_in(client, correction, correction["typed"])
    assert records(app)[answer.json()["submission"]].supersedes == "S000001"


def test_a_draft_is_seen_among_the_duties(app):
    client = as_person(app, "张三")
    before = client.get("/duties").text
    begin(client, form=FORM, period="2026年10月")
    after = client.get("/duties").text
    assert before.count("dt-draft") < after.count("dt-draft")


def locks_of(answer):
    return [(f["at"], f["zh"]) for f in answer.json()["findings"] if f["code"].startswith("lock-")]


def test_a_lock_beyond_the_hundredth_period_is_seen_too(app):
    """A hundred and twenty months that nobody owes, then November, which opens on 1 December."""
    client = as_person(app, "张三")
    began = begin(client, form=FORM, period="2026年10月")
    months = [f"{2000 + n // 12}年{n % 12 + 1}月" for n in range(120)]
    grid = filled(began, *map(month, [*months, "2026年11月"]))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)})
    assert locks_of(checked) == [(120, "尚未开放，2026-12-01 起可以填报")]


@pytest.fixture
def owed_by_districts(app):
    """The monthly energy of enterprises, which the districts hand in."""
    DutyRow.objects.create(
        code="energy",
        form="enterprise_energy",
        frequency="month",
        owers_kind="district",
        within="500000",
        due_kind="day_of_month",
        due_number=10,
        valid_from=date(2026, 9, 1),
        expires=30,
        changed_by="调度",
    )


def test_a_form_of_enterprises_that_a_district_owes_is_locked_and_unlocked(app, owed_by_districts):
    """September expired (10 October + 30 days = 9 November), October is late, November not open."""
    client = as_person(app, "张三")
    began = begin(client, period="2026年10月")
    written = ["2026年9月", "2026年10月", "2026年11月", "2025年3月"]
    grid = filled(began, *(coal(period=each) for each in written))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)})
    assert [at for at, _ in locks_of(checked)] == [0, 2]
    assert "已过补报期限（2026-11-09）" in locks_of(checked)[0][1]
    assert "尚未开放" in locks_of(checked)[1][1]
    assert hand_in(client, began, grid).status_code == 400 and records(app) == {}
    october = filled(began, coal(period="2026年10月"), coal(period="2026年10月", entity=OTHER_FIRM))
    fresh = begin(client, period="2026年10月")
    assert hand_in(client, fresh, october).status_code == 200
    # what was handed in is corrected, not handed in again
    again = begin(client, period="2026年10月")
    answer = hand_in(client, again, filled(again, coal(period="2026年10月", consumed="7")))
    assert answer.status_code == 400 and "S000001 已提交" in answer.json()["text"]


def test_an_enterprise_that_hands_in_for_itself_is_not_held_by_what_its_district_owes(
    app, owed_by_districts
):
    client = as_person(app, "甲厂")
    began = begin(client, period="2026年11月", entity=FIRM)
    grid = filled(began, coal(period="2026年11月"))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)})
    assert locks_of(checked) == []
