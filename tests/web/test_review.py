"""Review in pages: who sees what waits, decisions with their reasons, levels, many at once."""

from __future__ import annotations

import re
import shutil
from datetime import date

import pyarrow as pa
import pytest
from people_at_work import someone

from hengtan.basis.actor import Actor
from hengtan.basis.period import Period
from hengtan.ledger import Meta
from hengtan.office.permission import Grant, Person
from hengtan.web import Site, trail
from hengtan.web.application import Application
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.jobs.kinds import duties
from hengtan.web.rooms.notices.models import Delivery
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Setting
from hengtan.web.rooms.review import asking
from hengtan.web.rooms.review.models import LevelApproval, Looking
from hengtan.web.store import point_to
from hengtan.workspace import Workspace
from hengtan.workspace.config import Settings

ALONE = Person("测试", is_alone=True)
CITY, WANZHOU, FULING = "500000", "500101", "500102"
FORM = "indicator_values"


def _build_city(folder):
    Workspace.create(folder, Settings("测试市", "Test city", CITY, "chongqing")).close()


@pytest.fixture
def app(build_once, tmp_path, prepared_store, monkeypatch):
    """A shared installation of a city over an empty ledger; second factors are taken as given."""
    monkeypatch.setattr(persons, "has_second_factor", lambda account: True)
    shutil.copytree(build_once("city of review", _build_city)[0], tmp_path / "ws")
    with Workspace.open(tmp_path / "ws") as workspace:
        site = Site(workspace)
        app = Application(site, is_shared=True)
        prepared_store(app)
        yield app
        app.close()


def send(client, address, page, **form):
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return client.post(address, data=form, headers={"Origin": "http://localhost"})


def file(app, place, value, *, by="填报员", year="2024", note=None, body=None, **more):
    """Hand in one figure."""
    form = app.site.workspace.form(FORM)
    period = Period.parse(year)
    row = {
        "indicator": "forest_coverage",
        "place": place,
        "period": year,
        "period_kind": period.kind,
        "period_start": period.start,
        "period_end": period.end,
        "value": value,
        "unit": "%",
        "scope": "全市",
        "source_title": "公报",
    }
    stored = {name: row.get(name) for name in form.schema().names}
    table = pa.Table.from_pylist([stored], schema=form.schema())
    meta = Meta(Actor(by, body), place=place, note=note, **more)
    return app.site.workspace.ledger.submit(form, table, meta).id


def decide(client, submission, do, *, reason="", **more):
    page = client.get(f"/review/{submission}").text
    seq = re.search(r'name="seq" value="([^"]+)"', page)[1]
    form = {"do": do, "reason": reason, "seq": seq} | more
    return send(client, f"/review/{submission}/decide", page, **form)


def state(app, submission):
    return app.site.workspace.ledger.submission(submission)["state"]


def test_the_queue_shows_what_one_may_review_and_nothing_else(app):
    mine, other = file(app, WANZHOU, 50.0), file(app, FULING, 51.0)
    client = someone(app, "万州审核", Grant("reviewer", place=WANZHOU))
    page = client.get("/review").text
    assert mine in page and other not in page
    assert client.get(f"/review/{mine}").status_code == 200
    assert client.get(f"/review/{other}").status_code == 404
    assert client.get("/review/S999999").status_code == 404
    assert client.get(f"/review/{other}/original").status_code == 404
    city = someone(app, "市审核", Grant("reviewer", place=CITY)).get("/review").text
    assert mine in city and other in city


def test_rows_of_a_neighbour_are_for_the_one_above_both(app):
    """Wanzhou hands in a row of Fuling: neither district approves it, the city does."""
    form = app.site.workspace.form(FORM)
    row = dict.fromkeys(form.schema().names) | {"place": FULING, "period": "2024", "value": 1.0}
    table = pa.Table.from_pylist([row], schema=form.schema())
    meta = Meta(Actor("填报员", WANZHOU), place=WANZHOU)
    strange = app.site.workspace.ledger.submit(form, table, meta).id
    for name, place in (("甲", WANZHOU), ("乙", FULING)):
        client = someone(app, name, Grant("reviewer", place=place))
        assert strange not in client.get("/review").text
        assert client.get(f"/review/{strange}").status_code == 404
    assert strange in someone(app, "丙", Grant("reviewer", place=CITY)).get("/review").text


