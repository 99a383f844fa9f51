"""A bulletin on its way in pages: drafted, edited, submitted, returned, approved by somebody else,
frozen with its text; and what is refused.
"""

from __future__ import annotations

import io
import re
import shutil
from dataclasses import replace

import docx
import pytest
from page_client import PageClient

from hengtan.desk.bulletin_issues import issues
from hengtan.office.bulletin_drafts import BulletinDraft, DraftRefused, fingerprint
from hengtan.office.permission import Grant, Person
from hengtan.web import Site
from hengtan.web.application import Application
from hengtan.web.rooms.bulletins.models import DraftRow
from hengtan.web.rooms.people import persons
from hengtan.web.store import point_to
from hengtan.workspace import Workspace

NEW = "一个足够长的新密码 2026"
ALONE = Person("测试", is_alone=True)
WRITTEN = BulletinDraft("2025-06", (("一、总体情况", "甲。"),), "f1", {}, "甲")


def test_a_draft_goes_its_way():
    edited = WRITTEN.edited([("总体", "乙。"), ("", "")], {"signed_by": "某委"}, "乙", 1)
    assert (edited.text, edited.by, edited.version) == ((("总体", "乙。"),), "乙", 2)
    back = edited.submitted("f1").returned(" 数字不全 ")
    assert (back.state, back.reason) == ("returned", "数字不全")
    again = back.edited([("总体", "丙。")], {}, "乙", back.version).submitted("f1")
    assert again.reason == "" and again.approved("f1").state == "approved"


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        (lambda d: d.edited([("甲", "乙")], {}, "乙", 7), "已先保存"),
        (lambda d: d.edited([("只有标题", "")], {}, "乙", 1), "没有正文"),
        (lambda d: d.edited([("甲", "字" * 30_000)], {}, "乙", 1), "超过"),
        (lambda d: d.submitted("f2"), "数据有变"),
        (lambda d: d.approved("f1"), "还没有提交"),
        (lambda d: d.returned("因"), "还没有提交"),
        (lambda d: d.submitted("f1").returned("  "), "要写原因"),
        (lambda d: d.submitted("f1").edited([("甲", "乙")], {}, "乙", 2), "不能再改"),
        (lambda d: d.submitted("f1").approved("f2"), "数据有变"),
        (lambda d: replace(d, state="approved").rewritten([], "f", "乙"), "已审定"),
    ],
)
def test_what_cannot_be_done_is_told(deed, said):
    with pytest.raises(DraftRefused, match=said):
        deed(WRITTEN)


def test_the_fingerprint_changes_with_a_figure_and_not_with_the_day(bulletin_city):
    june = bulletin_city[1]
    assert fingerprint(june) == fingerprint({**june, "made_on": "2030-01-01"})
    assert fingerprint(june) != fingerprint({**june, "city": {**june["city"], "energy": 1.0}})


@pytest.fixture
def site(bulletin_city, tmp_path):
    """A copy of the made-up city that may be written to."""
    shutil.copytree(bulletin_city[0].folder, tmp_path / "city")
    with Workspace.open(tmp_path / "city") as workspace:
        site = Site(workspace)
        yield site
        site.close()


@pytest.fixture
def shared(site, prepared_store, monkeypatch):
    """The city, shared; second factors are taken as given."""
    monkeypatch.setattr(persons, "has_second_factor", lambda account: True)
    app = Application(site, writable=True, is_shared=True)
    prepared_store(app)
    return app


def signed_in(app, name, *grants):
    point_to(app.store)
    account, first = persons.make_account(name, "测试")
    for grant in grants:
        persons.give(app.permission, ALONE, account, grant)
    browser = PageClient(app)
    send(browser, "/account/login/", login=name, password=first)
    form = {"oldpassword": first, "password1": NEW, "password2": NEW}
    send(browser, "/account/password/change/", **form)
    return browser


def send(browser, address, page="", **form):
    """A form, with the token of the page it stands on."""
    text = browser.get(page or address).text
    form["csrfmiddlewaretoken"] = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)[1]
    return browser.post(address, data=form, headers={"Origin": "http://localhost"})


