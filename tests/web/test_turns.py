"""Turns of requests: so many are worked on at a time, and who waits lends his."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from hengtan.web.turns import Turns

PATIENCE = 30.0
"""Seconds after which a test that would wait for ever fails."""


def test_a_turn_is_taken_once_by_a_thread_and_by_one_thread_at_a_time():
    turns, working, most = Turns(2), set(), []

    def work(number):
        with turns.taken(), turns.taken():
            working.add(number)
            most.append(len(working))
            working.remove(number)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(100)))
    assert len(most) == 100 and max(most) <= 2


def test_who_waits_lends_his_turn_and_takes_the_next():
    turns, other_has_worked = Turns(1), threading.Event()

    def work():
        with turns.taken():
            other_has_worked.set()

    with turns.taken():
        other = threading.Thread(target=work)
        other.start()
        with turns.lent():
            assert other_has_worked.wait(PATIENCE)
        other_has_worked.clear()
        third = threading.Thread(target=work)
        third.start()
        assert not other_has_worked.is_set()  # it waits for the turn that was taken back
    assert other_has_worked.wait(PATIENCE)
    other.join()
    third.join()


def test_a_thread_without_a_turn_lends_none():
    turns = Turns(1)
    with turns.lent():
        pass

    def work():
        with turns.taken():
            pass

    with ThreadPoolExecutor(1) as threads:
        with turns.taken():
            waits = threads.submit(work)
            with pytest.raises(TimeoutError):
                waits.result(0.2)
        waits.result(PATIENCE)