def test_returning_needs_a_reason_and_tells_everyone_before(app):
    number = file(app, WANZHOU, 50.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    refused = decide(client, number, "return", reason="  ")
    assert refused.status_code == 409 and "没有写明原因" in refused.text
    assert state(app, number) == "submitted"
    decide(client, number, "return", reason="单位应为 %")
    assert state(app, number) == "returned"
    point_to(app.store)
    (handed,) = Delivery.objects.all()
    assert handed.to == "填报员" and number in handed.notice.text_zh
    assert "单位应为 %" in client.get(f"/review/{number}").text


def test_what_is_handed_in_again_is_reviewed_again(app):
    number = file(app, WANZHOU, 50.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    decide(client, number, "return", reason="请核对")
    assert number in client.get("/review?state=returned").text
    app.site.workspace.ledger.record(number, "submitted", Actor("填报员"))
    assert number in client.get("/review").text
    decide(client, number, "approve")
    assert state(app, number) == "approved"
    assert number not in client.get("/review").text
    point_to(app.store)
    deeds = list(Entry.objects.filter(kind="decision").values_list("what", flat=True))
    assert deeds == [f"return {number}", f"approve {number}"]
    assert trail.first_fault() is None


def test_nobody_reviews_his_own_and_is_told_why(app):
    grants = (Grant("filer", place=WANZHOU), Grant("reviewer", place=WANZHOU))
    client = someone(app, "两职", *grants)
    own, other = file(app, WANZHOU, 50.0, by="两职"), file(app, WANZHOU, 40.0, year="2023")
    page = client.get("/review").text
    assert own not in page and other in page
    page = client.get(f"/review/{own}").text
    assert "不能审核或发布自己填报的内容" in page and 'name="do"' not in page
    token = client.get(f"/review/{other}").text
    answer = send(client, f"/review/{own}/decide", token, do="approve", seq="1.0")
    assert answer.status_code == 404 and state(app, own) == "submitted"


def test_who_handed_it_in_again_for_another_may_not_review_it_either(app):
    number = file(app, WANZHOU, 50.0, by="甲")
    ledger = app.site.workspace.ledger
    ledger.record(number, "returned", Actor("丁"), "改")
    ledger.record(number, "submitted", Actor("乙"))
    for name in ("甲", "乙"):
        client = someone(app, name, Grant("reviewer", place=WANZHOU))
        assert number not in client.get("/review").text
    assert number in someone(app, "丙", Grant("reviewer", place=WANZHOU)).get("/review").text


def test_a_decision_on_what_has_changed_meanwhile_is_refused(app):
    number = file(app, WANZHOU, 50.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    page = client.get(f"/review/{number}").text
    seq = re.search(r'name="seq" value="([^"]+)"', page)[1]
    ledger = app.site.workspace.ledger
    ledger.record(number, "returned", Actor("他人"), "改")
    ledger.record(number, "submitted", Actor("填报员"))
    answer = send(client, f"/review/{number}/decide", page, do="approve", seq=seq)
    assert answer.status_code == 409 and "有了变化" in answer.text
    assert state(app, number) == "submitted"


def levels(app, **of_form):
    point_to(app.store)
    Setting.objects.create(name="review_levels", value=of_form)


def test_approval_goes_upward_by_level_and_only_the_last_puts_it_in_force(app):
    levels(app, **{FORM: ["district", "city"]})
    number = file(app, WANZHOU, 50.0)
    district = someone(app, "区审核", Grant("reviewer", place=WANZHOU))
    city = someone(app, "市审核", Grant("reviewer", place=CITY))
    decide(district, number, "approve", reason="已核")
    assert state(app, number) == "submitted"
    page = district.get(f"/review/{number}").text
    assert "您已在下一级审核过" in page
    decide(city, number, "approve")
    ledger = app.site.workspace.ledger.submission(number)
    assert ledger["state"] == "approved" and ledger["approved_by"] == "市审核"
    assert "区县：区审核通过" in ledger["reason"]


def test_a_district_does_not_take_the_step_of_the_city(app):
    levels(app, **{"": ["district", "city"]})
    number = file(app, WANZHOU, 50.0)
    first = someone(app, "区审核", Grant("reviewer", place=WANZHOU))
    second = someone(app, "区审核二", Grant("reviewer", place=WANZHOU))
    decide(first, number, "approve")
    page = second.get(f"/review/{number}").text
    assert "这一步由市级审核" in page
    seq = re.search(r'name="seq" value="([^"]+)"', page)[1]
    answer = send(second, f"/review/{number}/decide", page, do="approve", seq=seq)
    assert answer.status_code == 409 and state(app, number) == "submitted"
    # it may send it back though, and both before are notices
    decide(second, number, "return", reason="口径不符")
    assert state(app, number) == "returned"
    point_to(app.store)
    receivers = {each.to for each in Delivery.objects.all()}
    assert {"填报员", "区审核"} <= receivers


def test_handed_in_again_begins_at_the_lowest_level(app):
    levels(app, **{"": ["district", "city"]})
    number = file(app, WANZHOU, 50.0)
    district = someone(app, "区审核", Grant("reviewer", place=WANZHOU))
    city = someone(app, "市审核", Grant("reviewer", place=CITY))
    decide(district, number, "approve")
    decide(city, number, "return", reason="改")
    app.site.workspace.ledger.record(number, "submitted", Actor("填报员"))
    decide(district, number, "approve")
    assert state(app, number) == "submitted"
    assert LevelApproval.objects.filter(submission=number).count() == 2
    decide(city, number, "approve")
    assert state(app, number) == "approved"


def test_many_at_once_each_by_itself(app):
    """Three: one goes, one waits with the same key as another's, one is not this person's."""
    good, clash, rival = (
        file(app, WANZHOU, 50.0),
        file(app, WANZHOU, 51.0, year="2023"),
        file(app, WANZHOU, 52.0, year="2023", body="统计局"),
    )
    strange = file(app, FULING, 1.0)
    client = someone(app, "万州审核", Grant("reviewer", place=WANZHOU))
    page = client.get("/review").text
    numbers = [good, clash, strange, "S999999"]
    answer = send(client, "/review/many", page, do="approve", submission=numbers)
    notices = re.findall(r"<li>.*?</li>", answer.text, re.S)
    assert "1 份成功，3 份没有办成" in answer.text, notices
    assert answer.text.count("没有这份提交") == 2
    assert state(app, good) == "approved"
    assert {state(app, n) for n in (clash, rival, strange)} == {"submitted"}


def test_many_are_returned_with_one_reason(app):
    numbers = [file(app, WANZHOU, 50.0, year=str(year)) for year in range(2019, 2024)]
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    page = client.get("/review").text
    without = send(client, "/review/many", page, do="return", submission=numbers)
    assert without.status_code == 400 and "没有写明原因" in without.text
    send(client, "/review/many", page, do="return", submission=numbers, reason="统一退回")
    assert {state(app, n) for n in numbers} == {"returned"}


def test_a_conflict_shows_both_values_and_is_decided_by_the_reviewer(app):
    theirs = file(app, WANZHOU, 51.5, body="统计局")
    app.site.workspace.ledger.record(theirs, "approved", Actor("审核"))
    ours = file(app, WANZHOU, 50.0, body=WANZHOU)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    page = client.get(f"/review/{ours}").text
    assert "51.5" in page and "以本份为准" in page
    undecided = decide(client, ours, "approve")
    assert undecided.status_code == 409 and state(app, ours) == "submitted"
    decide(client, ours, "approve", on_conflict="replace")
    assert state(app, ours) == "approved"


def test_differences_to_what_stands_and_to_the_period_before(app):
    """2024: 52 where 50 stands; 2023: 40. Change to the period before: (52 - 40) / 40 = 30 %."""
    ledger = app.site.workspace.ledger
    for year, value in (("2023", 40.0), ("2024", 50.0)):
        ledger.record(file(app, WANZHOU, value, year=year), "approved", Actor("审核"))
    number = file(app, WANZHOU, 52.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    page = client.get(f"/review/{number}").text
    assert re.search(r'changed">\s*52\s*<small>\s*<del>\s*50\s*</del>', page)
    assert "2023 40" in page and "(+30%)" in page
    assert re.search(r'<b class="num">1</b> 改动', page)


def test_who_is_looking_is_shown_to_others(app):
    number = file(app, WANZHOU, 50.0)
    first = someone(app, "审核甲", Grant("reviewer", place=CITY))
    second = someone(app, "审核乙", Grant("reviewer", place=CITY))
    page = first.get(f"/review/{number}").text
    assert "没有别人在查看" in send(first, f"/review/{number}/looking", page).text
    page = second.get(f"/review/{number}").text
    assert "审核甲" in send(second, f"/review/{number}/looking", page).text
    assert "审核甲" in second.get("/review").text
    point_to(app.store)
    Looking.objects.update(at="2026-01-01T00:00:00+08:00")
    assert "审核甲" not in second.get("/review").text


def test_the_original_is_kept_by_the_browser_and_never_shown(app, tmp_path):
    path = tmp_path / "=数据 1.csv"
    path.write_text("=cmd|1,2\n", encoding="utf-8")
    number = file(app, WANZHOU, 50.0, file=path, file_name="=数据 1.csv", note="=1+1")
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    answer = client.get(f"/review/{number}/original")
    assert answer.content == b"=cmd|1,2\n"
    assert answer.headers["content-disposition"].startswith('attachment; filename="____1.csv"')
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_rows_as_csv_hold_no_formula(app):
    number = file(app, WANZHOU, 50.0)
    ledger, form = app.site.workspace.ledger, app.site.workspace.form(FORM)
    row = dict.fromkeys(form.schema().names) | {"place": WANZHOU, "source_title": '=HYPERLINK("x")'}
    table = pa.Table.from_pylist([row], schema=form.schema())
    risky = ledger.submit(form, table, Meta(Actor("填报员"), place=WANZHOU)).id
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    text = client.get(f"/review/{risky}/rows.csv").text
    assert "'=HYPERLINK" in text and ",=HYPERLINK" not in text
    assert number not in text


def test_next_and_previous_follow_the_queue(app):
    numbers = [file(app, WANZHOU, 50.0, year=str(year)) for year in (2021, 2022, 2023)]
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    page = client.get(f"/review/{numbers[1]}").text
    assert re.search(rf'/review/{numbers[0]}\?[^"]*" data-before', page)
    assert re.search(rf'/review/{numbers[2]}\?[^"]*" data-after', page)
    answer = decide(client, numbers[1], "approve", go_on="1")
    assert f"/review/{numbers[2]}" in str(answer.url)


def test_a_filer_reads_his_own_and_comments_but_does_not_decide(app):
    number = file(app, WANZHOU, 50.0, by="填报甲")
    client = someone(app, "填报甲", Grant("filer", place=WANZHOU))
    assert client.get("/review").status_code == 403
    page = client.get(f"/review/{number}").text
    assert 'name="do"' not in page
    send(client, f"/review/{number}/comment", page, text="已补附件 <b>")
    assert "已补附件 &lt;b&gt;" in client.get(f"/review/{number}").text


def test_an_approval_is_withdrawn_with_a_reason(app):
    number = file(app, WANZHOU, 50.0)
    app.site.workspace.ledger.record(number, "approved", Actor("审核"))
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    assert decide(client, number, "withdraw").status_code == 409
    decide(client, number, "withdraw", reason="来源有误")
    assert state(app, number) == "withdrawn"


def test_levels_are_set_by_the_system_administrator(app):
    client = someone(app, "系统", Grant("system_administrator"))
    page = client.get("/review/levels").text
    wrong = send(client, "/review/levels", page, form="", levels="city,district")
    assert wrong.status_code == 400 and "审核顺序不对" in wrong.text
    send(client, "/review/levels", page, form=FORM, levels="district, city")
    point_to(app.store)
    assert Setting.objects.get(name="review_levels").value == {FORM: ["district", "city"]}
    assert client.get("/review").status_code == 403


def test_pages_are_in_the_readers_language(app):
    number = file(app, WANZHOU, 50.0)
    client = someone(app, "reviewer", Grant("reviewer", place=CITY))
    for address in ("/review", f"/review/{number}"):
        english = client.get(f"{address}?lang=en").text
        assert "To review" in english and "待审" not in english.split("<main", 1)[1]
    cell = r'<td class="">\s*500101 {}\s*</td>'
    assert re.search(cell.format("Wanzhou"), client.get(f"/review/{number}?lang=en").text)
    assert re.search(cell.format("万州区"), client.get(f"/review/{number}?lang=zh").text)


def test_today_is_after_the_due_day(app):
    file(app, WANZHOU, 50.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    assert "已逾期" not in client.get("/review").text
    app.today = lambda: date(2099, 1, 1)
    assert "已逾期" in client.get("/review").text


def test_a_notice_is_sent_in_both_languages(app):
    number = file(app, WANZHOU, 50.0)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    decide(client, number, "return", reason="单位不对")
    point_to(app.store)
    (handed,) = Delivery.objects.all()
    notice = handed.notice
    assert (handed.to, notice.by, notice.address) == ("填报员", "审核员", f"/review/{number}")
    assert notice.text_zh == f"指标数据 {number} 被 审核员 退回。原因：单位不对"
    assert notice.text_en.startswith(f"Indicator values {number} was returned by 审核员.")


def test_the_queue_is_read_before_anybody_opens_it(app, monkeypatch):
    """As the duty of the worker leaves it, the page asks of no submission what it is about; of what
    came since it asks."""
    first = file(app, WANZHOU, 50.0)
    (duty,) = (duty for duty in duties() if duty.name == "review_queue")
    duty.do(app)
    asked, real = [], asking.things_of

    def noted(workspace, permission, records):
        asked.extend(record.submission for record in records)
        return real(workspace, permission, records)

    monkeypatch.setattr(asking, "things_of", noted)
    client = someone(app, "审核员", Grant("reviewer", place=CITY))
    assert first in client.get("/review").text and asked == []
    second = file(app, WANZHOU, 51.0, year="2023")
    assert second in client.get("/review").text and asked == [second]
