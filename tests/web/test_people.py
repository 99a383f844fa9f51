"""Accounts, grants, sessions and tokens on the pages: who may do what, what is refused, and that
each deed is in the trail.
"""

from __future__ import annotations

import io
import re
import threading
from datetime import date

import openpyxl
import pytest
from page_client import PageClient
from people_at_work import ALONE, NEW, injected, person, ready, send, sign_in

from hengtan.basis.errors import HengtanError
from hengtan.office.permission import Grant
from hengtan.web.rooms.audit.models import Entry
from hengtan.web.rooms.people import persons
from hengtan.web.rooms.people.models import Account, Counted, GrantRow, Token
from hengtan.web.store import point_to

SYSTEM, SECURITY = Grant("system_administrator"), Grant("security_administrator")
AUDIT = Grant("audit_administrator")


@pytest.fixture
def system(shared, monkeypatch):
    """A client of the system administrator (the second factor is asked elsewhere)."""
    return injected(shared, monkeypatch, "系统", SYSTEM)


def account(name):
    return Account.objects.get(username=name)


def kinds():
    return list(Entry.objects.order_by("number").values_list("kind", flat=True))


def test_an_account_is_made_and_its_first_password_shown_once(shared, system):
    answer = send(system, "/people", to="/people/make", username="李工", title="李明")
    password = re.search(r'class="secret">([^<]{16})<', answer.text)[1]
    assert answer.status_code == 200 and "李明" in answer.text
    assert password not in system.get("/people").text
    assert password not in system.get(f"/people/{account('李工').pk}").text
    assert account("李工").check_password(password) and account("李工").must_change_password
    assert kinds() == ["account_made"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"username": "李 工"}, "不能用"),
        ({"username": ""}, "不能用"),
        ({"username": "x" * 61}, "不能用"),
        ({"username": "新人", "email": "不是邮箱"}, "邮箱写法不对"),
        ({"username": "新人", "title": "长" * 61}, "姓名过长"),
        ({"username": "系统"}, "已存在"),
    ],
)
def test_an_account_that_cannot_be_is_refused_with_the_reason(shared, system, fields, said):
    answer = send(system, "/people", to="/people/make", **fields)
    assert answer.status_code == 400 and said in answer.text
    assert Account.objects.count() == 1


def test_the_list_is_found_by_name_and_paged(shared, system):
    for number in range(60):
        Account.objects.create(username=f"u{number:02d}", title="甲" if number % 2 else "乙")
    page = system.get("/people").text
    assert "u00" in page and "u59" not in page and "共 61 个账号" in page
    assert "u59" in system.get("/people?page=2").text
    assert "共 30 个账号" in system.get("/people?q=甲").text
    assert "u01" in system.get("/people?page=99&q=甲").text
    assert "没有符合的账号" in system.get("/people?q=丙").text


def book(*rows):
    sheet = openpyxl.Workbook()
    for row in rows:
        sheet.active.append(row)
    buffer = io.BytesIO()
    sheet.save(buffer)
    return buffer.getvalue()


TITLES = ("账号", "姓名", "部门", "邮箱", "电话")


def upload(client, name, content):
    return send(client, "/people", to="/people/import", files={"file": (name, content)})


@pytest.mark.parametrize("kind", ["xlsx", "csv", "other titles"])
def test_many_accounts_are_made_from_a_table(shared, system, kind):
    rows = [TITLES, ("li", "李明", "发改委", "li@example.cn", "023"), ("wang", "王芳", "", "", "")]
    if kind == "xlsx":
        answer = upload(system, "people.xlsx", book(*rows))
    elif kind == "csv":
        text = "\n".join(",".join(row) for row in rows)
        answer = upload(system, "people.csv", ("\ufeff" + text).encode())
    else:
        answer = upload(system, "p.xlsx", book(("Account", "Name"), ("li", "李明"), ("wang", "王")))
    assert answer.status_code == 200, answer.text[-2000:]
    passwords = re.findall(r'class="secret">([^<]{16})<', answer.text)
    assert len(set(passwords)) == 2
    assert account("li").title == "李明" and account("wang").check_password(passwords[1])
    assert kinds() == ["accounts_imported"]