DRAFT = "/bulletins/2025-06"


def test_from_the_draft_to_the_frozen_issue(shared, site):
    writer = signed_in(shared, "起草人", Grant("analyst", place="990000"))
    publisher = signed_in(shared, "审定人", Grant("publisher", place="990000"))
    page = send(writer, "/bulletins", period="2025-06").text
    assert "起草中" in page and "2025年1—6月，全市能源消费总量" in page
    form = {
        "version": "1",
        "heading": ["总体情况", "二、区县情况"],
        "said": ["改过的一段。", "另一段。"],
        "recipients": "各区县人民政府",
        "signed_by": "某市发展和改革委员会",
        "signed_on": "2025-07-09",
    }
    send(writer, f"{DRAFT}/save", DRAFT, **form)
    assert "改过的一段。" in writer.get(DRAFT).text
    assert send(writer, f"{DRAFT}/save", DRAFT, **form).status_code == 400  # version 1 is old
    send(writer, f"{DRAFT}/submit", DRAFT)
    # the writer has no right to approve, and the page says that it waits
    assert send(writer, f"{DRAFT}/approve", "/account/password/change/").status_code in (403, 404)
    send(publisher, f"{DRAFT}/return", DRAFT, reason="补一句要求")
    assert "补一句要求" in writer.get(DRAFT).text
    again = form | {"version": "4", "requirements": "压实责任。"}
    send(writer, f"{DRAFT}/save", DRAFT, **again)
    send(writer, f"{DRAFT}/submit", DRAFT)
    send(publisher, f"{DRAFT}/approve", DRAFT)
    issue = issues(site.workspace)[-1]
    assert (issue["issue"], issue["by"], issue["written_by"]) == (2, "审定人", "起草人")
    assert issue["text"][0] == ["总体情况", "改过的一段。"]
    word = publisher.get(f"{DRAFT}/file.docx")
    texts = [p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert "一、总体情况" in texts and "改过的一段。" in texts
    assert "各区县人民政府：" in texts and "三、下一步工作要求" in texts
    assert "已审定存档" in writer.get(DRAFT).text


def test_nobody_approves_what_he_edited(shared, site):
    publisher = signed_in(shared, "审定人", Grant("publisher", place="990000"))
    send(publisher, "/bulletins", period="2025-06")
    send(publisher, f"{DRAFT}/submit", DRAFT)
    assert send(publisher, f"{DRAFT}/approve", "/account/password/change/").status_code in (
        403,
        404,
    )
    assert DraftRow.objects.get(period="2025-06").state == "submitted"
    assert len(issues(site.workspace)) == 1


def test_a_neighbour_and_a_filer_see_no_draft(shared):
    writer = signed_in(shared, "起草人", Grant("analyst", place="990000"))
    send(writer, "/bulletins", period="2025-06")
    for name, grant in (("外人", Grant("analyst", place="990103")), ("填报", Grant("filer"))):
        other = signed_in(shared, name, grant)
        for address in (DRAFT, f"{DRAFT}/file.docx", "/bulletins"):
            assert other.get(address).status_code in (403, 404), address


def test_a_period_without_figures_is_told(shared):
    writer = signed_in(shared, "起草人", Grant("analyst", place="990000"))
    answer = send(writer, "/bulletins", period="2031-01")
    assert answer.status_code == 400 and "没有2031年1—1月的数据" in answer.text


def test_what_moved_is_written_anew(shared):
    writer = signed_in(shared, "起草人", Grant("analyst", place="990000"))
    send(writer, "/bulletins", period="2025-06")
    DraftRow.objects.filter(period="2025-06").update(figures="x", text=[["旧", "旧文"]])
    page = writer.get(DRAFT).text
    assert "起草之后数据有变" in page
    assert send(writer, f"{DRAFT}/submit", DRAFT).status_code == 400
    send(writer, f"{DRAFT}/rewrite", DRAFT)
    text = writer.get(DRAFT).text
    assert "旧文" not in text and "起草之后数据有变" not in text
