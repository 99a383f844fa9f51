"""The demonstration city: every role signs in from the first page and finds something to do; what
stands there is what the story says; nothing of it is in an ordinary workspace.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest
from page_client import PageClient

from hengtan.demo.city import MONTHLY, STATES, Story, month_under_way
from hengtan.demo.city_figures import months
from hengtan.office.roles import roles
from hengtan.web.application import Application
from hengtan.web.rooms.duties.asking import Calendar
from hengtan.web.rooms.people.models import Account
from hengtan.web.rooms.people.trying import PASSWORD
from hengtan.web.rooms.review.models import LevelApproval
from hengtan.web.rooms.tasks.models import Task

# who, the page, and what stands on it; numbers are counted by hand from the story:
# 38 districts = 16 in time + 2 late + 5 at the city + 4 at the district + 3 returned
#   + 3 drafted + 4 not begun + 1 given longer; 6 enterprises = 2 approved, 1 waits, 1 returned,
#   1 drafted, 1 not begun; 7 tasks = 1 draft, 2 open, 1 overdue, 1 answered, 1 returned, 1 closed
ENTRIES = {
    "演示市领导": ("/", "106项"),
    "演示市调度": ("/completeness", "市统计局 38 27 71.1% 18 25 2 11 10"),
    "演示市审核": ("/review", "待审 10"),
    "演示市复核": ("/review", "已退回 4"),
    "演示市发布": ("/publications", "演示：重庆市目标进度"),
    "演示市分析": ("/bulletins", "2026年10月 待审定"),
    "演示系统管理员": ("/people", "演示市领导"),
    "演示安全管理员": ("/people", "演示市领导"),
    "演示审计管理员": ("/audit", "演示安全管理员"),
    "演示市住房城乡建委": ("/tasks", "演示：补报县城生活垃圾分类数据"),
    "演示市统计局": ("/entry", "已审核"),
    "演示涪陵区水泥厂": ("/entry", "已审核"),
    "演示长寿区水泥厂": ("/entry", "应折成万千瓦时"),
    "演示涪陵区填报": ("/duties", "区县月度能源经济数据"),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_each_role_signs_in_and_finds_something(city, try_as, name):
    address, words = ENTRIES[name]
    page = try_as(name).get(address)
    assert page.status_code == 200
    assert words in words_of(page.text)
    assert "演示城市 · 人员、填报和区县数字都是虚构的" in page.text  # on every page


def test_all_roles_there_are_can_be_tried(city, story):
    assert {p.role for p in story.people} == set(roles()) - {"public"}
    # 9 of the city, 6 of departments, 6 of enterprises, 2 of each of 38 districts
    assert Account.objects.filter(is_test=True).count() == 9 + 6 + 6 + 2 * 38
    assert not Account.objects.filter(is_test=False).exists()


def test_districts_stand_as_the_story_says(city, story):
    calendar = Calendar.of_app(city)
    owed = [o for o in calendar.owed(story.ended, story.ended) if o.form == MONTHLY]
    stands = calendar.standings(owed)
    assert Counter(s.state for s in stands) == {
        "approved": 16 + 2,
        "submitted": 5 + 4,
        "returned": 3,
        "drafted": 3,
        "overdue": 4,
        "open": 1,
    }
    assert sum(s.is_on_time for s in stands) == 16 + 5 + 4
    assert all("请核对" in s.reason for s in stands if s.state == "returned")
    by_state = {code: state for code, _, state in story.districts}
    late = [s.obligation.body.code for s in stands if s.is_filed and not s.is_on_time]
    assert [by_state[code] for code in late] == ["late", "late"]


def test_enterprises_stand_as_the_story_says(city, story):
    calendar = Calendar.of_app(city)
    owed = [o for o in calendar.owed(story.ended, story.ended) if o.form == "enterprise_energy"]
    assert Counter(s.state for s in calendar.standings(owed)) == {
        "approved": 2,
        "submitted": 1,
        "returned": 1,
        "drafted": 1,
        "open": 1,
    }


def test_permits_stand_as_their_figures_say(try_as):
    """By hand: 11 × 18 + 16.5 = 214.5 mg/m³ × 4 × 10⁷ m³ = 8.58 t of 10 t (8.64 t when it was put
    on record); 12 × 46 mg/L × 2 × 10⁴ m³ = 11.04 t of 9 t, and 57 mg/L where 50 are allowed.
    """
    listed = words_of(try_as("演示市调度").get("/files/discharge_permit").text)
    assert "共3项" in listed and "未报：2025" in listed and "逾期1项" in listed
    assert "超许可：DW001 化学需氧量年排放量、DW001 化学需氧量浓度" in listed
    kept = words_of(try_as("演示市调度").get("/files/discharge_permit/演示证-01").text)
    assert "存档已过时" in kept and "8.58" in kept and "演示数据" in kept
    over = words_of(try_as("演示市调度").get("/files/discharge_permit/演示证-02").text)
    assert "11.04" in over and "存档已过时" not in over


def test_a_district_sees_the_permits_of_its_own(try_as):
    fuling, changshou = try_as("演示涪陵区填报"), try_as("演示长寿区填报")
    assert "共2项" in words_of(fuling.get("/files/discharge_permit").text)
    assert "共1项" in words_of(changshou.get("/files/discharge_permit").text)
    assert changshou.get("/files/discharge_permit/演示证-01").status_code == 404


def words_of(page):
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_period_before_a_cumulative_is_the_month_before(try_as, city):
    register = city.site.workspace.ledger.current()
    waiting = [n for n, state in register.states.items() if state == "submitted"]
    number = next(n for n in waiting if register.records[n].form == MONTHLY)
    page = try_as("演示市审核").get(f"/review/{number}").text
    assert "2026年1—10月" in page and "2026年1—9月" in page
    assert "2026-01.." not in re.sub(r"<[^>]+>", " ", page)


def test_who_has_the_whole_region_sees_its_measures_and_a_district_does_not(try_as):
    assert "优化国土空间开发保护格局" in try_as("演示市调度").get("/measures").text
    assert "优化国土空间开发保护格局" in try_as("演示市调度").get("/tasks/from-plan").text
    assert "优化国土空间开发保护格局" not in try_as("演示涪陵区填报").get("/measures").text
    department = try_as("演示市商务委").get("/measures").text
    assert "优化国土空间开发保护格局" not in department and "市商务委" in department


def test_completeness_shows_all_districts(try_as, story):
    page = try_as("演示市调度").get("/completeness").text
    assert all(name in page for _, name, _ in story.districts)
    assert len(story.districts) == 38


def test_what_is_approved_went_through_two_levels_and_never_by_its_filer(city, story):
    register = city.site.workspace.ledger.current()
    steps: dict[str, dict[str, str]] = {}
    for event in register.events:
        if register.records[event.submission].actor != "demo-loader":  # public statistics
            steps.setdefault(event.submission, {})[event.state] = event.actor
    approved = {n: by for n, by in steps.items() if "approved" in by}
    assert all(by["approved"] != by["submitted"] for by in approved.values())
    names = {code: name for code, name, _ in story.districts}
    of_districts = [n for n in approved if register.records[n].form == MONTHLY]
    of_month = [n for n in of_districts if register.records[n].place in names]
    assert len(of_month) == 16 + 2
    for number in of_month:
        place = names[register.records[number].place]
        (below,) = LevelApproval.objects.filter(submission=number)
        assert (below.level, below.by) == ("district", f"演示{place}审核")
        assert approved[number]["approved"] == "演示市审核"


def test_every_figure_filed_says_that_it_is_made_up(city):
    records = city.site.workspace.ledger.current().records.values()
    assert all(record.demo for record in records)
    view = city.site.workspace.ledger.all_rows(MONTHLY)
    rows = city.site.workspace.ledger.query(f'select source_title from memory.main."{view}"')
    assert {row["source_title"] for row in rows} == {"演示数据（虚构，不是任何地区的统计）"}


def test_tasks_stand_as_the_story_says(city):
    today = city.today()
    assert Counter(Task.objects.values_list("state", flat=True)) == {
        "draft": 1,
        "dispatched": 3,
        "answered": 1,
        "returned": 1,
        "closed": 1,
    }
    late = [task.title for task in Task.objects.all() if task.is_overdue_on(today)]
    assert late == ["演示：补报县城生活垃圾分类数据"]


def test_the_same_day_gives_the_same_story_and_figures(city):
    places = city.site.workspace.pack.places()
    first, again = (Story.on(date(2026, 11, 29), places) for _ in range(2))
    assert first == again and months(first) == months(again)
    assert Counter(state for _, _, state in first.districts) == STATES


def test_what_was_filed_is_what_was_drawn(city, story):
    _, now = months(story)
    code = next(code for code, _, state in story.districts if state == "approved")
    ledger = city.site.workspace.ledger
    view = ledger.effective(MONTHLY, schema=city.site.workspace.form(MONTHLY).schema())
    where = f"place = '{code}' and period_end = date '{story.ended}'"
    (row,) = ledger.query(f'select energy, gdp, coal from memory.main."{view}" where {where}')
    assert row == {name: now[code][name] for name in ("energy", "gdp", "coal")}


@pytest.mark.parametrize(
    ("day", "ended"),
    [
        ((2026, 11, 29), (2026, 10, 31)),
        ((2026, 11, 10), (2026, 10, 31)),  # ten days after it ended
        ((2026, 11, 9), (2026, 9, 30)),  # nine: the month before is under way still
        ((2027, 1, 5), (2026, 11, 30)),
        ((2026, 3, 1), (2026, 1, 31)),
    ],
)
def test_the_month_under_way(day, ended):
    assert month_under_way(date(*day)) == date(*ended)


def sign_in(app, name, remote="127.0.0.1", host="localhost", **headers):
    """Whether the page offers people to try, and where one who signs in comes to."""
    import httpx
    from page_client import _in_bytes

    scheme = "https" if app.is_secure else "http"
    client = httpx.Client(
        transport=httpx.WSGITransport(app=_in_bytes(app), remote_addr=remote),
        base_url=f"{scheme}://{host}",
        follow_redirects=True,
        headers=headers,
    )
    page = client.get("/account/login/").text
    form = {"login": name, "password": PASSWORD}
    form["csrfmiddlewaretoken"] = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)[1]
    origin = {"Origin": f"{scheme}://{host}", "Referer": f"{scheme}://{host}/"}
    client.post("/account/login/", data=form, headers=origin)
    return "试用一个角色" in page, client.get("/measures").url.path


@pytest.mark.parametrize(
    ("name", "hosts", "is_secure", "how"),
    [
        ("演示万州区填报", ("localhost", "tan.example.cn"), False, {"host": "tan.example.cn"}),
        # served under another name as well
        ("演示涪陵区填报", ("localhost", "tan.example.cn"), False, {}),
        ("演示渝中区填报", ("localhost",), True, {}),
        ("演示忠县填报", ("localhost",), False, {"remote": "192.168.1.20"}),
        ("演示江北区填报", ("localhost",), False, {"X-Forwarded-For": "192.168.1.20"}),
        ("演示巫山县填报", ("localhost",), False, {"Via": "1.1 proxy"}),
    ],
)
def test_made_up_people_sign_in_on_this_machine_only(city, name, hosts, is_secure, how):
    elsewhere = Application(
        city.site, hosts, writable=True, is_shared=True, is_secure=is_secure, today=city.today
    )
    assert sign_in(elsewhere, name, **how) == (False, "/account/login/")


def test_they_do_sign_in_on_this_machine(city):
    # what the test above would say of everybody if it could not fail
    assert sign_in(city, "演示綦江区填报") == (True, "/measures")


def test_a_session_begun_here_is_none_elsewhere(city, try_as):
    client = try_as("演示市分析")
    elsewhere = Application(
        city.site, ("localhost", "tan.example.cn"), writable=True, is_shared=True
    )
    other = PageClient(elsewhere)
    other.cookies = client.cookies
    assert other.get("/measures").url.path == "/account/login/"


def test_a_token_of_a_made_up_person_is_none_elsewhere(city):
    from hengtan.web.rooms.people import persons, tokens

    owner = persons.person_of(Account.objects.get(username="演示市分析"))
    token = tokens.make(city.permission, owner, "试", ["status.read"], None)
    asked = {"Authorization": f"Bearer {token}"}
    elsewhere = Application(
        city.site, ("localhost", "tan.example.cn"), writable=True, is_shared=True
    )
    assert PageClient(city).get("/api/v1/status", headers=asked).status_code == 200
    assert PageClient(elsewhere).get("/api/v1/status", headers=asked).status_code == 401


def test_nothing_of_it_is_in_an_ordinary_workspace(shared):
    page = PageClient(shared).get("/account/login/").text
    assert "试用" not in page and PASSWORD not in page and "演示" not in page
    settings = (shared.site.workspace.folder / "hengtan.yaml").read_text(encoding="utf-8")
    assert "demo_city" not in settings


def test_a_folder_in_use_is_refused(tmp_path):
    from hengtan.basis.errors import HengtanError
    from hengtan.web.demo_city import made_city

    (tmp_path / "x").write_text("x")
    with pytest.raises(HengtanError, match="不是空文件夹"):
        made_city(tmp_path, None, lambda share, text: None)
