"""The heavy pages are ready before anybody asks: on the start, and after every approval."""

from __future__ import annotations

import logging
import threading
from datetime import date

from hengtan.basis.errors import LedgerBusy
from hengtan.desk.accounts import accounts_view
from hengtan.web.preparing import Preparing, prepare_first
from hengtan.web.site import Site


def figure(value):
    row = {"place": "500156", "indicator": "forest_cover", "period": "2025", "unit": "%"}
    return row | {"value": value, "source_title": "年报"}


class Bell:
    """Rings whenever the pages are ready; ``wait`` for the next time."""

    def __init__(self):
        self.rung = threading.Semaphore(0)

    def __call__(self, seconds):
        assert seconds >= 0
        self.rung.release()

    def wait(self):
        assert self.rung.acquire(timeout=300), "the pages were not made ready"


def forest(view):
    return next(t for t in view.targets if t["target_id"] == "wl-forest-cover-2025")


def test_pages_are_ready_at_the_start_and_after_an_approval(workspace, report):
    site, bell = Site(workspace), Bell()
    with Preparing(site, bell):
        bell.wait()
        first = site.last_view
        assert first is not None and forest(first)["latest_value"] is None
        site.ask(lambda opened: report(opened, "indicator_values", [figure(68.2)]))
        bell.wait()
        ready = site.last_view
    assert ready is not first and forest(ready)["latest_value"] == 68.2
    assert site.view() is ready  # nothing is worked out again for the reader


def test_what_the_first_request_waits_for_is_made_ready_once(workspace):
    site = Site(workspace)
    assert site.last_view is None
    prepare_first(site).join()
    assert "forms" in vars(workspace)  # kept there when they were asked for
    ready = site.last_view
    assert ready is not None and site.view() is ready


def test_pages_that_cannot_be_prepared_are_left_to_whoever_asks(workspace, caplog):
    """The start goes on; the refusal stands in the log."""
    site = Site(workspace)

    def refuses(*_):
        raise LedgerBusy("台账正忙", "the ledger is busy")

    site.view = refuses
    with caplog.at_level(logging.INFO, "hengtan.web"):
        prepare_first(site).join()
    assert "the ledger is busy" in caplog.text or "台账正忙" in caplog.text


def test_an_answer_is_kept_while_nothing_changes_and_no_longer(workspace, report):
    site, asked = Site(workspace), []

    def places(opened):
        asked.append(date.today())
        return accounts_view(opened)["place"]

    assert [site.ask_once(places) for _ in range(2)] == ["500156"] * 2
    assert len(asked) == 1
    report(workspace, "indicator_values", [figure(68.2)])
    site.ask_once(places)
    assert len(asked) == 2
