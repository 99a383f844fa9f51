"""Entry on pages: a grid and a file end in the same submission, two editors see each other, what is
another's is not there.
"""

from __future__ import annotations

import html
import io
import json
import re
import shutil
from types import SimpleNamespace

import openpyxl
import pytest
from page_client import PageClient

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import step
from hengtan.office.permission import Grant, Person
from hengtan.web.application import Application
from hengtan.web.rooms.entry import drafts
from hengtan.web.rooms.entry import locks as entry_locks

FIRM, OTHER_FIRM = "91500156MA5U000001", "91500156MA5U000002"
ORIGIN = {"Origin": "http://localhost"}
TITLES = ["地区", "统一社会信用代码", "单位名称", "时期", "能源品种", "计量单位", "消费量"]
COAL = ["500156", FIRM, "甲厂", "2025年3月", "原煤", "吨", "1200"]


@pytest.fixture
def app(empty_folder, small, small_site, prepared_store, tmp_path):
    """The small site over a ledger of the test's own, where one may write."""
    shutil.copytree(empty_folder, tmp_path / "own")
    workspace = type(small_site.workspace).of(tmp_path / "own", small)
    app = Application(type(small_site)(workspace))
    prepared_store(app)
    yield app
    app.close()
    workspace.close()


def as_person(app, name, *grants):
    """A client of a person with grants: who asks is decided elsewhere, and tested there."""
    client = PageClient(app)
    person = Person(name, tuple(grants)) if grants else Person(name, is_alone=True)

    def ask(method, address, **how):
        app.alone = person
        return getattr(client, method)(address, **how)

    return SimpleNamespace(
        get=lambda address, **how: ask("get", address, **how),
        post=lambda address, data=None, files=None: ask(
            "post",
            address,
            data={**(data or {}), "csrfmiddlewaretoken": token(ask)},
            files=files,
            headers=ORIGIN,
        ),
    )


def token(ask):
    page = ask("get", "/entry").text
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]


def state(page):
    """What the script of a grid begins with."""
    text = re.search(r'<script type="application/json" id="entry-state">(.*?)</script>', page, re.S)
    return json.loads(text[1])


def begin(client, form="enterprise_energy", place="500156", period="2025年3月", **more):
    answer = client.post("/entry/new", {"form": form, "place": place, "period": period, **more})
    assert answer.status_code == 200, answer.text
    return state(answer.text)


def filled(began, *rows):
    """The grid of a draft with rows by field."""
    width = len(began["fields"])
    lines = []
    for n, row in enumerate(rows):
        cells = [row.get(field, "") for field in began["fields"]]
        lines.append([f"x{n}", *cells[:width]])
    return {**began["typed"], "rows": lines}


def coal(**changes):
    fields = ["place", "entity", "entity_name", "period", "product", "unit", "consumed"]
    return dict(zip(fields, COAL, strict=True)) | changes


def save(client, began, grid, version=None):
    sent = {"version": str(version or began["version"]), "grid": json.dumps(grid)}
    return client.post(f"{began['address']}/save", sent)


def hand_in(client, began, grid):
    """Saved, checked, its warnings confirmed, handed in."""
    saved = save(client, began, grid).json()
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)}).json()
    sent = {"version": str(saved["version"]), "seen": checked["seen"]}
    return client.post(f"{began['address']}/submit", sent)


