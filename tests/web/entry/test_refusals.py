"""What entry refuses: rows and drafts of others, what is locked, what is no grid, hostile files."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from types import SimpleNamespace

import pytest
from entry_client import (
    COAL,
    FIRM,
    OTHER_FIRM,
    TITLES,
    as_person,
    begin,
    coal,
    filled,
    hand_in,
    key_of_upload,
    records,
    state,
    upload,
    workbook,
)

from hengtan.office.permission import Grant
from hengtan.web.rooms.entry import locks as entry_locks


def test_a_neighbour_sees_and_does_nothing(app):
    """An enterprise, its neighbour, and a district elsewhere, by page and by guessed address."""
    own = as_person(app, "甲厂", Grant("filer", entity=FIRM, place="500156"))
    neighbour = as_person(app, "乙厂", Grant("filer", entity=OTHER_FIRM, place="500156"))
    elsewhere = as_person(app, "外区", Grant("filer", place="500101"))
    leader = as_person(app, "领导", Grant("leader"))
    began = begin(own, entity=FIRM)
    grid = filled(began, coal())
    assert hand_in(own, began, grid).status_code == 200
    draft = begin(own, entity=FIRM)
    for stranger in (neighbour, elsewhere):
        assert stranger.get(draft["address"]).status_code == 404
        assert stranger.get(f"{draft['address']}/version").status_code == 404
        for action in ("save", "check", "submit", "notes", "notes/done", "discard"):
            assert (
                stranger.post(f"{draft['address']}/{action}", {"version": "1"}).status_code == 404
            )
        assert stranger.post("/entry/correct", {"submission": "S000001"}).status_code == 404
        page = stranger.get("/entry?sent=S000001").text.partition("<main")[2]
        assert "S000001" not in page and draft["address"] not in page
        sent = {"form": "enterprise_energy", "place": "500156", "period": "2025-03", "entity": FIRM}
        assert stranger.post("/entry/new", sent).status_code == 404
        assert stranger.post("/entry/template", sent).status_code == 404
    assert leader.get("/entry").status_code == 403
    assert own.get(draft["address"]).status_code == 200
    assert "S000001" in own.get("/entry").text


def test_rows_of_others_are_not_handed_in(app):
    own = as_person(app, "甲厂", Grant("filer", entity=FIRM, place="500156"))
    began = begin(own, entity=FIRM)
    grid = filled(began, coal(), coal(entity=OTHER_FIRM))
    checked = own.post(f"{began['address']}/check", {"grid": json.dumps(grid)}).json()
    strange = [f for f in checked["findings"] if f["code"] == "not-yours"]
    assert [(f["at"], f["level"]) for f in strange] == [(1, "error")]
    answer = hand_in(own, began, grid)
    assert answer.status_code == 400 and "不在您的填报范围内" in answer.json()["text"]
    page = upload(own, workbook(TITLES, [*COAL[:1], OTHER_FIRM, *COAL[2:]]), entity=FIRM).text
    assert "不在您的填报范围内" in page
    key = key_of_upload(page)
    refused = own.post(f"/entry/upload/{key}/submit", {"seen": "", "confirmed": "yes"})
    assert refused.status_code == 400
    assert records(app) == {}


@pytest.mark.parametrize("grid", ["", "null", "[]", "{", '{"sheet": 1}', "[" * 60_000])
def test_what_is_no_grid_is_refused_in_words(app, grid):
    client = as_person(app, "张三")
    began = begin(client)
    for action in ("save", "check"):
        answer = client.post(f"{began['address']}/{action}", {"version": "1", "grid": grid})
        assert answer.status_code == 400 and "网格" in answer.json()["text"]


def bomb():
    """A workbook whose one sheet unpacks to 300 MB."""
    buffer = io.BytesIO(workbook(TITLES, COAL))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b" " * 300_000_000)
    return buffer.getvalue()


def with_part(name, part):
    """A sound workbook with one more part in it."""
    buffer = io.BytesIO(workbook(TITLES, COAL))
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, part)
    return buffer.getvalue()


ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
HOSTILE = {
    "nothing": lambda: b"",
    "a broken archive": lambda: b"PK\x03\x04 broken",
    "a document": lambda: b"%PDF-1.7",
    "zeros": lambda: b"\x00" * 100,
    "another table": lambda: "甲,乙\n1,2".encode(),
    "a bomb": bomb,
    "an outside entity": lambda: with_part("xl/evil.xml", ENTITY),
    "deep": lambda: with_part("xl/deep.xml", b"<a>" * 100_000),
    "a path": lambda: with_part("../../evil.txt", b"x"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_answered_in_words(app, kind):
    answer = upload(as_person(app, "张三"), HOSTILE[kind]())
    assert answer.status_code in (200, 400)
    assert 'role="alert"' in answer.text or "处错误" in answer.text
    assert records(app) == {}


def test_macros_are_not_run_and_formulas_not_worked_out(app):
    """What a formula would give is not in the file: an error, and nothing is asked outside."""
    client = as_person(app, "张三")
    page = upload(client, with_part("xl/vbaProject.bin", b"macro")).text
    assert "0 处错误" in page
    formula = [*COAL[:6], '=WEBSERVICE("http://example.invalid/")']
    page = html.unescape(upload(client, workbook(TITLES, formula)).text)
    assert "公式" in page and "1 处错误" in page


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td>"]
)
def test_what_was_typed_is_shown_as_text(app, text):
    client = as_person(app, "张三")
    line = [*COAL[:2], text, *COAL[3:]]
    files = {"file": (f"{text}.xlsx", workbook(TITLES, line, sheet="a'\"&"))}
    sent = {"form": "enterprise_energy", "place": "500156", "entity": text}
    page = client.post("/entry/upload", sent, files).text
    assert text not in re.sub(r"</td>\s*(?=<td|</tr)", "", page) and "&lt;" in page
    began = state(client.post(f"/entry/upload/{key_of_upload(page)}/mend").text)
    assert began["typed"]["rows"][0][3] == text
    shown = client.get(began["address"]).text
    assert text == "</td>" or text not in shown


def test_what_was_chosen_wrongly_is_said(app):
    client = as_person(app, "张三")
    sent = {"form": "enterprise_energy", "place": "500156", "period": "下个月吧"}
    answer = client.post("/entry/new", sent)
    assert answer.status_code == 400 and "不是可识别的时期" in html.unescape(answer.text)
    assert client.post("/entry/new", sent | {"form": "nothing"}).status_code in (400, 404)
    assert client.post("/entry/new", {"form": "x"}).status_code == 404


@pytest.fixture
def calendar(monkeypatch):
    """A calendar that locks what its test says, by period and body."""
    locks = {}

    def lock_for(request, form, period, *bodies):
        code = next(filter(None, (locks.get((period, body)) for body in bodies)), None)
        return None, code and SimpleNamespace(code=code, zh=f"锁：{code}", en=f"locked: {code}")

    monkeypatch.setattr(entry_locks, "lock_for", lock_for)
    return locks


def test_what_is_locked_is_not_handed_in_but_corrected(app, calendar):
    client = as_person(app, "张三")
    began = begin(client)
    calendar["2025-04", FIRM] = "not_open"
    grid = filled(began, coal(), coal(period="2025年4月"), coal(period="2025年4月", product="焦炭"))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)}).json()
    locked = [(f["at"], f["code"], f["zh"]) for f in checked["findings"] if f["level"] == "error"]
    assert locked == [(1, "lock-not_open", "锁：not_open")]
    assert "锁：not_open" in hand_in(client, began, grid).json()["text"]
    assert records(app) == {}
    again = begin(client)
    number = hand_in(client, again, filled(again, coal())).json()["submission"]
    calendar["2025-03", FIRM] = "submitted"
    other = begin(client)
    assert hand_in(client, other, filled(other, coal(consumed="7"))).status_code == 400
    correction = state(client.post("/entry/correct", {"submission": number}).text)
    assert hand_in(client, correction, correction["typed"]).status_code == 200
    calendar["2025-03", FIRM] = "expired"
    late = state(client.post("/entry/correct", {"submission": "S000002"}).text)
    assert hand_in(client, late, late["typed"]).status_code == 400


def test_rows_of_a_neighbour_are_not_opened_because_of_the_place_of_their_submission(app):
    """The city hands in for Wulong a table that holds a row of Wanzhou: neither district corrects
    it, lists it or sees its cells; the city does."""
    city = as_person(app, "市局", Grant("filer"))
    began = begin(city)
    grid = filled(began, coal(), coal(place="万州区", product="焦炭"))
    number = hand_in(city, began, grid).json()["submission"]
    for name, place in (("武隆", "500156"), ("万州", "500101")):
        district = as_person(app, name, Grant("filer", place=place))
        assert district.post("/entry/correct", {"submission": number}).status_code == 404
        page = district.get(f"/entry?sent={number}").text.partition("<main")[2]
        assert number not in page
    reopened = state(city.post("/entry/correct", {"submission": number}).text)
    district = as_person(app, "武隆", Grant("filer", place="500156"))
    assert district.get(reopened["address"]).status_code == 404
