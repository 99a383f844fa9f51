"""Entry on pages: a grid and a file end in the same submission, two editors see each other."""

from __future__ import annotations

import html
import io
import json
import re

import openpyxl
from entry_client import (
    COAL,
    FIRM,
    TITLES,
    as_person,
    begin,
    coal,
    filled,
    hand_in,
    key_of_upload,
    records,
    save,
    state,
    upload,
    workbook,
)

from hengtan.basis.actor import Actor
from hengtan.desk.evidence import step
from hengtan.web.rooms.entry import drafts


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
    assert re.search(r'<td class="error">\s*<span>一百</span>', page)
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


def test_a_page_in_english_gives_the_english_template_and_takes_it_filled(app):
    """Asked for, filled with a word that is no product, refused at its cell, mended, handed in."""
    client = as_person(app, "Li")
    assert client.get("/entry?lang=en").status_code == 200
    sent = {"form": "enterprise_energy", "place": "500156", "period": "2025-04", "entity": FIRM}
    answer = client.post("/entry/template", sent)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[3]}
    assert [cell.value for cell in sheet[4] if cell.value] == ["Wulong", FIRM, "2025-04"]

    def filled_with(product):
        for heading, value in (("Product*", product), ("Unit", "10⁴ kWh"), ("Consumption", 12.5)):
            sheet.cell(4, columns[heading]).value = value
        buffer = io.BytesIO()
        book.save(buffer)
        return upload(client, buffer.getvalue()).text

    page = filled_with("Electrics")
    assert re.search(r'<td class="error">\s*<span>Electrics</span>', page)
    assert f"/entry/upload/{key_of_upload(page)}/submit" not in page
    page = filled_with("Electricity")
    key, seen = key_of_upload(page), re.search(r'name="seen" value="([^"]*)"', page)[1]
    client.post(f"/entry/upload/{key}/submit", {"seen": seen, "confirmed": "yes"})
    (record,) = records(app).values()
    ledger = app.site.workspace.ledger
    view = ledger.all_rows("enterprise_energy")
    row = ledger.query(f'select product, unit, consumed from memory.main."{view}"')[0]
    assert (record.rows, row) == (
        1,
        {"product": "electricity", "unit": "万千瓦时", "consumed": 12.5},
    )


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


def test_a_draft_may_be_thrown_away_but_not_what_was_handed_in(app):
    client = as_person(app, "张三")
    began = begin(client)
    hand_in(client, began, filled(began, coal()))
    client.post(f"{began['address']}/discard")
    page = client.get(began["address"]).text
    assert "S000001" in page and re.search(r"data-submit disabled", page)
    draft = begin(client)
    assert client.post(f"{draft['address']}/discard").status_code == 200
    assert client.get(draft["address"]).status_code == 404
    assert len(records(app)) == 1
