"""The page of the list: its filter in the address, without a script, of what a person may see."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from page_client import PageClient

from hengtan.office.permission import Grant, Person
from hengtan.web import create_app


def names(text: str) -> list[str]:
    table = text.split("<tbody>")[1] if "<tbody>" in text else ""
    return re.findall(r'href="/targets/([\w-]+)"', table)


def test_the_filter_stands_in_the_address(client):
    text = client.get("/targets?light=behind&plan=plan-a&sort=-name").text
    assert names(text) == ["a-rd", "a-water"]  # 研 comes after 年
    assert '<option value="behind" selected>' in text
    assert '<option value="plan-a" selected>' in text
    assert re.search(r'data-nav="targets_list"\s+aria-current="page"', text)


def test_search_and_nothing_that_is_met(client):
    assert names(client.get(f"/targets?q={quote('用水')}").text) == ["a-water"]
    assert "没有符合条件的目标" in client.get("/targets?q=nothing-like-it").text
    assert "No target matches" in client.get("/targets?q=nothing-like-it&lang=en").text


def test_what_is_typed_does_not_break_out(client):
    text = client.get("/targets?q=" + quote('"><script>x</script>')).text
    assert "<script>x" not in text


@pytest.mark.parametrize("end", ["csv", "xlsx"])
def test_the_download_is_of_what_is_filtered(client, end):
    answer = client.get(f"/download/list/targets.{end}?light=red")
    assert answer.status_code == 200
    assert f"targets.{end}" in answer.headers["Content-Disposition"]
    if end == "csv":
        assert len(answer.content.decode("utf-8-sig").strip().split("\n")) == 2
    assert client.get("/download/list/targets.exe").status_code == 404


def test_a_person_lists_what_may_be_opened(small, small_site):
    for target in small["targets"]:
        target["region_code"] = "500156" if target["plan"] == "plan-b" else "500000"
    small_site.workspace.small = small
    app = create_app(small_site)
    app.alone = Person("区里", grants=(Grant("filer", place="500156"),))
    client = PageClient(app)
    text = client.get("/targets").text
    assert names(text) == ["b-met", "b-missed", "b-due"]
    assert "a-forest" not in text and 'value="plan-a"' not in text
    assert "/download/list" not in text  # a filer does not export
    assert client.get("/download/list/targets.csv").status_code == 403
    assert "3项目标中2项有实绩" in client.get("/").text
