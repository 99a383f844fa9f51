"""Review in the pages: what they show, what they write, and who may not make them write."""

import re

import pytest
from page_client import PageClient

from hengtan.desk import plan_folders, plan_review
from hengtan.desk.new import PlanDocument, new_workspace
from hengtan.web import Site, create_app
from hengtan.web.guard import MAX_BODY
from hengtan.web.pace import RATE

TEXT = (
    "某县绿色低碳发展规划（样例，虚构）\n一、总体要求\n"
    "到2025年，森林覆盖率达到57%，单位GDP能耗比2020年下降14%，骑行步道<script>达到40条。\n"
)


@pytest.fixture
def drafted(tmp_path):
    path = tmp_path / "规划.txt"
    path.write_text(TEXT, encoding="utf-8")
    workspace = new_workspace(tmp_path / "ws", "330199", name="某县", plan=PlanDocument(path, 2022))
    yield workspace
    workspace.close()


@pytest.fixture
def plan(drafted):
    (name,) = plan_folders.plans_of(drafted)
    return name


@pytest.fixture
def client(drafted):
    return PageClient(create_app(Site(drafted), writable=True))


CONFIRMED = {
    "plan.title": "某县绿色低碳发展规划",
    "plan.first_year": "2022",
    "plan.last_year": "2025",
    "plan.confirmed": "yes",
}


def form(client, plan, **fields):
    page = client.get(f"/plans/{plan}").text
    hidden = dict(re.findall(r'name="(token|head)" value="([^"]+)"', page))
    return {**hidden, "by": "李工", **fields}


def test_the_list_and_the_page(client, plan):
    assert f"/plans/{plan}" in client.get("/plans").text
    page = client.get(f"/plans/{plan}").text
    assert re.search(r"<mark[^>]*>森林覆盖率达到57%</mark>", page)
    assert len(re.findall(r'<article\s+class="card', page)) == 3
    assert "<script>达到40条" not in page
    assert client.get("/plans/没有").status_code == 404
    english = client.get(f"/plans/{plan}?lang=en").text
    assert "Accept" in english


def test_a_decision_by_script_answers_with_the_card(client, plan, drafted):
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"accept {plan}-t01"),
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.json()["state"] == "accepted"
    assert "已采纳" in answer.json()["card"]
    assert plan_review.load(drafted, plan).targets()[0].by == "李工"


def test_a_plain_form_comes_back_to_the_page(client, plan):
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(
            client,
            plan,
            do=f"edit {plan}-t02",
            **{f"{plan}-t02.value": "15", f"{plan}-t02.deadline": "2025"},
        ),
        follow_redirects=False,
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"/plans/{plan}#t-{plan}-t02")
    assert (
        "下降 15%"
        in re.sub(r"<[^>]+>|\s+", " ", client.get(f"/plans/{plan}").text).replace("  ", " ")
        or "15%" in client.get(f"/plans/{plan}").text
    )


def test_issue_and_the_pages_show_the_edition(client, plan):
    client.post(f"/plans/{plan}/decide", data=form(client, plan, do=f"reject {plan}-t03"))
    client.post(f"/plans/{plan}/decide", data=form(client, plan, do="accept_sure all"))
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do="issue plan", note="第一版", **CONFIRMED),
    )
    assert answer.status_code == 200
    assert "第一版" in answer.text
    shown = client.get("/api/status").json()["targets"]
    assert sorted(t["indicator_zh"] for t in shown) == ["单位GDP能耗", "森林覆盖率"]


def test_what_cannot_be_is_told_on_the_page(client, plan):
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"edit {plan}-t01", **{f"{plan}-t01.value": "很多"}),
    )
    assert answer.status_code == 400
    assert "不是数" in answer.text
    script = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do="issue plan", **CONFIRMED),
        headers={"Accept": "application/json"},
    )
    assert (script.status_code, "还没有采纳" in script.json()["text"]) == (400, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_site_cannot_write(client, plan, drafted, headers):
    answer = client.post(
        f"/plans/{plan}/decide", data=form(client, plan, do=f"accept {plan}-t01"), headers=headers
    )
    assert answer.status_code == 403
    assert plan_review.load(drafted, plan).log == []


def test_a_browsers_own_form_without_referrer_may(client, plan):
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"accept {plan}-t01"),
        headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )
    assert answer.status_code == 303


@pytest.mark.parametrize("token", ["", "x", "é" * 40])
def test_no_token_no_writing(client, plan, drafted, token):
    answer = client.post(
        f"/plans/{plan}/decide",
        data={**form(client, plan, do=f"accept {plan}-t01"), "token": token},
    )
    assert answer.status_code == 403
    assert plan_review.load(drafted, plan).log == []


def test_read_only_pages_write_nothing(drafted, plan):
    client = PageClient(create_app(Site(drafted)))
    page = client.get(f"/plans/{plan}").text
    assert 'name="do"' not in page
    assert (
        client.post(
            f"/plans/{plan}/decide", data={"do": f"accept {plan}-t01", "by": "x"}
        ).status_code
        == 405
    )


def test_only_the_review_writes(client):
    for address in ("/", "/plans", "/api/status", "/download/status.xlsx"):
        assert client.post(address, data={"x": "y"}).status_code == 405
    for method in ("put", "delete", "patch"):
        assert getattr(client, method)("/plans/x/decide").status_code == 405