def workbook(*lines, sheet="三月"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for line in lines:
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def upload(client, content, form="enterprise_energy", place="500156", **more):
    files = {"file": ("三月 能耗.xlsx", content)}
    return client.post("/entry/upload", {"form": form, "place": place, **more}, files)


def key_of_upload(page):
    return re.search(r"/entry/upload/([0-9a-f]+)/", page)[1]


def records(app):
    return app.site.workspace.ledger.current().records


def test_a_grid_is_saved_checked_and_handed_in_once(app):
    client = as_person(app, "张三")
    began = begin(client)
    grid = filled(began, coal(consumed="abc"))
    checked = client.post(f"{began['address']}/check", {"grid": json.dumps(grid)}).json()
    assert checked["errors"] == 1
    finding = next(f for f in checked["findings"] if f["code"] == "not-a-number")
    assert (finding["at"], [began["fields"][n] for n in finding["cells"]]) == (0, ["consumed"])
    answer = hand_in(client, began, filled(began, coal()))
    assert answer.status_code == 200, answer.text
    number = answer.json()["submission"]
    record = records(app)[number]
    assert (record.actor, record.body, record.place) == ("张三", "500156", "500156")
    assert (record.channel, record.rows) == ("grid", 1)
    again = client.post(f"{began['address']}/submit", {"version": "2", "seen": ""})
    assert again.json()["submission"] == number and len(records(app)) == 1
    page = client.get(f"/entry?sent={number}").text
    assert f"已提交 {number}" in page and "待审核" in page
    refused = save(client, began, filled(began, coal(consumed="1")), version=2)
    assert refused.status_code == 400 and number in refused.json()["text"]


def test_the_same_rows_by_grid_and_by_file_are_the_same_rows(app):
    client = as_person(app, "张三")
    page = upload(client, workbook(TITLES, COAL)).text
    key = key_of_upload(page)
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    sent = {"seen": seen, "confirmed": "yes"}
    assert "已提交" in client.post(f"/entry/upload/{key}/submit", sent).text
    mended = client.post(
        f"/entry/upload/{key_of_upload(upload(client, workbook(TITLES, COAL)).text)}/mend"
    )
    began = state(mended.text)
    assert hand_in(client, began, began["typed"]).status_code == 200
    first, second = records(app).values()
    assert (first.channel, second.channel) == ("file", "grid")
    assert first.rows_digest == second.rows_digest and first.sheet == second.sheet


def test_a_file_is_shown_beside_its_findings_and_handed_in_once(app):
    client = as_person(app, "张三")
    page = upload(
        client, workbook(["三月表"], TITLES, COAL, [*COAL[:4], "焦炭", "吨", "一百"])
    ).text
    assert "三月 能耗.xlsx" in page and "“一百”不是数字" in html.unescape(page)
    assert re.search(r'<td class="error"><span>一百</span>', page)
    assert "在网格中改正" in page and f"/entry/upload/{key_of_upload(page)}/submit" not in page
    sound = upload(client, workbook(TITLES, COAL)).text
    key, seen = key_of_upload(sound), re.search(r'name="seen" value="([^"]*)"', sound)[1]
    for _ in range(2):
        answer = client.post(f"/entry/upload/{key}/submit", {"seen": seen, "confirmed": "yes"})
        assert "已提交 S000001" in answer.text
    assert len(records(app)) == 1


def test_another_sheet_or_only_what_is_read_may_be_chosen(app):
    client = as_person(app, "张三")
    book = openpyxl.Workbook()
    book.active.title = "三月"
    for line in ([*TITLES, "电话费"], [*COAL, 35]):
        book.active.append(line)
    buffer = io.BytesIO()
    book.save(buffer)
    page = upload(client, buffer.getvalue()).text
    assert "1 个数没有读取" in page and "--partly" not in page
    partly = client.post(f"/entry/upload/{key_of_upload(page)}/again", {"partly": "yes"}).text
    assert "0 处错误" in partly


def test_two_editors_never_overwrite_in_silence(app):
    first, second = as_person(app, "张三"), as_person(app, "李四")
    began = begin(first)
    rows = filled(began, coal(), coal(product="焦炭"))
    assert save(first, began, rows).json()["version"] == 2
    theirs = json.loads(json.dumps(rows))
    at = began["fields"].index("consumed") + 1
    rows["rows"][0][at], theirs["rows"][1][at] = "1300", "7"
    assert save(first, began, rows, 2).json()["version"] == 3
    answer = save(second, began, theirs, 2)
    assert answer.status_code == 409
    refusal = answer.json()
    assert refusal["stored"]["by"] == "张三" and refusal["stored"]["version"] == 3
    assert refusal["joined"]["clashes"] == []
    joined = [row[at] for row in refusal["joined"]["typed"]["rows"]]
    assert joined == ["1300", "7"]
    assert save(second, began, refusal["joined"]["typed"], 3).json()["version"] == 4
    clash = json.loads(json.dumps(theirs))
    clash["rows"][0][at] = "1400"
    refusal = save(first, began, clash, 2).json()
    assert [(c["before"], c["theirs"], c["mine"]) for c in refusal["joined"]["clashes"]] == [
        ("1200", "1300", "1400")
    ]


def test_comments_and_follow_up_marks_stay_on_their_cell(app):
    client = as_person(app, "张三")
    began = begin(client)
    save(client, began, filled(began, coal()))
    sent = {"row": "x0", "column": "6", "text": "请核对", "follow_up": "yes"}
    notes = client.post(f"{began['address']}/notes", sent).json()["notes"]
    assert [(n["row"], n["column"], n["text"], n["follow_up"], n["by"]) for n in notes] == [
        ("x0", 6, "请核对", True, "张三")
    ]
    page = client.get("/entry").text
    assert re.search(r"待跟进.*?<td class=\"num\">1</td>", page, re.S)
    for wrong in ({"row": "nowhere"}, {"column": "999"}, {"column": "x"}, {"text": " "}):
        assert client.post(f"{began['address']}/notes", sent | wrong).status_code == 400
    done = client.post(f"{began['address']}/notes/done", {"note": str(notes[0]["id"])}).json()
    assert done["notes"][0]["done"].startswith("张三")


def test_what_was_returned_is_corrected_and_replaces(app):
    client = as_person(app, "张三")
    began = begin(client)
    number = hand_in(client, began, filled(began, coal())).json()["submission"]
    step(app.site.workspace, number, "returned", Actor("审核人"), "请核对消费量")
    page = client.get("/entry").text
    assert "已退回" in page and "请核对消费量" in page
    again = state(client.post("/entry/correct", {"submission": number}).text)
    at = again["fields"].index("consumed") + 1
    assert again["typed"]["rows"][0][at] == "1200"
    again["typed"]["rows"][0][at] = "1100"
    answer = hand_in(client, again, again["typed"])
    assert records(app)[answer.json()["submission"]].supersedes == number
    # a second click opens the same draft while it is open
    first, second = (
        state(client.post("/entry/correct", {"submission": "S000002"}).text)["address"]
        for _ in range(2)
    )
    assert first == second


def test_warnings_that_nobody_has_seen_stop_it(app):
    client = as_person(app, "张三")
    began = begin(client, form="indicator_values", period="2025")
    row = {
        "place": "500156",
        "indicator": "森林覆盖率",
        "period": "2025",
        "value": "67",
        "unit": "%",
    }
    saved = save(client, began, filled(began, row)).json()
    answer = client.post(f"{began['address']}/submit", {"version": str(saved["version"])})
    assert answer.status_code == 422 and records(app) == {}
    assert hand_in(client, began, filled(began, row)).status_code == 200


def test_the_template_comes_filled_with_what_is_owed(app):
    client = as_person(app, "张三")
    began = begin(client)
    number = hand_in(client, began, filled(began, coal())).json()["submission"]
    step(app.site.workspace, number, "approved", Actor("审核人"))
    sent = {"form": "enterprise_energy", "place": "500156", "period": "2025年4月", "entity": FIRM}
    answer = client.post("/entry/template", sent)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    row = [cell.value for cell in sheet[4] if cell.value]
    assert row == ["武隆区", FIRM, "甲厂", "2025年4月", "原煤", "吨"]
    next_month = begin(client, period="2025年4月", entity=FIRM)
    shown = [text for text in next_month["typed"]["rows"][0][1:] if text]
    assert shown == row
    grid = next_month["typed"]
    before = client.post(f"{next_month['address']}/check", {"grid": json.dumps(grid)}).json()
    assert before["before"]["0"]["consumed"] == "1200"


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
        for action in ("save", "check", "submit", "notes", "notes/done"):
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


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"\x00" * 100, "甲,乙\n1,2".encode()]
)
def test_a_file_that_is_no_table_is_answered_in_words(app, content):
    answer = upload(as_person(app, "张三"), content)
    assert answer.status_code in (200, 400)
    assert 'role="alert"' in answer.text or "处错误" in answer.text


