"""Entry and the reporting calendar: what is not open is not handed in, what was filed is corrected.

The 38 districts owe a monthly form, due on the 10th of the following month. The day is 29 November
2026: October may be filed late, November opens on 1 December.
"""

from __future__ import annotations

import json
from datetime import date

import pytest
from entry_client import as_person, begin, filled, hand_in, records, save, state

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
