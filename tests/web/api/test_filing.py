"""Filing by programs: taken once however often it is sent, all or nothing, one's own rows only."""

from __future__ import annotations

from datetime import date

import pytest

from hengtan.basis.actor import Actor
from hengtan.ledger import Meta
from hengtan.ledger.handing_in import KeyUsedAgain
from hengtan.ledger.submissions import Ledger
from hengtan.office.permission import Grant

FORM = "monthly_figures"
EAST, WEST = "990001", "990002"
CSV = "地区,时期,能源消费总量（万吨标准煤）,来源\n{},2025年1-{}月,{},测试\n"


def month(place, number=2, energy=21.0, **more):
    """A row of a month, as a program sends it."""
    row = {"place": place, "period": f"2025年1-{number}月", "energy": energy}
    return row | {"source_title": "测试"} | more


def upload(program, text, name="报表.csv", key="", **asked):
    """What the server answers to a file."""
    headers = {"Idempotency-Key": key} if key else {}
    content = text if isinstance(text, bytes) else text.encode()
    return program.post(
        f"/api/v1/forms/{FORM}/file", files={"file": (name, content)}, params=asked, headers=headers
    )


def number_of(program):
    """How many submissions a program sees."""
    return len(program.get("/api/v1/submissions").json()["submissions"])


def test_a_request_is_taken_once_however_often_it_is_sent(people):
    east, review = people["east"], people["east_review"]
    first = east.rows([month(EAST)], key="a-1", place=EAST).json()
    again = east.rows([month(EAST)], key="a-1", place=EAST).json()
    assert not first["unchanged"] and again["unchanged"]
    assert again["submission"] == first["submission"] and number_of(east) == 1
    # a return does not make the same request a new one: sent late, it is still that one
    submission = first["submission"]["submission"]
    review.take(submission, "return", reason="缺3月")
    late = east.rows([month(EAST)], key="a-1", place=EAST).json()
    assert late["submission"]["state"] == "returned" and number_of(east) == 1
    # the same rows on purpose once more have a name of their own
    assert east.rows([month(EAST)], key="a-2", place=EAST).json()["submission"]["state"] == (
        "submitted"
    )
    assert number_of(east) == 2


def test_a_name_of_another_request_is_refused(people, program):
    east = people["east"]
    assert east.rows([month(EAST)], key="k", place=EAST).status_code == 200
    for answer in (
        east.rows([month(EAST, energy=22.0)], key="k", place=EAST),
        upload(east, CSV.format("990001", 2, 21), key="k", place=EAST),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "KeyUsedAgain")
    # another person's name of the same letters is another name
    other = program("东填二", Grant("filer", place=EAST))
    assert other.rows([month(EAST, 3)], key="k", place=EAST).json()["unchanged"] is False
    for key in ("a b", "x" * 101, "\x7f"):
        refused = east.post(
            f"/api/v1/forms/{FORM}/rows",
            json={"rows": [month(EAST)]},
            params={"place": EAST},
            headers={"Idempotency-Key": key},
        )
        assert refused.status_code in (400, 422)


def test_a_dry_run_writes_nothing_and_tells_all(people):
    east = people["east"]
    report = east.rows([month(EAST, energy="很多")], dry_run=True, place=EAST).json()
    assert [f["level"] for f in report["findings"]] == ["error"]
    assert (report["findings"][0]["row"], report["findings"][0]["column"]) == (2, "energy")
    sound = east.rows([month(EAST)], dry_run=True, place=EAST).json()
    assert sound["differences"]["new"] == 1 and sound["submission"] is None
    assert number_of(east) == 0


def test_all_or_nothing_and_every_finding_with_its_place(people):
    east = people["east"]
    answer = east.rows([month(EAST), month("无此地", 3), month(EAST, 4, energy=-1)], place=EAST)
    findings = answer.json()["findings"]
    assert answer.status_code == 400 and {f["row"] for f in findings} == {3, 4}
    assert number_of(east) == 0


@pytest.mark.parametrize("as_file", [False, True])
def test_rows_of_a_neighbour_are_not_ones_own(people, as_file):
    east = people["east"]
    if as_file:
        text = CSV.format(EAST, 2, 21) + f"{WEST},2025年1-2月,9,测试\n"
        answer = upload(east, text, place=EAST)
    else:
        answer = east.rows([month(EAST), month(WEST)], place=EAST)
    finding = answer.json()["findings"][0]
    assert (answer.status_code, finding["code"], finding["row"]) == (400, "not-yours", 3)
    assert number_of(people["analyst"]) == 0


def test_the_same_by_rows_and_by_file(people):
    east, review = people["east"], people["east_review"]
    by_rows = east.rows([month(EAST)], place=EAST).json()["submission"]["submission"]
    by_file = upload(east, CSV.format(EAST, 2, 21), place=EAST).json()["submission"]["submission"]
    records = east.app.site.workspace.ledger.current().records
    assert by_rows != by_file
    assert records[by_rows].rows_digest == records[by_file].rows_digest
    # two that wait say the same of one month: whoever approves decides
    assert review.take(by_rows, "approve").json()["code"] == "Conflict"
    assert review.take(by_rows, "approve", on_conflict="replace").json()["state"] == "approved"


def test_a_correction_of_what_is_not_ones_own_is_not_there(people):
    theirs = people["west"].rows([month(WEST)], place=WEST).json()["submission"]["submission"]
    answer = people["east"].rows([month(EAST)], place=EAST, replaces=theirs)
    assert answer.status_code == 404
    mine = people["west"].rows([month(WEST, energy=23.0)], place=WEST, replaces=theirs)
    assert mine.json()["submission"]["supersedes"] == theirs


def test_the_name_of_a_request_stands_in_the_chain(tmp_path):
    """Written with the rows, so that a writer killed in between leaves both or neither."""
    import pyarrow as pa

    rows, clerk = pa.table({"place": ["1"], "value": [1.0]}), Actor("甲", "企业")
    with Ledger.create(tmp_path / "ledger") as ledger:
        unnamed = ledger.submit("x", rows, Meta(clerk, file=b"0"))
        named = ledger.submit("x", rows, Meta(clerk, file=b"1", key="k"))
        other = ledger.submit("x", rows, Meta(Actor("乙"), file=b"1", key="k"))
        assert [s.id for s in (unnamed, named, other)] == ["S000001", "S000002", "S000003"] or (
            other.existing
        )
        again = ledger.submit("x", rows, Meta(clerk, file=b"1", key="k"), at=date(2099, 1, 1))
        assert again.id == named.id and again.existing
        for meta in (
            Meta(clerk, file=b"2", key="k"),
            Meta(clerk, file=b"1", key="k", place="2"),
            Meta(Actor("甲"), file=b"1", key="k"),
        ):
            with pytest.raises(KeyUsedAgain):
                ledger.submit("x", rows, meta)
        assert ledger.verify() == []
    with Ledger.open(tmp_path / "ledger") as ledger:
        records = ledger.current().records
        assert records["S000001"].key is None and records["S000002"].key == "k"
        assert "key" not in records["S000001"].content()
