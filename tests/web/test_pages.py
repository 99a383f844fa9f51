"""The served pages over the hand-made view, without a browser."""

import re
import sys
import threading

import pytest
from page_client import PageClient

from hengtan.desk import accounts
from hengtan.web import Site, create_app, pages

PAGES = [
    "/",
    "/rules",
    "/rules/env_tax.air",
    "/enterprises",
    "/forecast",
    "/bulletin",
    "/assess",
    "/targets",
    "/matrix",
    "/air",
    "/targets/a-forest",
    "/targets/a-none",
    "/measures",
    "/milestones",
    "/registries",
    "/registries/green_factories",
    "/sources",
    "/gaps",
    "/conflicts",
    "/method",
    "/graph",
    "/explain/plan_progress?target_id=a-forest",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_answers_with_the_demo_banner(client, path, lang):
    answer = client.get(path + ("&" if "?" in path else "?") + f"lang={lang}")
    assert answer.status_code == 200
    assert {
        "zh": "演示 · 数据为公开统计资料，由 demo-loader 载入，未经单位审核",
        "en": "not reviewed by any authority",
    }[lang] in answer.text
    assert f'data-lang="{lang}"' in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_an_outside_address(client, path):
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', client.get(path).text)
    assert addresses and all(
        a.startswith(("/", "#", "?")) and not a.startswith("//") for a in addresses
    )


def test_every_link_of_the_overview_leads_somewhere(client):
    for path in set(re.findall(r'href="(/[^"#]*)"', client.get("/").text)):
        assert client.get(path).status_code == 200, path


def test_the_language_is_remembered(client):
    assert "On track" in client.get("/?lang=en").text
    assert "On track" in client.get("/measures").text or "Measures" in client.get("/measures").text
    assert 'data-lang="en"' in client.get("/gaps").text
    assert 'data-lang="zh"' in client.get("/gaps?lang=zh").text


def test_an_unknown_language_is_chinese(client):
    assert 'data-lang="zh"' in client.get("/?lang=<script>").text


@pytest.mark.parametrize(
    "path",
    [
        "/targets/none-such",
        "/registries/none-such",
        "/nowhere",
        "/static/../app.py",
        "/static/app.py",
    ],
)
def test_unknown_addresses_get_a_page_a_person_can_read(client, path):
    answer = client.get(path)
    assert (
        answer.status_code == 404 and "没有找到这一页" in answer.text and "返回总览" in answer.text
    )


def test_an_id_from_the_address_is_escaped(client):
    answer = client.get("/targets/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.status_code == 404 and "<script>alert" not in answer.text


def test_a_refusal_is_told_in_words(client):
    page = client.get("/explain/nonsense?x=1")
    assert (
        page.status_code == 404 and "没有账户或表“nonsense”" in page.text and "可用：" in page.text
    )
    answer = client.get("/api/explain/nonsense")
    assert (
        answer.status_code == 404
        and answer.json()["code"] == "UnknownAccount"
        and answer.json()["en"] == "no account or table 'nonsense'"
    )


def test_the_switch_keeps_the_question(client):
    assert (
        "?target_id=a-forest&amp;lang=en"
        in client.get("/explain/plan_progress?target_id=a-forest").text
    )


def test_the_drawing_is_inlined_without_its_declaration(client):
    text = client.get("/graph").text
    assert "<?xml" not in text
    assert any("plan_progress" in drawing for drawing in re.findall("<svg.*?</svg>", text, re.S))


def test_what_is_approved_is_shown_at_once_and_nothing_is_made_twice(demo_copy, report):
    """The view is kept while ledger, packs and day are unchanged, and made anew after an
    approval.
    """
    target = "wl-sewage-2025"
    site = Site(demo_copy)
    client = PageClient(create_app(site))
    before = site.view()
    assert site.view() is before and site.pages("zh") is site.pages("zh")
    assert client.get(f"/api/targets/{target}").json()["latest_value"] != 99.25
    value = {"place": "500156", "indicator": "sewage_treatment_rate", "period": "2025"}
    report(demo_copy, "indicator_values", [value | {"value": 99.25, "unit": "%"}])
    assert client.get(f"/api/targets/{target}").json()["latest_value"] == 99.25
    assert "99.25" in client.get(f"/targets/{target}").text


def test_an_unforeseen_error_tells_no_secrets(client, monkeypatch):
    monkeypatch.setattr(accounts, "graph_svg", lambda workspace, language: 1 / 0)
    answer = client.get("/graph")
    assert (
        answer.status_code == 500
        and "程序出错" in answer.text
        and "Traceback" not in answer.text
        and "division" not in answer.text
    )


def test_pages_are_answered_while_a_download_is_made(client, workspace):
    site = client.app.site
    seen: list[int] = []

    def slowly(view):
        reader = threading.Thread(target=lambda: seen.append(len(site.view().targets)))
        reader.start()
        reader.join(timeout=20)
        return b"made"

    assert site.file("x", slowly) == b"made" and seen == [8]
    workspace.small = {**workspace.small, "targets": []}
    assert site.file("x", lambda view: str(len(view.targets)).encode()) == b"0"


def test_a_page_family_is_served_by_being_there(small_site, tmp_path, monkeypatch):
    """A module with a router among the families, and the template it names: no list is touched."""
    (tmp_path / "toy.py").write_text(
        "from hengtan.desk.plan_review import progress\n"
        "from hengtan.web.routing import Router\n"
        "from hengtan.web.site import page, site_of\n"
        "router = Router()\n"
        "@router.get('/toy', 'plan.read')\n"
        "def toy(request):\n"
        "    return page(request, 'plans', reviews=site_of(request).ask(progress))\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(pages, "__path__", [*pages.__path__, str(tmp_path)])
    client = PageClient(create_app(small_site))
    assert client.get("/toy").status_code == 200
    monkeypatch.delitem(sys.modules, "hengtan.web.pages.toy")
