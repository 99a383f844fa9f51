"""Submissions, their states, both clocks, and what counts."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from hengtan.basis.actor import Actor
from hengtan.basis.errors import HengtanError, ImportRejected, LedgerBusy, WrongState
from hengtan.ledger.lake import Lake
from hengtan.ledger.submissions import Ledger, Meta

CLERK, CHIEF = Actor("clerk"), Actor("chief")
BY_CLERK = Meta(CLERK, place="500156")


def figures(**values: float | None) -> pa.Table:
    return pa.table(
        {
            "indicator": pa.array(list(values), pa.string()),
            "value": pa.array(list(values.values()), pa.float64()),
            "_source_row": pa.array(range(2, 2 + len(values)), pa.int64()),
        }
    )


def seen(
    ledger: Ledger, known_on: date | None = None, form: str = "indicator_values"
) -> dict[str, float]:
    view = ledger.effective(form, known_on, figures().schema)
    return {
        r["indicator"]: r["value"] for r in ledger.query(f"select indicator, value from {view}")
    }


def test_only_approved_rows_count(any_ledger: Ledger) -> None:
    s = any_ledger.submit("indicator_values", figures(forest=63.6, water=None), BY_CLERK)
    assert (s.id, s.state, s.rows, s.existing) == ("S000001", "submitted", 2, False)
    assert seen(any_ledger) == {}
    any_ledger.record(s.id, "approved", CHIEF)
    assert seen(any_ledger) == {"forest": 63.6, "water": None}


def test_a_row_says_where_it_came_from_and_who_answers_for_it(ledger: Ledger) -> None:
    meta = Meta(CLERK, file_name="表1.xlsx", file=b"bytes", sheet="Sheet1", demo=True)
    s = ledger.submit(
        "indicator_values", figures(forest=63.6, water=1.0), meta, at=datetime(2026, 1, 5, 9, 30)
    )
    ledger.record(s.id, "approved", CHIEF, at=datetime(2026, 1, 6, 10, 0))
    row = ledger.query(
        f"select * from {ledger.effective('indicator_values')} where indicator = 'water'"
    )[0]
    assert {k: row[k] for k in row if k.startswith("_")} == {
        "_submission": "S000001",
        "_row": 2,
        "_sheet": "Sheet1",
        "_source_row": 3,
        "_state": "approved",
        "_submitted_at": datetime(2026, 1, 5, 9, 30),
        "_submitted_by": "clerk",
        "_approved_at": datetime(2026, 1, 6, 10, 0),
        "_approved_by": "chief",
        "_file": "表1.xlsx",
        "_demo": True,
    }


def test_a_correction_replaces_what_it_supersedes_once_it_is_approved(ledger: Ledger) -> None:
    first = ledger.submit("indicator_values", figures(forest=60.0), BY_CLERK, at=date(2026, 1, 1))
    ledger.record(first.id, "approved", CHIEF, at=date(2026, 1, 2))
    second = ledger.submit(
        "indicator_values",
        figures(forest=63.6),
        Meta(CLERK, supersedes=first.id),
        at=date(2026, 2, 1),
    )
    assert seen(ledger) == {"forest": 60.0}
    ledger.record(second.id, "approved", CHIEF, at=date(2026, 2, 2))
    assert seen(ledger) == {"forest": 63.6}
    assert [s["state"] for s in ledger.submissions()] == ["superseded", "approved"]
    assert seen(ledger, date(2026, 2, 1)) == {"forest": 60.0}
    assert seen(ledger, date(2026, 1, 1)) == {}
    assert ledger.submissions(date(2025, 12, 31)) == []


def test_a_second_correction_of_the_same_submission_is_refused(ledger: Ledger) -> None:
    first = ledger.submit("indicator_values", figures(forest=60.0), BY_CLERK)
    rivals = [
        ledger.submit("indicator_values", figures(forest=v), Meta(CLERK, supersedes=first.id))
        for v in (61.0, 62.0)
    ]
    ledger.record(rivals[0].id, "approved", CHIEF)
    with pytest.raises(WrongState, match="S000001 已被另一份更正替代"):
        ledger.record(rivals[1].id, "approved", CHIEF)
    assert seen(ledger) == {"forest": 61.0}


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (["approved"], True),
        (["returned", "submitted", "approved"], True),
        (["approved", "withdrawn"], True),
        (["returned", "approved"], False),
        (["rejected", "approved"], False),
        (["withdrawn", "submitted"], False),
        (["approved", "approved"], False),
        (["approved", "returned"], False),
        (["superseded"], False),
        (["lost"], False),
    ],
)
def test_steps_between_states(ledger: Ledger, path: list[str], allowed: bool) -> None:
    s = ledger.submit("indicator_values", figures(forest=1.0), BY_CLERK)
    for state in path[:-1]:
        ledger.record(s.id, state, CHIEF)
    if allowed:
        ledger.record(s.id, path[-1], CHIEF)
        assert ledger.submission(s.id)["state"] == path[-1]
        return
    before = ledger.head()
    with pytest.raises(WrongState) as refused:
        ledger.record(s.id, path[-1], CHIEF)
    assert "\n" not in str(refused.value)
    assert ledger.head() == before


def test_an_unknown_submission_is_refused_by_name(ledger: Ledger) -> None:
    with pytest.raises(WrongState, match="S000009"):
        ledger.record("S000009", "approved", CHIEF)
    with pytest.raises(WrongState, match="S000009"):
        ledger.submit("indicator_values", figures(a=1.0), Meta(CLERK, supersedes="S000009"))


def test_the_same_file_twice_changes_nothing(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "报表.csv"
    file.write_bytes("指标,值\nforest,1\n".encode("gbk"))
    meta = Meta(CLERK, file=file, file_name=file.name)
    first = ledger.submit("indicator_values", figures(forest=1.0), meta)
    head = ledger.head()
    again = ledger.submit("indicator_values", figures(forest=1.0), meta)
    assert (again.id, again.existing, again.state) == (first.id, True, "submitted")
    assert ledger.head() == head
    assert len(list((ledger.folder / "files").iterdir())) == 1
    ledger.record(first.id, "returned", CHIEF, "单位有误")
    assert ledger.submit("indicator_values", figures(forest=1.0), meta).id == "S000002"


def test_the_same_file_for_another_sheet_or_form_is_another_submission(ledger: Ledger) -> None:
    ids = [
        ledger.submit(form, figures(forest=1.0), Meta(CLERK, file=b"x", sheet=sheet)).id
        for form, sheet in (
            ("indicator_values", "A"),
            ("indicator_values", "B"),
            ("milestones", "A"),
        )
    ]
    assert ids == ["S000001", "S000002", "S000003"]


def test_a_field_added_later_is_missing_in_old_rows(ledger: Ledger) -> None:
    old = ledger.submit("indicator_values", figures(forest=1.0), BY_CLERK)
    wide = figures(water=2.0).append_column("note", pa.array(["新字段"]))
    new = ledger.submit("indicator_values", wide, BY_CLERK)
    for s in (old, new):
        ledger.record(s.id, "approved", CHIEF)
    rows = ledger.query(
        f"select indicator, note from {ledger.effective('indicator_values')} order by indicator"
    )
    assert rows == [{"indicator": "forest", "note": None}, {"indicator": "water", "note": "新字段"}]


def test_a_form_nobody_has_submitted_is_an_empty_table_with_its_columns(ledger: Ledger) -> None:
    view = ledger.effective(
        "milestones", schema=pa.schema([("done", pa.bool_()), ("due", pa.date32())])
    )
    table = ledger.query_arrow(f"from {view}")
    assert table.num_rows == 0
    assert table.schema.field("due").type == pa.date32()
    assert {"done", "_submission", "_approved_by", "_demo"} <= set(table.column_names)


def test_values_that_do_not_fit_the_stored_type_are_refused_whole(ledger: Ledger) -> None:
    ledger.submit("indicator_values", figures(forest=1.0), BY_CLERK)
    head = ledger.head()
    with pytest.raises(ImportRejected):
        ledger.submit(
            "indicator_values", pa.table({"indicator": ["a"], "value": ["many"]}), BY_CLERK
        )
    assert ledger.head() == head


@pytest.mark.parametrize("form", ["submissions", "Drop Table", 'x"y', "../x", "", "1a"])
def test_a_form_id_must_be_a_plain_name(ledger: Ledger, form: str) -> None:
    with pytest.raises(HengtanError):
        ledger.submit(form, figures(a=1.0), BY_CLERK)


def test_time_does_not_go_back(ledger: Ledger) -> None:
    ledger.submit("indicator_values", figures(a=1.0), BY_CLERK, at=date(2026, 3, 1))
    with pytest.raises(WrongState, match="早于台账最后一次登记"):
        ledger.submit("indicator_values", figures(a=2.0), BY_CLERK, at=date(2026, 2, 1))


def test_the_state_key_of_a_day_changes_only_with_what_was_known_that_day(ledger: Ledger) -> None:
    s = ledger.submit("indicator_values", figures(a=1.0), BY_CLERK, at=date(2026, 3, 1))
    march, april = ledger.state_key(date(2026, 3, 1)), ledger.state_key(date(2026, 4, 1))
    assert march == april != ledger.state_key(date(2026, 2, 28))
    ledger.record(s.id, "approved", CHIEF, at=date(2026, 4, 1))
    assert ledger.state_key(date(2026, 3, 1)) == march
    assert ledger.state_key(date(2026, 4, 1)) == ledger.state_key() == ledger.head() != april


def test_a_view_is_named_by_what_it_shows(ledger: Ledger) -> None:
    """Whoever keeps what came of a view finds it again as long as not a row of it has changed."""

    def approved(form: str, **values: float) -> str:
        submission = ledger.submit(form, figures(**values), BY_CLERK)
        ledger.record(submission.id, "approved", CHIEF)
        return submission.id

    def name(known_on: date | None = None) -> str:
        return ledger.effective("indicator_values", known_on, figures().schema)

    empty, before = name(), date(2020, 1, 1)
    first = approved("indicator_values", a=1.0)
    approved_once = name()
    assert approved_once != empty and name(before) == ledger.effective(
        "indicator_values", date(2020, 1, 2), figures().schema
    )
    approved("another_form", a=1.0)
    waiting = ledger.submit("indicator_values", figures(a=2.0), Meta(CLERK, supersedes=first))
    assert name() == approved_once, (
        "another form and a correction that waits change nothing that counts"
    )
    ledger.record(waiting.id, "approved", CHIEF)
    two = name()
    assert two != approved_once
    ledger.record(waiting.id, "withdrawn", CHIEF, "mistaken")
    assert name() not in (approved_once, two), "the first is approved no more than the second"
    assert seen(ledger) == {}


def test_views_of_two_ledgers_differ_with_their_rows(tmp_path: Path) -> None:
    """Submissions have the same numbers there, and may have the same times."""
    names = []
    for folder, value in (("a", 1.0), ("b", 2.0), ("c", 1.0)):
        with Ledger.create(tmp_path / folder) as other:
            at = datetime(2026, 1, 5, 9, 30)
            submission = other.submit("indicator_values", figures(a=value), BY_CLERK, at=at)
            other.record(submission.id, "approved", CHIEF, at=at)
            names.append(other.effective("indicator_values", None, figures().schema))
    assert names[0] == names[2] != names[1]


def test_a_moved_ledger_still_opens(tmp_path: Path) -> None:
    with Ledger.create(tmp_path / "here") as ledger:
        ledger.record(
            ledger.submit("indicator_values", figures(a=1.0), BY_CLERK).id, "approved", CHIEF
        )
        head = ledger.head()
    (tmp_path / "here").rename(tmp_path / "那里 it's")
    with Ledger.open(tmp_path / "那里 it's") as moved:
        assert (seen(moved), moved.head()) == ({"a": 1.0}, head)
        moved.record(
            moved.submit("indicator_values", figures(b=2.0), BY_CLERK).id, "approved", CHIEF
        )
        assert seen(moved) == {"a": 1.0, "b": 2.0}


def test_reading_only_refuses_to_write(ledger: Ledger) -> None:
    with (
        Ledger.open(ledger.folder, read_only=True) as reader,
        pytest.raises(WrongState, match="只读"),
    ):
        reader.submit("indicator_values", figures(a=1.0), BY_CLERK)


def test_a_folder_without_a_ledger_says_so(tmp_path: Path) -> None:
    with pytest.raises(HengtanError, match="不是台账文件夹"):
        Ledger.open(tmp_path)


def test_a_second_writer_is_told_it_waits_and_then_refused(ledger: Ledger) -> None:
    messages: list[str] = []
    lake = Lake(ledger.folder, wait=0.6, on_wait=messages.append)
    with (
        ledger.lake.writing(),
        pytest.raises(LedgerBusy, match="正被另一个程序写入"),
        lake.writing(),
    ):
        pass
    assert messages
    assert "等待中" in messages[0]
    lake.close()


def test_snapshots_name_author_and_step(ledger: Ledger) -> None:
    ledger.submit("indicator_values", figures(a=1.0), BY_CLERK)
    last = ledger.query("select author, commit_message from lake.snapshots() order by snapshot_id")[
        -1
    ]
    assert last == {"author": "clerk", "commit_message": "submitted S000001 indicator_values"}


def test_ibis_sees_the_same_rows(ledger: Ledger) -> None:
    ledger.record(
        ledger.submit("indicator_values", figures(a=1.5, b=2.0), BY_CLERK).id, "approved", CHIEF
    )
    table = ledger.ibis().table(ledger.effective("indicator_values"))
    assert table.value.sum().to_pyarrow().as_py() == 3.5
    ledger.register("weights", [{"indicator": "a", "weight": 2.0}])
    joined = table.join(ledger.ibis().table("weights"), "indicator")
    assert (joined.value * joined.weight).sum().to_pyarrow().as_py() == 3.0


def test_opening_and_reading_import_neither_ibis_nor_pandas(ledger: Ledger) -> None:
    ledger.record(ledger.submit("indicator_values", figures(a=1.5), BY_CLERK).id, "approved", CHIEF)
    program = (
        "import sys; from hengtan.ledger.submissions import Ledger\n"
        f"ledger = Ledger.open({str(ledger.folder)!r}); ledger.submissions()\n"
        "assert ledger.query('from ' + ledger.effective('indicator_values'))[0]['value'] == 1.5\n"
        "assert not {'ibis', 'pandas', 'hamilton'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