def test_what_was_chosen_wrongly_is_said(app):
    client = as_person(app, "张三")
    sent = {"form": "enterprise_energy", "place": "500156", "period": "下个月吧"}
    answer = client.post("/entry/new", sent)
    assert answer.status_code == 400 and "不是可识别的时期" in html.unescape(answer.text)
    assert client.post("/entry/new", sent | {"form": "nothing"}).status_code in (400, 404)
    assert client.post("/entry/new", {"form": "x"}).status_code == 404


def test_pages_in_english_hold_no_chinese_words_of_their_own(app):
    client = as_person(app, "Li")
    began = begin(client)
    for address in ("/entry?lang=en", f"{began['address']}?lang=en"):
        page = client.get(address).text
        main = re.search(r"<main.*?</main>", page, re.S)[0]
        shown = r"<datalist.*?</datalist>|<script.*?</script>|武隆区?|<select.*?</select>"
        main = re.sub(shown, "", main, flags=re.S)
        assert not re.search(r"[\u4e00-\u9fff]", main), address


def test_others_see_what_was_saved(app):
    first, second = as_person(app, "张三"), as_person(app, "李四")
    began = begin(first)
    address = f"{began['address']}/version"
    assert "typed" not in second.get(f"{address}?after=1").json()
    save(first, began, filled(began, coal()))
    news = second.get(f"{address}?after=1").json()
    assert (news["version"], news["by"]) == (2, "张三")
    assert "甲厂" in news["typed"]["rows"][0]


def test_the_open_draft_of_the_same_is_opened_again(app):
    first, second = as_person(app, "张三"), as_person(app, "李四")
    began = begin(first)
    assert begin(second)["address"] == began["address"]
    assert begin(second, period="2025年4月")["address"] != began["address"]
    hand_in(first, began, filled(began, coal()))
    assert begin(second)["address"] != began["address"]


@pytest.fixture
def calendar(monkeypatch):
    """A calendar that locks what its test says, by period and body."""
    locks = {}

    def lock_for(request, form, period, body):
        code = locks.get((period, body))
        return None, code and SimpleNamespace(code=code, zh=f"锁：{code}", en=f"locked: {code}")

    monkeypatch.setattr(entry_locks, "find_spec", lambda name: name)
    monkeypatch.setattr(
        entry_locks, "import_module", lambda name: SimpleNamespace(lock_for=lock_for)
    )
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


def test_comments_are_there_for_whoever_reviews(app):
    client = as_person(app, "张三")
    began = begin(client)
    save(client, began, filled(began, coal()))
    sent = {"row": "x0", "column": "6", "text": "数以表计为准"}
    client.post(f"{began['address']}/notes", sent)
    number = client.post(f"{began['address']}/submit", {"version": "2", "seen": ""}).json()[
        "submission"
    ]
    assert [note["text"] for note in drafts.notes_of_submission(number)] == ["数以表计为准"]
    assert drafts.notes_of_submission("S999999") == []
