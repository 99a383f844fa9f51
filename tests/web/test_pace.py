"""How often somebody may write: what a grid sends by itself is counted apart from what he does."""

from __future__ import annotations

import pytest

from hengtan.web.pace import RATE, TYPING_RATE, Pace, SharedPace, allowance

CHECK, SUBMIT = "/entry/d/0123456789abcdef/check", "/entry/d/0123456789abcdef/submit"


@pytest.mark.parametrize(
    ("path", "rate"),
    [
        (CHECK, TYPING_RATE),
        ("/entry/d/0123456789abcdef/save", TYPING_RATE),
        (SUBMIT, None),
        ("/entry/d/0123456789abcdef/notes", None),
        ("/entry/upload", None),
        ("/review/many", None),
        ("/entry/d/a/b/check", None),
    ],
)
def test_which_requests_are_a_grids_own(path, rate):
    assert allowance("张三", path)[1] == rate


@pytest.fixture(params=["of one process", "shared"])
def pace(request):
    """Both ways of counting."""
    if request.param == "shared":
        request.getfixturevalue("app")
        return SharedPace()
    return Pace()


@pytest.fixture
def app(small_site, prepared_store):
    from hengtan.web.application import Application

    app = Application(small_site)
    prepared_store(app)
    return app


def test_who_types_quickly_is_not_cut_off_and_may_still_hand_in(pace, monkeypatch):
    """Ten checks a second for a minute; then two hundred and forty requests of his own."""
    monkeypatch.setattr("hengtan.web.pace.time.time", lambda: 1_000_000.0)  # one minute
    typed = [pace.take(*allowance("张三", CHECK)) for _ in range(600)]
    assert all(typed)
    own = [pace.take(*allowance("张三", SUBMIT)) for _ in range(RATE + 1)]
    assert own == [True] * RATE + [False]
    assert pace.take(*allowance("李四", SUBMIT)) and pace.take(*allowance("张三", CHECK))


def test_a_script_that_floods_a_grid_is_cut_off(pace, monkeypatch):
    monkeypatch.setattr("hengtan.web.pace.time.time", lambda: 1_000_000.0)
    taken = [pace.take(*allowance("张三", CHECK)) for _ in range(TYPING_RATE + 5)]
    assert taken == [True] * TYPING_RATE + [False] * 5
