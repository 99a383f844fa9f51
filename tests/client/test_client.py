"""The client against a live server; the examples of docs/api.md."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from hengtan.basis.errors import HengtanError
from hengtan.client import Client, Refused

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
FORM = "monthly_figures"
EAST = "990001"


def month(number, energy=10.0):
    """A row of a month."""
    period = f"2025年1-{number}月"
    return {"place": EAST, "period": period, "energy": energy, "source_title": "测试"}


def test_the_examples_of_the_page_do_what_they_say(served, monkeypatch):
    monkeypatch.setenv("HENGTAN_ADDRESS", served.address)
    monkeypatch.setenv("HENGTAN_TOKEN", served.token)
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    examples = doctest.DocTestParser().get_doctest(
        "\n".join(blocks), {"reviewer": served.reviewer}, "api.md", str(DOCS), 0
    )
    assert len(examples.examples) >= 15
    said: list[str] = []
    failed = doctest.DocTestRunner().run(examples, out=said.append)
    assert failed.failed == 0, "".join(said)


def test_a_table_is_read_through_in_pages_with_its_types(served, monkeypatch):
    rows = [month(number, 1.5 * number) for number in range(2, 12)]
    submission = served.filer.submit(FORM, rows, place=EAST)["submission"]["submission"]
    served.reviewer.step(submission, "approve")
    monkeypatch.setattr("hengtan.client.USUAL_PAGE", 3)
    table = served.filer.table(FORM).to_arrow()
    assert table.num_rows == 10 and sum(table["energy"].to_pylist()) == 1.5 * sum(range(2, 12))
    expected = served.app.site.workspace.table(FORM).schema
    assert {f.name: f.type for f in table.schema} == {f.name: f.type for f in expected}
    assert served.filer.table(FORM).to_pandas()["energy"].max() == 16.5


def test_a_table_that_changes_while_it_is_read_is_read_again(served, monkeypatch):
    served.filer.submit(FORM, [month(n) for n in range(2, 6)], place=EAST)
    monkeypatch.setattr("hengtan.client.USUAL_PAGE", 2)
    real, asked = Client._get, []

    def once_changed(self, address, query):
        asked.append(address)
        if len(asked) == 2:  # between the first page and the second
            self.submit(FORM, [month(9)], place=EAST)
        return real(self, address, query)

    served.filer.submit(FORM, [month(7)], place=EAST)
    served.filer.submit(FORM, [month(8)], place=EAST)
    monkeypatch.setattr(Client, "_get", once_changed)
    listed = served.filer.submissions()
    assert [s["submission"] for s in listed] == [f"S{n:06d}" for n in range(1, 5)]
    assert len(asked) > 3  # begun again


def test_a_file_is_handed_in_and_refusals_carry_every_finding(served, tmp_path):
    path = tmp_path / "月报.csv"
    path.write_text(
        "地区,时期,能源消费总量（万吨标准煤）\n990001,2025年1-2月,x\n990002,2025年1-3月,1\n"
    )
    with pytest.raises(Refused) as refusal:
        served.filer.submit(FORM, path, place=EAST)
    assert refusal.value.status == 400 and {f.where.row for f in refusal.value.findings} >= {2, 3}
    assert refusal.value.findings[0].where.file == "月报.csv"
    path.write_text("地区,时期,能源消费总量（万吨标准煤）\n990001,2025年1-2月,3\n")
    assert served.filer.submit(FORM, path, place=EAST)["submission"]["file_name"] == "月报.csv"


def test_a_lost_answer_is_asked_for_again_and_counts_once(served, monkeypatch):
    real, lost = Client._once, []

    def losing(self, url, content, headers):
        answer = real(self, url, content, headers)
        if len(lost) < 2:
            lost.append(url)
            raise ConnectionResetError("killed")
        return answer

    monkeypatch.setattr(Client, "_once", losing)
    monkeypatch.setattr("hengtan.client.FIRST_WAIT", 0.01)
    report = served.filer.submit(FORM, [month(2)], place=EAST)
    assert report["unchanged"] and len(lost) == 2
    assert len(served.app.site.workspace.ledger.current().records) == 1


def test_who_answers_nothing_and_who_may_not(served):
    for address in ("", "ftp://x", "hengtan"):
        with pytest.raises(HengtanError, match="不是服务地址"):
            Client(address or None)
    with pytest.raises(HengtanError, match="没有回答"):
        Client("http://127.0.0.1:9", tries=1).status()
    with pytest.raises(Refused) as refusal:
        Client(served.address, "hengtan_wrong").status()
    assert refusal.value.status == 401
