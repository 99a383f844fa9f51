"""What an address of the outlook asks for; what cannot be asked is left out, and never refused."""

from types import SimpleNamespace

import pytest
from django.http import QueryDict

from hengtan.desk.outlook_choices import Wanted
from hengtan.desk.portfolio_ledger import Fair
from hengtan.report.page.pathway import pairs_of
from hengtan.report.page.portfolio import pairs_of as pairs_of_goal
from hengtan.web.pages.portfolio import goal_of
from hengtan.web.settings import configure
from hengtan.web.wanted import wanted_of


@pytest.fixture(autouse=True)
def _settings():
    configure()


def asked(query):
    return SimpleNamespace(GET=QueryDict(query))


def query_of(pairs):
    query = QueryDict(mutable=True)
    for name, value in pairs:
        query.appendlist(name, str(value))
    return query.urlencode()


def test_the_question_of_a_pathway_goes_through_its_address():
    wanted = Wanted(
        "500000", 2020, 2040, 2030, ("ev", "motor"), 1.8e8, True, "records", True, rate=0.08
    )
    view = {"wanted": wanted}
    assert wanted_of(asked(query_of(pairs_of(view))), "500000") == wanted


def test_the_question_of_a_portfolio_goes_through_its_address():
    query = "until=2040&districts=1&rate=3&cap_year=2035&cap=18000&cap_year=2030&cap=19000"
    query += "&from=2026&to=2030&capital=5&spending=&from=2031&to=&capital=&spending=8.5"
    query += "&fair=spending&least=0.5&most=2&whole=kiln&only_caps=1&front=6&at_risk=0.9"
    goal = goal_of(asked(query), "500000")
    assert goal.caps == ((2030, 1.9e8), (2035, 1.8e8))
    assert goal.capital == ((2026, 2030, 50_000.0),)
    assert goal.spending == ((2031, 2031, 85_000.0),)
    assert goal.fair == Fair("spending", 0.5, 2.0)
    assert goal.wanted == Wanted("500000", until=2040, districts=True, rate=0.03)
    assert (goal.whole, goal.only_caps, goal.front, goal.at_risk) == (("kiln",), True, 6, 0.9)
    assert goal_of(asked(query_of(pairs_of_goal(goal))), "500000") == goal


@pytest.mark.parametrize(
    "query",
    [
        "cap_year=20350&cap=1",
        "cap_year=2035&cap=-1",
        "cap_year=2035",
        "from=2030&capital=x",
        "to=2030&capital=5",
        "fair=people&least=1",
        "fair=cut&least=2&most=1",
        "at_risk=0.5&method=guess&rate=99&districts=yes",
    ],
)
def test_what_cannot_be_asked_is_left_out(query):
    assert goal_of(asked(query), "500000") == goal_of(asked(""), "500000")
