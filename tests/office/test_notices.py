"""What a notice is made of, and the pauses of a mail that fails."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hengtan.office.notices import Notice, pause_after


@pytest.mark.parametrize("address", ["/", "/tasks/3", "/duties?month=2026-10#x"])
def test_a_notice_leads_to_a_page_of_this_server(address):
    assert Notice(("李工",), "催办", address=address).address == address


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "", "/\n"],
)
def test_a_notice_that_leads_elsewhere_is_refused(address):
    with pytest.raises(ValueError, match="another server"):
        Notice(("李工",), "催办", address=address)


def test_a_subject_is_a_line_in_both_languages():
    assert (
        Notice((), "催办：\n十月", "Reminder: October").subject == "催办： 十月 / Reminder: October"
    )
    assert Notice((), "OK", "OK").subject == "OK"


def test_pauses_grow_and_end():
    pauses = [pause_after(n) for n in range(1, 20)]
    waits = [p for p in pauses if p]
    assert waits == sorted(waits) and waits[0] == timedelta(minutes=1)
    assert pauses[len(waits) :] == [None] * (19 - len(waits)) and len(waits) < 12
