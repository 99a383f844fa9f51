"""Every rule by its cases: expected figures come from the law, a published example or the hand
calculation beside them in the file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hengtan import packs
from hengtan.basis.errors import HengtanError
from hengtan.desk.cases import compute, differences, read_cases
from hengtan.instruments.registry import rules

FILES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
CASES = [
    pytest.param(case, id=f"{file.stem}-{n}-{case.rule}")
    for file in FILES
    for n, case in enumerate(read_cases(file), start=1)
]


@pytest.fixture(scope="module")
def pack():
    return packs.load("chongqing")


@pytest.mark.parametrize("case", CASES)
def test_case(case, pack) -> None:
    assert case.expect, "a case without an expectation proves nothing"
    result, error = None, None
    try:
        result = compute(pack, case)
    except HengtanError as raised:
        error = raised
        assert "\n" not in str(raised)
    assert differences(case, result, error) == []
    if result is not None:
        assert result.steps, "a result explains itself"
        for name, value in case.expect.items():  # an empty one says that it is not given
            assert (name in result.outputs) is (value is not None), name


def test_every_rule_has_cases() -> None:
    tried = {
        param.values[0].rule for param in CASES if not (param.values[0].expect or {}).get("error")
    }
    assert {r.id for r in rules()} - tried == set()


def test_every_rule_tells_what_it_needs(pack) -> None:
    known = {r["parameter"] for r in pack.rows("rule_parameters")}
    for rule in rules():
        listed = rule.as_dict()
        assert listed["law"] and listed["title_en"] and listed["outputs"]
        assert set(listed["parameters"]) <= known, rule.id
        names = [spelling for i in rule.inputs for spelling in {i.name, i.zh, *i.aliases}]
        assert len(names) == len(set(names)), rule.id