def test_a_table_with_wrong_rows_makes_nothing_and_names_each_row(shared, system):
    answer = upload(
        system,
        "people.xlsx",
        book(TITLES, ("li", "李"), ("li", "李"), ("wang f", ""), ("系统", ""), ("z", "", "", "@")),
    )
    assert answer.status_code == 400 and "没有建立账号" in answer.text
    findings = re.findall(r"<li>\s*(第 \d+ 行.*?)</li>", answer.text, re.S)
    assert [re.match(r"第 (\d+) 行", line)[1] for line in findings] == ["3", "4", "5", "6"]
    assert ["重复" in findings[0], "不能用" in findings[1], "已存在" in findings[2]] == [True] * 3
    assert "邮箱" in findings[3] and Account.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("people.exe", b"MZ", "请选择 Excel 或 CSV"),
        ("people.csv", "姓名,部门\n李,发改委".encode(), "没有“账号”一列"),
        ("people.csv", "账号,姓名\n".encode(), "没有账号"),
        ("people.xlsx", b"not a workbook", ""),
        ("people.xlsx", b"", ""),
    ],
)
def test_a_file_that_is_no_table_of_accounts_is_refused(shared, system, name, content, said):
    answer = upload(system, name, content)
    assert answer.status_code == 400 and said in answer.text
    assert Account.objects.count() == 1


