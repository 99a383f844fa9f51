"""The story of one figure in a real Chromium, through all hands: an enterprise sends a wrong file
and mends it in the grid, the district returns it, then approves, the city publishes; the light and
the public page follow, and whoever audits finds the cell. A neighbour sees nothing of it.
"""

from __future__ import annotations

import base64
import hmac
import re
import struct
import time
from contextlib import contextmanager
from io import BytesIO

import openpyxl
import pytest

from hengtan.office.permission import Grant, Person
from hengtan.report.words import word
from hengtan.web.application import Application
from hengtan.web.rooms.people import persons
from hengtan.web.site import Site
from hengtan.web.store import point_to

pytestmark = pytest.mark.chromium
WULONG, FULING, FIRM = "500156", "500102", "91500156MA5U000001"
TARGET = "wl-hazwaste-units-2025"
PASSWORD, SECRET = "一个足够长的新密码 2026", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ALONE = Person("测试", is_alone=True)
PEOPLE = {
    "企业填报": Grant("filer", place=WULONG, entity=FIRM),
    "区审核": Grant("reviewer", place=WULONG),
    "市发布": Grant("publisher"),
    "审计处": Grant("analyst"),
    "邻区填报": Grant("filer", place=FULING),
    "邻区审核": Grant("reviewer", place=FULING),
}


@pytest.fixture
def app(demo_copy, prepared_store):
    """The demonstration, shared, with six people in it."""
    app = Application(Site(demo_copy), writable=False, is_shared=True)
    prepared_store(app)
    point_to(app.store)
    for name, grant in PEOPLE.items():
        account, _ = persons.make_account(name, "测试")
        account.set_password(PASSWORD)
        account.must_change_password = False
        account.save()
        persons.give(app.permission, ALONE, account, grant)
        if grant.role in ("reviewer", "publisher"):
            _give_second_factor(account)
    yield app
    app.close()


def _give_second_factor(account):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(account, SECRET)