def test_too_large_and_too_often(client, plan):
    assert client.post(f"/plans/{plan}/decide", content=b"x" * (MAX_BODY + 1)).status_code == 413
    assert client.post(f"/plans/{plan}/decide", content=b"\xff\xfe=%%%").status_code == 403
    sent = {**form(client, plan, do="nothing x"), "token": form(client, plan)["token"]}
    codes = {
        client.post(
            f"/plans/{plan}/decide", data=sent, headers={"Accept": "application/json"}
        ).status_code
        for _ in range(RATE + 5)
    }
    assert codes == {400, 429}


def test_two_reviewers(client, plan):
    first, second = (
        form(client, plan, do=f"accept {plan}-t01"),
        form(client, plan, do=f"accept {plan}-t02"),
    )
    assert (
        client.post(
            f"/plans/{plan}/decide", data=first, headers={"Accept": "application/json"}
        ).status_code
        == 200
    )
    late = client.post(f"/plans/{plan}/decide", data=second, headers={"Accept": "application/json"})
    assert (late.status_code, "刚被别人核对过" in late.json()["text"]) == (400, True)


@pytest.mark.chromium
def test_review_in_a_browser(drafted, plan, watch, serve):
    """Accept with the keyboard, edit, add from a selection; nothing is asked from outside."""
    with serve(Site(drafted), writable=True) as address:
        page = watch(address)
        page.goto(f"{address}/plans/{plan}")
        page.fill("input[name=by]", "李工")
        page.click(".card >> nth=0 >> b")
        page.keyboard.press("a")
        page.wait_for_selector(".card.v-accepted")
        assert page.locator("mark.v-accepted").inner_text() == "森林覆盖率达到57%"
        page.wait_for_selector(f"#t-{plan}-t02.held")
        page.keyboard.press("e")
        page.fill(f'[name="{plan}-t02.value"]', "15")
        page.click(f"#t-{plan}-t02 .edit button")
        page.wait_for_selector(f"#t-{plan}-t02.v-edited")
        page.click('[data-show="open"]')
        assert page.locator("article.card:visible").count() == 1
        page.keyboard.press("r")
        page.wait_for_selector(f"#t-{plan}-t03.v-rejected", state="attached")
        assert page.locator("[data-tally] b").first.inner_text() == "3/3"
        page.check('input[name="plan.confirmed"]')
        page.click('button[value="issue plan"]')
        page.wait_for_selector("table.plain")
    assert [reviewed.state for reviewed in plan_review.load(drafted, plan).targets()] == [
        "accepted",
        "edited",
        "rejected",
    ]


ITEMS = """某县2026年绿色发展工作方案
一、目标
2026年,森林覆盖率达到57%。2026年6月底前建成碳排放监测平台<b>。(县生态环境局、县统汁局按职责分工负责)
"""


@pytest.fixture
def with_items(tmp_path):
    path = tmp_path / "方案.txt"
    path.write_text(ITEMS, encoding="utf-8")
    document = PlanDocument(path, 2026)
    with new_workspace(tmp_path / "items", "330199", name="某县", plan=document) as workspace:
        (name,) = plan_folders.plans_of(workspace)
        app = create_app(Site(workspace), writable=True)
        yield PageClient(app), name, workspace


def test_a_milestone_and_an_owner_are_decided_on_the_page(with_items):
    """Each by itself: the milestone by script, which answers with its card; the owner by a plain
    form."""
    client, plan, workspace = with_items
    page = client.get(f"/plans/{plan}").text
    assert len(re.findall(r'<article\s+class="card item', page)) == 3
    assert "平台<b>" not in page.split('data-item="milestone"')[1].split("</article>")[0]
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"edit {plan}-m01", **{f"{plan}-m01.due": "2026-09"}),
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, answer.json()["state"]) == (200, "edited")
    assert "2026-09" in answer.json()["card"]
    assert "data-item" in answer.json()["card"]
    plain = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"edit {plan}-o02", **{f"{plan}-o02.name": "县统计局"}),
        follow_redirects=False,
    )
    assert (plain.status_code, plain.headers["location"]) == (303, f"/plans/{plan}#t-{plan}-o02")
    review = plan_review.load(workspace, plan)
    assert {
        item.id.rpartition("-")[2]: (item.row["name"], item.state) for item in review.items()
    } == {
        "m01": ("建成碳排放监测平台<b>", "edited"),
        "o01": ("县生态环境局", "open"),
        "o02": ("县统计局", "edited"),
    }


def test_a_missed_milestone_is_added_on_the_page(with_items):
    client, plan, workspace = with_items
    assert 'value="add milestone"' in client.get(f"/plans/{plan}").text
    sent = {
        "milestone.kind": "milestone",
        "milestone.name": "完成碳核查",
        "milestone.due": "2026-11",
        "milestone.quote": "2026年,森林覆盖率达到57%",
    }
    answer = client.post(
        f"/plans/{plan}/decide", data=form(client, plan, do="add milestone", **sent)
    )
    assert answer.status_code == 200 and "完成碳核查" in answer.text
    added = [i for i in plan_review.load(workspace, plan).items() if i.state == "added"]
    assert [(i.row["name"], i.row["due"], i.row["clause"]) for i in added] == [
        ("完成碳核查", "2026-11", f"{plan}:一")
    ]


def test_a_month_that_is_none_is_refused_on_the_page(with_items):
    client, plan, workspace = with_items
    answer = client.post(
        f"/plans/{plan}/decide",
        data=form(client, plan, do=f"edit {plan}-m01", **{f"{plan}-m01.due": "2026-13"}),
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 400
    assert "不是年份或年月" in answer.json()["text"]
    assert plan_review.load(workspace, plan).log == []