def test_an_account_is_closed_and_opened_and_nobody_closes_himself(shared, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    system = injected(shared, monkeypatch, "系统", SYSTEM, only=True)
    mine, other = account("系统").pk, account("李工").pk
    assert client.get("/measures").status_code == 200
    send(system, f"/people/{other}", to=f"/people/{other}/close")
    assert "/account/login/" in str(client.get("/measures").url)
    send(system, f"/people/{other}", to=f"/people/{other}/open")
    assert account("李工").is_active
    answer = send(system, f"/people/{mine}", to=f"/people/{mine}/close")
    assert answer.status_code == 400 and account("系统").is_active
    assert kinds()[-2:] == ["account_closed", "account_opened"]


def test_a_renewed_password_ends_sessions_and_lifts_the_lock(shared, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    wrong = PageClient(shared)
    for _ in range(5):
        sign_in(wrong, "李工", "wrong")
    system = injected(shared, monkeypatch, "系统", SYSTEM, only=True)
    pk = account("李工").pk
    assert "已锁定" in system.get(f"/people/{pk}").text
    assert "李工" in system.get("/people?state=locked").text
    answer = send(system, f"/people/{pk}", to=f"/people/{pk}/renew")
    password = re.search(r'class="secret">([^<]{16})<', answer.text)[1]
    assert "/account/login/" in str(client.get("/measures").url)
    again = PageClient(shared)
    sign_in(again, "李工", password)
    assert "/account/password/change/" in str(again.get("/").url)
    assert "locked" in kinds() and kinds().count("password_renewed") == 1


def test_an_unlocked_account_signs_in_with_its_own_password(shared, monkeypatch):
    ready(shared, "李工", Grant("analyst"))
    wrong = PageClient(shared)
    for _ in range(5):
        sign_in(wrong, "李工", "wrong")
    system = injected(shared, monkeypatch, "系统", SYSTEM, only=True)
    pk = account("李工").pk
    send(system, f"/people/{pk}", to=f"/people/{pk}/unlock")
    right = PageClient(shared)
    sign_in(right, "李工", NEW)
    assert str(right.get("/measures").url).endswith("/measures")


# grants


@pytest.fixture
def security(shared, monkeypatch):
    return injected(shared, monkeypatch, "安全", SECURITY)


def give(client, pk, **grant):
    return send(client, f"/people/{pk}", to=f"/people/{pk}/grants", **grant)


def test_a_grant_is_given_and_taken_back_on_the_page(shared, security):
    person(shared, "李工")
    pk = account("李工").pk
    answer = give(
        security, pk, role="filer", place="500156", department="发改委", until="2099-12-31"
    )
    assert answer.status_code == 200 and "已授权" in answer.text
    row = GrantRow.objects.get(account_id=pk)
    assert row.grant() == Grant("filer", "500156", None, "发改委", None, date(2099, 12, 31))
    assert row.given_by == "安全"
    answer = send(security, f"/people/{pk}", to=f"/people/{pk}/grants/{row.pk}/take")
    assert "已收回" in answer.text
    row.refresh_from_db()
    assert row.taken_by == "安全" and row.taken_at
    assert kinds() == ["granted", "grant_taken"]
    assert Entry.objects.get(number=1).what == "李工 填报 500156 发改委 ≤2099-12-31"


@pytest.mark.parametrize(
    ("grant", "said"),
    [
        ({"role": "filer", "place": "999999"}, "没有地区"),
        ({"role": "filer", "form": "no_form"}, "没有报表"),
        ({"role": "emperor"}, "没有角色"),
        ({"role": "filer", "until": "2001-01-01"}, "已过去"),
        ({"role": "filer", "until": "明天"}, "不是日期"),
        ({"role": "security_administrator"}, "不能兼任"),
        ({"role": "filer", "entity": "x" * 41}, "过长"),
    ],
)
def test_a_grant_that_cannot_be_is_refused_and_noted(shared, security, grant, said):
    person(shared, "李工", Grant("analyst"))
    pk = account("李工").pk
    answer = give(security, pk, **grant)
    assert answer.status_code == 400 and said in answer.text
    assert GrantRow.objects.filter(account_id=pk).count() == 1
    assert kinds() == ["grant_refused"]


def test_nobody_grants_to_himself_or_beyond_his_own_reach(shared, monkeypatch):
    client = injected(shared, monkeypatch, "武隆安全", Grant("security_administrator", "500156"))
    person(shared, "李工")
    pk, own = account("李工").pk, account("武隆安全").pk
    assert "超出您自己的范围" in give(client, pk, role="filer").text
    assert "超出您自己的范围" in give(client, pk, role="filer", place="500000").text
    assert "不能给自己授权" in give(client, own, role="filer", place="500156").text
    assert give(client, pk, role="filer", place="500156").status_code == 200
    # one that reaches further was given by somebody else: it is not his to take, nor is the
    # account his to see any more
    token = client.get(f"/people/{pk}").text
    wider = persons.give(shared.permission, ALONE, account("李工"), Grant("analyst"))
    answer = send(client, "", token, to=f"/people/{pk}/grants/{wider.pk}/take")
    assert answer.status_code == 404 and client.get(f"/people/{pk}").status_code == 404
    wider.refresh_from_db()
    assert wider.taken_at is None


def test_of_two_grants_that_exclude_each_other_given_at_once_one_is_refused(shared):
    person(shared, "李工")
    outcomes, start = [], threading.Barrier(2)

    def one_of(role):
        point_to(shared.store)
        target = account("李工")
        start.wait()
        try:
            persons.give(shared.permission, ALONE, target, Grant(role))
            outcomes.append("given to")
        except HengtanError as error:
            outcomes.append(error.zh)

    roles = ("system_administrator", "audit_administrator")
    threads = [threading.Thread(target=one_of, args=(role,)) for role in roles]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(o[:6] for o in outcomes) == ["given ", "一个人不能兼"]
    assert GrantRow.objects.count() == 1


@pytest.mark.parametrize(
    ("grant", "may", "may_not"),
    [
        (SYSTEM, ("/people", "/people/settings"), ("/audit", "/measures", "/tokens")),
        (SECURITY, ("/people",), ("/people/settings", "/audit", "/measures", "/tokens")),
        (AUDIT, ("/audit", "/audit/check"), ("/people", "/people/settings", "/measures")),
        (Grant("filer"), ("/tokens",), ("/people", "/audit", "/people/settings")),
    ],
    ids=lambda value: getattr(value, "role", ""),
)
def test_each_administrator_sees_his_own_pages_alone(shared, monkeypatch, grant, may, may_not):
    client = injected(shared, monkeypatch, "某人", grant)
    assert [client.get(a).status_code for a in may] == [200] * len(may)
    assert all(client.get(a).status_code in (403, 404) for a in may_not)


@pytest.mark.parametrize("grant", [SYSTEM, AUDIT, Grant("filer")], ids=lambda g: g.role)
def test_only_the_security_administrator_grants(shared, monkeypatch, grant):
    client = injected(shared, monkeypatch, "某人", grant)
    person(shared, "李工")
    pk = account("李工").pk
    answer = send(client, "/account/login/", to=f"/people/{pk}/grants", role="filer")
    assert answer.status_code == 403 and not GrantRow.objects.filter(account_id=pk).exists()


# sessions


def test_the_security_administrator_ends_sessions_of_others(shared, monkeypatch):
    client = ready(shared, "李工", Grant("analyst"))
    second = PageClient(shared)
    sign_in(second, "李工", NEW)
    security = injected(shared, monkeypatch, "安全", SECURITY, only=True)
    pk = account("李工").pk
    page = security.get(f"/people/{pk}").text
    ends = re.findall(rf'action="(/people/{pk}/sessions/\d+/end)"', page)
    assert len(ends) == 2
    send(security, f"/people/{pk}", to=ends[0])
    out = ["/account/login/" in str(c.get("/measures").url) for c in (client, second)]
    assert sorted(out) == [False, True]
    send(security, f"/people/{pk}", to=f"/people/{pk}/sessions/all/end")
    out = ["/account/login/" in str(c.get("/measures").url) for c in (client, second)]
    assert out == [True, True]
    assert kinds()[-2:] == ["session_ended", "session_ended"]


def test_a_session_of_another_account_is_not_ended_by_its_number(shared, monkeypatch):
    from allauth.usersessions.models import UserSession

    client = ready(shared, "李工", Grant("analyst"))
    person(shared, "王工")
    security = injected(shared, monkeypatch, "安全", SECURITY, only=True)
    number, pk = UserSession.objects.last().pk, account("王工").pk
    answer = send(security, f"/people/{pk}", to=f"/people/{pk}/sessions/{number}/end")
    assert answer.status_code == 404
    assert client.get("/measures").status_code == 200


def test_one_sees_and_ends_ones_own_other_sessions(shared):
    client = ready(shared, "李工", Grant("analyst"))
    other = PageClient(shared)
    sign_in(other, "李工", NEW)
    page = client.get("/account/sessions/").text
    assert "登录会话" in page and page.count("<tr") >= 3
    send(client, "/account/sessions/")
    assert "/account/login/" in str(other.get("/measures").url)
    assert client.get("/measures").status_code == 200


# tokens


def make_token(client, *actions, until=""):
    answer = send(
        client, "/tokens", to="/tokens/make", name="报表程序", action=actions, until=until
    )
    secret = re.search(r'class="secret">(hengtan_[^<]+)<', answer.text)
    return answer, secret and secret[1]


def ask(app, secret, address="/api/status", **how):
    return PageClient(app, follow=False).get(
        address, headers={"Authorization": f"Bearer {secret}"}, **how
    )


def test_a_token_is_shown_once_and_does_less_than_its_owner(shared):
    client = ready(shared, "李工", Grant("analyst"))
    answer, secret = make_token(client, "status.read")
    assert answer.status_code == 200 and secret
    assert secret not in client.get("/tokens").text
    assert not Token.objects.filter(digest__contains=secret[8:20]).exists()
    assert ask(shared, secret).status_code == 200
    # the owner may read accounts; his token was not given that
    assert client.get("/api/tables/places").status_code == 200
    assert ask(shared, secret, "/api/tables/places").status_code in (403, 404)
    assert ask(shared, secret + "x").status_code == 401
    assert ask(shared, secret, "/measures").status_code == 302  # tokens are for programs alone


def test_a_token_makes_no_token_and_manages_nobody(shared):
    client = ready(shared, "李工", Grant("analyst"))
    for action in ("token.make", "person.manage", "grant.give", "record.publish", "no.such"):
        answer, secret = make_token(client, "status.read", action)
        assert answer.status_code == 400 and secret is None, action
    assert Token.objects.count() == 0
    _, secret = make_token(client, "status.read")
    sent = PageClient(shared, follow=False).post(
        "/tokens/make", data={"name": "x"}, headers={"Authorization": f"Bearer {secret}"}
    )
    assert sent.status_code in (302, 403) and Token.objects.count() == 1


def test_a_token_ends_with_its_owner_and_when_taken_back(shared):
    client = ready(shared, "李工", Grant("analyst"))
    _, first = make_token(client, "status.read")
    _, second = make_token(client, "status.read")
    number = Token.objects.order_by("id").first().pk
    send(client, "/tokens", to=f"/tokens/{number}/take")
    assert [ask(shared, s).status_code for s in (first, second)] == [401, 200]
    point_to(shared.store)
    Account.objects.update(is_active=False)
    assert ask(shared, second).status_code in (401, 403)


def test_a_grant_taken_back_is_gone_from_the_token_too(shared):
    client = ready(shared, "李工", Grant("analyst"))
    _, secret = make_token(client, "status.read")
    point_to(shared.store)
    persons.take_back(shared.permission, ALONE, GrantRow.objects.get())
    assert ask(shared, secret).status_code == 403


def test_the_token_of_another_is_not_there(shared):
    client = ready(shared, "李工", Grant("analyst"))
    make_token(client, "status.read")
    other = ready(shared, "王工", Grant("analyst"))
    number = Token.objects.get().pk
    assert send(other, "/tokens", to=f"/tokens/{number}/take").status_code == 404
    assert Token.objects.get().taken_at is None


def test_many_writing_requests_within_a_minute_are_refused_over_all_processes(shared, monkeypatch):
    from hengtan.web.pace import SharedPace

    monkeypatch.setattr(SharedPace, "rate", 5)
    client = injected(shared, monkeypatch, "系统", SYSTEM)
    for number in range(5):
        assert send(client, "/people", to="/people/make", username=f"u{number}").status_code == 200
    shared.pace = SharedPace()  # another process: the count is in the store
    answer = send(client, "/people", to="/people/make", username="u5")
    assert answer.status_code == 429 and Account.objects.filter(username="u5").count() == 0
    assert client.get("/people").status_code == 200


@pytest.mark.parametrize(
    ("grant", "page"),
    [(SYSTEM, "/people"), (SECURITY, "/people"), (AUDIT, "/audit"), (Grant("analyst"), "/")],
    ids=lambda value: getattr(value, "role", ""),
)
def test_each_begins_on_a_page_that_is_his(shared, monkeypatch, grant, page):
    answer = injected(shared, monkeypatch, "某人", grant).get("/")
    assert answer.status_code == 200 and answer.url.path == page
    assert not Entry.objects.filter(kind="refused").exists()


def test_a_refusal_is_told_in_the_language_of_the_page(shared, monkeypatch):
    client = injected(shared, monkeypatch, "某人", AUDIT)
    assert "none of your roles may see accounts and grants" in client.get("/people?lang=en").text
    assert "您的角色不能“看账号与授权”" in client.get("/people?lang=zh").text


def test_scripts_and_the_picture_of_the_tab_are_there(shared):
    client = PageClient(shared)
    for address in ("/static/htmx.js", "/static/report.css", "/favicon.ico"):
        assert client.get(address).status_code in (200, 204), address


@pytest.mark.postgres
def test_on_postgresql_of_two_grants_given_at_once_one_is_refused_and_counts_are_exact(
    shared, postgres, tmp_path
):
    """The engine that lets two write at once: the second waits for the account of the first."""
    import uuid

    from django.db import connection

    from hengtan.web.pace import SharedPace
    from hengtan.web.store import Store, bring_up_to_date

    shared.store = Store(tmp_path / "pg", postgres, f"t{uuid.uuid4().hex[:12]}")
    bring_up_to_date(shared.store)
    try:
        for turn in range(5):
            person(shared, f"p{turn}")
            outcomes = _at_once(
                shared,
                [
                    lambda role=role, turn=turn: persons.give(
                        shared.permission, ALONE, account(f"p{turn}"), Grant(role)
                    )
                    for role in ("system_administrator", "audit_administrator")
                ],
            )
            assert sorted(isinstance(o, HengtanError) for o in outcomes) == [False, True]
        # of so few none is counted in a process alone
        taken = _at_once(shared, [lambda: SharedPace().take("x", 12) for _ in range(12)])
        assert taken == [True] * 12
        point_to(shared.store)
        assert sum(c.number for c in Counted.objects.filter(who="x")) == 12
    finally:
        point_to(shared.store)
        connection.cursor().execute(f'drop schema "{shared.store.schema}" cascade')
        connection.close()


def _at_once(app, works):
    """What each work gave or was refused with, all begun together."""
    from django.db import connection

    outcomes, start = [], threading.Barrier(len(works))

    def run(work):
        point_to(app.store)
        start.wait()
        try:
            outcomes.append(work())
        except HengtanError as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