def code_of_now():
    """RFC 6238 with SHA-1, 30 seconds, six digits."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(SECRET), counter, "sha1").digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


@pytest.fixture
def as_person(app, browser, listening):
    """Opens a browser of its own for a person and signs him in; each stays signed in."""
    with listening(app) as server:
        address = f"http://127.0.0.1:{server.effective_port}"
        contexts = {}

        @contextmanager
        def opened(name):
            if name not in contexts:
                contexts[name] = browser.new_context(base_url=address)
                page = contexts[name].new_page()
                if name:
                    sign_in(page, name)
            else:
                page = contexts[name].pages[0]
            yield page

        yield opened
        for context in contexts.values():
            context.close()


def sign_in(page, name):
    page.goto("/account/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("form button[type=submit]")
    if PEOPLE[name].role in ("reviewer", "publisher"):
        page.fill("input[name=code]", code_of_now())
        with page.expect_navigation():
            page.click("main form button[type=submit]")
    page.wait_for_url(lambda url: "/account/" not in url)


def wrong_file(path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "条目"
    sheet.append(["名录", "地区", "条目名称", "级别", "授予日期", "持有单位"])
    sheet.append(["hazwaste-collection-units", "武隆区", "甲收集站", "县级", "2024年13月", FIRM])
    book.save(path)
    return path


def upload(page, path):
    page.goto("/entry")
    form = "form[action='/entry/upload'] "
    page.select_option(f"{form}select[name=form]", "registry_entries")
    page.fill(f"{form}input[name=entity]", FIRM)
    page.set_input_files(f"{form}input[type=file]", path)
    with page.expect_navigation():
        page.click(f"{form}button")


def mend(page, cells):
    """In the grid: the cells by column, then hand in."""
    page.wait_for_selector("[data-tally].error")
    for column, text in cells.items():
        page.click(f"tr[data-row='0'] td[data-c='{column}']")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    return hand_in(page)


def hand_in(page):
    """Once what was typed is saved and checked: hand in, warnings confirmed; gives the number."""
    page.wait_for_selector("[data-tally]:not(.error)")
    page.locator("[data-saved]", has_text="已保存").wait_for()
    page.click("[data-submit]")
    page.wait_for_selector("[data-confirm]:not([hidden])")
    if page.locator("[data-seen]").is_visible():
        page.check("[data-seen]")
    page.click("[data-send]")
    page.wait_for_url("**/entry?sent=*")
    return re.search(r"sent=(S\d+)", page.url)[1]


def column_of(page, title):
    """The number of a column of the grid, added where the sheet has none of that name."""
    page.wait_for_selector("[data-grid] tbody td")

    def titles():
        return page.locator("[data-grid] thead tr").last.locator("th").all_inner_texts()

    def place():
        numbers = [n for n, text in enumerate(titles()) if text.strip().startswith(title)]
        return numbers[0] - 1 if numbers else None  # the first heads the numbers of lines

    if place() is None:
        page.select_option("[data-column-add]", label=title)
    return place()


def light(page):
    return page.request.get(f"/api/targets/{TARGET}").json()["light"]


def nothing_is_seen(as_person, addresses):
    """By page, API or guessed address: the neighbour's clerk and reviewer, and whoever is not
    signed in."""
    for name in ("邻区填报", "邻区审核", ""):
        with as_person(name) as page:
            for address in addresses:
                answer = page.request.get(address, max_redirects=0)
                assert answer.status in (302, 401, 403, 404), (name, address, answer.status)
            for listed in ("/entry", "/review", "/api/v1/submissions"):
                answer = page.request.get(listed, max_redirects=0)
                assert "甲收集站" not in answer.text() and FIRM not in answer.text()


def test_the_story_of_a_figure(app, as_person, tmp_path, expect):
    with as_person("审计处") as page:
        assert light(page) == "due_not_reported"

    with as_person("企业填报") as page:
        upload(page, wrong_file(tmp_path / "甲收集站.xlsx"))
        expect(page.locator("body")).to_contain_text("2024年13月")
        assert app.site.workspace.ledger.submissions()[-1]["form"] != "registry_entries"
        with page.expect_navigation():
            page.click("form[action$='/mend'] button")
        draft = page.url
        cells = {column_of(page, "级别"): "区县级", column_of(page, "授予日期"): "2024-03-01"}
        first = mend(page, cells)
    addresses = [
        *(draft, f"/review/{first}", f"/review/{first}/original", f"/review/{first}/rows.csv"),
        *(f"/api/v1/submissions/{first}", "/publications", f"/api/targets/{TARGET}"),
    ]
    nothing_is_seen(as_person, addresses)

    with as_person("区审核") as page:
        page.goto(f"/review/{first}")
        page.fill("[data-reason]", "请补批准文号")
        with page.expect_navigation():
            page.click("button[value=return]")
    with as_person("企业填报") as page:
        page.goto("/entry")
        expect(page.locator("body")).to_contain_text("请补批准文号")
        with page.expect_navigation():
            page.locator("form[action='/entry/correct'] button").first.click()
        page.wait_for_selector("[data-tally]")
        page.click(f"tr[data-row='0'] td[data-c='{column_of(page, '证据')}']")
        page.keyboard.type("武隆环审〔2024〕1号")
        page.keyboard.press("Enter")
        second = hand_in(page)
    nothing_is_seen(as_person, [f"/review/{second}", f"/api/v1/submissions/{second}"])

    with as_person("区审核") as page:
        page.goto(f"/review/{second}")
        with page.expect_navigation():
            page.click("[data-approve]")
    nothing_is_seen(as_person, [f"/review/{second}", f"/api/v1/submissions/{second}"])
    with as_person("审计处") as page:
        assert light(page) == "met"
    with as_person("") as page:
        assert TARGET not in page.request.get("/public").text()

    with as_person("市发布") as page:
        page.goto("/publications")
        page.select_option("form[action='/publications'] select[name=place]", WULONG)
        page.fill("form[action='/publications'] input[name=title]", "武隆区2025年目标完成情况")
        with page.expect_navigation():
            page.click("form[action='/publications'] button")
    with as_person("") as page:
        page.goto("/public/P0001")
        expect(page.locator("body")).to_contain_text("新增危险废物综合收集贮存单位")
        answer = page.request.get(f"/public/P0001/targets/{TARGET}")
        assert answer.status == 200 and word("light.met") in answer.text()
    within = [address for address in addresses if "publications" not in address]
    nothing_is_seen(as_person, [*within, f"/review/{second}", f"/review/{second}/original"])

    with as_person("审计处") as page:
        page.goto(f"/targets/{TARGET}")
        text = page.content()
        assert second in text and "企业填报" in text  # number ← file, row, who
        original = page.request.get(f"/review/{second}/original")
        sheet = openpyxl.load_workbook(BytesIO(original.body())).active
        cells = [cell.value for row in sheet.iter_rows() for cell in row]
        assert "甲收集站" in cells and "武隆环审〔2024〕1号" in cells
