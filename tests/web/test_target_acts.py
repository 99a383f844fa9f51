"""Buttons of a target's page: what a person may do, with form, place and period in the address."""

from __future__ import annotations

import re
from html import unescape

import pytest
from page_client import PageClient

from hengtan.office.permission import Grant, Person
from hengtan.web import create_app
from hengtan.web.target_acts import period_of


@pytest.fixture
def acts(small, small_site, prepared_store):
    """Asks for the buttons of a target's page as a person with some grants: word to address."""
    for row in small["targets"]:
        row["region_code"] = "500156" if row["plan"] == "plan-b" else "500000"
    small["targets"][-1]["department_zh"] = ["区住房城乡建委"]
    app = create_app(small_site)
    prepared_store(app)

    def ask(target_id: str, *grants: Grant) -> dict[str, str]:
        app.alone = Person("某人", grants=grants, is_alone=not grants)
        app.kept.look_again()
        text = PageClient(app).get(f"/targets/{target_id}").text
        part = re.search(r'<p class="acts">(.*?)</p>', text, re.S)[1]
        links = re.findall(r'href="([^"]+)"[^>]*>\s*([^<]+?)\s*<', part)
        assert 'id="origin"' in text
        return {word: unescape(address) for address, word in links}

    return ask


def test_a_due_target_is_filled_for_the_year_of_its_deadline_and_reminded_of(acts):
    assert acts("b-due") == {
        "填数": "/entry?form=indicator_values&place=500156&period=2025",
        "催报": "/duties/reminders?span=2025",
        "查来历": "#origin",
    }


def test_a_target_of_another_place_names_it_and_the_latest_whole_year(acts):
    # judged on 2026-03-01: the latest whole year is 2025
    assert acts("a-none") == {
        "填数": "/entry?form=indicator_values&place=500000&period=2025",
        "催报": "/duties/reminders?span=2025",
        "查来历": "#origin",
    }


def test_nobody_is_reminded_of_a_figure_that_is_there(acts):
    assert list(acts("b-met")) == ["填数", "查来历"]


@pytest.mark.parametrize(
    ("grant", "wanted"),
    [
        (Grant("filer", place="500156"), ["填数", "查来历"]),
        (Grant("filer", department="区住房城乡建委"), ["填数", "查来历"]),
        (Grant("coordinator", place="500156"), ["催报", "查来历"]),
        (Grant("leader"), ["查来历"]),
    ],
)
def test_only_what_a_person_may_do(acts, grant, wanted):
    assert list(acts("b-due", grant)) == wanted


@pytest.mark.parametrize(
    ("light", "deadline", "judged_on", "year"),
    [
        ("due_not_reported", 2025, "2026-03-01", "2025"),
        ("due_not_reported", "2025-06-30", "2026-03-01", "2025"),
        ("grey", 2027, "2026-03-01", "2025"),
        ("grey", 2027, "", ""),
    ],
)
def test_the_year_that_is_lacking(light, deadline, judged_on, year):
    assert period_of({"light": light, "deadline": deadline}, judged_on) == year


def test_a_server_that_only_reads_offers_no_filling(client):
    text = client.get("/targets/b-due").text
    assert 'href="/entry?form' not in text and 'href="#origin"' in text
