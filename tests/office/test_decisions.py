"""Steps of the ledger as a list: which are told, in order, each submission asked about once."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from hengtan.ledger.chain import Record, Register, next_event
from hengtan.office.decisions import Steps, step

STEPS = (  # submission, state, by, day
    ("S000001", "submitted", "甲", 1),
    ("S000002", "submitted", "乙", 1),
    ("S000001", "returned", "审", 2),
    ("S000001", "submitted", "甲", 3),
    ("S000002", "approved", "审", 3),
    ("S000001", "approved", "审二", 4),
    ("S000002", "withdrawn", "乙", 5),
)


@pytest.fixture(scope="module")
def register():
    register = Register("0" * 64)
    for number, form in (("S000001", "energy"), ("S000002", "gdp")):
        about = dict.fromkeys(Record.__dataclass_fields__)
        about |= {"submission": number, "form": form, "place": "110", "at": datetime(2026, 5, 1)}
        register.records[number] = Record(**about)
    last = None
    for number, state, by, day in STEPS:
        at = datetime(2026, 5, day, 23, 59, 59)
        last = next_event(last, register.start, number, state, by, "缺3月", at)
        register.events.append(last)
    return register


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7]),
        ({"after": 5}, [6, 7]),
        ({"after": 7}, []),
        ({"decisions": True}, [3, 5, 6]),
        ({"form": "gdp"}, [2, 5, 7]),
        ({"submission": "S000001", "state": "submitted"}, [1, 4]),
        ({"by": "审"}, [3, 5]),
        ({"since": date(2026, 5, 3), "until": date(2026, 5, 4)}, [4, 5, 6]),
        ({"until": date(2026, 5, 1)}, [1, 2]),
        ({"since": date(2026, 5, 6)}, []),
        ({"state": "nothing"}, []),
    ],
)
def test_which_steps_are_told(register, asked, numbers):
    steps = Steps.on_days(**asked).of(register, lambda submission: True)
    assert [event.seq for event in steps] == numbers


def test_steps_of_what_is_not_reached_are_not_told(register):
    asked = []

    def is_reached(submission):
        asked.append(submission)
        return submission == "S000002"

    steps = [step(register, event) for event in Steps().of(register, is_reached)]
    assert [(row["seq"], row["state"], row["by"]) for row in steps] == [
        (2, "submitted", "乙"),
        (5, "approved", "审"),
        (7, "withdrawn", "乙"),
    ]
    assert {row["form"] for row in steps} == {"gdp"}
    assert sorted(asked) == ["S000001", "S000002"]
