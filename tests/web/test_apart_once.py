"""Answers that take long: worked out once for all who ask, kept, and told of meanwhile."""

import threading

import pytest
from page_client import PageClient

from hengtan.report.page.working import working_context
from hengtan.web import create_app
from hengtan.web.apart_once import ApartOnce, StillWorking


class Readers:
    """Readers that answer when they are let to; ``asked`` counts."""

    def __init__(self):
        self.may_answer, self.asked = threading.Event(), 0

    def ask(self, question, **named):
        self.asked += 1
        assert self.may_answer.wait(30)
        return question(None, **named)


def double(_, number):
    return 2 * number


def fails(_):
    raise ValueError("no answer")


def finished(apart):
    """Wait for all that is being worked out."""
    for working in list(apart._working.values()):
        assert working.ended.wait(30)


def test_a_page_that_waited_long_enough_is_told_and_gets_the_answer_later():
    readers = Readers()
    apart = ApartOnce(readers, lambda: "state", patience=0.0)
    for _ in range(3):
        with pytest.raises(StillWorking) as still:
            apart.ask(double, number=21)
    assert still.value.seconds >= 0 and still.value.usual > 0
    readers.may_answer.set()
    assert apart.wait_for(double, number=21) == 42
    assert apart.ask(double, number=21) == 42
    assert readers.asked == 1


def test_those_who_ask_at_once_wait_for_one_answer():
    readers, answers = Readers(), []
    apart = ApartOnce(readers, lambda: "state")
    asking = [
        threading.Thread(target=lambda: answers.append(apart.ask(double, number=4)))
        for _ in range(5)
    ]
    for each in asking:
        each.start()
    readers.may_answer.set()
    for each in asking:
        each.join(30)
    assert answers == [8] * 5 and readers.asked == 1


def test_what_failed_is_raised_and_asked_anew():
    readers = Readers()
    readers.may_answer.set()
    apart = ApartOnce(readers, lambda: "state")
    for count in (1, 2):
        with pytest.raises(ValueError, match="no answer"):
            apart.ask(fails)
        assert readers.asked == count


def test_a_failure_is_told_to_the_page_that_looks_again():
    readers = Readers()
    apart = ApartOnce(readers, lambda: "state", patience=0.0)
    with pytest.raises(StillWorking):
        apart.ask(fails)
    readers.may_answer.set()
    finished(apart)
    with pytest.raises(ValueError, match="no answer"):
        apart.ask(fails)


def test_another_state_is_another_answer():
    state, readers = ["first"], Readers()
    readers.may_answer.set()
    apart = ApartOnce(readers, lambda: state[0])
    apart.ask(double, number=1)
    state[0] = "second"
    apart.ask(double, number=1)
    assert readers.asked == 2


def test_the_bar_never_says_that_it_is_done():
    assert working_context(5, 20, "zh")["working_share"] == 25
    assert working_context(500, 20, "zh")["working_share"] == 95
    assert "已算 5 秒" in working_context(5, 20, "zh")["working_said"]
    assert "5 s so far" in working_context(5, 20, "en")["working_said"]


@pytest.mark.parametrize(("lang", "said"), [("zh", "正在计算"), ("en", "Being worked out")])
def test_the_page_looks_again_by_itself_until_the_answer_is_there(
    small_site, monkeypatch, lang, said
):
    readers = Readers()
    monkeypatch.setattr(small_site, "apart", ApartOnce(readers, lambda: "state", patience=0.0))
    client = PageClient(create_app(small_site))
    answer = client.get(f"/pathway?until=2030&lang={lang}")
    assert (answer.status_code, answer.headers["Refresh"]) == (202, "2")
    assert said in answer.text and "<progress" in answer.text
    assert 'href="/pathway?until=2030' in answer.text
    readers.may_answer.set()
